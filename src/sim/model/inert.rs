//! Controls that do nothing under the present values, or nothing yet, and why.

use crate::spec::ScenarioSpec;

/// Whether it holds at present; which parameters it then rests; the reason, as a sentence.
///
/// A parameter that is named by its id changes nothing, whatever its value, while all others are as they are. One that is
/// written with a value, `id=value` as in links, changes nothing as it is: it does what that value does.
pub type Rule = (bool, &'static [&'static str], &'static str);

/// A parameter that does nothing at present, or not yet what it is set to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inert {
    /// Its position.
    pub param: usize,
    /// The value that does what its present one does; `None` where all values do the same.
    pub like: Option<f64>,
    /// Why, as a sentence.
    pub reason: &'static str,
}

/// What the rules say of the parameters of a scenario, each of which has one reason: the first.
pub fn inert(spec: &ScenarioSpec, rules: &[Rule]) -> Vec<Inert> {
    let mut inert: Vec<Inert> = Vec::new();
    for &(holds, names, reason) in rules {
        for name in names {
            let (id, like) = name.split_once('=').map_or((*name, None), |(id, value)| (id, Some(value)));
            let param = spec.param(id);
            debug_assert!(param.is_ok(), "{param:?}");
            if let Ok(param) = param
                && holds
                && inert.iter().all(|other| other.param != param)
            {
                let like = like.and_then(|value| spec.params[param].parse(value).ok());
                inert.push(Inert { param, like, reason });
            }
        }
    }
    inert
}

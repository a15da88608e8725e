//! Controls that do nothing under the present values, or nothing yet, and why.

use crate::spec::ScenarioSpec;

/// Whether it holds at present; which parameters and actions it then rests, by id; the reason, as a sentence.
///
/// A parameter that is named by its id changes nothing, whatever its value, while all others are as they are. One that is
/// written with a value, `id=value` as in links, changes nothing as it is: it does what that value does. An action changes
/// nothing whenever it is taken, while all parameters are as they are.
pub type Rule = (bool, &'static [&'static str], &'static str);

/// What a person can set or do, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// A parameter.
    Param(usize),
    /// An action.
    Action(usize),
}

impl Control {
    /// As links, lessons and flags spell it.
    pub fn id(self, spec: &ScenarioSpec) -> &'static str {
        match self {
            Self::Param(param) => spec.params[param].id,
            Self::Action(action) => spec.actions[action].id,
        }
    }
}

/// A parameter or an action that does nothing at present, or a parameter that is not yet in force as it is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inert {
    /// Which it is.
    pub control: Control,
    /// The value of a parameter that does what its present one does; `None` where all values do the same.
    pub like: Option<f64>,
    /// Why, as a sentence.
    pub reason: &'static str,
}

/// What the rules say of the controls of a scenario, each of which has one reason: the first.
pub fn inert(spec: &ScenarioSpec, rules: &[Rule]) -> Vec<Inert> {
    let mut inert: Vec<Inert> = Vec::new();
    for &(holds, names, reason) in rules {
        for name in names {
            let (id, like) = name.split_once('=').map_or((*name, None), |(id, value)| (id, Some(value)));
            let params = (0..spec.params.len()).map(Control::Param);
            let mut all = params.chain((0..spec.actions.len()).map(Control::Action));
            let control = all.find(|control| control.id(spec) == id);
            debug_assert!(control.is_some(), "{} has no control {id}", spec.id);
            if let Some(control) = control
                && holds
                && inert.iter().all(|other| other.control != control)
            {
                let like = like.and_then(|value| spec.param(id).ok().map(|param| (param, value)));
                let like = like.and_then(|(param, value)| spec.params[param].parse(value).ok());
                inert.push(Inert { control, like, reason });
            }
        }
    }
    inert
}

//! Exhibits that are computed on request: which one is to be computed next, and which answer still says what is so.

use warstories_sim::ScenarioSpec;
use warstories_sim::exhibit::Exhibit;

use crate::browser::background::Asked;

/// What a worker answers: what it was asked for, and what it has computed.
pub type Answer = (Asked, Option<Exhibit>);

/// The exhibits that are open. At most one is being computed at a time.
#[derive(Debug, Default)]
pub struct OpenExhibits {
    open: Vec<Open>,
    under_way: bool,
    has_failed: bool,
}

#[derive(Debug)]
struct Open {
    id: &'static str,
    answer: Option<Answer>,
}

/// What there is to be seen of an open exhibit.
#[derive(Debug, PartialEq)]
pub struct Sight<'a> {
    /// The exhibit, if there is one; of values that were chosen before, where it is not up to date.
    pub exhibit: Option<&'a Exhibit>,
    /// How it stands with it.
    pub state: State,
}

/// Whether an exhibit is up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is what the present values give.
    Current,
    /// It is being computed for them.
    Computing,
    /// It cannot be computed: there is no worker.
    Failed,
}

impl OpenExhibits {
    /// Somebody opens or closes the exhibit `id`. Opening one tries again what has failed.
    pub fn toggle(&mut self, id: &'static str, is_open: bool) {
        self.open.retain(|open| open.id != id);
        if is_open {
            self.open.push(Open { id, answer: None });
            self.has_failed = false;
        }
    }

    /// Whether the exhibit `id` is open.
    pub fn is_open(&self, id: &str) -> bool {
        self.open.iter().any(|open| open.id == id)
    }

    /// What is to be computed now, for these values; `None` where nothing is, or where an answer is still awaited.
    pub fn next(&mut self, spec: &ScenarioSpec, values: &[f64]) -> Option<Asked> {
        if self.under_way || self.has_failed {
            return None;
        }
        let outdated = self.open.iter().find(|open| !open.is_of(values))?;
        self.under_way = true;
        Some(Asked { scenario: spec.id.to_owned(), id: outdated.id.to_owned(), values: values.to_vec() })
    }

    /// Takes an answer in, unless other values have been chosen meanwhile; without one, whatever is open has failed.
    pub fn take(&mut self, answer: Option<Answer>, values: &[f64]) {
        self.under_way = false;
        let Some((asked, exhibit)) = answer else {
            self.has_failed = true;
            return;
        };
        if asked.values == values
            && let Some(open) = self.open.iter_mut().find(|open| open.id == asked.id)
        {
            open.answer = Some((asked, exhibit));
        }
    }

    /// What there is to be seen of the exhibit `id` under these values; `None` while it is closed.
    pub fn sight(&self, id: &str, values: &[f64]) -> Option<Sight<'_>> {
        let open = self.open.iter().find(|open| open.id == id)?;
        let state = match open.is_of(values) {
            true => State::Current,
            false if self.has_failed => State::Failed,
            false => State::Computing,
        };
        Some(Sight { exhibit: open.answer.as_ref().and_then(|(_, exhibit)| exhibit.as_ref()), state })
    }
}

impl Open {
    fn is_of(&self, values: &[f64]) -> bool {
        self.answer.as_ref().is_some_and(|(asked, _)| asked.values == values)
    }
}

#[cfg(test)]
mod tests {
    use warstories_sim::scenarios;

    use super::*;

    /// What a worker does.
    fn answer(asked: Asked) -> Option<Answer> {
        let spec = scenarios::find(&asked.scenario).ok()?;
        let exhibit = scenarios::exhibit(spec, &asked.id, &asked.values);
        Some((asked, exhibit))
    }

    /// The table of a story, its default values, and others.
    fn story() -> (&'static ScenarioSpec, Vec<f64>, Vec<f64>) {
        let spec = scenarios::find("duplicate_delivery").expect("the story");
        let values: Vec<f64> = spec.params.iter().map(warstories_sim::ParamSpec::default_value).collect();
        let mut other = values.clone();
        other[spec.param("log_position").expect("the parameter")] = 1.0;
        (spec, values, other)
    }

    #[test]
    fn an_open_exhibit_is_computed_once_for_the_same_values() {
        let (spec, values, _) = story();
        let mut exhibits = OpenExhibits::default();
        assert_eq!(exhibits.next(spec, &values), None);
        assert_eq!(exhibits.sight("outcomes", &values), None);
        exhibits.toggle("outcomes", true);
        let asked = exhibits.next(spec, &values).expect("a request");
        assert_eq!(
            exhibits.sight("outcomes", &values),
            Some(Sight { exhibit: None, state: State::Computing })
        );
        // Nothing else is asked for before the answer.
        exhibits.toggle("race", true);
        assert_eq!(exhibits.next(spec, &values), None);
        exhibits.take(answer(asked), &values);
        let sight = exhibits.sight("outcomes", &values).expect("it is open");
        assert!(matches!(sight, Sight { exhibit: Some(Exhibit::Table(_)), state: State::Current }));
        assert_eq!(exhibits.next(spec, &values).map(|asked| asked.id).as_deref(), Some("race"));
    }

    #[test]
    fn an_answer_for_values_that_have_changed_meanwhile_is_ignored() {
        let (spec, values, other) = story();
        let mut exhibits = OpenExhibits::default();
        exhibits.toggle("outcomes", true);
        let asked = exhibits.next(spec, &values).expect("a request");
        assert_eq!(exhibits.next(spec, &other), None);
        exhibits.take(answer(asked), &other);
        assert_eq!(
            exhibits.sight("outcomes", &other),
            Some(Sight { exhibit: None, state: State::Computing })
        );
        let asked = exhibits.next(spec, &other).expect("another request");
        assert_eq!(asked.values, other);
        exhibits.take(answer(asked), &other);
        assert_eq!(exhibits.next(spec, &other), None);
        // The table of before stays until there is another.
        let sight = exhibits.sight("outcomes", &values).expect("it is open");
        assert!(sight.exhibit.is_some() && sight.state == State::Computing);
    }

    #[test]
    fn an_answer_for_an_exhibit_that_was_closed_meanwhile_is_ignored() {
        let (spec, values, _) = story();
        let mut exhibits = OpenExhibits::default();
        exhibits.toggle("outcomes", true);
        let asked = exhibits.next(spec, &values).expect("a request");
        exhibits.toggle("outcomes", false);
        exhibits.take(answer(asked), &values);
        assert_eq!(exhibits.sight("outcomes", &values), None);
        assert_eq!(exhibits.next(spec, &values), None);
    }

    #[test]
    fn without_a_worker_it_fails_until_it_is_opened_again() {
        let (spec, values, _) = story();
        let mut exhibits = OpenExhibits::default();
        exhibits.toggle("race", true);
        assert!(exhibits.next(spec, &values).is_some());
        exhibits.take(None, &values);
        assert_eq!(exhibits.sight("race", &values), Some(Sight { exhibit: None, state: State::Failed }));
        assert_eq!(exhibits.next(spec, &values), None);
        exhibits.toggle("race", false);
        exhibits.toggle("race", true);
        assert!(exhibits.next(spec, &values).is_some());
    }
}

//! What several seeds say of one lesson, put together.

use crate::problem::Problem;

/// What came of playing a lesson's claims under one seed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proven {
    /// What does not hold.
    pub problems: Vec<Problem>,
    /// The statements of its observations.
    pub seen: Vec<Seen>,
}

/// What the run of a lesson says to a statement of an observation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The line of its test.
    pub line: usize,
    /// Whether it is true.
    pub is_true: bool,
    /// What was measured, and under which seed.
    pub found: String,
}

impl From<Vec<Problem>> for Proven {
    fn from(problems: Vec<Problem>) -> Self {
        Self { problems, seen: Vec::new() }
    }
}

/// What is wrong under several seeds, each line told for the first seed that shows it; and every statement that is true
/// under one of them and false under another.
pub fn together(seeds: impl Iterator<Item = Proven>) -> Vec<Problem> {
    let mut all: Vec<Problem> = Vec::new();
    let mut seen: Vec<Seen> = Vec::new();
    for proven in seeds {
        let differs = |seen: &Seen, first: &Seen| seen.line == first.line && seen.is_true != first.is_true;
        let differing = proven.seen.iter().filter_map(|each| {
            let first = seen.iter().find(|first| differs(each, first))?;
            let [is, was] = [each, first].map(|each| if each.is_true { "true" } else { "false" });
            let (found, before) = (&each.found, &first.found);
            Some(Problem::new(each.line, format!("the statement is {was} under one seed and {is} under another: {before}, and {found}; ask for clearly more or less")))
        });
        let fresh: Vec<Problem> = differing
            .chain(proven.problems)
            .filter(|problem| all.iter().all(|other| other.line != problem.line))
            .collect();
        all.extend(fresh);
        seen.extend(proven.seen);
    }
    Problem::in_order(all)
}

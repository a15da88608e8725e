//! What is wrong with a lesson, and where.

use std::fmt;

/// What is wrong with a lesson, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong and the cure, in one sentence.
    pub sentence: String,
}

impl Problem {
    /// `sentence` is what is wrong in `line`, and the cure.
    pub fn new(line: usize, sentence: impl Into<String>) -> Self {
        Self { line, sentence: sentence.into() }
    }

    /// Puts `problems` in order of lines, each once, and bounds their number: behind the first twenty one says how
    /// many more there are.
    pub fn in_order(mut problems: Vec<Self>) -> Vec<Self> {
        problems.sort_by_key(|problem| problem.line);
        let mut seen = std::collections::BTreeSet::new();
        problems.retain(|problem| seen.insert((problem.line, problem.sentence.clone())));
        if let Some(next) = problems.get(MOST).map(|problem| problem.line) {
            let more = problems.len() - MOST;
            problems.truncate(MOST);
            problems.push(Self::new(next, format!("and {more} more; mend those above first")));
        }
        problems
    }
}

/// Problems told one by one.
const MOST: usize = 20;

/// As editors read it behind a file name: `line: sentence`.
impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.line, self.sentence)
    }
}

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
        let mut sentence = sentence.into();
        // A sentence may quote the lesson; it must not do to a terminal what it complains of.
        if sentence.contains(is_hidden) {
            sentence = sentence.replace(is_hidden, "\u{FFFD}");
        }
        Self { line, sentence }
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

/// Whether `char` changes what one reads without being seen: control characters but for tab and new line, and those
/// that turn the direction of writing around or have no width (Unicode Bidirectional Algorithm, UAX #9).
pub fn is_hidden(char: char) -> bool {
    match char {
        '\n' | '\r' | '\t' => false,
        '\u{061C}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}' => true,
        char => char.is_control(),
    }
}

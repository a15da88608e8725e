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

/// Whether `char` changes what one reads without being seen: control characters but for tab and new line, separators
/// of lines and paragraphs, what turns the direction of writing around (UAX #9), annotations, and everything that has
/// no picture of its own (property `Default_Ignorable_Code_Point` of the Unicode Character Database, version 16; a
/// crate with all properties would make the page's reader larger for this one).
pub fn is_hidden(char: char) -> bool {
    match char {
        '\n' | '\r' | '\t' => false,
        '\u{00AD}'
        | '\u{034F}'
        | '\u{061C}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}' => true,
        char => char.is_control(),
    }
}

//! The glossary as plain data: what the words of the trade mean, where one can see them happen, and who says so.

use serde::{Deserialize, Serialize};

use crate::lesson::Text;
use crate::prose::Block;

/// What the words of the trade mean.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Glossary {
    /// What stands before the first entry.
    pub introduction: Vec<Block>,
    /// The entries, in the order of the file.
    pub entries: Vec<Entry>,
}

/// What a word means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The words in lower case, joined by hyphens: as lessons and addresses name it.
    pub id: String,
    /// Line of its heading.
    pub line: usize,
    /// The words.
    pub term: String,
    /// Other words for the same.
    pub also: Vec<String>,
    /// What they mean, in one or two sentences.
    pub meaning: Text,
    /// How it is computed.
    pub formula: Option<String>,
    /// In what it is measured.
    pub unit: Option<String>,
    /// Runs in which one can see it happen; their addresses begin with `#/play/`.
    pub see: Vec<Reference>,
    /// Who says so; their addresses begin with `https://`.
    pub source: Vec<Reference>,
}

/// Words that lead somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// What one reads.
    pub text: String,
    /// Where to.
    pub to: String,
}

impl Glossary {
    /// The entry with this id.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The entry that is called `name`: by its words, by other words for the same or by its id, without regard to case.
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.names().any(|known| are_alike(known, name)))
    }
}

impl Entry {
    /// All that it is called in a text.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.term.as_str())
            .chain(self.also.iter().map(String::as_str))
            .chain([self.id.as_str()])
    }
}

/// Whether two names differ by their case at most.
pub(crate) fn are_alike(one: &str, other: &str) -> bool {
    one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

//! Everything that is done with the text of a rule file. It takes a parser and a good deal of code that no other story needs, so a
//! page has it in a module of its own, which it loads with this story; a run asks through the few functions here, and knows no text.

use std::sync::OnceLock;

use super::gates::Judged;
use super::race::Mutant;
use super::yaml::{Fault, Mark, Version};

/// What reads rule files.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// What the engine, the schema and the types make of a text.
    pub judge: fn(&str, Version) -> Judged,
    /// The file that a list of edits makes of the reference, or a sentence.
    pub edited: fn(&str) -> Result<String, String>,
    /// The edits that make this file of the reference.
    pub edits: fn(&str) -> String,
    /// Every fault of one line.
    pub mutants: fn(Version) -> Vec<Mutant>,
    /// How many rules of a file of so many lines match the golden order of this number.
    pub matched: fn(u64, u64) -> u64,
}

/// One of these questions, as a page asks its module. It answers with what the function gives.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Question<'a> {
    /// See [`Reader::judge`].
    Judge(&'a str, Version),
    /// See [`Reader::edited`].
    Edited(&'a str),
    /// See [`Reader::edits`].
    Edits(&'a str),
    /// See [`Reader::mutants`].
    Mutants(Version),
    /// See [`Reader::matched`].
    Matched(u64, u64),
}

/// The reader that the command line and the tests have, and the module of the page.
#[cfg(feature = "yaml")]
pub const OWN: Reader = Reader {
    judge: super::gates::judge,
    edited: super::file::edited,
    edits: super::file::edits,
    mutants: super::race::mutants,
    matched: super::opacity::matched_in,
};

static PROVIDED: OnceLock<Reader> = OnceLock::new();

/// Provides the reader, once, before the first run of this story starts. A page whose program has none loads one when the
/// story is opened; with the feature `yaml` there is one from the beginning. Every reader must say the same, since a run is the
/// same wherever it is played.
pub fn provide(reader: Reader) {
    // The first stays: nobody can change how a run reads while it goes on.
    let _ = PROVIDED.set(reader);
}

/// The reader, if there is one.
pub fn reader() -> Option<Reader> {
    #[cfg(feature = "yaml")]
    let own = Some(OWN);
    #[cfg(not(feature = "yaml"))]
    let own = None;
    PROVIDED.get().copied().or(own)
}

/// What is said where nothing can be read.
pub fn unread() -> Fault {
    Fault::new(Mark { line: 1, column: 1 }, "the part of the page that reads YAML is not loaded")
}

/// See [`Reader::judge`].
pub fn judge(text: &str, version: Version) -> Judged {
    reader().map_or_else(Judged::unread, |reader| (reader.judge)(text, version))
}

/// See [`Reader::edited`].
///
/// # Errors
/// One sentence that names the edit and the forms that there are.
pub fn edited(edits: &str) -> Result<String, String> {
    reader().map_or_else(|| Err(unread().why.into_owned()), |reader| (reader.edited)(edits))
}

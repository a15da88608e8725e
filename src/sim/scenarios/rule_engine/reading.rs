//! Everything that is done with the text of a rule file. It takes a parser and a good deal of code that no other story needs, so a
//! page has it in a module of its own, which it loads with this story: a run asks through the functions here, and knows no text.
//! With the feature `yaml` they answer by themselves, and without it they ask what [`provide`] was given.

#[cfg(not(feature = "yaml"))]
use std::sync::OnceLock;

use super::gates::{Gates, Loaded, Trial};
use super::orders::{Golden, Order};
use super::race::{FaultKind, Mutant};
use super::rules::Switched;
use super::yaml::{Fault, Mark, Version};
use crate::document::Remark;

/// What a file has to pass, and how it is read.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Checks {
    /// The library reads this version.
    pub version: Version,
    /// The gates that there are.
    pub gates: Gates,
    /// Golden orders that somebody wrote down since the start.
    pub added: Vec<Golden>,
}

/// A fault of one line.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Pick {
    /// This one.
    Of(FaultKind, u64),
    /// One of those with an effect: at this share of the way through them.
    Any(f64),
}

/// What is asked: each function below has its own question.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Question<'a> {
    /// [`load`].
    Load(&'a str, Version),
    /// [`stopped`].
    Stopped(&'a str, Checks, &'a str),
    /// [`inspect`].
    Inspect(&'a str, Checks),
    /// [`edited`].
    Edited(&'a str),
    /// [`edits`].
    Edits(&'a str),
    /// [`escapes`].
    Escapes(Checks, Option<Trial>),
    /// [`faulty`].
    Faulty(Version, Pick),
    /// [`explain`].
    Explain(&'a str, Version, Order, Switched),
    /// [`matched`].
    Matched(u64, u64),
    /// [`mutants`].
    Mutants(Version),
}

/// Takes a question to whoever can read, as bytes, and brings the answer.
pub type Messenger = fn(&[u8]) -> Vec<u8>;

#[cfg(not(feature = "yaml"))]
static MESSENGER: OnceLock<Messenger> = OnceLock::new();

/// Provides the way to the module that reads, once, before the first run of this story starts. Every reader says the same, since a
/// run is the same wherever it is played. With the feature `yaml` nobody is asked.
pub fn provide(messenger: Messenger) {
    // The first stays: nobody can change how a run reads while it goes on.
    #[cfg(not(feature = "yaml"))]
    let _ = MESSENGER.set(messenger);
    #[cfg(feature = "yaml")]
    let _ = messenger;
}

/// Whether files can be read.
pub fn is_ready() -> bool {
    #[cfg(feature = "yaml")]
    let is_ready = true;
    #[cfg(not(feature = "yaml"))]
    let is_ready = MESSENGER.get().is_some();
    is_ready
}

/// What is said where nothing can be read.
pub fn unread() -> Fault {
    Fault::new(Mark { line: 1, column: 1 }, "the part of the page that reads YAML is not loaded")
}

#[cfg(all(feature = "serde", not(feature = "yaml")))]
fn ask<A: serde::de::DeserializeOwned>(question: &Question) -> Option<A> {
    let question = postcard::to_allocvec(question).ok()?;
    postcard::from_bytes(&MESSENGER.get()?(&question)).ok()
}

/// The answer to a question, by the code at hand or by the module.
macro_rules! answer {
    ($question:expr, $own:expr) => {{
        #[cfg(feature = "yaml")]
        let answer = Some($own);
        #[cfg(all(feature = "serde", not(feature = "yaml")))]
        let answer = ask(&$question);
        #[cfg(not(any(feature = "serde", feature = "yaml")))]
        let answer = {
            let _ = $question;
            None
        };
        answer
    }};
}

/// What the engine makes of a text.
pub fn load(text: &str, version: Version) -> Loaded {
    let answer: Option<Loaded> = answer!(Question::Load(text, version), Loaded::read(text, version).0);
    answer.unwrap_or_else(|| Loaded::Refused(unread()))
}

/// Why a file is stopped on its way, in a sentence that begins with `who`; `None` where it is not.
pub fn stopped(text: &str, checks: Checks, who: &str) -> Option<String> {
    let answer: Option<Option<String>> =
        answer!(Question::Stopped(text, checks, who), super::gates::stopped(text, &checks, who));
    answer.flatten()
}

/// What an editor says of a file.
pub fn inspect(text: &str, checks: Checks) -> Vec<Remark> {
    let answer: Option<Vec<Remark>> =
        answer!(Question::Inspect(text, checks), super::gates::inspect(text, &checks));
    answer.unwrap_or_default()
}

/// The file that a list of edits makes of the reference.
///
/// # Errors
/// One sentence that names the edit and the forms that there are.
pub fn edited(edits: &str) -> Result<String, String> {
    let answer: Option<Result<String, String>> = answer!(Question::Edited(edits), super::file::edited(edits));
    answer.unwrap_or_else(|| Err(unread().to_string()))
}

/// The edits that make this file of the reference.
pub fn edits(text: &str) -> String {
    let answer: Option<String> = answer!(Question::Edits(text), super::file::edits(text));
    answer.unwrap_or_default()
}

/// How many faults of one line go live and change prices, and how many cents an order is off by the worst of them.
pub fn escapes(checks: Checks, trial: Option<Trial>) -> (u64, f64) {
    let answer: Option<(u64, f64)> =
        answer!(Question::Escapes(checks, trial), super::race::escapes(&checks, trial));
    answer.unwrap_or_default()
}

/// The reference with a fault of one line; `None` where there is no such fault.
pub fn faulty(version: Version, pick: Pick) -> Option<String> {
    let answer: Option<Option<String>> =
        answer!(Question::Faulty(version, pick), super::race::faulty(version, pick));
    answer.flatten()
}

/// Why an order costs what it costs under this file, while these rules are switched off.
pub fn explain(text: &str, version: Version, order: Order, off: Switched) -> String {
    let answer: Option<String> = answer!(
        Question::Explain(text, version, order, off),
        super::opacity::explain(text, version, &order, off)
    );
    answer.unwrap_or_default()
}

/// How many rules of a file of so many lines match the golden order of this number.
pub fn matched(lines: u64, order: u64) -> u64 {
    let answer: Option<u64> =
        answer!(Question::Matched(lines, order), super::opacity::matched_in(lines, order));
    answer.unwrap_or_default()
}

/// Every fault of one line.
pub fn mutants(version: Version) -> Vec<Mutant> {
    let answer: Option<Vec<Mutant>> = answer!(Question::Mutants(version), super::race::mutants(version));
    answer.unwrap_or_default()
}

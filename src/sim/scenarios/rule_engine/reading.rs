//! Everything that is done with the text of a rule file. It takes a parser and a good deal of code that no other story needs, so a
//! page has it in a module of its own, which it loads with this story: a run asks through the functions here, and knows no text.
//! With the feature `yaml` the [`desk`](super::desk) answers at once, and without it the module is asked.

use std::sync::Arc;
#[cfg(not(feature = "yaml"))]
use std::sync::OnceLock;

use super::orders::CELLS;
use super::race::Mutant;
use super::rules::{RuleSet, Switched};
use super::tables::Params;
use super::yaml::Version;
use crate::document::Remark;
use crate::parameter::{ParamSet, ParamType};

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// [`load`].
    Load,
    /// [`stopped`].
    Stopped,
    /// [`inspect`].
    Inspect,
    /// [`edited`].
    Edited,
    /// [`edits`].
    Edits,
    /// [`escapes`].
    Escapes,
    /// [`faulty`].
    Faulty,
    /// [`explain`].
    Explain,
    /// [`matched`].
    Matched,
    /// [`mutants`].
    Mutants,
    /// [`rules`].
    Rules,
}

impl Topic {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 11] = [
        Self::Load,
        Self::Stopped,
        Self::Inspect,
        Self::Edited,
        Self::Edits,
        Self::Escapes,
        Self::Faulty,
        Self::Explain,
        Self::Matched,
        Self::Mutants,
        Self::Rules,
    ];
}

/// A question: all have one form, since code that sends each in a form of its own would be several kilobytes of every run.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Question<'a> {
    /// The number of its topic.
    pub topic: u8,
    /// The text of a file, or edits.
    pub text: &'a str,
    /// Values of all parameters, where they matter.
    pub values: Vec<f64>,
    /// What else there is to say.
    pub more: Vec<f64>,
}

/// An answer; an empty one where nothing can be read.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Answer {
    /// Numbers.
    pub numbers: Vec<f64>,
    /// Words.
    pub text: String,
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
pub const UNREAD: &str = "the part of the page that reads YAML is not loaded";

#[cfg(all(feature = "serde", not(feature = "yaml")))]
fn sent<A: serde::de::DeserializeOwned>(question: &Question) -> Option<A> {
    let question = postcard::to_allocvec(question).ok()?;
    postcard::from_bytes(&MESSENGER.get()?(&question)).ok()
}

/// The answer to a question, unless it has a form of its own.
pub fn ask(question: &Question) -> Answer {
    #[cfg(feature = "yaml")]
    let answer = super::desk::answer(question);
    #[cfg(all(feature = "serde", not(feature = "yaml")))]
    let answer = sent(question).unwrap_or_default();
    #[cfg(not(any(feature = "serde", feature = "yaml")))]
    let answer = {
        let _ = question;
        Answer::default()
    };
    answer
}

fn about(topic: Topic, text: &str, params: Option<&Params>, more: Vec<f64>) -> Answer {
    let values =
        params.map_or_else(Vec::new, |params| (0..Params::SPEC.len()).map(|at| params.get(at)).collect());
    ask(&Question { topic: topic as u8, text, values, more })
}

/// What the engine makes of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Engine {
    /// It prices orders: each sort, in cents.
    Prices(Arc<[i64]>),
    /// It cannot run the file.
    Stops {
        /// Whether it can be parsed, and is no map.
        is_no_map: bool,
        /// The fault, with its place.
        why: String,
    },
}

impl Engine {
    /// What each sort of order costs, where it runs.
    pub fn prices(&self) -> Option<&Arc<[i64]>> {
        if let Self::Prices(prices) = self { Some(prices) } else { None }
    }

    /// Why it does not run, where it does not.
    pub fn fault(&self) -> Option<&str> {
        if let Self::Stops { why, .. } = self { Some(why) } else { None }
    }
}

/// What the engine makes of a file, while these rules are switched off.
pub fn load(text: &str, version: Version, off: Switched) -> Engine {
    let Answer { numbers, text } = about(Topic::Load, text, None, vec![version.number(), f64::from(off.0)]);
    if numbers.len() == CELLS {
        return Engine::Prices(numbers.into_iter().map(|cents| cents as i64).collect());
    }
    let why = if text.is_empty() { String::from(UNREAD) } else { text };
    Engine::Stops { is_no_map: !numbers.is_empty(), why }
}

/// A sort of order whose price somebody wrote down since the start, in cents.
pub type Added = (usize, i64);

fn numbers(added: &[Added]) -> Vec<f64> {
    added.iter().flat_map(|(sort, cents)| [*sort as f64, *cents as f64]).collect()
}

/// Why a gate stops a file, as the end of a sentence about it; `None` where none does.
pub fn stopped(text: &str, params: &Params, added: &[Added]) -> Option<String> {
    let why = about(Topic::Stopped, text, Some(params), numbers(added)).text;
    (!why.is_empty()).then_some(why)
}

/// What an editor says of a file under these values.
pub fn inspect(text: &str, values: &[f64]) -> Vec<Remark> {
    let question = Question { topic: Topic::Inspect as u8, text, values: values.to_vec(), more: Vec::new() };
    let Answer { numbers, text } = ask(&question);
    let remark = |(line, place): (&str, &[f64])| {
        let (who, why) = line.split_once('\n').unwrap_or_default();
        let at = (place[0] > 0.0).then_some((place[0] as u32, place[1] as u32));
        Remark { who: who.to_owned(), at, why: why.to_owned() }
    };
    text.split('\0').zip(numbers.chunks_exact(2)).map(remark).collect()
}

/// The file that a list of edits makes of the reference.
///
/// # Errors
/// One sentence that names the edit and the forms that there are.
pub fn edited(edits: &str) -> Result<String, String> {
    let Answer { numbers, text } = about(Topic::Edited, edits, None, Vec::new());
    match (numbers.is_empty(), text.is_empty()) {
        (false, _) => Ok(text),
        (true, false) => Err(text),
        (true, true) => Err(String::from(UNREAD)),
    }
}

/// The edits that make this file of the reference.
pub fn edits(text: &str) -> String {
    about(Topic::Edits, text, None, Vec::new()).text
}

/// How many faults of one line go live and change prices, and how many cents an order is off by the worst of them.
pub fn escapes(params: &Params, added: &[Added]) -> (f64, f64) {
    let answer = about(Topic::Escapes, "", Some(params), numbers(added));
    if let [count, worst] = answer.numbers[..] { (count, worst) } else { (0.0, 0.0) }
}

/// The reference with a fault of one line: with the fault that the parameters name, or with one of those that have an effect, at
/// this share of the way through them. `None` where there is no such fault.
pub fn faulty(params: &Params, share: Option<f64>) -> Option<String> {
    let text = about(Topic::Faulty, "", Some(params), share.into_iter().collect()).text;
    (!text.is_empty()).then_some(text)
}

/// Why an order of this sort costs what it costs under this file, while these rules are switched off.
pub fn explain(text: &str, version: Version, off: Switched, sort: usize) -> String {
    about(Topic::Explain, text, None, vec![version.number(), f64::from(off.0), sort as f64]).text
}

/// How many rules of the long file match the order to explain.
pub fn matched(params: &Params) -> f64 {
    about(Topic::Matched, "", Some(params), Vec::new()).numbers.first().copied().unwrap_or_default()
}

/// An answer for exhibits, in a form of its own.
macro_rules! sent {
    ($topic:expr, $more:expr, $own:expr) => {{
        #[cfg(feature = "yaml")]
        let answer = $own;
        #[cfg(all(feature = "serde", not(feature = "yaml")))]
        let answer = {
            let question = Question { topic: $topic as u8, text: "", values: Vec::new(), more: $more };
            sent(&question).unwrap_or_default()
        };
        #[cfg(not(any(feature = "serde", feature = "yaml")))]
        let answer = {
            let _ = ($topic, $more);
            Default::default()
        };
        answer
    }};
}

/// Every fault of one line.
pub fn mutants(version: Version) -> Vec<Mutant> {
    sent!(Topic::Mutants, vec![version.number()], super::race::mutants(version))
}

/// The rules of the reference.
pub fn rules() -> RuleSet {
    sent!(Topic::Rules, vec![0.0], super::desk::rules())
}

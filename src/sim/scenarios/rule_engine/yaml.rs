//! YAML as the rule engine reads it: a small tree whose every value knows its line and column.
//!
//! Reading takes two steps. `reader` turns text into a flat list of [`Piece`]s; it is the only part that knows YAML's syntax, and
//! is there with the feature `yaml`. The rest is ours: a tree with limits, and scalars that are resolved by our own table, because
//! resolvers differ and that difference is a part of the story.
//!
//! What a file may hold is bounded, and whatever is beyond is refused by name: size, nesting, number of values; anchors, aliases,
//! tags and directives, which a rule file has no use for.

#[cfg(feature = "yaml")]
pub mod reader;
pub mod resolve;

use std::borrow::Cow;
use std::fmt;

pub use self::resolve::{Kind, Version};

/// Bytes of a file at most.
pub const MOST_BYTES: usize = 200_000;
/// Values at most: scalars, lists and maps. Keys are not counted.
pub const MOST_VALUES: usize = 10_000;
/// Lists and maps within each other at most.
pub const MOST_DEPTH: usize = 32;

/// A place in a file, from line 1 and column 1 on, in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Mark {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// Why a file is refused, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Fault {
    /// Where.
    pub mark: Mark,
    /// Why, as a clause without a full stop.
    pub why: Cow<'static, str>,
}

impl Fault {
    /// A fault at a place.
    pub fn new(mark: Mark, why: impl Into<Cow<'static, str>>) -> Self {
        Self { mark, why: why.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}, column {}: {}", self.mark.line, self.mark.column, self.why)
    }
}

/// What a reader finds in a text, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A list begins.
    List,
    /// A map begins; keys and values follow by turns.
    Map,
    /// The list or map that began last ends.
    End,
    /// A scalar without quotes, which the table resolves.
    Plain(Box<str>),
    /// A scalar in quotes or in a block: always a string.
    Quoted(Box<str>),
}

/// One thing that a reader finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub what: What,
    /// Where it begins.
    pub mark: Mark,
}

/// A value in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it begins.
    pub mark: Mark,
    /// What it is.
    pub value: Value,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A scalar: what it was resolved to, and its text as it is written.
    Scalar(Kind, Box<str>),
    /// A list.
    List(Vec<Node>),
    /// A map; no key comes twice.
    Map(Vec<Entry>),
}

/// A key of a map, and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Box<str>,
    /// Where the key stands.
    pub mark: Mark,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The entries, where it is a map.
    pub fn map(&self) -> Option<&[Entry]> {
        if let Value::Map(entries) = &self.value { Some(entries) } else { None }
    }

    /// The items, where it is a list.
    pub fn list(&self) -> Option<&[Node]> {
        if let Value::List(items) = &self.value { Some(items) } else { None }
    }

    /// The value of `key`, where it is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.map()?.iter().find(|entry| &*entry.key == key).map(|entry| &entry.value)
    }

    /// What it was resolved to, where it is a scalar.
    pub fn kind(&self) -> Option<Kind> {
        if let Value::Scalar(kind, _) = &self.value { Some(*kind) } else { None }
    }

    /// Its text as it is written, where it is a scalar.
    pub fn text(&self) -> Option<&str> {
        if let Value::Scalar(_, text) = &self.value { Some(text) } else { None }
    }

    /// Its text, where it is a string.
    pub fn string(&self) -> Option<&str> {
        self.text().filter(|_| self.kind() == Some(Kind::Text))
    }

    /// What it is, for a sentence that goes on from "here is".
    pub fn what(&self) -> &'static str {
        match &self.value {
            Value::Scalar(kind, _) => kind.what(),
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

/// A list or map under construction.
struct Open {
    mark: Mark,
    is_map: bool,
    items: Vec<Node>,
    entries: Vec<Entry>,
    /// The key whose value comes next.
    key: Option<(Box<str>, Mark)>,
}

/// Reads a file under a version of YAML. A file without any content is a null.
///
/// # Errors
/// The first fault in it.
pub fn parse(text: &str, version: Version) -> Result<Node, Fault> {
    if let Some(fault) = too_large(text) {
        return Err(fault);
    }
    build(pieces(text)?, version)
}

/// The pieces of the only document of a text, or the first fault in it.
#[cfg(feature = "yaml")]
fn pieces(text: &str) -> Result<Vec<Piece>, Fault> {
    reader::read(text)
}

/// Without the feature `yaml` there is no parser.
#[cfg(not(feature = "yaml"))]
fn pieces(_: &str) -> Result<Vec<Piece>, Fault> {
    Err(Fault::new(Mark { line: 1, column: 1 }, super::reading::UNREAD))
}

/// The fault of a text that is larger than a file may be.
fn too_large(text: &str) -> Option<Fault> {
    let lines = || text.get(..text.floor_char_boundary(MOST_BYTES)).unwrap_or_default().split('\n');
    (text.len() > MOST_BYTES).then(|| {
        let (line, column) =
            (lines().count(), lines().next_back().map_or(0, |last| last.chars().count()) + 1);
        let mark = Mark { line: line as u32, column: column as u32 };
        Fault::new(mark, format!("the file is larger than {} kB", MOST_BYTES / 1000))
    })
}

fn build(pieces: Vec<Piece>, version: Version) -> Result<Node, Fault> {
    let mut open: Vec<Open> = Vec::new();
    let mut values = 0;
    for Piece { what, mark } in pieces {
        let awaits_key = open.last().is_some_and(|top| top.is_map && top.key.is_none());
        let node = match what {
            What::List | What::Map => {
                if awaits_key {
                    return Err(Fault::new(mark, "a key is a word, not a list or a map"));
                }
                if open.len() == MOST_DEPTH {
                    return Err(too_deep(mark));
                }
                values += 1;
                let is_map = what == What::Map;
                open.push(Open { mark, is_map, items: Vec::new(), entries: Vec::new(), key: None });
                None
            }
            What::End => {
                let Some(Open { mark, is_map, items, entries, .. }) = open.pop() else {
                    return Err(Fault::new(mark, "more ends here than has begun"));
                };
                let value = if is_map { Value::Map(entries) } else { Value::List(items) };
                Some(Node { mark, value })
            }
            What::Plain(text) | What::Quoted(text) if awaits_key => {
                if let Some(top) = open.last_mut() {
                    set_key(top, text, mark, version)?;
                }
                None
            }
            What::Plain(text) => {
                values += 1;
                let kind = resolve::resolve(&text, version);
                if let Kind::Number(number) = kind
                    && number.is_infinite_or_none()
                {
                    return Err(Fault::new(mark, format!("{text} is no number that a price can be")));
                }
                Some(Node { mark, value: Value::Scalar(kind, text) })
            }
            What::Quoted(text) => {
                values += 1;
                Some(Node { mark, value: Value::Scalar(Kind::Text, text) })
            }
        };
        if values > MOST_VALUES {
            return Err(too_many(mark));
        }
        let Some(node) = node else { continue };
        let Some(top) = open.last_mut() else { return Ok(node) };
        match top.key.take() {
            Some((key, mark)) => top.entries.push(Entry { key, mark, value: node }),
            None => top.items.push(node),
        }
    }
    let mark = open.first().map_or(Mark { line: 1, column: 1 }, |first| first.mark);
    if open.is_empty() {
        return Ok(Node { mark, value: Value::Scalar(Kind::Null, "".into()) });
    }
    Err(Fault::new(mark, "what begins here has no end"))
}

/// The next key of a map. The largest map that a file can hold costs some 50 million comparisons of keys: a moment.
fn set_key(top: &mut Open, key: Box<str>, mark: Mark, version: Version) -> Result<(), Fault> {
    if &*key == "<<" && version == Version::V1_1 {
        return Err(Fault::new(mark, "a merge (<<) is not allowed in a rule file"));
    }
    if let Some(twin) = top.entries.iter().find(|entry| entry.key == key) {
        let why = format!(
            "the key \"{}\" is there already, in line {}",
            crate::suggest::shortened(&key),
            twin.mark.line
        );
        return Err(Fault::new(mark, why));
    }
    top.key = Some((key, mark));
    Ok(())
}

/// More lists and maps within each other than a file may have.
pub fn too_deep(mark: Mark) -> Fault {
    Fault::new(mark, format!("more than {MOST_DEPTH} lists and maps stand within each other"))
}

/// More values than a file may have.
pub fn too_many(mark: Mark) -> Fault {
    Fault::new(mark, format!("the file holds more than {MOST_VALUES} values"))
}

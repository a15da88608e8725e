//! The reader of YAML's syntax that the command line, the tests and the worker have: `saphyr-parser`, event by event.
//!
//! It is chosen over `granit-parser`, on which `serde-saphyr` stands: both give scalars with their style and have no recursion,
//! but a module of its own with this reader takes 30 kB compressed, and one with the other 46 kB.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use super::{Fault, MOST_DEPTH, MOST_VALUES, Mark, Piece, What, too_deep, too_many};

/// A map has a key for each value, and each list or map an end.
const MOST_PIECES: usize = 3 * MOST_VALUES;

/// Reads YAML's syntax: the pieces of the only document of a text, or the first fault in it. It gives up beyond
/// [`MOST_DEPTH`], and after so many pieces as no file within [`MOST_VALUES`] has.
///
/// # Errors
/// The first fault.
pub fn read(text: &str) -> Result<Vec<Piece>, Fault> {
    if let Some(line) = text.lines().position(|line| line.starts_with('%')) {
        let why = "a line that begins with % is a directive, which a rule file has no use for";
        return Err(Fault::new(Mark { line: line as u32 + 1, column: 1 }, why));
    }
    let is_forbidden = |char: char| char.is_control() && !matches!(char, '\t' | '\n' | '\r' | '\u{85}');
    for (at, line) in text.replace("\r\n", "\n").split(['\n', '\r']).enumerate() {
        if let Some(column) = line.chars().position(is_forbidden) {
            let mark = Mark { line: at as u32 + 1, column: column as u32 + 1 };
            return Err(Fault::new(mark, "a control character stands here, which YAML forbids; delete it"));
        }
    }
    // The last lines of a text may lie beyond it in what the parser says of them.
    let last = text.split('\n').count().max(1) as u32;
    let mut pieces = Vec::new();
    let (mut depth, mut documents) = (0_usize, 0);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| fault(&error, text, last))?;
        let mark = mark(span.start.line(), span.start.col(), last);
        let refuse = |what: &str| Err(Fault::new(mark, format!("{what}, which a rule file has no use for")));
        let what = match event {
            Event::Scalar(_, _, anchor, _)
            | Event::SequenceStart(anchor, _)
            | Event::MappingStart(anchor, _)
                if anchor > 0 =>
            {
                return refuse("an anchor (&) stands here");
            }
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, Some(_))
            | Event::MappingStart(_, Some(_)) => return refuse("a tag (!) stands here"),
            Event::Alias(_) => return refuse("an alias (*) stands here"),
            Event::Scalar(text, ScalarStyle::Plain, ..) => What::Plain(text.into()),
            Event::Scalar(text, ..) => What::Quoted(text.into()),
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                depth += 1;
                if depth > MOST_DEPTH {
                    return Err(too_deep(mark));
                }
                if matches!(event, Event::SequenceStart(..)) { What::List } else { What::Map }
            }
            Event::SequenceEnd | Event::MappingEnd => {
                depth = depth.saturating_sub(1);
                What::End
            }
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    return Err(Fault::new(mark, "a second document begins here; a rule file has one"));
                }
                continue;
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => continue,
        };
        pieces.push(Piece { what, mark });
        if pieces.len() > MOST_PIECES {
            return Err(too_many(mark));
        }
    }
    Ok(pieces)
}

fn mark(line: usize, column: usize, last: u32) -> Mark {
    Mark { line: (line as u32).clamp(1, last), column: column as u32 + 1 }
}

/// What a parser's own words mean to whoever edits a rule file.
const MEANINGS: [(&str, &str); 13] = [
    (
        "mapping values are not allowed",
        "a key stands here where none can be; compare its indentation with the line above",
    ),
    (
        "did not find expected key",
        "this line is indented like no block that is open; compare it with the lines above",
    ),
    (
        "did not find expected '-'",
        "this line stands between the items of a list and is none; its indentation is off",
    ),
    ("simple key expect", NO_COLON),
    ("invalid indentation", INDENTED_LESS),
    (
        "must be followed by a valid YAML whitespace",
        "a colon has a space behind it, and here is something else",
    ),
    ("tab", TAB),
    (
        "illegal placement of ':'",
        "a key stands here where none can be; look whether a bracket is open above it",
    ),
    ("expected ',' or ']'", "a list in brackets wants a comma or its closing bracket here"),
    ("expected ',' or '}'", "a map in braces wants a comma or its closing brace here"),
    ("quoted scalar, found unexpected end", "a quotation mark is opened and never closed"),
    ("expected <document", "this line is indented less than the first one, so the file is over before it"),
    ("unknown anchor", "an alias (*) stands here, which a rule file has no use for"),
];

const NO_COLON: &str = "a key without its colon stands here, or a line that continues nothing";
const INDENTED_LESS: &str = "this line is indented less than what it continues";
const TAB: &str = "a tab stands where YAML wants spaces";

/// Where a fault is that the parser notices later, and what it is: its own place is where the next piece begins.
fn earlier(text: &str, noticed: Mark, meaning: &'static str) -> Option<(Mark, &'static str)> {
    let lines: Vec<&str> = text.split('\n').take(noticed.line as usize).collect();
    let mark = |at: usize, column: usize| Mark { line: at as u32 + 1, column: column as u32 + 1 };
    let in_front = |line: &str| line.len() - line.trim_start().len();
    if meaning == TAB {
        // The parser may stand at the end of the line before.
        let lines = text.split('\n').enumerate().skip(noticed.line as usize - 1).take(2);
        let tabs = lines.filter_map(|(at, line)| Some((at, line[..in_front(line)].find('\t')?)));
        return tabs.map(|(at, column)| (mark(at, column), TAB)).next();
    }
    let before = lines.len().saturating_sub(1);
    if meaning == NO_COLON {
        let is_key = |line: &str| line.contains(": ") || line.trim_end().ends_with(':');
        let (at, line) = lines[..before].iter().enumerate().rfind(|(_, line)| !line.trim().is_empty())?;
        let is_bare = !is_key(line) && !line.trim_start().starts_with(['#', '-']);
        return is_bare.then(|| (mark(at, in_front(line)), NO_COLON));
    }
    // A bracket or a quotation mark that a line leaves open swallows the lines below.
    let until = if meaning == INDENTED_LESS { lines.len() } else { before };
    lines[..until].iter().enumerate().rev().find_map(|(at, line)| {
        let line = line.split(" #").next().unwrap_or_default();
        let open = ['[', '{', '"'].into_iter().zip([']', '}', '"']).find_map(|(open, close)| {
            let count = |wanted| line.matches(wanted).count();
            let is_open = if open == close { count(open) % 2 == 1 } else { count(open) > count(close) };
            is_open.then(|| line.rfind(open)).flatten()
        })?;
        let column = line[..open].chars().count();
        Some((mark(at, column), "this bracket or quotation mark is opened and not closed in its line"))
    })
}

fn fault(error: &ScanError, text: &str, last: u32) -> Fault {
    let (at, info) = (error.marker(), error.info());
    let text = &text.replace("\r\n", "\n").replace('\r', "\n");
    let mark = mark(at.line(), at.col(), last);
    let meaning = MEANINGS.iter().find(|(words, _)| info.contains(words)).map(|(_, meaning)| *meaning);
    if let Some((mark, meaning)) = earlier(text, mark, meaning.unwrap_or_default()) {
        return Fault::new(mark, meaning);
    }
    match meaning {
        Some(meaning) => Fault::new(mark, meaning),
        None => Fault::new(mark, format!("this is no YAML ({info})")),
    }
}

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
    // The last lines of a text may lie beyond it in what the parser says of them.
    let last = text.split('\n').count().max(1) as u32;
    let mut pieces = Vec::new();
    let (mut depth, mut documents) = (0_usize, 0);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| fault(&error, last))?;
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
const MEANINGS: [(&str, &str); 11] = [
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
    ("simple key expect", "a key without its colon stands here, or a line that continues nothing"),
    ("invalid indentation", "this line is indented less than what it continues"),
    ("tab", "a tab stands where YAML wants spaces"),
    ("expected ',' or ']'", "a list in brackets wants a comma or its closing bracket here"),
    ("expected ',' or '}'", "a map in braces wants a comma or its closing brace here"),
    ("quoted scalar, found unexpected end", "a quotation mark is opened and never closed"),
    ("expected <document", "this line is indented less than the first one, so the file is over before it"),
    ("unknown anchor", "an alias (*) stands here, which a rule file has no use for"),
];

fn fault(error: &ScanError, last: u32) -> Fault {
    let (at, info) = (error.marker(), error.info());
    let mark = mark(at.line(), at.col(), last);
    match MEANINGS.iter().find(|(words, _)| info.contains(words)) {
        Some((_, meaning)) => Fault::new(mark, *meaning),
        None => Fault::new(mark, format!("this is no YAML ({info})")),
    }
}

//! The file of the glossary as a [`Glossary`]: an introduction, then each term with its meaning below a heading.

use warstories_sim::SCENARIOS;
use warstories_sim::suggest::shortened;

use super::MAX_BYTES;
use super::prose::{self, PLAY, Piece, hidden, line_of_text};
use super::table::Diagnostics;
use super::text::plain;
use crate::glossary::{Entry, Glossary, Reference, are_alike};
use crate::lesson::Text;
use crate::problem::{Problem, is_hidden};
use crate::prose::Inline;

/// How the file is called, in the folder of the lessons that use it.
pub const FILE: &str = "glossary.md";
/// The glossary of the house.
const HOUSE: &str = include_str!("../../../lessons/glossary.md");

/// Entries of a glossary, at most.
const MAX_ENTRIES: usize = 500;
/// Characters of a term, at most.
const LONGEST_TERM: usize = 60;
/// Words of a meaning, at most: two sentences.
const MAX_WORDS: usize = 60;

/// Runs to see, or sources, of an entry, at most.
const MOST_REFERENCES: usize = 5;

/// What a line of an entry may begin with, and how to write it.
const FIELDS: [(&str, &str); 5] = [
    ("Also:", "Also: another name, and another"),
    ("Formula:", "Formula: L = λ × W"),
    ("Unit:", "Unit: ms"),
    ("See:", "See: [words](#/play/…)"),
    ("Source:", "Source: [words](https://…)"),
];

/// The glossary of the house, whose terms a lesson may use wherever it lies.
///
/// # Errors
/// As [`read`]; a test holds that there are none.
pub fn house() -> Result<Glossary, Vec<Problem>> {
    read(HOUSE)
}

/// Reads a glossary.
///
/// # Errors
/// Everything that is wrong with it, in order of lines.
pub fn read(text: &str) -> Result<Glossary, Vec<Problem>> {
    if text.len() > MAX_BYTES {
        let sentence = format!("the glossary has {} bytes; it has at most {MAX_BYTES}", text.len());
        return Err(vec![Problem::new(1, sentence)]);
    }
    // No run stands behind a glossary; the tables of a scenario are needed to refuse what looks measured.
    let spec = SCENARIOS[0].spec;
    let names = Glossary { introduction: Vec::new(), entries: raw(text).map(|raw| raw.named()).collect() };
    let mut diagnostics = Diagnostics::new(spec, text, &names);
    diagnostics.hidden(text);
    let begin = raw(text).next().map_or(text.len(), |first| first.begin);
    let mut glossary = Glossary::default();
    for (piece, line) in prose::body(&text[..begin], 0, &mut diagnostics) {
        match piece {
            Piece::Block(block) => glossary.introduction.push(block),
            Piece::Heading(_) | Piece::Fence { .. } => {
                diagnostics.report(line, "a glossary begins with its introduction, in plain paragraphs; an entry begins with ## term");
            }
        }
    }
    for raw in raw(text).take(MAX_ENTRIES) {
        // What stands below belongs to the entry that was meant.
        if raw.is_stray {
            let term = shortened(raw.term);
            diagnostics.report(raw.line, format!("this is no heading of an entry; write ## {term}"));
            continue;
        }
        let entry = raw.entry(&mut diagnostics);
        clash(&entry, &glossary, &mut diagnostics);
        glossary.entries.push(entry);
    }
    if let Some(more) = raw(text).nth(MAX_ENTRIES) {
        diagnostics
            .report(more.line, format!("a glossary has at most {MAX_ENTRIES} entries; leave some out"));
    }
    if raw(text).next().is_none() {
        diagnostics.report(1, "the glossary has no entries; write ## term, and its meaning below");
    }
    if diagnostics.problems.is_empty() { Ok(glossary) } else { Err(Problem::in_order(diagnostics.problems)) }
}

/// An entry as it is written.
struct Raw<'t> {
    /// Where it begins in the file.
    begin: usize,
    line: usize,
    term: &'t str,
    /// Whether its heading is not written as one.
    is_stray: bool,
    /// The lines below its heading, each with its number.
    lines: Vec<(usize, &'t str)>,
}

/// All entries, in order.
fn raw(text: &str) -> impl Iterator<Item = Raw<'_>> {
    let mut begin = 0;
    let lines: Vec<(usize, &str)> = text
        .split_inclusive('\n')
        .map(|line| {
            let at = begin;
            begin += line.len();
            (at, line.trim_end())
        })
        .collect();
    let heads: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, (_, line))| line.starts_with('#'))
        .map(|(index, _)| index)
        .collect();
    let ends: Vec<usize> = heads.iter().skip(1).copied().chain([lines.len()]).collect();
    heads.into_iter().zip(ends).map(move |(head, end)| {
        let (begin, heading) = lines[head];
        let below = lines[head + 1..end].iter().enumerate().map(|(nth, (_, line))| (head + 2 + nth, *line));
        let term = heading.trim_start_matches('#');
        let is_stray = heading.len() - term.len() != 2 || !term.is_empty() && !term.starts_with(' ');
        Raw { begin, line: head + 1, term: term.trim(), is_stray, lines: below.collect() }
    })
}

impl<'t> Raw<'t> {
    /// What stands behind `key` in this entry, each with its line.
    fn field(&self, key: &str) -> impl Iterator<Item = (usize, &'t str)> {
        self.lines.iter().filter_map(move |(line, text)| Some((*line, text.strip_prefix(key)?.trim())))
    }

    /// The entry with all that it is called and nothing else.
    fn named(&self) -> Entry {
        let also = self.field("Also:").flat_map(|(_, names)| names.split(',')).map(str::trim);
        Entry {
            id: id(self.term),
            line: self.line,
            term: self.term.to_owned(),
            also: also.filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            meaning: Text::new(),
            formula: None,
            unit: None,
            see: Vec::new(),
            source: Vec::new(),
        }
    }

    fn entry(&self, diagnostics: &mut Diagnostics) -> Entry {
        let entry = self.named();
        for name in std::iter::once(&entry.term).chain(&entry.also) {
            if let Some(sentence) = refused(name) {
                diagnostics.report(self.line, sentence);
            }
        }
        for (key, example) in FIELDS {
            for (line, _) in self.field(key).filter(|(_, text)| text.is_empty()) {
                diagnostics.report(line, format!("nothing stands behind {key} write {example}"));
            }
        }
        let plainly = |key: &str, diagnostics: &mut Diagnostics| {
            let mut found = self.field(key);
            let first = found.next().map(|(_, text)| text.to_owned());
            if let Some((line, _)) = found.next() {
                diagnostics
                    .report(line, format!("\"{}\" has a second line {key} leave one", shortened(self.term)));
            }
            first
        };
        Entry {
            meaning: self.meaning(diagnostics),
            formula: plainly("Formula:", diagnostics),
            unit: plainly("Unit:", diagnostics),
            see: self.references("See:", PLAY, diagnostics),
            source: self.references("Source:", "https://", diagnostics),
            ..entry
        }
    }

    /// The paragraph that is no field.
    fn meaning(&self, diagnostics: &mut Diagnostics) -> Text {
        let is_field = |text: &str| FIELDS.iter().any(|(key, _)| text.starts_with(key));
        let lines: Vec<_> = self.lines.iter().filter(|(_, text)| !is_field(text)).collect();
        let words: Vec<&str> = lines.iter().map(|(_, text)| *text).collect();
        let words = words.join("\n");
        if words.trim().is_empty() {
            let term = shortened(self.term);
            diagnostics
                .report(self.line, format!("\"{term}\" has no meaning; write one or two sentences below it"));
            return Text::new();
        }
        let line = lines.iter().find(|(_, text)| !text.is_empty()).map_or(self.line, |(line, _)| *line);
        let meaning = line_of_text(words.trim(), line, true, diagnostics);
        let count = plain(&meaning).split_whitespace().count();
        if count > MAX_WORDS {
            let term = shortened(self.term);
            diagnostics.report(line, format!("the meaning of \"{term}\" has {count} words; one or two sentences have at most {MAX_WORDS}"));
        }
        let mut is_measured = false;
        crate::goal::inlines(&meaning, &mut |_| is_measured = true);
        if is_measured {
            diagnostics.report(
                line,
                "no run stands behind a glossary; leave out what is measured, or link to a run below See:",
            );
        }
        meaning
    }

    /// Links to addresses that begin with `start`.
    fn references(&self, key: &str, start: &str, diagnostics: &mut Diagnostics) -> Vec<Reference> {
        let mut references = Vec::new();
        if let Some((line, _)) = self.field(key).nth(MOST_REFERENCES) {
            let term = shortened(self.term);
            diagnostics.report(
                line,
                format!("\"{term}\" has more than {MOST_REFERENCES} lines {key} keep the best"),
            );
        }
        for (line, text) in self.field(key).take(MOST_REFERENCES).filter(|(_, text)| !text.is_empty()) {
            let before = diagnostics.problems.len();
            let text = line_of_text(text, line, true, diagnostics);
            if diagnostics.problems.len() > before {
                continue;
            }
            match text.as_slice() {
                [Inline::Link { to, text }] if to.starts_with(start) => {
                    references.push(Reference { text: plain(text), to: to.clone() });
                }
                _ => diagnostics.report(
                    line,
                    format!("{key} takes one link and nothing else; write {key} [words]({start}…)"),
                ),
            }
        }
        references
    }
}

/// As addresses and lessons spell it: letters and digits in lower case, joined by hyphens.
fn id(term: &str) -> String {
    let term = term.to_lowercase().replace(['\'', '’'], "");
    let words = term.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// What is wrong with a name.
fn refused(name: &str) -> Option<String> {
    if let Some(char) = name.chars().find(|char| is_hidden(*char)) {
        return Some(hidden(char));
    }
    let short = shortened(name);
    if id(name).is_empty() {
        return Some(String::from("the entry has no term; write ## term"));
    }
    if name.chars().count() > LONGEST_TERM {
        return Some(format!("\"{short}\" is longer than {LONGEST_TERM} characters; shorten it"));
    }
    let marks = ['*', '_', '`', '[', ']', '<', '>', '|'];
    name.contains(marks)
        .then(|| format!("\"{short}\" has marks of emphasis, code or links; write it plainly"))
}

/// Reports what `entry` is called if another entry is called so already.
fn clash(entry: &Entry, glossary: &Glossary, diagnostics: &mut Diagnostics) {
    for name in entry.names() {
        let Some(other) = glossary.find(name) else { continue };
        let (name, term, line) = (shortened(name), shortened(&other.term), other.line);
        diagnostics.report(
            entry.line,
            format!("\"{name}\" is a name of \"{term}\" in line {line} already; give it to one of the two"),
        );
        return;
    }
    let mut also = entry.also.iter();
    while let Some(name) = also.next() {
        if also.clone().chain([&entry.term]).any(|other| are_alike(name, other)) {
            diagnostics.report(entry.line, format!("\"{}\" is named twice; leave one", shortened(name)));
        }
    }
}

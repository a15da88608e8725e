//! The front matter: what the lesson is called, and the run it is about.

use toml::de::{DeTable, DeValue};
use warstories_sim::Replay;
use warstories_sim::link::parse_seed;
use warstories_sim::suggest::shortened;
use warstories_sim::{ScenarioSpec, SimTime, scenarios};

use super::claim;
use super::prose::hidden;
use super::table::{Diagnostics, Table, cure, place};
use super::value::{controls, inputs, start};
use crate::lesson::{Lesson, Person, Setup};
use crate::problem::{Problem, is_hidden};

/// What encloses the front matter, on a line of its own.
const FENCE: &str = "+++";

/// Every key of the front matter.
pub const FRONT: &[&str] =
    &["title", "summary", "scenario", "minutes", "seed", "start", "cast", "inputs", "open"];

/// The text between the two fences, where it begins, and where the body behind it begins.
pub(super) fn split(text: &str) -> Result<(&str, usize, usize), Problem> {
    let mark = text.len() - text.strip_prefix('\u{FEFF}').unwrap_or(text).len();
    let mut lines = text[mark..].split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == FENCE).ok_or_else(|| {
        Problem::new(1, "the lesson does not begin with front matter; write +++ on its first line")
    })?;
    let begin = mark + first.len();
    let length: usize = lines.clone().take_while(|line| line.trim_end() != FENCE).map(str::len).sum();
    match lines.find(|line| line.trim_end() == FENCE) {
        Some(last) => Ok((&text[begin..begin + length], begin, begin + length + last.len())),
        None => {
            Err(Problem::new(1, "the front matter does not end; write +++ on a line of its own below it"))
        }
    }
}

/// The scenario that the front matter names: everything else is read by it.
pub(super) fn scenario(front: &str, base: usize, text: &str) -> Result<&'static ScenarioSpec, Problem> {
    let line = |offset: usize| 1 + text.bytes().take(base + offset).filter(|byte| *byte == b'\n').count();
    let table = DeTable::parse(front).map_err(|error| {
        let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        let message: String = message.chars().filter(|char| !is_hidden(*char)).take(120).collect();
        Problem::new(
            line(place(&error, front)),
            format!("the front matter is not TOML: {message}{}", cure(&error, front)),
        )
    })?;
    let Some(value) = table.get_ref().get("scenario") else {
        return Err(Problem::new(1, "the front matter names no scenario; write scenario = \"…\""));
    };
    let found = match value.get_ref() {
        DeValue::String(id) => scenarios::find(id),
        _ => Err(String::from("scenario is not a text; write scenario = \"…\"")),
    };
    found.map_err(|sentence| Problem::new(line(value.span().start), sentence))
}

/// Reads the front matter; the steps come later.
pub(super) fn read(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Lesson {
    let seed = table.get("seed").and_then(|item| {
        let seed = match item.value {
            DeValue::Integer(integer) if integer.radix() == 10 => parse_seed(integer.as_str()),
            _ => Err(String::from("the seed is not a whole number; write seed = 1")),
        };
        diagnostics.keep(item.line, seed)
    });
    let seed = seed.unwrap_or(Replay::DEFAULT_SEED);
    diagnostics.seed = seed;
    diagnostics.cast = cast(table, diagnostics);
    let minutes = table.required("minutes", "10", diagnostics);
    Lesson {
        title: label(table, "title", diagnostics),
        summary: label(table, "summary", diagnostics),
        scenario: diagnostics.spec.id.to_owned(),
        minutes: minutes.and_then(|item| item.whole("minutes", 600, diagnostics)).unwrap_or(0),
        seed,
        setup: Setup {
            start: start(table, diagnostics),
            inputs: inputs(table, diagnostics),
            begin: SimTime::ZERO,
        },
        cast: diagnostics.cast.clone(),
        open: controls(table, "open", diagnostics),
        introduction: Vec::new(),
        steps: Vec::new(),
    }
}

/// A short text without any markup.
pub(super) fn label(table: &Table<'_>, key: &str, diagnostics: &mut Diagnostics) -> String {
    const LONGEST: usize = 200;
    let Some((text, line)) = table.required_text(key, diagnostics) else { return String::new() };
    let length = text.chars().count();
    if length > LONGEST {
        diagnostics.report(line, format!("{key} has {length} characters; it takes at most {LONGEST}"));
    }
    if let Some(char) = text.chars().find(|char| is_hidden(*char)) {
        diagnostics.report(line, hidden(char));
    }
    if let Some(claim) = claim::find(text, diagnostics.spec) {
        diagnostics.report(line, claim::sentence_without_code(&claim));
    }
    text.trim().to_owned()
}

/// `[cast]`: `id = "Name, role"`.
fn cast(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Vec<Person> {
    let Some(item) = table.get("cast") else { return Vec::new() };
    let mut cast = Vec::new();
    for (id, item) in item.free_table("cast", "[cast], then id = \"Name, role\"", diagnostics) {
        let Some(text) = item.text(id, diagnostics) else { continue };
        if let Some(char) = text.chars().find(|char| is_hidden(*char)) {
            diagnostics.report(item.line, hidden(char));
        }
        let (name, role) = text.split_once(',').unwrap_or((text, ""));
        let (name, role) = (name.trim(), role.trim());
        if name.is_empty() || role.is_empty() {
            let (text, id) = (shortened(text), shortened(id));
            diagnostics.report(
                item.line,
                format!("\"{text}\" does not say who {id} is; write {id} = \"Name, role\""),
            );
        }
        cast.push(Person { id: id.to_owned(), name: name.to_owned(), role: role.to_owned() });
    }
    cast
}

//! What is taught: lessons, and the check that a lesson fits the scenario it is about.
//!
//! A lesson is a text file. Its front matter, TOML between two lines `+++`, binds it to a run: `scenario`, `seed`,
//! and a table `[start]` of parameter values.

pub mod lesson;
pub mod measure;
pub mod prose;

use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use warstories_sim::replay::{Replay, parse_seed};
use warstories_sim::scenario::ScenarioSpec;
use warstories_sim::{Domain, ParamSpec, scenarios};

/// What encloses the front matter, on a line of its own.
const FENCE: &str = "+++";

/// What is wrong with a lesson, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong and the cure, in one sentence.
    pub sentence: String,
}

impl Problem {
    fn new(line: usize, sentence: impl Into<String>) -> Self {
        Self { line, sentence: sentence.into() }
    }
}

/// As editors read it behind a file name: `line: sentence`.
impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.line, self.sentence)
    }
}

/// Reads the run that the lesson `text` is about.
///
/// # Errors
/// Everything that is wrong with its front matter, in order of lines.
pub fn replay(text: &str) -> Result<Replay, Vec<Problem>> {
    let front = front_matter(text).map_err(|problem| vec![problem])?;
    let line = |offset: usize| 2 + front.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    let table = DeTable::parse(front).map_err(|error| {
        let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        let sentence = format!("the front matter is not TOML: {message}");
        vec![Problem::new(line(error.span().map_or(0, |span| span.start)), sentence)]
    })?;
    let table = table.get_ref();
    let spec = match table.get("scenario") {
        Some(value) => scenario(value).map_err(|sentence| Problem::new(line(value.span().start), sentence)),
        None => Err(Problem::new(1, "the front matter names no scenario; write scenario = \"…\"")),
    };
    let mut replay = Replay::new(spec.map_err(|problem| vec![problem])?);
    let mut problems = Vec::new();
    if let Some(value) = table.get("seed") {
        match seed(value.get_ref()) {
            Ok(seed) => replay = replay.with_seed(seed),
            Err(sentence) => problems.push(Problem::new(line(value.span().start), sentence)),
        }
    }
    match table.get("start").map(|value| (value.span().start, value.get_ref())) {
        Some((_, DeValue::Table(start))) => {
            for (id, value) in start {
                if let Err(sentence) = set_start(&mut replay, id.get_ref(), value.get_ref()) {
                    problems.push(Problem::new(line(id.span().start), sentence));
                }
            }
        }
        Some((offset, _)) => {
            problems.push(Problem::new(
                line(offset),
                "start is not a table; write [start], then parameter = value",
            ));
        }
        None => {}
    }
    problems.sort_by_key(|problem| problem.line);
    if problems.is_empty() { Ok(replay) } else { Err(problems) }
}

/// The text between the two fences; its first line is line 2 of the lesson.
fn front_matter(text: &str) -> Result<&str, Problem> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == FENCE).ok_or_else(|| {
        Problem::new(1, "the lesson does not begin with front matter; write +++ on its first line")
    })?;
    let length: usize = lines.clone().take_while(|line| line.trim_end() != FENCE).map(str::len).sum();
    if lines.any(|line| line.trim_end() == FENCE) {
        Ok(&text[first.len()..first.len() + length])
    } else {
        Err(Problem::new(1, "the front matter does not end; write +++ on a line of its own below it"))
    }
}

fn scenario(value: &Spanned<DeValue<'_>>) -> Result<&'static ScenarioSpec, String> {
    let DeValue::String(id) = value.get_ref() else {
        return Err(String::from("scenario is not a text; write scenario = \"…\""));
    };
    scenarios::find(id)
}

fn seed(value: &DeValue<'_>) -> Result<u64, String> {
    match value {
        DeValue::Integer(integer) if integer.radix() == 10 => parse_seed(integer.as_str()),
        _ => Err(String::from("the seed is not a whole number; write seed = 1")),
    }
}

fn set_start(replay: &mut Replay, id: &str, value: &DeValue<'_>) -> Result<(), String> {
    let spec = replay.spec();
    let index = spec.param(id)?;
    let value = param_value(&spec.params[index], value)?;
    replay.set_start(index, value);
    Ok(())
}

/// TOML has types where links and flags have only text; `servers = "4"` is a mistake.
fn param_value(spec: &ParamSpec, value: &DeValue<'_>) -> Result<f64, String> {
    let text = match value {
        DeValue::String(text) if matches!(spec.domain, Domain::Choice(_)) => text.to_string(),
        DeValue::Boolean(switch) => switch.to_string(),
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().to_owned(),
        DeValue::Float(float) => float.as_str().to_owned(),
        other => {
            return Err(format!(
                "{} cannot be a TOML {}; it takes {}",
                spec.id,
                other.type_str(),
                spec.allowed()
            ));
        }
    };
    spec.parse(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_that_fits_its_scenario_is_a_replay() {
        let text = "+++\r\nscenario = \"queueing_lab\"\r\nseed = 7\r\n[start]\r\nservers = 2\r\nservice_ms = 50.5\r\n\
            may_wait = false\r\ndiscipline = \"processor_sharing\"\r\n+++\r\n# Queues\r\n+++\r\n";
        let link =
            "queueing_lab?seed=7&servers=2&service_ms=50.5&discipline=processor_sharing&may_wait=false";
        for text in [text.to_owned(), text.replace('\r', ""), format!("\u{FEFF}{text}")] {
            assert_eq!(replay(&text).map(|replay| replay.print(None)), Ok(link.to_owned()));
        }
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let cases = [
            ("", 1, "write +++ on its first line"),
            ("# Title\n+++\n", 1, "write +++ on its first line"),
            ("+++\nscenario = \"queueing_lab\"\n", 1, "does not end"),
            ("+++\n+++\n", 1, "names no scenario"),
            ("+++\nseed = 1\nscenario = \n+++\n", 3, "not TOML"),
            ("+++\nscenario = 5\n+++\n", 2, "not a text"),
            ("+++\n\nscenario = \"queuing_lab\"\n+++\n", 3, "did you mean \"queueing_lab\"?"),
            ("+++\nscenario = \"queueing_lab\"\nseed = -1\n+++\n", 3, "from 0 to"),
            ("+++\nscenario = \"queueing_lab\"\nseed = \"1\"\n+++\n", 3, "write seed = 1"),
            ("+++\nscenario = \"queueing_lab\"\nstart = 1\n+++\n", 3, "write [start]"),
            ("+++\nscenario = \"queueing_lab\"\n[start]\nserver = 1\n+++\n", 4, "did you mean \"servers\"?"),
            ("+++\nscenario = \"queueing_lab\"\n[start]\nservers = 0\n+++\n", 4, "from 1 to 1000"),
            (
                "+++\nscenario = \"queueing_lab\"\n[start]\nservers = \"4\"\n+++\n",
                4,
                "cannot be a TOML string",
            ),
            ("+++\nscenario = \"queueing_lab\"\n[start]\nmay_wait = 1\n+++\n", 4, "true or false"),
            ("+++\nscenario = \"queueing_lab\"\n[start]\nservice_ms = nan\n+++\n", 4, "a number from 0.1"),
        ];
        for (text, line, part) in cases {
            let problems = replay(text).expect_err(text);
            assert_eq!(problems.len(), 1, "{text:?}: {problems:?}");
            assert_eq!(problems[0].line, line, "{text:?}: {problems:?}");
            assert!(problems[0].sentence.contains(part), "{text:?}: {problems:?}");
        }
    }

    #[test]
    fn all_mistakes_of_one_lesson_are_told_at_once() {
        let text = "+++\nscenario = \"queueing_lab\"\nseed = -1\nstart = { servers = 0, x = 1 }\n+++\n";
        let lines =
            replay(text).map_err(|problems| problems.iter().map(|problem| problem.line).collect::<Vec<_>>());
        assert_eq!(lines.err(), Some(vec![3, 4, 4]));
    }
}

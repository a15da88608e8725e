//! A run as an address that is meant to be read and edited by hand:
//! `queueing_lab?seed=7&servers=4&at=60,arrivals_per_s=12&at=75.5,clear_queue&t=90`
//! — start values that differ from the defaults, then inputs with their moments, then the moment to show. Reading
//! it back keeps all it can and reports each entry that it had to drop.
//!
//! Programs that send links may cut them, and a link that ends at `servers=4` instead of `servers=40` is a valid other
//! run. So what the page gives to others stands between two more entries, `queueing_lab?begin&seed=7&servers=40&end`:
//! a link that begins and does not end says that it was cut. Without `begin`, as people write links and as records keep
//! them, nothing is said. A cut right behind the scenario's name cannot be told from such a link either.

use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::replay::{Input, Replay};
use crate::scenarios;
use crate::spec::ScenarioSpec;
use crate::suggest::shortened;
use crate::time::SimTime;

/// Characters of a link that are read.
const MAX_TEXT: usize = 64 * 1024;
/// The entries around a link that was sent.
const BEGIN: &str = "begin";
const END: &str = "end";
/// Dropped entries that are told one by one.
const MAX_SENTENCES: usize = 20;

/// What a link says: a replay, the moment to show, and what had to be dropped, one sentence each.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The run.
    pub replay: Replay,
    /// The moment to show, where the link names one.
    pub moment: Option<SimTime>,
    /// One sentence for each entry that could not be kept.
    pub dropped: Vec<String>,
}

impl Replay {
    /// Writes the replay, and the moment to show, as a link without its `#/play/`.
    pub fn print(&self, moment: Option<SimTime>) -> String {
        let spec = self.spec();
        let mut entries = vec![format!("{}?seed={}", spec.id, self.seed())];
        for (param, value) in spec.params.iter().zip(self.start()) {
            if *value != param.default_value() {
                entries.push(format!("{}={}", param.id, param.print(*value)));
            }
        }
        for (at, input) in self.inputs() {
            let spelled = match input {
                Input::Text { field, text } => {
                    let text = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string().into();
                    spec.spell(&Input::Text { field: *field, text })
                }
                Input::Change { .. } | Input::Action(_) => spec.spell(input),
            };
            entries.push(format!("at={at},{spelled}"));
        }
        entries.extend(moment.map(|moment| format!("t={moment}")));
        entries.join("&")
    }

    /// Writes the same for others: whoever opens it learns when a part of it was lost on the way.
    pub fn print_to_send(&self, moment: Option<SimTime>) -> String {
        let printed = self.print(moment);
        let (scenario, entries) = printed.split_once('?').unwrap_or((&printed, ""));
        format!("{scenario}?{BEGIN}&{entries}&{END}")
    }

    /// Reads a link as [`Replay::print`] writes it, or as a person or a stranger has edited it.
    ///
    /// # Errors
    /// One sentence where the scenario is unknown; everything else is dropped and reported in the result.
    pub fn parse(text: &str) -> Result<Link, String> {
        let kept = &text[..text.floor_char_boundary(MAX_TEXT)];
        let (scenario, entries) = kept.split_once('?').unwrap_or((kept, ""));
        let mut link = Self::parse_entries(scenarios::find(&decode(scenario))?, entries);
        if kept.len() < text.len() {
            link.dropped.push(format!("only the first {} characters of the link were read", kept.len()));
        }
        Ok(link)
    }

    /// Reads what stands behind the question mark of a link to the scenario that `spec` describes.
    pub fn parse_entries(spec: &'static ScenarioSpec, entries: &str) -> Link {
        let mut link = Link { replay: Self::new(spec), moment: None, dropped: Vec::new() };
        let mut seen = Vec::new();
        let mut more = 0;
        for entry in entries.split('&').filter(|entry| !entry.is_empty()) {
            let Err(problem) = link.read(&decode(entry), &mut seen) else { continue };
            if link.dropped.len() < MAX_SENTENCES {
                link.dropped.push(problem);
            } else {
                more += 1;
            }
        }
        if more > 0 {
            link.dropped.push(format!("{more} more entries could not be read"));
        }
        let says = |mark| seen.iter().any(|key| key == mark);
        if says(BEGIN) && !says(END) {
            link.dropped
                .push("its end is missing, so it may show another run than the one that was sent".to_owned());
        }
        link
    }
}

impl Link {
    fn read(&mut self, entry: &str, seen: &mut Vec<String>) -> Result<(), String> {
        let spec = self.replay.spec();
        let (key, value) = entry.split_once('=').unwrap_or((entry, ""));
        if key == "at" {
            let (time, input) = value.split_once(',').ok_or_else(|| {
                format!(
                    "\"at={}\" does not say what happens; write at=TIME,parameter=value",
                    shortened(value)
                )
            })?;
            let at = spec.moment(time)?;
            return self.replay.add(at, spec.input(input)?);
        }
        if seen.iter().any(|other| other == key) {
            return Err(format!(
                "\"{}\" is given twice; only the first can count, so leave the other out",
                shortened(key)
            ));
        }
        match key {
            BEGIN | END => {}
            "seed" => {
                self.replay = self.replay.clone().with_seed(parse_seed(value)?);
            }
            "t" => {
                self.moment = Some(spec.moment(value)?);
            }
            _ => {
                let param = spec.param(key)?;
                let value = spec.params[param].parse(value)?;
                self.replay.set_start(param, value);
            }
        }
        seen.push(key.to_owned());
        Ok(())
    }
}

/// Reads a seed.
///
/// # Errors
/// One sentence that names the text and the range.
pub fn parse_seed(text: &str) -> Result<u64, String> {
    text.parse().ok().filter(|_| !text.starts_with('+')).ok_or_else(|| {
        format!("the seed cannot be \"{}\"; it takes a whole number from 0 to {}", shortened(text), u64::MAX)
    })
}

fn decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

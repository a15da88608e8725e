//! Everything there is to know about a scenario before it runs, and how a person names it.

use crate::clock::WallClock;
use crate::decimal;
use crate::metric::{MetricSpec, Statistic};
use crate::parameter::ParamSpec;
use crate::replay::{Input, Replay};
use crate::series::Series;
use crate::suggest::{known, shortened};
use crate::time::SimTime;

/// A part of the system, by which its controls are grouped, and what is measured there. Declared by [`parts!`](crate::parts).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartSpec {
    /// As people read it.
    pub label: &'static str,
    /// Ids of its nodes in the diagram. `pool` stands for `pool_a`, `pool_b` and so on, too. A part without nodes is of the
    /// whole system.
    pub nodes: &'static [&'static str],
    /// Ids of the metrics that tell how it is doing, those that matter most.
    pub metrics: &'static [&'static str],
}

impl PartSpec {
    /// Whether the node `id` of the diagram belongs to the part.
    pub fn has(&self, id: &str) -> bool {
        let begins = |node: &&str| {
            id.strip_prefix(node).is_some_and(|rest| matches!(rest.as_bytes(), [] | [b'_', ..]))
        };
        self.nodes.iter().any(begins)
    }
}

/// Something that a person can do to the running system, once, at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ActionSpec {
    /// As links, lessons and flags spell it.
    pub id: &'static str,
    /// As people read it.
    pub label: &'static str,
    /// What it does and what it costs.
    pub doc: &'static str,
    /// Parameters that it sets, by id, and their new values; it does the rest after that.
    pub sets: &'static [(&'static str, f64)],
    /// How long it takes until they are set. Such an action does nothing while it is under way, or where all is as it
    /// would set it.
    pub takes: SimTime,
    /// Position of the part of the system that it belongs to.
    pub part: usize,
}

/// Something that a person can write into the running system at a moment: a rule, a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextSpec {
    /// As links, lessons and flags spell it.
    pub id: &'static str,
    /// As people read it.
    pub label: &'static str,
    /// What is written there and what it does.
    pub doc: &'static str,
    /// Characters at most.
    pub most: usize,
    /// Texts that mean something to the system, at least one: tests write them, and a page shows the first.
    pub examples: &'static [&'static str],
}

/// A chart: metrics that share one unit and belong side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChartSpec {
    /// Heading.
    pub title: &'static str,
    /// Ids of its metrics; a histogram draws p50, p95 and p99.
    pub metrics: &'static [&'static str],
}

/// A setting worth trying, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// As people read it.
    pub label: &'static str,
    /// What is set, and what that means.
    pub doc: &'static str,
    /// What to look for in the run: one sentence.
    pub look_for: &'static str,
    /// Parameters that differ from their defaults, in the spelling of links.
    pub values: &'static [(&'static str, &'static str)],
    /// The public incident that the setting is, if it is one.
    pub report: Option<Report>,
}

impl Preset {
    /// A run of `spec`, whose preset it is, with its values alone.
    pub fn replay(&self, spec: &'static ScenarioSpec) -> Replay {
        let mut replay = Replay::new(spec);
        for (id, value) in self.values {
            if let Ok(param) = spec.param(id)
                && let Ok(value) = spec.params[param].parse(value)
            {
                replay.set_start(param, value);
            }
        }
        replay
    }
}

/// A public report of an incident, and what the run says to its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Who reported it, as people name it: the project and the number of the thread.
    pub source: &'static str,
    /// Where it can be read.
    pub url: &'static str,
    /// When the run is asked, in seconds.
    pub at_s: u64,
    /// The figures, side by side.
    pub figures: &'static [Figure],
}

/// A figure of a [`Report`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it is of, as people read it.
    pub what: &'static str,
    /// The figure reported.
    pub reported: &'static str,
    /// The metric that tells the same of the run.
    pub metric: &'static str,
    /// What is read off it.
    pub statistic: Statistic,
    /// What the run with the default seed says, as [`format::quantity`](crate::format::quantity) prints it. A test plays
    /// the run and compares.
    pub ours: &'static str,
}

/// Everything there is to know about a scenario before it runs.
#[derive(Clone, Copy, Debug)]
pub struct ScenarioSpec {
    /// As links, lessons and flags spell it.
    pub id: &'static str,
    /// As people read it.
    pub title: &'static str,
    /// One sentence: what one can see happen here.
    pub summary: &'static str,
    /// What the model leaves out, one sentence each.
    pub leaves_out: &'static [&'static str],
    /// The story's clock at t = 0.
    pub clock: WallClock,
    /// How long a run lasts where nobody says.
    pub length: SimTime,
    /// Parts of the system, in the order of the diagram.
    pub parts: &'static [PartSpec],
    /// Parameters, in the order of their controls.
    pub params: &'static [ParamSpec],
    /// Actions, in the order of their buttons.
    pub actions: &'static [ActionSpec],
    /// What can be written, in the order of its fields.
    pub texts: &'static [TextSpec],
    /// Metrics, in the order of their tables.
    pub metrics: &'static [MetricSpec],
    /// Charts: traffic, errors, latency, saturation, then the scenario's own.
    pub charts: &'static [ChartSpec],
    /// Settings worth trying.
    pub presets: &'static [Preset],
}

/// Scenarios are told apart by their ids.
impl PartialEq for ScenarioSpec {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl ScenarioSpec {
    /// Position of the parameter `id`.
    ///
    /// # Errors
    /// One sentence that names the text and the nearest known id.
    pub fn param(&self, id: &str) -> Result<usize, String> {
        self.position("parameter", id, self.params.iter().map(|param| param.id))
    }

    /// Position of the action `id`.
    ///
    /// # Errors
    /// One sentence that names the text and the nearest known id.
    pub fn action(&self, id: &str) -> Result<usize, String> {
        self.position("action", id, self.actions.iter().map(|action| action.id))
    }

    /// Position of the metric `id`.
    ///
    /// # Errors
    /// One sentence that names the text and the nearest known id.
    pub fn metric(&self, id: &str) -> Result<usize, String> {
        self.position("metric", id, self.metrics.iter().map(|metric| metric.id))
    }

    /// Position of the chart that shows the metric `id`, if one does.
    pub fn chart_of(&self, id: &str) -> Option<usize> {
        self.charts.iter().position(|chart| chart.metrics.contains(&id))
    }

    /// Position of the text field `id`, if there is one.
    pub fn field(&self, id: &str) -> Option<usize> {
        self.texts.iter().position(|field| field.id == id)
    }

    /// Reads what a learner does: `parameter=value`, `field=text`, or the id of an action.
    ///
    /// # Errors
    /// One sentence about the id or the value.
    pub fn input(&self, text: &str) -> Result<Input, String> {
        let Some((id, value)) = text.split_once('=') else {
            return self.action(text).map(Input::Action);
        };
        if let Some(field) = self.field(id) {
            let input = Input::Text { field, text: value.into() };
            return self.allows(&input).map(|()| input);
        }
        let param = self.param(id).map_err(|sentence| {
            if self.texts.is_empty() {
                return sentence;
            }
            let params = self.params.iter().map(|param| param.id);
            let all: Vec<_> = params.chain(self.texts.iter().map(|field| field.id)).collect();
            self.unknown("parameter or text field", id, &all)
        })?;
        Ok(Input::Change { param, value: self.params[param].parse(value)? })
    }

    /// Writes `input` as [`ScenarioSpec::input`] reads it; nothing where the scenario knows no such input.
    pub fn spell(&self, input: &Input) -> String {
        let known = match input {
            Input::Change { param, value } => {
                self.params.get(*param).map(|spec| format!("{}={}", spec.id, spec.print(*value)))
            }
            Input::Action(action) => self.actions.get(*action).map(|spec| spec.id.to_owned()),
            Input::Text { field, text } => self.texts.get(*field).map(|spec| format!("{}={text}", spec.id)),
        };
        known.unwrap_or_default()
    }

    /// Whether a learner can do this.
    ///
    /// # Errors
    /// One sentence about what is not there or not allowed.
    pub fn allows(&self, input: &Input) -> Result<(), String> {
        let absent = |what: &str, count: usize| Err(format!("{} has only {count} {what}", self.id));
        match input {
            Input::Change { param, value } => match self.params.get(*param) {
                Some(spec) if spec.allows(*value) => Ok(()),
                Some(spec) => Err(format!("{} cannot be {value}; it takes {}", spec.id, spec.allowed())),
                None => absent("parameters", self.params.len()),
            },
            Input::Action(action) if *action < self.actions.len() => Ok(()),
            Input::Action(_) => absent("actions", self.actions.len()),
            Input::Text { field, text } => match self.texts.get(*field) {
                Some(spec) if text.chars().count() <= spec.most => Ok(()),
                Some(spec) => Err(format!(
                    "{} takes at most {} characters; these are {}",
                    spec.id,
                    spec.most,
                    text.chars().count()
                )),
                None => absent("text fields", self.texts.len()),
            },
        }
    }

    /// Reads a moment of a run, see [`SimTime::parse`]. A time of day from before the story begins is one of the next day,
    /// if the scenario's own run lasts until then.
    ///
    /// # Errors
    /// One sentence that names the text and what is wrong: its form, that it comes before the beginning, or that it is
    /// past the end of the longest run.
    pub fn moment(&self, text: &str) -> Result<SimTime, String> {
        let told = shortened(text);
        let outside = |side: &str| {
            let last = Replay::MAX_TIME;
            format!("{told} s is {side}; a time is at least 0 s and at most {last} s (30 days)")
        };
        let is_whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let time = match SimTime::parse(text, self.clock) {
            // More seconds than 64 bits of nanoseconds hold.
            Err(_) if is_whole => return Err(outside("past the end of the longest run")),
            Err(_) if decimal::parse(text).is_some_and(|secs| secs < 0.0) => {
                return Err(outside("before the run begins"));
            }
            read => read?,
        };
        let names_no_day = text.contains(':') && !text.contains('T');
        if names_no_day && self.clock.has_passed_midnight(time) && time > self.length {
            let [begin, end] = [SimTime::ZERO, self.length].map(|time| self.clock.label(time));
            return Err(format!(
                "\"{told}\" is before the story begins; its clock runs from {begin} to {end}, and for {told} of the next day \
                 write the seconds from the start, {time}"
            ));
        }
        if time > Replay::MAX_TIME {
            return Err(outside("past the end of the longest run"));
        }
        Ok(time)
    }

    /// The width of a sample bucket, which stays the same up to the usual length of a run.
    pub fn sample_width(&self) -> SimTime {
        Series::width_for(self.length)
    }

    /// The parameters that the action at `action` sets, by position, and their new values.
    pub fn sets(&self, action: usize) -> impl Iterator<Item = (usize, f64)> + use<'_> {
        let sets = self.actions.get(action).map_or(&[][..], |action| action.sets);
        sets.iter().filter_map(|&(id, value)| Some((self.param(id).ok()?, value)))
    }

    fn position(
        &self,
        what: &str,
        id: &str,
        all: impl Iterator<Item = &'static str> + Clone,
    ) -> Result<usize, String> {
        all.clone()
            .position(|candidate| candidate == id)
            .ok_or_else(|| self.unknown(what, id, &all.collect::<Vec<_>>()))
    }

    /// The page carries this once, and not for each sort of thing.
    #[inline(never)]
    fn unknown(&self, what: &str, id: &str, all: &[&str]) -> String {
        let hint = if all.is_empty() {
            String::from("; it has none at all")
        } else {
            known(id, all.iter().copied())
        };
        format!("{} has no {what} \"{}\"{hint}", self.id, shortened(id))
    }
}

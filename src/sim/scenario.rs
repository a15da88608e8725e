//! What a war story provides ([`Scenario`]), what there is to know about it ([`ScenarioSpec`]), and one run of any
//! of them ([`Playable`]).

use std::collections::VecDeque;
use std::sync::Arc;

use crate::announce::Crossing;
use crate::decimal;
use crate::engine::Ctx;
use crate::listing::{Listing, Matrix};
use crate::metric::{MetricSet, MetricSpec, Reading};
use crate::parameter::{ParamSet, ParamSpec};
use crate::probe::{Followed, Probe};
use crate::replay::{Input, Replay};
use crate::series::Series;
use crate::snapshot::{Life, Snapshot};
use crate::suggest::{known, shortened};
use crate::time::{SimTime, WallClock};

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
    /// What there is to see.
    pub doc: &'static str,
    /// Parameters that differ from their defaults, in the spelling of links.
    pub values: &'static [(&'static str, &'static str)],
}

/// Everything there is to know about a scenario before it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
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
    /// Parameters, in the order of their controls.
    pub params: &'static [ParamSpec],
    /// Actions, in the order of their buttons.
    pub actions: &'static [ActionSpec],
    /// Metrics, in the order of their tables.
    pub metrics: &'static [MetricSpec],
    /// Charts: traffic, errors, latency, saturation, then the scenario's own.
    pub charts: &'static [ChartSpec],
    /// Settings worth trying.
    pub presets: &'static [Preset],
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

    /// Reads a moment of a run, see [`SimTime::parse`]. A time of day from before the story begins is one of the next day,
    /// if the scenario's own run lasts until then.
    ///
    /// # Errors
    /// One sentence that names the text and what is wrong: its form, that it comes before the beginning, or that it is
    /// past the end of the longest run.
    pub fn moment(&self, text: &str) -> Result<SimTime, String> {
        let outside = |side: &str| {
            let last = Replay::MAX_TIME;
            format!("{} s is {side}; a time is at least 0 s and at most {last} s (30 days)", shortened(text))
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
        if text.contains(':') && self.clock.has_passed_midnight(time) && time > self.length {
            let [begin, end] = [SimTime::ZERO, self.length].map(|time| self.clock.label(time));
            return Err(format!(
                "\"{}\" is before the story begins; its clock runs from {begin} to {end}, and for {} of the next day \
                 write the seconds from the start, {time}",
                shortened(text),
                shortened(text),
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
        all.clone().position(|candidate| candidate == id).ok_or_else(|| {
            if all.clone().next().is_none() {
                return format!("{} has no {what} \"{}\"; it has none at all", self.id, shortened(id));
            }
            let hint = known(id, all);
            format!("{} has no {what} \"{}\"{hint}", self.id, shortened(id))
        })
    }
}

/// What can happen in a scenario. Implemented by [`events!`](crate::events).
pub trait Event: Copy + Send + 'static {
    /// A small number that is different for each sort of event, for the fingerprint.
    fn kind(self) -> u64;
}

/// The state machine of one war story.
///
/// A handler touches its own state and [`Ctx`] only. The state is plain data, so a checkpoint is a clone.
pub trait Scenario: Clone + Send + Sized + 'static {
    /// Everything there is to know before it runs.
    const SPEC: ScenarioSpec;
    /// Its parameters.
    type Params: ParamSet + Send;
    /// Its metrics.
    type Metrics: MetricSet + Send;
    /// What can happen in it.
    type Event: Event;

    /// The state at t = 0; schedules the first events.
    fn start(ctx: &mut Ctx<Self>) -> Self;

    /// `event` happens.
    fn handle(&mut self, event: Self::Event, ctx: &mut Ctx<Self>);

    /// The learner has changed a parameter; `ctx.params` holds the new values, `before` the old ones.
    fn change(&mut self, before: &Self::Params, ctx: &mut Ctx<Self>);

    /// The learner takes the action at `index` in `SPEC.actions`.
    fn act(&mut self, index: usize, ctx: &mut Ctx<Self>);

    /// The system as a diagram.
    fn snapshot(&self, ctx: &Ctx<Self>) -> Snapshot;

    /// The request at `position` in the content of the node with the id `node`: in a slot, or in line. `None` where
    /// there is nobody, or where the node holds no requests one by one.
    fn request(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life>;

    /// The code that its workers run under these values, where a learner may break it.
    fn listing(_: &Self::Params) -> Option<Listing> {
        None
    }

    /// What becomes of everything that one can choose, simulated: it may take a moment.
    fn matrix(_: &Self::Params) -> Option<Matrix> {
        None
    }

    /// Records that a checkpoint copies one by one: requests, readers, messages. Pending events are counted for it.
    fn live_records(&self) -> u64;

    /// Equations that hold at every moment, whatever the learner does; tests try to break them.
    fn identities(&self, ctx: &Ctx<Self>) -> Vec<Identity>;
}

/// An equation between whole numbers that every run satisfies at every moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The equation in words.
    pub name: &'static str,
    /// Its left side.
    pub left: i128,
    /// Its right side.
    pub right: i128,
}

/// One run of any scenario: played forward, measured, cloned; never changed behind its replay's back.
pub trait Playable: Send {
    /// Everything there is to know about its scenario.
    fn spec(&self) -> &'static ScenarioSpec;

    /// What it plays, with all inputs so far.
    fn replay(&self) -> &Replay;

    /// How far it has played: every event up to here has happened.
    fn now(&self) -> SimTime;

    /// When something happens next: an event or an input that waits in the replay.
    fn next_time(&mut self) -> Option<SimTime>;

    /// Plays on until `until`, or until `budget` events have happened; tells whether it got there. Stopping early
    /// and going on gives the same run.
    fn advance(&mut self, until: SimTime, budget: u64) -> bool;

    /// Enters a change or an action at the first moment that has not been played yet, and tells which.
    ///
    /// # Errors
    /// One sentence where the replay is full (see [`Replay::MAX_INPUTS`]) or the value is not allowed.
    fn input(&mut self, input: Input) -> Result<SimTime, String>;

    /// Goes on with another replay, if that agrees with everything that has been played: the same scenario, seed,
    /// start and inputs so far, and any inputs after now. Tells whether it does; if not, nothing changes.
    fn adopt(&mut self, replay: &Replay) -> bool;

    /// Value of the parameter at `index` now.
    fn param(&self, index: usize) -> f64;

    /// What the metric at `index` says over the whole run.
    fn read(&self, index: usize) -> Reading;

    /// What the metric at `index` says of the recent past.
    fn recent(&self, index: usize) -> Reading;

    /// Asks the run to remember what all metrics say at `at`, after everything that happens at that moment. It does
    /// not change what happens. Tells whether the run can: it has not gone past `at`, and there are not too many
    /// such moments (see [`MAX_PROBES`](crate::probe::MAX_PROBES)).
    fn probe(&mut self, at: SimTime) -> bool;

    /// What is remembered so far, in order of time: for each moment what every metric said, by position.
    fn probes(&self) -> &[(SimTime, Arc<[Probe]>)];

    /// What every metric said at `at`, by position; `None` where the run has not come there yet or was not asked.
    fn probed(&self, at: SimTime) -> Option<&[Probe]> {
        let probes = self.probes();
        let index = probes.binary_search_by_key(&at, |(time, _)| *time).ok()?;
        Some(&probes[index].1)
    }

    /// Asks the run to remember what a metric says at the end of every sample bucket, up to the usual length of its
    /// scenario. It does not change what happens. Tells whether the run can: no bucket has ended yet, and there are not
    /// too many such metrics (see [`MAX_FOLLOWED`](crate::probe::MAX_FOLLOWED)).
    fn follow(&mut self, metric: Followed) -> bool;

    /// What a followed metric has said so far: the reading at `i` is of the moment `i + 1` times
    /// [`ScenarioSpec::sample_width`]. `None` where the run was not asked.
    fn followed(&self, metric: Followed) -> Option<&[Reading]>;

    /// The samples that a chart draws.
    fn series(&self) -> &Series;

    /// Number of events so far, inputs included.
    fn events(&self) -> u64;

    /// A hash over time, sequence and kind of every event so far: two runs with equal fingerprints were the same.
    fn fingerprint(&self) -> u64;

    /// The system as a diagram.
    fn snapshot(&self) -> Snapshot;

    /// The request at `position` in the content of the node at `node`, see [`Scenario::request`].
    fn request(&self, node: usize, position: usize) -> Option<Life>;

    /// Requests that ended not long ago, the latest last: one in each eighth of a sample bucket, at most 64.
    fn ended(&self) -> &VecDeque<Life>;

    /// Records and pending events that a checkpoint copies: most of what it costs.
    fn live_records(&self) -> u64;

    /// Thresholds crossed so far, in order of time.
    fn crossings(&self) -> &[Crossing];

    /// Equations that hold at every moment.
    #[cfg(feature = "identities")]
    fn identities(&self) -> Vec<Identity>;

    /// A copy that goes its own way from here.
    fn checkpoint(&self) -> Box<dyn Playable>;
}

/// Declares what can happen in a scenario: `Event { Variant, Variant(u32), … }`.
#[macro_export]
macro_rules! events {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $variant_doc:literal])+ $variant:ident $(($field:ty))?),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[doc = $variant_doc])+ $variant $(($field))?),+ }

        impl $crate::scenario::Event for $name {
            fn kind(self) -> u64 {
                enum Kind { $($variant),+ }
                let kind = match self { $(Self::$variant { .. } => Kind::$variant),+ };
                kind as u64 + $crate::engine::FIRST_EVENT_KIND
            }
        }
    };
}

/// Declares the actions of a scenario: `Action { Variant = "id" "label" sets { param = value } after time, … }`, the doc
/// comment saying what it does and costs; most set no parameter, and most of those that do set it at once. For one that
/// takes time the model says when it is over, by [`Ctx::take_effect`].
#[macro_export]
macro_rules! actions {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $action_doc:literal])+ $variant:ident = $id:literal $label:literal $(sets { $param:ident = $value:expr } $(after $takes:expr)?)?),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[doc = $action_doc])+ $variant),+ }

        impl $name {
            /// All actions, in the order of their buttons.
            pub const SPEC: &'static [$crate::scenario::ActionSpec] = &[$($crate::scenario::ActionSpec {
                id: $id,
                label: $label,
                doc: concat!($($action_doc),+).trim_ascii(),
                sets: &[$((stringify!($param), $value))?],
                takes: {
                    #[allow(unused_mut, unused_assignments, reason = "most actions take no time")]
                    let mut takes = $crate::SimTime::ZERO;
                    $($(takes = $takes;)?)?
                    takes
                },
            }),+];

            /// The action at `index` in `SPEC`.
            pub fn at(index: usize) -> Option<Self> {
                [$(Self::$variant),+].get(index).copied()
            }
        }
    };
}

//! What a war story provides ([`Scenario`]), and one run of any of them ([`Playable`]).

use std::collections::VecDeque;
use std::sync::Arc;

use crate::announce::Announcement;
use crate::course::Course;
use crate::document::Document;
use crate::engine::Ctx;
use crate::exhibit::{Exhibit, ExhibitSpec, Sorting, Waterfall};
use crate::inert::{Inert, Rule};
use crate::metric::{MetricSet, Reading};
use crate::parameter::ParamSet;
use crate::probe::{Followed, Probe};
use crate::replay::{Input, Replay};
use crate::series::Series;
use crate::snapshot::{Life, Snapshot};
use crate::spec::ScenarioSpec;
use crate::terminal::{LogView, Reply, Terminal};
use crate::theory::Theory;
use crate::time::SimTime;

/// What can happen in a scenario. Implemented by [`events!`](crate::events).
pub trait Event: Copy + Send + 'static {
    /// A small number that is different for each sort of event, for the fingerprint.
    fn kind(self) -> u64;
}

/// Kinds of events, for the fingerprint.
pub mod kind {
    /// The learner changes a parameter.
    pub const CHANGE: u64 = 0;
    /// The learner takes an action.
    pub const ACTION: u64 = 1;
    /// The first of a scenario's own kinds.
    pub const FIRST_EVENT: u64 = 2;
    /// The learner writes a text: far from a scenario's own kinds, so that recorded runs keep their fingerprints.
    pub const TEXT: u64 = u64::MAX;
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
    fn act(&mut self, _index: usize, _ctx: &mut Ctx<Self>) {}

    /// What the action at `index` in `SPEC.actions` answers to whoever takes it now, without a full stop: for actions that
    /// look at the system. The answer is announced.
    fn answer(&self, _index: usize, _ctx: &Ctx<Self>) -> Option<String> {
        None
    }

    /// The learner writes `text` into the field at `index` in `SPEC.texts`: any text of the length allowed. A text that
    /// means nothing to the system must do no harm.
    fn enter(&mut self, _index: usize, _text: &str, _ctx: &mut Ctx<Self>) {}

    /// The system as a diagram.
    fn snapshot(&self, ctx: &Ctx<Self>) -> Snapshot;

    /// The request at `position` in the content of the node with the id `node`: in a slot, or in line. `None` where
    /// there is nobody, or where the node holds no requests one by one.
    fn request(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life>;

    /// What the run keeps of one of its requests, for a panel of its own; `None` where the story has none.
    fn record(&self) -> Option<Waterfall> {
        None
    }

    /// What the learner sorts by the text field at `Sorting::field`, as it stands; `None` where the story has no such field.
    fn sorting(&self, _: &Ctx<Self>) -> Option<Sorting> {
        None
    }

    /// The file that the learner edits by the text field at `Sheet::field`, as it stands; `None` where the story has no such field.
    fn document(&self) -> Option<Document> {
        None
    }

    /// Whether everything is there that a run needs. A page may have to load a part before the first run of a story.
    fn is_ready() -> bool {
        true
    }

    /// The story's own panels that there are under these values, in the order of the page.
    fn exhibits(_: &Self::Params) -> Vec<ExhibitSpec> {
        Vec::new()
    }

    /// Computes the exhibit `id` under these values, if it is one that is announced as cheap.
    fn cheap_exhibit(_id: &str, _: &Self::Params) -> Option<Exhibit> {
        None
    }

    /// Computes the exhibit `id` under these values, if it is one that is not: it may take a moment.
    fn expensive_exhibit(_id: &str, _: &Self::Params) -> Option<Exhibit> {
        None
    }

    /// What theory says of the system under these values: the same curves under all of them, in the same order.
    fn theory(_: &Self::Params) -> Vec<Theory> {
        Vec::new()
    }

    /// The commands of its terminal; `None` where the story has none.
    fn terminal() -> Option<&'static Terminal> {
        None
    }

    /// What the command at `index` of its terminal answers now.
    fn command(&self, _index: usize, _ctx: &Ctx<Self>) -> Reply {
        Reply::default()
    }

    /// The latest lines of its log, at most so many; `None` where the story has no log.
    fn log(&self, _most: usize, _ctx: &Ctx<Self>) -> Option<LogView> {
        None
    }

    /// Which parameters and actions do nothing under which values, and why.
    fn inert(_: &Self::Params) -> Vec<Rule> {
        Vec::new()
    }

    /// Which parameters are not yet in force as they are set, and from when on they will be.
    fn pending(&self, _ctx: &Ctx<Self>) -> Vec<Rule> {
        Vec::new()
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

    /// Asks the run to remember from now on what moves in the system. It does not change what happens.
    fn watch(&mut self);

    /// What has moved in the system lately. `None` where the run was not asked.
    fn course(&self) -> Option<&Course>;

    /// The samples that a chart draws.
    fn series(&self) -> &Series;

    /// Number of events so far, inputs included.
    fn events(&self) -> u64;

    /// A hash over time, sequence and kind of every event so far: two runs with equal fingerprints were the same.
    fn fingerprint(&self) -> u64;

    /// The system as a diagram.
    fn snapshot(&self) -> Snapshot;

    /// The request at `position` in the content of the node with the id `node`, see [`Scenario::request`].
    fn request(&self, node: &str, position: usize) -> Option<Life>;

    /// What the run keeps of one of its requests, see [`Scenario::record`].
    fn record(&self) -> Option<Waterfall>;

    /// What the learner sorts, see [`Scenario::sorting`].
    fn sorting(&self) -> Option<Sorting>;

    /// The file that the learner edits, see [`Scenario::document`].
    fn document(&self) -> Option<Document>;

    /// Requests that ended not long ago, the latest last: one in each eighth of a sample bucket, at most 64.
    fn ended(&self) -> &VecDeque<Life>;

    /// The commands of its terminal, see [`Scenario::terminal`].
    fn terminal(&self) -> Option<&'static Terminal>;

    /// What `line`, typed into its terminal, comes to at this moment. It changes nothing: where it is an action, that is to
    /// be entered.
    fn command(&self, line: &str) -> Reply;

    /// The latest lines of its log, at most so many, see [`Scenario::log`].
    fn log(&self, most: usize) -> Option<LogView>;

    /// Parameters that do nothing at present, or not yet what they are set to.
    fn inert(&self) -> Vec<Inert>;

    /// Records and pending events that a checkpoint copies: most of what it costs.
    fn live_records(&self) -> u64;

    /// The moment of the latest input that has been applied, and what every metric said just before it.
    fn before_input(&self) -> Option<(SimTime, &[Reading])>;

    /// What the run has told so far, in order of time.
    fn announcements(&self) -> &[Announcement];

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
                kind as u64 + $crate::scenario::kind::FIRST_EVENT
            }
        }
    };
}

/// Declares the actions of a scenario: `Action { Variant in Part = "id" "label" sets { param = value, … } after time, … }`,
/// the doc comment saying what it does and costs; most set no parameter, and most of those that do set it at once. For one that
/// takes time the model says when it is over, by [`Ctx::take_effect`].
#[macro_export]
macro_rules! actions {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $action_doc:literal])+ $variant:ident in $part:ident = $id:literal $label:literal $(sets { $($param:ident = $value:expr),+ } $(after $takes:expr)?)?),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[doc = $action_doc])+ $variant),+ }

        impl $name {
            /// All actions, in the order of their buttons.
            pub const SPEC: &'static [$crate::spec::ActionSpec] = &[$($crate::spec::ActionSpec {
                id: $id,
                label: $label,
                doc: $crate::docs::text(concat!($($action_doc),+).trim_ascii()),
                sets: &[$($((stringify!($param), $value)),+)?],
                takes: {
                    #[allow(unused_mut, unused_assignments, reason = "most actions take no time")]
                    let mut takes = $crate::SimTime::ZERO;
                    $($(takes = $takes;)?)?
                    takes
                },
                part: Part::$part as usize,
            }),+];

            /// The action at `index` in `SPEC`.
            pub fn at(index: usize) -> Option<Self> {
                [$(Self::$variant),+].get(index).copied()
            }
        }
    };
}

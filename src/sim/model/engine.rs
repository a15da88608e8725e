//! What handles the events of a scenario: the context that its handlers see, and the part of a run that is compiled for
//! each scenario. [`run`](crate::run) is the other part.

use std::borrow::Cow;
use std::collections::VecDeque;

use crate::announce::{Announcement, Announcements};
use crate::diagram::Diagram;
use crate::document::Document;
use crate::event_list::{EventHandle, EventList};
use crate::exhibit::{Sorting, Waterfall};
use crate::inert::{Inert, inert};
use crate::metric::{MetricSet, Reading, Sample, Sums};
use crate::parameter::{ParamSet, ReadOnly};
use crate::random::Stream;
use crate::replay::{Input, Replay};
use crate::scenario::{Event, Scenario, kind};
use crate::series::Series;
use crate::snapshot::{Life, Snapshot};
use crate::spec::ScenarioSpec;
use crate::terminal::{LogView, Reply, Terminal};
use crate::time::SimTime;

/// What a handler sees of the run beside its own state.
#[derive(Clone)]
pub struct Ctx<S: Scenario> {
    /// The parameters as they are now. Only the learner sets them: what a model does to itself is part of its state.
    pub params: ReadOnly<S::Params>,
    /// What is counted and measured.
    pub metrics: S::Metrics,
    now: SimTime,
    seed: u64,
    events: EventList<S::Event>,
    told: Told,
}

/// What a run has to tell.
struct Told {
    announcements: Announcements,
    ended: VecDeque<Life>,
    /// The next request to end from here on is remembered.
    remember_from: SimTime,
    remember_every: SimTime,
}

impl Clone for Told {
    #[inline(never)]
    fn clone(&self) -> Self {
        Self { announcements: self.announcements.clone(), ended: self.ended.clone(), ..*self }
    }
}

impl Told {
    fn new(spec: &'static ScenarioSpec) -> Self {
        let width = Series::width_for(spec.length);
        Self {
            announcements: Announcements::new(spec.metrics, width),
            ended: VecDeque::with_capacity(REMEMBERED),
            remember_from: SimTime::ZERO,
            remember_every: SimTime::from_nanos(width.nanos() / 8),
        }
    }

    fn remember(&mut self, now: SimTime, life: Life) {
        self.remember_from = now + self.remember_every;
        if self.ended.len() == REMEMBERED {
            self.ended.pop_front();
        }
        self.ended.push_back(life);
    }
}

impl<S: Scenario> Ctx<S> {
    /// The moment at which the current event happens.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Schedules `event` to happen `delay` from now. Events of one moment happen in the order scheduled, before the
    /// ends of limits.
    pub fn schedule(&mut self, delay: SimTime, event: S::Event) -> EventHandle {
        self.events.push(self.now + delay, event)
    }

    /// Schedules `event`, the end of a limit, to happen `delay` from now, after all other events of that moment: what
    /// takes exactly as long as the limit is in time.
    pub fn schedule_limit(&mut self, delay: SimTime, event: S::Event) -> EventHandle {
        self.events.push_limit(self.now + delay, event)
    }

    /// Removes a scheduled event and tells when it would have happened; `None` if it no longer waits.
    pub fn cancel(&mut self, handle: EventHandle) -> Option<SimTime> {
        self.events.cancel(handle)
    }

    /// An action that takes time is over: the parameters that it sets are set.
    pub fn take_effect(&mut self, action: usize) {
        S::SPEC.sets(action).for_each(|(param, value)| self.params.0.set(param, value));
    }

    /// Something happened that people should know of: `text` says it without a full stop. The same text is told once in
    /// each stretch as long as a sample bucket.
    pub fn announce(&mut self, text: impl Into<Cow<'static, str>>) {
        self.told.announcements.say(self.now, text.into());
    }

    /// A request has ended; its life is told only if it is one of the few that are remembered.
    pub fn end(&mut self, life: impl FnOnce() -> Life) {
        if VIEWS && self.now >= self.told.remember_from {
            self.told.remember(self.now, life());
        }
    }

    /// Announces what has been reached at this moment. Where that is asked after each event, the question is part of the
    /// loop; everywhere else it is [`Ctx::hold_now`].
    #[inline]
    fn hold_against_thresholds(&mut self) {
        if self.metrics.reaches(self.told.announcements.next()) {
            self.hold_now(false);
        }
    }

    /// `acted` where the learner has just done something.
    #[inline(never)]
    fn hold_now(&mut self, acted: bool) {
        let (now, announcements) = (self.now, &mut self.told.announcements);
        self.metrics.levels(&mut |metric, level| announcements.hold(now, metric, level, acted));
    }

    /// The random stream called `name`. Taken once, at the start, one for each concern.
    pub fn stream(&self, name: &str) -> Stream {
        Stream::new(self.seed, name)
    }
}

/// Requests whose lives a run remembers.
const REMEMBERED: usize = 64;

/// Whether runs can be looked at. Where nobody can, a run shows nothing and goes on as ever.
const VIEWS: bool = cfg!(feature = "views");

/// What a run needs of its scenario.
pub trait Machine: Send {
    /// How far it has come: every event up to here has happened.
    fn now(&self) -> SimTime;
    /// When the next event happens.
    fn next_event(&mut self) -> Option<SimTime>;
    /// Handles every event up to `until`; tells how much of the budget is left, or `None` if it ran out before.
    fn drain(&mut self, until: SimTime, budget: u64) -> Option<u64>;
    /// The learner does something at `at`.
    fn apply(&mut self, at: SimTime, input: Input);
    /// A sample bucket ends now; tells what happened in it, with one sample for each metric.
    fn end_bucket(&mut self) -> Vec<Sample>;
    /// Value of the parameter at `index`.
    fn param(&self, index: usize) -> f64;
    /// What the metric at `index` says over the whole run.
    fn read(&self, index: usize) -> Reading;
    /// What the metric at `index` says of the recent past.
    fn recent(&self, index: usize) -> Reading;
    /// What the mean of the metric at `index` is made of.
    fn sums(&self, index: usize) -> Sums;
    /// Number of events so far, inputs included, and a hash over all of them.
    fn count(&self) -> (u64, u64);
    /// The system as a diagram.
    fn snapshot(&self) -> Snapshot;
    /// See [`Scenario::request`].
    fn request(&self, node: &str, position: usize) -> Option<Life>;
    /// See [`Scenario::record`].
    fn record(&self) -> Option<Waterfall>;
    /// See [`Scenario::sorting`].
    fn sorting(&self) -> Option<Sorting>;
    /// See [`Scenario::document`].
    fn document(&self) -> Option<Document>;
    /// Requests that ended not long ago, the latest last.
    fn ended(&self) -> &VecDeque<Life>;
    /// See [`Scenario::terminal`].
    fn terminal(&self) -> Option<&'static Terminal>;
    /// See [`Scenario::command`].
    fn command(&self, index: usize) -> Reply;
    /// See [`Scenario::log`].
    fn log(&self, most: usize) -> Option<LogView>;
    /// Parameters that do nothing at present, or not yet what they are set to.
    fn inert(&self) -> Vec<Inert>;
    /// Records and pending events that a copy copies.
    fn live_records(&self) -> u64;
    /// What it has told so far, in order of time.
    fn announcements(&self) -> &[Announcement];
    /// Equations that hold at every moment.
    #[cfg(feature = "identities")]
    fn identities(&self) -> Vec<crate::scenario::Identity>;
    /// A copy that goes its own way from here.
    fn copy(&self) -> Box<dyn Machine>;
}

/// The machine of a scenario. All that does not depend on the scenario belongs into [`run`](crate::run): each line here is
/// compiled once for each scenario.
#[derive(Clone)]
pub struct MachineOf<S: Scenario> {
    pub(super) model: S,
    pub(super) ctx: Ctx<S>,
    events: u64,
    fingerprint: u64,
}

impl<S: Scenario> MachineOf<S> {
    /// The system at t = 0. Parameters of another scenario are ignored.
    pub fn new(replay: &Replay) -> Self {
        let mut ctx = Ctx {
            params: ReadOnly(S::Params::with(replay.start())),
            metrics: S::Metrics::default(),
            now: SimTime::ZERO,
            seed: replay.seed(),
            events: EventList::new(),
            told: Told::new(replay.spec()),
        };
        let model = S::start(&mut ctx);
        ctx.hold_now(false);
        Self { model, ctx, events: 0, fingerprint: 0 }
    }

    fn record(&mut self, time: SimTime, sequence: u64, kind: u64) {
        self.events += 1;
        let hash = (self.fingerprint ^ time.nanos()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.fingerprint =
            (hash.rotate_left(29) ^ sequence ^ kind.rotate_right(8)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    }

    fn change(&mut self, set: impl FnOnce(&mut Ctx<S>)) {
        let before = self.ctx.params.0;
        set(&mut self.ctx);
        self.model.change(&before, &mut self.ctx);
    }
}

impl<S: Scenario> Machine for MachineOf<S> {
    fn now(&self) -> SimTime {
        self.ctx.now
    }

    fn next_event(&mut self) -> Option<SimTime> {
        self.ctx.events.next_time()
    }

    fn drain(&mut self, until: SimTime, mut budget: u64) -> Option<u64> {
        while budget > 0 {
            let Some(due) = self.ctx.events.pop_until(until) else {
                self.ctx.now = until;
                return Some(budget);
            };
            budget -= 1;
            self.ctx.now = due.time;
            self.record(due.time, due.sequence, due.event.kind());
            self.model.handle(due.event, &mut self.ctx);
            self.ctx.hold_against_thresholds();
        }
        None
    }

    fn apply(&mut self, at: SimTime, input: Input) {
        self.ctx.now = at;
        let sequence = self.ctx.events.take_sequence();
        let kind = match &input {
            Input::Change { .. } => kind::CHANGE,
            Input::Action(_) => kind::ACTION,
            Input::Text { .. } => kind::TEXT,
        };
        self.record(at, sequence, kind);
        match input {
            Input::Change { param, value } => {
                self.change(|ctx| ctx.params.0.set(param, value));
            }
            Input::Action(action) => {
                let spec = &S::SPEC.actions[action];
                if !spec.sets.is_empty() && spec.takes == SimTime::ZERO {
                    self.change(|ctx| ctx.take_effect(action));
                }
                self.model.act(action, &mut self.ctx);
                if let Some(answer) = self.model.answer(action, &self.ctx) {
                    self.ctx.announce(answer);
                }
            }
            Input::Text { field, text } => self.model.enter(field, &text, &mut self.ctx),
        }
        self.ctx.hold_now(true);
    }

    fn end_bucket(&mut self) -> Vec<Sample> {
        let bucket = self.ctx.metrics.close(self.ctx.now);
        self.ctx.told.announcements.see(self.ctx.now, &bucket);
        // A share is known from now on.
        self.ctx.hold_now(false);
        bucket
    }

    fn param(&self, index: usize) -> f64 {
        self.ctx.params.get(index)
    }

    fn read(&self, index: usize) -> Reading {
        self.ctx.metrics.read(index, self.ctx.now)
    }

    fn recent(&self, index: usize) -> Reading {
        self.ctx.metrics.recent(index, self.ctx.now)
    }

    fn sums(&self, index: usize) -> Sums {
        self.ctx.metrics.sums(index, self.ctx.now)
    }

    fn count(&self) -> (u64, u64) {
        (self.events, self.fingerprint)
    }

    fn snapshot(&self) -> Snapshot {
        if VIEWS { self.model.snapshot(&self.ctx) } else { Diagram::new().finish() }
    }

    fn request(&self, node: &str, position: usize) -> Option<Life> {
        if VIEWS { self.model.request(node, position, &self.ctx) } else { None }
    }

    fn record(&self) -> Option<Waterfall> {
        if VIEWS { self.model.record() } else { None }
    }

    fn sorting(&self) -> Option<Sorting> {
        self.model.sorting(&self.ctx)
    }

    fn document(&self) -> Option<Document> {
        if VIEWS { self.model.document() } else { None }
    }

    fn ended(&self) -> &VecDeque<Life> {
        &self.ctx.told.ended
    }

    fn terminal(&self) -> Option<&'static Terminal> {
        S::terminal()
    }

    fn command(&self, index: usize) -> Reply {
        if VIEWS { self.model.command(index, &self.ctx) } else { Reply::default() }
    }

    fn log(&self, most: usize) -> Option<LogView> {
        if VIEWS { self.model.log(most, &self.ctx) } else { None }
    }

    fn inert(&self) -> Vec<Inert> {
        if !VIEWS {
            return Vec::new();
        }
        inert(&S::SPEC, &[S::inert(&self.ctx.params), self.model.pending(&self.ctx)].concat())
    }

    fn live_records(&self) -> u64 {
        self.model.live_records() + self.ctx.events.len() as u64
    }

    fn announcements(&self) -> &[Announcement] {
        self.ctx.told.announcements.told()
    }

    #[cfg(feature = "identities")]
    fn identities(&self) -> Vec<crate::scenario::Identity> {
        self.model.identities(&self.ctx)
    }

    fn copy(&self) -> Box<dyn Machine> {
        Box::new(self.clone())
    }
}

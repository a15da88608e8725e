//! What plays a scenario: the context that its handlers see, and the run itself.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::announce::{Announcement, Announcements};
use crate::course::Course;
use crate::event_list::{EventHandle, EventList};
use crate::inert::{Inert, inert};
use crate::metric::{MetricSet, Reading};
use crate::parameter::{ParamSet, ReadOnly};
use crate::probe::{Followed, MAX_FOLLOWED, Probe, Probes, note};
use crate::random::Stream;
use crate::replay::{Input, Replay};
use crate::scenario::{Event, Playable, Scenario, kind};
use crate::series::Series;
use crate::snapshot::{Life, Snapshot};
use crate::spec::ScenarioSpec;
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
    announcements: Announcements,
    ended: VecDeque<Life>,
    /// The next request to end from here on is remembered.
    remember_from: SimTime,
    remember_every: SimTime,
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
        self.announcements.say(self.now, text.into());
    }

    /// A request has ended; its life is told only if it is one of the few that are remembered.
    pub fn end(&mut self, life: impl FnOnce() -> Life) {
        if self.now < self.remember_from {
            return;
        }
        self.remember_from = self.now + self.remember_every;
        if self.ended.len() == REMEMBERED {
            self.ended.pop_front();
        }
        self.ended.push_back(life());
    }

    /// Announces what has been reached at this moment.
    #[inline]
    fn hold_against_thresholds(&mut self) {
        if self.metrics.reaches(self.announcements.next()) {
            let (now, announcements) = (self.now, &mut self.announcements);
            self.metrics.levels(&mut |metric, level| announcements.rise(now, metric, level));
        }
    }

    /// The random stream called `name`. Taken once, at the start, one for each concern.
    pub fn stream(&self, name: &str) -> Stream {
        Stream::new(self.seed, name)
    }
}

/// Requests whose lives a run remembers.
const REMEMBERED: usize = 64;

/// One run of a scenario.
#[derive(Clone)]
pub struct Run<S: Scenario> {
    replay: Replay,
    /// Inputs of the replay that have been applied.
    applied: usize,
    model: S,
    ctx: Ctx<S>,
    series: Series,
    probes: Probes,
    followed: Vec<(Followed, Vec<Reading>)>,
    course: Option<Course>,
    events: u64,
    fingerprint: u64,
}

impl<S: Scenario> Run<S> {
    /// The run that `replay` describes, at t = 0. Parameters of another scenario are ignored.
    pub fn new(replay: Replay) -> Self {
        let mut params = S::Params::defaults();
        for (index, value) in replay.start().iter().enumerate() {
            params.set(index, *value);
        }
        let series = Series::new(S::Metrics::SPEC, S::SPEC.length);
        let mut ctx = Ctx {
            params: ReadOnly(params),
            metrics: S::Metrics::default(),
            now: SimTime::ZERO,
            seed: replay.seed(),
            events: EventList::new(),
            announcements: Announcements::new(S::Metrics::SPEC, series.width()),
            ended: VecDeque::with_capacity(REMEMBERED),
            remember_from: SimTime::ZERO,
            remember_every: SimTime::from_nanos(series.width().nanos() / 8),
        };
        let model = S::start(&mut ctx);
        let (probes, followed, course) = (Probes::default(), Vec::new(), None);
        ctx.hold_against_thresholds();
        Self { replay, applied: 0, model, ctx, series, probes, followed, course, events: 0, fingerprint: 0 }
    }

    /// The scenario's own state, for tests that know it.
    pub fn model(&self) -> &S {
        &self.model
    }

    /// Metrics and parameters, for tests that know them.
    pub fn ctx(&self) -> &Ctx<S> {
        &self.ctx
    }

    fn record(&mut self, time: SimTime, sequence: u64, kind: u64) {
        self.events += 1;
        let hash = (self.fingerprint ^ time.nanos()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.fingerprint =
            (hash.rotate_left(29) ^ sequence ^ kind.rotate_right(8)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    }

    /// Applies the next input of the replay.
    fn apply(&mut self) {
        let Some((_, input)) = self.replay.inputs().get(self.applied).cloned() else { return };
        self.applied += 1;
        let sequence = self.ctx.events.take_sequence();
        match input {
            Input::Change { param, value } => {
                self.record(self.ctx.now, sequence, kind::CHANGE);
                let before = self.ctx.params.0.clone();
                self.ctx.params.0.set(param, value);
                self.model.change(&before, &mut self.ctx);
            }
            Input::Action(action) => {
                self.record(self.ctx.now, sequence, kind::ACTION);
                let spec = &S::SPEC.actions[action];
                if !spec.sets.is_empty() && spec.takes == SimTime::ZERO {
                    let before = self.ctx.params.0.clone();
                    self.ctx.take_effect(action);
                    self.model.change(&before, &mut self.ctx);
                }
                self.model.act(action, &mut self.ctx);
                if let Some(answer) = self.answer(action) {
                    self.ctx.announcements.say(self.ctx.now, answer.into());
                }
            }
            Input::Text { field, text } => {
                self.record(self.ctx.now, sequence, kind::TEXT);
                self.model.enter(field, &text, &mut self.ctx);
            }
        }
        self.ctx.hold_against_thresholds();
    }

    /// Plays every event up to `until`; tells how much of the budget is left, or `None` if it ran out before.
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

    fn next_input(&self) -> Option<SimTime> {
        self.replay.inputs().get(self.applied).map(|(at, _)| *at)
    }
}

impl<S: Scenario> Playable for Run<S> {
    fn spec(&self) -> &'static ScenarioSpec {
        self.replay.spec()
    }

    fn replay(&self) -> &Replay {
        &self.replay
    }

    fn now(&self) -> SimTime {
        self.ctx.now
    }

    fn next_time(&mut self) -> Option<SimTime> {
        [self.next_input(), self.ctx.events.next_time()].into_iter().flatten().min()
    }

    // At one moment: first the learner's inputs, then the model's events, the ends of limits last, then the sample, then
    // what is remembered.
    fn advance(&mut self, until: SimTime, mut budget: u64) -> bool {
        if until < self.ctx.now {
            return true;
        }
        loop {
            let limit = until.min(self.series.next()).min(self.probes.next());
            if let Some(at) = self.next_input().filter(|at| *at <= limit) {
                if at > SimTime::ZERO {
                    let Some(left) = self.drain(at.previous(), budget) else { return false };
                    budget = left;
                }
                if budget == 0 {
                    return false;
                }
                budget -= 1;
                self.ctx.now = at;
                self.apply();
                continue;
            }
            let Some(left) = self.drain(limit, budget) else { return false };
            budget = left;
            if limit == self.series.next() {
                let bucket = self.ctx.metrics.close(limit);
                self.series.close(&bucket);
                self.ctx.announcements.see(limit, &bucket);
                // A share is known from now on.
                self.ctx.hold_against_thresholds();
                if let Some(course) = &mut self.course {
                    course.add(limit, self.model.snapshot(&self.ctx));
                }
                // Beyond the usual length buckets grow wider and nobody is asked any more.
                if limit <= S::SPEC.length {
                    let metrics = &self.ctx.metrics;
                    note(&mut self.followed, &|each| {
                        let read = if each.recent { MetricSet::recent } else { MetricSet::read };
                        read(metrics, each.metric, limit)
                    });
                }
            }
            if limit == self.probes.next() {
                let metrics = &self.ctx.metrics;
                self.probes.take(S::Metrics::SPEC, &self.series, &|metric| {
                    (metrics.read(metric, limit), metrics.recent(metric, limit), metrics.sums(metric, limit))
                });
            }
            if limit == until {
                return true;
            }
        }
    }

    fn input(&mut self, input: Input) -> Result<SimTime, String> {
        let at = self.ctx.now.next();
        self.replay.add(at, input)?;
        Ok(at)
    }

    fn adopt(&mut self, replay: &Replay) -> bool {
        let (played, planned) = (&self.replay.inputs()[..self.applied], replay.inputs());
        let agrees = planned.get(..self.applied) == Some(played)
            && planned.get(self.applied).is_none_or(|(at, _)| *at > self.ctx.now)
            && (self.replay.spec().id, self.replay.seed()) == (replay.spec().id, replay.seed())
            && self.replay.start() == replay.start();
        if agrees {
            self.replay = replay.clone();
        }
        agrees
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

    fn probe(&mut self, at: SimTime) -> bool {
        self.probes.plan(at, self.ctx.now)
    }

    fn probes(&self) -> &[(SimTime, Arc<[Probe]>)] {
        self.probes.taken()
    }

    fn follow(&mut self, metric: Followed) -> bool {
        if self.followed(metric).is_some() {
            return true;
        }
        let possible = self.series.is_empty() && self.followed.len() < MAX_FOLLOWED;
        if possible {
            self.followed.push((metric, Vec::new()));
        }
        possible
    }

    fn followed(&self, metric: Followed) -> Option<&[Reading]> {
        self.followed.iter().find(|(each, _)| *each == metric).map(|(_, readings)| readings.as_slice())
    }

    fn watch(&mut self) {
        self.course.get_or_insert_default();
    }

    fn course(&self) -> Option<&Course> {
        self.course.as_ref()
    }

    fn series(&self) -> &Series {
        &self.series
    }

    fn events(&self) -> u64 {
        self.events
    }

    fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    fn snapshot(&self) -> Snapshot {
        self.model.snapshot(&self.ctx)
    }

    fn request(&self, node: &str, position: usize) -> Option<Life> {
        self.model.request(node, position, &self.ctx)
    }

    fn ended(&self) -> &VecDeque<Life> {
        &self.ctx.ended
    }

    fn answer(&self, action: usize) -> Option<String> {
        self.model.answer(action, &self.ctx)
    }

    fn inert(&self) -> Vec<Inert> {
        inert(&S::SPEC, &[S::inert(&self.ctx.params), self.model.pending(&self.ctx)].concat())
    }

    fn live_records(&self) -> u64 {
        self.model.live_records() + self.ctx.events.len() as u64
    }

    fn announcements(&self) -> &[Announcement] {
        self.ctx.announcements.told()
    }

    #[cfg(feature = "identities")]
    fn identities(&self) -> Vec<crate::scenario::Identity> {
        self.model.identities(&self.ctx)
    }

    fn checkpoint(&self) -> Box<dyn Playable> {
        Box::new(self.clone())
    }
}

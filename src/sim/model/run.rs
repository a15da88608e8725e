//! One run: its replay, the machine of its scenario, and what is remembered of it. Compiled once, whatever the scenario.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::announce::Announcement;
use crate::course::Course;
use crate::document::Document;
use crate::engine::{Ctx, Machine, MachineOf};
use crate::exhibit::{Sorting, Waterfall};
use crate::inert::Inert;
use crate::metric::Reading;
use crate::probe::{Followed, MAX_FOLLOWED, Probe, Probes};
use crate::replay::{Input, Replay};
use crate::scenario::{Playable, Scenario};
use crate::series::Series;
use crate::snapshot::{Life, Snapshot};
use crate::spec::ScenarioSpec;
use crate::terminal::{LogView, Reply, Terminal};
use crate::time::SimTime;

/// A run on a machine of the type `M`.
pub struct RunOn<M: Machine + ?Sized> {
    machine: Box<M>,
    log: Log,
}

/// A run of the scenario `S`, for those who know it.
pub type Run<S> = RunOn<MachineOf<S>>;

/// What is to be played, and what is remembered.
#[derive(Clone)]
struct Log {
    replay: Replay,
    /// Inputs of the replay that have been applied.
    applied: usize,
    /// The moment of the latest of them, and what every metric said just before it.
    before: Option<(SimTime, Arc<[Reading]>)>,
    series: Series,
    probes: Probes,
    followed: Vec<(Followed, Vec<Reading>)>,
    course: Option<Course>,
}

impl Log {
    fn new(replay: Replay) -> Self {
        let spec = replay.spec();
        let series = Series::new(spec.metrics, spec.length);
        let (probes, followed, course) = (Probes::default(), Vec::new(), None);
        Self { replay, applied: 0, before: None, series, probes, followed, course }
    }

    fn next_input(&self) -> Option<SimTime> {
        self.replay.inputs().get(self.applied).map(|(at, _)| *at)
    }
}

/// The run that `replay` describes, at t = 0.
pub fn start<S: Scenario>(replay: Replay) -> Box<dyn Playable> {
    let machine: Box<dyn Machine> = Box::new(MachineOf::<S>::new(&replay));
    Box::new(RunOn { machine, log: Log::new(replay) })
}

impl<S: Scenario> Run<S> {
    /// The run that `replay` describes, at t = 0. Parameters of another scenario are ignored.
    pub fn new(replay: Replay) -> Self {
        Self { machine: Box::new(MachineOf::new(&replay)), log: Log::new(replay) }
    }

    /// The scenario's own state, for tests that know it.
    pub fn model(&self) -> &S {
        &self.machine.model
    }

    /// Metrics and parameters, for tests that know them.
    pub fn ctx(&self) -> &Ctx<S> {
        &self.machine.ctx
    }
}

impl<M: Machine + ?Sized> RunOn<M> {
    /// A sample bucket has ended.
    fn end_bucket(&mut self) {
        let (now, machine, log) = (self.machine.now(), &mut self.machine, &mut self.log);
        log.series.close(&machine.end_bucket());
        if let Some(course) = &mut log.course {
            course.add(now, machine.snapshot());
        }
        // Beyond the usual length buckets grow wider and nobody is asked any more.
        if now <= log.replay.spec().length {
            for (each, readings) in &mut log.followed {
                readings.push(if each.recent {
                    machine.recent(each.metric)
                } else {
                    machine.read(each.metric)
                });
            }
        }
    }
}

impl<M: Machine + ?Sized> Playable for RunOn<M> {
    fn spec(&self) -> &'static ScenarioSpec {
        self.log.replay.spec()
    }

    fn replay(&self) -> &Replay {
        &self.log.replay
    }

    fn now(&self) -> SimTime {
        self.machine.now()
    }

    fn next_time(&mut self) -> Option<SimTime> {
        [self.log.next_input(), self.machine.next_event()].into_iter().flatten().min()
    }

    // At one moment: first the learner's inputs, then the model's events, the ends of limits last, then the sample, then
    // what is remembered.
    fn advance(&mut self, until: SimTime, mut budget: u64) -> bool {
        if until < self.machine.now() {
            return true;
        }
        loop {
            let limit = until.min(self.log.series.next()).min(self.log.probes.next());
            if let Some((at, input)) = self.log.replay.inputs().get(self.log.applied)
                && *at <= limit
            {
                let (at, input) = (*at, input.clone());
                if at > SimTime::ZERO {
                    let Some(left) = self.machine.drain(at.previous(), budget) else { return false };
                    budget = left;
                }
                if budget == 0 {
                    return false;
                }
                budget -= 1;
                self.log.applied += 1;
                if cfg!(feature = "views") && self.log.before.as_ref().is_none_or(|(other, _)| *other != at) {
                    let metrics = 0..self.spec().metrics.len();
                    self.log.before = Some((at, metrics.map(|metric| self.machine.read(metric)).collect()));
                }
                self.machine.apply(at, input);
                continue;
            }
            let Some(left) = self.machine.drain(limit, budget) else { return false };
            budget = left;
            if limit == self.log.series.next() {
                self.end_bucket();
            }
            if limit == self.log.probes.next() {
                let (machine, log) = (&self.machine, &mut self.log);
                log.probes.take(log.replay.spec().metrics, &log.series, &|metric| {
                    (machine.read(metric), machine.recent(metric), machine.sums(metric))
                });
            }
            if limit == until {
                return true;
            }
        }
    }

    fn input(&mut self, input: Input) -> Result<SimTime, String> {
        let at = self.machine.now().next();
        self.log.replay.add(at, input)?;
        Ok(at)
    }

    fn adopt(&mut self, replay: &Replay) -> bool {
        let Log { replay: own, applied, .. } = &mut self.log;
        let (played, planned) = (&own.inputs()[..*applied], replay.inputs());
        let agrees = planned.get(..*applied) == Some(played)
            && planned.get(*applied).is_none_or(|(at, _)| *at > self.machine.now())
            && (own.spec().id, own.seed()) == (replay.spec().id, replay.seed())
            && own.start() == replay.start();
        if agrees {
            *own = replay.clone();
        }
        agrees
    }

    fn param(&self, index: usize) -> f64 {
        self.machine.param(index)
    }

    fn read(&self, index: usize) -> Reading {
        self.machine.read(index)
    }

    fn recent(&self, index: usize) -> Reading {
        self.machine.recent(index)
    }

    fn before_input(&self) -> Option<(SimTime, &[Reading])> {
        self.log.before.as_ref().map(|(at, readings)| (*at, readings.as_ref()))
    }

    fn probe(&mut self, at: SimTime) -> bool {
        self.log.probes.plan(at, self.machine.now())
    }

    fn probes(&self) -> &[(SimTime, Arc<[Probe]>)] {
        self.log.probes.taken()
    }

    fn follow(&mut self, metric: Followed) -> bool {
        if self.followed(metric).is_some() {
            return true;
        }
        let possible = self.log.series.is_empty() && self.log.followed.len() < MAX_FOLLOWED;
        if possible {
            self.log.followed.push((metric, Vec::new()));
        }
        possible
    }

    fn followed(&self, metric: Followed) -> Option<&[Reading]> {
        self.log.followed.iter().find(|(each, _)| *each == metric).map(|(_, readings)| readings.as_slice())
    }

    fn watch(&mut self) {
        self.log.course.get_or_insert_default();
    }

    fn course(&self) -> Option<&Course> {
        self.log.course.as_ref()
    }

    fn series(&self) -> &Series {
        &self.log.series
    }

    fn events(&self) -> u64 {
        self.machine.count().0
    }

    fn fingerprint(&self) -> u64 {
        self.machine.count().1
    }

    fn snapshot(&self) -> Snapshot {
        self.machine.snapshot()
    }

    fn request(&self, node: &str, position: usize) -> Option<Life> {
        self.machine.request(node, position)
    }

    fn record(&self) -> Option<Waterfall> {
        self.machine.record()
    }

    fn sorting(&self) -> Option<Sorting> {
        self.machine.sorting()
    }

    fn document(&self) -> Option<Document> {
        self.machine.document()
    }

    fn ended(&self) -> &VecDeque<Life> {
        self.machine.ended()
    }

    fn terminal(&self) -> Option<&'static Terminal> {
        self.machine.terminal()
    }

    fn command(&self, line: &str) -> Reply {
        let Some(terminal) = self.machine.terminal() else { return Reply::default() };
        terminal.reply(line, self.spec(), &|index| self.machine.command(index))
    }

    fn log(&self, most: usize) -> Option<LogView> {
        self.machine.log(most)
    }

    fn inert(&self) -> Vec<Inert> {
        self.machine.inert()
    }

    fn live_records(&self) -> u64 {
        self.machine.live_records()
    }

    fn announcements(&self) -> &[Announcement] {
        self.machine.announcements()
    }

    #[cfg(feature = "identities")]
    fn identities(&self) -> Vec<crate::scenario::Identity> {
        self.machine.identities()
    }

    fn checkpoint(&self) -> Box<dyn Playable> {
        Box::new(RunOn { machine: self.machine.copy(), log: self.log.clone() })
    }
}

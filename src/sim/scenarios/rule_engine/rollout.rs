//! The way of a change: gates, push or deployment, canary, live.

use std::sync::Arc;

use super::gates::{ABORT_Z, FEWEST_TRIED, Gates, Trial};
use super::live::LiveFile;
use super::reading;
use super::tables::{CanaryCompare, Event, LogicHome, Params};
use super::{Context, RuleEngine};
use crate::snapshot::{Life, Span};
use crate::time::SimTime;

/// Changes under way from which on no other is let in, so that memory is bounded.
const MOST_CHANGES: usize = 200;

/// What a change under way does, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Rollout,
    Waiting,
    Canary,
}

impl Stage {
    const fn name(self) -> &'static str {
        match self {
            Self::Rollout => "was rolled out",
            Self::Waiting => "waited for the canary",
            Self::Canary => "was tried by the canary",
        }
    }
}

/// A change that was pushed and has neither come through nor been stopped.
#[derive(Clone, Debug)]
pub struct Change {
    pub id: u32,
    /// The new file; `None` where it changes no price.
    text: Option<Arc<str>>,
    pub stage: Stage,
    /// When it was pushed, and when it began to wait and to be tried.
    began: [SimTime; 3],
}

impl Change {
    /// When it was pushed.
    pub fn pushed(&self) -> SimTime {
        self.began[0]
    }

    /// What has become of it by `now`, with its outcome if it is over.
    pub fn life(&self, now: SimTime, outcome: Option<&'static str>) -> Life {
        let last = self.stage as usize;
        let spans = [Stage::Rollout, Stage::Waiting, Stage::Canary].into_iter().take(last + 1);
        let spans = spans.enumerate().map(|(at, stage)| {
            let to = if at == last { outcome.map(|_| now) } else { self.began.get(at + 1).copied() };
            Span::new(stage.name(), self.began[at], to)
        });
        Life {
            arrived: self.began[0],
            spans: spans.collect(),
            outcome,
            failed: outcome.is_some_and(|outcome| outcome != "live"),
        }
    }
}

/// A change that some orders try.
#[derive(Clone, Debug)]
pub struct Canary {
    pub id: u32,
    /// The new file; `None` where it prices as the live file does.
    pub file: Option<LiveFile>,
    /// How it is judged, as it was when it began.
    pub compare: CanaryCompare,
    pub tried: Sample,
    pub others: Sample,
    /// Orders that cost something else.
    pub differing: u64,
}

/// Prices that were seen: their number, sum and sum of squares, in cents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    pub count: u64,
    sum: i128,
    squares: i128,
}

impl Sample {
    pub fn add(&mut self, price: i64) {
        let price = i128::from(price);
        self.count += 1;
        self.sum += price;
        self.squares += price * price;
    }

    /// Mean, unbiased variance and number.
    fn moments(self) -> (f64, f64, f64) {
        let count = self.count as f64;
        let mean = self.sum as f64 / count;
        let variance = (self.squares as f64 - self.sum as f64 * mean) / (count - 1.0);
        (mean, variance.max(0.0), count)
    }
}

impl Canary {
    /// Why it is taken back, if it is.
    fn verdict(&self) -> Option<&'static str> {
        match self.compare {
            CanaryCompare::Shadow => {
                (self.differing > 0).then_some("Canary aborted: shadow prices differ from those charged")
            }
            CanaryCompare::TwoSample => {
                let [tried, others] = [self.tried, self.others].map(Sample::moments);
                let is_enough = tried.2.min(others.2) >= FEWEST_TRIED;
                (is_enough && Trial::z(tried, others) > ABORT_Z)
                    .then_some("Canary aborted: its orders cost something else on average than the others")
            }
        }
    }
}

impl Params {
    /// The gates that there are.
    pub fn gates(&self) -> Gates {
        Gates {
            parser: self.gate_parser,
            schema: self.gate_schema,
            golden: self.gate_golden.then_some(self.golden_set as usize),
            typed: self.gate_typed,
        }
    }

    /// What can be expected of the canary, if there is one.
    pub fn trial(&self) -> Option<Trial> {
        let all = self.orders_per_min as f64 * self.canary_min;
        let share = self.canary_pct / 100.0;
        (share > 0.0).then_some(Trial {
            tried: all * share,
            others: all * (1.0 - share),
            is_shadow: self.canary_compare == CanaryCompare::Shadow,
        })
    }

    fn push_takes(&self) -> SimTime {
        SimTime::from_secs_f64(match self.logic_home {
            LogicHome::Config => self.config_push_s,
            LogicHome::Code => self.code_deploy_s,
        })
    }

    /// How long it takes until the file before is live again.
    pub fn revert_takes(&self) -> SimTime {
        SimTime::from_secs_f64(match self.logic_home {
            LogicHome::Config => self.config_push_s,
            LogicHome::Code => self.rollback_s,
        })
    }
}

impl RuleEngine {
    /// Somebody pushes a file, or a change of no price. `who` begins a sentence about the file.
    fn push(&mut self, text: Option<Arc<str>>, who: &str, ctx: &mut Context) {
        ctx.metrics.changes_pushed.add_one();
        if let Some(text) = &text
            && let Some(why) = reading::stopped(text, &ctx.params, &self.added)
        {
            ctx.metrics.changes_refused.add_one();
            ctx.announce(format!("{who} {why}"));
            return;
        }
        if self.changes.len() >= MOST_CHANGES {
            ctx.metrics.changes_refused.add_one();
            ctx.announce("Too many changes are on their way: one is turned away");
            return;
        }
        let (id, now) = (self.next_number(), ctx.now());
        self.changes.push(Change { id, text, stage: Stage::Rollout, began: [now; 3] });
        ctx.schedule(ctx.params.push_takes(), Event::RolledOut(id));
        self.count_changes(ctx);
    }

    fn count_changes(&self, ctx: &mut Context) {
        ctx.metrics.changes_under_way.set(ctx.now(), self.changes.len() as u64);
    }

    /// The learner pushes the file as it is edited. Whoever presses twice pushes once.
    pub(super) fn push_draft(&mut self, ctx: &mut Context) {
        let latest = self.changes.iter().rev().find_map(|change| change.text.as_ref());
        if *latest.unwrap_or(&self.live.text) == self.draft {
            ctx.announce(if latest.is_some() {
                "Your file is on its way already"
            } else {
                "Your file is live already"
            });
            return;
        }
        self.push(Some(self.draft.clone()), "Your file", ctx);
    }

    /// A colleague pushes a change, which may have a fault. Both coins are thrown each time.
    pub(super) fn push_routine(&mut self, ctx: &mut Context) {
        let [is_faulty, which] = std::array::from_fn(|_| self.faults.unit());
        let text = (is_faulty < ctx.params.fault_share).then(|| reading::faulty(&ctx.params, Some(which)));
        self.push(text.flatten().map(Arc::from), "A routine change", ctx);
    }

    pub(super) fn push_drill(&mut self, ctx: &mut Context) {
        if let Some(text) = reading::faulty(&ctx.params, None) {
            self.push(Some(text.into()), "The changed file", ctx);
        }
    }

    /// The push or deployment of a change is over.
    pub(super) fn roll_out(&mut self, id: u32, ctx: &mut Context) {
        if ctx.params.canary_pct > 0.0 {
            let now = ctx.now();
            if let Some(change) = self.changes.iter_mut().find(|change| change.id == id) {
                change.stage = Stage::Waiting;
                change.began[1..].fill(now);
            }
            self.next_canary(ctx);
        } else {
            self.come_through(id, ctx);
        }
    }

    /// The canary takes the first change in line, if it is free and one waits.
    fn next_canary(&mut self, ctx: &mut Context) {
        while self.canary.is_none()
            && let Some(change) = self.changes.iter_mut().find(|change| change.stage == Stage::Waiting)
        {
            change.stage = Stage::Canary;
            change.began[2] = ctx.now();
            let id = change.id;
            let (version, off) = (ctx.params.yaml_version, self.switched);
            let read = |text: &Arc<str>| LiveFile::read(id, text.clone(), version, off);
            let file = change.text.as_ref().map(read);
            if file.as_ref().is_some_and(|file| file.engine.fault().is_some()) {
                self.abort(id, "Canary aborted: its engine cannot run the file", ctx);
                continue;
            }
            let (tried, others) = Default::default();
            let compare = ctx.params.canary_compare;
            self.canary = Some(Canary { id, file, compare, tried, others, differing: 0 });
            ctx.schedule_limit(SimTime::from_secs_f64(ctx.params.canary_min * 60.0), Event::CanaryEnd(id));
        }
    }

    pub(super) fn end_canary(&mut self, id: u32, ctx: &mut Context) {
        let Some(canary) = self.canary.take_if(|canary| canary.id == id) else { return };
        match canary.verdict() {
            Some(why) => self.abort(id, why, ctx),
            None => self.come_through(id, ctx),
        }
        self.next_canary(ctx);
    }

    fn take(&mut self, id: u32) -> Option<Change> {
        let at = self.changes.iter().position(|change| change.id == id)?;
        Some(self.changes.remove(at))
    }

    fn abort(&mut self, id: u32, why: &'static str, ctx: &mut Context) {
        let Some(change) = self.take(id) else { return };
        let now = ctx.now();
        self.books.stopped_nanos += u128::from((now - change.pushed()).nanos());
        ctx.metrics.canary_aborted.add_one();
        ctx.announce(why);
        ctx.end(|| change.life(now, Some("stopped by the canary")));
        self.count_changes(ctx);
    }

    /// A change reaches the engine.
    fn come_through(&mut self, id: u32, ctx: &mut Context) {
        let Some(change) = self.take(id) else { return };
        let now = ctx.now();
        self.books.through_canary += u64::from(change.stage == Stage::Canary);
        ctx.metrics.changes_live.add_one();
        ctx.metrics.lead_time_s.observe(now - change.began[0]);
        ctx.end(|| change.life(now, Some("live")));
        self.count_changes(ctx);
        if let Some(text) = change.text {
            self.install(id, text, ctx);
        }
    }
}

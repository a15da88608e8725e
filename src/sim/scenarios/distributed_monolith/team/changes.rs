//! The way of a change from the merge to production.

use super::tables::{Event, Params};
use super::trend::LastDay;
use super::{Counts, DAY, MOST_SERVICES, MOST_TOUCHED, MonolithTeam};
use crate::engine::Ctx;
use crate::random::Stream;
use crate::resource::fifo::Fifo;
use crate::snapshot::{Life, Span};
use crate::time::SimTime;

/// What a change does at each pipeline of its way, in this order; it is in production after its last run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Waiting,
    Running,
    HandedOver,
}

impl Stage {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Waiting, "waited for a pipeline"),
        (Self::Running, "was deployed"),
        (Self::HandedOver, "was handed over"),
    ];
}

/// Steps of the longest way.
const MOST_STEPS: usize = MOST_TOUCHED * Stage::ALL.len();

/// A change that has been merged and is not in production.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The pipelines of its way, of which there are so many.
    route: [u8; MOST_TOUCHED],
    pipelines: u8,
    /// The step that it is at, from 0 on; three for each pipeline.
    step: u8,
    /// When each step began.
    began: [SimTime; MOST_STEPS],
}

impl Change {
    /// A change to these pipelines that is merged now.
    fn new((route, pipelines): ([u8; MOST_TOUCHED], u8), now: SimTime) -> Self {
        Self { route, pipelines, step: 0, began: [now; MOST_STEPS] }
    }

    pub fn stage(&self) -> Stage {
        Stage::ALL[usize::from(self.step) % Stage::ALL.len()].0
    }

    pub fn merged(&self) -> SimTime {
        self.began[0]
    }

    /// When its present step began.
    pub fn since(&self) -> SimTime {
        self.began[usize::from(self.step) % MOST_STEPS]
    }

    /// How long it has been handed over by `now`, at all pipelines together.
    pub fn handed_for(&self, now: SimTime) -> SimTime {
        let last = usize::from(self.step).min(MOST_STEPS - 1);
        let handed = (0..=last).filter(|step| Stage::ALL[step % Stage::ALL.len()].0 == Stage::HandedOver);
        let until = |step: usize| if step == last { now } else { self.began[step + 1] };
        handed.fold(SimTime::ZERO, |sum, step| sum + (until(step) - self.began[step]))
    }

    /// Position on its way.
    fn position(&self) -> usize {
        usize::from(self.step) / Stage::ALL.len() % MOST_TOUCHED
    }

    /// The pipeline that it waits for, is in, or has been through last.
    fn pipeline(&self) -> usize {
        usize::from(self.route[self.position()])
    }

    /// Runs that it still needs, one under way included.
    pub fn runs_to_come(&self) -> u64 {
        let done = self.position() + usize::from(self.stage() == Stage::HandedOver);
        u64::from(self.pipelines) - done as u64
    }

    fn go_on(&mut self, now: SimTime) {
        self.step += 1;
        self.began[usize::from(self.step) % MOST_STEPS] = now;
    }

    /// What has become of it by `now`, with its outcome if it is over.
    pub fn life(&self, now: SimTime, outcome: Option<&'static str>) -> Life {
        let last = usize::from(self.step).min(MOST_STEPS - 1);
        let spans = (0..=last).map(|step| {
            let to = if step == last { outcome.map(|_| now) } else { Some(self.began[step + 1]) };
            Span::new(Stage::ALL[step % Stage::ALL.len()].1, self.began[step], to)
        });
        Life { arrived: self.merged(), spans: spans.collect(), outcome, failed: false }
    }
}

/// A pipeline: one run at a time, first come, first served.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pipeline {
    pub line: Fifo,
    /// The change under way, and since when.
    pub running: Option<(u32, SimTime)>,
    /// Time that ended runs took, in nanoseconds.
    pub worked: u64,
    last_day: LastDay,
}

impl Pipeline {
    /// Runs under way and to come of those that have joined.
    fn backlog(&self) -> usize {
        self.line.len() + usize::from(self.running.is_some())
    }

    /// Time that runs have taken by `now`, in nanoseconds.
    pub fn worked_by(&self, now: SimTime) -> u64 {
        self.worked + self.running.map_or(0, |(_, began)| (now - began).nanos())
    }
}

/// The way of a change that touches as many services as these parameters say, none of them twice, each set of services as
/// likely as any other and in any order: pipelines that several of them share are passed once, when the first is due. The
/// stream gives as many numbers whatever the way is.
fn way(params: &Params, stream: &mut Stream) -> ([u8; MOST_TOUCHED], u8) {
    let services = (params.services as usize).clamp(1, MOST_SERVICES);
    let touched = (params.services_per_change as usize).min(services);
    let mut order: [u8; MOST_SERVICES] = std::array::from_fn(|service| service as u8);
    let (mut route, mut length) = ([0; MOST_TOUCHED], 0);
    for position in 0..MOST_TOUCHED {
        let unit = stream.unit();
        if position < touched {
            order.swap(position, position + (unit * (services - position) as f64) as usize);
            let pipeline = params.pipeline_of(order[position]);
            if !route[..length].contains(&pipeline) {
                route[length] = pipeline;
                length += 1;
            }
        }
    }
    (route, length as u8)
}

impl MonolithTeam {
    /// A developer merges a change.
    pub(super) fn merge(&mut self, ctx: &mut Ctx<Self>) {
        ctx.metrics.merged.add_one();
        let way = way(&ctx.params, &mut self.touched);
        self.counts.planned += u64::from(way.1);
        let id = self.changes.insert(Change::new(way, ctx.now()));
        self.join(id, ctx);
    }

    /// The change `id` joins the line of its next pipeline.
    fn join(&mut self, id: u32, ctx: &mut Ctx<Self>) {
        let pipeline = self.changes[id].pipeline();
        self.pipelines[pipeline].line.join(&mut self.changes, id);
        self.run_next(pipeline, ctx);
    }

    /// The pipeline takes the next change, if it is free and one waits.
    fn run_next(&mut self, at: usize, ctx: &mut Ctx<Self>) {
        let pipeline = &mut self.pipelines[at];
        if pipeline.running.is_some() {
            return;
        }
        let Some(id) = pipeline.line.take_first(&mut self.changes) else { return };
        let now = ctx.now();
        pipeline.running = Some((id, now));
        let change = &mut self.changes[id];
        ctx.metrics.pipeline_wait_min.observe(now - change.since());
        change.go_on(now);
        self.counts.begun += 1;
        ctx.schedule(SimTime::from_secs_f64(ctx.params.pipeline_min * 60.0), Event::RunEnd(at as u32));
    }

    /// A run of the pipeline ends: its change is in production, or is handed over to whoever has the next service.
    pub(super) fn end_run(&mut self, at: usize, ctx: &mut Ctx<Self>) {
        let Some(pipeline) = self.pipelines.get_mut(at) else { return };
        let Some((id, began)) = pipeline.running.take() else { return };
        let now = ctx.now();
        pipeline.worked += (now - began).nanos();
        let Counts { ended, handed, .. } = &mut self.counts;
        *ended += 1;
        let change = &mut self.changes[id];
        if change.runs_to_come() > 1 {
            *handed += 1;
            change.go_on(now);
            let pause = SimTime::from_secs_f64(ctx.params.coordination_min * 60.0);
            ctx.schedule(pause, Event::HandedOver(id));
        } else {
            ctx.metrics.shipped.add_one();
            ctx.metrics.lead_time_min.observe(now - change.merged());
            let change = *change;
            ctx.end(|| change.life(now, Some("shipped")));
            self.changes.remove(id);
        }
        self.run_next(at, ctx);
    }

    /// The change `id` has been handed over.
    pub(super) fn take_over(&mut self, id: u32, ctx: &mut Ctx<Self>) {
        self.counts.taken += 1;
        self.changes[id].go_on(ctx.now());
        self.join(id, ctx);
    }

    /// A working hour is over.
    pub(super) fn end_hour(&mut self, ctx: &mut Ctx<Self>) {
        let (now, hour, metrics) = (ctx.now(), self.hours, &mut ctx.metrics);
        self.hours += 1;
        let merged = self.merged_last_day.end_hour(hour, metrics.merged.total());
        let shipped = self.shipped_last_day.end_hour(hour, metrics.shipped.total());
        metrics.merged_last_day.set(now, merged);
        metrics.shipped_last_day.set(now, shipped);
        let worked = |pipeline: &mut Pipeline| pipeline.last_day.end_hour(hour, pipeline.worked_by(now));
        let most = self.pipelines.iter_mut().map(worked).max().unwrap_or_default();
        // A few busy hours are no busy day.
        if now >= DAY {
            metrics.pipeline_utilization_pct.set(now, 100.0 * most as f64 / DAY.as_nanos_f64());
        }
    }

    /// What has changed is measured.
    pub(super) fn settle(&self, ctx: &mut Ctx<Self>) {
        let (now, pipelines) = (ctx.now(), || self.pipelines.iter());
        let run_min = ctx.params.pipeline_min;
        let longest = pipelines().map(Pipeline::backlog).max().unwrap_or_default();
        let metrics = &mut ctx.metrics;
        metrics.in_pipelines.set(now, self.changes.len() as u64);
        metrics.deploy_queue.set(now, pipelines().map(|pipeline| pipeline.line.len() as u64).sum());
        metrics
            .pipelines_busy
            .set(now, pipelines().filter(|pipeline| pipeline.running.is_some()).count() as u64);
        metrics.deploy_backlog_min.set(now, longest as f64 * run_min);
    }
}

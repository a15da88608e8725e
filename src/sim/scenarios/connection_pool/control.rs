//! What the team decides, what the capacities are, and what each second says.

use super::hold_time::Held;
use super::tables::{Action, Event};
use super::{ConnectionPool, NORMAL_CALLS, NORMAL_LOAD, PAGED, SECOND};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::money::micros;
use crate::resource::rolling::Rolling;
use crate::time::SimTime;

/// Waits longer than this are not good.
const GOOD_WAIT: SimTime = SimTime::from_secs(2);
/// Loads of the downstream system above this, in percent, are not safe.
const SAFE_LOAD: f64 = 90.0;

/// What was decided, and what goes on because of it.
#[derive(Clone, Debug, Default)]
pub struct Controls {
    pub spike: Option<EventHandle>,
    pub holiday: Option<EventHandle>,
    /// Instances that are still to be drained after the one that is, the next last.
    pub to_drain: Vec<usize>,
    /// Instances that there will be when all are; the others are not started again.
    pub to_keep: usize,
}

/// What happened in the last ten seconds, and in the one under way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window {
    completed: Rolling<u64, 10>,
    good: Rolling<u64, 10>,
    /// Our busy slots of the downstream system, in slots × nanoseconds.
    calls: Rolling<f64, 10>,
    others_ok: Rolling<u64, 10>,
    pub held: Rolling<Held, 10>,
    pub completed_now: u64,
    pub good_now: u64,
    pub failed_now: u64,
    pub longest_wait: SimTime,
    calls_before: f64,
    others_ok_before: u64,
    queue_before: u64,
}

/// How busy our slots of the downstream system have been so far, in slots × nanoseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Calls {
    integral: f64,
    since: SimTime,
}

type Context = Ctx<ConnectionPool>;

/// Transactions in line for a worker or a connection.
fn waiting(ctx: &Context) -> u64 {
    ctx.metrics.queue_depth.value() + ctx.metrics.worker_queue.value()
}

impl ConnectionPool {
    /// Traffic as it is now.
    pub(super) fn set_rate(&mut self, ctx: &mut Context) {
        let is_spike = ctx.now() >= SimTime::from_secs_f64(ctx.params.spike_at_s);
        let factor = if is_spike { ctx.params.spike_multiplier } else { 1.0 };
        self.arrivals.set_rate(ctx.params.base_tx_s * factor, Event::Arrive, ctx);
    }

    /// When the spike begins, and when the calendar acts before it.
    pub(super) fn plan_spike(&mut self, ctx: &mut Context) {
        for handle in [self.controls.spike.take(), self.controls.holiday.take()].into_iter().flatten() {
            ctx.cancel(handle);
        }
        let (now, spike) = (ctx.now(), SimTime::from_secs_f64(ctx.params.spike_at_s));
        if spike > now && ctx.params.spike_multiplier != 1.0 {
            self.controls.spike = Some(ctx.schedule(spike - now, Event::Spike));
        }
        if ctx.params.calendar_listed {
            let lead = spike - SimTime::from_secs_f64(ctx.params.calendar_lead_s);
            self.controls.holiday = Some(ctx.schedule(lead - now, Event::Holiday));
        }
    }

    /// How much the database and the downstream system can do, as the parameters now say.
    pub(super) fn set_capacities(&mut self, ctx: &mut Context) {
        let (now, params) = (ctx.now(), &ctx.params);
        self.database.jobs.set_capacity(now, params.db_parallelism as f64, params.db_contention);
        // What other people's load leaves free, in units of our share, which keeps NORMAL_CALLS slots busy. Where it
        // leaves nothing, a point of the normal capacity still gets through.
        let share = params.downstream_share_points;
        let free = (100.0 * params.downstream_scale - (NORMAL_LOAD - share)).max(1.0) / share * NORMAL_CALLS;
        self.count_calls(now);
        self.downstream.jobs.set_capacity(now, free, 0.0);
        self.others.set(now, share, SimTime::from_millis_f64(params.downstream_timeout_ms));
        self.plan_statement_end(ctx);
        self.downstream.plan(ctx);
    }

    pub(super) fn take_action(&mut self, action: Action, ctx: &mut Context) {
        match action {
            Action::HotPatchSleep
            | Action::CancelAbandonedNow
            | Action::StopRetries
            | Action::Shed
            | Action::LookAtHoldTime
            | Action::VoteRestart
            | Action::VoteBleed
            | Action::VoteSomethingElse
            | Action::VoteDrain => {}
            Action::RestartNow => self.restart_all(ctx),
            Action::GradualDrain => self.drain_all(ctx),
            Action::ResizePool => {
                if ctx.params.pool_dynamic {
                    self.resize_all(ctx.params.pool_size, ctx);
                }
            }
        }
    }

    /// Counts how busy our slots downstream have been, and how the calls of others fared meanwhile; to be called before
    /// the number of our calls or of our slots changes.
    #[inline]
    pub(super) fn count_calls(&mut self, now: SimTime) {
        let (jobs, since) = (&self.downstream.jobs, self.calls.since);
        self.calls.integral += jobs.busy() * (now - since).as_nanos_f64();
        self.others.pass(since, now, jobs.rate());
        self.calls.since = now;
    }

    /// How the calls of others ended in the second that is over.
    fn count_others(&mut self, now: SimTime, seconds: f64, ctx: &mut Context) {
        let (ok, timed_out) = self.others.ended(now);
        let window = &mut self.window;
        *window.others_ok.at(now) = ok - window.others_ok_before;
        window.others_ok_before = ok;
        let metrics = &mut ctx.metrics;
        metrics.others_ok_tx_s.set(now, window.others_ok.iter().sum::<u64>() as f64 / seconds);
        metrics.others_timeout.add(timed_out - metrics.others_timeout.total());
    }

    /// A second is over: what it says of the last ten.
    pub(super) fn count_second(&mut self, ctx: &mut Context) {
        let now = ctx.now();
        self.count_calls(now);
        let window = &mut self.window;
        window.held.at(now);
        *window.completed.at(now) = window.completed_now;
        *window.good.at(now) = window.good_now;
        *window.calls.at(now) = self.calls.integral - window.calls_before;
        window.calls_before = self.calls.integral;
        let seconds = Rolling::<u64, 10>::seconds(now);
        self.count_others(now, seconds, ctx);
        let window = &mut self.window;
        let rate = |counts: &Rolling<u64, 10>| counts.iter().sum::<u64>() as f64 / seconds;
        let metrics = &mut ctx.metrics;
        metrics.throughput_tx_s.set(now, rate(&window.completed));
        metrics.goodput_tx_s.set(now, rate(&window.good));
        let busy = window.calls.iter().sum::<f64>() / (seconds * SECOND.nanos() as f64);
        let share = ctx.params.downstream_share_points;
        let load = (NORMAL_LOAD - share + share * busy / NORMAL_CALLS) / ctx.params.downstream_scale;
        let load = load.min(100.0);
        metrics.downstream_util.set(now, load);
        let (completed, failed) = (self.window.completed_now, self.window.failed_now);
        let is_safe = load <= SAFE_LOAD;
        if is_safe {
            metrics.safe_completed.add(completed);
        }
        let few_failed = failed * 100 <= completed + failed;
        if is_safe && few_failed && completed > 0 && self.waits_within(GOOD_WAIT, now) {
            ctx.metrics.slo_ok_s.add_one();
        }
        let queue = waiting(ctx);
        let grown = queue.saturating_sub(self.window.queue_before);
        if now > PAGED {
            ctx.metrics.bled_usd.enter((grown as i64).saturating_mul(micros(ctx.params.ticket_usd)));
        }
        let window = &mut self.window;
        (window.completed_now, window.good_now, window.failed_now, window.queue_before) = (0, 0, 0, queue);
        window.longest_wait = SimTime::ZERO;
        self.show_gauges(ctx);
    }

    /// Gauges that a second's change says enough of.
    pub(super) fn show_gauges(&self, ctx: &mut Context) {
        let waiting = waiting(ctx);
        let (now, metrics) = (ctx.now(), &mut ctx.metrics);
        let arrived = metrics.arrived.total();
        if arrived > 0 {
            metrics.completed_ratio.set(now, metrics.completed.total() as f64 / arrived as f64);
        }
        metrics.at_risk_usd.set(now, waiting as f64 * ctx.params.ticket_usd);
        let usable: u64 = self.instances[..self.active].iter().map(|instance| instance.usable).sum();
        let used = metrics.connections_in_use.value() as f64 / usable.max(1) as f64;
        metrics.pool_utilization.set(now, used.min(1.0));
        let statements = metrics.db_running.value() as f64;
        metrics.db_load.set(now, 100.0 * statements / ctx.params.db_parallelism as f64);
        metrics.breaker_is_open.set(now, u64::from(self.breaker.is_open()));
        let completed: u64 = self.window.completed.iter().sum();
        let good: u64 = self.window.good.iter().sum();
        if metrics.completed.total() > 0 {
            metrics.zombie_share.set(now, (completed - good) as f64 / completed.max(1) as f64);
        }
    }
}

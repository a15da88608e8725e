//! Where requests come from, and how they leave.

use super::QueueingLab;
use super::tables::{Discipline, Event, Failure};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::metric::FailureReason;
use crate::random::exponential;
use crate::snapshot::Life;
use crate::time::SimTime;

/// Requests that the lab holds at most, so that memory is bounded; more are rejected. No textbook formula at a
/// setting that a person would watch comes near it.
const MAX_IN_SYSTEM: u64 = 2_000_000;

/// What happens to a request that is in the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Waiting,
    InService,
    Sharing,
}

/// A request that is in the system.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    pub arrived: SimTime,
    /// Service it still needs: in units of the mean while it waits, in nanoseconds from when its service has begun.
    pub size: f64,
    pub began: SimTime,
    /// Service it was given while it shared the servers, before it came to stand in line.
    pub given: SimTime,
    /// The end of its patience or of its service.
    pub timer: EventHandle,
    pub state: State,
    pub from_client: bool,
    pub has_begun: bool,
    pub has_waited: bool,
}

impl QueueingLab {
    /// Starts, stops or changes the open arrivals and the clients, as the parameters now say.
    pub(super) fn set_sources(&mut self, ctx: &mut Ctx<Self>) {
        let clients = ctx.params.clients;
        let rate = if clients == 0 { ctx.params.arrivals_per_s } else { 0.0 };
        self.arrivals.set_rate(rate, Event::Arrive, ctx);
        while self.members < clients {
            self.members += 1;
            self.think(ctx);
        }
    }

    fn think(&mut self, ctx: &mut Ctx<Self>) {
        self.thinking += 1;
        let thought = SimTime::from_millis_f64(self.think.exponential() * ctx.params.think_ms);
        ctx.schedule(thought, Event::Submit);
    }

    pub(super) fn arrive(&mut self, from_client: bool, ctx: &mut Ctx<Self>) {
        ctx.metrics.arrived.add_one();
        // Drawn for everybody, whatever the distribution and whether it has to wait or not: the streams stay in step.
        let service = self.service.unit();
        let size = ctx.params.service_distribution.shape().sample(service);
        let in_system = ctx.metrics.in_system.value();
        let at_once = in_system < ctx.params.servers;
        let limit = if ctx.params.queue_limit == 0 { u64::MAX } else { ctx.params.queue_limit };
        let room = ctx.params.may_wait && ctx.metrics.waiting.value() < limit;
        if !at_once && !room || in_system >= MAX_IN_SYSTEM {
            self.reject(from_client, ctx);
            return;
        }
        ctx.metrics.wait_probability.add(!at_once);
        ctx.metrics.in_system.set(ctx.now(), in_system + 1);
        let id = self.requests.insert(Request {
            arrived: ctx.now(),
            size,
            began: ctx.now(),
            given: SimTime::ZERO,
            timer: EventHandle::NONE,
            state: State::Waiting,
            from_client,
            has_begun: false,
            has_waited: false,
        });
        if ctx.params.discipline == Discipline::ProcessorSharing {
            self.join_sharing(id, ctx);
            self.share(ctx);
        } else if at_once {
            Self::set_busy(ctx.metrics.busy.value() + 1, ctx);
            self.begin(id, ctx);
        } else {
            if ctx.params.patience_ms > 0.0 {
                let patience = exponential(self.patience_of(ctx.metrics.arrived.total()));
                let patience = SimTime::from_millis_f64(patience * ctx.params.patience_ms);
                self.requests[id].timer = ctx.schedule_limit(patience, Event::GiveUp(id));
            }
            self.queue.join(&mut self.requests, id);
            Self::set_waiting(ctx.metrics.waiting.value() + 1, ctx);
        }
    }

    /// The draw of the request that arrived as the `nth`, whether those before it needed theirs or not: the stream stays in
    /// step, and where nobody is impatient it costs nothing.
    fn patience_of(&mut self, nth: u64) -> f64 {
        (self.patiences_drawn + 1..nth).for_each(|_| {
            self.patience.unit();
        });
        self.patiences_drawn = nth;
        self.patience.unit()
    }

    fn reject(&mut self, from_client: bool, ctx: &mut Ctx<Self>) {
        Failure::Rejected.count(&mut ctx.metrics);
        let (arrived, outcome) = (ctx.now(), Some(Failure::Rejected.id()));
        ctx.end(|| Life { arrived, spans: Vec::new(), outcome, failed: true });
        if from_client {
            self.return_client(ctx);
        }
    }

    /// Everybody whose service has not begun is thrown out of the queue.
    pub(super) fn clear_queue(&mut self, ctx: &mut Ctx<Self>) {
        let waiting: Vec<u32> = self.queue.iter(&self.requests).collect();
        for id in waiting {
            if !self.requests[id].has_begun {
                self.drop_waiting(id, Failure::Cleared, ctx);
            }
        }
    }

    /// A request that waits leaves without an answer.
    pub(super) fn drop_waiting(&mut self, id: u32, failure: Failure, ctx: &mut Ctx<Self>) {
        failure.count(&mut ctx.metrics);
        let request = &self.requests[id];
        self.lost_sojourn += u128::from((ctx.now() - request.arrived).nanos());
        ctx.cancel(request.timer);
        self.queue.leave(&mut self.requests, id);
        Self::set_waiting(ctx.metrics.waiting.value() - 1, ctx);
        self.leave(id, (failure.id(), true), ctx);
    }

    /// The request is over, one way or the other; `end` says how, and whether badly.
    #[allow(clippy::inline_always, reason = "two calls for each request: 4 % of the primer's speed")]
    #[inline(always)]
    pub(super) fn leave(&mut self, id: u32, end: (&'static str, bool), ctx: &mut Ctx<Self>) {
        let request = &self.requests[id];
        let now = ctx.now();
        ctx.end(|| request.life(now, Some(end)));
        let from_client = request.from_client;
        self.requests.remove(id);
        ctx.metrics.in_system.set(ctx.now(), ctx.metrics.in_system.value() - 1);
        if from_client {
            self.return_client(ctx);
        }
    }

    /// A client has its answer, or was turned away: it thinks, or goes home if there are to be fewer.
    fn return_client(&mut self, ctx: &mut Ctx<Self>) {
        if self.members > ctx.params.clients {
            self.members -= 1;
        } else {
            self.think(ctx);
        }
    }

    pub(super) fn set_waiting(waiting: u64, ctx: &mut Ctx<Self>) {
        ctx.metrics.waiting.set(ctx.now(), waiting);
    }
}

//! Who is served: one after the other, or all at once.

use super::QueueingLab;
use super::requests::State;
use super::tables::{Discipline, Event};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::parameter::ParamType;
use crate::time::SimTime;

impl QueueingLab {
    /// Work of a request whose service begins or goes on now.
    fn work(&self, id: u32, ctx: &Ctx<Self>) -> SimTime {
        let request = &self.requests[id];
        if request.has_begun {
            SimTime::from_nanos(request.size as u64)
        } else {
            SimTime::from_millis_f64(request.size * ctx.params.service_ms)
        }
    }

    /// A server takes the request, which is in no queue.
    #[allow(clippy::inline_always, reason = "two calls for each request: 4 % of the primer's speed")]
    #[inline(always)]
    pub(super) fn begin(&mut self, id: u32, ctx: &mut Ctx<Self>) {
        self.given_past_limit += u64::from(ctx.metrics.busy.value() > ctx.params.servers);
        let work = self.work(id, ctx);
        let request = &mut self.requests[id];
        if !request.has_waited {
            ctx.metrics.wait_ms.observe(ctx.now() - request.arrived - request.given);
        }
        if request.timer != EventHandle::NONE {
            ctx.cancel(request.timer);
        }
        request.state = State::InService;
        request.began = ctx.now();
        self.begun += u64::from(!request.has_begun);
        (request.has_begun, request.has_waited) = (true, true);
        request.timer = ctx.schedule(work, Event::Finish(id));
    }

    /// A server has finished the request, and takes the next.
    pub(super) fn finish(&mut self, id: u32, ctx: &mut Ctx<Self>) {
        let request = &self.requests[id];
        self.service_given += u128::from((ctx.now() - request.began).nanos());
        ctx.metrics.done.add_one();
        ctx.metrics.sojourn_ms.observe(ctx.now() - request.arrived);
        self.leave(id, ("answered", false), ctx);
        let busy = ctx.metrics.busy.value();
        if busy <= ctx.params.servers
            && let Some(next) = self.queue.take_first(&mut self.requests)
        {
            // The server goes straight on to the next: busy stays as it is.
            Self::set_waiting(ctx.metrics.waiting.value() - 1, ctx);
            self.begin(next, ctx);
        } else {
            Self::set_busy(busy - 1, ctx);
        }
    }

    /// Gives free servers to those who wait.
    pub(super) fn fill_servers(&mut self, ctx: &mut Ctx<Self>) {
        if ctx.params.discipline == Discipline::ProcessorSharing {
            self.share(ctx);
            return;
        }
        while ctx.metrics.busy.value() < ctx.params.servers
            && let Some(id) = self.queue.take_first(&mut self.requests)
        {
            Self::set_waiting(ctx.metrics.waiting.value() - 1, ctx);
            Self::set_busy(ctx.metrics.busy.value() + 1, ctx);
            self.begin(id, ctx);
        }
        // The same number of busy servers is another utilization of another number of servers.
        Self::set_busy(ctx.metrics.busy.value(), ctx);
    }

    pub(super) fn set_busy(busy: u64, ctx: &mut Ctx<Self>) {
        let now = ctx.now();
        ctx.metrics.busy.set(now, busy);
        ctx.metrics.utilization.set(now, (busy.number() / ctx.params.servers.number()).min(1.0));
    }

    pub(super) fn join_sharing(&mut self, id: u32, ctx: &mut Ctx<Self>) {
        let work = self.work(id, ctx);
        let request = &mut self.requests[id];
        request.state = State::Sharing;
        request.began = if request.has_begun { request.began } else { ctx.now() };
        self.begun += u64::from(!request.has_begun);
        request.has_begun = true;
        request.size = work.nanos() as f64;
        self.sharing.jobs.add(ctx.now(), id, work);
    }

    /// The number of sharers has changed: so have the gauges and the next end.
    pub(super) fn share(&mut self, ctx: &mut Ctx<Self>) {
        let jobs = self.sharing.jobs.len() as u64;
        let busy = jobs.min(ctx.params.servers);
        Self::set_busy(busy, ctx);
        Self::set_waiting(jobs - busy, ctx);
        self.sharing.plan(ctx);
    }

    /// The request with the least work left has been served, all sharing.
    pub(super) fn end_shared(&mut self, ctx: &mut Ctx<Self>) {
        if let Some(id) = self.sharing.jobs.end(ctx.now()) {
            let request = self.requests[id];
            let sojourn = ctx.now() - request.arrived;
            ctx.metrics.done.add_one();
            ctx.metrics.sojourn_ms.observe(sojourn);
            if !request.has_waited {
                let work = request.given + SimTime::from_nanos(request.size as u64);
                ctx.metrics.wait_ms.observe(sojourn - work);
            }
            self.leave(id, ("answered", false), ctx);
        }
        self.share(ctx);
    }

    /// Everybody present goes on under the other discipline with the work still left.
    pub(super) fn change_discipline(&mut self, ctx: &mut Ctx<Self>) {
        if ctx.params.discipline == Discipline::ProcessorSharing {
            self.share_all(ctx);
        } else {
            self.line_all_up(ctx);
        }
    }

    fn share_all(&mut self, ctx: &mut Ctx<Self>) {
        self.ever_shared = true;
        let mut present: Vec<(SimTime, u32)> =
            self.requests.iter().map(|(id, request)| (request.arrived, id)).collect();
        present.sort_unstable();
        for (_, id) in present {
            let request = &mut self.requests[id];
            let timer = ctx.cancel(request.timer);
            if request.state == State::InService {
                request.size = timer.map_or(0.0, |end| (end - ctx.now()).nanos() as f64);
            } else {
                self.queue.leave(&mut self.requests, id);
            }
            self.join_sharing(id, ctx);
        }
        self.share(ctx);
    }

    fn line_all_up(&mut self, ctx: &mut Ctx<Self>) {
        let sharers = self.sharing.jobs.drain(ctx.now());
        self.sharing.plan(ctx);
        Self::set_waiting(sharers.len() as u64, ctx);
        for (id, work) in sharers {
            let request = &mut self.requests[id];
            request.given = request.given + (SimTime::from_nanos(request.size as u64) - work);
            request.size = work.nanos() as f64;
            request.state = State::Waiting;
            self.queue.join(&mut self.requests, id);
        }
        Self::set_busy(0, ctx);
        self.fill_servers(ctx);
    }
}

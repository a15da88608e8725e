//! Services that run by themselves, and their workers.

use super::calls::Way;
use super::pages::Coin;
use super::tables::Event;
use super::{Context, MonolithLatency};
use crate::random::{Stream, exponential};
use crate::resource::fifo::Fifo;
use crate::resource::retry_budget::RetryBudget;
use crate::scenarios::distributed_monolith::topology::{INVENTORY, SERVICES, service_of};
use crate::time::SimTime;

/// Mean work of a call to Inventory during a brownout.
const BROWNOUT_MS: f64 = 1200.0;

/// A service, wherever it runs: the work of its calls is drawn from one stream.
#[derive(Clone, Debug)]
pub struct Service {
    pub work: Stream,
    /// Workers that are busy, and tries in line for one.
    pub busy: u64,
    pub line: Fifo,
    /// What all who call it may try again.
    pub budget: RetryBudget,
    pub is_down: bool,
    /// Tries that have come to it, those that found it down included, and that were given a worker.
    pub came: u64,
    pub begun: u64,
}

/// All services, with nothing to do.
pub fn all(ctx: &Context) -> Vec<Service> {
    let service = |name| Service {
        work: ctx.stream(name),
        busy: 0,
        line: Fifo::default(),
        budget: RetryBudget::default(),
        is_down: false,
        came: 0,
        begun: 0,
    };
    SERVICES.iter().map(|known| service(known.name)).collect()
}

impl MonolithLatency {
    /// Workers of a service.
    pub(super) fn workers(service: usize, ctx: &Context) -> u64 {
        if service == INVENTORY { ctx.params.inventory_workers } else { ctx.params.workers_per_service }
    }

    /// How long the work of a call takes that begins now, and whether it is slow; `unit` in [0, 1) sets the former.
    pub(super) fn work_of(
        &mut self,
        service: usize,
        unit: f64,
        coin: Coin,
        ctx: &Context,
    ) -> (SimTime, bool) {
        let params = &ctx.params;
        // Drawn for every call, whether it is used or not: the stream stays in step.
        let own = self.call_coins.unit() * 100.0 < params.slow_pct;
        let is_slow = match coin {
            Coin::Own => own,
            Coin::Shared(is_slow) => is_slow,
        };
        let is_brownout = service == INVENTORY && self.trouble.is_brownout();
        let mean = if is_brownout { BROWNOUT_MS } else { params.work_ms };
        let extra = if is_slow { params.slow_ms } else { 0.0 };
        (SimTime::from_millis_f64(exponential(unit) * mean + extra), is_slow)
    }

    /// A try reaches the next layer, or its service.
    pub(super) fn reach(&mut self, id: u32, ctx: &mut Context) {
        self.attempts[id].reached = ctx.now();
        if self.attempts[id].layers > 1 {
            self.pass_on(id, ctx);
        } else {
            self.come_to_service(id, ctx);
        }
    }

    /// A try comes to the service of its next item.
    fn come_to_service(&mut self, id: u32, ctx: &mut Context) {
        let attempt = &mut self.attempts[id];
        let at = service_of(attempt.at);
        let service = &mut self.services[at];
        service.came += 1;
        if service.is_down {
            self.lose(id, ctx);
            return;
        }
        attempt.unit = service.work.unit();
        attempt.way = Way::Waiting;
        service.line.join(&mut self.attempts, id);
        self.fill(at, ctx);
    }

    /// Free workers of a service take who has waited longest.
    pub(super) fn fill(&mut self, at: usize, ctx: &mut Context) {
        let (now, workers) = (ctx.now(), Self::workers(at, ctx));
        while self.services[at].busy < workers
            && let Some(id) = self.services[at].line.take_first(&mut self.attempts)
        {
            let service = &mut self.services[at];
            service.busy += 1;
            service.begun += 1;
            self.totals.given_past_limit += u64::from(service.busy > workers);
            let attempt = self.attempts[id];
            let (work, is_slow) = self.work_of(at, attempt.unit, attempt.coin, ctx);
            let attempt = &mut self.attempts[id];
            if !attempt.has_started {
                (attempt.has_started, attempt.started) = (true, now);
            }
            attempt.way = Way::Working;
            attempt.is_slow |= is_slow;
            attempt.timer = ctx.schedule(work, Event::WorkEnd(id));
        }
        if at == INVENTORY {
            ctx.metrics.inventory_waiting.set(now, self.services[at].line.len() as u64);
        }
    }

    /// A worker has done what a try asked for.
    pub(super) fn end_work(&mut self, id: u32, ctx: &mut Context) {
        let attempt = self.attempts[id];
        let at = service_of(attempt.at);
        self.services[at].busy -= 1;
        self.fill(at, ctx);
        if at == INVENTORY && self.is_awaited(&attempt) {
            self.window.at(ctx.now()).inventory += 1;
        }
        // Whatever was merged when the page came, the try carries as many items as it did then.
        let next = attempt.core.next_call(attempt.at + 1, u8::MAX, false);
        if attempt.left > 1
            && let Some(next) = next
        {
            let attempt = &mut self.attempts[id];
            (attempt.at, attempt.left) = (next, attempt.left - 1);
            self.come_to_service(id, ctx);
            return;
        }
        self.work_off(id, ctx);
    }

    /// A try, which stands in no line and holds no worker, finds its service down or goes down with it.
    pub(super) fn lose(&mut self, id: u32, ctx: &mut Context) {
        if let Some(attempt) = self.attempts.remove(id) {
            self.totals.lost += 1;
            self.refuse(attempt.call, id, attempt.is_slow, ctx);
        }
    }

    /// A service goes down: all that it had to do is lost.
    pub(super) fn crash_service(&mut self, at: usize, ctx: &mut Context) {
        self.services[at].is_down = true;
        let is_there = |way| matches!(way, Way::Waiting | Way::Working);
        let there = self.attempts.iter().filter(|(_, each)| is_there(each.way) && service_of(each.at) == at);
        let there: Vec<u32> = there.map(|(id, _)| id).collect();
        for id in there {
            if self.attempts[id].way == Way::Working {
                self.services[at].busy -= 1;
                ctx.cancel(self.attempts[id].timer);
            } else {
                self.services[at].line.leave(&mut self.attempts, id);
            }
            self.lose(id, ctx);
        }
        self.fill(at, ctx);
    }
}

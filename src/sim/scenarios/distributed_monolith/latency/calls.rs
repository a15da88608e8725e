//! Calls over the network: tries, timeouts, retries and second questions.

use super::pages::Coin;
use super::tables::{Event, Failure};
use super::{Context, MonolithLatency};
use crate::event_list::EventHandle;
use crate::resource::fifo::NONE;
use crate::scenarios::distributed_monolith::topology::{Core, INVENTORY, service_of};
use crate::time::SimTime;

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Answered,
}

/// A call that a page has made, whether it is answered or not; those to the core, which go over no network, included.
/// It is kept until the page ends.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    pub page: u32,
    /// Its tries that somebody waits for, [`NONE`] where there is none: the first of this round, and the second question.
    pub attempts: [u32; 2],
    pub timeout: EventHandle,
    pub hedge: EventHandle,
    pub began: SimTime,
    /// Of the try that was answered: when it was sent, reached its service, and was first given a worker.
    pub sent: SimTime,
    pub reached: SimTime,
    pub started: SimTime,
    pub ended: SimTime,
    /// Position of its first item among the page's questions, and how many items it carries.
    pub at: u8,
    pub items: u8,
    pub retries: u8,
    pub is_merged: bool,
    pub state: State,
}

impl Call {
    /// A call over the network that begins now.
    pub fn new(page: u32, at: u8, items: u8, now: SimTime) -> Self {
        Self {
            page,
            attempts: [NONE; 2],
            timeout: EventHandle::NONE,
            hedge: EventHandle::NONE,
            began: now,
            sent: now,
            reached: now,
            started: now,
            ended: now,
            at,
            items,
            retries: 0,
            is_merged: false,
            state: State::Open,
        }
    }
}

/// Where a try is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// On its way to the service.
    Travelling,
    Waiting,
    Working,
}

/// One try of a call, which goes on whether somebody waits for it or not.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// The call for which it is made; [`NONE`] when nobody waits any more.
    pub call: u32,
    pub core: Core,
    /// Work for the item under way, a number in [0, 1) that sets how much.
    pub unit: f64,
    pub sent: SimTime,
    pub reached: SimTime,
    pub started: SimTime,
    pub timer: EventHandle,
    /// The item under way, and how many there are from here on.
    pub at: u8,
    pub left: u8,
    pub way: Way,
    pub coin: Coin,
    pub has_started: bool,
    pub is_slow: bool,
}

impl MonolithLatency {
    /// A page makes a call.
    pub(super) fn begin_call(&mut self, id: u32, ctx: &mut Context) {
        ctx.metrics.calls_total.add_one();
        let service = service_of(self.calls[id].at);
        self.services[service].budget.earn(ctx.params.retry_budget_pct);
        if service == INVENTORY {
            self.window.at(ctx.now()).first_tries += 1;
        }
        self.begin_round(id, ctx);
    }

    /// A call is tried, for the first time or again.
    fn begin_round(&mut self, id: u32, ctx: &mut Context) {
        let timeout = SimTime::from_millis_f64(ctx.params.call_timeout_ms);
        self.calls[id].timeout = ctx.schedule_limit(timeout, Event::CallTimeout(id));
        if ctx.params.hedge_after_ms > 0.0 {
            let after = SimTime::from_millis_f64(ctx.params.hedge_after_ms);
            self.calls[id].hedge = ctx.schedule(after, Event::Hedge(id));
        }
        self.send(id, 0, ctx);
    }

    /// A try of a call goes out, as the first of its round or as the second question.
    fn send(&mut self, id: u32, place: usize, ctx: &mut Context) {
        ctx.metrics.call_attempts_total.add_one();
        let (now, call) = (ctx.now(), self.calls[id]);
        let page = &self.pages[call.page];
        let attempt = self.attempts.insert(Attempt {
            call: id,
            core: page.core,
            unit: 0.0,
            sent: now,
            reached: now,
            started: now,
            timer: EventHandle::NONE,
            at: call.at,
            left: call.items,
            way: Way::Travelling,
            coin: page.coin,
            has_started: false,
            is_slow: false,
        });
        self.calls[id].attempts[place] = attempt;
        let way = SimTime::from_millis_f64(ctx.params.connect_ms + ctx.params.hop_ms);
        self.attempts[attempt].timer = ctx.schedule(way, Event::Reach(attempt));
    }

    /// A caller has waited long enough for a second question.
    pub(super) fn hedge(&mut self, id: u32, ctx: &mut Context) {
        self.totals.hedges += 1;
        self.send(id, 1, ctx);
    }

    /// A caller has waited as long as it may.
    pub(super) fn time_out_call(&mut self, id: u32, ctx: &mut Context) {
        ctx.metrics.timeouts_total.add_one();
        self.let_go(id, ctx);
        self.try_again(id, Failure::CallTimeout, ctx);
    }

    /// Nobody waits any more for the tries of a call that are under way.
    fn let_go(&mut self, id: u32, ctx: &mut Context) {
        let call = &mut self.calls[id];
        ctx.cancel(call.timeout);
        ctx.cancel(call.hedge);
        let (page, attempts) = (call.page, std::mem::replace(&mut call.attempts, [NONE; 2]));
        for attempt in attempts {
            if let Some(attempt) = self.attempts.get_mut(attempt) {
                attempt.call = NONE;
                self.pages[page].is_slow |= attempt.is_slow;
            }
        }
    }

    /// All tries of the round have failed.
    fn try_again(&mut self, id: u32, failure: Failure, ctx: &mut Context) {
        let call = self.calls[id];
        let service = service_of(call.at);
        let budget = &mut self.services[service].budget;
        if u64::from(call.retries) < ctx.params.retries
            && (ctx.params.retry_budget_pct == 0.0 || budget.spend())
        {
            ctx.metrics.retries_total.add_one();
            self.calls[id].retries += 1;
            if service == INVENTORY {
                self.window.at(ctx.now()).retries += 1;
            }
            self.begin_round(id, ctx);
        } else {
            self.end_page(call.page, Some(failure), ctx);
        }
    }

    /// A try, which is gone, was refused: its service is down.
    pub(super) fn refuse(&mut self, id: u32, attempt: u32, ctx: &mut Context) {
        let Some(call) = self.calls.get_mut(id) else { return };
        for own in &mut call.attempts {
            if *own == attempt {
                *own = NONE;
            }
        }
        // The other question may still be answered.
        if call.attempts == [NONE; 2] {
            ctx.cancel(call.timeout);
            ctx.cancel(call.hedge);
            self.try_again(id, Failure::ServiceDown, ctx);
        }
    }

    /// A try, which is gone, was answered while somebody waited for it.
    pub(super) fn answer_call(&mut self, attempt: &Attempt, name: u32, ctx: &mut Context) {
        let id = attempt.call;
        let call = &mut self.calls[id];
        for own in &mut call.attempts {
            if *own == name {
                *own = NONE;
            }
        }
        (call.sent, call.reached, call.started) = (attempt.sent, attempt.reached, attempt.started);
        (call.ended, call.state) = (ctx.now(), State::Answered);
        let page = call.page;
        // The question that lost need not be waited for, however slow it is.
        let is_slow = self.pages[page].is_slow | attempt.is_slow;
        self.let_go(id, ctx);
        self.totals.answered += 1;
        let page_now = &mut self.pages[page];
        page_now.is_slow = is_slow;
        page_now.open -= 1;
        if page_now.open == 0 {
            self.next_stage(page, ctx);
        }
    }

    /// The page of a call has ended, and the call with it.
    pub(super) fn drop_call(&mut self, id: u32, ctx: &mut Context) {
        let call = self.calls[id];
        if call.state == State::Open && !call.is_merged {
            self.totals.given_up += 1;
            self.let_go(id, ctx);
        }
        self.calls.remove(id);
    }
}

//! Calls over the network: tries, timeouts, retries and second questions.

use super::pages::Coin;
use super::tables::{Event, Failure};
use super::{Context, MOST_HELD, MonolithLatency};
use crate::event_list::EventHandle;
use crate::resource::fifo::NONE;
use crate::scenarios::distributed_monolith::topology::{Core, INVENTORY, service_of};
use crate::time::SimTime;

/// Who waits for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The page that needs its answer.
    Page(u32),
    /// A layer between the page and the service, which passes on this try.
    Layer(u32),
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Answered,
}

/// A call that a page has made, whether it is answered or not; those to the core, which go over no network, included.
/// It is kept until the page ends. Or one that a layer makes to pass on a try, which is kept until it ends.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    pub caller: Caller,
    /// Layers that try, from this caller on.
    pub layers: u8,
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
    pub fn new(caller: Caller, layers: u8, at: u8, items: u8, now: SimTime) -> Self {
        Self {
            caller,
            layers,
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
    /// On its way to the next layer or to the service.
    Travelling,
    /// With a layer, which passes it on by calls of its own.
    PassedOn,
    Waiting,
    Working,
}

/// One try of a call, which goes on whether somebody waits for it or not.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// The call for which it is made; [`NONE`] when nobody waits any more.
    pub call: u32,
    /// The call by which a layer passes it on; [`NONE`] where none does.
    pub inner: u32,
    /// Layers that try, from its caller on.
    pub layers: u8,
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
    /// A page or a layer makes a call.
    pub(super) fn begin_call(&mut self, id: u32, ctx: &mut Context) {
        let call = &self.calls[id];
        let service = service_of(call.at);
        self.services[service].budget.earn(ctx.params.retry_budget_pct);
        if let Caller::Page(_) = call.caller {
            ctx.metrics.calls_total.add_one();
            self.window.at(ctx.now()).first_tries += u64::from(service == INVENTORY);
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
        let (now, call) = (ctx.now(), self.calls[id]);
        if call.layers == 1 {
            ctx.metrics.call_attempts_total.add_one();
        } else {
            self.totals.to_layers += 1;
        }
        let (core, coin) = match call.caller {
            Caller::Page(page) => (self.pages[page].core, self.pages[page].coin),
            Caller::Layer(outer) => (self.attempts[outer].core, self.attempts[outer].coin),
        };
        let attempt = self.attempts.insert(Attempt {
            call: id,
            inner: NONE,
            layers: call.layers,
            core,
            unit: 0.0,
            sent: now,
            reached: now,
            started: now,
            timer: EventHandle::NONE,
            at: call.at,
            left: call.items,
            way: Way::Travelling,
            coin,
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

    /// A layer passes on a try that has come to it, whether somebody still waits for it or not: nobody tells the layer.
    pub(super) fn pass_on(&mut self, id: u32, ctx: &mut Context) {
        // A layer refuses what it cannot hold, so that memory is bounded.
        if self.attempts.len() >= MOST_HELD {
            self.lose(id, ctx);
            return;
        }
        self.totals.passed_on += 1;
        let Attempt { layers, at, left, .. } = self.attempts[id];
        let call = self.calls.insert(Call::new(Caller::Layer(id), layers - 1, at, left, ctx.now()));
        let attempt = &mut self.attempts[id];
        (attempt.way, attempt.inner) = (Way::PassedOn, call);
        self.begin_call(call, ctx);
    }

    /// Whether somebody waits for a try: each layer that passes it on, and the page.
    pub(super) fn is_awaited(&self, attempt: &Attempt) -> bool {
        self.calls.get(attempt.call).is_some_and(|call| match call.caller {
            Caller::Page(_) => true,
            Caller::Layer(outer) => self.is_awaited(&self.attempts[outer]),
        })
    }

    /// A caller has waited as long as it may.
    pub(super) fn time_out_call(&mut self, id: u32, ctx: &mut Context) {
        ctx.metrics.timeouts_total.add_one();
        self.wait_in_vain(id, ctx);
        self.try_again(id, Failure::CallTimeout, ctx);
    }

    /// Nobody waits any more for the tries of a call that are under way, and their caller has waited for them.
    fn wait_in_vain(&mut self, id: u32, ctx: &mut Context) {
        let call = self.calls[id];
        let is_slow = call.attempts.iter().any(|attempt| self.is_slow(*attempt));
        self.mark_slow(call.caller, is_slow);
        self.let_go(id, ctx);
    }

    /// Whether a try is slow, or one that it is passed on by.
    fn is_slow(&self, attempt: u32) -> bool {
        self.attempts.get(attempt).is_some_and(|attempt| {
            let inner = self.calls.get(attempt.inner);
            attempt.is_slow || inner.is_some_and(|call| call.attempts.iter().any(|each| self.is_slow(*each)))
        })
    }

    /// Who made a call has waited for a try that was slow, if it was.
    fn mark_slow(&mut self, caller: Caller, is_slow: bool) {
        match caller {
            Caller::Page(page) => self.pages[page].is_slow |= is_slow,
            Caller::Layer(outer) => self.attempts[outer].is_slow |= is_slow,
        }
    }

    /// Nobody waits any more for the tries of a call that are under way.
    fn let_go(&mut self, id: u32, ctx: &mut Context) {
        let call = &mut self.calls[id];
        ctx.cancel(call.timeout);
        ctx.cancel(call.hedge);
        for attempt in std::mem::replace(&mut call.attempts, [NONE; 2]) {
            if let Some(attempt) = self.attempts.get_mut(attempt) {
                attempt.call = NONE;
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
            return;
        }
        match call.caller {
            Caller::Page(page) => self.end_page(page, Some(failure), ctx),
            Caller::Layer(outer) => {
                self.calls.remove(id);
                self.lose(outer, ctx);
            }
        }
    }

    /// A try, which is gone, was refused: its service is down, or the layer that passed it on has no try left.
    pub(super) fn refuse(&mut self, id: u32, attempt: u32, is_slow: bool, ctx: &mut Context) {
        let Some(call) = self.calls.get_mut(id) else { return };
        let caller = call.caller;
        for own in &mut call.attempts {
            if *own == attempt {
                *own = NONE;
            }
        }
        // The other question may still be answered.
        let is_over = call.attempts == [NONE; 2];
        self.mark_slow(caller, is_slow);
        if is_over {
            self.let_go(id, ctx);
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
        let call = *call;
        self.mark_slow(call.caller, attempt.is_slow);
        // The question that lost need not be waited for, however slow it is.
        self.let_go(id, ctx);
        match call.caller {
            Caller::Page(page) => {
                self.totals.answered += 1;
                let page_now = &mut self.pages[page];
                page_now.open -= 1;
                if page_now.open == 0 {
                    self.next_stage(page, ctx);
                }
            }
            Caller::Layer(outer) => {
                self.calls.remove(id);
                let passed = &mut self.attempts[outer];
                // What the layer tried in vain comes before all of the way that was not in vain.
                passed.sent = passed.sent + (call.sent - call.began);
                (passed.reached, passed.started) = (call.reached, call.started);
                self.work_off(outer, ctx);
            }
        }
    }

    /// A try is answered, for whoever waits for it.
    pub(super) fn work_off(&mut self, id: u32, ctx: &mut Context) {
        if let Some(attempt) = self.attempts.remove(id) {
            self.totals.worked_off += 1;
            if attempt.call != NONE {
                self.answer_call(&attempt, id, ctx);
            }
        }
    }

    /// The page of a call has ended, and the call with it.
    pub(super) fn drop_call(&mut self, id: u32, ctx: &mut Context) {
        let call = self.calls[id];
        if call.state == State::Open && !call.is_merged {
            self.totals.given_up += 1;
            self.wait_in_vain(id, ctx);
        }
        self.calls.remove(id);
    }
}

//! A cart page, from its request to its end.

use super::calls::{Call, Caller};
use super::control::LONG;
use super::tables::{CallMode, Event, Failure};
use super::waterfall::Record;
use super::{Context, MOST_HELD, MonolithLatency};
use crate::event_list::EventHandle;
use crate::metric::FailureReason;
use crate::resource::fifo::Fifo;
use crate::scenarios::distributed_monolith::topology::Core;
use crate::snapshot::Life;
use crate::time::SimTime;

/// Items of a batch at most.
const BATCH: u8 = 5;

/// Where a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In line for a connection of the core.
    Line,
    /// The core works for it.
    Core,
    /// It calls services over the network.
    Network,
}

/// Whether calls are slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coin {
    /// Each has a chance of its own.
    Own,
    /// All of a page are, or none.
    Shared(bool),
}

/// A page that somebody waits for, or for which the core still works.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    pub arrived: SimTime,
    /// When it got its connection of the core, and when it was done there.
    pub connected: SimTime,
    pub left_core: SimTime,
    pub timeout: EventHandle,
    /// The end of what the core does for it.
    pub work: EventHandle,
    /// All calls that it has made so far, those to the core included.
    pub calls: Fifo,
    /// What was merged, and how calls were to be made, when it came.
    pub core: Core,
    pub mode: CallMode,
    pub stages: u8,
    /// Calls that it makes, and those of them that go over the network.
    pub count: u8,
    pub remote: u8,
    /// Stages begun, the position at which to look for the next call, and calls under way.
    pub stage: u8,
    pub next: u8,
    pub open: u8,
    pub place: Place,
    pub coin: Coin,
    pub is_slow: bool,
    /// It has failed, and the core goes on for nobody.
    pub is_gone: bool,
}

impl Page {
    /// How many calls, and of how many items at most, go out together next.
    fn next_calls(&self) -> (u8, u8) {
        match self.mode {
            CallMode::Serial => (1, 1),
            CallMode::Batched => (1, BATCH),
            CallMode::Parallel => {
                let stages = u16::from(self.stages.clamp(1, self.remote.max(1)));
                let until = |stage: u16| u16::from(self.remote) * stage / stages;
                let stage = u16::from(self.stage);
                ((until(stage + 1) - until(stage)) as u8, 1)
            }
        }
    }
}

impl MonolithLatency {
    /// Somebody asks for a cart page.
    pub(super) fn arrive(&mut self, ctx: &mut Context) {
        ctx.metrics.pages_total.add_one();
        // Drawn for every page, whatever the parameters are: the stream stays in step.
        let [together, slow] = [self.page_coins.unit(), self.page_coins.unit()];
        let now = ctx.now();
        if self.attempts.len() >= MOST_HELD {
            Failure::PoolExhausted.count(&mut ctx.metrics);
            self.window.at(now).failed += 1;
            let outcome = Some(Failure::PoolExhausted.id());
            ctx.end(|| Life { arrived: now, spans: Vec::new(), outcome, failed: true });
            return;
        }
        let params = &ctx.params;
        let is_slow = slow * 100.0 < params.slow_pct;
        let coin = if together < params.slow_correlation { Coin::Shared(is_slow) } else { Coin::Own };
        let count = params.calls_per_page as u8;
        let merged = (0..count).filter(|call| self.core.next_call(*call, *call + 1, true).is_some()).count();
        let page = Page {
            arrived: now,
            connected: now,
            left_core: now,
            timeout: EventHandle::NONE,
            work: EventHandle::NONE,
            calls: Fifo::default(),
            core: self.core,
            mode: params.call_mode,
            stages: params.stages as u8,
            count,
            remote: count - merged as u8,
            stage: 0,
            next: 0,
            open: 0,
            place: Place::Network,
            coin,
            is_slow: false,
            is_gone: false,
        };
        let timeout = SimTime::from_secs_f64(params.page_timeout_s);
        let id = self.pages.insert(page);
        self.pages[id].timeout = ctx.schedule_limit(timeout, Event::PageTimeout(id));
        ctx.metrics.pages_open.set(now, ctx.metrics.pages_open.value() + 1);
        if merged == 0 {
            self.next_stage(id, ctx);
        } else {
            self.ask_core(id, ctx);
        }
    }

    /// The page has all answers of a stage: it makes the calls of the next, or is done.
    pub(super) fn next_stage(&mut self, id: u32, ctx: &mut Context) {
        let page = self.pages[id];
        let (calls, most) = page.next_calls();
        let (layers, mut next) = (ctx.params.layers as u8, page.next);
        for _ in 0..calls {
            let Some(at) = page.core.next_call(next, page.count, false) else { break };
            let (mut items, mut last) = (1, at);
            while items < most
                && let Some(item) = page.core.next_call(last + 1, page.count, false)
            {
                (items, last) = (items + 1, item);
            }
            next = last + 1;
            let call = self.calls.insert(Call::new(Caller::Page(id), layers, at, items, ctx.now()));
            let page = &mut self.pages[id];
            page.calls.join(&mut self.calls, call);
            page.open += 1;
            self.begin_call(call, ctx);
        }
        let page = &mut self.pages[id];
        page.next = next;
        page.stage += 1;
        if page.open == 0 {
            self.end_page(id, None, ctx);
        }
    }

    /// The page has waited as long as it may.
    pub(super) fn time_out_page(&mut self, id: u32, ctx: &mut Context) {
        let is_in_line = self.pages[id].place == Place::Line;
        self.end_page(id, Some(if is_in_line { Failure::PoolExhausted } else { Failure::PageTimeout }), ctx);
    }

    /// The page is over for whoever asked for it.
    pub(super) fn end_page(&mut self, id: u32, failure: Option<Failure>, ctx: &mut Context) {
        let (now, page) = (ctx.now(), self.pages[id]);
        ctx.cancel(page.timeout);
        let sojourn = now - page.arrived;
        let second = self.window.at(now);
        let end = match failure {
            None => {
                ctx.metrics.pages_ok.add_one();
                ctx.metrics.cart_ms.observe(sojourn);
                second.ok += 1;
                second.long += u64::from(sojourn >= LONG);
                ("answered", false)
            }
            Some(failure) => {
                failure.count(&mut ctx.metrics);
                self.totals.failed_sojourn += u128::from(sojourn.nanos());
                second.failed += 1;
                (failure.id(), true)
            }
        };
        let record = || Record::new(&page, &self.calls, now, Some(end));
        ctx.end(|| record().life());
        if self.slowest.as_ref().is_none_or(|slowest| sojourn > slowest.took()) {
            self.slowest = Some(record().into());
        }
        let mut calls = page.calls;
        while let Some(call) = calls.take_first(&mut self.calls) {
            self.drop_call(call, ctx);
        }
        let page = &mut self.pages[id];
        page.calls = calls;
        // What it waited for in vain may have been slow.
        let is_slow = page.is_slow;
        ctx.metrics.pages_slow.add(is_slow.into());
        self.window.at(now).slow += u64::from(is_slow);
        ctx.metrics.pages_open.set(now, ctx.metrics.pages_open.value() - 1);
        match page.place {
            Place::Core => self.pages[id].is_gone = true,
            Place::Line => {
                self.leave_core_line(id, ctx);
                self.pages.remove(id);
            }
            Place::Network => {
                self.pages.remove(id);
            }
        }
    }
}

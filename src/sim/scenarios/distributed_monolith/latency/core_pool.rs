//! The core: what is merged shares its connections, and its fate.

use super::calls::{Call, Caller, State};
use super::pages::Place;
use super::tables::{Event, Failure};
use super::{Context, MonolithLatency};
use crate::event_list::EventHandle;
use crate::resource::fifo::Fifo;
use crate::scenarios::distributed_monolith::topology::{INVENTORY, service_of};
use crate::time::SimTime;

/// Connections that the report asks for.
const REPORT_ASKS: u64 = 45;
/// How long it takes from its begin.
const REPORT_TAKES: SimTime = SimTime::from_secs(120);

/// The connections of the core, and who has them.
#[derive(Clone, Copy, Debug, Default)]
pub struct CorePool {
    /// Connections that pages have.
    pub pages: u64,
    pub line: Fifo,
    pub report: Option<Report>,
    pub is_down: bool,
}

/// A report under way.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    /// Connections that it has, and that it still asks for.
    pub holds: u64,
    pub wants: u64,
    pub asked: SimTime,
    end: EventHandle,
}

impl CorePool {
    /// Connections in use.
    pub fn in_use(&self) -> u64 {
        self.pages + self.report.map_or(0, |report| report.holds)
    }
}

impl MonolithLatency {
    /// A page asks the core, which has some of what it needs.
    pub(super) fn ask_core(&mut self, id: u32, ctx: &mut Context) {
        self.totals.asked_core += 1;
        self.pages[id].place = Place::Line;
        self.core_pool.line.join(&mut self.pages, id);
        if self.core_pool.is_down {
            self.end_page(id, Some(Failure::ServiceDown), ctx);
        } else {
            self.fill_core(ctx);
        }
    }

    /// A page leaves the line without a connection.
    pub(super) fn leave_core_line(&mut self, id: u32, ctx: &mut Context) {
        self.totals.left_core_line += 1;
        self.core_pool.line.leave(&mut self.pages, id);
        ctx.metrics.core_waiting.set(ctx.now(), self.core_pool.line.len() as u64);
    }

    /// Free connections go to whoever asked first, pages and report alike, but to no module beyond its limit.
    pub(super) fn fill_core(&mut self, ctx: &mut Context) {
        let (now, size) = (ctx.now(), ctx.params.core_pool_size);
        let most = if ctx.params.module_pool_max == 0 { u64::MAX } else { ctx.params.module_pool_max };
        while self.core_pool.in_use() < size {
            let pool = &mut self.core_pool;
            let page = pool.line.first().filter(|_| pool.pages < most);
            let asked = page.map(|page| self.pages[page].arrived);
            let report = pool.report.as_mut().filter(|report| report.wants > 0 && report.holds < most);
            match (page, report) {
                (page, Some(report)) if page.is_none() || asked.is_some_and(|asked| report.asked < asked) => {
                    report.wants -= 1;
                    report.holds += 1;
                }
                (Some(page), _) => {
                    pool.pages += 1;
                    pool.line.leave(&mut self.pages, page);
                    self.totals.connected += 1;
                    self.totals.given_past_limit += u64::from(pool.in_use() > size || pool.pages > most);
                    let page_now = &mut self.pages[page];
                    (page_now.place, page_now.connected) = (Place::Core, now);
                    self.next_module(page, ctx);
                }
                _ => break,
            }
        }
        ctx.metrics.core_in_use.set(now, self.core_pool.in_use());
        ctx.metrics.core_waiting.set(now, self.core_pool.line.len() as u64);
    }

    /// The core begins with what a page asks of one of its modules.
    fn next_module(&mut self, id: u32, ctx: &mut Context) {
        let (now, page) = (ctx.now(), self.pages[id]);
        let Some(at) = page.core.next_call(page.next, page.count, true) else {
            self.leave_core(id, ctx);
            return;
        };
        let service = service_of(at);
        let unit = self.services[service].work.unit();
        let (work, is_slow) = self.work_of(service, unit, page.coin, ctx);
        let page = &mut self.pages[id];
        page.next = at + 1;
        page.work = ctx.schedule(work, Event::ModuleEnd(id));
        if !page.is_gone {
            page.is_slow |= is_slow;
            let call =
                self.calls.insert(Call { is_merged: true, ..Call::new(Caller::Page(id), 1, at, 1, now) });
            page.calls.join(&mut self.calls, call);
        }
    }

    /// The core has done what a page asked of one of its modules.
    pub(super) fn end_module(&mut self, id: u32, ctx: &mut Context) {
        let (now, page) = (ctx.now(), self.pages[id]);
        if !page.is_gone {
            if let Some(call) = page.calls.last().and_then(|call| self.calls.get_mut(call)) {
                (call.ended, call.state) = (now, State::Answered);
            }
            if page.next.checked_sub(1).map(service_of) == Some(INVENTORY) {
                self.window.at(now).inventory += 1;
            }
        }
        self.next_module(id, ctx);
    }

    /// The page has all that it asked of the core, and gives its connection back.
    fn leave_core(&mut self, id: u32, ctx: &mut Context) {
        self.core_pool.pages -= 1;
        let page = &mut self.pages[id];
        if page.is_gone {
            self.pages.remove(id);
        } else {
            (page.place, page.left_core, page.next) = (Place::Network, ctx.now(), 0);
            self.next_stage(id, ctx);
        }
        self.fill_core(ctx);
    }

    /// A report asks for its connections. One at a time is enough for anybody.
    pub(super) fn begin_report(&mut self, ctx: &mut Context) {
        if self.core.is_empty() || self.core_pool.is_down || self.core_pool.report.is_some() {
            return;
        }
        let end = ctx.schedule(REPORT_TAKES, Event::ReportEnd);
        self.core_pool.report = Some(Report { holds: 0, wants: REPORT_ASKS, asked: ctx.now(), end });
        ctx.announce("A report asks the core for 45 connections");
        self.fill_core(ctx);
    }

    pub(super) fn end_report(&mut self, ctx: &mut Context) {
        self.core_pool.report = None;
        ctx.announce("The report has given its connections back");
        self.fill_core(ctx);
    }

    /// The core goes down, and with it everything that is merged.
    pub(super) fn crash_core(&mut self, ctx: &mut Context) {
        self.core_pool.is_down = true;
        if let Some(report) = self.core_pool.report.take() {
            ctx.cancel(report.end);
        }
        let there = self.pages.iter().filter(|(_, page)| page.place != Place::Network);
        let there: Vec<u32> = there.map(|(id, _)| id).collect();
        for id in there {
            let page = &mut self.pages[id];
            if page.place == Place::Core {
                ctx.cancel(page.work);
                self.core_pool.pages -= 1;
                let is_gone = page.is_gone;
                if is_gone {
                    self.pages.remove(id);
                    continue;
                }
                page.place = Place::Network;
                page.left_core = ctx.now();
            }
            self.end_page(id, Some(Failure::ServiceDown), ctx);
        }
        self.fill_core(ctx);
    }
}

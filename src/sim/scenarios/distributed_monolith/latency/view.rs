//! What a screen shows of the shop, and the equations that hold in it.

use super::calls::{Attempt, Caller, State, Way};
use super::pages::{Page, Place};
use super::services::Service;
use super::tables::Failure;
use super::waterfall::{Kind, Record};
use super::{Context, MonolithLatency};
use crate::diagram::Diagram;
use crate::format::{count, counted, counted_of, exact};
use crate::metric::FailureReason;
use crate::resource::fifo::NONE;
use crate::scenario::Identity;
use crate::scenarios::distributed_monolith::topology::{COUNT, INVENTORY, service_of};
use crate::snapshot::{Content, Health, Life, Snapshot, Span};

/// A queue is long when it takes a newcomer more than ten times as long as the work to get through.
const LONG: u64 = 10;

/// How a line in front of so many workers is doing.
fn line_state(waiting: u64, workers: u64) -> (Health, &'static str) {
    match waiting {
        0 => (Health::Fine, "empty"),
        waiting if waiting > LONG * workers => (Health::Failing, "long"),
        _ => (Health::Strained, "waiting"),
    }
}

/// How workers are doing of whom so many are busy.
fn work_state(busy: u64, workers: u64) -> (Health, &'static str) {
    match busy {
        0 => (Health::Fine, "idle"),
        busy if busy >= workers => (Health::Strained, "all busy"),
        _ => (Health::Fine, "working"),
    }
}

fn waiting(number: u64) -> String {
    counted(number, "waiting")
}

impl Attempt {
    /// What has become of it so far.
    fn life(&self) -> Life {
        let is_there = self.way != Way::Travelling;
        let mut spans = vec![Span::new(Kind::Way.words(), self.sent, is_there.then_some(self.reached))];
        if is_there {
            let until = self.has_started.then_some(self.started);
            spans.push(Span::new(Kind::Line.words(), self.reached, until));
        }
        if self.has_started {
            spans.push(Span::new(Kind::Work.words(), self.started, None));
        }
        Life { arrived: self.sent, spans, outcome: None, failed: false }
    }
}

impl MonolithLatency {
    pub(super) fn diagram(&self, ctx: &Context) -> Snapshot {
        let (params, metrics, pool) = (&ctx.params, &ctx.metrics, &self.core_pool);
        let others = || self.services.iter().enumerate().filter(|(at, _)| *at != INVENTORY);
        let sum = |of: fn(&Service) -> u64| others().map(|(_, service)| of(service)).sum::<u64>();
        let apart = (COUNT - self.core.len()) as u64;
        let merges_inventory = self.core.has(INVENTORY);
        let running = apart - u64::from(!merges_inventory);
        let inventory = &self.services[INVENTORY];

        let (busy, line) = (sum(|each| each.busy), sum(|each| each.line.len() as u64));
        let workers = running * params.workers_per_service;
        // A service that is out of workers need not be seen in the sum of all.
        let services = match work_state(busy, workers) {
            (Health::Fine, _) if line > 0 => (Health::Strained, "some are full"),
            state => state,
        };
        let running = match running {
            0 => String::from("all merged"),
            1 => String::from("1 service"),
            running => format!("{running} services"),
        };
        let stock = match work_state(inventory.busy, params.inventory_workers) {
            _ if inventory.is_down => (Health::Failing, "down"),
            _ if self.trouble.is_brownout() && !merges_inventory => (Health::Strained, "slow"),
            state => state,
        };
        let stock_detail = if merges_inventory && inventory.busy == 0 {
            String::from("in the core")
        } else {
            counted_of(inventory.busy, params.inventory_workers, "busy")
        };
        let in_use = pool.in_use();
        let for_pages = params.core_pool_size.saturating_sub(in_use - pool.pages);
        let core = match in_use {
            _ if pool.is_down => (Health::Failing, "down"),
            0 => (Health::Fine, "idle"),
            in_use if in_use >= params.core_pool_size => (Health::Strained, "all in use"),
            _ => (Health::Fine, "has room"),
        };
        let core_detail = match pool.report {
            Some(report) => {
                format!("{} for the cart, {} for the report", count(pool.pages), count(report.holds))
            }
            None if self.core.is_empty() => String::from("nothing merged"),
            None => format!("{} merged, {} busy", self.core.len(), count(in_use)),
        };
        let open = metrics.pages_open.value();
        let cart = match open {
            0 => (Health::Fine, "idle"),
            _ if self.window.sum().is_slow() => (Health::Strained, "slow"),
            _ => (Health::Fine, "under way"),
        };
        let pages = format!("{} a second, {} open", exact(params.page_rate_per_s), count(open));
        let queue = |length| Content::Queue { length, limit: None };
        let [in_stock_line, in_core_line] =
            [inventory.line.len(), pool.line.len()].map(|length| length as u64);
        let slots = |used, total| Content::Slots { used, total };
        Diagram::new()
            .node("cart", "Cart page", (0, 0), slots(open, open), cart, pages)
            .node(
                "services_queue",
                "Line",
                (1, 0),
                queue(line),
                line_state(line, workers.max(1)),
                waiting(line),
            )
            .node("services", "Services", (2, 0), slots(busy, workers), services, running)
            .node(
                "inventory_queue",
                "Line at Inventory",
                (1, 1),
                queue(in_stock_line),
                line_state(in_stock_line, params.inventory_workers),
                waiting(in_stock_line),
            )
            .node(
                "inventory",
                "Inventory",
                (2, 1),
                slots(inventory.busy, params.inventory_workers),
                stock,
                stock_detail,
            )
            .node(
                "core_queue",
                "Line at the core",
                (1, 2),
                queue(in_core_line),
                line_state(in_core_line, for_pages.max(1)),
                waiting(in_core_line),
            )
            .node("core", "Core", (2, 2), slots(in_use, params.core_pool_size), core, core_detail)
            .end("done", "Answered", (3, 0), metrics.pages_ok.total())
            .lost::<Failure>("Failed", (3, 1), metrics, metrics.pages_ok.lately(), 0)
            .flow("cart", "services_queue", sum(|each| each.came))
            .flow("services_queue", "services", sum(|each| each.begun))
            .flow("cart", "inventory_queue", inventory.came)
            .flow("inventory_queue", "inventory", inventory.begun)
            .flow("cart", "core_queue", self.totals.asked_core)
            .flow("core_queue", "core", self.totals.connected)
            .flow("cart", "done", metrics.pages_ok.total())
            .failure("cart", "lost", Failure::CallTimeout, metrics)
            .failure("cart", "lost", Failure::PageTimeout, metrics)
            .failure("cart", "lost", Failure::ServiceDown, metrics)
            .failure("core_queue", "lost", Failure::PoolExhausted, metrics)
            .finish()
    }

    pub(super) fn life_at(&self, node: &str, position: usize, ctx: &Context) -> Option<Life> {
        let page = |id| Some(Record::new(self.pages.get(id)?, &self.calls, ctx.now(), None).life());
        let is_inventory = match node {
            "core_queue" => return page(self.core_pool.line.iter(&self.pages).nth(position)?),
            "cart" | "core" => {
                let is_there = |(_, page): &(u32, &Page)| {
                    if node == "core" { page.place == Place::Core } else { !page.is_gone }
                };
                return page(self.pages.iter().filter(is_there).nth(position)?.0);
            }
            "services_queue" | "services" => false,
            "inventory_queue" | "inventory" => true,
            _ => return None,
        };
        if node.ends_with("queue") {
            let services =
                self.services.iter().enumerate().filter(|(at, _)| (*at == INVENTORY) == is_inventory);
            let mut waiting = services.flat_map(|(_, service)| service.line.iter(&self.attempts));
            return Some(self.attempts.get(waiting.nth(position)?)?.life());
        }
        let is_served = |attempt: &Attempt| {
            attempt.way == Way::Working && (service_of(attempt.at) == INVENTORY) == is_inventory
        };
        let mut served = self.attempts.iter().filter(|(_, attempt)| is_served(attempt));
        Some(served.nth(position)?.1.life())
    }

    pub(super) fn equations(&self, ctx: &Context) -> Vec<Identity> {
        let (now, metrics, totals) = (ctx.now(), &ctx.metrics, &self.totals);
        let failed: u64 = Failure::ALL.iter().map(|reason| reason.total(metrics)).sum();
        let open = || self.pages.iter().map(|(_, page)| page).filter(|page| !page.is_gone);
        let pages = |place| self.pages.iter().filter(|(_, page)| page.place == place).count() as i128;
        let tries = |way| self.attempts.iter().filter(|(_, each)| each.way == way).count() as i128;
        let age: u128 = open().map(|page| u128::from((now - page.arrived).nanos())).sum();
        let is_page = |caller| matches!(caller, Caller::Page(_));
        let of_pages = self.calls.iter().filter(|(_, call)| is_page(call.caller));
        let awaited = of_pages.filter(|(_, call)| call.state == State::Open && !call.is_merged);
        let sum = |of: fn(&Service) -> u64| -> i128 { self.services.iter().map(of).sum::<u64>().into() };
        let equal = |name, left: i128, right: i128| Identity { name, left, right };
        vec![
            equal(
                "pages = answered + failed + under way",
                metrics.pages_total.total().into(),
                i128::from(metrics.pages_ok.total() + failed) + open().count() as i128,
            ),
            equal("pages held = pages under way", open().count() as i128, metrics.pages_open.value().into()),
            equal(
                "sum of the times of pages = integral of the pages under way (Little's law)",
                (metrics.cart_ms.sum_nanos() + totals.failed_sojourn + age) as i128,
                metrics.pages_open.integral(now) as i128,
            ),
            equal(
                "pages answered = times measured",
                metrics.pages_ok.total().into(),
                metrics.cart_ms.count().into(),
            ),
            equal(
                "calls = answered + given up + under way",
                metrics.calls_total.total().into(),
                i128::from(totals.answered + totals.given_up) + awaited.count() as i128,
            ),
            equal(
                "calls under way = those that pages wait for",
                open().map(|page| i128::from(page.open)).sum(),
                i128::from(metrics.calls_total.total() - totals.answered - totals.given_up),
            ),
            equal(
                "tries of services and layers = calls of pages and layers + retries + second questions",
                (metrics.call_attempts_total.total() + totals.to_layers).into(),
                (metrics.calls_total.total()
                    + totals.passed_on
                    + metrics.retries_total.total()
                    + totals.hedges)
                    .into(),
            ),
            equal(
                "calls of layers = tries that they pass on",
                self.calls.iter().filter(|(_, call)| !is_page(call.caller)).count() as i128,
                tries(Way::PassedOn),
            ),
            equal(
                "tries = worked off + lost + held",
                (metrics.call_attempts_total.total() + totals.to_layers).into(),
                i128::from(totals.worked_off + totals.lost) + self.attempts.len() as i128,
            ),
            equal(
                "every try that somebody waits for is held by its call",
                self.attempts.iter().filter(|(_, each)| each.call != NONE).count() as i128,
                self.calls.iter().flat_map(|(_, call)| call.attempts).filter(|each| *each != NONE).count()
                    as i128,
            ),
            equal("busy workers = tries that are worked on", sum(|each| each.busy), tries(Way::Working)),
            equal(
                "tries in line = lengths of the lines",
                tries(Way::Waiting),
                sum(|each| each.line.len() as u64),
            ),
            equal(
                "waiting for Inventory = the length of its line",
                metrics.inventory_waiting.value().into(),
                self.services[INVENTORY].line.len() as i128,
            ),
            equal(
                "connections that pages have = pages in the core",
                self.core_pool.pages.into(),
                pages(Place::Core),
            ),
            equal(
                "connections in use = those of pages and of the report",
                metrics.core_in_use.value().into(),
                self.core_pool.in_use().into(),
            ),
            equal(
                "pages in line for the core = the number measured",
                pages(Place::Line),
                metrics.core_waiting.value().into(),
            ),
            equal(
                "pages that asked the core = connected + left the line without + in line",
                totals.asked_core.into(),
                i128::from(totals.connected + totals.left_core_line) + pages(Place::Line),
            ),
            equal(
                "workers and connections are within their limits whenever one is given",
                totals.given_past_limit.into(),
                0,
            ),
        ]
    }
}

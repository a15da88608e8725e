//! Fifteen calls for one page: what a small shop pays in time for running as twenty services.
//!
//! A cart page is put together from the answers of fifteen services. Each call sets up a connection, hops to the service,
//! waits for a worker and has its work done. Services that are merged into the core cost the work alone, but share its
//! connections.
//!
//! ```text
//! cart page ──▶ line ──▶ core: work, one module after the other
//!     └───────▶ connect, hop ──▶ line ──▶ service: work      (fifteen times, in the order that the call mode says)
//! ```
//!
//! Read on in [`tables`] and [`presets`] (what there is to set and to measure), [`pages`] (a page from its request to its
//! end), [`calls`] (tries, timeouts, retries, hedges), [`services`] (who works on what), [`core_pool`] (what is merged),
//! [`control`] (what the learner does, and what each second says), [`sorting`] (which services the learner moves into the
//! core), [`inert`] (which controls do nothing), [`waterfall`] (what the slowest page spent its time on) and [`view`] (what a
//! screen shows, and the equations that hold).

mod calls;
mod control;
mod core_pool;
mod inert;
mod pages;
mod presets;
mod services;
mod sorting;
mod tables;
mod view;
mod waterfall;

pub use self::tables::{Action, CallMode, Metrics, Params};

use std::sync::Arc;

use self::calls::{Attempt, Call};
use self::control::{Trouble, Window};
use self::core_pool::CorePool;
use self::pages::Page;
use self::services::Service;
use self::tables::{Event, SPEC};
use self::waterfall::Record;
use super::topology::Core;
use crate::engine::Ctx;
use crate::exhibit;
use crate::inert::Rule;
use crate::random::Stream;
use crate::resource::fifo::Slab;
use crate::resource::poisson::Poisson;
use crate::scenario::{Identity, Scenario};
use crate::snapshot::{Life, Snapshot};
use crate::spec::ScenarioSpec;
use crate::time::SimTime;

const SECOND: SimTime = SimTime::from_secs(1);
/// Tries of calls from which on no page is let in, so that memory is bounded.
const MOST_HELD: usize = 200_000;

type Context = Ctx<MonolithLatency>;

/// The state of the shop.
#[derive(Clone, Debug)]
pub struct MonolithLatency {
    arrivals: Poisson,
    /// Whether the calls of a page are slow together, and whether they are then.
    page_coins: Stream,
    /// Whether a call is slow.
    call_coins: Stream,
    /// In the order of [`SERVICES`](super::topology::SERVICES).
    services: Vec<Service>,
    pages: Slab<Page>,
    calls: Slab<Call>,
    attempts: Slab<Attempt>,
    /// What is merged at present.
    core: Core,
    core_pool: CorePool,
    trouble: Trouble,
    window: Window,
    slowest: Option<Arc<Record>>,
    totals: Totals,
}

/// For the diagram and the identities.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    /// Calls over the network that were answered, and that were given up.
    answered: u64,
    given_up: u64,
    hedges: u64,
    /// Tries that were sent to a layer, and those of them that it passed on.
    to_layers: u64,
    passed_on: u64,
    /// Tries that were worked off, and that were lost in a crash or found their service down.
    worked_off: u64,
    lost: u64,
    /// Pages that asked the core for a connection, that were given one, and that left the line without.
    asked_core: u64,
    connected: u64,
    left_core_line: u64,
    /// Times that a worker or a connection was given although none was free.
    given_past_limit: u64,
    /// Nanoseconds that pages took which failed.
    failed_sojourn: u128,
}

impl Scenario for MonolithLatency {
    const SPEC: ScenarioSpec = SPEC;
    type Params = Params;
    type Metrics = Metrics;
    type Event = Event;

    fn start(ctx: &mut Context) -> Self {
        let mut shop = Self {
            arrivals: Poisson::new(ctx.stream("arrivals")),
            page_coins: ctx.stream("slow pages"),
            call_coins: ctx.stream("slow calls"),
            services: services::all(ctx),
            pages: Slab::default(),
            calls: Slab::default(),
            attempts: Slab::default(),
            core: ctx.params.layout.core(),
            core_pool: CorePool::default(),
            trouble: Trouble::default(),
            window: Window::default(),
            slowest: None,
            totals: Totals::default(),
        };
        shop.arrivals.set_rate(ctx.params.page_rate_per_s, Event::Arrive, ctx);
        ctx.schedule_limit(SECOND, Event::Second);
        shop
    }

    fn handle(&mut self, event: Event, ctx: &mut Context) {
        match event {
            Event::Arrive => {
                self.arrivals.next(Event::Arrive, ctx);
                self.arrive(ctx);
            }
            Event::PageTimeout(page) => self.time_out_page(page, ctx),
            Event::ModuleEnd(page) => self.end_module(page, ctx),
            Event::Reach(attempt) => self.reach(attempt, ctx),
            Event::WorkEnd(attempt) => self.end_work(attempt, ctx),
            Event::CallTimeout(call) => self.time_out_call(call, ctx),
            Event::Hedge(call) => self.hedge(call, ctx),
            Event::BrownoutEnd => self.end_brownout(ctx),
            Event::Up => self.come_up(ctx),
            Event::ReportEnd => self.end_report(ctx),
            Event::Second => {
                ctx.schedule_limit(SECOND, Event::Second);
                self.count_second(ctx);
            }
        }
    }

    fn change(&mut self, before: &Params, ctx: &mut Context) {
        if ctx.params.page_rate_per_s != before.page_rate_per_s {
            self.arrivals.set_rate(ctx.params.page_rate_per_s, Event::Arrive, ctx);
        }
        if ctx.params.layout != before.layout {
            self.core = ctx.params.layout.core();
        }
        (0..self.services.len()).for_each(|service| self.fill(service, ctx));
        self.fill_core(ctx);
    }

    fn act(&mut self, index: usize, ctx: &mut Context) {
        match Action::at(index) {
            Some(Action::Brownout) => self.begin_brownout(ctx),
            Some(Action::CrashModule) => self.crash(ctx),
            Some(Action::SlowReport) => self.begin_report(ctx),
            None => {}
        }
    }

    fn enter(&mut self, _: usize, text: &str, ctx: &mut Context) {
        self.edit_topology(text, ctx);
    }

    fn snapshot(&self, ctx: &Context) -> Snapshot {
        self.diagram(ctx)
    }

    fn request(&self, node: &str, position: usize, ctx: &Context) -> Option<Life> {
        self.life_at(node, position, ctx)
    }

    fn record(&self) -> Option<exhibit::Waterfall> {
        Some(waterfall::shown(self.slowest.as_deref()))
    }

    fn sorting(&self, ctx: &Context) -> Option<exhibit::Sorting> {
        Some(self.sorted(ctx))
    }

    fn inert(params: &Params) -> Vec<Rule> {
        inert::rules(params)
    }

    fn pending(&self, _: &Context) -> Vec<Rule> {
        self.rules_of_topology()
    }

    fn live_records(&self) -> u64 {
        u64::from(self.pages.end()) + u64::from(self.calls.end()) + u64::from(self.attempts.end())
    }

    fn identities(&self, ctx: &Context) -> Vec<Identity> {
        self.equations(ctx)
    }
}

//! Paid, and nothing shipped: a checkout moves money and goods in two places, and anything in between can fail.
//!
//! Each protocol is a table of steps, and one piece of code says what a step, a fault and a recovery do. Two go by it: the
//! explorer, which follows a single order through every fault, and the simulation, in which orders come at random, rows
//! are locked, customers click again and recoveries take their time.

mod attempt;
mod choices;
mod code;
mod exhibits;
mod flow;
mod inert;
mod late;
mod orders;
mod outcomes;
mod paths;
mod places;
mod presets;
mod steps;
mod tables;
mod trace;
mod view;

pub use self::attempt::{Class, Fault};
pub use self::paths::{Move, Paths, Verdict};
pub use self::steps::Rules;
pub use self::tables::{Metrics, Params, Place, Protocol};

use self::orders::{GOODS, Order};
use self::tables::{Event, SPEC};
use crate::engine::Ctx;
use crate::exhibit::{Exhibit, ExhibitSpec};
use crate::inert::Rule;
use crate::random::Stream;
use crate::resource::fifo::{Fifo, Slab};
use crate::resource::poisson::Poisson;
use crate::scenario::{Identity, Scenario};
use crate::snapshot::{Life, Snapshot};
use crate::spec::ScenarioSpec;
use crate::time::SimTime;

/// A step of the checkout itself, and a call to another service: the 220 ms that a call takes in the story.
const OWN_STEP: SimTime = SimTime::from_nanos(10_000_000);
const CALL: SimTime = SimTime::from_nanos(220_000_000);
/// A caller that has no answer waits so long from when its request should have been served; who waits for a locked row,
/// likewise.
const CALL_TIMEOUT: SimTime = SimTime::from_secs(10);
/// From an error until the customer clicks again.
const CLICKS_AFTER: SimTime = SimTime::from_secs(5);
const SECOND: SimTime = SimTime::from_secs(1);
/// What an order costs, what a refund costs the shop, and what the ticket of an order does, in millionths of a dollar.
const PRICE_MICROS: i64 = 50_000_000;
const REFUND_MICROS: i64 = 300_000;
const TICKET_MICROS: i64 = 8_000_000;

/// The state of the shop. Orders are bounded: at most 20 a second come in, and none is open for much longer than a
/// reservation or a recovery takes.
#[derive(Clone, Debug)]
pub struct MonolithCheckout {
    arrivals: Poisson,
    goods: Stream,
    stock: Stream,
    customers: Stream,
    crashes: Stream,
    messages: Stream,
    refunds: Stream,
    /// Those that have not come to rest.
    orders: Slab<Order>,
    /// The row of each of the goods.
    rows: [Row; GOODS],
    /// The faults placed by hand strike the next order.
    marks_next: bool,
    /// Orders in doubt, and all that ever were.
    doubts: u64,
    doubted: u64,
    /// Dead attempts that keep something locked.
    locks: u64,
    /// Rows that are free for somebody who has not taken them yet.
    handed_over: u64,
    /// Calls to payments and to the inventory.
    calls: [u64; 2],
    at_rest: AtRest,
}

/// A row of the stock.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    /// The attempt that has it locked.
    holder: Option<u32>,
    /// Orders that wait for it.
    line: Fifo,
}

/// What the identities count of the orders at rest.
#[derive(Clone, Copy, Debug, Default)]
struct AtRest {
    /// Charges that were not refunded.
    charges: u64,
    /// Those that broke off when they were charged and not reserved.
    splits: u64,
}

impl Scenario for MonolithCheckout {
    const SPEC: ScenarioSpec = SPEC;
    type Params = Params;
    type Metrics = Metrics;
    type Event = Event;

    fn start(ctx: &mut Ctx<Self>) -> Self {
        let mut shop = Self {
            arrivals: Poisson::new(ctx.stream("arrivals")),
            goods: ctx.stream("goods"),
            stock: ctx.stream("stock"),
            customers: ctx.stream("customers"),
            crashes: ctx.stream("crashes"),
            messages: ctx.stream("messages"),
            refunds: ctx.stream("refunds"),
            orders: Slab::default(),
            rows: [Row::default(); GOODS],
            marks_next: true,
            doubts: 0,
            doubted: 0,
            locks: 0,
            handed_over: 0,
            calls: [0; 2],
            at_rest: AtRest::default(),
        };
        shop.set_rate(ctx);
        shop.place(ctx);
        shop.show(ctx);
        shop
    }

    fn handle(&mut self, event: Event, ctx: &mut Ctx<Self>) {
        match event {
            Event::Order => {
                self.arrivals.next(Event::Order, ctx);
                self.place(ctx);
            }
            Event::StepEnd(attempt) => self.end_step(attempt, ctx),
            Event::Row(attempt) => self.take_row(attempt, ctx),
            Event::Timeout(attempt) => self.time_out(attempt, ctx),
            Event::Click(order) => self.click(order, ctx),
            Event::Recover(attempt) => self.recover(attempt, ctx),
            Event::Expire(attempt) => self.expire(attempt, ctx),
            Event::LockSecond(attempt) => self.count_second(attempt, ctx),
        }
        self.show(ctx);
    }

    fn change(&mut self, before: &Params, ctx: &mut Ctx<Self>) {
        if ctx.params.checkout_rate_per_s != before.checkout_rate_per_s {
            self.set_rate(ctx);
        }
        let marks = |params: &Params| [params.fault_at, params.second_fault_at];
        self.marks_next |= marks(&ctx.params) != marks(before);
    }

    fn snapshot(&self, ctx: &Ctx<Self>) -> Snapshot {
        self.diagram(ctx)
    }

    fn request(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        self.life_at(node, position, ctx)
    }

    fn exhibits(params: &Params) -> Vec<ExhibitSpec> {
        exhibits::all(params)
    }

    fn cheap_exhibit(id: &str, params: &Params) -> Option<Exhibit> {
        exhibits::cheap(id, params)
    }

    fn expensive_exhibit(id: &str, params: &Params) -> Option<Exhibit> {
        exhibits::expensive(id, params)
    }

    fn inert(params: &Params) -> Vec<Rule> {
        inert::rules(params)
    }

    fn live_records(&self) -> u64 {
        self.orders.len() as u64
    }

    fn identities(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        self.equations(ctx)
    }
}

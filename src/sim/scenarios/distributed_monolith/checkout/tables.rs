//! What there is to set and to measure.

pub use super::choices::{Place, Protocol};

use super::choices::LAYOUTS;
use super::presets::PRESETS;
use crate::clock::WallClock;
use crate::metric::MetricSet;
use crate::parameter::ParamSet;
use crate::scenarios::distributed_monolith::topology::Layout;
use crate::spec::{ChartSpec, ScenarioSpec};
use crate::time::SimTime;
use crate::{events, metrics, params, parts};

parts! {
    /// Where controls and metrics belong.
    Part {
        Customers = "Customers" ["customers"] ["orders_total", "clicks_again_total", "checkout_s"],
        Checkout = "Checkout" ["checkout", "doubt"] ["orders_open", "in_doubt_now", "crashes_total", "call_timeouts_total", "splits_total", "healed_total"],
        Payments = "Payments" ["payments"] ["charges_total", "refunds_total", "taken_usd", "double_charged"],
        Inventory = "Inventory" ["inventory"] ["refusals_total", "locks_held", "lock_blocked_s", "lock_timeouts_total"],
    }
}

params! {
    in Customers:
    /// New orders each second, at random (a Poisson process). The first order comes at the start whatever the rate is.
    checkout_rate_per_s: f64 = 2, "Orders", "1/s", Number { min: 0.0, max: 20.0, step: 0.5 }, Assumed;
    /// Share of customers who click once more, five seconds after they saw an error. Whoever is told that the card is
    /// declined or the goods are sold out does not.
    customer_retry_pct: f64 = 50, "Customers who click again", "%", Number { min: 0.0, max: 100.0, step: 10.0 }, Assumed;

    in Checkout:
    /// How a checkout moves stock and money. A change applies to orders placed after it.
    protocol: Protocol = naive, "Protocol", "", Choice(Protocol::CHOICES), Story;
    /// What runs together. In a core the stock is in the database of the orders. Only the outbox and the one transaction ask
    /// for that; where it is not there, they do what "charge, then reserve" does. The other protocols call the stock as a
    /// service either way. A change applies to orders placed after it.
    layout: Layout = twenty_services, "Layout", "", Choice(LAYOUTS), Story;
    /// Every call carries a key of its cart, by which whoever is called knows that it has done the same before.
    /// A change applies to orders placed after it.
    idempotency_key: bool = false, "Key on every call", "", Switch, Assumed;
    /// A fault that is placed by hand: it strikes the next order that is placed, the first time its checkout comes there.
    /// That order has no other fault but the second one. Set at the start, it strikes the first order.
    fault_at: Place = none, "One fault", "", Choice(Place::CHOICES), Assumed;
    /// A second fault in the same order. It strikes the first time the checkout, or its repetition, comes there after the
    /// first fault; without a first one, it is the first.
    second_fault_at: Place = none, "A second fault", "", Choice(Place::CHOICES), Assumed;
    /// Chance, for each click on the order button, that the checkout dies before one of its steps, all equally likely.
    crash_pct: f64 = 1, "Checkout dies", "%", Number { min: 0.0, max: 5.0, step: 0.25 }, Assumed;
    /// How long a dead checkout waits for its recovery: with a saga and an outbox for somebody who goes on, with two-phase
    /// commit for the coordinator. Nobody recovers the others. What counts is the value at the crash.
    coordinator_recovery_s: f64 = 120, "Recovery takes", "s", Number { min: 1.0, max: 3600.0, step: 10.0 }, Assumed;
    /// Chance, for each call to another service, that a message is lost: half of them the request, so that nothing is
    /// done, and half the reply, so that everything is done. The caller learns neither and waits for ten seconds.
    lost_message_pct: f64 = 0.4, "Lost messages", "%", Number { min: 0.0, max: 5.0, step: 0.1 }, Assumed;

    in Payments:
    /// Payments keep a database of their own. It matters to the one transaction alone: the charge is then a call within
    /// the open transaction. A change applies to orders placed after it.
    payments_outside: bool = true, "Payments outside", "", Switch, Story;
    /// Chance that a refund succeeds. One that fails is not tried again.
    refund_success_pct: f64 = 100, "Refunds that succeed", "%", Number { min: 0.0, max: 100.0, step: 5.0 }, Assumed;

    in Inventory:
    /// Chance that the goods of an order are sold out, however often it asks.
    inventory_refuse_pct: f64 = 1, "Sold out", "%", Number { min: 0.0, max: 20.0, step: 0.5 }, Assumed;
    /// How long goods stay reserved without a confirmation, which in that very moment still is in time. What counts is the
    /// value at the reservation.
    reservation_ttl_s: f64 = 900, "Reservation lasts", "s", Number { min: 60.0, max: 7200.0, step: 60.0 }, Assumed;
}

metrics! {
    /// Orders placed.
    orders_total: Counter, "Orders", "orders";
    /// Second clicks of customers who saw an error.
    clicks_again_total: Counter, "Second clicks", "clicks";
    /// Orders that came to rest charged once and reserved once.
    ok: Counter, "Charged and reserved", "orders";
    /// Orders of which nothing is left: neither charged nor reserved.
    clean_fail: Failure, "Failed cleanly", "orders";
    /// Orders that came to rest charged and without stock.
    charged_not_reserved: Failure, "Charged, not reserved", "orders", [1.0 "an order is charged and will get no goods"];
    /// Orders that came to rest with stock and without a charge.
    reserved_not_charged: Failure, "Reserved, not charged", "orders", [1.0 "goods are reserved for an order that nobody pays"];
    /// Orders that came to rest with nothing but an amount blocked on the card.
    hold_only: Failure, "Amount blocked", "orders", [1.0 "an order is over, and its amount stays blocked on the card"];
    /// Orders that came to rest charged more than once.
    double_charged: Failure, "Charged twice", "orders", [1.0 "an order is charged twice"];
    /// Orders that came to rest reserved more than once and not charged more than once.
    double_reserved: Failure, "Reserved twice", "orders", [1.0 "goods are reserved twice for one order"];
    /// Orders at rest whose payment and stock disagree: charged and not reserved, reserved and not charged, or reserved
    /// twice. Recovery and the end of reservations have done what they can.
    inconsistent_final_total: Counter, "Inconsistent at rest", "orders", [1.0 "an order is at rest, and its payment and stock disagree"];
    /// Orders that had been charged and not reserved when a checkout of theirs broke off.
    splits_total: Counter, "Broke off in between", "orders";
    /// Those of them that came to rest charged and reserved, by a second click or by recovery.
    healed_total: Counter, "Of these healed", "orders";
    /// Orders not at rest of which nobody knows what became of them: a call was not answered, or the checkout died.
    in_doubt_now: Level, "In doubt", "orders", [1.0 "the fate of an order is in doubt" or "no order is in doubt any more"];
    /// Orders that have not come to rest.
    orders_open: Level, "Open orders", "orders";
    /// Time from a click to the answer, or to the error.
    checkout_s: Histogram, "Checkout", "s";
    /// Checkouts that died.
    crashes_total: Counter, "Checkouts that died", "crashes";
    /// Calls that were not answered within ten seconds.
    call_timeouts_total: Counter, "Calls without an answer", "calls";
    /// Checkouts that found the row of their goods locked and gave up after ten seconds.
    lock_timeouts_total: Counter, "Locked out", "checkouts", [1.0 "a checkout gave up: the row of its goods is locked"];
    /// Calls and transactions that were refused: the goods sold out, or the card declined.
    refusals_total: Counter, "Refused", "calls";
    /// Dead checkouts that keep a payment or a row of the stock locked.
    locks_held: Level, "Locked by the dead", "checkouts", [1.0 "a dead checkout has locks that nobody frees" or "no lock is held by a dead checkout any more"];
    /// Whole seconds for which dead checkouts kept something locked, added up.
    lock_blocked_s: Counter, "Time locked by the dead", "s", [60.0 "the time for which dead checkouts have held locks is a minute in all"];
    /// Charges, captures included.
    charges_total: Counter, "Charges", "charges";
    /// Charges that were refunded.
    refunds_total: Counter, "Refunds", "refunds";
    /// Money taken from customers: each charge brings 50 USD, each refund takes as much away.
    taken_usd: Money, "Money taken", "USD";
    /// What faults cost: 0.30 USD for each refund, and 8 USD for the ticket of each order that came to rest charged or
    /// reserved as it should not be.
    ledger_usd: Money, "Cost", "USD";
}

events! {
    /// What can happen. The number says which order, and whether its first or second attempt.
    Event {
        /// An order is placed.
        Order,
        /// The step under way takes effect.
        StepEnd(u32),
        /// A row is free that somebody has waited for.
        Row(u32),
        /// An answer, or a row, has been waited for long enough.
        Timeout(u32),
        /// A customer clicks once more.
        Click(u32),
        /// A dead checkout is found.
        Recover(u32),
        /// A reservation is over.
        Expire(u32),
        /// A dead checkout has kept its locks for one more second.
        LockSecond(u32),
    }
}

pub const SPEC: ScenarioSpec = ScenarioSpec {
    id: "monolith_checkout",
    title: "Paid, and nothing shipped",
    summary: "A checkout charges a card and reserves the stock, in two databases: wherever it dies or loses a message in between, the two may disagree.",
    leaves_out: crate::docs::list(&[
        "Customers never change their minds, and an order is of one of 20 goods, all equally popular.",
        "No card is declined unless you place that fault.",
        "A step of the checkout itself takes 10 ms and a call 220 ms, always; services and databases are never short of capacity.",
        "A message is lost or comes at once: no request arrives after its caller has given up.",
        "A rollback, a release and the return of goods always arrive; a refund either succeeds or fails, and is not tried again.",
        "A recovery goes on by itself: nobody has to be called, and the recovery dies only where you place that fault.",
        "Payments remember a key for good; the inventory forgets it once the goods are back, so that the same key can reserve them anew.",
        "A commit without a key does its work again when it is repeated; a real coordinator sends a number of its transaction, which is such a key.",
        "The outbox and the one transaction lock a row of the stock no longer than their own steps take.",
        "An amount that is blocked on a card stays blocked; real ones lapse after some days.",
    ]),
    clock: WallClock::starting_at(9, 0),
    length: SimTime::from_secs(3600),
    parts: Part::SPEC,
    params: Params::SPEC,
    actions: &[],
    texts: &[],
    metrics: Metrics::SPEC,
    charts: &[
        ChartSpec { title: "Traffic", metrics: &["orders_total", "ok", "clicks_again_total"] },
        ChartSpec {
            title: "Errors",
            metrics: &["crashes_total", "call_timeouts_total", "refusals_total", "lock_timeouts_total"],
        },
        ChartSpec { title: "Latency", metrics: &["checkout_s"] },
        ChartSpec { title: "Saturation", metrics: &["orders_open", "in_doubt_now"] },
        ChartSpec {
            title: "Not as it should be",
            metrics: &[
                "charged_not_reserved",
                "reserved_not_charged",
                "hold_only",
                "double_charged",
                "double_reserved",
            ],
        },
        ChartSpec { title: "Failed cleanly", metrics: &["clean_fail"] },
        ChartSpec {
            title: "Broke off in between",
            metrics: &["splits_total", "healed_total", "inconsistent_final_total"],
        },
        ChartSpec { title: "Locks of the dead", metrics: &["locks_held"] },
        ChartSpec { title: "Time locked", metrics: &["lock_blocked_s"] },
        ChartSpec { title: "Money", metrics: &["taken_usd", "ledger_usd"] },
    ],
    presets: PRESETS,
};

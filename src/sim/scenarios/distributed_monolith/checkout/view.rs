//! What a screen shows of the shop, and the equations that hold in it.

use super::attempt::{Attempt, Class};
use super::orders::{GOODS, Order};
use super::tables::Failure;
use super::{MonolithCheckout, PRICE_MICROS, REFUND_MICROS, TICKET_MICROS};
use crate::diagram::Diagram;
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::format::{counted, exact};
use crate::metric::FailureReason;
use crate::scenario::Identity;
use crate::snapshot::{Content, Health, Life, Snapshot};

impl MonolithCheckout {
    pub(super) fn diagram(&self, ctx: &Ctx<Self>) -> Snapshot {
        let (params, metrics) = (&ctx.params, &ctx.metrics);
        let open = self.orders.len() as u64 - self.doubts;
        let locked = self.rows.iter().filter(|row| row.holder.is_some()).count() as u64;
        let waiting = self.rows.iter().map(|row| row.line.len() as u64).sum::<u64>();
        let work = if open == 0 { "idle" } else { "at work" };
        let doubt = match self.doubts {
            0 => (Health::Fine, "none"),
            _ => (Health::Strained, "unknown fate"),
        };
        let stock = match locked {
            _ if self.locks > 0 && waiting > 0 => (Health::Failing, "blocked"),
            _ if self.locks > 0 => (Health::Strained, "locked by the dead"),
            0 => (Health::Fine, "open"),
            _ => (Health::Fine, "in use"),
        };
        let net = metrics.charges_total.total() - metrics.refunds_total.total();
        let queue = |length| Content::Queue { length, limit: None };
        let mut diagram = Diagram::new()
            .plain(
                "customers",
                "Customers",
                (0, 0),
                format!("{} a second", exact(params.checkout_rate_per_s)),
            )
            .node("checkout", "Checkout", (1, 0), queue(open), (Health::Fine, work), counted(open, "orders"))
            .node("doubt", "In doubt", (1, 1), queue(self.doubts), doubt, counted(self.doubts, "orders"))
            .plain("payments", "Payments", (2, 0), counted(net, "charged"))
            .node(
                "inventory",
                "Inventory",
                (2, 1),
                Content::Slots { used: locked, total: GOODS as u64 },
                stock,
                counted(waiting, "wait for a row"),
            )
            .end("done", "Charged and reserved", (3, 0), metrics.ok.total())
            .lost::<Failure>("Everything else", (3, 1), metrics, metrics.ok.lately(), 0)
            .flow("customers", "checkout", metrics.orders_total.total() + metrics.clicks_again_total.total())
            .flow("checkout", "doubt", self.doubted)
            .flow("doubt", "checkout", self.doubted - self.doubts)
            .flow("checkout", "payments", self.calls[0])
            .flow("checkout", "inventory", self.calls[1])
            .flow("checkout", "done", metrics.ok.total());
        for failure in Failure::ALL {
            diagram = diagram.failure("checkout", "lost", *failure, metrics);
        }
        // Whoever paid for nothing has still paid for nothing when all is quiet.
        let harmed = Failure::ALL.iter().filter(|failure| **failure != Failure::CleanFail);
        if harmed.map(|failure| failure.total(metrics)).sum::<u64>() > 0 {
            diagram = diagram.strained("lost", "inconsistent");
        }
        diagram.finish()
    }

    pub(super) fn life_at(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        let in_doubt = |is_in_doubt: bool| {
            let orders = self.orders.iter().map(|(_, order)| order);
            orders.filter(|order| order.is_in_doubt == is_in_doubt).nth(position)
        };
        let order = match node {
            "checkout" => in_doubt(false),
            "doubt" => in_doubt(true),
            "inventory" => {
                let holder = self.rows.iter().filter_map(|row| row.holder).nth(position)?;
                self.orders.get(holder >> 1)
            }
            _ => None,
        };
        order.map(|order| order.life(ctx.now(), None))
    }

    pub(super) fn equations(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        let metrics = &ctx.metrics;
        let sum = |of: &dyn Fn(&Order) -> u64| self.orders.iter().map(|(_, order)| of(order)).sum::<u64>();
        let equal = |name, left: u64, right: u64| Identity { name, left: left.into(), right: right.into() };
        let money = |name, left: i64, right: i64| Identity { name, left: left.into(), right: right.into() };
        let at_rest = |is_in: fn(Class) -> bool| {
            Class::ALL
                .into_iter()
                .filter(|class| is_in(*class))
                .map(|class| class.total(metrics))
                .sum::<u64>()
        };
        let (charges, refunds) = (metrics.charges_total.total(), metrics.refunds_total.total());
        let tickets = at_rest(Class::needs_ticket) as i64;
        let cost = refunds as i64 * REFUND_MICROS + tickets * TICKET_MICROS;
        let taken = (charges as i64 - refunds as i64) * PRICE_MICROS;
        let rows = self.rows.iter().filter(|row| row.holder.is_some()).count() as u64;
        vec![
            equal(
                "orders = sum of their classes + open",
                metrics.orders_total.total(),
                at_rest(|_| true) + self.orders.len() as u64,
            ),
            equal(
                "charges = refunds + what stands of orders at rest and open",
                charges,
                refunds + self.at_rest.charges + sum(&|order| order.cart.net().into()),
            ),
            money("charges - refunds = money taken", metrics.taken_usd.micros(), taken),
            money("cost = sum of its entries", metrics.ledger_usd.micros(), cost),
            equal(
                "inconsistent = sum of its classes",
                metrics.inconsistent_final_total.total(),
                at_rest(Class::is_inconsistent),
            ),
            equal(
                "broken off = at rest + open",
                metrics.splits_total.total(),
                self.at_rest.splits + sum(&|order| order.is_split.into()),
            ),
            equal("in doubt = counted anew", self.doubts, sum(&|order| order.is_in_doubt.into())),
            equal(
                "locked by the dead = counted anew",
                self.locks,
                sum(&|order| order.attempts.iter().filter(|attempt| Attempt::blocks(attempt)).count() as u64),
            ),
            equal(
                "rows = attempts that have one",
                rows,
                self.handed_over
                    + sum(&|order| order.attempts.iter().filter(|attempt| attempt.has_row).count() as u64),
            ),
            equal(
                "orders in line = orders that wait",
                self.rows.iter().map(|row| row.line.len() as u64).sum(),
                sum(&|order| (order.wait != EventHandle::NONE).into()),
            ),
            equal(
                "reservations for a while = their ends",
                sum(&|order| order.cart.temporary.into()),
                sum(&|order| order.expiries.iter().filter(|end| **end != EventHandle::NONE).count() as u64),
            ),
        ]
    }
}

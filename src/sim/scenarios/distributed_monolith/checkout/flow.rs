//! What happens to an order in time. What each step does to it stands in `attempt.rs`.

use super::attempt::{Answer, Attempt, Cart, Class, Fault, State};
use super::choices::Place;
use super::orders::{GOODS, Order};
use super::steps::{Callee, Cure, Rules};
use super::tables::{Event, Params};
use super::{
    CALL, CALL_TIMEOUT, CLICKS_AFTER, MonolithCheckout, OWN_STEP, PRICE_MICROS, REFUND_MICROS, SECOND,
    TICKET_MICROS,
};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::metric::FailureReason;
use crate::time::SimTime;

type Context = Ctx<MonolithCheckout>;

/// Which order, and which of its attempts, as events name them.
const fn name(order: u32, at: usize) -> u32 {
    order << 1 | at as u32
}

const fn named(name: u32) -> (u32, usize) {
    (name >> 1, (name & 1) as usize)
}

/// The faults that are placed by hand, where these rules have their places.
pub fn marks(params: &Params, rules: Rules) -> [Place; 2] {
    [params.fault_at, params.second_fault_at]
        .map(|place| if place.is_in(rules) { place } else { Place::None })
}

impl MonolithCheckout {
    pub(super) fn set_rate(&mut self, ctx: &mut Context) {
        self.arrivals.set_rate(ctx.params.checkout_rate_per_s, Event::Order, ctx);
    }

    /// A customer places an order.
    pub(super) fn place(&mut self, ctx: &mut Context) {
        let params = &ctx.params;
        let rules = Rules::of(params);
        let marks = marks(params, rules);
        let is_marked = std::mem::take(&mut self.marks_next) && marks != [Place::None; 2];
        // Drawn for every order, so that runs under other rules draw the same.
        let (goods, is_sold_out) = (self.goods.unit(), self.stock.unit() * 100.0);
        let order = Order {
            placed: ctx.now(),
            rules,
            cart: Cart {
                is_sold_out: !is_marked && is_sold_out < params.inventory_refuse_pct,
                ..Cart::default()
            },
            attempts: [Attempt::default(); 2],
            began: [ctx.now(); 2],
            crashes: [(); 2].map(|()| (self.crashes.unit() * 100.0, self.crashes.unit())),
            dies_before: [None; 2],
            by_hand: is_marked.then_some(marks),
            goods: (goods * GOODS as f64) as u8,
            patience: self.customers.unit() * 100.0,
            click_is_due: false,
            wait: EventHandle::NONE,
            waits: 0,
            fate: None,
            seconds: [EventHandle::NONE; 2],
            told: [None; 2],
            expiries: [EventHandle::NONE; 2],
            is_in_doubt: false,
            is_split: false,
        };
        ctx.metrics.orders_total.add_one();
        let id = self.orders.insert(order);
        self.begin(id, 0, ctx);
    }

    /// An attempt begins.
    fn begin(&mut self, id: u32, at: usize, ctx: &mut Context) {
        let order = &mut self.orders[id];
        let (luck, gap) = order.crashes[at];
        let steps = order.rules.steps().len() as f64;
        let dies = order.by_hand.is_none() && luck < ctx.params.crash_pct;
        order.dies_before[at] = dies.then_some((gap * steps) as u8);
        order.attempts[at] = Attempt::begin();
        order.began[at] = ctx.now();
        self.enter(id, at, ctx);
    }

    /// An attempt comes to its next step, and may die.
    fn enter(&mut self, id: u32, at: usize, ctx: &mut Context) {
        let order = &mut self.orders[id];
        let is_marked = order.is_marked_for(Fault::Crash, at);
        let attempt = &mut order.attempts[at];
        if is_marked || order.dies_before[at] == Some(attempt.position) {
            attempt.crash(order.rules);
            if is_marked {
                order.unmark();
            }
            order.dies_before[at] = None;
            ctx.metrics.crashes_total.add_one();
            self.go_on(id, at, ctx);
        } else {
            let takes = if order.attempts[at].calls(order.rules) { CALL } else { OWN_STEP };
            ctx.schedule(takes, Event::StepEnd(name(id, at)));
        }
    }

    /// The step under way reaches whom it is for, unless it is lost, and may find the row of its goods locked.
    pub(super) fn end_step(&mut self, event: u32, ctx: &mut Context) {
        let (id, at) = named(event);
        let order = &mut self.orders[id];
        let attempt = order.attempts[at];
        let lost = ctx.params.lost_message_pct;
        let luck = if attempt.calls(order.rules) { self.messages.unit() * 100.0 } else { 100.0 };
        let fate = match luck {
            _ if order.by_hand.is_some() => None,
            luck if luck < lost / 2.0 => Some(Fault::RequestLost),
            luck if luck < lost => Some(Fault::ReplyLost),
            _ => None,
        };
        let arrives = fate != Some(Fault::RequestLost) && !order.is_marked_for(Fault::RequestLost, at);
        let row = &mut self.rows[usize::from(order.goods)];
        if arrives && attempt.needs_row(order.rules) && row.holder.is_some() {
            (order.waits, order.fate) = (at, fate);
            order.wait = ctx.schedule_limit(CALL_TIMEOUT, Event::Timeout(event));
            row.line.join(&mut self.orders, id);
        } else {
            self.take_effect(id, at, fate, ctx);
        }
    }

    /// The row that an attempt has waited for is free.
    pub(super) fn take_row(&mut self, event: u32, ctx: &mut Context) {
        let (id, at) = named(event);
        let fate = self.orders[id].fate;
        self.handed_over -= 1;
        self.take_effect(id, at, fate, ctx);
    }

    /// The step takes effect, as far as the fault lets it.
    fn take_effect(&mut self, id: u32, at: usize, fate: Option<Fault>, ctx: &mut Context) {
        let order = &mut self.orders[id];
        let before = order.cart;
        let messages = [Fault::RequestLost, Fault::ReplyLost, Fault::Refused];
        let marked = messages.into_iter().find(|fault| order.is_marked_for(*fault, at));
        if marked.is_some() {
            order.unmark();
        }
        match order.attempts[at].step(order.rules).map(|step| step.callee) {
            Some(Callee::Payments) => self.calls[0] += 1,
            Some(Callee::Inventory) => self.calls[1] += 1,
            _ => {}
        }
        let answer = order.attempts[at].call(order.rules, &mut order.cart, marked.or(fate));
        if order.attempts[at].has_row {
            self.rows[usize::from(order.goods)].holder = Some(name(id, at));
        }
        self.account(id, at, before, ctx);
        // Whoever has committed has unlocked the row, even if nobody learns of it.
        self.hand_over(id, at, ctx);
        match answer {
            Answer::None => {
                self.doubt(id, true);
                ctx.schedule_limit(CALL_TIMEOUT, Event::Timeout(name(id, at)));
            }
            Answer::No => {
                ctx.metrics.refusals_total.add_one();
                self.learn(id, at, answer, ctx);
            }
            Answer::Yes => self.learn(id, at, answer, ctx),
        }
    }

    /// An answer, or a row, has been waited for long enough.
    pub(super) fn time_out(&mut self, event: u32, ctx: &mut Context) {
        let (id, at) = named(event);
        let order = &mut self.orders[id];
        if order.wait == EventHandle::NONE || order.waits != at {
            ctx.metrics.call_timeouts_total.add_one();
        } else {
            order.wait = EventHandle::NONE;
            let goods = usize::from(order.goods);
            self.rows[goods].line.leave(&mut self.orders, id);
            ctx.metrics.lock_timeouts_total.add_one();
        }
        self.learn(id, at, Answer::None, ctx);
    }

    /// The checkout acts on what it has learned.
    fn learn(&mut self, id: u32, at: usize, answer: Answer, ctx: &mut Context) {
        let order = &mut self.orders[id];
        let before = order.cart;
        let attempt = &mut order.attempts[at];
        let refunds = answer == Answer::No
            && attempt.step(order.rules).is_some_and(|step| step.refused == Cure::Refund);
        let refunds_work = refunds && self.refunds.unit() * 100.0 < ctx.params.refund_success_pct;
        attempt.learn(order.rules, &mut order.cart, answer, refunds_work);
        self.account(id, at, before, ctx);
        self.go_on(id, at, ctx);
    }

    /// Books what has changed on card and stock, and keeps an end for each reservation for a while.
    fn account(&mut self, id: u32, at: usize, before: Cart, ctx: &mut Context) {
        let Order { cart, expiries, .. } = &mut self.orders[id];
        let metrics = &mut ctx.metrics;
        let (charged, refunded) = (cart.charges - before.charges, cart.refunds - before.refunds);
        metrics.charges_total.add(charged.into());
        metrics.refunds_total.add(refunded.into());
        metrics.taken_usd.enter((i64::from(charged) - i64::from(refunded)) * PRICE_MICROS);
        metrics.ledger_usd.enter(i64::from(refunded) * REFUND_MICROS);
        if cart.temporary > before.temporary {
            let lasts = SimTime::from_secs_f64(ctx.params.reservation_ttl_s);
            expiries[at] = ctx.schedule_limit(lasts, Event::Expire(name(id, at)));
        }
        // One that is released or confirmed does not expire: the attempt's own, or that which its key has found.
        for end in [at, 1 - at] {
            let kept = expiries.iter().filter(|end| **end != EventHandle::NONE).count();
            if kept > usize::from(cart.temporary) {
                ctx.cancel(std::mem::replace(&mut expiries[end], EventHandle::NONE));
            }
        }
    }

    /// After an attempt has changed: its row, its customer, and what comes next.
    fn go_on(&mut self, id: u32, at: usize, ctx: &mut Context) {
        self.hand_over(id, at, ctx);
        let order = &mut self.orders[id];
        let attempt = order.attempts[at];
        let is_news = order.told[at].is_none() && (attempt.is_answered || attempt.state != State::Running);
        if is_news {
            order.told[at] = Some(ctx.now());
            ctx.metrics.checkout_s.observe(ctx.now() - order.began[at]);
        }
        if attempt.state == State::Running {
            self.enter(id, at, ctx);
            return;
        }
        if attempt.state != State::Done && order.cart.net() > 0 && order.cart.reserved == 0 && !order.is_split
        {
            order.is_split = true;
            ctx.metrics.splits_total.add_one();
        }
        if is_news && at == 0 && attempt.shows_error() && order.patience < ctx.params.customer_retry_pct {
            order.click_is_due = true;
            ctx.schedule(CLICKS_AFTER, Event::Click(id));
        }
        if attempt.state == State::Crashed {
            let after = SimTime::from_secs_f64(ctx.params.coordinator_recovery_s);
            ctx.schedule_limit(after, Event::Recover(name(id, at)));
            if attempt.blocks() {
                order.seconds[at] = ctx.schedule(SECOND, Event::LockSecond(name(id, at)));
                self.locks += 1;
            }
        }
        self.doubt(id, matches!(attempt.state, State::Crashed | State::Failed));
        self.end_if_at_rest(id, ctx);
    }

    /// The row goes to the next in line, if the attempt has it no more.
    fn hand_over(&mut self, id: u32, at: usize, ctx: &mut Context) {
        let order = &self.orders[id];
        let row = &mut self.rows[usize::from(order.goods)];
        if order.attempts[at].has_row || row.holder != Some(name(id, at)) {
            return;
        }
        row.holder = None;
        if let Some(next) = row.line.take_first(&mut self.orders) {
            let order = &mut self.orders[next];
            ctx.cancel(std::mem::replace(&mut order.wait, EventHandle::NONE));
            let event = name(next, order.waits);
            row.holder = Some(event);
            ctx.schedule(SimTime::ZERO, Event::Row(event));
            self.handed_over += 1;
        }
    }

    /// Nobody knows what became of the order, or somebody does.
    fn doubt(&mut self, id: u32, is_in_doubt: bool) {
        let order = &mut self.orders[id];
        if is_in_doubt != order.is_in_doubt {
            order.is_in_doubt = is_in_doubt;
            let (count, total) = (&mut self.doubts, &mut self.doubted);
            if is_in_doubt {
                (*count, *total) = (*count + 1, *total + 1);
            } else {
                *count -= 1;
            }
        }
    }

    /// The customer clicks once more.
    pub(super) fn click(&mut self, id: u32, ctx: &mut Context) {
        self.orders[id].click_is_due = false;
        ctx.metrics.clicks_again_total.add_one();
        self.begin(id, 1, ctx);
    }

    /// A dead checkout is found.
    pub(super) fn recover(&mut self, event: u32, ctx: &mut Context) {
        let (id, at) = named(event);
        let order = &mut self.orders[id];
        self.locks -= u64::from(order.attempts[at].blocks());
        ctx.cancel(std::mem::replace(&mut order.seconds[at], EventHandle::NONE));
        order.attempts[at].recover(order.rules);
        self.go_on(id, at, ctx);
    }

    /// A dead checkout has kept its locks for one more second.
    pub(super) fn count_second(&mut self, event: u32, ctx: &mut Context) {
        let (id, at) = named(event);
        ctx.metrics.lock_blocked_s.add_one();
        self.orders[id].seconds[at] = ctx.schedule(SECOND, Event::LockSecond(event));
    }

    /// A reservation is over.
    pub(super) fn expire(&mut self, event: u32, ctx: &mut Context) {
        let (id, at) = named(event);
        let order = &mut self.orders[id];
        order.expiries[at] = EventHandle::NONE;
        order.cart.temporary = order.cart.temporary.saturating_sub(1);
        self.end_if_at_rest(id, ctx);
    }

    /// Counts the order as what it is, if nothing more happens to it.
    fn end_if_at_rest(&mut self, id: u32, ctx: &mut Context) {
        if !self.orders[id].is_at_rest() {
            return;
        }
        self.doubt(id, false);
        let Some(order) = self.orders.remove(id) else { return };
        let (class, now) = (order.cart.class(), ctx.now());
        ctx.end(|| order.life(now, Some(class)));
        let metrics = &mut ctx.metrics;
        match class.failure() {
            Some(failure) => failure.count(metrics),
            None => metrics.ok.add_one(),
        }
        if class.is_inconsistent() {
            metrics.inconsistent_final_total.add_one();
        }
        if class.needs_ticket() {
            metrics.ledger_usd.enter(TICKET_MICROS);
        }
        if order.is_split && class == Class::Ok {
            metrics.healed_total.add_one();
        }
        self.at_rest.charges += u64::from(order.cart.net());
        self.at_rest.splits += u64::from(order.is_split);
    }

    /// What gauges say after whatever has happened.
    pub(super) fn show(&self, ctx: &mut Context) {
        let now = ctx.now();
        ctx.metrics.orders_open.set(now, self.orders.len() as u64);
        ctx.metrics.in_doubt_now.set(now, self.doubts);
        ctx.metrics.locks_held.set(now, self.locks);
    }
}

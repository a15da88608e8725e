//! What happens to an order and its messages.

use super::orders::Hindrance;
use super::tables::{Event, Failure};
use super::worker::State;
use super::{DuplicateDelivery, MOST_HELD, MOST_WORKERS, RESEND_AFTER, view};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::format;
use crate::metric::FailureReason;
use crate::time::SimTime;

/// What a complaint and a look at a parked message cost, in millionths of a dollar.
pub const COMPLAINT_MICROS: i64 = 8_000_000;
pub const PARKED_MICROS: i64 = 15_000_000;

/// What a message says.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    /// Where its order is.
    pub order: u32,
    /// Which of the order's mails it asks for.
    pub version: u8,
    /// The last that became of it was that its worker died; if not, its lease lapsed while the worker was at work.
    pub after_crash: bool,
    /// A worker has begun it.
    pub is_begun: bool,
}

type Context = Ctx<DuplicateDelivery>;

impl DuplicateDelivery {
    pub(super) fn set_rate(&mut self, ctx: &mut Context) {
        self.arrivals.set_rate(ctx.params.order_rate_per_min / 60.0, Event::Order, ctx);
    }

    /// A customer orders.
    pub(super) fn order(&mut self, ctx: &mut Context) {
        // Drawn for every order, so that all later ones draw the same whatever became of this one.
        let asks_again = self.resends.unit() * 100.0 < ctx.params.resend_pct;
        if self.queue.len() >= MOST_HELD {
            return;
        }
        let order = self.orders.add(asks_again);
        ctx.metrics.orders_total.add_one();
        if asks_again {
            ctx.schedule(RESEND_AFTER, Event::Resend(order));
        }
        self.publish(order, 0, ctx.now());
    }

    /// The customer asks for the mail once more, and means it.
    pub(super) fn ask_again(&mut self, order: u32, ctx: &mut Context) {
        self.orders.change(order, |order| order.asks_again = false);
        if self.queue.len() < MOST_HELD {
            self.publish(order, 1, ctx.now());
        } else {
            self.orders.forget_if_done(order);
        }
    }

    fn publish(&mut self, order: u32, version: u8, now: SimTime) {
        self.orders.change(order, |order| {
            let mail_request = &mut order.mail_requests[usize::from(version)];
            (mail_request.asked, mail_request.refs) = (Some(now), mail_request.refs + 1);
        });
        self.queue.publish(now, Body { order, version, after_crash: false, is_begun: false });
    }

    /// After whatever has happened: the next look at the queue is planned. What gauges say comes after that look, if it
    /// belongs to this moment.
    pub(super) fn settle(&mut self, ctx: &mut Context) {
        self.plan(ctx);
        if self.due > ctx.now() {
            self.show_gauges(ctx);
        }
    }

    fn idle_worker(&self, ctx: &Context) -> Option<usize> {
        let workers = (ctx.params.workers as usize).clamp(1, MOST_WORKERS);
        let turn = self.turn % workers;
        (turn..workers).chain(0..turn).find(|worker| self.workers[*worker].state == State::Idle)
    }

    /// Free workers receive what can be received, each as many as it takes at a time. Only when nothing else happens at
    /// this moment, so that an ack which comes just then deletes its message first.
    pub(super) fn pick_up(&mut self, ctx: &mut Context) {
        let (now, delay) = (ctx.now(), self.spans.pickup_delay);
        let most = ctx.params.max_receives;
        let ready = |shop: &Self| {
            shop.queue.next().filter(|next| next.since + delay <= now).map(|next| next.receives)
        };
        while let Some(worker) = self.idle_worker(ctx)
            && ready(self).is_some()
        {
            let mut received = 0;
            while received < ctx.params.prefetch
                && let Some(receives) = ready(self)
            {
                if most > 0 && u64::from(receives) >= most {
                    self.park(ctx);
                } else {
                    self.receive(worker, ctx);
                    received += 1;
                }
            }
            self.begin(worker, ctx);
        }
    }

    fn park(&mut self, ctx: &mut Context) {
        let now = ctx.now();
        if let Some(message) = self.queue.park(now) {
            let reason = if message.body.is_begun { Failure::ParkedInDlq } else { Failure::ParkedUntried };
            ctx.end(|| view::life(message, now, Some((reason.id(), true))));
            reason.count(&mut ctx.metrics);
            ctx.metrics.ledger_usd.enter(PARKED_MICROS);
        }
    }

    /// When something is due that no other event brings about.
    fn plan(&mut self, ctx: &mut Context) {
        let (now, spans) = (ctx.now(), self.spans);
        let mut due = self.queue.next_lapse().unwrap_or(SimTime::MAX);
        if let Some(published) = self.queue.oldest() {
            due = due.min(published + spans.retention);
        }
        if let Some(published) = self.queue.oldest_dead() {
            due = due.min(published + spans.dlq_retention);
        }
        if self.idle_worker(ctx).is_some()
            && let Some(next) = self.queue.next()
        {
            due = due.min(next.since + spans.pickup_delay);
        }
        if due != self.due {
            ctx.cancel(self.due_event);
            self.due = due;
            let happens = due < SimTime::MAX;
            self.due_event =
                if happens { ctx.schedule_limit(due - now, Event::Due) } else { EventHandle::NONE };
        }
    }

    /// Messages get too old.
    pub(super) fn expire(&mut self, ctx: &mut Context) {
        let (now, spans) = (ctx.now(), self.spans);
        loop {
            let message = if self.queue.oldest().is_some_and(|published| published + spans.retention <= now) {
                self.queue.expire()
            } else if self.queue.oldest_dead().is_some_and(|published| published + spans.dlq_retention <= now)
            {
                self.queue.expire_dead()
            } else {
                None
            };
            let Some(message) = message else { break };
            let Body { order, version, .. } = message.body;
            ctx.end(|| view::life(&message, now, Some(("deleted by retention", true))));
            self.orders
                .change(order, |order| order.mail_requests[usize::from(version)].hinder(Hindrance::Expired));
            self.release(order, version, ctx);
        }
    }

    /// Leases lapse.
    pub(super) fn lapse(&mut self, ctx: &mut Context) {
        while let Some(receipt) = self.queue.lapse(ctx.now()) {
            let is_at_work = self.workers.iter().any(|worker| {
                worker.state == State::Working
                    && (worker.receipt == receipt
                        || worker.waiting.iter().any(|(waiting, _)| *waiting == receipt))
            });
            if is_at_work && let Some(body) = self.queue.body_mut(receipt.slot) {
                body.after_crash = false;
            }
        }
    }

    /// The primary of the marker store dies, and its replica takes over at once.
    pub(super) fn fail_over(&mut self, ctx: &mut Context) {
        let (now, lag) = (ctx.now(), SimTime::from_secs_f64(ctx.params.marker_replication_lag_s));
        let lost = self.orders.lose_since(now - lag, now);
        let orders = if lost == 1 { "order" } else { "orders" };
        ctx.announce(format!(
            "The marker store failed over, and {} {orders} under way lost a marker or claim",
            format::count(lost)
        ));
    }

    /// The customer of an order may have reason to complain.
    pub(super) fn complain(&mut self, order: u32, ctx: &mut Context) {
        if self.orders.complain(order) {
            self.counts.complaints += 1;
            ctx.metrics.ledger_usd.enter(COMPLAINT_MICROS);
        }
    }

    /// A message is gone, or a worker's attempt over. If nobody can send the mail any more, it is told what became of
    /// it.
    #[inline(never)]
    pub(super) fn release(&mut self, slot: u32, version: u8, ctx: &mut Context) {
        let mail_request = self.orders.change(slot, |order| {
            let mail_request = &mut order.mail_requests[usize::from(version)];
            mail_request.refs -= 1;
            mail_request.lost = mail_request.refs == 0 && mail_request.mails == 0;
            *mail_request
        });
        if mail_request.lost {
            let reason = match mail_request.hindrance {
                Hindrance::None => Failure::LostMarkedNotSent,
                Hindrance::Unsent => Failure::LostKeyNotSent,
                Hindrance::Expired => Failure::LostRetentionExpired,
                Hindrance::Suppressed => Failure::SuppressedLegitimate,
            };
            reason.count(&mut ctx.metrics);
            self.complain(slot, ctx);
        }
        if mail_request.refs == 0 {
            self.orders.forget_if_done(slot);
        }
    }

    fn show_gauges(&self, ctx: &mut Context) {
        let now = ctx.now();
        let (all, metrics) = (self.orders.all(), &mut ctx.metrics);
        if all.orders > 0 {
            let orders = all.orders as f64;
            metrics.orders_mailed_once_pct.set(now, 100.0 * all.once as f64 / orders);
            metrics.mails_per_order_mean.set(now, all.mails as f64 / orders);
        }
        metrics.orders_without_mail.set(now, all.without);
        metrics.inbox_mails.set(now, self.counts.inbox_0);
        metrics.mails_per_order_max.set(now, self.orders.most_mails().into());
        metrics.queue_visible.set(now, self.queue.visible());
        metrics.queue_in_flight.set(now, self.queue.in_flight());
        metrics.dlq_depth.set(now, self.queue.dead());
        let oldest = self.queue.oldest().map_or(SimTime::ZERO, |published| now - published);
        metrics.oldest_message_age_s.set(now, oldest.as_secs_f64());
        metrics.receive_count_max.set(now, self.most_receives.into());
        let workers = (ctx.params.workers as usize).clamp(1, MOST_WORKERS);
        let busy = self.workers[..workers].iter().filter(|worker| worker.state != State::Idle).count();
        metrics.workers_busy_pct.set(now, 100.0 * busy as f64 / workers as f64);
    }
}

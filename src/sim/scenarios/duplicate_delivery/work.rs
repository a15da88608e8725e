//! What a worker does with a message, step by step. What is called from several places is there once, which keeps the
//! page's program small.

use super::flow::Body;
use super::handler::{Attempt, Effect, Key, Missed, Step, listing};
use super::tables::{CrashKind, Dedupe, Event, Failure, LateAck, MailService};
use super::worker::{State, Worker};
use super::{DuplicateDelivery, view};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::metric::FailureReason;
use crate::resource::leased_queue::{Message, Receipt};
use crate::time::SimTime;

/// No receipt is extended beyond this time after its receive (Amazon SQS Developer Guide: 12 hours).
const LONGEST_LEASE: SimTime = SimTime::from_secs(43_200);

type Context = Ctx<DuplicateDelivery>;

impl DuplicateDelivery {
    /// A free worker receives the next message, and is to begin it.
    #[inline(never)]
    pub(super) fn receive(&mut self, at: usize, ctx: &mut Context) {
        let now = ctx.now();
        let until = now + SimTime::from_secs_f64(ctx.params.visibility_timeout_s);
        let Some(receipt) = self.queue.receive(now, until) else { return };
        let Some(&message) = self.queue.message(receipt.slot) else { return };
        let Body { order, version, .. } = message.body;
        let worker = &mut self.workers[at];
        worker.waiting.push((receipt, message));
        worker.received_total += 1;
        self.turn = at + 1;
        self.most_receives = self.most_receives.max(message.receives);
        self.orders.change(order, |order| order.mail_requests[usize::from(version)].refs += 1);
        ctx.metrics.receives_total.add_one();
    }

    /// A free worker begins the next of the messages that it has received, if there is one.
    #[inline(never)]
    pub(super) fn begin(&mut self, at: usize, ctx: &mut Context) {
        let params = &ctx.params;
        let mut waiting = std::mem::take(&mut self.workers[at].waiting);
        if waiting.is_empty() {
            return;
        }
        let (receipt, Message { body, number, published, receives, since: received, .. }) = waiting.remove(0);
        if self.queue.is_held(receipt)
            && let Some(body) = self.queue.body_mut(receipt.slot)
        {
            body.is_begun = true;
        }
        // Drawn for every message that is begun, so that runs with other chances draw the same.
        let (luck, background_luck) = (self.crashes.unit(), self.background.unit());
        let steps = listing(params.dedupe, params.log_position).len();
        let background_at = (self.background.unit() * steps as f64) as usize;
        let worker = &mut self.workers[at];
        *worker = Worker {
            state: State::Working,
            attempt: Attempt {
                dedupe: params.dedupe,
                log: params.log_position,
                position: 0,
                key: Key::new(params.key_kind, number, body.version),
                version: body.version,
                skips: false,
                missed: Missed::Nothing,
            },
            receipt,
            order: body.order,
            order_number: self.orders.get(body.order).number,
            after_crash: body.after_crash,
            published,
            received,
            receives,
            since: ctx.now(),
            luck,
            background_luck,
            background_at,
            heartbeat: EventHandle::NONE,
            waiting,
            ..*worker
        };
        self.plan_beat(at, ctx);
        self.enter(at, ctx);
    }

    /// A worker enters the step that it has come to, and may die.
    fn enter(&mut self, at: usize, ctx: &mut Context) {
        let worker = &mut self.workers[at];
        worker.since = ctx.now();
        let Some(step) = worker.attempt.step() else {
            self.counts.returned += 1;
            self.finish(at, State::Idle, ctx);
            return;
        };
        let Some(kind) = worker.dies_at(step, &ctx.params) else {
            let params = &ctx.params;
            let takes = if step != Step::Send {
                SimTime::from_millis_f64(params.op_ms)
            } else if worker.order_number == 0 && params.slow_send_s > 0.0 {
                SimTime::from_secs_f64(params.slow_send_s)
            } else {
                SimTime::from_secs_f64(params.send_s)
            };
            ctx.schedule(takes, Event::StepEnd(at as u32));
            return;
        };
        let receipt = worker.receipt;
        self.lose(receipt);
        ctx.metrics.worker_crashes_total.add_one();
        match kind {
            CrashKind::Exit => {
                ctx.schedule(SimTime::from_secs_f64(ctx.params.restart_s), Event::Up(at as u32));
                self.finish(at, State::Dead, ctx);
            }
            CrashKind::Hang => self.finish(at, State::Hung, ctx),
        }
    }

    /// The worker that has this receipt has died.
    fn lose(&mut self, receipt: Receipt) {
        if self.queue.is_newest(receipt)
            && let Some(body) = self.queue.body_mut(receipt.slot)
        {
            body.after_crash = true;
        }
    }

    /// A worker has come to the end of a step, which now takes effect.
    pub(super) fn end_step(&mut self, at: usize, ctx: &mut Context) {
        let now = ctx.now();
        let (order, mut attempt) = (self.workers[at].order, self.workers[at].attempt);
        if matches!(attempt.step(), Some(Step::Check | Step::Mark)) {
            self.workers[at].marker_calls += 1;
        }
        let dies = self.mail_service_dies(&attempt, ctx);
        let effect =
            self.orders.change(order, |order| order.memory.perform(&mut attempt, now, &ctx.params, dies));
        self.workers[at].attempt = attempt;
        let version = usize::from(attempt.version);
        match effect {
            Effect::Nothing => {}
            Effect::Mailed => self.mail(at, ctx),
            Effect::Refused { hindrance } => {
                self.counts.refused += 1;
                self.orders.change(order, |order| order.mail_requests[version].hinder(hindrance));
            }
            Effect::Failed { mailed } => {
                ctx.metrics.mail_service_crashes_total.add_one();
                if mailed {
                    self.mail(at, ctx);
                }
                self.leave(at, ctx);
                return;
            }
            Effect::Skipped { hindrance } => {
                self.orders.change(order, |order| order.mail_requests[version].hinder(hindrance));
            }
            Effect::Left => {
                self.leave(at, ctx);
                return;
            }
        }
        if attempt.step() == Some(Step::Ack) && !self.acknowledge(at, ctx) {
            self.leave(at, ctx);
            return;
        }
        attempt.go_on();
        self.workers[at].attempt = attempt;
        self.enter(at, ctx);
    }

    /// Whether the mail service dies between its two acts, should the call of this attempt come to that. Drawn for every
    /// call that has two, so that runs with other chances draw the same.
    fn mail_service_dies(&mut self, attempt: &Attempt, ctx: &Context) -> bool {
        let params = &ctx.params;
        attempt.dedupe == Dedupe::UniqueKey
            && params.mail_service != MailService::Atomic
            && attempt.step() == Some(Step::Send)
            && self.mail_service.unit() * 100.0 < params.mail_service_crash_pct
    }

    /// The mail service accepts a mail.
    fn mail(&mut self, at: usize, ctx: &mut Context) {
        let now = ctx.now();
        let worker = &mut self.workers[at];
        worker.mailed_total += 1;
        let &mut Worker { order, order_number, attempt, after_crash, .. } = worker;
        ctx.metrics.mails_sent_total.add_one();
        if order_number == 0 {
            self.counts.inbox_0 += 1;
        }
        let (asked, before) = self.orders.change(order, |order| {
            let mail_request = &mut order.mail_requests[usize::from(attempt.version)];
            mail_request.mails = mail_request.mails.saturating_add(1);
            (mail_request.asked.unwrap_or(now), mail_request.mails - 1)
        });
        if before == 0 {
            ctx.metrics.time_to_mail_s.observe(now - asked);
        } else {
            ctx.metrics.duplicate_mails_total.add_one();
            reason(attempt.missed, after_crash).count(&mut ctx.metrics);
        }
        self.complain(order, ctx);
    }

    /// A worker acks; tells whether it has reason to believe that it did.
    fn acknowledge(&mut self, at: usize, ctx: &mut Context) -> bool {
        let (now, receipt) = (ctx.now(), self.workers[at].receipt);
        let late = ctx.params.late_ack;
        if late == LateAck::Refused && !self.queue.is_leased(receipt) {
            ctx.metrics.refused_acks_total.add_one();
            return false;
        }
        let is_ignored = late == LateAck::Ignored && !self.queue.is_newest(receipt);
        let Some(message) = (!is_ignored).then(|| self.queue.delete(receipt)).flatten() else {
            ctx.metrics.stale_acks_total.add_one();
            return true;
        };
        let Body { order, version, .. } = message.body;
        let outcome = match self.orders.get(order).mail_requests[usize::from(version)].mails {
            0 => ("deleted, not mailed", true),
            1 => ("mailed once", false),
            _ => ("mailed more than once", true),
        };
        ctx.end(|| view::life(&message, now, Some(outcome)));
        self.release(order, version, ctx);
        true
    }

    /// A worker leaves its handler without having acked.
    fn leave(&mut self, at: usize, ctx: &mut Context) {
        self.counts.left += 1;
        self.finish(at, State::Idle, ctx);
    }

    /// A worker's attempt is over. One that is free begins the next message, one that died loses all that it has.
    #[inline(never)]
    fn finish(&mut self, at: usize, state: State, ctx: &mut Context) {
        let worker = &mut self.workers[at];
        (worker.state, worker.since) = (state, ctx.now());
        // Only the heartbeat of a worker that hangs goes on: it has a thread of its own.
        if state != State::Hung {
            ctx.cancel(worker.heartbeat);
            worker.heartbeat = EventHandle::NONE;
        }
        let (order, version) = (worker.order, worker.attempt.version);
        self.release(order, version, ctx);
        if state == State::Idle {
            self.begin(at, ctx);
            return;
        }
        for (receipt, message) in std::mem::take(&mut self.workers[at].waiting) {
            self.counts.not_begun += 1;
            self.lose(receipt);
            self.release(message.body.order, message.body.version, ctx);
        }
    }

    pub(super) fn come_up(&mut self, at: usize) {
        self.workers[at].state = State::Idle;
    }

    /// A worker extends its lease, as long as that has not lapsed and is not twelve hours old.
    pub(super) fn beat(&mut self, at: usize, ctx: &mut Context) {
        let (now, params) = (ctx.now(), &ctx.params);
        let worker = &mut self.workers[at];
        worker.heartbeat = EventHandle::NONE;
        let limit = worker.received + LONGEST_LEASE;
        let until = (now + SimTime::from_secs_f64(params.visibility_timeout_s)).min(limit);
        if until <= now || !self.queue.extend(now, worker.receipt, until) {
            return;
        }
        if until < limit {
            self.plan_beat(at, ctx);
        }
        ctx.metrics.heartbeats_total.add_one();
    }

    /// When the lease of a worker's message is to be extended next: at the end of the heartbeat, which takes its time.
    fn plan_beat(&mut self, at: usize, ctx: &mut Context) {
        let params = &ctx.params;
        if params.heartbeat_s > 0 {
            // Drawn for every heartbeat, so that runs with other spreads draw the same.
            let spread = (2.0 * self.heartbeats.unit() - 1.0) * params.heartbeat_spread_pct / 100.0;
            let takes = SimTime::from_millis_f64(params.heartbeat_ms * (1.0 + spread));
            let wait = SimTime::from_secs(params.heartbeat_s) + takes;
            self.workers[at].heartbeat = ctx.schedule(wait, Event::Heartbeat(at as u32));
        }
    }
}

/// Why a mail was sent again.
fn reason(missed: Missed, after_crash: bool) -> Failure {
    match missed {
        Missed::Key => Failure::DuplicateKeyExpired,
        Missed::Unwritten => Failure::DuplicateKeyUnwritten,
        Missed::Marker => Failure::DuplicateMarkerExpired,
        Missed::Lost => Failure::DuplicateMarkerLost,
        Missed::Claim => Failure::DuplicateClaimLapsed,
        Missed::Nothing if after_crash => Failure::DuplicateAfterCrash,
        Missed::Nothing => Failure::DuplicateLeaseLapsed,
    }
}

//! Restarts: all instances at once, or one after the other once its queues are empty.

use super::flow::State;
use super::instances::{Instance, Mode};
use super::tables::{Event, Failure};
use super::{ConnectionPool, MOST_INSTANCES, breaker};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::time::SimTime;

type Context = Ctx<ConnectionPool>;

impl ConnectionPool {
    /// Instances that there are to be.
    pub(super) fn wanted(ctx: &Context) -> usize {
        (ctx.params.app_instances as usize).clamp(1, MOST_INSTANCES)
    }

    /// Everything queued and running is gone at once. An instance that is being restarted goes on with that.
    pub(super) fn restart_all(&mut self, ctx: &mut Context) {
        let now = ctx.now();
        self.controls.to_drain.clear();
        self.count_calls(now);
        self.database.jobs.remove(now, |_| true);
        self.downstream.jobs.remove(now, |_| true);
        for at in 0..MOST_INSTANCES {
            self.instances[at].mode = Mode::Restarting;
        }
        for id in 0..self.transactions.end() {
            let Some(transaction) = self.transactions.get(id).copied() else { continue };
            if transaction.is_in_line() {
                self.leave(id, ctx);
            }
            if transaction.state == State::Sleeping {
                ctx.end(|| super::view::life(&transaction, now, None));
            } else {
                self.drop_unanswered(id, Failure::KilledByRestart, ctx);
            }
            ctx.cancel(transaction.timer);
            self.give_back(id, ctx);
        }
        self.plan_statement_end(ctx);
        self.downstream.plan(ctx);
        // What the breaker knew was known to the instances that are gone.
        self.breaker = breaker();
        self.active = Self::wanted(ctx);
        for at in 0..MOST_INSTANCES {
            if at < self.active {
                self.restart(at, ctx);
            } else {
                self.stop(at, ctx);
            }
        }
    }

    /// The instance is up again after a restart; if it is being restarted already, not later than it would be anyway.
    fn restart(&mut self, at: usize, ctx: &mut Context) {
        self.cancel_warm_ups(at, ctx);
        self.close(at, 0, ctx);
        let now = ctx.now();
        let takes = SimTime::from_secs_f64(ctx.params.restart_s);
        let instance = &mut self.instances[at];
        instance.mode = Mode::Restarting;
        let up = ctx.cancel(instance.up).map_or(now + takes, |up| up.min(now + takes));
        instance.up = ctx.schedule_limit(up - now, Event::InstanceUp(at as u32));
    }

    /// The instance is not started again.
    fn stop(&mut self, at: usize, ctx: &mut Context) {
        self.cancel_warm_ups(at, ctx);
        self.close(at, 0, ctx);
        self.instances[at].mode = Mode::Stopped;
        ctx.cancel(self.instances[at].up);
    }

    pub(super) fn come_up(&mut self, at: usize, ctx: &mut Context) {
        let instance = &mut self.instances[at];
        (instance.mode, instance.usable) = (Mode::Up, ctx.params.pool_size);
        instance.up = EventHandle::NONE;
        self.drain_next(ctx);
    }

    /// Restarts one instance after the other, until there are as many as there are to be: those that are missing are
    /// started first, those that are too many drained last. While instances are away nothing is begun.
    pub(super) fn drain_all(&mut self, ctx: &mut Context) {
        if !self.controls.to_drain.is_empty() || !self.are_all_up() {
            return;
        }
        let (present, wanted) = (self.active, Self::wanted(ctx));
        self.controls.to_keep = wanted;
        // The last is next: the first of those that stay, and at the end the first of those that go.
        self.controls.to_drain = (wanted..present).chain((0..present.min(wanted)).rev()).collect();
        self.active = present.max(wanted);
        for at in present..wanted {
            self.restart(at, ctx);
        }
        self.drain_next(ctx);
    }

    fn are_all_up(&self) -> bool {
        self.instances[..self.active].iter().all(|instance| instance.mode == Mode::Up)
    }

    /// The next instance in line takes nothing new any more, once all others are up.
    fn drain_next(&mut self, ctx: &mut Context) {
        if self.are_all_up()
            && let Some(at) = self.controls.to_drain.pop()
        {
            self.instances[at].mode = Mode::Draining;
            self.drain_on(at, ctx);
        }
    }

    /// A draining instance is restarted as soon as it has nothing left, or stopped if there are enough others.
    pub(super) fn drain_on(&mut self, at: usize, ctx: &mut Context) {
        let Instance { mode, backlog, workers, .. } = self.instances[at];
        if mode != Mode::Draining || !backlog.is_empty() || workers > 0 {
            return;
        }
        if at < self.controls.to_keep {
            self.restart(at, ctx);
        } else {
            self.stop(at, ctx);
            self.active = at;
            self.drain_next(ctx);
        }
    }
}

//! How large pools are: what the team, the calendar and the pools themselves ask for, and the warm-up until it is there.

use super::ConnectionPool;
use super::instances::{Instance, Mode};
use super::tables::Event;
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::time::SimTime;

/// Pools that scale themselves look at themselves this often.
pub const SCALE_EVERY: SimTime = SimTime::from_secs(30);
/// They grow by this factor when this share of their slots is in use.
const SCALE_BY: f64 = 1.5;
const SCALE_AT: f64 = 0.8;

/// The warm-ups of an instance's pool that are under way: when each ends, and the slots that there are then. Both grow
/// from one to the next.
#[derive(Clone, Debug, Default)]
pub struct WarmUps {
    steps: Vec<(SimTime, u64)>,
    timer: EventHandle,
}

impl WarmUps {
    /// Slots that there will be after the last of them, if there are `usable` now.
    pub fn planned(&self, usable: u64) -> u64 {
        self.steps.last().map_or(usable, |(_, slots)| *slots)
    }

    /// There are to be `slots` slots, more than `usable` from `ready` on. What warms up already goes on doing so, and
    /// nothing is ready later than it would be if it were asked for now.
    fn ask(&mut self, slots: u64, usable: u64, ready: SimTime) {
        for (at, target) in &mut self.steps {
            (*at, *target) = ((*at).min(ready), (*target).min(slots));
        }
        if slots > self.planned(usable) {
            self.steps.push((ready, slots));
        }
        // Of several that are ready together, or that lead to the same size, one is enough.
        self.steps.dedup_by(|later, earlier| {
            let same_moment = later.0 == earlier.0;
            if same_moment {
                earlier.1 = later.1;
            }
            same_moment || later.1 == earlier.1
        });
        self.steps.retain(|(_, target)| *target > usable);
    }
}

type Context = Ctx<ConnectionPool>;

impl ConnectionPool {
    pub(super) fn resize_all(&mut self, slots: u64, ctx: &mut Context) {
        for at in 0..self.active {
            self.plan(at, slots, ctx);
        }
    }

    /// An instance's pool is to have so many slots: fewer at once, more after the warm-up.
    fn plan(&mut self, at: usize, slots: u64, ctx: &mut Context) {
        let instance = &mut self.instances[at];
        if instance.mode == Mode::Restarting {
            return;
        }
        instance.usable = instance.usable.min(slots);
        let usable = instance.usable;
        self.close(at, usable, ctx);
        let ready = ctx.now() + SimTime::from_secs_f64(ctx.params.warm_up_s);
        self.warm_ups[at].ask(slots, usable, ready);
        self.time_warm_up(at, ctx);
    }

    /// Plans the end of the instance's next warm-up.
    fn time_warm_up(&mut self, at: usize, ctx: &mut Context) {
        let warm_ups = &mut self.warm_ups[at];
        ctx.cancel(warm_ups.timer);
        warm_ups.timer = match warm_ups.steps.first() {
            Some((ready, _)) => ctx.schedule(*ready - ctx.now(), Event::PoolReady(at as u32)),
            None => EventHandle::NONE,
        };
    }

    pub(super) fn end_warm_up(&mut self, at: usize, ctx: &mut Context) {
        if !self.warm_ups[at].steps.is_empty() {
            self.instances[at].usable = self.warm_ups[at].steps.remove(0).1;
        }
        self.time_warm_up(at, ctx);
        self.fill(at, ctx);
    }

    /// Nothing warms up any more.
    pub(super) fn cancel_warm_ups(&mut self, at: usize, ctx: &mut Context) {
        self.warm_ups[at].steps.clear();
        ctx.cancel(self.warm_ups[at].timer);
    }

    /// The calendar enlarges the pools ahead of time; it never shrinks them.
    pub(super) fn lead(&mut self, ctx: &mut Context) {
        for at in 0..self.active {
            if ctx.params.calendar_pool > self.warm_ups[at].planned(self.instances[at].usable) {
                self.plan(at, ctx.params.calendar_pool, ctx);
            }
        }
    }

    pub(super) fn scale(&mut self, ctx: &mut Context) {
        if !ctx.params.autoscale {
            return;
        }
        let (now, pause) = (ctx.now(), SimTime::from_secs_f64(ctx.params.autoscale_cooldown_s));
        for at in 0..self.active {
            let Instance { in_use, usable, scaled, .. } = self.instances[at];
            let is_full = in_use as f64 >= SCALE_AT * usable as f64;
            let slots = (libm::ceil(SCALE_BY * usable as f64) as u64).min(ctx.params.pool_max);
            // Slots that are warming up are not asked for again.
            let is_more = slots > self.warm_ups[at].planned(usable);
            if is_full && is_more && scaled.is_none_or(|scaled| now - scaled >= pause) {
                self.instances[at].scaled = Some(now);
                self.plan(at, slots, ctx);
            }
        }
    }
}

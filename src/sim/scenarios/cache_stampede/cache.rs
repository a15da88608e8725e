//! The cache: entries, their end, and the locks that let one query through.

use super::CacheStampede;
use super::database::Query;
use super::readers::Look;
use super::tables::{Event, LockScope};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::random::exponential;
use crate::resource::fifo::{Fifo, NONE};
use crate::time::SimTime;

/// What the cache knows of a key.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub has_value: bool,
    pub is_fresh: bool,
    /// When its value expires or expired.
    pub fresh_until: SimTime,
    expiry: EventHandle,
    /// How long the query took that made the value.
    rebuild: SimTime,
    /// The query that refreshes it because a stale page was given out.
    pub refreshing: u32,
    /// How often its value was made anew, the queries sent for the next one, and when the first of them was.
    pub cycle: u32,
    begun: u64,
    since: SimTime,
}

impl Entry {
    const EMPTY: Self = Self {
        has_value: false,
        is_fresh: false,
        fresh_until: SimTime::ZERO,
        expiry: EventHandle::NONE,
        rebuild: SimTime::ZERO,
        refreshing: NONE,
        cycle: 0,
        begun: 0,
        since: SimTime::ZERO,
    };

    /// Whether its value, which has expired, is still given out: for so many seconds, their last moment included.
    pub fn is_servable(&self, now: SimTime, window_s: f64) -> bool {
        window_s > 0.0 && self.has_value && now <= self.fresh_until + SimTime::from_secs_f64(window_s)
    }

    /// One more query is sent for it.
    pub fn begin(&mut self, now: SimTime) {
        if self.begun == 0 {
            self.since = now;
        }
        self.begun += 1;
    }
}

/// A lock on a key.
#[derive(Clone, Debug)]
pub struct Lock {
    /// The query of whoever holds it; [`NONE`] where the holder died.
    pub holder: u32,
    expiry: EventHandle,
    /// Requests that wait for its value.
    pub line: Fifo,
}

/// Locks that a key may have: one for each process, and one for all.
const SLOTS: u32 = 512;
const FLEET: u32 = SLOTS - 1;
/// No entry lives shorter than this, whatever the jitter.
const SHORTEST_LIFE: SimTime = SimTime::from_nanos(1_000_000);

/// Whether a reader who sees an entry that has `left` to live, and whose value took `rebuild` to make, refreshes it:
/// with probability e^(-left / (beta x rebuild)); `unit` in [0, 1) decides.
pub fn refreshes_early(unit: f64, left: SimTime, rebuild: SimTime, beta: f64) -> bool {
    beta > 0.0 && exponential(unit) * beta * rebuild.nanos() as f64 >= left.nanos() as f64
}

type Context = Ctx<CacheStampede>;

impl CacheStampede {
    pub(super) fn entry(&self, key: u32) -> Option<&Entry> {
        self.entries.get(key as usize)
    }

    pub(super) fn entry_mut(&mut self, key: u32) -> Option<&mut Entry> {
        self.entries.get_mut(key as usize)
    }

    /// At the start every entry is made at once.
    pub(super) fn fill_all(&mut self, ctx: &mut Context) {
        self.add_entries(ctx);
        let rebuild = SimTime::from_millis_f64(ctx.params.query_ms);
        for key in 0..self.entries.len() as u32 {
            self.write(key, rebuild, ctx);
        }
    }

    /// There are at least as many entries as keys; new ones are empty.
    pub(super) fn add_entries(&mut self, ctx: &Context) {
        let keys = ctx.params.keys as usize;
        if self.entries.len() < keys {
            self.entries.resize(keys, Entry::EMPTY);
        }
    }

    /// The entry gets a new value, which took so long to make.
    fn write(&mut self, key: u32, rebuild: SimTime, ctx: &mut Context) {
        let jitter = ctx.params.ttl_jitter_s * (2.0 * self.jitter.unit() - 1.0);
        let life = SimTime::from_secs_f64(ctx.params.ttl_s + jitter).max(SHORTEST_LIFE);
        let now = ctx.now();
        let Some(entry) = self.entries.get_mut(key as usize) else { return };
        ctx.cancel(entry.expiry);
        entry.expiry = ctx.schedule_limit(life, Event::Expire(key));
        entry.fresh_until = now + life;
        entry.rebuild = rebuild;
        let fresh = ctx.metrics.fresh_keys.value() + u64::from(!entry.is_fresh);
        (entry.has_value, entry.is_fresh) = (true, true);
        ctx.metrics.fresh_keys.set(now, fresh);
    }

    pub(super) fn expire(&mut self, key: u32, ctx: &mut Context) {
        if let Some(entry) = self.entry_mut(key)
            && entry.is_fresh
        {
            ctx.metrics.expiries.add_one();
            entry.is_fresh = false;
            let fresh = ctx.metrics.fresh_keys.value();
            ctx.metrics.fresh_keys.set(ctx.now(), fresh.saturating_sub(1));
        }
    }

    /// Every entry is empty.
    pub(super) fn purge(&mut self, ctx: &mut Context) {
        for entry in &mut self.entries {
            ctx.cancel(entry.expiry);
            (entry.has_value, entry.is_fresh) = (false, false);
        }
        ctx.metrics.fresh_keys.set(ctx.now(), 0);
    }

    /// A request looks into the cache, which may set off a refresh.
    pub(super) fn look(&mut self, key: u32, process: u32, ctx: &mut Context) -> Look {
        let Some(entry) = self.entry(key).copied() else { return Look::Miss };
        let now = ctx.now();
        if entry.is_fresh {
            let beta = ctx.params.xfetch_beta;
            if beta > 0.0 {
                let left = entry.fresh_until - now;
                if refreshes_early(self.eagerness.unit(), left, entry.rebuild, beta)
                    && self.refresh(key, process, ctx).is_some()
                {
                    ctx.metrics.early_refreshes.add_one();
                    if entry.begun == 0 {
                        ctx.metrics.early_lead_s.observe(left);
                    }
                }
            }
            return Look::Fresh;
        }
        if entry.is_servable(now, ctx.params.stale_window_s) {
            if entry.refreshing == NONE {
                let refreshing = self.refresh(key, process, ctx).unwrap_or(NONE);
                if let Some(entry) = self.entry_mut(key) {
                    entry.refreshing = refreshing;
                }
            }
            return Look::Stale(now - entry.fresh_until);
        }
        self.note_miss(now);
        Look::Miss
    }

    /// The name of the lock that a request for `key` in `process` has to take; [`NONE`] where there is none to take.
    fn code(key: u32, process: u32, ctx: &Context) -> u32 {
        match ctx.params.lock_scope {
            LockScope::None => NONE,
            LockScope::Process => key * SLOTS + process.min(FLEET - 1),
            LockScope::Fleet => key * SLOTS + FLEET,
        }
    }

    /// Sends a query in the background, unless a lock, the cap or a restart is in the way.
    fn refresh(&mut self, key: u32, process: u32, ctx: &mut Context) -> Option<u32> {
        let code = Self::code(key, process, ctx);
        if self.locks.contains_key(&code) {
            return None;
        }
        if code != NONE && std::mem::take(&mut self.controls.crash_next) {
            self.hold(code, NONE, ctx);
            return None;
        }
        let query = self.send(key, NONE, code, ctx).ok()?;
        if code != NONE {
            self.hold(code, query, ctx);
        }
        Some(query)
    }

    /// A request that found nothing gets the page made, or waits until somebody else has.
    pub(super) fn fetch(&mut self, id: u32, key: u32, process: u32, ctx: &mut Context) {
        let code = Self::code(key, process, ctx);
        if code != NONE && !self.locks.contains_key(&code) {
            if std::mem::take(&mut self.controls.crash_next) {
                self.hold(code, NONE, ctx);
            } else {
                if let Some(query) = self.send_for(id, key, code, ctx) {
                    self.hold(code, query, ctx);
                }
                return;
            }
        }
        if code == NONE {
            self.send_for(id, key, code, ctx);
        } else if let (Some(lock), Some(request)) = (self.locks.get_mut(&code), self.requests.get_mut(id)) {
            request.code = code;
            lock.line.join(&mut self.requests, id);
        }
    }

    /// Sends the query of a request, which fails if it cannot be sent.
    fn send_for(&mut self, id: u32, key: u32, code: u32, ctx: &mut Context) -> Option<u32> {
        match self.send(key, id, code, ctx) {
            Ok(query) => {
                if let Some(request) = self.requests.get_mut(id) {
                    (request.query, request.code, request.sent) = (query, code, ctx.now());
                }
                Some(query)
            }
            Err(failure) => {
                self.fail(id, failure, ctx);
                None
            }
        }
    }

    /// The lock is held from now on by whoever sent `query`, or by a process that died.
    fn hold(&mut self, code: u32, query: u32, ctx: &mut Context) {
        let life = SimTime::from_secs_f64(ctx.params.lock_ttl_s);
        let expiry = ctx.schedule_limit(life, Event::LockExpires(code));
        let lock = self.locks.entry(code).or_insert_with(|| Lock {
            holder: NONE,
            expiry: EventHandle::NONE,
            line: Fifo::default(),
        });
        (lock.holder, lock.expiry) = (query, expiry);
        if query == NONE {
            ctx.announce("The process that took the lock died: the lock is held until its time is over");
        }
    }

    /// The lock is free. Of those who wait the one who came last takes it: there is the most time left for a query.
    /// In a fleet whose processes look at the lock again and again it would be anybody.
    pub(super) fn pass_on(&mut self, code: u32, ctx: &mut Context) {
        let Some(lock) = self.locks.get(&code) else { return };
        ctx.cancel(lock.expiry);
        loop {
            let Some(lock) = self.locks.get_mut(&code) else { return };
            if !lock.line.is_empty() && std::mem::take(&mut self.controls.crash_next) {
                self.hold(code, NONE, ctx);
                return;
            }
            let Some(id) = lock.line.take_last(&mut self.requests) else {
                self.locks.remove(&code);
                return;
            };
            if let Some(query) = self.send_for(id, code / SLOTS, code, ctx) {
                self.hold(code, query, ctx);
                return;
            }
        }
    }

    /// Passes the lock on if this query holds it.
    pub(super) fn pass_on_from(&mut self, query: u32, code: u32, ctx: &mut Context) {
        if self.locks.get(&code).is_some_and(|lock| lock.holder == query) {
            self.pass_on(code, ctx);
        }
    }

    /// A request no longer waits for the lock.
    pub(super) fn leave_line(&mut self, id: u32, code: u32) {
        if let Some(lock) = self.locks.get_mut(&code) {
            lock.line.leave(&mut self.requests, id);
        }
    }

    /// A query has its result: the cache gets it, and so do its request and those who wait for the lock.
    pub(super) fn deliver(&mut self, id: u32, query: &Query, ctx: &mut Context) {
        let now = ctx.now();
        self.write(query.key, now - query.sent, ctx);
        if let Some(entry) = self.entries.get_mut(query.key as usize)
            && entry.cycle == query.cycle
        {
            ctx.metrics.rebuilds_per_expiry.observe(entry.begun);
            ctx.metrics.rebuild_ms.observe(now - entry.since);
            (entry.cycle, entry.begun) = (entry.cycle.wrapping_add(1), 0);
        }
        self.hand_out(id, query, ctx);
    }

    /// The entry is fresh: whoever waits for this query, or for the lock that it was sent under, is answered.
    pub(super) fn hand_out(&mut self, id: u32, query: &Query, ctx: &mut Context) {
        self.answer_waiting(query.request, ctx);
        let Some(lock) = self.locks.get_mut(&query.code) else { return };
        let mut line = std::mem::take(&mut lock.line);
        if lock.holder == id {
            ctx.cancel(lock.expiry);
            self.locks.remove(&query.code);
        }
        while let Some(waiter) = line.take_first(&mut self.requests) {
            self.answer_waiting(waiter, ctx);
        }
    }
}

//! The cache: entries, their refreshes and their end.

use super::CacheStampede;
use super::database::Query;
use super::readers::Look;
use super::tables::{Event, StaleRefresh};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::random::exponential;
use crate::resource::fifo::NONE;
use crate::time::SimTime;

/// What the cache knows of a key.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub has_value: bool,
    pub is_fresh: bool,
    /// When its value expires or expired.
    pub fresh_until: SimTime,
    /// The last moment at which the cache has it.
    kept_until: SimTime,
    expiry: EventHandle,
    /// How long the query took that made the value.
    rebuild: SimTime,
    /// The query that refreshes it because a stale page was given out.
    pub refreshing: u32,
    /// Until when the error of a query that failed is kept.
    error_until: Option<SimTime>,
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
        kept_until: SimTime::ZERO,
        expiry: EventHandle::NONE,
        rebuild: SimTime::ZERO,
        refreshing: NONE,
        error_until: None,
        cycle: 0,
        begun: 0,
        since: SimTime::ZERO,
    };

    /// Whether its value, which has expired, is still there and given out: for so many seconds, their last moment
    /// included.
    pub fn is_servable(&self, now: SimTime, window_s: f64) -> bool {
        let window = SimTime::from_secs_f64(window_s);
        window_s > 0.0 && self.is_kept(now) && now <= self.fresh_until + window
    }

    /// Whether its value is still there, fresh or expired.
    pub fn is_kept(&self, now: SimTime) -> bool {
        self.has_value && now <= self.kept_until
    }

    /// Whether an error is kept in place of a new value.
    pub fn keeps_error(&self, now: SimTime) -> bool {
        self.error_until.is_some_and(|until| now <= until)
    }

    /// One more query is sent for it.
    pub fn begin(&mut self, now: SimTime) {
        if self.begun == 0 {
            self.since = now;
        }
        self.begun += 1;
    }
}

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
        entry.kept_until = if ctx.params.expired_kept {
            SimTime::MAX
        } else {
            entry.fresh_until + SimTime::from_secs_f64(ctx.params.stale_window_s)
        };
        entry.rebuild = rebuild;
        let fresh = ctx.metrics.fresh_keys.value() + u64::from(!entry.is_fresh);
        (entry.has_value, entry.is_fresh, entry.error_until) = (true, true, None);
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
            (entry.has_value, entry.is_fresh, entry.error_until) = (false, false, None);
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
        let keeps_error = entry.keeps_error(now);
        if entry.is_servable(now, ctx.params.stale_window_s) {
            let each = ctx.params.stale_refresh == StaleRefresh::Each;
            if (entry.refreshing == NONE || each) && !keeps_error {
                let refreshing = self.refresh(key, process, ctx).unwrap_or(NONE);
                if let Some(entry) = self.entry_mut(key)
                    && entry.refreshing == NONE
                {
                    entry.refreshing = refreshing;
                }
            }
            return Look::Stale(now - entry.fresh_until);
        }
        self.note_miss(now);
        if keeps_error { Look::Error } else { Look::Miss }
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

    /// The error of a query that failed is kept, unless there is a fresh page.
    pub(super) fn keep_error(&mut self, key: u32, ctx: &Context) {
        let (now, life) = (ctx.now(), SimTime::from_secs_f64(ctx.params.negative_ttl_s));
        if let Some(entry) = self.entry_mut(key)
            && life > SimTime::ZERO
            && !entry.is_fresh
        {
            entry.error_until = Some(now + life);
        }
    }
}

//! The database: queries share its cores or wait in line for them.

use super::readers::log_normal;
use super::tables::{Discipline, Event, Failure};
use super::{CacheStampede, MOST_HELD};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::resource::fifo::NONE;
use crate::time::SimTime;

/// A query in the database.
#[derive(Clone, Copy, Debug)]
pub struct Query {
    pub number: u64,
    pub key: u32,
    /// The entry's cycle that it was sent in.
    pub cycle: u32,
    /// The request that waits for it; [`NONE`] where it runs in the background or its reader has given up.
    pub request: u32,
    /// Its reader has given up.
    pub is_zombie: bool,
    /// The lock under which it was sent; [`NONE`] where there was none.
    pub code: u32,
    pub sent: SimTime,
    /// It fails at its end.
    fails: bool,
    work: SimTime,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Shares the cores with all others.
    Sharing,
    /// In line for a core.
    Queued,
    /// Has a core of its own; the event is its end.
    Running(EventHandle),
}

/// The standard deviation of a log-normal query's logarithm.
const SIGMA: f64 = 0.5;

type Context = Ctx<CacheStampede>;

impl CacheStampede {
    /// Sends a query for `key`, for a request or in the background.
    pub(super) fn send(
        &mut self,
        key: u32,
        request: u32,
        code: u32,
        ctx: &mut Context,
    ) -> Result<u32, Failure> {
        if self.controls.up_again.is_some() {
            return Err(Failure::RefusedRestarting);
        }
        let (present, cap) = (self.queries.len(), ctx.params.db_concurrency_cap as usize);
        if (cap > 0 && present >= cap) || present >= MOST_HELD {
            return Err(Failure::CapRejected);
        }
        let now = ctx.now();
        // Two draws for each query whatever the distribution: it may change while the run goes on.
        let (first, second) = (self.sizes.unit(), self.sizes.unit());
        let shape = ctx.params.query_distribution.shape();
        let size = shape.map_or_else(|| log_normal(SIGMA, first, second), |shape| shape.sample(first));
        let fails = 100.0 * self.faults.unit() < ctx.params.query_failure_pct;
        let mut cycle = 0;
        if let Some(entry) = self.entry_mut(key) {
            entry.begin(now);
            cycle = entry.cycle;
        }
        self.numbers += 1;
        let query = Query {
            number: self.numbers,
            key,
            cycle,
            request,
            is_zombie: false,
            code,
            sent: now,
            fails,
            work: SimTime::from_millis_f64(size * ctx.params.query_ms),
            place: Place::Queued,
        };
        ctx.metrics.queries.add_one();
        let id = self.queries.insert(query);
        self.enter(id, ctx);
        Ok(id)
    }

    /// A query begins, or waits in line.
    fn enter(&mut self, id: u32, ctx: &mut Context) {
        let Some(query) = self.queries.get_mut(id) else { return };
        match ctx.params.db_discipline {
            Discipline::ProcessorSharing => {
                query.place = Place::Sharing;
                let work = query.work;
                self.shared.jobs.add(ctx.now(), id, work);
                self.plan_shared_end(ctx);
            }
            Discipline::Fifo => {
                query.place = Place::Queued;
                self.queue.join(&mut self.queries, id);
                self.start_queued(ctx);
            }
        }
    }

    /// Gives free cores to those in line.
    fn start_queued(&mut self, ctx: &mut Context) {
        while self.running < ctx.params.db_cores {
            let Some(id) = self.queue.take_first(&mut self.queries) else { break };
            let Some(query) = self.queries.get(id).copied() else { break };
            let is_fresh = self.entry(query.key).is_some_and(|entry| entry.is_fresh);
            // One that has just been sent looked already: it is not fresh, or it is to be refreshed early.
            if ctx.params.fifo_recheck && is_fresh && query.sent < ctx.now() {
                self.queries.remove(id);
                ctx.metrics.queries_spared.add_one();
                self.end_refresh(id, &query);
                self.hand_out(id, &query, ctx);
            } else if let Some(query) = self.queries.get_mut(id) {
                query.place = Place::Running(ctx.schedule(query.work, Event::QueryEnd(id)));
                self.running += 1;
            }
        }
        self.show_load(ctx);
    }

    pub(super) fn plan_shared_end(&mut self, ctx: &mut Context) {
        self.shared.plan(ctx);
        self.show_load(ctx);
    }

    fn show_load(&self, ctx: &mut Context) {
        let (now, running) = (ctx.now(), self.shared.jobs.len() as u64 + self.running);
        ctx.metrics.db_running.set(now, running);
        ctx.metrics.db_queued.set(now, self.queue.len() as u64);
        let cpu = 100.0 * (running as f64 / ctx.params.db_cores as f64).min(1.0);
        if cpu != ctx.metrics.db_cpu.value() {
            ctx.metrics.db_cpu.set(now, cpu);
        }
    }

    pub(super) fn end_shared(&mut self, ctx: &mut Context) {
        if let Some(id) = self.shared.jobs.end(ctx.now()) {
            self.finish(id, ctx);
        }
        self.plan_shared_end(ctx);
    }

    pub(super) fn end_running(&mut self, id: u32, ctx: &mut Context) {
        self.running = self.running.saturating_sub(1);
        self.finish(id, ctx);
        self.start_queued(ctx);
    }

    /// The database has run a query to its end.
    fn finish(&mut self, id: u32, ctx: &mut Context) {
        let Some(query) = self.queries.remove(id) else { return };
        self.controls.is_cold = false;
        ctx.metrics.queries_finished.add_one();
        self.end_refresh(id, &query);
        if query.fails {
            ctx.metrics.queries_failed.add_one();
        }
        if query.is_zombie && !ctx.params.abandoned_fill {
            // Nobody is there to write its result into the cache.
            ctx.metrics.wasted_queries.add_one();
            self.pass_on_from(id, query.code, ctx);
        } else if query.fails {
            self.keep_error(query.key, ctx);
            self.share_error(id, &query, ctx);
        } else {
            self.deliver(id, &query, ctx);
        }
    }

    /// The query is gone: if it was the one that refreshed a stale entry, another may.
    fn end_refresh(&mut self, id: u32, query: &Query) {
        if let Some(entry) = self.entry_mut(query.key)
            && entry.refreshing == id
        {
            entry.refreshing = NONE;
        }
    }

    /// The reader of a query has given up. Unless the app goes on, whoever holds a lock for it gives up, too.
    pub(super) fn abandon(&mut self, id: u32, ctx: &mut Context) {
        let Some(query) = self.queries.get_mut(id) else { return };
        (query.is_zombie, query.request) = (true, NONE);
        let code = query.code;
        if ctx.params.cancel_on_timeout {
            self.cancel(id, ctx);
        } else if ctx.params.abandoned_fill {
            return;
        }
        self.pass_on_from(id, code, ctx);
    }

    fn cancel(&mut self, id: u32, ctx: &mut Context) {
        let Some(query) = self.queries.get(id).copied() else { return };
        if query.place == Place::Queued {
            self.queue.leave(&mut self.queries, id);
        }
        self.queries.remove(id);
        ctx.metrics.queries_cancelled.add_one();
        ctx.metrics.wasted_queries.add_one();
        match query.place {
            Place::Sharing => {
                self.shared.jobs.cancel(ctx.now(), id);
                self.plan_shared_end(ctx);
            }
            Place::Queued => self.show_load(ctx),
            Place::Running(end) => {
                ctx.cancel(end);
                self.running = self.running.saturating_sub(1);
                self.start_queued(ctx);
            }
        }
    }

    /// Cancels the queries of all who have given up while nothing was cancelled.
    pub(super) fn cancel_zombies(&mut self, ctx: &mut Context) {
        for id in 0..self.queries.end() {
            if let Some(query) = self.queries.get(id).copied()
                && query.is_zombie
            {
                self.cancel(id, ctx);
                self.pass_on_from(id, query.code, ctx);
            }
        }
    }

    /// All queries are gone, and the database refuses everybody until the restart is over. If it is being restarted
    /// already, it is not up later than it would be anyway.
    pub(super) fn restart(&mut self, ctx: &mut Context) {
        let now = ctx.now();
        let up = now + SimTime::from_secs_f64(ctx.params.restart_s);
        let under_way = self.controls.up_again.and_then(|handle| ctx.cancel(handle));
        let up = under_way.map_or(up, |planned| planned.min(up));
        self.controls.up_again = Some(ctx.schedule_limit(up - now, Event::DatabaseUp));
        self.shared.jobs.remove(ctx.now(), |_| true);
        self.queue.clear(&mut self.queries);
        self.running = 0;
        let killed = std::mem::take(&mut self.queries);
        for (id, query) in killed.iter() {
            ctx.metrics.queries_killed.add_one();
            ctx.metrics.wasted_queries.add_one();
            if let Place::Running(end) = query.place {
                ctx.cancel(end);
            }
            self.end_refresh(id, query);
            self.fail(query.request, Failure::RefusedRestarting, ctx);
        }
        // Nothing can be sent now, so those who wait for a lock fail one after the other.
        for (id, query) in killed.iter() {
            self.pass_on_from(id, query.code, ctx);
        }
        self.plan_shared_end(ctx);
    }

    /// Sends a query for each key in the background, past all locks, unless one is under way there.
    pub(super) fn warm_up(&mut self, ctx: &mut Context) {
        let mut is_under_way = vec![false; ctx.params.keys as usize];
        for (_, query) in self.queries.iter().filter(|(_, query)| query.request == NONE && !query.is_zombie) {
            if let Some(is_under_way) = is_under_way.get_mut(query.key as usize) {
                *is_under_way = true;
            }
        }
        for key in (0..ctx.params.keys as u32).filter(|key| !is_under_way[*key as usize]) {
            if self.send(key, NONE, NONE, ctx).is_err() {
                return;
            }
        }
    }

    /// The cores or the way they are shared have changed.
    pub(super) fn change_cores(&mut self, has_changed_discipline: bool, ctx: &mut Context) {
        let now = ctx.now();
        self.shared.jobs.set_servers(now, ctx.params.db_cores);
        if has_changed_discipline {
            let mut present: Vec<(u64, u32)> =
                self.queries.iter().map(|(id, query)| (query.number, id)).collect();
            present.sort_unstable();
            for (id, left) in self.shared.jobs.drain(now) {
                if let Some(query) = self.queries.get_mut(id) {
                    query.work = left;
                }
            }
            self.queue.clear(&mut self.queries);
            self.running = 0;
            for (_, id) in &present {
                if let Some(query) = self.queries.get_mut(*id)
                    && let Place::Running(end) = query.place
                    && let Some(end) = ctx.cancel(end)
                {
                    query.work = end - now;
                }
            }
            for (_, id) in present {
                self.enter(id, ctx);
            }
        }
        self.start_queued(ctx);
        self.plan_shared_end(ctx);
    }
}

//! What a screen shows of the news site, and the equations that hold in it.

use super::CacheStampede;
use super::readers::{ReaderState, Request, Who};
use super::tables::{ArrivalMode, Failure, LockScope};
use crate::diagram::Diagram;
use crate::engine::Ctx;
use crate::format;
use crate::metric::FailureReason;
use crate::resource::fifo::NONE;
use crate::scenario::Identity;
use crate::snapshot::{Content, Health, Life, Snapshot, Span};
use crate::time::SimTime;
use crate::unit::Unit;

/// The life of a request that was over at once.
pub fn at_once(now: SimTime, name: &'static str, failure: Option<&'static str>) -> Life {
    let spans = vec![Span::new(name, now, Some(now))];
    Life { arrived: now, spans, outcome: Some(failure.unwrap_or("answered")), failed: failure.is_some() }
}

/// The life of a request that waited, by `now`; `outcome` says how it ended, if it did.
pub fn life(request: &Request, now: SimTime, outcome: Option<&'static str>, failed: bool) -> Life {
    let end = outcome.map(|_| now);
    let Request { arrived, sent, query, .. } = *request;
    let mut spans = Vec::with_capacity(2);
    if query == NONE {
        spans.push(Span::new("waited for somebody else's query", arrived, end));
    } else {
        if sent > arrived {
            spans.push(Span::new("waited for somebody else's query", arrived, Some(sent)));
        }
        spans.push(Span::new("waited for its own query", sent, end));
    }
    Life { arrived, spans, outcome, failed }
}

impl CacheStampede {
    /// How the cache is doing, and a line about it.
    fn cache_state(&self, ctx: &Ctx<Self>) -> ((Health, &'static str), String) {
        let (keys, fresh) = (self.entries.len() as u64, ctx.metrics.fresh_keys.value());
        let (now, window_s) = (ctx.now(), ctx.params.stale_window_s);
        let seconds = |span: SimTime| format::quantity(libm::ceil(span.as_secs_f64()), Unit::Seconds);
        let detail = match self.entries.as_slice() {
            [entry] if entry.is_fresh => format!("expires in {}", seconds(entry.fresh_until - now)),
            [entry] if entry.is_servable(now, window_s) => {
                format!("expired {} ago", seconds(now - entry.fresh_until))
            }
            [entry] if entry.is_kept(now) => String::from("not served"),
            [_] => String::from("no page kept"),
            _ => format::counted_of(fresh, keys, "fresh"),
        };
        let state = if fresh == keys {
            (Health::Fine, "fresh")
        } else if self.entries.iter().all(|entry| entry.is_fresh || entry.is_servable(now, window_s)) {
            (Health::Strained, "stale")
        } else if self.queries.is_empty() {
            let is_kept = self.entries.iter().any(|entry| entry.is_kept(now));
            (Health::Strained, if is_kept { "expired" } else { "empty" })
        } else {
            (if fresh == 0 { Health::Failing } else { Health::Strained }, "rebuilding")
        };
        (state, detail)
    }

    /// The share of its time that is left to the only entry, or of many the share that is fresh.
    fn freshness(&self, ctx: &Ctx<Self>) -> f64 {
        match self.entries.as_slice() {
            [entry] if entry.is_fresh => (entry.fresh_until - ctx.now()).as_secs_f64() / ctx.params.ttl_s,
            [_] => 0.0,
            entries => ctx.metrics.fresh_keys.value() as f64 / entries.len().max(1) as f64,
        }
    }

    fn database_state(&self, ctx: &Ctx<Self>) -> (Health, &'static str) {
        let busy = ctx.metrics.db_running.value() + ctx.metrics.db_queued.value();
        if self.controls.up_again.is_some() {
            (Health::Failing, "down")
        } else if busy > ctx.params.db_cores {
            (Health::Failing, "saturated")
        } else if self.controls.is_cold {
            (Health::Strained, "up, cache cold")
        } else {
            (Health::Fine, "up")
        }
    }

    fn lock_word(&self, ctx: &Ctx<Self>) -> (Health, &'static str) {
        if self.locks.values().any(|lock| lock.holder == NONE) {
            (Health::Failing, "holder is dead")
        } else if !self.locks.is_empty() {
            (Health::Strained, "one rebuilds")
        } else if ctx.params.lock_scope == LockScope::None {
            (Health::Fine, "no lock")
        } else {
            (Health::Fine, "lock free")
        }
    }

    pub(super) fn diagram(&self, ctx: &Ctx<Self>) -> Snapshot {
        let (params, metrics) = (&ctx.params, &ctx.metrics);
        let readers = match params.arrival_mode {
            ArrivalMode::Closed => format::counted(params.users, "of them"),
            ArrivalMode::Open => format!("{} a second", format::number(params.arrival_rps)),
        };
        let door = if self.controls.is_shut {
            ((Health::Failing, "shut"), String::from("nobody is let in"))
        } else if params.admission_rps > 0.0 {
            let rate = format::number(params.admission_rps);
            ((Health::Strained, "sheds"), format!("at most {rate} a second"))
        } else {
            ((Health::Fine, "open"), String::new())
        };
        let waiting = metrics.waiting.value();
        let (cache_word, cache_detail) = self.cache_state(ctx);
        let (running, queued) = (metrics.db_running.value(), metrics.db_queued.value());
        let queries = if queued == 0 {
            format::counted(running, "queries")
        } else {
            format!("{} queries, {} in line", format::count(running), format::count(queued))
        };
        let load = Content::Load((running as f64 / params.db_cores as f64).min(1.0));
        let queue = Content::Queue { length: waiting, limit: None };
        let waits = format::counted(waiting, "wait");
        let freshness = Content::Ring(self.freshness(ctx));
        let good = metrics.good.total();
        let admitted = metrics.arrived.total() - metrics.shed.total();
        let at_once = metrics.hits.total() + metrics.stale_served.total();
        // Whatever went wrong behind it, a request fails at the app, where it waits.
        Diagram::new()
            .plain("readers", "Readers", (0, 0), readers)
            .node("door", "Load balancer", (1, 0), Content::Plain, door.0, door.1)
            .node("app", "App", (2, 0), queue, self.lock_word(ctx), waits)
            .node("cache", "Cache", (3, 0), freshness, cache_word, cache_detail)
            .node("database", "Database", (4, 0), load, self.database_state(ctx), queries)
            .end("answered", "Answered", (5, 0), good)
            .lost::<Failure>("Failed", (5, 1), metrics, metrics.good.lately(), 0)
            .flow("readers", "door", metrics.arrived.total())
            .flow("door", "app", admitted)
            .flow("app", "cache", admitted)
            .flow("cache", "database", metrics.queries.total())
            .flow("cache", "answered", at_once)
            .flow("database", "answered", good - at_once)
            .failure("door", "lost", Failure::Shed, metrics)
            .failure("app", "lost", Failure::WaiterTimeout, metrics)
            .failure("app", "lost", Failure::Timeout, metrics)
            .failure("app", "lost", Failure::QueryFailed, metrics)
            .failure("app", "lost", Failure::CachedError, metrics)
            .failure("app", "lost", Failure::RefusedRestarting, metrics)
            .failure("app", "lost", Failure::CapRejected, metrics)
            .finish()
    }

    pub(super) fn life_at(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        if node != "app" {
            return None;
        }
        let (_, request) = self.requests.iter().nth(position)?;
        Some(life(request, ctx.now(), None, false))
    }

    pub(super) fn equations(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        let metrics = &ctx.metrics;
        let failed: u64 = Failure::ALL.iter().map(|reason| reason.total(metrics)).sum();
        let over = metrics.queries_finished.total()
            + metrics.queries_cancelled.total()
            + metrics.queries_killed.total()
            + metrics.queries_spared.total();
        let present = metrics.db_running.value() + metrics.db_queued.value();
        let age: u128 =
            self.requests.iter().map(|(_, each)| u128::from((ctx.now() - each.arrived).nanos())).sum();
        let requests = |test: fn(&Request) -> bool| {
            self.requests.iter().filter(|(_, request)| test(request)).count() as i128
        };
        let in_line: usize = self.locks.values().map(|lock| lock.line.len()).sum();
        let of_requests = self.queries.iter().filter(|(_, query)| query.request != NONE).count();
        let readers = self.readers.iter().filter(|reader| reader.state == ReaderState::Waiting).count();
        let equal = |name, left: i128, right: i128| Identity { name, left, right };
        vec![
            equal(
                "requests = answered + failed + waiting",
                metrics.arrived.total().into(),
                (metrics.good.total() + metrics.failed.total() + metrics.waiting.value()).into(),
            ),
            equal("failed = sum of the reasons", metrics.failed.total().into(), failed.into()),
            equal(
                "answered = from the cache + stale + after a wait",
                metrics.good.total().into(),
                (metrics.hits.total() + metrics.stale_served.total() + self.waited.0).into(),
            ),
            equal("waits observed = answered", metrics.wait_ms.count().into(), metrics.good.total().into()),
            equal(
                "sum of waits observed = sum of the waits of those answered",
                metrics.wait_ms.sum_nanos() as i128,
                self.waited.1 as i128,
            ),
            equal(
                "ages of stale pages observed = stale pages",
                metrics.stale_age_s.count().into(),
                metrics.stale_served.total().into(),
            ),
            equal(
                "rebuilds measured = rebuilds counted",
                metrics.rebuild_ms.count().into(),
                metrics.rebuilds_per_expiry.count().into(),
            ),
            equal("requests held = waiting", self.requests.len() as i128, metrics.waiting.value().into()),
            equal(
                "queries = finished + cancelled + killed + spared + in the database",
                metrics.queries.total().into(),
                (over + present).into(),
            ),
            equal("queries held = running + in line", self.queries.len() as i128, present.into()),
            equal(
                "requests with a query of their own = queries with a request",
                requests(|each| each.query != NONE),
                of_requests as i128,
            ),
            equal(
                "requests without a query = those in line for a lock + those who look again",
                requests(|each| each.query == NONE),
                in_line as i128 + requests(Request::polls),
            ),
            equal(
                "readers who wait = their requests",
                readers as i128,
                requests(|each| matches!(each.who, Who::Reader(_))),
            ),
            equal(
                "fresh entries = entries that are fresh",
                metrics.fresh_keys.value().into(),
                self.entries.iter().filter(|entry| entry.is_fresh).count() as i128,
            ),
            equal(
                "sum of waits = integral of the number waiting (Little's law)",
                (self.sojourns + age) as i128,
                metrics.waiting.integral(ctx.now()) as i128,
            ),
            equal(
                "lost pages = requests that failed, each at the price of the time",
                metrics.lost_pages_usd.micros().into(),
                self.losses.total(metrics.failed.total(), ctx.params.page_value_usd).into(),
            ),
        ]
    }
}

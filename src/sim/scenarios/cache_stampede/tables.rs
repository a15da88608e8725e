//! What there is to set, to do and to measure.

use crate::clock::WallClock;
use crate::metric::MetricSet;
use crate::parameter::ParamSet;
use crate::resource::service_time::ServiceTime;
use crate::spec::{ChartSpec, ScenarioSpec};
use crate::time::SimTime;
use crate::{actions, choices, events, metrics, params, parts};

choices! {
    /// Where readers come from.
    ArrivalMode {
        /// A fixed crowd: each reads, thinks, and comes back.
        Closed = "closed" "the same readers come back",
        /// Always new readers, at random (a Poisson process).
        Open = "open" "always new readers",
    }
}

choices! {
    /// How much work queries are: distributions with the same mean.
    QueryDistribution {
        /// Always the mean.
        Constant = "constant" "constant",
        /// Evenly within 30 % of the mean.
        Uniform = "uniform" "uniform, ± 30 %",
        /// Log-normal, the logarithm with a standard deviation of 0.5.
        LogNormal = "log_normal" "log-normal",
        /// Exponential, the classic of the textbooks: some queries are very short.
        Exponential = "exponential" "exponential",
    }
}

impl QueryDistribution {
    /// The distribution that the choice names; `None` for the log-normal one, which takes two draws here.
    pub fn shape(self) -> Option<ServiceTime> {
        match self {
            Self::Constant => Some(ServiceTime::Constant),
            Self::Uniform => Some(ServiceTime::NARROW),
            Self::LogNormal => None,
            Self::Exponential => Some(ServiceTime::Exponential),
        }
    }
}

choices! {
    /// How the database shares its cores.
    Discipline {
        /// Processor sharing: all queries run at once and share the cores evenly.
        ProcessorSharing = "processor_sharing" "all at once, shared evenly",
        /// First in, first out: as many queries as there are cores run, the others wait in line.
        Fifo = "fifo" "first in, first out",
    }
}

choices! {
    /// Who refreshes an expired entry that is still given out.
    StaleRefresh {
        /// The first to read it.
        One = "one" "the first reader",
        /// Each of its readers, until the first refresh is done.
        Each = "each" "each reader",
    }
}

choices! {
    /// Who lets only one query through when an entry has expired.
    LockScope {
        /// Nobody: each miss is a query.
        None = "none" "no lock",
        /// Each app process by itself.
        Process = "process" "one query per process",
        /// All processes together, by a lock in the cache.
        Fleet = "fleet" "one query in all",
    }
}

parts! {
    /// Where controls and metrics belong.
    Part {
        Readers = "Readers" ["readers"] ["arrived", "good", "failed", "wait_ms", "silent_s"],
        Door = "Load balancer" ["door"] ["shed", "goodput_rps"],
        App = "App" ["app"] ["waiting", "timeout", "waiter_timeout"],
        Cache = "Cache" ["cache"] ["hits", "hit_ratio", "fresh_keys", "expiries", "stale_served", "rebuilds_per_expiry"],
        Database = "Database" ["database"] ["db_running", "db_queued", "db_cpu", "queries", "queries_finished", "queries_cancelled", "rebuild_ms"],
    }
}

params! {
    in Readers:
    /// Readers of the site, if the same readers come back.
    users: u64 = 10000, "Readers", "", Integer { min: 1, max: 20_000 }, Story;
    /// Mean time that a reader reads before the next click (exponential). A change applies to readers who begin to read
    /// after it.
    think_s: f64 = 6, "Readers read for", "s", Number { min: 0.5, max: 60.0, step: 0.5 }, Assumed;
    /// Where readers come from.
    arrival_mode: ArrivalMode = closed, "Where readers come from", "", Choice(ArrivalMode::CHOICES), Assumed;
    /// Readers who come each second, if they are always new ones.
    arrival_rps: f64 = 1667, "New readers", "1/s", Number { min: 1.0, max: 5000.0, step: 100.0 }, Derived;

    in Cache:
    /// How long an entry of the cache is fresh; a read after exactly that time still finds it. A change applies to
    /// entries written after it.
    ttl_s: f64 = 60, "Time to live", "s", Number { min: 1.0, max: 3600.0, step: 10.0 }, Story;
    /// Each entry lives longer or shorter by a random time up to this.
    ttl_jitter_s: f64 = 0, "Jitter", "s", Number { min: 0.0, max: 30.0, step: 1.0 }, Story;
    /// Entries of the cache that are read, each with a query of its own. Entries added by a change are empty.
    keys: u64 = 1, "Keys", "", Integer { min: 1, max: 20_000 }, Story;
    /// How uneven the interest in the keys is: the exponent of Zipf's law. At 0 all keys are read alike.
    key_skew: f64 = 0, "Keys differ by", "", Number { min: 0.0, max: 1.5, step: 0.1 }, Assumed;

    in Database:
    /// Mean time that a query needs on one core.
    query_ms: f64 = 2000, "Query work", "ms", Number { min: 10.0, max: 120_000.0, step: 10.0 }, Assumed;
    /// How much the work of queries varies around its mean.
    query_distribution: QueryDistribution = uniform, "Query work varies", "", Choice(QueryDistribution::CHOICES), Assumed;
    /// Share of queries that fail, after all their work. The query's reader and all who wait for it at the lock get the
    /// error. A change applies to queries sent after it.
    query_failure_pct: f64 = 0, "Queries that fail", "%", Number { min: 0.0, max: 100.0, step: 5.0 }, Assumed;

    in Cache:
    /// How long the cache keeps a query's error while it has no fresh page (negative caching), the last moment
    /// included. Meanwhile readers get a stale page, if one may be served, or else the error, and no query is sent for
    /// them. At 0 errors are not kept. A change applies to queries that fail after it.
    negative_ttl_s: f64 = 0, "Errors are kept for", "s", Number { min: 0.0, max: 60.0, step: 1.0 }, Assumed;

    in Database:
    /// How the database shares its cores among queries.
    db_discipline: Discipline = processor_sharing, "Database runs queries", "", Choice(Discipline::CHOICES), Assumed;
    /// Cores of the database.
    db_cores: u64 = 16, "Database cores", "", Integer { min: 1, max: 2000 }, Assumed;
    /// Queries that may be in the database at once; more are rejected. When one ends at the very moment another is
    /// sent, the one that was planned first comes first. 0 means no limit.
    db_concurrency_cap: u64 = 0, "Queries at once", "", Integer { min: 0, max: 1000 }, Assumed, 0 = "no limit";
    /// Whether a query that waited in line checks the cache again before it runs.
    fifo_recheck: bool = false, "Check again before running", "", Switch, Assumed;

    in Readers:
    /// How long a reader waits for the page; a page after exactly that time is in time.
    timeout_ms: f64 = 5000, "Readers wait for", "ms", Number { min: 100.0, max: 600_000.0, step: 100.0 }, Assumed;

    in Database:
    /// Whether the query of a reader who gave up is cancelled. If not, it runs to its end for nobody.
    cancel_on_timeout: bool = true, "Cancel on timeout", "", Switch, Assumed;

    in Cache:
    /// Whether the result of a query fills the cache although its reader has given up; the app then keeps the lock
    /// until the query ends. If not, the lock goes to another reader at once, and the result is thrown away. A change
    /// applies to readers who give up, and queries that end, after it.
    abandoned_fill: bool = false, "Results for nobody fill the cache", "", Switch, Assumed;

    in Readers:
    /// How often a reader tries again before giving up on the page. A change also applies to new readers who are
    /// pausing.
    retries_max: u64 = 1000, "Retries", "", Integer { min: 0, max: 1000 }, Assumed;
    /// Shortest pause before another try.
    retry_min_ms: f64 = 500, "Retry after at least", "ms", Number { min: 10.0, max: 60_000.0, step: 100.0 }, Assumed;
    /// Longest pause before another try.
    retry_max_ms: f64 = 1500, "Retry after at most", "ms", Number { min: 10.0, max: 60_000.0, step: 100.0 }, Assumed;

    in App:
    /// Who sends only one query when an entry has expired.
    lock_scope: LockScope = none, "Lock", "", Choice(LockScope::CHOICES), Story;
    /// Processes of the app; requests go to them in turn.
    app_processes: u64 = 100, "App processes", "", Integer { min: 1, max: 500 }, Assumed;
    /// How long a lock is held at most, so that a dead holder does not keep it for ever. A query that ends after
    /// exactly that time still holds its lock.
    lock_ttl_s: f64 = 10, "Lock lives for", "s", Number { min: 0.1, max: 600.0, step: 1.0 }, Assumed;
    /// How often a request that waits at a lock checks whether the page is there or the lock is free. A check sees what
    /// happens at its very moment; the last one is at the end of the wait. 0 means that all who wait are told at once.
    /// nginx checks every 500 ms (`proxy_cache_lock`). A change applies to the next wait or check.
    lock_poll_ms: u64 = 0, "Check again every", "ms", Integer { min: 0, max: 5000 }, Source, 0 = "told at once";
    /// How long a request waits at a lock before it sends its own query, past the lock; a page after exactly that time
    /// is in time. The result fills the cache like any other. 0 means never. nginx waits 5,000 ms
    /// (`proxy_cache_lock_timeout`) and does not keep such a result. A change applies to the next wait or check.
    lock_fallback_ms: f64 = 0, "Own query after waiting", "ms", Number { min: 0.0, max: 60_000.0, step: 500.0 }, Source, 0 = "never";

    in Cache:
    /// How long an expired entry is still served, the last moment included, while a query refreshes it in the
    /// background: stale-while-revalidate (RFC 5861). In caches with a soft and a hard time to live, the soft one is
    /// the time to live here, and the hard one is that plus this. A window shorter than the rebuild only postpones the
    /// stampede. Whether a window that is opened after the expiry finds a page depends on "Expired pages are kept". 0
    /// means never.
    stale_window_s: f64 = 0, "Serve stale for", "s", Number { min: 0.0, max: 600.0, step: 1.0 }, Story, 0 = "never";
    /// Whether the cache keeps a value whose time to live is over, so that a stale window can be opened afterwards. If not,
    /// a value is written with a hard time to live, the time to live and the stale window of that moment, and is deleted
    /// when it ends; in its last moment the value is still there. A stale window that is opened or made longer later then
    /// finds nothing until the page has been made anew. In Redis, a key that was set with `EX` is deleted. A change applies
    /// to entries written after it.
    expired_kept: bool = true, "Expired pages are kept", "", Switch, Assumed;
    /// Who refreshes an expired entry that is still served. A lock holds back refreshes, too.
    stale_refresh: StaleRefresh = one, "Stale pages are refreshed by", "", Choice(StaleRefresh::CHOICES), Assumed;
    /// How eagerly a read refreshes an entry, t before it expires: with probability e^(-t / (beta x rebuild time))
    /// (Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, VLDB 2015). An entry must
    /// live longer than its first refresh leads, about beta x rebuild time x ln(reads a second x beta x rebuild time);
    /// otherwise it is refreshed again and again. 0 means never.
    xfetch_beta: f64 = 0, "Early refresh, beta", "", Number { min: 0.0, max: 4.0, step: 0.25 }, Source, 0 = "never";

    in Door:
    /// Rate at which requests are let in; the others are refused. 0 means no limit.
    admission_rps: f64 = 0, "Admit at most", "1/s", Number { min: 0.0, max: 5000.0, step: 10.0 }, Story, 0 = "no limit";

    in Database:
    /// How long a restart of the database takes. Meanwhile it refuses every query, the last moment included.
    restart_s: f64 = 20, "Restart takes", "s", Number { min: 5.0, max: 120.0, step: 5.0 }, Assumed;

    in Readers:
    /// Value of a page that a reader asked for in vain.
    page_value_usd: f64 = 0.01, "Value of a page", "USD", Number { min: 0.0, max: 1.0, step: 0.01 }, Assumed;
}

metrics! {
    /// Requests that arrived; each try counts.
    arrived: Counter, "Requests", "requests";
    /// Requests that were answered, with a fresh page or a stale one.
    good: Counter, "Answered", "requests";
    /// Requests answered each second.
    goodput_rps: Rate, "Goodput", "1/s",
        [1550.0 "1,550 requests are answered each second" or "fewer than 1,550 requests are answered each second again"];
    /// Requests answered each second, over the last ten seconds.
    goodput_10s_rps: Gauge, "Goodput, ten seconds", "1/s";
    /// Requests that were not answered, for whatever reason.
    failed: Counter, "Failed", "requests";
    /// Requests whose own query did not end in time.
    timeout: Failure, "Timeout", "requests";
    /// Requests that waited for another request's query, which did not end in time.
    waiter_timeout: Failure, "Waiter timeout", "requests";
    /// Requests whose query was killed by a restart of the database or refused because of it.
    refused_restarting: Failure, "Refused while restarting", "requests";
    /// Requests that failed with a query, their own or the one they waited for.
    query_failed: Failure, "Query failed", "requests";
    /// Requests answered with a kept error.
    cached_error: Failure, "Kept error", "requests";
    /// Requests refused at the door.
    shed: Failure, "Shed", "requests";
    /// Requests rejected because too many queries were in the database.
    cap_rejected: Failure, "Cap rejected", "requests";
    /// Requests that have arrived and are neither answered nor failed.
    waiting: Level, "Requests waiting", "requests";
    /// Time from request to answer. The page in the cache is there at once.
    wait_ms: Histogram, "Wait for the page", "ms",
        [100.0 "the slowest 1 % wait 100 ms or longer for the page" or "99 % wait less than 100 ms for the page again"];
    /// Requests answered after more than 100 ms.
    slow: Counter, "Slow answers", "requests";
    /// Requests answered with a fresh page from the cache, at once.
    hits: Counter, "Hits", "requests";
    /// Hits among the requests of the last second that had any.
    hit_ratio: Gauge, "Hit ratio", "%",
        [95.0 "95 % of the requests are hits" or "fewer than 95 % of the requests are hits again"];
    /// Requests answered with a page that had expired.
    stale_served: Counter, "Stale pages", "requests";
    /// How long ago stale pages had expired when they were served.
    stale_age_s: Histogram, "Stale pages expired", "s",
        [30.0 "stale pages that expired 30 s ago are served" or "99 % of the stale pages expired less than 30 s ago again"];
    /// Queries sent to the database.
    queries: Counter, "Queries", "queries";
    /// Queries that the database ran to their end.
    queries_finished: Counter, "Queries finished", "queries";
    /// Queries that the database ran to their end and that failed there.
    queries_failed: Counter, "Queries failed", "queries";
    /// Queries cancelled because their reader had given up.
    queries_cancelled: Counter, "Queries cancelled", "queries";
    /// Queries killed by a restart.
    queries_killed: Counter, "Queries killed", "queries";
    /// Queries that found the entry fresh when their turn came, and did not run.
    queries_spared: Counter, "Queries spared", "queries";
    /// Queries whose work was for nobody: cancelled, killed, or finished for a reader who had given up without filling
    /// the cache.
    wasted_queries: Counter, "Wasted queries", "queries";
    /// Queries that run.
    db_running: Level, "Queries running", "queries",
        [1000.0 "1,000 queries run at once" or "fewer than 1,000 queries run at once again"];
    /// Queries in line for a core.
    db_queued: Level, "Queries in line", "queries";
    /// How busy the cores of the database are.
    db_cpu: Gauge, "Database CPU", "%", [100.0 "the database is saturated" or "the database has CPU to spare again"];
    /// Entries that expired.
    expiries: Counter, "Expired entries", "keys", [1.0 "the first entry has expired"];
    /// Entries that are fresh.
    fresh_keys: Level, "Fresh entries", "keys";
    /// Queries sent for one expiry of an entry, when the first of them is done.
    rebuilds_per_expiry: Sizes, "Queries per expiry", "queries",
        [2.0 "an expiry leads to more than one query" or "an expiry leads to one query again"];
    /// Time from the first query for an entry to its first result.
    rebuild_ms: Histogram, "Rebuild", "ms";
    /// How long before its end an entry was refreshed early, by the first read that did.
    early_lead_s: Histogram, "Early by", "s";
    /// Refreshes before the end of an entry's life.
    early_refreshes: Counter, "Early refreshes", "queries";
    /// Seconds since the last request was answered, taken once a second.
    silent_s: Gauge, "Time since the last answer", "s",
        [10.0 "nobody has been answered for 10 s" or "requests are answered again"];
    /// Time since the trouble began, until goodput has been 95 % of the demand for ten seconds; then it stays.
    recovery_s: Gauge, "Recovery", "s";
    /// Seconds in which 99 % of the answers came within 100 ms, none was stale, nothing failed, and somebody was
    /// answered.
    fresh_fast_s: Counter, "Fresh and fast seconds", "s";
    /// What the requests that failed were worth.
    lost_pages_usd: Money, "Lost pages", "USD";
}

actions! {
    /// What the team can do.
    Action {
        /// Kills all queries. The database refuses everybody until it is up again, and the cache gets no fuller. A
        /// restart under way takes no longer.
        RestartDatabase in Database = "restart_database" "Restart the database",
        /// Sends one query for each key in the background, unless one is under way there. On an overloaded database
        /// they do not end.
        WarmUp in Cache = "warm_up" "Warm up the cache",
        /// Closes the door: everybody is refused until it is opened again.
        Shed in Door = "shed" "Shed all load",
        /// Opens the door, for everybody.
        Unshed in Door = "unshed" "Let everybody in" sets { admission_rps = 0.0 },
        /// From now on one query per key in all; the others wait.
        EnableLock in App = "enable_lock" "Switch the lock on" sets { lock_scope = LockScope::Fleet as u8 as f64 },
        /// From now on expired pages are served for up to 300 s, where the cache has kept them. Readers see old news.
        EnableStale in Cache = "enable_stale" "Serve stale pages" sets { stale_window_s = 300.0 },
        /// From now on at most 20 queries at once. The others are rejected.
        SetCap in Database = "set_cap" "Cap the queries" sets { db_concurrency_cap = 20.0 },
        /// The next process to take a lock dies holding it. Everybody waits until the lock expires.
        CrashHolder in App = "crash_holder" "Crash the next lock holder",
        /// Throws every page out of the cache. A stampede, now.
        PurgeCache in Cache = "purge_cache" "Purge the cache",
        /// Breaking news: every reader clicks at this very moment.
        BreakingNews in Readers = "breaking_news" "Breaking news",
    }
}

events! {
    /// What can happen to the news site.
    Event {
        /// A reader who comes back clicks, for the first time or again.
        Click(u32),
        /// A new reader clicks.
        Arrive,
        /// A new reader who failed tries again, with so many retries left after that.
        Retry(u32),
        /// A reader's patience with a request is over.
        TimeOut(u32),
        /// The query with the least work left ends, of those that share the cores.
        SharedEnd,
        /// A query that has a core of its own ends.
        QueryEnd(u32),
        /// An entry expires.
        Expire(u32),
        /// The time of a lock is over.
        LockExpires(u32),
        /// The database is up again.
        DatabaseUp,
        /// A second is over.
        Second,
        /// A request that waits at a lock looks again, or has waited there long enough.
        LookAgain(u32),
    }
}

pub const SPEC: ScenarioSpec = ScenarioSpec {
    id: "cache_stampede",
    title: "Everyone at once",
    summary: "A news site's front page leaves the cache after sixty seconds, ten thousand readers ask the database, and it never comes back.",
    leaves_out: crate::docs::list(&[
        "An answer from the cache takes no time; the cache never fails, and throws nothing out for want of memory.",
        "A query needs cores of the database and nothing else: no memory, no disk, no locks between queries.",
        "The app has room for every request that waits, and a connection for every query unless \"Queries at once\" limits them.",
        "A request goes to the app processes in turn, and a process dies only holding a lock.",
        "A million queries and a million requests are held at most; more are rejected.",
    ]),
    clock: WallClock::starting_at(12, 0),
    length: SimTime::from_secs(240),
    parts: Part::SPEC,
    params: Params::SPEC,
    actions: Action::SPEC,
    texts: &[],
    metrics: Metrics::SPEC,
    charts: &[
        ChartSpec { title: "Traffic", metrics: &["arrived", "good", "shed"] },
        ChartSpec {
            title: "Errors",
            metrics: &["timeout", "waiter_timeout", "refused_restarting", "cap_rejected"],
        },
        ChartSpec { title: "Latency", metrics: &["wait_ms"] },
        ChartSpec { title: "Saturation", metrics: &["db_cpu"] },
        ChartSpec { title: "Goodput", metrics: &["goodput_rps"] },
        ChartSpec { title: "Database", metrics: &["db_running", "db_queued"] },
        ChartSpec { title: "Cache", metrics: &["hit_ratio"] },
        ChartSpec { title: "Stale pages", metrics: &["stale_served"] },
        ChartSpec { title: "Query errors", metrics: &["query_failed", "cached_error"] },
        ChartSpec { title: "Money", metrics: &["lost_pages_usd"] },
    ],
    presets: super::presets::PRESETS,
};

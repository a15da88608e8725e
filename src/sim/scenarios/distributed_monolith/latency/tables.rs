//! What there is to set, to do and to measure.

use super::presets::PRESETS;
use crate::clock::WallClock;
use crate::metric::MetricSet;
use crate::parameter::ParamSet;
use crate::scenarios::distributed_monolith::topology::Layout;
use crate::spec::{ChartSpec, ScenarioSpec, TextSpec};
use crate::time::SimTime;
use crate::{actions, choices, events, metrics, params, parts};

choices! {
    /// In which order a page makes its calls.
    CallMode {
        /// One after the other.
        Serial = "serial" "one after the other",
        /// In stages: the calls of a stage go out together, and a stage begins when the one before is answered.
        Parallel = "parallel" "in parallel, by stages",
        /// Five to a trip, one trip after the other. The items of a trip are worked on one after the other, each by its own
        /// service.
        Batched = "batched" "in batches of five",
    }
}

parts! {
    /// Where controls and metrics belong.
    Part {
        Cart = "Cart page" ["cart"] ["cart_ms", "cart_ok_pct", "pages_open", "pages_total", "pages_ok", "pages_slow", "pages_with_slow_call_pct"],
        Services = "Services" ["services"] ["calls_total", "call_attempts_total", "retries_total", "timeouts_total"],
        Inventory = "Inventory" ["inventory"] ["inventory_goodput_per_s", "inventory_waiting"],
        Core = "Core" ["core"] ["core_in_use", "core_waiting"],
    }
}

params! {
    in Cart:
    /// Cart pages that are asked for each second, at random (a Poisson process).
    page_rate_per_s: f64 = 10, "Cart pages", "1/s", Number { min: 0.0, max: 50.0, step: 1.0 }, Assumed;
    /// Questions that one cart page asks, each to the next service of a fixed list. A change applies to pages that come after it.
    calls_per_page: u64 = 15, "Calls a page", "calls", Integer { min: 1, max: 40 }, Story;
    /// The order in which the page asks the services that run by themselves. What runs in the core is asked before that, one
    /// thing after the other.
    call_mode: CallMode = serial, "Calls are made", "", Choice(CallMode::CHOICES), Story;
    /// Stages of a page whose calls are made in parallel: an answer of each stage is needed to ask the next. Calls are spread
    /// evenly over them, and there are no more stages than calls.
    stages: u64 = 5, "Stages", "", Integer { min: 1, max: 15 }, Assumed;
    /// When a page gives up; what is answered after exactly that time is in time. What was begun for it is worked off
    /// all the same.
    page_timeout_s: f64 = 30, "Page gives up after", "s", Number { min: 1.0, max: 60.0, step: 1.0 }, Assumed;

    in Services:
    /// Which services run in one process, the core: with three services beside it, fifteen do, of which the cart page asks
    /// twelve. Single ones can be moved, until another layout is set.
    layout: Layout = twenty_services, "Layout", "", Choice(Layout::CHOICES), Story;
    /// Time to set up the connection of a call. A connection that is kept alive costs none.
    connect_ms: f64 = 50, "Connect", "ms", Number { min: 0.0, max: 200.0, step: 10.0 }, Assumed;
    /// Time that a call takes besides its work: to encode, authenticate, route and decode. The wire itself is the least of
    /// it: a round trip within a data center takes about half a millisecond (J. Dean, "Numbers everyone should know", 2009).
    /// Together with the connection and 70 ms of work it makes 220 ms, and fifteen such calls take the story's three seconds.
    hop_ms: f64 = 100, "Hop", "ms", Number { min: 0.0, max: 500.0, step: 10.0 }, Derived;
    /// Mean time of the work that answers a call. Times are distributed exponentially.
    work_ms: f64 = 70, "Work", "ms", Number { min: 1.0, max: 1000.0, step: 10.0 }, Derived;
    /// Workers of each service. One is held for the work of a call alone; calls that find none wait, first come, first served.
    workers_per_service: u64 = 20, "Workers a service", "", Integer { min: 1, max: 64 }, Assumed;

    in Inventory:
    /// Workers of the Inventory service, where it runs by itself.
    inventory_workers: u64 = 20, "Workers of Inventory", "", Integer { min: 1, max: 64 }, Assumed;

    in Services:
    /// When a caller stops waiting for a try of a call; an answer after exactly that time is in time. The work goes on, for
    /// nobody. A change applies to tries that begin after it.
    call_timeout_ms: f64 = 10000, "Call timeout", "ms", Number { min: 100.0, max: 60_000.0, step: 100.0 }, Assumed;
    /// How often a caller tries a call again, at once, before its page fails.
    retries: u64 = 0, "Retries", "", Integer { min: 0, max: 5 }, Assumed;
    /// Callers in a chain, each of which has the timeout, the retries and the second question to itself. With 1 the page asks
    /// a service itself. With 2 or 3 it asks a gateway, which asks the service or a proxy before it; each costs the way once
    /// more. A layer that gives up refuses the try of the layer before it, and goes on for a caller that waits no more. A
    /// change applies to calls that begin after it.
    layers: u64 = 1, "Layers that retry", "", Integer { min: 1, max: 3 }, Assumed;
    /// Share of a retry that each call adds to a budget, which all callers of a service share and which holds at most 100
    /// retries. A caller that finds none gives up. 0 means no limit.
    retry_budget_pct: f64 = 0, "Retry budget", "%", Number { min: 0.0, max: 100.0, step: 5.0 }, Assumed, 0 = "no limit";
    /// Chance that the work of a call takes longer by a fixed time: a pause to collect garbage, a lock, a cold cache.
    slow_pct: f64 = 0, "Slow calls", "%", Number { min: 0.0, max: 20.0, step: 1.0 }, Assumed;
    /// By how much a slow call takes longer. Its worker is held meanwhile.
    slow_ms: f64 = 2000, "Slow by", "ms", Number { min: 0.0, max: 10_000.0, step: 100.0 }, Assumed;
    /// Share of the pages whose calls are slow together or not at all, as if they had one cause. In the other pages each
    /// call, and each further try of it, has its own chance.
    slow_correlation: f64 = 0, "Slow together", "", Number { min: 0.0, max: 1.0, step: 0.1 }, Assumed;
    /// When a caller that has no answer asks a second time, without giving up the first; the first answer wins, and both are
    /// worked on (a hedged request: J. Dean and L. A. Barroso, "The Tail at Scale", Communications of the ACM 56(2), 2013).
    /// 0 means never.
    hedge_after_ms: f64 = 0, "Ask again after", "ms", Number { min: 0.0, max: 2000.0, step: 50.0 }, Assumed, 0 = "never";

    in Core:
    /// Connections that the core has for all of its modules. A page holds one for all that it asks of the core.
    core_pool_size: u64 = 50, "Connections of the core", "connections", Integer { min: 1, max: 200 }, Assumed;
    /// Connections that one module of the core can hold at most: a bulkhead. The cart page is one module, the report another.
    /// 0 means no limit.
    module_pool_max: u64 = 0, "A module holds at most", "connections", Integer { min: 0, max: 200 }, Assumed, 0 = "no limit";
}

metrics! {
    /// Cart pages that were asked for.
    pages_total: Counter, "Pages", "pages";
    /// Pages that were answered.
    pages_ok: Counter, "Answered", "pages";
    /// Pages that failed because a call got no answer in time, and no try was left.
    call_timeout: Failure, "Call timeout", "pages";
    /// Pages that gave up themselves.
    page_timeout: Failure, "Page timeout", "pages";
    /// Pages that failed because what they asked was down.
    service_down: Failure, "Service down", "pages";
    /// Pages that gave up while they waited for a connection of the core. While 200,000 tries of calls are under way, which
    /// is all that this model holds, pages are turned away and counted here, too.
    pool_exhausted: Failure, "No connection", "pages";
    /// Time from the request of a page to its answer, of pages that were answered.
    cart_ms: Histogram, "Cart page", "ms", [
        3000.0 "the slowest 1 % of the pages take three seconds or longer"
            or "99 % of the pages take less than three seconds again"
    ];
    /// Pages that were answered, of those that ended in the last ten seconds. Taken once a second.
    cart_ok_pct: Gauge, "Pages answered", "%",
        [99.0 "99 % of the cart pages are answered" or "fewer than 99 % of the cart pages are answered"];
    /// Pages under way: by Little's law their rate times the time that they take.
    pages_open: Level, "Pages under way", "pages";
    /// Pages of which at least one call was slow, counted when they end. A slow answer counts if the page used it, and a slow
    /// try if the page waited for it in vain.
    pages_slow: Counter, "Pages with a slow call", "pages";
    /// Pages with a slow call, of those that ended in the last ten seconds. Taken once a second.
    pages_with_slow_call_pct: Gauge, "Share with a slow call", "%";
    /// Calls of pages over the network, each counted once; a batch is one.
    calls_total: Counter, "Calls", "calls";
    /// Tries that are sent to the services themselves: first ones, retries and second questions.
    call_attempts_total: Counter, "Tries of calls", "tries";
    /// Calls that were tried again after a timeout or a refusal, by any layer.
    retries_total: Counter, "Retries", "tries";
    /// Tries whose caller, the page or a layer, stopped waiting.
    timeouts_total: Counter, "Timeouts", "tries";
    /// Calls to Inventory that were answered while somebody waited for it, each second, over the last ten seconds.
    inventory_goodput_per_s: Gauge, "Goodput of Inventory", "1/s",
        [9.0 "nine calls a second are answered by Inventory" or "fewer than nine calls a second are answered by Inventory"];
    /// Calls that wait for a worker of Inventory, those included for which nobody waits any more.
    inventory_waiting: Level, "Waiting for Inventory", "calls";
    /// Connections of the core in use, those of the report included.
    core_in_use: Level, "Connections in use", "connections";
    /// Pages that wait for a connection of the core.
    core_waiting: Level, "Waiting for a connection", "pages";
}

actions! {
    /// What the learner can do besides setting parameters.
    Action {
        /// For 60 seconds the work of a call to Inventory takes 1,200 ms on average, wherever it runs.
        Brownout in Inventory = "brownout" "Brownout of Inventory",
        /// Inventory crashes and is down for five minutes; whatever was there is lost. Where it is merged, it takes the
        /// core with it.
        CrashModule in Inventory = "crash_module" "Crash Inventory",
        /// A report takes 45 connections of the core, or as many as a module may hold, and keeps them for 120 seconds. Where
        /// nothing is merged it has a pool of its own, and nobody notices.
        SlowReport in Core = "slow_report" "Run a report",
    }
}

events! {
    /// What can happen in the shop.
    Event {
        /// A cart page is asked for.
        Arrive,
        /// A page gives up.
        PageTimeout(u32),
        /// The core has done what a page asked of one of its modules.
        ModuleEnd(u32),
        /// A try of a call reaches its service.
        Reach(u32),
        /// A worker has done the work of a try.
        WorkEnd(u32),
        /// A caller stops waiting for a try of a call.
        CallTimeout(u32),
        /// A caller asks a second time.
        Hedge(u32),
        /// Inventory is as fast as before.
        BrownoutEnd,
        /// What has crashed is up again.
        Up,
        /// The report is done.
        ReportEnd,
        /// A second is over.
        Second,
    }
}

pub const SPEC: ScenarioSpec = ScenarioSpec {
    id: "monolith_latency",
    title: "Fifteen calls for one page",
    summary: "A small shop runs as twenty services, and its cart page asks fifteen of them, one after the other.",
    leaves_out: crate::docs::list(&[
        "The cart page itself takes no time and is never down; only what it asks does and is.",
        "A service calls no other service: the page asks for all of them itself. Layers in between take no time of their own, hold any number of calls and are never down.",
        "Connections and hops take constant time, all of it before the work; answers come back in no time, and nothing is lost.",
        "Work that was begun is done to the end, also when nobody waits for it any more; a batch goes on with its next item.",
        "What is merged is limited by the connections of the core alone, not by its processor.",
        "Merging and splitting take effect at once for the pages that come after it. Deploying is not modelled here.",
        "A retry follows at once, without a pause.",
        "Every page needs all of its answers: none has a default in place of an answer that is missing.",
        "Customers do not ask again for a page that failed.",
    ]),
    clock: WallClock::starting_at(9, 0),
    length: SimTime::from_secs(600),
    parts: Part::SPEC,
    params: Params::SPEC,
    actions: Action::SPEC,
    texts: &[TextSpec {
        id: "topology",
        label: "Merge or split a service",
        doc: crate::docs::text(
            "\"merge\" or \"split\" and the name of a service: from then on pages ask it in the core, or over the network. \
             \"all\" stands for all services. Setting another layout undoes it.",
        ),
        most: 40,
        examples: &["merge Inventory", "split Search", "merge all", "split all"],
    }],
    metrics: Metrics::SPEC,
    charts: &[
        ChartSpec { title: "Traffic", metrics: &["pages_total", "pages_ok"] },
        ChartSpec {
            title: "Errors",
            metrics: &["call_timeout", "page_timeout", "service_down", "pool_exhausted"],
        },
        ChartSpec { title: "Latency", metrics: &["cart_ms"] },
        ChartSpec { title: "Saturation", metrics: &["core_in_use"] },
        ChartSpec { title: "Calls", metrics: &["calls_total"] },
        ChartSpec { title: "Tries", metrics: &["call_attempts_total", "retries_total", "timeouts_total"] },
        ChartSpec { title: "Share of pages", metrics: &["cart_ok_pct", "pages_with_slow_call_pct"] },
        ChartSpec { title: "Inventory", metrics: &["inventory_goodput_per_s"] },
        ChartSpec { title: "Queue at Inventory", metrics: &["inventory_waiting"] },
        ChartSpec { title: "Pages", metrics: &["pages_open", "core_waiting"] },
    ],
    presets: PRESETS,
};

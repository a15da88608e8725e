//! What there is to set, to do and to measure.

use super::presets::PRESETS;
use crate::clock::WallClock;
use crate::metric::MetricSet;
use crate::parameter::ParamSet;
use crate::resource::service_time::ServiceTime;
use crate::spec::{ChartSpec, ScenarioSpec};
use crate::time::SimTime;
use crate::{actions, choices, events, metrics, params, parts};

choices! {
    /// How long statements run: distributions with the same mean.
    ServiceDistribution {
        /// Always the mean.
        Constant = "constant" "constant",
        /// Evenly within 30 % of the mean.
        Uniform = "uniform" "uniform, ± 30 %",
        /// Exponential, the classic of the textbooks.
        Exponential = "exponential" "exponential",
    }
}

impl ServiceDistribution {
    /// The distribution that the choice names.
    pub fn shape(self) -> ServiceTime {
        match self {
            Self::Constant => ServiceTime::Constant,
            Self::Uniform => ServiceTime::NARROW,
            Self::Exponential => ServiceTime::Exponential,
        }
    }
}

parts! {
    /// Where controls and metrics belong.
    Part {
        Customers = "Customers" ["customers"] ["arrived", "completed", "good", "abandoned"],
        Instances = "App instances" ["queue"] ["in_system", "worker_queue", "queue_depth"],
        Pools = "Pools" ["pool"] ["connections_in_use", "connections_open", "pool_utilization", "wait_s", "hold_ms", "acquire_timeout"],
        Database = "Database" ["database"] ["db_running", "db_load", "zombie", "db_refused"],
        Downstream = "Downstream" ["downstream"] ["downstream_util", "downstream_timeout", "breaker_is_open", "breaker_open"],
        Team = "The team" [] ["slo_ok_s", "bled_usd", "confirmed_loss_usd"],
    }
}

params! {
    in Instances:
    /// Instances of the application, each with its own pool. The story tells of one pool of a hundred, which cannot work
    /// off 47,000 in six minutes even without the sleep; two can. A change takes effect at the next restart, whether of
    /// all at once or one by one.
    app_instances: u64 = 2, "App instances", "", Integer { min: 1, max: 8 }, Derived;
    /// Worker threads of each instance. A transaction holds one from its start until it returns its connections;
    /// without a free one it waits, first come, first served. 0 means no limit. Lowering the number takes no worker
    /// away from a transaction.
    worker_threads: u64 = 0, "Worker threads", "", Integer { min: 0, max: 1000 }, Assumed, 0 = "no limit";

    in Pools:
    /// Connections in each instance's pool. A change takes effect at the next restart or, where the pool is dynamic,
    /// after the warm-up.
    pool_size: u64 = 100, "Pool size", "slots", Integer { min: 1, max: 1000 }, Story;
    /// Connections that a transaction needs from the pool before it works. It holds the first while it waits for the
    /// second, at the end of the same queue. When every connection is held by a transaction that waits for another, the
    /// pool is deadlocked. A pool of workers × (connections − 1) + 1 never is (Hikari's wiki, "About Pool Sizing"). A
    /// change applies to transactions that get their first connection after it.
    connections_per_tx: u64 = 1, "Connections a transaction", "", Integer { min: 1, max: 2 }, Assumed;
    /// How long a transaction waits for a connection before it fails; one that is free after exactly that time is still
    /// given. Each of two connections has its own wait, and waiting for a worker does not count (Hikari:
    /// `connectionTimeout`, 30 s by default). 0 means for ever. A change applies to waits that begin after it.
    acquire_timeout_s: f64 = 0, "Wait for a connection at most", "s", Number { min: 0.0, max: 600.0, step: 1.0 }, Assumed, 0 = "for ever";

    in Database:
    /// Mean time of a transaction's statement when it is alone in the database.
    db_ms: f64 = 400, "Database work", "ms", Number { min: 1.0, max: 2000.0, step: 10.0 }, Assumed;

    in Downstream:
    /// Time of a transaction's call while the downstream system has room.
    downstream_ms: f64 = 100, "Downstream work", "ms", Number { min: 1.0, max: 2000.0, step: 10.0 }, Assumed;

    in Database:
    /// How statement times vary around their mean.
    service_distribution: ServiceDistribution = uniform, "Database work varies", "", Choice(ServiceDistribution::CHOICES), Assumed;

    in Pools:
    /// How long a transaction sleeps on its slot after it has answered the customer. A change applies to sleeps that
    /// begin after it.
    sleep_ms: f64 = 500, "Sleep on the slot", "ms", Number { min: 0.0, max: 500.0, step: 10.0 }, Story;

    in Customers:
    /// Transactions that arrive each second on a normal day, at random (a Poisson process).
    base_tx_s: f64 = 21.9583, "Normal traffic", "tx/s", Number { min: 1.0, max: 100.0, step: 0.1 }, Derived;
    /// How many times the normal traffic arrives during the spike.
    spike_multiplier: f64 = 10, "Spike", "x", Number { min: 1.0, max: 100.0, step: 1.0 }, Story;
    /// When the spike begins, in seconds from the start.
    spike_at_s: f64 = 720, "Spike begins", "s", Number { min: 0.0, max: 4800.0, step: 60.0 }, Derived;
    /// What a transaction is worth.
    ticket_usd: f64 = 42.553, "Value of a transaction", "USD", Number { min: 1.0, max: 500.0, step: 1.0 }, Derived;

    in Downstream:
    /// Our share of the 70 % load that the downstream system has at 200 of our calls a second; the rest is other
    /// people's load.
    downstream_share_points: f64 = 12, "Our share downstream", "points", Number { min: 1.0, max: 70.0, step: 1.0 }, Assumed;
    /// Factor on the capacity of the downstream system; other people's load stays what it is.
    downstream_scale: f64 = 1, "Downstream capacity", "x", Number { min: 0.5, max: 10.0, step: 0.5 }, Assumed;
    /// A downstream call that takes longer fails; one that takes exactly as long is in time.
    downstream_timeout_ms: f64 = 1000, "Downstream timeout", "ms", Number { min: 100.0, max: 10_000.0, step: 100.0 }, Assumed;

    in Database:
    /// Statements that the database runs at full speed at once.
    db_parallelism: u64 = 240, "Database parallelism", "", Integer { min: 50, max: 2000 }, Assumed;
    /// How much each statement beyond the database's parallelism slows down all of them.
    db_contention: f64 = 0.002, "Database contention", "", Number { min: 0.0, max: 0.01, step: 0.001 }, Assumed;
    /// Connections that the database accepts from all pools together (Postgres: `max_connections`). A pool opens one,
    /// up to its size, when a transaction asks and none is idle. It closes them only when it shrinks or its instance
    /// restarts. A transaction whose pool is refused a connection fails; those already in line stay there. 0 means no
    /// limit. Lowering the limit closes no connection.
    db_max_connections: u64 = 0, "Database allows", "connections", Integer { min: 0, max: 8000 }, Assumed, 0 = "no limit";

    in Customers:
    /// How long a customer waits for the answer before giving up; an answer after exactly that time is in time. 0 means
    /// for ever.
    client_patience_s: f64 = 0, "Customers' patience", "s", Number { min: 0.0, max: 600.0, step: 1.0 }, Derived, 0 = "for ever";
    /// How often a customer who gave up tries again, each time after a pause of 0.5 s to 1.5 s, or longer where pauses
    /// grow. A change also applies to customers who are pausing: at 0 none of them tries again.
    client_retries: u64 = 0, "Customers' retries", "", Integer { min: 0, max: 5 }, Assumed;
    /// Whether customers also try again after their transaction was refused, failed, or was killed by a restart. If
    /// not, they are lost at once. Most real clients are less kind: they come back while the system is still down.
    retry_failed: bool = false, "Retries also after failures", "", Switch, Assumed;
    /// Factor by which the upper end of the pause grows from one retry to the next, up to 60 s; the lower end stays 0.5
    /// s (exponential backoff with jitter: M. Brooker, AWS Architecture Blog, 2015). At 1 all pauses are alike. A
    /// change applies to pauses that begin after it.
    retry_growth: f64 = 1, "Pauses grow by", "x", Number { min: 1.0, max: 4.0, step: 0.5 }, Assumed;
    /// Share of a retry that each new customer adds to a budget, which all customers share and which holds at most 100
    /// retries (as in Finagle and gRPC). A retry is taken from it when its pause begins; a customer who finds none is
    /// lost. 0 means no limit.
    retry_budget_pct: f64 = 0, "Retry budget", "%", Number { min: 0.0, max: 100.0, step: 5.0 }, Assumed, 0 = "no limit";

    in Instances:
    /// Whether the request of a customer who gave up leaves the queue. If not, it is executed for nobody.
    cancel_abandoned: bool = false, "Cancel what was abandoned", "", Switch, Assumed;

    in Downstream:
    /// Whether a circuit breaker spares the downstream system when its calls fail. It opens when at least half of 20 or
    /// more calls that ended in the last ten seconds failed, counted by whole seconds. It stays open for 30 s, the last
    /// moment included, and then lets five probes through.
    breaker: bool = false, "Circuit breaker", "", Switch, Story;

    in Pools:
    /// Whether a running pool follows the pool size, after the warm-up.
    pool_dynamic: bool = false, "Dynamic pool", "", Switch, Story;
    /// Whether an instance enlarges its pool by half when at least 80 % of it is in use. It looks every 30 s, after
    /// everything else that happens at that moment.
    autoscale: bool = false, "Pool scales itself", "", Switch, Story;
    /// Largest size to which a pool scales itself.
    pool_max: u64 = 400, "Pool scales to at most", "slots", Integer { min: 1, max: 1000 }, Assumed;
    /// Least time between two enlargements of a pool that scales itself.
    autoscale_cooldown_s: f64 = 120, "Scaling pause", "s", Number { min: 0.0, max: 900.0, step: 10.0 }, Assumed;
    /// Time until an added slot can be used. Asking for more does not delay slots that are warming up. A transaction
    /// that arrives at the very moment when slots are warm can have one.
    warm_up_s: f64 = 30, "Warm-up of slots", "s", Number { min: 0.0, max: 300.0, step: 10.0 }, Assumed;
    /// Whether the holiday is in the calendar, by which pools are enlarged ahead of time.
    calendar_listed: bool = false, "Holiday is listed", "", Switch, Story;
    /// Slots of each pool on a listed holiday.
    calendar_pool: u64 = 300, "Pool on holidays", "slots", Integer { min: 1, max: 1000 }, Assumed;
    /// How long before the spike the calendar acts.
    calendar_lead_s: f64 = 600, "Calendar leads by", "s", Number { min: 0.0, max: 3600.0, step: 60.0 }, Assumed;

    in Instances:
    /// How long a restart takes. Meanwhile every transaction is refused, the last moment included.
    restart_s: f64 = 60, "Restart takes", "s", Number { min: 10.0, max: 600.0, step: 10.0 }, Assumed;
    /// Rate at which transactions are let in; the others are refused. 0 means no limit.
    admission_tx_s: f64 = 0, "Admit at most", "tx/s", Number { min: 0.0, max: 2000.0, step: 10.0 }, Assumed, 0 = "no limit";
}

metrics! {
    /// Transactions that arrived: each try of a customer is one.
    arrived: Counter, "Arrived", "tx";
    /// Transactions that were executed and answered, whoever still waited for it.
    completed: Counter, "Completed", "tx";
    /// Transactions that were answered to a customer who still waited.
    good: Counter, "Completed in time", "tx";
    /// Transactions that were executed for a customer who had already given up.
    zombie: Counter, "Zombie work", "tx";
    /// Transactions thrown away by a restart.
    killed_by_restart: Failure, "Killed by restart", "tx";
    /// Transactions refused because no instance was up.
    refused_restarting: Failure, "Refused while restarting", "tx";
    /// Transactions refused at the door.
    shed: Failure, "Shed", "tx";
    /// Transactions whose downstream call took too long.
    downstream_timeout: Failure, "Downstream timeout", "tx";
    /// Transactions that failed fast because the circuit breaker was open.
    breaker_open: Failure, "Breaker open", "tx";
    /// Transactions whose customer gave up.
    abandoned: Failure, "Abandoned", "tx";
    /// Transactions that failed because they got no connection in time.
    acquire_timeout: Failure, "No connection in time", "tx";
    /// Transactions that failed because the database refused to open another connection.
    db_refused: Failure, "Refused by the database", "tx";
    /// Completed in proportion to arrived, since the start.
    completed_ratio: Gauge, "Completed of arrived", "";
    /// Transactions completed each second, over the last ten seconds.
    throughput_tx_s: Gauge, "Throughput", "tx/s";
    /// Transactions completed in time each second, over the last ten seconds.
    goodput_tx_s: Gauge, "Goodput", "tx/s";
    /// Transactions that wait for a connection.
    queue_depth: Level, "Waiting for a connection", "tx", [
        500.0 "500 transactions wait for a connection" or "fewer than 500 transactions wait for a connection again",
        47_000.0 "47,000 transactions wait for a connection"
            or "fewer than 47,000 transactions wait for a connection again"
    ];
    /// Transactions that wait for a worker thread.
    worker_queue: Level, "Waiting for a worker", "tx";
    /// Time from asking for a connection until it is given. A transaction asks for its first when it has a worker, for
    /// a second when it has the first.
    wait_s: Histogram, "Wait for a connection", "s", [
        2.0 "the slowest 1 % wait two seconds or longer for a connection"
            or "99 % wait less than two seconds for a connection again"
    ];
    /// Connections in use, all pools together.
    connections_in_use: Level, "Connections in use", "slots";
    /// Connections that the database has open, idle ones included.
    connections_open: Level, "Connections open", "slots";
    /// Share of the connections in use, at most 1 while slots taken away are still in use. Taken once a second; the
    /// connections in use are exact.
    pool_utilization: Gauge, "Pool in use", "",
        [0.8 "80 % of the connections are in use" or "fewer than 80 % of the connections are in use again",
        1.0 "every connection is in use" or "connections are free again"];
    /// Time that a transaction keeps a connection.
    hold_ms: Histogram, "Connection is held", "ms";
    /// How busy the downstream system is, with everybody's load, over the last ten seconds.
    downstream_util: Gauge, "Downstream load", "%",
        [90.0 "the downstream system is 90 % busy" or "the downstream system is less than 90 % busy again",
        100.0 "the downstream system is exhausted" or "the downstream system has room again"];
    /// Calls of the other systems that share the downstream system and that got no answer within the downstream
    /// timeout, because our calls left too little room. Counted once a second. For each point of their load they make
    /// as many calls as we do for each of ours, evenly, and theirs run as fast as ours at the same moment. At our share
    /// of 12 points they make 967 a second, at 35 points 200.
    others_timeout: Counter, "Others' calls timed out", "tx";
    /// Calls of the other systems that got their answer, each second, over the last ten seconds.
    others_ok_tx_s: Gauge, "Others' calls answered", "tx/s";
    /// Statements that run in the database.
    db_running: Level, "Statements running", "";
    /// Statements in proportion to those that run at full speed at once. Taken once a second; the statements running
    /// are exact.
    db_load: Gauge, "Database load", "%",
        [100.0 "the database reaches its knee" or "the database is below its knee again"];
    /// 1 while the circuit breaker lets no call through or only probes, 0 otherwise; taken once a second.
    breaker_is_open: Level, "Circuit breaker", "",
        [1.0 "the circuit breaker is open: calls fail fast" or "the circuit breaker is closed again"];
    /// Share of the transactions completed in the last ten seconds whose customer had already given up; 0 while none was
    /// completed, and no number before the first of the run.
    zombie_share: Gauge, "Share of zombie work", "",
        [0.5 "half of what is completed is zombie work" or "less than half of what is completed is zombie work again"];
    /// Transactions waiting or being executed, not yet answered.
    in_system: Level, "In the system", "tx";
    /// Seconds since the start that met the service level objective: nobody waited longer than 2 s for a worker or a
    /// connection, at most 1 % failed, the downstream system was at most 90 % busy, and something was completed.
    slo_ok_s: Counter, "Seconds within the SLO", "s";
    /// Transactions completed since the start in seconds in which the downstream system was at most 90 % busy.
    safe_completed: Counter, "Completed, downstream not overloaded", "tx";
    /// The dashboard's estimate of the loss: for each second since 03:17:00, and 0 before, the transactions by which the
    /// queues for workers and connections grew, each at the value of a transaction; it never falls, although customers
    /// who wait are not lost.
    bled_usd: Money, "Estimated loss", "USD";
    /// What was lost for certain: each customer who failed for good, once.
    confirmed_loss_usd: Money, "Confirmed loss", "USD";
    /// The transactions that wait for a worker or a connection at present, each at the value of a transaction; taken once
    /// a second from the start.
    at_risk_usd: Gauge, "Value of those waiting", "USD";
}

actions! {
    /// What the team can do.
    Action {
        /// Sets the sleep to 0 in the running system. The downstream system gets more calls a second.
        HotPatchSleep in Pools = "hot_patch_sleep" "Hot-patch the sleep away" sets { sleep_ms = 0.0 },
        /// Restarts every instance. Kills everything queued and running, and refuses everybody until it is over.
        /// Instances that are already restarting come up no later.
        RestartNow in Instances = "restart_now" "Restart now",
        /// Restarts one instance after the other, each once its queue is empty. Missing instances start first, surplus
        /// ones stop last. Loses nothing where there are two or more; the backlog grows meanwhile. Does nothing while
        /// instances are restarting.
        GradualDrain in Instances = "gradual_drain" "Drain and restart one by one",
        /// Says what connections were held for in the last ten seconds. Costs nothing.
        LookAtHoldTime in Pools = "look_at_hold_time" "Look at the hold time",
        /// Brings all pools to the pool size; added slots warm up first, and warm-ups under way go on. Does nothing
        /// unless pools are dynamic.
        ResizePool in Pools = "resize_pool" "Resize the pools",
        /// From now on abandoned requests are cancelled.
        CancelAbandonedNow in Instances = "cancel_abandoned_now" "Cancel abandoned requests" sets { cancel_abandoned = 1.0 },
        /// From now on customers do not try again, not even those who are pausing.
        StopRetries in Customers = "stop_retries" "Stop retries" sets { client_retries = 0.0 },
        /// From now on at most 180 transactions a second are let in; the others are refused.
        Shed in Instances = "shed" "Shed load" sets { admission_tx_s = 180.0 },
        /// Records the team's vote for a restart. Changes nothing.
        VoteRestart in Team = "vote_restart" "Vote: restart",
        /// Records the team's vote for waiting. Changes nothing.
        VoteBleed in Team = "vote_bleed" "Vote: let it bleed",
        /// Records the team's vote for something else. Changes nothing.
        VoteSomethingElse in Team = "vote_something_else" "Vote: something else",
        /// Records the team's vote for a gradual drain. Changes nothing.
        VoteDrain in Team = "vote_drain" "Vote: drain",
    }
}

/// How often a customer has tried again and may still do so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// Retries made.
    pub made: u8,
    /// Retries left.
    pub left: u8,
}

events! {
    /// What can happen in the payment system.
    Event {
        /// A customer sends a transaction.
        Arrive,
        /// A customer who gave up or failed tries again.
        Retry(Tries),
        /// The spike begins.
        Spike,
        /// The statement with the least work left ends.
        StatementEnd,
        /// The downstream call with the least work left ends.
        CallEnd,
        /// A downstream call has taken too long.
        CallTimeout(u32),
        /// A transaction has slept long enough.
        Wake(u32),
        /// A customer's patience is over.
        GiveUp(u32),
        /// A second is over.
        Second,
        /// Pools that scale themselves look at themselves.
        Scale,
        /// The calendar acts.
        Holiday,
        /// Slots that were added to an instance's pool are warm.
        PoolReady(u32),
        /// An instance has been restarted.
        InstanceUp(u32),
        /// A transaction has waited long enough for a connection.
        AcquireTimeout(u32),
    }
}

pub const SPEC: ScenarioSpec = ScenarioSpec {
    id: "connection_pool",
    title: "One hundred connections",
    summary: "A payment system's pool fills up at 03:17 on a Sunday: ten times the traffic, and a sleep that nobody remembered.",
    leaves_out: crate::docs::list(&[
        "Every transaction does the same kind of work; none touches the data of another.",
        "Instances never crash by themselves, and the router never fails.",
        "The other systems' calls to the downstream system come evenly, and one that timed out is not tried again; they suffer from our calls alone.",
        "A statement that was begun is executed to the end, even if its customer has given up.",
        "Where the database allows no further connection, a transaction whose pool would open one fails at once. With HikariCP it would wait on until connectionTimeout, in case a connection becomes free.",
        "No separate connection pooler stands between the pools and the database, so instances share no connections (no transaction pooling).",
        "A connection is opened in no time, and an idle one is closed only when its pool shrinks or its instance restarts.",
        "Two million transactions are held at most; more are shed.",
    ]),
    clock: WallClock::starting_at(2, 30),
    length: SimTime::from_secs(4800),
    parts: Part::SPEC,
    params: Params::SPEC,
    actions: Action::SPEC,
    texts: &[],
    metrics: Metrics::SPEC,
    charts: &[
        ChartSpec { title: "Traffic", metrics: &["arrived", "completed", "zombie"] },
        ChartSpec {
            title: "Errors",
            metrics: &[
                "killed_by_restart",
                "refused_restarting",
                "shed",
                "downstream_timeout",
                "breaker_open",
                "abandoned",
                "acquire_timeout",
                "db_refused",
            ],
        },
        ChartSpec { title: "Latency", metrics: &["wait_s"] },
        ChartSpec { title: "Saturation", metrics: &["pool_utilization"] },
        ChartSpec { title: "Connections", metrics: &["connections_in_use", "connections_open"] },
        ChartSpec { title: "Queue", metrics: &["queue_depth"] },
        ChartSpec { title: "Downstream", metrics: &["downstream_util"] },
        ChartSpec { title: "Others' calls", metrics: &["others_ok_tx_s", "others_timeout"] },
        ChartSpec { title: "Database", metrics: &["db_load"] },
        ChartSpec { title: "Goodput", metrics: &["throughput_tx_s", "goodput_tx_s"] },
        ChartSpec { title: "Money", metrics: &["bled_usd", "confirmed_loss_usd"] },
    ],
    presets: PRESETS,
};

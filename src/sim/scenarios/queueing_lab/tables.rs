//! What there is to set, to do and to measure.

use crate::clock::WallClock;
use crate::metric::{MetricSet, Statistic};
use crate::parameter::ParamSet;
use crate::resource::service_time::ServiceTime;
use crate::spec::{ChartSpec, Figure, Preset, Report, ScenarioSpec};
use crate::time::SimTime;
use crate::{actions, choices, events, metrics, params, parts, presets};

choices! {
    /// How long requests keep a server: distributions with the same mean.
    ServiceDistribution {
        /// Always the mean.
        Constant = "constant" "constant",
        /// Evenly between 0 and twice the mean (cv² = 1/3).
        Uniform = "uniform" "uniform",
        /// Log-normal with a coefficient of variation of 2: mostly short, now and then very long.
        LogNormal = "log_normal" "log-normal",
        /// Exponential (cv = 1), the classic of the textbooks.
        Exponential = "exponential" "exponential",
    }
}

impl ServiceDistribution {
    /// The distribution that the choice names.
    pub fn shape(self) -> ServiceTime {
        match self {
            Self::Constant => ServiceTime::Constant,
            Self::Uniform => ServiceTime::WIDE,
            Self::LogNormal => ServiceTime::LONG_TAILED,
            Self::Exponential => ServiceTime::Exponential,
        }
    }
}

choices! {
    /// Who is served next.
    Discipline {
        /// One after the other, first come, first served.
        Fifo = "fifo" "first come, first served",
        /// All at once, each at an even share of the servers.
        ProcessorSharing = "processor_sharing" "processor sharing",
    }
}

parts! {
    /// Where controls and metrics belong.
    Part {
        Arrivals = "Arrivals" ["source"] ["arrived"],
        Queue = "Queue" ["queue"] ["waiting", "wait_ms", "wait_probability", "rejected", "abandoned", "cleared"],
        Servers = "Servers" ["servers"] ["busy", "utilization", "sojourn_ms", "done"],
    }
}

params! {
    in Servers:
    /// Servers that work side by side.
    servers: u64 = 1, "Servers", "", Integer { min: 1, max: 1000 }, Assumed;

    in Arrivals:
    /// Requests that arrive each second, at random and one by one (a Poisson process). Does not apply while
    /// there are clients.
    arrivals_per_s: f64 = 8, "Arrivals", "1/s", Number { min: 0.0, max: 10_000.0, step: 0.1 }, Assumed;

    in Servers:
    /// Mean time that a request keeps a server. Applies to every request whose service begins after a change.
    service_ms: f64 = 100, "Service time", "ms", Number { min: 0.1, max: 60_000.0, step: 1.0 }, Assumed;
    /// How much the service time varies around its mean.
    service_distribution: ServiceDistribution = exponential, "Service time varies", "",
        Choice(ServiceDistribution::CHOICES), Assumed;

    in Queue:
    /// Who is served next. After a change everybody present goes on with the work still left.
    discipline: Discipline = fifo, "Queue discipline", "", Choice(Discipline::CHOICES), Assumed;
    /// Requests that may wait; one more is rejected. 0 means no limit.
    queue_limit: u64 = 0, "Queue limit", "requests", Integer { min: 0, max: 1_000_000 }, Assumed, 0 = "no limit";
    /// Whether requests may wait at all. If not, one that finds every server busy is rejected (a loss system).
    may_wait: bool = true, "Requests may wait", "", Switch, Assumed;
    /// Mean time that a request waits for its service to begin before it gives up (exponential); a service that begins
    /// after exactly its own time is in time. 0 means for ever.
    patience_ms: f64 = 0, "Patience", "ms", Number { min: 0.0, max: 600_000.0, step: 100.0 }, Assumed, 0 = "for ever";

    in Arrivals:
    /// Clients of a closed system: each sends a request, waits for the answer, thinks, and sends the next.
    /// 0 means an open system, in which requests arrive whatever happened to the ones before.
    clients: u64 = 0, "Clients", "", Integer { min: 0, max: 1_000_000 }, Assumed, 0 = "open system";
    /// Mean time that a client thinks before its next request (exponential).
    think_ms: f64 = 1000, "Think time", "ms", Number { min: 1.0, max: 600_000.0, step: 10.0 }, Assumed;
}

metrics! {
    /// Requests that arrived.
    arrived: Counter, "Arrived", "requests";
    /// Requests that were served.
    done: Counter, "Done", "requests";
    /// Requests turned away because the queue was full or no server was free for them.
    rejected: Failure, "Rejected", "requests";
    /// Requests that gave up waiting.
    abandoned: Failure, "Abandoned", "requests";
    /// Requests thrown out of the queue by "Clear the queue".
    cleared: Failure, "Cleared", "requests";
    /// Requests waiting or being served.
    in_system: Level, "In the system", "requests";
    /// Requests waiting; under processor sharing, requests beyond the number of servers.
    waiting: Level, "Waiting", "requests",
        [100.0 "100 requests wait" or "fewer than 100 requests wait again",
        1000.0 "1,000 requests wait" or "fewer than 1,000 requests wait again"];
    /// Servers at work.
    busy: Level, "Busy servers", "";
    /// Busy servers in proportion to all servers; at most 1 while servers taken away finish their last request.
    utilization: Gauge, "Utilization", "";
    /// Time from arrival to the begin of service. Of a request that shares the servers, known when it has been served:
    /// the time it was present beyond the service it needed. Each request has one wait, however often the discipline
    /// changes: one that is known stays.
    wait_ms: Histogram, "Wait", "ms";
    /// Time from arrival to the end of service.
    sojourn_ms: Histogram, "Sojourn", "ms",
        [1000.0 "the slowest 1 % of requests take a second or longer" or "99 % of requests take less than a second again"];
    /// Share of accepted requests that found every server busy.
    wait_probability: Share, "Probability of waiting", "";
}

actions! {
    /// What a person can do in the lab.
    Action {
        /// Throws out everybody who waits and whose service has not begun. They get no answer.
        ClearQueue in Queue = "clear_queue" "Clear the queue",
    }
}

events! {
    /// What can happen in the lab.
    Event {
        /// A request arrives from the open world.
        Arrive,
        /// A client has finished thinking.
        Submit,
        /// A server has finished the request.
        Finish(u32),
        /// The request's patience is over.
        GiveUp(u32),
        /// The request with the least work left has been served, all sharing.
        SharedEnd,
    }
}

pub const SPEC: ScenarioSpec = ScenarioSpec {
    id: "queueing_lab",
    title: "Why queues explode",
    summary: "Requests, one queue, some servers: the last few percent of utilization cost the most waiting.",
    leaves_out: crate::docs::list(&[
        "Service times do not depend on load: no cache gets cold, no lock is contended.",
        "Servers never fail and never pause.",
        "Requests that gave up or were rejected do not try again.",
        "The lab holds at most two million requests; more are rejected.",
    ]),
    clock: WallClock::starting_at(0, 0),
    length: SimTime::from_secs(600),
    parts: Part::SPEC,
    params: Params::SPEC,
    actions: Action::SPEC,
    texts: &[],
    metrics: Metrics::SPEC,
    charts: &[
        ChartSpec { title: "Traffic", metrics: &["arrived", "done"] },
        ChartSpec { title: "Errors", metrics: &["rejected", "abandoned", "cleared"] },
        ChartSpec { title: "Latency", metrics: &["sojourn_ms"] },
        ChartSpec { title: "Saturation", metrics: &["utilization"] },
        ChartSpec { title: "Wait", metrics: &["wait_ms"] },
        ChartSpec { title: "Queue", metrics: &["waiting"] },
    ],
    presets: presets![
        Preset {
            label: "Half busy",
            doc: "One server at half its capacity.",
            look_for: "Watch the wait: on average it is as long as the service.",
            values: &[("arrivals_per_s", "5")],
            report: None,
        },
        Preset {
            label: "The last few percent",
            doc: "One server at 98 % of its capacity.",
            look_for: "Watch the queue: it wanders far away from its mean, and the mean latency is fifty times the service.",
            values: &[("arrivals_per_s", "9.8")],
            report: None,
        },
        Preset {
            label: "Overload",
            doc: "More comes than can go.",
            look_for: "Watch the queue: it grows by the difference, for ever.",
            values: &[("arrivals_per_s", "12")],
            report: None,
        },
        Preset {
            label: "One large pool",
            doc: "A hundred servers at 90 % of their capacity.",
            look_for: "Watch the wait: most requests have none.",
            values: &[("servers", "100"), ("arrivals_per_s", "900")],
            report: None,
        },
        Preset {
            label: "Now and then very long",
            doc: "The same mean service time, but unevenly.",
            look_for: "Watch the wait: it grows two and a half times.",
            values: &[("service_distribution", "log_normal")],
            report: None,
        },
        Preset {
            label: "Impatient people",
            doc: "An overload that people leave.",
            look_for: "Watch the queue: it settles, and some never get an answer.",
            values: &[("arrivals_per_s", "12"), ("patience_ms", "2000")],
            report: None,
        },
        Preset {
            label: "Closed loop",
            doc: "Fifty clients who wait for their answer before they ask again.",
            look_for: "Watch the queue: they can never overload anything.",
            values: &[("clients", "50"), ("think_ms", "4000")],
            report: None,
        },
        Preset {
            label: "Fast enough on average",
            doc: "Five requests a second and one worker: served on time, it was said, while each takes less than 200 ms. That holds if they come evenly.",
            look_for: "Watch the queue: requests come at random, and at 190 ms nearly all of them wait.",
            values: &[("arrivals_per_s", "5"), ("service_ms", "190")],
            report: Some(Report {
                source: "gratipay.com #4460",
                url: "https://github.com/gratipay/gratipay.com/issues/4460",
                at_s: 36_000,
                figures: &[
                    Figure {
                        what: "Worker busy",
                        reported: "less than 1",
                        metric: "utilization",
                        statistic: Statistic::Mean,
                        ours: "0.947",
                    },
                    Figure {
                        what: "Mean wait",
                        reported: "none",
                        metric: "wait_ms",
                        statistic: Statistic::Mean,
                        ours: "3.44\u{a0}s",
                    },
                ],
            }),
        },
        Preset {
            label: "Ten clients in a loop",
            doc: "A load test with ten clients: 5.41 requests were served each second. Here two workers take 370 ms for each.",
            look_for: "Watch the latency: Little's law gives its mean, 10 / 5.41 = 1.85 s, whatever the workers are like.",
            values: &[("servers", "2"), ("service_ms", "369.6"), ("clients", "10"), ("think_ms", "1")],
            report: Some(Report {
                source: "fabric8-analytics-server #719",
                url: "https://github.com/fabric8-analytics/fabric8-analytics-server/pull/719",
                at_s: 3600,
                figures: &[Figure {
                    what: "Mean time",
                    reported: "1.84 s",
                    metric: "sojourn_ms",
                    statistic: Statistic::Mean,
                    ours: "1.84\u{a0}s",
                }],
            }),
        },
        Preset {
            label: "Two workers, a job a minute",
            doc: "The job queue of an energy service measures itself: .0183 jobs a second, 22 s each, two workers.",
            look_for: "Watch the utilization: a fifth of the time is used, and hardly anything waits.",
            values: &[("servers", "2"), ("arrivals_per_s", "0.0183"), ("service_ms", "21956")],
            report: Some(Report {
                source: "FlexMeasures #1838",
                url: "https://github.com/FlexMeasures/flexmeasures/pull/1838",
                at_s: 200_000,
                figures: &[
                    Figure {
                        what: "Workers busy",
                        reported: "0.20",
                        metric: "utilization",
                        statistic: Statistic::Mean,
                        ours: "0.201",
                    },
                    Figure {
                        what: "Jobs present",
                        reported: "0.40",
                        metric: "in_system",
                        statistic: Statistic::Mean,
                        ours: "0.417\u{a0}requests",
                    },
                ],
            }),
        },
    ],
};

//! Settings worth trying, public incidents among them.

use crate::metric::Statistic;
use crate::presets;
use crate::spec::{Figure, Preset, Report};

pub const PRESETS: &[Preset] = presets![
    Preset {
        label: "Without the sleep",
        doc: "Nothing sleeps on a connection.",
        look_for: "Watch the goodput: the same pools carry twice the traffic.",
        values: &[("sleep_ms", "0")],
        report: None,
    },
    Preset {
        label: "Pools too large",
        doc: "A thousand connections in each pool.",
        look_for: "Watch the throughput: they push the database past its knee, and more slots do less.",
        values: &[("pool_size", "1000")],
        report: None,
    },
    Preset {
        label: "Most of the 70 % is ours",
        doc: "Half of the load downstream is ours, and nothing sleeps.",
        look_for: "Watch the downstream system: twice our speed is too much for it.",
        values: &[("downstream_share_points", "35"), ("sleep_ms", "0")],
        report: None,
    },
    Preset {
        label: "Pools that spare nobody",
        doc: "Twice the traffic, no sleep, and three hundred connections in each pool, where half of the load downstream is ours. With a hundred in each none of the others' calls times out.",
        look_for: "Watch the others' calls: none gets through, for all wait for the same downstream system.",
        values: &[
            ("downstream_share_points", "35"),
            ("sleep_ms", "0"),
            ("pool_size", "300"),
            ("spike_multiplier", "20"),
        ],
        report: None,
    },
    Preset {
        label: "The holiday is listed",
        doc: "Twice last year's traffic, on a holiday in the calendar.",
        look_for: "Watch the pools: they are ready before it comes.",
        values: &[("spike_multiplier", "20"), ("calendar_listed", "true")],
        report: None,
    },
    Preset {
        label: "Impatient customers",
        doc: "They give up after half a minute and try again.",
        look_for: "Watch the goodput: the system works for people who have left.",
        values: &[("client_patience_s", "30"), ("client_retries", "3")],
        report: None,
    },
    Preset {
        label: "A restart and its echo",
        doc: "Customers whose transaction is killed or refused try again up to three times. Restart when the pools are full.",
        look_for: "Watch the traffic: more come than before, while the system is still down, and most are lost all the same.",
        values: &[("retry_failed", "true"), ("client_retries", "3")],
        report: None,
    },
    Preset {
        label: "Eight connections, 128 in line",
        doc: "Eight connections carry eight transactions a second of one second each, and a dozen come.",
        look_for: "Watch the queue: only the timeout of the wait for a connection bounds it.",
        values: &[
            ("app_instances", "1"),
            ("pool_size", "8"),
            ("db_ms", "900"),
            ("sleep_ms", "0"),
            ("base_tx_s", "12.2"),
            ("spike_multiplier", "1"),
            ("acquire_timeout_s", "10.486"),
        ],
        report: Some(Report {
            source: "HikariCP #2096",
            url: "https://github.com/brettwooldridge/HikariCP/issues/2096",
            at_s: 3600,
            figures: &[
                Figure {
                    what: "Connections active",
                    reported: "8",
                    metric: "connections_in_use",
                    statistic: Statistic::Last,
                    ours: "8\u{a0}slots",
                },
                Figure {
                    what: "Waiting, on average here",
                    reported: "128",
                    metric: "queue_depth",
                    statistic: Statistic::Mean,
                    ours: "125\u{a0}tx",
                },
                Figure {
                    what: "Longest wait",
                    reported: "10.486 s",
                    metric: "wait_s",
                    statistic: Statistic::Max,
                    ours: "10.5\u{a0}s",
                },
            ],
        }),
    },
    Preset {
        label: "A pool that locks itself",
        doc: "Fifty threads share ten connections, and each transaction holds one while it waits for another. With 51 connections no deadlock can happen.",
        look_for: "Watch the pool: soon it is deadlocked, and the database has nothing to do.",
        values: &[
            ("app_instances", "1"),
            ("worker_threads", "50"),
            ("pool_size", "10"),
            ("connections_per_tx", "2"),
            ("sleep_ms", "0"),
            ("spike_at_s", "60"),
        ],
        report: Some(Report {
            source: "HikariCP #442",
            url: "https://github.com/brettwooldridge/HikariCP/issues/442",
            at_s: 600,
            figures: &[
                Figure {
                    what: "Threads that wait for a connection",
                    reported: "all of 50",
                    metric: "queue_depth",
                    statistic: Statistic::Last,
                    ours: "50\u{a0}tx",
                },
                Figure {
                    what: "Statements in the database",
                    reported: "none",
                    metric: "db_running",
                    statistic: Statistic::Last,
                    ours: "0",
                },
                Figure {
                    what: "Completed a second",
                    reported: "none",
                    metric: "throughput_tx_s",
                    statistic: Statistic::Last,
                    ours: "0\u{a0}tx/s",
                },
            ],
        }),
    },
    Preset {
        label: "More pods than the database has room for",
        doc: "Five pods use 25 connections between them. Then traffic grows, and their pools together ask for more than the database allows. The size of the pools is not reported; here it is 40. At 20 the database never refuses, and transactions wait in the application.",
        look_for: "Watch the errors: the database refuses any pod.",
        values: &[
            ("app_instances", "5"),
            ("pool_size", "40"),
            ("base_tx_s", "25"),
            ("spike_multiplier", "6"),
            ("spike_at_s", "300"),
            ("db_max_connections", "100"),
        ],
        report: Some(Report {
            source: "mdn-http-observatory #386",
            url: "https://github.com/mdn/mdn-http-observatory/pull/386",
            at_s: 420,
            figures: &[
                Figure {
                    what: "Connections open at most",
                    reported: "100",
                    metric: "connections_open",
                    statistic: Statistic::Max,
                    ours: "100\u{a0}slots",
                },
                Figure {
                    what: "Refused by the database",
                    reported: "a number of errors",
                    metric: "db_refused",
                    statistic: Statistic::Count,
                    ours: "6,273\u{a0}tx",
                },
            ],
        }),
    },
];

//! Settings worth trying, and public incidents as runs.

use crate::metric::Statistic;
use crate::presets;
use crate::spec::{Figure, Preset, Report};

pub const PRESETS: &[Preset] = presets![
    Preset {
        label: "One query, the others wait",
        doc: "A lock for the whole fleet.",
        look_for: "Watch the queries: the front page is rebuilt once, and everybody waits for it.",
        values: &[("lock_scope", "fleet")],
        report: None,
    },
    Preset {
        label: "Stale while revalidating",
        doc: "An expired page is served for up to 30 s while one query refreshes it, which takes some 2 s.",
        look_for: "Watch the wait: nobody has one.",
        values: &[("stale_window_s", "30")],
        report: None,
    },
    Preset {
        label: "A cache that deletes",
        doc: "An expired page is gone at once. Serve stale pages when the site is down, and compare with a cache that keeps them.",
        look_for: "Watch the stale pages: a window that is opened after the expiry finds none.",
        values: &[("expired_kept", "false")],
        report: None,
    },
    Preset {
        label: "Early refresh",
        doc: "Reads refresh the page before it expires, more likely the closer its end is. The page has to live longer than the first refresh leads, here 17 s.",
        look_for: "Watch the expired entries: there are none.",
        values: &[("xfetch_beta", "1")],
        report: None,
    },
    Preset {
        label: "Early refresh, too short a life",
        doc: "The same cure for a page that lives 12 s.",
        look_for: "Watch the queries: the page is refreshed as soon as it is there, by more reads at once than the database has cores.",
        values: &[("xfetch_beta", "1"), ("ttl_s", "12")],
        report: None,
    },
    Preset {
        label: "Results for nobody",
        doc: "Readers wait 1.5 s for a query of 2 s, which runs on.",
        look_for: "Watch the goodput: every result comes too late, until you let results for nobody fill the cache.",
        values: &[
            ("lock_scope", "fleet"),
            ("query_distribution", "constant"),
            ("timeout_ms", "1500"),
            ("cancel_on_timeout", "false"),
        ],
        report: None,
    },
    Preset {
        label: "Jitter on one key",
        doc: "A random time to live for the one page.",
        look_for: "Watch the stampede: its moment moves, not its size.",
        values: &[("ttl_jitter_s", "5")],
        report: None,
    },
    Preset {
        label: "Four thousand keys",
        doc: "A lock for each of them.",
        look_for: "Watch the database: they expire together, and a lock for each key is no limit for all of them.",
        values: &[("keys", "4000"), ("query_ms", "60"), ("lock_scope", "fleet")],
        report: None,
    },
    Preset {
        label: "First in, first out",
        doc: "The same load on a database that runs sixteen queries at a time.",
        look_for: "Watch the hits: the first result fills the cache.",
        values: &[("db_discipline", "fifo")],
        report: None,
    },
    Preset {
        label: "A lock shorter than the download",
        doc: "Four clients pull one image of 103 s through a proxy whose lock is free again after 5 s, all over one line. It is one download where the lock lives for 120 s and nobody sends a query of their own. Our last client has it after 4 × 103 s, 12 % later than reported: there each further client cost 82 s to 91 s. The 103 s of one client are for download and distribution together; the report does not say how much of them is distribution, which need not wait for the line, and the model takes all of them for download.",
        look_for: "Watch the queries: each client downloads it.",
        values: &[
            ("users", "4"),
            ("think_s", "0.5"),
            ("query_ms", "103000"),
            ("query_distribution", "constant"),
            ("db_cores", "1"),
            ("timeout_ms", "600000"),
            ("lock_scope", "fleet"),
            ("lock_ttl_s", "5"),
            ("lock_poll_ms", "500"),
            ("lock_fallback_ms", "5000"),
        ],
        report: Some(Report {
            source: "docker-registry-proxy #31",
            url: "https://github.com/rpardini/docker-registry-proxy/issues/31",
            at_s: 480,
            figures: &[
                Figure {
                    what: "Four clients at once, until the last has it; one alone needs 1.72 min",
                    reported: "6.12 min (6:07)",
                    metric: "wait_ms",
                    statistic: Statistic::Max,
                    ours: "6.86\u{a0}min",
                },
                Figure {
                    what: "Downloads, where the lock was to allow one",
                    reported: "as many as clients",
                    metric: "rebuilds_per_expiry",
                    statistic: Statistic::Max,
                    ours: "4\u{a0}queries",
                },
            ],
        }),
    },
    Preset {
        label: "A hundred connections, one page",
        doc: "A hundred connections ask for one page as fast as they can, and it lives for 5 s.",
        look_for: "Watch the queries: when it expires, nearly all connections go to the backend, which needs 2 s for it.",
        values: &[
            ("users", "100"),
            ("think_s", "0.5"),
            ("ttl_s", "5"),
            ("query_distribution", "constant"),
            ("db_cores", "100"),
        ],
        report: Some(Report {
            source: "nuster #74",
            url: "https://github.com/jiangwenyuan/nuster/issues/74",
            at_s: 60,
            figures: &[Figure {
                what: "Of 100 connections, those that reach the backend at an expiry",
                reported: "all (or many)",
                metric: "rebuilds_per_expiry",
                statistic: Statistic::Mean,
                ours: "98\u{a0}queries",
            }],
        }),
    },
    Preset {
        label: "Whoever waits looks twice a second",
        doc: "The page is rebuilt in 100 ms.",
        look_for: "Watch the wait: whoever waits at the lock looks again only after 500 ms.",
        values: &[
            ("ttl_s", "10"),
            ("query_ms", "100"),
            ("query_distribution", "constant"),
            ("lock_scope", "fleet"),
            ("lock_poll_ms", "500"),
        ],
        report: Some(Report {
            source: "nginx #1189",
            url: "https://github.com/nginx/nginx/pull/1189",
            at_s: 30,
            figures: &[Figure {
                what: "Latency that the lock adds in the worst case",
                reported: "500 ms",
                metric: "wait_ms",
                statistic: Statistic::Max,
                ours: "500\u{a0}ms",
            }],
        }),
    },
];

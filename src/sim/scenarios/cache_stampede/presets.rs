//! Settings worth trying, by name.

use crate::spec::Preset;

pub const PRESETS: &[Preset] = &[
    Preset {
        label: "One query, the others wait",
        doc: "A lock for the whole fleet: the front page is rebuilt once, and everybody waits for it.",
        values: &[("lock_scope", "fleet")],
        report: None,
    },
    Preset {
        label: "Old news for two seconds",
        doc: "The expired page is given out while one query refreshes it: nobody waits.",
        values: &[("stale_window_s", "30")],
        report: None,
    },
    Preset {
        label: "Early refresh",
        doc: "Reads refresh the page before it expires, the likelier the closer its end is. The page has to live longer than the first refresh leads, here 17 s.",
        values: &[("xfetch_beta", "1")],
        report: None,
    },
    Preset {
        label: "Early refresh, too short a life",
        doc: "The same cure for a page that lives 12 s: it is refreshed as soon as it is there, by more reads at once than the database has cores. The cure is the stampede.",
        values: &[("xfetch_beta", "1"), ("ttl_s", "12")],
        report: None,
    },
    Preset {
        label: "Results for nobody",
        doc: "Readers wait 1.5 s for a query of 2 s, which runs on: every result comes too late and is thrown away. It never comes back. Let results for nobody fill the cache, and it is back after two seconds.",
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
        doc: "A random time to live moves the moment of the stampede, not its size.",
        values: &[("ttl_jitter_s", "5")],
        report: None,
    },
    Preset {
        label: "Four thousand keys",
        doc: "A lock for each key is no limit for all of them: they expire together.",
        values: &[("keys", "4000"), ("query_ms", "60"), ("lock_scope", "fleet")],
        report: None,
    },
    Preset {
        label: "First in, first out",
        doc: "The same load on a database that runs sixteen queries at a time: the first result fills the cache.",
        values: &[("db_discipline", "fifo")],
        report: None,
    },
];

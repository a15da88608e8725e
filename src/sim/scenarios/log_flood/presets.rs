//! Settings worth trying.

use crate::presets;
use crate::spec::Preset;

/// In the order of the page.
pub const PRESETS: &[Preset] = presets![
    Preset {
        label: "INFO by default",
        doc: "The level that production runs at, and DEBUG for nobody.",
        look_for: "Watch the traces of the bug: the night costs $58, and in the morning there is not one trace.",
        values: &[("log_level", "info")],
        report: None,
    },
    Preset {
        label: "logrotate, 500 MB, daily",
        doc: "logrotate as a distribution installs it: it looks at the size once a day.",
        look_for: "Watch the volume: one rotation at midnight frees nothing, and the database fails at the same second.",
        values: &[("rotate_mode", "cron")],
        report: None,
    },
    Preset {
        label: "logrotate, 500 MB, hourly",
        doc: "The same every hour, so that two hours of the log are on the disk at most.",
        look_for: "Watch the bill: no order fails, and the night is dearer than it was, because the disk no longer stops it.",
        values: &[("rotate_mode", "cron"), ("rotate_interval_s", "3600")],
        report: None,
    },
    Preset {
        label: "logrotate, and nobody reopens",
        doc: "The file is renamed every hour, and the application is not told.",
        look_for: "Watch the volume: the new file stays empty, is never large enough to be rotated, and the old one grows.",
        values: &[("rotate_mode", "cron"), ("rotate_interval_s", "3600"), ("reopen_mode", "none")],
        report: None,
    },
    Preset {
        label: "A volume of its own",
        doc: "The log fills another disk than that of the database.",
        look_for: "Watch the bill: every order is taken, and the night costs as much as before.",
        values: &[("log_volume", "separate")],
        report: None,
    },
    Preset {
        label: "Alarms at 80 % and at $100",
        doc: "Both alarms of the story, and somebody on call.",
        look_for: "Watch the alarms: the first is that of the bill, six hours and $2,500 after the start.",
        values: &[("disk_alarm_pct", "80"), ("bill_alarm_usd", "100")],
        report: None,
    },
    Preset {
        label: "An alarm on what is shipped",
        doc: "It rings at 5 GB within five minutes, which INFO never reaches.",
        look_for: "Watch the log: eight minutes after the start the level is INFO.",
        values: &[("ingest_alarm_gb_5min", "5")],
        report: None,
    },
    Preset {
        label: "DEBUG for failed requests",
        doc: "INFO, and the DEBUG lines of a request only if it fails; a volume of its own, an appender with a cap, an alarm on what is shipped.",
        look_for: "Watch the traces of the bug: five thousand of them by the morning, for $58.",
        values: &[
            ("log_level", "info"),
            ("debug_scope", "on_error"),
            ("debug_budget_kb_s", "500"),
            ("log_volume", "separate"),
            ("rotate_mode", "in_process"),
            ("ingest_alarm_gb_5min", "5"),
        ],
        report: None,
    },
    Preset {
        label: "A database without checkpoints that need space",
        doc: "Checkpoints write no new file, as without replication slots, so that only the write-ahead log can run out.",
        look_for: "Watch the database: for twenty minutes it reads and refuses orders, and only then it panics.",
        values: &[("checkpoint_s", "0")],
        report: None,
    },
];

//! What there is to set, to do and to measure.

use super::choices::{DebugScope, LogLevel, LogVolume, ReopenMode, RotateMode, ShipFilter};
use super::database::STATES;
use super::presets::PRESETS;
use crate::clock::WallClock;
use crate::metric::MetricSet;
use crate::parameter::ParamSet;
use crate::spec::{ChartSpec, ScenarioSpec};
use crate::time::SimTime;
use crate::{actions, events, metrics, params, parts};

parts! {
    /// Where controls and metrics belong.
    Part {
        Users = "Users" ["users"] ["committed", "failed_writes", "lost_orders_usd"],
        App = "Application" ["app"] ["log_bytes_s", "bug_traces", "bug_traces_within_budget"],
        Volume = "Volume of the log" ["volume"] ["disk_used_pct", "du_pct", "full_eta_h", "dropped_log_gb", "copy_lost_mb"],
        Database = "Database" ["database"] ["db_state", "commit_latency_ms"],
        Agent = "Agent and log service" ["agent", "service"] ["shipped_gb", "bill_usd"],
        Alarms = "Alarms" ["alarms"] ["bill_seen_usd", "alarms_rung"],
    }
}

params! {
    in Users:
    /// Orders from all users, at random (a Poisson process). Each is one row in the database.
    orders_per_s: f64 = 1, "Orders", "1/s", Number { min: 0.0, max: 20.0, step: 0.5 }, Assumed;
    /// What a failed order would have brought in.
    order_value_usd: f64 = 20, "Value of an order", "USD", Number { min: 1.0, max: 500.0, step: 1.0 }, Assumed;

    in App:
    /// Servers that run the application, all alike. Two terabytes cost $1,000 to ship, and the bill was more than $5,000, so
    /// there must have been about five. A new number is for what is logged from then on.
    instances: u64 = 5, "Servers", "", Integer { min: 1, max: 20 }, Derived;
    /// Requests that each server answers, looks at the catalog included.
    req_rate_s: u64 = 1000, "Requests at a server", "1/s", Integer { min: 10, max: 5000 }, Assumed;
    /// How much every request logs. DEBUG was switched on to chase a bug at the launch, and stayed.
    log_level: LogLevel = debug, "Log level", "", Choice(LogLevel::CHOICES), Story;
    /// Which requests write their DEBUG lines, whatever the level is for the others.
    debug_scope: DebugScope = all, "DEBUG for", "", Choice(DebugScope::CHOICES), Story;
    /// Lines that a request logs at DEBUG, those of INFO among them.
    lines_debug: u64 = 100, "Lines at DEBUG", "lines", Integer { min: 1, max: 500 }, Assumed;
    /// Lines that a request logs at INFO.
    lines_info: u64 = 1, "Lines at INFO", "lines", Integer { min: 0, max: 20 }, Assumed;
    /// Length of a line. With it a server fills two terabytes between 18:00 and 06:00.
    bytes_per_line: u64 = 463, "Length of a line", "bytes", Integer { min: 50, max: 5000 }, Assumed;
    /// Share of the requests that write their DEBUG lines, where DEBUG is for a sample.
    sample_pct: f64 = 1, "Sampled requests", "%", Number { min: 0.0, max: 100.0, step: 0.1 }, Assumed;
    /// Most that the DEBUG lines of failed requests may take at a server. Without it an outage, in which every request fails,
    /// logs as much as DEBUG for all. 0 means no bound.
    debug_budget_kb_s: u64 = 0, "Cap for DEBUG on errors", "kB/s", Integer { min: 0, max: 50_000 }, Assumed, 0 = "none";
    /// DEBUG ends by itself so long after it was switched on. 0 means never.
    debug_ttl_min: u64 = 0, "Time limit of DEBUG", "min", Integer { min: 0, max: 720 }, Story, 0 = "never";
    /// Requests of a million that the bug strikes, at random (a Poisson process).
    bug_ppm: u64 = 20, "Struck by the bug, of a million", "", Integer { min: 0, max: 10_000 }, Assumed;
    /// Whether a request that the bug strikes fails, so that the application notices.
    bug_raises_error: bool = true, "The bug raises an error", "", Switch, Assumed;

    in Volume:
    /// Size of the volume of the log, without what the database's own files take.
    volume_gb: u64 = 2000, "Volume", "GB", Integer { min: 100, max: 4000 }, Story;
    /// Which volume the log is on.
    log_volume: LogVolume = shared, "Log on a volume", "", Choice(LogVolume::CHOICES), Story;
    /// Share of the volume that only root may use. The file system ext4 reserves 5 % unless it is told otherwise.
    reserved_pct: f64 = 5, "Reserved for root", "%", Number { min: 0.0, max: 10.0, step: 1.0 }, Source;
    /// Whether the application runs as root, as in many a container, so that its log may use what is reserved.
    log_writer_is_root: bool = true, "Root writes the log", "", Switch, Assumed;
    /// Who rotates the log.
    rotate_mode: RotateMode = off, "Rotated by", "", Choice(RotateMode::CHOICES), Story;
    /// logrotate runs whenever so much time has passed since midnight. On Debian 12 a timer starts it once a day.
    rotate_interval_s: u64 = 86400, "Rotated every", "s", Integer { min: 60, max: 86_400 }, Source;
    /// From this size on logrotate rotates the file when it runs; the application never lets the file grow beyond it.
    rotate_size_mb: u64 = 500, "Size to rotate at", "MB", Integer { min: 10, max: 100_000 }, Story;
    /// Archives that logrotate keeps.
    rotate_keep: u64 = 1, "Archives kept", "", Integer { min: 0, max: 30 }, Assumed;
    /// How the application comes to write into the new file.
    reopen_mode: ReopenMode = signal, "New file by", "", Choice(ReopenMode::CHOICES), Assumed;
    /// Time between the end of copytruncate's copy and the cut. What is logged in between is lost. It grew with the size of
    /// the file when it was tried: 36 ms at 5 MB, 182 ms at 100 MB.
    copy_gap_ms: u64 = 100, "Gap of copytruncate", "ms", Integer { min: 1, max: 1000 }, Assumed;

    in Database:
    /// Space in the write-ahead log that is there already when the volume is full. A segment has 16 MiB.
    wal_headroom_mib: u64 = 16, "Log space in hand", "MiB", Integer { min: 0, max: 1024 }, Source;
    /// What still goes into the write-ahead log in a second while no table can grow: changes of rows that are there already, and
    /// 50 bytes or so for each row that fails.
    wal_bytes_s: u64 = 14000, "Written to it in a second", "bytes", Integer { min: 0, max: 10_000_000 }, Assumed;
    /// A checkpoint begins whenever so much time has passed. It writes a small new file, and the server panics where there is no
    /// room for it. The default of version 15 is five minutes. At 0 checkpoints need no new file, as without replication slots.
    checkpoint_s: u64 = 300, "Checkpoint every", "s", Integer { min: 0, max: 86_400 }, Source;
    /// Time that the database takes to replay its write-ahead log after a crash or a restart.
    redo_s: u64 = 30, "Replay", "s", Integer { min: 1, max: 600 }, Assumed;

    in Agent:
    /// What the agent ships.
    ship_filter: ShipFilter = all, "Ships", "", Choice(ShipFilter::CHOICES), Story;
    /// What the log service takes for a gigabyte. The list price of Amazon's log service is $0.50 in us-east-1 (2025).
    price_usd_gb: f64 = 0.5, "Price of a gigabyte", "USD", Number { min: 0.0, max: 2.0, step: 0.05 }, Source;

    in Alarms:
    /// An alarm rings where more than this share of the whole volume is used. 0 means no such alarm.
    disk_alarm_pct: u64 = 0, "Disk alarm above", "%", Integer { min: 0, max: 99 }, Story, 0 = "no alarm";
    /// An alarm rings where the bill, as far as it is known, is above this. 0 means no such alarm.
    bill_alarm_usd: u64 = 0, "Bill alarm above", "USD", Integer { min: 0, max: 10_000 }, Story, 0 = "no alarm";
    /// The bill is known again whenever so much time has passed. AWS sets its billing alarms to periods of six hours.
    billing_lag_h: u64 = 6, "Bill known every", "h", Integer { min: 1, max: 24 }, Source;
    /// An alarm rings where all servers together ship more than this within five minutes. 0 means no such alarm.
    ingest_alarm_gb_5min: f64 = 0, "Ingest alarm above, in five minutes", "GB", Number { min: 0.0, max: 500.0, step: 1.0 }, Assumed, 0 = "no alarm";
    /// Alarms are evaluated whenever so much time has passed.
    alarm_period_s: u64 = 60, "Alarms evaluated every", "s", Integer { min: 60, max: 900 }, Source;
    /// Evaluations in a row that have to be above the bound before an alarm rings.
    alarm_datapoints: u64 = 3, "Evaluations in a row", "", Integer { min: 1, max: 5 }, Source;
    /// Time that whoever is on call takes to set the level to INFO, when the alarm rings between 07:00 and 22:00.
    responder_day_min: u64 = 5, "On call by day", "min", Integer { min: 0, max: 120 }, Assumed;
    /// The same at night.
    responder_night_min: u64 = 20, "On call by night", "min", Integer { min: 0, max: 120 }, Assumed;
    /// An alarm sets the level to INFO at once, and nobody looks at what DEBUG would have told.
    auto_revert: bool = false, "Alarms act by themselves", "", Switch, Assumed;
}

metrics! {
    /// Orders that are in the database for good.
    committed: Counter, "Orders taken", "orders";
    /// Orders that failed, for whatever reason.
    failed_writes: Counter, "Orders failed", "orders", [1.0 "an order has failed"];
    /// Orders that failed because a table could not grow: no space is left for anybody but root.
    heap_extend_enospc: Failure, "No space", "orders";
    /// Orders that failed while the database replayed its log after a PANIC.
    wal_panic: Failure, "PANIC", "orders";
    /// Orders that failed while the database replayed its log after a restart.
    db_recovering: Failure, "Recovering", "orders";
    /// Orders that failed because the database was down.
    db_down: Failure, "DB down", "orders";
    /// Orders that failed because the application was being restarted.
    app_restarting: Failure, "Restarting", "orders";
    /// What failed orders would have brought in.
    lost_orders_usd: Money, "Lost orders", "USD";
    /// What the application of one server writes into its log in a second. What finds no room is "Log not written".
    log_bytes_s: Gauge, "Log of a server", "MB/s";
    /// Time from an order until it is in the database. A commit waits for the same disk as the log, if both are on one.
    commit_latency_ms: Histogram, "Commit", "ms", [100.0 "one commit of a hundred takes 100 ms" or "99 % of commits take less than 100 ms again"];
    /// Share of the whole volume that the files of the log take, whether they have a name or not. df says more: it leaves what
    /// is reserved for root out of the whole, and shows 100 % from the moment on at which nobody else has space.
    disk_used_pct: Gauge, "Used", "%",
        [80.0 "80 % of the volume is used" or "less than 80 % of the volume is used", 95.0 "95 % of the volume is used" or "less than 95 % of the volume is used", 100.0 "the disk is full" or "the disk is not full any more"];
    /// Share of the volume that files with a name take, as du adds them up.
    du_pct: Gauge, "By du", "%";
    /// Time until the log fills the volume at the present rate, at most 30 days.
    full_eta_h: Gauge, "Full in", "h";
    /// What the application logged and could not write, of one server.
    dropped_log_gb: Gauge, "Log not written", "GB";
    /// What copytruncate lost between copy and cut, of one server.
    copy_lost_mb: Gauge, "Lost by copytruncate", "MB";
    /// 0: the database takes orders. 1: it reads, and cannot write. 2: it replays its log. 3: it is down.
    db_state: Level, "State of the database", STATES,
        [1.0 "the database can read, but has no room to grow" or "the database takes orders again", 3.0 "the database is down" or "the database is not down any more"];
    /// What all servers have shipped to the log service.
    shipped_gb: Gauge, "Shipped", "GB";
    /// What the log service will charge for it.
    bill_usd: Money, "Bill", "USD";
    /// The bill as far as it is known.
    bill_seen_usd: Money, "Bill as known", "USD";
    /// Alarms that rang.
    alarms_rung: Counter, "Alarms", "alarms";
    /// Requests struck by the bug whose DEBUG lines are still there: shipped, or in a file that has a name.
    bug_traces: Level, "Traces of the bug", "traces", [10.0 "ten traces of the bug are there" or "fewer than ten traces of the bug are left"];
    /// The same, and none where the bill is above $100.
    bug_traces_within_budget: Level, "Traces within budget", "traces";
}

actions! {
    /// What the team can do.
    Action {
        /// Sets the level to INFO, with DEBUG for nobody. The log shrinks at once, and so does what it tells of the bug.
        SetLevelInfo in App = "set_level_info" "Set INFO" sets { log_level = 1.0, debug_scope = 3.0 },
        /// Restarts the application on all servers: it lets go of deleted files and opens a new one. Orders fail for 20 s.
        RestartApp in App = "restart_app" "Restart the application",
        /// A drill: a deploy switches DEBUG on for everything, as on the day of the launch.
        Relapse in App = "relapse" "Deploy with DEBUG" sets { log_level = 2.0, debug_scope = 0.0 },
        /// Removes the file. The application holds it open, so nothing is freed, and it goes on writing into it.
        DeleteLog in Volume = "delete_log" "rm the log",
        /// Cuts the file to nothing, which frees its space at once. What was not shipped is lost.
        TruncateLog in Volume = "truncate_log" "Truncate the log",
        /// Cuts the file that the application has open to nothing, by its descriptor: for one that was deleted and is still
        /// open. What was not shipped is lost.
        TruncateOpen in Volume = "truncate_open" "Truncate the open file",
        /// Runs logrotate now, whatever the size of the file, if it is set up at all.
        RotateNow in Volume = "rotate_now" "logrotate now",
        /// Makes the volume half as large again, up to 16 TB. It takes ten minutes, and $0.08 a month for each new gigabyte
        /// (gp3 in us-east-1, 2025). While one is under way, another does nothing.
        GrowVolume in Volume = "grow_volume" "Grow the volume",
        /// Starts the database anew: it replays its log and then needs space, or it is down again. Orders fail meanwhile.
        RestartDb in Database = "restart_db" "Restart the database",
        /// Ships nothing any more, which stops the bill, and leaves no evidence with the log service.
        PauseAgent in Agent = "pause_agent" "Pause the agent" sets { ship_filter = 3.0 },
    }
}

events! {
    /// What can happen in the system.
    Event {
        /// An order arrives.
        Order,
        /// The bug strikes a request.
        Bug,
        /// Ten seconds are over: gauges are shown, and what was shipped is noted.
        Show,
        /// A fluid reaches a level: the volume, a file, the bill, the write-ahead log.
        Reached,
        /// cron starts logrotate.
        Rotate,
        /// The database begins a checkpoint.
        Checkpoint,
        /// The database has replayed its log.
        RedoEnd,
        /// The application is up again.
        AppUp,
        /// The volume has grown.
        Grown,
        /// The bill becomes known.
        Billing,
        /// Alarms are evaluated.
        Evaluate,
        /// Whoever is on call sets the level to INFO.
        Respond,
        /// DEBUG has come to its time limit.
        DebugEnd,
    }
}

/// Everything there is to know about the scenario.
pub const SPEC: ScenarioSpec = ScenarioSpec {
    id: "log_flood",
    title: "The 2 TB debug log",
    summary: "DEBUG stays on after the launch: the log fills the disk under the database, and the log service charges for every byte.",
    leaves_out: crate::docs::list(&[
        "All servers are alike, so that one volume stands for all; the database is on the first of them.",
        "The log flows at a steady rate between two events, in whole bytes a second; single requests are not played, and the DEBUG lines of failed requests flow at their mean rate.",
        "Warnings and errors take no room in the log, and the database's own files take none of the volume.",
        "What the disk cannot take, which is more than 131\u{a0}MB/s, is dropped by the appender; in life a daemon may hold the application up instead.",
        "Only the beginning of each line of the log is shown.",
        "The agent reads each line at once and holds no deleted file open, and the log service keeps everything.",
        "Segments of the write-ahead log are not recycled: a quiet server that recycles them may refuse writes much longer before it panics.",
        "After a PANIC the database replays its log once and is up or down; one that panics again and again until there is space is not played.",
        "The database writes about itself to the journal of the system; on Debian it is a file that may lie on the full volume, too.",
        "Where the database takes orders again, it has a whole write-ahead segment in hand the next time.",
        "A commit waits for the disk as in a queue with one server (M/M/1), on average 5 ms / (1 - load) and at most 500 ms; nothing else loads the disk.",
        "logrotate starts sharp at its time; Debian's timer may be up to an hour late.",
        "While copytruncate copies, the volume may be full for everybody, and a copy that fails still moves the archives on; here only the largest use is shown, and a copy that fails changes nothing.",
        "Copying a file for copytruncate, moving the log to another volume and setting a level take no time.",
        "Whoever is on call does one thing, which is to set INFO, and an alarm that goes on ringing calls nobody again.",
        "Storage at the log service, its queries and the volumes themselves cost nothing here.",
    ]),
    clock: WallClock::starting_at(18, 0),
    length: SimTime::from_secs(14 * 3600),
    parts: Part::SPEC,
    params: Params::SPEC,
    actions: Action::SPEC,
    texts: &[],
    metrics: Metrics::SPEC,
    charts: &[
        ChartSpec { title: "Traffic", metrics: &["log_bytes_s"] },
        ChartSpec {
            title: "Errors",
            metrics: &["heap_extend_enospc", "wal_panic", "db_recovering", "db_down", "app_restarting"],
        },
        ChartSpec { title: "Latency", metrics: &["commit_latency_ms"] },
        ChartSpec { title: "Saturation", metrics: &["disk_used_pct", "du_pct"] },
        ChartSpec { title: "Time until full", metrics: &["full_eta_h"] },
        ChartSpec { title: "Shipped", metrics: &["shipped_gb"] },
        ChartSpec { title: "Bill", metrics: &["bill_usd", "bill_seen_usd"] },
        ChartSpec { title: "State of the database", metrics: &["db_state"] },
        ChartSpec { title: "Traces of the bug", metrics: &["bug_traces", "bug_traces_within_budget"] },
        ChartSpec { title: "Lost orders", metrics: &["lost_orders_usd"] },
        ChartSpec { title: "Log not written", metrics: &["dropped_log_gb"] },
    ],
    presets: PRESETS,
};

//! What there is to set, to do and to measure.

use super::file::{MOST_EDITS, RESET};
use super::presets::PRESETS;
pub use super::race::FaultKind;
pub use super::yaml::Version;
use crate::clock::WallClock;
use crate::metric::MetricSet;
use crate::parameter::ParamSet;
use crate::spec::{ChartSpec, ScenarioSpec, TextSpec};
use crate::time::SimTime;
use crate::{actions, choices, events, metrics, params, parts};

parts! {
    /// Where controls and metrics belong.
    Part {
        Editor = "Rule file" ["editor"] ["changes_pushed", "changes_under_way", "lead_time_s"],
        Gates = "Gates" ["gates", "refused"] ["changes_refused", "faults_escaping", "escaped_usd_per_min", "golden_orders"],
        Rollout = "Roll-out" ["rollout", "canary"] ["changes_live", "canary_aborted", "detect_min", "restore_min"],
        Orders = "Orders" ["orders", "priced", "lost"] ["orders_priced", "loss_usd_per_min", "mispriced_usd", "mispriced_orders", "mispriced_under", "mispriced_over", "undercharged_usd", "overcharged_usd", "false_alarms"],
        Engine = "Rule engine" ["engine"] ["files_refused", "config_unparseable", "engine_error", "orders_rejected", "lost_sales_usd"],
        Lab = "Who can explain it" [] ["explain_s", "flag_combinations", "flag_test_min"],
    }
}

choices! {
    /// What the engine does with a file that it cannot run.
    OnBadConfig {
        /// It stops: every order is rejected until another file is live.
        Crash = "crash" "it stops",
        /// It keeps the last file that it could run. Nobody notices that prices are old.
        KeepLastGood = "keep_last_good" "it keeps the last good file",
    }
}

choices! {
    /// Where the logic lives, which says how long a change takes.
    LogicHome {
        /// In a file that the engine reads: a push takes seconds.
        Config = "config" "in the rule file",
        /// In code: a change is built, tested and deployed.
        Code = "code" "in code",
    }
}

choices! {
    /// How a canary is judged.
    CanaryCompare {
        /// Its orders pay the new price. Their mean is compared with the mean of the others, and the change is taken back where
        /// it is off by more than four standard errors.
        TwoSample = "two_sample" "two means",
        /// Its orders are priced both ways and pay the old price. The change is taken back if any differs.
        Shadow = "shadow" "shadow prices",
    }
}

params! {
    in Orders:
    /// Orders that come in a minute on average, at random (a Poisson process).
    orders_per_min: u64 = 60, "Orders", "1/min", Integer { min: 1, max: 600 }, Assumed;
    /// Time from the moment at which wrong prices go live until somebody complains and is heard, where no alarm is quicker.
    complaint_min: f64 = 45, "First complaint after", "min", Number { min: 1.0, max: 240.0, step: 1.0 }, Assumed;
    /// Time until somebody notices that all orders are rejected.
    error_detect_min: f64 = 10, "Rejections noticed after", "min", Number { min: 1.0, max: 60.0, step: 1.0 }, Assumed;
    /// Percent by which the mean order of the last ten minutes may be off the usual one before an alarm rings. 0 is no alarm. The
    /// mean of 600 orders has a standard error of 8 %, so an alarm at 10 % rings for nothing now and then.
    revenue_alarm_pct: f64 = 0, "Revenue alarm", "%", Number { min: 0.0, max: 50.0, step: 1.0 }, Assumed;

    in Editor:
    /// Routine changes that others push in eight hours, at random (a Poisson process).
    changes_per_day: u64 = 32, "Changes a day", "changes", Integer { min: 0, max: 100 }, Assumed;
    /// Share of routine changes that hold a fault of one line, any fault with an effect as likely as any other. The others
    /// change no price here.
    fault_share: f64 = 0.25, "Faulty changes", "", Number { min: 0.0, max: 1.0, step: 0.05 }, Assumed;
    /// Line of the reference at which a change that is pushed five minutes after the start has a fault. 0 is no such change, and
    /// neither is a line that cannot have this fault.
    fault_line: u64 = 0, "Faulty line", "", Integer { min: 0, max: 40 }, Story;
    /// What is wrong with that line.
    fault_kind: FaultKind = dedent, "Fault", "", Choice(FaultKind::CHOICES), Story;

    in Gates:
    /// A file that cannot be parsed is refused before it goes live. The other gates read the file, too, so each of them refuses
    /// such a file as well.
    gate_parser: bool = false, "Parser", "", Switch, Assumed;
    /// A file is held against a strict schema: known keys alone, each of its type, no number below 0, and no upper bound.
    gate_schema: bool = false, "Strict schema", "", Switch, Assumed;
    /// Orders whose price is written down are priced by the file first.
    gate_golden: bool = false, "Golden orders", "", Switch, Assumed;
    /// How many of the sixteen golden orders there are. The last four are orders that must not match, and one below the cap.
    golden_set: u64 = 12, "Golden orders used", "orders", Integer { min: 0, max: 16 }, Assumed;
    /// The file must be such as typed code could say: whatever the reference says of a rule is said, in names that exist. The
    /// check stands for a compiler, and the code itself is compiled and tested with the project.
    gate_typed: bool = false, "Typed code", "", Switch, Story;

    in Rollout:
    /// Where the logic lives. A change under way keeps the time that it had when it was pushed.
    logic_home: LogicHome = config, "The logic lives", "", Choice(LogicHome::CHOICES), Story;
    /// Time from a push to the file's going live, and from a revert, where the logic is in the file.
    config_push_s: f64 = 30, "Push of a file", "s", Number { min: 5.0, max: 7200.0, step: 5.0 }, Assumed;
    /// Time from a push to the change's going live where the logic is in code.
    code_deploy_s: f64 = 720, "Deployment of code", "s", Number { min: 5.0, max: 7200.0, step: 60.0 }, Assumed;
    /// Time that a revert takes where the logic is in code.
    rollback_s: f64 = 120, "Rollback of code", "s", Number { min: 5.0, max: 7200.0, step: 10.0 }, Assumed;
    /// Share of orders that try a change first. 0 is no canary. One change is tried at a time, and others wait in line.
    canary_pct: f64 = 0, "Canary", "%", Number { min: 0.0, max: 50.0, step: 1.0 }, Assumed;
    /// How long a change is tried.
    canary_min: f64 = 10, "Canary lasts", "min", Number { min: 1.0, max: 60.0, step: 1.0 }, Assumed;
    /// How a canary is judged.
    canary_compare: CanaryCompare = two_sample, "Canary judged by", "", Choice(CanaryCompare::CHOICES), Assumed;

    in Engine:
    /// Which version of YAML the engine's library reads. A new library reads the live file anew at once. Sources: the core schema
    /// of YAML 1.2.2, and the type repository of YAML 1.1.
    yaml_version: Version = 1.2, "Library reads", "", Choice(Version::CHOICES), Source;
    /// What the engine does with a file that it cannot run.
    on_bad_config: OnBadConfig = crash, "On a bad file", "", Choice(OnBadConfig::CHOICES), Story;

    in Lab:
    /// Lines of the rule file in which somebody looks for the reason of a price.
    file_lines: u64 = 5000, "Lines of the file", "lines", Integer { min: 40, max: 5000 }, Story;
    /// Whether the engine tells of each order which rules matched.
    trace_on: bool = false, "Rule trace", "", Switch, Assumed;
    /// Lines that a person reads in a minute, and understands.
    read_lines_per_min: f64 = 30, "Lines read a minute", "lines", Number { min: 5.0, max: 200.0, step: 5.0 }, Assumed;
    /// The golden order whose price is explained. The ninth is a member's from Singapore: ten pieces on a day of the sale.
    traced_order: u64 = 9, "Order to explain", "", Integer { min: 1, max: 16 }, Assumed;
    /// Switches that are in the code at once. Each rule that is switched off here is one more.
    flags: u64 = 0, "Flags", "flags", Integer { min: 0, max: 20 }, Assumed;
    /// Time that a test of one combination of flags takes.
    flag_test_s: f64 = 2, "Test of a combination", "s", Number { min: 0.1, max: 60.0, step: 0.5 }, Assumed;
}

actions! {
    /// What a person can do.
    Action {
        /// Sends the file as it is edited through the gates. It goes live after the push, or the deployment, and a canary. A
        /// file that is live or on its way is not pushed again.
        PushFile in Editor = "push_file" "Push the file",
        /// Brings the file back that was live before. It takes a push, or a rollback, and passes no gate.
        Revert in Rollout = "revert" "Revert",
        /// Writes down what the latest order was charged: a golden order from then on. A wrong price is frozen as well as a
        /// right one.
        AddGolden in Gates = "add_golden" "Freeze the latest price",
        /// Asks why the latest order costs what it costs. Without a trace somebody has to read the file.
        Trace in Lab = "trace" "Explain the latest order",
    }
}

metrics! {
    /// Orders that were priced, rightly or not.
    orders_priced: Counter, "Priced", "orders";
    /// Orders that were rejected because the engine ran no file.
    orders_rejected: Counter, "Rejected", "orders", [1.0 "orders are rejected: the engine stands still"];
    /// Orders that were rejected because the live file cannot be parsed.
    config_unparseable: Failure, "Parse error", "orders";
    /// Orders that were rejected because the live file is no map of rules.
    engine_error: Failure, "Engine error", "orders";
    /// Orders that were charged less than the reference says.
    mispriced_under: Failure, "Too low", "orders";
    /// Orders that were charged more than the reference says.
    mispriced_over: Failure, "Too high", "orders";
    /// Orders that were charged something else than the reference says.
    mispriced_orders: Counter, "Mispriced", "orders";
    /// By how much all mispriced orders are off together, whether too much or too little.
    mispriced_usd: Money, "Mispriced", "USD";
    /// What the shop was not paid.
    undercharged_usd: Money, "Undercharged", "USD";
    /// What customers paid too much.
    overcharged_usd: Money, "Overcharged", "USD";
    /// What rejected orders would have paid.
    lost_sales_usd: Money, "Lost sales", "USD";
    /// What wrong prices and rejected orders came to in the last whole minute.
    loss_usd_per_min: Gauge, "Loss a minute", "USD", [1000.0 "a thousand dollars are lost in a minute" or "less than a thousand dollars are lost in a minute again"];
    /// Time from the moment at which a bad file went live until somebody knew of it.
    detect_min: Histogram, "Time to detect", "min";
    /// Time from the moment at which a bad file went live until prices were right again.
    restore_min: Histogram, "Time to restore", "min";
    /// Changes that were pushed.
    changes_pushed: Counter, "Pushed", "changes";
    /// Changes that a gate refused.
    changes_refused: Counter, "Refused", "changes";
    /// Changes that came through to the engine.
    changes_live: Counter, "Came through", "changes";
    /// Changes that were pushed and have neither come through nor been stopped.
    changes_under_way: Level, "On their way", "changes";
    /// Time from the push of a change until it came through.
    lead_time_s: Histogram, "Lead time", "s";
    /// Changes that a canary stopped.
    canary_aborted: Counter, "Stopped by the canary", "changes";
    /// Files that the engine could not run and passed over: prices stay as they were, and nobody is told.
    files_refused: Counter, "Passed over by the engine", "files";
    /// Times that the revenue alarm rang while prices were right.
    false_alarms: Counter, "False alarms", "alarms";
    /// Golden orders that a file must price rightly while that gate is on.
    golden_orders: Level, "Golden orders", "orders";
    /// Of all faults of one line that the reference can have, those that would go live and change prices.
    faults_escaping: Level, "Faults that escape", "faults";
    /// What the most expensive of them would cost in a minute.
    escaped_usd_per_min: Gauge, "Worst escape a minute", "USD";
    /// Time until somebody knows why the order to explain costs what it costs: half of the file at reading speed, or ten seconds
    /// for each rule that matched where there is a trace.
    explain_s: Gauge, "Time to explain a price", "s";
    /// States that the flags can be in: 2 to the power of their number.
    flag_combinations: Level, "Combinations of flags", "states";
    /// Time that a test of all combinations takes.
    flag_test_min: Gauge, "Test of all of them", "min";
}

events! {
    /// What can happen.
    Event {
        /// A customer orders.
        Order,
        /// Somebody pushes a routine change.
        Change,
        /// The change with this number has been rolled out.
        RolledOut(u32),
        /// The canary of the change with this number is over.
        CanaryEnd(u32),
        /// A complaint about the file with this number is heard.
        Complaint(u32),
        /// It is noticed that the file with this number has stopped the engine.
        Noticed(u32),
        /// The file with this number has been reverted.
        RevertEnd(u32),
        /// This switch is off, or on where its number is one of the second five.
        Switch(u32),
        /// The change with the chosen fault is pushed.
        Drill,
        /// A minute is over.
        Minute,
    }
}

/// The text field of the edits.
pub const FILE: usize = 0;
/// The text field of the switches.
pub const SWITCH: usize = 1;

const TEXTS: &[TextSpec] = &[
    TextSpec {
        id: "file",
        label: "Rule file",
        doc: crate::docs::text(
            "How your file differs from the reference, line by line: 31<2 and 31>2 take two spaces from the front of line 31 or add them, 31- deletes it, 31* doubles it, 31~ swaps it with the next, 31=text rewrites it, and 31+text adds a line behind it. Numbers are those of the reference. Nothing is live before it is pushed.",
        ),
        most: MOST_EDITS,
        examples: &[
            "31<2",
            "32<2",
            "22-",
            "26=      discount_pct: 200",
            "10=      country: [SG, MY, 'NO']",
            RESET,
        ],
    },
    TextSpec {
        id: "switch",
        label: "Switch",
        doc: crate::docs::text(
            "Write off or on, and then the name of a rule. The switch takes five seconds.",
        ),
        most: 40,
        examples: &["off clearance", "on clearance"],
    },
];

/// Everything there is to know about the scenario.
pub const SPEC: ScenarioSpec = ScenarioSpec {
    id: "rule_engine",
    title: "The everything machine",
    summary: "All prices live in one file of rules that anybody can push, and one of its lines loses two spaces.",
    leaves_out: crate::docs::list(&[
        "The reference stands for what the shop wants, and no change is meant to change a price: whatever differs is a fault.",
        "The compiler of the typed code is represented by a check of the file; the code is compiled and tested with the project.",
        "Gates take no time, and never refuse what is right, but for a golden order that was frozen wrong.",
        "Customers order the same whatever it costs, and nobody pays back what was charged wrongly.",
        "Whoever detects a fault reverts at once; nobody first asks what is wrong.",
        "A routine change with a fault is the reference with that fault: two faults never meet.",
        "Reading speed is the same on every line, and whoever reads finds the reason in the middle of the file on average.",
    ]),
    clock: WallClock::starting_at(9, 0),
    length: SimTime::from_secs(8 * 3600),
    parts: Part::SPEC,
    params: Params::SPEC,
    actions: Action::SPEC,
    texts: TEXTS,
    metrics: Metrics::SPEC,
    charts: &[
        ChartSpec { title: "Traffic", metrics: &["orders_priced"] },
        ChartSpec { title: "Errors", metrics: &["orders_rejected", "mispriced_orders"] },
        ChartSpec { title: "Lead time of changes", metrics: &["lead_time_s"] },
        ChartSpec { title: "Changes on their way", metrics: &["changes_under_way"] },
        ChartSpec { title: "Loss a minute", metrics: &["loss_usd_per_min"] },
        ChartSpec { title: "Faults that escape", metrics: &["faults_escaping"] },
    ],
    presets: PRESETS,
};

//! Settings worth trying.

use crate::presets;
use crate::spec::Preset;

/// In the order of the page.
pub const PRESETS: &[Preset] = presets![
    Preset {
        label: "Line 31 loses two spaces",
        doc: "The condition of the clearance rule becomes a key that the engine does not know, so the rule is for every order.",
        look_for: "Watch the loss a minute: most orders are 60 % off for 45 minutes, and no request fails.",
        values: &[("changes_per_day", "0"), ("fault_line", "31"), ("fault_kind", "dedent")],
        report: None,
    },
    Preset {
        label: "Line 32 loses two spaces",
        doc: "The file cannot be parsed, and the engine stops.",
        look_for: "Watch the rejected orders: nobody buys for ten minutes, and it costs less than half of what line 31 does.",
        values: &[("changes_per_day", "0"), ("fault_line", "32"), ("fault_kind", "dedent")],
        report: None,
    },
    Preset {
        label: "The last good file",
        doc: "The same broken file, and an engine that keeps the one before.",
        look_for: "Watch the rejected orders: there is none, and nobody is told that the new file is not live.",
        values: &[
            ("changes_per_day", "0"),
            ("fault_line", "32"),
            ("fault_kind", "dedent"),
            ("on_bad_config", "keep_last_good"),
        ],
        report: None,
    },
    Preset {
        label: "The Norway problem",
        doc: "A library that reads YAML 1.1 takes the country NO for the boolean false.",
        look_for: "Watch the overcharged orders: members in Norway, and nobody else, pay the full price.",
        values: &[("changes_per_day", "0"), ("yaml_version", "1.1")],
        report: None,
    },
    Preset {
        label: "A canary too small",
        doc: "One percent of orders tries the change of line 31 for ten minutes: about six orders.",
        look_for: "Watch the roll-out: the canary sees nothing, and the change goes on to everybody.",
        values: &[
            ("changes_per_day", "0"),
            ("fault_line", "31"),
            ("fault_kind", "dedent"),
            ("canary_pct", "1"),
        ],
        report: None,
    },
    Preset {
        label: "Shadow prices",
        doc: "One order in ten is priced both ways and pays the old price.",
        look_for: "Watch the changes stopped by the canary: most that change a price are found before a customer pays it.",
        values: &[
            ("fault_share", "1"),
            ("canary_pct", "10"),
            ("canary_compare", "shadow"),
            ("on_bad_config", "keep_last_good"),
        ],
        report: None,
    },
    Preset {
        label: "Twelve golden orders",
        doc: "Parser, schema, types and twelve golden orders stand before each change.",
        look_for: "Watch the faults that escape: a sale of 200 % passes, because each golden order on sale is at its cap.",
        values: &[
            ("gate_parser", "true"),
            ("gate_schema", "true"),
            ("gate_golden", "true"),
            ("gate_typed", "true"),
            ("changes_per_day", "0"),
            ("fault_line", "26"),
            ("fault_kind", "zero"),
        ],
        report: None,
    },
    Preset {
        label: "Sixteen golden orders in the file",
        doc: "The logic stays in the file, and four golden orders more say what must not match.",
        look_for: "Watch the faults that escape: there is none, without any code.",
        values: &[("gate_golden", "true"), ("golden_set", "16"), ("fault_share", "1")],
        report: None,
    },
    Preset {
        label: "The fix as it was told",
        doc: "The logic is code with types and tests, and a change is a deployment.",
        look_for: "Watch the lead time: a routine change takes twelve minutes instead of half of one.",
        values: &[
            ("gate_parser", "true"),
            ("gate_schema", "true"),
            ("gate_golden", "true"),
            ("golden_set", "16"),
            ("gate_typed", "true"),
            ("logic_home", "code"),
            ("on_bad_config", "keep_last_good"),
        ],
        report: None,
    },
];

//! Settings worth trying.

use crate::presets;
use crate::spec::Preset;

/// A setting that is no public incident.
const fn preset(
    label: &'static str,
    doc: &'static str,
    look_for: &'static str,
    values: &'static [(&'static str, &'static str)],
) -> Preset {
    Preset { label, doc, look_for, values, report: None }
}

pub const PRESETS: &[Preset] = presets![
    preset(
        "Connections kept alive",
        "No call has to set up a connection.",
        "Watch the latency: it falls by less than a quarter, for fifteen hops remain.",
        &[("connect_ms", "0")],
    ),
    preset(
        "One call in a hundred",
        "One call in a hundred takes two seconds longer.",
        "Watch the pages with a slow call: one in seven has one.",
        &[("slow_pct", "1")],
    ),
    preset(
        "One cause for all",
        "One call in a hundred is slow, but all calls of a page are slow together.",
        "Watch the pages with a slow call: they are one in a hundred, and each of those gives up after half a minute.",
        &[("slow_pct", "1"), ("slow_correlation", "1")],
    ),
    preset(
        "Ask again after 600 ms",
        "One call in a hundred is slow, and a page without an answer asks a second time.",
        "Watch the tries: little more than one call in a hundred is asked twice, and hardly any page waits for a slow one.",
        &[("slow_pct", "1"), ("hedge_after_ms", "600")],
    ),
    preset(
        "Retries that help",
        "Two workers of Inventory are enough, and each call is tried up to four times. Start the brownout after a minute.",
        "Watch the goodput of Inventory: it does not come back when the brownout is over.",
        &[("inventory_workers", "2"), ("call_timeout_ms", "1000"), ("retries", "3")],
    ),
    preset(
        "Retries on a budget",
        "The same, but for each ten calls there is one retry. Start the brownout after a minute.",
        "Watch the goodput of Inventory: it comes back soon after the brownout.",
        &[
            ("inventory_workers", "2"),
            ("call_timeout_ms", "1000"),
            ("retries", "3"),
            ("retry_budget_pct", "10")
        ],
    ),
    preset(
        "In parallel",
        "Three calls go out together, five times.",
        "Watch the latency: the page waits for the slowest of each three, and still takes less than half the time.",
        &[("call_mode", "parallel")],
    ),
    preset(
        "All at once",
        "No call needs the answer of another.",
        "Watch the latency: fifteen calls take less than twice as long as one.",
        &[("call_mode", "parallel"), ("stages", "1")],
    ),
    preset(
        "Batches of five",
        "Three trips carry fifteen questions.",
        "Watch the latency: twelve trips fewer save as much as the story's merge.",
        &[("call_mode", "batched")],
    ),
    preset(
        "The story's merge",
        "Fifteen services become one application; three stay apart.",
        "Watch the latency: twelve calls have become work without a trip.",
        &[("layout", "core_plus_three")],
    ),
    preset(
        "One report, one pool",
        "The merged services share fifty connections. Start the report.",
        "Watch the pages answered: pages need eight and a half connections at a time, and five are left.",
        &[("layout", "core_plus_three"), ("page_timeout_s", "5")],
    ),
    preset(
        "A bulkhead for the report",
        "No module of the core holds more than twenty connections. Start the report.",
        "Watch the pages answered: the report has less, and nobody else notices it.",
        &[("layout", "core_plus_three"), ("page_timeout_s", "5"), ("module_pool_max", "20")],
    ),
];

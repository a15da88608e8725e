//! Settings worth trying.

use crate::presets;
use crate::spec::Preset;

/// In the order of the page.
pub const PRESETS: &[Preset] = presets![
    Preset {
        label: "Paid, and nothing shipped",
        doc: "The first order is charged, and the call that reserves its goods is lost. Nobody clicks again.",
        look_for: "Watch the orders charged and not reserved: the first order is among them.",
        values: &[("fault_at", "request_3"), ("customer_retry_pct", "0")],
        report: None,
    },
    Preset {
        label: "Everybody clicks again",
        doc: "Each customer who sees an error clicks once more, and no call carries a key.",
        look_for: "Watch the orders charged twice: second clicks finish some orders and charge others again.",
        values: &[("customer_retry_pct", "100")],
        report: None,
    },
    Preset {
        label: "The merge heals?",
        doc: "The stock is in the core's database, each order one transaction, every call has a key. Payments stay outside.",
        look_for: "Watch the orders charged and not reserved: a rollback puts the goods back, and not the money.",
        values: &[("layout", "core_plus_three"), ("protocol", "single_tx"), ("idempotency_key", "true")],
        report: None,
    },
    Preset {
        label: "Who holds the lock?",
        doc: "The coordinator of the first order dies when both sides have said yes.",
        look_for: "Watch the locks of the dead: nobody else can have the row until the coordinator is back.",
        values: &[("protocol", "two_phase_commit"), ("fault_at", "crash_4"), ("idempotency_key", "true")],
        report: None,
    },
    Preset {
        label: "The refund that fails",
        doc: "A saga with keys, one order of ten sold out, and one refund of two fails.",
        look_for: "Watch the orders charged and not reserved: a compensation is a step that can fail, too.",
        values: &[
            ("protocol", "saga"),
            ("idempotency_key", "true"),
            ("inventory_refuse_pct", "10"),
            ("refund_success_pct", "50"),
        ],
        report: None,
    },
    Preset {
        label: "A relay without a key",
        doc: "Stock and order are one local transaction, and a relay charges until it is answered. No call carries a key.",
        look_for: "Watch the orders charged twice: the relay repeats what was done and not answered.",
        values: &[("layout", "core_plus_three"), ("protocol", "outbox")],
        report: None,
    },
    Preset {
        label: "An outbox with a key",
        doc: "The same relay, and every call carries a key of its cart.",
        look_for: "Watch the orders in doubt: each of them comes to rest as it should.",
        values: &[("layout", "core_plus_three"), ("protocol", "outbox"), ("idempotency_key", "true")],
        report: None,
    },
];

//! Which controls do nothing, and why.

use super::tables::{LogicHome, Params};
use crate::inert::Rule;

/// See [`Scenario::inert`](crate::scenario::Scenario::inert).
pub fn rules(params: &Params) -> Vec<Rule> {
    let is_in_code = params.logic_home == LogicHome::Code;
    let reads = params.gate_schema || params.gate_golden || params.gate_typed;
    vec![
        (!params.gate_golden, &["golden_set"], "No golden order is priced before a change goes live."),
        (params.gate_typed, &["gate_schema"], "The types refuse whatever the schema refuses."),
        (params.changes_per_day == 0, &["fault_share"], "Nobody pushes routine changes."),
        (params.fault_line == 0, &["fault_kind"], "No line has a fault."),
        (is_in_code, &["config_push_s"], "The logic lives in code."),
        (!is_in_code, &["code_deploy_s", "rollback_s"], "The logic lives in the rule file."),
        (params.canary_pct == 0.0, &["canary_min", "canary_compare"], "There is no canary."),
        (reads, &["gate_parser"], "Another gate reads the file, and refuses what cannot be parsed."),
    ]
}

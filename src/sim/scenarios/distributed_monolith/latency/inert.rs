//! Controls that change nothing while others are as they are.

use super::MonolithLatency;
use super::tables::{CallMode, Params};
use crate::inert::Rule;
use crate::scenarios::distributed_monolith::topology::INVENTORY;

/// What rests which of them.
pub fn rules(params: &Params) -> Vec<Rule> {
    let asks_inventory = params.calls_per_page > INVENTORY as u64;
    vec![
        (params.call_mode != CallMode::Parallel, &["stages"], "Calls are not made in parallel."),
        (params.retries == 0, &["retry_budget_pct"], "Nobody tries again."),
        (params.slow_pct == 0.0, &["slow_ms", "slow_correlation"], "No call is slow."),
        (!asks_inventory, &["inventory_workers", "brownout"], "The page does not ask Inventory."),
    ]
}

impl MonolithLatency {
    /// What rests because of what is merged at present, by the layout or by hand.
    pub(super) fn rules_of_topology(&self) -> Vec<Rule> {
        let merges_inventory = self.core.has(INVENTORY);
        vec![
            (
                self.core.is_empty(),
                &["core_pool_size", "module_pool_max", "slow_report"],
                "Nothing is merged, so there is no core.",
            ),
            (merges_inventory, &["inventory_workers"], "Inventory is merged into the core."),
            (
                self.core.len() == crate::scenarios::distributed_monolith::topology::COUNT,
                &[
                    "call_mode",
                    "stages",
                    "connect_ms",
                    "hop_ms",
                    "workers_per_service",
                    "call_timeout_ms",
                    "retries",
                    "layers",
                    "retry_budget_pct",
                    "hedge_after_ms",
                ],
                "Everything is merged, and nothing is called over the network.",
            ),
        ]
    }
}

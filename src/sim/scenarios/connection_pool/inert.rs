//! Controls that change nothing while others are as they are.

use super::Params;
use crate::inert::Rule;

/// What rests which of them.
pub fn rules(params: &Params) -> Vec<Rule> {
    let Params { client_retries: retries, app_instances, pool_size, .. } = *params;
    let is_listed = params.calendar_listed;
    let is_flat = params.spike_multiplier == 1.0;
    let grows = params.pool_dynamic || params.autoscale || is_listed;
    let waits_for_ever = params.client_patience_s == 0.0;
    let never_again = waits_for_ever && !params.retry_failed;
    let scaled = if params.autoscale { params.pool_max } else { 0 };
    let led = if is_listed { params.calendar_pool } else { 0 };
    let asked = app_instances * pool_size.max(scaled).max(led);
    let allowed = if params.db_max_connections == 0 { asked } else { params.db_max_connections };
    let is_calm = asked.min(allowed) <= params.db_parallelism;
    vec![
        (!is_listed, &["calendar_pool", "calendar_lead_s"], "The holiday is not listed."),
        (is_flat && !is_listed, &["spike_at_s"], "The spike is once the normal traffic."),
        (!params.autoscale, &["pool_max", "autoscale_cooldown_s"], "No pool scales itself."),
        (
            !grows,
            &["warm_up_s"],
            "No pool grows: none is dynamic or scales itself, and no holiday is listed.",
        ),
        (waits_for_ever, &["cancel_abandoned"], "Customers wait for ever."),
        (
            never_again,
            &["client_retries", "retry_growth", "retry_budget_pct"],
            "Nobody gives up, and customers do not retry after failures.",
        ),
        (retries == 0, &["retry_failed", "retry_growth", "retry_budget_pct"], "Customers have no retries."),
        (retries == 1, &["retry_growth"], "Customers retry once, after one pause."),
        (is_calm, &["db_contention"], "The database runs a statement on every connection at full speed."),
    ]
}

//! Controls that change nothing while others are as they are.

use super::Params;

/// Ids of such parameters, each with the reason.
pub fn inert(params: &Params) -> Vec<(&'static str, &'static str)> {
    let mut inert = Vec::new();
    let mut say = |is_so: bool, ids: &[&'static str], reason: &'static str| {
        inert.extend(ids.iter().filter(|_| is_so).map(|id| (*id, reason)));
    };
    let is_listed = params.calendar_listed;
    say(!is_listed, &["calendar_pool", "calendar_lead_s"], "The holiday is not listed.");
    let is_flat = params.spike_multiplier == 1.0;
    say(is_flat && !is_listed, &["spike_at_s"], "The spike is once the normal traffic.");
    say(!params.autoscale, &["pool_max", "autoscale_cooldown_s"], "No pool scales itself.");
    let grows = params.pool_dynamic || params.autoscale || is_listed;
    say(!grows, &["warm_up_s"], "No pool grows: none is dynamic or scales itself, and no holiday is listed.");

    let waits_for_ever = params.client_patience_s == 0.0;
    say(waits_for_ever, &["cancel_abandoned"], "Customers' patience is without end.");
    let never_again = waits_for_ever && !params.retry_failed;
    say(never_again, &["client_retries"], "Nobody gives up, and who fails does not try again.");
    let retries = params.client_retries;
    say(retries == 0, &["retry_failed"], "Customers have no retries.");
    say(retries == 0 || never_again, &["retry_growth", "retry_budget_pct"], "Nobody tries again.");
    say(retries == 1 && !never_again, &["retry_growth"], "Customers try again once, after one pause.");

    let scaled = if params.autoscale { params.pool_max } else { 0 };
    let led = if is_listed { params.calendar_pool } else { 0 };
    let asked = params.app_instances * params.pool_size.max(scaled).max(led);
    let allowed = if params.db_max_connections == 0 { asked } else { params.db_max_connections };
    let is_calm = asked.min(allowed) <= params.db_parallelism;
    say(is_calm, &["db_contention"], "There are not more connections than statements run side by side.");
    inert
}

//! Controls that change nothing while others are as they are, or nothing yet.

use super::instances::Mode;
use super::{ConnectionPool, Params};
use crate::engine::Ctx;
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

impl ConnectionPool {
    /// What counts from a restart on. Where the set number is in force, by whatever way, nothing is pending.
    pub(super) fn rules_pending(&self, ctx: &Ctx<Self>) -> Vec<Rule> {
        let Params { pool_size, pool_dynamic, .. } = *ctx.params;
        let running = || {
            let active = self.instances[..self.active].iter().zip(&self.warm_ups);
            active.filter(|(instance, _)| instance.mode != Mode::Restarting)
        };
        let is_other = running().any(|(instance, _)| instance.usable != pool_size);
        let is_on_its_way =
            running().all(|(instance, warm_ups)| warm_ups.planned(instance.usable) == pool_size);
        vec![
            (
                is_other && pool_dynamic && is_on_its_way,
                &["pool_size"],
                "Counts when the added slots have warmed up.",
            ),
            (is_other && !pool_dynamic, &["pool_size"], "Counts from the next restart of the pools."),
            (Self::wanted(ctx) != self.active, &["app_instances"], "Counts from the next restart."),
        ]
    }
}

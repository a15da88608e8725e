//! Which controls are said to do nothing. That they do nothing is tested for every scenario in `runs.rs`.

use super::*;

fn said(setting: &str) -> String {
    let run = run(setting);
    let ids: Vec<_> = run.inert().iter().map(|each| each.control.id(run.spec())).collect();
    ids.join(" ")
}

#[test]
fn each_control_names_the_one_that_it_waits_for() {
    let customers = "cancel_abandoned client_retries retry_growth retry_budget_pct retry_failed";
    let pools = "calendar_pool calendar_lead_s pool_max autoscale_cooldown_s warm_up_s";
    assert_eq!(said(""), format!("{pools} {customers} db_contention"));
    let calendar = "&calendar_listed=true&autoscale=true&pool_size=200";
    assert_eq!(said(calendar), customers);
    assert_eq!(
        said("&client_patience_s=5&pool_dynamic=true&calendar_listed=true&autoscale=true&client_retries=2"),
        ""
    );
    let once = "&retry_failed=true&client_retries=1&spike_multiplier=1&db_max_connections=300";
    assert_eq!(
        said(once),
        "calendar_pool calendar_lead_s spike_at_s pool_max autoscale_cooldown_s warm_up_s cancel_abandoned retry_growth db_contention"
    );
}

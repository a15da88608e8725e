//! Controls that do nothing at present, and why.

use super::handler::listing;
use super::tables::{CrashKind, CrashStep, Dedupe, Params};

/// Each of them with the reason, which names the control that decides about it.
pub fn inert(params: &Params) -> Vec<(&'static str, &'static str)> {
    let mut inert = Vec::new();
    let mut add = |reason, ids: &[&'static str]| inert.extend(ids.iter().map(|id| (*id, reason)));
    let steps = listing(params.dedupe, params.log_position);
    let mut may_crash = false;
    if params.crash_step == CrashStep::None {
        add(
            "Workers die at no step while \"Crash at\" is \"none\".",
            &["crash_pct", "crash_scope", "crash_kind"],
        );
    } else if !steps.iter().any(|step| step.crash() == params.crash_step) {
        add(
            "The handler that \"Duplicates are stopped by\" stands for does not have the step of \"Crash at\".",
            &["crash_pct", "crash_scope", "crash_kind"],
        );
    } else if params.crash_pct == 0.0 {
        add(
            "Workers die at no step while \"Crash chance\" is 0 %.",
            &["crash_step", "crash_scope", "crash_kind"],
        );
    } else {
        may_crash = true;
    }
    let may_exit = params.background_crash_pct > 0.0 || may_crash && params.crash_kind == CrashKind::Exit;
    if !may_exit {
        add(
            "No worker exits: not at \"Crash at\" as it is, and nowhere else while \"Other crashes\" is 0 %.",
            &["restart_s"],
        );
    }
    if params.dedupe == Dedupe::None {
        add(
            "There are no markers and no keys while \"Duplicates are stopped by\" is \"nothing\".",
            &["key_kind"],
        );
    }
    if matches!(params.dedupe, Dedupe::None | Dedupe::UniqueKey) {
        add(
            "No marker is set while \"Duplicates are stopped by\" is \"nothing\" or \"unique key\".",
            &["marker_ttl_s"],
        );
    }
    if params.dedupe != Dedupe::ClaimLease {
        add("Nobody claims unless \"Duplicates are stopped by\" is \"claim\".", &["claim_ttl_s"]);
    }
    if params.dedupe != Dedupe::UniqueKey {
        add("No mail has a key unless \"Duplicates are stopped by\" is \"unique key\".", &["key_ttl_s"]);
    }
    if params.heartbeat_s == 0 {
        add("There are no heartbeats while \"Heartbeat\" is 0 s.", &["heartbeat_ms", "heartbeat_spread_pct"]);
    } else if params.heartbeat_ms == 0.0 {
        add("Heartbeats take no time while \"Heartbeat takes\" is 0 ms.", &["heartbeat_spread_pct"]);
    }
    inert
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::ParamSet;

    fn ids(change: impl FnOnce(&mut Params)) -> Vec<&'static str> {
        let mut params = Params::defaults();
        change(&mut params);
        inert(&params).into_iter().map(|(id, _)| id).collect()
    }

    #[test]
    fn a_control_that_does_nothing_is_told_only_while_it_does() {
        let told = ids(|_| ());
        assert_eq!(
            told,
            ["key_kind", "marker_ttl_s", "claim_ttl_s", "key_ttl_s", "heartbeat_ms", "heartbeat_spread_pct"]
        );
        // A step that the handler does not have.
        let told = ids(|params| params.crash_step = CrashStep::Check);
        assert_eq!(told[..4], ["crash_pct", "crash_scope", "crash_kind", "restart_s"]);
        let told = ids(|params| {
            (params.crash_step, params.dedupe) = (CrashStep::Check, Dedupe::ClaimLease);
            (params.heartbeat_s, params.heartbeat_ms) = (10, 5.0);
        });
        assert_eq!(told, ["key_ttl_s"]);
        let told = ids(|params| (params.crash_pct, params.background_crash_pct) = (0.0, 1.0));
        assert_eq!(told[..3], ["crash_step", "crash_scope", "crash_kind"]);
        assert!(!told.contains(&"restart_s") && !told.contains(&"crash_pct"));
        assert!(ids(|params| params.crash_kind = CrashKind::Hang).contains(&"restart_s"));
    }
}

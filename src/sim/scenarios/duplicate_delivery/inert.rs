//! Controls that do nothing at present, and why.

use super::handler::listing;
use super::tables::{CrashKind, CrashStep, Dedupe, Params};

/// Each of them with the reason, which names the control that decides about it.
pub fn inert(params: &Params) -> Vec<(&'static str, &'static str)> {
    let steps = listing(params.dedupe, params.log_position);
    let has_step = steps.iter().any(|step| step.crash() == params.crash_step);
    let no_crash = if params.crash_step == CrashStep::None {
        "Workers die at no step while \"Crash at\" is \"none\"."
    } else if !has_step {
        "The handler that \"Duplicates are stopped by\" stands for does not have the step of \"Crash at\"."
    } else if params.crash_pct == 0.0 {
        "Workers die at no step while \"Crash chance\" is 0 %."
    } else {
        ""
    };
    let never = !no_crash.is_empty();
    let exits = params.background_crash_pct > 0.0 || !never && params.crash_kind == CrashKind::Exit;
    let (dedupe, beats) = (params.dedupe, params.heartbeat_s > 0);
    let no_beat = "There are no heartbeats while \"Heartbeat\" is 0 s.";
    let all = [
        (has_step && never, "crash_step", no_crash),
        (never && !has_step, "crash_pct", no_crash),
        (never, "crash_scope", no_crash),
        (never, "crash_kind", no_crash),
        (
            !exits,
            "restart_s",
            "No worker exits: not at \"Crash at\" as it is, and nowhere else while \"Other crashes\" is 0 %.",
        ),
        (
            dedupe == Dedupe::None,
            "key_kind",
            "There are no markers and no keys while \"Duplicates are stopped by\" is \"nothing\".",
        ),
        (
            matches!(dedupe, Dedupe::None | Dedupe::UniqueKey),
            "marker_ttl_s",
            "No marker is set while \"Duplicates are stopped by\" is \"nothing\" or \"unique key\".",
        ),
        (
            dedupe != Dedupe::ClaimLease,
            "claim_ttl_s",
            "Nobody claims unless \"Duplicates are stopped by\" is \"claim\".",
        ),
        (
            dedupe != Dedupe::UniqueKey,
            "key_ttl_s",
            "No mail has a key unless \"Duplicates are stopped by\" is \"unique key\".",
        ),
        (!beats, "heartbeat_ms", no_beat),
        (!beats, "heartbeat_spread_pct", no_beat),
        (
            beats && params.heartbeat_ms == 0.0,
            "heartbeat_spread_pct",
            "Heartbeats take no time while \"Heartbeat takes\" is 0 ms.",
        ),
    ];
    all.into_iter().filter(|(holds, ..)| *holds).map(|(_, id, reason)| (id, reason)).collect()
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

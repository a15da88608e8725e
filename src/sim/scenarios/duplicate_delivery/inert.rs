//! Controls that do nothing at present, and why.

use super::handler::listing;
use super::tables::{CrashKind, CrashStep, Dedupe, MailService, Params};
use crate::inert::Rule;

/// What rests which of them; the reason names the control that decides.
pub fn rules(params: &Params) -> Vec<Rule> {
    let (dedupe, beats) = (params.dedupe, params.heartbeat_s > 0);
    let is_marked = params.crash_step != CrashStep::None;
    let has_step = listing(dedupe, params.log_position).iter().any(|step| step.crash() == params.crash_step);
    let no_chance = params.crash_pct == 0.0;
    let exits = has_step && !no_chance && params.crash_kind == CrashKind::Exit;
    vec![
        (!is_marked, &["crash_pct", "crash_scope", "crash_kind"], "\"Crash at\" is \"none\"."),
        (no_chance, &["crash_step", "crash_scope", "crash_kind"], "\"Crash chance\" is 0 %."),
        (
            is_marked && !has_step,
            &["crash_step=none"],
            "The handler has no such step; \"Duplicates are stopped by\" decides which steps it has.",
        ),
        (
            !has_step,
            &["crash_pct", "crash_scope", "crash_kind"],
            "The handler does not have the step of \"Crash at\".",
        ),
        (
            !exits && params.background_crash_pct == 0.0,
            &["restart_s"],
            "No worker exits, neither at \"Crash at\" nor by \"Other crashes\".",
        ),
        (dedupe == Dedupe::None, &["key_kind"], "\"Duplicates are stopped by\" is \"nothing\"."),
        (
            matches!(dedupe, Dedupe::None | Dedupe::UniqueKey),
            &["marker_ttl_s", "marker_replication_lag_s", "failover_marker_store"],
            "\"Duplicates are stopped by\" sets no marker.",
        ),
        (
            params.marker_replication_lag_s == 0.0,
            &["failover_marker_store"],
            "\"Replication lag\" is 0 s: the replica has every marker.",
        ),
        (dedupe != Dedupe::ClaimLease, &["claim_ttl_s"], "\"Duplicates are stopped by\" is not \"claim\"."),
        (
            dedupe != Dedupe::UniqueKey,
            &["key_ttl_s", "mail_service", "mail_service_crash_pct"],
            "\"Duplicates are stopped by\" is not \"unique key\".",
        ),
        (
            params.mail_service == MailService::Atomic,
            &["mail_service_crash_pct"],
            "The mail service has one act: it cannot die between two.",
        ),
        (params.mail_service_crash_pct == 0.0, &["mail_service"], "\"Mail service dies\" is 0 %."),
        (!beats, &["heartbeat_ms", "heartbeat_spread_pct"], "\"Heartbeat\" is 0 s."),
        (params.heartbeat_ms == 0.0, &["heartbeat_spread_pct"], "\"Heartbeat takes\" is 0 ms."),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::tables::SPEC;
    use super::*;
    use crate::inert::inert;
    use crate::parameter::ParamSet;

    fn ids(change: impl FnOnce(&mut Params)) -> Vec<&'static str> {
        let mut params = Params::defaults();
        change(&mut params);
        let told = inert(&SPEC, &rules(&params));
        told.into_iter().map(|each| each.control.id(&SPEC)).collect()
    }

    #[test]
    fn a_control_that_does_nothing_is_told_only_while_it_does() {
        let told = ids(|_| ());
        assert_eq!(
            told,
            [
                "key_kind",
                "marker_ttl_s",
                "marker_replication_lag_s",
                "failover_marker_store",
                "claim_ttl_s",
                "key_ttl_s",
                "mail_service",
                "mail_service_crash_pct",
                "heartbeat_ms",
                "heartbeat_spread_pct"
            ]
        );
        // A step that the handler does not have.
        let told = ids(|params| params.crash_step = CrashStep::Check);
        assert_eq!(told[..5], ["crash_step", "crash_pct", "crash_scope", "crash_kind", "restart_s"]);
        let told = ids(|params| {
            (params.crash_step, params.dedupe) = (CrashStep::Check, Dedupe::ClaimLease);
            (params.heartbeat_s, params.heartbeat_ms) = (10, 5.0);
        });
        assert_eq!(told, ["key_ttl_s", "mail_service", "mail_service_crash_pct"]);
        let keyed = |service: MailService, pct: f64| {
            let told = ids(|params| {
                (params.dedupe, params.mail_service) = (Dedupe::UniqueKey, service);
                params.mail_service_crash_pct = pct;
            });
            told.into_iter().filter(|id| id.starts_with("mail_service")).collect::<Vec<_>>()
        };
        assert_eq!(keyed(MailService::Atomic, 5.0), ["mail_service_crash_pct"]);
        assert_eq!(keyed(MailService::KeyFirst, 0.0), ["mail_service"]);
        assert_eq!(keyed(MailService::MailFirst, 5.0), [""; 0]);
        let failover = |dedupe: Dedupe, lag: f64| {
            let told = ids(|params| (params.dedupe, params.marker_replication_lag_s) = (dedupe, lag));
            told.contains(&"failover_marker_store")
        };
        assert!(failover(Dedupe::None, 5.0) && failover(Dedupe::UniqueKey, 5.0));
        for dedupe in [Dedupe::CheckThenMark, Dedupe::MarkFirst, Dedupe::ClaimLease] {
            assert!(!failover(dedupe, 5.0) && failover(dedupe, 0.0), "{dedupe:?}");
        }
        let told = ids(|params| (params.crash_pct, params.background_crash_pct) = (0.0, 1.0));
        assert_eq!(told[..3], ["crash_step", "crash_scope", "crash_kind"]);
        assert!(!told.contains(&"restart_s") && !told.contains(&"crash_pct"));
        assert!(ids(|params| params.crash_kind = CrashKind::Hang).contains(&"restart_s"));
    }
}

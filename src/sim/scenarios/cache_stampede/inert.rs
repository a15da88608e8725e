//! Controls that do nothing, and why.

use super::tables::{ArrivalMode, Discipline, LockScope, Params};

/// Ids of parameters that change nothing while all others are as they are, each with the reason.
pub fn inert(params: &Params) -> Vec<(&'static str, &'static str)> {
    let rules: [(bool, &[&str], &str); 10] = [
        (
            params.arrival_mode == ArrivalMode::Open,
            &["users", "think_s"],
            "Nobody comes back while readers are always new.",
        ),
        (
            params.arrival_mode == ArrivalMode::Closed,
            &["arrival_rps"],
            "No new readers come while the same readers come back.",
        ),
        (params.keys == 1, &["key_skew"], "Interest cannot differ while there is a single key."),
        (
            params.query_failure_pct == 0.0,
            &["negative_ttl_s"],
            "There is no error to keep while no query fails.",
        ),
        (
            params.db_discipline == Discipline::ProcessorSharing,
            &["fifo_recheck"],
            "No query waits in line while the database runs queries all at once.",
        ),
        (
            params.cancel_on_timeout,
            &["abandoned_fill"],
            "No query runs on for nobody while queries are cancelled on timeout.",
        ),
        (
            params.retries_max == 0,
            &["retry_min_ms", "retry_max_ms"],
            "Nobody pauses before another try while there are no retries.",
        ),
        (
            params.lock_scope != LockScope::Process,
            &["app_processes"],
            "It does not matter who sends a query while no process has a lock of its own.",
        ),
        (
            params.lock_scope == LockScope::None,
            &["lock_ttl_s", "lock_poll_ms", "lock_fallback_ms"],
            "Nobody waits at a lock while there is none.",
        ),
        (
            params.stale_window_s == 0.0,
            &["stale_refresh"],
            "There is no stale page to refresh while none is served.",
        ),
    ];
    let rules = rules.into_iter().filter(|(is_inert, ..)| *is_inert);
    rules.flat_map(|(_, ids, reason)| ids.iter().map(move |id| (*id, reason))).collect()
}

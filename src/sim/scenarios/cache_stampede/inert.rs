//! Controls that do nothing, and why.

use super::tables::{ArrivalMode, Discipline, LockScope, Params};

/// Ids of parameters that change nothing while all others are as they are, each with the reason.
pub fn inert(params: &Params) -> Vec<(&'static str, &'static str)> {
    let rules: [(bool, &[&str], &str); 10] = [
        (
            params.arrival_mode == ArrivalMode::Open,
            &["users", "think_s"],
            "Only readers who come back are counted and read on; they are always new ones.",
        ),
        (
            params.arrival_mode == ArrivalMode::Closed,
            &["arrival_rps"],
            "No new readers come while the same readers come back.",
        ),
        (params.keys == 1, &["key_skew"], "A single key gets all the interest."),
        (
            params.query_failure_pct == 0.0,
            &["negative_ttl_s"],
            "There is no error to keep while no query fails.",
        ),
        (
            params.db_discipline == Discipline::ProcessorSharing,
            &["fifo_recheck"],
            "No query waits in line while the database runs all at once.",
        ),
        (
            params.cancel_on_timeout,
            &["abandoned_fill"],
            "There is no result for nobody while queries are cancelled on timeout.",
        ),
        (
            params.retries_max == 0,
            &["retry_min_ms", "retry_max_ms"],
            "Nobody pauses before another try while there are no retries.",
        ),
        (
            params.lock_scope != LockScope::Process,
            &["app_processes"],
            "All app processes are alike while none has a lock of its own.",
        ),
        (
            params.lock_scope == LockScope::None,
            &["lock_ttl_s", "lock_poll_ms", "lock_fallback_ms"],
            "Nobody waits at a lock while there is none.",
        ),
        (
            params.stale_window_s == 0.0,
            &["stale_refresh"],
            "No page is refreshed because it is stale while stale pages are not served.",
        ),
    ];
    let rules = rules.into_iter().filter(|(is_inert, ..)| *is_inert);
    rules.flat_map(|(_, ids, reason)| ids.iter().map(move |id| (*id, reason))).collect()
}

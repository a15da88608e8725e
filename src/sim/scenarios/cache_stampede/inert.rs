//! Controls that do nothing, and why.

use super::tables::{ArrivalMode, Discipline, LockScope, Params};
use crate::inert::Rule;

/// What rests which of them.
pub fn rules(params: &Params) -> Vec<Rule> {
    let is_open = params.arrival_mode == ArrivalMode::Open;
    let is_shared = params.db_discipline == Discipline::ProcessorSharing;
    vec![
        (is_open, &["users", "think_s"], "Readers are always new ones."),
        (!is_open, &["arrival_rps"], "The same readers come back, and no new ones come."),
        (params.keys == 1, &["key_skew"], "There is only one key."),
        (params.query_failure_pct == 0.0, &["negative_ttl_s"], "No query fails."),
        (is_shared, &["fifo_recheck"], "No query waits in line: the database runs them all at once."),
        (params.cancel_on_timeout, &["abandoned_fill"], "Queries are cancelled on timeout."),
        (params.retries_max == 0, &["retry_min_ms", "retry_max_ms"], "Readers have no retries."),
        (params.lock_scope != LockScope::Process, &["app_processes"], "No process has a lock of its own."),
        (
            params.lock_scope == LockScope::None,
            &["lock_ttl_s", "lock_poll_ms", "lock_fallback_ms"],
            "There is no lock.",
        ),
        (params.stale_window_s == 0.0, &["stale_refresh"], "No stale page is served."),
        (
            params.stale_window_s == 0.0,
            &["expired_kept"],
            "No stale page is served; it decides what a stale window that is opened later finds.",
        ),
    ]
}

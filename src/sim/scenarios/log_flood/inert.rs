//! Controls that change nothing while others are as they are.

use super::alarms;
use super::choices::{DebugScope, LogLevel, LogVolume, ReopenMode, RotateMode, ShipFilter};
use super::tables::Params;
use crate::inert::Rule;

/// What rests which of them.
pub fn rules(params: &Params) -> Vec<Rule> {
    let Params { log_level, debug_scope, rotate_mode, reopen_mode, ship_filter, .. } = *params;
    let is_all_debug = (log_level, debug_scope) == (LogLevel::Debug, DebugScope::All);
    let is_debug = is_all_debug || matches!(debug_scope, DebugScope::Sampled | DebugScope::OnError);
    let is_on_error = debug_scope == DebugScope::OnError;
    let is_cron = rotate_mode == RotateMode::Cron;
    let has_alarm = alarms::is_any(params);
    vec![
        (debug_scope != DebugScope::Sampled, &["sample_pct"], "DEBUG is not for a sample."),
        (!is_on_error, &["debug_budget_kb_s", "bug_raises_error"], "DEBUG is not for failed requests."),
        (is_on_error && params.bug_ppm == 0, &["bug_raises_error"], "The bug strikes nobody."),
        (log_level == LogLevel::Warn, &["lines_info"], "At WARN no request logs a line of INFO."),
        (!is_debug, &["debug_ttl_min"], "There is no DEBUG that could end."),
        (rotate_mode == RotateMode::Off, &["rotate_size_mb"], "Nobody rotates the log."),
        (
            !is_cron,
            &["rotate_interval_s", "rotate_keep", "reopen_mode", "rotate_now"],
            "logrotate is not set up.",
        ),
        (!is_cron || reopen_mode != ReopenMode::Copytruncate, &["copy_gap_ms"], "Nothing is copied and cut."),
        (params.reserved_pct == 0.0, &["log_writer_is_root"], "Nothing is reserved for root."),
        (
            matches!(ship_filter, ShipFilter::WarnPlus | ShipFilter::None),
            &["price_usd_gb"],
            "Nothing is shipped.",
        ),
        (params.orders_per_s == 0.0, &["order_value_usd"], "There are no orders."),
        (
            params.log_volume == LogVolume::Separate,
            &["wal_headroom_mib", "wal_bytes_s"],
            "The database has a volume of its own.",
        ),
        (!has_alarm, &["alarm_period_s", "alarm_datapoints", "auto_revert"], "No alarm is set."),
        (
            !has_alarm || params.auto_revert,
            &["responder_day_min", "responder_night_min"],
            "No alarm calls anybody.",
        ),
    ]
}

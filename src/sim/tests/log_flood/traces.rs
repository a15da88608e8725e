//! What DEBUG is for: traces of the bug.

use crate::{SOLUTION, at, night, now, play, played, start};

/// Requests that the bug strikes in 14 hours: 20 of a million, of 5,000 a second.
const STRUCK: f64 = 5040.0;

/// Traces in the morning over ten seeds, held against a Poisson number.
#[track_caller]
fn assert_traces(setting: &str, mean: f64) {
    let found: f64 = (1..=10).map(|seed| now(&night(seed, setting), "bug_traces")).sum();
    let expected = 10.0 * mean;
    assert!((found - expected).abs() <= 4.0 * expected.sqrt(), "{setting}: {found}, not {expected}");
}

#[test]
fn a_sample_catches_its_share() {
    for (pct, share) in [("0.5", 0.005), ("1", 0.01), ("20", 0.2), ("100", 1.0)] {
        // A cap keeps the volume from filling, which would end it.
        let setting = format!("log_level=info&debug_scope=sampled&sample_pct={pct}&rotate_mode=in_process");
        assert_traces(&setting, STRUCK * share);
    }
    assert_traces("log_level=info&debug_scope=sampled&sample_pct=0", 0.0);
}

#[test]
fn an_error_catches_every_bug_that_raises_one_and_no_other() {
    assert_traces("log_level=info&debug_scope=on_error", STRUCK);
    assert_traces("log_level=info&debug_scope=on_error&bug_raises_error=false", 0.0);
    assert_traces("log_level=info", 0.0);
    assert_traces("debug_scope=off", 0.0);
    // A cap of a tenth of what failed requests want: 0.02 a second of 46,300 B are 926 B/s.
    assert_traces(
        "log_level=info&debug_scope=on_error&bug_ppm=1000&debug_budget_kb_s=23",
        STRUCK * 50.0 * 23.0 / 46.3,
    );
}

/// One setting of the level catches the same requests whatever else is set.
#[test]
fn runs_that_differ_in_one_control_share_their_bugs() {
    let all = |seed| now(&played(seed, "log_volume=separate", "00:00"), "bug_traces");
    let on_error = |seed| now(&played(seed, SOLUTION, "00:00"), "bug_traces");
    for seed in 1..4 {
        assert_eq!(all(seed), on_error(seed));
    }
}

#[test]
fn ten_traces_are_there_within_minutes() {
    let mut run = start(1, "");
    play(&mut run, at("18:05"));
    let found = now(&run, "bug_traces");
    assert!(found >= 10.0, "{found}");
    assert_eq!(now(&run, "bug_traces_within_budget"), found);
    play(&mut run, at("18:15"));
    assert_eq!(now(&run, "bug_traces_within_budget"), 0.0, "$100 were spent at 18:14:24");
}

/// What is not shipped is there as long as its file: with a cap for seconds.
#[test]
fn what_is_not_shipped_is_there_as_long_as_its_file() {
    let kept = |setting: &str, until: &str| {
        now(&played(1, &format!("ship_filter=warn_plus&{setting}"), until), "bug_traces")
    };
    let all = kept("", "04:00");
    assert!(all > 3000.0);
    assert_eq!(kept("at=03:59:59.999,truncate_log", "04:00"), 0.0);
    assert_eq!(kept("at=03:59:59.999,delete_log", "04:00"), 0.0);
    // 500 MB are 10.8 s of DEBUG, in which the bug strikes once.
    let few: f64 = (1..=40).map(|minute| kept("rotate_mode=in_process", &format!("19:{minute:02}"))).sum();
    let expected = 40.0 * 500e6 / 46.3e6 * 0.1;
    assert!((few - expected).abs() < 4.0 * expected.sqrt(), "{few}, not {expected}");
    // Two hours of archives.
    let hourly = kept("rotate_mode=cron&rotate_interval_s=3600", "04:59:59");
    assert!((hourly - 720.0).abs() < 4.0 * 720.0_f64.sqrt(), "{hourly}");
}

/// In an outage every request fails, and without a cap DEBUG on errors is DEBUG for all.
#[test]
fn an_outage_is_why_debug_on_errors_needs_a_cap() {
    let setting = "log_level=info&debug_scope=on_error&redo_s=600&at=19:00,restart_db";
    let run = played(1, setting, "19:05");
    assert!((now(&run, "log_bytes_s") - 46.763).abs() < 1e-9, "{}", now(&run, "log_bytes_s"));
    let run = played(1, &format!("{setting}&debug_budget_kb_s=500"), "19:05");
    assert!((now(&run, "log_bytes_s") - 0.963).abs() < 1e-9);
}

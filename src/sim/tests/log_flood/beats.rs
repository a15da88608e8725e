//! What a lesson asks at each of its beats: the start fails, the fix holds, and the attempts that withhold it fail.

use crate::{SOLUTION, at, most, night, now, played, told};

/// Failed writes, bill, and traces within budget, in the morning.
fn morning(seed: u64, setting: &str) -> (f64, f64, f64) {
    let run = night(seed, setting);
    (now(&run, "failed_writes"), now(&run, "bill_usd"), now(&run, "bug_traces_within_budget"))
}

fn passes((failed, bill, traces): (f64, f64, f64)) -> bool {
    failed <= 0.0 && bill <= 100.0 && traces >= 10.0
}

#[test]
fn of_all_limits_the_bill_is_crossed_first() {
    let run = night(1, "disk_alarm_pct=80&bill_alarm_usd=100");
    let first = told(&run, "$100 is spent").unwrap();
    let alone = night(1, "");
    let others = [
        told(&alone, "80 %"),
        told(&alone, "the database can read"),
        told(&run, "the bill alarm"),
        told(&alone, "PANIC"),
    ];
    assert!(others.iter().all(|other| other.unwrap() > first), "{first} {others:?}");
}

#[test]
fn at_half_past_five_the_database_reads_and_does_not_write() {
    let run = played(1, "checkpoint_s=0", "05:30");
    assert_eq!(now(&run, "db_state"), 1.0);
    // With checkpoints of five minutes that is so for one minute.
    assert_eq!(
        [("05:24:30", 1.0), ("05:30", 3.0)].map(|(clock, _)| now(&played(1, "", clock), "db_state")),
        [1.0, 3.0]
    );
}

/// The rewind and INFO keep the night under 600 failed orders; deleting, and INFO alone, do not.
#[test]
fn truncated_in_time_few_orders_fail() {
    for (setting, clock) in [("checkpoint_s=0", "05:30"), ("", "05:24:30")] {
        let failed = |action: &str| {
            let info = format!("{setting}&at={clock},set_level_info");
            let both = if action.is_empty() { info } else { format!("{info}&at={clock},{action}") };
            now(&night(1, &both), "failed_writes")
        };
        let truncated = failed("truncate_log");
        assert!(truncated > 0.0 && truncated <= 600.0, "{clock}: {truncated}");
        assert!(failed("delete_log") > 600.0 && failed("") > 600.0, "{clock}");
        // Truncated alone, at DEBUG, the volume is not full again before the morning either.
        assert!(now(&night(1, &format!("{setting}&at={clock},truncate_log")), "failed_writes") <= 600.0);
    }
    // With checkpoints of five minutes half past five is too late for that.
    assert!(now(&night(1, "at=05:30,truncate_log&at=05:30,set_level_info"), "failed_writes") > 600.0);
    let restarted = night(1, "at=05:30,truncate_log&at=05:30,set_level_info&at=05:30,restart_db");
    assert!(now(&restarted, "failed_writes") <= 600.0);
}

#[test]
fn rotation_saves_the_orders_only_where_it_comes_often_and_is_told() {
    let failed = |setting: &str| now(&night(1, setting), "failed_writes");
    let daily = failed("rotate_mode=cron");
    assert_eq!(daily, failed(""));
    assert_eq!(failed("rotate_mode=cron&rotate_interval_s=3600"), 0.0);
    assert_eq!(failed("rotate_mode=cron&rotate_interval_s=3600&reopen_mode=none"), daily);
}

#[test]
fn no_alarm_of_the_story_keeps_the_night_under_200_dollars() {
    let bill = |setting: &str| now(&night(1, setting), "bill_usd");
    let (disk, money) = ("disk_alarm_pct=80", "bill_alarm_usd=100");
    for setting in [disk, money, &format!("{disk}&{money}")] {
        assert!(bill(setting) > 200.0, "{setting}");
    }
    let ingest = bill("ingest_alarm_gb_5min=5");
    assert!((110.0..120.0).contains(&ingest), "{ingest}");
}

#[test]
fn info_alone_tells_nothing_of_the_bug() {
    let (failed, bill, traces) = morning(1, "log_level=info");
    assert_eq!((failed, traces), (0.0, 0.0));
    assert!((bill - 58.34).abs() < 0.01);
    assert!(!passes((failed, bill, traces)));
}

#[test]
fn the_start_fails_all_goals_and_the_solution_holds_them() {
    for seed in 1..=6 {
        let (failed, bill, traces) = morning(seed, "");
        assert!((9000.0..9800.0).contains(&failed) && bill == 5000.0 && traces == 0.0, "{failed} {bill}");
        let solved = morning(seed, SOLUTION);
        assert!(passes(solved) && (58.4..58.5).contains(&solved.1) && solved.2 > 4700.0, "{solved:?}");
        let half = morning(seed, "log_level=info&debug_scope=sampled&sample_pct=0.5");
        assert!(passes(half) && (half.1 - 87.51).abs() < 0.01, "{half:?}");
        let ten_minutes = morning(seed, "debug_ttl_min=5");
        assert!(passes(ten_minutes), "{ten_minutes:?}");
        assert!(!passes(morning(seed, "log_level=info&debug_scope=sampled&sample_pct=1")));
    }
}

/// DEBUG for all, everything shipped, and everything else at its best.
#[test]
fn no_other_fix_makes_up_for_debug_for_all() {
    for setting in [
        "log_volume=separate&rotate_mode=in_process&volume_gb=4000",
        "log_volume=separate&volume_gb=4000",
        "rotate_mode=cron&rotate_interval_s=60",
        "volume_gb=4000&reserved_pct=0",
    ] {
        let (failed, bill, traces) = morning(1, setting);
        assert!(bill > 5000.0 && traces == 0.0 && failed == 0.0, "{setting}: {failed} {bill}");
    }
    // The alternative that is honest: evidence that is looked at where it lies.
    let run = night(1, "ship_filter=warn_plus&log_volume=separate&volume_gb=4000");
    assert_eq!((now(&run, "failed_writes"), now(&run, "bill_usd")), (0.0, 0.0));
    assert!(now(&run, "bug_traces_within_budget") > 4700.0);
}

/// 22:00, a deploy sets DEBUG again: of the alarms, only the one on what is shipped comes in time.
#[test]
fn a_relapse_is_caught_by_the_alarm_on_what_is_shipped() {
    let fixed = SOLUTION.replace("&ingest_alarm_gb_5min=5", "");
    let bill = |alarm: &str| now(&night(1, &format!("{fixed}&{alarm}&at=22:00,relapse")), "bill_usd");
    assert!(bill("") > 300.0 && bill("disk_alarm_pct=80") > 300.0 && bill("bill_alarm_usd=100") > 300.0);
    let caught = bill("ingest_alarm_gb_5min=5");
    assert!((200.0..230.0).contains(&caught), "{caught}");
    let at_once = bill("ingest_alarm_gb_5min=5&auto_revert=true");
    assert!(at_once < 100.0, "{at_once}");
}

#[test]
fn the_disk_was_what_stopped_the_bill() {
    let run = night(1, "log_volume=separate&rotate_mode=in_process");
    assert!(now(&run, "bill_usd") > 5800.0 && most(&run, "disk_used_pct") < 0.1);
    assert!(at("08:00").as_secs_f64() == 50_400.0);
}

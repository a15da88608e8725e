//! Rotation, deletion and truncation.
//!
//! Tried by hand on ext4 with logrotate 3.21 (Debian 12):
//! - a deleted file keeps its space, and grows, while its writer holds it open; `truncate` frees the space at once, by the
//!   file's name or, once it has none, by its descriptor;
//! - with `size` and without a signal the new file stays empty, so that logrotate never rotates again; forced, it deletes
//!   the archive that is still written, and there is one ghost from then on;
//! - n archives and the file take (1 + n) intervals, and with copytruncate (2 + n) for as long as the copy takes;
//! - copytruncate needs room for the copy and leaves everything as it was where there is none, copies nothing where no
//!   archive is kept, and lost 36 ms of lines with a file of 5 MB and 182 ms with one of 100 MB.

use warstories_sim::Playable;

use crate::{assert_told, at, most, night, now, play, played, start, told};

/// Bytes that a server logs in an hour, in percent of its volume.
const HOUR_PCT: f64 = 46.3e6 * 3600.0 / 2e12 * 100.0;

#[test]
fn what_bounds_a_rotated_log_is_rate_times_interval() {
    for (keep, hours) in [(0, 1.0), (1, 2.0), (4, 5.0)] {
        let run = night(1, &format!("rotate_mode=cron&rotate_interval_s=3600&rotate_keep={keep}"));
        let peak = most(&run, "disk_used_pct");
        assert!((peak - hours * HOUR_PCT).abs() < 1e-6, "{keep}: {peak}");
        assert_eq!(now(&run, "failed_writes"), 0.0);
    }
}

#[test]
fn a_daily_rotation_at_midnight_does_not_move_the_first_error_by_a_second() {
    let (off, daily) = (night(1, ""), night(1, "rotate_mode=cron"));
    let first = |run| told(run, "the database can read");
    assert_eq!(first(&off), first(&daily));
    assert_eq!(now(&off, "failed_writes"), now(&daily, "failed_writes"));
    // With no archive kept there is nothing left of the evening.
    let run = night(1, "rotate_mode=cron&rotate_keep=0");
    assert_eq!(now(&run, "failed_writes"), 0.0);
}

#[test]
fn the_disk_no_longer_stops_the_bill() {
    let bill = now(&night(1, "rotate_mode=cron&rotate_interval_s=3600"), "bill_usd");
    assert!((bill - 5.0 * 46.3e6 * 50_400.0 / 1e9 * 0.5).abs() < 0.01, "{bill}");
    assert!(bill > 5000.0);
}

/// logrotate looks at the file that has the name, and that one is empty.
#[test]
fn a_log_that_nobody_reopens_is_rotated_once_and_grows_under_its_new_name() {
    let setting = "rotate_mode=cron&rotate_interval_s=3600&reopen_mode=none";
    let run = night(1, setting);
    assert_eq!((now(&run, "disk_used_pct"), now(&run, "du_pct")), (100.0, 100.0));
    assert_told(&run, "the database can read", "05:23:57");
    // Forced, logrotate deletes the archive under its writer: a ghost, until the application is restarted.
    let mut run = start(1, &format!("{setting}&at=20:30,rotate_now&at=21:00:01,restart_app"));
    play(&mut run, at("21:00:00"));
    assert_eq!(now(&run, "du_pct"), 0.0);
    assert!((now(&run, "disk_used_pct") - 3.0 * HOUR_PCT).abs() < 1e-6);
    assert!(told(&run, "the archive is deleted while").is_some());
    play(&mut run, at("21:00:02"));
    assert_eq!(now(&run, "disk_used_pct"), 0.0);
    // With no archive kept the first rotation is enough.
    let run = played(1, &format!("{setting}&rotate_keep=0"), "19:30");
    assert!(now(&run, "du_pct") == 0.0 && now(&run, "disk_used_pct") > HOUR_PCT);
}

#[test]
fn copytruncate_needs_room_for_a_copy_and_loses_what_comes_in_the_gap() {
    let setting = "rotate_mode=cron&reopen_mode=copytruncate&rotate_interval_s=3600&copy_gap_ms=200";
    let run = night(1, setting);
    // A rotation at each full hour from 19:00 to 08:00.
    assert!((now(&run, "copy_lost_mb") - 14.0 * 46.3 * 0.2).abs() < 1e-6, "{}", now(&run, "copy_lost_mb"));
    // The file, its copy and the archive before.
    let peak = most(&run, "disk_used_pct");
    let gap = 46.3e6 * 0.2 / 2e12 * 100.0;
    assert!((peak - (3.0 * HOUR_PCT - gap)).abs() < 1e-6, "{peak}");
    // Once more than half of the volume is one file, there is no room for a copy of it.
    let run = played(1, "rotate_mode=cron&reopen_mode=copytruncate&req_rate_s=1100", "00:30");
    assert!(told(&run, "logrotate finds no room").is_some());
    assert!(now(&run, "disk_used_pct") > 50.0 && now(&run, "copy_lost_mb") == 0.0);
}

#[test]
fn an_appender_with_a_cap_never_passes_it() {
    let cap = 500e6 / 2e12 * 100.0;
    for (setting, cap) in [("", cap), ("&rotate_size_mb=10", cap / 50.0), ("&req_rate_s=5000", cap)] {
        let run = night(1, &format!("rotate_mode=in_process{setting}"));
        assert_eq!(most(&run, "disk_used_pct"), cap, "{setting}");
        assert_eq!(
            (now(&run, "failed_writes"), now(&run, "dropped_log_gb") > 0.0),
            (0.0, setting.contains("5000"))
        );
    }
    // A file that is too large already is cut at once.
    let mut run = start(1, "at=20:00,rotate_mode=in_process");
    play(&mut run, at("20:00:00"));
    assert_eq!(now(&run, "disk_used_pct"), cap);
}

#[test]
fn deleting_frees_nothing_and_truncating_frees_everything() {
    let before = now(&played(1, "", "04:00"), "disk_used_pct");
    let after = |what: &str| played(1, &format!("at=04:00,{what}"), "04:00");
    let deleted = after("delete_log");
    assert_eq!((now(&deleted, "disk_used_pct"), now(&deleted, "du_pct")), (before, 0.0));
    assert!(told(&deleted, "the log is deleted and still open").is_some());
    let truncated = after("truncate_log");
    assert_eq!((now(&truncated, "disk_used_pct"), now(&truncated, "du_pct")), (0.0, 0.0));
    // Too late: what has no name cannot be truncated.
    let both = played(1, "at=04:00,delete_log&at=04:01,truncate_log", "04:02");
    assert!(now(&both, "disk_used_pct") > before);
    let by_descriptor = played(1, "at=04:00,delete_log&at=04:01,truncate_open", "04:01");
    assert_eq!((now(&by_descriptor, "disk_used_pct"), now(&by_descriptor, "log_bytes_s")), (0.0, 46.3));
    let restarted = played(1, "at=04:00,delete_log&at=04:01,restart_app", "04:01:10");
    assert_eq!((now(&restarted, "disk_used_pct"), now(&restarted, "log_bytes_s")), (0.0, 0.0));
    assert!(now(&restarted, "app_restarting") > 0.0);
    let mut run = restarted;
    play(&mut run, at("04:01:20"));
    assert_eq!(now(&run, "log_bytes_s"), 46.3);
    let failed = now(&run, "failed_writes");
    assert!(run.advance(at("05:00"), u64::MAX));
    assert_eq!(now(&run, "failed_writes"), failed);
}

//! What a full disk does to the database.
//!
//! Tried by hand with `PostgreSQL` 15.18 on ext4 without a block left for anybody but root:
//! - rows fail with "could not extend file" while the server stays up and reads; with space again the next row is taken;
//! - the next timed checkpoint panics, at the latest after five minutes with default settings, because it writes a small new
//!   file; without replication slots it writes none, and then a segment of the write-ahead log that cannot be made panics;
//! - after the replay the server goes down where it cannot get its next segment (seen, too, and not played here: a server
//!   that panics again and again at the end of its replay until there is space);
//! - started again without any space, it fails at once at its lock file; with 12 MB after the replay; with 16.6 MB it is up;
//! - no committed row was lost in any of these ways.

use warstories_sim::Playable;

use crate::{assert_told, at, night, now, play, played, start, told};

/// Without checkpoints that write a new file only the write-ahead log can run out: 16 MiB at 14,000 B/s.
const SLOW: &str = "checkpoint_s=0";

#[test]
fn the_write_ahead_log_lasts_for_twenty_minutes() {
    let run = night(1, SLOW);
    let first = told(&run, "the database can read").unwrap();
    let panic = told(&run, "PANIC: no room for the next").unwrap();
    assert!((panic - first - 16_777_216.0 / 14_000.0).abs() < 1e-6, "{panic} {first}");
    assert_told(&run, "PANIC: no room for the next", "05:43:55");
    assert_told(&run, "the database is down", "05:44:25");
    assert_eq!(now(&run, "db_state"), 3.0);
}

#[test]
fn a_checkpoint_panics_within_its_interval() {
    let run = night(1, "");
    assert_told(&run, "PANIC: a checkpoint", "05:25:00");
    assert_told(&run, "the database is down", "05:25:30");
    for every in [60, 300, 900, 3600] {
        let run = night(1, &format!("checkpoint_s={every}"));
        let first = told(&run, "the database can read").unwrap();
        let panic = told(&run, "PANIC").unwrap() - first;
        let expected = (f64::from(every) - first % f64::from(every)).min(16_777_216.0 / 14_000.0);
        assert!((panic - expected).abs() < 1e-6, "{every}: {panic}");
    }
    // A server that writes nothing has nothing to checkpoint.
    let run = night(1, "wal_bytes_s=0");
    assert_eq!((told(&run, "PANIC"), now(&run, "db_state")), (None, 1.0));
}

/// Each reason for which orders fail has its time: Poisson, four standard errors over ten seeds.
#[test]
fn each_stage_fails_orders_for_its_own_reason() {
    let stages = [("heap_extend_enospc", 1198.372), ("wal_panic", 30.0), ("db_down", 50_400.0 - 42_264.978)];
    let runs: Vec<_> = (1..=10).map(|seed| night(seed, SLOW)).collect();
    for (id, secs) in stages {
        let found: f64 = runs.iter().map(|run| now(run, id)).sum();
        let expected = 10.0 * secs;
        assert!((found - expected).abs() < 4.0 * expected.sqrt(), "{id}: {found}, not {expected}");
    }
}

#[test]
fn a_restart_without_space_leaves_it_down_and_after_space_brings_it_up() {
    let setting = format!("{SLOW}&at=06:30,restart_db");
    let run = night(1, &setting);
    assert_eq!(now(&run, "db_state"), 3.0);
    assert!(told(&run, "the database does not start").is_some());
    assert_eq!(now(&run, "db_recovering"), 0.0);
    // Deleted, the log is as large as before; truncated, it is not.
    let run = night(1, &format!("{SLOW}&at=06:29,delete_log&at=06:30,restart_db"));
    assert_eq!(now(&run, "db_state"), 3.0);
    let mut run = start(1, &format!("{SLOW}&at=06:29,truncate_log&at=06:30,restart_db"));
    play(&mut run, at("06:29:59"));
    assert_eq!(now(&run, "db_state"), 3.0, "space alone starts nothing");
    play(&mut run, at("06:30:29"));
    assert_eq!(now(&run, "db_state"), 2.0);
    play(&mut run, at("06:30:30"));
    assert_eq!(now(&run, "db_state"), 0.0);
    let failed = now(&run, "failed_writes");
    play(&mut run, at("08:00"));
    assert_eq!(now(&run, "failed_writes"), failed);
}

#[test]
fn space_in_time_spares_the_panic_and_a_restart_does_not() {
    let run = night(1, &format!("{SLOW}&at=05:30,truncate_log"));
    assert_eq!((told(&run, "PANIC"), now(&run, "db_state")), (None, 0.0));
    let run = night(1, &format!("{SLOW}&at=05:30,delete_log"));
    assert_told(&run, "PANIC", "05:43:55");
    // Whoever restarts it now gives up what reads there still are.
    let run = played(1, &format!("{SLOW}&at=05:30,restart_db"), "05:31");
    assert_eq!(now(&run, "db_state"), 3.0);
    // With space, a restart costs its replay.
    let run = played(1, "at=19:00,restart_db", "19:00:10");
    assert_eq!(now(&run, "db_state"), 2.0);
    let run = played(1, "at=19:00,restart_db", "20:00");
    assert_eq!(now(&run, "failed_writes"), now(&run, "db_recovering"));
    assert!((10.0..60.0).contains(&now(&run, "db_recovering")));
}

/// Whatever the way, everything that was committed can be read once the database is up again.
#[test]
fn no_committed_row_is_ever_lost() {
    for setting in [
        "at=06:29,truncate_log&at=06:30,restart_db",
        "checkpoint_s=0&at=06:29,truncate_log&at=06:30,restart_db",
        "log_level=info&at=19:00,restart_db&at=19:00:10,restart_db&at=20:00,restart_db",
        "checkpoint_s=0&at=05:30,restart_db&at=06:29,truncate_log&at=06:30,restart_db",
    ] {
        let run = night(7, setting);
        assert_eq!(now(&run, "db_state"), 0.0, "{setting}");
        assert_eq!(run.model().visible_rows() as f64, now(&run, "committed"), "{setting}");
        assert!(now(&run, "committed") > 30_000.0);
    }
    assert_eq!(night(7, "").model().visible_rows(), 0, "nobody reads what is down");
}

#[test]
fn the_last_second_before_the_limit_is_fine_and_the_first_after_it_is_not() {
    let mut run = start(1, "");
    run.advance(at("05:23:56"), u64::MAX);
    assert_eq!(now(&run, "db_state"), 0.0);
    run.advance(at("05:23:57"), u64::MAX);
    assert_eq!(now(&run, "db_state"), 1.0);
}

/// Nobody waits for the end of a sample bucket to hear what has become of the database, or what an action has done.
#[test]
fn what_becomes_of_the_database_is_told_at_the_moment() {
    let exactly = |setting: &str, beginning: &str, clock: &str| {
        let run = played(1, setting, "05:40");
        assert_eq!(told(&run, beginning), Some(at(clock).as_secs_f64()), "{setting}: {beginning}");
    };
    let in_time = "at=05:24:30,truncate_log&at=05:24:40,restart_db";
    exactly(in_time, "less than 80 % of the volume", "05:24:30");
    exactly(in_time, "the database takes orders again", "05:24:30");
    let late = "at=05:30:05,truncate_log&at=05:30:10,restart_db";
    exactly(late, "the database is down", "05:25:30");
    exactly(late, "the database is not down any more", "05:30:10");
    exactly(late, "the database takes orders again", "05:30:40");
}

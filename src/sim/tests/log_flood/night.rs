//! The night as it is told, with its arithmetic.

use warstories_sim::{Input, Playable};

use crate::{assert_told, at, most, night, now, play, start, told};

/// 1,000 requests a second of 100 lines of 463 B are 46.3 MB/s.
const RATE: f64 = 46.3e6;

#[test]
fn the_volume_fills_when_the_arithmetic_says() {
    let run = night(1, "");
    assert_told(&run, "80 % of the volume", "03:35:57");
    assert_told(&run, "95 % of the volume", "05:23:57");
    assert_told(&run, "the database can read", "05:23:57");
    assert_told(&run, "at this rate the disk is full in an hour", "04:59:57");
    assert_told(&run, "the disk is full", "05:59:57");
    assert_told(&run, "the log has gone quiet", "05:59:57");
    // To the nanosecond, not only to two seconds.
    let exact = 2e12 / RATE;
    assert!((told(&run, "the disk is full").unwrap() - exact).abs() < 1e-8);
    assert_eq!((now(&run, "disk_used_pct"), now(&run, "du_pct")), (100.0, 100.0));
    let dropped = (50_400.0 - exact) * RATE / 1e9;
    assert!((now(&run, "dropped_log_gb") - dropped).abs() < 1e-6);
}

#[test]
fn the_bill_is_five_times_two_terabytes() {
    let run = night(1, "");
    assert_told(&run, "$100 is spent", "18:14:24");
    assert_eq!(now(&run, "bill_usd"), 5000.0);
    assert_eq!(now(&run, "shipped_gb"), 10_000.0);
    // Known at midnight, and at 06:00, when it has been frozen for three seconds.
    let mut run = start(1, "");
    play(&mut run, at("00:00"));
    assert!((now(&run, "bill_seen_usd") - 21_600.0 * 5.0 * RATE / 1e9 * 0.5).abs() < 0.01);
    play(&mut run, at("06:00"));
    assert_eq!(now(&run, "bill_seen_usd"), 5000.0);
}

#[test]
fn orders_fail_from_the_first_write_error_until_the_morning() {
    let seeds = 1..=10_u32;
    let failed: f64 = seeds.clone().map(|seed| now(&night(seed.into(), ""), "failed_writes")).sum();
    let expected = f64::from(seeds.count() as u32) * (50_400.0 - 1.9e12 / RATE);
    // Poisson: the variance is the mean.
    assert!((failed - expected).abs() < 4.0 * expected.sqrt(), "{failed}, not {expected}");
    let run = night(1, "order_value_usd=12.5");
    assert_eq!(now(&run, "lost_orders_usd"), now(&run, "failed_writes") * 12.5);
}

/// What goes through the same disk waits for it, as in a queue with one server: exponential times, so that the standard error
/// of a mean is itself over the root of the number.
#[test]
fn commits_wait_for_the_disk_that_the_log_keeps_busy() {
    for (setting, mean) in [
        ("", 5.0 / (1.0 - 46.3e6 / 131.072e6)),
        ("log_volume=separate", 5.0),
        ("log_level=info", 5.0 / (1.0 - 0.463e6 / 131.072e6)),
        // What the disk cannot take is dropped, and a commit takes 500 ms at most.
        ("req_rate_s=5000", 500.0),
    ] {
        let mut run = start(3, &format!("{setting}&orders_per_s=20"));
        play(&mut run, at("19:00"));
        let count = now(&run, "committed");
        let found = now(&run, "commit_latency_ms");
        assert!((found - mean).abs() < 4.0 * mean / count.sqrt(), "{setting}: {found}, not {mean}");
    }
    let run = night(1, "req_rate_s=5000&log_volume=separate");
    // What is written, and not what was to be; nothing any more once there is no room.
    assert_eq!((most(&run, "log_bytes_s"), now(&run, "log_bytes_s")), (131.072, 0.0));
    // Two terabytes at 125 MiB/s, and the rest of the five times larger log is lost.
    assert!((told(&run, "the disk is full").unwrap() - 2e12 / 131.072e6).abs() < 1e-6);
}

#[test]
fn a_volume_of_its_own_saves_the_database_and_not_a_cent() {
    for seed in [1, 2] {
        let (shared, separate) = (night(seed, ""), night(seed, "log_volume=separate"));
        assert_eq!(now(&separate, "failed_writes"), 0.0);
        for id in ["bill_usd", "shipped_gb", "disk_used_pct", "dropped_log_gb"] {
            assert_eq!(now(&shared, id), now(&separate, id), "{id}");
        }
        // The same orders came.
        let orders = |run| now(run, "committed") + now(run, "failed_writes");
        assert_eq!(orders(&shared), orders(&separate));
    }
}

/// Where root does not write the log, it stops where the database stops.
#[test]
fn a_log_that_root_does_not_write_stops_at_the_reserve() {
    let run = night(1, "log_writer_is_root=false");
    assert_told(&run, "the log has gone quiet", "05:23:57");
    assert_eq!((now(&run, "disk_used_pct"), now(&run, "bill_usd")), (95.0, 4750.0));
    assert_eq!(told(&run, "the disk is full"), None);
    let run = night(1, "reserved_pct=0");
    assert_told(&run, "the database can read", "05:59:57");
}

#[test]
fn a_larger_volume_comes_ten_minutes_later_and_is_half_as_large_again() {
    let mut run = start(1, "at=05:30,grow_volume&at=05:35,grow_volume&checkpoint_s=0");
    play(&mut run, at("05:39:59"));
    assert!(now(&run, "failed_writes") > 800.0 && now(&run, "disk_used_pct") > 95.0);
    play(&mut run, at("05:40"));
    assert!((now(&run, "disk_used_pct") - 42_000.0 * RATE / 3e12 * 100.0).abs() < 1e-6);
    let failed = now(&run, "failed_writes");
    play(&mut run, at("08:00"));
    assert_eq!(now(&run, "failed_writes"), failed);
}

/// All that the agent does not ship is not paid; all that it ships of INFO is.
#[test]
fn what_is_filtered_is_not_paid() {
    let bill = |setting: &str| now(&night(1, setting), "bill_usd");
    let exact = |lines: f64| 5.0 * 1000.0 * 463.0 * lines * 50_400.0 / 1e9 * 0.5;
    for (setting, usd) in [
        ("log_level=info", exact(1.0)),
        ("log_level=warn", 0.0),
        ("log_level=info&debug_scope=sampled&sample_pct=0.5", exact(1.5)),
        ("log_level=info&debug_scope=sampled", exact(2.0)),
        ("log_level=info&debug_scope=sampled&ship_filter=info_plus", exact(1.0)),
        ("ship_filter=warn_plus", 0.0),
        // The disk is full by 05:59:57, so that one line of a hundred of it was shipped.
        ("ship_filter=info_plus", 50.0),
        ("at=19:00,pause_agent", 5.0 * RATE * 3600.0 / 1e9 * 0.5),
        ("log_level=info&price_usd_gb=2", exact(1.0) * 4.0),
    ] {
        let found = bill(setting);
        assert!((found - usd).abs() <= 0.01, "{setting}: {found}, not {usd}");
    }
    assert!((exact(1.0) - 58.34).abs() < 0.01 && (exact(2.0) - 116.68).abs() < 0.01);
}

/// A relapse undoes what an alarm or a time limit has set, and only a change of level or scope does the same.
#[test]
fn debug_ends_by_itself_and_comes_back_with_a_deploy() {
    let mut run = start(1, "debug_ttl_min=30&at=20:00,relapse&at=20:10,rotate_keep=2");
    for (clock, rate) in [("18:29:59", 46.3), ("18:30", 0.463), ("20:00:01", 46.3), ("20:30", 0.463)] {
        play(&mut run, at(clock));
        assert_eq!(now(&run, "log_bytes_s"), rate, "{clock}");
    }
    let level = Input::Change { param: run.spec().param("log_level").unwrap(), value: 0.0 };
    run.input(level).unwrap();
    play(&mut run, at("20:31"));
    assert_eq!(now(&run, "log_bytes_s"), 0.0, "WARN counts");
}

/// Moved to a volume of its own, the log takes its files along, and moved back it brings them.
#[test]
fn a_log_that_moves_takes_its_files_along() {
    let mut run = start(1, "checkpoint_s=0&at=05:30,log_volume=separate&at=05:40,log_volume=shared");
    for (clock, state) in [("05:29:59", 1.0), ("05:30", 0.0), ("05:39:59", 0.0), ("05:40", 1.0)] {
        play(&mut run, at(clock));
        assert_eq!(now(&run, "db_state"), state, "{clock}");
    }
    // Each time it is refused anew there is a whole segment in hand.
    play(&mut run, at("08:00"));
    assert_told(&run, "PANIC: no room", "05:59:58");
    assert_eq!((now(&run, "bill_usd"), now(&run, "disk_used_pct")), (5000.0, 100.0));
}

/// Servers, price and filter count from the moment on at which they are changed.
#[test]
fn every_byte_costs_what_it_cost_when_it_was_shipped() {
    let hour = RATE * 3600.0 / 1e9;
    let run = night(
        1,
        "rotate_mode=in_process&at=19:00,instances=10&at=20:00,price_usd_gb=1&at=21:00,ship_filter=info_plus&at=22:00,ship_filter=none",
    );
    let expected = hour * (5.0 * 0.5 + 10.0 * 0.5 + 10.0 + 10.0 / 100.0);
    assert!((now(&run, "bill_usd") - expected).abs() <= 0.01, "{}, not {expected}", now(&run, "bill_usd"));
}

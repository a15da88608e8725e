//! The report and the pool that everybody shares.

use super::{SPEC, Shop, at, between, now, play, played, start};
use warstories_sim::{Playable, Reading};

/// Pages use the core for 12 × 70 ms: at ten a second they need 8.4 connections, so 5 are too few and 30 are enough.
#[test]
fn the_core_is_stable_where_its_free_connections_are_more_than_pages_need() {
    // A page gives up late, so that the line can be seen to grow.
    let line = |setting: &str| {
        let mut run =
            start(1, &format!("layout=core_plus_three&page_timeout_s=60&{setting}&at=60,slow_report"));
        play(&mut run, 60.0);
        assert_eq!(now(&run, "core_waiting"), 0.0, "{setting}");
        let lines = [80.0, 100.0].map(|secs| {
            play(&mut run, secs);
            now(&run, "core_waiting")
        });
        (run, lines)
    };
    let in_use = |run: &Shop| now(run, "core_in_use");
    // 5 connections serve 5/.84 = 5.95 pages a second, so the line grows by 4.05 pages a second, by 81 in 20 s. Arrivals and
    // departures of 20 s vary by √(200 + 119·(1/12)) = 14.
    let (run, [first, second]) = line("");
    assert_eq!(in_use(&run), 50.0);
    assert!((second - first - 81.0).abs() < 4.0 * 14.5, "{first}, then {second}");
    // With at most 20 for a module, the report has 20 and the pages have 20 for themselves.
    let (run, [first, second]) = line("module_pool_max=20");
    assert_eq!((first, second), (0.0, 0.0));
    assert!((20.0..=40.0).contains(&in_use(&run)), "{}", in_use(&run));
    // Without a core the report has a pool of its own.
    let mut run = start(1, "at=60,slow_report");
    play(&mut run, 100.0);
    assert_eq!((in_use(&run), now(&run, "core_waiting")), (0.0, 0.0));
}

/// The report takes what is free at once and the rest as it comes free, and gives all back after 120 s.
#[test]
fn the_report_holds_45_connections_for_two_minutes() {
    let mut run = start(1, "layout=core_plus_three&page_rate_per_s=0&at=10,slow_report");
    for (secs, held) in [(9.9, 0.0), (10.0, 45.0), (129.999, 45.0), (130.0, 0.0)] {
        play(&mut run, secs);
        assert_eq!(now(&run, "core_in_use"), held, "{secs} s");
    }
    // Of a pool of ten it takes what there is, and pages that come later wait.
    let mut run = start(1, "layout=single&core_pool_size=10&at=10,slow_report");
    play(&mut run, 30.0);
    assert_eq!(now(&run, "core_in_use"), 10.0);
    assert!(now(&run, "core_waiting") > 100.0);
}

/// While the report runs, hardly any page is answered within five seconds; a bulkhead keeps all of them.
#[test]
fn a_bulkhead_keeps_the_report_from_the_cart() {
    let ok = |setting: &str| {
        let setting = format!("layout=core_plus_three&page_timeout_s=5&{setting}&at=60,slow_report");
        between(1, &setting, "cart_ok_pct", 70.0, 180.0)
    };
    let (mean, ..) = ok("");
    assert!(mean < 50.0, "{mean}");
    let (mean, low, _) = ok("module_pool_max=20");
    assert!(mean >= 99.0 && low >= 99.0, "{mean}, {low}");
}

/// A module gets no more connections than its limit, however many are free.
#[test]
fn a_module_holds_no_more_connections_than_it_may() {
    let busiest = |setting: &str| {
        let run = played(1, &format!("layout=core_plus_three&{setting}"), 120.0);
        let Reading::Gauge { max, .. } = run.read(SPEC.metric("core_in_use").unwrap()) else {
            panic!("no gauge")
        };
        (max, now(&run, "core_waiting"))
    };
    // Five are too few, and always in use; without a limit pages use as many as they need.
    let (most, waiting) = busiest("module_pool_max=5");
    assert!(most == 5.0 && waiting > 200.0, "{most}, {waiting}");
    let (most, waiting) = busiest("");
    assert!(most > 12.0 && waiting == 0.0, "{most}, {waiting}");
    // Raised while pages wait, it is used at once.
    let mut run = start(1, "layout=core_plus_three&module_pool_max=5&at=60,module_pool_max=30");
    play(&mut run, 60.0);
    assert_eq!(now(&run, "core_in_use"), 30.0);
}

/// A core that goes down takes with it who works there, who waits, and the report.
#[test]
fn a_crash_empties_the_core_and_its_line() {
    let setting = "layout=core_plus_three&page_timeout_s=60&at=60,slow_report&at=90,crash_module";
    let mut run = start(1, setting);
    run.advance(at(90.0).previous(), u64::MAX);
    let waiting = now(&run, "core_waiting");
    assert!(waiting > 50.0 && now(&run, "core_in_use") == 50.0);
    play(&mut run, 90.0);
    assert_eq!((now(&run, "core_waiting"), now(&run, "core_in_use")), (0.0, 0.0));
    // Five had a connection, unless one of them went to the next page at that very moment.
    assert_eq!(now(&run, "service_down"), waiting + 5.0);
    // The report is gone, too, so that all is well when the core is up again.
    play(&mut run, 395.0);
    assert!(now(&run, "core_in_use") < 25.0 && now(&run, "core_waiting") == 0.0);
}

//! The report and the pool that everybody shares.

use super::{Shop, between, now, play, start};

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

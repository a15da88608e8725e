//! Times of pages against closed forms, and shares of pages against chances.

use super::{Shop, cart_ms, now, play, start};

/// Mean work of a call.
const WORK_MS: f64 = 70.0;

/// Pages come for so long; then those that are under way are waited for, so that none is left out for being slow.
const SECONDS: f64 = 900.0;

/// A run to whose end all pages have ended.
fn drained(seed: u64, setting: &str) -> Shop {
    let mut run = start(seed, &format!("{setting}&at={SECONDS},page_rate_per_s=0"));
    play(&mut run, SECONDS + 120.0);
    assert_eq!(now(&run, "pages_open"), 0.0);
    run
}

/// The first harmonic numbers: of `k` workers with exponential work the last is done after H(k) mean times, with variance
/// H₂(k) (A. Rényi, "On the theory of order statistics", 1953).
fn last_of(calls: u32) -> (f64, f64) {
    let sum = |power: f64| (1..=calls).map(|k| libm::pow(f64::from(k), -power)).sum::<f64>();
    (WORK_MS * sum(1.0), WORK_MS * WORK_MS * sum(2.0))
}

/// The mean time of a page is within four standard errors of the closed form. Nobody waits for a worker at these rates: at
/// 20 workers and .7 erlangs a call does with a chance below 10⁻²¹.
#[test]
fn a_page_takes_what_its_trips_and_its_work_add_up_to() {
    let one = (WORK_MS, WORK_MS * WORK_MS);
    let mut came = [0.0; 3];
    let serial = (15.0 * one.0, 15.0 * one.1);
    let stages = |count: f64, calls| {
        let (mean, variance) = last_of(calls);
        (count * mean, count * variance)
    };
    for (setting, trips, trip_ms, (work, variance), expected) in [
        ("", 15.0, 150.0, serial, 3300.0),
        ("connect_ms=0", 15.0, 100.0, serial, 2550.0),
        ("layers=3", 45.0, 150.0, serial, 7800.0),
        ("call_mode=parallel&stages=5", 5.0, 150.0, stages(5.0, 3), 1391.7),
        ("call_mode=parallel&stages=1", 1.0, 150.0, stages(1.0, 15), 382.3),
        ("call_mode=parallel&stages=15", 15.0, 150.0, serial, 3300.0),
        ("call_mode=batched", 3.0, 150.0, serial, 1500.0),
        ("layout=core_plus_three", 3.0, 150.0, serial, 1500.0),
        ("layout=single", 0.0, 150.0, serial, 1050.0),
    ] {
        let law = trips * trip_ms + work;
        assert!((law - expected).abs() < 0.05, "{setting}: {law} is not {expected}");
        for seed in 1..=3 {
            let run = drained(seed, setting);
            let (mean, _, pages) = cart_ms(&run);
            assert!(pages > 8000.0 && pages == now(&run, "pages_total"), "{setting}: {pages} pages");
            // Whatever is set, the same pages are asked for.
            let before = std::mem::replace(&mut came[seed as usize - 1], pages);
            assert!(before == 0.0 || before == pages, "{setting}: {pages}, not {before}");
            let error = (variance / pages).sqrt();
            assert!(
                (mean - law).abs() < 4.0 * error,
                "{setting}, seed {seed}: {mean} ms, not {law} ± {error}"
            );
        }
    }
}

/// Calls are spread over the stages as evenly as whole numbers allow: 15 over 4 are 3, 4, 4, 4.
#[test]
fn stages_that_do_not_divide_the_calls_have_one_more_or_less() {
    let sum = |of: fn((f64, f64)) -> f64| of(last_of(3)) + 3.0 * of(last_of(4));
    let law = 600.0 + sum(|(mean, _)| mean);
    let run = drained(1, "call_mode=parallel&stages=4");
    let (mean, _, pages) = cart_ms(&run);
    assert!((mean - law).abs() < 4.0 * (sum(|(_, variance)| variance) / pages).sqrt(), "{mean}, not {law}");
    // There are no more stages than calls: two calls in up to 15 stages take their two trips.
    let run = drained(1, "call_mode=parallel&stages=15&calls_per_page=2");
    let (mean, _, pages) = cart_ms(&run);
    assert!((mean - 440.0).abs() < 4.0 * (2.0 * WORK_MS * WORK_MS / pages).sqrt(), "{mean}");
}

/// With chance c all calls of a page share one coin: c·p + (1 − c)·(1 − (1 − p)¹⁵) of the pages have a slow call. Where
/// calls run, and how they are made, is all one.
#[test]
fn slow_calls_hit_as_many_pages_as_chance_says() {
    let law = |c: f64, p: f64, calls: f64| c * p + (1.0 - c) * (1.0 - libm::pow(1.0 - p, calls));
    for (setting, c, calls, expected) in [
        ("", 0.0, 15.0, 0.1399),
        ("slow_correlation=0.5", 0.5, 15.0, 0.0750),
        ("slow_correlation=1", 1.0, 15.0, 0.0100),
        ("calls_per_page=4", 0.0, 4.0, 0.0394),
        ("call_mode=parallel", 0.0, 15.0, 0.1399),
        ("call_mode=batched", 0.0, 15.0, 0.1399),
        ("layout=core_plus_three", 0.0, 15.0, 0.1399),
        ("layout=single&slow_correlation=0.5", 0.5, 15.0, 0.0750),
    ] {
        let share = law(c, 0.01, calls);
        assert!((share - expected).abs() < 5e-5, "{setting}: {share} is not {expected}");
        for seed in 1..=3 {
            let run = drained(seed, &format!("slow_pct=1&{setting}"));
            let pages = now(&run, "pages_total");
            let error = (share * (1.0 - share) / pages).sqrt();
            let measured = now(&run, "pages_slow") / pages;
            assert!(
                (measured - share).abs() < 4.0 * error,
                "{setting}, seed {seed}: {measured}, not {share}"
            );
        }
    }
}

/// A page needs all of its 15 answers. Each comes in time with chance .995, where the timeout leaves ln 200 mean times for the
/// work, so that .995¹⁵ of the pages are answered.
#[test]
fn a_page_that_needs_all_of_its_calls_is_answered_as_often_as_all_of_them_are() {
    let timeout = 150.0 + WORK_MS * libm::log(200.0);
    let share = libm::pow(0.995, 15.0);
    assert!((share - 0.92757).abs() < 1e-5, "{share}");
    for seed in 1..=3 {
        let run = drained(seed, &format!("call_timeout_ms={timeout}"));
        let (pages, ok) = (now(&run, "pages_total"), now(&run, "pages_ok"));
        assert_eq!(pages - ok, now(&run, "call_timeout"));
        let error = (share * (1.0 - share) / pages).sqrt();
        assert!((ok / pages - share).abs() < 4.0 * error, "seed {seed}: {}", ok / pages);
    }
    // One retry: a call fails with the square of the chance.
    let run = drained(1, &format!("call_timeout_ms={timeout}&retries=1"));
    let (pages, share) = (now(&run, "pages_total"), libm::pow(1.0 - 0.005 * 0.005, 15.0));
    let error = (share * (1.0 - share) / pages).sqrt();
    assert!((now(&run, "pages_ok") / pages - share).abs() < 4.0 * error);
}

/// A second question after 600 ms is asked for one call in a hundred that is slow, and for those whose work takes longer
/// than 450 ms by itself: 1.16 % more tries. A page waits for a slow call only where both questions are slow, and not at all
/// less where they have one cause.
#[test]
fn a_second_question_cuts_tails_that_are_independent_and_no_others() {
    let (slow, long) = (0.01, libm::exp(-450.0 / WORK_MS));
    let asked = slow + (1.0 - slow) * long;
    assert!((asked - 0.0116).abs() < 5e-5, "{asked}");
    for seed in 1..=3 {
        let run = drained(seed, "slow_pct=1&hedge_after_ms=600");
        let calls = now(&run, "calls_total");
        let hedges = now(&run, "call_attempts_total") - calls;
        let error = (asked * (1.0 - asked) / calls).sqrt();
        assert!((hedges / calls - asked).abs() < 4.0 * error, "seed {seed}: {}", hedges / calls);
        // The second question is slow with the same chance, and the first is slow in nearly all of these cases.
        let pages = now(&run, "pages_total");
        let both = 1.0 - libm::pow(1.0 - slow * slow, 15.0);
        let error = (both * (1.0 - both) / pages).sqrt();
        assert!((now(&run, "pages_slow") / pages - both).abs() < 4.0 * error, "seed {seed}");
        // It costs nothing and saves nothing where all calls of a page are slow together.
        let together = drained(seed, "slow_pct=1&slow_correlation=1&hedge_after_ms=600");
        let alone = drained(seed, "slow_pct=1&slow_correlation=1");
        assert_eq!(now(&together, "pages_slow"), now(&alone, "pages_slow"));
    }
}

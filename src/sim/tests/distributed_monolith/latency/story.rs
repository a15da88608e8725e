//! The story's numbers, what it hides, and what each lesson asks for, on seeds 1 to 6.

use super::{between, cart_ms, now, played};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=6;

#[test]
fn fifteen_calls_take_three_seconds() {
    for seed in SEEDS {
        let run = played(seed, "", 300.0);
        let (mean, ..) = cart_ms(&run);
        assert!((3200.0..=3400.0).contains(&mean), "seed {seed}: {mean}");
        let ratio = now(&run, "calls_total") / now(&run, "pages_total");
        assert!(ratio > 14.0 && ratio <= 15.0, "{ratio}");
    }
}

#[test]
fn one_slow_call_in_a_hundred_hits_one_page_in_seven() {
    for seed in SEEDS {
        let hit = |setting: &str| between(seed, setting, "pages_with_slow_call_pct", 60.0, 300.0).0;
        let fifteen = hit("slow_pct=1");
        assert!((11.0..=17.0).contains(&fifteen), "seed {seed}: {fifteen}");
        let four = hit("slow_pct=1&calls_per_page=4");
        assert!(four <= 6.0, "seed {seed}: {four}");
    }
}

/// Two workers of Inventory do 28.6 calls a second. Three retries make 40 of the 10 that are needed, and nothing ends that;
/// one makes 20, and a budget of a tenth 11.
#[test]
fn retries_keep_a_service_down_that_is_well_again() {
    for seed in SEEDS {
        let goodput = |setting: &str| {
            let setting = format!("inventory_workers=2&call_timeout_ms=1000&{setting}&at=60,brownout");
            between(seed, &setting, "inventory_goodput_per_s", 480.0, 600.0).0
        };
        let (storm, once, budget) =
            (goodput("retries=3"), goodput("retries=1"), goodput("retries=3&retry_budget_pct=10"));
        assert!(storm < 1.0, "seed {seed}: {storm}");
        assert!(once >= 9.0 && budget >= 9.0, "seed {seed}: {once}, {budget}");
        // Without a brownout the same retries do no harm.
        let calm = between(
            seed,
            "inventory_workers=2&call_timeout_ms=1000&retries=3",
            "inventory_goodput_per_s",
            480.0,
            600.0,
        );
        assert!(calm.0 >= 9.0, "seed {seed}: {calm:?}");
    }
}

/// Whether Inventory comes back depends on whether its capacity, 14.3 calls a second for each worker, is more than the ten pages
/// a second make of it when every try fails: 10 × (1 + retries).
#[test]
fn a_service_comes_back_where_it_can_do_more_than_all_tries_together() {
    for (workers, retries) in [(2, 0), (2, 1), (2, 2), (2, 3), (3, 2), (4, 3), (4, 5), (5, 5)] {
        let (capacity, offered) = (f64::from(workers) / 0.07, 10.0 * f64::from(1 + retries));
        let setting =
            format!("inventory_workers={workers}&retries={retries}&call_timeout_ms=1000&at=60,brownout");
        let (goodput, ..) = between(1, &setting, "inventory_goodput_per_s", 480.0, 600.0);
        let is_back = goodput >= 9.0;
        assert!(is_back || goodput < 1.0, "{workers} workers, {retries} retries: {goodput}");
        assert_eq!(is_back, capacity > offered, "{workers} workers, {retries} retries: {goodput}");
    }
}

/// Asking in parallel beats the merge by the time alone, and keep-alive beats neither.
#[test]
fn fewer_trips_beat_faster_trips() {
    for seed in SEEDS {
        let times = |setting: &str| {
            let (mean, p95, _) = cart_ms(&played(seed, setting, 300.0));
            (mean, p95)
        };
        let (serial, core) = (times(""), times("layout=core_plus_three"));
        let (parallel, kept) = (times("call_mode=parallel"), times("connect_ms=0"));
        assert!(parallel.0 < core.0 && core.0 < kept.0 && kept.0 < serial.0, "seed {seed}");
        assert!(core.1 <= 2200.0 && parallel.1 <= 2200.0, "seed {seed}: {core:?} {parallel:?}");
        assert!(serial.1 > 2200.0 && kept.1 > 2200.0, "seed {seed}: {serial:?} {kept:?}");
        let hedged = times("hedge_after_ms=600");
        assert!(hedged.1 > 2200.0, "seed {seed}: {hedged:?}");
        let star = times("layout=core_plus_three&connect_ms=0");
        assert!(star.1 <= 1900.0, "seed {seed}: {star:?}");
    }
}

/// For a minute the work of Inventory takes 1,200 ms on average, wherever it runs: pages of four calls take 1,130 ms more.
#[test]
fn a_brownout_lasts_a_minute_and_follows_inventory_into_the_core() {
    for (setting, law) in [("", 880.0), ("layout=single&core_pool_size=200", 280.0)] {
        let setting = format!("calls_per_page=4&inventory_workers=64&{setting}&at=60,brownout");
        // Pages that end in these times have come within the minute, or after it.
        for (from, to, expected, deviation) in
            [(70.0, 120.0, law + 1130.0, 1206.0), (140.0, 600.0, law, 140.0)]
        {
            let (mean, ..) = between(1, &setting, "cart_ms", from, to);
            let error = deviation / libm::sqrt(10.0 * (to - from));
            assert!(
                (mean - expected).abs() < 4.0 * error,
                "{setting}, from {from} s: {mean}, not {expected}"
            );
        }
    }
}

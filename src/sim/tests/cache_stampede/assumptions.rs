//! What a story rests on, told both ways: who fills the cache, who refreshes it, how those who wait learn of it, and what
//! an error does. The public threads in which people met them are named.

use std::f64::consts::E;

use crate::Measure::{At, Mean, Peak, Rise};
use crate::{EVER, SEEDS, check, check_on, dead, four_sd, healthy, measure, open};

/// Readers wait at the fleet's lock for 1.5 s, queries take 2 s and run on.
const SHORT: &str = "lock_scope=fleet&query_distribution=constant&timeout_ms=1500&cancel_on_timeout=false";

/// Whether a proxy goes on to fill its cache when the reader has left is a setting of real ones: cloudflare/pingora #314
/// goes on and wishes that it could stop, newchat #16 threw the results away.
#[test]
fn a_result_for_nobody_ends_the_outage_if_it_fills_the_cache() {
    check(&[
        // A query is sent at 60 s and then whenever its reader gives up: results come at 62 s, 63.5 s, 65 s and so on, 119
        // until 240 s.
        (
            SHORT,
            &[
                dead(60.0, 240.0),
                (At("queries_finished", 240.0), 119.0, 119.0),
                (At("wasted_queries", 240.0), 119.0, 119.0),
            ],
        ),
        // The app keeps the lock and goes on: one query for each life of the page, and nobody is answered for 2 s, from
        // the first read after the end to the result.
        (
            &format!("{SHORT}&abandoned_fill=true"),
            &[
                (Peak("silent_s", 180.0), 2.0, 2.01),
                (Peak("rebuilds_per_expiry", 240.0), 1.0, 1.0),
                (At("wasted_queries", 240.0), 0.0, 0.0),
                healthy(70.0, 120.0),
                healthy(150.0, 180.0),
            ],
        ),
        // A query longer than anybody waits is done once all the same: 8 s and up to 30 % more or less, seen once a
        // second.
        (
            "lock_scope=fleet&query_ms=8000&cancel_on_timeout=false&abandoned_fill=true",
            &[(Peak("silent_s", 180.0), 5.0, 11.0), healthy(80.0, 120.0)],
        ),
    ]);
}

/// Without a lock the story's claim does not depend on who fills the cache: among thousands that share the cores no query
/// ends. A query has had 2 s of a core after t, if the others are r t by then, when 16 / r x ln(t / t0) = 2, which is
/// e^208 times the first moment.
#[test]
fn without_a_lock_no_result_comes_that_could_fill_the_cache() {
    for cancel in ["cancel_on_timeout=true", "cancel_on_timeout=false"] {
        for fill in ["", "&abandoned_fill=true", "&abandoned_fill=true&db_cores=64"] {
            check_on(
                &(1..=2),
                &[(
                    &format!("{cancel}{fill}"),
                    &[dead(60.0, 240.0), (At("queries_finished", 240.0), 0.0, 0.0)],
                )],
            );
        }
    }
    // In line for the cores they end one after the other, and each makes the page new.
    check(&[(
        "db_discipline=fifo&cancel_on_timeout=false&abandoned_fill=true",
        &[healthy(80.0, 120.0), healthy(130.0, 180.0)],
    )]);
}

/// Switched while queries run for nobody: what is cancelled or thrown away gives its lock back.
#[test]
fn a_lock_kept_for_nobody_is_given_back() {
    let kept = format!("{SHORT}&query_ms=8000&lock_ttl_s=60&abandoned_fill=true");
    check_on(
        &(1..=2),
        &[
            // Sent by then: the query of 60 s, and the next one as soon as the first is cancelled, or ends.
            (
                &format!("{kept}&at=64,cancel_on_timeout=true"),
                &[(At("queries", 63.999), 1.0, 1.0), (At("queries", 64.0), 2.0, 2.0)],
            ),
            (
                &format!("{kept}&at=64,abandoned_fill=false"),
                &[(At("queries", 67.99), 1.0, 1.0), (At("queries", 68.01), 2.0, 2.0), dead(60.0, 120.0)],
            ),
        ],
    );
}

/// max-sixty/tend #449: a burst of readers of an expired entry each fanned out a refresh of their own. Of r readers a
/// second r D come during a rebuild of D; the first of all is one more.
#[test]
fn stale_pages_that_each_reader_refreshes_are_a_stampede_in_the_background() {
    let one = open(1000.0, 500.0, 2000, 1.0, "&stale_window_s=600");
    let crowd: f64 = 1000.0 * 0.5;
    // The last of the crowd makes the page new a rebuild later than the first.
    let cycles: f64 = 300.0 / (1.0 + 2.0 * 0.5 + 1e-3);
    check(&[
        (&one, &[(Peak("rebuilds_per_expiry", 300.0), 1.0, 1.0)]),
        (
            &format!("{one}&stale_refresh=each"),
            &[
                four_sd(Mean("rebuilds_per_expiry", 0.0, 300.0), 1.0 + crowd, (crowd / cycles).sqrt()),
                (Peak("waiting", 300.0), 0.0, 0.0),
            ],
        ),
        // Nobody waits while the window is open, and nothing is ever done behind it.
        (
            "stale_window_s=30&stale_refresh=each",
            &[healthy(60.0, 90.0), dead(90.01, 180.0), (At("queries_finished", 180.0), 0.0, 0.0)],
        ),
        (
            "stale_window_s=30&stale_refresh=each&lock_scope=fleet",
            &[healthy(60.0, 180.0), (Peak("rebuilds_per_expiry", 180.0), 1.0, 1.0)],
        ),
    ]);
}

/// A window that closes before the page is rebuilt moves the stampede by its length: so long after the window closed as
/// many wait as without one so long after the end of the page.
#[test]
fn a_stale_window_shorter_than_the_rebuild_postpones_the_stampede() {
    let thinkers: f64 = (-5.0_f64 / 6.0).exp();
    let crowd = |at: f64| {
        four_sd(
            At("db_running", at),
            10_000.0 * (1.0 - (-4.99_f64 / 6.0).exp()),
            (10_000.0 * thinkers * (1.0 - thinkers)).sqrt(),
        )
    };
    check(&[
        ("", &[crowd(64.99), dead(60.0, 180.0)]),
        ("stale_window_s=1", &[crowd(65.99), healthy(50.0, 61.0), dead(61.0, 180.0)]),
    ]);
}

/// Reads refresh as a Poisson process with rate r e^(-left / D), whose integral up to the first refresh is exponential
/// with mean 1. With r D = 3,334 reads in a rebuild, and T / D = 6, the integral has g = r D e^-6 = 8.26 when the page is
/// made. The refreshes that follow within a rebuild are Poisson with mean (e - 1)(1 + g) and, since the first moment
/// varies, variance (e - 1)(1 + g) + (e - 1)^2. For a long life g is 0 and there are e in all: 2.7, not 17 for 16 cores.
#[test]
fn early_refresh_needs_a_life_longer_than_its_lead() {
    let (rate, rebuild_s, life_s): (f64, f64, f64) = (1667.0, 2.0, 12.0);
    let lead_s = rebuild_s * (rate * rebuild_s).ln();
    assert!(life_s < lead_s && (lead_s - 16.2).abs() < 0.05, "{lead_s}");
    let behind = rate * rebuild_s * (-life_s / rebuild_s).exp();
    let (mean, seeds) = (1.0 + (E - 1.0) * (1.0 + behind), 100_u32);
    let sd = ((mean - 1.0 + (E - 1.0) * (E - 1.0)) / f64::from(seeds)).sqrt();
    // By then the first rebuild is over, and no second can be.
    let setting = open(rate, rebuild_s * 1e3, 2000, life_s, "&xfetch_beta=1");
    let first = |seed| {
        let numbers =
            measure(seed, &setting, &[At("rebuilds_per_expiry", 3.9), Mean("rebuilds_per_expiry", 0.0, 3.9)]);
        assert_eq!(numbers[0], 1.0, "seed {seed}");
        numbers[1]
    };
    let queries = (1..=seeds).map(|seed| first(u64::from(seed))).sum::<f64>() / f64::from(seeds);
    println!("{queries} queries in the first rebuild, expected {mean}, standard deviation {sd}");
    assert!((queries - mean).abs() < 4.0 * sd, "{queries}, expected {mean}");
    check(&[
        ("xfetch_beta=1&ttl_s=12", &[dead(150.0, 180.0), (Peak("db_running", 180.0), 5_000.0, EVER)]),
        ("xfetch_beta=1&ttl_s=60", &[healthy(60.0, 180.0), (At("failed", 180.0), 0.0, 0.0)]),
        // A lock holds the crowd back, at the price of a refresh as soon as the last one is done: every 2 s to 2.5 s.
        (
            "xfetch_beta=1&ttl_s=12&lock_scope=fleet",
            &[healthy(60.0, 180.0), (At("failed", 180.0), 0.0, 0.0), (At("queries", 180.0), 72.0, 90.0)],
        ),
    ]);
}

/// An error is one for all who wait at the lock: the reader of the query, and r D others. Rebuilds are tried until one
/// succeeds: with half of them failing, 2 on average, geometric with variance 2.
#[test]
fn the_error_of_a_query_goes_to_all_who_wait_for_it() {
    let (rate, rebuild_s, secs): (f64, f64, f64) = (100.0, 0.5, 2_000.0);
    let half = open(rate, rebuild_s * 1e3, 16, 1.0, "&lock_scope=fleet&retries_max=0&query_failure_pct=50");
    let cycles = secs / (1.0 + 2.0 * (rebuild_s + 1.0 / rate));
    check(&[(
        &half,
        &[
            four_sd(Mean("rebuilds_per_expiry", 0.0, secs), 2.0, (2.0 / cycles).sqrt()),
            (Peak("db_running", secs), 1.0, 1.0),
            (At("waiter_timeout", secs), 0.0, 0.0),
        ],
    )]);
    for seed in SEEDS {
        let numbers = measure(seed, &half, &[At("query_failed", secs), At("queries_failed", secs)]);
        let (each, crowd) = (numbers[0] / numbers[1], rate * rebuild_s);
        let sd = (crowd / numbers[1]).sqrt();
        println!("seed {seed}: {each} fail with a query, expected {}, standard deviation {sd}", 1.0 + crowd);
        assert!((each - 1.0 - crowd).abs() < 4.0 * sd, "seed {seed}: {each}");
    }
    // Without a lock everybody has an error, or a page, of their own.
    let setting = open(rate, rebuild_s * 1e3, 2000, 1.0, "&retries_max=0&query_failure_pct=50");
    for seed in SEEDS {
        let numbers = measure(seed, &setting, &[At("query_failed", 300.0), At("queries_failed", 300.0)]);
        assert!(numbers[0] == numbers[1] && numbers[0] > 1_000.0, "{numbers:?}");
    }
}

/// Every query fails. With an error kept for 5 s there is one query in 5 s, the rebuild of 0.5 s, and the time until the
/// next read; without, one whenever the last one is done.
#[test]
fn a_kept_error_protects_the_database_and_prolongs_the_outage() {
    let never = "&lock_scope=fleet&retries_max=0&query_failure_pct=100";
    let kept = open(100.0, 500.0, 16, 1.0, &format!("{never}&negative_ttl_s=5"));
    let secs: f64 = 1_101.0;
    // The next read comes after 10 ms on average, exponential: 200 of them make 0.14 s more or less, 2,157 make 0.46 s.
    check(&[
        (&kept, &[(At("queries", secs), 199.0, 201.0), dead(1.001, secs)]),
        (
            &open(100.0, 500.0, 16, 1.0, never),
            &[(At("queries", secs), 2_154.0, 2_162.0), (At("cached_error", secs), 0.0, 0.0)],
        ),
        // Old news is better than an error, and is given out without a query as long as the error is kept.
        (
            &format!("{kept}&stale_window_s=600"),
            &[(At("failed", 500.0), 0.0, 0.0), (At("queries", 501.0), 90.0, 92.0)],
        ),
    ]);
}

/// nginx/nginx #1189: whoever waits at a lock of nginx looks again every 500 ms, which adds up to 500 ms. If the rebuild
/// takes a whole number of looks, waits are 500, 1,000, 1,500 and 2,000 ms, each for a quarter of the crowd: half a look
/// longer than for those who are told.
#[test]
fn whoever_looks_again_now_and_then_waits_for_the_next_look() {
    let polls = |query_ms: f64, poll: u32| {
        open(1000.0, query_ms, 16, 2.0, &format!("&lock_scope=fleet&lock_poll_ms={poll}"))
    };
    check(&[
        (&polls(100.0, 0), &[(Peak("wait_ms", 60.0), 99.9, 100.0)]),
        (&polls(100.0, 500), &[(Peak("wait_ms", 60.0), 500.0, 500.0), (Peak("db_running", 60.0), 1.0, 1.0)]),
    ]);
    let secs = 400.0;
    for seed in SEEDS {
        let numbers = measure(
            seed,
            &polls(2000.0, 500),
            &[
                At("good", secs),
                At("hits", secs),
                At("rebuilds_per_expiry", secs),
                Mean("wait_ms", 0.0, secs),
                At("failed", secs),
            ],
        );
        let others = numbers[0] - numbers[1] - numbers[2];
        let mean = (numbers[3] * numbers[0] - 2000.0 * numbers[2]) / others;
        let sd = 500.0 * (15.0_f64 / 12.0).sqrt() / others.sqrt();
        println!("seed {seed}: {others} waited {mean:.2} ms, standard deviation of the mean {sd:.2}");
        assert!((mean - 1250.0).abs() < 4.0 * sd && numbers[4] == 0.0, "seed {seed}: {mean} ms");
    }
}

/// nginx calls it `proxy_cache_lock_timeout`, and layercache #59 is about it: whoever has waited long enough at a lock
/// asks the database. That saves the few from a dead holder, and the many from nothing.
#[test]
fn an_own_query_after_a_wait_helps_the_few_and_ruins_the_many() {
    let few = open(
        5.0,
        500.0,
        16,
        20.0,
        "&lock_scope=fleet&lock_ttl_s=60&timeout_ms=5000&retries_max=0&at=10,crash_holder",
    );
    check(&[
        (&few, &[(Rise("waiter_timeout", 20.0, 70.0), 100.0, EVER), (At("queries", 70.0), 0.0, 0.0)]),
        // Two seconds at the lock and half a second in the database.
        (
            &format!("{few}&lock_fallback_ms=2000"),
            &[(At("failed", 70.0), 0.0, 0.0), (Peak("wait_ms", 70.0), 2_500.0, 2_500.0)],
        ),
        // All are answered 2 s after the lock's 10 s are over, unless everybody goes past it before: of 6 s, 3 are spent
        // at the lock, 2 in the database, 1 until the next try, so that a third of all readers share the cores.
        ("lock_scope=fleet&at=50,crash_holder", &[healthy(85.0, 120.0), (At("queries", 110.0), 1.0, 1.0)]),
        (
            "lock_scope=fleet&at=50,crash_holder&lock_fallback_ms=3000",
            &[
                dead(60.0, 180.0),
                four_sd(Mean("db_running", 120.0, 180.0), 10_000.0 / 3.0, (10_000.0_f64 * 2.0 / 9.0).sqrt()),
            ],
        ),
    ]);
}

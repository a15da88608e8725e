//! Stampedes, early refreshes, locks and jitter against their formulas.

use std::f64::consts::{E, PI};

use warstories_sim::random::Stream;

use crate::Measure::{At, Mean, Peak, Rise};
use crate::{DEMAND, EVER, SEEDS, check, check_on, dead, four_sd, measure, open};

/// Whoever comes between the expiry and the first result sends a query of their own.
#[test]
fn a_stampede_is_as_large_as_the_crowd_that_comes_during_one_rebuild() {
    let claim = |rate: f64, rebuild_s: f64, secs: f64| {
        let cycles = secs / (1.0 + rebuild_s + 1.0 / rate);
        let crowd = rate * rebuild_s;
        let sd = crowd.sqrt() / cycles.sqrt();
        (
            open(rate, rebuild_s * 1e3, 2000, 1.0, ""),
            [four_sd(Mean("rebuilds_per_expiry", 0.0, secs), 1.0 + crowd, sd)],
        )
    };
    // 501 queries, and 3, where the first of them is a third of all.
    for (setting, bounds) in [claim(1000.0, 0.5, 300.0), claim(4.0, 0.5, 20_000.0)] {
        check(&[(&setting, &bounds)]);
    }
}

/// Vattani, Chierichetti and Lowenstein: with beta = 1 the first read to refresh early comes, in the limit of many
/// reads, delta (ln(r delta) + 0.57722) before the end, and e reads refresh in all. Reads refresh as an inhomogeneous
/// Poisson process with rate r e^(-t / delta), whose integral up to the first is exponential with mean 1 and grows by
/// the factor e during the rebuild: the number is 1 + Poisson(E (e - 1)), variance e (e - 1); the lead is Gumbel
/// distributed, with standard deviation delta pi / sqrt(6).
#[test]
fn early_refreshes_are_e_at_any_rate_and_lead_by_the_logarithm_of_it() {
    let rebuild_s: f64 = 0.5;
    for (rate, secs) in [(200.0_f64, 5_000.0), (1000.0, 1_500.0)] {
        let lead = rebuild_s * ((rate * rebuild_s).ln() + 0.577_215_66);
        let cycles = secs / (10.0 - lead + rebuild_s);
        check(&[(
            &open(rate, rebuild_s * 1e3, 2000, 10.0, "&xfetch_beta=1"),
            &[
                four_sd(Mean("rebuilds_per_expiry", 0.0, secs), E, (E * (E - 1.0) / cycles).sqrt()),
                four_sd(
                    Mean("early_lead_s", 0.0, secs),
                    lead,
                    rebuild_s * PI / 6.0_f64.sqrt() / cycles.sqrt(),
                ),
                (Peak("waiting", secs), 0.0, 0.0),
            ],
        )]);
    }
    let expected: f64 = 0.5 * (500.0_f64.ln() + 0.577_215_66);
    assert!((expected - 3.396).abs() < 5e-4);
}

#[test]
fn one_lock_lets_one_query_through_and_the_others_wait_half_of_it() {
    let setting = open(1000.0, 500.0, 16, 1.0, "&lock_scope=fleet");
    for seed in SEEDS {
        let numbers = measure(
            seed,
            &setting,
            &[
                Peak("rebuilds_per_expiry", 300.0),
                At("rebuilds_per_expiry", 300.0),
                At("queries_finished", 300.0),
                Peak("wait_ms", 300.0),
                At("good", 300.0),
                At("hits", 300.0),
                Mean("wait_ms", 0.0, 300.0),
                At("failed", 300.0),
                Peak("db_running", 300.0),
            ],
        );
        let [most, cycles, queries, longest, good, hits, mean_wait, failed, running] = numbers[..] else {
            panic!("nine measures")
        };
        assert_eq!((most, queries, running, failed), (1.0, cycles, 1.0, 0.0), "seed {seed}");
        assert!((199.0..=201.0).contains(&cycles), "seed {seed}: {cycles} expiries in 300 s of 1.5 s each");
        assert!((498.0..=500.0).contains(&longest), "seed {seed}: {longest} ms");
        // Whoever sends the query waits for all of it; the others come at any moment of it.
        let others = good - hits - cycles;
        let mean = (mean_wait * good - 500.0 * cycles) / others;
        let sd = 500.0 / 12.0_f64.sqrt() / others.sqrt();
        println!("seed {seed}: {others} waited {mean:.3} ms, standard deviation of the mean {sd:.3}");
        assert!((mean - 250.0).abs() < 4.0 * sd, "seed {seed}: {mean} ms");
    }
}

#[test]
fn stale_pages_longer_than_the_rebuild_leave_nobody_waiting() {
    check(&[
        (
            &open(1000.0, 500.0, 16, 1.0, "&stale_window_s=1"),
            &[
                (Peak("rebuilds_per_expiry", 300.0), 1.0, 1.0),
                (Peak("db_running", 300.0), 1.0, 1.0),
                (Peak("waiting", 300.0), 0.0, 0.0),
                (At("failed", 300.0), 0.0, 0.0),
                (Peak("stale_age_s", 300.0), 0.49, 0.51),
            ],
        ),
        // A window that ends before the rebuild does not.
        (&open(1000.0, 500.0, 16, 1.0, "&stale_window_s=0.4"), &[(Peak("waiting", 3.0), 50.0, EVER)]),
    ]);
}

/// 10,000 readers at one moment, with an empty cache; afterwards nobody is let in.
fn instant(more: &str) -> String {
    format!(
        "users=10000&think_s=60&retries_max=0&query_ms=200&query_distribution=constant&ttl_s=3600{more}\
         &at=1,purge_cache&at=1,breaking_news&at=1.1,shed"
    )
}

#[test]
fn ten_thousand_queries_that_share_sixteen_cores_end_together_after_125_s() {
    let peak = (Peak("db_running", 2.0), 10_000.0, 10_000.0);
    check_on(
        &(1..=2),
        &[
            (
                &instant("&timeout_ms=30000"),
                &[
                    peak,
                    dead(1.0, 200.0),
                    (At("fresh_keys", 200.0), 0.0, 0.0),
                    (At("timeout", 200.0), 10_000.0, 10_000.0),
                    (At("queries_cancelled", 200.0), 10_000.0, 10_000.0),
                ],
            ),
            (
                &instant("&timeout_ms=60000&cancel_on_timeout=false"),
                &[
                    peak,
                    (At("queries_finished", 125.999), 0.0, 0.0),
                    (At("queries_finished", 126.001), 10_000.0, 10_000.0),
                    (At("wasted_queries", 126.001), 10_000.0, 10_000.0),
                    (At("fresh_keys", 200.0), 0.0, 0.0),
                ],
            ),
        ],
    );
}

#[test]
fn ten_thousand_queries_in_line_fill_the_cache_after_the_first() {
    let line = "&db_discipline=fifo&timeout_ms=60000&cancel_on_timeout=false";
    let first = [
        (At("queries", 2.0), 10_000.0, 10_000.0),
        (At("queries_finished", 1.199), 0.0, 0.0),
        dead(1.0, 1.199),
        (At("fresh_keys", 1.201), 1.0, 1.0),
    ];
    let mut again = first.to_vec();
    again.extend([
        (At("queries_finished", 200.0), 16.0, 16.0),
        (At("queries_spared", 1.201), 9984.0, 9984.0),
        (Rise("good", 1.0, 1.201), 10_000.0, 10_000.0),
    ]);
    let mut all = first.to_vec();
    all.extend([
        (At("queries_finished", 1.201), 16.0, 16.0),
        (Rise("good", 1.0, 1.201), 16.0, 16.0),
        (At("queries_finished", 125.999), 9984.0, 9984.0),
        (At("queries_finished", 126.001), 10_000.0, 10_000.0),
    ]);
    check_on(&(1..=2), &[(&instant(&format!("{line}&fifo_recheck=true")), &again), (&instant(line), &all)]);
}

/// When the first query of a stampede has had its work: one query, others at random, all sharing the cores. Played by
/// itself, without a cache, an event list or a queue.
fn first_result(rate: f64, work: f64, cores: f64, stream: &mut Stream) -> f64 {
    let (mut time, mut served, mut queries) = (0.0, 0.0, 1.0_f64);
    loop {
        let speed = (cores / queries).min(1.0);
        let next = stream.exponential() / rate;
        if served + next * speed >= work {
            return time + (work - served) / speed;
        }
        (time, served, queries) = (time + next, served + next * speed, queries + 1.0);
    }
}

/// In the fluid limit r t queries share c cores after t; the first has had D of them when t = (c / r) e^(r D / c - 1).
/// With few cores it takes longer: the first query counts as well, and chance favours the crowd.
#[test]
fn the_first_result_of_a_stampede_comes_exponentially_late() {
    let mut stream = Stream::new(1, "by hand");
    let mut by_hand = |rate, cores, draws| {
        let times: Vec<_> = (0..draws).map(|_| 1e3 * first_result(rate, 0.2, cores, &mut stream)).collect();
        let mean = times.iter().sum::<f64>() / f64::from(draws);
        let squares = times.iter().map(|time| (time - mean) * (time - mean)).sum::<f64>();
        println!("by hand, {rate} a second, {cores} cores: {mean:.1} ms");
        (mean, squares / f64::from(draws))
    };
    let fluid = 16.0 / 300.0 * (300.0_f64 * 0.2 / 16.0 - 1.0).exp() * 1e3;
    assert!((fluid - 834.3).abs() < 0.05);
    let (limit, _) = by_hand(30_000.0, 1600.0, 300);
    assert!((limit / fluid - 1.0).abs() < 0.03, "{limit} ms, in the limit {fluid} ms");
    let (mean, variance) = by_hand(300.0, 16.0, 20_000);
    let setting = open(300.0, 200.0, 16, 10.0, "");
    let (mut sum, mut rebuilds) = (0.0, 0.0);
    for seed in 1..=12 {
        let numbers = measure(seed, &setting, &[Mean("rebuild_ms", 0.0, 1000.0), At("rebuild_ms", 1000.0)]);
        (sum, rebuilds) = (sum + numbers[0] * numbers[1], rebuilds + numbers[1]);
    }
    let (simulated, sd) = (sum / rebuilds, (variance / rebuilds).sqrt());
    println!("simulated: {simulated:.1} ms in {rebuilds} rebuilds, standard deviation of the mean {sd:.1}");
    assert!((simulated - mean).abs() < 4.0 * sd, "{simulated} ms, by hand {mean} ms");
}

#[test]
fn processes_that_coalesce_by_themselves_send_one_query_each() {
    for processes in [1.0, 20.0, 50.0] {
        let scope = format!("&lock_scope=process&app_processes={processes}");
        check(&[(
            &open(1000.0, 500.0, 2000, 1.0, &scope),
            &[
                (Mean("rebuilds_per_expiry", 0.0, 60.0), processes - 1e-9, processes + 1e-9),
                (Peak("rebuilds_per_expiry", 60.0), processes, processes),
                (Peak("db_running", 60.0), processes, processes),
            ],
        )]);
    }
}

#[test]
fn jitter_spreads_keys_and_moves_one() {
    // Half of the keys expire in the middle half of the time, a thirtieth in each second.
    let keys: f64 = 40.0 * 4000.0;
    for (from, to, share) in [(52.5, 67.5, 0.5_f64), (60.0, 61.0, 1.0 / 30.0), (74.0, 75.0, 1.0 / 30.0)] {
        let expiries = |seed| {
            measure(seed, "keys=4000&query_ms=10&users=1&ttl_jitter_s=15", &[Rise("expiries", from, to)])[0]
        };
        let sum: f64 = (1..=40).map(expiries).sum();
        let sd = (keys * share * (1.0 - share)).sqrt();
        println!(
            "{sum} keys of {keys} expire from {from} s to {to} s, {} standard deviations off",
            (sum - keys * share) / sd
        );
        assert!((sum - keys * share).abs() < 4.0 * sd, "{sum} of {keys} from {from} to {to}");
    }
    check(&[
        (
            "keys=4000&query_ms=10&lock_scope=fleet&ttl_jitter_s=15",
            &[(At("expiries", 44.99), 0.0, 0.0), (At("expiries", 75.0), 4000.0, 4000.0)],
        ),
        (
            "keys=4000&query_ms=10&lock_scope=fleet",
            &[(At("expiries", 59.99), 0.0, 0.0), (At("expiries", 60.0), 4000.0, 4000.0)],
        ),
        // One key is as dead as without jitter, at another moment.
        (
            "ttl_jitter_s=5",
            &[
                (At("expiries", 55.0), 0.0, 0.0),
                (At("expiries", 65.0), 1.0, 1.0),
                dead(65.0, 180.0),
                (Peak("db_running", 180.0), 8_500.0, 10_000.0),
            ],
        ),
    ]);
    let moments: Vec<_> =
        SEEDS.map(|seed| measure(seed, "ttl_jitter_s=5", &[Rise("good", 55.0, 65.0)])[0]).collect();
    let spread = moments.iter().fold(0.0_f64, |most, each| most.max(*each))
        - moments.iter().fold(f64::INFINITY, |least, each| least.min(*each));
    assert!(spread > DEMAND, "the moments are seconds apart: {moments:?}");
}

//! The simulator against queueing theory, on fixed seeds.
//!
//! Each point is measured in 20 independent runs. The mean over the runs must lie within 4 of its own standard
//! errors of the exact value (for quantiles, plus the 0.4 % that a histogram resolves). So that a test cannot pass
//! by being vague, the standard error itself is bounded.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a report for people is no part of a run"
)]

mod formula;
mod law;

use formula::{
    erlang_a, erlang_b, erlang_c, finite_population, mg1_wait, mmc_wait, mmc_wait_quantile, mmck_loss,
};
use warstories_sim::{Reading, Replay, SimTime, scenarios};

const RUNS: u64 = 20;
/// The mean service time of all points: a rate of 10 a second is one erlang.
const SERVICE_MS: f64 = 100.0;

/// What one run measured, in service times.
#[derive(Clone, Copy)]
enum Value {
    Mean(&'static str),
    P95(&'static str),
    P99(&'static str),
    /// Events of one counter in proportion to those of another.
    Ratio(&'static str, &'static str),
    /// Events each service time.
    Rate(&'static str),
}

struct Point {
    /// Parameters, in the spelling of links.
    setting: String,
    /// Length of each run, in service times.
    service_times: f64,
    /// Largest standard error that makes the point worth anything, in proportion to the exact value.
    vague: f64,
    exact: Vec<(Value, f64)>,
}

fn measure(setting: &str, seed: u64, service_times: f64, values: &[(Value, f64)]) -> Vec<f64> {
    let link = Replay::parse(&format!("queueing_lab?seed={seed}&service_ms={SERVICE_MS}&{setting}")).unwrap();
    assert_eq!(link.dropped, Vec::<String>::new());
    let mut run = scenarios::start(link.replay);
    assert!(run.advance(SimTime::from_millis_f64(service_times * SERVICE_MS), u64::MAX));
    let read = |id: &str| run.read(run.spec().metric(id).unwrap());
    let count = |id: &str| match read(id) {
        Reading::Count(count) => count as f64,
        other => panic!("{id} is not a counter: {other:?}"),
    };
    let measured = |(value, _): &(Value, f64)| match *value {
        Value::Mean(id) => match read(id) {
            Reading::Gauge { mean, .. } => mean,
            Reading::Histogram { mean, .. } => mean / SERVICE_MS,
            other => panic!("{id} has no mean: {other:?}"),
        },
        Value::P95(id) | Value::P99(id) => match (read(id), *value) {
            (Reading::Histogram { p95, .. }, Value::P95(_)) => p95 / SERVICE_MS,
            (Reading::Histogram { p99, .. }, _) => p99 / SERVICE_MS,
            (other, _) => panic!("{id} has no quantiles: {other:?}"),
        },
        Value::Ratio(part, whole) => count(part) / count(whole),
        Value::Rate(id) => count(id) / service_times,
    };
    values.iter().map(measured).collect()
}

fn check(points: &[Point]) {
    let mut wrong = Vec::new();
    for point in points {
        let runs: Vec<Vec<f64>> =
            (1..=RUNS).map(|seed| measure(&point.setting, seed, point.service_times, &point.exact)).collect();
        for (index, (value, exact)) in point.exact.iter().enumerate() {
            let n = RUNS as f64;
            let mean = runs.iter().map(|run| run[index]).sum::<f64>() / n;
            let variance =
                runs.iter().map(|run| (run[index] - mean) * (run[index] - mean)).sum::<f64>() / (n - 1.0);
            let error = (variance / n).sqrt();
            let (name, resolution) = match value {
                Value::Mean(id) => (format!("mean {id}"), 0.0),
                Value::P95(id) => (format!("p95 {id}"), 0.004),
                Value::P99(id) => (format!("p99 {id}"), 0.004),
                Value::Ratio(part, whole) => (format!("{part}/{whole}"), 0.0),
                Value::Rate(id) => (format!("{id} rate"), 0.0),
            };
            let sigmas = ((mean - exact).abs() - resolution * exact).max(0.0) / error;
            let line = format!(
                "{:<80} {name:<22} exact {exact:<12.6} measured {mean:<12.6} off by {sigmas:.2} sigma, sigma {:.3} %",
                point.setting,
                error / exact * 100.0
            );
            println!("{line}");
            if sigmas > 4.0 || error > point.vague * exact {
                wrong.push(line);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn open(c: u32, a: f64) -> String {
    format!("servers={c}&arrivals_per_s={}", (a * 10.0 * 1e6).round() / 1e6)
}

#[test]
fn waits_of_mmc_are_erlang_c() {
    let mut points = Vec::new();
    for (c, rho, arrivals, vague) in [
        (1, 0.5, 200e3, 0.01),
        (1, 0.7, 200e3, 0.01),
        (1, 0.8, 400e3, 0.01),
        (1, 0.9, 1e6, 0.015),
        (2, 0.5, 200e3, 0.01),
        (2, 0.8, 400e3, 0.01),
        (4, 0.5, 200e3, 0.015),
        (4, 0.7, 200e3, 0.01),
        (4, 0.9, 1e6, 0.015),
        (8, 0.7, 200e3, 0.015),
        (8, 0.8, 400e3, 0.01),
        (10, 0.8, 400e3, 0.01),
        (10, 0.9, 1e6, 0.015),
        (16, 0.8, 400e3, 0.015),
        (16, 0.9, 1e6, 0.015),
        (32, 0.8, 400e3, 0.015),
        (32, 0.9, 1e6, 0.02),
        (100, 0.9, 1e6, 0.02),
    ] {
        let a = rho * f64::from(c);
        let mut exact = vec![
            (Value::Mean("wait_probability"), erlang_c(c, a)),
            (Value::Mean("wait_ms"), mmc_wait(c, a)),
            (Value::Mean("waiting"), mmc_wait(c, a) * a),
            (Value::Mean("utilization"), rho),
        ];
        let p99 = mmc_wait_quantile(c, a, 0.99);
        if p99 > 0.1 {
            exact.push((Value::P99("wait_ms"), p99));
        }
        points.push(Point { setting: open(c, a), service_times: arrivals / a, vague, exact });
    }
    check(&points);
}

#[test]
fn sojourns_of_mm1_are_exponential() {
    let points = [0.5, 0.8].map(|rho| Point {
        setting: open(1, rho),
        service_times: 500e3 / rho,
        vague: 0.01,
        exact: vec![
            (Value::Mean("sojourn_ms"), 1.0 / (1.0 - rho)),
            (Value::P95("sojourn_ms"), 20_f64.ln() / (1.0 - rho)),
            (Value::P99("sojourn_ms"), 100_f64.ln() / (1.0 - rho)),
            (Value::Mean("in_system"), rho / (1.0 - rho)),
        ],
    });
    check(&points);
}

#[test]
fn variation_of_service_sets_the_wait_as_pollaczek_and_khinchine_say() {
    let mut points = Vec::new();
    for (distribution, cv2) in
        [("constant", 0.0), ("uniform", 1.0 / 3.0), ("exponential", 1.0), ("log_normal", 4.0)]
    {
        for rho in [0.5, 0.8] {
            points.push(Point {
                setting: format!("{}&service_distribution={distribution}", open(1, rho)),
                service_times: 500e3 / rho,
                vague: 0.02,
                exact: vec![
                    (Value::Mean("wait_ms"), mg1_wait(rho, cv2)),
                    // Arrivals see time averages, so the share that waits is the utilization.
                    (Value::Mean("wait_probability"), rho),
                ],
            });
        }
    }
    check(&points);
}

#[test]
fn losses_are_erlang_b_whatever_the_distribution() {
    let mut points = Vec::new();
    for (c, a, distribution) in [
        (10, 5.0, "exponential"),
        (10, 8.0, "exponential"),
        (10, 10.0, "exponential"),
        (50, 45.0, "exponential"),
        (10, 8.0, "constant"),
        (10, 8.0, "log_normal"),
    ] {
        points.push(Point {
            setting: format!("{}&may_wait=false&service_distribution={distribution}", open(c, a)),
            service_times: 200e3 / a,
            vague: 0.01,
            exact: vec![
                (Value::Ratio("rejected", "arrived"), erlang_b(c, a)),
                (Value::Mean("busy"), a * (1.0 - erlang_b(c, a))),
            ],
        });
    }
    check(&points);
}

#[test]
fn a_queue_limit_loses_as_mmck_says() {
    let points = [(1, 5, 0.8), (1, 10, 1.2), (2, 10, 1.8), (10, 20, 9.5)].map(|(c, k, a)| Point {
        setting: format!("{}&queue_limit={}", open(c, a), k - c),
        service_times: 1e6 / a,
        vague: 0.01,
        exact: vec![(Value::Ratio("rejected", "arrived"), mmck_loss(c, k, a))],
    });
    check(&points);
}

#[test]
fn a_finite_population_limits_itself() {
    let points = [(10, 1), (20, 1), (50, 4)].map(|(n, c)| {
        let (throughput, response) = finite_population(n, c, 9.0);
        Point {
            setting: format!("servers={c}&clients={n}&think_ms=900"),
            service_times: 200e3,
            vague: 0.005,
            exact: vec![(Value::Rate("done"), throughput), (Value::Mean("sojourn_ms"), response)],
        }
    });
    check(&points);
}

#[test]
fn impatience_is_erlang_a() {
    let points = [(10, 9.0, 0.1), (10, 12.0, 0.5)].map(|(c, a, theta): (u32, f64, f64)| {
        let (abandon, wait, queue) = erlang_a(c, a, theta);
        Point {
            setting: format!("{}&patience_ms={}", open(c, a), SERVICE_MS / theta),
            service_times: 100e3,
            vague: 0.01,
            exact: vec![
                (Value::Ratio("abandoned", "arrived"), abandon),
                (Value::Mean("wait_probability"), wait),
                (Value::Mean("waiting"), queue),
            ],
        }
    });
    check(&points);
}

#[test]
fn processor_sharing_does_not_care_for_the_distribution() {
    let mut points = Vec::new();
    for distribution in ["constant", "uniform", "exponential", "log_normal"] {
        for rho in [0.5, 0.8] {
            points.push(Point {
                setting: format!(
                    "{}&discipline=processor_sharing&service_distribution={distribution}",
                    open(1, rho)
                ),
                service_times: 500e3 / rho,
                vague: 0.02,
                exact: vec![
                    (Value::Mean("sojourn_ms"), 1.0 / (1.0 - rho)),
                    (Value::Mean("in_system"), rho / (1.0 - rho)),
                ],
            });
        }
    }
    check(&points);
}

/// Overload is a matter of arithmetic: the queue grows by what comes and does not go, and drains the same way.
#[test]
fn overload_grows_and_drains_like_a_fluid() {
    // 15 a second come, 10 a second go, for 1000 s; then 5 a second come.
    let setting = "service_ms=100&service_distribution=constant&arrivals_per_s=15&at=1000,arrivals_per_s=5";
    let waiting_at = |seed: u64, secs: u64| {
        let link = Replay::parse(&format!("queueing_lab?seed={seed}&{setting}")).unwrap();
        let mut run = scenarios::start(link.replay);
        run.advance(SimTime::from_secs(secs), u64::MAX);
        match run.read(run.spec().metric("waiting").unwrap()) {
            Reading::Gauge { last, .. } => last,
            other => panic!("waiting is not a gauge: {other:?}"),
        }
    };
    for seed in 1..=5 {
        // The arrivals are Poisson: their number in 1000 s has the standard deviation √15000, and √(15000 + 2500)
        // in all at 1500 s.
        assert!((waiting_at(seed, 1000) - 5000.0).abs() < 4.0 * 15_000_f64.sqrt());
        assert!((waiting_at(seed, 1500) - 2500.0).abs() < 4.0 * 17_500_f64.sqrt());
    }
}

//! Who comes again, how soon, and how often.

use super::*;

/// Customers who have given up and pause before another try.
#[test]
fn after_retries_are_stopped_nobody_comes_again() {
    let crowd = "&base_tx_s=40&client_patience_s=5&client_retries=3";
    let stop = "&at=60,stop_retries";
    let (mut run, mut free) = (run(&format!("{crowd}{stop}")), self::run(crowd));
    run.advance(at(60.0), u64::MAX);
    let (came, pausing) = (run.model().customers.came, run.model().customers.pausing);
    let tries = run.ctx().metrics.arrived.total();
    assert!(pausing > 100, "{pausing}");
    for run in [&mut run, &mut free] {
        run.advance(at(70.0), u64::MAX);
    }
    assert_eq!(run.ctx().metrics.arrived.total() - tries, run.model().customers.came - came);
    assert_eq!(run.model().customers.pausing, 0);
    // New customers are the same ones.
    assert_eq!(run.model().customers.came, free.model().customers.came);
}

/// Everybody patient: the only failures are those of the restart.
const RESTART: &str = "&base_tx_s=20&at=10,restart_now";

#[test]
fn customers_whom_a_restart_refused_come_again_only_where_that_is_set() {
    let fingerprint = |setting: &str| {
        let mut run = run(&format!("{RESTART}{setting}"));
        run.advance(at(120.0), u64::MAX);
        run.fingerprint()
    };
    assert_eq!(fingerprint("&client_retries=5"), fingerprint(""));
    assert_ne!(fingerprint("&client_retries=5&retry_failed=true"), fingerprint("&retry_failed=true"));
}

/// A restart of ten minutes: five pauses end after 7.5 s at most, so everybody but those of the last moments makes all
/// six tries in vain.
#[test]
fn each_customer_makes_as_many_retries_as_are_allowed_after_the_first_try() {
    let mut run = run(&format!("{RESTART}&restart_s=600&client_retries=5&retry_failed=true"));
    run.advance(at(70.0), u64::MAX);
    let (customers, refused) = (run.model().customers, run.ctx().metrics.refused_restarting.total());
    let killed = run.ctx().metrics.killed_by_restart.total();
    assert!(customers.lost > 10_000 && killed > 0 && customers.pausing > 0);
    // Who was killed had used up the first of the six.
    let tries = refused + killed;
    assert!(
        6 * customers.lost <= tries && tries <= 6 * (customers.lost + customers.pausing),
        "{customers:?}"
    );
}

/// A restart of a minute refuses whoever comes in it at any moment of it, and their tries again. Lost is whose last pause
/// still ends in it: with the sum S of the five pauses, P(S ≤ 60 − t), averaged over the moments t of coming. S is a sum of
/// uniform pauses from 0.5 s up to 1.5, 1.5 … s, or to 1.5, 3, 6, 12, 24 s, or to 1.5, 6, 24, 60, 60 s; the convolution of
/// these gives 0.917, 0.592 and 0.065. The customers lost are binomial among those who came.
#[test]
fn pauses_that_grow_outlast_a_restart() {
    for (growth, lost) in [("1", 0.917), ("2", 0.592), ("4", 0.065)] {
        let mut run = run(&format!(
            "&base_tx_s=10&sleep_ms=0&at=10,restart_now&client_retries=5&retry_failed=true&retry_growth={growth}"
        ));
        run.advance(at(10.0), u64::MAX);
        let (before, killed) = (run.model().customers.came, run.ctx().metrics.killed_by_restart.total());
        run.advance(at(70.0), u64::MAX);
        let came = (run.model().customers.came - before) as f64;
        run.advance(at(300.0), u64::MAX);
        let found = run.model().customers.lost as f64;
        assert_eq!(run.model().customers.pausing, 0);
        // Some of those who were killed are lost as well.
        let error = 4.0 * libm::sqrt(came * lost * (1.0 - lost));
        let expected = came * lost;
        assert!(
            found > expected - error && found < expected + error + killed as f64,
            "{growth}: {found}, {expected}"
        );
    }
}

/// The bucket is full of 100 tokens when the restart comes, of which those who are killed take what they need; from then on
/// somebody waits for every token that is earned.
#[test]
fn a_retry_budget_bounds_the_retries_of_all_customers_together() {
    let retries = |budget: &str| {
        let mut run = run(&format!("{RESTART}&restart_s=600&client_retries=5&retry_failed=true{budget}"));
        run.advance(at(10.0) - SimTime::from_nanos(1), u64::MAX);
        let before = run.model().customers.came;
        run.advance(at(300.0), u64::MAX);
        let customers = run.model().customers;
        // Who pauses has taken a token already.
        let retries = run.ctx().metrics.arrived.total() - customers.came + customers.pausing;
        (retries, customers.came, customers.came - before)
    };
    let (free, came, _) = retries("");
    assert!(free > 4 * came);
    for percent in [10, 20, 50] {
        let (retries, came, after) = retries(&format!("&retry_budget_pct={percent}"));
        assert!(came - after > 1000, "the bucket is full");
        let earned = (100 * 100 + after * percent) / 100;
        assert_eq!(retries, earned, "{percent} % of {after}");
    }
}

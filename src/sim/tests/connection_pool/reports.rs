//! Public reports of connection pools as runs: what the pool's own settings, its size and the database's limit do.
//! Expected values are arithmetic or queueing theory; a tolerance is exact, or four standard errors of what is measured.

use super::*;

/// One instance without sleep or spike, whose statements take as long as their mean; calls downstream take `call_ms`.
fn plain(slots: u64, db_ms: f64, call_ms: f64, tx_s: f64) -> String {
    format!(
        "app_instances=1&pool_size={slots}&db_ms={db_ms}&downstream_ms={call_ms}&sleep_ms=0&base_tx_s={tx_s}\
         &spike_multiplier=1&service_distribution=constant"
    )
}

/// Whether a mean is what it should be exactly, but for the rounding of a quotient.
fn is(mean: f64, exact: f64) -> bool {
    (mean - exact).abs() < 1e-9 * exact
}

/// What is measured on each seed, side by side.
fn on_seeds(setting: &str, measures: &[Measure]) -> Vec<Vec<f64>> {
    FEW_SEEDS.flat_map(|seed| measure(seed, &[(setting, measures.to_vec())])).collect()
}

/// The mean of independent runs, and its standard error.
fn mean_and_error(runs: &[f64]) -> (f64, f64) {
    let count = runs.len() as f64;
    let mean = runs.iter().sum::<f64>() / count;
    let squares: f64 = runs.iter().map(|run| (run - mean) * (run - mean)).sum();
    (mean, libm::sqrt(squares / (count - 1.0) / count))
}

/// `HikariCP` #1314: a connection carries about 200 queries a second of 5 ms, and about 10 of 100 ms. While a connection is
/// always in use it completes one transaction each `hold`, so the count of any stretch is exact but for one at its ends.
#[test]
fn a_connection_carries_one_over_the_time_that_it_is_held() {
    for (db_ms, call_ms, tx_s, each_s) in [(4.0, 1.0, 300.0, 200.0), (90.0, 10.0, 20.0, 10.0)] {
        let crowd =
            plain(1, db_ms, call_ms, tx_s / 10.0).replace("multiplier=1", "multiplier=10&spike_at_s=0");
        let busy = ("02:31:00", "02:33:00");
        for run in
            on_seeds(&crowd, &[Grown("completed", busy.0, busy.1), Mean("pool_utilization", busy.0, busy.1)])
        {
            assert!(is(run[1], 1.0), "{crowd}");
            assert!((run[0] - 120.0 * each_s).abs() <= 1.0, "{crowd}: {run:?}");
        }
    }
}

/// hindsight #3414 holds a connection through the write to another store, and 28 of them are not enough any more. Where
/// each is held for one second and 26 a second come at random, this is the queue M/D/28: the number waiting after a
/// second is what was there before and could not be served, plus a Poisson number (C. D. Crommelin, 1932), and the
/// equilibrium of that recursion gives a mean wait of 0.1582 s.
#[test]
fn pinned_connections_wait_as_long_as_theory_says() {
    let hour = Mean("wait_s", "02:40:00", "03:50:00");
    let waits: Vec<f64> = (1..=24)
        .map(|seed| measure(seed, &[(plain(28, 900.0, 100.0, 26.0).as_str(), vec![hour])])[0][0])
        .collect();
    let (mean, error) = mean_and_error(&waits);
    println!("mean wait {mean:.4} ± {error:.4}");
    assert!((mean - 0.1582).abs() < 4.0 * error, "{mean} ± {error}");
    assert!(error < 0.01, "{error} tells nothing");
}

/// Ten connections, each held for 2.1 s, carry 10 / 2.1 = 4.762 a second, and 5 a second come. Who has waited for 30 s is
/// refused, so the line is bounded and everybody who gets a connection is served: none of the work is for nobody.
#[test]
fn with_an_acquire_timeout_a_full_pool_serves_what_it_can_and_refuses_the_rest() {
    let full = format!("{}&acquire_timeout_s=30", plain(10, 2000.0, 100.0, 5.0));
    // It takes ten minutes until the line is as long as the wait allows.
    let (from, to) = ("03:00:00", "03:50:00");
    let asked = [
        Grown("good", from, to),
        Grown("acquire_timeout", from, to),
        Mean("pool_utilization", from, to),
        At("zombie", to),
        At("abandoned", to),
    ];
    for run in on_seeds(&full, &asked) {
        let (served, refused, busy) = (run[0], run[1], run[2]);
        assert!(is(busy, 1.0));
        assert_eq!((run[3], run[4]), (0.0, 0.0));
        // Each connection is at work all the time: one more or less at either end of the 3,000 s.
        assert!((served - 3000.0 * 10.0 / 2.1).abs() <= 10.0, "{served}");
        // The rest of the Poisson arrivals, 4.76 %; the line is shorter or longer by a few at either end.
        let expected = 3000.0 * (5.0 - 10.0 / 2.1);
        assert!((refused - expected).abs() <= 4.0 * libm::sqrt(3000.0 * 5.0) + 10.0, "{refused}, {expected}");
    }
    // Who waits is never told after more than 30 s, and whoever is given a connection had waited less.
    let mut run = start(1, &full);
    run.advance(time("03:50:00"), u64::MAX);
    let Reading::Histogram { max, .. } = run.read(run.spec().metric("wait_s").unwrap()) else { panic!() };
    assert!(max <= 30.0 && max > 29.0, "{max}");
}

/// Four reports of one kind: `HikariCP` #2096 (8 connections, all active, 128 waiting, refused after 10.486 s), ckan #5863
/// (5 + 10 connections, 30 s), Prisma #24891 (5 connections, 10 s), and `HikariCP` #922 (30 s). Where λ a second come and μ are
/// served, all of those in line who came less than T ago are still there but those served: by Little's law the line is λ
/// times the mean wait. Nobody waits longer than T; who is served had waited less by the time until the head of the line
/// would have been refused. That time is a workload that grows by a gap between arrivals whenever somebody is served and
/// shrinks with the clock, an M/M/1 queue if connections become free at random and less if they do so evenly; its mean is
/// 1 / (λ − μ). So the line is between λT − μ / (λ − μ) and λT, give or take four times √(λT²/t), the error of a mean over
/// the time t.
#[test]
fn the_line_for_a_full_pool_is_as_long_as_the_acquire_timeout_allows() {
    let (from, to, seconds) = ("02:40:00", "03:40:00", 3600.0);
    for (slots, hold_s, timeout_s, tx_s) in
        [(8, 1.0, 10.486, 12.2), (15, 1.5, 30.0, 20.0), (5, 0.5, 10.0, 15.0), (10, 0.5, 30.0, 53.0)]
    {
        let full =
            format!("{}&acquire_timeout_s={timeout_s}", plain(slots, hold_s * 1000.0 - 100.0, 100.0, tx_s));
        let served = slots as f64 / hold_s;
        let error = 4.0 * timeout_s * libm::sqrt(tx_s / seconds);
        let most = tx_s * timeout_s + error;
        let least = tx_s * timeout_s - served / (tx_s - served) - error;
        for run in on_seeds(&full, &[Mean("queue_depth", from, to), Mean("connections_in_use", from, to)]) {
            println!("{slots} connections, {timeout_s} s: {} in {least}..{most}", run[0]);
            assert!(is(run[1], slots as f64));
            assert!((least..=most).contains(&run[0]), "{full}: {} in {least}..{most}", run[0]);
        }
    }
}

/// Transactions that hold one connection and ask for another, so many of them at once; 200 a second come.
fn nested(workers: u64, slots: u64) -> String {
    format!(
        "app_instances=1&worker_threads={workers}&pool_size={slots}&connections_per_tx=2&sleep_ms=0&base_tx_s=100\
         &spike_multiplier=2&spike_at_s=0"
    )
}

/// `HikariCP` #442: fifty threads that each hold a connection and ask for a second one of ten.
#[test]
fn a_pool_locks_itself_when_everybody_holds_one_connection_and_wants_another() {
    let locked = ("02:40:00", "03:50:00");
    for run in on_seeds(
        &nested(50, 10),
        &[
            Grown("completed", locked.0, locked.1),
            Mean("db_running", locked.0, locked.1),
            Mean("connections_in_use", locked.0, locked.1),
            Mean("queue_depth", locked.0, locked.1),
        ],
    ) {
        // Ten hold one each, and all fifty wait; the database has nothing to do.
        assert_eq!(run, [0.0, 0.0, 10.0, 50.0]);
    }
}

/// The wiki of `HikariCP` ("About Pool Sizing"): threads × (connections − 1) + 1 are enough. If each of n threads has one and
/// waits for another, there is one left.
#[test]
fn with_one_connection_more_than_there_are_threads_no_pool_locks_itself() {
    for workers in [1_u64, 2, 3, 7, 20, 50] {
        let crowd = nested(workers, workers + 1);
        for seed in FEW_SEEDS {
            let mut run = start(seed, &crowd);
            let mut before = 0.0;
            // A statement and a call take at most 620 ms while nobody else slows them down.
            while run.now() < SimTime::from_secs(600) {
                run.advance(run.now() + SimTime::from_secs(1), u64::MAX);
                let completed = now(run.as_ref(), "completed");
                assert!(completed > before || run.now() == SimTime::from_secs(1), "{crowd} at {}", run.now());
                before = completed;
            }
        }
    }
}

/// Sequelize #10976: five transactions in a pool of five each start another; all stand still for the 60 s of the acquire
/// timeout. Then those who wait are refused one by one, what they held goes to others, and it locks again.
#[test]
fn an_acquire_timeout_opens_a_locked_pool_for_a_while() {
    let mut run = start(1, &format!("{}&acquire_timeout_s=60", nested(0, 5)));
    let mut still = Vec::new();
    let (mut completed, mut since) = (0.0, SimTime::ZERO);
    while run.now() < SimTime::from_secs(1200) {
        run.advance(run.now() + SimTime::from_millis_f64(100.0), u64::MAX);
        if now(run.as_ref(), "completed") > completed {
            still.push((run.now() - since).as_secs_f64());
            (completed, since) = (now(run.as_ref(), "completed"), run.now());
        }
    }
    let longest = still.iter().fold(0.0, |longest: f64, pause| longest.max(*pause));
    println!("completed {completed}, {still:?}");
    assert!(now(run.as_ref(), "acquire_timeout") > 1000.0);
    // The last to ask before it locked is refused 60 s later; whoever gets its connection works for 620 ms at most.
    assert!((50.0..=60.8).contains(&longest), "{longest}");
    assert!(completed > 20.0);
}

/// mdn-http-observatory #386: five pods, and a database of 100 connections. Pools of 20 never ask for more; who finds none
/// waits in the application. Of larger pools the database refuses some, also those of pods that have fewer than others.
#[test]
fn pools_that_add_up_to_the_databases_limit_are_never_refused() {
    let pods = "app_instances=5&db_max_connections=100&base_tx_s=25&spike_multiplier=6&spike_at_s=60";
    let busy = ("02:35:00", "03:00:00");
    let asked = [
        At("db_refused", busy.1),
        Peak("connections_open", busy.1),
        Mean("connections_in_use", busy.0, busy.1),
        Grown("completed", busy.0, busy.1),
        At("queue_depth", busy.1),
        Peak("connections_in_use", "02:31:00"),
    ];
    for (small, large) in on_seeds(&format!("{pods}&pool_size=20"), &asked)
        .iter()
        .zip(on_seeds(&format!("{pods}&pool_size=40"), &asked))
    {
        assert_eq!((small[0], small[1]), (0.0, 100.0));
        assert!(is(small[2], 100.0));
        // 150 a second come, 100 are served, each on a connection that is held for a second: 1,500 s of work for each.
        assert!(
            (small[3] - 150_000.0).abs() <= 100.0 + 4.0 * libm::sqrt(150_000.0 * 0.03 * 0.16),
            "{small:?}"
        );
        assert!(small[4] > 50.0 * 1000.0, "{small:?}");
        // Nobody waits in pools that the database keeps small. While all goes well 25 are in use, and none is refused.
        assert_eq!((large[1], large[4]), (100.0, 0.0));
        assert!(large[5] < 60.0, "{large:?}");
        assert!(large[0] > 0.0);
    }
}

/// Where the database refuses and nobody waits, a pool is the loss system of Erlang: of 30 a second that come at random
/// and would hold one of 20 connections for a second, the share B(20, 30) = 0.3801 is lost, whatever the distribution of
/// that second is.
#[test]
fn the_database_refuses_the_share_that_erlangs_loss_formula_says() {
    let share = |seed: u64| {
        let setting = format!("{}&db_max_connections=20", plain(100, 900.0, 100.0, 30.0));
        let (from, to) = ("02:35:00", "03:50:00");
        let measures = vec![Grown("db_refused", from, to), Grown("arrived", from, to)];
        let run = &measure(seed, &[(setting.as_str(), measures)])[0];
        run[0] / run[1]
    };
    let shares: Vec<f64> = (1..=24).map(share).collect();
    let (mean, error) = mean_and_error(&shares);
    assert!((mean - 0.38008).abs() < 4.0 * error && error < 0.002, "{mean} ± {error}");
}

//! The truths of `connection_pool`: throughputs that the slots allow, the timeline, what a restart costs, what each
//! lesson asks for, on seeds 1 to 6. Conservation (every transaction is somewhere, none past the limit, the ledger is
//! the sum of its entries, the integral of those present is the sum of their times) is tested for every scenario in
//! `runs.rs`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a report for people is no part of a run"
)]

mod reports;
mod retries;

use warstories_sim::probe::Probe;
use warstories_sim::{Playable, Reading, Replay, SimTime, scenarios};

type Seeds = std::ops::RangeInclusive<u64>;
const SEEDS: Seeds = 1..=6;
/// For runs of many times the traffic.
const FEW_SEEDS: Seeds = 1..=3;

/// What to measure of a run; moments are times of the story's clock.
#[derive(Clone, Copy, Debug)]
enum Measure {
    /// A counter's total or a gauge's value at a moment.
    At(&'static str, &'static str),
    /// What a counter grows by between two moments.
    Grown(&'static str, &'static str, &'static str),
    /// The same for each second between them.
    Rate(&'static str, &'static str, &'static str),
    /// The mean of a gauge between two moments, or of what a histogram saw between them.
    Mean(&'static str, &'static str, &'static str),
    /// A gauge's greatest value up to a moment.
    Peak(&'static str, &'static str),
    /// The first whole second after the first moment, and before the second, at which nobody waits; infinite if there
    /// is none.
    Empty(&'static str, &'static str),
}
use Measure::{At, Empty, Grown, Mean, Peak, Rate};

impl Measure {
    fn moments(self) -> [&'static str; 2] {
        match self {
            At(_, at) | Peak(_, at) => [at, at],
            Grown(_, from, to) | Rate(_, from, to) | Mean(_, from, to) | Empty(from, to) => [from, to],
        }
    }
}

fn time(text: &str) -> SimTime {
    SimTime::parse(text, scenarios::find("connection_pool").unwrap().clock).unwrap()
}

fn replay(seed: u64, setting: &str) -> Replay {
    let link = Replay::parse(&format!("connection_pool?seed={seed}&{setting}")).unwrap();
    assert_eq!(link.dropped, Vec::<String>::new());
    link.replay
}

fn start(seed: u64, setting: &str) -> Box<dyn Playable> {
    scenarios::start(replay(seed, setting))
}

fn value(reading: Reading) -> f64 {
    match reading {
        Reading::Count(count) => count as f64,
        Reading::Money(usd) => usd,
        Reading::Gauge { last, .. } => last,
        Reading::Histogram { .. } => panic!("a histogram has no single value: {reading:?}"),
    }
}

fn now(run: &dyn Playable, id: &str) -> f64 {
    value(run.read(run.spec().metric(id).unwrap()))
}

/// A run, and how many wait at the end of each of its seconds.
struct Watched {
    run: Box<dyn Playable>,
    queue: Vec<f64>,
}

impl Watched {
    /// The run of `setting` that remembers `moments`. Of the runs in `stems` it goes on with one that began alike, and
    /// leaves there what it was before its first input, so that what many settings have in common is played once.
    fn start(seed: u64, setting: &str, moments: &[SimTime], stems: &mut Vec<Self>) -> Self {
        let replay = replay(seed, setting);
        let mut watched = stems
            .iter_mut()
            .rev()
            .find_map(|stem| stem.run.adopt(&replay).then(|| stem.copy()))
            .unwrap_or_else(|| {
                let mut run = scenarios::start(replay.clone());
                assert!(moments.iter().all(|moment| run.probe(*moment)));
                Self { run, queue: Vec::new() }
            });
        if let Some((first, _)) = replay.inputs().first() {
            watched.play(*first - SimTime::from_secs(1));
            stems.push(watched.copy());
        }
        watched
    }

    fn copy(&self) -> Self {
        Self { run: self.run.checkpoint(), queue: self.queue.clone() }
    }

    fn play(&mut self, until: SimTime) {
        while self.run.now() < until {
            self.run.advance(self.run.now() + SimTime::from_secs(1), u64::MAX);
            self.queue.push(now(self.run.as_ref(), "queue_depth"));
        }
    }

    fn read(&self, measure: Measure) -> f64 {
        let run = &self.run;
        let read =
            |id: &str, at: &str| -> Probe { run.probed(time(at)).unwrap()[run.spec().metric(id).unwrap()] };
        let grown = |id, from, to| value(read(id, to).reading) - value(read(id, from).reading);
        let seconds = |from, to| (time(to) - time(from)).as_secs_f64();
        match measure {
            At(id, at) => value(read(id, at).reading),
            Grown(id, from, to) => grown(id, from, to),
            Rate(id, from, to) => grown(id, from, to) / seconds(from, to),
            Mean(id, from, to) => read(id, to).sums.mean_since(read(id, from).sums),
            Peak(id, at) => match read(id, at).reading {
                Reading::Gauge { max, .. } => max,
                other => panic!("{id} is not a gauge: {other:?}"),
            },
            Empty(from, to) => {
                let [from, to] = [from, to].map(|at| time(at).as_secs_f64() as usize);
                (from + 1..=to)
                    .find(|second| self.queue[second - 1] == 0.0)
                    .map_or(f64::INFINITY, |second| second as f64)
            }
        }
    }
}

/// Plays each setting once with `seed` and measures everything asked for.
fn measure(seed: u64, settings: &[(&str, Vec<Measure>)]) -> Vec<Vec<f64>> {
    let ends = settings.iter().flat_map(|(_, measures)| measures).flat_map(|measure| measure.moments());
    let mut moments: Vec<_> = ends.map(time).collect();
    moments.sort_unstable();
    moments.dedup();
    let mut stems = Vec::new();
    let one = |(setting, measures): &(&str, Vec<Measure>)| {
        let mut watched = Watched::start(seed, setting, &moments, &mut stems);
        let end = measures.iter().flat_map(|measure| measure.moments()).map(time).max().unwrap();
        watched.play(end);
        measures.iter().map(|measure| watched.read(*measure)).collect()
    };
    settings.iter().map(one).collect()
}

/// A measure, and the bounds that it must lie between on every seed.
type Bounds = (Measure, f64, f64);

/// Each measure must lie between its bounds on every seed.
fn check(claims: &[(&str, &[Bounds])]) {
    check_on(SEEDS, claims);
}

fn check_on(seeds: Seeds, claims: &[(&str, &[Bounds])]) {
    let settings: Vec<(&str, Vec<Measure>)> = claims
        .iter()
        .map(|(setting, bounds)| (*setting, bounds.iter().map(|(measure, ..)| *measure).collect()))
        .collect();
    let seeds: Vec<_> = seeds.map(|seed| measure(seed, &settings)).collect();
    let mut wrong = Vec::new();
    for (claim, (setting, bounds)) in claims.iter().enumerate() {
        for (index, (measure, low, high)) in bounds.iter().enumerate() {
            let values: Vec<_> = seeds.iter().map(|seed| seed[claim][index]).collect();
            let line = format!("{setting}: {measure:?} in {low}..={high}: {values:.3?}");
            println!("{line}");
            if !values.iter().all(|value| (low..=high).contains(&value)) {
                wrong.push(line);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The end of the story's run, ten minutes of good service, and what is completed safely from the patch on.
const GOOD: Measure = Grown("slo_ok_s", "03:38:00", "03:48:00");
const SAFE: Measure = Grown("safe_completed", "03:31:00", "03:48:00");
const NEVER: f64 = f64::INFINITY;

#[test]
fn slots_and_the_time_they_are_held_set_the_throughput() {
    let rate = |expected: f64, share: f64| {
        [(Rate("completed", "02:35:00", "02:40:00"), expected * (1.0 - share), expected * (1.0 + share))]
    };
    // 200 slots, each held for half a second of work and the sleep.
    let saturated = "spike_multiplier=22&spike_at_s=0";
    let flooded = "spike_multiplier=40&spike_at_s=0";
    check(&[
        (saturated, &rate(200.0, 0.005)),
        (&format!("{saturated}&sleep_ms=0"), &rate(400.0, 0.01)),
        (&format!("{saturated}&sleep_ms=150"), &rate(200.0 / 0.65, 0.01)),
        (&format!("{saturated}&sleep_ms=250"), &rate(200.0 / 0.75, 0.01)),
        // Past the knee: n = N - X (0.1 + sleep) statements run, X = (P / 0.4) / (1 + k (n - P)).
        (&format!("{flooded}&pool_size=400"), &rate(354.0, 0.02)),
        (&format!("{flooded}&pool_size=1000"), &rate(137.8, 0.02)),
    ]);
}

#[test]
fn the_night_goes_as_it_was_told() {
    // At 03:31 wait 2,940 s of 19.583 a second; the arrivals are Poisson, so four deviations are 3,213.
    let waiting = |seconds: f64| 57_575.0 - seconds * 180.417;
    let depth = |at, seconds| (At("queue_depth", at), waiting(seconds) - 3213.0, waiting(seconds) + 3213.0);
    // Who comes then waits until all before them have gone, 400 a second.
    let wait = |from, to, seconds| {
        (Mean("wait_s", from, to), waiting(seconds) / 400.0 - 8.0, waiting(seconds) / 400.0 + 8.0)
    };
    check(&[
        (
            "at=03:31:00,hot_patch_sleep",
            &[
                (Mean("connections_in_use", "02:32:00", "02:42:00"), 18.0, 26.0),
                (At("connections_in_use", "03:17:00"), 199.0, 200.0),
                (At("queue_depth", "03:17:00"), 41_125.0 - 2_800.0, 41_125.0 + 2_800.0),
                (Peak("downstream_util", "03:31:00"), 68.0, 71.5),
                (At("queue_depth", "03:22:00"), 44_100.0, 49_900.0),
                depth("03:31:00", 0.0),
                depth("03:33:00", 120.0),
                depth("03:35:00", 240.0),
                wait("03:33:23", "03:33:25", 0.0),
                wait("03:34:29", "03:34:31", 120.0),
                wait("03:35:35", "03:35:37", 240.0),
                (Empty("03:31:01", "03:40:00"), 3959.0, 3999.0),
                (Mean("pool_utilization", "03:38:00", "03:48:00"), 0.549 * 0.98, 0.549 * 1.02),
                (At("completed_ratio", "03:40:00"), 0.999, 1.0),
                (GOOD, 570.0, 600.0),
                // Customers without end to their patience are late, not lost: two ledgers.
                (At("bled_usd", "03:17:00"), 0.0, 0.0),
                (At("bled_usd", "03:48:00"), 0.63e6, 0.83e6),
                (At("confirmed_loss_usd", "03:48:00"), 0.0, 0.0),
            ],
        ),
        ("", &[(At("bled_usd", "03:48:00"), 1.4e6, 1.7e6), (At("confirmed_loss_usd", "03:48:00"), 0.0, 0.0)]),
    ]);
}

/// A queue of Q that loses 400 - 219.583 a second lasts Q / 180.417 seconds.
#[test]
fn a_queue_drains_at_what_is_completed_less_what_arrives() {
    let patches = ["02:57:00", "03:05:00", "03:17:00", "03:24:00", "03:31:00"];
    let settings = patches.map(|at| format!("at={at},hot_patch_sleep"));
    let asked = |index: usize| {
        (settings[index].as_str(), vec![At("queue_depth", patches[index]), Empty(patches[index], "03:38:00")])
    };
    let claims: Vec<_> = (0..patches.len()).map(asked).collect();
    for seed in SEEDS {
        for (patch, run) in patches.iter().zip(measure(seed, &claims)) {
            let (queue, took) = (run[0], run[1] - time(patch).as_secs_f64());
            let expected = queue / (400.0 - 219.583);
            let off = took / expected - 1.0;
            println!("{patch}, seed {seed}: {queue} are gone after {took} s, {off:+.4} off {expected:.1} s");
            assert!(off.abs() < 0.03, "{patch}, seed {seed}");
        }
    }
}

/// One pool of 100, exponential service of a tenth of a second, 90 % busy: the textbook's M/M/100. A transaction waits
/// with probability 0.216940, and for 0.021694 services on average.
#[test]
fn a_pool_in_calm_weather_is_the_queue_of_the_textbooks() {
    let calm = "app_instances=1&sleep_ms=0&service_distribution=exponential&db_ms=99&downstream_ms=1&db_parallelism=2000\
        &downstream_share_points=1&downstream_scale=10&base_tx_s=100&spike_multiplier=9&spike_at_s=0";
    let (mut full, mut looks, mut waited, mut count) = (0_u32, 0_u32, 0.0, 0.0);
    for seed in SEEDS {
        let mut run = start(seed, calm);
        let wait = run.spec().metric("wait_s").unwrap();
        let end = run.spec().length;
        while run.now() < end {
            run.advance(run.now() + SimTime::from_millis_f64(50.0), u64::MAX);
            // Arrivals that come at random see what anybody sees who looks now and then.
            looks += 1;
            full += u32::from(now(run.as_ref(), "connections_in_use") >= 100.0);
        }
        let Reading::Histogram { count: all, mean, .. } = run.read(wait) else { panic!("no histogram") };
        waited += mean * all as f64;
        count += all as f64;
    }
    let (full, wait) = (f64::from(full) / f64::from(looks), waited / count / 0.1);
    println!("{count} transactions: {full:.6} wait, for {wait:.6} services");
    assert!((full / 0.216_940 - 1.0).abs() < 0.02);
    assert!((wait / 0.021_694 - 1.0).abs() < 0.06);
}

#[test]
fn a_restart_kills_what_is_there_and_refuses_what_comes() {
    for seed in SEEDS {
        let mut run = start(seed, "at=03:24:00,restart_now");
        run.advance(SimTime::from_nanos(time("03:24:00").nanos() - 1), u64::MAX);
        let (present, arrived) = (now(run.as_ref(), "in_system"), now(run.as_ref(), "arrived"));
        run.advance(time("03:26:00"), u64::MAX);
        // The next arrival may fall into the last nanosecond, which no clock shows.
        assert_eq!(now(run.as_ref(), "killed_by_restart"), present, "seed {seed}");
        let refused = now(run.as_ref(), "refused_restarting");
        let expected = 219.583 * 60.0_f64;
        assert!((refused - expected).abs() < 4.0 * expected.sqrt(), "seed {seed}: {refused}");
        assert!(now(run.as_ref(), "arrived") > arrived);
    }
    check(&[
        (
            "at=03:24:00,restart_now",
            &[
                (At("confirmed_loss_usd", "03:48:00"), 2.55e6, 2.80e6),
                // 23 minutes of 19.583 a second more than go; the arrivals are Poisson, their deviation is √303,024.
                (At("queue_depth", "03:48:00"), 27_025.0 - 2202.0, 27_025.0 + 2202.0),
            ],
        ),
        (
            "at=03:24:00,pool_size=200&at=03:24:00,restart_now",
            &[(At("completed_ratio", "03:40:00"), 0.88, 0.95)],
        ),
        (
            "at=03:24:00,pool_size=200&at=03:24:00,gradual_drain",
            &[
                (At("completed_ratio", "03:40:00"), 0.96, 0.998),
                (At("confirmed_loss_usd", "03:48:00"), 0.0, 0.0),
            ],
        ),
        ("at=03:31:00,sleep_ms=250", &[(At("completed_ratio", "03:40:00"), 0.94, 0.98)]),
        ("", &[(At("completed_ratio", "03:40:00"), 0.90, 0.93), (GOOD, 0.0, 0.0)]),
    ]);
}

#[test]
fn what_the_downstream_system_can_take_depends_on_whose_load_it_is() {
    let after = |sleep: &str| format!("downstream_share_points=35&at=03:31:00,sleep_ms={sleep}");
    let wide = "downstream_share_points=35&at=03:31:00,pool_dynamic=true&at=03:31:00,pool_size=300&at=03:31:00,sleep_ms=0";
    check(&[
        (
            &after("0"),
            &[
                (SAFE, 139_000.0, 143_500.0),
                (Peak("downstream_util", "03:48:00"), 97.0, 100.0),
                (At("downstream_timeout", "03:48:00"), 0.0, 0.0),
                (At("others_timeout", "03:48:00"), 0.0, 0.0),
            ],
        ),
        (&after("150"), &[(SAFE, 276_000.0, 282_500.0), (Peak("downstream_util", "03:48:00"), 86.0, 90.0)]),
        (&after("250"), &[(SAFE, 268_000.0, 275_999.0)]),
        (&after("500"), &[(SAFE, 202_000.0, 206_000.0)]),
        // A pool is a bulkhead: at 20 times the traffic a hundred slots ask for no more than there is room for downstream.
        (
            "downstream_share_points=35&sleep_ms=0&spike_multiplier=20",
            &[(At("downstream_timeout", "03:00:00"), 0.0, 0.0), (At("others_timeout", "03:00:00"), 0.0, 0.0)],
        ),
        (
            "downstream_share_points=35&sleep_ms=0&spike_multiplier=20&pool_size=300",
            &[(Mean("others_ok_tx_s", "02:45:00", "03:00:00"), 0.0, 1.0)],
        ),
        // At our share of the story's night the others make 967 calls a second, and all of them get through.
        (
            "at=03:31:00,sleep_ms=0",
            &[
                (At("others_timeout", "03:48:00"), 0.0, 0.0),
                (Mean("others_ok_tx_s", "03:31:00", "03:36:00"), 966.5, 966.8),
            ],
        ),
        (
            wide,
            &[
                (At("downstream_timeout", "03:48:00"), 104_000.0, 108_500.0),
                // The other systems make 200 calls a second, and for four minutes hardly one gets through.
                (At("others_timeout", "03:48:00"), 47_000.0, 50_500.0),
                (Mean("others_ok_tx_s", "03:32:00", "03:35:00"), 0.0, 1.0),
                (At("confirmed_loss_usd", "03:48:00"), 4.3e6, 4.7e6),
            ],
        ),
        (
            &format!("{wide}&at=03:31:00,breaker=true"),
            &[
                (At("downstream_timeout", "03:48:00"), 8_000.0, 15_000.0),
                (At("breaker_open", "03:48:00"), 108_000.0, 125_000.0),
                (At("others_timeout", "03:48:00"), 2_000.0, 5_000.0),
                (Mean("others_ok_tx_s", "03:32:00", "03:35:00"), 180.0, 200.0),
                (At("confirmed_loss_usd", "03:48:00"), 5.0e6, 6.0e6),
            ],
        ),
    ]);
}

#[test]
fn pools_that_scale_themselves_come_late_and_may_go_too_far() {
    check_on(
        FEW_SEEDS,
        &[
            (
                "spike_multiplier=20&autoscale=true",
                &[
                    (GOOD, 0.0, 0.0),
                    (Empty("02:45:00", "03:48:00"), NEVER, NEVER),
                    (Rate("completed", "03:38:00", "03:48:00"), 354.0 * 0.98, 354.0 * 1.02),
                ],
            ),
            (
                "spike_multiplier=20&autoscale=true&pool_max=300",
                &[
                    (Peak("queue_depth", "03:00:00"), 29_500.0, 32_500.0),
                    (Empty("02:45:00", "03:48:00"), 1218.0, 1278.0),
                    (GOOD, 570.0, 600.0),
                ],
            ),
            (
                "spike_multiplier=20&autoscale=true&pool_max=300&warm_up_s=120&autoscale_cooldown_s=600",
                &[
                    (Peak("queue_depth", "03:20:00"), 114_000.0, 123_000.0),
                    (Empty("02:45:00", "03:48:00"), 2865.0, 2985.0),
                    (GOOD, 570.0, 600.0),
                ],
            ),
            ("spike_multiplier=20&autoscale=true&pool_max=1000", &[(GOOD, 0.0, 0.0)]),
            ("spike_multiplier=20&calendar_listed=true", &[(Peak("queue_depth", "03:00:00"), 0.0, 50.0)]),
            (
                "spike_multiplier=20",
                &[
                    (Rate("arrived", "02:45:00", "03:00:00"), 430.0, 448.0),
                    // 900 s of 239.2 a second; four deviations of the arrivals are 2,513, and the slots take some.
                    (At("queue_depth", "02:57:00"), 212_580.0, 217_980.0),
                ],
            ),
        ],
    );
}

#[test]
fn impatient_customers_keep_a_system_busy_with_dead_work() {
    let night = "client_patience_s=30&client_retries=3&at=03:31:00,sleep_ms=0";
    let goodput = Rate("good", "03:40:00", "03:48:00");
    check_on(
        FEW_SEEDS,
        &[
            (night, &[(goodput, 0.0, 5.0)]),
            (&format!("{night}&at=03:31:00,cancel_abandoned=true"), &[(goodput, 0.0, 5.0)]),
            (
                &format!("{night}&at=03:31:00,cancel_abandoned=true&at=03:31:00,client_retries=0"),
                &[(goodput, 215.0, 225.0)],
            ),
            // Or the door is kept closed for some: who is let in is served, once nobody waits for nothing.
            (
                &format!("{night}&at=03:31:00,cancel_abandoned=true&at=03:31:00,shed"),
                &[(goodput, 178.0, 181.0)],
            ),
            (
                &format!("{night}&at=03:31:00,cancel_abandoned=true&at=03:31:00,admission_tx_s=300"),
                &[(goodput, 215.0, 225.0), (GOOD, 570.0, 600.0)],
            ),
        ],
    );
}

/// The commit claims a load test at a hundred times the traffic: it needs more downstream, or something that stands
/// in for it, and everything else as well.
#[test]
fn a_hundred_times_the_traffic_needs_four_things_at_once() {
    let four = ["sleep_ms=0", "pool_size=700", "db_parallelism=1200", "downstream_scale=4"];
    let test = "spike_multiplier=100&spike_at_s=3600";
    let without = |left: usize| {
        let kept = four.iter().enumerate().filter(|(index, _)| *index != left).map(|(_, change)| *change);
        format!("{test}&{}", kept.collect::<Vec<_>>().join("&"))
    };
    let settings: Vec<_> = (0..four.len()).map(without).collect();
    let bad = Grown("slo_ok_s", "03:38:00", "03:40:00");
    let overrun = [(bad, 0.0, 0.0)];
    // Every call times out.
    let drowned = [(bad, 0.0, 0.0), (Rate("good", "03:38:00", "03:40:00"), 0.0, 5.0)];
    check_on(
        FEW_SEEDS,
        &[
            (&format!("{test}&{}", four.join("&")), &[(GOOD, 600.0, 600.0)]),
            (&settings[0], &overrun),
            (&settings[1], &overrun),
            (&settings[2], &overrun),
            (&settings[3], &drowned),
        ],
    );
}

/// Runs that differ in what serves them share every arrival.
#[test]
fn arrivals_are_the_same_whatever_serves_them() {
    let minutes: Vec<_> = ["02:31:00", "02:42:00", "02:43:00", "02:50:00"].map(|at| At("arrived", at)).into();
    let settings = [
        "",
        "sleep_ms=0",
        "pool_size=300",
        "app_instances=5",
        "downstream_share_points=35",
        "autoscale=true",
    ];
    for seed in SEEDS {
        let runs = measure(seed, &settings.map(|setting| (setting, minutes.clone())));
        for (setting, run) in settings.iter().zip(&runs) {
            assert_eq!(run, &runs[0], "{setting}, seed {seed}");
        }
    }
}

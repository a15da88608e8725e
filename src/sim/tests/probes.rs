//! What a run remembers is what one would have read on the spot, and asking changes nothing.
#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use warstories_sim::probe::{Followed, MAX_FOLLOWED, MAX_PROBES};
use warstories_sim::scenarios::{self, find};
use warstories_sim::{Input, Playable, Reading, Replay, SimTime};

fn replay(seed: u64) -> Replay {
    let spec = find("queueing_lab").expect("the lab");
    let mut replay = Replay::new(spec).with_seed(seed);
    let arrivals = spec.param("arrivals_per_s").expect("arrivals");
    for (secs, value) in [(5, 20.0), (12, 3.0)] {
        let input = Input::Change { param: arrivals, value };
        replay.add(SimTime::from_secs(secs), input).expect("a change");
    }
    replay
}

fn readings(run: &dyn Playable) -> Vec<(Reading, Reading)> {
    (0..run.spec().metrics.len()).map(|metric| (run.read(metric), run.recent(metric))).collect()
}

const END: SimTime = SimTime::from_secs(20);

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1997),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_moment_is_remembered_as_it_was(
        seed: u64,
        moments in prop::collection::vec(0..=20_000_u64, 1..8),
        budget in 1..50_u64,
    ) {
        let mut run = scenarios::start(replay(seed));
        let moments: Vec<_> = moments.into_iter().map(|millis| SimTime::from_nanos(millis * 1_000_000)).collect();
        for at in &moments {
            prop_assert!(run.probe(*at) && run.probed(*at).is_none());
        }
        while !run.advance(END, budget) {
            run = run.checkpoint();
        }
        let mut untouched = scenarios::start(replay(seed));
        untouched.advance(END, u64::MAX);
        prop_assert_eq!((run.events(), run.fingerprint()), (untouched.events(), untouched.fingerprint()));
        for at in moments {
            let mut there = scenarios::start(replay(seed));
            there.advance(at, u64::MAX);
            let expected = readings(there.as_ref());
            let probed = run.probed(at).map(|all| all.iter().map(|one| (one.reading, one.recent)).collect::<Vec<_>>());
            prop_assert_eq!(format!("{:?}", probed), format!("{:?}", Some(expected)));
        }
    }
}

/// Between two ends of buckets the extremes are those of everything in between, and the sums give its mean.
#[test]
fn extremes_and_means_of_a_window_are_exact() {
    let spec = find("queueing_lab").expect("the lab");
    let waiting = spec.metric("waiting").expect("a gauge");
    let (from, to) = (SimTime::from_secs(6), SimTime::from_secs(9));
    let mut run = scenarios::start(replay(3));
    assert!(run.probe(to) && run.probe(from));
    run.advance(END, u64::MAX);
    let mut slow = scenarios::start(replay(3));
    slow.advance(from, u64::MAX);
    let last = |run: &dyn Playable| match run.read(waiting) {
        Reading::Gauge { last, .. } => last,
        other => panic!("{other:?}"),
    };
    let (mut low, mut high, mut integral) = (last(slow.as_ref()), last(slow.as_ref()), 0.0);
    while slow.now() < to {
        let (before, value) = (slow.now(), last(slow.as_ref()));
        let next = slow.next_time().map_or(to, |next| next.min(to));
        slow.advance(next, u64::MAX);
        integral += value * (next - before).as_secs_f64();
        (low, high) = (low.min(last(slow.as_ref())), high.max(last(slow.as_ref())));
    }
    let (Some(begin), Some(end)) = (run.probed(from), run.probed(to)) else { panic!("not remembered") };
    assert_eq!(end[waiting].extremes, (low, high));
    let mean = end[waiting].sums.mean_since(begin[waiting].sums);
    assert!((mean - integral / 3.0).abs() < 1e-9, "{mean} {integral}");
}

#[test]
fn the_past_and_too_many_moments_are_refused() {
    let mut run = scenarios::start(replay(1));
    run.advance(SimTime::from_secs(2), u64::MAX);
    assert!(!run.probe(SimTime::from_secs(1)));
    let moments = |first: u64| (first..first + MAX_PROBES as u64).map(SimTime::from_secs);
    assert!(moments(2).all(|at| run.probe(at)) && moments(2).all(|at| run.probe(at)));
    assert!(!run.probe(SimTime::from_secs(1_000_000)));
}

/// What a run follows is what it says at the end of each sample bucket, however far each call plays.
#[test]
fn a_followed_metric_is_read_at_the_end_of_every_bucket() {
    let replay = || Replay::parse("queueing_lab?seed=3&arrivals_per_s=12").expect("a link").replay;
    let spec = replay().spec();
    let [waiting, wait] = ["waiting", "wait_ms"].map(|id| spec.metric(id).expect("a metric"));
    let asked = [Followed { metric: waiting, recent: false }, Followed { metric: wait, recent: true }];
    let mut whole = scenarios::start(replay());
    let mut pieces = scenarios::start(replay());
    for each in asked {
        assert!(whole.follow(each) && pieces.follow(each));
    }
    let width = spec.sample_width();
    let mut expected = [Vec::new(), Vec::new()];
    for bucket in 1..=20 {
        let end = SimTime::from_nanos(bucket * width.nanos());
        pieces.advance(end - SimTime::from_nanos(width.nanos() / 3), u64::MAX);
        pieces.advance(end, u64::MAX);
        expected[0].push(pieces.read(waiting));
        expected[1].push(pieces.recent(wait));
    }
    whole.advance(pieces.now(), u64::MAX);
    for (each, expected) in asked.into_iter().zip(&expected) {
        assert_eq!(whole.followed(each), Some(expected.as_slice()));
        assert_eq!(pieces.followed(each), Some(expected.as_slice()));
    }
    let late = Followed { metric: waiting, recent: true };
    assert!(!whole.follow(late) && whole.followed(late).is_none(), "the past is over");
    whole.advance(spec.length + spec.length, u64::MAX);
    let count = spec.length.nanos() / width.nanos();
    assert_eq!(whole.followed(asked[0]).map(<[_]>::len), Some(count as usize), "up to the usual length");
}

#[test]
fn a_run_follows_so_many_metrics_and_no_more() {
    let mut run = scenarios::start(replay(1));
    let metrics = 0..run.spec().metrics.len();
    let all: Vec<_> =
        metrics.flat_map(|metric| [false, true].map(|recent| Followed { metric, recent })).collect();
    assert!(all.len() > MAX_FOLLOWED);
    let followed = all.iter().filter(|each| run.follow(**each)).count();
    assert_eq!(followed, MAX_FOLLOWED);
    assert!(run.follow(all[0]), "whoever asks again asks for no more");
}

use super::*;

const fn spec(kind: MetricKind) -> MetricSpec {
    MetricSpec { id: "", label: "", doc: "", unit: Unit::Milliseconds, kind, thresholds: &[] }
}

fn secs(secs: u64) -> SimTime {
    SimTime::from_secs(secs)
}

#[test]
fn a_gauge_has_no_value_before_its_first() {
    let spec = spec(Gauge::KIND);
    let mut gauge = Gauge::default();
    let Reading::Gauge { last, mean, min, max } = gauge.read(secs(5), &spec) else { panic!("a gauge") };
    assert!([last, mean, min, max].iter().all(|value| value.is_nan()));
    assert!(gauge.close(secs(10), &spec).iter().all(|value| value.is_nan()));
    let before = gauge.sums(secs(10), &spec);

    gauge.set(secs(15), 60.0);
    gauge.set(secs(17), 50.0);
    // Two of the five seconds since then were at 60; the time before does not count.
    assert_eq!(gauge.close(secs(20), &spec), [54.0, 50.0, 60.0]);
    assert_eq!(gauge.close(secs(30), &spec), [50.0; 3]);
    let expected = Reading::Gauge { last: 50.0, mean: 770.0 / 15.0, min: 50.0, max: 60.0 };
    assert_eq!(gauge.read(secs(30), &spec), expected);
    assert_eq!(gauge.sums(secs(30), &spec).mean_since(before), 770.0 / 15.0);
}

#[test]
fn a_level_starts_at_what_it_is_set_to_at_the_start() {
    let spec = spec(Level::KIND);
    let mut level = Level::default();
    level.set(SimTime::ZERO, 1);
    level.set(SimTime::ZERO, 5);
    assert_eq!(level.read(secs(1), &spec), Reading::Gauge { last: 5.0, mean: 5.0, min: 5.0, max: 5.0 });
    level.close(secs(1), &spec);
    level.set(secs(2), 7);
    assert_eq!(level.read(secs(4), &spec), Reading::Gauge { last: 7.0, mean: 6.0, min: 5.0, max: 7.0 });

    let mut from_nothing = Level::default();
    from_nothing.set(secs(1), 3);
    assert_eq!(
        from_nothing.read(secs(2), &spec),
        Reading::Gauge { last: 3.0, mean: 1.5, min: 0.0, max: 3.0 }
    );
}

#[test]
fn a_state_is_sampled_as_it_is_at_the_end() {
    let spec = MetricSpec { unit: Unit::States(&["up", "slow", "down"]), ..spec(Level::KIND) };
    let mut level = Level::default();
    level.set(secs(2), 2);
    level.set(secs(9), 1);
    let first = level.close(secs(10), &spec);
    assert_eq!(first, [1.0, 0.0, 2.0]);
    level.set(secs(19), 2);
    assert_eq!(spec.merged(&[first, level.close(secs(20), &spec)], 0, secs(10)), 2.0);
}

#[test]
fn a_share_has_no_value_before_its_first_event() {
    let spec = spec(Share::KIND);
    let mut share = Share::default();
    let Reading::Gauge { mean, min, .. } = share.read(secs(1), &spec) else { panic!("a gauge") };
    assert!(mean.is_nan() && min.is_nan());
    share.add(true);
    assert_eq!(share.read(secs(1), &spec), Reading::Gauge { last: 1.0, mean: 1.0, min: 1.0, max: 1.0 });
}

#[test]
fn the_maximum_of_constant_durations_is_their_mean() {
    let spec = spec(Histogram::KIND);
    let mut histogram = Histogram::default();
    let most = |reading| match reading {
        Reading::Histogram { mean, max, p999, .. } => {
            assert!(p999 <= max);
            (mean, max)
        }
        other => panic!("not a histogram: {other:?}"),
    };
    for _ in 0..1000 {
        histogram.observe(SimTime::from_nanos(100_300_000));
    }
    assert_eq!(most(histogram.read(secs(1), &spec)), (100.3, 100.3));
    histogram.close(secs(1), &spec);
    assert_eq!(most(histogram.recent(secs(1), &spec)), (100.3, 100.3));
    // The window forgets a maximum together with its bucket, the run does not.
    for bucket in 0..=WINDOW_BUCKETS as u64 {
        histogram.observe(SimTime::from_nanos(7_000_000));
        histogram.close(secs(2 + bucket), &spec);
    }
    assert_eq!(most(histogram.recent(secs(9), &spec)).1, 7.0);
    assert_eq!(most(histogram.read(secs(9), &spec)).1, 100.3);
}

#[test]
fn a_ledger_is_its_entries_in_dollars() {
    let spec = spec(Money::KIND);
    let mut money = Money::default();
    money.enter(2_010_000);
    assert_eq!(money.sums(secs(10), &spec), Sums { total: 2.01, weight: 10.0 });
    assert_eq!(money.close(secs(10), &spec), [2.01; 3]);
    money.enter(-510_000);
    assert_eq!((money.micros(), money.read(secs(20), &spec)), (1_500_000, Reading::Money(1.5)));
    assert_eq!(money.close(secs(20), &spec), [1.5; 3]);
    // Whatever is merged, it is how things stand at the end.
    assert_eq!(spec.merged(&[[2.01; 3], [1.5; 3]], 0, secs(10)), 1.5);
    assert_eq!(money.sums(secs(20), &spec), Sums { total: 1.5, weight: 20.0 });
}

#[test]
fn a_counter_a_failure_and_a_share_tell_what_their_means_are_made_of() {
    let (mut counter, mut reason, mut share) = (Counter::default(), Failure::default(), Share::default());
    counter.add(3);
    counter.add_one();
    reason.add_one();
    share.add(true);
    share.add(false);
    let of = |total| Sums { total, weight: 8.0 };
    assert_eq!(counter.sums(secs(8), &spec(Counter::KIND)), of(4.0));
    assert_eq!(reason.sums(secs(8), &spec(Failure::KIND)), of(1.0));
    assert_eq!(share.sums(secs(8), &spec(Share::KIND)), Sums { total: 1.0, weight: 2.0 });
    assert_eq!(share.counts(), (1, 2));
    assert_eq!(counter.close(secs(8), &spec(Counter::KIND)), [4.0; 3]);
    counter.add_one();
    assert_eq!(counter.close(secs(9), &spec(Counter::KIND)), [1.0; 3]);
}

/// Its thresholds are about the 99th percentile, which is known at the end of a sample bucket.
#[test]
fn a_histogram_reaches_no_threshold_in_the_middle_of_a_bucket() {
    let mut histogram = Histogram::default();
    assert!(histogram.level().is_nan());
    histogram.observe(secs(1));
    assert!(histogram.level().is_nan());
}

#[test]
fn the_level_of_a_share_is_that_of_the_latest_bucket_with_events() {
    let mut share = Share::default();
    assert!(share.level().is_nan());
    share.add(true);
    share.add(false);
    share.close(secs(1), &spec(Share::KIND));
    assert_eq!(share.level(), 0.5);
}

#[test]
fn a_rate_is_of_a_second_however_long_its_interval() {
    let mut rate = Rate::default();
    (0..6).for_each(|_| rate.add_one());
    rate.show(secs(2));
    assert_eq!(rate.level(), 3.0);
}

#[test]
fn the_mean_of_sizes_is_made_of_their_sum_and_number() {
    let mut sizes = Sizes::default();
    for size in [3, 5] {
        sizes.observe(size);
    }
    assert_eq!(sizes.sums(secs(1), &spec(Sizes::KIND)), Sums { total: 8.0, weight: 2.0 });
}

#[test]
fn where_nothing_was_observed_only_the_count_is_a_number() {
    let nothing = Histogram::default().read(secs(1), &spec(Histogram::KIND));
    for statistic in Statistic::ALL {
        let value = statistic.of(nothing);
        assert!(
            if statistic == Statistic::Count { value == 0.0 } else { value.is_nan() },
            "{}",
            statistic.word()
        );
    }
}

#[test]
fn each_quantile_is_its_own() {
    let reading =
        Reading::Histogram { count: 1, mean: 2.0, p50: 3.0, p95: 4.0, p99: 5.0, p999: 6.0, max: 7.0 };
    let quantiles = [Statistic::P50, Statistic::P95, Statistic::P99, Statistic::P999];
    assert_eq!(quantiles.map(|quantile| quantile.of(reading)), [3.0, 4.0, 5.0, 6.0]);
}

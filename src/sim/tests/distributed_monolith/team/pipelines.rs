//! The way of a change: lines, runs and hand-overs, to the nanosecond.

use warstories_sim::metric::Sums;
use warstories_sim::scenarios::distributed_monolith::team::SPEC;
use warstories_sim::snapshot::Life;
use warstories_sim::{Playable, Reading, SimTime};

use crate::{days, minutes, now, play, played, start, sums, told};

/// When each change was merged in the first `days_played` days, found by playing one event at a time.
fn merges(seed: u64, setting: &str, days_played: f64) -> Vec<SimTime> {
    let (mut run, mut merges) = (start(seed, setting), Vec::new());
    while run.next_time().is_some_and(|next| next <= days(days_played)) {
        let before = now(&run, "merged");
        run.advance(days(days_played), 1);
        if now(&run, "merged") > before {
            merges.push(run.now());
        }
    }
    merges
}

/// First come, first served, one at a time: a change begins when it is there and the one before it is through (Lindley,
/// 1952). Run to the end of the last one, the waits and lead times add up to the nanosecond.
#[test]
fn one_pipeline_takes_one_change_after_the_other() {
    for (seed, setting, run_min) in
        [(1, "layout=single&developers=40", 15.0), (2, "layout=single&developers=20", 21.7)]
    {
        let setting = format!("{setting}&pipeline_min={run_min}");
        let merged = merges(seed, &setting, 5.0);
        assert!(merged.len() > 80, "{}", merged.len());
        let (mut free, mut waited, mut took) = (SimTime::ZERO, 0_u128, 0_u128);
        let mut longest = SimTime::ZERO;
        for at in &merged {
            let begin = free.max(*at);
            longest = longest.max(begin - *at);
            free = begin + minutes(run_min);
            waited += u128::from((begin - *at).nanos());
            took += u128::from((free - *at).nanos());
        }
        // Nobody merges any more once the whole team runs the platform.
        let mut run = start(
            seed,
            &format!("{setting}&at={},developers=1&at={},platform_engineers=1", days(5.0), days(5.0)),
        );
        play(&mut run, free.previous());
        assert_eq!(now(&run, "shipped"), merged.len() as f64 - 1.0, "the last one is under way");
        play(&mut run, free);
        assert_eq!(now(&run, "shipped"), merged.len() as f64);
        let metrics = &run.ctx().metrics;
        assert_eq!(metrics.pipeline_wait_min.sum_nanos(), waited, "{setting}");
        assert_eq!(metrics.lead_time_min.sum_nanos(), took, "{setting}");
        let Reading::Histogram { max, .. } = run.read(SPEC.metric("pipeline_wait_min").unwrap()) else {
            panic!("waits are durations")
        };
        assert!((max - longest.as_secs_f64() / 60.0).abs() < 1e-9, "{max} min is not the longest wait");
    }
}

/// The steps of a life, with their lengths; the last one is over.
fn steps(life: &Life) -> Vec<(&'static str, SimTime)> {
    life.spans.iter().map(|span| (span.name, span.to.unwrap() - span.from)).collect()
}

#[test]
fn a_change_goes_through_as_many_pipelines_as_it_touches_services() {
    for touched in 1..=6_usize {
        let setting = format!("services_per_change={touched}&coordination_min=45&pipeline_min=7.5");
        let run = played(3, &setting, days(10.0));
        assert!(run.ended().len() > 20, "{}", run.ended().len());
        for life in run.ended() {
            assert_eq!((life.outcome, life.failed), (Some("shipped"), false));
            let steps = steps(life);
            let named = |name: &str| -> Vec<SimTime> {
                steps.iter().filter(|(step, _)| *step == name).map(|(_, span)| *span).collect()
            };
            assert_eq!(named("was deployed"), vec![minutes(7.5); touched]);
            assert_eq!(named("was handed over"), vec![minutes(45.0); touched - 1]);
            assert_eq!(named("waited for a pipeline").len(), touched);
            assert_eq!(steps.len(), 3 * touched - 1);
        }
    }
}

/// What is deployed together takes one run, and nothing is handed over.
#[test]
fn one_application_is_deployed_once_however_much_a_change_touches() {
    let run = played(4, "layout=single&services_per_change=6", days(10.0));
    assert!(run.ended().iter().all(|life| steps(life).len() == 2));
    assert_eq!(now(&run, "merged"), sums(&run, "pipeline_wait_min").weight);
}

/// Of the services that a change touches, those in the core are drawn without replacement: their number is hypergeometric,
/// and so are mean and variance of the runs. A team of a hundred merges enough changes to tell.
#[test]
fn touched_services_are_different_ones_and_the_core_counts_once() {
    let choose = |n: u32, k: u32| (0..k).map(|i| f64::from(n - i) / f64::from(k - i)).product::<f64>();
    for (leftover, touched) in [(2_u32, 3_u32), (2, 6), (0, 2), (1, 4)] {
        let (beside, services) = (3 + leftover, 20);
        let core = services - beside;
        // With k services beside the core, there are k runs, and one more where the core is touched, too.
        let law = (0..=touched.min(beside)).filter(|k| touched - k <= core).map(|k| {
            let chance = choose(beside, k) * choose(core, touched - k) / choose(services, touched);
            (chance, f64::from(k) + if touched > k { 1.0 } else { 0.0 })
        });
        let law: Vec<(f64, f64)> = law.collect();
        assert!((law.iter().map(|(chance, _)| chance).sum::<f64>() - 1.0).abs() < 1e-12);
        let mean: f64 = law.iter().map(|(chance, runs)| chance * runs).sum();
        let variance: f64 = law.iter().map(|(chance, runs)| chance * (runs - mean).powi(2)).sum();
        let setting = format!(
            "layout=core_plus_three&leftover_services={leftover}&services_per_change={touched}\
             &developers=100&pipeline_min=1&coordination_min=0"
        );
        // Nobody merges on the last day, so that every change has all its runs.
        let end = days(89.0);
        let setting = format!("{setting}&at={end},developers=1&at={end},platform_engineers=1");
        let (mut runs, mut changes) = (0.0, 0.0);
        for seed in 1..=4 {
            let run = played(seed, &setting, days(90.0));
            assert_eq!(now(&run, "in_pipelines"), 0.0);
            runs += sums(&run, "pipeline_wait_min").weight;
            changes += now(&run, "merged");
        }
        let (off, error) = ((runs - mean * changes).abs(), (variance * changes).sqrt());
        assert!(off <= 4.0 * error, "{off} runs off, {error} is one standard error");
        assert!(error < 0.01 * runs);
    }
}

/// Two runs that differ in one control share all other randomness: the same changes are merged at the same moments.
#[test]
fn changes_are_merged_at_the_same_moments_whatever_becomes_of_them() {
    let alone = merges(5, "", 10.0);
    assert!(alone.len() > 30);
    for other in [
        "layout=single",
        "services_per_change=6&pipeline_min=120",
        "services=8",
        "at=100000,layout=core_plus_three",
    ] {
        assert_eq!(merges(5, other, 10.0), alone, "{other}");
    }
}

/// A run keeps its length, whatever is set while it is under way; so does a hand-over.
#[test]
fn a_longer_pipeline_and_a_longer_hand_over_count_from_the_next_one_on() {
    let setting = "services_per_change=2&pipeline_min=20&coordination_min=100";
    let first = merges(6, setting, 2.0)[0];
    let at = |after: f64| first + minutes(after);
    for (changed, total) in
        [(19.0, 20.0 + 300.0 + 50.0), (20.5, 20.0 + 100.0 + 50.0), (125.0, 20.0 + 100.0 + 20.0)]
    {
        let when = at(changed).ceil_to_millisecond();
        let run = played(
            6,
            &format!(
                "{setting}&at={when},pipeline_min=50&at={when},coordination_min=300&at={when},developers=1&at={when},platform_engineers=1"
            ),
            at(500.0),
        );
        let life = run.ended().iter().find(|life| life.arrived == first).unwrap();
        let took = life.spans.last().unwrap().to.unwrap() - first;
        assert_eq!(took, minutes(total), "{changed} min after the merge: {life:?}");
    }
}

/// Whatever is on its way when services are merged keeps its pipelines; what comes after it goes through one.
#[test]
fn a_merge_of_services_is_for_changes_that_come_after_it() {
    let mut run = start(7, "developers=40&coordination_min=240");
    play(&mut run, days(5.0));
    let (merged, on_way) = (now(&run, "merged"), now(&run, "in_pipelines"));
    let begun = sums(&run, "pipeline_wait_min").weight;
    assert!(on_way > 20.0);
    let mut merging = start(
        7,
        &format!(
            "developers=40&coordination_min=240&at={},layout=single&at={},pipeline_min=1",
            days(5.0),
            days(5.0)
        ),
    );
    play(&mut merging, days(5.0) + minutes(1.0));
    play(&mut merging, days(8.0));
    // Three runs for each of the old ones, and one for each of the new.
    let after = now(&merging, "merged") - merged;
    assert_eq!(
        sums(&merging, "pipeline_wait_min").weight + now(&merging, "deploy_queue"),
        merged * 3.0 + after
    );
    assert!(begun < merged * 3.0, "some had runs to come");
}

/// 32 runs of 15 min fill a working day. The moment at which the first line comes to that is told, and only that.
#[test]
fn a_deploy_queue_of_a_day_is_told_when_it_is_one() {
    let day = "A pipeline has work for a whole day";
    for (setting, is_reached) in
        [("layout=single&developers=40", true), ("developers=40", false), ("layout=single", false)]
    {
        let mut run = start(1, setting);
        let mut first = None;
        while run.now() < days(20.0) {
            run.advance(days(20.0), 1);
            let waiting = now(&run, "deploy_queue") + now(&run, "pipelines_busy");
            if setting.contains("single") {
                assert_eq!(now(&run, "deploy_backlog_min"), 15.0 * waiting);
            }
            if first.is_none() && now(&run, "deploy_backlog_min") >= 480.0 {
                first = Some(run.now());
            }
        }
        let told: Vec<_> = told(&run).into_iter().filter(|(_, text)| text == day).map(|(at, _)| at).collect();
        assert_eq!(first.is_some(), is_reached, "{setting}");
        assert_eq!(told.first().copied(), first, "{setting}");
    }
}

/// The busiest pipeline's share of the last eight hours, told each hour, against the integral of what was busy.
#[test]
fn utilization_is_that_of_the_last_eight_hours() {
    let mut run = start(8, "layout=single&developers=20");
    let (mut busy, mut before) = (vec![0.0], vec![0.0]);
    for hour in 1..=40_usize {
        play(&mut run, minutes(60.0 * hour as f64));
        let Sums { total, .. } = sums(&run, "pipelines_busy");
        busy.push(total / 3600.0);
        before.push(now(&run, "merged"));
        let (told, merged) = (now(&run, "pipeline_utilization_pct"), now(&run, "merged_last_day"));
        assert_eq!(merged, before[hour] - before[hour.saturating_sub(8)], "after {hour} h");
        let Some(since) = hour.checked_sub(8) else {
            assert!(told.is_nan(), "{told} after {hour} h, which are no day");
            continue;
        };
        let share = 100.0 * (busy[hour] - busy[since]) / 8.0;
        assert!((told - share).abs() < 1e-6, "{told} after {hour} h, {share} expected");
    }
}

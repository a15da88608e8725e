//! Waits and lead times against closed forms, each within four of its own standard errors.
//!
//! The estimate is a ratio, the sum of all waits over the number of all changes in some independent runs, and so is its
//! standard error: that of the sums about the line through the origin (Cochran, Sampling Techniques, chapter 6). So that a
//! test cannot pass by being vague, the standard error itself is bounded.

use warstories_sim::metric::Sums;
use warstories_sim::scenarios::distributed_monolith::team::MonolithTeam;
use warstories_sim::theory::Theory;
use warstories_sim::{Run, Scenario};

use crate::{DAY_MIN, days, play, start, sums};

/// Runs begin empty, and the first days, in which queues fill, do not count.
const WARM_UP_DAYS: f64 = 10.0;
/// The longest run there is.
const LAST_DAY: f64 = 90.0;

/// Ratio of the totals, and its standard error.
fn ratio(runs: &[Sums]) -> (f64, f64) {
    let n = runs.len() as f64;
    let weight: f64 = runs.iter().map(|run| run.weight).sum();
    let ratio = runs.iter().map(|run| run.total).sum::<f64>() / weight;
    let squares: f64 = runs.iter().map(|run| (run.total - ratio * run.weight).powi(2)).sum();
    (ratio, (n / (n - 1.0) * squares).sqrt() / weight)
}

/// The mean of the metric `id` in this setting, and its standard error.
fn measured(setting: &str, id: &str, seeds: u64) -> (f64, f64) {
    let runs = (1..=seeds).map(|seed| {
        let mut run = start(seed, setting);
        play(&mut run, days(WARM_UP_DAYS));
        let before = sums(&run, id);
        play(&mut run, days(LAST_DAY));
        let after = sums(&run, id);
        Sums { total: after.total - before.total, weight: after.weight - before.weight }
    });
    ratio(&runs.collect::<Vec<_>>())
}

/// The mean of the metric `id` in this setting is `exact`, and is known to `vague` of that.
fn holds(setting: &str, id: &str, exact: f64, seeds: u64, vague: f64) {
    let (mean, error) = measured(setting, id, seeds);
    let sigmas = (mean - exact).abs() / error;
    let line = format!(
        "{setting:<70} {id:<18} exact {exact:<10.4} measured {mean:<10.4} off by {sigmas:.2} sigma, sigma {:.3} %",
        error / exact * 100.0
    );
    println!("{line}");
    assert!(sigmas <= 4.0 && error <= vague * exact, "{line}");
}

/// Mean wait for a pipeline in M/D/1 (Pollaczek 1930, Khinchine 1932): a change finds work for ρ · S / 2 under way on average,
/// and each of those before it in line takes S: W = ρ S / 2 + ρ W.
fn wait(rho: f64, run_min: f64) -> f64 {
    rho * run_min / 2.0 / (1.0 - rho)
}

/// Utilization of a pipeline that so many changes come to each day.
fn rho(per_day: f64, run_min: f64) -> f64 {
    per_day * run_min / DAY_MIN
}

/// The curve that a page draws behind what was measured of one pipeline is this law, and there is none of several.
#[test]
fn the_curve_of_one_pipeline_is_the_law_of_m_d_1() {
    let law = |setting: &str| {
        let [Theory { x: "pipelines_busy", y: "pipeline_wait_min", law, .. }] =
            MonolithTeam::theory(&start(1, setting).ctx().params)[..]
        else {
            panic!("another curve")
        };
        law
    };
    for setting in ["layout=single&pipeline_min=12", "services=1&pipeline_min=12"] {
        for rho in [0.0, 0.2, 0.5, 0.9] {
            assert!((law(setting).unwrap().at(rho) - wait(rho, 12.0)).abs() < 1e-12, "{setting} at {rho}");
        }
    }
    for setting in ["", "layout=core_plus_three", "services_per_change=1"] {
        assert!(law(setting).is_err_and(|reason| reason.ends_with('.')), "{setting}");
    }
    // What a run has along the axis is the utilization.
    holds("layout=single&developers=32&pipeline_min=12", "pipelines_busy", 0.8, 20, 0.01);
}

/// Every change needs the one pipeline, so that changes come to it at random.
#[test]
fn the_wait_for_the_one_pipeline_is_that_of_m_d_1() {
    for (people, run_min, vague) in
        [(16.0, 6.0, 0.015), (32.0, 7.5, 0.01), (28.0, 12.0, 0.015), (32.0, 12.0, 0.02)]
    {
        let setting = format!("layout=single&developers={people}&pipeline_min={run_min}");
        holds(&setting, "pipeline_wait_min", wait(rho(people, run_min), run_min), 130, vague);
    }
}

/// A change that touches one service of twenty: changes at random, dealt out at random, come at random to each.
#[test]
fn the_wait_for_one_of_twenty_pipelines_is_that_of_m_d_1() {
    for (people, run_min) in [(20.0, 30.0), (40.0, 60.0), (64.0, 120.0)] {
        let setting = format!("services_per_change=1&developers={people}&pipeline_min={run_min}");
        holds(&setting, "pipeline_wait_min", wait(rho(people / 20.0, run_min), run_min), 60, 0.05);
    }
}

/// Mean lead time where a change touches `touched` of 20 services, of which those before `core` are deployed together.
///
/// The chance that none of them is in the core is a product over draws without replacement; any other service is touched
/// with the chance touched / 20. Each pipeline that is touched costs its wait and a run, and between two of them there is a
/// hand-over. Changes come to a first pipeline at random. To a later one they come from many others, each nearly idle while
/// there are few people, which is as good as at random.
fn lead_time(people: f64, core: u32, touched: u32, (run_min, pause_min): (f64, f64)) -> f64 {
    let services = 20.0;
    let missed: f64 =
        (0..touched).map(|draw| (20.0 - f64::from(core + draw)).max(0.0) / f64::from(20 - draw)).product();
    let in_core = if core == 0 { 0.0 } else { 1.0 - missed };
    let beside = f64::from(touched) / services;
    let stay = |chance: f64| chance * (run_min + wait(rho(people * chance, run_min), run_min));
    let pipelines = in_core + f64::from(20 - core) * beside;
    stay(in_core) + f64::from(20 - core) * stay(beside) + pause_min * (pipelines - 1.0)
}

#[test]
fn lead_times_are_those_of_the_brief_and_of_the_closed_form() {
    let usual = (15.0, 60.0);
    for (setting, told, exact, vague) in [
        ("layout=single", 16.4, lead_time(5.0, 20, 3, usual), 0.002),
        ("", 165.5, lead_time(5.0, 0, 3, usual), 0.001),
        ("services_per_change=1", 15.06, lead_time(5.0, 0, 1, usual), 0.001),
        ("layout=core_plus_three", 72.1, lead_time(5.0, 15, 3, usual), 0.01),
        ("layout=core_plus_three&leftover_services=0", 50.1, lead_time(5.0, 17, 3, usual), 0.01),
    ] {
        assert!((exact - told).abs() < 0.06, "{setting}: {exact} is not {told}");
        holds(setting, "lead_time_min", exact, 130, vague);
    }
}

/// With forty people, changes that come from another pipeline are many enough to count. That pipeline lets them go at least a
/// run apart, more evenly than at random, so that they wait less than the closed form says, which takes all for random.
#[test]
fn where_many_changes_are_handed_over_they_wait_a_little_less_than_at_random() {
    let (random, no_wait) = (lead_time(40.0, 0, 3, (15.0, 60.0)), 3.0 * 15.0 + 2.0 * 60.0);
    let (mean, error) = measured("developers=40", "lead_time_min", 60);
    println!("{random:.2} min at random, {mean:.2} min measured, {error:.3} min is one standard error");
    assert!((random - 170.19).abs() < 0.005 && error < 0.1);
    assert!(mean < random - 4.0 * error, "{mean} min, not below {random} min");
    // Nine tenths of the waits are there all the same.
    assert!(mean - no_wait > 0.9 * (random - no_wait), "{mean} min");
}

/// One pipeline of 15 min takes 32 changes a day, and forty people merge forty. After twenty days it is 160 changes behind,
/// with the standard deviation of the merges; a pipeline for each service is never behind.
#[test]
fn at_forty_people_one_pipeline_falls_behind_and_twenty_do_not() {
    for seed in 1..=6 {
        let play = |setting: &str| crate::played(seed, &format!("developers=40&{setting}"), days(20.0));
        let (one, twenty) = (play("layout=single"), play(""));
        let shipped = crate::now(&one, "shipped");
        assert!((630.0..=640.0).contains(&shipped), "{shipped} of 640 that the pipeline can take");
        let behind = crate::now(&one, "in_pipelines");
        assert!((behind - 160.0).abs() < 4.0 * 800_f64.sqrt() + (640.0 - shipped), "{behind} behind");
        let mean = |run: &Run<MonolithTeam>| {
            let Sums { total, weight } = sums(run, "lead_time_min");
            total / weight
        };
        // What is shipped last was merged when it was 160 changes, or 2,400 min, behind; the first waited for nobody.
        assert!(mean(&twenty) < 180.0 && mean(&one) > 480.0, "{} and {} min", mean(&twenty), mean(&one));
        // With five people it is the other way round.
        let few = |layout: &str| mean(&crate::played(seed, &format!("layout={layout}"), days(20.0)));
        assert!(few("single") < 20.0 && few("twenty_services") > 160.0);
    }
}

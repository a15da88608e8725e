//! Points that runs give to a plane: which windows count, and what is still wanted.
#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use warstories_lesson::lesson::Collect;
use warstories_lesson::points::{Next, Point, tick};
use warstories_lesson::{Glossary, Lesson, parse};
use warstories_sim::probe::MAX_PROBES;
use warstories_sim::{Input, Playable, Replay, SCENARIOS, SimTime, scenarios};

const LESSON: &str = r#"+++
title = "Points"
summary = "For tests."
scenario = "queueing_lab"
minutes = 1
open = ["arrivals_per_s", "clear_queue"]
[start]
service_ms = 10
arrivals_per_s = 50
+++
## Measure
```scene
watch = ["wait_ms"]
begin = 0
```
```collect
question = "Collect three."
x = "mean utilization"
y = "mean wait_ms"
settle = 20
over = 100
points = 3
spread = [0.6, 0.9]
solution = ["125 arrivals_per_s=70", "250 arrivals_per_s=95"]
```
"#;

fn lesson() -> Lesson {
    parse::read(LESSON, &Glossary::default()).expect("a lesson")
}

fn task(lesson: &Lesson) -> &Collect {
    lesson.collects().next().expect("a task").1
}

/// The run of the lesson up to `until`, with these inputs in the spelling of links.
fn run(inputs: &str, until: u64) -> Box<dyn Playable> {
    let lesson = lesson();
    let link =
        Replay::parse(&format!("queueing_lab?service_ms=10&arrivals_per_s=50{inputs}")).expect("a link");
    assert_eq!(link.dropped, Vec::<String>::new());
    let mut run = scenarios::start(link.replay);
    lesson.wanted().ask(run.as_mut());
    run.advance(SimTime::from_secs(until), u64::MAX);
    run
}

fn ends(inputs: &str, until: u64) -> Vec<f64> {
    let points = task(&lesson()).measured(run(inputs, until).as_ref(), SimTime::ZERO);
    points.iter().map(|point| point.end.as_secs_f64()).collect()
}

#[test]
fn a_window_begins_once_the_run_has_settled_and_counts_once_it_is_over() {
    assert_eq!(ends("", 119), []);
    assert_eq!(ends("", 120), [120.0]);
    assert_eq!(ends("", 600), [120.0], "a run that nobody changes gives one point");
    assert_eq!(ends("&at=125,arrivals_per_s=70", 244), [120.0]);
    assert_eq!(ends("&at=125,arrivals_per_s=70", 245), [120.0, 245.0]);
    assert_eq!(ends("&at=126,arrivals_per_s=70", 250), [120.0, 250.0], "windows begin every five seconds");
}

#[test]
fn any_change_within_a_window_discards_it() {
    assert_eq!(ends("&at=10,arrivals_per_s=70", 600), [130.0]);
    assert_eq!(ends("&at=119,clear_queue", 600), [240.0], "an action is a change, too");
    assert_eq!(ends("&at=120,arrivals_per_s=70", 600), [240.0], "what comes at its end belongs to it");
    assert_eq!(ends("&at=120.000000001,arrivals_per_s=70", 600), [120.0, 240.0]);
    assert_eq!(ends("&at=50,arrivals_per_s=70&at=90,arrivals_per_s=80", 600), [210.0]);
    assert_eq!(ends("&at=481,arrivals_per_s=70", 600), [120.0], "the run is over before the window is");
}

#[test]
fn the_run_says_what_comes_next() {
    let lesson = lesson();
    let next = |inputs: &str, until| task(&lesson).next(run(inputs, until).as_ref(), SimTime::ZERO);
    let window = |from, to| Next::Window(SimTime::from_secs(from), SimTime::from_secs(to));
    assert_eq!(next("", 0), window(20, 120));
    assert_eq!(next("", 119), window(20, 120));
    assert_eq!(next("", 120), Next::Changed);
    assert_eq!(next("&at=125,arrivals_per_s=70", 130), window(145, 245));
    assert_eq!(next("&at=500,arrivals_per_s=70", 510), Next::Over);
    // What has just been entered at the moment on show counts.
    let mut run = run("", 60);
    let param = run.spec().param("arrivals_per_s").expect("a parameter");
    run.input(Input::Change { param, value: 70.0 }).expect("a value that is allowed");
    assert_eq!(task(&lesson).next(run.as_ref(), SimTime::ZERO), window(80, 180));
}

#[test]
fn points_are_wanted_in_every_part_of_the_plane() {
    let lesson = lesson();
    let lacks = |along: &[f64]| {
        let point = |x: &f64| Point { run: String::new(), end: SimTime::ZERO, x: *x, y: 0.0 };
        task(&lesson).lacks(&along.iter().map(point).collect::<Vec<_>>())
    };
    let (below, above) = (f64::NEG_INFINITY, f64::INFINITY);
    assert_eq!(lacks(&[]), Some((below, 0.6)));
    assert_eq!(lacks(&[0.5]), Some((0.6, 0.9)));
    assert_eq!(lacks(&[0.5, 0.6]), Some((0.9, above)));
    assert_eq!(lacks(&[0.5, 0.95, 0.96]), Some((0.6, 0.9)));
    assert_eq!(lacks(&[0.5, 0.7, 0.9]), None);
    assert_eq!(lacks(&[0.5, 0.7, 0.8, 0.9]), None);
}

/// A point names the run that gave it: played anew, it gives the same point.
#[test]
fn the_link_of_a_point_plays_to_the_same_point() {
    let lesson = lesson();
    let task = task(&lesson);
    let points =
        task.measured(run("&at=125,arrivals_per_s=70&at=250,arrivals_per_s=95", 600).as_ref(), SimTime::ZERO);
    assert_eq!(points.len(), 3);
    for point in &points {
        let link = Replay::parse(&point.run).expect("a link");
        assert_eq!((link.moment, link.dropped.len()), (Some(point.end), 0));
        let mut run = scenarios::start(link.replay);
        lesson.wanted().ask(run.as_mut());
        run.advance(point.end, u64::MAX);
        assert_eq!(task.measured(run.as_ref(), SimTime::ZERO).last(), Some(point));
    }
}

#[test]
fn a_run_of_any_scenario_can_remember_all_moments_of_windows() {
    for listed in SCENARIOS {
        let (spec, tick) = (listed.spec, tick(listed.spec).nanos());
        assert!(tick.is_multiple_of(spec.sample_width().nanos()), "{}", spec.id);
        assert!(spec.length.nanos() / tick < MAX_PROBES as u64 / 2, "{}", spec.id);
    }
}

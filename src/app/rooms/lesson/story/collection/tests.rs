#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use std::rc::Rc;

use warstories_lesson::{Glossary, parse};
use warstories_sim::{Input, Link, SimTime, scenarios};

use super::*;
use crate::run::progress::LessonProgress;
use crate::run::session::Session;

const LESSON: &str = r#"+++
title = "Points"
summary = "For tests."
scenario = "queueing_lab"
minutes = 1
open = ["arrivals_per_s"]
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
question = "Collect two."
x = "mean utilization"
y = "mean wait_ms"
settle = 20
over = 100
points = 2
spread = [0.6]
theory = "mean_wait"
solution = ["125 arrivals_per_s=80"]
after = "There they are."
```
"#;

struct Visit {
    story: Story,
    run: Box<dyn Playable>,
}

impl Visit {
    fn open() -> Self {
        let lesson = parse::read(LESSON, &Glossary::default()).expect("a lesson");
        let mut story = Story::new("test", Rc::new(lesson));
        let replay = story.lesson.replay(0).expect("a scenario that there is");
        let mut session = Session::open(Link { replay: replay.clone(), moment: None, dropped: Vec::new() });
        story.show(&mut session);
        let mut run = scenarios::start(replay);
        story.wanted().ask(run.as_mut());
        Self { story, run }
    }

    fn play(&mut self, secs: u64) -> Vec<String> {
        self.run.advance(SimTime::from_secs(secs), u64::MAX);
        self.story.observe(self.run.as_ref())
    }

    fn set_arrivals(&mut self, value: f64) {
        let param = self.run.spec().param("arrivals_per_s").expect("a parameter");
        self.run.input(Input::Change { param, value }).expect("a value that is allowed");
        self.story.observe(self.run.as_ref());
    }

    fn collect(&self) -> Collect {
        self.story.collects().next().expect("a task").clone()
    }

    fn points(&self) -> &[Point] {
        self.story.points(self.collect().line)
    }
}

fn all_collected() -> Visit {
    let mut visit = Visit::open();
    visit.play(120);
    visit.set_arrivals(80.0);
    visit.play(240);
    visit
}

#[test]
fn time_stops_where_a_point_lands_and_the_task_waits_for_all_of_them() {
    let mut visit = Visit::open();
    visit.play(10);
    assert_eq!(visit.story.stop(visit.run.now()), Some(SimTime::from_secs(120)));
    assert!(visit.story.is_waiting(&Part::Collect(visit.collect())));
    let news = visit.play(120);
    assert!(news.len() == 1 && news[0].starts_with("Point 1: Utilization 0."), "{news:?}");
    assert_eq!(visit.play(125), Vec::<String>::new(), "it is told once");
    assert_eq!(visit.story.stop(visit.run.now()), None, "nothing comes of a run that nobody changes");
    visit.set_arrivals(80.0);
    assert_eq!(visit.story.stop(visit.run.now()), Some(SimTime::from_secs(245)));
    visit.play(245);
    assert!(!visit.story.is_waiting(&Part::Collect(visit.collect())));
    assert!(visit.story.is_done(&visit.story.lesson.steps[0]));
}

#[test]
fn a_change_within_the_window_discards_its_point() {
    let mut visit = Visit::open();
    visit.play(119);
    visit.set_arrivals(80.0);
    visit.play(200);
    assert_eq!(visit.points(), []);
    visit.play(240);
    assert_eq!(visit.points().len(), 1);
}

#[test]
fn points_stay_when_the_run_starts_again_and_the_same_run_gives_none_twice() {
    let mut visit = all_collected();
    let points = visit.points().to_vec();
    assert_eq!(points.len(), 2);
    let replay = visit.story.lesson.replay(0).expect("a run");
    visit.run = scenarios::start(replay);
    visit.story.wanted().ask(visit.run.as_mut());
    visit.play(300);
    assert_eq!(visit.points(), points);
}

#[test]
fn points_are_kept_with_their_runs_and_taken_up_where_the_lesson_has_their_plane() {
    let visit = all_collected();
    let kept = visit.story.progress();
    assert!(kept.collected[0].1[1].run.contains("at=120.000000001,arrivals_per_s=80"), "{kept:?}");
    let mut again = Visit::open().story;
    again.take_up_progress(&kept).expect("what this lesson has");
    assert_eq!(again.collected, visit.story.collected);

    let refused = |change: &dyn Fn(&mut LessonProgress)| {
        let mut bad = kept.clone();
        change(&mut bad);
        Visit::open().story.take_up_progress(&bad).expect_err("it names what there is not")
    };
    let line = visit.collect().line;
    for reason in [
        refused(&|bad| bad.collected[0].1[0].x = f64::INFINITY),
        refused(&|bad| bad.collected[0].1[0].run = String::from("connection_pool?seed=1")),
        refused(&|bad| bad.collected[0].1[0].run = String::from("nowhere")),
        refused(&|bad| bad.collected[0].1 = vec![bad.collected[0].1[0].clone(); 2 * MANY_POINTS + 1]),
    ] {
        assert!(reason.contains(&format!("points at line {line}")), "{reason}");
    }
    assert!(refused(&|bad| bad.collected[0].0 = 1).contains("points at line 1"));
}

#[test]
fn a_plane_that_is_full_still_takes_a_point_that_it_lacks() {
    let mut visit = Visit::open();
    let line = visit.collect().line;
    let many = Point { run: String::from("queueing_lab?seed=1"), end: SimTime::ZERO, x: 0.5, y: 1.0 };
    visit.story.collected.insert(line, vec![many; MANY_POINTS]);
    visit.play(120);
    assert_eq!(visit.points().len(), MANY_POINTS, "there are enough at this load");
    visit.set_arrivals(80.0);
    visit.play(240);
    assert_eq!(visit.points().len(), MANY_POINTS + 1);
    assert!(visit.story.is_collected(&visit.collect()));
}

/// A point is the mean of the run over its window, to the last bit: what a lesson's own measure says of it.
#[test]
fn a_point_is_what_a_measure_of_its_window_says() {
    let visit = all_collected();
    let spec = visit.run.spec();
    let mut run = scenarios::start(visit.run.replay().clone());
    for at in [20, 120, 140, 240] {
        run.probe(SimTime::from_secs(at));
    }
    run.advance(SimTime::from_secs(240), u64::MAX);
    for (point, window) in visit.points().iter().zip(["from 20 to 120", "from 140 to 240"]) {
        for (metric, value) in [("utilization", point.x), ("wait_ms", point.y)] {
            let text = format!("mean {metric} {window}");
            let measure = warstories_lesson::measure::Measure::parse(&text, 1, spec).expect("a measure");
            assert_eq!(
                measure.evaluate(run.as_ref()),
                warstories_lesson::measure::Verdict::Value(value),
                "{text}"
            );
        }
    }
}

//! When a run is known to miss, what it answers to a prediction, when people speak, and what is played only once.

use warstories_lesson::Glossary;
use warstories_lesson::check;
use warstories_lesson::goal;
use warstories_lesson::judge::Outcome;
use warstories_lesson::lesson::{Lesson, Part, Predict, When};
use warstories_lesson::measure::Test;
use warstories_lesson::parse::read;
use warstories_lesson::runs::Runs;
use warstories_sim::probe::Wanted;
use warstories_sim::scenarios::{self, find};
use warstories_sim::{Input, Reading, Replay, ScenarioSpec, SimTime};

fn lab() -> &'static ScenarioSpec {
    find("queueing_lab").expect("the lab")
}

fn test(text: &str) -> Test {
    Test::parse(text, 1, lab()).expect(text)
}

fn at(second: u64) -> SimTime {
    SimTime::from_secs(second)
}

fn replay(link: &str) -> Replay {
    let link = Replay::parse(link).expect("a link");
    assert!(link.dropped.is_empty(), "{:?}", link.dropped);
    link.replay
}

fn wanted(tests: &[Test]) -> Wanted {
    Wanted {
        moments: tests.iter().flat_map(|test| test.measure.moments()).collect(),
        followed: tests.iter().filter_map(|test| test.measure.followed()).collect(),
    }
}

/// The first second of `link` at which `test` is lost, and how it does in the end. A test that is lost stays so.
fn lost(link: &str, test: Test) -> (Option<u64>, Outcome) {
    let mut run = scenarios::start(replay(link));
    wanted(&[test]).ask(run.as_mut());
    let mut first = None;
    for second in 0..=600 {
        run.advance(at(second), u64::MAX);
        let is_lost = test.is_lost(run.as_ref(), SimTime::ZERO);
        assert!(is_lost || first.is_none(), "second {second}: a lost test was found again");
        if is_lost {
            first.get_or_insert(second);
        }
    }
    (first, test.judge(run.as_ref(), SimTime::ZERO))
}

/// What the metric says at the end of each second, and its smallest and largest value within that second.
fn seconds(link: &str, id: &str) -> Vec<(f64, f64, f64)> {
    let mut run = scenarios::start(replay(link));
    let metric = lab().metric(id).expect("a metric");
    (0..600_u64)
        .map(|second| {
            run.advance(at(second + 1), u64::MAX);
            let now = match run.read(metric) {
                Reading::Count(count) => count as f64,
                Reading::Gauge { last, .. } => last,
                other => panic!("{other:?}"),
            };
            let [_, low, high] = run.series().samples(metric)[second as usize];
            (now, f64::from(low), f64::from(high))
        })
        .collect()
}

const LINK: &str = "queueing_lab?seed=3&arrivals_per_s=9";

/// Second by second: as soon as nothing can save the test, and not before; exactly at the bound it is not lost.
#[test]
fn a_test_is_lost_as_soon_as_nothing_can_save_it() {
    let arrived = seconds(LINK, "arrived");
    let first = |says: &mut dyn FnMut(usize) -> bool| {
        (0..600).find(|second| says(*second)).map(|second| second as u64 + 1)
    };

    let most = arrived[59].0;
    let over = first(&mut |second| arrived[second].0 > most);
    assert!(over > Some(60));
    assert_eq!(lost(LINK, test(&format!("arrived at 200 <= {most}"))).0, over);
    assert_eq!(lost(LINK, test(&format!("arrived at 200 in 0..{most}"))).0, over);
    // More may still come, until the moment is over.
    assert_eq!(lost(LINK, test("arrived at 200 >= 100000")).0, Some(200));
    assert_eq!(lost(LINK, test("arrived at 200 >= 10")).0, None);

    let risen = arrived[119].0 - arrived[39].0;
    let over = first(&mut |second| second >= 40 && arrived[second].0 - arrived[39].0 > risen);
    assert!(over > Some(120));
    assert_eq!(lost(LINK, test(&format!("rise arrived from 40 to 300 <= {risen}"))).0, over);
    assert_eq!(lost(LINK, test(&format!("rise arrived from 40 to 300 in 5..{risen}"))).0, over);

    let waiting = seconds(LINK, "waiting");
    let most = waiting[40..100].iter().fold(0.0, |most: f64, second| most.max(second.2));
    let over = first(&mut |second| second >= 40 && waiting[second].2 > most);
    assert!(over > Some(100), "{over:?}");
    assert_eq!(lost(LINK, test(&format!("max waiting from 40 to 600 <= {most}"))).0, over);
    assert_eq!(lost(LINK, test(&format!("max waiting from 40 to 600 in 0..{most}"))).0, over);
    assert_eq!(lost(LINK, test(&format!("max waiting from 40 to 600 >= {most}"))).0, None);

    let link = "queueing_lab?seed=3&arrivals_per_s=15&at=60,arrivals_per_s=1";
    let present = seconds(link, "in_system");
    let least = present[40..60].iter().fold(f64::MAX, |least, second| least.min(second.1));
    let under = first(&mut |second| second >= 40 && present[second].1 < least);
    assert!(under > Some(60), "{under:?}");
    assert_eq!(lost(link, test(&format!("min in_system from 40 to 600 >= {least}"))).0, under);
    assert_eq!(lost(link, test(&format!("min in_system from 40 to 600 in {least}..100000"))).0, under);
}

/// A mean may always come back; only its moment decides.
#[test]
fn a_test_of_a_mean_is_lost_at_its_moment_and_one_without_a_moment_at_the_end() {
    let (first, outcome) = lost(LINK, test("mean waiting from 0 to 300 <= 0.001"));
    assert_eq!((first, outcome.met), (Some(300), None));
    assert!(outcome.value.is_some_and(|mean| mean > 0.001));
    assert_eq!(lost(LINK, test("waiting >= 100000")).0, Some(600));
    let (first, outcome) = lost(LINK, test("waiting >= 1"));
    assert!(first.is_none() && outcome.met.is_some());
}

/// The first two steps of a lesson: a prediction with a change of its own, and people who speak.
const LESSON: &str = r#"+++
title = "Waiting"
summary = "Why people wait."
scenario = "queueing_lab"
minutes = 5
seed = 3
open = ["arrivals_per_s"]
[start]
arrivals_per_s = 9
[cast]
mira = "Mira, on call"
+++
Before the first step.

## Watch
```predict
question = "How many wait?"
measure = "waiting at 120"
inputs = ["60 arrivals_per_s=20"]
[[option]]
text = "Nobody"
because = "So."
test = "waiting at 120 <= 0"
[[option]]
text = "Many"
because = "So."
answer = true
test = "waiting at 120 >= 100"
```
```chat
who = "mira"
when = "00:00:30"
says = "Thirty seconds."
```
```chat
who = "mira"
when = "waiting >= 5"
says = "It grows."
```
"#;

fn lesson() -> Lesson {
    read(LESSON, &Glossary::default()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn predict(lesson: &Lesson) -> &Predict {
    let mut parts = lesson.steps.iter().flat_map(|step| &step.parts);
    let found = parts.find_map(|part| if let Part::Predict(predict) = part { Some(predict) } else { None });
    found.expect("a prediction")
}

#[test]
fn a_prediction_is_answered_at_its_moment_by_the_run_that_it_is_about() {
    let lesson = lesson();
    let predict = predict(&lesson);
    let step = lesson.steps.len() - 1;
    let asked = lesson.prediction(step, predict).expect("a run");
    assert_eq!(asked.inputs().len(), 1);
    let answer = |replay: &Replay, second: u64| {
        let mut run = scenarios::start(replay.clone());
        lesson.wanted().ask(run.as_mut());
        run.advance(at(second), u64::MAX);
        lesson.answer(step, predict, run.as_ref())
    };
    assert_eq!(answer(&asked, 119), None, "its moment has not come");
    let there = answer(&asked, 120).expect("an answer");
    assert_eq!(there.met, Some(at(120)));
    assert!(there.value.is_some_and(|waiting| waiting >= 100.0), "{there:?}");
    assert_eq!(answer(&asked, 300), Some(there));

    let param = lab().param("servers").expect("a parameter");
    let change = Input::Change { param, value: 3.0 };
    let with = |second: u64| {
        let mut replay = asked.clone();
        replay.add(at(second), change.clone()).expect("a change");
        replay
    };
    assert_eq!(answer(&with(120), 200), None, "changed at the very moment");
    assert_eq!(answer(&with(121), 200), Some(there), "what comes later does not matter");
    assert_eq!(
        answer(&lesson.story(step).expect("a run"), 200),
        None,
        "the change of the prediction is not made"
    );
    assert_eq!(answer(&asked.clone().with_seed(4), 200), None, "another seed");
    let mut other = asked.clone();
    other.set_start(param, 2.0);
    assert_eq!(answer(&other, 200), None, "another start");
}

#[test]
fn people_speak_at_their_moment_or_when_the_run_gives_cause() {
    let lesson = lesson();
    let replay = lesson.story(lesson.steps.len() - 1).expect("a run");
    let chats: Vec<_> = lesson
        .steps
        .iter()
        .flat_map(|step| &step.parts)
        .filter_map(|part| if let Part::Chat(chat) = part { Some(chat) } else { None })
        .collect();
    let [clock, cause] = chats[..] else { panic!("{} chats", chats.len()) };
    let When::Once(test) = &cause.when else { panic!("{cause:?}") };
    let mut run = scenarios::start(replay);
    lesson.wanted().ask(run.as_mut());
    let metric = test.measure.metric;
    let mut since = None;
    for second in 0..=600 {
        run.advance(at(second), u64::MAX);
        if let Reading::Gauge { last, .. } = run.read(metric)
            && last >= 5.0
            && second > 0
        {
            since.get_or_insert(at(second));
        }
        assert_eq!(clock.said(run.as_ref(), SimTime::ZERO), (second >= 30).then(|| at(30)));
        assert_eq!(cause.said(run.as_ref(), SimTime::ZERO), since);
    }
    assert!(since > Some(at(1)), "{since:?}");
    // In a step that begins later, what was before is not heard.
    let later = at(301);
    assert!(cause.said(run.as_ref(), later) >= Some(later));
}

fn events(replay: &Replay, second: u64) -> u64 {
    let mut run = scenarios::start(replay.clone());
    run.advance(at(second), u64::MAX);
    run.events()
}

#[test]
fn what_two_runs_share_is_played_once() {
    let [one, other] = [3, 5].map(|servers| replay(&format!("{LINK}&at=200,servers={servers}")));
    let tests = [test("mean waiting from 200 to 400 <= 1000")];
    let forked =
        || Runs::new(wanted(&tests), u64::MAX).forking_at([at(200), at(200), SimTime::ZERO].into_iter());
    let mut runs = forked();
    let first = runs.play(&one, &tests, SimTime::ZERO).expect("a run");
    assert_eq!(runs.spent(), events(&one, 400));
    let second = runs.play(&other, &tests, SimTime::ZERO).expect("a run");
    // The change is at 200; everything before it, all of that moment left out, is shared.
    let mut shared = scenarios::start(other.clone());
    shared.advance(at(200).previous(), u64::MAX);
    assert_eq!(runs.spent(), events(&one, 400) + events(&other, 400) - shared.events());
    assert_ne!(first, second);
    // Nothing is left to be played of a run that was played before.
    assert_eq!(runs.play(&one, &tests, SimTime::ZERO), Ok(first));
    assert_eq!(runs.spent(), events(&one, 400) + events(&other, 400) - shared.events());

    // Without the fork they share nothing: the first has gone too far.
    let mut runs = Runs::new(wanted(&tests), u64::MAX);
    for replay in [&one, &other] {
        runs.play(replay, &tests, SimTime::ZERO).expect("a run");
    }
    assert_eq!(runs.spent(), events(&one, 400) + events(&other, 400));
}

/// A run with a great many records is played again rather than kept.
#[test]
fn what_takes_too_much_room_is_not_kept() {
    let crowd = replay("queueing_lab?arrivals_per_s=2000&servers=1");
    let tests = [test("arrived at 100 >= 1")];
    let mut runs = Runs::new(wanted(&tests), u64::MAX);
    runs.play(&crowd, &tests, SimTime::ZERO).expect("a run");
    runs.play(&crowd, &tests, SimTime::ZERO).expect("a run");
    assert_eq!(runs.spent(), 2 * events(&crowd, 100));
}

/// A run that misses is given up within a fortieth of its length; one that meets is played to its end, and both agree
/// with what is judged of the whole run.
#[test]
fn a_run_is_played_no_further_than_it_takes_to_tell() {
    let link = replay(LINK);
    let meets = |text: &str| {
        let tests = [test(text)];
        let mut runs = Runs::new(wanted(&tests), u64::MAX);
        let meets = runs.meets(&link, &tests, SimTime::ZERO).expect("a run");
        let whole = Runs::new(wanted(&tests), u64::MAX).play(&link, &tests, SimTime::ZERO).expect("a run");
        assert_eq!(meets, whole[0].met.is_some(), "{text}");
        (meets, runs.spent())
    };
    let most = seconds(LINK, "arrived")[99].0;
    // One more than at 100 s comes within the second after it; 400 s have looks every 10 s.
    assert_eq!(meets(&format!("arrived at 400 <= {most}")), (false, events(&link, 110)));
    assert_eq!(meets("arrived at 400 >= 100"), (true, events(&link, 400)));
    assert_eq!(meets("arrived at 400 >= 1000000"), (false, events(&link, 400)));
}

#[test]
fn a_run_with_too_many_events_is_refused_with_its_moment() {
    let tests = [test("arrived at 400 >= 100")];
    let error =
        Runs::new(wanted(&tests), 1000).play(&replay(LINK), &tests, SimTime::ZERO).expect_err("too many");
    assert!(error.starts_with("the run makes more than 1000 events by 00:00:"), "{error}");
    let enough = events(&replay(LINK), 400);
    let play = |budget| Runs::new(wanted(&tests), budget).play(&replay(LINK), &tests, SimTime::ZERO).is_ok();
    assert!(play(enough + 1) && !play(enough - 1));
}

#[test]
fn a_lesson_asks_a_run_to_remember_all_that_it_will_judge() {
    let lesson = lesson();
    let wanted = lesson.wanted();
    assert!(wanted.moments.contains(&at(120)));
    assert_eq!(wanted.followed.len(), 1);
    let mut replay = Replay::new(lab());
    goal::add(&mut replay, &predict(&lesson).inputs).expect("inputs");
    assert_eq!(replay.inputs().len(), 1);
}

/// Nobody comes in the run of the step, so it has no wait; in that of the prediction somebody does.
#[test]
fn what_is_told_after_a_prediction_is_measured_in_its_own_run() {
    let text = r#"+++
title = "Two runs"
summary = "One is empty."
scenario = "queueing_lab"
minutes = 5
seed = 1
+++
Before.

## Watch
```scene
watch = ["done"]
start = { arrivals_per_s = 0 }
```
```predict
question = "How many are served?"
measure = "done at 60"
inputs = ["10 arrivals_per_s=8"]
after = "They waited `= mean wait_ms at 60`."
[[option]]
text = "Few"
because = "So."
test = "done at 60 <= 10"
[[option]]
text = "Many"
because = "So."
answer = true
test = "done at 60 >= 100"
```
"#;
    let lesson = read(text, &Glossary::default()).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(check::prove_seed(&lesson, 0).problems, []);
}

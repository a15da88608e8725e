//! Every step of every lesson of the house is played twice: as the page plays it, frame by frame, and as the proof of
//! the lesson does. Both must find the same verdicts, numbers and moments.
#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use warstories_lesson::runs::Runs;
use warstories_lesson::{Glossary, goal, parse};
use warstories_sim::{Link, Replay};

use super::own_words::tests::LESSON as SEEN;
use super::*;
use crate::rooms::lesson::postmortem;
use crate::run::lesson_host::LessonAction;
use crate::run::player::{Player, Stop};
use crate::run::session::{Action, SPEEDS, Session};

/// Milliseconds between frames, over and over: a fast screen, a slow one, one that stutters.
const FRAMES: &[f64] = &[6.9, 16.7, 33.4, 100.0, 41.3];

/// The page, without a browser.
struct Page {
    story: Story,
    session: Session,
    player: Player,
}

impl Page {
    fn open(lesson: &Rc<Lesson>, step: usize, speed: usize) -> Self {
        let mut story = Story::new("test", lesson.clone());
        story.go(step);
        let replay = lesson.replay(step).expect("a scenario that there is");
        let mut session = Session::open(Link { replay, moment: None, dropped: Vec::new() });
        story.show(&mut session);
        session.speed = speed;
        session.wanted = story.wanted();
        let player = Player::new(&session);
        let mut page = Self { story, session, player };
        page.settle();
        page
    }

    fn act(&mut self, lesson_action: LessonAction) {
        let speed = self.session.speed;
        (self.story, self.session) = self.story.reduce(lesson_action, &self.session, self.player.moment());
        self.session.speed = speed;
        self.session.wanted = self.story.wanted();
        self.player.follow(&self.session);
        self.settle();
    }

    /// Shows `replay` instead, at the moment at which the step begins.
    fn play_instead(&mut self, replay: Replay) {
        let moment = Some(self.story.lesson.begins(self.story.step));
        let (speed, wanted) = (self.session.speed, self.session.wanted.clone());
        self.session =
            Session { speed, wanted, ..Session::open(Link { replay, moment, dropped: Vec::new() }) };
        self.player = Player::new(&self.session);
        self.settle();
    }

    /// Arrives where it is going.
    fn settle(&mut self) {
        while self.player.is_busy() {
            self.player.frame(&self.session, 0.0, || false);
        }
        self.look();
    }

    fn look(&mut self) {
        self.story.observe(self.player.run());
        self.session.stop_at = self.story.stop(self.player.moment());
    }

    /// Lets time pass until it stops by itself at `end` or later. The lesson is asked now and then only.
    fn play_to(&mut self, end: SimTime) {
        let mut frames = FRAMES.iter().cycle().enumerate();
        while self.player.run().now() < end {
            self.session.playing = true;
            let (index, elapsed) = frames.next().expect("it has no end");
            let stop = self.player.frame(&self.session, *elapsed, || false);
            if index % 4 == 3 || stop == Some(Stop::End) {
                self.look();
            }
        }
        self.session.playing = false;
        self.look();
    }
}

/// The lessons of the house by their files' names.
fn lessons() -> BTreeMap<String, Rc<Lesson>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons");
    let house = parse::glossary::house().expect("a glossary");
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder of lessons") {
        let path = entry.expect("a file").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|extension| extension == "md")
            && name != "README.md"
            && name != parse::glossary::FILE
        {
            let lesson = parse::read(&fs::read_to_string(path).expect("a text"), &house).expect("a lesson");
            found.insert(name, Rc::new(lesson));
        }
    }
    found
}

/// What was said in a run by `now`, as the proof sees it.
fn said(lesson: &Lesson, step: usize, run: &dyn Playable, now: SimTime) -> Vec<(SimTime, usize)> {
    let chats = lesson.steps[step].parts.iter().filter_map(|part| match part {
        Part::Chat(chat) if !chat.hint => Some(chat),
        _ => None,
    });
    let mut said: Vec<_> = chats
        .filter_map(|chat| Some((chat.said(run, lesson.begins(step))?, chat.line)))
        .filter(|(at, _)| *at <= now)
        .collect();
    said.sort_by_key(|(at, _)| *at);
    said
}

fn heard(page: &Page) -> Vec<(SimTime, usize)> {
    page.story.heard(page.player.run()).into_iter().map(|(at, chat)| (at, chat.line)).collect()
}

fn predictions(name: &str, lesson: &Rc<Lesson>, step: usize, runs: &mut Runs) {
    for predict in lesson.steps[step].parts.iter().filter_map(|part| match part {
        Part::Predict(predict) => Some(predict),
        _ => None,
    }) {
        let place = format!("{name}:{}", predict.line);
        let test = predict.options[predict.answer].test.expect("the answer has a test");
        let end = test.measure.end().expect("it has a moment");
        let replay = lesson.prediction(step, predict).expect("a run");
        let proven = runs.play(&replay, &[test], SimTime::ZERO).expect("it plays")[0];
        assert_eq!(proven.met, Some(end), "{place}");
        let mut page = Page::open(lesson, step, step % SPEEDS.len());
        page.session.speed = page.session.speed.max(6);
        page.act(LessonAction::Choose(predict.line, predict.answer));
        page.act(LessonAction::Lock(predict.line));
        page.play_to(end);
        let locked = &page.story.locked[&predict.line];
        assert_eq!(locked.outcome, proven.value, "{place}");
        let own = runs.finish(&replay).expect("it plays");
        let lives = predict.outcome_texts().flat_map(|text| lives(text));
        let told: Vec<_> = lives.map(|live| value(&live.measure, own.as_ref())).collect();
        assert_eq!(locked.told.iter().copied().map(Some).collect::<Vec<_>>(), told, "{place}");
        let now = page.player.run().now();
        assert_eq!(heard(&page), said(lesson, step, own.as_ref(), now), "{place}");
    }
}

fn goals(name: &str, lesson: &Rc<Lesson>, step: usize, runs: &mut Runs) {
    let tests: Vec<(usize, Test)> = lesson.steps[step]
        .parts
        .iter()
        .filter_map(|part| if let Part::Goal(goal) = part { Some((goal.line, goal.test)) } else { None })
        .collect();
    if tests.is_empty() {
        return;
    }
    let asked: Vec<Test> = tests.iter().map(|(_, test)| *test).collect();
    let mut solved = lesson.story(step).expect("a run");
    goal::attempt(&mut solved, &lesson.steps[step].scene.solution).expect("room");
    let end = asked.iter().map(|test| test.measure.end().unwrap_or(solved.spec().length)).max();
    let end = end.expect("there are goals");
    let mut page = Page::open(lesson, step, 7);
    for replay in [lesson.story(step).expect("a run"), solved] {
        let proven = runs.play(&replay, &asked, lesson.clock(step)).expect("it plays");
        page.play_instead(replay.clone());
        page.play_to(end);
        for ((line, _), proven) in tests.iter().zip(proven) {
            let shown = page.story.goals[&(*line, 0)];
            // What measured nothing is not shown.
            let value = proven.value.filter(|value| !value.is_nan());
            assert_eq!((shown.met, shown.value), (proven.met.is_some(), value), "{name}:{line}");
        }
        let own = runs.finish(&replay).expect("it plays");
        let now = page.player.run().now();
        assert_eq!(heard(&page), said(lesson, step, own.as_ref(), now), "{name}, step {step}");
    }
}

/// Whatever the learner says they saw, the run says what is true of it.
fn observations(name: &str, lesson: &Rc<Lesson>, step: usize, runs: &mut Runs) {
    for observe in lesson.steps[step].parts.iter().filter_map(|part| match part {
        Part::Observe(observe) => Some(observe),
        _ => None,
    }) {
        let place = format!("{name}:{}", observe.line);
        let tests: Vec<Test> = observe.statements.iter().map(|statement| statement.test).collect();
        let replay = lesson.observed(step, observe).expect("a run");
        let proven = runs.play(&replay, &tests, SimTime::ZERO).expect("it plays");
        let mut page = Page::open(lesson, step, 7);
        page.play_instead(replay.clone());
        page.play_to(observe.end());
        for statement in 0..tests.len() {
            page.act(LessonAction::Judge(observe.line, statement, true));
        }
        page.act(LessonAction::Observe(observe.line));
        let observed = &page.story.observed[&observe.line];
        let is_met: Vec<bool> = proven.iter().map(|outcome| outcome.met.is_some()).collect();
        assert_eq!(observed.found, is_met, "{place}");
        let own = runs.finish(&replay).expect("it plays");
        let lives = observe.statements.iter().flat_map(|statement| lives(&statement.because));
        let told: Vec<_> = lives.map(|live| value(&live.measure, own.as_ref())).collect();
        assert_eq!(observed.told.iter().copied().map(Some).collect::<Vec<_>>(), told, "{place}");
    }
}

#[test]
fn the_page_and_the_proof_see_the_same_in_a_run() {
    let lesson = Rc::new(parse::read(SEEN, &Glossary::default()).expect("a lesson"));
    let mut runs = Runs::of(&lesson, u64::MAX);
    observations("the lesson of these tests", &lesson, 0, &mut runs);
}

/// A test for each lesson, and two for the longest, as one after the other they take minutes.
macro_rules! both_ways {
    ($($test:ident: $file:literal, $part:expr;)+) => {
        mod the_page_and_the_proof_find_the_same_verdicts_numbers_and_moments {
            use super::*;
            $(#[test] fn $test() { both_ways($file, $part) })+
        }

        #[test]
        fn every_lesson_of_the_house_is_played_both_ways() {
            let played: BTreeSet<_> = [$($file),+].map(str::to_owned).into();
            assert_eq!(lessons().into_keys().collect::<BTreeSet<_>>(), played);
        }
    };
}

both_ways! {
    everyone_at_once: "everyone_at_once.md", (0, 1);
    fifteen_calls: "fifteen_calls.md", (0, 1);
    five_people_twenty_services: "five_people_twenty_services.md", (0, 1);
    forty_seven_emails: "forty_seven_emails.md", (0, 1);
    paid_and_nothing_shipped: "paid_and_nothing_shipped.md", (0, 1);
    every_other_step_of_pool_of_one_hundred: "pool_of_one_hundred.md", (0, 2);
    the_other_steps_of_pool_of_one_hundred: "pool_of_one_hundred.md", (1, 2);
    two_spaces: "two_spaces.md", (0, 1);
    two_terabytes_by_morning: "two_terabytes_by_morning.md", (0, 1);
    why_queues_explode: "why_queues_explode.md", (0, 1);
}

/// Every step of a lesson whose position has this remainder when it is divided by `tests`.
fn both_ways(name: &str, (remainder, tests): (usize, usize)) {
    let lesson = &lessons()[name];
    let mut runs = Runs::of(lesson, u64::MAX);
    for step in (remainder..lesson.steps.len()).step_by(tests) {
        predictions(name, lesson, step, &mut runs);
        goals(name, lesson, step, &mut runs);
        observations(name, lesson, step, &mut runs);
    }
}

/// A goal and a line of chat that hold for less than a second again and again, and at the end of some seconds.
const FLEETING: &str = r#"+++
title = "Fleeting"
summary = "What holds for a moment only."
scenario = "queueing_lab"
minutes = 1
[start]
arrivals_per_s = 80
service_ms = 10
[cast]
ann = "Ann, on call"
+++
## Watch
```scene
watch = ["waiting"]
begin = 0
until = "00:00:30"
unlock = ["servers"]
solution = ["servers=1"]
taught = ["servers"]
```
```chat
who = "ann"
when = "waiting in 7..7"
says = "Seven."
```
```goal
text = "Exactly nine wait."
test = "waiting in 9..9"
```
"#;

#[test]
fn what_holds_for_a_moment_is_met_at_the_same_moment_at_every_speed_and_after_every_seek() {
    let lesson = Rc::new(parse::read(FLEETING, &Glossary::default()).expect("a lesson"));
    let line = lesson.steps[0].parts.iter().find_map(|part| match part {
        Part::Goal(goal) => Some((goal.line, goal.test)),
        _ => None,
    });
    let (line, test) = line.expect("a goal");
    let replay = lesson.story(0).expect("a run");
    let mut runs = Runs::of(&lesson, u64::MAX);
    let proven = runs.play(&replay, &[test], lesson.clock(0)).expect("it plays")[0];
    let met = proven.met.expect("nine wait at the end of some second");
    assert!(met >= SimTime::from_secs(30) && met.nanos().is_multiple_of(1_000_000_000), "{met}");
    let whole = runs.finish(&replay).expect("it plays");
    let end = met + SimTime::from_secs(40);
    let expected = said(&lesson, 0, whole.as_ref(), end);
    assert_eq!(expected.len(), 1, "seven wait at the end of some second");
    for (speed, pace) in SPEEDS.iter().enumerate().skip(2) {
        let mut page = Page::open(&lesson, 0, speed);
        page.play_to(met.previous());
        if page.player.run().now() < met {
            assert!(!page.story.goals[&(line, 0)].met, "at {pace}");
        }
        page.play_to(end);
        assert!(page.story.goals[&(line, 0)].met, "at {pace}");
        assert_eq!(page.story.goals[&(line, 0)].value, proven.value);
        assert_eq!(heard(&page), expected, "at {pace}");
        // Back in time nothing has been said yet, and at once at the end it has been said when it was.
        for at in [SimTime::ZERO, end] {
            page.session = page.session.reduce(Action::Seek(at), page.player.moment());
            page.player.follow(&page.session);
            page.settle();
            assert_eq!(heard(&page), said(&lesson, 0, whole.as_ref(), at));
        }
    }
}

/// What a debrief says depends on the run: patched, restarted, or left alone.
#[test]
fn three_endings_of_one_night_have_three_debriefs() {
    let lesson = &lessons()["pool_of_one_hundred.md"];
    let is_debrief = |part: &Part| matches!(part, Part::Debrief(_));
    let step = lesson.steps.iter().position(|step| step.parts.iter().any(is_debrief)).expect("a debrief");
    let told = |done: &str| {
        let mut page = Page::open(lesson, step, SPEEDS.len() - 1);
        let link = format!("connection_pool?seed=1{done}");
        page.play_instead(Replay::parse(&link).expect("a link").replay);
        let end = page.player.run().spec().length;
        page.play_to(end);
        let debrief = postmortem::of_step(&page.story).expect("a debrief");
        postmortem::markdown(&page.story, page.player.run(), debrief, "")
    };
    let nobody_was_lost = "- Nobody was thrown out or refused.";
    let nobody_noticed = "- From 03:38 on customers noticed nothing";
    let goes_on = "- The queue is still growing: do not close the incident.";
    let text = told("&sleep_ms=100&worker_threads=500");
    let chosen =
        ["and 2 changes and actions", ":00 Worker threads: no limit → 500\n", ":00 Sleep on the slot: 500"];
    assert!(chosen.iter().all(|line| text.contains(line)), "what is chosen before the start\n{text}");
    for (done, said, unsaid) in [
        ("&at=03:31:00,sleep_ms=0", vec![nobody_was_lost, nobody_noticed], vec![goes_on]),
        ("&at=03:31:00,restart_now", vec![], vec![nobody_was_lost, nobody_noticed, goes_on]),
        ("", vec![nobody_was_lost, goes_on], vec![nobody_noticed]),
    ] {
        let text = told(done);
        for line in said {
            assert!(text.contains(line), "{done}: no \"{line}\" in\n{text}");
        }
        for line in unsaid {
            assert!(!text.contains(line), "{done}: \"{line}\" in\n{text}");
        }
    }
}

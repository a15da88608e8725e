#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use std::rc::Rc;

use warstories_lesson::lesson::Lesson;
use warstories_lesson::{Glossary, parse};
use warstories_sim::scenarios;

use super::*;
use crate::run::lesson_host::LessonAction;
use crate::run::progress::{LessonProgress, Mark, Observation};
use crate::run::session::Session;

/// A queue that grows by two each second: what one may see there, and why.
pub(crate) const LESSON: &str = r#"+++
title = "Seen"
summary = "For tests."
scenario = "queueing_lab"
minutes = 1
[start]
arrivals_per_s = 12
service_distribution = "constant"
+++
## Watch
```scene
watch = ["waiting"]
begin = 0
unlock = ["servers"]
```
```observe
question = "What did you see?"
[[statement]]
text = "Hundreds wait."
test = "waiting at 00:02:00 >= 100"
holds = true
because = "They are `= waiting at 00:02:00`, after `= waiting at 00:01:00`."
[[statement]]
text = "Nobody is served."
test = "done at 00:01:00 <= 0"
because = "`= done at 00:01:00` were."
```
```explain
question = "Why?"
ours = "More come than can go."
```
```quiz
question = "Which?"
[[option]]
text = "Chance"
because = "No."
[[option]]
text = "Work"
because = "Yes."
answer = true
```
"#;

fn lesson(text: &str) -> Rc<Lesson> {
    Rc::new(parse::read(text, &Glossary::default()).unwrap_or_else(|problems| panic!("{problems:?}")))
}

struct Visit {
    story: Story,
    session: Session,
    run: Box<dyn Playable>,
}

impl Visit {
    fn open() -> Self {
        Self::of(LESSON)
    }

    fn of(text: &str) -> Self {
        let mut story = Story::new("test", lesson(text));
        let replay = story.lesson.replay(0).expect("a scenario that there is");
        let mut session =
            Session::open(warstories_sim::Link { replay: replay.clone(), moment: None, dropped: Vec::new() });
        story.show(&mut session);
        let mut run = scenarios::start(replay);
        story.wanted().ask(run.as_mut());
        Self { story, session, run }
    }

    fn act(&mut self, lesson_action: LessonAction) {
        let moment = self.run.now();
        (self.story, self.session) = self.story.reduce(lesson_action, &self.session, moment);
    }

    fn play(&mut self, secs: u64) {
        self.run.advance(SimTime::from_secs(secs), u64::MAX);
        self.story.observe(self.run.as_ref());
    }

    fn line(&self, is_it: fn(&Part) -> bool) -> usize {
        let part = self.story.lesson.steps[0].parts.iter().find(|part| is_it(part));
        part.and_then(Part::line).expect("the lesson has it")
    }

    fn observe(&self) -> usize {
        self.line(|part| matches!(part, Part::Observe(_)))
    }

    fn explain(&self) -> usize {
        self.line(|part| matches!(part, Part::Explain(_)))
    }
}

/// A visit in which everything was said.
fn all_said() -> Visit {
    let mut visit = Visit::open();
    let (observe, explain) = (visit.observe(), visit.explain());
    visit.play(120);
    visit.act(LessonAction::Judge(observe, 0, true));
    visit.act(LessonAction::Judge(observe, 1, true));
    visit.act(LessonAction::Observe(observe));
    visit.play(121);
    visit.act(LessonAction::Explain(explain, "  Too much “work” \\ for one.\n".into()));
    visit.act(LessonAction::Mark(explain, Mark::Partly));
    visit
}

#[test]
fn the_run_says_what_is_true_once_the_learner_has_said_what_they_saw() {
    let mut visit = Visit::open();
    let line = visit.observe();
    assert_eq!(
        visit.story.stop(SimTime::ZERO),
        Some(SimTime::from_secs(120)),
        "time stops where it is asked"
    );
    visit.act(LessonAction::Judge(line, 0, true));
    visit.act(LessonAction::Judge(line, 1, false));
    visit.act(LessonAction::Judge(line, 1, true));
    visit.play(119);
    visit.act(LessonAction::Observe(line));
    assert!(visit.story.observed.is_empty(), "its moment has not come");
    visit.play(120);
    assert!(visit.story.observed.is_empty(), "nothing was said yet");
    visit.act(LessonAction::Observe(line));
    assert!(visit.story.is_waiting(&visit.story.lesson.steps[0].parts[0]), "the run has not been looked at");
    visit.play(120);
    let observed = visit.story.observed[&line].clone();
    assert_eq!(
        (observed.said.as_slice(), observed.found.as_slice()),
        (&[true, true][..], &[true, false][..])
    );
    let [late, early, done] = observed.told[..] else { panic!("{:?}", observed.told) };
    assert!(late > early && early > 50.0 && done > 500.0, "{:?}", observed.told);
    assert!(!visit.story.is_waiting(&visit.story.lesson.steps[0].parts[0]));
    assert_eq!(visit.story.stop(SimTime::ZERO), None);

    // Whatever is said or played later, it stays.
    visit.act(LessonAction::Judge(line, 1, false));
    visit.act(LessonAction::Observe(line));
    visit.play(300);
    assert_eq!(visit.story.observed[&line], observed);
}

/// Each way of a vote is watched as far as the first.
#[test]
fn time_stops_on_every_way_of_a_vote_where_it_is_asked_what_was_seen() {
    let vote = r#"```vote
question = "What next?"
[[option]]
text = "Wait"
says = "It grows."
[[option]]
text = "Hire"
inputs = ["00:00:10 servers=2"]
says = "It shrinks."
```
```observe
"#;
    let mut visit = Visit::of(&LESSON.replacen("```observe\n", vote, 1));
    let line = visit.observe();
    visit.play(120);
    for statement in 0..2 {
        visit.act(LessonAction::Judge(line, statement, true));
    }
    visit.act(LessonAction::Observe(line));
    visit.play(120);
    assert!(visit.story.observed.contains_key(&line));
    assert_eq!(visit.story.stop(SimTime::from_secs(10)), Some(SimTime::from_secs(120)));
    assert_eq!(visit.story.stop(SimTime::from_secs(120)), None);
}

#[test]
fn an_observation_with_a_statement_left_open_is_not_said() {
    let mut visit = Visit::open();
    let line = visit.observe();
    visit.play(120);
    visit.act(LessonAction::Judge(line, 0, true));
    visit.act(LessonAction::Observe(line));
    assert!(visit.story.observed.is_empty());
    visit.act(LessonAction::Observe(line + 1));
    assert!(visit.story.observed.is_empty(), "there is no such observation");
}

#[test]
fn own_words_are_kept_to_be_compared_with_ours() {
    let mut visit = Visit::open();
    let (line, part) = (visit.explain(), visit.story.lesson.steps[0].parts[1].clone());
    for nothing in ["", " \n\t"] {
        visit.act(LessonAction::Explain(line, nothing.into()));
        assert!(visit.story.explained.is_empty(), "{nothing:?}");
    }
    visit.act(LessonAction::Mark(line, Mark::Had));
    visit.act(LessonAction::Explain(line + 1, "elsewhere".into()));
    assert!(visit.story.explained.is_empty() && visit.story.is_waiting(&part));
    visit.act(LessonAction::Explain(line, format!(" {} ", "ü".repeat(Explanation::MOST + 9)).into()));
    let kept = &visit.story.explained[&line];
    assert_eq!((kept.0.chars().count(), kept.1), (Explanation::MOST, None));
    assert!(visit.story.is_waiting(&part), "it has not been compared yet");
    visit.act(LessonAction::Explain(line, "Ours, copied.".into()));
    assert!(visit.story.explained[&line].0.starts_with('ü'), "once ours are known, one's own stay");
    visit.act(LessonAction::Mark(line, Mark::NotYet));
    visit.act(LessonAction::Mark(line, Mark::Had));
    assert_eq!(visit.story.explained[&line].1, Some(Mark::Had));
    assert!(!visit.story.is_waiting(&part));
}

#[test]
fn words_that_were_not_sent_yet_outlive_a_look_at_another_step() {
    let mut visit = Visit::of(&format!("{LESSON}## After\nThis is the end.\n"));
    let line = visit.explain();
    visit.act(LessonAction::Draft(line, "More".into()));
    visit.act(LessonAction::Draft(line, "More come ".into()));
    for step in [1, 0] {
        visit.act(LessonAction::Go(step));
        assert_eq!(visit.story.step, step);
        assert_eq!(visit.story.words.get(&line).map(AsRef::as_ref), Some("More come "), "as it was written");
    }
    assert!(visit.story.explained.is_empty(), "ours are not shown before it is sent");
    assert!(visit.story.is_waiting(&visit.story.lesson.steps[0].parts[1]));
}

#[test]
fn what_was_seen_and_explained_outlives_a_visit() {
    let visit = all_said();
    let kept = visit.story.progress();
    assert_eq!(kept.observed[0].found, [true, false]);
    assert_eq!(
        (kept.explained[0].text.as_str(), kept.explained[0].mark),
        ("Too much “work” \\ for one.", Some(Mark::Partly))
    );
    let mut again = Story::new("test", visit.story.lesson.clone());
    again.take_up_progress(&kept).expect("its own progress");
    assert_eq!(again.progress(), kept);
    assert_eq!((&again.observed, &again.explained), (&visit.story.observed, &visit.story.explained));
    assert_eq!(again.judged, visit.story.judged);
}

type Spoil<'a> = &'a dyn Fn(&mut LessonProgress);

#[test]
fn what_the_lesson_has_no_place_for_is_refused_with_that_place() {
    let visit = all_said();
    let (observe, explain) = (visit.observe(), visit.explain());
    let good = visit.story.progress();
    let seen = |line, said: &[bool], found: &[bool], told: usize| Observation {
        line,
        said: said.to_vec(),
        found: found.to_vec(),
        told: vec![None; told],
    };
    let wrote = |line, text: &str| Explanation { line, text: text.to_owned(), mark: None };
    let long = "x".repeat(Explanation::MOST + 1);
    let cases: [(&str, Spoil); 8] = [
        ("an observation at line E", &|bad| bad.observed.push(seen(explain, &[true, true], &[], 0))),
        ("an observation at line O", &|bad| bad.observed.push(seen(observe, &[true], &[], 0))),
        ("an observation at line O", &|bad| bad.observed.push(seen(observe, &[true, true], &[true], 0))),
        ("an observation at line O", &|bad| bad.observed.push(seen(observe, &[], &[true, true], 0))),
        ("what an observation tells at line O", &|bad| {
            bad.observed.push(seen(observe, &[true, true], &[], 4));
        }),
        ("an explanation at line O", &|bad| bad.explained.push(wrote(observe, "x"))),
        ("an explanation at line E", &|bad| bad.explained.push(wrote(explain, ""))),
        ("an explanation at line E", &|bad| bad.explained.push(wrote(explain, &long))),
    ];
    for (expected, spoil) in cases {
        let expected = expected
            .replace("line O", &format!("line {observe}"))
            .replace("line E", &format!("line {explain}"));
        let mut bad = good.clone();
        spoil(&mut bad);
        let mut story = Story::new("test", visit.story.lesson.clone());
        let reason = story.take_up_progress(&bad).expect_err(&expected);
        assert!(reason.contains(&expected), "{reason}\n{expected}");
        assert_eq!(story.progress(), Story::new("test", visit.story.lesson.clone()).progress());
    }
}

/// An answer is kept by the position of its option. Where options have changed places, their lesson is another edition,
/// and what was kept of the one before is set aside.
#[test]
fn what_was_chosen_is_never_shown_as_another_option() {
    let visit = all_said();
    let moved = |seed: u64| lesson(&LESSON.replace("minutes = 1", &format!("minutes = 1\nseed = {seed}")));
    let order = |lesson: &Lesson| {
        lesson.steps[0]
            .parts
            .iter()
            .find_map(|part| if let Part::Quiz(quiz) = part { Some(quiz.answer) } else { None })
    };
    let other =
        (2..9).map(moved).find(|other| order(other) != order(&visit.story.lesson)).expect("another order");
    let mut kept = visit.story.lesson.as_ref().clone();
    for part in &mut kept.steps[0].parts {
        if let Part::Quiz(quiz) = part {
            quiz.options.swap(0, 1);
            quiz.answer = 1 - quiz.answer;
        }
    }
    for changed in [other, Rc::new(kept)] {
        let mut story = Story::new("test", changed);
        let reason = story.take_up_progress(&visit.story.progress()).expect_err("another order");
        assert_eq!(reason, "it has changed since you were here");
        assert!(story.answers.is_empty() && story.chosen.is_empty());
    }
}

/// Two goals before the observation: nobody waits at the first moment, and many wait at the second.
fn with_goals() -> String {
    let scene = "unlock = [\"servers\"]\nsolution = [\"0 servers=2\", \"00:01:00 servers=1\"]\ntaught = [\"servers\"]";
    let goal = |text: &str, test: &str| {
        format!("```goal\ntext = \"{text}\"\ntest = \"{test}\"\nhints = [\"Look.\", \"Two servers.\"]\n```\n")
    };
    let goals = goal("At first few wait.", "waiting at 00:00:30 <= 5")
        + &goal("Later many wait.", "waiting at 00:02:00 >= 100");
    let text = LESSON.replace("unlock = [\"servers\"]", scene);
    text.replacen("```observe", &(goals + "```observe"), 1)
}

#[test]
fn what_stands_after_the_goals_is_asked_of_a_run_that_meets_all_of_them() {
    let mut visit = Visit::of(&with_goals());
    let line = visit.observe();
    let say = |visit: &mut Visit| {
        visit.act(LessonAction::Judge(line, 0, true));
        visit.act(LessonAction::Judge(line, 1, true));
        visit.act(LessonAction::Observe(line));
    };
    visit.play(130);
    let met = |visit: &Visit| visit.story.goals.values().filter(|standing| standing.met).count();
    assert_eq!(met(&visit), 1);
    say(&mut visit);
    assert!(visit.story.observed.is_empty(), "one of the goals is not met");

    let servers = visit.run.spec().param("servers").expect("a control of the lab");
    let mut replay = visit.run.replay().clone();
    replay.set_start(servers, 2.0);
    visit.run = scenarios::start(replay.clone());
    visit.story.wanted().ask(visit.run.as_mut());
    visit.play(130);
    assert_eq!(met(&visit), 1, "goals are not collected from several runs");

    let input = warstories_sim::Input::Change { param: servers, value: 1.0 };
    replay.add(SimTime::from_secs(60), input).expect("a change that there may be");
    visit.run = scenarios::start(replay);
    visit.story.wanted().ask(visit.run.as_mut());
    visit.play(130);
    assert_eq!(met(&visit), 2);
    say(&mut visit);
    assert!(visit.story.observed.contains_key(&line));

    // Another try takes nothing away, and says that it is another.
    let mut again = visit.run.replay().clone();
    again.set_start(servers, 1.0);
    visit.run = scenarios::start(again);
    visit.play(130);
    assert_eq!(met(&visit), 2);
    assert!(visit.story.goals.values().any(|standing| !standing.holds));
}

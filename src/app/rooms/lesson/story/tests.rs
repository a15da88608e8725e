#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use warstories_lesson::{Glossary, parse};
use warstories_sim::scenarios;

use super::*;
use crate::rooms::lesson::postmortem;
use crate::run::lesson_host::LessonAction;
use crate::run::progress::{LessonProgress, Prediction};
use crate::run::session::{Action, Session};

/// A lesson on a queue that grows by two each second: every block that there is, once.
pub(super) const LESSON: &str = r#"+++
title = "A *queue* <b>grows</b>"
summary = "For tests."
scenario = "queueing_lab"
minutes = 1
open = ["arrivals_per_s"]
[start]
arrivals_per_s = 12
service_distribution = "constant"
[cast]
ann = "Ann, on call"
+++

## Watch

It grows.

```scene
watch = ["waiting"]
begin = 0
until = "00:02:00"
```

```chat
who = "ann"
when = "00:00:30"
says = "Half a minute."
```

```chat
who = "ann"
when = "waiting >= 100"
says = "A hundred."
```

```predict
question = "How many wait?"
measure = "waiting at 00:02:00"
after = "So many: `= waiting at 00:02:00`."
keep_order = true
[[option]]
text = "None"
because = "`= arrived at 00:02:00` came."
test = "waiting at 00:02:00 <= 10"
value = 0
[[option]]
text = "Hundreds"
because = "Only `= done at 00:02:00` went."
test = "waiting at 00:02:00 >= 100"
answer = true
value = 240
```

## Decide

And now?

```scene
watch = ["waiting"]
unlock = ["clear_queue"]
```

```vote
question = "What do we do?"
[[option]]
text = "Clear it"
inputs = ["00:02:30 clear_queue"]
says = "Gone."
[[option]]
text = "Add a server"
inputs = ["00:02:30 servers=2"]
needs = "clear_queue"
says = "Twice as fast."
```

## Repair

Make it fit.

```scene
watch = ["waiting"]
start = { arrivals_per_s = 14 }
begin = "00:01:00"
unlock = ["servers"]
lock = ["clear_queue"]
solution = ["00:02:30 servers=2"]
taught = ["servers"]
```

```goal
text = "At the end at most ten wait."
test = "mean waiting from 00:09:00 to 00:10:00 <= 10"
hints = ["Look at the work.", "Two servers."]
```

## After

What came of it.

```debrief
impact = [{ label = "Answered", measure = "done at 00:10:00" }]
factors = ["Too much work for one server."]
went_well = [
    { text = "Everybody was answered.", test = "waiting at 00:10:00 <= 20" },
    { text = "Nobody was thrown out.", test = "cleared at 00:10:00 <= 0" },
]
luck = [{ text = "It was quiet.", test = "arrived at 00:10:00 <= 9000" }]
charts = ["waiting"]
commit = [
    { text = "Run two servers" },
    { text = "One was not enough.", test = "waiting at 00:02:00 >= 50" },
    { text = "Nobody waits.", test = "waiting at 00:02:00 <= 5" },
]
actions = [{ do = "Add a server", owner = "Ann" }]
```

```quiz
question = "Why?"
keep_order = true
[[option]]
text = "Chance"
because = "It grew all the time."
[[option]]
text = "Work"
answer = true
because = "It did not fit."
```

```challenge
text = "Everybody answered, nobody cleared."
start = { arrivals_per_s = 30 }
tests = ["mean waiting from 00:09:00 to 00:10:00 <= 10", "cleared at 00:10:00 <= 0"]
par = 1
solution = ["00:00:10 servers=4"]
```
"#;

const FIRST_CHAT: usize = 0;

/// Makes good progress bad.
type Spoil<'a> = &'a dyn Fn(&mut LessonProgress);

struct Visit {
    story: Story,
    session: Session,
    run: Box<dyn Playable>,
}

impl Visit {
    fn open() -> Self {
        Self::of(parse::read(LESSON, &Glossary::default()).expect("the lesson of these tests"))
    }

    fn of(lesson: Lesson) -> Self {
        let mut story = Story::new("test", Rc::new(lesson));
        let replay = story.lesson.replay(0).expect("a scenario that there is");
        let mut session = Session::open(warstories_sim::Link { replay, moment: None, dropped: Vec::new() });
        story.show(&mut session);
        let run = start(&story, &session);
        Self { story, session, run }
    }

    /// In the third step, where the goals are, after a prediction, whose line is given too, and a vote.
    fn at_the_goal() -> (Self, usize) {
        let mut visit = Self::open();
        let line = visit.predict();
        visit.act(LessonAction::Choose(line, 0));
        visit.act(LessonAction::Lock(line));
        visit.play(120);
        visit.act(LessonAction::Go(1));
        let vote = visit.vote();
        visit.act(LessonAction::Choose(vote, 0));
        visit.act(LessonAction::Cast(vote));
        visit.act(LessonAction::Go(2));
        (visit, line)
    }

    /// Does something, and plays the run that is then on show up to where it is shown.
    fn act(&mut self, lesson_action: LessonAction) {
        let (moment, seek_request) = (self.run.now(), self.session.seek_request);
        (self.story, self.session) = self.story.reduce(lesson_action, &self.session, moment);
        if self.session.seek_request != seek_request {
            self.run = start(&self.story, &self.session);
            self.run.advance(self.session.seek_request.at, u64::MAX);
        }
    }

    fn touch(&mut self, action: Action) {
        let moment = self.run.now();
        self.session = self.session.reduce(action, moment);
        self.run = start(&self.story, &self.session);
        self.run.advance(moment, u64::MAX);
    }

    fn play(&mut self, secs: u64) -> Vec<String> {
        self.run.advance(SimTime::from_secs(secs), u64::MAX);
        self.story.observe(&*self.run)
    }

    fn line(&self, step: usize, is_it: fn(&Part) -> bool) -> usize {
        let part = self.story.lesson.steps[step].parts.iter().find(|part| is_it(part));
        part.and_then(Part::line).expect("the lesson has it")
    }

    fn predict(&self) -> usize {
        self.line(0, |part| matches!(part, Part::Predict(_)))
    }

    fn vote(&self) -> usize {
        self.line(1, |part| matches!(part, Part::Vote(_)))
    }

    fn param(&self, id: &str) -> usize {
        self.run.spec().param(id).expect("the lab has it")
    }
}

fn start(story: &Story, session: &Session) -> Box<dyn Playable> {
    let mut run = scenarios::start(session.replay().clone());
    story.wanted().ask(run.as_mut());
    run
}

#[test]
fn time_stands_still_until_the_prediction_is_locked_in() {
    let mut visit = Visit::open();
    let line = visit.predict();
    assert!(visit.story.must_predict() && !visit.session.playing);
    let reason = String::from("This is computed once your guess is locked in.");
    assert_eq!(visit.story.withheld(), Some((None, reason)), "a table of other runs would give it away");
    visit.act(LessonAction::Lock(line));
    assert!(visit.story.must_predict(), "nothing was chosen");
    visit.act(LessonAction::Choose(line, 0));
    assert!(visit.story.must_predict() && visit.story.locked.is_empty());
    visit.act(LessonAction::Lock(line));
    assert!(!visit.story.must_predict() && visit.session.playing);
    assert_eq!(visit.story.withheld(), None);
    assert_eq!(visit.story.stop(SimTime::ZERO), Some(SimTime::from_secs(120)));
}

#[test]
fn the_run_answers_what_was_predicted() {
    let mut visit = Visit::open();
    let line = visit.predict();
    visit.act(LessonAction::Choose(line, 0));
    visit.act(LessonAction::Lock(line));
    visit.play(119);
    assert_eq!(visit.story.locked[&line], Locked { option: 0, outcome: None, told: Vec::new() });
    let news = visit.play(120);
    assert!(news.contains(&String::from("The run has answered your prediction.")), "{news:?}");
    let outcome = visit.story.locked[&line].outcome.expect("it is known");
    assert!((100.0..400.0).contains(&outcome), "{outcome}");
    assert_eq!(visit.story.score(), (0, 1));
    let told = &visit.story.locked[&line].told;
    assert_eq!(
        (told.len(), told[0], told[1] - told[2]),
        (3, outcome, outcome + 1.0),
        "the numbers of all texts stay, whatever comes later; one is being served"
    );
    let guesses = visit.story.guesses();
    assert_eq!(
        guesses.iter().map(|guess| (guess.name, guess.value)).collect::<Vec<_>>(),
        [("Your guess", 0.0), ("The run", outcome)]
    );
    assert!(visit.play(130).is_empty(), "it is told once");
}

/// "Above a hundred" is no guess of any one number.
#[test]
fn an_open_guess_says_to_which_side_it_is_open() {
    let open = LESSON.replace("answer = true\nvalue = 240", "answer = true\nvalue = 100\nopen = true");
    let open = open.replace("<= 10\"\nvalue = 0", "<= 10\"\nvalue = 10\nopen = true");
    for (option, named) in [(0, ("Your guess: below", 10.0)), (1, ("Your guess: above", 100.0))] {
        let mut visit = Visit::of(parse::read(&open, &Glossary::default()).expect("it is right"));
        let line = visit.predict();
        visit.act(LessonAction::Choose(line, option));
        visit.act(LessonAction::Lock(line));
        let guesses = visit.story.guesses();
        assert_eq!(guesses.iter().map(|guess| (guess.name, guess.value)).collect::<Vec<_>>(), [named]);
    }
}

/// What is asked after the prediction has its moment before the answer.
#[test]
fn on_the_way_to_an_answer_time_stops_for_that_alone() {
    let seen = "```observe\nquestion = \"Saw?\"\n[[statement]]\ntext = \"Some waited.\"\ntest = \"waiting at 00:01:00 >= 10\"\nholds = true\nbecause = \"Yes.\"\n[[statement]]\ntext = \"None came.\"\ntest = \"arrived at 00:01:00 <= 0\"\nbecause = \"Many.\"\n```\n\n## Decide";
    let lesson = parse::read(&LESSON.replace("## Decide", seen), &Glossary::default()).expect("a lesson");
    let mut visit = Visit::of(lesson);
    let line = visit.predict();
    assert_eq!(visit.story.stop(SimTime::ZERO), Some(SimTime::from_secs(60)));
    visit.act(LessonAction::Choose(line, 1));
    visit.act(LessonAction::Lock(line));
    assert_eq!(visit.story.stop(SimTime::ZERO), Some(SimTime::from_secs(120)));
    visit.play(120);
    assert_eq!(visit.story.stop(SimTime::ZERO), Some(SimTime::from_secs(60)), "it is asked now");
}

/// The decision point is behind who has decided: what they play again is played up to the goal.
#[test]
fn a_run_of_ones_own_stops_for_the_goal_alone() {
    let goal = "```goal\ntext = \"Few wait.\"\ntest = \"waiting at 00:10:00 <= 10\"\nhints = [\"Work.\"]\n```\n\n## Decide";
    let fix =
        "until = \"00:02:00\"\nsolution = [\"00:02:30 arrivals_per_s=1\"]\ntaught = [\"arrivals_per_s\"]\n";
    let text = LESSON.replacen("until = \"00:02:00\"\n", fix, 1);
    let lesson = parse::read(&text.replace("## Decide", goal), &Glossary::default()).expect("a lesson");
    let mut visit = Visit::of(lesson);
    let line = visit.predict();
    let stops = |story: &Story| -> Vec<_> {
        std::iter::successors(story.stop(SimTime::ZERO), |at| story.stop(*at))
            .map(|at| at.to_string())
            .collect()
    };
    assert_eq!(stops(&visit.story), ["120", "600"]);
    visit.act(LessonAction::Choose(line, 1));
    visit.act(LessonAction::Lock(line));
    assert_eq!(stops(&visit.story), ["120", "600"]);
    visit.play(120);
    assert_eq!(stops(&visit.story), ["600"]);
    visit.act(LessonAction::Retry);
    assert_eq!(stops(&visit.story), ["600"]);
}

/// Whoever has met a goal in another way than the lesson does has changed what they changed, not what the lesson did.
#[test]
fn what_is_changed_counts_from_the_run_that_the_learner_was_given() {
    let (mut visit, _) = Visit::at_the_goal();
    let (servers, step) = (visit.param("servers"), visit.story.step);
    visit.story.keep_given(&mut visit.session);
    visit.play(100);
    visit.touch(Action::Set { param: servers, value: 5.0 });
    visit.act(LessonAction::Go(step + 1));
    visit.story.keep_given(&mut visit.session);
    assert_eq!(visit.session.changes(visit.session.replay()), (0, 1));
    assert_eq!(visit.session.defaults(SimTime::from_secs(200))[servers], 1.0);
    // Who comes without a run of their own is given the one in which the goal was met.
    visit.story.show(&mut visit.session);
    visit.story.keep_given(&mut visit.session);
    assert_eq!(visit.session.given, visit.story.given());
    assert_eq!(visit.session.changes(visit.session.replay()), (0, 0));
}

#[test]
fn the_next_step_goes_on_with_its_own_run_where_a_prediction_had_one_to_itself() {
    let mut visit = Visit::open();
    let (line, arrivals) = (visit.predict(), visit.param("arrivals_per_s"));
    visit.touch(Action::Set { param: arrivals, value: 1.0 });
    visit.act(LessonAction::Choose(line, 1));
    visit.act(LessonAction::Lock(line));
    visit.play(120);
    assert_eq!(visit.session.branches.all().len(), 2);
    visit.act(LessonAction::Go(1));
    assert_eq!(visit.session.branches.all().len(), 1);
    assert_eq!(visit.session.replay(), &visit.story.lesson.story(1).expect("a run"));
    assert_eq!(visit.session.seek_request.at, visit.story.lesson.begins(1));
}

/// What the learner has changed before is put aside for the answer, and what they change afterwards waits.
#[test]
fn a_prediction_is_answered_by_the_run_that_the_lesson_was_proven_with() {
    let mut visit = Visit::open();
    let (line, arrivals) = (visit.predict(), visit.param("arrivals_per_s"));
    visit.touch(Action::Set { param: arrivals, value: 1.0 });
    visit.act(LessonAction::Choose(line, 1));
    visit.act(LessonAction::Lock(line));
    assert_eq!(visit.session.replay(), &visit.story.lesson.replay(0).expect("a run"));
    assert!(!visit.story.is_open(Control::Param(arrivals)), "the controls rest until the answer");
    let asked = visit.session.clone();
    visit.touch(Action::Set { param: arrivals, value: 1.0 });
    visit.play(120);
    assert_eq!(
        visit.story.locked[&line].outcome, None,
        "a run that was changed all the same does not answer"
    );
    visit.session = asked;
    visit.run = start(&visit.story, &visit.session);
    visit.play(120);
    assert!(visit.story.locked[&line].outcome.is_some_and(|outcome| outcome >= 100.0));
    assert!(visit.story.is_open(Control::Param(arrivals)));
}

#[test]
fn the_cast_speaks_at_its_moments_and_when_the_run_gives_cause() {
    let mut visit = Visit::open();
    visit.play(29);
    assert_eq!(visit.story.heard(&*visit.run), []);
    assert_eq!(visit.play(30), ["Ann: Half a minute."]);
    let mut news = Vec::new();
    let mut secs = 30;
    while news.is_empty() {
        secs += 1;
        assert!(secs < 120, "a hundred never waited");
        news = visit.play(secs);
    }
    assert_eq!(news, ["Ann: A hundred."]);
    let heard = visit.story.heard(&*visit.run);
    assert_eq!(heard.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [30, secs].map(SimTime::from_secs));
    assert_eq!(heard[FIRST_CHAT].1.who, 0);
    let mut earlier = start(&visit.story, &visit.session);
    earlier.advance(SimTime::from_secs(40), u64::MAX);
    assert_eq!(visit.story.heard(&*earlier).len(), 1, "what is said later is not heard before");
}

#[test]
fn a_step_that_goes_on_keeps_the_run_and_a_scene_of_its_own_begins_another() {
    let mut visit = Visit::open();
    visit.play(120);
    let link = visit.session.link(SimTime::ZERO);
    visit.act(LessonAction::Go(1));
    assert_eq!((visit.session.link(SimTime::ZERO), visit.session.playing), (link, false));
    visit.play(200);
    visit.act(LessonAction::Go(0));
    assert_eq!(
        visit.session.seek_request.at,
        SimTime::ZERO,
        "a step with a decision point begins where it begins"
    );
    visit.act(LessonAction::Go(2));
    assert_eq!(visit.session.seek_request.at, SimTime::from_secs(60));
    assert!(visit.session.link(SimTime::ZERO).contains("arrivals_per_s=14"));
    visit.act(LessonAction::Go(99));
    assert_eq!((visit.story.step, visit.story.furthest), (3, 3), "there is no step behind the last");
}

#[test]
fn controls_open_and_close_as_the_story_goes_on() {
    let mut visit = Visit::open();
    let clear = visit.run.spec().action("clear_queue").expect("the lab has it");
    let open = |visit: &Visit| {
        [
            Control::Param(visit.param("arrivals_per_s")),
            Control::Param(visit.param("servers")),
            Control::Action(clear),
        ]
        .map(|control| visit.story.is_open(control))
    };
    assert_eq!(open(&visit), [true, false, false]);
    visit.act(LessonAction::Go(1));
    assert_eq!(open(&visit), [true, false, true]);
    visit.act(LessonAction::Go(2));
    assert_eq!(open(&visit), [true, true, false]);
    visit.act(LessonAction::Go(3));
    let challenge = visit.line(3, |part| matches!(part, Part::Challenge(_)));
    visit.act(LessonAction::Challenge(challenge));
    assert_eq!(open(&visit), [true, true, true]);
}

#[test]
fn every_way_that_is_voted_for_is_a_branch_from_the_same_moment() {
    let mut visit = Visit::open();
    visit.act(LessonAction::Go(1));
    visit.run.advance(SimTime::from_secs(140), u64::MAX);
    let line = visit.vote();
    visit.act(LessonAction::Choose(line, 1));
    visit.act(LessonAction::Cast(line));
    assert!(visit.story.votes.is_empty(), "the way is locked until the queue was cleared once");
    visit.act(LessonAction::Choose(line, 0));
    visit.act(LessonAction::Cast(line));
    assert_eq!(visit.story.votes[&line], [0]);
    assert_eq!((visit.session.branches.all().len(), visit.session.playing), (2, true));
    assert!(
        visit.session.link(SimTime::ZERO).ends_with("at=150,clear_queue&end"),
        "{}",
        visit.session.link(SimTime::ZERO)
    );
    visit.play(200);
    visit.act(LessonAction::Choose(line, 1));
    visit.act(LessonAction::Cast(line));
    assert_eq!(visit.story.votes[&line], [0, 1]);
    let links: Vec<String> =
        visit.session.branches.all().iter().map(|branch| branch.replay.print(None)).collect();
    assert_eq!(links.len(), 3);
    assert!(links[2].ends_with("at=150,servers=2"), "{}", links[2]);
    let vote = SimTime::from_secs(150) - SimTime::from_nanos(1);
    assert_eq!(visit.session.seek_request.at, vote, "the second way begins where the first did");
}

#[test]
fn a_goal_is_met_by_the_run_and_stays_met() {
    let mut visit = Visit::open();
    visit.act(LessonAction::Go(2));
    let goal = (visit.line(2, |part| matches!(part, Part::Goal(_))), 0);
    visit.play(600);
    assert!(
        !visit.story.goals[&goal].met && visit.story.goals[&goal].value.is_some_and(|value| value > 100.0)
    );
    visit.act(LessonAction::Retry);
    assert_eq!(visit.story.goals[&goal], Standing::default());
    let servers = visit.param("servers");
    visit.touch(Action::Set { param: servers, value: 2.0 });
    assert!(visit.play(600).contains(&String::from("Goal met.")));
    visit.act(LessonAction::Retry);
    visit.play(600);
    assert!(visit.story.goals[&goal].met);
}

/// A goal says "start again, then set"; many set first.
#[test]
fn what_was_set_while_time_stood_is_set_in_the_run_that_starts_again() {
    let mut visit = Visit::open();
    visit.act(LessonAction::Go(2));
    let servers = visit.param("servers");
    let first = visit.session.values(visit.session.seek_request.at)[servers];
    visit.play(300);
    visit.touch(Action::Set { param: servers, value: 3.0 });
    visit.play(400);
    visit.session.playing = false;
    visit.touch(Action::Set { param: servers, value: 2.0 });
    visit.act(LessonAction::Retry);
    let begin = visit.session.seek_request.at;
    assert_eq!(visit.session.values(begin)[servers], 2.0);
    assert_eq!(
        visit.session.values(SimTime::from_secs(500))[servers],
        2.0,
        "what was set before is forgotten"
    );
    visit.act(LessonAction::Retry);
    assert_eq!(visit.session.values(begin)[servers], first, "from the beginning, it is as the lesson has it");
}

#[test]
fn a_challenge_asks_for_everything_in_one_run() {
    let mut visit = Visit::open();
    visit.act(LessonAction::Go(3));
    let line = visit.line(3, |part| matches!(part, Part::Challenge(_)));
    visit.act(LessonAction::Challenge(line));
    visit.play(600);
    let met = |visit: &Visit| [0, 1].map(|place| visit.story.goals[&(line, place)].met);
    assert_eq!(met(&visit), [false, true]);
    visit.act(LessonAction::Retry);
    assert_eq!(met(&visit), [false, false]);
    let servers = visit.param("servers");
    visit.touch(Action::Set { param: servers, value: 4.0 });
    visit.play(600);
    assert_eq!(met(&visit), [true, true]);
}

#[test]
fn progress_outlives_a_visit() {
    let (mut visit, line) = Visit::at_the_goal();
    let goal = visit.line(2, |part| matches!(part, Part::Goal(_)));
    visit.act(LessonAction::Hint(goal));
    let servers = visit.param("servers");
    visit.touch(Action::Set { param: servers, value: 2.0 });
    visit.play(600);
    visit.act(LessonAction::Go(3));
    let quiz = visit.line(3, |part| matches!(part, Part::Quiz(_)));
    visit.act(LessonAction::Choose(quiz, 1));
    visit.act(LessonAction::Answer(quiz));
    visit.act(LessonAction::Go(1));
    let mut again = Story::new("test", visit.story.lesson.clone());
    again.take_up_progress(&visit.story.progress()).expect("its own progress");
    assert_eq!(again.progress(), visit.story.progress());
    assert_eq!((again.step, again.furthest), (1, 3));
    assert_eq!(again.votes, visit.story.votes);
    assert_eq!((again.hints, again.answers), (visit.story.hints, visit.story.answers));
    assert!(again.goals[&(goal, 0)].met);
    assert_eq!(again.locked[&line].option, 0);
    assert!(again.locked[&line].outcome.is_some());
}

#[test]
fn a_lesson_is_done_when_every_step_was_seen_and_has_nothing_left_to_do() {
    let (mut visit, _) = Visit::at_the_goal();
    let servers = visit.param("servers");
    visit.touch(Action::Set { param: servers, value: 2.0 });
    visit.play(600);
    visit.act(LessonAction::Go(3));
    assert!(!visit.story.progress().done, "the quiz is open");
    assert!(visit.story.open_steps().eq([3]));
    let quiz = visit.line(3, |part| matches!(part, Part::Quiz(_)));
    visit.act(LessonAction::Choose(quiz, 0));
    visit.act(LessonAction::Answer(quiz));
    assert!(visit.story.progress().done, "a wrong answer is an answer");
    assert_eq!(visit.story.open_steps().next(), None);
}

#[test]
fn progress_that_the_lesson_has_no_place_for_is_refused_with_that_place_and_changes_nothing() {
    let mut visit = Visit::open();
    let (predict, goal) = (visit.predict(), visit.line(2, |part| matches!(part, Part::Goal(_))));
    let (vote, quiz) = (visit.vote(), visit.line(3, |part| matches!(part, Part::Quiz(_))));
    let challenge = visit.line(3, |part| matches!(part, Part::Challenge(_)));
    let good = visit.story.progress();
    let guess =
        |line, option, told: usize| Prediction { line, option, outcome: Some(1.0), told: vec![None; told] };
    let cases: [(&str, Spoil); 16] = [
        ("it has changed since you were here", &|bad| bad.edition.push('0')),
        ("(step 1 of 5)", &|bad| bad.steps = 5),
        ("(step 5 of 4)", &|bad| bad.furthest = 4),
        ("(step 1 of 4)", &|bad| bad.step = 1),
        ("(step 18446744073709551615 of 4)", &|bad| bad.furthest = usize::MAX),
        ("(a prediction at line 1)", &|bad| bad.predicted.push(guess(1, 0, 0))),
        ("(a prediction at line P)", &|bad| bad.predicted.push(guess(predict, 2, 0))),
        ("(what a prediction tells at line P)", &|bad| bad.predicted.push(guess(predict, 0, 4))),
        ("(a vote at line P)", &|bad| bad.votes.push((predict, 0))),
        ("(a vote at line V)", &|bad| bad.votes.extend([(vote, 0), (vote, 2)])),
        ("(a quiz at line Q)", &|bad| bad.answers.push((quiz, 2))),
        ("(a goal at line G)", &|bad| bad.met.push((goal, 1))),
        ("(a goal at line C)", &|bad| bad.met.push((challenge, 2))),
        ("(a hint at line G)", &|bad| bad.hints.push((goal, 3))),
        ("(a hint at line Q)", &|bad| bad.hints.push((quiz, 0))),
        ("(action 999 of ", &|bad| bad.taken.push(999)),
    ];
    let lines = [("P", predict), ("V", vote), ("Q", quiz), ("G", goal), ("C", challenge)];
    for (expected, spoil) in cases {
        let mut expected = expected.to_owned();
        for (letter, line) in lines {
            expected = expected.replace(&format!("line {letter})"), &format!("line {line})"));
        }
        let mut bad = good.clone();
        spoil(&mut bad);
        let reason = visit.story.take_up_progress(&bad).expect_err(&expected);
        assert!(reason.contains(&expected), "{reason}\n{expected}");
        assert_eq!(visit.story.progress(), good);
    }
    let mut most = good.clone();
    most.predicted.push(guess(predict, 1, 3));
    most.votes.extend([(vote, 1), (vote, 0)]);
    most.answers.push((quiz, 1));
    most.met.extend([(goal, 0), (challenge, 1)]);
    most.hints.push((goal, 2));
    assert_eq!(visit.story.take_up_progress(&most), Ok(()), "all that there is at most");
    visit.play(10);
}

#[test]
fn the_post_mortem_is_filled_from_the_learners_own_run_and_its_marks_are_harmless() {
    let mut visit = Visit::open();
    let line = visit.predict();
    visit.act(LessonAction::Choose(line, 0));
    visit.act(LessonAction::Lock(line));
    visit.play(130);
    visit.act(LessonAction::Go(3));
    visit.play(130);
    let servers = visit.param("servers");
    visit.touch(Action::Set { param: servers, value: 2.0 });
    visit.play(600);
    let debrief = postmortem::of_step(&visit.story).expect("the last step has one");
    let text =
        postmortem::markdown(&visit.story, &*visit.run, debrief, "https://example.org/#/play/queueing_lab");
    for expected in [
        r"# Post-mortem: A \*queue\* \<b\>grows\</b\>",
        "0 of 1 predictions came true",
        "with seed 1 and 1 change or action",
        "- How many wait? You: None. The run: Hundreds.",
        "00:02:10 ",
        "- Answered: 8,",
        "- Add a server (Ann)",
        "<https://example.org/#/play/queueing_lab>",
    ] {
        assert!(text.contains(expected), "no {expected} in\n{text}");
    }
}

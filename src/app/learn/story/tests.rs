#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use warstories_lesson::parse;
use warstories_sim::scenarios;

use super::*;
use crate::learn::postmortem;
use crate::session::{Action, Session};
use crate::teller::Deed;

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
[[option]]
text = "None"
test = "waiting at 00:02:00 <= 10"
value = 0
[[option]]
text = "Hundreds"
test = "waiting at 00:02:00 >= 100"
answer = true
value = 240
```

## Decide

And now?

```scene
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
went_well = ["Nobody was hurt."]
luck = ["It was quiet."]
actions = [{ do = "Add a server", owner = "Ann" }]
```

```quiz
question = "Why?"
options = ["Chance", "Work"]
answer = "Work"
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

struct Desk {
    story: Story,
    session: Session,
    run: Box<dyn Playable>,
}

impl Desk {
    fn open() -> Self {
        let lesson = parse::read(LESSON).expect("the lesson of these tests");
        let mut story = Story::new("test", Rc::new(lesson));
        let replay = story.lesson.replay(0).expect("a scenario that there is");
        let mut session = Session::open(warstories_sim::Link { replay, moment: None, dropped: Vec::new() });
        story.show(&mut session);
        let run = start(&story, &session);
        Self { story, session, run }
    }

    /// Does something, and plays the run that is then on show up to where it is shown.
    fn act(&mut self, deed: Deed) {
        let (moment, cue) = (self.run.now(), self.session.cue);
        (self.story, self.session) = self.story.reduce(deed, &self.session, moment);
        if self.session.cue != cue {
            self.run = start(&self.story, &self.session);
            self.run.advance(self.session.cue.at, u64::MAX);
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
        match part.expect("the lesson has it") {
            Part::Predict(part) => part.line,
            Part::Goal(part) => part.line,
            Part::Chat(part) => part.line,
            Part::Vote(part) => part.line,
            Part::Quiz(part) => part.line,
            Part::Debrief(part) => part.line,
            Part::Challenge(part) => part.line,
            Part::Prose(_) => 0,
        }
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
    let mut desk = Desk::open();
    let line = desk.predict();
    assert!(desk.story.must_predict() && !desk.session.playing);
    desk.act(Deed::Lock(line));
    assert!(desk.story.must_predict(), "nothing was chosen");
    desk.act(Deed::Choose(line, 0));
    assert!(desk.story.must_predict() && desk.story.locked.is_empty());
    desk.act(Deed::Lock(line));
    assert!(!desk.story.must_predict() && desk.session.playing);
    assert_eq!(desk.story.stop(SimTime::ZERO), Some(SimTime::from_secs(120)));
}

#[test]
fn the_run_answers_what_was_predicted() {
    let mut desk = Desk::open();
    let line = desk.predict();
    desk.act(Deed::Choose(line, 0));
    desk.act(Deed::Lock(line));
    desk.play(119);
    assert_eq!(desk.story.locked[&line], Locked { option: 0, outcome: None, told: Vec::new() });
    let news = desk.play(120);
    assert!(news.contains(&String::from("The run has answered your prediction.")), "{news:?}");
    let outcome = desk.story.locked[&line].outcome.expect("it is known");
    assert!((100.0..400.0).contains(&outcome), "{outcome}");
    assert_eq!(desk.story.score(), (0, 1));
    assert_eq!(desk.story.locked[&line].told, [outcome], "the text's own number stays, whatever comes later");
    let guesses = desk.story.guesses();
    assert_eq!(
        guesses.iter().map(|guess| (guess.name, guess.value)).collect::<Vec<_>>(),
        [("You", 0.0), ("The run", outcome)]
    );
    assert!(desk.play(130).is_empty(), "it is told once");
}

/// What the learner has changed before is put aside for the answer, and what they change afterwards waits.
#[test]
fn a_prediction_is_answered_by_the_run_that_the_lesson_was_proven_with() {
    let mut desk = Desk::open();
    let (line, arrivals) = (desk.predict(), desk.param("arrivals_per_s"));
    desk.touch(Action::Set { param: arrivals, value: 1.0 });
    desk.act(Deed::Choose(line, 1));
    desk.act(Deed::Lock(line));
    assert_eq!(desk.session.replay(), &desk.story.lesson.replay(0).expect("a run"));
    assert!(!desk.story.is_open(Control::Param(arrivals)), "the controls rest until the answer");
    let asked = desk.session.clone();
    desk.touch(Action::Set { param: arrivals, value: 1.0 });
    desk.play(120);
    assert_eq!(desk.story.locked[&line].outcome, None, "a run that was changed all the same does not answer");
    desk.session = asked;
    desk.run = start(&desk.story, &desk.session);
    desk.play(120);
    assert!(desk.story.locked[&line].outcome.is_some_and(|outcome| outcome >= 100.0));
    assert!(desk.story.is_open(Control::Param(arrivals)));
}

#[test]
fn the_cast_speaks_at_its_moments_and_when_the_run_gives_cause() {
    let mut desk = Desk::open();
    desk.play(29);
    assert_eq!(desk.story.heard(&*desk.run), []);
    assert_eq!(desk.play(30), ["Ann: Half a minute."]);
    let mut news = Vec::new();
    let mut secs = 30;
    while news.is_empty() {
        secs += 1;
        assert!(secs < 120, "a hundred never waited");
        news = desk.play(secs);
    }
    assert_eq!(news, ["Ann: A hundred."]);
    let heard = desk.story.heard(&*desk.run);
    assert_eq!(heard.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [30, secs].map(SimTime::from_secs));
    assert_eq!(heard[FIRST_CHAT].1.who, 0);
    let mut earlier = start(&desk.story, &desk.session);
    earlier.advance(SimTime::from_secs(40), u64::MAX);
    assert_eq!(desk.story.heard(&*earlier).len(), 1, "what is said later is not heard before");
}

#[test]
fn a_step_that_goes_on_keeps_the_run_and_a_scene_of_its_own_begins_another() {
    let mut desk = Desk::open();
    desk.play(120);
    let link = desk.session.link(SimTime::ZERO);
    desk.act(Deed::Go(1));
    assert_eq!((desk.session.link(SimTime::ZERO), desk.session.playing), (link, false));
    desk.play(200);
    desk.act(Deed::Go(0));
    assert_eq!(desk.session.cue.at, SimTime::ZERO, "a step with a decision point begins where it begins");
    desk.act(Deed::Go(2));
    assert_eq!(desk.session.cue.at, SimTime::from_secs(60));
    assert!(desk.session.link(SimTime::ZERO).contains("arrivals_per_s=14"));
    desk.act(Deed::Go(99));
    assert_eq!((desk.story.step, desk.story.furthest), (3, 3), "there is no step behind the last");
}

#[test]
fn controls_open_and_close_as_the_story_goes_on() {
    let mut desk = Desk::open();
    let clear = desk.run.spec().action("clear_queue").expect("the lab has it");
    let open = |desk: &Desk| {
        [
            Control::Param(desk.param("arrivals_per_s")),
            Control::Param(desk.param("servers")),
            Control::Action(clear),
        ]
        .map(|control| desk.story.is_open(control))
    };
    assert_eq!(open(&desk), [true, false, false]);
    desk.act(Deed::Go(1));
    assert_eq!(open(&desk), [true, false, true]);
    desk.act(Deed::Go(2));
    assert_eq!(open(&desk), [true, true, false]);
    desk.act(Deed::Go(3));
    let challenge = desk.line(3, |part| matches!(part, Part::Challenge(_)));
    desk.act(Deed::Challenge(challenge));
    assert_eq!(open(&desk), [true, true, true]);
}

#[test]
fn every_way_that_is_voted_for_is_a_branch_from_the_same_moment() {
    let mut desk = Desk::open();
    desk.act(Deed::Go(1));
    desk.run.advance(SimTime::from_secs(140), u64::MAX);
    let line = desk.vote();
    desk.act(Deed::Choose(line, 1));
    desk.act(Deed::Cast(line));
    assert!(desk.story.votes.is_empty(), "the way is locked until the queue was cleared once");
    desk.act(Deed::Choose(line, 0));
    desk.act(Deed::Cast(line));
    assert_eq!(desk.story.votes[&line], [0]);
    assert_eq!((desk.session.branches.all().len(), desk.session.playing), (2, true));
    assert!(
        desk.session.link(SimTime::ZERO).ends_with("at=150,clear_queue"),
        "{}",
        desk.session.link(SimTime::ZERO)
    );
    desk.play(200);
    desk.act(Deed::Choose(line, 1));
    desk.act(Deed::Cast(line));
    assert_eq!(desk.story.votes[&line], [0, 1]);
    let links: Vec<String> =
        desk.session.branches.all().iter().map(|branch| branch.replay.print(None)).collect();
    assert_eq!(links.len(), 3);
    assert!(links[2].ends_with("at=150,servers=2"), "{}", links[2]);
    let vote = SimTime::from_secs(150) - SimTime::from_nanos(1);
    assert_eq!(desk.session.cue.at, vote, "the second way begins where the first did");
}

#[test]
fn a_goal_is_met_by_the_run_and_stays_met() {
    let mut desk = Desk::open();
    desk.act(Deed::Go(2));
    let goal = (desk.line(2, |part| matches!(part, Part::Goal(_))), 0);
    desk.play(600);
    assert!(!desk.story.goals[&goal].met && desk.story.goals[&goal].value.is_some_and(|value| value > 100.0));
    desk.act(Deed::Retry);
    assert_eq!(desk.story.goals[&goal], Standing { value: None, met: false });
    let servers = desk.param("servers");
    desk.touch(Action::Set { param: servers, value: 2.0 });
    assert!(desk.play(600).contains(&String::from("Goal met.")));
    desk.act(Deed::Retry);
    desk.play(600);
    assert!(desk.story.goals[&goal].met);
}

#[test]
fn a_challenge_asks_for_everything_in_one_run() {
    let mut desk = Desk::open();
    desk.act(Deed::Go(3));
    let line = desk.line(3, |part| matches!(part, Part::Challenge(_)));
    desk.act(Deed::Challenge(line));
    desk.play(600);
    let met = |desk: &Desk| [0, 1].map(|place| desk.story.goals[&(line, place)].met);
    assert_eq!(met(&desk), [false, true]);
    desk.act(Deed::Retry);
    assert_eq!(met(&desk), [false, false]);
    let servers = desk.param("servers");
    desk.touch(Action::Set { param: servers, value: 4.0 });
    desk.play(600);
    assert_eq!(met(&desk), [true, true]);
}

#[test]
fn progress_outlives_a_visit() {
    let mut desk = Desk::open();
    let line = desk.predict();
    desk.act(Deed::Choose(line, 0));
    desk.act(Deed::Lock(line));
    desk.play(120);
    desk.act(Deed::Go(1));
    let vote = desk.vote();
    desk.act(Deed::Choose(vote, 0));
    desk.act(Deed::Cast(vote));
    desk.act(Deed::Go(2));
    let goal = desk.line(2, |part| matches!(part, Part::Goal(_)));
    desk.act(Deed::Hint(goal));
    let servers = desk.param("servers");
    desk.touch(Action::Set { param: servers, value: 2.0 });
    desk.play(600);
    desk.act(Deed::Go(3));
    let quiz = desk.line(3, |part| matches!(part, Part::Quiz(_)));
    desk.act(Deed::Choose(quiz, 1));
    desk.act(Deed::Answer(quiz));
    desk.act(Deed::Go(1));
    let mut again = Story::new("test", desk.story.lesson.clone());
    again.take_up_progress(&desk.story.print()).expect("what it printed itself");
    assert_eq!(again.print(), desk.story.print());
    assert_eq!((again.step, again.furthest), (1, 3));
    assert_eq!(again.votes, desk.story.votes);
    assert_eq!((again.hints, again.answers), (desk.story.hints, desk.story.answers));
    assert!(again.goals[&(goal, 0)].met);
    assert_eq!(again.locked[&line].option, 0);
    assert!(again.locked[&line].outcome.is_some());
}

#[test]
fn progress_that_makes_no_sense_is_refused_in_one_sentence_and_changes_nothing() {
    let good = Desk::open().story.print();
    let head = good.split_once("\nstep").expect("it says the step").0;
    for bad in [
        "war stories progress 2",
        "war stories progress 1\nlesson 12345\nstep 0 0",
        "war stories progress 1\nstep 0 0",
        "<script>alert(1)</script>",
        "HEAD\nstep",
        "HEAD\nstep -1 0",
        "HEAD\npredicted 5",
        "HEAD\npredicted 5 1 NaN",
        "HEAD\nvoted 1 2\nwhat is this",
        "HEAD\nmet 5",
        "HEAD\nmet 99999999999999999999999 0",
    ] {
        let mut desk = Desk::open();
        let sentence = desk.story.take_up_progress(&bad.replace("HEAD", head)).expect_err(bad);
        assert!(sentence.ends_with('.') && !sentence.contains('\n') && sentence.len() < 200, "{sentence}");
        assert_eq!(desk.story.print(), good);
    }
    let mut desk = Desk::open();
    assert_eq!(desk.story.take_up_progress(""), Ok(()), "nothing was kept");
    let far = "HEAD\nstep 900 901\npredicted 1 77\nvoted 3 88\nanswered 4 99\nhinted 5 1000000";
    assert_eq!(desk.story.take_up_progress(&far.replace("HEAD", head)), Ok(()));
    desk.play(10);
    assert_eq!((desk.story.step, desk.story.furthest), (3, 3));
}

#[test]
fn the_post_mortem_is_filled_from_the_learners_own_run_and_its_marks_are_harmless() {
    let mut desk = Desk::open();
    let line = desk.predict();
    desk.act(Deed::Choose(line, 0));
    desk.act(Deed::Lock(line));
    desk.play(130);
    let servers = desk.param("servers");
    desk.touch(Action::Set { param: servers, value: 2.0 });
    desk.play(600);
    desk.story.go(3);
    let debrief = postmortem::of_step(&desk.story).expect("the last step has one");
    let text =
        postmortem::markdown(&desk.story, &*desk.run, debrief, "https://example.org/#/play/queueing_lab");
    for expected in [
        r"# Post-mortem: A \*queue\* \<b\>grows\</b\>",
        "0 of 1 predictions came true",
        "with seed 1 and 1 change or action",
        "- How many wait? You expected: None. The run: Hundreds.",
        "00:02:10 ",
        "- Answered: 7",
        "- Add a server (Ann)",
        "<https://example.org/#/play/queueing_lab>",
    ] {
        assert!(text.contains(expected), "no {expected} in\n{text}");
    }
}

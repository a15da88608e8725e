#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use std::rc::Rc;

use warstories_lesson::{Glossary, parse};
use warstories_sim::{Replay, SimTime};

use super::super::Story;
use super::super::tests::LESSON;
use crate::run::lesson_host::{LessonAction, Place};
use crate::run::session::{Action, Session};

/// What the address `#/learn/test/STEP?RUN` opens.
fn opened(step: &str, run: &str) -> (Story, Session) {
    let story = Story::new(
        "test",
        Rc::new(parse::read(LESSON, &Glossary::default()).expect("the lesson of these tests")),
    );
    let link = Replay::parse(&format!("queueing_lab{run}")).expect("a link to the lab");
    let session = Session::open(link);
    arrived((story, session), step, run)
}

/// The same in a lesson that is under way.
fn arrived((mut story, mut session): (Story, Session), step: &str, run: &str) -> (Story, Session) {
    let link = Replay::parse(&format!("queueing_lab{run}")).expect("a link to the lab");
    let step = (!step.is_empty()).then(|| step.to_owned());
    story.arrive(&Place { step, has_run: !run.is_empty() }, &link, &mut session);
    session.given = story.given();
    (story, session)
}

const STEP_2: &str = "?seed=1&arrivals_per_s=12&service_distribution=constant";
const STEP_3: &str = "?seed=1&arrivals_per_s=14&service_distribution=constant";

#[test]
fn a_step_that_there_is_not_is_named_with_what_is_shown_instead() {
    for wrong in ["0", "99", "abc", "-1", "1.5", "18446744073709551616"] {
        let (story, session) = opened(wrong, STEP_2);
        let sentence = format!("no step \"{wrong}\": its steps are 1 to 4. Step 1 is shown instead.");
        assert!(session.notices.iter().any(|notice| notice.contains(&sentence)), "{:?}", session.notices);
        assert_eq!((story.step, session.replay()), (0, &story.scene().expect("a run").replay));
    }
    let (_, session) = opened("abc\u{7}def", "");
    assert!(!session.notices[0].contains('\u{7}'));
    for right in ["", "1", "4"] {
        assert_eq!(opened(right, "").1.notices, Vec::<String>::new(), "{right}");
    }
}

#[test]
fn an_address_without_a_moment_opens_its_run_at_the_moment_of_the_step() {
    for (step, run, secs) in [("1", STEP_2, 0), ("2", STEP_2, 120), ("3", STEP_3, 60)] {
        assert_eq!(opened(step, run).1.seek_request.at, SimTime::from_secs(secs), "step {step}");
        let exact = opened(step, &format!("{run}&t=7")).1;
        assert_eq!(exact.seek_request.at, SimTime::from_secs(7), "step {step}");
    }
}

#[test]
fn what_a_step_has_not_opened_is_left_out_of_its_run_and_named() {
    let (_, session) = opened("2", &format!("{STEP_2}&servers=4&at=60,servers=2&at=70,clear_queue&t=80"));
    assert_eq!(
        session.replay().print(None),
        "queueing_lab?seed=1&arrivals_per_s=12&service_distribution=constant&at=70,clear_queue"
    );
    assert_eq!(session.notices.len(), 1, "{:?}", session.notices);
    let sentence = &session.notices[0];
    assert!(
        sentence.contains("uses Servers, which step 2 has not opened") && sentence.contains("without it"),
        "{sentence}"
    );
    let (_, session) = opened(
        "2",
        &format!("{STEP_2}&servers=4&at=9,queue_limit=5&at=10,servers=2&at=11,clients=3&at=12,think_ms=9"),
    );
    let sentence = &session.notices[0];
    assert!(
        sentence.contains("uses Servers, Queue limit, Clients and 1 more, which")
            && sentence.contains("without them"),
        "{sentence}"
    );
    // What the lesson gives need not be written by hand.
    let (_, session) = opened("2", "?t=80");
    assert_eq!(session.notices, Vec::<String>::new());
    assert!(session.link(SimTime::ZERO).contains("service_distribution=constant"));
}

#[test]
fn whatever_a_learner_can_come_to_is_opened_again_without_a_word() {
    for (step, run) in [
        // Touched where it was open, and looked at where it is not any more.
        ("3", format!("{STEP_3}&at=70,clear_queue&at=150,servers=2&at=160,arrivals_per_s=9&t=170")),
        // Tried by a vote.
        ("2", format!("{STEP_2}&at=150,servers=2&t=160")),
        // A challenge opens everything.
        (
            "4",
            String::from(
                "?seed=1&servers=4&arrivals_per_s=30&service_distribution=constant&at=10,queue_limit=5&t=20",
            ),
        ),
    ] {
        let (_, session) = opened(step, &run);
        assert_eq!(session.notices, Vec::<String>::new(), "{run}");
        assert_eq!(session.replay().print(Some(session.seek_request.at)), format!("queueing_lab{run}"));
    }
}

/// Back and Forward lead through the steps of a lesson: nothing that was locked in, chosen or branched is lost by it.
#[test]
fn going_back_to_a_step_of_the_same_run_keeps_branches_and_answers() {
    let (mut story, mut session) = opened("1", "");
    let predict = story.predictions().next().expect("a prediction").line;
    for lesson_action in [LessonAction::Choose(predict, 1), LessonAction::Lock(predict), LessonAction::Go(1)]
    {
        (story, session) = story.reduce(lesson_action, &session, SimTime::from_secs(120));
    }
    let left = session.replay().clone();
    session = session.reduce(Action::Fork, SimTime::from_secs(130));
    session = session.reduce(Action::Set { param: 1, value: 20.0 }, SimTime::from_secs(130));
    let (story, session) = arrived((story, session), "1", &format!("{STEP_2}&t=120"));
    assert_eq!((story.step, story.furthest, story.locked.len()), (0, 1, 1));
    assert_eq!((session.branches.all().len(), session.replay()), (2, &left));
    assert_eq!((session.seek_request.at, session.playing), (SimTime::from_secs(120), false));
    // A run that is on no branch any more takes the place of the one on show, which can be undone.
    let (story, session) = arrived((story, session), "2", &format!("{STEP_2}&at=140,clear_queue&t=150"));
    assert_eq!((story.step, session.branches.all().len()), (1, 2));
    assert_eq!(session.reduce(Action::Undo, session.seek_request.at).replay(), &left);
    // Another run has branches of its own.
    let (_, session) = arrived((story, session), "3", &format!("{STEP_3}&t=90"));
    assert_eq!((session.branches.all().len(), session.branches.current().name.as_str()), (1, "Your run"));
}

/// In the challenge of the last step, with four servers in place of the one that it gives: its line, and its address.
fn under_challenge() -> (Story, Session, usize, [String; 2]) {
    let (story, session) = opened("4", "");
    let line = story.challenges(3).next().expect("a challenge");
    let (story, session) = story.reduce(LessonAction::Challenge(line), &session, SimTime::ZERO);
    let servers = session.replay().spec().param("servers").expect("the lab has it");
    let session = session.reduce(Action::Set { param: servers, value: 4.0 }, SimTime::ZERO);
    let run = session.link(SimTime::from_secs(20));
    let address = [story.place(), run.trim_start_matches("queueing_lab").to_owned()];
    (story, session, line, address)
}

#[test]
fn a_challenge_is_still_on_after_a_reload_and_after_back() {
    let (story, session, line, [place, run]) = under_challenge();
    let given = story.given();
    assert!(given.as_ref().is_some_and(|given| given != session.replay()), "the learner has changed it");
    let left = story.reduce(LessonAction::Go(2), &session, SimTime::from_secs(20));
    assert_eq!((left.0.challenge, left.0.place().as_str()), (None, "3"));
    for (story, again) in [opened(&place, &run), arrived(left, &place, &run)] {
        assert_eq!((story.step, story.challenge, story.place()), (3, Some(line), place.clone()));
        assert_eq!(
            (again.replay(), again.given.as_ref()),
            (session.replay(), given.as_ref()),
            "with what was done in it"
        );
        assert_eq!(again.notices, Vec::<String>::new());
        // Its tests are judged, on the run that is on show.
        let mut run = warstories_sim::scenarios::start(again.replay().clone());
        let mut story = story;
        story.wanted().ask(run.as_mut());
        run.advance(SimTime::from_secs(600), u64::MAX);
        story.observe(&*run);
        assert!([0, 1].iter().all(|place| story.goals[&(line, *place)].met));
    }
}

#[test]
fn an_address_puts_nobody_into_a_challenge_but_the_one_that_it_names() {
    let (story, session, line, [place, run]) = under_challenge();
    assert_eq!(place, "4/challenge-1");
    let (story, session) = arrived((story, session), "4", &run);
    assert_eq!((story.challenge, story.place().as_str()), (None, "4"));
    // Without a run it begins with the one that the challenge gives.
    let (story, session) = arrived((story, session), &place, "");
    assert_eq!((story.challenge, Some(session.replay())), (Some(line), story.given().as_ref()));
    for wrong in ["3/challenge-1", "4/challenge-0", "4/challenge-2", "4/challenge-", "4/x", "4/challenge-1/x"]
    {
        let (story, session) = opened(wrong, &run);
        assert_eq!((story.step, story.challenge), (0, None), "{wrong}");
        assert!(session.notices[0].contains(&format!("no step \"{wrong}\"")), "{:?}", session.notices);
    }
}

#[test]
fn the_first_branch_of_a_lesson_is_the_learners_own() {
    for (step, run) in [("1", ""), ("2", STEP_2), ("4", "")] {
        assert_eq!(opened(step, run).1.branches.current().name, "Your run");
    }
}

#[test]
fn controls_rest_while_the_run_answers_and_say_what_brings_them_back() {
    let (story, session) = opened("1", "");
    let predict = story.predictions().next().expect("a prediction").line;
    assert_eq!(story.rest(session.replay(), false), None);
    let (story, session) = story.reduce(LessonAction::Choose(predict, 1), &session, SimTime::ZERO);
    let (mut story, session) = story.reduce(LessonAction::Lock(predict), &session, SimTime::ZERO);
    let rest = |story: &Story, replay: &Replay, playing| story.rest(replay, playing).unwrap_or_default();
    assert!(rest(&story, session.replay(), true).contains("while the run answers"));
    assert!(rest(&story, session.replay(), false).contains("press Play"));
    let other = session.replay().clone().with_seed(9);
    assert!(rest(&story, &other, true).contains("Show the run that answers"));
    let mut run = warstories_sim::scenarios::start(session.replay().clone());
    story.wanted().ask(run.as_mut());
    run.advance(SimTime::from_secs(120), u64::MAX);
    story.observe(&*run);
    assert_eq!(story.rest(session.replay(), false), None);
}

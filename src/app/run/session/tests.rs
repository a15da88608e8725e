use super::*;

fn opened(link: &str) -> Session {
    Session::open(Replay::parse(link).expect("a link to the lab"))
}

fn arrivals(session: &Session) -> usize {
    session.replay().spec().param("arrivals_per_s").expect("the lab's own parameter")
}

fn set(session: &Session, value: f64, at: u64) -> Session {
    let param = arrivals(session);
    session.reduce(Action::Set { param, value }, SimTime::from_secs(at))
}

#[test]
fn before_the_start_a_control_sets_the_start_value() {
    let session = set(&opened("queueing_lab"), 12.0, 0);
    assert_eq!(session.link(SimTime::ZERO), "queueing_lab?begin&seed=1&arrivals_per_s=12&end");
    assert!(session.replay().inputs().is_empty());
}

#[test]
fn later_a_control_enters_a_change_at_that_moment() {
    let session = set(&opened("queueing_lab"), 12.0, 60);
    assert_eq!(
        session.link(SimTime::ZERO),
        "queueing_lab?begin&seed=1&at=60.000000001,arrivals_per_s=12&end"
    );
    let param = arrivals(&session);
    assert_eq!(session.values(SimTime::from_secs(59))[param], 8.0);
    assert_eq!(session.values(SimTime::from_secs(60))[param], 12.0);
}

#[test]
fn setting_what_is_already_set_enters_nothing() {
    let session = set(&opened("queueing_lab"), 8.0, 60);
    assert!(session.replay().inputs().is_empty());
}

#[test]
fn what_is_done_now_replaces_what_was_planned_for_later() {
    let session = opened("queueing_lab?at=50,servers=2&at=90,arrivals_per_s=20");
    let session = set(&session, 12.0, 60);
    assert_eq!(
        session.link(SimTime::ZERO),
        "queueing_lab?begin&seed=1&at=50,servers=2&at=60.000000001,arrivals_per_s=12&end"
    );
}

/// "The same incident, had the pool been larger from the start."
#[test]
fn another_start_value_keeps_what_was_done_later() {
    let session = opened("queueing_lab?at=50,servers=2&at=90,arrivals_per_s=20");
    assert_eq!(
        set(&session, 9.0, 0).link(SimTime::ZERO),
        "queueing_lab?begin&seed=1&arrivals_per_s=9&at=50,servers=2&at=90,arrivals_per_s=20&end"
    );
}

#[test]
fn resetting_returns_to_the_defaults_from_that_moment_on() {
    let session = opened("queueing_lab?arrivals_per_s=12&at=50,servers=2");
    let at = SimTime::from_secs(60);
    let reset = session.reduce(Action::ResetParams, at);
    let params = reset.replay().spec().params.iter();
    let defaults: Vec<_> = params.map(warstories_sim::ParamSpec::default_value).collect();
    assert_eq!(reset.values(at), defaults);
    assert_eq!(reset.values(SimTime::from_secs(55)), session.values(SimTime::from_secs(55)));
    let fresh = session.reduce(Action::ResetParams, SimTime::ZERO);
    assert_eq!(fresh.link(SimTime::ZERO), "queueing_lab?begin&seed=1&end");
}

/// A lesson's run does not start at the scenario's defaults, nor are its locked parameters there.
#[test]
fn resetting_in_a_lesson_returns_to_what_the_lesson_gives() {
    let mut session = opened("queueing_lab?arrivals_per_s=99&service_ms=10&at=50,servers=2");
    session.given = Some(session.replay().clone());
    let changed = set(&session, 12.0, 60);
    let at = SimTime::from_secs(60);
    assert_eq!(changed.reduce(Action::ResetParams, at).values(at), session.values(at));
    assert_eq!(session.reduce(Action::ResetParams, at).link(at), session.link(at));
    assert_eq!(changed.defaults(at), session.values(at));
}

#[test]
fn restart_keeps_the_run_and_forget_drops_what_was_done() {
    let session = opened("queueing_lab?seed=7&at=50,servers=2&t=70");
    assert_eq!(session.seek_request.at, SimTime::from_secs(70));
    let again = session.reduce(Action::Restart, SimTime::from_secs(70));
    assert_eq!((again.replay().clone(), again.seek_request.at), (session.replay().clone(), SimTime::ZERO));
    assert_ne!(again.seek_request, again.reduce(Action::Restart, SimTime::ZERO).seek_request);
    let fresh = session.reduce(Action::Forget, SimTime::from_secs(70));
    assert_eq!(fresh.link(SimTime::ZERO), "queueing_lab?begin&seed=7&end");
}

#[test]
fn the_link_names_the_moment_only_while_time_stands_still() {
    let session = opened("queueing_lab");
    let at = SimTime::from_secs(5);
    assert_eq!(session.link(at), "queueing_lab?begin&seed=1&t=5&end");
    assert_eq!(session.reduce(Action::Play, at).link(at), "queueing_lab?begin&seed=1&end");
}

#[test]
fn a_full_replay_says_so_once() {
    let mut session = opened("queueing_lab");
    for second in 0..=Replay::MAX_INPUTS as u64 + 2 {
        session = session.reduce(Action::Act(0), SimTime::from_secs(second));
    }
    assert_eq!(session.replay().inputs().len(), Replay::MAX_INPUTS);
    assert_eq!(session.notices.len(), 1);
    assert!(session.reduce(Action::Dismiss, SimTime::ZERO).notices.is_empty());
}

#[test]
fn what_a_link_could_not_say_becomes_a_notice() {
    let session = opened("queueing_lab?servers=none&colour=red");
    assert_eq!(session.notices.len(), 2);
}

#[test]
fn every_change_of_the_run_can_be_undone_and_redone() {
    let at = SimTime::from_secs(60);
    let doings = [
        Action::Set { param: 0, value: 3.0 },
        Action::Act(0),
        Action::Seed(9),
        Action::Preset(2, None),
        Action::Set { param: 0, value: 2.0 },
        Action::ResetParams,
        Action::Set { param: 0, value: 4.0 },
        Action::Forget,
    ];
    let mut session = opened("queueing_lab");
    let mut replays = vec![session.replay().clone()];
    for action in doings {
        session = session.reduce(action.clone(), at);
        assert_ne!(session.replay(), &replays[replays.len() - 1], "{action:?}");
        replays.push(session.replay().clone());
    }
    for before in replays.iter().rev().skip(1) {
        session = session.reduce(Action::Undo, at);
        assert_eq!(session.replay(), before);
    }
    assert_eq!(session.reduce(Action::Undo, at), session);
    for after in &replays[1..] {
        session = session.reduce(Action::Redo, at);
        assert_eq!(session.replay(), after);
    }
}

#[test]
fn a_handle_that_is_dragged_while_time_passes_is_one_step_back() {
    let start = opened("queueing_lab");
    let mut session = start.clone();
    for second in 10..20 {
        session = set(&session, second as f64, second);
    }
    assert_eq!(session.replay().inputs().len(), 10);
    assert_eq!(session.reduce(Action::Undo, SimTime::ZERO).replay(), start.replay());
    let again = set(&session.reduce(Action::EndGesture, SimTime::ZERO), 50.0, 30);
    assert_eq!(again.reduce(Action::Undo, SimTime::ZERO).replay(), session.replay());
}

#[test]
fn a_preset_starts_a_fresh_run_with_its_values_alone() {
    let session = opened("queueing_lab?seed=7&servers=3&at=50,servers=2&t=70");
    for (index, preset) in session.replay().spec().presets.iter().enumerate() {
        let tried = session.reduce(Action::Preset(index, None), SimTime::from_secs(70));
        let values: Vec<_> = preset.values.iter().map(|(id, value)| format!("{id}={value}")).collect();
        let meant = opened(&format!("queueing_lab?seed=7&{}", values.join("&")));
        assert_eq!(
            (tried.replay(), tried.seek_request.at),
            (meant.replay(), SimTime::ZERO),
            "{}",
            preset.label
        );
    }
}

#[test]
fn time_stops_at_the_usual_length_once() {
    let session = opened("queueing_lab");
    let length = session.replay().spec().length;
    assert_eq!(session.stop(SimTime::from_secs(5)), Some(length));
    let ended = session.reduce(Action::Play, length).reduce(Action::End, length);
    assert!(!ended.playing && ended.notices[0].contains("00:10:00"), "{:?}", ended.notices);
    assert_eq!(ended.stop(SimTime::from_secs(5)), None);
    let again = ended.reduce(Action::Restart, length);
    assert_eq!(again.stop(SimTime::ZERO), Some(length));
    assert_eq!(again.reduce(Action::Play, length).stop(length), None);
}

#[test]
fn branches_change_apart_from_each_other() {
    let at = SimTime::from_secs(60);
    let forked = opened("queueing_lab").reduce(Action::Fork, at);
    let changed = set(&forked, 20.0, 60);
    let back = changed.reduce(Action::Switch(0), at);
    assert!(back.replay().inputs().is_empty());
    assert_eq!(back.reduce(Action::Undo, at), back, "the other branch's steps are its own");
    let undone = back.reduce(Action::Switch(1), at).reduce(Action::Undo, at);
    assert_eq!(undone.replay(), forked.replay());
}

#[test]
fn a_control_shows_what_an_action_has_set() {
    let session = opened("connection_pool?at=60,hot_patch_sleep");
    let sleep = session.replay().spec().param("sleep_ms").expect("the pool's own parameter");
    assert_eq!(session.values(SimTime::from_secs(59))[sleep], 500.0);
    assert_eq!(session.values(SimTime::from_secs(60))[sleep], 0.0);
    // To set it back is a change, although it is what the run began with.
    let back = session.reduce(Action::Set { param: sleep, value: 500.0 }, SimTime::from_secs(70));
    assert_eq!(back.values(SimTime::from_secs(70))[sleep], 500.0);
    assert_eq!(back.replay().inputs().len(), 2);
}

#[test]
fn the_speed_of_an_answer_is_borrowed_and_a_choice_of_ones_own_stays() {
    let session = opened("queueing_lab").reduce(Action::Speed(2), SimTime::ZERO);
    let mut hurried = session.clone();
    hurried.hurry(6);
    hurried.hurry(7);
    assert_eq!((hurried.speed, hurried.own_speed), (7, Some(2)));
    let mut chosen = hurried.reduce(Action::Speed(3), SimTime::ZERO);
    hurried.slow_down();
    assert_eq!((hurried.speed, hurried.own_speed), (2, None));
    chosen.slow_down();
    assert_eq!(chosen.speed, 3);
    chosen.hurry(1);
    assert_eq!((chosen.speed, chosen.own_speed), (3, None), "nobody is slowed down");
}

#[test]
fn start_values_and_inputs_that_somebody_changed_are_counted() {
    let session = opened("queueing_lab?arrivals_per_s=12&servers=2&at=60,servers=3");
    assert_eq!(session.changes(session.replay()), (2, 1));
    let mut given = session.clone();
    given.given = Some(session.replay().clone());
    assert_eq!(given.changes(given.replay()), (0, 0), "what a lesson gives is nobody's change");
    let at = SimTime::from_secs(70);
    let changed = given.reduce(Action::Set { param: 0, value: 4.0 }, at);
    assert_eq!(changed.changes(changed.replay()), (0, 1));
    assert_eq!(changed.reduce(Action::Forget, at).replay(), session.replay(), "what was given is kept");
}

#[test]
fn whatever_makes_another_run_is_known_as_such() {
    let session = opened("queueing_lab?at=50,servers=2")
        .reduce(Action::Set { param: 1, value: 20.0 }, SimTime::from_secs(60));
    let at = SimTime::from_secs(40);
    let back = session.reduce(Action::Undo, at);
    let all = [
        Action::Set { param: 0, value: 5.0 },
        Action::ResetParams,
        Action::Act(0),
        Action::Preset(0, None),
        Action::Play,
        Action::Pause,
        Action::Seek(at),
        Action::Restart,
        Action::Forget,
        Action::Seed(7),
        Action::Speed(1),
        Action::PauseAtAnnouncements(true),
        Action::End,
        Action::Undo,
        Action::Redo,
        Action::EndGesture,
        Action::Fork,
        Action::Rename(0, String::from("x")),
        Action::Baseline(true),
        Action::Dismiss,
    ];
    for action in all {
        let is_other = [&session, &back]
            .iter()
            .any(|before| before.reduce(action.clone(), at).replay() != before.replay());
        // At the defaults there is nothing to reset.
        assert!(is_other == action.changes_run() || action == Action::ResetParams, "{action:?}");
    }
}

#[test]
fn a_preset_plays_from_the_beginning_and_says_so() {
    let session = opened("queueing_lab?seed=7&servers=none&t=70");
    let preset = session.replay().spec().presets[0];
    for look_for in [Some(preset.look_for.to_owned()), None] {
        let tried = session.reduce(Action::Preset(0, look_for.clone()), SimTime::from_secs(70));
        assert!(tried.playing && tried.notices.len() == 1, "{:?}", tried.notices);
        let told = &tried.notices[0];
        assert!(told.contains(preset.label) && !told.contains("  "), "{told}");
        assert_eq!(told.contains(preset.look_for), look_for.is_some(), "{told}");
    }
}

#[test]
fn a_value_that_returns_at_the_same_moment_leaves_neither_a_change_nor_a_step() {
    for (link, at) in
        [("queueing_lab", 0), ("queueing_lab", 60), ("queueing_lab?at=50,arrivals_per_s=12", 60)]
    {
        let session = opened(link);
        let before = session.values(SimTime::from_secs(at))[arrivals(&session)];
        let moved = set(&session, 30.0, at);
        let back = set(&moved, before, at);
        assert!(moved.branches.current().history.can_undo());
        assert!(!back.branches.current().history.can_undo(), "{link} at {at}");
        assert_eq!(back.replay(), session.replay());
    }
    // What is done in between may depend on the value: both stay.
    let acted = set(&opened("queueing_lab"), 30.0, 60).reduce(Action::Act(0), SimTime::from_secs(60));
    assert_eq!(set(&acted, 8.0, 60).replay().inputs().len(), 3);
}

/// What a lesson's run does by itself happens in every branch of it.
#[test]
fn a_fork_keeps_what_happens_by_itself_later() {
    let mut session = opened("queueing_lab?at=90,arrivals_per_s=20");
    session.script = session.replay().inputs().to_vec();
    session.given = Some(session.replay().clone());
    let forked = session.reduce(Action::Fork, SimTime::from_secs(60));
    assert_eq!(forked.replay(), session.replay());
    let at = SimTime::from_secs(100);
    assert_eq!((forked.changes(forked.replay()), forked.values(at)), ((0, 0), forked.defaults(at)));
}

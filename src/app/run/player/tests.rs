use warstories_sim::{Reading, scenarios};

use super::*;
use crate::run::screen::Screen;
use crate::run::session::Action;

fn opened(link: &str) -> (Session, Player) {
    let session = Session::open(Replay::parse(link).expect("a link to the lab"));
    let player = Player::new(&session);
    (session, player)
}

fn act(session: &mut Session, player: &mut Player, action: Action) {
    *session = session.reduce(action, player.moment());
    player.follow(session);
}

fn play(session: &Session, player: &mut Player, frames: usize) {
    for _ in 0..frames {
        player.frame(session, 16.0, || false);
    }
}

/// Fingerprint of the session's replay, played in one go to where the player is.
fn straight(session: &Session, player: &Player) -> u64 {
    let mut run = scenarios::start(session.replay().clone());
    assert!(run.advance(player.run().now(), u64::MAX));
    run.fingerprint()
}

#[test]
fn a_run_that_was_touched_while_it_played_is_the_run_in_its_link() {
    let (mut session, mut player) = opened("queueing_lab?seed=3");
    act(&mut session, &mut player, Action::Play);
    play(&session, &mut player, 100);
    let param = session.replay().spec().param("arrivals_per_s").expect("the lab's own parameter");
    for value in [12.0, 14.0, 6.0] {
        act(&mut session, &mut player, Action::Set { param, value });
        act(&mut session, &mut player, Action::Set { param: 0, value });
        act(&mut session, &mut player, Action::Act(0));
        play(&session, &mut player, 50);
    }
    assert_eq!(player.generation(), 0, "inputs must not start the run over");
    assert_eq!(player.run().fingerprint(), straight(&session, &player));
    let link = session.link(player.moment());
    assert!(link.contains("&at=16,arrivals_per_s=12&at=16,servers=12&at=16,clear_queue"), "{link}");
}

#[test]
fn speed_and_frames_do_not_decide_what_happens() {
    let (mut session, mut player) = opened("queueing_lab");
    act(&mut session, &mut player, Action::Play);
    for (speed, frames) in [(0, 10), (8, 3), (4, 40)] {
        act(&mut session, &mut player, Action::Speed(speed));
        play(&session, &mut player, frames);
    }
    let passed = 0.016 * (0.5 * 10.0 + 1000.0 * 3.0 + 10.0 * 40.0);
    assert!((player.run().now().as_secs_f64() - passed).abs() < 0.001);
    assert_eq!(player.run().fingerprint(), straight(&session, &player));
}

/// What moved during a leap is no rate, so whoever counts must know of it, whether it takes one frame or many.
#[test]
fn a_leap_through_time_is_told_from_time_that_goes_on() {
    let (mut session, mut player) = opened("queueing_lab?arrivals_per_s=100&servers=20");
    act(&mut session, &mut player, Action::Play);
    play(&session, &mut player, 50);
    let generation = player.generation();
    act(&mut session, &mut player, Action::Pause);
    play(&session, &mut player, 1);
    assert_eq!(player.generation(), generation, "a pause is no leap");
    let mut before = generation;
    for secs in [100, 100, 500] {
        act(&mut session, &mut player, Action::Seek(SimTime::from_secs(secs)));
        let is_there = player.moment() == player.run().now();
        while player.is_seeking() {
            player.frame(&session, 16.0, || true);
            assert_ne!(player.generation(), before, "on the way to {secs} s");
            before = player.generation();
        }
        assert!(is_there || player.run().now() == SimTime::from_secs(secs));
    }
    act(&mut session, &mut player, Action::Play);
    play(&session, &mut player, 50);
    assert_eq!(player.generation(), before, "from there on time goes on");
}

#[test]
fn a_slow_machine_slows_the_simulation_and_leaves_nothing_owing() {
    let (mut session, mut player) = opened("queueing_lab?arrivals_per_s=10000&servers=1000");
    act(&mut session, &mut player, Action::Speed(8));
    act(&mut session, &mut player, Action::Play);
    player.frame(&session, 1e9, || true);
    let reached = player.run().now();
    assert!(reached > SimTime::ZERO && reached < SimTime::from_secs(10), "{reached}");
    act(&mut session, &mut player, Action::Speed(1));
    player.frame(&session, 10.0, || true);
    assert!(player.run().now() <= reached + SimTime::from_millis_f64(10.0));
}

#[test]
fn changing_the_past_of_a_take_plays_the_new_run_to_the_same_moment() {
    let (mut session, mut player) = opened("queueing_lab?at=50,servers=2&t=70");
    play(&session, &mut player, 1);
    assert_eq!((player.moment(), player.is_seeking()), (SimTime::from_secs(70), false));
    act(&mut session, &mut player, Action::Seek(SimTime::from_secs(30)));
    play(&session, &mut player, 1);
    assert_eq!(player.run().now(), SimTime::from_secs(30));
    act(&mut session, &mut player, Action::Set { param: 0, value: 5.0 });
    play(&session, &mut player, 1);
    assert_eq!(player.run().now(), SimTime::from_secs(30));
    assert_eq!(player.run().replay(), session.replay());
    assert_eq!(session.replay().inputs().len(), 1);
}

/// The fingerprints of all runs, each with what its replay says it should be.
fn assert_true(session: &Session, player: &Player) {
    let check = |replay: &Replay, run: &dyn Playable| {
        assert_eq!((run.replay(), run.now()), (replay, player.run().now()));
        let mut straight = scenarios::start(replay.clone());
        assert!(straight.advance(run.now(), u64::MAX));
        assert_eq!(run.fingerprint(), straight.fingerprint());
    };
    check(session.replay(), player.run());
    for (part, _, run) in player.ghosts() {
        match part {
            Part::Baseline => check(&session.branches.untouched(), run),
            Part::Branch(id) => {
                let branch = session.branches.all().iter().find(|branch| branch.id == id);
                check(&branch.expect("a branch for each run").replay, run);
            }
        }
    }
}

#[test]
fn branches_go_on_in_time_together_and_each_is_its_own_run() {
    let (mut session, mut player) = opened("queueing_lab?seed=3");
    let at = SimTime::from_secs(40);
    act(&mut session, &mut player, Action::Seek(at));
    play(&session, &mut player, 1);
    act(&mut session, &mut player, Action::Fork);
    act(&mut session, &mut player, Action::Set { param: 0, value: 5.0 });
    act(&mut session, &mut player, Action::Baseline(true));
    act(&mut session, &mut player, Action::Play);
    play(&session, &mut player, 30);
    assert_eq!(player.ghosts().count(), 2);
    assert!(player.run().now() > at);
    assert_true(&session, &player);
    let moment = player.moment();
    act(&mut session, &mut player, Action::Switch(0));
    act(&mut session, &mut player, Action::Act(0));
    assert_eq!(player.moment(), moment);
    play(&session, &mut player, 30);
    act(&mut session, &mut player, Action::Seek(SimTime::from_secs(20)));
    play(&session, &mut player, 2);
    assert_true(&session, &player);
    act(&mut session, &mut player, Action::Remove(0));
    play(&session, &mut player, 2);
    assert_eq!(player.ghosts().count(), 1);
    assert_true(&session, &player);
}

#[test]
fn a_slow_run_beside_the_one_on_the_page_is_waited_for() {
    let (mut session, mut player) = opened("queueing_lab?arrivals_per_s=2000&servers=1000&t=90");
    play(&session, &mut player, 1);
    act(&mut session, &mut player, Action::Seed(2));
    act(&mut session, &mut player, Action::Seek(SimTime::from_secs(90)));
    play(&session, &mut player, 1);
    act(&mut session, &mut player, Action::Fork);
    act(&mut session, &mut player, Action::Forget);
    act(&mut session, &mut player, Action::Seek(SimTime::from_secs(90)));
    act(&mut session, &mut player, Action::Play);
    for _ in 0..200 {
        player.frame(&session, 16.0, || true);
    }
    assert_true(&session, &player);
}

#[test]
fn undoing_a_change_of_the_past_ends_at_the_same_moment() {
    let (mut session, mut player) = opened("queueing_lab?t=50");
    play(&session, &mut player, 1);
    act(&mut session, &mut player, Action::Set { param: 0, value: 5.0 });
    act(&mut session, &mut player, Action::Play);
    play(&session, &mut player, 100);
    let moment = player.moment();
    act(&mut session, &mut player, Action::Undo);
    assert_eq!(player.moment(), moment);
    play(&session, &mut player, 1);
    assert_true(&session, &player);
    assert!(session.replay().inputs().is_empty());
}

/// The terminal, the diagram and what charts draw are of one moment: what is done while time stands still is seen at once.
#[test]
fn what_is_done_while_time_stands_still_is_seen_at_once_everywhere() {
    let (mut session, mut player) = opened("log_flood?t=41070");
    play(&session, &mut player, 1);
    let spec = session.replay().spec();
    let used = spec.metric("disk_used_pct").expect("the disk");
    let seen = |session: &Session, player: &Player, before: Option<&Screen>| {
        let screen = Screen::of(session, player, None, before);
        let volume = screen.system.nodes.iter().find(|node| node.id == "volume").expect("a volume");
        let Some(Reading::Gauge { last, .. }) = screen.recent.get(used).copied() else { panic!("no gauge") };
        (screen.now, volume.word, last.round(), player.shown().command("df -h").text.contains("100%"), screen)
    };
    let (now, word, used, is_full, before) = seen(&session, &player, None);
    assert_eq!((word, used, is_full), ("full but for root", 95.0, true));
    let truncate = spec.actions.iter().position(|action| action.id == "truncate_log").expect("an action");
    act(&mut session, &mut player, Action::Act(truncate));
    let (then, word, used, is_full, after) = seen(&session, &player, Some(&before));
    assert_eq!((then, word, used, is_full), (now, "room left", 0.0, false));
    assert_eq!((after.drawing, after.generation), (before.drawing, before.generation), "time has not leapt");
    let (run, straight) = (player.run().fingerprint(), straight(&session, &player));
    assert_eq!(run, straight, "the run itself waits");
    act(&mut session, &mut player, Action::Undo);
    assert_eq!(seen(&session, &player, Some(&after)).1, "full but for root");
    act(&mut session, &mut player, Action::Redo);
    act(&mut session, &mut player, Action::Play);
    play(&session, &mut player, 1);
    assert!(player.run().now() > now);
    assert_eq!(seen(&session, &player, None).1, "room left");
}

#[test]
fn time_stops_at_the_usual_length_and_goes_on() {
    let (mut session, mut player) = opened("queueing_lab?t=590");
    let length = session.replay().spec().length;
    play(&session, &mut player, 1);
    act(&mut session, &mut player, Action::Speed(8));
    act(&mut session, &mut player, Action::Play);
    assert_eq!(player.frame(&session, 16.0, || false), Some(Stop::End));
    assert_eq!(player.run().now(), length);
    act(&mut session, &mut player, Action::End);
    act(&mut session, &mut player, Action::Play);
    assert_eq!(player.frame(&session, 16.0, || false), None);
    assert!(player.run().now() > length && player.furthest() > length);
}

#[test]
fn time_can_stop_where_a_threshold_is_reached() {
    let (mut session, mut player) = opened("queueing_lab?arrivals_per_s=30");
    act(&mut session, &mut player, Action::PauseAtAnnouncements(true));
    act(&mut session, &mut player, Action::Speed(7));
    act(&mut session, &mut player, Action::Play);
    let stop = (0..100).find_map(|_| player.frame(&session, 16.0, || false));
    let Some(Stop::Announcement(at)) = stop else { panic!("{stop:?}") };
    act(&mut session, &mut player, Action::Seek(at));
    play(&session, &mut player, 1);
    assert_eq!(player.run().announcements().last().map(|told| told.at.ceil_to_millisecond()), Some(at));
    assert_true(&session, &player);
}

#[test]
fn a_pause_ends_on_a_whole_millisecond_and_its_link_restores_the_very_same_run() {
    let (mut session, mut player) = opened("queueing_lab?seed=3&arrivals_per_s=2000&servers=300");
    for elapsed in [16.7, 33.3, 8.33, 21.1] {
        act(&mut session, &mut player, Action::Play);
        player.frame(&session, elapsed, || false);
        act(&mut session, &mut player, Action::Pause);
        play(&session, &mut player, 1);
        let moment = player.moment();
        assert_eq!((moment.nanos() % 1_000_000, player.is_seeking()), (0, false), "{moment}");
        let (_, mut fresh) = opened(&session.link(moment));
        play(&session, &mut fresh, 1);
        assert_eq!(fresh.run().now(), moment);
        assert_eq!(fresh.run().fingerprint(), player.run().fingerprint());
    }
    assert_eq!(player.generation(), 0, "a pause must not start the run over");
}

//! Plays the session's replay: the wall clock decides how far, never what.

use warstories_sim::{Playable, Replay, SimTime, scenarios};

use crate::session::Session;

/// Events between two looks at the clock: about a millisecond.
const CHUNK: u64 = 20_000;
/// The longest time between two frames that still counts as time passed: a page that was hidden does not jump.
const LONGEST_FRAME_MS: f64 = 100.0;
const MILLISECOND: u64 = 1_000_000;

/// One run on its way.
pub struct Player {
    run: Box<dyn Playable>,
    /// Grows whenever the run is another one.
    take: u32,
    /// Number of the cue that was last followed.
    cue: u32,
    /// How far it should have got. `run` stays up to a millisecond behind, see [`Player::frame`].
    position: SimTime,
    /// Where it is going as fast as it can.
    target: Option<SimTime>,
}

impl Player {
    /// On its way to the moment that the session shows.
    pub fn new(session: &Session) -> Self {
        let run = scenarios::start(session.replay.clone());
        let mut player =
            Self { run, take: 0, cue: session.cue.number, position: SimTime::ZERO, target: None };
        player.seek(session.cue.at);
        player
    }

    /// The run.
    pub fn run(&self) -> &dyn Playable {
        self.run.as_ref()
    }

    /// Tells runs apart.
    pub fn take(&self) -> u32 {
        self.take
    }

    /// The moment on show, or soon to be.
    pub fn moment(&self) -> SimTime {
        self.target.unwrap_or_else(|| self.run.now())
    }

    /// Whether it is on its way to a moment as fast as it can.
    pub fn is_seeking(&self) -> bool {
        self.target.is_some()
    }

    /// When something happens next.
    pub fn next_time(&mut self) -> Option<SimTime> {
        self.run.next_time()
    }

    /// Catches up with what the session now says: usually one more input, sometimes another run or moment.
    pub fn follow(&mut self, session: &Session) {
        if self.run.replay() != &session.replay && !self.enter_new_inputs(&session.replay) {
            let moment = self.moment();
            self.start_over(&session.replay);
            self.seek(moment);
        }
        if self.cue != session.cue.number {
            self.cue = session.cue.number;
            if session.cue.at < self.run.now() {
                self.start_over(&session.replay);
            }
            self.target = None;
            self.seek(session.cue.at);
        }
    }

    /// Plays one frame that comes `elapsed_ms` after the last; stops early, and goes on in the next frame, when
    /// `is_late` says so.
    pub fn frame(&mut self, session: &Session, elapsed_ms: f64, mut is_late: impl FnMut() -> bool) {
        let (goal, until) = if let Some(target) = self.target {
            (target, target)
        } else if session.playing {
            let passed = elapsed_ms.clamp(0.0, LONGEST_FRAME_MS) * session.pace();
            let goal = (self.position + SimTime::from_millis_f64(passed)).min(Replay::MAX_TIME);
            // An input comes one nanosecond after what has been played: on a whole millisecond, short in a link.
            let whole = SimTime::from_nanos(goal.nanos() / MILLISECOND * MILLISECOND);
            (goal, whole - SimTime::from_nanos(1))
        } else {
            return;
        };
        loop {
            if self.run.advance(until, CHUNK) {
                self.position = goal;
                self.target = None;
                return;
            }
            if is_late() {
                self.position = self.run.now();
                return;
            }
        }
    }

    /// Enters the inputs that the run does not know yet; tells whether the run now plays `replay`.
    fn enter_new_inputs(&mut self, replay: &Replay) -> bool {
        let known = self.run.replay().inputs();
        let equal = known.iter().zip(replay.inputs()).take_while(|(old, new)| old == new).count();
        let next = self.run.now() + SimTime::from_nanos(1);
        for (at, input) in &replay.inputs()[equal..] {
            if *at != next || self.run.input(*input).is_err() {
                return false;
            }
        }
        self.run.replay() == replay
    }

    fn start_over(&mut self, replay: &Replay) {
        self.run = scenarios::start(replay.clone());
        self.take = self.take.wrapping_add(1);
        self.position = SimTime::ZERO;
        self.target = None;
    }

    fn seek(&mut self, at: SimTime) {
        self.target = (at > self.run.now()).then_some(at);
        self.position = self.run.now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Action;

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
        let mut run = scenarios::start(session.replay.clone());
        assert!(run.advance(player.run().now(), u64::MAX));
        run.fingerprint()
    }

    #[test]
    fn a_run_that_was_touched_while_it_played_is_the_run_in_its_link() {
        let (mut session, mut player) = opened("queueing_lab?seed=3");
        act(&mut session, &mut player, Action::Play);
        play(&session, &mut player, 100);
        let param = session.replay.spec().param("arrivals_per_s").expect("the lab's own parameter");
        for value in [12.0, 14.0, 6.0] {
            act(&mut session, &mut player, Action::Set { param, value });
            act(&mut session, &mut player, Action::Set { param: 0, value });
            act(&mut session, &mut player, Action::Act(0));
            play(&session, &mut player, 50);
        }
        assert_eq!(player.take(), 0, "inputs must not start the run over");
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
        assert_eq!(player.run().replay(), &session.replay);
        assert_eq!(session.replay.inputs().len(), 1);
    }
}

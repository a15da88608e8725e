//! What the learner wants, as plain data, and the pure step from one wish to the next.

use warstories_sim::{Input, Link, Replay, SimTime};

/// How many simulated seconds pass in one second, in the order offered.
pub const SPEEDS: &[f64] = &[0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1000.0];
const DEFAULT_SPEED: usize = 4;

/// Something the learner does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// Sets the parameter at this position.
    Set {
        /// Position of the parameter.
        param: usize,
        /// New value.
        value: f64,
    },
    /// Sets every parameter to its default.
    ResetParams,
    /// Takes the scenario's action at this position.
    Act(usize),
    /// Lets time pass.
    Play,
    /// Stops time.
    Pause,
    /// Goes to a moment and stops there.
    Seek(SimTime),
    /// Plays the same run again from its beginning.
    Restart,
    /// Drops all changes and actions and starts again.
    Forget,
    /// Starts again with other randomness.
    Seed(u64),
    /// Chooses the speed at this position of [`SPEEDS`].
    Speed(usize),
    /// Has read the notices.
    Dismiss,
}

/// Where the player shall go. Numbered, so that the same wish can be made twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cue {
    /// Grows with each wish.
    pub number: u32,
    /// The moment to show.
    pub at: SimTime,
}

/// Everything the learner has decided. How far the run has got is the player's to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The run.
    pub replay: Replay,
    /// Whether time passes.
    pub playing: bool,
    /// Position in [`SPEEDS`].
    pub speed: usize,
    /// Where to go, when somebody last said so.
    pub cue: Cue,
    /// What the page has to say, one sentence each.
    pub notices: Vec<String>,
}

/// The moment of an input that is entered at `moment`: the first that has not been played yet.
fn next_after(moment: SimTime) -> SimTime {
    moment + SimTime::from_nanos(1)
}

impl Session {
    /// What a link asks for, standing still at its moment.
    pub fn open(link: Link) -> Self {
        let at = link.moment.unwrap_or_default();
        let cue = Cue { number: 0, at };
        let notices =
            link.dropped.iter().map(|problem| format!("Left out of this link: {problem}")).collect();
        Self { replay: link.replay, playing: false, speed: DEFAULT_SPEED, cue, notices }
    }

    /// Simulated seconds in a second.
    pub fn pace(&self) -> f64 {
        SPEEDS.get(self.speed).copied().unwrap_or(1.0)
    }

    /// Values of all parameters at `moment`, with what has been entered there and comes into force next.
    pub fn values(&self, moment: SimTime) -> Vec<f64> {
        let mut values = self.replay.start().to_vec();
        for (_, input) in self.replay.inputs().iter().take_while(|(at, _)| *at <= next_after(moment)) {
            if let Input::Change { param, value } = *input
                && let Some(place) = values.get_mut(param)
            {
                *place = value;
            }
        }
        values
    }

    /// The address of this run; while it stands still, with the moment it stands at.
    pub fn link(&self, moment: SimTime) -> String {
        self.replay.print((!self.playing && moment > SimTime::ZERO).then_some(moment))
    }

    /// What there is after `action`, done while `moment` was on show.
    pub fn reduce(&self, action: Action, moment: SimTime) -> Self {
        let mut next = self.clone();
        match action {
            Action::Set { param, value } => next.set(&[(param, value)], moment),
            Action::ResetParams => {
                let params = self.replay.spec().params.iter();
                let defaults: Vec<_> =
                    params.map(warstories_sim::ParamSpec::default_value).enumerate().collect();
                next.set(&defaults, moment);
            }
            Action::Act(action) => next.enter(Input::Action(action), moment),
            Action::Play => next.playing = true,
            Action::Pause => next.playing = false,
            Action::Seek(at) => {
                next.playing = false;
                next.go(at);
            }
            Action::Restart => next.go(SimTime::ZERO),
            Action::Forget => {
                next.replay.truncate(SimTime::ZERO);
                next.go(SimTime::ZERO);
            }
            Action::Seed(seed) => {
                next.replay = next.replay.with_seed(seed);
                next.go(SimTime::ZERO);
            }
            Action::Speed(speed) => next.speed = speed.min(SPEEDS.len() - 1),
            Action::Dismiss => next.notices.clear(),
        }
        next
    }

    fn go(&mut self, at: SimTime) {
        self.cue = Cue { number: self.cue.number.wrapping_add(1), at };
    }

    /// Before the run has begun a new value is a start value; later it is a change at this moment.
    fn set(&mut self, new: &[(usize, f64)], moment: SimTime) {
        let now = self.values(moment);
        for &(param, value) in new.iter().filter(|(param, value)| now.get(*param) != Some(value)) {
            if moment > SimTime::ZERO {
                self.enter(Input::Change { param, value }, moment);
            } else {
                self.replay.truncate(SimTime::ZERO);
                self.replay.set_start(param, value);
            }
        }
    }

    /// What is done now replaces whatever an earlier take had planned for later.
    fn enter(&mut self, input: Input, moment: SimTime) {
        let at = next_after(moment);
        self.replay.truncate(at);
        if let Err(problem) = self.replay.add(at, input)
            && !self.notices.contains(&problem)
        {
            self.notices.push(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(link: &str) -> Session {
        Session::open(Replay::parse(link).expect("a link to the lab"))
    }

    fn arrivals(session: &Session) -> usize {
        session.replay.spec().param("arrivals_per_s").expect("the lab's own parameter")
    }

    fn set(session: &Session, value: f64, at: u64) -> Session {
        let param = arrivals(session);
        session.reduce(Action::Set { param, value }, SimTime::from_secs(at))
    }

    #[test]
    fn before_the_start_a_control_sets_the_start_value() {
        let session = set(&opened("queueing_lab"), 12.0, 0);
        assert_eq!(session.link(SimTime::ZERO), "queueing_lab?seed=1&arrivals_per_s=12");
        assert!(session.replay.inputs().is_empty());
    }

    #[test]
    fn later_a_control_enters_a_change_at_that_moment() {
        let session = set(&opened("queueing_lab"), 12.0, 60);
        assert_eq!(session.link(SimTime::ZERO), "queueing_lab?seed=1&at=60.000000001,arrivals_per_s=12");
        let param = arrivals(&session);
        assert_eq!(session.values(SimTime::from_secs(59))[param], 8.0);
        assert_eq!(session.values(SimTime::from_secs(60))[param], 12.0);
    }

    #[test]
    fn setting_what_is_already_set_enters_nothing() {
        let session = set(&opened("queueing_lab"), 8.0, 60);
        assert!(session.replay.inputs().is_empty());
    }

    #[test]
    fn what_is_done_now_replaces_what_was_planned_for_later() {
        let session = opened("queueing_lab?at=50,servers=2&at=90,arrivals_per_s=20");
        let session = set(&session, 12.0, 60);
        assert_eq!(
            session.link(SimTime::ZERO),
            "queueing_lab?seed=1&at=50,servers=2&at=60.000000001,arrivals_per_s=12"
        );
        assert_eq!(set(&session, 9.0, 0).link(SimTime::ZERO), "queueing_lab?seed=1&arrivals_per_s=9");
    }

    #[test]
    fn resetting_returns_to_the_defaults_from_that_moment_on() {
        let session = opened("queueing_lab?arrivals_per_s=12&at=50,servers=2");
        let at = SimTime::from_secs(60);
        let reset = session.reduce(Action::ResetParams, at);
        let params = reset.replay.spec().params.iter();
        let defaults: Vec<_> = params.map(warstories_sim::ParamSpec::default_value).collect();
        assert_eq!(reset.values(at), defaults);
        assert_eq!(reset.values(SimTime::from_secs(55)), session.values(SimTime::from_secs(55)));
        let fresh = session.reduce(Action::ResetParams, SimTime::ZERO);
        assert_eq!(fresh.link(SimTime::ZERO), "queueing_lab?seed=1");
    }

    #[test]
    fn restart_keeps_the_run_and_forget_drops_what_was_done() {
        let session = opened("queueing_lab?seed=7&at=50,servers=2&t=70");
        assert_eq!(session.cue.at, SimTime::from_secs(70));
        let again = session.reduce(Action::Restart, SimTime::from_secs(70));
        assert_eq!((again.replay.clone(), again.cue.at), (session.replay.clone(), SimTime::ZERO));
        assert_ne!(again.cue, again.reduce(Action::Restart, SimTime::ZERO).cue);
        let fresh = session.reduce(Action::Forget, SimTime::from_secs(70));
        assert_eq!(fresh.link(SimTime::ZERO), "queueing_lab?seed=7");
    }

    #[test]
    fn the_link_names_the_moment_only_while_time_stands_still() {
        let session = opened("queueing_lab");
        let at = SimTime::from_secs(5);
        assert_eq!(session.link(at), "queueing_lab?seed=1&t=5");
        assert_eq!(session.reduce(Action::Play, at).link(at), "queueing_lab?seed=1");
    }

    #[test]
    fn a_full_replay_says_so_once() {
        let mut session = opened("queueing_lab");
        for second in 0..=Replay::MAX_INPUTS as u64 + 2 {
            session = session.reduce(Action::Act(0), SimTime::from_secs(second));
        }
        assert_eq!(session.replay.inputs().len(), Replay::MAX_INPUTS);
        assert_eq!(session.notices.len(), 1);
        assert!(session.reduce(Action::Dismiss, SimTime::ZERO).notices.is_empty());
    }

    #[test]
    fn what_a_link_could_not_say_becomes_a_notice() {
        let session = opened("queueing_lab?servers=none&colour=red");
        assert_eq!(session.notices.len(), 2);
    }
}

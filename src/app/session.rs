//! What the learner wants, as plain data, and the pure step from one wish to the next.

use warstories_sim::{Input, Link, ParamSpec, Replay, SimTime};

use crate::branches::{BranchId, Branches};
use crate::history::Gesture;

/// How many simulated seconds pass in one second, in the order offered.
pub const SPEEDS: &[f64] = &[0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1000.0];
const DEFAULT_SPEED: usize = 4;

/// Something the learner does.
#[derive(Clone, Debug, PartialEq)]
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
    /// Starts a fresh run with the scenario's preset at this position.
    Preset(usize),
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
    /// Whether time stops by itself when a threshold is crossed.
    PauseAtCrossings(bool),
    /// The run has got to its usual length.
    End,
    /// Takes the last step back.
    Undo,
    /// Takes the step that was undone last once more.
    Redo,
    /// A handle is let go.
    EndGesture,
    /// Goes on as a new branch.
    Fork,
    /// Shows another branch.
    Switch(BranchId),
    /// Forgets a branch.
    Remove(BranchId),
    /// Gives a branch another name.
    Rename(BranchId, String),
    /// Whether the run that nobody touched is shown too.
    Baseline(bool),
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
    /// The runs.
    pub branches: Branches,
    /// Whether time passes.
    pub playing: bool,
    /// Position in [`SPEEDS`].
    pub speed: usize,
    /// Where to go, when somebody last said so.
    pub cue: Cue,
    /// Whether time stops by itself when a threshold is crossed.
    pub pause_at_crossings: bool,
    /// Whether time has stopped by itself at the run's usual length; it does that once.
    pub has_ended: bool,
    /// What the page has to say, one sentence each.
    pub notices: Vec<String>,
}

/// The moment of an input that is entered at `moment`: the first that has not been played yet.
fn next_after(moment: SimTime) -> SimTime {
    moment + SimTime::from_nanos(1)
}

/// Values of all parameters at `moment`, with what has been entered there and comes into force next.
fn values(replay: &Replay, moment: SimTime) -> Vec<f64> {
    let mut values = replay.start().to_vec();
    for (_, input) in replay.inputs().iter().take_while(|(at, _)| *at <= next_after(moment)) {
        if let Input::Change { param, value } = *input
            && let Some(place) = values.get_mut(param)
        {
            *place = value;
        }
    }
    values
}

impl Session {
    /// What a link asks for, standing still at its moment.
    pub fn open(link: Link) -> Self {
        let at = link.moment.unwrap_or_default();
        let notices =
            link.dropped.iter().map(|problem| format!("Left out of this link: {problem}")).collect();
        Self {
            branches: Branches::new(link.replay),
            playing: false,
            speed: DEFAULT_SPEED,
            cue: Cue { number: 0, at },
            pause_at_crossings: false,
            has_ended: false,
            notices,
        }
    }

    /// The run on the page.
    pub fn replay(&self) -> &Replay {
        &self.branches.current().replay
    }

    /// Simulated seconds in a second.
    pub fn pace(&self) -> f64 {
        SPEEDS.get(self.speed).copied().unwrap_or(1.0)
    }

    /// Values of all parameters at `moment`, with what has been entered there and comes into force next.
    pub fn values(&self, moment: SimTime) -> Vec<f64> {
        values(self.replay(), moment)
    }

    /// Where time stops by itself next.
    pub fn stop(&self, moment: SimTime) -> Option<SimTime> {
        let length = self.replay().spec().length;
        (!self.has_ended && moment < length).then_some(length)
    }

    /// The address of this run; while it stands still, with the moment it stands at.
    pub fn link(&self, moment: SimTime) -> String {
        self.replay().print((!self.playing && moment > SimTime::ZERO).then_some(moment))
    }

    /// What there is after `action`, done while `moment` was on show.
    pub fn reduce(&self, action: Action, moment: SimTime) -> Self {
        let mut next = self.clone();
        match action {
            Action::Set { param, value } => {
                next.change(Gesture::Slide(param), |replay| set(replay, &[(param, value)], moment));
            }
            Action::ResetParams => {
                let params = self.replay().spec().params.iter();
                let defaults: Vec<_> = params.map(ParamSpec::default_value).enumerate().collect();
                next.change(Gesture::Single, |replay| set(replay, &defaults, moment));
            }
            Action::Act(action) => {
                next.change(Gesture::Single, |replay| enter(replay, Input::Action(action), moment));
            }
            Action::Preset(preset) => next.start_preset(preset),
            Action::Forget => next.start_over(|replay| replay.truncate(SimTime::ZERO)),
            Action::Seed(seed) => next.start_over(|replay| *replay = replay.clone().with_seed(seed)),
            Action::Restart => next.start_over(|_| ()),
            Action::Undo => next.exchange(true),
            Action::Redo => next.exchange(false),
            Action::EndGesture => next.branches.current_mut().history.end_gesture(),
            Action::Play => next.playing = true,
            Action::Pause => next.playing = false,
            Action::Seek(at) => {
                next.playing = false;
                next.go(at.min(Replay::MAX_TIME));
            }
            Action::Speed(speed) => next.speed = speed.min(SPEEDS.len() - 1),
            Action::PauseAtCrossings(pause) => next.pause_at_crossings = pause,
            Action::End => next.end(),
            Action::Fork => next.branches.fork(moment),
            Action::Switch(id) => next.branches.switch(id),
            Action::Remove(id) => next.branches.remove(id),
            Action::Rename(id, name) => next.branches.rename(id, &name),
            Action::Baseline(shown) => next.branches.baseline = shown,
            Action::Dismiss => next.notices.clear(),
        }
        next
    }

    fn go(&mut self, at: SimTime) {
        self.cue = Cue { number: self.cue.number.wrapping_add(1), at };
    }

    fn end(&mut self) {
        let spec = self.replay().spec();
        self.playing = false;
        self.has_ended = true;
        self.notices.push(format!(
            "{}: the usual end of this run. Press Play to go on from here.",
            spec.clock.label(spec.length)
        ));
    }

    /// Changes the run on the page, so that it can be undone.
    fn change(&mut self, gesture: Gesture, change: impl FnOnce(&mut Replay) -> Result<(), String>) {
        let branch = self.branches.current_mut();
        let before = branch.replay.clone();
        let problem = change(&mut branch.replay).err();
        if branch.replay != before {
            branch.history.step(&before, gesture);
        }
        if let Some(problem) = problem.filter(|problem| !self.notices.contains(problem)) {
            self.notices.push(problem);
        }
    }

    /// Changes the run on the page and shows it from its beginning.
    fn start_over(&mut self, change: impl FnOnce(&mut Replay)) {
        self.change(Gesture::Single, |replay| {
            change(replay);
            Ok(())
        });
        self.has_ended = false;
        self.go(SimTime::ZERO);
    }

    fn start_preset(&mut self, preset: usize) {
        let spec = self.replay().spec();
        let Some(preset) = spec.presets.get(preset) else { return };
        self.start_over(|replay| {
            *replay = Replay::new(spec).with_seed(replay.seed());
            for (id, value) in preset.values {
                if let Ok(param) = spec.param(id)
                    && let Ok(value) = spec.params[param].parse(value)
                {
                    replay.set_start(param, value);
                }
            }
        });
    }

    fn exchange(&mut self, back: bool) {
        let branch = self.branches.current_mut();
        let other =
            if back { branch.history.undo(&branch.replay) } else { branch.history.redo(&branch.replay) };
        if let Some(other) = other {
            branch.replay = other;
        }
    }
}

/// Before the run has begun a new value is a start value; later it is a change at this moment.
fn set(replay: &mut Replay, new: &[(usize, f64)], moment: SimTime) -> Result<(), String> {
    let now = values(replay, moment);
    for &(param, value) in new.iter().filter(|(param, value)| now.get(*param) != Some(value)) {
        if moment > SimTime::ZERO {
            enter(replay, Input::Change { param, value }, moment)?;
        } else {
            replay.truncate(SimTime::ZERO);
            replay.set_start(param, value);
        }
    }
    Ok(())
}

/// What is done now replaces whatever an earlier take had planned for later.
fn enter(replay: &mut Replay, input: Input, moment: SimTime) -> Result<(), String> {
    let at = next_after(moment);
    replay.truncate(at);
    replay.add(at, input)
}

#[cfg(test)]
mod tests {
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
        assert_eq!(session.link(SimTime::ZERO), "queueing_lab?seed=1&arrivals_per_s=12");
        assert!(session.replay().inputs().is_empty());
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
        assert!(session.replay().inputs().is_empty());
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
        let params = reset.replay().spec().params.iter();
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
        assert_eq!((again.replay().clone(), again.cue.at), (session.replay().clone(), SimTime::ZERO));
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
            Action::Preset(2),
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
            let tried = session.reduce(Action::Preset(index), SimTime::from_secs(70));
            let values: Vec<_> = preset.values.iter().map(|(id, value)| format!("{id}={value}")).collect();
            let meant = opened(&format!("queueing_lab?seed=7&{}", values.join("&")));
            assert_eq!((tried.replay(), tried.cue.at), (meant.replay(), SimTime::ZERO), "{}", preset.label);
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
}

//! What the learner wants, as plain data, and the pure step from one wish to the next.

mod entry;
mod notices;
mod speeds;

use std::rc::Rc;

use warstories_sim::probe::Wanted;
use warstories_sim::{Input, Link, ParamSpec, Replay, SimTime};

use self::entry::{enter, keep_planned, set, values};
use self::notices::usual_end;
pub use self::notices::{apart, notices};
pub use self::speeds::{DEFAULT_SPEED, SPEEDS, speed_text};
use crate::run::branches::{BranchId, Branches};
use crate::run::history::Gesture;

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
    /// Sets every parameter to what it is unless somebody changes it, see [`Session::defaults`].
    ResetParams,
    /// Takes the scenario's action at this position.
    Act(usize),
    /// Writes a text into the field at this position.
    Write {
        /// Position of the field.
        field: usize,
        /// What is written.
        text: Box<str>,
    },
    /// Starts a fresh run with the scenario's preset at this position, and says what to look for, where that is known.
    Preset(usize, Option<String>),
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
    /// Whether time stops by itself when the run announces something.
    PauseAtAnnouncements(bool),
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
pub struct SeekRequest {
    /// Grows with each wish.
    pub number: u32,
    /// The moment to show.
    pub at: SimTime,
}

/// The moment to stop at when time is stopped at `moment`. While time passes a run is one nanosecond short of a whole
/// millisecond, see `Player::frame`; a whole one is short in a link.
pub fn whole(moment: SimTime) -> SimTime {
    let next = moment.next();
    if next.nanos().is_multiple_of(1_000_000) { next } else { moment }
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
    /// The learner's own speed, while the run hurries to an answer.
    pub own_speed: Option<usize>,
    /// Where to go, when somebody last said so.
    pub seek_request: SeekRequest,
    /// Whether time stops by itself when the run announces something.
    pub pause_at_announcements: bool,
    /// Whether time has stopped by itself at the run's usual length; it does that once.
    pub has_ended: bool,
    /// Where a lesson wants time to stop by itself, if that is still to come.
    pub stop_at: Option<SimTime>,
    /// What happens in a lesson's run by itself: it still does when the learner does something before.
    pub script: Vec<(SimTime, Input)>,
    /// The run as a lesson gives it to the learner.
    pub given: Option<Replay>,
    /// What every run remembers of what its metrics say.
    pub wanted: Rc<Wanted>,
    /// What the page has to say, one sentence each.
    pub notices: Vec<String>,
    /// Grows whenever all values are set anew: what somebody is writing into a field is past then.
    pub resets: u32,
}

impl Action {
    /// Whether it makes another run of the one on show, so that this one can no longer answer what it was asked.
    pub fn changes_run(&self) -> bool {
        match self {
            Self::Set { .. }
            | Self::ResetParams
            | Self::Act(_)
            | Self::Write { .. }
            | Self::Preset(..)
            | Self::Forget
            | Self::Seed(_)
            | Self::Undo
            | Self::Redo
            | Self::Fork => true,
            Self::Play
            | Self::Pause
            | Self::Seek(_)
            | Self::Restart
            | Self::Speed(_)
            | Self::PauseAtAnnouncements(_)
            | Self::End
            | Self::EndGesture
            | Self::Switch(_)
            | Self::Remove(_)
            | Self::Rename(..)
            | Self::Baseline(_)
            | Self::Dismiss => false,
        }
    }
}

impl Session {
    /// What a link asks for, standing still at its moment.
    pub fn open(link: Link) -> Self {
        let at = link.moment.unwrap_or_default();
        // What was written at this moment is in force right after it, and whoever wrote it wants to see it again.
        let is_text = |input: &Input| matches!(input, Input::Text { .. });
        let has_text = |at| link.replay.inputs().iter().any(|(other, input)| *other == at && is_text(input));
        let at = if has_text(at.next()) { at.next() } else { at };
        let notices = notices(&link);
        Self {
            branches: Branches::new(link.replay),
            playing: false,
            speed: DEFAULT_SPEED,
            own_speed: None,
            seek_request: SeekRequest { number: 0, at },
            pause_at_announcements: false,
            has_ended: false,
            stop_at: None,
            script: Vec::new(),
            given: None,
            wanted: Rc::default(),
            notices,
            resets: 0,
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

    /// What the parameters are at `moment` unless somebody changes them: as the lesson gives them, or the scenario.
    pub fn defaults(&self, moment: SimTime) -> Vec<f64> {
        match &self.given {
            Some(given) => values(given, moment),
            None => self.replay().spec().params.iter().map(ParamSpec::default_value).collect(),
        }
    }

    /// What somebody has done to `replay`: start values and inputs that it was not given with.
    pub fn changes(&self, replay: &Replay) -> (usize, usize) {
        let own = Replay::new(replay.spec());
        let given = self.given.as_ref().unwrap_or(&own);
        let starts = replay.start().iter().zip(given.start()).filter(|(now, given)| now != given).count();
        let inputs = replay.inputs().iter().filter(|input| !given.inputs().contains(input)).count();
        (starts, inputs)
    }

    /// Whether there is anything to undo, and to redo.
    pub fn steps(&self) -> (bool, bool) {
        let history = &self.branches.current().history;
        (history.can_undo(), history.can_redo())
    }

    /// Plays faster for a while, at the speed at this position, unless the learner has chosen one that is faster still.
    pub fn hurry(&mut self, speed: usize) {
        if speed > self.speed {
            self.own_speed = self.own_speed.or(Some(self.speed));
            self.speed = speed;
        }
    }

    /// Returns to the learner's own speed.
    pub fn slow_down(&mut self) {
        self.speed = self.own_speed.take().unwrap_or(self.speed);
    }

    /// Shows `replay` at `at`, standing still: the branch that it is, or on the branch on show, where that can be undone.
    pub fn visit(&mut self, replay: Replay, at: SimTime) {
        match self.branches.all().iter().find(|branch| branch.replay == replay).map(|branch| branch.id) {
            Some(id) => self.branches.switch(id),
            None => self.change(Gesture::Single, |shown| {
                *shown = replay;
                Ok(())
            }),
        }
        self.playing = false;
        self.go(at);
    }

    /// Where time stops by itself next.
    pub fn stop(&self, moment: SimTime) -> Option<SimTime> {
        let length = self.replay().spec().length;
        let end = (!self.has_ended && moment < length).then_some(length);
        self.stop_at.filter(|stop| *stop > moment).into_iter().chain(end).min()
    }

    /// The address of this run; while it stands still, with the moment it stands at.
    pub fn link(&self, moment: SimTime) -> String {
        self.replay().print_to_send((!self.playing && moment > SimTime::ZERO).then_some(moment))
    }

    /// What there is after `action`, done while `moment` was on show.
    pub fn reduce(&self, action: Action, moment: SimTime) -> Self {
        let mut next = self.clone();
        match action {
            Action::Set { param, value } => {
                next.change(Gesture::Slide(param), |replay| set(replay, &[(param, value)], moment));
            }
            Action::ResetParams => {
                next.resets += 1;
                let defaults: Vec<_> = self.defaults(moment).into_iter().enumerate().collect();
                next.change(Gesture::Single, |replay| {
                    replay.truncate(moment.next());
                    set(replay, &defaults, moment)
                });
            }
            Action::Act(action) => {
                next.change(Gesture::Single, |replay| enter(replay, Input::Action(action), moment));
            }
            Action::Write { field, text } => {
                next.change(Gesture::Single, |replay| enter(replay, Input::Text { field, text }, moment));
            }
            Action::Preset(preset, look_for) => next.start_preset(preset, look_for),
            Action::Forget => next.start_over(|replay| self.forget(replay)),
            Action::Seed(seed) => next.start_over(|replay| *replay = replay.clone().with_seed(seed)),
            Action::Restart => next.start_over(|_| ()),
            Action::Undo => next.exchange(true),
            Action::Redo => next.exchange(false),
            Action::EndGesture => next.branches.current_mut().history.end_gesture(),
            Action::Play => {
                next.leave_end();
                next.playing = true;
            }
            Action::Pause => {
                next.playing = false;
                next.go(whole(moment));
            }
            Action::Seek(at) => {
                next.playing = false;
                next.go(at.min(Replay::MAX_TIME));
            }
            Action::Speed(speed) => (next.speed, next.own_speed) = (speed.min(SPEEDS.len() - 1), None),
            Action::PauseAtAnnouncements(pause) => next.pause_at_announcements = pause,
            Action::End => next.end(),
            Action::Fork => {
                next.branches.fork(moment);
                let current = self.replay();
                keep_planned(&self.script, current, &mut next.branches.current_mut().replay);
            }
            Action::Switch(id) => next.branches.switch(id),
            Action::Remove(id) => next.branches.remove(id),
            Action::Rename(id, name) => next.branches.rename(id, &name),
            Action::Baseline(shown) => next.branches.baseline = shown,
            Action::Dismiss => next.notices.clear(),
        }
        next
    }

    fn go(&mut self, at: SimTime) {
        self.leave_end();
        self.seek_request = SeekRequest { number: self.seek_request.number.wrapping_add(1), at };
    }

    fn end(&mut self) {
        let spec = self.replay().spec();
        self.playing = false;
        self.has_ended = true;
        self.notices.push(usual_end(spec));
    }

    /// What is said at the usual end is said no longer where somebody goes elsewhere or plays on.
    pub fn leave_end(&mut self) {
        let said = usual_end(self.replay().spec());
        self.notices.retain(|notice| *notice != said);
    }

    /// Changes the run on the page, so that it can be undone.
    fn change(&mut self, gesture: Gesture, change: impl FnOnce(&mut Replay) -> Result<(), String>) {
        let branch = self.branches.current_mut();
        let before = branch.replay.clone();
        let problem = change(&mut branch.replay).err();
        keep_planned(&self.script, &before, &mut branch.replay);
        if branch.replay != before {
            branch.history.step(&before, &branch.replay, gesture);
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
        self.resets += 1;
        self.go(SimTime::ZERO);
    }

    /// Leaves of `replay` what it was given with.
    fn forget(&self, replay: &mut Replay) {
        let kept: Vec<(SimTime, Input)> = match &self.given {
            Some(given) => {
                replay.inputs().iter().filter(|input| given.inputs().contains(input)).cloned().collect()
            }
            None => Vec::new(),
        };
        replay.truncate(SimTime::ZERO);
        for (at, input) in kept {
            // It was in the replay before: there is room for it.
            let _ = replay.add(at, input);
        }
    }

    fn start_preset(&mut self, preset: usize, look_for: Option<String>) {
        let spec = self.replay().spec();
        let Some(preset) = spec.presets.get(preset) else { return };
        self.start_over(|replay| *replay = preset.replay(spec).with_seed(replay.seed()));
        self.playing = true;
        let started =
            format!("\"{}\": all values were set, and the run was started from its beginning.", preset.label);
        let told = [Some(started), look_for, Some("Undo brings back the run before.".to_owned())];
        self.notices = vec![told.into_iter().flatten().collect::<Vec<_>>().join(" ")];
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

#[cfg(test)]
mod tests;

//! How a value or an action is entered into a replay: when it comes into force, and what it replaces.

use warstories_sim::{Input, Replay, SimTime};

/// Values of all parameters at `moment`, with what has been entered there and comes into force next.
pub fn values(replay: &Replay, moment: SimTime) -> Vec<f64> {
    replay.values(moment.next())
}

/// Before the run has begun a new value is a start value, and what was done later in it is done again; afterwards it is a
/// change at this moment.
pub fn set(replay: &mut Replay, new: &[(usize, f64)], moment: SimTime) -> Result<(), String> {
    let now = values(replay, moment);
    for &(param, value) in new.iter().filter(|(param, value)| now.get(*param) != Some(value)) {
        if moment > SimTime::ZERO {
            enter(replay, Input::Change { param, value }, moment)?;
            replay.drop_idle_change(moment.next(), param);
        } else {
            replay.set_start(param, value);
        }
    }
    Ok(())
}

/// What is done now replaces whatever an earlier take had planned for later.
pub fn enter(replay: &mut Replay, input: Input, moment: SimTime) -> Result<(), String> {
    let at = moment.next();
    replay.truncate(at);
    replay.add(at, input)
}

/// Enters again what happens by itself in `before` and has been dropped from `now`.
pub fn keep_planned(script: &[(SimTime, Input)], before: &Replay, now: &mut Replay) {
    for planned in script.iter().filter(|planned| before.inputs().contains(planned)) {
        if !now.inputs().contains(planned) {
            let (at, input) = planned.clone();
            // It was in the replay before: there is room for it.
            let _ = now.add(at, input);
        }
    }
}

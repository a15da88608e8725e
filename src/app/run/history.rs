//! Undo and redo: the replays that there were before.

use warstories_sim::Replay;

/// Steps that can be undone.
const MAX_STEPS: usize = 100;

/// What makes two changes one step: they are parts of one movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gesture {
    /// The handle of the parameter at this position is being moved.
    Slide(usize),
    /// A step of its own.
    Single,
}

/// The way back and the way forward again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    past: Vec<Replay>,
    future: Vec<Replay>,
    /// The handle that was moved last, while it may still be the same movement.
    sliding: Option<usize>,
}

impl History {
    /// The replay has changed from `before` to `after`. Whoever is back where the last step began has taken it back.
    pub fn step(&mut self, before: &Replay, after: &Replay, gesture: Gesture) {
        let slid = match gesture {
            Gesture::Slide(param) => Some(param),
            Gesture::Single => None,
        };
        self.future.clear();
        if self.past.last() == Some(after) {
            self.past.pop();
            return self.end_gesture();
        }
        if slid.is_some() && self.sliding == slid {
            return;
        }
        self.sliding = slid;
        if self.past.len() == MAX_STEPS {
            self.past.remove(0);
        }
        self.past.push(before.clone());
    }

    /// The movement is over: the next one is a step of its own.
    pub fn end_gesture(&mut self) {
        self.sliding = None;
    }

    /// The replay before the last step, in exchange for the one in force.
    pub fn undo(&mut self, now: &Replay) -> Option<Replay> {
        self.end_gesture();
        let before = self.past.pop()?;
        self.future.push(now.clone());
        Some(before)
    }

    /// The replay after the step that was undone last, in exchange for the one in force.
    pub fn redo(&mut self, now: &Replay) -> Option<Replay> {
        self.end_gesture();
        let after = self.future.pop()?;
        self.past.push(now.clone());
        Some(after)
    }

    /// Whether there is anything to undo.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is anything to redo.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replay(seed: u64) -> Replay {
        Replay::parse("queueing_lab").expect("the lab").replay.with_seed(seed)
    }

    #[test]
    fn a_movement_is_one_step() {
        let mut history = History::default();
        for seed in 1..5 {
            history.step(&replay(seed), &replay(seed + 1), Gesture::Slide(2));
        }
        history.end_gesture();
        history.step(&replay(5), &replay(6), Gesture::Slide(2));
        history.step(&replay(6), &replay(7), Gesture::Slide(3));
        let mut now = replay(7);
        let mut seeds = Vec::new();
        while let Some(before) = history.undo(&now) {
            seeds.push(before.seed());
            now = before;
        }
        assert_eq!(seeds, [6, 5, 1]);
        assert_eq!(history.redo(&now).map(|after| after.seed()), Some(5));
    }

    #[test]
    fn a_change_that_is_taken_back_by_hand_leaves_no_step() {
        let mut history = History::default();
        history.step(&replay(1), &replay(2), Gesture::Slide(2));
        history.step(&replay(2), &replay(1), Gesture::Slide(2));
        assert!(!history.can_undo());
        // Moved on, it is a step again.
        history.step(&replay(1), &replay(3), Gesture::Slide(2));
        history.step(&replay(3), &replay(4), Gesture::Single);
        history.step(&replay(4), &replay(3), Gesture::Single);
        assert_eq!(history.undo(&replay(3)).map(|before| before.seed()), Some(1));
        assert!(!history.can_undo());
    }

    #[test]
    fn something_new_ends_the_way_forward() {
        let mut history = History::default();
        history.step(&replay(1), &replay(2), Gesture::Single);
        assert!(history.undo(&replay(2)).is_some() && history.can_redo());
        history.step(&replay(1), &replay(3), Gesture::Single);
        assert!(!history.can_redo() && history.can_undo());
    }
}

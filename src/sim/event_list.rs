//! The future event list: everything that is going to happen, earliest first, equal times in the order scheduled.
//!
//! A tournament tree over leaves that never move: leaf `i` holds one pending event, each inner node the leaf that
//! wins (is earliest) below it. Leaves that stay put make a handle a plain index, so cancelling is a true removal
//! and costs nothing later. Popping leaves a hole in the winner's leaf, which the next push fills: the usual
//! "one event happens, one is scheduled" walks the tree once instead of twice.

use crate::time::SimTime;

/// Names one scheduled event, so that it can be cancelled. Once the event has happened or was cancelled the handle
/// names nothing, and stays harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventHandle {
    leaf: u32,
    sequence: u64,
}

impl EventHandle {
    /// Names no event.
    pub const NONE: Self = Self { leaf: NO_LEAF, sequence: u64::MAX };
}

/// An event that has come due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due<E> {
    /// When it happens.
    pub time: SimTime,
    /// Its place in the order of scheduling, unique within a run.
    pub sequence: u64,
    /// What happens.
    pub event: E,
}

/// (time, sequence) in one number, so that a comparison needs no branch.
type Key = u128;

const EMPTY: Key = Key::MAX;
const NO_LEAF: u32 = u32::MAX;

fn key(time: SimTime, sequence: u64) -> Key {
    Key::from(time.nanos()) << 64 | Key::from(sequence)
}

/// The pending events of one run. Holds up to 2³¹ of them.
#[derive(Clone, Debug)]
pub struct EventList<E> {
    keys: Vec<Key>,
    events: Vec<Option<E>>,
    /// `winners[n]` is the earliest leaf below inner node `n`; node 1 is the root, `2n` and `2n + 1` its children.
    /// Stale on the path above `hole` only.
    winners: Vec<u32>,
    free: Vec<u32>,
    /// Leaves from here on have never been used.
    fresh: u32,
    hole: u32,
    next_sequence: u64,
}

impl<E: Copy> EventList<E> {
    /// No pending event.
    pub fn new() -> Self {
        Self {
            keys: vec![EMPTY; 2],
            events: vec![None; 2],
            winners: vec![0; 2],
            free: Vec::new(),
            fresh: 0,
            hole: NO_LEAF,
            next_sequence: 0,
        }
    }

    /// Number of pending events.
    pub fn len(&self) -> usize {
        self.fresh as usize - self.free.len() - usize::from(self.hole != NO_LEAF)
    }

    /// Whether nothing is going to happen.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The next number in the order of scheduling; also taken by inputs, which are events of the run as well.
    pub fn take_sequence(&mut self) -> u64 {
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        sequence
    }

    /// Schedules `event` for `time`.
    pub fn push(&mut self, time: SimTime, event: E) -> EventHandle {
        let sequence = self.take_sequence();
        let key = key(time, sequence);
        let leaf;
        if self.hole == NO_LEAF {
            leaf = self.free.pop().unwrap_or_else(|| self.fresh_leaf());
            self.put(leaf, key, event);
            self.rise(leaf, key);
        } else {
            leaf = self.hole;
            self.hole = NO_LEAF;
            self.put(leaf, key, event);
            self.replay(leaf);
        }
        EventHandle { leaf, sequence }
    }

    /// Takes the earliest event out if it happens at `until` or before.
    pub fn pop_until(&mut self, until: SimTime) -> Option<Due<E>> {
        self.settle();
        let leaf = self.winners[1];
        let key = self.keys[leaf as usize];
        let time = SimTime::from_nanos((key >> 64) as u64);
        if time > until || key == EMPTY {
            return None;
        }
        let event = self.events[leaf as usize]?;
        self.keys[leaf as usize] = EMPTY;
        self.hole = leaf;
        Some(Due { time, sequence: key as u64, event })
    }

    /// When the earliest event happens.
    pub fn next_time(&mut self) -> Option<SimTime> {
        self.settle();
        let key = self.keys[self.winners[1] as usize];
        (key != EMPTY).then(|| SimTime::from_nanos((key >> 64) as u64))
    }

    /// Removes the event that `handle` names and tells when it would have happened; `None` if it no longer waits.
    pub fn cancel(&mut self, handle: EventHandle) -> Option<SimTime> {
        let leaf = handle.leaf as usize;
        let key = *self.keys.get(leaf)?;
        if key == EMPTY || key as u64 != handle.sequence {
            return None;
        }
        self.keys[leaf] = EMPTY;
        self.free.push(handle.leaf);
        // Above the first node that this leaf had not won, nobody knew of it.
        let mut node = self.parent(handle.leaf);
        while node >= 1 && self.winners[node] == handle.leaf {
            self.winners[node] = self.decide(node);
            node /= 2;
        }
        Some(SimTime::from_nanos((key >> 64) as u64))
    }

    /// The inner node above `leaf`.
    fn parent(&self, leaf: u32) -> usize {
        (self.keys.len() + leaf as usize) >> 1
    }

    fn put(&mut self, leaf: u32, key: Key, event: E) {
        self.keys[leaf as usize] = key;
        self.events[leaf as usize] = Some(event);
    }

    /// Plays every match from `leaf` to the root again.
    fn replay(&mut self, leaf: u32) {
        let (mut best, mut best_key) = (leaf, self.keys[leaf as usize]);
        let mut node = self.parent(leaf);
        let mut rival = leaf ^ 1;
        loop {
            let rival_key = self.keys[rival as usize];
            let lost = rival_key < best_key;
            best = if lost { rival } else { best };
            best_key = if lost { rival_key } else { best_key };
            self.winners[node] = best;
            if node <= 1 {
                return;
            }
            rival = self.winners[node ^ 1];
            node /= 2;
        }
    }

    /// Lets a newcomer win upwards until it meets an earlier event; most events lie far ahead and stop at once.
    fn rise(&mut self, leaf: u32, key: Key) {
        let mut node = self.parent(leaf);
        while node >= 1 && (key < self.keys[self.winners[node] as usize] || self.winners[node] == leaf) {
            self.winners[node] = leaf;
            node /= 2;
        }
    }

    /// The winner between the two children of `node`.
    fn decide(&self, node: usize) -> u32 {
        let leaves = self.keys.len();
        let child = |child: usize| if child < leaves { self.winners[child] } else { (child - leaves) as u32 };
        let (left, right) = (child(2 * node), child(2 * node + 1));
        if self.keys[right as usize] < self.keys[left as usize] { right } else { left }
    }

    /// Closes the hole that the last pop left, if no push has filled it.
    fn settle(&mut self) {
        if self.hole != NO_LEAF {
            let leaf = self.hole;
            self.hole = NO_LEAF;
            self.free.push(leaf);
            self.replay(leaf);
        }
    }

    fn fresh_leaf(&mut self) -> u32 {
        if self.fresh as usize == self.keys.len() {
            let leaves = self.keys.len() * 2;
            self.keys.resize(leaves, EMPTY);
            self.events.resize(leaves, None);
            self.winners.resize(leaves, 0);
            for node in (1..leaves).rev() {
                self.winners[node] = self.decide(node);
            }
        }
        self.fresh += 1;
        self.fresh - 1
    }
}

impl<E: Copy> Default for EventList<E> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[derive(Clone, Debug)]
    enum Step {
        Push(u64),
        Pop(u64),
        Cancel(usize),
        Clone,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            4 => (0..50_u64).prop_map(Step::Push),
            3 => (0..60_u64).prop_map(Step::Pop),
            2 => (0..200_usize).prop_map(Step::Cancel),
            1 => Just(Step::Clone),
        ];
        prop::collection::vec(step, 0..400)
    }

    proptest! {
        /// The ordered map is the specification: same order, same removals, same counts.
        #[test]
        fn behaves_like_an_ordered_map(steps in steps()) {
            let mut list = EventList::new();
            let mut model = BTreeMap::new();
            let mut handles = Vec::new();
            for step in steps {
                match step {
                    Step::Push(time) => {
                        let time = SimTime::from_nanos(time);
                        let name = handles.len();
                        let handle = list.push(time, name);
                        model.insert((time, handle.sequence), name);
                        handles.push((time, handle));
                    }
                    Step::Pop(until) => {
                        let until = SimTime::from_nanos(until);
                        let expected = model.first_key_value().map(|(key, name)| (*key, *name));
                        prop_assert_eq!(list.next_time(), expected.map(|((time, _), _)| time));
                        let expected = expected.filter(|((time, _), _)| *time <= until);
                        let due = list.pop_until(until);
                        prop_assert_eq!(due.map(|due| ((due.time, due.sequence), due.event)), expected);
                        if let Some((key, _)) = expected {
                            model.remove(&key);
                        }
                    }
                    Step::Cancel(index) => {
                        if let Some((time, handle)) = handles.get(index) {
                            let known = model.remove(&(*time, handle.sequence)).is_some();
                            prop_assert_eq!(list.cancel(*handle), known.then_some(*time));
                        }
                    }
                    Step::Clone => list = list.clone(),
                }
                prop_assert_eq!(list.len(), model.len());
            }
        }
    }

    #[test]
    fn the_empty_handle_cancels_nothing() {
        let mut list = EventList::new();
        list.push(SimTime::MAX, ());
        assert_eq!(list.cancel(EventHandle::NONE), None);
        assert_eq!(list.len(), 1);
    }

    #[test]
    fn an_event_at_the_end_of_time_still_happens() {
        let mut list = EventList::new();
        list.push(SimTime::MAX, 7);
        assert_eq!(list.pop_until(SimTime::MAX).map(|due| due.event), Some(7));
        assert_eq!(list.pop_until(SimTime::MAX), None);
    }
}

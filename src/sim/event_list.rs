//! The future event list: everything that is going to happen, earliest first, equal times in the order scheduled, but
//! the ends of limits after all others.
//!
//! A limit is how long something may last: a timeout, a lease, a time to live. It includes its last moment: what takes
//! exactly as long as it may is in time, whatever was scheduled first. So at each moment the end of a limit happens
//! after every other event, also after those that are scheduled at that moment. Of several limits that end together the
//! one that was set first ends first.
//!
//! A tournament tree over leaves that never move: a leaf holds one pending event, each inner node the leaf that wins
//! (is earliest) below it. Leaves that stay put make a handle a plain index, so cancelling is a true removal and
//! costs nothing later. Popping leaves a hole in the winner's leaf, which the next push fills: the usual "one event
//! happens, one is scheduled" walks the tree once instead of twice.
//!
//! Events beyond a horizon sleep in leaves outside the tree, in no order. Most timeouts are cancelled long before
//! they would happen: they cost a write and an erasure, and the tree stays as small as what is near. When time
//! reaches the horizon it moves on, and the tree is laid out again over the leaves that hold what is now near.

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

impl Default for EventHandle {
    fn default() -> Self {
        Self::NONE
    }
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

/// (time, whether a limit ends, sequence) in one number, so that a comparison needs no branch.
type Key = u128;

const EMPTY: Key = Key::MAX;
const NO_LEAF: u32 = u32::MAX;
/// Room for so many leaves is never given up.
const SMALL: usize = 1024;

/// The number of pending events below which a list with so many leaves gives some of them up.
fn few(leaves: usize) -> usize {
    if leaves > SMALL { leaves / 8 } else { 0 }
}
/// Added to the sequence number of the end of a limit. No run schedules so many events that one reaches it by itself.
const LIMIT: u64 = 1 << 63;

fn key(time: SimTime, sequence: u64) -> Key {
    Key::from(time.nanos()) << 64 | Key::from(sequence)
}

/// When the event with this key happens; the end of time for the key of an empty leaf.
fn time(key: Key) -> SimTime {
    SimTime::from_nanos((key >> 64) as u64)
}

/// Whether this is the key of an empty leaf. Its sequence number alone tells; comparing all 128 bits would load them
/// as one vector, which stalls where they were just written as two words.
fn is_empty(key: Key) -> bool {
    key as u64 == u64::MAX
}

/// The pending events of one run. Holds up to 2³¹ of them.
#[derive(Clone, Debug)]
pub struct EventList<E> {
    /// What the leaves hold: first those in the tree, then those outside.
    keys: Vec<Key>,
    events: Vec<Option<E>>,
    /// `winners[n]` is the earliest leaf below inner node `n`; node 1 is the root, `2n` and `2n + 1` its children.
    /// As many as there are leaves in the tree, a power of two. Stale on the path above `hole` only.
    winners: Vec<u32>,
    /// Empty leaves in the tree but for the hole, and outside.
    free: Vec<u32>,
    free_outside: Vec<u32>,
    /// The leaf of the last event that happened, until it is filled.
    hole: u32,
    pending: usize,
    next_sequence: u64,
    /// Events up to here have played their matches in the tree; later ones may sleep.
    horizon: SimTime,
    /// When the horizon is to be moved, well before it is reached: what is scheduled again and again at short notice
    /// never sleeps.
    look_out: SimTime,
    /// From there to the horizon, and the events that have happened since it was last moved.
    reach: SimTime,
    happened: u64,
    /// Leaves from here on are out of use, to be given up when the last event there has gone; `NO_LEAF` while all are in
    /// use. So many events are still there.
    limit: u32,
    beyond: usize,
    /// With fewer pending events than this, the upper half of the leaves goes out of use.
    few: usize,
}

impl<E: Copy> EventList<E> {
    /// No pending event.
    pub fn new() -> Self {
        Self {
            keys: vec![EMPTY; 2],
            events: vec![None; 2],
            winners: vec![0; 2],
            free: vec![1, 0],
            free_outside: Vec::new(),
            hole: NO_LEAF,
            pending: 0,
            next_sequence: 0,
            horizon: SimTime::ZERO,
            look_out: SimTime::ZERO,
            reach: SimTime::from_nanos(1),
            happened: 0,
            limit: NO_LEAF,
            beyond: 0,
            few: 0,
        }
    }

    /// Number of pending events.
    pub fn len(&self) -> usize {
        self.pending
    }

    /// Whether nothing is going to happen.
    pub fn is_empty(&self) -> bool {
        self.pending == 0
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
        self.insert(time, sequence, event)
    }

    /// Schedules `event`, the end of a limit, for `time`, after every other event of that moment.
    pub fn push_limit(&mut self, time: SimTime, event: E) -> EventHandle {
        let sequence = self.take_sequence() | LIMIT;
        self.insert(time, sequence, event)
    }

    fn insert(&mut self, time: SimTime, sequence: u64, event: E) -> EventHandle {
        let key = key(time, sequence);
        self.pending += 1;
        let leaf;
        if time > self.horizon {
            // A sleeper may also lie in the tree, as long as it plays no match.
            let free = self.free_outside.pop().or_else(|| self.free.pop());
            leaf = free.unwrap_or_else(|| self.new_leaf());
            self.put(leaf, key, event);
        } else if self.hole == NO_LEAF {
            leaf = self.free.pop().unwrap_or_else(|| self.grow());
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
        if time(key) > until || is_empty(key) {
            return None;
        }
        let event = self.events[leaf as usize]?;
        self.keys[leaf as usize] = EMPTY;
        if leaf < self.limit {
            self.hole = leaf;
        } else {
            self.replay(leaf);
            self.beyond -= 1;
        }
        self.pending -= 1;
        self.happened += 1;
        Some(Due { time: time(key), sequence: key as u64 & !LIMIT, event })
    }

    /// When the earliest event happens.
    pub fn next_time(&mut self) -> Option<SimTime> {
        self.settle();
        let key = self.keys[self.winners[1] as usize];
        (!is_empty(key)).then(|| time(key))
    }

    /// Removes the event that `handle` names and tells when it would have happened; `None` if it no longer waits.
    pub fn cancel(&mut self, handle: EventHandle) -> Option<SimTime> {
        let leaf = handle.leaf as usize;
        let key = *self.keys.get(leaf)?;
        if is_empty(key) || key as u64 != handle.sequence {
            return None;
        }
        self.keys[leaf] = EMPTY;
        self.pending -= 1;
        let is_used_again = handle.leaf < self.limit;
        self.beyond -= usize::from(!is_used_again);
        if leaf >= self.winners.len() {
            if is_used_again {
                self.free_outside.push(handle.leaf);
            }
            return Some(time(key));
        }
        if is_used_again {
            self.free.push(handle.leaf);
        }
        // Above the first node that this leaf had not won, nobody knew of it.
        let mut node = self.parent(handle.leaf);
        while node >= 1 && self.winners[node] == handle.leaf {
            self.winners[node] = self.decide(node);
            node /= 2;
        }
        Some(time(key))
    }

    /// The inner node above a `leaf` in the tree.
    fn parent(&self, leaf: u32) -> usize {
        (self.winners.len() + leaf as usize) >> 1
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
        let leaves = self.winners.len();
        let child = |child: usize| if child < leaves { self.winners[child] } else { (child - leaves) as u32 };
        let (left, right) = (child(2 * node), child(2 * node + 1));
        if self.keys[right as usize] < self.keys[left as usize] { right } else { left }
    }

    /// Makes the root tell the earliest event: closes the hole that the last pop left, if no push has filled it, and
    /// looks beyond the horizon if nothing is left before it.
    fn settle(&mut self) {
        if self.hole != NO_LEAF {
            let leaf = self.hole;
            self.hole = NO_LEAF;
            self.free.push(leaf);
            self.replay(leaf);
        }
        if time(self.keys[self.winners[1] as usize]) > self.look_out && self.pending > 0 {
            self.move_horizon();
        } else if self.pending < self.few || (self.beyond == 0 && self.limit != NO_LEAF) {
            self.give_back();
        }
    }

    /// Moves the horizon so far ahead that looking at every leaf here is a small part of what happens until then, to
    /// judge by what has happened since the last time.
    #[cold]
    fn move_horizon(&mut self) {
        let worthwhile = 16 * self.keys.len() as u64 + 256;
        let factor = (worthwhile as f64 / (self.happened + 1) as f64).max(0.25);
        self.reach = SimTime::from_nanos(((self.reach.nanos() as f64 * factor) as u64).saturating_add(1));
        self.happened = 0;
        let first = self.keys.iter().copied().min().map_or(SimTime::ZERO, time);
        self.look_out = first + self.reach;
        self.horizon = self.look_out + self.reach;
        self.lay_out_near();
    }

    /// Lays the tree out again over the leaves that hold what is near.
    fn lay_out_near(&mut self) {
        let near = |key: &Key| !is_empty(*key) && time(*key) <= self.horizon;
        self.lay_out(self.keys.iter().rposition(near).map_or(2, |last| last + 1));
    }

    /// Takes the upper half of the leaves out of use, and gives it up as soon as no event is there.
    #[cold]
    fn give_back(&mut self) {
        if self.limit == NO_LEAF {
            let half = self.keys.len() / 2;
            let beyond = self.keys.iter().skip(half).filter(|key| !is_empty(**key));
            (self.limit, self.beyond, self.few) = (half as u32, beyond.count(), 0);
        }
        if self.beyond == 0 {
            self.keys.truncate(self.limit as usize);
            self.events.truncate(self.limit as usize);
            self.keys.shrink_to_fit();
            self.events.shrink_to_fit();
            (self.winners, self.free, self.free_outside) = (Vec::new(), Vec::new(), Vec::new());
            (self.limit, self.few) = (NO_LEAF, few(self.keys.len()));
        }
        self.lay_out_near();
    }

    /// The leaves out of use are needed again.
    #[cold]
    fn use_all_leaves(&mut self) {
        (self.limit, self.beyond, self.few) = (NO_LEAF, 0, few(self.keys.len()));
        if self.hole != NO_LEAF {
            let leaf = std::mem::replace(&mut self.hole, NO_LEAF);
            self.replay(leaf);
        }
        self.lay_out(self.winners.len());
    }

    /// Lays the tree out again, over the first `leaves` leaves or a few more.
    fn lay_out(&mut self, leaves: usize) {
        let leaves = leaves.next_power_of_two().max(2);
        if self.keys.len() < leaves {
            self.keys.resize(leaves, EMPTY);
            self.events.resize(leaves, None);
        }
        self.winners.clear();
        self.winners.resize(leaves, 0);
        for node in (1..leaves).rev() {
            self.winners[node] = self.decide(node);
        }
        self.free.clear();
        self.free_outside.clear();
        for leaf in (0..self.keys.len()).rev().filter(|leaf| is_empty(self.keys[*leaf])) {
            if leaf as u32 >= self.limit {
                continue;
            }
            if leaf < leaves { &mut self.free } else { &mut self.free_outside }.push(leaf as u32);
        }
    }

    /// A free leaf in the tree, which has none left; takes in the leaves beyond until there is one.
    #[cold]
    fn grow(&mut self) -> u32 {
        if self.limit != NO_LEAF {
            self.use_all_leaves();
            if let Some(leaf) = self.free.pop() {
                return leaf;
            }
        }
        loop {
            self.lay_out(2 * self.winners.len());
            if let Some(leaf) = self.free.pop() {
                return leaf;
            }
        }
    }

    /// A leaf for an event that sleeps, where none is free.
    fn new_leaf(&mut self) -> u32 {
        if self.limit != NO_LEAF {
            self.use_all_leaves();
            if let Some(leaf) = self.free_outside.pop().or_else(|| self.free.pop()) {
                return leaf;
            }
        }
        self.keys.push(EMPTY);
        self.events.push(None);
        self.few = few(self.keys.len());
        (self.keys.len() - 1) as u32
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
    use crate::random::Stream;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[derive(Clone, Debug)]
    enum Step {
        Push(u64),
        PushLimit(u64),
        Pop(u64),
        Cancel(usize),
        Clone,
    }

    /// Near and far, with many ties.
    fn times() -> impl Strategy<Value = u64> {
        prop_oneof![
            0..50_u64,
            (0..50_u64).prop_map(|time| time * 1000),
            (0..50_u64).prop_map(|time| time << 40)
        ]
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            3 => times().prop_map(Step::Push),
            1 => times().prop_map(Step::PushLimit),
            3 => times().prop_map(Step::Pop),
            2 => (0..800_usize).prop_map(Step::Cancel),
            1 => Just(Step::Clone),
        ];
        prop::collection::vec(step, 0..1500)
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
                    Step::Push(time) | Step::PushLimit(time) => {
                        let (time, is_limit) = (SimTime::from_nanos(time), matches!(step, Step::PushLimit(_)));
                        let name = handles.len();
                        let handle = if is_limit { list.push_limit(time, name) } else { list.push(time, name) };
                        // Every step that schedules takes the next number.
                        let key = (time, is_limit, name as u64);
                        model.insert(key, name);
                        handles.push((key, handle));
                    }
                    Step::Pop(until) => {
                        let until = SimTime::from_nanos(until);
                        let expected = model.first_key_value().map(|(key, name)| (*key, *name));
                        prop_assert_eq!(list.next_time(), expected.map(|((time, ..), _)| time));
                        let expected = expected.filter(|((time, ..), _)| *time <= until);
                        let due = list.pop_until(until);
                        let told = expected.map(|((time, _, sequence), name)| (time, sequence, name));
                        prop_assert_eq!(due.map(|due| (due.time, due.sequence, due.event)), told);
                        if let Some((key, _)) = expected {
                            model.remove(&key);
                        }
                    }
                    Step::Cancel(index) => {
                        if let Some((key, handle)) = handles.get(index) {
                            let known = model.remove(key).is_some();
                            prop_assert_eq!(list.cancel(*handle), known.then_some(key.0));
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

    /// The event under way may schedule others for its own moment.
    #[test]
    fn a_limit_ends_after_everything_else_of_its_moment() {
        let (mut list, at) = (EventList::new(), SimTime::from_nanos(5));
        list.push_limit(at, "first limit");
        list.push_limit(at, "second limit");
        list.push(at, "work");
        let next = |list: &mut EventList<&'static str>| list.pop_until(at).map(|due| due.event);
        assert_eq!(next(&mut list), Some("work"));
        list.push(at, "more work");
        assert_eq!(next(&mut list), Some("more work"));
        assert_eq!(next(&mut list), Some("first limit"));
        list.push(at, "what the limit brings about");
        assert_eq!(next(&mut list), Some("what the limit brings about"));
        assert_eq!(next(&mut list), Some("second limit"));
        assert_eq!(next(&mut list), None);
    }

    #[test]
    fn an_event_at_the_end_of_time_still_happens() {
        let mut list = EventList::new();
        list.push(SimTime::MAX, 7);
        assert_eq!(list.pop_until(SimTime::MAX).map(|due| due.event), Some(7));
        assert_eq!(list.pop_until(SimTime::MAX), None);
    }

    /// Each event lies so much farther ahead than the last that the list has to look ever farther.
    #[test]
    fn a_list_looks_ahead_to_the_end_of_time_and_no_farther() {
        let mut list = EventList::new();
        for shift in (0..64).step_by(7) {
            list.push(SimTime::from_nanos(1 << shift), shift);
            assert_eq!(list.pop_until(SimTime::MAX).map(|due| due.event), Some(shift));
        }
        list.push(SimTime::MAX, 64);
        assert_eq!(list.pop_until(SimTime::MAX).map(|due| due.event), Some(64));
    }

    /// Crowds of events, near and far, come and go, so that memory is given back and needed again.
    #[test]
    fn it_behaves_like_an_ordered_map_while_crowds_come_and_go() {
        let (mut list, mut model, mut stream) = (EventList::new(), BTreeMap::new(), Stream::new(1, "crowds"));
        let (mut now, mut number) = (0, 0);
        for crowd in [20_000, 300, 9_000, 40_000, 100, 3_000] {
            while model.len() != crowd {
                if model.len() < crowd {
                    let far = if stream.unit() < 0.5 { 1e3 } else { 1e9 };
                    let at = SimTime::from_nanos(now + (stream.exponential() * far) as u64);
                    model.insert((at, number), list.push(at, number));
                    number += 1;
                }
                if stream.unit() < 0.3 || model.len() > crowd {
                    let due = list.pop_until(SimTime::MAX).expect("a crowd is there");
                    now = due.time.nanos();
                    let first = model.pop_first().map(|(key, _)| key);
                    assert_eq!(Some((due.time, due.event)), first);
                }
                if stream.unit() < 0.3 || model.len() > crowd {
                    let after = (SimTime::from_nanos(now + (stream.unit() * 1e8) as u64), 0);
                    let some = model.range(after..).next().map(|(key, handle)| (*key, *handle));
                    if let Some((key, handle)) = some {
                        assert_eq!(list.cancel(handle), Some(key.0));
                        assert_eq!(list.cancel(handle), None);
                        model.remove(&key);
                    }
                }
            }
            assert_eq!(list.len(), model.len());
        }
        // Until everything that the crowds left behind has happened.
        for _ in 0..60_000 {
            let due = list.pop_until(SimTime::MAX).expect("a crowd is there");
            list.push(due.time + SimTime::from_nanos((stream.exponential() * 1e9) as u64), due.event);
        }
        assert!(list.keys.len() <= 16 * list.len(), "{} leaves for {} events", list.keys.len(), list.len());
    }

    /// A crowd of timeouts is cancelled, and a few events go on happening.
    #[test]
    fn a_list_that_has_drained_gives_its_memory_back() {
        let mut list = EventList::new();
        let far = SimTime::from_secs(1_000_000);
        let timeouts: Vec<_> = (0..100_000).map(|index| list.push(far, index)).collect();
        (0..100).for_each(|index| drop(list.push(SimTime::from_nanos(index), 0)));
        for timeout in timeouts {
            list.cancel(timeout);
        }
        for _ in 0..2_000_000 {
            let due = list.pop_until(SimTime::MAX).expect("a hundred events go on");
            list.push(due.time + SimTime::from_nanos(100), due.event);
        }
        assert_eq!(list.len(), 100);
        let room = list.keys.capacity()
            + list.events.capacity()
            + list.winners.capacity()
            + list.free.capacity()
            + list.free_outside.capacity();
        assert!(room < 5 * SMALL, "room for {room}");
    }
}

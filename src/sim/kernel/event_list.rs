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
///
/// Packed into 12 bytes: records of which there are millions hold one or two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(Rust, packed(4))]
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
#[derive(Debug)]
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
    /// With fewer pending events than this, leaves are given up; more than there can be while that is under way.
    few: usize,
}

impl<E: Copy> Clone for EventList<E> {
    #[inline(never)]
    fn clone(&self) -> Self {
        Self {
            keys: self.keys.clone(),
            events: self.events.clone(),
            winners: self.winners.clone(),
            free: self.free.clone(),
            free_outside: self.free_outside.clone(),
            ..*self
        }
    }
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
    #[inline]
    pub fn push(&mut self, time: SimTime, event: E) -> EventHandle {
        let sequence = self.take_sequence();
        EventHandle { leaf: self.insert(time, sequence, event), sequence }
    }

    /// Schedules `event`, the end of a limit, for `time`, after every other event of that moment.
    pub fn push_limit(&mut self, time: SimTime, event: E) -> EventHandle {
        let sequence = self.take_sequence() | LIMIT;
        EventHandle { leaf: self.insert(time, sequence, event), sequence }
    }

    /// Gives the leaf rather than a handle: that fits into a register, where 12 bytes would go through memory.
    fn insert(&mut self, time: SimTime, sequence: u64, event: E) -> u32 {
        let key = key(time, sequence);
        self.pending += 1;
        if time > self.horizon {
            self.put_to_sleep(key, event)
        } else if self.hole == NO_LEAF {
            self.enter(key, event)
        } else {
            let leaf = std::mem::replace(&mut self.hole, NO_LEAF);
            self.put(leaf, key, event);
            self.replay::<true>(leaf);
            leaf
        }
    }

    /// Keeps an event from beyond the horizon.
    fn put_to_sleep(&mut self, key: Key, event: E) -> u32 {
        // A sleeper may also lie in the tree, as long as it plays no match.
        let free = self.free_outside.pop().or_else(|| self.free.pop());
        let leaf = free.unwrap_or_else(|| self.new_leaf());
        self.put(leaf, key, event);
        leaf
    }

    /// Keeps an event in a leaf of the tree that is not the hole.
    fn enter(&mut self, key: Key, event: E) -> u32 {
        let leaf = self.free.pop().unwrap_or_else(|| self.grow());
        self.put(leaf, key, event);
        self.rise(leaf, key);
        leaf
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
            self.replay::<true>(leaf);
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
    #[inline]
    pub fn cancel(&mut self, handle: EventHandle) -> Option<SimTime> {
        let key = *self.keys.get(handle.leaf as usize)?;
        // An empty leaf has a sequence number that no event has.
        if key as u64 != handle.sequence {
            return None;
        }
        self.vacate(handle.leaf);
        Some(time(key))
    }

    /// Empties a leaf whose event does not happen. Apart from [`EventList::cancel`], which is asked far more often about
    /// events that no longer wait.
    #[inline(never)]
    fn vacate(&mut self, leaf: u32) {
        self.keys[leaf as usize] = EMPTY;
        self.pending -= 1;
        let is_used_again = leaf < self.limit;
        self.beyond -= usize::from(!is_used_again);
        if leaf as usize >= self.winners.len() {
            if is_used_again {
                self.free_outside.push(leaf);
            }
            return;
        }
        if is_used_again {
            self.free.push(leaf);
        }
        self.replay::<false>(leaf);
    }

    /// The inner node above a `leaf` in the tree.
    fn parent(&self, leaf: u32) -> usize {
        (self.winners.len() + leaf as usize) >> 1
    }

    fn put(&mut self, leaf: u32, key: Key, event: E) {
        self.keys[leaf as usize] = key;
        self.events[leaf as usize] = Some(event);
    }

    /// Plays every match again that `leaf` had won: above the first that it had not, nobody knew of it. Where it had won
    /// `ALL` up to the root nobody need ask.
    fn replay<const ALL: bool>(&mut self, leaf: u32) {
        let (mut best, mut best_key) = (leaf, self.keys[leaf as usize]);
        let mut node = self.parent(leaf);
        let mut rival = leaf ^ 1;
        while node >= 1 && (ALL || self.winners[node] == leaf) {
            let rival_key = self.keys[rival as usize];
            let lost = rival_key < best_key;
            best = if lost { rival } else { best };
            best_key = if lost { rival_key } else { best_key };
            self.winners[node] = best;
            rival = self.winners[node ^ 1];
            node /= 2;
        }
    }

    /// Lets a newcomer win upwards until it meets an earlier event; most events lie far ahead and stop at once.
    fn rise(&mut self, leaf: u32, key: Key) {
        let mut node = self.parent(leaf);
        // Equal where it stands for the empty leaf that it once was.
        while node >= 1 && key <= self.keys[self.winners[node] as usize] {
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

    /// Makes the root tell the earliest event: closes the hole that the last pop left, if no push has filled it, and looks
    /// beyond the horizon if nothing is left before it.
    #[allow(clippy::inline_always, reason = "asked before every event: 3 % of the primer's speed")]
    #[inline(always)]
    fn settle(&mut self) {
        if self.hole != NO_LEAF {
            self.close_hole();
        }
        if self.pending < self.few {
            self.give_back();
        }
        if time(self.keys[self.winners[1] as usize]) > self.look_out && self.pending > 0 {
            self.move_horizon();
        }
    }

    /// The last pop left a hole that no push has filled.
    #[inline(never)]
    fn close_hole(&mut self) {
        let leaf = std::mem::replace(&mut self.hole, NO_LEAF);
        self.free.push(leaf);
        self.replay::<true>(leaf);
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
            (self.limit, self.beyond, self.few) = (half as u32, beyond.count(), usize::MAX);
            self.lay_out_near();
        }
        if self.beyond == 0 {
            self.keys.truncate(self.limit as usize);
            self.events.truncate(self.limit as usize);
            self.keys.shrink_to_fit();
            self.events.shrink_to_fit();
            (self.winners, self.free, self.free_outside) = (Vec::new(), Vec::new(), Vec::new());
            (self.limit, self.few) = (NO_LEAF, few(self.keys.len()));
            self.lay_out_near();
        }
    }

    /// The leaves out of use are needed again.
    #[cold]
    fn use_all_leaves(&mut self) {
        (self.limit, self.beyond, self.few) = (NO_LEAF, 0, few(self.keys.len()));
        if self.hole != NO_LEAF {
            let leaf = std::mem::replace(&mut self.hole, NO_LEAF);
            self.replay::<true>(leaf);
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
    #[cold]
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
mod tests;

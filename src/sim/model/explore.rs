//! A protocol explored to its end: every order in which its steps and faults can happen, breadth first.
//!
//! States that are equal after equally many moves are one state from there on, and it remembers how many orders lead to
//! it. So the work grows with the number of different states, and the orders are still counted one by one.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// What can happen to a system, one move after the other. A fault is a move like any other.
pub trait Protocol {
    /// Everything that decides what can still happen.
    type State: Ord;
    /// What can happen.
    type Move: Copy;
    /// What has become of it in the end.
    type Verdict: Copy + Ord;

    /// Where every order begins.
    fn start(&self) -> Self::State;

    /// Everything that can happen next, in an order that is always the same; nothing at the end.
    fn moves(&self, state: &Self::State) -> Vec<Self::Move>;

    /// The state after one of these moves.
    fn apply(&self, state: &Self::State, next: Self::Move) -> Self::State;

    /// What becomes of a state, as soon as no later move can change it; at the end at the latest.
    fn judge(&self, state: &Self::State) -> Option<Self::Verdict>;
}

/// What [`explore`] has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explored<M, V> {
    /// Every verdict that was reached.
    pub verdicts: BTreeMap<V, Reached<M>>,
    /// Orders that were followed to their end.
    pub orders: u64,
    /// Beginnings of orders that were not followed any further because of the bound. Where it is not 0, there may be
    /// orders and verdicts that were not found.
    pub cut: u64,
    /// States that were looked at.
    pub states: usize,
}

/// How a verdict is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached<M> {
    /// Orders that end with it.
    pub orders: u64,
    /// The fewest moves after which it is certain; of several such orders the first, by the order of
    /// [`Protocol::moves`].
    pub shortest: Vec<M>,
}

/// A state of the present level.
struct Node {
    /// Orders that lead to it.
    orders: u64,
    /// How it was reached first: the length of the list of all first moves when its own was entered.
    trace: usize,
}

/// Follows every order of moves, until all have come to their end or `bound` states have been looked at. Counts of
/// orders stop at `u64::MAX`.
pub fn explore<P: Protocol>(protocol: &P, bound: usize) -> Explored<P::Move, P::Verdict> {
    let mut found = Explored { verdicts: BTreeMap::new(), orders: 0, cut: 0, states: 0 };
    // For each state the trace of the one before, and the move between them.
    let mut moves: Vec<(usize, P::Move)> = Vec::new();
    let mut level = vec![(protocol.start(), Node { orders: 1, trace: 0 })];
    while !level.is_empty() {
        let mut next: BTreeMap<P::State, Node> = BTreeMap::new();
        for (state, Node { orders, trace }) in level {
            if found.states == bound {
                found.cut = found.cut.saturating_add(orders);
                continue;
            }
            found.states += 1;
            let possible = protocol.moves(&state);
            let ended = if possible.is_empty() { orders } else { 0 };
            found.orders = found.orders.saturating_add(ended);
            if let Some(verdict) = protocol.judge(&state) {
                let reached = found
                    .verdicts
                    .entry(verdict)
                    .or_insert_with(|| Reached { orders: 0, shortest: read(&moves, trace) });
                reached.orders = reached.orders.saturating_add(ended);
            }
            for each in possible {
                match next.entry(protocol.apply(&state, each)) {
                    Entry::Occupied(mut node) => {
                        let node = node.get_mut();
                        node.orders = node.orders.saturating_add(orders);
                    }
                    Entry::Vacant(place) => {
                        moves.push((trace, each));
                        place.insert(Node { orders, trace: moves.len() });
                    }
                }
            }
        }
        level = next.into_iter().collect();
        level.sort_unstable_by_key(|(_, node)| node.trace);
    }
    found
}

/// The moves that lead to where `trace` ends.
fn read<M: Copy>(moves: &[(usize, M)], mut trace: usize) -> Vec<M> {
    let mut read = Vec::new();
    while let Some((before, each)) = trace.checked_sub(1).and_then(|index| moves.get(index)) {
        read.push(*each);
        trace = *before;
    }
    read.reverse();
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Processes that each read a number and write back one more: without a lock, updates get lost.
    struct LostUpdate {
        processes: usize,
    }

    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
    enum Process {
        Waiting,
        Read(u32),
        Done,
    }

    impl Protocol for LostUpdate {
        type State = (u32, Vec<Process>);
        type Move = usize;
        type Verdict = u32;

        fn start(&self) -> Self::State {
            (0, vec![Process::Waiting; self.processes])
        }

        fn moves(&self, (_, processes): &Self::State) -> Vec<usize> {
            (0..processes.len()).filter(|at| processes[*at] != Process::Done).collect()
        }

        fn apply(&self, (number, processes): &Self::State, at: usize) -> Self::State {
            let (mut number, mut processes) = (*number, processes.clone());
            processes[at] = match processes[at] {
                Process::Waiting => Process::Read(number),
                Process::Read(read) => {
                    number = read + 1;
                    Process::Done
                }
                Process::Done => Process::Done,
            };
            (number, processes)
        }

        fn judge(&self, state: &Self::State) -> Option<u32> {
            self.moves(state).is_empty().then_some(state.0)
        }
    }

    fn orders<M>(found: &Explored<M, u32>) -> Vec<(u32, u64)> {
        found.verdicts.iter().map(|(verdict, reached)| (*verdict, reached.orders)).collect()
    }

    /// Of the six orders of two reads and two writes, only those without overlap keep both updates.
    #[test]
    fn two_updates_get_lost_in_four_of_six_orders() {
        let found = explore(&LostUpdate { processes: 2 }, usize::MAX);
        assert_eq!((found.orders, found.cut), (6, 0));
        assert_eq!(orders(&found), [(1, 4), (2, 2)]);
        assert_eq!(found.verdicts[&1].shortest, [0, 1, 0, 1]);
        assert_eq!(found.verdicts[&2].shortest, [0, 0, 1, 1]);
    }

    /// The same counts as when every order is followed by itself, from fewer states than there are orders.
    #[test]
    fn merging_equal_states_loses_no_order() {
        fn follow(protocol: &LostUpdate, state: &(u32, Vec<Process>), ends: &mut BTreeMap<u32, u64>) {
            if let Some(verdict) = protocol.judge(state) {
                *ends.entry(verdict).or_default() += 1;
            }
            for at in protocol.moves(state) {
                follow(protocol, &protocol.apply(state, at), ends);
            }
        }
        for processes in 1..=4 {
            let protocol = LostUpdate { processes };
            let mut ends = BTreeMap::new();
            follow(&protocol, &protocol.start(), &mut ends);
            let found = explore(&protocol, usize::MAX);
            assert_eq!(orders(&found), ends.into_iter().collect::<Vec<_>>(), "{processes} processes");
            // (2n)! / 2^n
            assert_eq!(found.orders, [1, 6, 90, 2520][processes - 1]);
            assert!(processes < 3 || (found.states as u64) < found.orders);
        }
    }

    /// A light that is switched for ever.
    struct Switch;

    impl Protocol for Switch {
        type State = bool;
        type Move = ();
        type Verdict = bool;

        fn start(&self) -> bool {
            false
        }

        fn moves(&self, _: &bool) -> Vec<()> {
            vec![()]
        }

        fn apply(&self, is_on: &bool, (): ()) -> bool {
            !is_on
        }

        fn judge(&self, is_on: &bool) -> Option<bool> {
            is_on.then_some(true)
        }
    }

    #[test]
    fn what_never_ends_is_cut_at_the_bound_and_says_so() {
        let found = explore(&Switch, 10);
        assert_eq!((found.states, found.orders, found.cut), (10, 0, 1));
        assert_eq!(found.verdicts[&true], Reached { orders: 0, shortest: vec![()] });
        // Of two processes, the first alone has been looked at: what was found is no more than that.
        let found = explore(&LostUpdate { processes: 2 }, 3);
        assert_eq!((found.states, found.orders), (3, 0));
        assert_eq!(found.cut, 4);
    }
}

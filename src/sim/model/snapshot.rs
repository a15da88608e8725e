//! Plain data for a screen: the system as a diagram, and the life of one request. Drawn from what has happened, never
//! from an animation.

use crate::time::SimTime;

/// How a part of the system is doing. Shown as a colour, a glyph and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Nothing to worry about.
    Fine,
    /// At its limit, or nearly.
    Strained,
    /// Failing people.
    Failing,
}

impl Health {
    /// What the outcomes of some time say: failing where more were bad than good, strained where any was bad.
    pub fn of_outcomes(bad: u64, good: u64) -> Self {
        match bad {
            0 => Self::Fine,
            bad if bad <= good => Self::Strained,
            _ => Self::Failing,
        }
    }
}

/// Leases that are shown one by one, at most.
pub const MOST_LEASES: usize = 12;

/// What a part of the system is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Content {
    /// Nothing that fills: where requests come from or go to.
    Plain,
    /// Places of which each is taken or free: pool slots, servers.
    Slots {
        /// Places taken; may exceed `total` while places are being taken away.
        used: u64,
        /// All places.
        total: u64,
    },
    /// Requests in line.
    Queue {
        /// Requests waiting.
        length: u64,
        /// Places for them, where there is a limit.
        limit: Option<u64>,
    },
    /// A share of a capacity, from 0 (idle) to 1 (exhausted).
    Load(f64),
    /// A share of a time that is left, from 1 (all of it) to 0 (over): a lease, a time to live.
    Ring(f64),
    /// Things lent out for a time.
    Leases {
        /// How many there are.
        count: u64,
        /// The share of its time that is left to each of the first of them, those that end next first; from 1 (all of
        /// it) to 0 (over).
        left: [f64; MOST_LEASES],
    },
    /// Steps that somebody goes through, one after the other: the lines of a program.
    Steps {
        /// The step that somebody is at, from 0; `None` while nobody is there.
        at: Option<usize>,
        /// All steps.
        total: usize,
    },
}

/// A part of the system.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Name in the code and in tests.
    pub id: &'static str,
    /// Name that people read.
    pub title: String,
    /// Column and row of the diagram, from 0 at the top left.
    pub place: (u8, u8),
    /// What it is made of.
    pub content: Content,
    /// How it is doing.
    pub health: Health,
    /// How it is doing, in a word or two.
    pub word: &'static str,
    /// One more line of numbers, empty if there is nothing to add.
    pub detail: String,
}

impl Node {
    /// A part of the system; its state is how it is doing, and that in a word or two.
    pub fn new(
        id: &'static str,
        title: &str,
        place: (u8, u8),
        content: Content,
        (health, word): (Health, &'static str),
        detail: String,
    ) -> Self {
        Self { id, title: title.to_owned(), place, content, health, word, detail }
    }
}

/// A way that requests take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Position of the node it begins at.
    pub from: usize,
    /// Position of the node it ends at.
    pub to: usize,
    /// Requests that have gone this way since the start; the difference between two snapshots is what moved.
    pub total: u64,
    /// The failure reason (a metric's id) of requests that go this way; `None` for those that are well.
    pub failure: Option<&'static str>,
    /// What is counted, by its symbol, where that is no requests.
    pub unit: &'static str,
}

/// The system at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Its parts. Where the system itself changes, a run may get others, see [`Snapshot::is_alike`].
    pub nodes: Vec<Node>,
    /// The ways between them, likewise.
    pub flows: Vec<Flow>,
}

impl Snapshot {
    /// Whether both have the same parts in the same places and the same ways between them, in the same order: what moved
    /// between the two is then the difference of their totals.
    pub fn is_alike(&self, other: &Self) -> bool {
        let node = |node: &Node| (node.id, node.place);
        let flow = |flow: &Flow| (flow.from, flow.to, flow.failure);
        self.nodes.iter().map(node).eq(other.nodes.iter().map(node))
            && self.flows.iter().map(flow).eq(other.flows.iter().map(flow))
    }
}

/// A stretch of a request's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// What the request did: "waited", "was served".
    pub name: &'static str,
    /// When it began.
    pub from: SimTime,
    /// When it ended; `None` while it goes on.
    pub to: Option<SimTime>,
    /// How many spans of this request it lies within; they stand before it.
    pub depth: u8,
}

impl Span {
    /// A span that lies within no other.
    pub fn new(name: &'static str, from: SimTime, to: Option<SimTime>) -> Self {
        Self { name, from, to, depth: 0 }
    }

    /// The same within the latest span before it whose depth is smaller by one.
    pub fn within(self, depth: u8) -> Self {
        Self { depth, ..self }
    }
}

/// The life of one request that was really there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// When it arrived.
    pub arrived: SimTime,
    /// What it did, in order of the begin; a span that lies within another stands behind it.
    pub spans: Vec<Span>,
    /// How it ended; `None` while it is in the system.
    pub outcome: Option<&'static str>,
    /// Whether it ended badly.
    pub failed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::Diagram;

    #[test]
    fn systems_are_alike_when_only_what_they_hold_has_changed() {
        let system = |total, row, end: &'static str| {
            Diagram::new()
                .plain("in", "In", (0, 0), "")
                .end(end, "Out", (1, row), total)
                .flow("in", end, total)
                .finish()
        };
        let before = system(1, 0, "out");
        assert!(system(5, 0, "out").is_alike(&before));
        for other in [system(1, 1, "out"), system(1, 0, "lost"), Diagram::new().finish()] {
            assert!(!other.is_alike(&before) && !before.is_alike(&other));
        }
        let mut turned = before.clone();
        turned.flows[0] = Flow { from: 1, to: 0, ..turned.flows[0] };
        assert!(!turned.is_alike(&before));
    }
}

//! A builder of snapshots in which parts and ways are named by id.

use crate::format::{count, counted};
use crate::metric::FailureReason;
use crate::snapshot::{Content, Flow, Health, Node, Snapshot};

/// A diagram under construction. Parts and ways keep the order in which they are added; a way may be added before the
/// parts that it connects.
///
/// In a box, so that a chain of calls hands on one pointer: a dozen calls a scenario would each move all of it.
#[derive(Clone, Debug, Default)]
pub struct Diagram(Box<Parts>);

#[derive(Clone, Debug, Default)]
struct Parts {
    nodes: Vec<Node>,
    ways: Vec<Way>,
}

/// A flow that names its ends.
#[derive(Clone, Copy, Debug)]
struct Way {
    from: &'static str,
    to: &'static str,
    total: u64,
    failure: Option<&'static str>,
    unit: &'static str,
}

impl Diagram {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A part of the system; for what each argument means see [`Node`]. `state` is how it is doing, and that in a word
    /// or two.
    pub fn node(
        self,
        id: &'static str,
        title: &str,
        place: (u8, u8),
        content: Content,
        state: (Health, &'static str),
        detail: impl Into<String>,
    ) -> Self {
        self.add(id, title, place, content, state, detail.into())
    }

    // Never inlined, as what else is called for each part and each way: every scenario has a dozen of them.
    #[inline(never)]
    fn add(
        mut self,
        id: &'static str,
        title: &str,
        place: (u8, u8),
        content: Content,
        state: (Health, &'static str),
        detail: String,
    ) -> Self {
        debug_assert!(self.0.nodes.iter().all(|node| node.id != id), "the part \"{id}\" is added twice");
        self.0.nodes.push(Node::new(id, title, place, content, state, detail));
        self
    }

    /// A part that nothing fills and that is always well.
    pub fn plain(self, id: &'static str, title: &str, place: (u8, u8), detail: impl Into<String>) -> Self {
        self.node(id, title, place, Content::Plain, (Health::Fine, ""), detail)
    }

    /// A plain part that `total` requests have come to, and stayed.
    #[inline(never)]
    pub fn end(self, id: &'static str, title: &str, place: (u8, u8), total: u64) -> Self {
        self.plain(id, title, place, counted(total, "so far"))
    }

    /// A plain part to which all go who fail, and stay; those who failed a second time, `again` in all, are counted once. It
    /// is as well as the outcomes have lately been, of which `good` were good (see
    /// [`Counter::lately`](crate::metric::Counter::lately)); the word is the most frequent reason, and where there are others, its own number
    /// stands before that of all.
    pub fn lost<F: FailureReason>(
        self,
        title: &str,
        place: (u8, u8),
        metrics: &F::Metrics,
        good: u64,
        again: u64,
    ) -> Self {
        let (mut total, mut lately, mut most, mut word, mut of_it) = (0, 0, 0, "", 0);
        for reason in F::ALL {
            let bad = reason.lately(metrics);
            if bad > most {
                (most, word, of_it) = (bad, reason.label(), reason.total(metrics));
            }
            (total, lately) = (total + reason.total(metrics), lately + bad);
        }
        let state = (Health::of_outcomes(lately, good), word);
        let total = total - again;
        // Beside the word for one of several reasons the number for all of them would seem to be its own.
        let detail = if of_it > 0 && of_it < total {
            format!("{} of {}", count(of_it), count(total))
        } else {
            counted(total, "so far")
        };
        self.node("lost", title, place, Content::Plain, state, detail)
    }

    /// Strains a part that is well by itself: `word` says what is not as it should be there, and stays so.
    pub fn strained(mut self, id: &str, word: &'static str) -> Self {
        let nodes = self.0.nodes.iter_mut();
        for node in nodes.filter(|node| node.id == id && node.health == Health::Fine) {
            (node.health, node.word) = (Health::Strained, word);
        }
        self
    }

    /// A way that `total` requests have gone, all of them well.
    #[inline(never)]
    pub fn flow(self, from: &'static str, to: &'static str, total: u64) -> Self {
        self.stream(from, to, total, "")
    }

    /// A way that `total` of something else have gone: megabytes, as their unit says.
    #[inline(never)]
    pub fn stream(self, from: &'static str, to: &'static str, total: u64, unit: &'static str) -> Self {
        self.way(Way { from, to, total, failure: None, unit })
    }

    fn way(mut self, way: Way) -> Self {
        self.0.ways.push(way);
        self
    }

    /// A way of all requests that have failed for `reason`: where they fail at several places, each has a reason of its own.
    pub fn failure<F: FailureReason>(
        self,
        from: &'static str,
        to: &'static str,
        reason: F,
        metrics: &F::Metrics,
    ) -> Self {
        self.way(Way { from, to, total: reason.total(metrics), failure: Some(reason.id()), unit: "" })
    }

    /// The finished diagram. A way to or from a part that is not there is left out; tests stop at it.
    pub fn finish(self) -> Snapshot {
        let Parts { nodes, ways } = *self.0;
        let position = |id| nodes.iter().position(|node| node.id == id);
        let flows = ways.iter().filter_map(|&Way { from, to, total, failure, unit }| {
            let ends = position(from).zip(position(to));
            debug_assert!(
                ends.is_some(),
                "a way leads from \"{from}\" to \"{to}\", and one of them is not there"
            );
            ends.map(|(from, to)| Flow { from, to, total, failure, unit })
        });
        let flows = flows.collect();
        Snapshot { nodes, flows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_find_their_ends_by_id_in_any_order() {
        let snapshot = Diagram::new()
            .flow("source", "done", 3)
            .plain("source", "Source", (0, 0), "")
            .end("done", "Done", (1, 0), 1234)
            .flow("done", "source", 1)
            .finish();
        let expected =
            [(0, 1, 3), (1, 0, 1)].map(|(from, to, total)| Flow { from, to, total, failure: None, unit: "" });
        assert_eq!(snapshot.flows, expected);
        assert_eq!(snapshot.nodes[1].detail, "1,234 so far");
    }

    #[test]
    #[should_panic(expected = "a way leads from \"source\" to \"dome\"")]
    fn a_way_to_nowhere_does_not_pass_a_test() {
        Diagram::new().plain("source", "Source", (0, 0), "").flow("source", "dome", 3).finish();
    }

    #[test]
    #[should_panic(expected = "the part \"source\" is added twice")]
    fn a_part_that_is_added_twice_does_not_pass_a_test() {
        let _ = Diagram::new().plain("source", "Source", (0, 0), "").plain("source", "Source", (1, 0), "");
    }
}

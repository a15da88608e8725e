//! A story's own panels, as plain data: a page knows these kinds and draws each of them in one way, whatever story they
//! belong to. An exhibit follows from the parameters alone; a [`Waterfall`] is a record that a run keeps, and a [`Sorting`] what
//! a learner moves in it.

use crate::snapshot::Life;

/// Announces an exhibit: what a page shows of it before it is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExhibitSpec {
    /// Its name within the scenario.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// One sentence: what there is to see.
    pub summary: String,
    /// Whether it takes less than a frame, so that it can be computed at every change of a value. Any other is computed
    /// when somebody asks for it.
    pub is_cheap: bool,
    /// Whether a page opens it at once: these values ask for just what it shows.
    pub is_open: bool,
}

/// An exhibit under certain values of the parameters.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Exhibit {
    /// Code in which one line can be marked.
    Code(Code),
    /// A table whose cells were simulated.
    Table(Table),
    /// Who does what in which order.
    Sequence(Sequence),
    /// Text to be read as it stands, such as a source file with the numbers of its lines.
    Listing(String),
}

/// Code in which a parameter marks one line.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Code {
    /// Position of the parameter whose value marks a line.
    pub param: usize,
    /// What one does, in a sentence, where that parameter may be set.
    pub instruction: String,
    /// What the mark means, in a sentence, where it may not.
    pub meaning: String,
    /// The lines, in order.
    pub lines: Vec<Line>,
    /// The choice that marks no line.
    pub no_line: Line,
    /// What stands beside the marked line.
    pub mark: String,
    /// A sentence where the value names a line that this code does not have.
    pub note: Option<String>,
}

/// One choice of a [`Code`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Line {
    /// What one reads.
    pub text: String,
    /// The value of the parameter that stands for it.
    pub value: f64,
}

/// Findings in rows and columns.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Table {
    /// How to read a cell.
    pub legend: String,
    /// What the findings of a cell are of, in their order, the same in each cell.
    pub findings: Vec<String>,
    /// What the columns are, in words that the head of one completes.
    pub axis: String,
    /// Heads of the columns.
    pub columns: Vec<String>,
    /// The rows, each with a cell for each column.
    pub rows: Vec<Row>,
    /// Row and column of what the parameters say now: an exhibit knows nothing of what has happened in the run on show.
    pub here: Option<(usize, usize)>,
}

/// A row of a [`Table`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Row {
    /// Its head.
    pub head: String,
    /// Its cells; a cell without findings stands for a combination that does not exist.
    pub cells: Vec<Vec<Finding>>,
}

/// What came of a run, and the run itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Finding {
    /// What one reads in the table.
    pub text: String,
    /// The same in words, to be understood without the table's legend, but for what it is of: [`Table::findings`].
    pub words: String,
    /// The run at the moment at which this can be seen, as [`Replay::print`](crate::Replay::print) writes it.
    pub link: String,
}

/// Steps in the order in which they take effect.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sequence {
    /// What it shows, or why there is no such sequence.
    pub lead: String,
    /// Who takes part.
    pub participants: Vec<String>,
    /// What happens, in order.
    pub steps: Vec<Exchange>,
}

/// One step of a [`Sequence`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Exchange {
    /// Position of the participant who acts.
    pub from: usize,
    /// Position of the participant who is called.
    pub to: usize,
    /// What the first does.
    pub action: String,
    /// What comes of it.
    pub result: String,
    /// Whether it never comes to whom it is meant for.
    pub is_lost: bool,
}

/// What one request of a run spent its time on. The run keeps it, as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waterfall {
    /// Heading: which request it is.
    pub title: &'static str,
    /// What became of it, in words that go on from the title; or that there is none yet.
    pub lead: String,
    /// Everything that spans may say. Whatever a request did, each of them keeps its look.
    pub kinds: &'static [&'static str],
    /// What it did, in order of the begin: a head, and the spans within, side by side. Rows overlap where it did several
    /// things at once.
    pub rows: Vec<(String, Life)>,
}

/// What the learner sorts into groups while the run goes on, as it stands. A page draws it and lets each item be moved; a move
/// is a text, entered into a field of the scenario, so that links hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sorting {
    /// Position of the text field in `SPEC.texts`.
    pub field: usize,
    /// Heading.
    pub title: &'static str,
    /// What an item is.
    pub item: &'static str,
    /// The groups, at least two, in order.
    pub groups: Vec<Group>,
    /// The items, in order, whichever group they are in.
    pub items: Vec<Item>,
    /// What is true of the items that are set aside, in words that go on from their names.
    pub aside: &'static str,
}

/// A group of a [`Sorting`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Heading.
    pub name: &'static str,
    /// What moves an item here: written before its name.
    pub verb: &'static str,
    /// What is true of an item that has come here, in words that go on from its name.
    pub said: &'static str,
}

/// An item of a [`Sorting`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is called.
    pub name: &'static str,
    /// Position of the group that it is in.
    pub group: usize,
    /// Whether it matters little at present, see [`Sorting::aside`].
    pub is_aside: bool,
}

impl Sorting {
    /// The text that moves an item into a group, if there are such an item and such a group.
    pub fn entry(&self, item: usize, group: usize) -> Option<String> {
        Some(format!("{} {}", self.groups.get(group)?.verb, self.items.get(item)?.name))
    }

    /// Positions of the items as a page shows them, group by group.
    pub fn order(&self) -> Vec<usize> {
        let of = |group| (0..self.items.len()).filter(move |item| self.items[*item].group == group);
        (0..self.groups.len()).flat_map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_moved_by_the_verb_of_a_group_and_shown_in_the_order_of_the_groups() {
        let group = |verb| Group { name: "", verb, said: "" };
        let item = |name, group| Item { name, group, is_aside: false };
        let sorting = Sorting {
            field: 0,
            title: "",
            item: "",
            groups: vec![group("merge"), group("split")],
            items: vec![item("User", 1), item("Cart", 0), item("Tax", 1), item("Order", 0)],
            aside: "",
        };
        assert_eq!(sorting.order(), [1, 3, 0, 2]);
        assert_eq!(sorting.entry(0, 0).as_deref(), Some("merge User"));
        assert_eq!(sorting.entry(3, 1).as_deref(), Some("split Order"));
        assert_eq!((sorting.entry(4, 0), sorting.entry(0, 2)), (None, None));
    }
}

//! A file that the learner edits while the run goes on. A page draws it as an editor; what is written there is entered into a text
//! field of the scenario as the difference to a reference, so that links hold it.

use std::sync::Arc;

/// Lines that are compared with the reference one by one; whatever comes behind them is new.
pub const MOST_COMPARED: usize = 2000;

/// What is wrong with a text, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Remark {
    /// Who says so: "Parser".
    pub who: String,
    /// Line and column, from 1 on, in characters; `None` where it stands in no line.
    pub at: Option<(u32, u32)>,
    /// What is wrong, as a clause without a full stop.
    pub why: String,
}

/// How a file is edited: the same in every run of a scenario.
#[derive(Debug)]
pub struct Sheet {
    /// Position of the text field in `SPEC.texts`.
    pub field: usize,
    /// Id of the action that puts the file to use.
    pub action: &'static str,
    /// Heading.
    pub title: &'static str,
    /// What the file is compared with.
    pub reference: &'static str,
    /// What is entered into the field so that the file reads as this text.
    pub entry: fn(&str) -> String,
    /// Everything that is wrong with a text under these values of all parameters.
    pub inspect: fn(&str, &[f64]) -> Vec<Remark>,
}

/// The file of a run, as it stands.
#[derive(Clone, Debug)]
pub struct Document {
    /// How it is edited.
    pub sheet: &'static Sheet,
    /// As the learner has left it.
    pub draft: Arc<str>,
    /// As it is in use.
    pub live: Arc<str>,
}

/// Two are equal when they read the same; a scenario has one sheet.
impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.draft == other.draft && self.live == other.live
    }
}

/// A line that stands in one of two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// The line of this number in the old text is not in the new one.
    Gone(usize, &'a str),
    /// The line of this number in the new text was not in the old one.
    Come(usize, &'a str),
}

/// How two texts differ, line by line, in the order of their lines: first what has gone from a place, then what has come there.
pub fn changes<'a>(old: &'a str, new: &'a str) -> Vec<Change<'a>> {
    let [old, new] = [old, new].map(|text| text.split('\n').collect::<Vec<_>>());
    let compared = &new[..new.len().min(MOST_COMPARED)];
    let mut changes = Vec::new();
    let (mut from_old, mut from_new) = (0, 0);
    for (at_old, at_new) in common(&old, compared).into_iter().chain([(old.len(), new.len())]) {
        changes.extend((from_old..at_old).map(|at| Change::Gone(at + 1, old[at])));
        changes.extend((from_new..at_new).map(|at| Change::Come(at + 1, new[at])));
        (from_old, from_new) = (at_old + 1, at_new + 1);
    }
    changes
}

/// Positions of the lines of a longest common subsequence, in both.
pub fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for at_old in (0..old.len()).rev() {
        for at_new in (0..new.len()).rev() {
            longest[at_old * width + at_new] = if old[at_old] == new[at_new] {
                longest[(at_old + 1) * width + at_new + 1] + 1
            } else {
                longest[(at_old + 1) * width + at_new].max(longest[at_old * width + at_new + 1])
            };
        }
    }
    let (mut at_old, mut at_new, mut pairs) = (0, 0, Vec::new());
    while at_old < old.len() && at_new < new.len() {
        if old[at_old] == new[at_new] {
            pairs.push((at_old, at_new));
            (at_old, at_new) = (at_old + 1, at_new + 1);
        } else if longest[(at_old + 1) * width + at_new] >= longest[at_old * width + at_new + 1] {
            at_old += 1;
        } else {
            at_new += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_has_gone_and_what_has_come_is_told_by_line() {
        let told = changes("a\nb\nc\nd", "a\nB\nc\nd\ne");
        assert_eq!(told, [Change::Gone(2, "b"), Change::Come(2, "B"), Change::Come(5, "e")]);
        assert_eq!(changes("a\nb", "a\nb"), []);
        assert_eq!(changes("a\nb", "b"), [Change::Gone(1, "a")]);
    }

    proptest! {
        /// Without what has gone the old text is the new one without what has come.
        #[test]
        fn the_rest_of_both_texts_is_the_same(old in "[ab\n]{0,30}", new in "[ab\n]{0,30}") {
            let told = changes(&old, &new);
            let rest = |text: &str, gone: bool| -> Vec<String> {
                let is_told = |at: usize| told.iter().any(|change| match change {
                    Change::Gone(line, _) => gone && *line == at + 1,
                    Change::Come(line, _) => !gone && *line == at + 1,
                });
                let lines = text.split('\n').enumerate();
                lines.filter(|(at, _)| !is_told(*at)).map(|(_, line)| line.to_owned()).collect()
            };
            prop_assert_eq!(rest(&old, true), rest(&new, false));
        }
    }
}

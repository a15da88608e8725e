//! Tables that the learner fills in before they see them whole: row by row, in their order.

use warstories_lesson::lesson::{Fill, Part};

use super::Story;

impl Story {
    /// What was said of the cells of `fill` that have been checked, in their order.
    pub fn said(&self, fill: &Fill) -> &[usize] {
        self.filled.get(&fill.line).map_or(&[], Vec::as_slice)
    }

    /// Whether the table has been filled in.
    pub fn is_filled(&self, fill: &Fill) -> bool {
        self.said(fill).len() >= fill.asked().len()
    }

    /// The values of the first row that was not checked, if each of its cells has one.
    pub fn ready(&self, fill: &Fill) -> Option<Vec<usize>> {
        let asked = fill.asked();
        let row = asked.get(self.said(fill).len())?.row;
        let cells = asked.iter().filter(|cell| cell.row == row);
        cells.map(|cell| self.drafts.get(&(fill.line, cell.nth)).copied()).collect()
    }

    /// How many cells the learner was right about.
    pub fn foreseen(&self, fill: &Fill) -> usize {
        self.said(fill).iter().zip(fill.asked()).filter(|(said, cell)| **said == cell.right).count()
    }

    /// What must not be seen yet, and why: every table that other runs have filled while a guess at this one is open, and the
    /// first table that still has to be filled in, by the id of its exhibit.
    pub fn withheld(&self) -> Option<(Option<String>, String)> {
        if self.must_predict() {
            return Some((None, String::from("This is computed once your guess is locked in.")));
        }
        self.lesson.steps.iter().enumerate().find_map(|(index, step)| {
            let fill = step.parts.iter().find_map(|part| self.open_fill(part))?;
            let (step, title) = (index + 1, &step.title);
            Some((
                Some(fill.exhibit.clone()),
                format!("You fill in this table in step {step}, \"{title}\". Until then it is empty."),
            ))
        })
    }

    fn open_fill<'p>(&self, part: &'p Part) -> Option<&'p Fill> {
        if let Part::Fill(fill) = part { Some(fill).filter(|fill| !self.is_filled(fill)) } else { None }
    }

    fn fills(&self) -> impl Iterator<Item = &Fill> {
        self.parts().iter().filter_map(|part| if let Part::Fill(fill) = part { Some(fill) } else { None })
    }

    /// A table of the step that is filled in.
    pub fn whole(&self) -> Option<&Fill> {
        self.fills().find(|fill| self.is_filled(fill))
    }

    /// Chooses a value for a cell; what counts is the one that is there when its row is checked.
    pub(super) fn fill_in(&mut self, line: usize, nth: usize, choice: usize) {
        let is_there = |fill: &Fill| nth < fill.asked().len() && choice < fill.choices.len();
        if self.fills().any(|fill| fill.line == line && is_there(fill)) {
            self.drafts.insert((line, nth), choice);
        }
    }

    /// Checks every row in its turn, up to one in which a cell has no value.
    pub(super) fn check_rows(&mut self, line: usize) {
        let Some(fill) = self.fills().find(|fill| fill.line == line).cloned() else { return };
        while let Some(values) = self.ready(&fill) {
            self.filled.entry(line).or_default().extend(values);
        }
    }
}

#[cfg(test)]
mod tests;

//! Tables that the learner fills in before they see them whole.

use warstories_lesson::lesson::{Fill, Part};

use super::Story;
use crate::run::progress::Filled;

impl Story {
    /// What was chosen for a cell of `fill` and has been checked.
    pub fn said(&self, fill: &Fill, place: usize) -> Option<usize> {
        self.cells.get(&(fill.line, place)).filter(|(_, checked)| *checked).map(|(choice, _)| *choice)
    }

    /// Whether the table has been filled in.
    pub fn is_filled(&self, fill: &Fill) -> bool {
        fill.asked().all(|cell| self.said(fill, cell.place).is_some())
    }

    /// Whether the row of the table has been checked.
    pub fn is_checked(&self, fill: &Fill, row: usize) -> bool {
        fill.cells(row).all(|cell| self.said(fill, cell.place).is_some())
    }

    /// Whether each cell of the row has a value, and it has not been checked.
    pub fn is_ready(&self, fill: &Fill, row: usize) -> bool {
        !self.is_checked(fill, row)
            && fill.cells(row).all(|cell| self.cells.contains_key(&(fill.line, cell.place)))
    }

    /// How many cells the learner was right about, and how many are asked for.
    pub fn foreseen(&self, fill: &Fill) -> (usize, usize) {
        let right = fill.asked().filter(|cell| self.said(fill, cell.place) == Some(cell.right));
        (right.count(), fill.asked().count())
    }

    /// The first table that still has to be filled in: the id of its exhibit, and why nobody sees it yet.
    pub fn withheld(&self) -> Option<(String, String)> {
        self.lesson.steps.iter().enumerate().find_map(|(index, step)| {
            step.parts.iter().find_map(|part| match part {
                Part::Fill(fill) if !self.is_filled(fill) => Some((
                    fill.exhibit.clone(),
                    format!(
                        "You fill in this table in step {}, \"{}\". Until then it is empty.",
                        index + 1,
                        step.title
                    ),
                )),
                _ => None,
            })
        })
    }

    fn fills(&self) -> impl Iterator<Item = &Fill> {
        self.parts().iter().filter_map(|part| if let Part::Fill(fill) = part { Some(fill) } else { None })
    }

    /// The tables of the step that are filled in.
    pub fn whole(&self) -> Option<&Fill> {
        self.fills().find(|fill| self.is_filled(fill))
    }

    /// Chooses a value for a cell; one that was checked stays.
    pub(super) fn fill_in(&mut self, line: usize, place: usize, choice: usize) {
        let is_asked = self.fills().any(|fill| {
            fill.line == line
                && choice < fill.choices.len()
                && fill.asked().any(|cell| cell.place == place)
                && self.said(fill, place).is_none()
        });
        if is_asked {
            self.cells.insert((line, place), (choice, false));
        }
    }

    /// Checks the rows in which each cell has a value.
    pub(super) fn check_rows(&mut self, line: usize) {
        let Some(fill) = self.fills().find(|fill| fill.line == line) else { return };
        let ready = fill.rows.iter().filter(|row| self.is_ready(fill, row.row));
        let places: Vec<usize> = ready.flat_map(|row| fill.cells(row.row)).map(|cell| cell.place).collect();
        for place in places {
            if let Some((_, checked)) = self.cells.get_mut(&(line, place)) {
                *checked = true;
            }
        }
    }

    /// All that was filled in, as it is kept.
    pub(super) fn filled(&self) -> Vec<Filled> {
        let kept = |(at, what): (&(usize, usize), &(usize, bool))| Filled {
            line: at.0,
            place: at.1,
            choice: what.0,
            checked: what.1,
        };
        self.cells.iter().map(kept).collect()
    }
}

#[cfg(test)]
mod tests;

//! A table that learners fill in before they see it whole.

use serde::{Deserialize, Serialize};
use warstories_sim::exhibit::{Finding, Table};

use super::Text;

/// Rows of an exhibit that the learner fills in. What is right was simulated when the lesson was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fill {
    /// Line of the block.
    pub line: usize,
    /// The question.
    pub question: Text,
    /// Id of the exhibit.
    pub exhibit: String,
    /// The exhibit as it is where the run of the step starts; it marks no cell.
    pub table: Table,
    /// Which finding of a cell is asked for: its position.
    pub finding: usize,
    /// The rows to be filled in, in order.
    pub rows: Vec<FillRow>,
    /// What there is to choose from: whatever the table finds there, once each, in order of the texts.
    pub choices: Vec<String>,
}

/// A row to be filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FillRow {
    /// Its position in the table.
    pub row: usize,
    /// Told when the row has been filled in.
    pub because: Text,
}

/// A cell that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FillCell<'f> {
    /// Its number in the table, row by row.
    pub place: usize,
    /// Its column.
    pub column: usize,
    /// What the simulation has found.
    pub finding: &'f Finding,
    /// The choice that says so.
    pub right: usize,
}

impl Fill {
    /// The cell at this row and column, if there is one to be asked for.
    pub fn cell(&self, row: usize, column: usize) -> Option<FillCell<'_>> {
        let finding = self.table.rows.get(row)?.cells.get(column)?.get(self.finding)?;
        let right = self.choices.iter().position(|choice| *choice == finding.text)?;
        Some(FillCell { place: row * self.table.columns.len() + column, column, finding, right })
    }

    /// The cells of a row.
    pub fn cells(&self, row: usize) -> impl Iterator<Item = FillCell<'_>> {
        (0..self.table.columns.len()).filter_map(move |column| self.cell(row, column))
    }

    /// All cells that are asked for, row by row.
    pub fn asked(&self) -> impl Iterator<Item = FillCell<'_>> {
        self.rows.iter().flat_map(|each| self.cells(each.row))
    }

    /// What a row is called.
    pub fn head(&self, row: usize) -> &str {
        self.table.rows.get(row).map_or("", |row| &row.head)
    }

    /// What the finding is of that is asked for.
    pub fn of(&self) -> &str {
        self.table.findings.get(self.finding).map_or("", String::as_str)
    }
}

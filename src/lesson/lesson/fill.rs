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
    /// Its place among all that are asked for.
    pub nth: usize,
    /// Its row: the position in [`Fill::rows`].
    pub row: usize,
    /// Its column in the table.
    pub column: usize,
    /// What the simulation has found.
    pub finding: &'f Finding,
    /// The choice that says so.
    pub right: usize,
}

impl Fill {
    /// All cells that are asked for, row by row. One that does not exist is not asked for.
    pub fn asked(&self) -> Vec<FillCell<'_>> {
        let mut asked = Vec::new();
        for (row, each) in self.rows.iter().enumerate() {
            let cells = self.table.rows.get(each.row).map_or(&[][..], |row| &row.cells);
            for (column, cell) in cells.iter().enumerate() {
                let Some(finding) = cell.get(self.finding) else { continue };
                let right = self.choices.iter().position(|choice| *choice == finding.text);
                let (nth, right) = (asked.len(), right.unwrap_or_default());
                asked.push(FillCell { nth, row, column, finding, right });
            }
        }
        asked
    }

    /// What a row that is asked for is called.
    pub fn head(&self, row: usize) -> &str {
        self.rows.get(row).and_then(|each| self.table.rows.get(each.row)).map_or("", |row| &row.head)
    }

    /// What a column is called.
    pub fn column(&self, column: usize) -> &str {
        self.table.columns.get(column).map_or("", String::as_str)
    }

    /// What there is to choose at this position.
    pub fn choice(&self, choice: usize) -> &str {
        self.choices.get(choice).map_or("", String::as_str)
    }

    /// What the finding is of that is asked for.
    pub fn of(&self) -> &str {
        self.table.findings.get(self.finding).map_or("", String::as_str)
    }
}

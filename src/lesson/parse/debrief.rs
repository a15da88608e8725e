//! The block that ends a lesson: what came of it.

use super::blocks::{test, texts, told};
use super::prose::hidden;
use super::scene::charted;
use super::table::{Diagnostics, Table};
use crate::lesson::{Debrief, Impact, Remark, Task};
use crate::measure::Measure;
use crate::problem::is_hidden;

pub(super) const DEBRIEF: &[&str] =
    &["impact", "factors", "went_well", "luck", "actions", "charts", "commit"];
/// The keys of an item of `impact`.
pub const IMPACT: &[&str] = &["label", "measure"];
/// The keys of an item of `went_well`, `luck` and `commit`.
pub const REMARK: &[&str] = &["text", "test"];
/// The keys of an item of a debrief's `actions`.
pub const TASK: &[&str] = &["do", "owner"];

/// Charts of a debrief, at most.
const MOST_CHARTS: usize = 3;

/// Reads a debrief.
pub(super) fn debrief(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Debrief {
    let mut impact = Vec::new();
    for item in table.list("impact", diagnostics) {
        let Some(table) = item.table("an item of impact", IMPACT, diagnostics) else { continue };
        let label = told(&table, "label", diagnostics);
        let measure = table.required_text("measure", diagnostics).and_then(|(text, line)| {
            let measure = Measure::parse(text, line, diagnostics.spec);
            diagnostics.keep(line, measure)
        });
        impact.extend(label.zip(measure).map(|(label, measure)| Impact { label, measure }));
    }
    let mut actions = Vec::new();
    for item in table.list("actions", diagnostics) {
        let Some(table) = item.table("an item of actions", TASK, diagnostics) else { continue };
        let what = told(&table, "do", diagnostics);
        let owner = table.required_text("owner", diagnostics).map(|(owner, line)| {
            if let Some(char) = owner.chars().find(|char| is_hidden(*char)) {
                diagnostics.report(line, hidden(char));
            }
            owner.to_owned()
        });
        actions.extend(what.zip(owner).map(|(what, owner)| Task { what, owner }));
    }
    Debrief {
        line: table.line,
        impact,
        factors: texts(table, "factors", false, diagnostics),
        went_well: remarks(table, "went_well", "an item of went_well", diagnostics),
        luck: remarks(table, "luck", "an item of luck", diagnostics),
        actions,
        charts: charts(table, diagnostics),
        commit: remarks(table, "commit", "a line of commit", diagnostics),
    }
}

/// Sentences about the learner's run. Only those of a commit message may do without a test.
fn remarks(table: &Table<'_>, key: &str, what: &'static str, diagnostics: &mut Diagnostics) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for item in table.list(key, diagnostics) {
        let Some(table) = item.table(what, REMARK, diagnostics) else { continue };
        let words = told(&table, "text", diagnostics);
        let found = if key == "commit" {
            table.text("test", diagnostics)
        } else {
            table.required_text("test", diagnostics)
        };
        let test = found.and_then(|found| test(found, diagnostics));
        if test.is_some() {
            diagnostics.plan_run(item.line);
        }
        remarks.extend(words.map(|text| Remark { text, test }));
    }
    remarks
}

fn charts(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Vec<usize> {
    let Some(item) = table.get("charts") else { return Vec::new() };
    let found = table.texts("charts", diagnostics);
    if !(1..=MOST_CHARTS).contains(&found.len()) {
        let count = found.len();
        diagnostics.report(
            item.line,
            format!("charts names {count} metrics; a debrief shows from 1 to {MOST_CHARTS} charts"),
        );
    }
    charted(found, "debrief", diagnostics)
}

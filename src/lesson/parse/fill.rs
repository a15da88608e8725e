//! The block that has a table filled in. The table is computed where the run of its step starts, so it can be read only
//! once all scenes are known.

use std::mem::take;

use warstories_sim::exhibit::{Exhibit, Table as Exhibited};
use warstories_sim::scenarios;
use warstories_sim::suggest::{known, shortened};

use super::blocks::told;
use super::question::enough;
use super::table::{Diagnostics, Table};
use crate::lesson::{Fill, FillRow, Lesson, Part};

pub(super) const FILL: &[&str] = &["question", "table", "finding", "row"];
/// The keys of a row to be filled in.
pub const ROW: &[&str] = &["head", "because"];

/// Rows to be filled in: as many as there is room for beside a run.
const ROWS: (usize, usize) = (1, 3);
/// Values to choose from: of two, half come right by chance.
const LEAST_CHOICES: usize = 3;
/// Tables of a lesson that are filled in: the runs of each are played whenever the lesson is read.
pub const MAX_FILLS: usize = 4;

/// Names in a block, each with its line.
pub(super) struct Names {
    line: usize,
    table: (String, usize),
    finding: (String, usize),
    heads: Vec<(String, usize)>,
}

/// Reads the block, but for what has to be computed; see [`complete`].
pub(super) fn fill(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Fill> {
    let question = told(table, "question", diagnostics);
    let [exhibit, finding] = ["table", "finding"].map(|key| {
        let (name, line) = table.required_text(key, diagnostics)?;
        Some((name.to_owned(), line))
    });
    let (mut rows, mut heads) = (Vec::new(), Vec::new());
    let items = table.list("row", diagnostics);
    for item in &items {
        let Some(row) = item.table("a row", ROW, diagnostics) else { continue };
        let because = told(&row, "because", diagnostics);
        let head = row.required_text("head", diagnostics);
        if let (Some(because), Some((head, line))) = (because, head) {
            heads.push((head.to_owned(), line));
            rows.push(FillRow { row: 0, because });
        }
    }
    enough(items.len(), ROWS, "rows", table, diagnostics)?;
    let (line, exhibit, finding) = (table.line, exhibit?, finding?);
    let fill = Fill {
        line,
        question: question?,
        exhibit: exhibit.0.clone(),
        table: Exhibited {
            legend: String::new(),
            findings: Vec::new(),
            axis: String::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            here: None,
        },
        finding: 0,
        rows,
        choices: Vec::new(),
    };
    diagnostics.fills.push(Names { line, table: exhibit, finding, heads });
    Some(fill)
}

/// Computes the tables that are filled in, and looks up what their blocks name in them.
pub(super) fn complete(lesson: &mut Lesson, diagnostics: &mut Diagnostics) {
    let all = take(&mut diagnostics.fills);
    if let Some(names) = all.get(MAX_FILLS) {
        diagnostics.report(
            names.line,
            format!("the lesson has {} tables to be filled in; it may have {MAX_FILLS}, so leave one out or make two lessons of it", all.len()),
        );
        return;
    }
    for names in all {
        let has_it = |part: &Part| matches!(part, Part::Fill(fill) if fill.line == names.line);
        let Some(index) = lesson.steps.iter().position(|step| step.parts.iter().any(has_it)) else {
            continue;
        };
        if lesson.steps[index].scene.watch.is_empty() {
            diagnostics.report(names.line, "the table is computed where the run of the step starts, and the step has no scene; write a block ```scene above it");
            continue;
        }
        let Some(table) = computed(lesson, index, &names, diagnostics) else { continue };
        let parts = lesson.steps[index].parts.iter_mut();
        for part in parts {
            if let Part::Fill(fill) = part
                && fill.line == names.line
            {
                look_up(fill, table, &names, diagnostics);
                break;
            }
        }
    }
}

/// The exhibit as it is where the run of the step starts.
fn computed(
    lesson: &Lesson,
    index: usize,
    names: &Names,
    diagnostics: &mut Diagnostics,
) -> Option<Exhibited> {
    let (id, line) = &names.table;
    let replay = diagnostics.keep(*line, lesson.story(index))?;
    match scenarios::exhibit(diagnostics.spec, id, replay.start()) {
        Some(Exhibit::Table(table)) => Some(Exhibited { here: None, ..table }),
        Some(_) => {
            let sentence =
                format!("the exhibit \"{}\" is no table; only a table can be filled in", shortened(id));
            diagnostics.report(*line, sentence);
            None
        }
        None => {
            let announced = scenarios::exhibits(diagnostics.spec, replay.start());
            let hint = known(id, announced.iter().map(|exhibit| exhibit.id));
            let story = diagnostics.spec.id;
            let sentence = if announced.is_empty() {
                format!("the scenario {story} has no exhibits, so it has no table to be filled in")
            } else {
                format!("the scenario {story} has no exhibit \"{}\"{hint}", shortened(id))
            };
            diagnostics.report(*line, sentence);
            None
        }
    }
}

/// Finds what the block names in its table.
fn look_up(fill: &mut Fill, table: Exhibited, names: &Names, diagnostics: &mut Diagnostics) {
    let (name, line) = &names.finding;
    let Some(finding) = table.findings.iter().position(|finding| finding == name) else {
        let hint = known(name, table.findings.iter().map(String::as_str));
        diagnostics.report(*line, format!("no cell has a finding \"{}\"{hint}", shortened(name)));
        return;
    };
    let found = table.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.get(finding));
    let mut choices: Vec<String> = found.map(|finding| finding.text.clone()).collect();
    // By the number that they begin with: "9" comes before "10".
    choices.sort_by_cached_key(|text| {
        let number = text.split(' ').next().and_then(|first| first.parse::<u64>().ok());
        (number, text.clone())
    });
    choices.dedup();
    if choices.len() < LEAST_CHOICES {
        diagnostics.report(*line, format!("the whole table has {} different values there, and to choose from there must be {LEAST_CHOICES} at least; ask for another finding", choices.len()));
    }
    fill.choices = choices;
    let mut seen = Vec::new();
    for (row, (head, line)) in fill.rows.iter_mut().zip(&names.heads) {
        let Some(place) = table.rows.iter().position(|row| row.head == *head) else {
            let hint = known(head, table.rows.iter().map(|row| row.head.as_str()));
            diagnostics.report(*line, format!("the table has no row \"{}\"{hint}", shortened(head)));
            continue;
        };
        if seen.contains(&place) {
            diagnostics
                .report(*line, format!("the row \"{}\" is asked for twice; leave one", shortened(head)));
        }
        seen.push(place);
        if !table.rows[place].cells.iter().any(|cell| cell.len() > finding) {
            diagnostics.report(
                *line,
                format!("the row \"{}\" has nothing to be filled in; ask for another one", shortened(head)),
            );
        }
        row.row = place;
    }
    (fill.table, fill.finding) = (table, finding);
}

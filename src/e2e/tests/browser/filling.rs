//! A table that a learner fills in with the keyboard alone before it is seen whole.

use anyhow::{Context, Result, ensure};
use e2e::Page;
use serde_json::json;
use thirtyfour::{By, Key};
use warstories_lesson::lesson::{Fill, FillCell, Lesson, Part};

use crate::handler::{OUTCOMES, open, sees};
use crate::lesson::{beginning, plain, press, read, tab_to};
use crate::room::look;

/// The cells of a row.
fn cells(fill: &Fill, row: usize) -> impl Iterator<Item = FillCell<'_>> {
    fill.asked().into_iter().filter(move |cell| cell.row == row)
}

/// Fills in a row of the table, the first `wrong` cells wrongly, and has it checked.
pub(crate) async fn fill_row(page: &Page, fill: &Fill, row: usize, wrong: usize) -> Result<()> {
    for (place, cell) in cells(fill, row).enumerate() {
        let name = format!("{}, {} {}", fill.head(row), fill.table.axis, fill.column(cell.column));
        tab_to(page, &name, false).await?;
        let choice = if place < wrong { (cell.right + 1) % fill.choices.len() } else { cell.right };
        for _ in 0..=choice {
            page.press(Key::Down).await?;
        }
    }
    press(page, "Check against the runs").await?;
    page.see(&beginning(&fill.rows[row].because)).await
}

/// Fills in the whole table.
pub(crate) async fn fill_in(page: &Page, fill: &Fill) -> Result<()> {
    for row in 0..fill.rows.len() {
        fill_row(page, fill, row, 0).await?;
    }
    let all = fill.asked().len();
    page.see(&format!("You foresaw {all} of {all} cells.")).await
}

/// The first table of a lesson that is filled in, and its step, counted from 1.
pub(crate) fn first(lesson: &Lesson) -> Result<(usize, &Fill)> {
    let mut steps = lesson.steps.iter().enumerate();
    let found = steps.find_map(|(index, step)| {
        let fill = step.parts.iter().find_map(|part| match part {
            Part::Fill(fill) => Some(fill),
            _ => None,
        });
        Some((index + 1, fill?))
    });
    found.context("the lesson has a table to be filled in")
}

/// What the links in the cells of a table read, in their order.
async fn findings(page: &Page, table: &str) -> Result<Vec<String>> {
    let script =
        "return [...document.querySelectorAll(arguments[0] + ' td a')].map((a) => a.firstChild.data)";
    Ok(serde_json::from_value(page.script(script, vec![json!(table)]).await?)?)
}

#[test]
fn the_matrix_is_filled_in_by_keyboard_before_it_is_seen_whole() -> Result<()> {
    let lesson = read("forty_seven_emails.md")?;
    let (step, fill) = first(&lesson)?;
    let all: Vec<&str> = fill
        .table
        .rows
        .iter()
        .flat_map(|row| row.cells.iter().flatten())
        .map(|finding| &*finding.text)
        .collect();
    e2e::visit("filling", async |page| {
        page.resize(1280, 720).await?;
        page.open(&format!("#/learn/forty_seven_emails/{step}")).await?;
        page.see(&plain(&fill.question)).await?;
        page.assert_accessible().await?;
        // Instruments do not tell.
        page.press("i").await?;
        let outcomes = open(page, OUTCOMES).await?;
        sees(
            page,
            &outcomes,
            &format!("You fill in this table in step {step}, \"{}\".", lesson.steps[step - 1].title),
        )
        .await?;
        ensure!(outcomes.find_all(By::Css("table")).await?.is_empty(), "the table is there all the same");
        page.press("i").await?;

        // A wrong value and right ones.
        let missed = cells(fill, 0).next().context("a cell")?;
        fill_row(page, fill, 0, 1).await?;
        page.see(&format!("{} {}: {}.", fill.table.axis, fill.column(missed.column), missed.finding.words))
            .await?;
        let row: Vec<&str> = cells(fill, 0).map(|cell| &*cell.finding.text).collect();
        ensure!(findings(page, ".fill").await? == row, "the cells of the row do not lead to their runs");
        let [wrong, right] =
            ["s", "svg"].map(|mark| format!("return document.querySelectorAll('.fill td {mark}').length"));
        ensure!(page.script(&wrong, vec![]).await? == 1, "one cell was wrong");
        ensure!(page.script(&right, vec![]).await? == row.len() - 1, "the others were right");
        ensure!(findings(page, ".watch").await?.is_empty(), "the table is seen before it is filled in");
        let text = page.text().await?;
        let quiz = "Which row of the matrix";
        ensure!(!text.contains(quiz), "the question about the table comes before the table: {text}");
        page.assert_accessible().await?;

        fill_row(page, fill, 1, 0).await?;
        let told = format!("You foresaw {} of {} cells.", fill.asked().len() - 1, fill.asked().len());
        page.see(&told).await?;
        page.see(quiz).await?;
        ensure!(findings(page, ".whole").await? == all, "the whole table is not what was simulated");
        page.assert_accessible().await?;
        page.screenshot("filling").await?;
        for (width, height) in [(1280, 720), (1440, 900), (1920, 1080)] {
            page.resize(width, height).await?;
            let faults = look(page, &[".stage-card", ".watch table", ".control-row"], true).await?;
            ensure!(faults.is_empty(), "{width} x {height}: {faults:?}");
        }

        // It outlives the visit, and the worker of the page computes the same.
        page.driver().refresh().await?;
        page.see(&told).await?;
        ensure!(findings(page, ".fill").await?.len() == fill.asked().len());
        page.press("i").await?;
        let outcomes = open(page, OUTCOMES).await?;
        sees(page, &outcomes, "opens its run in a new tab").await?;
        ensure!(findings(page, "details.exhibit").await? == all, "the worker computes another table");
        page.press("i").await?;
        page.click("button", "Next").await?;
        page.click("button", "Previous step").await?;
        page.see(&told).await?;

        page.resize(390, 844).await?;
        page.assert_accessible().await?;
        page.click("button", "System").await?;
        let faults = look(page, &[".stage-card"], false).await?;
        ensure!(faults.is_empty(), "{faults:?}");
        ensure!(findings(page, ".whole").await? == all, "a phone does not show the table");
        Ok(())
    })
}

/// Inside a lesson the run of a cell opens beside it.
#[test]
fn a_cell_leaves_the_lesson_open() -> Result<()> {
    let lesson = read("forty_seven_emails.md")?;
    let (step, fill) = first(&lesson)?;
    e2e::visit("exhibit-lesson", async |page| {
        page.resize(1440, 900).await?;
        page.open(&format!("#/learn/forty_seven_emails/{step}")).await?;
        page.see(&plain(&fill.question)).await?;
        fill_in(page, fill).await?;
        page.press("i").await?;
        let outcomes = open(page, OUTCOMES).await?;
        sees(page, &outcomes, "opens its run in a new tab").await?;
        for link in page.driver().find_all(By::Css("td a")).await? {
            ensure!(link.attr("target").await?.as_deref() == Some("_blank"));
        }
        let lesson = page.driver().current_url().await?;
        outcomes.find(By::Css("td a")).await?.focus().await?;
        page.press(Key::Enter).await?;
        page.until("another tab", async || Ok((page.driver().windows().await?.len() == 2).then_some(())))
            .await?;
        ensure!(page.driver().current_url().await?.path() == lesson.path());
        page.find("heading", "The handler").await?;
        Ok(())
    })
}

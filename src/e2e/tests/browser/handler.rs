//! The exhibits of a story: a handler that a learner breaks at any line, the table of what becomes of it, and the order
//! of steps in which two workers mail twice.

use anyhow::{Context, Result, ensure};
use e2e::Page;
use thirtyfour::{By, Key, WebElement};

pub(crate) const OUTCOMES: &str = "Outcome matrix: every crash, every strategy";
const RACE: &str = "Two workers, one message";

/// The panel of this title.
pub(crate) async fn panel(page: &Page, title: &str) -> Result<WebElement> {
    page.until(&format!("the panel “{title}”"), async || {
        for panel in page.driver().find_all(By::Css("details.exhibit")).await? {
            if panel.text().await?.starts_with(title) {
                return Ok(Some(panel));
            }
        }
        Ok(None)
    })
    .await
}

/// Opens the panel of this title with the keyboard.
pub(crate) async fn open(page: &Page, title: &str) -> Result<WebElement> {
    let panel = panel(page, title).await?;
    panel.find(By::Css("summary")).await?.focus().await?;
    page.press(Key::Enter).await?;
    Ok(panel)
}

pub(crate) async fn sees(page: &Page, panel: &WebElement, text: &str) -> Result<()> {
    let what = format!("“{text}” in the panel");
    page.until(&what, async || Ok(panel.text().await?.contains(text).then_some(()))).await
}

/// What the cell of the present choice says, without the words for a screen reader.
async fn is_here(page: &Page, findings: [&str; 2]) -> Result<()> {
    let read =
        "return [...document.querySelectorAll('.exhibit [aria-current] a')].map((a) => a.firstChild.data)";
    page.until(&format!("{findings:?} as the present cell"), async || {
        Ok((page.script(read, vec![]).await? == serde_json::json!(findings)).then_some(()))
    })
    .await
}

#[test]
fn the_crash_is_moved_by_keyboard_and_by_pointer_and_the_inbox_fills_to_47() -> Result<()> {
    e2e::visit("handler", async |page| {
        page.resize(1440, 900).await?;
        page.open("#/play/duplicate_delivery?seed=1").await?;
        page.find("heading", "The handler").await?;
        page.see("dies here").await?;
        let crash = page.driver().find(By::Css(".exhibit input:checked")).await?;
        crash.focus().await?;
        page.press(Key::Down).await?;
        page.link("crash_step=ack").await?;
        page.press(Key::Up).await?;
        page.press(Key::Up).await?;
        page.link("crash_step=send").await?;
        // Dragged from the first line over the second to the third.
        let lines = page.driver().find_all(By::Css(".exhibit .code")).await?;
        ensure!(lines.len() == 4, "{} lines", lines.len());
        let drag = page.driver().action_chain();
        let drag = drag.move_to_element_center(&lines[0]).click_and_hold();
        let drag = drag.move_to_element_center(&lines[1]).move_to_element_center(&lines[2]).release();
        drag.perform().await?;
        page.link("crash_step=ack").await?;
        page.screenshot("handler").await?;
        page.assert_accessible().await?;

        // The story's own crash: 47 mails in the hour after the first.
        page.open("#/play/duplicate_delivery?seed=1&t=3602").await?;
        page.is_at("duplicate_delivery?seed=1&t=3602").await?;
        ensure!(page.reading("inbox_mails", "now").await? == 47.0);
        Ok(())
    })
}

#[test]
fn a_cell_of_the_outcome_matrix_opens_the_run_that_proves_it() -> Result<()> {
    e2e::visit("outcomes", async |page| {
        page.resize(1440, 900).await?;
        page.open("#/play/duplicate_delivery?seed=1").await?;
        let outcomes = open(page, OUTCOMES).await?;
        is_here(page, ["2", "5 P"]).await?;
        page.assert_accessible().await?;
        // The table follows what is chosen: with the log as the last line a crash there is harmless.
        page.driver().find(By::Css(".exhibit input:checked")).await?.focus().await?;
        page.press(Key::Up).await?;
        page.link("crash_step=send").await?;
        is_here(page, ["1", "0 P"]).await?;

        // From the keyboard: five attempts crash at the send, and the message is parked.
        let cell = outcomes.find(By::Css("[aria-current] a:last-of-type")).await?;
        let run = cell.attr("href").await?.context("a link without an address")?;
        ensure!(run.starts_with("#/play/duplicate_delivery?"), "{run}");
        ensure!(cell.attr("target").await?.is_none(), "the run of a cell opens here, outside a lesson");
        cell.focus().await?;
        page.press(Key::Enter).await?;
        page.is_at(run.trim_start_matches("#/play/")).await?;
        ensure!(page.reading("inbox_mails", "now").await? == 0.0);
        ensure!(page.reading("dlq_depth", "now").await? == 1.0);
        // Where it came from is one step back.
        page.driver().back().await?;
        page.link("crash_step=send").await?;

        page.open("#/play/duplicate_delivery?seed=1&log_position=last").await?;
        open(page, OUTCOMES).await?;
        is_here(page, ["1", "1"]).await
    })
}

#[test]
fn the_shortest_way_to_two_mails_follows_the_strategy() -> Result<()> {
    e2e::visit("race", async |page| {
        page.resize(1440, 900).await?;
        page.open("#/play/duplicate_delivery?seed=1&dedupe=check_then_mark").await?;
        let race = open(page, RACE).await?;
        sees(page, &race, "60 of the 70 orders").await?;
        let steps = race.find_all(By::Css(".sequence tbody tr")).await?;
        let mut told = Vec::new();
        for step in &steps {
            told.push(step.text().await?.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        ensure!(
            told == [
                "1 check no marker is there",
                "2 send mail 1",
                "3 check no marker is there",
                "4 send mail 2"
            ],
            "{told:?}"
        );
        // The arrow keys go from step to step, and each is told.
        race.find(By::Css(".sequence input")).await?.focus().await?;
        page.press(Key::Space).await?;
        page.press(Key::Down).await?;
        let step = race.find(By::Css(".sequence :checked")).await?;
        ensure!(
            step.attr("aria-label").await?.as_deref() == Some("2, Worker 1, Mail service, send, mail 1"),
            "another step is highlighted"
        );
        page.screenshot("race").await?;
        page.assert_accessible().await?;
        open(page, OUTCOMES).await?;
        is_here(page, ["2", "5 P"]).await?;
        for (width, theme) in [(320, "light"), (1440, "dark")] {
            page.resize(width, 844).await?;
            page.prefer(&[("prefers-color-scheme", theme)]).await?;
            page.assert_accessible().await?;
            let wide =
                page.script("return document.documentElement.scrollWidth - innerWidth", vec![]).await?;
            ensure!(wide.as_i64().is_some_and(|pixels| pixels <= 0), "{wide} pixels hang out at {width}");
        }
        page.open("#/play/duplicate_delivery?seed=1&dedupe=unique_key").await?;
        let race = open(page, RACE).await?;
        sees(page, &race, "none of the 6 orders").await?;
        ensure!(race.find_all(By::Css(".sequence")).await?.is_empty());
        Ok(())
    })
}

/// A worker that never answers: the page says that it waits, and everything else goes on.
#[test]
fn nothing_waits_for_an_exhibit() -> Result<()> {
    e2e::visit("exhibit-waits", async |page| {
        page.open("#/play/duplicate_delivery?seed=1").await?;
        page.find("heading", "The handler").await?;
        page.script(
            "window.asked = []; window.Worker = class extends EventTarget {
                 constructor() { super(); setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data: new Uint8Array() }))); }
                 postMessage(request) { window.asked.push(request); }
                 terminate() {}
             }",
            vec![],
        )
        .await?;
        let outcomes = open(page, OUTCOMES).await?;
        sees(page, &outcomes, "This is being computed.").await?;
        page.driver().find(By::Css(".exhibit input:checked")).await?.focus().await?;
        page.press(Key::Down).await?;
        page.link("crash_step=ack").await?;
        page.click("button", "Play").await?;
        page.click("button", "Pause").await?;
        sees(page, &outcomes, "This is being computed.").await?;
        // One thing at a time, however much changes meanwhile.
        ensure!(page.script("return window.asked.length", vec![]).await? == 1);
        Ok(())
    })
}

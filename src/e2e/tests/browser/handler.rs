//! A handler that a learner breaks at any line, and the table of what becomes of it.

use anyhow::{Result, ensure};
use e2e::Page;
use thirtyfour::{By, Key};

async fn open_matrix(page: &Page) -> Result<()> {
    page.driver().find(By::Css(".matrix summary")).await?.focus().await?;
    page.press(Key::Enter).await
}

#[test]
fn the_crash_is_moved_by_keyboard_and_by_pointer_and_the_inbox_fills_to_47() -> Result<()> {
    e2e::visit("handler", async |page| {
        page.resize(1440, 900).await?;
        page.open("#/play/duplicate_delivery?seed=1").await?;
        page.find("heading", "The handler").await?;
        page.see("dies here").await?;
        let crash = page.driver().find(By::Css(".listing input:checked")).await?;
        crash.focus().await?;
        page.press(Key::Down).await?;
        page.link("crash_step=ack").await?;
        page.press(Key::Up).await?;
        page.press(Key::Up).await?;
        page.link("crash_step=send").await?;
        // Dragged from the first line over the second to the third.
        let lines = page.driver().find_all(By::Css(".listing .code")).await?;
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

        open_matrix(page).await?;
        page.see("2 / 5 P").await?;
        let here = page.driver().find(By::Css(".matrix [aria-current]")).await?.text().await?;
        ensure!(here == "2 / 5 P", "{here}");
        page.assert_accessible().await?;
        // The log as the last line, and the crash there is harmless.
        page.open("#/play/duplicate_delivery?seed=1&log_position=last").await?;
        page.find("heading", "The handler").await?;
        open_matrix(page).await?;
        page.until("the matrix of the other listing", async || {
            let here = page.driver().find(By::Css(".matrix [aria-current]")).await?.text().await?;
            Ok((here == "1 / 1").then_some(()))
        })
        .await
    })
}

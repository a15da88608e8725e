//! What a learner says they saw, and how they explain it, with the keyboard alone.

use anyhow::{Result, bail};
use e2e::Page;
use thirtyfour::Key;
use warstories_lesson::lesson::{Explain, Observe};

use crate::lesson::{plain, press, tab_to, to_the_end};

/// Judges every statement, whichever answer the focus comes to first. What is true depends on what was done to the run.
pub(crate) async fn observe(page: &Page, observe: &Observe) -> Result<()> {
    to_the_end(page).await?;
    for place in 0..observe.statements.len() {
        let name = format!("saw-{}-{place}", observe.line);
        let focus = page.script("return document.activeElement.name", vec![]).await?;
        if focus != name.as_str() {
            tab_to_group(page, &name).await?;
        }
        page.press(Key::Space).await?;
    }
    press(page, "Check against the run").await?;
    page.until("a verdict on each statement", async || {
        let verdicts = "return document.querySelectorAll('.ask fieldset .verdict').length";
        let verdicts = page.script(verdicts, vec![]).await?;
        Ok((verdicts.as_u64() == Some(observe.statements.len() as u64)).then_some(()))
    })
    .await
}

/// Presses Tab until the focus is on one of the options of this name.
async fn tab_to_group(page: &Page, name: &str) -> Result<()> {
    for _ in 0..120 {
        page.press(Key::Tab).await?;
        if page.script("return document.activeElement.name", vec![]).await? == name {
            return Ok(());
        }
    }
    bail!("Tab does not lead to the options of {name}")
}

/// Writes a sentence and compares it.
pub(crate) async fn explain(page: &Page, explain: &Explain) -> Result<()> {
    tab_to(page, &plain(&explain.question), false).await?;
    page.press("It does not fit.").await?;
    press(page, "Compare with ours").await?;
    press(page, "I had that").await
}

#[test]
fn words_that_were_not_sent_yet_stay_at_the_instruments_and_after_another_step() -> Result<()> {
    e2e::visit("own-words", async |page| {
        let are_there = async || {
            page.until("what was written", async || {
                let words = page.script("return document.querySelector('textarea')?.value", vec![]).await?;
                Ok((words == "It does not fit.").then_some(()))
            })
            .await
        };
        page.resize(1440, 900).await?;
        page.open("#/learn/pool_of_one_hundred/22").await?;
        page.click("textbox", "Why did cancelling alone serve nobody?").await?;
        page.press("It does not fit.").await?;
        are_there().await?;
        page.click("button", "Instruments").await?;
        are_there().await?;
        page.click("button", "Previous step").await?;
        page.see("STEP 21 OF").await?;
        page.click("button", "Next").await?;
        page.see("STEP 22 OF").await?;
        are_there().await
    })
}

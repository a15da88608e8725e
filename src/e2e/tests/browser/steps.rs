//! The steps of a lesson in the browser's history, and in its address.

use anyhow::{Result, ensure};

use crate::lesson::is_kept;

#[test]
fn back_and_forward_lead_through_the_steps_and_out_of_the_lesson() -> Result<()> {
    e2e::visit("lesson-back", async |page| {
        page.open("").await?;
        page.click("link", "Learn: One hundred connections").await?;
        page.see("STEP 1 OF").await?;
        page.click("button", "Next").await?;
        page.see("STEP 2 OF").await?;
        // What lies before the questions of these steps may be looked at.
        page.set_slider("Timeline", 80.0).await?;
        is_kept(page, "t=80").await?;
        page.click("button", "Next").await?;
        page.see("STEP 3 OF").await?;
        page.set_slider("Timeline", 160.0).await?;
        is_kept(page, "t=160").await?;
        page.set_slider("Timeline", 240.0).await?;
        is_kept(page, "t=240").await?;
        page.click("button", "Next").await?;
        page.see("STEP 4 OF").await?;
        // Within a step the address only follows: one press of Back is one step.
        for (step, part) in [(3, "/3?"), (2, "/2?")] {
            page.driver().back().await?;
            page.see(&format!("STEP {step} OF")).await?;
            is_kept(page, part).await?;
        }
        is_kept(page, "t=80").await?;
        page.driver().forward().await?;
        page.see("STEP 3 OF").await?;
        is_kept(page, "t=240").await?;
        for _ in 0..3 {
            page.driver().back().await?;
        }
        page.see("Production incidents replay here").await?;
        page.open("#/learn/why_queues_explode/99").await?;
        page.see("This lesson has no step \"99\"").await
    })
}

#[test]
fn a_challenge_is_still_on_after_a_reload_and_after_back() -> Result<()> {
    e2e::visit("challenge-reload", async |page| {
        page.resize(1440, 900).await?;
        page.open("#/learn/why_queues_explode/9").await?;
        page.click("button", "Take the challenge").await?;
        page.see("Changes so far: 0").await?;
        is_kept(page, "/9/challenge-1?").await?;
        page.driver().refresh().await?;
        page.see("Changes so far: 0").await?;
        page.click("button", "Previous step").await?;
        page.see("STEP 8 OF").await?;
        page.driver().back().await?;
        page.see("Changes so far: 0").await
    })
}

#[test]
fn a_debrief_of_a_run_that_was_not_played_on_says_so_once() -> Result<()> {
    e2e::visit("debrief-early", async |page| {
        page.open("#/learn/why_queues_explode/8").await?;
        page.find("heading", "Impact").await?;
        page.see("Not known yet, the run has not come there: Mean wait over the whole run; ").await?;
        let text = page.text().await?.to_lowercase();
        ensure!(text.matches("not known yet").count() == 1, "the debrief reads: {text}");
        Ok(())
    })
}

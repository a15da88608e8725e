//! What a learner does in the night of the pool besides answering: looking closer, comparing, voting, forking, and taking
//! the post-mortem along.

use std::path::Path;

use anyhow::{Result, ensure};
use e2e::Page;
use warstories_lesson::lesson::Vote;

use crate::lesson::{choose, is_kept, plain, press, to_the_end};

/// The red button was tried on a branch of its own: the night itself stays as it is.
pub(crate) async fn compare_the_restart(page: &Page) -> Result<()> {
    press(page, "Compare").await?;
    page.find("heading", "Compare runs").await?;
    let text = page.text().await?;
    ensure!(text.contains("Prediction") && text.contains("Confirmed loss"), "{text}");
    press(page, "Compare").await
}

/// A visit that is broken off goes on where it was.
pub(crate) async fn look_and_come_back(page: &Page, title: &str) -> Result<()> {
    press(page, "Look at the hold time").await?;
    is_kept(page, "look_at_hold_time").await?;
    page.driver().refresh().await?;
    page.find("heading", title).await?;
    page.see("You called it.").await?;
    is_kept(page, "look_at_hold_time").await
}

pub(crate) async fn vote_twice(page: &Page, vote: &Vote) -> Result<()> {
    for (option, button) in [(0, "Cast the vote"), (3, "Try this way too")] {
        choose(page, &plain(&vote.options[0].text), option).await?;
        press(page, button).await?;
        page.see(&plain(&vote.options[option].says)).await?;
    }
    page.see("Each way is a branch above the diagram").await?;
    page.screenshot("lesson-voted").await
}

/// The restart, beside the patch that met the goals.
pub(crate) async fn fork(page: &Page) -> Result<()> {
    press(page, "Start this run again").await?;
    // A fork is one of the instruments, which are one key away.
    page.press("i").await?;
    press(page, "Fork here").await?;
    page.find("button", "A").await?;
    ensure!(
        page.find_all("button", Some("Your run")).await?.len() == 1,
        "the run of the learner has no name"
    );
    press(page, "Restart now").await?;
    to_the_end(page).await?;
    is_kept(page, "restart_now").await?;
    press(page, "Compare").await?;
    page.find("heading", "Compare runs").await?;
    page.screenshot("lesson-compared").await?;
    press(page, "Compare").await?;
    page.press("i").await
}

pub(crate) async fn take_the_post_mortem(page: &Page, folder: &Path) -> Result<()> {
    page.see("What you predicted").await?;
    page.see("In your own words").await?;
    press(page, "Save as Markdown").await?;
    let path = folder.join("post-mortem-pool_of_one_hundred.md");
    let text = String::from_utf8(page.saved(&path).await?)?;
    for expected in [
        "# Post-mortem: One hundred connections",
        "You: About 90. The run: About 22.",
        "It does not fit. (I had that.)",
        "- 02:42:01 Every connection is in use",
        "- 03:31:00 Restart now",
        "- Confirmed loss: ",
        "#/play/connection_pool?",
    ] {
        ensure!(text.contains(expected), "no \"{expected}\" in\n{text}");
    }
    Ok(())
}

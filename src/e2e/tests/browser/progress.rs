//! What a learner has done is kept for all lessons in one place: shown at the front door, taken along as a file, deleted,
//! and never lost, whatever is found there.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use e2e::Page;
use serde_json::{Value, json};
use thirtyfour::{By, Key};

use crate::lesson::{next, read, walk_step};

const KEY: &str = "warstories.progress";
const UNREAD: &str = "warstories.progress.unread";
const FILE: &str = "warstories-progress.json";

async fn kept(page: &Page, key: &str) -> Result<Option<String>> {
    let text = page.script("return localStorage.getItem(arguments[0])", vec![key.into()]).await?;
    Ok(text.as_str().map(str::to_owned))
}

async fn put(page: &Page, key: &str, text: &str) -> Result<()> {
    page.script("localStorage.setItem(arguments[0], arguments[1])", vec![key.into(), text.into()]).await?;
    Ok(())
}

/// Waits until the latest step of a lesson that is kept is this one, counted from 0.
async fn is_kept(page: &Page, lesson: &str, furthest: usize) -> Result<()> {
    page.until(&format!("step {furthest} of {lesson} to be kept"), async || {
        let store: Value = serde_json::from_str(&kept(page, KEY).await?.context("nothing is kept")?)?;
        Ok((store["lessons"][lesson]["furthest"] == furthest).then_some(()))
    })
    .await
}

async fn import(page: &Page, path: &Path) -> Result<()> {
    let field = page.driver().find(By::Css("#progress input[type=file]")).await?;
    Ok(field.send_keys(path.to_str().context("a path of text")?).await?)
}

async fn save_downloads(page: &Page, folder: &Path) -> Result<()> {
    let allow = json!({ "behavior": "allow", "downloadPath": folder });
    page.driver().cdp().send_raw("Browser.setDownloadBehavior", allow).await?;
    Ok(())
}

#[test]
fn a_learner_takes_their_progress_along_and_goes_on_where_they_were() -> Result<()> {
    let lesson = read("why_queues_explode.md")?;
    let folder = tempfile::tempdir()?;
    e2e::visit("progress", async |page| {
        save_downloads(page, folder.path()).await?;
        page.open("").await?;
        // The program has started by itself, and nobody was taken away from where they read.
        page.see("This browser keeps no progress yet.").await?;
        let focus = page.script("return document.activeElement.tagName", vec![]).await?;
        ensure!(focus == "BODY", "the focus went to {focus}");
        ensure!(page.find_all("button", Some("Export")).await?.is_empty(), "there is nothing to export");
        page.click("link", "Learn: Why queues explode").await?;
        walk_step(page, &lesson, 0).await?;
        next(page).await?;
        is_kept(page, "why_queues_explode", 1).await?;
        page.click("link", "war stories").await?;
        let far = format!("Step 2 of {}", lesson.steps.len());
        page.see(&far).await?;
        page.see("Lessons begun: 1, of which done: 0.").await?;
        page.resize(320, 640).await?;
        let is_wide = "return document.documentElement.scrollWidth > innerWidth";
        ensure!(page.script(is_wide, vec![]).await? == false, "the page scrolls sideways");
        page.assert_accessible().await?;
        page.click("button", "Export").await?;
        let file = folder.path().join(FILE);
        let before: Value = serde_json::from_slice(&page.saved(&file).await?)?;
        ensure!(before["version"] == 4, "{before}");

        // Whoever is asked can think better of it.
        page.click("button", "Delete").await?;
        page.find("dialog", "Delete your progress?").await?;
        page.see("This cannot be undone.").await?;
        page.assert_accessible().await?;
        page.press(Key::Escape).await?;
        page.until("the button to have the focus", async || {
            let focus = page.script("return document.activeElement.textContent", vec![]).await?;
            Ok((focus == "Delete").then_some(()))
        })
        .await?;
        ensure!(kept(page, KEY).await?.is_some(), "it was deleted all the same");
        page.click("button", "Delete").await?;
        page.click("button", "Delete all progress").await?;
        page.see("Your progress is deleted.").await?;
        ensure!(kept(page, KEY).await?.is_none(), "it is still kept");
        ensure!(!page.text().await?.contains(&far), "the card still tells of it");
        let focus = page.script("return document.activeElement.id", vec![]).await?;
        ensure!(focus == "progress-title", "the focus is at {focus}");

        import(page, &file).await?;
        page.see("Imported: Why queues explode.").await?;
        page.see(&far).await?;
        import(page, &file).await?;
        page.see("Not imported, because you are as far here or further: Why queues explode.").await?;
        page.assert_accessible().await?;
        page.click("link", "Learn: Why queues explode").await?;
        page.see("STEP 2 OF").await?;
        page.click("button", "Previous step").await?;
        page.see("Not this time.").await?;
        let after: Value = serde_json::from_str(&kept(page, KEY).await?.context("nothing is kept")?)?;
        let predicted = |store: &Value| store["lessons"]["why_queues_explode"]["predicted"].clone();
        ensure!(predicted(&after) == predicted(&before), "{after}\n{before}");
        Ok(())
    })
}

#[test]
fn two_lessons_in_two_tabs_keep_each_others_progress() -> Result<()> {
    e2e::visit("two-tabs", async |page| {
        let driver = page.driver();
        let first = driver.window().await?;
        page.open("#/learn/why_queues_explode").await?;
        page.see("STEP 1 OF").await?;
        is_kept(page, "why_queues_explode", 0).await?;
        let second = driver.new_tab().await?;
        driver.switch_to_window(second.clone()).await?;
        page.open("#/learn/everyone_at_once").await?;
        page.see("STEP 1 OF").await?;
        is_kept(page, "everyone_at_once", 0).await?;
        for step in 1..3 {
            for (tab, lesson) in [(&first, "why_queues_explode"), (&second, "everyone_at_once")] {
                driver.switch_to_window(tab.clone()).await?;
                page.click("button", "Next").await?;
                is_kept(page, lesson, step).await?;
            }
        }
        is_kept(page, "why_queues_explode", 2).await?;
        // A front door that stands open tells of what is done in another tab.
        driver.switch_to_window(first).await?;
        page.click("link", "war stories").await?;
        page.see("Lessons begun: 2, of which done: 0.").await?;
        driver.switch_to_window(second.clone()).await?;
        page.click("button", "Next").await?;
        is_kept(page, "everyone_at_once", 3).await?;
        driver.close_window().await?;
        let left = driver.windows().await?.into_iter().next().context("the first tab")?;
        driver.switch_to_window(left).await?;
        page.see("Step 4 of").await
    })
}

#[test]
fn a_file_that_cannot_be_read_says_why_and_changes_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    e2e::visit("progress-refused", async |page| {
        page.open("#/learn/why_queues_explode").await?;
        is_kept(page, "why_queues_explode", 0).await?;
        page.click("link", "war stories").await?;
        page.see("Lessons begun: 1").await?;
        let before = kept(page, KEY).await?;
        let long = " ".repeat(2 * 1024 * 1024);
        for (text, reason) in [
            ("<script>window.pwned = 1</script>", "it is not written as progress is (Unexpected token"),
            (r#"{"version":1,"lessons":{"x":7}}"#, "it is not written as progress is (invalid type"),
            (r#"{"version":5,"classes":[]}"#, "it has version 5, and this page reads versions 1 to 4"),
            (&long, "it is longer than 1 MB"),
        ] {
            let path = folder.path().join("bad.json");
            fs::write(&path, text)?;
            import(page, &path).await?;
            page.see(&format!("The file was not imported: {reason}")).await?;
            ensure!(kept(page, KEY).await? == before, "{text:.60} has changed something");
        }
        Ok(())
    })
}

#[test]
fn progress_that_cannot_be_read_is_set_aside_and_leaves_as_a_file() -> Result<()> {
    const OLD: &str = "warstories.lesson.why_queues_explode";
    let folder = tempfile::tempdir()?;
    e2e::visit("progress-unread", async |page| {
        save_downloads(page, folder.path()).await?;
        page.open("#/play/queueing_lab").await?;
        page.find("button", "Play").await?;
        put(page, KEY, "{\"version\":").await?;
        put(page, OLD, "war stories progress 1").await?;
        page.open("#/learn/why_queues_explode").await?;
        page.see("Your progress cannot be read: it is not written as progress is (Unexpected end of JSON input); it was set aside").await?;
        // From here on it is kept as ever.
        is_kept(page, "why_queues_explode", 0).await?;
        ensure!(kept(page, UNREAD).await?.as_deref() == Some("{\"version\":"), "it was not set aside");

        let store = kept(page, KEY).await?.context("nothing is kept")?;
        let (head, tail) = store.split_once("\"edition\":\"").context("no edition")?;
        let other = format!("{head}\"edition\":\"0{}", &tail[1..]);
        let other =
            if other == store { other.replacen("\"edition\":\"0", "\"edition\":\"1", 1) } else { other };
        page.open("").await?;
        put(page, KEY, &other).await?;
        page.open("#/learn/why_queues_explode").await?;
        page.see("This lesson starts from the beginning, because it has changed since you were here; it was set aside")
            .await?;
        page.click("link", "war stories").await?;
        page.click("button", "Save what cannot be read").await?;
        let unread = page.saved(&folder.path().join("warstories-progress-unread.txt")).await?;
        ensure!(
            String::from_utf8(unread)? == format!("{{\"version\":\n{other}"),
            "not all of it is in the file"
        );
        page.assert_accessible().await?;
        ensure!(kept(page, OLD).await?.as_deref() == Some("war stories progress 1"), "the old item is gone");
        Ok(())
    })
}

#[test]
fn a_lesson_can_be_played_where_the_browser_keeps_nothing() -> Result<()> {
    e2e::visit("no-storage", async |page| {
        let off = "Object.defineProperty(window, 'localStorage', {
            get() { throw new DOMException('switched off', 'SecurityError'); } });";
        page.driver().cdp().page().add_script_to_evaluate_on_new_document(off).await?;
        page.open("#/learn/why_queues_explode").await?;
        page.see("STEP 1 OF").await?;
        page.press("?").await?;
        page.find("dialog", "Help").await?;
        page.press(Key::Escape).await?;
        page.click("link", "war stories").await?;
        page.see("This browser keeps no progress yet.").await
    })
}

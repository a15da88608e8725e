//! The words in which tests are told do what they say, shown on a page small enough to see through.

use std::fs;

use anyhow::{Result, ensure};
use e2e::{Page, visit_folder};
use thirtyfour::Key;

const HTML: &str = r#"<!doctype html><html lang="en"><meta charset="utf-8"><title>Hands</title>
<link rel="icon" href="data:,">
<main>
  <h1>Hands</h1>
  <button aria-label="Count up">+</button> <button>Other</button>
  <label for="pool">Pool size</label> <input id="pool" type="range" min="0" max="50" step="5" value="10">
  <p id="said"></p>
</main>
<script src="hands.js"></script>"#;

const SCRIPT: &str = "let count = 0;
const say = (text) => { document.getElementById('said').textContent = text; };
document.querySelector('button').onclick = () => setTimeout(() => say(`counted ${++count}`), 300);
document.querySelector('input').oninput = (event) => say(`pool ${event.target.value}`);
addEventListener('keydown', (event) => { if (event.key === 'r') say('restarted'); });";

fn with_hands(name: &str, story: impl AsyncFnOnce(&Page) -> Result<()>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("index.html"), HTML)?;
    fs::write(folder.path().join("hands.js"), SCRIPT)?;
    visit_folder(folder.path(), name, async |page| {
        page.open("#/somewhere").await?;
        story(page).await?;
        page.assert_clean().await
    })
}

#[test]
fn elements_are_found_by_role_and_name() -> Result<()> {
    with_hands("roles", async |page| {
        page.click("button", "Count up").await?;
        page.see("counted 1").await?;
        ensure!(page.find_all("button", None).await?.len() == 2, "two buttons");
        ensure!(page.find_all("button", Some("Count")).await?.is_empty(), "a name is the whole name");
        ensure!(page.find("heading", "Hands").await?.text().await? == "Hands", "the heading");
        Ok(())
    })
}

#[test]
fn a_slider_moves_by_hand_and_by_keyboard() -> Result<()> {
    with_hands("slider", async |page| {
        page.set_slider("Pool size", 25.0).await?;
        page.see("pool 25").await?;
        page.find("slider", "Pool size").await?.focus().await?;
        page.press(Key::Right).await?;
        page.see("pool 30").await?;
        page.press("r").await?;
        page.see("restarted").await?;
        ensure!(page.set_slider("Pool size", 26.0).await.is_err(), "26 is between two steps");
        Ok(())
    })
}

#[test]
fn screens_and_preferences_are_what_was_asked_for() -> Result<()> {
    with_hands("media", async |page| {
        page.resize(320, 640).await?;
        page.prefer(&[("prefers-color-scheme", "dark"), ("prefers-reduced-motion", "reduce")]).await?;
        let seen = page
            .script(
                "return [innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches,
                     matchMedia('(prefers-reduced-motion: reduce)').matches]",
                vec![],
            )
            .await?;
        ensure!(seen == serde_json::json!([320, 640, true, true]), "the page sees {seen}");
        Ok(())
    })
}

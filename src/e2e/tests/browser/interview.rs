//! The interview room: an answer of one's own comes first, then what a good one says, and the run that bears it out.

use std::fs;

use anyhow::{Context, Result, ensure};
use e2e::Page;
use serde_json::{Value, json};
use thirtyfour::{By, Key};
use warstories_lesson::Deck;
use warstories_lesson::parse::{deck, glossary};
use warstories_lesson::prose;

const CARD: &str = "disk_first_minutes";
const FIRST: &str = "I stop the source first, because what I free is gone again in minutes.";
const SECOND: &str =
    "Then I cut the log to nothing instead of deleting it, and only then I start the database.";
const KEY: &str = "warstories.progress";

fn house() -> Result<Deck> {
    let path = xtask::project::root()?.join("lessons/interview/log_flood.md");
    let glossary = glossary::house().map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    deck::read(&fs::read_to_string(path)?, &glossary).map_err(|problems| anyhow::anyhow!("{problems:?}"))
}

/// What is on the page and in it, whether one sees it or not.
async fn document(page: &Page) -> Result<String> {
    let text = page.script("return document.body.textContent", vec![]).await?;
    Ok(text.as_str().context("a text")?.to_owned())
}

async fn kept(page: &Page) -> Result<Value> {
    let text = page.script("return localStorage.getItem(arguments[0])", vec![KEY.into()]).await?;
    let store: Value = serde_json::from_str(text.as_str().context("nothing is kept")?)?;
    Ok(store["cards"][CARD].clone())
}

#[test]
fn a_question_is_answered_graded_rated_and_comes_again() -> Result<()> {
    let deck = house()?;
    let card = deck.cards.iter().find(|card| card.id == CARD).context("the question")?;
    let plain = |text| prose::plain(text, &|_| String::new());
    let folder = tempfile::tempdir()?;
    e2e::visit("interview", async |page| {
        let allow = json!({ "behavior": "allow", "downloadPath": folder.path() });
        page.driver().cdp().send_raw("Browser.setDownloadBehavior", allow).await?;
        page.open("").await?;
        page.click("link", "Practise for an interview").await?;
        page.see("You have answered none of them yet.").await?;
        page.assert_accessible().await?;
        page.click("link", &card.title).await?;
        page.see(&plain(&card.asks)).await?;

        // Nothing of what a good answer says is there before there is an answer.
        let before = document(page).await?;
        for told in card.rows.iter().map(|row| &row.says).chain([&card.answer]) {
            ensure!(!before.contains(&plain(told)), "{} is in the page", plain(told));
        }
        let field = page.find("textbox", "Your answer").await?;
        field.send_keys(FIRST).await?;
        page.see("14 words; an answer has at least 20.").await?;
        ensure!(!page.find("button", "Give this answer").await?.is_enabled().await?, "it is too short");
        field.send_keys(format!(" {SECOND}")).await?;
        page.assert_accessible().await?;
        page.click("button", "3 minutes").await?;
        page.see("0:01").await?;
        page.click("button", "Pause").await?;
        page.click("button", "Go on").await?;
        field.click().await?;
        page.chord(&[Key::Control], Key::Enter.value()).await?;
        page.see("What a good answer says").await?;
        for told in card.rows.iter().map(|row| &row.says).chain([&card.answer]) {
            page.see(&plain(told)).await?;
        }
        page.see("0 of 8 points").await?;

        // Grades are given by key, and count with the learner's own words only.
        page.press("j").await?;
        page.press("2").await?;
        page.see("Without a sentence of yours this row earns nothing.").await?;
        let choice = page.driver().find(By::Css("#row-0 select")).await?;
        choice.send_keys(Key::Down + "").await?;
        page.see("2 of 8 points").await?;
        page.assert_accessible().await?;
        page.click("button", "Named").await?;
        page.see("1 of 8 points").await?;
        // The number is one that the run has told.
        page.see("files with a name take 0").await?;

        // All of it is there again after a reload, and after a look at the run.
        page.driver().refresh().await?;
        page.see("1 of 8 points").await?;
        page.see(SECOND).await?;
        page.click("link", "Show me in the simulator").await?;
        page.is_at(&card.evidence.play).await?;
        page.driver().back().await?;
        page.see("1 of 8 points").await?;

        page.press(Key::Escape).await?;
        page.press("3").await?;
        page.see("Rated. This question comes again tomorrow.").await?;
        let rated = kept(page).await?;
        ensure!(rated["rows"][0] == json!(["named", FIRST]), "{rated}");
        page.assert_accessible().await?;
        page.click("link", "All questions").await?;
        page.see("Again tomorrow").await?;

        page.click("button", "Save my answers (Markdown)").await?;
        let saved = String::from_utf8(page.saved(&folder.path().join("warstories-interview.md")).await?)?;
        ensure!(saved.contains(&format!("> {FIRST} {SECOND}")) && saved.contains("1 of 8 points"), "{saved}");
        page.click("button", "Save the questions (Anki)").await?;
        let saved = String::from_utf8(page.saved(&folder.path().join("warstories-interview.txt")).await?)?;
        ensure!(saved.lines().any(|line| line.starts_with(CARD) && line.split('\t').count() == 4), "{saved}");

        // As if five days had passed.
        page.script(
            "const store = JSON.parse(localStorage.getItem(arguments[0]));
             store.cards[arguments[1]].review.due -= 5;
             localStorage.setItem(arguments[0], JSON.stringify(store));",
            vec![KEY.into(), CARD.into()],
        )
        .await?;
        page.driver().refresh().await?;
        page.see("One is due today.").await?;
        page.click("button", "Ask me what is due").await?;
        page.see(&plain(&card.asks)).await?;
        ensure!(
            page.find("textbox", "Your answer").await?.prop("value").await?.as_deref() == Some(""),
            "it is begun"
        );
        page.click("button", "I don't know").await?;
        page.see("You did not know.").await?;
        page.see("0 of 8 points").await?;
        page.press("2").await?;
        page.see("comes again tomorrow").await?;
        page.click("button", "Next question").await?;
        page.until("another question", async || {
            let title = page.find("heading", &card.title).await;
            Ok(title.is_err().then_some(()))
        })
        .await
    })
}

#[test]
fn the_first_look_at_the_room_needs_no_scrolling() -> Result<()> {
    e2e::visit("interview-sizes", async |page| {
        let is_in_view = "const { top, bottom } = arguments[0].getBoundingClientRect(); return top >= 0 && bottom <= innerHeight";
        for (width, height) in [(1280, 720), (1440, 900), (390, 844), (768, 1024), (1920, 1080)] {
            page.resize(width, height).await?;
            page.open("#/interview").await?;
            let seen = async |role: &str, name: &str| {
                let element = page.find(role, name).await?;
                let is_seen = page.script(is_in_view, vec![element.to_json()?]).await?;
                ensure!(is_seen == true, "{name} is out of view at {width}x{height}");
                anyhow::Ok(())
            };
            seen("button", "Ask me a question").await?;
            page.open(&format!("#/interview/{CARD}")).await?;
            for (role, name) in
                [("textbox", "Your answer"), ("button", "Give this answer"), ("button", "I don't know")]
            {
                seen(role, name).await?;
            }
            let is_wide = "return document.documentElement.scrollWidth > innerWidth";
            ensure!(page.script(is_wide, vec![]).await? == false, "the page scrolls sideways at {width}");
        }
        for scheme in ["dark", "light"] {
            page.prefer(&[("prefers-color-scheme", scheme)]).await?;
            page.assert_accessible().await?;
        }
        page.open("#/interview/nothing").await?;
        page.see("There is no question \"nothing\" here.").await
    })
}

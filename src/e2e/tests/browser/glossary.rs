//! The words of the trade: a page that needs no program, and a card beside a word that somebody asks about.

use anyhow::{Result, ensure};
use e2e::Page;
use serde_json::Value;
use thirtyfour::Key;

/// What the card says; nothing while it is closed.
async fn card(page: &Page) -> Result<String> {
    let said = "const card = document.querySelector('.term-card'); return card.hidden ? '' : card.innerText";
    Ok(page.script(said, vec![]).await?.as_str().unwrap_or_default().to_owned())
}

async fn card_says(page: &Page, word: &str) -> Result<()> {
    page.until(&format!("a card that explains “{word}”"), async || {
        Ok(card(page).await?.contains(word).then_some(()))
    })
    .await
}

async fn card_is_closed(page: &Page) -> Result<()> {
    page.until("no card", async || Ok(card(page).await?.is_empty().then_some(()))).await
}

#[test]
fn a_word_is_explained_by_key_and_the_card_gives_the_focus_back() -> Result<()> {
    e2e::visit("glossary-key", async |page| {
        page.open("#/learn/pool_of_one_hundred/1").await?;
        page.see("Quiet years").await?;
        page.script("document.querySelector('.term').focus()", vec![]).await?;
        page.press(Key::Enter).await?;
        card_says(page, "connection pool").await?;
        card_says(page, "See it happen").await?;
        page.assert_accessible().await?;
        page.screenshot("glossary-card").await?;
        // What leads out of a lesson leaves it where it is.
        let leaves = "return document.querySelectorAll('.term-card a:not([target])').length";
        ensure!(page.script(leaves, vec![]).await? == 0, "a link of the card leaves the lesson");
        page.press(Key::Escape).await?;
        card_is_closed(page).await?;
        let focused = page.script("return document.activeElement.className", vec![]).await?;
        ensure!(focused == "term", "the focus is on {focused}");
        // Tab leads through the links of the card, and from the last of them to what follows the word.
        page.press(Key::Enter).await?;
        card_says(page, "See it happen").await?;
        let links = page.script("return document.querySelectorAll('.term-card a').length", vec![]).await?;
        for _ in 0..=links.as_u64().unwrap_or_default() {
            page.press(Key::Tab).await?;
        }
        let goes_on = "const at = document.activeElement, word = document.querySelector('.term');
            return at.closest('.rail') !== null && (word.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0";
        ensure!(page.script(goes_on, vec![]).await? == true, "the focus does not go on after the word");
        Ok(())
    })
}

#[test]
fn a_word_is_explained_by_touch_within_the_screen_of_a_phone() -> Result<()> {
    e2e::visit("glossary-touch", async |page| {
        page.resize(390, 844).await?;
        page.touch_screen().await?;
        page.open("#/learn/pool_of_one_hundred/1").await?;
        page.see("Quiet years").await?;
        let place = "document.querySelector('.term').scrollIntoView({ block: 'start' });
            const box = document.querySelector('.term').getBoundingClientRect();
            return [Math.round(box.left + 4), Math.round(box.top + 4)]";
        let place: (u32, u32) = serde_json::from_value(page.script(place, vec![]).await?)?;
        page.tap(place).await?;
        card_says(page, "connection pool").await?;
        let outside = "const box = document.querySelector('.term-card').getBoundingClientRect();
            return box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight";
        ensure!(page.script(outside, vec![]).await? == false, "the card leaves the screen");
        page.screenshot("glossary-phone").await?;
        page.tap((370, 60)).await?;
        card_is_closed(page).await
    })
}

#[test]
fn the_glossary_is_a_page_that_names_each_word_and_leads_on() -> Result<()> {
    e2e::visit("glossary-page", async |page| {
        page.open("#/glossary/bulkhead").await?;
        page.find("heading", "Glossary").await?;
        page.until("the focus on the word that the address names", async || {
            let focused = page.script("return document.activeElement.id", vec![]).await?;
            Ok((focused == "term-bulkhead").then_some(()))
        })
        .await?;
        page.assert_accessible().await?;
        page.screenshot("glossary-page").await?;
        let replays = "return [...document.querySelectorAll('#glossary a[href^=\"#/play/\"]')].length";
        let replays = page.script(replays, vec![]).await?;
        ensure!(replays.as_u64() > Some(20), "only {replays} entries lead to a run");
        page.open("").await?;
        page.find("heading", "Stories").await?;
        let hidden: Value = page.script("return document.getElementById('glossary').hidden", vec![]).await?;
        ensure!(hidden == true, "the glossary stays at the front door");
        Ok(())
    })
}

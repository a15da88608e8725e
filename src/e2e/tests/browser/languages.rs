//! People who read and write another language than English: other keyboards, a decimal comma, a translated page.

use anyhow::{Result, ensure};
use e2e::Page;

use crate::branches::enter;

/// What a script says about the page, as a text.
async fn ask(page: &Page, script: &str) -> Result<String> {
    let answer = page.script(script, vec![]).await?;
    Ok(answer.as_str().map_or_else(|| answer.to_string(), str::to_owned))
}

#[test]
fn a_number_may_have_a_decimal_comma_and_what_is_refused_says_why() -> Result<()> {
    e2e::visit("decimal-comma", async |page| {
        page.open("#/play/queueing_lab?seed=5").await?;
        page.is_at("queueing_lab?seed=5").await?;
        enter(page, "arrivals_per_s", "9,5").await?;
        page.link("arrivals_per_s=9.5").await?;
        let field = page.control("[data-param-number='arrivals_per_s']").await?;
        for (text, said) in [
            ("1,500", "write the number without a comma"),
            ("-3", "it takes a number from 0 to 10000"),
            ("1e99", "cannot be \"1e99\""),
            ("abc", "cannot be \"abc\""),
        ] {
            enter(page, "arrivals_per_s", text).await?;
            page.see(said).await?;
            ensure!(field.attr("aria-invalid").await?.as_deref() == Some("true"), "{text} is not marked");
            ensure!(field.prop("value").await?.as_deref() == Some(text), "{text} is gone");
            page.link("arrivals_per_s=9.5").await?;
        }
        enter(page, "arrivals_per_s", "7").await?;
        page.link("arrivals_per_s=7").await?;
        ensure!(field.attr("aria-invalid").await?.is_none(), "7 is marked");
        ensure!(!page.text().await?.contains("cannot be"), "the reason stays");
        Ok(())
    })
}

#[test]
fn keys_work_on_a_keyboard_that_writes_another_alphabet() -> Result<()> {
    e2e::visit("cyrillic", async |page| {
        page.open("#/play/queueing_lab?seed=5").await?;
        page.find("button", "Play").await?;
        let press = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'л', code: 'KeyK', bubbles: true, cancelable: true }))";
        page.script(press, vec![]).await?;
        page.find("button", "Pause").await?;
        page.script(press, vec![]).await?;
        page.find("button", "Play").await?;
        Ok(())
    })
}

/// What a browser's translation does: it puts each text that it may translate into elements of its own.
const TRANSLATE: &str = "
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
        const around = texts.currentNode.parentElement;
        if (texts.currentNode.data.trim() && around.closest('[translate]')?.translate !== false && !around.closest('script, style')) {
            found.push(texts.currentNode);
        }
    }
    for (const text of found) {
        const [outer, inner] = [document.createElement('font'), document.createElement('font')];
        inner.textContent = 'ü ' + text.data;
        outer.append(inner);
        text.replaceWith(outer);
    }
    return found.length";

#[test]
fn a_translated_lesson_plays_on() -> Result<()> {
    e2e::visit("translated", async |page| {
        page.open("#/learn/pool_of_one_hundred/2").await?;
        page.see("STEP 2 OF").await?;
        for step in 2..5 {
            let translated = page.script(TRANSLATE, vec![]).await?;
            ensure!(
                translated.as_u64() > Some(5),
                "only {translated} texts of step {step} can be translated"
            );
            let title = ask(page, "return document.getElementById('step-title').textContent").await?;
            ensure!(title.starts_with("ü "), "{title} is not translated");
            // What the run says goes on in English, and is never left behind. This moment lies before each question.
            page.set_slider("Timeline", 80.0).await?;
            let clock = "return document.querySelector('[data-role=clock]').textContent";
            page.until("the clock", async || Ok((ask(page, clock).await? == "02:31:20").then_some(())))
                .await?;
            page.click("button", "Next").await?;
            page.see(&format!("STEP {} OF", step + 1)).await?;
            let next = ask(page, "return document.getElementById('step-title').textContent").await?;
            ensure!(next != title && !next.starts_with("ü "), "step {step} left its title {next}");
            let left = page.script("return document.querySelectorAll('#rail font').length", vec![]).await?;
            ensure!(left == 0, "{left} translated texts of step {step} are still there");
        }
        Ok(())
    })
}

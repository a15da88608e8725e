//! The whole page without a mouse.

use anyhow::{Context, Result, ensure};
use e2e::Page;
use serde_json::{Value, json};
use thirtyfour::{By, Key};

/// Everything that a person can operate and that is there to be seen.
const CONTROLS: &str = "window.controls = [...document.querySelectorAll(
        'a[href], button:not(:disabled), input, select, textarea, summary, [tabindex=\"0\"]')]
    .filter((element) => element.checkVisibility());
    window.walked = new Set();
    return window.controls.length";

/// Looks at what has the focus: has it been there before, can the focus be seen, does anything hide it?
const LOOK: &str = "const at = document.activeElement;
    if (at === document.body || window.walked.has(at)) return { done: true };
    window.walked.add(at);
    const name = (at.getAttribute('aria-label') || at.textContent || at.id).trim().slice(0, 40);
    const ring = at.querySelector(':scope > .focus') || at.querySelector('.focus');
    const style = getComputedStyle(ring ?? at);
    const seen = ring ? style.stroke !== 'none' : style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const { left, top, width, height } = at.getBoundingClientRect();
    const above = document.elementFromPoint(left + width / 2, top + height / 2);
    const bar = document.querySelector('.transport');
    const hidden = above === null || (bar.contains(above) && !bar.contains(at));
    return { done: false, name: `${at.tagName} ${name}`, seen, hidden };";

async fn walk(page: &Page) -> Result<()> {
    let controls = page.script(CONTROLS, vec![]).await?.as_u64().context("no number of controls")?;
    ensure!(controls > 40, "only {controls} controls");
    let mut names = Vec::new();
    for _ in 0..controls + 5 {
        page.press(Key::Tab).await?;
        let look = page.script(LOOK, vec![]).await?;
        if look["done"] == true {
            break;
        }
        ensure!(look["seen"] == true, "the focus cannot be seen on {}", look["name"]);
        ensure!(look["hidden"] == false, "the transport hides {}", look["name"]);
        names.push(look["name"].as_str().unwrap_or_default().to_owned());
    }
    let missed =
        "return window.controls.filter((element) => !window.walked.has(element) && element.isConnected)
        .map((element) => element.outerHTML.slice(0, 120))";
    let missed = page.script(missed, vec![]).await?;
    ensure!(missed == Value::Array(vec![]), "Tab does not lead to {missed}; it leads to {names:?}");
    let asks = names.iter().any(|name| name.ends_with("Tell me how the run is doing now"));
    ensure!(asks, "nothing tells how the run is doing; Tab leads to {names:?}");
    Ok(())
}

#[test]
fn tab_leads_to_every_control_and_the_focus_can_be_seen() -> Result<()> {
    e2e::visit("tab", async |page| {
        for (width, height) in [(1440, 900), (390, 844)] {
            page.resize(width, height).await?;
            page.open("#/play/queueing_lab?arrivals_per_s=12&at=30,servers=2&t=60").await?;
            page.is_at("queueing_lab?arrivals_per_s=12&at=30,servers=2&t=60").await?;
            walk(page).await?;
        }
        Ok(())
    })
}

#[test]
fn keys_alone_play_step_restart_and_compare_and_can_be_switched_off() -> Result<()> {
    e2e::visit("keys", async |page| {
        page.open("#/play/queueing_lab?seed=3").await?;
        page.is_state("Ready").await?;
        page.press("k").await?;
        page.is_state("Running").await?;
        // A run that is stopped before any time has passed is ready, and not paused.
        page.until("the next second", async || {
            Ok((page.shown("clock").await?.as_str() > "00:00:00").then_some(()))
        })
        .await?;
        page.press(Key::Space).await?;
        page.is_state("Paused").await?;
        let paused = page.link("&t=").await?;
        page.press(Key::Right).await?;
        let stepped = page
            .until("a step", async || {
                let link = page.link("&t=").await?;
                Ok((link != paused).then_some(link))
            })
            .await?;
        page.is_at(&stepped).await?;
        page.press("r").await?;
        page.is_state("Ready").await?;
        page.press("n").await?;
        page.until("another seed", async || {
            let link = page.link("seed=").await?;
            Ok(link.split(['?', '&']).all(|part| part != "seed=3").then_some(()))
        })
        .await?;
        page.press("c").await?;
        page.find("heading", "Compare runs").await?;
        let focused = page.script("return document.activeElement.id", vec![]).await?;
        ensure!(focused == "compare", "the focus is on {focused}");
        page.press("c").await?;

        page.press("?").await?;
        page.find("dialog", "Help").await?;
        page.press("k").await?;
        page.is_state("Ready").await?;
        page.find("checkbox", "Keys work alone").await?.focus().await?;
        page.press(Key::Space).await?;
        page.press(Key::Escape).await?;
        page.until("the page again", async || {
            Ok(page.find_all("dialog", None).await?.is_empty().then_some(()))
        })
        .await?;
        page.press("c").await?;
        page.press("k").await?;
        ensure!(page.find_all("heading", Some("Compare runs")).await?.is_empty(), "keys still work alone");
        page.is_state("Ready").await?;
        // It is remembered, and can be switched on again without any key that works alone.
        page.driver().refresh().await?;
        page.is_state("Ready").await?;
        page.press("c").await?;
        page.find("button", "Help").await?.focus().await?;
        page.press(Key::Enter).await?;
        page.find("checkbox", "Keys work alone").await?.focus().await?;
        page.press(Key::Space).await?;
        page.press(Key::Escape).await?;
        page.press("c").await?;
        page.find("heading", "Compare runs").await?;
        Ok(())
    })
}

#[test]
fn sliders_boxes_and_the_crosshair_have_keys_of_their_own() -> Result<()> {
    e2e::visit("own-keys", async |page| {
        page.open("#/play/queueing_lab?arrivals_per_s=30&t=60").await?;
        page.is_at("queueing_lab?arrivals_per_s=30&t=60").await?;
        page.find("slider", "Servers").await?.focus().await?;
        page.press(Key::Right).await?;
        page.link("at=60.000000001,servers=2").await?;
        // An exact value between two stops goes to the one below.
        page.open("#/play/queueing_lab?arrivals_per_s=105").await?;
        page.is_at("queueing_lab?arrivals_per_s=105").await?;
        let arrivals = page.driver().find(By::Css("[type=range][data-param=arrivals_per_s]")).await?;
        arrivals.focus().await?;
        page.press(Key::Left).await?;
        page.link("arrivals_per_s=100").await?;
        page.open("#/play/queueing_lab?arrivals_per_s=30&t=60").await?;
        page.is_at("queueing_lab?arrivals_per_s=30&t=60").await?;
        page.find("slider", "Timeline").await?.focus().await?;
        page.press(Key::Left).await?;
        page.link("&t=59").await?;
        page.driver().find(By::Css("[data-node=queue]")).await?.focus().await?;
        page.press(Key::Enter).await?;
        page.see("number 1 in line").await?;
        page.press(Key::Down).await?;
        page.see("number 2 in line").await?;
        page.press(Key::Escape).await?;
        page.until("the detail to close", async || {
            Ok((!page.text().await?.contains("in line")).then_some(()))
        })
        .await?;
        let crosshair = page.driver().find(By::Css(".crosshair")).await?;
        crosshair.focus().await?;
        page.press(Key::Home).await?;
        page.until("the beginning under the crosshair", async || {
            Ok((crosshair.attr("aria-valuetext").await?.as_deref() == Some("00:00:00")).then_some(()))
        })
        .await?;
        page.link("&t=59").await?;
        Ok(())
    })
}

/// Presses the button that has the focus by key, and once more what has it then.
async fn press_twice(page: &Page) -> Result<Value> {
    page.press(Key::Space).await?;
    let focused =
        "const at = document.activeElement; return [at.localName, at.className, at.dataset.param ?? '']";
    let focused = page.script(focused, vec![]).await?;
    page.press(Key::Space).await?;
    page.is_state("Ready").await?;
    Ok(focused)
}

#[test]
fn a_button_that_goes_when_it_is_pressed_leaves_the_focus_beside_it() -> Result<()> {
    e2e::visit("focus-goes-on", async |page| {
        for (button, beside) in [
            ("[data-param=servers] ~ .notes .was", json!(["input", "", "servers"])),
            (".controls .row button", json!(["div", "row", ""])),
        ] {
            page.open("#/play/queueing_lab").await?;
            page.is_state("Ready").await?;
            page.find("slider", "Servers").await?.focus().await?;
            page.press(Key::Right).await?;
            page.link("servers=").await?;
            page.driver().find(By::Css(button)).await?.focus().await?;
            let focused = press_twice(page).await?;
            ensure!(focused == beside, "{button} leaves the focus on {focused}");
        }
        Ok(())
    })
}

#[test]
fn each_hint_comes_into_sight_with_the_button_for_the_next() -> Result<()> {
    const IN_SIGHT: &str = "const parts = [...document.querySelectorAll('.rail .hint, .rail .goals button')];
        return parts.slice(-2).every((part) => {
            const { left, top, width, height } = part.getBoundingClientRect();
            return [top + 1, top + height - 1].every((y) => part.contains(document.elementFromPoint(left + width / 2, y)));
        })";
    e2e::visit("hints", async |page| {
        page.resize(1280, 720).await?;
        page.open("#/learn/forty_seven_emails/1").await?;
        page.find("button", "Give me a hint").await?.focus().await?;
        for shown in 1..=3 {
            page.press(Key::Enter).await?;
            page.until(&format!("hint {shown}"), async || {
                let hints = page.script("return document.querySelectorAll('.rail .hint').length", vec![]);
                Ok((hints.await? == shown).then_some(()))
            })
            .await?;
            ensure!(page.script(IN_SIGHT, vec![]).await? == true, "hint {shown} is out of sight");
        }
        // The button for the next one is gone.
        let focused = page.script("return document.activeElement.className", vec![]).await?;
        ensure!(focused == "hint", "the focus is on {focused}");
        Ok(())
    })
}

#[test]
fn the_question_marks_of_other_alphabets_open_the_list_of_keys() -> Result<()> {
    e2e::visit("question-marks", async |page| {
        page.open("#/play/queueing_lab").await?;
        page.is_state("Ready").await?;
        for key in ["?", "\u{61f}", "\u{ff1f}"] {
            let press = "document.body.dispatchEvent(new KeyboardEvent('keydown',
                { key: arguments[0], code: 'Slash', shiftKey: true, bubbles: true, cancelable: true }))";
            page.script(press, vec![key.into()]).await?;
            page.find("dialog", "Help").await?;
            page.press(Key::Escape).await?;
            page.until("the page again", async || {
                Ok(page.find_all("dialog", None).await?.is_empty().then_some(()))
            })
            .await?;
        }
        Ok(())
    })
}

#[test]
fn a_browser_that_refuses_to_fill_the_screen_is_told_of_calmly() -> Result<()> {
    e2e::visit("no-full-screen", async |page| {
        page.open("#/play/queueing_lab").await?;
        page.is_state("Ready").await?;
        for refusal in ["() => Promise.reject(new TypeError('Permissions check failed'))", "undefined"] {
            page.script(&format!("Element.prototype.requestFullscreen = {refusal}"), vec![]).await?;
            page.press("f").await?;
            page.see("does not let this page fill the screen").await?;
            page.click("button", "Got it").await?;
        }
        Ok(())
    })
}

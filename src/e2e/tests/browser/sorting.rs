//! The panel in which a learner moves the services of a shop into its core and out of it: by press, by key, with a mouse and
//! with a finger, on a page of its own and in a lesson.

use anyhow::{Context, Result, ensure};
use e2e::Page;
use thirtyfour::{By, Key, WebElement};
use warstories_sim::Input;

use crate::lesson::{is_kept, tab_to};

const PANEL: &str = "Where each service runs";
/// The names in a group, as they are read.
const NAMES: &str = "return [...document.querySelectorAll(`[data-group=\"${arguments[0]}\"] .chip`)]
    .map((chip) => chip.firstChild.data)";

async fn names(page: &Page, group: usize) -> Result<Vec<String>> {
    Ok(serde_json::from_value(page.script(NAMES, vec![group.into()]).await?)?)
}

/// Waits until these services are in the core, in the order of the list, and all others are not.
async fn core_is(page: &Page, expected: &[&str]) -> Result<()> {
    page.until(&format!("{expected:?} in the core"), async || {
        let (core, own) = (names(page, 0).await?, names(page, 1).await?);
        Ok((core == expected && core.len() + own.len() == 20).then_some(()))
    })
    .await
}

async fn says(page: &Page, sentence: &str) -> Result<()> {
    let said = "return document.querySelector('.sorter [role=status]').textContent";
    page.until(&format!("“{sentence}” to be said"), async || {
        Ok((page.script(said, vec![]).await? == sentence).then_some(()))
    })
    .await
}

/// What has the focus, as it is read.
async fn focused(page: &Page) -> Result<String> {
    let focus = page.script("return document.activeElement.textContent.trim()", vec![]).await?;
    Ok(focus.as_str().unwrap_or_default().to_owned())
}

async fn chip(page: &Page, name: &str) -> Result<WebElement> {
    let chips = format!("//*[@data-item][starts-with(., \"{name}\")]");
    page.until(&format!("the chip {name}"), async || Ok(Some(page.driver().find(By::XPath(&chips)).await?)))
        .await
}

async fn group(page: &Page, at: usize) -> Result<WebElement> {
    Ok(page.driver().find(By::Css(format!("[data-group='{at}']"))).await?)
}

/// The middle of an element, in CSS pixels of the window.
async fn middle(page: &Page, element: &WebElement) -> Result<(u32, u32)> {
    let script = "const { x, y, width, height } = arguments[0].getBoundingClientRect();
        return [Math.round(x + width / 2), Math.round(y + height / 2)]";
    Ok(serde_json::from_value(page.script(script, vec![element.to_json()?]).await?)?)
}

/// Moves a service by the keyboard alone, as the input says: from wherever the focus is to the panel, and to its chip.
pub(crate) async fn move_by_key(page: &Page, input: &Input) -> Result<()> {
    let Input::Text { text, .. } = input else { anyhow::bail!("{input:?} moves nothing") };
    let (_, name) = text.split_once(' ').context("a verb and a name")?;
    let stop = "return document.querySelector('.sorter [tabindex=\"0\"]').textContent";
    let stop = page.script(stop, vec![]).await?;
    tab_to(page, stop.as_str().unwrap_or_default(), false).await?;
    page.press(Key::Home).await?;
    for _ in 0..20 {
        // The name, or the name and what is said of it.
        if focused(page).await?.split(',').next() == Some(name) {
            return page.press(Key::Enter).await;
        }
        page.press(Key::Right).await?;
    }
    anyhow::bail!("the arrow keys do not lead to {name}")
}

/// Five minutes of the shop are moved about in, and each moment has the services where they were then.
#[test]
fn a_service_is_moved_by_press_by_key_and_by_mouse_and_each_moment_keeps_its_own() -> Result<()> {
    e2e::visit("sorting", async |page| {
        page.resize(1440, 900).await?;
        page.open("#/play/monolith_latency?seed=1&t=12").await?;
        page.find("heading", PANEL).await?;
        core_is(page, &[]).await?;
        page.click("button", "Inventory").await?;
        core_is(page, &["Inventory"]).await?;
        says(page, "Inventory runs in the core now.").await?;
        page.link("&at=12.000000001,topology=merge%20Inventory&t=12").await?;
        ensure!(focused(page).await? == "Inventory", "the focus did not go with the service");

        // By key: the arrows go from one to the next and leave time alone.
        page.press(Key::Right).await?;
        page.press(Key::Down).await?;
        ensure!(focused(page).await? == "Cart", "{}", focused(page).await?);
        page.press(Key::Enter).await?;
        core_is(page, &["Cart", "Inventory"]).await?;
        page.link("topology=merge%20Cart&t=12").await?;
        page.until("the focus on Cart", async || Ok((focused(page).await? == "Cart").then_some(()))).await?;
        page.press(Key::Space).await?;
        core_is(page, &["Inventory"]).await?;
        says(page, "Cart runs on its own now.").await?;
        page.link("topology=split%20Cart&t=12").await?;
        page.press(Key::End).await?;
        ensure!(focused(page).await?.starts_with("Audit"), "{}", focused(page).await?);
        page.press(Key::Tab).await?;
        let inside = "return document.querySelector('.sorter').contains(document.activeElement)";
        ensure!(page.script(inside, vec![]).await? == false, "Tab goes from chip to chip");
        let back = page.driver().action_chain().key_down(Key::Shift).key_down(Key::Tab);
        back.key_up(Key::Tab).key_up(Key::Shift).perform().await?;
        ensure!(focused(page).await?.starts_with("Audit"), "{}", focused(page).await?);
        // It is a step, which is taken back and once more.
        page.chord(&[Key::Control], 'z').await?;
        core_is(page, &["Cart", "Inventory"]).await?;
        page.chord(&[Key::Control], 'z').await?;
        core_is(page, &["Inventory"]).await?;

        // By mouse, later in the run: what is let go of with Escape, or where it was, stays.
        page.set_slider("Timeline", 20.0).await?;
        page.link("t=20").await?;
        let (tax, core) = (chip(page, "Tax").await?, group(page, 0).await?);
        page.script("arguments[0].scrollIntoView({ block: 'center' })", vec![core.to_json()?]).await?;
        let drag = || page.driver().action_chain().move_to_element_center(&tax).click_and_hold();
        drag().move_by_offset(20, 8).move_to_element_center(&core).perform().await?;
        page.driver()
            .find(By::Css(".group.takes[data-group='0']"))
            .await
            .context("no drop target is shown")?;
        page.screenshot("sorting-drag").await?;
        page.press(Key::Escape).await?;
        page.driver().action_chain().release().perform().await?;
        drag().move_by_offset(30, 4).release().perform().await?;
        core_is(page, &["Inventory"]).await?;
        drag().move_by_offset(20, 8).move_to_element_center(&core).release().perform().await?;
        core_is(page, &["Inventory", "Tax"]).await?;
        says(page, "Tax runs in the core now.").await?;
        let link = page.link("topology=merge%20Tax&t=20").await?;
        page.is_at(&link).await?;
        page.assert_accessible().await?;

        // Each moment as it was.
        page.set_slider("Timeline", 15.0).await?;
        core_is(page, &["Inventory"]).await?;
        page.set_slider("Timeline", 5.0).await?;
        core_is(page, &[]).await?;
        page.set_slider("Timeline", 30.0).await?;
        core_is(page, &["Inventory", "Tax"]).await?;
        let link = page.link("t=30").await?;
        page.is_at(&link).await?;
        page.open(&format!("#/play/{link}")).await?;
        core_is(page, &["Inventory", "Tax"]).await
    })
}

#[test]
fn a_finger_moves_a_service_and_scrolls_the_page_beside_it() -> Result<()> {
    e2e::visit("sorting-touch", async |page| {
        page.resize(390, 844).await?;
        page.touch_screen().await?;
        page.open("#/play/monolith_latency?seed=1&t=12").await?;
        page.find("heading", PANEL).await?;
        let (user, core) = (chip(page, "User").await?, group(page, 0).await?);
        let to_sight = "arguments[0].closest('.sorter').scrollIntoView({ block: 'center' })";
        page.script(to_sight, vec![core.to_json()?]).await?;
        let scrolled = async || {
            let y = page.script("return Math.round(scrollY)", vec![]).await?;
            y.as_i64().context("a number of pixels")
        };
        let before = scrolled().await?;
        page.swipe(middle(page, &user).await?, middle(page, &core).await?).await?;
        core_is(page, &["User"]).await?;
        page.link("topology=merge%20User&t=12").await?;
        ensure!(scrolled().await? == before, "the finger that dragged has scrolled the page, too");
        let tap = async || {
            page.tap(middle(page, &chip(page, "Pricing").await?).await?).await?;
            core_is(page, &["User", "Pricing"]).await
        };
        // Where the machine is busy, the two messages of a tap may lie so far apart that the browser sees a long press,
        // which presses nothing.
        if tap().await.is_err() {
            tap().await?;
        }
        says(page, "Pricing runs in the core now.").await?;
        page.screenshot("sorting-touch").await?;
        page.assert_accessible().await?;

        // On the heading of a group it scrolls, and moves nothing.
        let heading = page.driver().find(By::Css("[data-group='1'] h3")).await?;
        let (x, y) = middle(page, &heading).await?;
        page.swipe((x, y), (x, y - 200)).await?;
        page.until("a page that scrolls", async || Ok((scrolled().await? > before + 50).then_some(())))
            .await?;
        core_is(page, &["User", "Pricing"]).await?;
        page.set_slider("Timeline", 5.0).await?;
        core_is(page, &[]).await
    })
}

/// Where a step does not open it, the panel can be read, and that is all.
#[test]
fn a_lesson_opens_the_panel_where_its_step_says_so() -> Result<()> {
    e2e::visit("sorting-lesson", async |page| {
        page.resize(1440, 900).await?;
        page.open("#/learn/fifteen_calls/12").await?;
        page.find("heading", PANEL).await?;
        page.find("button", "Search").await?.click().await?;
        core_is(page, &["Search"]).await?;
        is_kept(page, "topology=merge%20Search").await?;
        page.screenshot("sorting-lesson").await?;
        page.assert_accessible().await?;
        page.open("#/learn/fifteen_calls/13").await?;
        page.find("heading", "One process").await?;
        ensure!(
            page.driver().find_all(By::Css(".sorter")).await?.is_empty(),
            "a step shows what it does not need"
        );
        page.press("i").await?;
        page.find("heading", PANEL).await?;
        page.until("fifteen services in the core", async || {
            Ok((names(page, 0).await?.len() == 15).then_some(()))
        })
        .await?;
        ensure!(
            page.driver().find_all(By::Css(".sorter button")).await?.is_empty(),
            "what is closed can be pressed"
        );
        page.assert_accessible().await
    })
}

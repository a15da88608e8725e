//! Controls find their place: grouped by the parts of the system, found by a word, opened from the diagram.

use anyhow::{Context, Result, ensure};
use e2e::Page;
use serde_json::json;
use thirtyfour::{By, Key};
use warstories_lesson::lesson::{Control, Part};
use warstories_sim::SCENARIOS;

use crate::lesson::{read, tab_to};

const SIZES: [(u32, u32); 2] = [(1440, 900), (390, 844)];

/// What a script lists.
async fn list(page: &Page, script: &str) -> Result<Vec<String>> {
    Ok(serde_json::from_value(page.script(script, vec![]).await?)?)
}

/// The summaries of the groups that are open.
async fn open_groups(page: &Page) -> Result<Vec<String>> {
    list(page, "return [...document.querySelectorAll('.part[open] > summary')].map((one) => one.textContent)")
        .await
}

async fn are_open(page: &Page, groups: &[&str]) -> Result<()> {
    page.until(&format!("{groups:?} to be open, and no others"), async || {
        Ok((open_groups(page).await? == groups).then_some(()))
    })
    .await
}

/// Puts the focus on the heading of a group, as Tab does.
async fn focus_group(page: &Page, label: &str) -> Result<()> {
    let heading = By::XPath(format!("//details[@class='part']/summary[b='{label}']"));
    Ok(page.driver().find(heading).await?.focus().await?)
}

/// How far the page and the column of controls are scrolled, and where a group begins in the column.
async fn scrolled(page: &Page, group: &str) -> Result<(f64, f64, f64)> {
    let script = "const column = document.querySelector('.controls');
        const group = [...document.querySelectorAll('.part')].find((part) => part.querySelector('b').textContent === arguments[0]);
        const top = group.getBoundingClientRect().top - column.getBoundingClientRect().top;
        return [scrollY, column.scrollTop, top / column.clientHeight]";
    Ok(serde_json::from_value(page.script(script, vec![json!(group)]).await?)?)
}

/// Chooses with the keyboard the part of the system whose controls are on show, where a lesson has opened many.
pub(crate) async fn choose_part(page: &Page, label: &str) -> Result<()> {
    const PARTS: &str = "return [...document.querySelectorAll('.of-part label')]
        .map((one) => [one.textContent.trim(), one.querySelector('input').checked])";
    let parts: Vec<(String, bool)> = serde_json::from_value(page.script(PARTS, vec![]).await?)?;
    let (Some(to), Some(from)) = (
        parts.iter().position(|(text, _)| text.starts_with(label)),
        parts.iter().position(|(_, is_on)| *is_on),
    ) else {
        return Ok(());
    };
    if to != from {
        tab_to(page, &format!("option {}", parts[from].0), false).await?;
        let key = if to > from { Key::Down } else { Key::Up };
        for _ in 0..to.abs_diff(from) {
            page.press(key.clone()).await?;
        }
    }
    Ok(())
}

#[test]
fn a_challenge_shows_the_controls_of_one_part_at_a_time() -> Result<()> {
    const SHOWN: &str =
        "return [...document.querySelectorAll('.control-row :is(.knob label, .action button)')]
        .filter((one) => one.checkVisibility()).map((one) => one.textContent)";
    const BELOW: &str = "const scene = document.querySelector('.scene');
        // On a phone the second chart stands below them.
        const ends = [...scene.querySelectorAll('.control-row, .watched .chart')].map((one) => one.getBoundingClientRect().bottom);
        return scene.getBoundingClientRect().top + scene.scrollHeight - scene.scrollTop - Math.max(...ends)";
    let spec = SCENARIOS.iter().map(|entry| entry.spec).find(|spec| spec.id == "connection_pool");
    let spec = spec.context("no such story")?;
    let lesson = read("pool_of_one_hundred.md")?;
    let mut parts = lesson.steps.iter().flat_map(|step| &step.parts);
    let lock = parts.find_map(|part| if let Part::Challenge(one) = part { Some(&one.lock) } else { None });
    let lock = lock.context("the lesson has a challenge")?;
    // What the challenge locks is not there.
    let of = |label: &str| -> Vec<&str> {
        let is_its =
            |part: usize, control: Control| spec.parts[part].label == label && !lock.contains(&control);
        let params = spec.params.iter().enumerate();
        let params = params.filter(|(index, one)| is_its(one.part, Control::Param(*index)));
        let actions = spec.actions.iter().enumerate();
        let actions = actions.filter(|(index, one)| is_its(one.part, Control::Action(*index)));
        params.map(|(_, one)| one.label).chain(actions.map(|(_, one)| one.label)).collect()
    };
    e2e::visit("challenge-controls", async |page| {
        for (width, height) in SIZES {
            page.resize(width, height).await?;
            page.open("#/learn/pool_of_one_hundred/23").await?;
            page.click("button", "Take the challenge").await?;
            if width <= 860 {
                page.click("button", "Story").await?;
            }
            page.see("Changes so far: 0.").await?;
            // There is nothing yet to start again.
            ensure!(
                page.find_all("button", Some("Start this run again")).await?.is_empty(),
                "it can be started again"
            );
            if width <= 860 {
                page.click("button", "Controls").await?;
            }
            let shows = async |part: &str| {
                page.until(&format!("the controls of {part}, and no others"), async || {
                    Ok((list(page, SHOWN).await? == of(part)).then_some(()))
                })
                .await
            };
            shows("Customers").await?;
            page.click("radio", "Database").await?;
            shows("Database").await?;
            if width <= 860 {
                page.click("button", "System").await?;
            }
            let node = page.driver().find(By::Css("[data-node=pool_a]")).await?;
            page.script("arguments[0].scrollIntoView({ block: 'center' })", vec![node.to_json()?]).await?;
            node.click().await?;
            if width <= 860 {
                page.click("button", "Controls").await?;
            }
            shows("Pools").await?;
            // What is out of sight takes no room.
            let below = page.script(BELOW, vec![]).await?.as_f64().context("a length")?;
            ensure!((0.0..40.0).contains(&below), "below the controls the page goes on for {below} px");
            page.screenshot(&format!("challenge-controls-{width}")).await?;
            page.assert_accessible().await?;
            crate::branches::enter(page, "pool_size", "150").await?;
            page.find("radio", "Pools 1 changed").await?;
            if width <= 860 {
                page.click("button", "Story").await?;
            }
            page.click("button", "Start this run again").await?;
            page.see("Changes so far: 0.").await?;
        }
        Ok(())
    })
}

#[test]
fn a_word_shows_the_controls_that_have_it_and_escape_shows_all_again() -> Result<()> {
    let spec = SCENARIOS.iter().map(|entry| entry.spec).find(|spec| spec.id == "connection_pool");
    let spec = spec.context("no such story")?;
    let has = |texts: [&str; 3]| texts.iter().any(|text| text.to_lowercase().contains("retr"));
    let params =
        spec.params.iter().map(|param| (param.part, param.label, has([param.label, param.id, param.doc])));
    let actions = spec.actions.iter().map(|one| (one.part, one.label, has([one.label, one.id, one.doc])));
    let mut meant: Vec<_> = params.chain(actions).filter(|(_, _, is_meant)| *is_meant).collect();
    meant.sort_by_key(|(part, ..)| *part);
    let meant: Vec<_> = meant.into_iter().map(|(_, label, _)| label).collect();
    e2e::visit("find-a-control", async |page| {
        for (width, height) in SIZES {
            page.resize(width, height).await?;
            page.open("#/play/connection_pool").await?;
            page.is_state("Ready").await?;
            are_open(page, &["Customers"]).await?;
            let field = page.find("searchbox", "Find a control").await?;
            field.send_keys("Retr").await?;
            let count =
                format!("{} of {} controls match", meant.len(), spec.params.len() + spec.actions.len());
            page.see(&count).await?;
            let script = "return [...document.querySelectorAll('.part :is(.knob label, .action button)')]
                .filter((one) => one.checkVisibility()).map((one) => one.textContent)";
            let shown = list(page, script).await?;
            ensure!(shown == meant, "{shown:?} are shown for {meant:?}");
            page.screenshot(&format!("find-a-control-{width}")).await?;
            page.assert_accessible().await?;
            field.send_keys("y nothing").await?;
            page.see("0 of ").await?;
            field.send_keys(Key::Escape).await?;
            are_open(page, &["Customers"]).await?;
            ensure!(field.prop("value").await?.as_deref() == Some(""), "the word is still there");
        }
        Ok(())
    })
}

#[test]
fn what_is_refused_stays_in_its_field_while_something_else_is_looked_for() -> Result<()> {
    e2e::visit("refused-and-find", async |page| {
        page.open("#/play/connection_pool").await?;
        page.is_state("Ready").await?;
        crate::branches::enter(page, "spike_multiplier", "many").await?;
        page.see("Spike cannot be \"many\"").await?;
        let field = page.find("searchbox", "Find a control").await?;
        field.send_keys("breaker").await?;
        page.until("the refusal out of sight", async || {
            Ok((!page.text().await?.contains("Spike cannot be")).then_some(()))
        })
        .await?;
        field.send_keys(Key::Escape).await?;
        page.see("Spike cannot be \"many\"").await
    })
}

#[test]
fn a_group_stays_as_it_was_folded_while_the_run_plays() -> Result<()> {
    e2e::visit("fold", async |page| {
        for (width, height) in SIZES {
            page.resize(width, height).await?;
            page.open("#/play/connection_pool?pool_size=50").await?;
            page.is_state("Ready").await?;
            are_open(page, &["Customers", "Pools 1 changed"]).await?;
            focus_group(page, "Customers").await?;
            page.press(Key::Enter).await?;
            focus_group(page, "Database").await?;
            page.press(Key::Space).await?;
            are_open(page, &["Pools 1 changed", "Database"]).await?;
            page.is_state("Ready").await?;
            page.click("button", "Play").await?;
            let before = page.reading("arrived", "total").await?;
            page.until("more traffic", async || {
                Ok((page.reading("arrived", "total").await? > before + 100.0).then_some(()))
            })
            .await?;
            are_open(page, &["Pools 1 changed", "Database"]).await?;
            page.click("button", "Reset all").await?;
            are_open(page, &["Pools", "Database"]).await?;
            page.click("button", "Pause").await?;
            // What an action sets is changed where it is set.
            page.click("button", "Shed load").await?;
            are_open(page, &["App instances 1 changed", "Pools", "Database"]).await?;
        }
        Ok(())
    })
}

#[test]
fn a_node_of_the_diagram_opens_its_controls_and_scrolls_nothing_but_their_column() -> Result<()> {
    e2e::visit("node-opens", async |page| {
        for (width, height) in SIZES {
            page.resize(width, height).await?;
            page.open("#/play/connection_pool?seed=7&t=800").await?;
            page.is_at("connection_pool?seed=7&t=800").await?;
            let node = page.driver().find(By::Css("[data-node=pool_a]")).await?;
            page.script("arguments[0].scrollIntoView({ block: 'center' })", vec![node.to_json()?]).await?;
            let (page_before, ..) = scrolled(page, "Pools").await?;
            node.click().await?;
            are_open(page, &["Customers", "Pools"]).await?;
            page.see("Its controls are open under “Pools”.").await?;
            page.see("place ").await?;
            let (page_after, column, top) = scrolled(page, "Pools").await?;
            ensure!(
                (page_after - page_before).abs() < 1.0,
                "the page went from {page_before} to {page_after}"
            );
            if width > 860 {
                ensure!((-0.01..0.6).contains(&top), "the group begins at {top} of the column");
            } else {
                ensure!(column == 0.0, "the column is scrolled by {column}");
            }
            let said = list(page, "return [...document.querySelectorAll('.controls [role=status]')].map((one) => one.textContent)").await?;
            ensure!(said == ["The controls of “Pools” are open."], "{said:?}");
            page.screenshot(&format!("node-opens-{width}")).await?;
            page.assert_accessible().await?;

            page.driver().find(By::Css("[data-node=downstream]")).await?.focus().await?;
            page.press(Key::Enter).await?;
            are_open(page, &["Customers", "Pools", "Downstream"]).await?;
            // Whoever folds it can open it again in the same way.
            focus_group(page, "Downstream").await?;
            page.press(Key::Enter).await?;
            are_open(page, &["Customers", "Pools"]).await?;
            page.driver().find(By::Css("[data-node=downstream]")).await?.focus().await?;
            page.press(Key::Enter).await?;
            are_open(page, &["Customers", "Pools", "Downstream"]).await?;
        }
        Ok(())
    })
}

#[test]
fn a_lesson_with_few_controls_has_no_groups() -> Result<()> {
    e2e::visit("few-controls", async |page| {
        page.open("#/learn/why_queues_explode/2").await?;
        page.find("heading", "Four fifths").await?;
        let groups =
            list(page, "return [...document.querySelectorAll('.part, .find')].map((one) => one.outerHTML)")
                .await?;
        ensure!(groups.is_empty(), "{groups:?}");
        Ok(())
    })
}

//! What a person enters and reads beside the run: presets, fields that refuse, the tables of numbers.

use anyhow::{Context, Result, ensure};
use e2e::Page;
use serde_json::{Value, json};
use thirtyfour::{By, Key};
use warstories_sim::{Reading, Replay, SCENARIOS};

use crate::branches::enter;

const PRESET: &str = "Eight connections, 128 in line";

/// Opens a list of presets.
async fn unfold(page: &Page, heading: &str) -> Result<()> {
    page.until(heading, async || {
        let heading = By::XPath(format!("//details[@class='presets']/summary[.='{heading}']"));
        let summary = page.driver().find(heading).await?;
        page.script("arguments[0].scrollIntoView({ block: 'center' })", vec![summary.to_json()?]).await?;
        summary.click().await?;
        Ok(Some(()))
    })
    .await
}

/// Whether all of the first element that fits is in sight, above the transport.
async fn is_in_sight(page: &Page, selector: &str) -> Result<bool> {
    let sight = "const place = document.querySelector(arguments[0]).getBoundingClientRect();
        return place.top > -1 && place.bottom <= document.querySelector('.transport').getBoundingClientRect().top";
    Ok(page.script(sight, vec![selector.into()]).await? == true)
}

#[test]
fn a_preset_sets_its_values_plays_and_says_so_where_one_looks() -> Result<()> {
    let spec = SCENARIOS.iter().map(|entry| entry.spec).find(|spec| spec.id == "connection_pool");
    let preset = spec.and_then(|spec| Some((spec, spec.presets.iter().find(|one| one.label == PRESET)?)));
    let (spec, preset) = preset.context("no such preset")?;
    e2e::visit("preset", async |page| {
        for (width, height) in [(1440, 900), (390, 844)] {
            page.resize(width, height).await?;
            page.open("#/play/connection_pool?seed=7&pool_size=50&t=100").await?;
            page.is_state("Paused").await?;
            unfold(page, "Seen elsewhere").await?;
            page.click("button", PRESET).await?;
            page.is_state("Running").await?;
            page.see("all values were set").await?;
            page.see(preset.look_for).await?;
            let said = page.driver().find(By::Css("[role=status] .notice")).await?.text().await?;
            ensure!(said.contains(PRESET), "the page says: {said}");
            page.until("the sentence in sight", async || {
                Ok(is_in_sight(page, ".notice").await?.then_some(()))
            })
            .await?;
            page.screenshot(&format!("preset-{width}")).await?;
            page.click("button", "Pause").await?;
            let meant = preset.replay(spec).with_seed(7);
            let link = Replay::parse(&page.link("&t=").await?).map_err(anyhow::Error::msg)?;
            ensure!(link.replay == meant && link.moment.is_some_and(|at| at.nanos() > 0), "{link:?}");
        }
        Ok(())
    })
}

/// No word stands over another, and nothing is cut.
#[test]
fn figures_seen_elsewhere_are_read_at_every_width() -> Result<()> {
    e2e::visit("seen-elsewhere", async |page| {
        for (scenario, width) in
            [("connection_pool", 1440), ("cache_stampede", 390), ("duplicate_delivery", 1920)]
        {
            page.resize(width, 900).await?;
            page.open(&format!("#/play/{scenario}")).await?;
            unfold(page, "Seen elsewhere").await?;
            page.screenshot(&format!("seen-elsewhere-{width}")).await?;
            let squeezed = "return [...document.querySelectorAll('.report :is(th, td)')].flatMap((cell) => {
                const style = getComputedStyle(cell);
                const room = cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
                const longest = parseFloat(style.fontSize) * 5;
                return cell.scrollWidth > cell.clientWidth || room < longest ? [`${cell.textContent}: ${room}`] : [];
            })";
            ensure!(
                page.script(squeezed, vec![]).await? == json!([]),
                "{}",
                page.script(squeezed, vec![]).await?
            );
            let heads = page.driver().find(By::Css(".report thead")).await?.text().await?;
            ensure!(heads.contains("Reported") && heads.contains("Here"), "the heads are {heads}");
        }
        Ok(())
    })
}

#[test]
fn durations_tell_their_mean_and_their_maximum_within_the_card() -> Result<()> {
    e2e::visit("numbers", async |page| {
        // Waits of many minutes take the most room.
        let link = "connection_pool?seed=3&pool_size=20&spike_at_s=0&t=4000";
        for (width, height) in [(1440, 900), (390, 844), (320, 640)] {
            page.resize(width, height).await?;
            page.open(&format!("#/play/{link}")).await?;
            page.is_at(link).await?;
            let run = e2e::straight(link)?;
            let metric = run.spec().metric("wait_s").map_err(anyhow::Error::msg)?;
            let Reading::Histogram { count, mean, max, .. } = run.read(metric) else {
                anyhow::bail!("no histogram")
            };
            ensure!(count > 0 && mean < max, "nothing to tell");
            ensure!(page.reading("wait_s", "run-mean").await? == mean, "another mean");
            ensure!(page.reading("wait_s", "run-max").await? == max, "another maximum");
            let beyond = "const card = document.querySelector('.numbers');
                const { paddingRight } = getComputedStyle(card);
                const end = card.getBoundingClientRect().right - parseFloat(paddingRight) + 1;
                return [...card.querySelectorAll('table')].map((table) => table.getBoundingClientRect().right - end)
                    .filter((pixels) => pixels > 0)";
            let beyond = page.script(beyond, vec![]).await?;
            ensure!(beyond == json!([]), "at {width} tables hang out by {beyond}");
            page.script(
                "document.querySelector('.numbers table:last-child').scrollIntoView({ block: 'center' })",
                vec![],
            )
            .await?;
            page.screenshot(&format!("numbers-{width}")).await?;
        }
        // Wherever the page is scrolled to, the bar of time covers a part of something.
        page.script("scrollTo(0, 0)", vec![]).await?;
        page.assert_accessible().await
    })
}

/// What stands in a parameter's field.
async fn written(page: &Page, param: &str) -> Result<String> {
    let field = page.control(&format!("[data-param-number='{param}']")).await?;
    field.prop("value").await?.context("the field has no value")
}

#[test]
fn a_refusal_names_the_label_and_is_put_away_by_escape_and_by_reset_all() -> Result<()> {
    e2e::visit("refused", async |page| {
        page.open("#/play/queueing_lab?servers=3").await?;
        page.is_state("Ready").await?;
        for way in ["Escape", "Reset all"] {
            enter(page, "arrivals_per_s", "many").await?;
            page.see("Arrivals cannot be \"many\"; it takes a number from").await?;
            ensure!(!page.text().await?.contains("arrivals_per_s"), "people read an identifier");
            if way == "Escape" {
                page.press(Key::Escape).await?;
            } else {
                page.click("button", way).await?;
            }
            page.until(&format!("the draft to be put away by {way}"), async || {
                let is_away = !page.text().await?.contains("cannot be")
                    && written(page, "arrivals_per_s").await? == "8";
                Ok(is_away.then_some(()))
            })
            .await?;
        }
        page.is_at("queueing_lab").await
    })
}

/// The accessible description that the browser computes for the control of this role and name.
async fn description(page: &Page, role: &str, name: &str) -> Result<String> {
    let tree = page.driver().cdp().send_raw("Accessibility.getFullAXTree", json!({})).await?;
    let nodes = tree["nodes"].as_array().context("no tree")?;
    let is_it = |node: &&Value| node["role"]["value"] == role && node["name"]["value"] == name;
    let node = nodes.iter().find(is_it).with_context(|| format!("no {role} called {name}"))?;
    Ok(node["description"]["value"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn whoever_comes_to_a_control_hears_why_it_does_nothing() -> Result<()> {
    e2e::visit("why-locked", async |page| {
        page.open("#/play/connection_pool").await?;
        page.is_state("Ready").await?;
        page.find("slider", "Pool on holidays").await?;
        page.see("The holiday is not listed.").await?;
        let described = description(page, "slider", "Pool on holidays").await?;
        ensure!(described.starts_with("The holiday is not listed."), "it is described as {described}");

        // A pool in which everybody waits for a second connection says that, too.
        let locked = "connection_pool?seed=1&app_instances=1&worker_threads=20&connections_per_tx=2&pool_size=5&spike_at_s=0&t=30";
        page.open(&format!("#/play/{locked}")).await?;
        page.is_at(locked).await?;
        page.find("button", "Pool A: locked, 5 of 5 wait for a second").await?;
        Ok(())
    })
}

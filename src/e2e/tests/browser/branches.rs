//! What if: changes, undo and redo, branches side by side, and giving one to somebody else.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use e2e::Page;
use thirtyfour::{By, Key};
use warstories_sim::Reading;

/// Writes an exact value into a parameter's number field.
pub async fn enter(page: &Page, param: &str, value: &str) -> Result<()> {
    let field = page.control(&format!("[data-param-number='{param}']")).await?;
    field.focus().await?;
    field.send_keys(Key::Control + "a").await?;
    field.send_keys(value).await?;
    field.send_keys(Key::Enter).await?;
    Ok(())
}

/// Waits until the panel counts what was changed so.
async fn says(page: &Page, changes: &str) -> Result<()> {
    page.until(changes, async || Ok((page.shown("inputs").await? == changes).then_some(()))).await
}

#[test]
fn a_change_is_undone_and_redone() -> Result<()> {
    e2e::visit("undo", async |page| {
        let (before, after) = ("queueing_lab?seed=5&arrivals_per_s=14&t=60", "at=60.000000001,servers=2");
        page.open(&format!("#/play/{before}")).await?;
        page.is_at(before).await?;
        enter(page, "servers", "2").await?;
        let changed = page.link(after).await?;
        page.is_at(&changed).await?;
        says(page, "1 change in this run, 1 start value changed").await?;
        page.click("button", "Undo").await?;
        says(page, "1 start value changed").await?;
        page.is_at(before).await?;
        page.click("button", "Redo").await?;
        page.link(after).await?;
        // The keys do the same, wherever the focus is but in a field that is written in.
        page.chord(&[Key::Control], 'z').await?;
        says(page, "1 start value changed").await?;
        page.chord(&[Key::Control, Key::Shift], 'z').await?;
        says(page, "1 change in this run, 1 start value changed").await?;
        // It really decides what comes: played on, both runs differ.
        page.set_slider("Timeline", 120.0).await?;
        page.is_at("queueing_lab?seed=5&arrivals_per_s=14&at=60.000000001,servers=2&t=120").await?;
        page.click("button", "Forget them").await?;
        says(page, "1 start value changed").await?;
        page.set_slider("Timeline", 120.0).await?;
        page.is_at("queueing_lab?seed=5&arrivals_per_s=14&t=120").await
    })
}

/// A link keeps every change, and a hand on its way passes many values that nobody meant.
#[test]
fn a_handle_that_is_dragged_while_time_passes_is_one_change() -> Result<()> {
    e2e::visit("dragged", async |page| {
        page.open("#/play/queueing_lab?seed=5").await?;
        page.click("button", "Play").await?;
        page.is_state("Running").await?;
        let handle = page.driver().find(By::Css("[data-param='arrivals_per_s']")).await?;
        page.script("arguments[0].scrollIntoView({ block: 'center' })", vec![handle.to_json()?]).await?;
        let between = Some(Duration::from_millis(80));
        let mut drag = page.driver().action_chain_with_delay(None, between);
        drag = drag.move_to_element_center(&handle).click_and_hold();
        for _ in 0..30 {
            drag = drag.move_by_offset(2, 0);
        }
        drag.release().perform().await?;
        let link = page.link("arrivals_per_s=").await?;
        // Time may stop the hand for a moment on a busy machine.
        let changes = link.matches("arrivals_per_s=").count();
        ensure!(changes <= 3, "{changes} changes: {link}");
        page.click("button", "Undo").await?;
        says(page, "No changes yet").await
    })
}

/// A count at the link's moment, as the core alone counts it and as people read it.
fn counted(link: &str, id: &str) -> Result<String> {
    let run = e2e::straight(link)?;
    let metric = run.spec().metric(id).map_err(anyhow::Error::msg)?;
    let Reading::Count(count) = run.read(metric) else { anyhow::bail!("{id} is no count") };
    Ok(warstories_sim::format::count(count))
}

#[test]
fn branches_go_side_by_side_and_each_stays_its_own_run() -> Result<()> {
    e2e::visit("branches", async |page| {
        page.resize(1440, 900).await?;
        page.open("#/play/queueing_lab?seed=5&arrivals_per_s=14&at=30,arrivals_per_s=16&t=60").await?;
        page.click("button", "Fork here").await?;
        page.find("button", "B").await?;
        enter(page, "servers", "2").await?;
        page.set_slider("Timeline", 180.0).await?;
        let a = "queueing_lab?seed=5&arrivals_per_s=14&at=30,arrivals_per_s=16&t=180";
        let b =
            "queueing_lab?seed=5&arrivals_per_s=14&at=30,arrivals_per_s=16&at=60.000000001,servers=2&t=180";
        let baseline = "queueing_lab?seed=5&arrivals_per_s=14&t=180";
        page.is_at(b).await?;
        page.click("button", "A").await?;
        page.is_at(a).await?;

        page.click("button", "Compare").await?;
        page.find("heading", "Compare runs").await?;
        page.click("checkbox", "Baseline: the run that nobody touched").await?;
        let mut differ = (false, false);
        for id in ["arrived", "done"] {
            let expected = [counted(a, id)?, counted(b, id)?, counted(baseline, id)?];
            differ.0 |= expected[0] != expected[1];
            differ.1 |= expected[0] != expected[2];
            page.until(&format!("{expected:?} {id}"), async || {
                let cells = format!("[data-compare={id}][data-stat=total]");
                let mut texts = Vec::new();
                for cell in page.driver().find_all(By::Css(cells)).await? {
                    texts.push(cell.text().await?.lines().next().unwrap_or_default().to_owned());
                }
                Ok((texts == expected).then_some(()))
            })
            .await?;
        }
        ensure!(differ == (true, true), "nothing to compare");
        let ghosts = page.driver().find(By::Css(".chart .ghosts")).await?.text().await?;
        ensure!(ghosts.contains('B') && ghosts.contains("Baseline"), "the charts show ghosts of {ghosts}");

        let name = page.find("textbox", "Name of branch B").await?;
        name.send_keys(Key::Control + "a").await?;
        name.send_keys("two servers").await?;
        name.send_keys(Key::Enter).await?;
        page.click("button", "two servers").await?;
        page.is_at(b).await?;
        page.click("button", "Remove branch A").await?;
        page.until("one branch", async || {
            Ok(page.find_all("button", Some("Remove branch two servers")).await?.is_empty().then_some(()))
        })
        .await?;
        page.is_at(b).await
    })
}

#[test]
fn a_shared_link_opens_on_the_same_moment() -> Result<()> {
    e2e::visit("share", async |page| {
        page.open("#/play/queueing_lab?seed=8&arrivals_per_s=12").await?;
        page.click("button", "Play").await?;
        page.until(
            "some time",
            async || Ok((page.shown("clock").await?.as_str() > "00:00:20").then_some(())),
        )
        .await?;
        enter(page, "servers", "2").await?;
        page.click("button", "Share").await?;
        page.find("dialog", "Share this moment").await?;
        let address = page.find("textbox", "Link").await?.prop("value").await?.context("an empty link")?;
        page.click("button", "Copy: Link").await?;
        page.until("what became of the copy", async || {
            let text = page.text().await?;
            Ok((text.contains("Copied.") || text.contains("The text is selected")).then_some(()))
        })
        .await?;
        let fingerprint = page.shown("fingerprint").await?;
        let (_, link) = address.split_once("#/play/").context("no address of a run")?;
        ensure!(link.contains("servers=2") && link.contains("&t="), "{link} tells the whole story");
        page.is_at(link).await?;
        page.press(Key::Escape).await?;
        page.open(&format!("#/play/{link}")).await?;
        page.is_at(link).await?;
        ensure!(page.shown("fingerprint").await? == fingerprint, "another state than the one shared");
        Ok(())
    })
}

#[test]
fn a_change_that_is_taken_back_at_the_same_moment_leaves_nothing_to_undo() -> Result<()> {
    e2e::visit("taken-back", async |page| {
        for link in ["queueing_lab?seed=5", "queueing_lab?seed=5&t=60"] {
            page.open(&format!("#/play/{link}")).await?;
            page.is_at(link).await?;
            enter(page, "servers", "5").await?;
            page.until("a step", async || {
                Ok(page.find("button", "Undo").await?.is_enabled().await?.then_some(()))
            })
            .await?;
            enter(page, "servers", "1").await?;
            says(page, "No changes yet").await?;
            ensure!(
                !page.find("button", "Undo").await?.is_enabled().await?,
                "there is a step that undoes nothing"
            );
            let before = link.replace('?', "?begin&") + "&end";
            page.until("the link of before", async || {
                Ok((page.link("seed=5").await? == before).then_some(()))
            })
            .await?;
        }
        Ok(())
    })
}

#[test]
fn a_comparison_counts_since_the_runs_parted_and_says_what_its_lines_are() -> Result<()> {
    e2e::visit("since-parted", async |page| {
        page.resize(1440, 900).await?;
        page.open("#/play/queueing_lab?seed=5&arrivals_per_s=14&t=60").await?;
        page.click("button", "Fork here").await?;
        page.find("button", "B").await?;
        enter(page, "servers", "2").await?;
        page.set_slider("Timeline", 180.0).await?;
        let b = "queueing_lab?seed=5&arrivals_per_s=14&at=60.000000001,servers=2&t=180";
        page.is_at(b).await?;
        page.click("button", "Compare").await?;
        page.see("since 00:01:00, just before they parted").await?;
        let a = "queueing_lab?seed=5&arrivals_per_s=14";
        let number = |link: &str| -> Result<u64> { Ok(counted(link, "done")?.replace(',', "").parse()?) };
        let earlier = number(&format!("{a}&t=60"))?;
        // The run on show comes first.
        for (place, link) in [b.to_owned(), format!("{a}&t=180")].iter().enumerate() {
            let expected = warstories_sim::format::count(number(link)? - earlier);
            page.until(&format!("{expected} done since then"), async || {
                let cells = By::Css("[data-compare=done][data-stat='since they parted']");
                let cells = page.driver().find_all(cells).await?;
                let text = cells.get(place).context("no such cell")?.text().await?;
                Ok((text.lines().next() == Some(expected.as_str())).then_some(()))
            })
            .await?;
        }
        // The same words here and above the controls.
        let above = page.shown("inputs").await?;
        let beside = page.driver().find(By::Css(".branches li:nth-child(2) small")).await?.text().await?;
        ensure!(
            above == "1 change in this run, 1 start value changed" && above == beside,
            "{above}; {beside}"
        );
        let ghosts = page.driver().find_all(By::Css(".chart .ghosts")).await?;
        let mut said = Vec::new();
        for ghost in ghosts {
            said.push(ghost.text().await?);
        }
        ensure!(said.contains(&String::from("A, p99")) && said.contains(&String::from("A")), "{said:?}");

        let name = page.find("textbox", "Name of branch B").await?;
        name.send_keys(Key::Control + "a").await?;
        name.send_keys("WWWWWWWWWWWWWWWWWWWWWWWW").await?;
        name.send_keys(Key::Enter).await?;
        page.click("button", "WWWWWWWWWWWWWWWWWWWWWWWW").await?;
        let cut = "const name = document.querySelector('.branches li:nth-child(2) .name'); return name.scrollWidth - name.clientWidth";
        ensure!(page.script(cut, vec![]).await? == 0, "the name is cut");
        page.script("document.querySelector('.compare').scrollIntoView()", vec![]).await?;
        page.screenshot("since-parted").await
    })
}

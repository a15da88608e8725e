//! What a learner takes away, and what is left when the page itself fails.

use anyhow::{Context, Result, ensure};
use e2e::Fault;
use serde_json::json;

const LINK: &str = "queueing_lab?seed=7&arrivals_per_s=12&at=60,arrivals_per_s=14";

#[test]
fn a_chart_leaves_as_numbers_and_as_a_picture_with_its_link() -> Result<()> {
    let folder = tempfile::tempdir()?;
    e2e::visit("take-away", async |page| {
        let allow = json!({ "behavior": "allow", "downloadPath": folder.path() });
        page.driver().cdp().send_raw("Browser.setDownloadBehavior", allow).await?;
        page.open(&format!("#/play/{LINK}&t=240")).await?;
        page.is_at(&format!("{LINK}&t=240")).await?;
        let taken = async |button: &str, file: &str| {
            page.click("button", button).await?;
            page.saved(&folder.path().join(file)).await
        };
        let csv = String::from_utf8(taken("CSV of Traffic", "queueing_lab-traffic.csv").await?)?;
        let mut lines = csv.lines();
        ensure!(lines.next() == Some("# Why queues explode"), "{csv:.200}");
        ensure!(lines.next() == Some(format!("# {LINK}").as_str()), "{csv:.200}");
        ensure!(lines.next() == Some("time_s,arrived,done"), "{csv:.200}");
        // The rates of all seconds add up to what the core alone has counted.
        let mut sum = 0.0;
        for line in lines.clone() {
            sum += line.split(',').nth(1).context("no second column")?.parse::<f64>()?;
        }
        let arrived = page.reading("arrived", "total").await?;
        ensure!(
            lines.count() == 240 && (sum - arrived).abs() < 1e-6,
            "{sum} in the file, {arrived} on the page"
        );

        let png = taken("PNG of Traffic", "queueing_lab-traffic.png").await?;
        ensure!(png.starts_with(b"\x89PNG") && png.len() > 5000, "a picture of {} bytes", png.len());
        Ok(())
    })
}

#[test]
fn a_page_that_fails_says_so_calmly_and_its_link_plays_again() -> Result<()> {
    let dist = xtask::project::root()?.join("dist");
    e2e::visit_folder(&dist, "failed", async |page| {
        page.resize(390, 844).await?;
        page.open(&format!("#/play/{LINK}&t=90")).await?;
        page.is_at(&format!("{LINK}&t=90")).await?;
        // As an extension or a translator does it that takes the page's nodes away from under it.
        page.script(
            "scrollTo(0, 2000);
             const insert = Node.prototype.insertBefore;
             Node.prototype.insertBefore = function () { Node.prototype.insertBefore = insert; throw new Error('taken away'); };",
            vec![],
        )
        .await?;
        page.press("c").await?;
        page.see("Something in this page went wrong").await?;
        let seen = "const { top, bottom } = document.getElementById('broken').getBoundingClientRect();
            return top >= 0 && bottom <= innerHeight";
        ensure!(page.script(seen, vec![]).await? == true, "the panel is out of sight");
        page.screenshot("failed").await?;
        let faults = page.faults().await?;
        let is_trap = |fault: &Fault| matches!(fault, Fault::Exception(text) if text.contains("unreachable"));
        ensure!(faults.iter().any(is_trap), "the console says nothing of a trap: {faults:?}");
        let address = page.script("return document.querySelector('#broken a').href", vec![]).await?;
        let (_, link) = address.as_str().and_then(|address| address.split_once('#')).context("no link")?;
        page.open(&format!("#{link}")).await?;
        page.is_at(&format!("{LINK}&t=90")).await
    })
}

//! The connection goes away while somebody is there.

use anyhow::{Result, ensure};
use e2e::Page;
use serde_json::json;

async fn connect(page: &Page, is_online: bool) -> Result<()> {
    let browser = page.driver().cdp();
    browser.send_raw("Network.enable", json!({})).await?;
    let network =
        json!({ "offline": !is_online, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.send_raw("Network.emulateNetworkConditions", network).await?;
    Ok(())
}

/// Whether this is still the document that was opened, and not an error page of the browser's.
async fn is_still_there(page: &Page) -> Result<()> {
    ensure!(
        page.script("return window.isHere === true && location.protocol === 'http:'", vec![]).await? == true
    );
    Ok(())
}

#[test]
fn without_a_connection_a_run_plays_on_and_leads_to_other_runs_and_back() -> Result<()> {
    let dist = xtask::project::root()?.join("dist");
    e2e::visit_folder(&dist, "offline", async |page| {
        page.open("").await?;
        page.script("window.isHere = true", vec![]).await?;
        // The program and its parts are loaded ahead, while nobody is in a hurry; the part for interviews comes last.
        let part = "return performance.getEntriesByType('resource').some((entry) => entry.name.endsWith('interview.wasm') && entry.responseEnd > 0)";
        page.until("all parts", async || Ok((page.script(part, vec![]).await? == true).then_some(())))
            .await?;
        connect(page, false).await?;
        page.click("link", "Play freely: Why queues explode").await?;
        page.click("button", "Play").await?;
        page.is_state("Running").await?;
        is_still_there(page).await?;

        // The data of a lesson are not there, and the page says so.
        page.script("location.hash = '#/learn/why_queues_explode'", vec![]).await?;
        page.see("The lesson did not load: check the connection and open it again.").await?;
        is_still_there(page).await?;
        page.driver().back().await?;
        page.find("button", "Play").await?;
        is_still_there(page).await?;

        connect(page, true).await?;
        page.script("location.hash = '#/learn/why_queues_explode'", vec![]).await?;
        page.see("STEP 1 OF").await?;
        is_still_there(page).await
    })
}

#[test]
fn whoever_leaves_the_front_door_without_a_connection_reads_why_nothing_opens() -> Result<()> {
    let dist = xtask::project::root()?.join("dist");
    e2e::visit_folder(&dist, "offline-door", async |page| {
        // Nothing is loaded ahead.
        let save = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });";
        page.driver().cdp().page().add_script_to_evaluate_on_new_document(save).await?;
        page.open("").await?;
        page.script("window.isHere = true", vec![]).await?;
        connect(page, false).await?;
        for link in ["Play freely: Why queues explode", "Learn: Why queues explode"] {
            page.click("link", link).await?;
            page.see("War Stories could not start. Check the connection").await?;
            page.find("heading", "War Stories").await?;
            is_still_there(page).await?;
        }
        connect(page, true).await?;
        page.click("link", "Play freely: Why queues explode").await?;
        page.find("button", "Play").await?;
        is_still_there(page).await
    })
}

//! How long a phone on a slow network waits: benchmarks, run by `cargo xtask bench`.

use anyhow::{Context, Result, ensure};
use serde_json::json;

/// Chrome's own profile of that name: the time of an answer, and bits a second.
const SLOW_4G: (u64, u64) = (400, 1_600_000);
/// A phone's processor takes this many times as long.
const SLOWER: u64 = 4;

/// Opens `address` for the first time over a slow network, and measures in milliseconds when `is_there` first holds.
fn waits(name: &str, address: &str, is_there: &str, what: &str, limit_ms: f64) -> Result<()> {
    e2e::visit(name, async |page| {
        // The server compresses each file once: what a host has done long before anybody comes.
        page.open(address).await?;
        page.until(what, async || {
            Ok((page.script(&format!("return {is_there}"), vec![]).await? == true).then_some(()))
        })
        .await?;
        let browser = page.driver().cdp();
        browser.send_raw("Network.enable", json!({})).await?;
        browser.send_raw("Network.clearBrowserCache", json!({})).await?;
        let watch = format!(
            "const look = () => {{ if (document.body && {is_there}) window.thereAt = performance.now(); else requestAnimationFrame(look); }};
             requestAnimationFrame(look);"
        );
        browser.page().add_script_to_evaluate_on_new_document(&watch).await?;
        page.driver().goto("about:blank").await?;
        let (latency, bits) = SLOW_4G;
        let network = json!({ "offline": false, "latency": latency, "downloadThroughput": bits / 8, "uploadThroughput": bits / 16 });
        browser.send_raw("Network.emulateNetworkConditions", network).await?;
        browser.send_raw("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER })).await?;
        page.open(address).await?;
        let there = page
            .until(what, async || Ok(page.script("return window.thereAt ?? null", vec![]).await?.as_f64()))
            .await?;
        browser.send_raw("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await?;
        let files = "return performance.getEntriesByType('resource').map((file) =>
            `${file.name.split('/').pop()} ${Math.round(file.startTime)}-${Math.round(file.responseEnd)} ms, ${file.transferSize} bytes`).join('\\n')";
        let files = page.script(files, vec![]).await?;
        println!(
            "{what:<52} {there:.0} ms (aim {limit_ms})\n{}",
            files.as_str().context("no list of files")?
        );
        ensure!(there > latency as f64, "that was too quick to have come over a slow network");
        Ok(())
    })
}

#[test]
#[ignore = "a benchmark"]
fn the_front_door_is_read_over_a_slow_network() -> Result<()> {
    let is_there = "document.querySelector('.stories .story:last-child h3')?.checkVisibility() && performance.getEntriesByName('first-contentful-paint').length > 0";
    waits("slow-door", "", is_there, "the front door can be read over Slow 4G", 1500.0)
}

#[test]
#[ignore = "a benchmark"]
fn a_lesson_is_usable_over_a_slow_network() -> Result<()> {
    let is_there = "document.querySelector('.rail .ask input:enabled') !== null && document.querySelector('.stage-frame svg .node') !== null";
    waits(
        "slow-lesson",
        "#/learn/why_queues_explode",
        is_there,
        "a lesson's question can be answered over Slow 4G",
        5000.0,
    )
}

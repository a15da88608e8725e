//! A learner plays the queueing lab: overload, recovery, and the same run again.

use anyhow::{Context, Result, ensure};
use e2e::Page;
use thirtyfour::Key;

/// Presses a key on the arrivals slider until the number field says enough.
async fn slide_arrivals(page: &Page, key: Key, enough: impl Fn(f64) -> bool) -> Result<()> {
    let slider = page.control("input[type=range][data-param=arrivals_per_s]").await?;
    let field = page.control("[data-param-number=arrivals_per_s]").await?;
    slider.focus().await?;
    for _ in 0..40 {
        let value: f64 = field.prop("value").await?.context("the field is empty")?.parse()?;
        if enough(value) {
            return Ok(());
        }
        slider.send_keys(key.clone()).await?;
    }
    anyhow::bail!("40 key presses did not take the slider far enough")
}

#[test]
fn a_queue_grows_past_saturation_and_recovers_below() -> Result<()> {
    e2e::visit("saturation", async |page| {
        page.resize(1440, 900).await?;
        page.open("").await?;
        page.click("link", "Play freely: Why queues explode").await?;
        page.find("slider", "Arrivals").await?;
        page.click("button", "Play").await?;
        // One server of 100 ms serves ten a second.
        slide_arrivals(page, Key::PageUp, |per_s| per_s > 12.0).await?;
        let grown = page
            .until("a queue of 100", async || {
                let waiting = page.reading("waiting", "now").await?;
                Ok((waiting > 100.0).then_some(waiting))
            })
            .await?;
        page.screenshot("saturation").await?;
        page.until("a longer queue", async || {
            Ok((page.reading("waiting", "now").await? > grown + 50.0).then_some(()))
        })
        .await?;
        slide_arrivals(page, Key::PageDown, |per_s| per_s < 4.0).await?;
        page.until(
            "an empty queue",
            async || Ok((page.reading("waiting", "now").await? < 5.0).then_some(())),
        )
        .await?;
        ensure!(page.reading("waiting", "max").await? > 100.0, "the highest queue was forgotten");
        page.screenshot("recovery").await
    })
}

#[test]
fn a_reloaded_page_shows_the_same_moment() -> Result<()> {
    e2e::visit("reload", async |page| {
        page.open("#/play/queueing_lab?seed=7&servers=2&at=20,arrivals_per_s=25&t=90").await?;
        let settled = async || -> Result<(String, String)> {
            page.until("the moment", async || Ok((page.shown("clock").await? == "00:01:30").then_some(())))
                .await?;
            Ok((page.shown("fingerprint").await?, page.shown("events").await?))
        };
        let before = settled().await?;
        page.driver().refresh().await?;
        let after = settled().await?;
        ensure!(before == after, "{before:?} became {after:?}");
        Ok(())
    })
}

#[test]
fn a_broken_link_opens_what_it_can_and_says_what_it_dropped() -> Result<()> {
    e2e::visit("broken-link", async |page| {
        page.open("#/play/queueing_lab?seed=7&servrs=3&arrivals_per_s=9").await?;
        page.see("did you mean \"servers\"?").await?;
        page.find("slider", "Arrivals").await?;
        page.assert_accessible().await?;
        page.open("#/play/queuing_lab").await?;
        page.see("did you mean \"queueing_lab\"?").await
    })
}

#[test]
fn a_run_is_accessible_in_both_themes_and_narrow() -> Result<()> {
    e2e::visit("run-accessible", async |page| {
        for (theme, width) in [("light", 1440), ("dark", 1440), ("light", 320), ("dark", 390)] {
            page.prefer(&[("prefers-color-scheme", theme)]).await?;
            page.resize(width, 844).await?;
            page.open("#/play/queueing_lab?arrivals_per_s=12&t=60").await?;
            page.find("slider", "Arrivals").await?;
            page.assert_accessible().await?;
            let overflow = "return document.documentElement.scrollWidth > window.innerWidth";
            ensure!(page.script(overflow, vec![]).await? == false, "at {width} px the page scrolls sideways");
            page.screenshot(&format!("run-{theme}-{width}")).await?;
        }
        Ok(())
    })
}

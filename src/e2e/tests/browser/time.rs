//! Time in the learner's hands: play, pause, step, seek, stop where something happens.

use anyhow::{Context, Result, ensure};
use thirtyfour::Key;
use warstories_sim::Replay;

/// The moment that a link names, as it is written there.
fn moment(link: &str) -> Result<&str> {
    link.split('&').find_map(|entry| entry.strip_prefix("t=")).context("the link names no moment")
}

#[test]
fn wherever_time_is_stopped_the_run_is_the_one_in_its_link() -> Result<()> {
    e2e::visit("time", async |page| {
        page.open("#/play/queueing_lab?seed=3&servers=2&arrivals_per_s=15").await?;
        page.is_state("Ready").await?;
        page.click("button", "Play").await?;
        page.until("two thousand events", async || {
            let events: u64 = page.shown("events").await?.replace(',', "").parse()?;
            Ok((events > 2000).then_some(()))
        })
        .await?;
        page.click("button", "Pause").await?;
        page.is_state("Paused").await?;
        let paused = page.link("&t=").await?;
        let digits = moment(&paused)?.split_once('.').map_or("", |(_, digits)| digits);
        ensure!(digits.len() <= 3, "a pause ends on a whole millisecond, not at {paused}");
        page.is_at(&paused).await?;

        // The next event is one event further.
        let before: u64 = page.shown("events").await?.replace(',', "").parse()?;
        page.click("button", "Step").await?;
        page.until("one more event", async || {
            let events: u64 = page.shown("events").await?.replace(',', "").parse()?;
            Ok((events > before && events <= before + 3).then_some(()))
        })
        .await?;

        // To and fro, it is always the same run.
        for second in [30, 250, 31, 500, 30] {
            page.set_slider("Timeline", f64::from(second)).await?;
            page.is_at(&format!("queueing_lab?seed=3&servers=2&arrivals_per_s=15&t={second}")).await?;
        }
        page.click("button", "Back").await?;
        page.link("&t=20").await?;
        page.is_at("queueing_lab?seed=3&servers=2&arrivals_per_s=15&t=20").await?;
        page.click("button", "Restart").await?;
        page.until("the beginning", async || Ok((page.shown("clock").await? == "00:00:00").then_some(())))
            .await?;
        page.is_state("Ready").await
    })
}

#[test]
fn the_timeline_waits_for_a_prediction_as_play_does() -> Result<()> {
    e2e::visit("ahead-of-a-question", async |page| {
        page.open("#/learn/pool_of_one_hundred/3").await?;
        let timeline = page.find("slider", "Timeline").await?;
        page.until("the step's beginning", async || {
            Ok((page.shown("clock").await? == "03:17:00").then_some(()))
        })
        .await?;
        let begins = (page.shown("clock").await?, timeline.value().await?);
        for (key, sees) in [(Key::End, "Lock in your prediction first"), (Key::Home, "02:30:00")] {
            timeline.focus().await?;
            page.press(key).await?;
            page.see(sees).await?;
        }
        // What lies before the question may be looked at, up to where the step begins.
        page.set_slider("Timeline", begins.1.as_deref().unwrap_or_default().parse()?).await?;
        page.until("the way back", async || Ok((page.shown("clock").await? == begins.0).then_some(())))
            .await?;
        let back = (page.shown("clock").await?, timeline.value().await?);
        ensure!(back == begins, "the timeline went from {begins:?} to {back:?}");
        page.press(Key::End).await?;
        let still = (page.shown("clock").await?, timeline.value().await?);
        ensure!(still == begins, "the timeline went from {begins:?} to {still:?}, past what is asked");
        Ok(())
    })
}

#[test]
fn time_stops_by_itself_where_a_threshold_is_crossed() -> Result<()> {
    e2e::visit("announcements", async |page| {
        page.open("#/play/queueing_lab?seed=2&arrivals_per_s=30").await?;
        page.click("checkbox", "Pause at announcements").await?;
        for stop in 1..=2 {
            page.click("button", "Play").await?;
            page.until("a stop", async || {
                let stopped = page.find_all("button", Some("Play")).await?.len() == 1;
                Ok(stopped.then_some(()))
            })
            .await?;
            let link = page.link("&t=").await?;
            page.is_at(&link).await?;
            let run = e2e::straight(&link)?;
            let told = run.announcements();
            ensure!(told.len() >= stop, "{} announcements at stop {stop}", told.len());
            let last = told.last().context("no announcement")?;
            ensure!(
                last.at.ceil_to_millisecond() == run.now(),
                "stopped at {}, told at {}",
                run.now(),
                last.at
            );
        }
        Ok(())
    })
}

#[test]
fn a_run_ends_at_its_usual_length_and_goes_on_when_asked() -> Result<()> {
    e2e::visit("the-end", async |page| {
        page.open("#/play/queueing_lab?t=595").await?;
        page.click("button", "Play").await?;
        page.see("the usual end of this run").await?;
        page.is_at("queueing_lab?t=600").await?;
        page.click("button", "Got it").await?;
        page.click("button", "Play").await?;
        page.until("time beyond", async || {
            Ok((page.shown("clock").await?.as_str() > "00:10:02").then_some(()))
        })
        .await
    })
}

#[test]
fn back_and_forward_lead_through_the_pages_to_the_same_moment() -> Result<()> {
    e2e::visit("history", async |page| {
        page.open("").await?;
        page.click("link", "Play freely: Why queues explode").await?;
        page.is_state("Ready").await?;
        page.set_slider("Timeline", 90.0).await?;
        page.link("&t=90").await?;
        page.is_at("queueing_lab?t=90").await?;
        page.driver().back().await?;
        page.see("Production incidents replay here").await?;
        page.driver().forward().await?;
        page.is_at("queueing_lab?t=90").await?;
        page.link("&t=90").await?;
        Ok(())
    })
}

#[test]
fn a_long_way_through_time_tells_how_far_it_is_and_ends_where_one_wants() -> Result<()> {
    e2e::visit("catching-up", async |page| {
        let heavy = "queueing_lab?seed=4&servers=1000&arrivals_per_s=9000";
        page.open(&format!("#/play/{heavy}&t=2000000")).await?;
        page.see("left at this pace").await?;
        page.is_state("Catching up").await?;
        let bar = page.find("progressbar", "Catching up").await?;
        let share: f64 = bar.prop("value").await?.context("no share")?.parse()?;
        ensure!(share > 0.0 && share < 0.5, "{share} of the way");
        page.assert_accessible().await?;
        page.screenshot("catching-up").await?;
        page.click("button", "Stop here").await?;
        page.is_state("Paused").await?;
        let link = page
            .until("another moment in the address", async || {
                let link = page.link("&t=").await?;
                Ok((moment(&link)? != "2000000").then_some(link))
            })
            .await?;
        let reached = Replay::parse(&link).map_err(anyhow::Error::msg)?.moment.context("no moment")?;
        ensure!(reached.as_secs_f64() > 1.0 && reached.as_secs_f64() < 1_000_000.0, "stopped at {reached}");
        page.is_at(&link).await?;
        ensure!(!page.text().await?.contains("at this pace"), "it still catches up");
        Ok(())
    })
}

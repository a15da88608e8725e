//! A learner collects points: what lands on the page is what the run measures, it stays, and the debrief shows it.

use anyhow::{Context, Result, ensure};
use e2e::Page;
use serde_json::Value;
use thirtyfour::Key;
use warstories_lesson::lesson::{Collect, Lesson};
use warstories_sim::{Input, Replay, format, scenarios};

use crate::lesson::{press, read, tab_to};

/// How many points there are in these elements, and what is said of the latest.
const POINTS: &str = "const all = [...document.querySelectorAll(arguments[0] + ' .plane g')];
    return [all.length, all.at(-1)?.getAttribute('aria-label') ?? '']";

/// Plays on to the next point, and says what the page says of it.
async fn land(page: &Page, number: usize) -> Result<String> {
    press(page, "Play").await?;
    page.see(&format!("Point {number}: ")).await?;
    let told = page.script(POINTS, vec![".scene".into()]).await?;
    ensure!(told[0] == number, "{told}");
    Ok(told[1].as_str().unwrap_or_default().replace('\u{a0}', " "))
}

/// Collects every point as the solution does, with the keyboard alone. Each is taken up where the one before has landed.
pub(crate) async fn collect(page: &Page, collect: &Collect) -> Result<()> {
    let mut told = vec![land(page, 1).await?];
    for timed in &collect.solution {
        let Input::Change { param, value } = timed.input else { continue };
        let spec = scenarios::find("queueing_lab").map_err(anyhow::Error::msg)?;
        tab_to(page, &format!("#{}", spec.params[param].id), false).await?;
        page.chord(&[Key::Control], 'a').await?;
        page.press(value.to_string()).await?;
        page.press(Key::Enter).await?;
        told.push(land(page, told.len() + 1).await?);
    }
    page.see("All points are there.").await?;
    agrees(page, collect, &told).await
}

/// The run in the address, played outside of the browser, gives the points that the page tells.
async fn agrees(page: &Page, collect: &Collect, told: &[String]) -> Result<()> {
    let hash = page.script("return location.hash", vec![]).await?;
    let (_, entries) =
        hash.as_str().and_then(|hash| hash.split_once('?')).context("no run in the address")?;
    let lesson = read("why_queues_explode.md")?;
    let link = Replay::parse(&format!("{}?{entries}", lesson.scenario)).map_err(anyhow::Error::msg)?;
    let mut run = scenarios::start(link.replay);
    lesson.wanted().ask(run.as_mut());
    run.advance(run.spec().length, u64::MAX);
    let points = collect.measured(run.as_ref(), warstories_sim::SimTime::ZERO);
    ensure!(points.len() == told.len(), "{points:?}\n{told:?}");
    for (point, told) in points.iter().zip(told) {
        for (measure, value) in [(&collect.x, point.x), (&collect.y, point.y)] {
            let metric = &run.spec().metrics[measure.metric];
            let number = format::quantity(value, metric.unit).replace('\u{a0}', " ");
            ensure!(told.contains(&format!("{} {number}", metric.label)), "{number} is not in “{told}”");
        }
    }
    Ok(())
}

fn task(lesson: &Lesson) -> Result<(usize, &Collect)> {
    lesson.collects().next().context("the lesson has nothing to collect")
}

#[test]
fn points_land_with_the_numbers_of_the_run_and_stay() -> Result<()> {
    let lesson = read("why_queues_explode.md")?;
    let (step, wanted) = task(&lesson)?;
    e2e::visit("collect", async |page| {
        page.resize(1440, 900).await?;
        page.open(&format!("#/learn/why_queues_explode/{}", step + 1)).await?;
        page.see("The run settles: the next point is the mean from 00:00:20 to 00:02:00.").await?;
        let text = page.text().await?;
        ensure!(
            !text.contains("hockey stick") && !text.contains("Curve: "),
            "the shape is told of before there are points"
        );
        collect(page, wanted).await?;
        page.see("hockey stick").await?;
        page.see("Curve: M/M/1 (Erlang, 1917)").await?;
        page.screenshot("collect").await?;
        page.assert_accessible().await?;
        let before = page.script(POINTS, vec![".scene".into()]).await?;

        page.driver().refresh().await?;
        page.see("All points are there.").await?;
        ensure!(page.script(POINTS, vec![".scene".into()]).await? == before, "a reload shows other points");
        page.click("button", "Start this run again").await?;
        page.see("All points are there.").await?;

        let debrief = lesson.steps.iter().position(|step| step.title == "Debrief").context("no debrief")?;
        page.open(&format!("#/learn/why_queues_explode/{}", debrief + 1)).await?;
        page.find("heading", "What you measured").await?;
        ensure!(
            page.script(POINTS, vec![".debrief".into()]).await? == before,
            "the debrief shows other points"
        );
        page.assert_accessible().await
    })
}

/// On a phone, the plane is in the panel of the system, and so is what is to be done next.
#[test]
fn a_phone_shows_the_plane_beside_the_system() -> Result<()> {
    let lesson = read("why_queues_explode.md")?;
    let (step, _) = task(&lesson)?;
    e2e::visit("collect-phone", async |page| {
        page.resize(390, 844).await?;
        page.open(&format!("#/learn/why_queues_explode/{}", step + 1)).await?;
        page.see("4 more wanted, one of them at a utilization below 0.6.").await?;
        page.click("button", "System").await?;
        page.see("the next point is the mean from").await?;
        let wide = "return document.querySelector('.scene .plane').getBoundingClientRect().width > 300
            && document.documentElement.scrollWidth <= innerWidth";
        ensure!(
            page.script(wide, vec![]).await? == Value::Bool(true),
            "the plane is too narrow, or the page too wide"
        );
        page.screenshot("collect-phone").await?;
        page.click("button", "Story").await?;
        page.assert_accessible().await
    })
}

//! The page enlarged four times, and in the system's own colours.

use anyhow::{Result, ensure};
use e2e::Page;
use serde_json::json;

/// Whether nothing is wider than the screen and the button called so is in sight and under the finger.
async fn is_in_reach(page: &Page, button: &str) -> Result<()> {
    let element = page.find("button", button).await?;
    let reach = "const { left, top, right, bottom } = arguments[0].getBoundingClientRect();
        const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return { wide: document.documentElement.scrollWidth - innerWidth, isInSight: left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight,
            isOnTop: arguments[0].contains(at) }";
    let reach = page.script(reach, vec![element.to_json()?]).await?;
    ensure!(
        reach["wide"].as_i64().is_some_and(|wide| wide <= 0),
        "the page is {} pixels too wide",
        reach["wide"]
    );
    ensure!(reach["isInSight"] == true && reach["isOnTop"] == true, "“{button}” is out of reach: {reach}");
    Ok(())
}

/// Where room is left for what one reads: the share of the screen between the bars that stay in sight.
const ROOM: &str = "const bars = [...document.querySelectorAll('.transport, .top')].filter((bar) => ['sticky', 'fixed'].includes(getComputedStyle(bar).position));
    return 1 - bars.reduce((sum, bar) => sum + bar.getBoundingClientRect().height, 0) / innerHeight";

/// A screen of 1280 by 1024 pixels at 400 % (WCAG 2.2, 1.4.10).
#[test]
fn at_four_times_the_size_a_run_and_a_lesson_are_played() -> Result<()> {
    e2e::visit("enlarged", async |page| {
        page.resize(320, 256).await?;
        page.open("").await?;
        page.find("heading", "War Stories").await?;
        page.screenshot("enlarged-door").await?;
        for (address, name) in
            [("#/play/connection_pool?seed=3", "run"), ("#/learn/why_queues_explode", "lesson")]
        {
            page.open(address).await?;
            page.is_state("Ready").await?;
            is_in_reach(page, "Play").await?;
            let room = page.script(ROOM, vec![]).await?;
            ensure!(
                room.as_f64().is_some_and(|room| room >= 0.5),
                "bars leave {room} of the screen for the {name}"
            );
            page.screenshot(&format!("enlarged-{name}")).await?;
            if name == "lesson" {
                // There a prediction comes first.
                page.click("radio", "Not at all: the server has time to spare").await?;
                page.click("button", "Lock in and run").await?;
            } else {
                page.find("button", "Play").await?.click().await?;
            }
            page.is_state("Running").await?;
            // Wherever one reads.
            page.script("scrollTo(0, document.documentElement.scrollHeight / 2)", vec![]).await?;
            is_in_reach(page, "Pause").await?;
            page.find("button", "Pause").await?.click().await?;
            page.is_state("Paused").await?;
        }
        Ok(())
    })
}

/// The ground of the first chart as it is painted.
const PAINTED: &str = "const canvas = document.querySelector('.chart canvas');
    return [...canvas.getContext('2d').getImageData(0, 0, 1, 1).data.slice(0, 3)].join()";

/// The same as the style sheet says it.
const SAID: &str = "const canvas = document.querySelector('.chart canvas');
    return getComputedStyle(canvas).backgroundColor.match(/[0-9]+/g).slice(0, 3).join()";

#[test]
fn a_chart_that_stands_still_takes_the_colours_of_the_system_and_gives_them_back() -> Result<()> {
    e2e::visit("forced-colours", async |page| {
        page.open("#/play/connection_pool?seed=3&t=200").await?;
        page.is_state("Paused").await?;
        page.script(
            "const select = document.getElementById('theme'); select.value = 'dark';
             select.dispatchEvent(new Event('change', { bubbles: true }));",
            vec![],
        )
        .await?;
        let mut seen = Vec::new();
        for forced in ["none", "active", "none"] {
            page.prefer(&[("forced-colors", forced)]).await?;
            let painted = page
                .until(&format!("a chart as the style sheet says with forced colors {forced}"), async || {
                    let (painted, said) =
                        (page.script(PAINTED, vec![]).await?, page.script(SAID, vec![]).await?);
                    Ok((painted == said).then_some(painted))
                })
                .await?;
            page.screenshot(&format!("forced-colours-{forced}")).await?;
            seen.push(painted);
        }
        ensure!(seen[0] == seen[2] && seen[0] != seen[1], "the ground of a chart was {seen:?}");
        Ok(())
    })
}

/// Curves, words and limits of a chart against its ground, in the system's colours with either chosen theme.
#[test]
fn in_the_systems_colours_every_curve_is_seen_whatever_theme_was_chosen() -> Result<()> {
    e2e::visit("forced-contrast", async |page| {
        for system in ["light", "dark"] {
            for theme in ["light", "dark"] {
                page.prefer(&[("forced-colors", "active"), ("prefers-color-scheme", system)]).await?;
                page.open("#/play/connection_pool?seed=3&t=200").await?;
                page.is_state("Paused").await?;
                let choose = "const select = document.getElementById('theme'); select.value = arguments[0];
                    select.dispatchEvent(new Event('change', { bubbles: true }));";
                page.script(choose, vec![theme.into()]).await?;
                let faint = page
                    .script(
                        "const light = (colour) => { const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3).map((part) => { part /= 255;
                             return part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
                         const contrast = (one, other) => { const [low, high] = [light(one), light(other)].sort((a, b) => a - b); return (high + .05) / (low + .05); };
                         return [...document.querySelectorAll('.chart')].flatMap((chart) => {
                             const ground = getComputedStyle(chart.querySelector('canvas'));
                             const inks = [['text', ground.color], ...[...chart.querySelectorAll('.line:not(.line-moment)')].map((line) => [line.getAttribute('class'), getComputedStyle(line).stroke])];
                             return inks.filter(([, ink]) => contrast(ink, ground.backgroundColor) < 2.9)
                                 .map(([name, ink]) => `${name} ${ink} on ${ground.backgroundColor}`);
                         })",
                        vec![],
                    )
                    .await?;
                page.screenshot(&format!("forced-{system}-{theme}")).await?;
                ensure!(faint == json!([]), "on a {system} system with the {theme} theme: {faint}");
            }
        }
        Ok(())
    })
}

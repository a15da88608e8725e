//! The page on every screen, in both themes, in each of its modes: accessible, and nothing hangs out at the side.

use anyhow::{Result, ensure};
use e2e::Page;
use thirtyfour::{By, Key};

const OVERLOAD: &str =
    "queueing_lab?seed=7&arrivals_per_s=20&queue_limit=100&patience_ms=20000&at=60,arrivals_per_s=25&t=240";

/// Wide, a laptop, a phone, the smallest that counts, a projector.
const SCREENS: [(u32, u32); 4] = [(1440, 900), (390, 844), (320, 640), (1920, 1080)];

async fn fits(page: &Page, name: &str) -> Result<()> {
    let width = "return [document.documentElement.scrollWidth, innerWidth]";
    let width = page.script(width, vec![]).await?;
    let (wide, room) = (width[0].as_u64(), width[1].as_u64());
    ensure!(wide <= room, "{name} is {wide:?} pixels wide on a screen of {room:?}");
    page.screenshot(name).await
}

async fn run(page: &Page) -> Result<()> {
    page.open(&format!("#/play/{OVERLOAD}")).await?;
    page.is_at(OVERLOAD).await
}

#[test]
fn the_page_fits_every_screen() -> Result<()> {
    e2e::visit("fits", async |page| {
        for (width, height) in SCREENS {
            page.resize(width, height).await?;
            page.open("").await?;
            page.find("heading", "War Stories").await?;
            fits(page, &format!("home-{width}")).await?;
            run(page).await?;
            fits(page, &format!("overload-{width}")).await?;
            for _ in 0..3 {
                page.click("button", "Fork here").await?;
            }
            page.click("button", "Compare").await?;
            page.find("heading", "Compare runs").await?;
            page.click("button", "Requests").await?;
            page.click("button", "Show data as table of Traffic").await?;
            fits(page, &format!("compare-{width}")).await?;
            for (button, name) in [("Share", "share"), ("Help", "help")] {
                page.click("button", button).await?;
                page.find("button", "Close").await?;
                fits(page, &format!("{name}-{width}")).await?;
                page.press(Key::Escape).await?;
            }
        }
        Ok(())
    })
}

/// The story stays in sight while one scrolls, beside whatever else there is.
#[test]
fn the_story_covers_no_control_at_any_width() -> Result<()> {
    e2e::visit("story-beside", async |page| {
        for width in [1920, 1440, 1320, 1280, 1000, 861, 860, 390] {
            page.resize(width, 900).await?;
            page.open("#/learn/why_queues_explode/2").await?;
            page.find("heading", "Four fifths").await?;
            if width == 1920 {
                // All instruments, which stay for the other widths.
                page.press("i").await?;
            }
            page.find("heading", "Controls").await?;
            let overlap = page
                .script(
                    "scrollTo(0, document.documentElement.scrollHeight);
                     const [story, controls] = ['.rail', '.controls'].map((part) => document.querySelector(part).getBoundingClientRect());
                     const common = (end, begin) => Math.min(story[end], controls[end]) - Math.max(story[begin], controls[begin]);
                     return Math.min(common('right', 'left'), common('bottom', 'top'))",
                    vec![],
                )
                .await?;
            ensure!(overlap.as_f64().is_some_and(|pixels| pixels <= 1.0), "{overlap} pixels at {width}");
            page.screenshot(&format!("story-beside-{width}")).await?;
        }
        Ok(())
    })
}

/// Links and buttons that are smaller than 24 by 24 CSS pixels (WCAG 2.2, 2.5.8), but for links in a sentence of a lesson.
const SMALL_TARGETS: &str =
    "return [...document.querySelectorAll('a[href], button, summary, [role=button], label:has(input)')].flatMap((target) => {
        const { width, height, right } = target.getBoundingClientRect();
        const isSeen = target.checkVisibility() && right > 0 && width > 1;
        if (!isSeen || target.matches('.prose a') || (width >= 23.9 && height >= 23.9)) return [];
        return [`${target.textContent.trim().slice(0, 40)}: ${width.toFixed(1)} x ${height.toFixed(1)}`];
    })";

#[test]
fn every_link_and_button_is_large_enough_for_a_finger() -> Result<()> {
    e2e::visit("fingers", async |page| {
        page.resize(390, 844).await?;
        for (address, heading) in [
            ("", "War Stories"),
            ("#/learn/own", "War Stories"),
            ("#/learn/why_queues_explode/2", "Four fifths"),
            ("#/learn/forty_seven_emails/3", "Luck or poison"),
        ] {
            page.open(address).await?;
            page.find("heading", heading).await?;
            let small = page.script(SMALL_TARGETS, vec![]).await?;
            ensure!(small.as_array().is_some_and(Vec::is_empty), "too small at {address}: {small}");
        }
        Ok(())
    })
}

/// What reaches out of the window or is covered, in text that is twice as large as ours.
const OUT_OF_REACH: &str = "document.documentElement.style.fontSize = '32px';
    return [...document.querySelectorAll('main *, .rail *')].flatMap((part) => {
        if (!part.checkVisibility() || part.closest('svg')) return [];
        const { left, top, right, width, height } = part.getBoundingClientRect();
        if (width > 1 && right > innerWidth + 1) return [`beyond the edge: ${part.textContent.trim().slice(0, 40)}`];
        const isRequests = part.matches('.stage-head button') && top > 0 && top + height < innerHeight / 2;
        const met = isRequests && document.elementFromPoint(left + width / 2, top + height / 2);
        return met && !part.contains(met) ? [`covered: ${part.textContent.trim()}`] : [];
    })";

#[test]
fn text_twice_as_large_leaves_everything_in_reach_on_a_phone() -> Result<()> {
    e2e::visit("large", async |page| {
        page.resize(390, 844).await?;
        for (address, heading) in [
            ("#/play/duplicate_delivery", "The 47 emails"),
            ("#/play/connection_pool", "One hundred connections"),
            ("#/play/cache_stampede", "Everyone at once"),
            ("#/play/queueing_lab", "Why queues explode"),
            ("#/learn/pool_of_one_hundred/2", "03:17"),
            ("#/learn/forty_seven_emails/9", "Every crash, every listing"),
        ] {
            page.open(address).await?;
            page.find("heading", heading).await?;
            let out = page.script(OUT_OF_REACH, vec![]).await?;
            ensure!(out.as_array().is_some_and(Vec::is_empty), "{address}: {out}");
            if address.starts_with("#/learn") {
                page.click("button", "System").await?;
                let out = page.script(OUT_OF_REACH, vec![]).await?;
                ensure!(out.as_array().is_some_and(Vec::is_empty), "the system of {address}: {out}");
            }
        }
        Ok(())
    })
}

#[test]
fn every_mode_is_accessible_in_both_themes() -> Result<()> {
    e2e::visit("modes", async |page| {
        for theme in ["light", "dark"] {
            page.resize(1440, 900).await?;
            page.prefer(&[("prefers-color-scheme", theme)]).await?;
            run(page).await?;
            page.assert_accessible().await?;
            for button in ["Share", "Help"] {
                page.click("button", button).await?;
                page.find("button", "Close").await?;
                page.assert_accessible().await?;
                page.press(Key::Escape).await?;
            }
            page.driver().find(By::Css("[data-node=queue]")).await?.focus().await?;
            page.press(Key::Enter).await?;
            page.see("number 1 in line").await?;
            page.click("button", "Fork here").await?;
            page.click("button", "Compare").await?;
            page.click("checkbox", "Baseline: the run that nobody touched").await?;
            page.click("button", "Show data as table of Latency").await?;
            page.assert_accessible().await?;
            page.resize(390, 844).await?;
            page.assert_accessible().await?;
            page.click("button", "Play").await?;
            page.is_state("Running").await?;
            page.assert_accessible().await?;
        }
        Ok(())
    })
}

#[test]
fn whoever_wants_stillness_sees_counts_instead_of_dots() -> Result<()> {
    e2e::visit("stillness", async |page| {
        for (motion, dots) in [("reduce", 0), ("no-preference", 1)] {
            page.prefer(&[("prefers-reduced-motion", motion)]).await?;
            page.open("#/play/queueing_lab?arrivals_per_s=20&servers=3").await?;
            page.click("button", "Play").await?;
            page.until("rates on the ways", async || {
                let labels = page.script(
                    "return [...document.querySelectorAll('.way-label')].map((label) => label.textContent).join(' ')",
                    vec![],
                );
                let labels = labels.await?.as_str().unwrap_or_default().to_owned();
                let counts = labels.contains(" +");
                Ok((labels.contains("/s") && counts == (dots == 0)).then_some(()))
            })
            .await?;
            let found = page.driver().find_all(By::Css("canvas.dots")).await?.len();
            ensure!(found == dots, "{found} layers of dots with {motion}");
        }
        Ok(())
    })
}

#[test]
fn dots_that_stand_still_take_the_new_theme() -> Result<()> {
    e2e::visit("frozen-dots", async |page| {
        page.open("#/play/queueing_lab?arrivals_per_s=20&servers=3").await?;
        page.click("button", "Play").await?;
        // The colours of all dots, mixed.
        let mixed = "const canvas = document.querySelector('canvas.dots');
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            const sum = [0, 0, 0, 0];
            for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) for (let part = 0; part < 4; part++) sum[part] += data[at + part];
            return sum[3] ? sum.slice(0, 3).map((part) => Math.round(part * 255 / sum[3])) : null";
        page.until("dots", async || Ok((!page.script(mixed, vec![]).await?.is_null()).then_some(()))).await?;
        page.click("button", "Pause").await?;
        page.is_state("Paused").await?;
        for (theme, colour) in [("dark", [77, 163, 255]), ("light", [31, 127, 214]), ("dark", [77, 163, 255])]
        {
            page.script(
                "const select = document.querySelector('.theme select'); select.value = arguments[0];
                 select.dispatchEvent(new Event('change', { bubbles: true }));",
                vec![theme.into()],
            )
            .await?;
            page.until(&format!("dots of the {theme} theme"), async || {
                Ok((page.script(mixed, vec![]).await? == serde_json::json!(colour)).then_some(()))
            })
            .await?;
        }
        Ok(())
    })
}

/// Texts in sight in which a line may end between a number and its unit.
const PARTED: &str = "const parted = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const found = node.data.match(/.{0,20}\\d (%|ms|s|min|h|µs|kB|MB|GB|KiB|MiB|USD)(?![\\p{L}\\d])/u);
        const { localName } = node.parentElement;
        const wraps = !['script', 'option'].includes(localName) && !['nowrap', 'pre'].includes(getComputedStyle(node.parentElement).whiteSpace);
        if (found && wraps) parted.push(found[0]);
    }
    return parted";

#[test]
fn no_line_ends_between_a_number_and_its_unit() -> Result<()> {
    e2e::visit("units", async |page| {
        page.resize(390, 844).await?;
        let plays = warstories_sim::SCENARIOS.iter().map(|entry| format!("#/play/{}?t=120", entry.spec.id));
        let learns =
            ["why_queues_explode/2", "pool_of_one_hundred/2", "forty_seven_emails/3", "everyone_at_once/2"];
        for address in plays.chain(learns.map(|lesson| format!("#/learn/{lesson}"))) {
            page.open(&address).await?;
            page.find("slider", "Timeline").await?;
            page.until("a run that stands still", async || {
                Ok((!page.shown("clock").await?.is_empty()).then_some(()))
            })
            .await?;
            let parted = page.script(PARTED, vec![]).await?;
            ensure!(parted == serde_json::json!([]), "at {address}: {parted}");
        }
        Ok(())
    })
}

#[test]
fn charts_in_one_row_have_their_plots_at_one_height() -> Result<()> {
    e2e::visit("plots", async |page| {
        for width in [1440, 1920] {
            page.resize(width, 900).await?;
            page.open("#/play/connection_pool?t=200").await?;
            page.find("slider", "Timeline").await?;
            let steps = "const rows = new Map();
                for (const chart of document.querySelectorAll('.chart')) {
                    const top = Math.round(chart.getBoundingClientRect().top);
                    const plot = chart.querySelector('canvas').getBoundingClientRect().top;
                    rows.set(top, [...(rows.get(top) ?? []), plot]);
                }
                return [...rows.values()].map((tops) => Math.max(...tops) - Math.min(...tops)).filter((step) => step > 1)";
            let steps = page.script(steps, vec![]).await?;
            ensure!(steps == serde_json::json!([]), "at {width} plots stand {steps} pixels apart");
        }
        Ok(())
    })
}

/// Scrolling helps a target that a bar covers, and none that is too small.
#[test]
fn a_target_that_is_too_small_is_found() -> Result<()> {
    e2e::visit("small-target", async |page| {
        page.resize(390, 844).await?;
        page.open("#/play/queueing_lab").await?;
        page.find("button", "Play").await?;
        page.assert_accessible().await?;
        let add = "for (const name of ['a', 'b']) {
                const one = document.createElement('button');
                one.textContent = name;
                Object.assign(one.style, { padding: 0, border: 0, minWidth: 0, minHeight: 0, width: '10px', height: '10px' });
                document.querySelector('.stage-head').append(one);
            }";
        page.script(add, vec![]).await?;
        let violations = page.axe().await?;
        ensure!(violations.iter().any(|violation| violation.starts_with("target-size")), "{violations:?}");
        Ok(())
    })
}

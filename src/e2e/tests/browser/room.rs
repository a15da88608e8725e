//! Every step of every lesson in one view: what a learner needs in it is in sight without scrolling, on every screen.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use e2e::Page;
use serde_json::{Value, json};
use warstories_lesson::lesson::{Part, Step};
use warstories_lesson::parse;

use crate::terminal::run;
use crate::touch_walk::press;

/// Sizes of screens: a small laptop, a laptop, a projector; a phone and a tablet, where story and system take turns.
const SIZES: [(u32, u32); 5] = [(1280, 720), (1440, 900), (1920, 1080), (390, 844), (768, 1024)];
/// A screen narrower than this shows the story or the system.
const BOTH: u32 = 861;

/// Gives a sentence for everything that should be in sight and is not, or that lies over something else.
const LOOK: &str = "
    const [names, fits] = arguments;
    const transport = document.querySelector('.transport').getBoundingClientRect();
    const head = document.querySelector('.top').getBoundingClientRect();
    const faults = [], seen = [];
    for (const name of names) {
        for (const element of document.querySelectorAll(name)) {
            const box = element.getBoundingClientRect();
            const where = `${name} from ${Math.round(box.left)}, ${Math.round(box.top)} to ${Math.round(box.right)}, ${Math.round(box.bottom)}`;
            if (box.width < 24 || box.height < 20) faults.push(`${where} is too small`);
            if (box.left < -1 || box.top < head.bottom - 1 || box.right > innerWidth + 1 || box.bottom > transport.top + 1) faults.push(`${where} is out of sight`);
            for (const [other, above] of seen) {
                const apart = box.left >= above.right - 1 || box.right <= above.left + 1 || box.top >= above.bottom - 1 || box.bottom <= above.top + 1;
                if (!apart) faults.push(`${where} lies over ${other}`);
            }
            seen.push([where, box]);
        }
    }
    if (fits) {
        const scene = document.querySelector('.scene');
        if (scene.scrollHeight > scene.clientHeight + 1) faults.push(`the scene is ${scene.scrollHeight} high and has ${scene.clientHeight}`);
    }
    for (const idle of document.querySelectorAll('.legend .idle')) {
        if (idle.offsetWidth > 0) faults.push(`the legend names ${idle.innerText}, which has never happened`);
    }
    if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is too wide');
    if (document.documentElement.scrollHeight > innerHeight + 1) faults.push('the page scrolls');
    return faults;";

/// Gives a sentence for a diagram that does not lie within its card, below the card's head.
const DIAGRAM: &str = "
    const diagram = document.querySelector('.stage-card .diagram');
    if (!diagram?.checkVisibility()) return null;
    const card = diagram.closest('.stage-card');
    const [box, around, head] = [diagram, card, card.querySelector('.stage-head')].map((each) => each.getBoundingClientRect());
    const fits = box.left >= around.left && box.right <= around.right && box.top >= head.bottom - 1 && box.bottom <= around.bottom;
    return fits ? null : `the diagram from ${Math.round(box.top)} to ${Math.round(box.bottom)} leaves its card, which has room from ${Math.round(head.bottom)} to ${Math.round(around.bottom)}`";

/// Looks whether the diagram lies within its card. It is arranged anew a moment after the window has another size.
async fn diagram_in_its_card(page: &Page) -> Result<Option<String>> {
    let mut fault = Value::Null;
    for _ in 0..20 {
        fault = page.script(DIAGRAM, vec![]).await?;
        if fault.is_null() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(fault.as_str().map(str::to_owned))
}

/// Whether the last answer of a terminal and the line below it are where somebody sees them: within what scrolls, and with
/// nothing above them.
const ANSWERED: &str = "
    const [answer, printed, line] = ['.printed > :last-child', '.printed', 'input']
        .map((name) => document.querySelector(`.terminal ${name}`).getBoundingClientRect());
    const isSeen = (x, y) => !!document.elementFromPoint(x, y)?.closest('.terminal');
    return answer.top > printed.top - 1 && answer.bottom < printed.bottom + 1
        && isSeen(answer.left + 4, answer.top + 4) && isSeen(answer.left + 4, answer.bottom - 4) && isSeen(line.left + 9, line.bottom - 9)";

/// Runs a command, whose answer has to be seen.
async fn answers(page: &Page) -> Result<Vec<String>> {
    run(page, &page.find("textbox", "Command").await?, "df -h").await?;
    let mut found = look(page, &[".terminal input", ".terminal .printed > :last-child"], false).await?;
    if page.script(ANSWERED, vec![]).await? != true {
        found.push(String::from("the last answer of the terminal is covered"));
    }
    Ok(found)
}

/// Gives a sentence for each goal that is not wholly in sight with how it stands, unless a question stands in its place, and
/// for each link that leaves the lesson.
const GOALS: &str = "
    const faults = [...document.querySelectorAll('.telling a:not([target], [href=\"#/\"])')].map((link) => `${link.href} leaves the lesson`);
    if (document.querySelector('.foot > .ask')) return faults;
    const floor = document.querySelector('.transport').getBoundingClientRect().top;
    const goals = [...document.querySelectorAll('.rail .goals .verdict')];
    if (goals.length !== arguments[0]) faults.push(`${goals.length} goals of ${arguments[0]} are there`);
    for (const goal of goals) {
        const { top, bottom, height } = goal.getBoundingClientRect();
        let below = floor, above = 0;
        for (let around = goal.parentElement; around; around = around.parentElement) {
            if (getComputedStyle(around).overflowY === 'visible') continue;
            const room = around.getBoundingClientRect();
            above = Math.max(above, room.top);
            below = Math.min(below, room.bottom - (around.className === 'telling' ? 28 : 0));
        }
        if (height < 20 || top < above - 1 || bottom > below + 1) faults.push(`a goal from ${Math.round(top)} to ${Math.round(bottom)} is out of sight between ${Math.round(above)} and ${Math.round(below)}`);
    }
    return faults;";

/// Brings the run to its end, and the step to its goals where there is nothing but a prediction ahead of them. Tells how
/// many there are then; `None` where something else is asked first.
async fn come_to_the_goals(page: &Page, step: &Step) -> Result<Option<usize>> {
    let is_told = |part: &&Part| matches!(part, Part::Prose(_) | Part::Chat(_));
    let mut asked = step.parts.iter().filter(|part| !is_told(part)).peekable();
    if asked.next_if(|part| matches!(part, Part::Predict(_))).is_some() && asked.peek().is_some() {
        page.script("document.querySelector('.rail .ask [type=radio]').click()", vec![]).await?;
        page.click("button", "Lock in and run").await?;
    }
    let goals = asked.take_while(|part| matches!(part, Part::Goal(_))).count();
    if goals == 0 {
        return Ok(None);
    }
    page.until("the goals at the end of the run", async || {
        let seen = "const time = document.querySelector('[aria-label=Timeline]');
            time.value = time.max;
            for (const kind of ['input', 'change']) time.dispatchEvent(new Event(kind, { bubbles: true }));
            return !document.querySelector('.catching-up') && !!document.querySelector('.rail .goals')";
        Ok((page.script(seen, vec![]).await? == true).then_some(()))
    })
    .await?;
    Ok(Some(goals))
}

pub(crate) async fn look(page: &Page, names: &[&str], fits: bool) -> Result<Vec<String>> {
    let faults = page.script(LOOK, vec![Value::from(names), Value::from(fits)]).await?;
    Ok(serde_json::from_value(faults)?)
}

/// Visits each step at each size.
fn each_step_fits(id: &'static str) -> Result<()> {
    let path = xtask::project::root()?.join(format!("lessons/{id}.md"));
    let text = fs::read_to_string(&path)?;
    let glossary = parse::glossary::house();
    let lesson = glossary.and_then(|glossary| parse::read(&text, &glossary));
    let lesson = lesson.map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    e2e::visit(&format!("room-{id}"), async |page| {
        let mut faults = Vec::new();
        for (index, step) in lesson.steps.iter().enumerate() {
            page.resize(SIZES[0].0, SIZES[0].1).await?;
            page.open(&format!("#/learn/{id}/{}", index + 1)).await?;
            page.see(&step.title).await?;
            page.until("a diagram, and the end of catching up", async || {
                let drawn =
                    "return !!document.querySelector('.diagram') && !document.querySelector('.catching-up')";
                let drawn = page.script(drawn, vec![]).await?;
                Ok((drawn == true).then_some(()))
            })
            .await?;
            for (width, height) in SIZES {
                page.resize(width, height).await?;
                let mut found = Vec::new();
                let question = [".rail .ask:first-of-type legend", ".rail .ask:first-of-type .button"];
                if width >= BOTH {
                    found.extend(look(page, &question, false).await?);
                    found.extend(diagram_in_its_card(page).await?);
                    let system =
                        [".stage-card", ".watched .chart", ".watch > :is(.exhibit, .plane)", ".control-row"];
                    found.extend(look(page, &system, true).await?);
                    if step.scene.terminal {
                        found.extend(answers(page).await?);
                    }
                } else {
                    page.click("button", "Story").await?;
                    found.extend(look(page, &question, false).await?);
                    page.click("button", "System").await?;
                    found.extend(diagram_in_its_card(page).await?);
                    found.extend(
                        look(
                            page,
                            &[".stage-card", ".watch > .plane, .watch:not(:has(.plane)) .chart:first-child"],
                            false,
                        )
                        .await?,
                    );
                    for (panel, place) in [("Controls", ".control-row"), ("Terminal", ".terminal input")] {
                        let has = "return [...document.querySelectorAll('.panels .button')].some(one => one.textContent.trim() === arguments[0])";
                        if page.script(has, vec![panel.into()]).await? == true {
                            page.click("button", panel).await?;
                            found.extend(look(page, &[place], false).await?);
                        }
                    }
                    if step.scene.terminal {
                        found.extend(answers(page).await?);
                    }
                }
                let fault = |fault| format!("step {} at {width} x {height}: {fault}", index + 1);
                faults.extend(found.into_iter().map(fault));
            }
            page.resize(SIZES[0].0, SIZES[0].1).await?;
            let Some(goals) = come_to_the_goals(page, step).await? else { continue };
            for (width, height) in SIZES {
                page.resize(width, height).await?;
                if width < BOTH {
                    page.click("button", "Story").await?;
                }
                let found: Vec<String> =
                    serde_json::from_value(page.script(GOALS, vec![goals.into()]).await?)?;
                let fault = |fault| format!("the end of step {} at {width} x {height}: {fault}", index + 1);
                faults.extend(found.into_iter().map(fault));
            }
        }
        ensure!(faults.is_empty(), "{}", faults.join("\n"));
        Ok(())
    })
}

#[test]
fn each_step_of_the_queues_fits_one_view() -> Result<()> {
    each_step_fits("why_queues_explode")
}

#[test]
fn each_step_of_the_pool_fits_one_view() -> Result<()> {
    each_step_fits("pool_of_one_hundred")
}

#[test]
fn each_step_of_the_stampede_fits_one_view() -> Result<()> {
    each_step_fits("everyone_at_once")
}

#[test]
fn each_step_of_the_emails_fits_one_view() -> Result<()> {
    each_step_fits("forty_seven_emails")
}

#[test]
fn each_step_of_the_calls_fits_one_view() -> Result<()> {
    each_step_fits("fifteen_calls")
}

#[test]
fn each_step_of_the_checkout_fits_one_view() -> Result<()> {
    each_step_fits("paid_and_nothing_shipped")
}

#[test]
fn each_step_of_the_twenty_services_fits_one_view() -> Result<()> {
    each_step_fits("five_people_twenty_services")
}

#[test]
fn each_step_of_the_debug_log_fits_one_view() -> Result<()> {
    each_step_fits("two_terabytes_by_morning")
}

#[test]
fn each_step_of_the_rule_file_fits_one_view() -> Result<()> {
    each_step_fits("two_spaces")
}

/// On a phone the system comes into sight with the prediction, and its outcome over it.
#[test]
fn a_phone_shows_what_happens_once_a_prediction_is_locked_in() -> Result<()> {
    e2e::visit("room-phone", async |page| {
        page.resize(390, 844).await?;
        page.open("#/learn/pool_of_one_hundred/1").await?;
        page.click("radio", "About 22").await?;
        page.click("button", "Lock in and run").await?;
        page.see("You said: About 22").await?;
        let faults = look(page, &[".brief", ".stage-card", ".watched .chart:first-child"], false).await?;
        ensure!(faults.is_empty(), "{faults:?}");
        page.see("You called it: ").await?;
        page.screenshot("room-phone").await?;
        page.click("button", "Story").await?;
        page.see("You called it.").await?;
        let faults = look(page, &[".foot > .button"], false).await?;
        ensure!(faults.is_empty(), "where to start again: {faults:?}");
        page.assert_accessible().await
    })
}

/// On a phone the panel that is lit is the one on show, and nothing happens out of sight.
#[test]
fn a_phone_shows_the_panel_that_is_lit_and_no_run_plays_out_of_sight() -> Result<()> {
    const LIT: &str = "const seen = (name) => document.querySelector(name)?.checkVisibility() ?? false;
        return [[...document.querySelectorAll('.panels [aria-pressed=true]')].map((one) => one.textContent).join(),
            seen('.rail'), seen('.stage-card'), seen('.control-row'), seen('.notice')]";
    e2e::visit("room-panels", async |page| {
        page.resize(390, 844).await?;
        page.touch_screen().await?;
        let is_lit = async |panel: &str, story: bool, diagram: bool, controls: bool, notice: bool| {
            let wanted = json!([panel, story, diagram, controls, notice]);
            page.until(&format!("{wanted}"), async || {
                Ok((page.script(LIT, vec![]).await? == wanted).then_some(()))
            })
            .await
        };
        page.open("#/learn/pool_of_one_hundred/1").await?;
        page.see("Quiet years").await?;
        // What must come first is said where one is.
        press(page, "Play").await?;
        is_lit("Story", true, false, false, true).await?;
        page.open("#/learn/pool_of_one_hundred/7").await?;
        page.see("Your night").await?;
        is_lit("Story", true, false, false, false).await?;
        press(page, "Play").await?;
        is_lit("System", false, true, false, false).await?;
        press(page, "Controls").await?;
        is_lit("Controls", false, false, true, false).await?;
        page.screenshot("room-controls").await?;
        for moves in ["Step", "Restart"] {
            press(page, "Story").await?;
            is_lit("Story", true, false, false, false).await?;
            press(page, moves).await?;
            is_lit("System", false, true, false, false).await?;
        }
        page.assert_accessible().await
    })
}

/// A finger that moves to the side turns to the other panel; one that moves along the text, or a chart's own, does not.
#[test]
fn a_swipe_turns_a_phone_from_the_story_to_the_system_and_back() -> Result<()> {
    e2e::visit("room-swipe", async |page| {
        page.resize(390, 844).await?;
        page.touch_screen().await?;
        page.open("#/learn/pool_of_one_hundred/1").await?;
        page.see("Quiet years").await?;
        let shown = async || {
            let panel =
                page.script("return document.querySelector('.lesson-room').dataset.panel", vec![]).await?;
            Ok::<_, anyhow::Error>(panel.as_str().unwrap_or_default().to_owned())
        };
        page.swipe((200, 300), (190, 160)).await?;
        ensure!(shown().await? == "story", "scrolling turned to the system");
        page.swipe((300, 300), (120, 310)).await?;
        ensure!(shown().await? == "system", "a swipe to the left did not turn to the system");
        page.swipe((120, 200), (300, 205)).await?;
        ensure!(shown().await? == "story", "a swipe to the right did not turn back to the story");
        Ok(())
    })
}

/// Instruments are one key away, and remembered.
#[test]
fn all_instruments_of_a_lesson_are_one_key_away_and_stay() -> Result<()> {
    e2e::visit("room-instruments", async |page| {
        page.open("#/learn/pool_of_one_hundred/1").await?;
        page.see("Quiet years").await?;
        let text = page.text().await?;
        ensure!(!text.contains("Fingerprint"), "a step shows its fingerprint: {text}");
        page.press("i").await?;
        page.see("Fingerprint").await?;
        page.open("").await?;
        page.open("#/learn/pool_of_one_hundred/2").await?;
        page.see("Fingerprint").await?;
        page.click("button", "Instruments").await?;
        page.until("a step without instruments", async || {
            Ok((!page.text().await?.contains("Fingerprint")).then_some(()))
        })
        .await
        .context("the button does not put the instruments away")
    })
}

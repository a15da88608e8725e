//! A lesson from its first step to its last, without a mouse; a visit that is broken off; lessons of one's own.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail, ensure};
use e2e::Page;
use serde_json::json;
use thirtyfour::Key;
use warstories_lesson::lesson::{Fix, Lesson, Part};
use warstories_lesson::{parse, prose};
use warstories_sim::{Domain, Input, Replay};

/// Notes what gets the focus from now on: a parameter's own field, or what a person hears of it.
const NOTE_FOCUS: &str = "if (!window.passed) {
    window.heard = at => {
        const { param, paramNumber } = at.dataset;
        if (paramNumber || (param && at.type !== 'range')) return '#' + (paramNumber ?? param);
        const text = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent;
        return (at.type === 'radio' ? 'option ' : '') + text.trim().replaceAll('\\u00a0', ' ');
    };
    document.addEventListener('focusin', ({ target }) => passed.push(heard(target)));
}
window.passed = []";
/// Presses of a key for which the browser is asked once.
const AT_ONCE: usize = 8;

async fn tabs(page: &Page, count: usize, back: bool) -> Result<()> {
    let mut keys = page.driver().action_chain();
    if back {
        keys = keys.key_down(Key::Shift);
    }
    for _ in 0..count {
        keys = keys.key_down(Key::Tab).key_up(Key::Tab);
    }
    if back {
        keys = keys.key_up(Key::Shift);
    }
    Ok(keys.perform().await?)
}

/// Presses Tab, or Shift and Tab, until the focus is on what is called so; what was passed by is gone back to.
async fn tab_to(page: &Page, name: &str, back: bool) -> Result<()> {
    page.script(NOTE_FOCUS, vec![]).await?;
    let is_it =
        |heard: &str| heard == name || heard.strip_prefix(name).is_some_and(|rest| rest.starts_with(" ("));
    let mut passed = Vec::new();
    for _ in 0..20 {
        tabs(page, AT_ONCE, back).await?;
        let noted = page.script("return window.passed", vec![]).await?;
        passed = serde_json::from_value::<Vec<String>>(noted)?;
        if passed.iter().any(|heard| is_it(heard)) {
            break;
        }
    }
    let Some(at) = passed.iter().position(|heard| is_it(heard)) else {
        anyhow::bail!("Tab does not lead to \"{name}\"; it leads to {passed:?}");
    };
    let beyond = passed.len() - 1 - at;
    if beyond > 0 {
        // Where a group of options is entered depends on the direction.
        tabs(page, beyond + 1, !back).await?;
    }
    // Beyond the last of the page Tab leads through the browser itself, which notes nothing.
    for _ in 0..160 {
        let here = page.script("return heard(document.activeElement)", vec![]).await?;
        if here.as_str().is_some_and(is_it) {
            return Ok(());
        }
        tabs(page, 1, back).await?;
    }
    anyhow::bail!("Tab passes \"{name}\" once and never comes back to it")
}

async fn press(page: &Page, button: &str) -> Result<()> {
    tab_to(page, button, false).await?;
    page.press(Key::Enter).await
}

/// Chooses an option of the question that the focus comes to next: arrow keys move within a group.
async fn choose(page: &Page, first: &str, option: usize) -> Result<()> {
    tab_to(page, &format!("option {first}"), false).await?;
    page.press(Key::Space).await?;
    for _ in 0..option {
        page.press(Key::Down).await?;
    }
    Ok(())
}

/// Goes to the end of the run.
async fn to_the_end(page: &Page) -> Result<()> {
    tab_to(page, "Timeline", true).await?;
    page.press(Key::End).await
}

/// Waits until the address holds what was done.
pub async fn is_kept(page: &Page, part: &str) -> Result<()> {
    page.until(&format!("an address with “{part}”"), async || {
        let hash = page.script("return location.hash", vec![]).await?;
        Ok(hash.as_str().is_some_and(|hash| hash.contains(part)).then_some(()))
    })
    .await
}

/// Text as a person reads it, but for its numbers.
fn plain(text: &[prose::Inline]) -> String {
    prose::plain(text, &|_| String::new())
}

/// Does what a solution does, in the order of the controls; `begun` is the run as it is before.
async fn apply(page: &Page, begun: &Replay, fixes: &[Fix]) -> Result<()> {
    let spec = begun.spec();
    let mut values: Vec<(usize, f64)> = Vec::new();
    let mut actions = Vec::new();
    for fix in fixes {
        match fix {
            Fix::Start(param, value) => values.push((*param, *value)),
            Fix::Input(timed) => match timed.input {
                Input::Change { param, value } => values.push((param, value)),
                Input::Action(action) => actions.push(action),
                Input::Text { .. } => bail!("the page has no text field yet"),
            },
        }
    }
    values.sort_by_key(|(param, _)| *param);
    for (param, value) in values {
        let spec = &spec.params[param];
        tab_to(page, &format!("#{}", spec.id), false).await?;
        match spec.domain {
            Domain::Switch => page.press(Key::Space).await?,
            Domain::Choice(_) => {
                let steps = value - begun.start()[param];
                let key = if steps > 0.0 { Key::Down } else { Key::Up };
                for _ in 0..steps.abs() as usize {
                    page.press(key.clone()).await?;
                }
            }
            Domain::Integer { .. } | Domain::Number { .. } => {
                page.chord(&[Key::Control], 'a').await?;
                page.press(value.to_string()).await?;
                page.press(Key::Enter).await?;
            }
        }
    }
    for action in actions {
        press(page, spec.actions[action].label).await?;
    }
    Ok(())
}

pub(crate) fn read(name: &str) -> Result<Lesson> {
    let path = xtask::project::root()?.join("lessons").join(name);
    parse::read(&fs::read_to_string(path)?).map_err(|problems| anyhow::anyhow!("{problems:?}"))
}

/// Everything that the step asks, the first prediction of the lesson wrongly.
pub(crate) async fn walk_step(page: &Page, lesson: &Lesson, index: usize) -> Result<()> {
    let step = &lesson.steps[index];
    page.see(&format!("Step {} of {}", index + 1, lesson.steps.len()).to_uppercase()).await?;
    page.find("heading", &step.title).await?;
    for part in &step.parts {
        match part {
            Part::Predict(predict) => {
                let option =
                    if index == 0 { (predict.answer + 1) % predict.options.len() } else { predict.answer };
                choose(page, &plain(&predict.options[0].text), option).await?;
                press(page, "Lock in and run").await?;
                page.see("Locked in.").await?;
                if index == 0 {
                    controls_rest(page).await?;
                }
                to_the_end(page).await?;
                page.see(if index == 0 { "Not this time." } else { "You called it." }).await?;
                let speed =
                    "return document.querySelector('[data-role=speed]').selectedOptions[0].textContent";
                ensure!(page.script(speed, vec![]).await? == "10×", "the learner's own speed is not back");
            }
            Part::Quiz(quiz) => {
                choose(page, &plain(&quiz.options[0]), quiz.answer).await?;
                press(page, "Check").await?;
                page.see(&plain(&quiz.because)).await?;
            }
            Part::Goal(_)
            | Part::Prose(_)
            | Part::Chat(_)
            | Part::Vote(_)
            | Part::Debrief(_)
            | Part::Challenge(_) => {}
        }
    }
    if step.parts.iter().any(|part| matches!(part, Part::Goal(_))) {
        press(page, "Give me a hint").await?;
        press(page, "Start this run again").await?;
        let begun = lesson.replay(index).map_err(anyhow::Error::msg)?;
        apply(page, &begun, &step.scene.solution).await?;
        to_the_end(page).await?;
        let goals = step.parts.iter().filter(|part| matches!(part, Part::Goal(_))).count();
        page.until("every goal to be met", async || {
            Ok((page.text().await?.matches("Met. ").count() == goals).then_some(()))
        })
        .await?;
    }
    page.screenshot(&format!("{}-{:02}", lesson.scenario, index + 1)).await?;
    Ok(())
}

/// While the run answers nothing can make another run of it, by hand or by key, and the page says why.
async fn controls_rest(page: &Page) -> Result<()> {
    // All at once: the run does not wait for many questions.
    let awake =
        "const panel = [...document.querySelectorAll('.control-row :is(button, .field), .toolbar button')];
        const own = (part) => part.id || part.textContent.trim();
        return [document.querySelector('[data-role=rest]')?.textContent ?? 'nothing is said of rest',
            ...panel.filter((part) => !part.disabled).map(own)]";
    let awake: Vec<String> = serde_json::from_value(page.script(awake, vec![]).await?)?;
    ensure!(
        awake == ["The controls rest while the run answers your prediction; they are back with the answer."],
        "{awake:?}"
    );
    is_kept(page, "seed=").await?;
    let seed = "return /seed=\\d+/.exec(location.hash)?.[0] ?? ''";
    let before = page.script(seed, vec![]).await?;
    page.press("n").await?;
    page.see("Nothing can be changed until the run has answered").await?;
    ensure!(page.script(seed, vec![]).await? == before, "a key gave the run another seed");
    page.see("Locked in.").await
}

/// From the rail on to the next step.
pub(crate) async fn next(page: &Page) -> Result<()> {
    press(page, "Next").await
}

#[test]
fn a_new_learner_plays_the_pool_of_one_hundred_with_the_keyboard_alone() -> Result<()> {
    let lesson = read("pool_of_one_hundred.md")?;
    let folder = tempfile::tempdir()?;
    e2e::visit("lesson", async |page| {
        let allow = json!({ "behavior": "allow", "downloadPath": folder.path() });
        page.driver().cdp().send_raw("Browser.setDownloadBehavior", allow).await?;
        page.resize(1440, 900).await?;
        page.open("").await?;
        page.find("heading", "War Stories").await?;
        press(page, &format!("Learn: {}", lesson.title)).await?;
        page.find("heading", &lesson.steps[0].title).await?;
        // Time waits for the prediction.
        page.press("k").await?;
        page.see("Lock in your prediction first").await?;
        for index in 0..lesson.steps.len() {
            walk_step(page, &lesson, index).await?;
            page.assert_accessible().await?;
            match index {
                2 => {
                    press(page, "Look at the hold time").await?;
                    is_kept(page, "look_at_hold_time").await?;
                    // A visit that is broken off goes on where it was.
                    page.driver().refresh().await?;
                    page.find("heading", &lesson.steps[2].title).await?;
                    page.see("You called it.").await?;
                    is_kept(page, "look_at_hold_time").await?;
                }
                3 => compare_the_restart(page).await?,
                5 => vote_twice(page, &lesson).await?,
                6 => fork(page).await?,
                7 => take_the_post_mortem(page, folder.path()).await?,
                _ => {}
            }
            if index + 1 < lesson.steps.len() {
                next(page).await?;
            }
        }
        take_the_challenge(page, &lesson).await
    })
}

/// Every other lesson, from its first step to its last.
async fn walk(page: &Page, name: &str) -> Result<()> {
    let lesson = read(name)?;
    page.resize(1440, 900).await?;
    page.open(&format!("#/learn/{}", name.trim_end_matches(".md"))).await?;
    let mut examined = BTreeSet::new();
    for index in 0..lesson.steps.len() {
        walk_step(page, &lesson, index).await?;
        // The walk with the keyboard is examined at every step; here what has the same parts would say the same.
        if examined.insert(page.parts().await?) {
            page.assert_accessible().await?;
        }
        if index + 1 < lesson.steps.len() {
            next(page).await?;
        }
    }
    Ok(())
}

#[test]
fn why_queues_explode_can_be_played_with_the_keyboard_alone() -> Result<()> {
    e2e::visit("queues", async |page| walk(page, "why_queues_explode.md").await)
}

#[test]
fn everyone_at_once_can_be_played_with_the_keyboard_alone() -> Result<()> {
    e2e::visit("stampede", async |page| {
        walk(page, "everyone_at_once.md").await?;
        take_the_challenge(page, &read("everyone_at_once.md")?).await
    })
}

#[test]
fn the_47_emails_can_be_played_with_the_keyboard_alone() -> Result<()> {
    e2e::visit("emails", async |page| {
        walk(page, "forty_seven_emails.md").await?;
        take_the_challenge(page, &read("forty_seven_emails.md")?).await
    })
}

/// The red button was tried on a branch of its own: the night itself stays as it is.
async fn compare_the_restart(page: &Page) -> Result<()> {
    press(page, "Compare").await?;
    page.find("heading", "Compare runs").await?;
    let text = page.text().await?;
    ensure!(text.contains("Prediction") && text.contains("Confirmed loss"), "{text}");
    press(page, "Compare").await
}

async fn vote_twice(page: &Page, lesson: &Lesson) -> Result<()> {
    let vote = lesson.steps[5]
        .parts
        .iter()
        .find_map(|part| if let Part::Vote(vote) = part { Some(vote) } else { None });
    let vote = vote.context("the sixth step votes")?;
    for (option, button) in [(0, "Cast the vote"), (3, "Try this way too")] {
        choose(page, &plain(&vote.options[0].text), option).await?;
        press(page, button).await?;
        page.see(&plain(&vote.options[option].says)).await?;
    }
    page.see("Each way is a branch above the diagram").await?;
    page.screenshot("lesson-voted").await
}

/// The restart, beside the patch that met the goals.
async fn fork(page: &Page) -> Result<()> {
    press(page, "Start this run again").await?;
    // A fork is one of the instruments, which are one key away.
    page.press("i").await?;
    press(page, "Fork here").await?;
    page.find("button", "A").await?;
    ensure!(
        page.find_all("button", Some("Your run")).await?.len() == 1,
        "the run of the learner has no name"
    );
    press(page, "Restart now").await?;
    to_the_end(page).await?;
    is_kept(page, "restart_now").await?;
    press(page, "Compare").await?;
    page.find("heading", "Compare runs").await?;
    page.screenshot("lesson-compared").await?;
    press(page, "Compare").await?;
    page.press("i").await
}

async fn take_the_post_mortem(page: &Page, folder: &std::path::Path) -> Result<()> {
    page.see("What surprised you").await?;
    press(page, "Save as Markdown").await?;
    let path = folder.join("post-mortem-pool_of_one_hundred.md");
    let text = String::from_utf8(page.saved(&path).await?)?;
    for expected in [
        "# Post-mortem: The pool of one hundred",
        "4 of 5 predictions came true",
        "You expected: About 90. The run: About 22.",
        "- 02:42:01 Pool in use reached 1, every connection in use",
        "- 03:31:00 Restart now",
        "- Confirmed loss: ",
        "#/play/connection_pool?",
    ] {
        ensure!(text.contains(expected), "no \"{expected}\" in\n{text}");
    }
    Ok(())
}

async fn take_the_challenge(page: &Page, lesson: &Lesson) -> Result<()> {
    let last = lesson.steps.last().context("a lesson has steps")?;
    let challenge = last
        .parts
        .iter()
        .find_map(|part| if let Part::Challenge(challenge) = part { Some(challenge) } else { None });
    let challenge = challenge.context("the last step has a challenge")?;
    press(page, "Take the challenge").await?;
    let begun = lesson.challenge(challenge).map_err(anyhow::Error::msg)?;
    apply(page, &begun, &challenge.solution).await?;
    to_the_end(page).await?;
    page.see("Done within par.").await?;
    page.screenshot("lesson-challenge").await
}

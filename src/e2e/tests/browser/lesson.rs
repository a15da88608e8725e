//! A lesson from its first step to its last, without a mouse; a visit that is broken off; lessons of one's own.

use std::fs;

use anyhow::{Context, Result, ensure};
use e2e::Page;
use serde_json::json;
use thirtyfour::Key;
use warstories_lesson::lesson::{Control, Fix, Lesson, Part};
use warstories_lesson::{parse, prose};
use warstories_sim::{Domain, Input, Replay};

use crate::collect;
use crate::night::{compare_the_restart, fork, look_and_come_back, take_the_post_mortem, vote_twice};
use crate::{controls, editor, filling, own_words, sorting};

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
pub(crate) async fn tab_to(page: &Page, name: &str, back: bool) -> Result<()> {
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

pub(crate) async fn press(page: &Page, button: &str) -> Result<()> {
    tab_to(page, button, false).await?;
    page.press(Key::Enter).await
}

/// Chooses an option of the question that the focus comes to next: arrow keys move within a group.
pub(crate) async fn choose(page: &Page, first: &str, option: usize) -> Result<()> {
    tab_to(page, &format!("option {first}"), false).await?;
    page.press(Key::Space).await?;
    for _ in 0..option {
        page.press(Key::Down).await?;
    }
    Ok(())
}

/// Goes to the end of the run.
pub(crate) async fn to_the_end(page: &Page) -> Result<()> {
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
pub(crate) fn plain(text: &[prose::Inline]) -> String {
    prose::plain(text, &|_| String::new())
}

/// Does what a solution does, in the order of the controls; `begun` is the run as it is before.
async fn apply(page: &Page, begun: &Replay, fixes: &[Fix]) -> Result<()> {
    let spec = begun.spec();
    let mut values: Vec<(usize, f64)> = Vec::new();
    let (mut actions, mut moves) = (Vec::new(), Vec::new());
    for fix in fixes {
        match fix {
            Fix::Start(param, value) => values.push((*param, *value)),
            Fix::Input(timed) => match timed.input {
                Input::Change { param, value } => values.push((param, value)),
                Input::Action(action) => actions.push(action),
                Input::Text { .. } => moves.push(&timed.input),
            },
        }
    }
    values.sort_by_key(|(param, _)| *param);
    for (param, value) in values {
        controls::choose_part(page, spec.parts[spec.params[param].part].label).await?;
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
    let edits = moves.iter().any(|input| editor::is_edit(begun, input));
    if edits {
        for input in &moves {
            editor::edit_by_key(page, input).await?;
        }
        moves.clear();
    }
    for action in actions {
        let action = &spec.actions[action];
        // The editor offers what puts its file to use.
        if edits {
            press(page, action.label).await?;
            continue;
        }
        controls::choose_part(page, spec.parts[action.part].label).await?;
        press(page, action.label).await?;
    }
    for input in moves {
        sorting::move_by_key(page, input).await?;
    }
    Ok(())
}

pub(crate) fn read(name: &str) -> Result<Lesson> {
    let path = xtask::project::root()?.join("lessons").join(name);
    let text = fs::read_to_string(path)?;
    let glossary = parse::glossary::house();
    let lesson = glossary.and_then(|glossary| parse::read(&text, &glossary));
    lesson.map_err(|problems| anyhow::anyhow!("{problems:?}"))
}

/// What somebody has chosen by hand, a browser does not choose for them again by itself.
const CHOOSE_SPEED: &str = "const speed = document.querySelector('[data-role=speed]');
    speed.value = arguments[0];
    speed.dispatchEvent(new Event('change', { bubbles: true }))";

/// Everything that the step asks. The first prediction and the first quiz of the lesson are answered wrongly; each mistake
/// has an answer of its own.
pub(crate) async fn walk_step(page: &Page, lesson: &Lesson, index: usize) -> Result<()> {
    let step = &lesson.steps[index];
    page.see(&format!("Step {} of {}", index + 1, lesson.steps.len()).to_uppercase()).await?;
    page.find("heading", &step.title).await?;
    let mut goals_wait = false;
    for part in &step.parts {
        // What stands after the goals is asked once a run meets them.
        let question = match part {
            Part::Quiz(quiz) => Some(&quiz.question),
            Part::Observe(observe) => Some(&observe.question),
            Part::Explain(explain) => Some(&explain.question),
            _ => None,
        };
        if let Some(question) = question.filter(|_| goals_wait) {
            let question = beginning(question);
            ensure!(!page.text().await?.contains(&question), "“{question}” is asked before the goal is met");
            meet_goals(page, lesson, index).await?;
            goals_wait = false;
        }
        match part {
            Part::Predict(predict) => {
                let is_first = is_first(lesson, index, |part| matches!(part, Part::Predict(_)));
                let option =
                    if is_first { (predict.answer + 1) % predict.options.len() } else { predict.answer };
                choose(page, &plain(&predict.options[0].text), option).await?;
                // Slowly the first time, since there is something to be tried before the answer is there.
                let own = if is_first { "½×" } else { "10×" };
                page.script(CHOOSE_SPEED, vec![own.into()]).await?;
                press(page, "Lock in and run").await?;
                page.see("Locked in.").await?;
                if is_first {
                    controls_rest(page).await?;
                }
                to_the_end(page).await?;
                page.see(if is_first { "Not this time." } else { "You called it." }).await?;
                page.see(&beginning(&predict.options[option].because)).await?;
                let speed =
                    "return document.querySelector('[data-role=speed]').selectedOptions[0].textContent";
                ensure!(page.script(speed, vec![]).await? == own, "the learner's own speed is not back");
            }
            Part::Quiz(quiz) => {
                let first = plain(&quiz.options[0].text);
                if is_first(lesson, index, |part| matches!(part, Part::Quiz(_))) {
                    let wrong = (quiz.answer + 1) % quiz.options.len();
                    choose(page, &first, wrong).await?;
                    press(page, "Check").await?;
                    page.see("Not that one.").await?;
                    page.see(&beginning(&quiz.options[wrong].because)).await?;
                    // The focus comes back to what was chosen; the right one is the one before, round the corner.
                    tab_to(page, &format!("option {}", plain(&quiz.options[wrong].text)), false).await?;
                    page.press(Key::Up).await?;
                } else {
                    choose(page, &first, quiz.answer).await?;
                }
                press(page, "Check").await?;
                page.see(&beginning(&quiz.options[quiz.answer].because)).await?;
            }
            Part::Observe(observe) => own_words::observe(page, observe).await?,
            Part::Explain(explain) => own_words::explain(page, explain).await?,
            Part::Fill(fill) => filling::fill_in(page, fill).await?,
            Part::Collect(task) => collect::collect(page, task).await?,
            // What follows a vote is asked once a way has been chosen.
            Part::Vote(vote) => vote_twice(page, vote).await?,
            Part::Goal(_) => goals_wait = true,
            Part::Prose(_) | Part::Chat(_) | Part::Debrief(_) | Part::Challenge(_) => {}
        }
    }
    if goals_wait {
        meet_goals(page, lesson, index).await?;
    }
    page.screenshot(&format!("{}-{:02}", lesson.scenario, index + 1)).await?;
    Ok(())
}

/// Meets the goals of a step, all of them in one run, with a hint and the step's own solution.
async fn meet_goals(page: &Page, lesson: &Lesson, index: usize) -> Result<()> {
    let step = &lesson.steps[index];
    press(page, "Give me a hint").await?;
    // A run that has not begun cannot be started again.
    if !page.find_all("button", Some("Start this run again")).await?.is_empty() {
        press(page, "Start this run again").await?;
    }
    let begun = lesson.replay(index).map_err(anyhow::Error::msg)?;
    apply(page, &begun, &step.scene.solution).await?;
    to_the_end(page).await?;
    let goals = step.parts.iter().filter(|part| matches!(part, Part::Goal(_))).count();
    let met = async || Ok((page.text().await?.matches("Met. ").count() == goals).then_some(()));
    page.until("every goal to be met", met).await
}

/// Whether no step before this one has such a part.
fn is_first(lesson: &Lesson, index: usize, is_such: impl Fn(&Part) -> bool) -> bool {
    !lesson.steps[..index].iter().any(|step| step.parts.iter().any(&is_such))
}

/// The words of a text before its first number.
pub(crate) fn beginning(text: &[prose::Inline]) -> String {
    let marked = prose::plain(text, &|_| String::from("\n"));
    marked.split('\n').next().unwrap_or_default().trim().to_owned()
}

/// While the run answers nothing can make another run of it, by hand or by key, and the page says why.
async fn controls_rest(page: &Page) -> Result<()> {
    // All at once: the run does not wait for many questions. To look at another branch, or to compare, makes no other run.
    let awake =
        "const panel = [...document.querySelectorAll('.control-row :is(button, .field), .toolbar button:not([aria-pressed])')];
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
            let step = &lesson.steps[index];
            let uses = |control: &str| {
                let action = warstories_sim::scenarios::find(&lesson.scenario).ok()?.action(control).ok();
                action.map(Control::Action)
            };
            if step.scene.unlock.iter().any(|control| Some(*control) == uses("look_at_hold_time")) {
                look_and_come_back(page, &step.title).await?;
            }
            for part in &step.parts {
                match part {
                    Part::Predict(predict)
                        if predict
                            .inputs
                            .iter()
                            .any(|input| Some(input.control()) == uses("restart_now")) =>
                    {
                        compare_the_restart(page).await?;
                    }
                    Part::Debrief(_) => take_the_post_mortem(page, folder.path()).await?,
                    _ => {}
                }
            }
            if step.scene.unlock.iter().any(|control| Some(*control) == uses("restart_now")) {
                fork(page).await?;
            }
            if index + 1 < lesson.steps.len() {
                next(page).await?;
            }
        }
        take_the_challenge(page, &lesson).await
    })
}

/// Meets the challenge of the last step.
pub(crate) async fn take_the_challenge(page: &Page, lesson: &Lesson) -> Result<()> {
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

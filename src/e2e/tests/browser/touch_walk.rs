//! A lesson from its first step to its last with one finger, on the screen of a phone. What a phone's own keyboard and its own
//! list of choices do is entered as they enter it.

use anyhow::{Context, Result, bail, ensure};
use e2e::Page;
use serde_json::Value;
use thirtyfour::Key;
use warstories_lesson::lesson::{Challenge, Fix, Lesson, Part};
use warstories_sim::{Domain, Input, Replay};

use crate::lesson::{beginning, plain, read};

/// The middle of what a finger is meant to touch, once it can be seen; nothing covers it there.
const MIDDLE: &str = "const [kind, text, side] = arguments;
    const reads = (one) => (one.getAttribute('aria-label') ?? one.textContent).trim().replaceAll('\\u00a0', ' ');
    const is_it = (one) => one.checkVisibility() && !one.disabled && (kind.includes('[') || reads(one).startsWith(text));
    const one = [...document.querySelectorAll(kind)].find(is_it);
    if (!one) return null;
    const point = () => {
        const { left, top, width, height } = one.getBoundingClientRect();
        return [Math.round(left + (side ? width - 3 : Math.min(width / 2, 60))), Math.round(top + height / 2)];
    };
    const is_hit = () => {
        const hit = document.elementFromPoint(...point());
        return [one, ...(one.labels ?? [])].some((own) => own.contains(hit));
    };
    if (!is_hit()) one.scrollIntoView({ block: 'center' });
    return is_hit() ? point() : null";

async fn touch_at(page: &Page, kind: &str, text: &str, at_end: bool) -> Result<()> {
    let at: (u32, u32) = page
        .until(&format!("“{text}” ({kind}) to be touched"), async || {
            let at = page.script(MIDDLE, vec![kind.into(), text.into(), at_end.into()]).await?;
            Ok(if at == Value::Null { None } else { Some(serde_json::from_value(at)?) })
        })
        .await?;
    page.tap(at).await
}

pub(crate) async fn press(page: &Page, button: &str) -> Result<()> {
    touch_at(page, "button", button, false).await
}

async fn choose(page: &Page, option: &str) -> Result<()> {
    touch_at(page, ".ask label", option, false).await
}

async fn to_the_end(page: &Page) -> Result<()> {
    touch_at(page, "[type=range][aria-label=Timeline]", "Timeline", true).await
}

/// Sets what a solution sets, at the controls.
async fn apply(page: &Page, begun: &Replay, fixes: &[Fix]) -> Result<()> {
    press(page, "Controls").await?;
    for fix in fixes {
        let (param, value) = match fix {
            Fix::Start(param, value) => (*param, *value),
            Fix::Input(timed) => match timed.input {
                Input::Change { param, value } => (param, value),
                Input::Action(_) | Input::Text { .. } => bail!("{:?} needs a touch of its own", timed.input),
            },
        };
        let spec = &begun.spec().params[param];
        match spec.domain {
            Domain::Choice(choices) => {
                let chosen = choices.get(value as usize).context("a choice")?.id;
                let choose = "const list = document.getElementById(arguments[0]);
                    list.value = arguments[1];
                    list.dispatchEvent(new Event('change', { bubbles: true }))";
                page.script(choose, vec![format!("param-{}", spec.id).into(), chosen.into()]).await?;
            }
            Domain::Switch => touch_at(page, &format!("[data-param={}]", spec.id), "", false).await?,
            Domain::Integer { .. } | Domain::Number { .. } => {
                touch_at(page, &format!("[data-param-number={}]", spec.id), "", false).await?;
                page.chord(&[Key::Control], 'a').await?;
                page.press(value.to_string()).await?;
                page.press(Key::Enter).await?;
            }
        }
    }
    Ok(())
}

async fn meet_goals(page: &Page, lesson: &Lesson, index: usize) -> Result<()> {
    let scene = &lesson.steps[index].scene;
    if !page.find_all("button", Some("Start this run again")).await?.is_empty() {
        press(page, "Start this run again").await?;
    }
    let begun = lesson.replay(index).map_err(anyhow::Error::msg)?;
    apply(page, &begun, &scene.solution).await?;
    to_the_end(page).await?;
    press(page, "Story").await?;
    page.see("Met. ").await
}

async fn take_the_challenge(page: &Page, lesson: &Lesson, challenge: &Challenge) -> Result<()> {
    press(page, "Take the challenge").await?;
    let begun = lesson.challenge(challenge).map_err(anyhow::Error::msg)?;
    apply(page, &begun, &challenge.solution).await?;
    to_the_end(page).await?;
    press(page, "Story").await?;
    page.see("Done within par.").await
}

async fn walk_step(page: &Page, lesson: &Lesson, index: usize) -> Result<()> {
    let step = &lesson.steps[index];
    page.find("heading", &step.title).await?;
    for part in &step.parts {
        match part {
            Part::Predict(predict) => {
                choose(page, &plain(&predict.options[predict.answer].text)).await?;
                press(page, "Lock in and run").await?;
                to_the_end(page).await?;
                page.see("You called it").await?;
                press(page, "Story").await?;
                page.see(&beginning(&predict.options[predict.answer].because)).await?;
            }
            Part::Quiz(quiz) => {
                choose(page, &plain(&quiz.options[quiz.answer].text)).await?;
                press(page, "Check").await?;
                page.see(&beginning(&quiz.options[quiz.answer].because)).await?;
            }
            Part::Observe(observe) => {
                to_the_end(page).await?;
                press(page, "Story").await?;
                for place in 0..observe.statements.len() {
                    let first = format!("[name='saw-{}-{place}']", observe.line);
                    touch_at(page, &first, "", false).await?;
                }
                press(page, "Check against the run").await?;
            }
            Part::Explain(explain) => {
                touch_at(page, ".ask [name=words]", &plain(&explain.question), false).await?;
                page.press("It does not fit.").await?;
                press(page, "Compare with ours").await?;
                press(page, "I had that").await?;
            }
            Part::Goal(_) => meet_goals(page, lesson, index).await?,
            Part::Challenge(challenge) => take_the_challenge(page, lesson, challenge).await?,
            Part::Prose(_) | Part::Chat(_) | Part::Debrief(_) => {}
            Part::Fill(_) | Part::Collect(_) | Part::Vote(_) => bail!("this walk knows no such part"),
        }
    }
    Ok(())
}

#[test]
fn five_people_twenty_services_can_be_played_with_one_finger() -> Result<()> {
    let lesson = read("five_people_twenty_services.md")?;
    e2e::visit("team-touch", async |page| {
        page.resize(390, 844).await?;
        page.touch_screen().await?;
        page.open("#/learn/five_people_twenty_services").await?;
        for index in 0..lesson.steps.len() {
            walk_step(page, &lesson, index).await?;
            let wide = "return document.documentElement.scrollWidth - innerWidth";
            let wide = page.script(wide, vec![]).await?;
            ensure!(
                wide.as_i64().is_some_and(|pixels| pixels <= 0),
                "step {}: {wide} pixels hang out",
                index + 1
            );
            if index + 1 < lesson.steps.len() {
                press(page, "Next").await?;
            }
        }
        Ok(())
    })
}

//! The rail of a lesson: one step, with what it tells and asks.

mod questions;
mod own_words;
mod fill;
pub mod collect;
mod debrief;

use warstories_lesson::Lesson;
use warstories_lesson::lesson::{Act, Challenge, Goal, Part, Step};
use warstories_sim::Playable;
use yew::prelude::*;

pub use self::fill::whole;
use super::brief::{of_challenge, of_goal};
use super::prose;
use crate::rooms::lesson::story::Story;
use crate::run::lesson_host::LessonAction;
use crate::run::session::Session;
use crate::view::icon::{self, icon};

/// What the rail shows.
pub struct Rail<'a> {
    /// The lesson under way.
    pub story: &'a Story,
    /// The run on show.
    pub run: &'a dyn Playable,
    /// What the learner did in it, and how it is played.
    pub session: &'a Session,
    /// The learner does something.
    pub act: &'a Callback<LessonAction>,
    /// Saves the post-mortem.
    pub on_save: Callback<()>,
}

/// The rail.
pub fn rail(props: &Rail) -> Html {
    let Rail { story, act, .. } = *props;
    let steps = story.lesson.steps.len();
    let Some(step) = story.current() else { return Html::default() };
    let go = |step: usize| act.reform(move |_: MouseEvent| LessonAction::Go(step));
    html! {
        <aside class="rail" id="rail" key={story.step} tabindex="-1" aria-labelledby="step-title">
            { parts(props, step) }
            <nav class="nav" aria-label="Steps">
                <button type="button" class="button" disabled={story.step == 0} onclick={go(story.step.saturating_sub(1))}>{ icon(icon::PREVIOUS) }<span class="unseen">{ "Previous step" }</span></button>
                <ol class="pips" aria-hidden="true">
                    { for story.lesson.steps.iter().enumerate().map(|(index, each)| {
                        let begins = index > 0 && each.scene.act.is_some();
                        html! { <li class={classes!((index <= story.step).then_some("on"), begins.then_some("act"))}></li> }
                    }) }
                </ol>
                <button type="button" class={classes!("button", story.is_done(step).then_some("primary"))} disabled={story.step + 1 >= steps} onclick={go(story.step + 1)}>{ "Next" }{ icon(icon::NEXT) }</button>
            </nav>
        </aside>
    }
}

/// Where the step at `index` stands: its act, if the lesson has more than one, and its number.
fn place(lesson: &Lesson, index: usize) -> String {
    let step = format!("Step {} of {}", index + 1, lesson.steps.len());
    let acts: Vec<&Act> = lesson.steps.iter().filter_map(|step| step.scene.act.as_ref()).collect();
    let begun = lesson.steps.iter().take(index + 1).filter(|step| step.scene.act.is_some()).count();
    match acts.get(begun.wrapping_sub(1)) {
        Some(act) if acts.len() > 1 => format!("Act {begun}: {} · {step}", act.title),
        _ => step,
    }
}

/// What there is to do in a step, for its heading.
fn kind(step: &Step) -> &'static str {
    let has = |test: fn(&Part) -> bool| step.parts.iter().any(test);
    if has(|part| matches!(part, Part::Debrief(_))) {
        " · Debrief"
    } else if has(|part| matches!(part, Part::Vote(_))) {
        " · Vote"
    } else if has(|part| matches!(part, Part::Predict(_))) {
        " · Predict"
    } else if has(|part| matches!(part, Part::Fill(_))) {
        " · Fill in"
    } else if has(|part| matches!(part, Part::Goal(_))) {
        " · Fix"
    } else if has(|part| matches!(part, Part::Challenge(_))) {
        " · Challenge"
    } else if has(|part| matches!(part, Part::Collect(_))) {
        " · Measure"
    } else if has(|part| matches!(part, Part::Observe(_))) {
        " · Observe"
    } else if has(|part| matches!(part, Part::Quiz(_))) {
        " · Quiz"
    } else if has(|part| matches!(part, Part::Explain(_))) {
        " · Explain"
    } else {
        ""
    }
}

fn parts(props: &Rail, step: &Step) -> Html {
    let Rail { story, run, .. } = *props;
    let retry = story.challenge.is_some()
        || step.parts.iter().any(|part| matches!(part, Part::Goal(_) | Part::Collect(_)));
    // One thing at a time: what follows a question waits for its answer, and a question about a goal for the goal.
    let waits = step.parts.iter().position(|part| story.is_waiting(part)).unwrap_or(step.parts.len());
    let is_asked = waits < step.parts.len() && step.parts[..waits].iter().all(|part| story.is_reached(part));
    let (mut told, mut below) = (Vec::new(), Vec::new());
    for (index, each) in step.parts[..waits + usize::from(is_asked)].iter().enumerate() {
        let is_below = match each {
            _ if index == waits => true,
            Part::Goal(_) => !is_asked && story.challenge.is_none(),
            Part::Challenge(challenge) => !is_asked || story.challenge == Some(challenge.line),
            _ => false,
        };
        if is_below { &mut below } else { &mut told }.push(part(props, each));
        if let Part::Goal(goal) = each {
            told.push(hints(props, goal));
        }
    }
    html! {
        <>
            // What has been told and answered scrolls by itself; what waits, a question or else the goals or the challenge, stands below it,
            // always in sight.
            <div class="telling" role="region" tabindex="0" aria-labelledby="step-title">
                <p class="kick">{ place(&story.lesson, story.step) }{ kind(step) }</p>
                <h1 id="step-title" translate="yes">{ &step.title }</h1>
                if story.step == 0 && !story.lesson.introduction.is_empty() {
                    <div class="prose">{ prose::blocks(&story.lesson.introduction, run) }</div>
                }
                { for told }
                { chat(props) }
                if story.step + 1 == story.lesson.steps.len() && waits == step.parts.len() { { end(props) } }
            </div>
            <div class="foot">
                { for below }
                if retry && has_begun(props) {
                    <button type="button" class="button" onclick={props.act.reform(|_| LessonAction::Retry)}>{ "Start this run again" }</button>
                }
            </div>
        </>
    }
}

/// Whether there is anything to start again: time has passed in the step, or the learner has changed something.
fn has_begun(Rail { story, run, session, .. }: &Rail) -> bool {
    run.now() > story.lesson.begins(story.step) || session.changes(session.replay()) != (0, 0)
}

fn part(props: &Rail, part: &Part) -> Html {
    match part {
        Part::Prose(block) => html! { <div class="prose">{ prose::blocks([block], props.run) }</div> },
        Part::Predict(predict) => questions::predict(props, predict),
        Part::Observe(observe) => own_words::observe(props, observe),
        Part::Explain(explain) => own_words::explain(props, explain),
        Part::Goal(goal) => self::goal(props, goal),
        Part::Vote(vote) => questions::vote(props, vote),
        Part::Quiz(quiz) => questions::quiz(props, quiz),
        Part::Fill(fill) => fill::fill(props, fill),
        Part::Collect(collect) => collect::collect(props, collect),
        Part::Debrief(debrief) => debrief::debrief(props, debrief),
        Part::Challenge(challenge) => self::challenge(props, challenge),
        Part::Chat(_) => Html::default(),
    }
}

/// What is left to do in the lesson, once its last step has nothing that waits.
fn end(props: &Rail) -> Html {
    let Rail { story, act, .. } = *props;
    let open = spans(story.open_steps());
    html! {
        <div class="prose" data-role="end">
            if open.is_empty() {
                <p><b>{ "You have been through the whole lesson. " }</b>{ "Its debrief is yours to keep." }</p>
            } else {
                <p>{ "Something is still open, a question or a goal, in " }{ for open.iter().enumerate().map(|(place, (first, last))| {
                    let (first, last) = (*first, *last);
                    let text = if first == last { format!("step {}", first + 1) } else { format!("steps {} to {}", first + 1, last + 1) };
                    let after = if place + 1 == open.len() { "." } else { ", " };
                    html! { <><button type="button" class="link" onclick={act.reform(move |_| LessonAction::Go(first))}>{ text }</button>{ after }</> }
                }) }</p>
            }
            <p><a href="#/">{ "All stories" }</a></p>
        </div>
    }
}

/// Ascending steps, those that follow one another as one: the first and the last of each.
fn spans(steps: impl Iterator<Item = usize>) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for step in steps {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == step => *last = step,
            _ => spans.push((step, step)),
        }
    }
    spans
}

/// What was said up to the moment on show.
fn chat(props: &Rail) -> Html {
    let Rail { story, run, .. } = *props;
    let heard = story.heard(run);
    if heard.is_empty() {
        return Html::default();
    }
    let clock = run.spec().clock;
    html! {
        <ol class="chat" aria-label="Chat">
            { for heard.into_iter().map(|(at, chat)| {
                let person = story.lesson.cast.get(chat.who);
                html! {
                    <li key={chat.line}>
                        <b>{ person.map_or("", |person| &person.name) }</b>{ " " }<time>{ clock.label(at) }</time>{ " " }
                        { prose::line(&chat.says, run) }
                    </li>
                }
            }) }
        </ol>
    }
}

fn goal(props: &Rail, goal: &Goal) -> Html {
    let Rail { story, run, act, .. } = *props;
    let line = goal.line;
    let shown = story.hints.get(&line).copied().unwrap_or(0);
    let is_met = story.goals.get(&(line, 0)).is_some_and(|standing| standing.met);
    html! {
        <div class="goals" id={format!("goal-{line}")}>
            { of_goal(story, goal, run) }
            if shown < goal.hints.len() && !is_met {
                <button type="button" class="button small" onclick={act.reform(move |_| LessonAction::Hint(line))}>{ if shown == 0 { "Give me a hint" } else { "One more hint" } }</button>
            }
        </div>
    }
}

/// The hints of a goal that were asked for: they belong to what is told.
fn hints(Rail { story, run, .. }: &Rail, goal: &Goal) -> Html {
    let shown = story.hints.get(&goal.line).copied().unwrap_or(0);
    let hints =
        goal.hints.iter().take(shown).map(|hint| html! { <li class="hint">{ prose::line(hint, *run) }</li> });
    html! { if shown > 0 { <ol class="chat" id={format!("goal-{}-hints", goal.line)} aria-label="Hints">{ for hints }</ol> } }
}

fn challenge(props: &Rail, challenge: &Challenge) -> Html {
    let Rail { story, run, session, act, .. } = *props;
    let line = challenge.line;
    let is_on = story.challenge == Some(line);
    let is_met = |place| story.goals.get(&(line, place)).is_some_and(|standing| standing.met);
    let all_met = (0..challenge.tests.len()).all(is_met);
    let (starts, inputs) = session.changes(session.replay());
    let used = starts + inputs;
    html! {
        <div class="ask">
            <p><b>{ "Challenge. " }</b>{ prose::line(&challenge.text, run) }</p>
            if is_on {
                { of_challenge(story, challenge, run) }
                <p>{ format!("Changes so far: {used}. Par: {}.", challenge.par) }</p>
                if all_met {
                    <p class="verdict met">{ icon(icon::DONE) }{ if used <= challenge.par { "Done within par." } else { "Done. Can you do it with fewer changes?" } }</p>
                }
            } else {
                <button type="button" class="button primary" onclick={act.reform(move |_| LessonAction::Challenge(line))}>{ "Take the challenge" }</button>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_follow_one_another_are_told_as_one() {
        assert_eq!(spans([].into_iter()), []);
        assert_eq!(spans([0, 1, 2, 4, 6, 7].into_iter()), [(0, 2), (4, 4), (6, 7)]);
    }
}

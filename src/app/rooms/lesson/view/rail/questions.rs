//! Questions of a lesson: predictions, votes, quizzes.

use warstories_lesson::lesson::{Predict, Quiz, Vote};
use yew::prelude::*;

use super::Rail;
use crate::rooms::lesson::view::brief::measured;
use crate::rooms::lesson::view::prose;
use crate::run::lesson_host::LessonAction;
use crate::run::session::{SPEEDS, speed_text};
use crate::view::icon::{self, icon};

/// One of the options of a question.
struct Choice {
    text: Html,
    is_open: bool,
    /// Whether it is known to be the right one.
    is_answer: bool,
    note: &'static str,
}

/// A question with options, one of which can be chosen.
fn form(
    props: &Rail,
    line: usize,
    question: Html,
    choices: Vec<Choice>,
    is_final: bool,
    below: Html,
) -> Html {
    let Rail { story, act, .. } = *props;
    let chosen = story.chosen.get(&line).copied();
    let name = format!("ask-{line}");
    html! {
        // Another question is another part of the page, and takes nobody's focus over.
        <fieldset key={line} class={classes!("ask", (!is_final).then_some("waits"))}>
            <legend>{ question }</legend>
            <div>
                { for choices.into_iter().enumerate().map(|(index, choice)| {
                    let is_chosen = chosen == Some(index);
                    let class = classes!(is_chosen.then_some("chosen"), (!choice.is_open).then_some("locked"), choice.is_answer.then_some("answer"));
                    html! {
                        <label {class}>
                            <input type="radio" name={name.clone()} checked={is_chosen} disabled={is_final || !choice.is_open}
                                onchange={act.reform(move |_| LessonAction::Choose(line, index))} />
                            <span>{ choice.text }{ choice.note }</span>
                        </label>
                    }
                }) }
            </div>
            { below }
        </fieldset>
    }
}

fn button(props: &Rail, line: usize, label: &'static str, lesson_action: LessonAction) -> Html {
    let is_chosen = props.story.chosen.contains_key(&line);
    html! { <button type="button" class="button primary" disabled={!is_chosen} onclick={props.act.reform(move |_| lesson_action.clone())}>{ label }</button> }
}

pub(super) fn verdict(is_good: bool, text: Html) -> Html {
    let (class, glyph) = if is_good { ("verdict met", icon::DONE) } else { ("verdict missed", icon::ACTION) };
    html! { <div {class}>{ icon(glyph) }<div>{ text }</div></div> }
}

/// A question that the run answers.
pub fn predict(props: &Rail, predict: &Predict) -> Html {
    let Rail { story, run, .. } = *props;
    let line = predict.line;
    let locked = story.locked.get(&line);
    let is_answered = locked.is_some_and(|locked| locked.outcome.is_some());
    let choices = predict.options.iter().enumerate().map(|(index, guess)| Choice {
        text: prose::line(&guess.text, run),
        is_open: true,
        is_answer: is_answered && index == predict.answer,
        note: "",
    });
    let below = match locked {
        None => button(props, line, "Lock in and run", LessonAction::Lock(line)),
        Some(locked) => match locked.outcome {
            None if story.lesson.is_asked(story.step, predict, props.session.replay()) => {
                html! { <p class="verdict">{ on_the_way(props, predict) }</p> }
            }
            None => {
                html! {
                    <>
                        <p class="verdict">{ "Locked in. The run on show has been changed, so it cannot answer." }</p>
                        { show_answer(props, line) }
                    </>
                }
            }
            Some(outcome) => {
                let is_right = locked.option == predict.answer;
                let mut told_texts = prose::fixed_all(predict.outcome_texts(), run, &locked.told).into_iter();
                let (after, because) = (told_texts.next(), told_texts.nth(locked.option));
                let told = measured(predict, outcome, run);
                html! {
                    <>
                        { verdict(is_right, html! { <><b>{ if is_right { "You called it. " } else { "Not this time. " } }</b>{ told }</> }) }
                        { for [after, because].into_iter().flatten().filter(|text| !text.is_empty()).map(|text| html! { <p>{ prose::line(&text, run) }</p> }) }
                        // What was tried for an answer is on a branch, which a reload or another step leaves behind.
                        if !predict.inputs.is_empty() && !story.lesson.is_asked(story.step, predict, props.session.replay()) { { show_answer(props, line) } }
                    </>
                }
            }
        },
    };
    form(props, line, prose::line(&predict.question, run), choices.collect(), locked.is_some(), below)
}

fn show_answer(props: &Rail, line: usize) -> Html {
    html! { <button type="button" class="button small" onclick={props.act.reform(move |_| LessonAction::Lock(line))}>{ "Show the run that answers" }</button> }
}

/// What happens between a prediction and its answer.
fn on_the_way(props: &Rail, predict: &Predict) -> String {
    let Rail { run, session, .. } = *props;
    let end = predict.end().map(|end| run.spec().clock.label(end));
    let end = end.map_or_else(String::new, |end| format!(" at {end}"));
    if !session.playing {
        return format!(
            "Locked in. The run stands still before its answer{end}: press Play to let it go on."
        );
    }
    let speed = |position: usize| speed_text(SPEEDS.get(position).copied().unwrap_or(1.0));
    let haste = session.own_speed.map_or_else(String::new, |own| {
        format!(
            " It runs fast, at {}, until then; afterwards your own speed, {}, is back.",
            speed(session.speed),
            speed(own)
        )
    });
    format!("Locked in. The run plays on to its answer{end}.{haste}")
}

/// A decision of the team; every way can be tried.
pub fn vote(props: &Rail, vote: &Vote) -> Html {
    let Rail { story, run, .. } = *props;
    let line = vote.line;
    let choices = vote.options.iter().enumerate().map(|(index, ballot)| {
        let is_open = story.is_ballot_open(vote, index)
            || story.votes.get(&line).is_some_and(|ways| ways.contains(&index));
        Choice {
            text: prose::line(&ballot.text, run),
            is_open,
            is_answer: false,
            note: if is_open { "" } else { " (locked: look closer first)" },
        }
    });
    let tried = story.votes.get(&line).map_or(&[][..], Vec::as_slice);
    let below = html! {
        <>
            if tried.is_empty() || !story.chosen.get(&line).is_some_and(|way| tried.contains(way)) {
                { button(props, line, if tried.is_empty() { "Cast the vote" } else { "Try this way too" }, LessonAction::Cast(line)) }
            }
            { for tried.last().and_then(|way| vote.options.get(*way)).map(|ballot| html! { <p class="verdict">{ prose::line(&ballot.says, run) }</p> }) }
            if tried.len() > 1 { <p>{ "Each way is a branch above the diagram: press Compare to see them side by side." }</p> }
        </>
    };
    form(props, line, prose::line(&vote.question, run), choices.collect(), false, below)
}

/// A question with one right answer.
pub fn quiz(props: &Rail, quiz: &Quiz) -> Html {
    let Rail { story, run, .. } = *props;
    let line = quiz.line;
    let answered = story.answers.get(&line).copied();
    let is_right = answered == Some(quiz.answer);
    let choices = quiz.options.iter().enumerate().map(|(index, option)| Choice {
        text: prose::line(&option.text, run),
        is_open: true,
        is_answer: is_right && index == quiz.answer,
        note: "",
    });
    let because = answered.and_then(|answer| quiz.options.get(answer)).map(|option| &option.because);
    let below = html! {
        <>
            if !is_right { { button(props, line, "Check", LessonAction::Answer(line)) } }
            { for because.map(|because| verdict(is_right, html! { <><b>{ if is_right { "Right. " } else { "Not that one. " } }</b>{ prose::line(because, run) }</> })) }
        </>
    };
    form(props, line, prose::line(&quiz.question, run), choices.collect(), is_right, below)
}

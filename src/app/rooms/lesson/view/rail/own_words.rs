//! Questions about what the learner has seen and understood: statements to be judged, and a sentence of their own.

use warstories_lesson::lesson::{Explain, Observe};
use wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::Rail;
use super::questions::verdict;
use crate::rooms::lesson::view::prose;
use crate::run::lesson_host::LessonAction;
use crate::run::progress::{Explanation, Mark};

/// How a learner compares their own words with ours.
const MARKS: [(Mark, &str); 3] =
    [(Mark::Had, "I had that"), (Mark::Partly, "Partly"), (Mark::NotYet, "Not yet")];

/// Told where the learner's own run says otherwise than the run that the explanation was written for.
const OTHERWISE: &str = "Your run went another way than the one that this lesson explains.";

/// Statements about the run that has been.
pub fn observe(props: &Rail, observe: &Observe) -> Html {
    let Rail { story, run, act, .. } = *props;
    let line = observe.line;
    if !story.observed.contains_key(&line) && !story.is_seen(observe, run.now()) {
        let wait = if run.now() < observe.end() {
            format!("Watch the run until {}, then say what you saw.", run.spec().clock.label(observe.end()))
        } else {
            String::from("The question is about a run that meets the goals above.")
        };
        return html! {
            <div class="ask">
                <p><b>{ prose::line(&observe.question, run) }</b></p>
                <p>{ wait }</p>
            </div>
        };
    }
    let observed = story.observed.get(&line);
    let told = observed.map_or(&[][..], |observed| &observed.told);
    let because = prose::fixed_all(observe.statements.iter().map(|each| &each.because), run, told);
    let is_judged = |place| story.judged.contains_key(&(line, place));
    let all_judged = (0..observe.statements.len()).all(is_judged);
    html! {
        <fieldset key={line} class={classes!("ask", observed.is_none().then_some("waits"))}>
            <legend>{ prose::line(&observe.question, run) }</legend>
            { for observe.statements.iter().zip(because).enumerate().map(|(place, (statement, because))| {
                let found = observed.and_then(|observed| Some((observed.said.get(place)?, observed.found.get(place)?)));
                html! {
                    <fieldset>
                        <legend>{ prose::line(&statement.text, run) }</legend>
                        { for [(true, "True"), (false, "False")].map(|(is_true, label)| html! {
                            <label>
                                <input type="radio" name={format!("saw-{line}-{place}")} disabled={observed.is_some()}
                                    checked={story.judged.get(&(line, place)) == Some(&is_true)}
                                    onchange={act.reform(move |_| LessonAction::Judge(line, place, is_true))} />
                                <span>{ label }</span>
                            </label>
                        }) }
                        { for found.map(|(said, found)| verdict(said == found, html! {
                            <>
                                <b>{ found_words(*said, *found) }</b>
                                if *found == statement.holds { { prose::line(&because, run) } } else { { OTHERWISE } }
                            </>
                        })) }
                    </fieldset>
                }
            }) }
            if observed.is_none() {
                <button type="button" class="button primary" disabled={!all_judged} onclick={act.reform(move |_| LessonAction::Observe(line))}>{ "Check against the run" }</button>
            }
        </fieldset>
    }
}

/// What was said of a statement, where that was wrong, and whether it is true.
const fn found_words(said: bool, found: bool) -> &'static str {
    match (said, found) {
        (true, true) => "True. ",
        (false, false) => "False. ",
        (true, false) => "You said true. It is false. ",
        (false, true) => "You said false. It is true. ",
    }
}

/// A question to be answered in one's own words.
pub fn explain(props: &Rail, explain: &Explain) -> Html {
    let Rail { story, run, act, .. } = *props;
    let line = explain.line;
    let id = format!("words-{line}");
    let Some((text, mark)) = story.explained.get(&line) else {
        let submit = act.reform(move |event: SubmitEvent| {
            event.prevent_default();
            let form: Option<HtmlFormElement> = event.target_dyn_into();
            let area = form.and_then(|form| form.elements().named_item("words"));
            let words =
                area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()).map(|area| area.value());
            LessonAction::Explain(line, words.unwrap_or_default().into())
        });
        let write = act.reform(move |event: InputEvent| {
            let area: Option<HtmlTextAreaElement> = event.target_dyn_into();
            LessonAction::Draft(line, area.map_or_else(String::new, |area| area.value()).into())
        });
        let draft = story.words.get(&line).cloned().map(AttrValue::from);
        return html! {
            <form class="ask waits" onsubmit={submit}>
                <label for={id.clone()}><b>{ prose::line(&explain.question, run) }</b></label>
                // The field is the browser's own while it is there; where the rail is built anew, it begins with the draft.
                <textarea {id} name="words" rows="3" required=true maxlength={Explanation::MOST.to_string()} defaultvalue={draft} oninput={write} />
                <button type="submit" class="button primary">{ "Compare with ours" }</button>
            </form>
        };
    };
    html! {
        <div class="ask">
            <p><b>{ prose::line(&explain.question, run) }</b></p>
            <p translate="yes">{ "You: " }{ text }</p>
            <p>{ "Ours: " }{ prose::line(&explain.ours, run) }</p>
            if mark.is_none() {
                <p>{ "Compare the two: did yours say what matters?" }</p>
            }
            <div class="tried">
                { for MARKS.map(|(each, label)| html! {
                    <button type="button" class="button small" aria-pressed={(*mark == Some(each)).to_string()} onclick={act.reform(move |_| LessonAction::Mark(line, each))}>{ label }</button>
                }) }
            </div>
        </div>
    }
}

//! Steps from top to bottom, participants from left to right: who calls whom, and what comes of it. The number of a step is a
//! radio button, so that arrow keys go from step to step, and a screen reader tells each of them.

use warstories_sim::exhibit::{Exchange, Sequence};
use yew::prelude::*;

/// The sequence called `title`.
pub fn sequence(title: &'static str, sequence: &Sequence) -> Html {
    html! {
        <>
            <p>{ &sequence.lead }if !sequence.steps.is_empty() { { " The arrow keys go from step to step." } }</p>
            if !sequence.steps.is_empty() {
                <div class="scroll" tabindex="0" role="region" aria-label={title}>
                    <table class="sequence">
                        <caption class="unseen">{ title }</caption>
                        <thead><tr><td></td>{ for sequence.participants.iter().map(|name| html! { <th scope="col">{ name }</th> }) }</tr></thead>
                        <tbody>{ for sequence.steps.iter().enumerate().map(|(index, step)| html! {
                            <tr>
                                <th scope="row"><label>{ index + 1 }<input type="radio" name={title} aria-label={told(index, sequence, step)} /></label></th>
                                { for (0..sequence.participants.len()).map(|at| cell(step, at)) }
                            </tr>
                        }) }</tbody>
                    </table>
                </div>
            }
        </>
    }
}

/// A step in words.
fn told(index: usize, Sequence { participants, .. }: &Sequence, step: &Exchange) -> String {
    let Exchange { from, to, action, result, .. } = step;
    let name = |at: usize| participants.get(at).map_or("", String::as_str);
    let called = if from == to { "" } else { name(*to) };
    [&(index + 1).to_string(), name(*from), called, action, result]
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// What the participant at `at` has to do with a step: an arrow leads from the one who acts to the one who is called.
fn cell(step: &Exchange, at: usize) -> Html {
    let (first, last) = (step.from.min(step.to), step.from.max(step.to));
    if at < first || at > last {
        return html! { <td></td> };
    }
    let (class, text) = match at {
        at if at == step.from => ("from", step.action.as_str()),
        at if at == step.to => (if step.is_lost { "to lost" } else { "to" }, step.result.as_str()),
        _ => ("", ""),
    };
    let way = |is_there: bool| html! { <i class={is_there.then_some("way")}></i> };
    html! {
        <td class={class}><div>{ way(at > first) }<span>{ text }</span>{ way(at < last) }</div></td>
    }
}

//! Code that a learner breaks where they like, and the table of what becomes of it.

use warstories_sim::listing::{Listing, Matrix};
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

use super::icon::{self, icon};
use crate::session::Action;

/// The code with its crash: dragged from line to line, or moved by the arrow keys, as radio buttons are.
pub fn listing(listing: &Listing, values: &[f64], is_open: bool, act: &Callback<Action>) -> Html {
    let Listing { title, param, lines, note } = listing;
    let param = *param;
    let now = values.get(param).copied().unwrap_or_default();
    let nowhere = [("", 0.0)].into_iter();
    let all = lines.iter().map(|line| (line.text, line.crash)).chain(nowhere);
    // A finger holds on to the line that it touched first, unless that lets it go.
    let grab = |event: PointerEvent| {
        if let Some(line) = event.target_dyn_into::<Element>() {
            let _ = line.release_pointer_capture(event.pointer_id());
        }
    };
    html! {
        <section class="card listing" aria-labelledby="listing">
            <h2 id="listing">{ *title }</h2>
            <fieldset onpointerdown={grab}>
                <legend>{ if is_open { "Drag the crash to a line: the worker dies on entering it." } else { "The worker dies on entering the marked line." } }</legend>
                { for all.enumerate().map(|(index, (text, crash))| {
                    let is_here = now == crash;
                    let set = Action::Set { param, value: crash };
                    let drag = {
                        let (act, set) = (act.clone(), set.clone());
                        move |event: PointerEvent| if is_open && event.buttons() == 1 && !is_here { act.emit(set.clone()) }
                    };
                    html! {
                        <label class={classes!("code", is_here.then_some("here"))} onpointerenter={drag}>
                            <span class="line-number">{ if text.is_empty() { String::new() } else { (index + 1).to_string() } }</span>
                            if text.is_empty() { <span>{ "nowhere: all goes well" }</span> } else { <code>{ text }</code> }
                            <input type="radio" name="crash" checked={is_here} disabled={!is_open} onchange={act.reform(move |_| set.clone())} />
                            <span class="crash" aria-hidden="true">if is_here && crash > 0.0 { { icon(icon::CLOSE) }{ "dies here" } }</span>
                        </label>
                    }
                }) }
            </fieldset>
            { for note.iter().map(|note| html! { <p role="status">{ note }</p> }) }
        </section>
    }
}

/// The table; without one, a way to ask for it.
pub fn matrix(matrix: Option<&Matrix>, ask: Callback<Event>) -> Html {
    html! {
        <details class="card matrix" ontoggle={ask}>
            <summary>{ "Outcome matrix: every crash, every strategy" }</summary>
            { for matrix.map(|matrix| html! {
                <>
                    <p>{ matrix.legend }</p>
                    <div class="scroll" tabindex="0" role="region" aria-label={matrix.title}>
                        <table>
                            <caption class="unseen">{ matrix.title }</caption>
                            <thead><tr><td></td>{ for matrix.columns.iter().map(|column| html! { <th scope="col">{ *column }</th> }) }</tr></thead>
                            <tbody>{ for matrix.rows.iter().enumerate().map(|(row, (name, cells))| html! {
                                <tr>
                                    <th scope="row">{ *name }</th>
                                    { for cells.iter().enumerate().map(|(column, cell)| {
                                        let here = matrix.here == Some((row, column));
                                        html! { <td class={here.then_some("here")} aria-current={here.then_some("true")}>{ if cell.is_empty() { "–" } else { cell } }</td> }
                                    }) }
                                </tr>
                            }) }</tbody>
                        </table>
                    </div>
                </>
            }) }
        </details>
    }
}

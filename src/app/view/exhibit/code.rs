//! Code in which one line is marked: dragged from line to line, or moved by the arrow keys, as radio buttons are.

use warstories_sim::exhibit::{Code, Line};
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

use crate::run::session::Action;
use crate::view::icon::{self, icon};

/// The code called `id` under these values; the mark can be moved where `is_open`.
pub fn code(id: &'static str, code: &Code, values: &[f64], is_open: bool, act: &Callback<Action>) -> Html {
    let param = code.param;
    let now = values.get(param).copied().unwrap_or_default();
    // A finger holds on to the line that it touched first, unless that lets it go.
    let grab = |event: PointerEvent| {
        if let Some(line) = event.target_dyn_into::<Element>() {
            let _ = line.release_pointer_capture(event.pointer_id());
        }
    };
    let choice = |number: Option<usize>, Line { text, value }: &Line| {
        let is_here = now == *value;
        let set = Action::Set { param, value: *value };
        let drag = {
            let (act, set) = (act.clone(), set.clone());
            move |event: PointerEvent| {
                if is_open && event.buttons() == 1 && !is_here {
                    act.emit(set.clone());
                }
            }
        };
        html! {
            <label class={classes!("code", is_here.then_some("here"))} onpointerenter={drag}>
                <span class="line-number">{ for number }</span>
                if number.is_some() { <code>{ text }</code> } else { <span>{ text }</span> }
                <input type="radio" name={id} checked={is_here} disabled={!is_open} onchange={act.reform(move |_| set.clone())} />
                <span class="mark" aria-hidden="true">if is_here && number.is_some() { { icon(icon::CLOSE) }{ &code.mark } }</span>
            </label>
        }
    };
    html! {
        <>
            <fieldset onpointerdown={grab}>
                <legend>{ if is_open { &code.instruction } else { &code.meaning } }</legend>
                { for code.lines.iter().enumerate().map(|(index, line)| choice(Some(index + 1), line)) }
                { choice(None, &code.no_line) }
            </fieldset>
            { for code.note.iter().map(|note| html! { <p role="status">{ note }</p> }) }
        </>
    }
}

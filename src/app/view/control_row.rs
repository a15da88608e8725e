//! The controls that a lesson has opened, in a row below what they change.

use yew::prelude::*;

use super::controls::Controls;
use super::icon::{self, icon};
use super::knob::{State, knob};
use crate::run::session::Action;

/// The row; empty while a story has opened nothing.
pub fn control_row(panel: &Controls) -> Html {
    let Controls { spec, values, defaults, inert, open, rest, resets, steps, act, .. } = panel;
    let Some(open) = open else { return Html::default() };
    let opened = |all: &[bool]| {
        all.iter().enumerate().filter(|(_, open)| **open).map(|(index, _)| index).collect::<Vec<_>>()
    };
    let (params, actions) = (opened(&open.params), opened(&open.actions));
    if params.is_empty() && actions.is_empty() {
        return match rest {
            Some(rest) => html! { <p class="locked-knobs" data-role="rest">{ *rest }</p> },
            None => Html::default(),
        };
    }
    html! {
        <section class="card control-row" aria-label="Controls">
            { for params.into_iter().map(|index| {
                let inert = inert.iter().find(|other| other.param == index).map(|other| other.reason);
                let state = State { value: values[index], default: defaults[index], inert, resets: *resets, hidden: false };
                knob(&spec.params[index], &state, &act.reform(move |value| Action::Set { param: index, value }))
            }) }
            { for actions.into_iter().map(|index| {
                let action = &spec.actions[index];
                html! {
                    <button key={action.id} type="button" class="button" data-action={action.id} title={action.doc}
                        onclick={act.reform(move |_| Action::Act(index))}>{ action.label }</button>
                }
            }) }
            <div class="undo">
                <button type="button" class="button small" disabled={!steps.0} title="Undo (Ctrl + Z)"
                    onclick={act.reform(|_| Action::Undo)}>{ icon(icon::UNDO) }<span class="unseen">{ "Undo" }</span></button>
                <button type="button" class="button small" disabled={!steps.1} title="Redo (Ctrl + Shift + Z)"
                    onclick={act.reform(|_| Action::Redo)}>{ icon(icon::REDO) }<span class="unseen">{ "Redo" }</span></button>
            </div>
        </section>
    }
}

//! The controls that a lesson has opened, in a row below what they change.

use yew::prelude::*;

use super::controls::{Controls, undo_and_redo};

/// The row; empty while a story has opened nothing.
pub fn control_row(panel: &Controls) -> Html {
    let items = panel.items();
    if items.is_empty() {
        return panel.rest.map_or_else(
            Html::default,
            |rest| html! { <p class="locked-knobs" data-role="rest">{ rest }</p> },
        );
    }
    html! {
        <section class="card control-row" aria-label="Controls">
            { for items.iter().map(|item| panel.item(item, false)) }
            <div class="undo">{ undo_and_redo(panel) }</div>
        </section>
    }
}

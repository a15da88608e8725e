//! The controls that a lesson has opened, in a row below what they change.

use warstories_sim::ScenarioSpec;
use yew::prelude::*;

use super::controls::groups::Tally;
use super::controls::{Controls, FEW, undo_and_redo};

/// The row; empty while a story has opened nothing. Where there are many, those of one part of the system at a time.
#[component]
pub fn ControlRow(panel: &Controls) -> Html {
    let items = panel.items();
    let chosen = use_state(|| None);
    let asked = panel.picked.zip(panel.picked_part()).map(|(pick, (part, _))| (part, pick.clicks));
    {
        let chosen = chosen.clone();
        use_effect_with(asked, move |asked| {
            if let Some((part, _)) = *asked {
                chosen.set(Some(part));
            }
        });
    }
    if items.is_empty() {
        return panel.rest.map_or_else(
            Html::default,
            |rest| html! { <p class="locked-knobs" data-role="rest">{ rest }</p> },
        );
    }
    let tally = panel.tally(&items);
    let part = if items.len() > FEW { shown(*chosen, &tally) } else { None };
    let choose = Callback::from(move |part| chosen.set(Some(part)));
    html! {
        <section class="card control-row" aria-label="Controls">
            if let Some(part) = part {
                { choice(panel.spec, &tally, part, &choose) }
            }
            { for items.iter().map(|item| panel.item(item, part.is_some_and(|part| part != item.part))) }
            <div class="undo">{ undo_and_redo(panel) }</div>
        </section>
    }
}

/// The part whose controls are on show: the chosen one, while it has any, or else the first that has.
fn shown(chosen: Option<usize>, tally: &[Tally]) -> Option<usize> {
    let has_any = |part: &usize| tally[*part].shown > 0;
    chosen.filter(has_any).or_else(|| (0..tally.len()).find(has_any))
}

/// The parts that have controls, one of them chosen.
fn choice(spec: &ScenarioSpec, tally: &[Tally], shown: usize, choose: &Callback<usize>) -> Html {
    let parts = spec.parts.iter().zip(tally).enumerate().filter(|(_, (_, tally))| tally.shown > 0);
    html! {
        <fieldset class="of-part">
            <legend class="unseen">{ "Controls of" }</legend>
            { for parts.map(|(part, (spec, tally))| html! {
                <label key={spec.label}>
                    <input type="radio" name="of-part" checked={shown == part} onchange={choose.reform(move |_| part)} />
                    { spec.label }
                    if tally.changed > 0 { <small>{ format!(" {} changed", tally.changed) }</small> }
                </label>
            }) }
        </fieldset>
    }
}

//! Time: play, pause, step, restart, speed, seed.

use warstories_sim::replay::parse_seed;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::knob::Field;
use crate::session::{Action, SPEEDS};

/// New seeds are drawn below this: short enough to be told to a neighbour.
const NEW_SEEDS: f64 = 1_000_000.0;

/// What the transport shows.
#[derive(PartialEq, Properties)]
pub struct TransportProps {
    /// Whether time passes.
    pub playing: bool,
    /// Position in [`SPEEDS`].
    pub speed: usize,
    /// The seed.
    pub seed: u64,
    /// The story's clock.
    pub clock: String,
    /// The learner does something.
    pub act: Callback<Action>,
    /// The learner wants to see the next event.
    pub step: Callback<()>,
}

/// The transport.
#[component]
pub fn Transport(props: &TransportProps) -> Html {
    let does = |action: Action| props.act.reform(move |_: MouseEvent| action);
    let toggle = if props.playing { Action::Pause } else { Action::Play };
    let (name, glyph) =
        if props.playing { ("Pause", "M4 2.5h3v11H4zM9 2.5h3v11H9z") } else { ("Play", "M4 2v12l10-6z") };
    let act = props.act.clone();
    let choose = move |event: Event| {
        if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
            act.emit(Action::Speed(select.selected_index().max(0) as usize));
        }
    };
    let act = props.act.clone();
    // What is no seed is not entered: the field returns to the seed in force.
    let seed = Callback::from(move |text: String| {
        if let Ok(seed) = parse_seed(&text) {
            act.emit(Action::Seed(seed));
        }
    });
    let new_seed =
        props.act.reform(|_: MouseEvent| Action::Seed((js_sys::Math::random() * NEW_SEEDS) as u64));
    html! {
        <section class="transport" aria-label="Time">
            <div class="buttons">
                <button type="button" class="button primary play-button" onclick={does(toggle)}>{ icon(glyph) }{ name }</button>
                <button type="button" class="button" onclick={props.step.reform(|_| ())}
                    title="To the next event">{ icon("M3 2v12l8-6zM11.5 2H14v12h-2.5z") }<span>{ "Step" }</span></button>
                <button type="button" class="button" onclick={does(Action::Restart)}
                    title="The same run from its beginning">{ icon("M8 2.5V0L3.5 3.5 8 7V4.5A4 4 0 1 1 4 8.5H2a6 6 0 1 0 6-6z") }<span>{ "Restart" }</span></button>
            </div>
            <div class="clock num" data-role="clock" role="timer" aria-label="Clock">{ props.clock.clone() }</div>
            <label class="labelled"><span>{ "Speed" }</span>
                <select data-role="speed" onchange={choose}>
                    { for SPEEDS.iter().enumerate().map(|(index, speed)| html! {
                        <option selected={index == props.speed}>{ format!("{}×", speed_text(*speed)) }</option>
                    }) }
                </select>
            </label>
            <div class="seed">
                <label class="labelled" for="seed"><span>{ "Seed" }</span></label>
                <Field id="seed" value={props.seed.to_string()} min="0" step="1" on_commit={seed} />
                <button type="button" class="button" onclick={new_seed}>{ "New seed" }</button>
            </div>
        </section>
    }
}

fn speed_text(speed: f64) -> String {
    if speed == 0.5 { String::from("½") } else { speed.to_string() }
}

fn icon(path: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg> }
}

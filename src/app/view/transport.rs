//! Time: play, pause, step, back, restart, speed, and the timeline.

use warstories_sim::{ScenarioSpec, SimTime};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::icon::{self, icon};
use super::timeline::{Timeline, timeline};
use crate::run::screen::Screen;
use crate::run::session::{Action, SPEEDS, speed_text};

/// What the transport shows.
pub struct Transport<'a> {
    /// Whether time passes.
    pub playing: bool,
    /// Position in [`SPEEDS`].
    pub speed: usize,
    /// The scenario.
    pub spec: &'static ScenarioSpec,
    /// The run.
    pub screen: &'a Screen,
    /// The moment on show, or soon to be.
    pub moment: SimTime,
    /// How far the timeline reaches.
    pub span: SimTime,
    /// The learner does something.
    pub act: &'a Callback<Action>,
    /// The learner wants to see the next event.
    pub step: Callback<()>,
    /// The learner wants to go back to the last marker.
    pub back: Callback<()>,
}

/// The transport.
pub fn transport(props: &Transport) -> Html {
    let Transport { spec, screen, moment, span, playing, act, .. } = props;
    let does = |action: Action| act.reform(move |_: MouseEvent| action.clone());
    let (toggle, name, glyph) = if props.playing {
        (Action::Pause, "Pause", icon::PAUSE)
    } else {
        (Action::Play, "Play", icon::PLAY)
    };
    let choose = {
        let act = (*act).clone();
        move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                act.emit(Action::Speed(select.selected_index().max(0) as usize));
            }
        }
    };
    html! {
        <section class="transport" aria-label="Time">
            <div class="buttons">
                <button type="button" class="button primary play-button" onclick={does(toggle)}>{ icon(glyph) }{ name }</button>
                <button type="button" class="button" onclick={props.back.reform(|_| ())}
                    title="Back to the last marker, or a little">{ icon(icon::BACK) }<span class="unseen">{ "Back" }</span></button>
                <button type="button" class="button" onclick={props.step.reform(|_| ())}
                    title="To the next event">{ icon(icon::STEP) }<span class="unseen">{ "Step" }</span></button>
                <button type="button" class="button" onclick={does(Action::Restart)}
                    title="Same seed again, from the beginning">{ icon(icon::RESTART) }<span class="unseen">{ "Restart" }</span></button>
            </div>
            <label class="labelled"><span>{ "Speed" }</span>
                <select data-role="speed" ~value={speed_text(SPEEDS.get(props.speed).copied().unwrap_or(1.0))} onchange={choose}>
                    { for SPEEDS.iter().enumerate().map(|(index, speed)| html! {
                        <option selected={index == props.speed}>{ speed_text(*speed) }</option>
                    }) }
                </select>
            </label>
            { timeline(&Timeline { spec, screen, moment: *moment, span: *span, playing: *playing, act }) }
            <div class="clock num">
                <span data-role="clock" role="timer" aria-label="Clock">{ spec.clock.label(screen.now) }</span>
                <small>{ format!("of {}", spec.clock.label(*span)) }</small>
            </div>
        </section>
    }
}

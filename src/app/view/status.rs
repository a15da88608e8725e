//! What runs here, how far it is, and the number that proves which run it was.

use warstories_sim::{ScenarioSpec, SimTime};
use yew::prelude::*;

use crate::run::screen::Screen;
use warstories_sim::format;

/// The head of a run.
pub fn status(spec: &'static ScenarioSpec, screen: &Screen, playing: bool, seeking: bool) -> Html {
    let (state, glyph, class) = match (seeking, playing) {
        (true, _) => ("Catching up", "M2 3l5 5-5 5zM8 3l5 5-5 5z", "pill"),
        (_, true) => ("Running", "M4 2.5v11l9-5.5z", "pill ok"),
        (_, false) if screen.now == SimTime::ZERO => ("Ready", "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z", "pill"),
        _ => ("Paused", "M4 3h3v10H4zM9 3h3v10H9z", "pill"),
    };
    html! {
        <header class="status">
            <div class="title">
                <h1>{ spec.title }</h1>
                <p>{ format::unbroken(spec.summary) }</p>
            </div>
            <dl class="proof">
                <div><dt>{ "State" }</dt><dd><span {class}>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d={glyph} /></svg>{ state }
                </span></dd></div>
                <div><dt>{ "Events" }</dt><dd class="num events" data-role="events">{ format::count(screen.events) }</dd></div>
                <div><dt>{ "Fingerprint" }</dt><dd class="mono" data-role="fingerprint">{ format!("{:016x}", screen.fingerprint) }</dd></div>
            </dl>
        </header>
    }
}

//! The timeline: where the run is, where it can go, and what is worth finding again.

use warstories_sim::{ScenarioSpec, SimTime};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon;
use crate::run::marks::{self, Group};
use crate::run::screen::{MarkKind, Screen};
use crate::run::session::Action;

/// Steps of an arrow key along the usual length.
const STEPS: f64 = 600.0;

/// What the timeline shows.
pub struct Timeline<'a> {
    /// The scenario.
    pub spec: &'static ScenarioSpec,
    /// The run.
    pub screen: &'a Screen,
    /// The moment on show, or soon to be.
    pub moment: SimTime,
    /// How far the timeline reaches.
    pub span: SimTime,
    /// Whether time passes.
    pub playing: bool,
    /// The learner does something.
    pub act: &'a Callback<Action>,
}

/// The timeline.
pub fn timeline(props: &Timeline) -> Html {
    let Timeline { spec, screen, moment, span, playing, act } = props;
    let seek = {
        let act = (*act).clone();
        move |event: InputEvent| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            if let Some(seconds) = input.map(|input| input.value_as_number()) {
                act.emit(Action::Seek(SimTime::from_secs_f64(seconds)));
            }
        }
    };
    let step = (spec.length.as_secs_f64() / STEPS).max(0.001);
    let groups = marks::groups(&screen.marks, *span, spec.clock);
    // A screen reader reads each new text of a slider that has the focus: it would talk as long as time passes.
    let said = if *playing { String::from("playing") } else { spec.clock.label(*moment) };
    html! {
        <div class="timeline">
            <input type="range" aria-label="Timeline" data-role="timeline" min="0" max={span.as_secs_f64().to_string()} step={step.to_string()}
                value={moment.as_secs_f64().to_string()} aria-valuetext={said} oninput={seek} />
            <div class="marks" aria-hidden="true">
                <svg width="100%" height="100%">
                    { for groups.iter().map(|group| flag(group, *span, act)) }
                </svg>
            </div>
        </div>
    }
}

/// Class and glyph of a sort of mark, and its name.
fn look(kind: MarkKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        MarkKind::Change => ("mark change", icon::CHANGE, "Change"),
        MarkKind::Action => ("mark action", icon::ACTION, "Action"),
        MarkKind::Announcement => ("mark told", icon::RING, "Announcement"),
    }
}

/// For the mouse only: the list of moments says and does the same for everybody.
fn flag(group: &Group, span: SimTime, act: &Callback<Action>) -> Html {
    let at = group.at;
    let (class, glyph, _) = look(group.kind);
    let share = at.as_secs_f64() / span.as_secs_f64().max(f64::MIN_POSITIVE) * 100.0;
    // What the learner did above, what the run did in answer below.
    let lane = if group.kind == MarkKind::Announcement {
        "translate(-5 11) scale(.625)"
    } else {
        "translate(-5 0) scale(.625)"
    };
    let top = if group.kind == MarkKind::Announcement { "11" } else { "0" };
    html! {
        <svg x={format!("{share:.2}%")} overflow="visible" {class} onclick={act.reform(move |_| Action::Seek(at))}>
            <title>{ &group.text }</title>
            <rect x="-6" y={top} width="12" height="11" fill="none" pointer-events="all" />
            <path d={glyph} transform={lane} />
        </svg>
    }
}

/// Moments listed at most, the latest: a drag leaves many.
const LISTED: usize = 100;

/// All moments worth finding again, in words.
pub fn moments(spec: &ScenarioSpec, screen: &Screen, act: &Callback<Action>) -> Html {
    let marks = &screen.marks;
    let listed = &marks[marks.len().saturating_sub(LISTED)..];
    html! {
        <details class="card moments">
            <summary>{ format!("Moments ({})", marks.len()) }</summary>
            if marks.is_empty() {
                <p class="muted">{ "What you change and what the run announces will be listed here, and marked on the timeline." }</p>
            }
            <ol>
                { for listed.iter().enumerate().map(|(index, mark)| {
                    let at = mark.at;
                    let (class, glyph, kind) = look(mark.kind);
                    let clock = spec.clock.label(at);
                    html! {
                        <li key={index}>
                            <button type="button" class={classes!("link", class)} onclick={act.reform(move |_| Action::Seek(at))}>
                                { icon::icon(glyph) }<span class="unseen">{ kind }{ " at " }</span><span class="num">{ clock }</span><span>{ mark.text.clone() }</span>
                            </button>
                        </li>
                    }
                }) }
            </ol>
        </details>
    }
}

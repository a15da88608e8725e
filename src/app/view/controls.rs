//! All controls of a scenario, built from its tables.

use warstories_sim::inert::Inert;
use warstories_sim::link::parse_seed;
use warstories_sim::spec::{Preset, Report};
use warstories_sim::{ScenarioSpec, SimTime, format};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement};
use yew::prelude::*;

use super::icon::{self, icon};
use super::knob::{Field, State, knob};
use crate::browser::address;
use crate::run::lesson_host::OpenControls;
use crate::run::session::Action;

/// What the controls show.
pub struct Controls {
    /// The scenario.
    pub spec: &'static ScenarioSpec,
    /// Values of its parameters.
    pub values: Vec<f64>,
    /// What they are unless somebody changes them.
    pub defaults: Vec<f64>,
    /// Parameters that do nothing at present.
    pub inert: Vec<Inert>,
    /// What a lesson has opened; `None` where there is no lesson.
    pub open: Option<OpenControls>,
    /// Start values, and changes and actions, that differ from the run as it was given.
    pub changes: (usize, usize),
    /// Grows whenever all values are set anew.
    pub resets: u32,
    /// Why nothing may be changed at present, and what ends that.
    pub rest: Option<&'static str>,
    /// The seed.
    pub seed: u64,
    /// Whether there is anything to undo, and to redo.
    pub steps: (bool, bool),
    /// Whether time stops by itself when the run announces something.
    pub pause_at_announcements: bool,
    /// The learner does something.
    pub act: Callback<Action>,
}

/// The panel of controls.
pub fn controls(panel: &Controls) -> Html {
    let Controls {
        spec,
        values,
        defaults,
        inert,
        open,
        changes,
        resets,
        rest,
        seed,
        steps,
        pause_at_announcements,
        act,
    } = panel;
    let OpenControls { params, actions, texts } = open.clone().unwrap_or_else(|| OpenControls {
        params: vec![true; spec.params.len()],
        actions: vec![true; spec.actions.len()],
        texts: vec![true; spec.texts.len()],
    });
    let rests = rest.is_some();
    html! {
        <aside class="controls" aria-labelledby="controls">
            <div class="row">
                <h2 id="controls">{ "Controls" }</h2>
                <button type="button" class="button small" disabled={rests || !steps.0} title="Undo (Ctrl + Z)"
                    onclick={act.reform(|_| Action::Undo)}>{ icon(icon::UNDO) }<span class="unseen">{ "Undo" }</span></button>
                <button type="button" class="button small" disabled={rests || !steps.1} title="Redo (Ctrl + Shift + Z)"
                    onclick={act.reform(|_| Action::Redo)}>{ icon(icon::REDO) }<span class="unseen">{ "Redo" }</span></button>
                <button type="button" class="button small" disabled={rests} onclick={act.reform(|_| Action::ResetParams)}>{ "Reset all" }</button>
            </div>
            <div class="row changes">
                <span data-role="inputs">{ changed(*changes) }</span>
                <button type="button" class="button" disabled={rests || changes.1 == 0}
                    onclick={act.reform(|_| Action::Forget)} title="Starts the run again without them">{ "Forget them" }</button>
            </div>
            if let Some(rest) = rest {
                <p class="locked-knobs" data-role="rest">{ *rest }</p>
            } else if open.is_none() {
                { presets(spec, act) }
            } else if params.contains(&false) {
                <p class="locked-knobs">{ "The story opens more controls as it goes on." }</p>
            }
            { for spec.params.iter().zip(values.iter().zip(defaults)).enumerate().filter(|(index, _)| params[*index]).map(|(index, (param, (value, default)))| {
                let inert = inert.iter().find(|other| other.param == index).map(|other| other.reason);
                let state = State { value: *value, default: *default, inert, resets: *resets };
                knob(param, &state, &act.reform(move |value| Action::Set { param: index, value }))
            }) }
            if actions.contains(&true) {
                <h2>{ "Actions" }</h2>
                { for spec.actions.iter().enumerate().filter(|(index, _)| actions[*index]).map(|(index, action)| {
                    let doc = format!("action-{}-doc", action.id);
                    html! {
                        <div class="action" key={action.id}>
                            <button type="button" class="button" data-action={action.id} aria-describedby={doc.clone()}
                                onclick={act.reform(move |_| Action::Act(index))}>{ action.label }</button>
                            <p id={doc}>{ format::unbroken(action.doc) }</p>
                        </div>
                    }
                }) }
            }
            { for (0..texts.len()).filter(|index| texts[*index]).map(|index| text_field(spec, index, rests, act)) }
            <h2>{ "Run" }</h2>
            { run(*seed, rests, *pause_at_announcements, act) }
        </aside>
    }
}

/// How many start values are other than they were given, and how much is done later.
pub fn changed((starts, inputs): (usize, usize)) -> String {
    let plural = |count| if count == 1 { "" } else { "s" };
    let [start, later] = [starts, inputs].map(|count| format::count(count as u64));
    let start = format!("{start} start value{} changed", plural(starts));
    let later = format!("{later} change{} in this run", plural(inputs));
    match (starts, inputs) {
        (0, 0) => String::from("No changes yet"),
        (_, 0) => start,
        (0, _) => later,
        _ => format!("{later}, {start}"),
    }
}

fn presets(spec: &'static ScenarioSpec, act: &Callback<Action>) -> Html {
    let all = || spec.presets.iter().enumerate();
    let list = |heading: &str, items: Vec<Html>| {
        if items.is_empty() {
            return Html::default();
        }
        html! { <details class="presets"><summary>{ heading }</summary><ul>{ for items }</ul></details> }
    };
    let own = all().filter(|(_, preset)| preset.report.is_none());
    let seen = all().filter_map(|(index, preset)| Some((index, preset, preset.report?)));
    html! {
        <>
            { list("Presets", own.map(|(index, preset)| item(index, preset, Html::default(), act)).collect()) }
            { list("Seen elsewhere", seen.map(|(index, preset, report)| item(index, preset, seen_elsewhere(spec, preset, &report), act)).collect()) }
        </>
    }
}

fn item(index: usize, preset: &'static Preset, more: Html, act: &Callback<Action>) -> Html {
    html! {
        <li key={preset.label}>
            <button type="button" class="button small" onclick={act.reform(move |_| Action::Preset(index))}>{ preset.label }</button>
            <p>{ format::unbroken(preset.doc) }</p>
            { more }
        </li>
    }
}

/// The figures of a public incident beside those of the run, and the way to the moment at which they were taken.
fn seen_elsewhere(spec: &'static ScenarioSpec, preset: &Preset, report: &Report) -> Html {
    let at = SimTime::from_secs(report.at_s);
    let moment = address::play(&preset.replay(spec).print(Some(at)));
    let at = spec.clock.label(at);
    html! {
        <>
            <table class="report">
                <thead><tr><th scope="col">{ "Reported" }</th><th scope="col">{ "Here" }</th></tr></thead>
                { for report.figures.iter().map(|figure| html! {
                    <tbody class="pair">
                        <tr><th scope="rowgroup" colspan="2">{ format::unbroken(figure.what) }</th></tr>
                        <tr><td>{ format::unbroken(figure.reported) }</td><td>{ figure.ours }</td></tr>
                    </tbody>
                }) }
            </table>
            <p>{ "Here: " }<a href={moment}>{ format!("the run of these settings at {at}") }</a>{ ". Source: " }
                <a href={report.url} target="_blank" rel="noreferrer">{ report.source }</a></p>
        </>
    }
}

/// A field for what can be written into the running system, and a button that writes it.
fn text_field(spec: &'static ScenarioSpec, index: usize, rests: bool, act: &Callback<Action>) -> Html {
    let field = &spec.texts[index];
    let (id, doc) = (format!("text-{}", field.id), format!("text-{}-doc", field.id));
    let act = act.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = event.target_dyn_into::<HtmlFormElement>();
        let input =
            form.and_then(|form| form.elements().named_item("text")?.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input {
            act.emit(Action::Write { field: index, text: input.value().into() });
        }
    };
    html! {
        <form class="action" key={field.id} onsubmit={submit} autocomplete="off">
            <h2><label for={id.clone()}>{ field.label }</label></h2>
            <input class="field" {id} name="text" type="text" maxlength={field.most.to_string()} placeholder={field.examples.first().copied()}
                disabled={rests} aria-describedby={doc.clone()} data-text={field.id} spellcheck="false" />
            <button type="submit" class="button" disabled={rests}>{ "Write" }</button>
            <p id={doc}>{ format::unbroken(field.doc) }</p>
        </form>
    }
}

/// New seeds are drawn below this: short enough to be told to a neighbour.
const NEW_SEEDS: f64 = 1_000_000.0;

/// A seed that nobody has chosen.
pub fn new_seed() -> u64 {
    (js_sys::Math::random() * NEW_SEEDS) as u64
}

/// What the run as a whole depends on, and how it is watched.
fn run(seed: u64, rests: bool, pause_at_announcements: bool, act: &Callback<Action>) -> Html {
    let commit = {
        let act = act.clone();
        Callback::from(move |text: String| parse_seed(text.trim()).map(|seed| act.emit(Action::Seed(seed))))
    };
    let pause = {
        let act = act.clone();
        move |event: Event| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            act.emit(Action::PauseAtAnnouncements(input.is_some_and(|input| input.checked())));
        }
    };
    html! {
        <>
            <Field label="Seed" of="seed" id="seed" value={seed.to_string()} disabled={rests} on_commit={commit}>
                <button type="button" class="button small" disabled={rests} onclick={act.reform(|_| Action::Seed(new_seed()))}>{ "New seed" }</button>
            </Field>
            <label class="switch" title="Time stops where a metric reaches a threshold, falls below it again, or something else happens that the timeline marks.">
                <span>{ "Pause at announcements" }</span>
                <input type="checkbox" checked={pause_at_announcements} onchange={pause} />
            </label>
        </>
    }
}

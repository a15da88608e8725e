//! Settings worth trying, and public incidents among them.

use warstories_sim::spec::{Preset, Report};
use warstories_sim::{ScenarioSpec, SimTime, format};
use yew::prelude::*;

use crate::browser::address;
use crate::run::session::Action;

/// The lists of presets.
pub fn presets(spec: &'static ScenarioSpec, act: &Callback<Action>) -> Html {
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
            <p>{ format::unbroken(preset.doc) }{ " " }<b>{ format::unbroken(preset.look_for) }</b></p>
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

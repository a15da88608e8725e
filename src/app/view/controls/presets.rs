//! Settings worth trying, and public incidents among them.

use warstories_sim::docs::{PresetDocs, ReportDocs, ScenarioDocs};
use warstories_sim::spec::Preset;
use warstories_sim::{ScenarioSpec, SimTime, format};
use yew::prelude::*;

use crate::browser::address;
use crate::run::session::Action;

/// The lists of presets; what each of them means is told where `docs` are known.
pub fn presets(spec: &'static ScenarioSpec, docs: Option<&ScenarioDocs>, act: &Callback<Action>) -> Html {
    let list = |heading: &str, is_report: bool| {
        let all = spec.presets.iter().enumerate();
        let items = all.filter(|(_, preset)| preset.report.is_some() == is_report).map(|(index, preset)| {
            item(spec, index, preset, docs.and_then(|docs| docs.presets.get(index)), act)
        });
        let items: Vec<Html> = items.collect();
        if items.is_empty() {
            return Html::default();
        }
        html! { <details class="presets"><summary>{ heading }</summary><ul>{ for items }</ul></details> }
    };
    html! { <>{ list("Presets", false) }{ list("Seen elsewhere", true) }</> }
}

fn item(
    spec: &'static ScenarioSpec,
    index: usize,
    preset: &'static Preset,
    docs: Option<&PresetDocs>,
    act: &Callback<Action>,
) -> Html {
    let look_for = docs.map(|docs| docs.look_for.clone());
    html! {
        <li key={preset.label}>
            <button type="button" class="button small" onclick={act.reform(move |_| Action::Preset(index, look_for.clone()))}>{ format::unbroken(preset.label) }</button>
            if let Some(docs) = docs {
                <p>{ format::unbroken(&docs.doc) }{ " " }<b>{ format::unbroken(&docs.look_for) }</b></p>
                { for docs.report.iter().map(|report| seen_elsewhere(spec, preset, report)) }
            }
        </li>
    }
}

/// The figures of a public incident beside those of the run, and the way to the moment at which they were taken.
fn seen_elsewhere(spec: &'static ScenarioSpec, preset: &Preset, report: &ReportDocs) -> Html {
    let at = SimTime::from_secs(preset.report.map_or(0, |report| report.at_s));
    let moment = address::play(&preset.replay(spec).print(Some(at)));
    let at = spec.clock.label(at);
    html! {
        <>
            <table class="report">
                <thead><tr><th scope="col">{ "Reported" }</th><th scope="col">{ "Here" }</th></tr></thead>
                { for report.figures.iter().map(|figure| html! {
                    <tbody class="pair">
                        <tr><th scope="rowgroup" colspan="2">{ format::unbroken(&figure.what) }</th></tr>
                        <tr><td>{ format::unbroken(&figure.reported) }</td><td>{ &figure.ours }</td></tr>
                    </tbody>
                }) }
            </table>
            <p>{ "Here: " }<a href={moment}>{ format!("the run of these settings at {at}") }</a>{ ". Source: " }
                <a href={report.url.clone()} target="_blank" rel="noreferrer">{ &report.source }</a></p>
        </>
    }
}

//! All controls of a scenario, built from its tables.

use warstories_sim::ScenarioSpec;
use yew::prelude::*;

use super::knob::Knob;
use crate::session::Action;

/// What the controls show.
#[derive(PartialEq, Properties)]
pub struct ControlsProps {
    /// The scenario.
    pub spec: &'static ScenarioSpec,
    /// Values of its parameters.
    pub values: Vec<f64>,
    /// Number of changes and actions in the replay.
    pub inputs: usize,
    /// The learner does something.
    pub act: Callback<Action>,
}

/// The panel of controls.
#[component]
pub fn Controls(props: &ControlsProps) -> Html {
    let ControlsProps { spec, values, inputs, act } = props;
    let on_set = use_memo(act.clone(), |act| act.reform(|(param, value)| Action::Set { param, value }));
    let changed =
        spec.params.iter().zip(values).filter(|(param, value)| param.default_value() != **value).count();
    html! {
        <aside class="controls" aria-labelledby="controls">
            <div class="row">
                <h2 id="controls">{ "Controls" }</h2>
                <button type="button" class="button" disabled={changed == 0} onclick={act.reform(|_| Action::ResetParams)}>{ "Reset all" }</button>
            </div>
            <div class="row changes">
                <span data-role="inputs">{ changes(*inputs) }</span>
                <button type="button" class="button" disabled={*inputs == 0}
                    onclick={act.reform(|_| Action::Forget)} title="Starts the run again without them">{ "Forget them" }</button>
            </div>
            { for spec.params.iter().zip(values).enumerate().map(|(index, (param, value))| html! {
                <Knob key={param.id} {index} spec={param} value={*value} on_set={(*on_set).clone()} />
            }) }
            if !spec.actions.is_empty() {
                <h2>{ "Actions" }</h2>
                { for spec.actions.iter().enumerate().map(|(index, action)| {
                    let doc = format!("action-{}-doc", action.id);
                    html! {
                        <div class="action" key={action.id}>
                            <button type="button" class="button" data-action={action.id} aria-describedby={doc.clone()}
                                onclick={act.reform(move |_| Action::Act(index))}>{ action.label }</button>
                            <p id={doc}>{ action.doc }</p>
                        </div>
                    }
                }) }
            }
        </aside>
    }
}

fn changes(inputs: usize) -> String {
    match inputs {
        0 => String::from("No changes in this run yet"),
        1 => String::from("1 change in this run"),
        inputs => format!("{inputs} changes in this run"),
    }
}

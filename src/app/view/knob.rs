//! One control, built from the table of parameters.

use warstories_sim::{Domain, ParamSpec};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::view::scale::Scale;
use warstories_sim::format;

/// A control with its provenance, its meaning and its default: what it is unless somebody changes it.
///
/// `inert` says why it does nothing at present, if it does nothing.
pub fn knob(
    spec: &'static ParamSpec,
    value: f64,
    default: f64,
    inert: Option<&'static str>,
    set: &Callback<f64>,
) -> Html {
    let id = format!("param-{}", spec.id);
    let is_changed = value != default;
    let reset = set.reform(move |_: MouseEvent| default);
    html! {
        <div key={spec.id} class={classes!("knob", is_changed.then_some("changed"))}>
            { control(spec, value, &id, set) }
            if let Some(reason) = inert {
                <p class="inert" data-inert={spec.id}>{ reason }</p>
            }
            <div class="notes">
                if is_changed {
                    <button type="button" class="was" onclick={reset} >
                        { "was " }{ format::param(spec, default) }<span class="unseen">{ format!(": reset {}", spec.label) }</span>
                    </button>
                } else {
                    <span>{ "default " }{ format::param(spec, default) }</span>
                }
                <details>
                    <summary><span class="tag">{ spec.provenance.word() }</span><span class="unseen">{ format!(": about {}", spec.label) }</span></summary>
                    <p id={format!("{id}-doc")}>{ spec.doc }</p>
                    { choices(spec, value) }
                </details>
            </div>
        </div>
    }
}

/// What each choice means; the one in force is named.
fn choices(spec: &'static ParamSpec, value: f64) -> Html {
    let Domain::Choice(choices) = spec.domain else { return Html::default() };
    html! {
        <dl>{ for choices.iter().enumerate().map(|(index, choice)| html! {
            <>
                <dt>{ choice.label }if index == value as usize { <span class="tag">{ "in force" }</span> }</dt>
                <dd>{ choice.doc }</dd>
            </>
        }) }</dl>
    }
}

fn control(spec: &'static ParamSpec, value: f64, id: &str, set: &Callback<f64>) -> Html {
    let doc = format!("{id}-doc");
    let id = id.to_owned();
    match (spec.domain, Scale::of(spec.domain)) {
        (Domain::Choice(choices), _) => {
            let choose = set.reform(|event: Event| {
                let select = event.target_dyn_into::<HtmlSelectElement>();
                select.map_or(0.0, |select| f64::from(select.selected_index().max(0)))
            });
            html! {
                <>
                    <label for={id.clone()}>{ spec.label }</label>
                    <select {id} data-param={spec.id} aria-describedby={doc} onchange={choose}>
                        { for choices.iter().enumerate().map(|(index, choice)| html! {
                            <option value={choice.id} selected={index == value as usize}>{ choice.label }</option>
                        }) }
                    </select>
                </>
            }
        }
        (_, Some(scale)) => slider(spec, value, id, doc, scale, set),
        (_, None) => {
            let toggle = set.reform(|event: Event| {
                let input = event.target_dyn_into::<HtmlInputElement>();
                f64::from(u8::from(input.is_some_and(|input| input.checked())))
            });
            html! {
                <label class="switch">
                    <span>{ spec.label }</span>
                    <input type="checkbox" data-param={spec.id} aria-describedby={doc} checked={value != 0.0} onchange={toggle} />
                </label>
            }
        }
    }
}

fn slider(
    spec: &'static ParamSpec,
    value: f64,
    id: String,
    doc: String,
    scale: Scale,
    set: &Callback<f64>,
) -> Html {
    let end = scale.end().to_string();
    let position = scale.position(value).to_string();
    let slide = {
        let set = set.clone();
        move |event: InputEvent| {
            if let Some(position) =
                event.target_dyn_into::<HtmlInputElement>().map(|input| input.value_as_number() as usize)
            {
                set.emit(scale.value(position));
            }
        }
    };
    let (min, max, step) = match spec.domain {
        // A number field counts its steps from the minimum: 0.1 and steps of 1 would refuse 100.
        Domain::Number { min, max, step } if (min / step).fract() == 0.0 => (min, max, step.to_string()),
        Domain::Number { min, max, .. } => (min, max, String::from("any")),
        Domain::Integer { min, max } => (min as f64, max as f64, String::from("1")),
        Domain::Switch | Domain::Choice(_) => return Html::default(),
    };
    let set = set.clone();
    // What is not allowed is not entered: the field returns to the value in force.
    let commit = Callback::from(move |text: String| {
        if let Ok(value) = spec.parse(&text) {
            set.emit(value);
        }
    });
    let unit = spec.unit.suffix();
    html! {
        <>
            <div class="row">
                <label for={id.clone()}>{ spec.label }</label>
                <span class="exact">
                    <Field param={spec.id} name={format!("{}, exact value", spec.label)} value={spec.print(value)}
                        min={min.to_string()} max={max.to_string()} {step} on_commit={commit} />
                    <span class="unit">{ unit }</span>
                </span>
            </div>
            <input {id} type="range" data-param={spec.id} min="0" max={end} step="1" value={position}
                aria-valuetext={format::param(spec, value)} aria-describedby={doc} oninput={slide} />
        </>
    }
}

/// What a number field shows.
#[derive(PartialEq, Properties)]
pub struct FieldProps {
    /// Identifier, for a label that stands elsewhere.
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// Parameter whose exact value this is.
    #[prop_or_default]
    pub param: Option<&'static str>,
    /// Name, where there is no label.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    /// The number in force.
    pub value: AttrValue,
    /// Smallest number.
    pub min: AttrValue,
    /// Largest number.
    #[prop_or_default]
    pub max: Option<AttrValue>,
    /// What an arrow key adds.
    pub step: AttrValue,
    /// Whether it cannot be written in at present.
    #[prop_or_default]
    pub disabled: bool,
    /// The learner has finished writing.
    pub on_commit: Callback<String>,
}

/// A number field that leaves what is being written alone until it is finished.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let draft = use_state(|| None::<String>);
    let text =
        |event: &web_sys::Event| event.target_dyn_into::<HtmlInputElement>().map(|input| input.value());
    let write = {
        let draft = draft.clone();
        move |event: InputEvent| draft.set(text(&event))
    };
    let commit = {
        let draft = draft.clone();
        let on_commit = props.on_commit.clone();
        move |event: Event| {
            draft.set(None);
            if let Some(text) = text(&event) {
                on_commit.emit(text);
            }
        }
    };
    let shown = (*draft).clone().map_or_else(|| props.value.clone(), AttrValue::from);
    html! {
        <input type="number" class="field num" id={props.id.clone()} data-param-number={props.param} aria-label={props.name.clone()}
            value={shown} min={props.min.clone()} max={props.max.clone()} step={props.step.clone()} disabled={props.disabled} oninput={write} onchange={commit} />
    }
}

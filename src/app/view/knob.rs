//! One control, built from the table of parameters.

use warstories_sim::docs::ParamDocs;
use warstories_sim::{Domain, ParamSpec, format};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::explanation::explanation;
use super::scale::Scale;

/// How a control stands.
pub struct State {
    /// The value in force.
    pub value: f64,
    /// What it is unless somebody changes it.
    pub default: f64,
    /// Why it does nothing at present, if it does nothing.
    pub inert: Option<&'static str>,
    /// Grows whenever all values are set anew.
    pub resets: u32,
    /// Whether it is out of sight.
    pub hidden: bool,
}

/// A control with its provenance, its default and, where `docs` are known, its meaning.
pub fn knob(spec: &'static ParamSpec, state: &State, docs: Option<&ParamDocs>, set: &Callback<f64>) -> Html {
    let State { value, default, inert, hidden, .. } = *state;
    let id = format!("param-{}", spec.id);
    let explanation = explanation(&id, docs.map(|docs| &docs.doc));
    // Why it does nothing comes before what it means.
    let inert_id = inert.map(|_| format!("{id}-inert"));
    let about: Vec<String> = inert_id.iter().chain(&explanation.id).cloned().collect();
    let about = (!about.is_empty()).then(|| about.join(" "));
    let tag = html! { <span class="tag">{ spec.provenance.word() }</span> };
    let is_changed = value != default;
    let reset = set.reform(move |_: MouseEvent| default);
    html! {
        <div key={spec.id} class={classes!("knob", is_changed.then_some("changed"))} {hidden}>
            { control(spec, state, id, about, set) }
            if let Some(reason) = inert {
                <p class="inert" id={inert_id}>{ format::unbroken(reason) }</p>
            }
            <div class="notes">
                if is_changed {
                    <button type="button" class="was" onclick={reset} >
                        { "was " }{ format::param(spec, default) }<span class="unseen">{ format!(": reset {}", spec.label) }</span>
                    </button>
                } else {
                    <span>{ "default " }{ format::param(spec, default) }</span>
                }
                if let Some(docs) = docs {
                    <details>
                        <summary>{ tag }<span class="unseen">{ format!(": about {}", spec.label) }</span></summary>
                        { explanation.paragraph }
                        { choices(spec, docs, value) }
                    </details>
                } else {
                    { tag }
                }
            </div>
        </div>
    }
}

/// What each choice means; the one in force is named.
fn choices(spec: &'static ParamSpec, docs: &ParamDocs, value: f64) -> Html {
    let Domain::Choice(choices) = spec.domain else { return Html::default() };
    html! {
        <dl>{ for choices.iter().zip(&docs.choices).enumerate().map(|(index, (choice, doc))| html! {
            <>
                <dt>{ format::unbroken(choice.label) }if index == value as usize { <span class="tag">{ "in force" }</span> }</dt>
                <dd>{ format::unbroken(doc) }</dd>
            </>
        }) }</dl>
    }
}

/// The control itself; `about` names what tells more of it.
fn control(
    spec: &'static ParamSpec,
    state: &State,
    id: String,
    about: Option<String>,
    set: &Callback<f64>,
) -> Html {
    let value = state.value;
    match (spec.domain, Scale::of(spec.domain)) {
        (Domain::Choice(choices), _) => {
            let choose = set.reform(|event: Event| {
                let select = event.target_dyn_into::<HtmlSelectElement>();
                select.map_or(0.0, |select| f64::from(select.selected_index().max(0)))
            });
            html! {
                <>
                    <label for={id.clone()}>{ spec.label }</label>
                    <select {id} data-param={spec.id} aria-describedby={about} ~value={choices.get(value as usize).map_or("", |choice| choice.id)} onchange={choose}>
                        { for choices.iter().enumerate().map(|(index, choice)| html! {
                            <option value={choice.id} selected={index == value as usize}>{ choice.label }</option>
                        }) }
                    </select>
                </>
            }
        }
        (_, Some(scale)) => slider(spec, state, id, about, scale, set),
        (_, None) => {
            let toggle = set.reform(|event: Event| {
                let input = event.target_dyn_into::<HtmlInputElement>();
                f64::from(u8::from(input.is_some_and(|input| input.checked())))
            });
            html! {
                <label class="switch">
                    <span>{ spec.label }</span>
                    <input type="checkbox" data-param={spec.id} aria-describedby={about} checked={value != 0.0} onchange={toggle} />
                </label>
            }
        }
    }
}

fn slider(
    spec: &'static ParamSpec,
    &State { value, resets, .. }: &State,
    id: String,
    about: Option<String>,
    scale: Scale,
    set: &Callback<f64>,
) -> Html {
    let end = scale.end().to_string();
    let position = scale.position(value);
    // The handle of a value between two stops stands at the lower one. So the browser would step past that stop, and says
    // nothing where it is the first.
    let below = scale.below(value);
    let step_down = {
        let set = set.clone();
        move |event: KeyboardEvent| {
            let is_down = match event.key().as_str() {
                "ArrowLeft" | "ArrowDown" => true,
                "Home" | "PageDown" => position == 0,
                _ => false,
            };
            if let Some(stop) = below.filter(|_| is_down && !event.alt_key() && !event.meta_key()) {
                event.prevent_default();
                set.emit(stop);
            }
        }
    };
    let tap = {
        let set = set.clone();
        move |_: MouseEvent| {
            if let Some(stop) = below.filter(|_| position == 0) {
                set.emit(stop);
            }
        }
    };
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
    let unit = if value == 0.0 && !spec.zero.is_empty() { spec.zero } else { spec.unit.suffix() };
    let commit = set.clone();
    let commit = Callback::from(move |text: String| {
        let value = spec.read(text.trim()).map_err(|why| format!("{} {why}", spec.label))?;
        commit.emit(value);
        Ok(())
    });
    html! {
        <>
            <Field param={spec.id} label={spec.label} of={id.clone()} name={format!("{}, exact value", spec.label)}
                value={spec.print(value)} {unit} about={about.clone()} {resets} on_commit={commit} />
            <input {id} type="range" data-param={spec.id} min="0" max={end} step="1" value={position.to_string()}
                aria-valuetext={format::param(spec, value)} aria-describedby={about} oninput={slide} onkeydown={step_down} onclick={tap} />
        </>
    }
}

/// What a number field shows.
#[derive(PartialEq, Properties)]
pub struct FieldProps {
    /// What the label says.
    pub label: AttrValue,
    /// Identifier of what the label belongs to.
    pub of: AttrValue,
    /// Identifier of the field itself, where the label belongs to it.
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// Parameter whose exact value this is.
    #[prop_or_default]
    pub param: Option<&'static str>,
    /// Name, where the label belongs to something else.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    /// The number in force.
    pub value: AttrValue,
    /// Identifiers of what tells more of it.
    #[prop_or_default]
    pub about: Option<String>,
    /// Grows whenever all values are set anew.
    #[prop_or_default]
    pub resets: u32,
    /// What stands behind the number.
    #[prop_or_default]
    pub unit: &'static str,
    /// Whether it cannot be written in at present.
    #[prop_or_default]
    pub disabled: bool,
    /// Takes what the learner has written, or refuses it with one sentence.
    pub on_commit: Callback<String, Result<(), String>>,
    /// What follows in the same row.
    #[prop_or_default]
    pub children: Html,
}

/// A labelled field for a number. It leaves what is being written alone until it is finished, and keeps what was refused
/// beside the reason.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let draft = use_state(|| None::<(String, Option<String>)>);
    let text =
        |event: &web_sys::Event| event.target_dyn_into::<HtmlInputElement>().map(|input| input.value());
    {
        // Something else has set the number: what was refused is past.
        let draft = draft.clone();
        use_effect_with((props.value.clone(), props.resets), move |_| draft.set(None));
    }
    let abandon = {
        let draft = draft.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                draft.set(None);
            }
        }
    };
    let write = {
        let draft = draft.clone();
        move |event: InputEvent| draft.set(text(&event).map(|text| (text, None)))
    };
    let commit = {
        let draft = draft.clone();
        let on_commit = props.on_commit.clone();
        move |event: Event| {
            if let Some(text) = text(&event) {
                let refused = on_commit.emit(text.clone()).err();
                draft.set(refused.map(|reason| (text, Some(reason))));
            }
        }
    };
    let (shown, refused) = match &*draft {
        Some((text, refused)) => (text.clone().into(), refused.clone()),
        None => (props.value.clone(), None),
    };
    let reason = format!("{}-refused", props.of);
    html! {
        <>
            <div class="row">
                <label for={props.of.clone()}>{ props.label.clone() }</label>
                <span class="exact">
                    <input type="text" inputmode="decimal" autocomplete="off" class="field num" id={props.id.clone()} data-param-number={props.param}
                        aria-label={props.name.clone()} aria-invalid={refused.is_some().then_some("true")}
                        aria-describedby={if refused.is_some() { Some(reason.clone()) } else { props.about.clone() }} value={shown} disabled={props.disabled}
                        oninput={write} onchange={commit} onkeydown={abandon} />
                    if !props.unit.is_empty() || props.param.is_some() {
                        <span class="unit">{ props.unit }</span>
                    }
                </span>
                { props.children.clone() }
            </div>
            if let Some(refused) = refused {
                <p class="refused" id={reason} role="alert">{ refused }</p>
            }
        </>
    }
}

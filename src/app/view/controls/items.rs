//! The controls on show, one by one.

use warstories_sim::format;
use warstories_sim::inert::Control;
use yew::prelude::*;

use super::Controls;
use super::groups::Tally;
use crate::run::session::Action;
use crate::view::explanation::explanation;
use crate::view::knob::{State, knob};

/// A parameter or an action.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    /// The part of the system that it belongs to.
    pub part: usize,
    control: Control,
    is_changed: bool,
    /// What a search looks at: label, id and, once it is known, meaning.
    pub texts: [&'a str; 3],
}

impl Item<'_> {
    pub fn is_action(&self) -> bool {
        matches!(self.control, Control::Action(_))
    }
}

impl Controls {
    /// Whether there is any control on show.
    pub fn has_any(&self) -> bool {
        self.open.is_some() && !self.items().is_empty()
    }

    /// Parameters, then actions.
    pub fn items(&self) -> Vec<Item<'_>> {
        let Self { spec, values, defaults, open, docs, .. } = self;
        let docs = docs.texts();
        let params = spec.params.iter().enumerate().map(|(index, param)| Item {
            part: param.part,
            control: Control::Param(index),
            is_changed: values[index] != defaults[index],
            texts: [
                param.label,
                param.id,
                docs.and_then(|docs| docs.params.get(index)).map_or("", |param| &param.doc),
            ],
        });
        let actions = spec.actions.iter().enumerate().filter(|(index, _)| self.offered != Some(*index));
        let actions = actions.map(|(index, action)| Item {
            part: action.part,
            control: Control::Action(index),
            is_changed: false,
            texts: [
                action.label,
                action.id,
                docs.and_then(|docs| docs.actions.get(index)).map_or("", |doc| doc),
            ],
        });
        let is_open = |item: &Item| {
            open.as_ref().is_none_or(|open| match item.control {
                Control::Param(param) => open.params[param],
                Control::Action(action) => open.actions[action],
            })
        };
        params.chain(actions).filter(is_open).collect()
    }

    /// The same, counted by part.
    pub fn tally(&self, items: &[Item]) -> Vec<Tally> {
        let mut tally = vec![Tally::default(); self.spec.parts.len()];
        for item in items {
            let part = &mut tally[item.part];
            part.shown += 1;
            part.changed += usize::from(item.is_changed);
        }
        tally
    }

    /// One control. A hidden one keeps what is being written into it.
    pub fn item(&self, item: &Item, hidden: bool) -> Html {
        let Self { spec, act, docs, .. } = self;
        let docs = docs.texts();
        let inert = self.inert.iter().find(|other| other.control == item.control).map(|other| other.reason);
        match item.control {
            Control::Param(index) => {
                let (value, default) = (self.values[index], self.defaults[index]);
                let state = State { value, default, inert, resets: self.resets, hidden };
                let set = act.reform(move |value| Action::Set { param: index, value });
                knob(&spec.params[index], &state, docs.and_then(|docs| docs.params.get(index)), &set)
            }
            Control::Action(index) => {
                let action = &spec.actions[index];
                let doc = docs.and_then(|docs| docs.actions.get(index));
                let explanation = explanation(&format!("action-{}", action.id), doc);
                let why = inert.map(|_| format!("action-{}-inert", action.id));
                let told: Vec<String> = why.iter().cloned().chain(explanation.id).collect();
                let told = (!told.is_empty()).then(|| told.join(" "));
                html! {
                    <div class="action" key={action.id} {hidden}>
                        <button type="button" class="button" data-action={action.id} title={doc.cloned()} aria-describedby={told}
                            onclick={act.reform(move |_| Action::Act(index))}>{ action.label }</button>
                        if let Some(reason) = inert {
                            <p class="inert" id={why}>{ format::unbroken(reason) }</p>
                        }
                        { explanation.paragraph }
                    </div>
                }
            }
        }
    }
}

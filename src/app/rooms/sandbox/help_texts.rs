//! The help texts of a scenario, fetched when a run of it is opened for the first time.

use std::cell::RefCell;
use std::rc::Rc;

use warstories_sim::ScenarioSpec;
use warstories_sim::docs::ScenarioDocs;
use yew::Callback;

use crate::browser::data;
use crate::rooms::front_door;
use crate::run::docs::Docs;

thread_local! {
    /// What has arrived while the page is open, by scenario.
    static ARRIVED: RefCell<Vec<(&'static str, Rc<ScenarioDocs>)>> = const { RefCell::new(Vec::new()) };
}

/// The help texts of `spec`. Where they are not there yet, fetches them and calls back with what becomes of that.
pub fn of(spec: &'static ScenarioSpec, on_docs: Callback<Docs>) -> Docs {
    let arrived = ARRIVED.with_borrow(|arrived| {
        arrived.iter().find(|(id, _)| *id == spec.id).map(|(_, texts)| Docs::Loaded(texts.clone()))
    });
    let ask = || {
        let Some(address) = front_door::docs_data(spec.id) else { return Docs::Missing };
        data::fetch(address, move |texts: Option<ScenarioDocs>| {
            on_docs.emit(texts.map_or(Docs::Missing, |texts| keep(spec.id, texts)));
        });
        Docs::Waiting
    };
    arrived.unwrap_or_else(ask)
}

fn keep(id: &'static str, texts: ScenarioDocs) -> Docs {
    let texts = Rc::new(texts);
    ARRIVED.with_borrow_mut(|arrived| arrived.push((id, texts.clone())));
    Docs::Loaded(texts)
}

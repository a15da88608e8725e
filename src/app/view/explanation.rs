//! What a control means, where that is known.

use warstories_sim::format;
use yew::prelude::*;

/// A paragraph about a control.
#[derive(Default)]
pub struct Explanation {
    /// Its identifier, by which the control refers to it.
    pub id: Option<String>,
    /// The paragraph.
    pub paragraph: Html,
}

/// The explanation of the control with the identifier `of`; empty without a `doc`.
pub fn explanation(of: &str, doc: Option<&String>) -> Explanation {
    let Some(doc) = doc else { return Explanation::default() };
    let id = format!("{of}-doc");
    let paragraph = html! { <p id={id.clone()}>{ format::unbroken(doc) }</p> };
    Explanation { id: Some(id), paragraph }
}

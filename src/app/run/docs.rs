//! What is known of the help texts of the run's scenario, which are fetched with the run.

use std::rc::Rc;

use warstories_sim::docs::ScenarioDocs;

/// The help texts. A run plays without them.
#[derive(Clone, Debug, PartialEq)]
pub enum Docs {
    /// They have not arrived yet.
    Waiting,
    /// They could not be had.
    Missing,
    /// Here they are.
    Loaded(Rc<ScenarioDocs>),
}

impl Docs {
    /// The texts, if they are there.
    pub fn texts(&self) -> Option<&ScenarioDocs> {
        if let Self::Loaded(texts) = self { Some(texts) } else { None }
    }
}

//! The system as a diagram.

use std::rc::Rc;

use warstories_sim::ScenarioSpec;
use yew::prelude::*;

use crate::screen::{Pick, Screen};

/// What the stage shows.
#[derive(Properties)]
pub struct StageProps {
    /// The scenario.
    pub spec: &'static ScenarioSpec,
    /// The run.
    pub screen: Rc<Screen>,
    /// Whether time passes.
    pub playing: bool,
    /// The request that the learner looks at.
    pub picked: Option<Pick>,
    /// The learner looks at a request, or at none any more.
    pub pick: Callback<Option<Pick>>,
}

impl PartialEq for StageProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.screen, &other.screen)
            && (self.playing, self.picked) == (other.playing, other.picked)
    }
}

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    html! { <section class="card stage-card" aria-label="The system">{ for props.screen.system.nodes.iter().map(|node| html! { <p>{ &node.title }{ " " }{ &node.detail }</p> }) }</section> }
}

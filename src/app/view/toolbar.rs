//! What can be done with the run as a whole: branches, comparison, sharing, the list of keys.

use yew::prelude::*;

use super::icon::{self, icon};
use crate::run::branches::Branches;
use crate::run::session::Action;

/// What the toolbar shows.
pub struct Toolbar<'a> {
    /// The branches.
    pub branches: &'a Branches,
    /// Whether the comparison is open.
    pub comparing: bool,
    /// Whether nothing may be changed at present.
    pub rests: bool,
    /// The learner does something.
    pub act: &'a Callback<Action>,
    /// The learner opens or closes the comparison.
    pub compare: Callback<()>,
}

/// What the head of the page offers.
pub struct Tools {
    /// In a lesson, whether it shows all instruments.
    pub instruments: Option<bool>,
    /// The learner switches that.
    pub toggle: Callback<()>,
    /// The learner wants to share the run.
    pub share: Callback<()>,
    /// The learner wants to see the keys.
    pub help: Callback<()>,
}

/// What the head of the page offers while a run is on show.
pub fn tools(props: &Tools) -> Html {
    let Tools { instruments, toggle, share, help } = props;
    html! {
        <>
            { for instruments.map(|on| html! {
                <button type="button" class="button" aria-pressed={on.to_string()} title="All charts, numbers and controls (I)"
                    onclick={toggle.reform(|_| ())}>{ icon(icon::INSTRUMENTS) }<span class="word">{ "Instruments" }</span></button>
            }) }
            <button type="button" class="button" onclick={share.reform(|_| ())}>{ "Share" }</button>
            <button type="button" class="button" aria-label="Help" title="Help" onclick={help.reform(|_| ())}>{ "?" }</button>
        </>
    }
}

/// The toolbar.
pub fn toolbar(props: &Toolbar) -> Html {
    let Toolbar { branches, comparing, rests, act, compare } = props;
    let current = branches.current().id;
    html! {
        <div class="toolbar">
            if branches.all().len() > 1 {
                <div class="tabs" role="group" aria-label="Branches">
                    { for branches.all().iter().map(|branch| {
                        let id = branch.id;
                        html! {
                            <button key={id} type="button" class="button" aria-pressed={(id == current).to_string()}
                                onclick={act.reform(move |_| Action::Switch(id))}>{ branch.name.clone() }</button>
                        }
                    }) }
                </div>
            }
            <button type="button" class="button" disabled={*rests || !branches.can_fork()} title="Goes on from this moment as a branch of its own"
                onclick={act.reform(|_| Action::Fork)}>{ icon(icon::FORK) }{ "Fork here" }</button>
            <button type="button" class="button" aria-pressed={comparing.to_string()} onclick={compare.reform(|_| ())}>{ "Compare" }</button>
        </div>
    }
}

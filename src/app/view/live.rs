//! The page for people who do not see it: what has just happened, and how the run is doing.

use yew::prelude::*;

/// What is told.
pub struct Live {
    /// What has just happened; read out when it changes.
    pub said: AttrValue,
    /// How the run is doing; there to be read, never read out by itself.
    pub summary: AttrValue,
    /// The learner wants to hear how the run is doing now.
    pub on_ask: Callback<()>,
}

/// What is told.
pub fn live(props: &Live) -> Html {
    html! {
        <section class="live" aria-label="In words">
            <p class="unseen" role="status" aria-live="polite" data-role="live">{ props.said.clone() }</p>
            <p class="unseen" data-role="summary">{ props.summary.clone() }</p>
            <button type="button" class="button reveal" onclick={props.on_ask.reform(|_| ())}>{ "Tell me how the run is doing now" }</button>
        </section>
    }
}

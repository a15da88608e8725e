//! What the page has to say, calmly.

use yew::prelude::*;

/// What is to be said.
#[derive(PartialEq, Properties)]
pub struct NoticesProps {
    /// One sentence each.
    pub notices: Vec<String>,
    /// The learner has read them; without it they stay.
    #[prop_or_default]
    pub dismiss: Option<Callback<()>>,
}

/// Sentences that need nobody to act. The container is always there, so that a new one is read out.
#[component]
pub fn Notices(props: &NoticesProps) -> Html {
    html! {
        <div role="status">
            if !props.notices.is_empty() {
                <div class="notice">
                    <ul>{ for props.notices.iter().map(|notice| html! { <li>{ notice }</li> }) }</ul>
                    if let Some(dismiss) = props.dismiss.clone() {
                        <button type="button" class="button" onclick={move |_| dismiss.emit(())}>{ "Got it" }</button>
                    }
                </div>
            }
        </div>
    }
}

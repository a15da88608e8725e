//! What the page has to say, calmly.

use yew::prelude::*;

/// Sentences that need nobody to act. The container is always there, so that a new one is read out.
///
/// With `dismiss` the learner can say that they have read them; without it they stay.
pub fn notices(sentences: &[String], dismiss: Option<Callback<()>>) -> Html {
    html! {
        <div role="status">
            if !sentences.is_empty() {
                <div class="notice">
                    <ul>{ for sentences.iter().map(|notice| html! { <li>{ notice }</li> }) }</ul>
                    if let Some(dismiss) = dismiss {
                        <button type="button" class="button" onclick={move |_| dismiss.emit(())}>{ "Got it" }</button>
                    }
                </div>
            }
        </div>
    }
}

//! What keys and fingers do, and the switch that turns off the keys that work alone.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::dialog::dialog;
use crate::browser::keys::{COMBINED, SINGLE};

/// What the list of keys shows.
pub struct Help {
    /// Whether keys work alone.
    pub single: bool,
    /// The learner switches that.
    pub on_single: Callback<bool>,
}

/// What a finger does where no button says so.
const GESTURES: &[(&str, &str)] = &[
    ("Tap a box of the system", "What happens in it, and its controls"),
    ("Touch a chart", "The numbers of that moment"),
    ("Swipe across a lesson", "From the story to the system and back"),
];

/// The list of keys, and on a screen that is touched what fingers do.
pub fn help(props: &Help) -> Html {
    let on_single = props.on_single.clone();
    let switch = move |event: Event| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            on_single.emit(input.checked());
        }
    };
    let content = html! {
        <>
            <table class="gestures">
                <caption class="unseen">{ "What fingers do" }</caption>
                <tbody>
                    { for GESTURES.iter().map(|(gesture, does)| html! { <tr><td>{ *gesture }</td><th scope="row">{ *does }</th></tr> }) }
                </tbody>
            </table>
            <table class={classes!("keys", (!props.single).then_some("off"))}>
                <caption class="unseen">{ "Keys and what they do" }</caption>
                <tbody>
                    { for SINGLE.iter().map(|(keys, _, does)| html! {
                        <tr class="single"><td>{ for keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }</td><th scope="row">{ *does }</th></tr>
                    }) }
                    { for COMBINED.iter().map(|(keys, does)| html! {
                        <tr><td><kbd>{ *keys }</kbd></td><th scope="row">{ *does }</th></tr>
                    }) }
                </tbody>
            </table>
            <label class="switch">
                <span>{ "Keys work alone" }</span>
                <input type="checkbox" checked={props.single} onchange={switch} />
            </label>
            <p class="muted">{ "Switch this off if you use speech input or press keys by accident. Keys never act while you write in a field. The space bar plays on a slider, too; a button, a box or a list it presses." }</p>
        </>
    };
    dialog("Help", content)
}

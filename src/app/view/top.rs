//! The bar along the top of every page.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::focus_main;
use crate::look::Theme;

/// The top bar: where in War Stories the page is, and the theme in force.
pub fn top(crumb: Option<String>, chosen: Theme, on_theme: Callback<Theme>) -> Html {
    let choose = move |event: Event| {
        if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
            on_theme.emit(Theme::from_id(&select.value()));
        }
    };
    // The part behind "#" names a page here, so this link must not be followed.
    let skip = |event: MouseEvent| {
        event.prevent_default();
        focus_main();
    };
    html! {
        <header class="top">
            <a class="skip" href="#main" onclick={skip}>{ "Skip to the content" }</a>
            <nav class="crumbs" aria-label="Breadcrumb">
                <a class="brand" href="#/">{ "war" }<b>{ "stories" }</b></a>
                if let Some(crumb) = crumb {
                    <span class="crumb" aria-current="page">{ crumb }</span>
                }
            </nav>
            <label class="theme">
                <span>{ "Theme" }</span>
                <select onchange={choose}>
                    { for Theme::ALL.into_iter().map(|theme| html! {
                        <option value={theme.id()} selected={theme == chosen}>{ theme.label() }</option>
                    }) }
                </select>
            </label>
        </header>
    }
}

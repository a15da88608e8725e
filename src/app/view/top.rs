//! The bar along the top of every page.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::focus_main;
use crate::look::Theme;

/// What the top bar shows.
#[derive(PartialEq, Properties)]
pub struct TopProps {
    /// Where in War Stories the page is.
    pub crumb: Option<&'static str>,
    /// The theme in force.
    pub theme: Theme,
    /// The learner chooses another.
    pub on_theme: Callback<Theme>,
}

/// The top bar.
#[component]
pub fn Top(props: &TopProps) -> Html {
    let on_theme = props.on_theme.clone();
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
                if let Some(crumb) = props.crumb {
                    <span class="crumb" aria-current="page">{ crumb }</span>
                }
            </nav>
            <label class="theme">
                <span>{ "Theme" }</span>
                <select onchange={choose}>
                    { for Theme::ALL.into_iter().map(|theme| html! {
                        <option value={theme.id()} selected={theme == props.theme}>{ theme.label() }</option>
                    }) }
                </select>
            </label>
        </header>
    }
}

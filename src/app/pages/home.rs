//! The front door: what War Stories is, and what can be played.

use warstories_sim::{SCENARIOS, ScenarioSpec};
use yew::prelude::*;

use crate::route;
use crate::view::notices::notices;

/// The front door. `notice` says why the learner is here and not where they wanted to go.
pub fn home(notice: &[String]) -> Html {
    html! {
        <main id="main" class="home" tabindex="-1">
            { notices(notice, None) }
            <header class="hero">
                <h1>{ "War Stories" }</h1>
                <p>{ "Production incidents replay here in your browser: watch a system fail, change one thing while it runs, and see what that does." }</p>
            </header>
            <section aria-labelledby="stories">
                <h2 id="stories">{ "Play" }</h2>
                <ol class="stories">{ for SCENARIOS.iter().map(|entry| story(entry.spec)) }</ol>
            </section>
        </main>
    }
}

fn story(spec: &'static ScenarioSpec) -> Html {
    html! {
        <li class="card story" key={spec.id}>
            <h3>{ spec.title }</h3>
            <p>{ spec.summary }</p>
            <p class="facts">{ format!("{} controls · {} charts · every run repeats exactly", spec.params.len(), spec.charts.len()) }</p>
            <a class="button primary" href={route::play(spec.id)} aria-label={format!("Play {}", spec.title)}>{ "Play" }</a>
        </li>
    }
}

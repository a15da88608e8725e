//! The front door: what War Stories is, and what can be learnt and played.

use warstories_sim::{SCENARIOS, ScenarioSpec};
use yew::prelude::*;

use crate::route;
use crate::shelf::{Entry, LESSONS, OWN};
use crate::view::notices::notices;

/// The front door. `notice` says why the learner is here and not where they wanted to go; `desk` is what the desk for
/// lessons shows, where one has been opened.
pub fn home(notice: &[String], desk: Option<Html>) -> Html {
    html! {
        <main id="main" class="home" tabindex="-1">
            { notices(notice, None) }
            <header class="hero">
                <h1>{ "War Stories" }</h1>
                <p>{ "Production incidents replay here in your browser: watch a system fail, change one thing while it runs, and see what that does." }</p>
            </header>
            { desk.unwrap_or_default() }
            if !LESSONS.is_empty() {
                <section aria-labelledby="lessons">
                    <h2 id="lessons">{ "Learn" }</h2>
                    <ol class="stories">{ for LESSONS.iter().map(lesson) }</ol>
                    <p><a href={route::lesson(OWN)}>{ "Open a lesson of your own" }</a></p>
                </section>
            }
            <section aria-labelledby="stories">
                <h2 id="stories">{ "Play" }</h2>
                <ol class="stories">{ for SCENARIOS.iter().map(|entry| story(entry.spec)) }</ol>
            </section>
        </main>
    }
}

fn lesson(entry: &Entry) -> Html {
    html! {
        <li class="card story" key={entry.id}>
            <h3>{ entry.title }</h3>
            <p>{ entry.summary }</p>
            <p class="facts">{ format!("{} steps · about {} minutes", entry.steps, entry.minutes) }</p>
            <a class="button primary" href={route::lesson(entry.id)} aria-label={format!("Start {}", entry.title)}>{ "Start" }</a>
        </li>
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

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
            <section aria-labelledby="stories">
                <h2 id="stories">{ "Stories" }</h2>
                <ol class="stories">{ for SCENARIOS.iter().map(|entry| story(entry.spec)) }</ol>
            </section>
            <p>{ "Teachers: " }<a href={route::lesson(OWN)}>{ "open a lesson of your own" }</a>{ ", a text file that the simulator checks line by line." }</p>
        </main>
    }
}

/// A story: its lessons, and its system to play with.
fn story(spec: &'static ScenarioSpec) -> Html {
    let lessons = || LESSONS.iter().filter(|entry| entry.scenario == spec.id);
    let length = |entry: &Entry| format!("{} steps, about {} minutes", entry.steps, entry.minutes);
    html! {
        <li class="card story" key={spec.id}>
            <h3>{ spec.title }</h3>
            <p>{ spec.summary }</p>
            <ul class="facts">
                { for lessons().map(|entry| html! { <li>{ format!("Lesson: {}", length(entry)) }</li> }) }
                <li>{ format!("System: {} controls, {} charts", spec.params.len(), spec.charts.len()) }</li>
            </ul>
            <div class="ways">
                { for lessons().map(|entry| html! {
                    <a class="button primary" href={route::lesson(entry.id)} aria-label={format!("Learn: {}", entry.title)}>{ "Learn" }</a>
                }) }
                <a class="button" href={route::play(spec.id)} aria-label={format!("Play freely: {}", spec.title)}>{ "Play freely" }</a>
            </div>
        </li>
    }
}

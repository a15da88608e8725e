//! The latest lines of a log that is written faster than anybody reads.

use warstories_sim::format;
use warstories_sim::terminal::LogView;
use yew::prelude::*;

/// The panel. It changes by itself, so nothing of it is read out unless somebody goes there.
pub fn log(view: &LogView) -> Html {
    let rate = format::counted(view.lines_per_s.round() as u64, "lines a second");
    html! {
        <section class="card exhibit log" aria-labelledby="log">
            <header><h2 id="log">{ "Log" }</h2>{ " " }<small><b class="num">{ rate }</b>{ ", of which these are the latest" }</small></header>
            <pre class="printed" tabindex="0" aria-label="The latest lines" role="region">{ view.lines.join("\n") }</pre>
        </section>
    }
}

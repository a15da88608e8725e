//! What one request of the run spent its time on: a row for each thing that it did, on a common axis of time.

use warstories_sim::SimTime;
use warstories_sim::clock::WallClock;
use warstories_sim::exhibit::Waterfall;
use yew::prelude::*;

use crate::view::stage::life;

/// The waterfall. It scrolls where it has less room than it needs, so the keyboard must reach it.
pub fn waterfall(of: &Waterfall, clock: WallClock) -> Html {
    let lives = || of.rows.iter().map(|(_, row)| row);
    // All of it is over, whenever that was.
    let now = SimTime::ZERO;
    let (names, axis) = (life::names(lives()), life::axis_ms(lives(), now));
    html! {
        <section class="card exhibit record" aria-labelledby="record" tabindex="0">
            <header><h2 id="record">{ of.title }</h2>{ " " }<small>{ &of.lead }</small></header>
            if let Some((_, first)) = of.rows.first() {
                { life::legend(&names, of.kinds, axis) }
                <ol class="waterfall num" aria-label={format!("From its arrival at {}", life::moment(clock, first.arrived))}>
                    { for of.rows.iter().map(|(head, row)| {
                        let [from, to] = [row.spans.first().map(|span| span.from), row.spans.last().and_then(|span| span.to)].map(Option::unwrap_or_default);
                        html! { <li><span>{ head }</span>{ life::bars(&row.spans, row.arrived, now, axis, of.kinds) }<b>{ life::duration(life::ms(from, to)) }</b></li> }
                    }) }
                </ol>
            }
        </section>
    }
}

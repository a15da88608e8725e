//! A plane with the points that the learner has collected, and the curve that theory draws behind them.

use warstories_lesson::lesson::Collect;
use warstories_lesson::points::Point;
use warstories_sim::theory::Law;
use warstories_sim::{Playable, Replay, format, scenarios};
use yew::prelude::*;

use crate::rooms::lesson::story::{Story, coordinates};
use crate::view::chart_data::data_table;
use crate::view::plot::nice;

/// Pieces of the curve.
const PIECES: u32 = 200;
/// Without a point to go by, the plane is as high as the curve is at this share of its width.
const USUAL: f64 = 0.95;

/// The plane of a task. Its curve is seen once all points are there: until then its shape is the learner's to find.
pub fn plane(story: &Story, collect: &Collect, run: &dyn Playable) -> Html {
    let spec = run.spec();
    let points = story.points(collect.line);
    let law = law(collect, points, run);
    let seen = law.filter(|law| law.is_err() || story.is_collected(collect));
    let [along, up] = [&collect.x, &collect.y].map(|measure| &spec.metrics[measure.metric]);
    let (right, step) = axis(points.iter().map(|point| point.x).chain(collect.spread.last().copied()));
    let usual = law.and_then(Result::ok).map(|law| law.at(USUAL * right));
    let (top, rise) = axis(points.iter().map(|point| point.y).chain(usual));
    let place = |x: f64, y: f64| (percent(x / right), percent(1.0 - y / top));
    let theory = |x: f64| match seen {
        Some(Ok(law)) => format::quantity(law.at(x), up.unit),
        _ => format::NONE.to_owned(),
    };
    let heads = ["Point", along.label, up.label, "Theory"].map(str::to_owned);
    let row = |(index, point): (usize, &Point)| {
        let [x, y] =
            [(point.x, along), (point.y, up)].map(|(value, metric)| format::quantity(value, metric.unit));
        vec![(index + 1).to_string(), x, y, theory(point.x)]
    };
    let rows: Vec<Vec<String>> = points.iter().enumerate().map(row).collect();
    let upright = ticks(right, step).map(|x| (place(x, 0.0), place(x, top), along, x, "below"));
    let level = ticks(top, rise).map(|y| (place(0.0, y), place(right, y), up, y, "beside"));
    html! {
        <section class="card plane" aria-label="Your points">
            <header>
                <h2>{ format!("{} by {}", up.label, along.label.to_ascii_lowercase()) }</h2>
                <small>{ format!("means over {} s", collect.over) }</small>
                { for seen.map(|law| html! { <p>{ law.map_or_else(
                    |reason| format!("No curve. {reason}"),
                    |law| format!("Curve: {}, {}", law.source(), law.formula()),
                ) }</p> }) }
            </header>
            <svg role="group" aria-label="Points">
                { for upright.chain(level).map(|((x1, y1), (x2, y2), metric, value, class)| html! {
                    <>
                        <line x1={x1.clone()} y1={y1.clone()} {x2} {y2} />
                        <text {class} x={x1} y={y1}>{ format::quantity(value, metric.unit) }</text>
                    </>
                }) }
                { for seen.and_then(Result::ok).map(|law| curve(law, right, top)) }
                { for points.iter().zip(&rows).map(|(point, row)| {
                    let (x, y) = place(point.x, point.y);
                    let label = format!("Point {}: {}; theory: {}", row[0], coordinates(collect, point, run), row[3]);
                    html! {
                        <g tabindex="0" role="img" aria-label={label.clone()}>
                            <circle cx={x.clone()} cy={y.clone()} r="5" />
                            <text {x} {y} dx="8" dy="-5">{ &row[0] }</text>
                            <text class="tip" x="8" y="14">{ label }</text>
                        </g>
                    }
                }) }
            </svg>
            <div class="unseen">{ data_table("Your points", &heads, &rows) }</div>
        </section>
    }
}

/// What theory says of the latest point's run, or of the run on show while there is none.
fn law(collect: &Collect, points: &[Point], run: &dyn Playable) -> Option<Result<Law, &'static str>> {
    let latest =
        points.last().and_then(|point| Some(Replay::parse(&point.run).ok()?.replay.values(point.end)));
    let values = latest.unwrap_or_else(|| run.replay().values(run.now()));
    Some(scenarios::theory(run.spec(), &values).get(collect.theory?)?.law)
}

/// The end of an axis on which all of `values` lie, and the distance between its labels.
fn axis(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let highest = values.fold(0.0, f64::max);
    let step = if highest > 0.0 { nice(highest / 5.0) } else { 1.0 };
    ((highest / step - 1e-9).ceil().max(1.0) * step, step)
}

fn ticks(end: f64, step: f64) -> impl Iterator<Item = f64> {
    (0..=(end / step).round() as u32).map(move |index| f64::from(index) * step)
}

fn percent(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}

/// The curve, as far as it is on the plane; what is higher is cut off.
fn curve(law: Law, right: f64, top: f64) -> Html {
    let along = (0..=PIECES).map(|piece| f64::from(piece) / f64::from(PIECES));
    let points = along.map(|share| (share, law.at(share * right))).filter(|(_, value)| value.is_finite());
    let points = points
        .map(|(share, value)| format!("{:.2},{:.2} ", share * 100.0, 100.0 - (value / top).min(9.0) * 100.0));
    html! {
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            <polyline class="line line-1" points={points.collect::<String>()} />
        </svg>
    }
}

//! A plane with the points that the learner has collected, and the curve that theory draws behind them.

use warstories_lesson::lesson::Collect;
use warstories_lesson::points::Point;
use warstories_sim::theory::Law;
use warstories_sim::{MetricSpec, Playable, Replay, format, scenarios};
use yew::prelude::*;

use crate::rooms::lesson::story::{Story, coordinates};
use crate::view::plot::nice;

/// Pieces of the curve.
const PIECES: u32 = 200;
/// Without a point to go by, the plane is as high as the curve is at this share of its width.
const USUAL: f64 = 0.95;

/// The plane of a task.
pub fn plane(story: &Story, collect: &Collect, run: &dyn Playable) -> Html {
    let spec = run.spec();
    let points = story.points(collect.line);
    let law = law(collect, points, run);
    let [along, up] = [&collect.x, &collect.y].map(|measure| &spec.metrics[measure.metric]);
    let widest = points.iter().map(|point| point.x).chain(collect.spread.last().copied());
    let (right, step) = axis(widest);
    let highest = points.iter().map(|point| point.y);
    let usual = law.and_then(Result::ok).map(|law| law.at(USUAL * right));
    let (top, rise) = axis(highest.chain(usual));
    let place = |x: f64, y: f64| (percent(x / right), percent(1.0 - y / top));
    let told = |point: &Point| {
        let theory = law.and_then(Result::ok).map(|law| law.at(point.x)).filter(|value| value.is_finite());
        theory.map_or_else(String::new, |value| format!("; theory: {}", format::quantity(value, up.unit)))
    };
    html! {
        <section class="card plane" aria-label="Your points">
            <header>
                <h2>{ format!("{} by {}", up.label, along.label.to_lowercase()) }</h2>
                <small>{ format!("means over {} s", collect.over) }</small>
                { for law.map(|law| html! { <p>{ match law {
                    Ok(law) => format!("Curve: {}, {}", law.source(), law.formula()),
                    Err(reason) => format!("No curve. {reason}"),
                } }</p> }) }
            </header>
            <svg role="group" aria-label="Points">
                { for ticks(right, step).map(|x| grid(&place(x, 0.0), &place(x, top), along, x)) }
                { for ticks(top, rise).map(|y| grid(&place(0.0, y), &place(right, y), up, y)) }
                { for law.and_then(Result::ok).map(|law| curve(law, right, top)) }
                { for points.iter().enumerate().map(|(index, point)| {
                    let (x, y) = place(point.x, point.y);
                    let label = format!("Point {}: {}{}", index + 1, coordinates(collect, point, run), told(point));
                    html! {
                        <g key={index} tabindex="0" role="img" aria-label={label.clone()} class={(index + 1 == points.len()).then_some("latest")}>
                            <circle cx={x.clone()} cy={y.clone()} r="5" />
                            <text {x} {y} dx="8" dy="-5">{ index + 1 }</text>
                            <text class="tip" x="8" y="14">{ label }</text>
                        </g>
                    }
                }) }
            </svg>
            <div class="unseen">
                <table>
                    <caption>{ "Your points" }</caption>
                    <thead><tr>{ for ["Point", "Until", along.label, up.label].map(|head| html! { <th scope="col">{ head }</th> }) }</tr></thead>
                    <tbody>{ for points.iter().enumerate().map(|(index, point)| html! {
                        <tr>
                            <th scope="row">{ index + 1 }</th>
                            <td>{ spec.clock.label(point.end) }</td>
                            <td>{ format::quantity(point.x, along.unit) }</td>
                            <td>{ format::quantity(point.y, up.unit) }{ told(point) }</td>
                        </tr>
                    }) }</tbody>
                </table>
            </div>
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

/// A rule across the plane, labelled where it begins: below it, or to its left.
fn grid(from: &(String, String), to: &(String, String), metric: &MetricSpec, value: f64) -> Html {
    let is_upright = from.0 == to.0;
    let (class, dx, dy) = if is_upright { ("below", "0", "16") } else { ("beside", "-6", "4") };
    html! {
        <>
            <line x1={from.0.clone()} y1={from.1.clone()} x2={to.0.clone()} y2={to.1.clone()} />
            <text {class} x={from.0.clone()} y={from.1.clone()} {dx} {dy}>{ format::quantity(value, metric.unit) }</text>
        </>
    }
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

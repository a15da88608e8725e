//! The numbers: every metric of the run, in tables by kind.

use warstories_sim::docs::ScenarioDocs;
use warstories_sim::{MetricSpec, Reading, ScenarioSpec, format};
use yew::prelude::*;

use crate::run::screen::Screen;

/// Tables of what is counted, of levels and of durations and, where `docs` are known, what each of the metrics means.
pub fn numbers(spec: &'static ScenarioSpec, screen: &Screen, docs: Option<&ScenarioDocs>) -> Html {
    let mut counted = Vec::new();
    let mut levels = Vec::new();
    let mut durations = Vec::new();
    for ((metric, whole), recent) in spec.metrics.iter().zip(&screen.whole).zip(&screen.recent) {
        let unit = metric.unit.suffix();
        match *whole {
            Reading::Count(count) => {
                let cells = [("total", count as f64, format::count(count))];
                counted.push(row(metric, head(metric, unit, docs), &cells));
            }
            Reading::Money(dollars) => {
                let cells = [("total", dollars, format::number(dollars))];
                counted.push(row(metric, head(metric, unit, docs), &cells));
            }
            Reading::Gauge { last, mean, max, .. } => {
                let cells = [("now", last), ("mean", mean), ("max", max)];
                let cells = cells.map(|(stat, value)| (stat, value, format::bare(value, metric.unit)));
                levels.push(row(metric, head(metric, unit, docs), &cells));
            }
            Reading::Histogram { .. } => {
                durations.push(html! {
                    <tbody class="pair">
                        <tr><th scope="rowgroup" colspan="6" aria-describedby={docs.map(|_| meaning_id(metric))}>{ metric.label }</th></tr>
                        { duration(metric, "now", ["mean", "p50", "p95", "p99", "max"], recent) }
                        { duration(metric, "whole run", ["run-mean", "run-p50", "run-p95", "run-p99", "run-max"], whole) }
                    </tbody>
                });
            }
        }
    }
    html! {
        <section class="card numbers" aria-labelledby="numbers">
            <h2 id="numbers">{ "The numbers" }</h2>
            <div class="tables">
                { table("Counted", &["Total"], html! { <tbody>{ for counted }</tbody> }) }
                { table("Levels", &["Now", "Mean", "Highest"], html! { <tbody>{ for levels }</tbody> }) }
                if !durations.is_empty() {
                    { table("Durations", &["Mean", "p50", "p95", "p99", "Highest"], html! { { for durations } }) }
                }
            </div>
            { for docs.map(|docs| meanings(spec, docs)) }
        </section>
    }
}

fn table(caption: &str, columns: &[&'static str], bodies: Html) -> Html {
    html! {
        <table>
            <caption>{ caption }</caption>
            <thead><tr>
                <th scope="col"><span class="unseen">{ "Metric" }</span></th>
                { for columns.iter().map(|column| html! { <th scope="col">{ *column }</th> }) }
            </tr></thead>
            { bodies }
        </table>
    }
}

/// What a duration was in one span of time: there are two for each, the moving window and the whole run.
fn duration(metric: &MetricSpec, span: &'static str, stats: [&'static str; 5], reading: &Reading) -> Html {
    let values = match *reading {
        Reading::Histogram { count, mean, p50, p95, p99, max, .. } if count > 0 => [mean, p50, p95, p99, max],
        _ => [f64::NAN; 5],
    };
    let cells = std::array::from_fn::<_, 5, _>(|index| {
        (stats[index], values[index], format::quantity(values[index], metric.unit))
    });
    row(metric, html! { <th scope="row">{ span }</th> }, &cells)
}

/// The name of a metric that has a row to itself. Durations say their unit in each cell.
fn head(metric: &MetricSpec, unit: &'static str, docs: Option<&ScenarioDocs>) -> Html {
    html! {
        <th scope="row" aria-describedby={docs.map(|_| meaning_id(metric))}>{ metric.label }if !unit.is_empty() { <small>{ unit }</small> }</th>
    }
}

/// What each metric means.
fn meanings(spec: &'static ScenarioSpec, docs: &ScenarioDocs) -> Html {
    html! {
        <details class="meanings">
            <summary>{ "What these numbers mean" }</summary>
            <dl>{ for spec.metrics.iter().zip(&docs.metrics).map(|(metric, doc)| html! {
                <div><dt>{ metric.label }</dt><dd id={meaning_id(metric)}>{ format::unbroken(doc) }</dd></div>
            }) }</dl>
        </details>
    }
}

fn meaning_id(metric: &MetricSpec) -> String {
    format!("metric-{}-doc", metric.id)
}

/// Each cell names its metric and carries the exact value beside what people read.
fn row(metric: &MetricSpec, head: Html, cells: &[(&'static str, f64, String)]) -> Html {
    html! {
        <tr>
            { head }
            { for cells.iter().map(|(stat, value, text)| html! {
                <td class="num" data-metric={metric.id} data-stat={*stat} data-value={value.to_string()}>{ text }</td>
            }) }
        </tr>
    }
}

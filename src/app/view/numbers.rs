//! The numbers: every metric of the run, in tables by kind.

use std::rc::Rc;

use warstories_sim::{MetricSpec, Reading, ScenarioSpec};
use yew::prelude::*;

use crate::format;
use crate::snapshot::Snapshot;

/// What the numbers show.
#[derive(Properties)]
pub struct NumbersProps {
    /// The scenario.
    pub spec: &'static ScenarioSpec,
    /// The run.
    pub snapshot: Rc<Snapshot>,
}

impl PartialEq for NumbersProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.snapshot, &other.snapshot)
    }
}

/// Tables of what is counted, of levels and of durations.
#[component]
pub fn Numbers(props: &NumbersProps) -> Html {
    let mut counted = Vec::new();
    let mut levels = Vec::new();
    let mut durations = Vec::new();
    let snapshot = &props.snapshot;
    for ((metric, whole), recent) in props.spec.metrics.iter().zip(&snapshot.whole).zip(&snapshot.recent) {
        match *whole {
            Reading::Count(count) => {
                counted.push(row(metric, metric.label, "", &[("total", count as f64, format::count(count))]));
            }
            Reading::Money(dollars) => {
                counted.push(row(metric, metric.label, "", &[("total", dollars, format::number(dollars))]));
            }
            Reading::Gauge { last, mean, max, .. } => {
                let cells = [("now", last), ("mean", mean), ("max", max)];
                levels.push(row(
                    metric,
                    metric.label,
                    "",
                    &cells.map(|(stat, value)| (stat, value, format::number(value))),
                ));
            }
            Reading::Histogram { .. } => {
                durations.push(quantiles(metric, "now", recent));
                durations.push(quantiles(metric, "whole run", whole));
            }
        }
    }
    html! {
        <section class="card numbers" aria-labelledby="numbers">
            <h2 id="numbers">{ "The numbers" }</h2>
            <div class="tables">
                { table("Counted", &["Total"], counted) }
                { table("Levels", &["Now", "Mean", "Highest"], levels) }
                { table("Durations", &["p50", "p95", "p99"], durations) }
            </div>
        </section>
    }
}

fn table(caption: &str, columns: &[&'static str], rows: Vec<Html>) -> Html {
    if rows.is_empty() {
        return Html::default();
    }
    html! {
        <table>
            <caption>{ caption }</caption>
            <thead><tr>
                <th scope="col"><span class="unseen">{ "Metric" }</span></th>
                { for columns.iter().map(|column| html! { <th scope="col">{ *column }</th> }) }
            </tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

fn quantiles(metric: &MetricSpec, span: &'static str, reading: &Reading) -> Html {
    let cells = match *reading {
        Reading::Histogram { count, p50, p95, p99, .. } if count > 0 => [p50, p95, p99],
        _ => [f64::NAN; 3],
    };
    let stats = if span == "now" { ["p50", "p95", "p99"] } else { ["run-p50", "run-p95", "run-p99"] };
    let mut index = 0;
    row(
        metric,
        metric.label,
        span,
        &cells.map(|value| {
            let stat = stats[index];
            index += 1;
            (stat, value, format::quantity(value, metric.unit))
        }),
    )
}

/// Each cell names its metric and carries the exact value beside what people read.
fn row(metric: &MetricSpec, label: &str, span: &str, cells: &[(&'static str, f64, String)]) -> Html {
    // Durations say their unit in each cell.
    let note = if span.is_empty() { format::unit(metric.unit) } else { span };
    html! {
        <tr>
            <th scope="row">{ label }if !note.is_empty() { <small>{ note.to_owned() }</small> }</th>
            { for cells.iter().map(|(stat, value, text)| html! {
                <td class="num" data-metric={metric.id} data-stat={*stat} data-value={value.to_string()}>{ text }</td>
            }) }
        </tr>
    }
}

//! The numbers: every metric of the run, in tables by kind.

use warstories_sim::{MetricSpec, Reading, ScenarioSpec};
use yew::prelude::*;

use crate::run::screen::Screen;
use warstories_sim::format;

/// Tables of what is counted, of levels and of durations.
pub fn numbers(spec: &'static ScenarioSpec, screen: &Screen) -> Html {
    let mut counted = Vec::new();
    let mut levels = Vec::new();
    let mut durations = Vec::new();
    for ((metric, whole), recent) in spec.metrics.iter().zip(&screen.whole).zip(&screen.recent) {
        let unit = metric.unit.suffix();
        match *whole {
            Reading::Count(count) => {
                counted.push(row(metric, unit, &[("total", count as f64, format::count(count))]));
            }
            Reading::Money(dollars) => {
                counted.push(row(metric, unit, &[("total", dollars, format::number(dollars))]));
            }
            Reading::Gauge { last, mean, max, .. } => {
                let cells = [("now", last), ("mean", mean), ("max", max)];
                levels.push(row(
                    metric,
                    unit,
                    &cells.map(|(stat, value)| (stat, value, format::number(value))),
                ));
            }
            Reading::Histogram { .. } => {
                durations.push(quantiles(metric, "now", ["p50", "p95", "p99"], recent));
                durations.push(quantiles(metric, "whole run", ["run-p50", "run-p95", "run-p99"], whole));
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

/// Two rows for each duration: the moving window, then the whole run.
fn quantiles(metric: &MetricSpec, span: &'static str, stats: [&'static str; 3], reading: &Reading) -> Html {
    let values = match *reading {
        Reading::Histogram { count, p50, p95, p99, .. } if count > 0 => [p50, p95, p99],
        _ => [f64::NAN; 3],
    };
    let cells = std::array::from_fn::<_, 3, _>(|index| {
        (stats[index], values[index], format::quantity(values[index], metric.unit))
    });
    // Durations say their unit in each cell.
    row(metric, span, &cells)
}

/// Each cell names its metric and carries the exact value beside what people read.
fn row(metric: &MetricSpec, remark: &str, cells: &[(&'static str, f64, String)]) -> Html {
    html! {
        <tr>
            <th scope="row">{ metric.label }if !remark.is_empty() { <small>{ remark.to_owned() }</small> }</th>
            { for cells.iter().map(|(stat, value, text)| html! {
                <td class="num" data-metric={metric.id} data-stat={*stat} data-value={value.to_string()}>{ text }</td>
            }) }
        </tr>
    }
}

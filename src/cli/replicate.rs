//! The same experiment under many seeds: means, and how far to trust them.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use warstories_sim::Reading;

use crate::arguments::Experiment;
use crate::run::{play, readings};
use crate::table::Align::{Left, Right};
use crate::table::{Table, number};
use crate::{json, report};

/// Runs `count` seeds from the experiment's own on, on all cores; the result does not depend on how many there are.
///
/// # Errors
/// One sentence where there are not that many seeds left.
pub fn replicate(experiment: &Experiment, count: u64, as_json: bool) -> Result<String, String> {
    let first = experiment.replay.seed();
    let last = first.checked_add(count - 1).ok_or_else(|| {
        format!("there are no {count} seeds from {first} on; --seed is at most {}", u64::MAX - (count - 1))
    })?;
    let seeds: Vec<u64> = (first..=last).collect();
    let bar = progress(count);
    let runs: Vec<Vec<Vec<Field>>> = seeds
        .par_iter()
        .map(|seed| {
            let replay = experiment.replay.clone().with_seed(*seed);
            let run = play(&Experiment { replay, until: experiment.until });
            bar.inc(1);
            readings(run.as_ref()).into_iter().map(fields).collect()
        })
        .collect();
    bar.finish_and_clear();
    let estimates = estimates(&runs);
    Ok(if as_json {
        format!("{}\n", object(experiment, &seeds, &estimates))
    } else {
        table(experiment, first, last, &estimates)
    })
}

/// On standard error, and only where somebody looks.
pub fn progress(count: u64) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(count);
    match ProgressStyle::with_template("{wide_bar} {pos} of {len} runs") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// One number of a reading and its name; the name is empty where the reading is that number.
type Field = (&'static str, f64);

/// The numbers of a reading that have a meaningful mean over runs.
fn fields(reading: Reading) -> Vec<Field> {
    match reading {
        Reading::Count(count) => vec![("", count as f64)],
        Reading::Money(dollars) => vec![("", dollars)],
        Reading::Gauge { mean, last, max, .. } => vec![("mean", mean), ("last", last), ("max", max)],
        Reading::Histogram { mean, p50, p95, p99, .. } => {
            vec![("mean", mean), ("p50", p50), ("p95", p95), ("p99", p99)]
        }
    }
}

/// A mean over runs.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Estimate {
    field: &'static str,
    mean: f64,
    /// Of the mean; there is none of a single run.
    standard_error: Option<f64>,
}

/// For each metric, the estimates of its fields.
fn estimates(runs: &[Vec<Vec<Field>>]) -> Vec<Vec<Estimate>> {
    let Some(first) = runs.first() else { return Vec::new() };
    let estimates_of = |metric: usize, fields: &[Field]| {
        let names = fields.iter().map(|(name, _)| *name).enumerate();
        names
            .map(|(index, name)| {
                let values: Vec<f64> = runs.iter().map(|run| run[metric][index].1).collect();
                estimate(name, &values)
            })
            .collect()
    };
    first.iter().enumerate().map(|(metric, fields)| estimates_of(metric, fields)).collect()
}

fn estimate(field: &'static str, values: &[f64]) -> Estimate {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let standard_error = (values.len() > 1).then(|| {
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        (squares / (n - 1.0) / n).sqrt()
    });
    Estimate { field, mean, standard_error }
}

fn object(experiment: &Experiment, seeds: &[u64], estimates: &[Vec<Estimate>]) -> Value {
    let value =
        |estimate: &Estimate| json!({"mean": estimate.mean, "standard_error": estimate.standard_error});
    let values: Vec<Value> = estimates
        .iter()
        .map(|fields| match fields.as_slice() {
            [alone] if alone.field.is_empty() => value(alone),
            fields => fields
                .iter()
                .map(|field| (field.field.to_owned(), value(field)))
                .collect::<Map<_, _>>()
                .into(),
        })
        .collect();
    let spec = experiment.replay.spec();
    let (metrics, failures) = json::metrics_and_failures(spec, &values);
    json!({
        "scenario": spec.id,
        "seeds": seeds,
        "until_s": experiment.until.as_secs_f64(),
        "parameters": json::parameters(&experiment.replay),
        "inputs": json::inputs(&experiment.replay),
        "replay": experiment.replay.print(Some(experiment.until)),
        "metrics": metrics,
        "failures": failures,
    })
}

fn table(experiment: &Experiment, first: u64, last: u64, estimates: &[Vec<Estimate>]) -> String {
    let mut table = Table::titled([Left, Left, Right, Right, Left], ["", "", "mean", "standard error", ""]);
    for (spec, fields) in experiment.replay.spec().metrics.iter().zip(estimates) {
        for Estimate { field, mean, standard_error } in fields {
            let error = standard_error.map_or_else(|| number(f64::NAN), number);
            table.row([spec.id, field, &number(*mean), &error, spec.unit.symbol()]);
        }
    }
    format!(
        "{}, seeds {first} to {last}\n{}{}",
        report::heading(experiment),
        report::settings(experiment),
        report::section("Means over the runs", &table.text())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standard_error_needs_two_values() {
        assert_eq!(estimate("", &[4.0]), Estimate { field: "", mean: 4.0, standard_error: None });
        let two = Estimate { field: "p50", mean: 3.0, standard_error: Some(1.0) };
        assert_eq!(estimate("p50", &[2.0, 4.0]), two);
    }
}

//! A chart in words and numbers: for those who do not see it, for a table, and to take away.

use warstories_sim::series::Series;
use warstories_sim::spec::ChartSpec;
use warstories_sim::{MetricKind, ScenarioSpec, SimTime};

use super::line::QUANTILES;
use super::{Line, axis_end, lines};
use crate::run::screen::{Mark, Screen};

/// What the crosshair at `seconds` reads: the values of all lines in the bucket there, and the text of a mark nearby.
pub fn readout(chart: &ChartSpec, spec: &ScenarioSpec, screen: &Screen, seconds: f64) -> Vec<String> {
    let series = &screen.samples.0;
    let bucket = (seconds / series.width().as_secs_f64()) as usize;
    let value = |line: &Line| {
        let sample = series.samples(line.metric).get(bucket);
        sample.map_or(f64::NAN, |sample| line.merged(&[*sample], &spec.metrics[line.metric], series.width()))
    };
    lines(chart, spec).iter().map(|line| line.text(spec, value(line))).collect()
}

/// The mark nearest to `seconds`, if it is as near as a pointer can tell.
pub fn mark_near<'a>(screen: &'a Screen, spec: &ScenarioSpec, seconds: f64) -> Option<&'a Mark> {
    let distance = |mark: &&Mark| (mark.at.as_secs_f64() - seconds).abs();
    let nearest = screen.marks.iter().min_by(|one, other| distance(one).total_cmp(&distance(other)))?;
    (distance(&nearest) <= axis_end(&screen.samples.0, spec) / 100.0).then_some(nearest)
}

/// Rows that a table shows at most.
const MOST_ROWS: usize = 60;

/// The chart as a table: heads, then rows of clock time and one number a line. Long runs are told in at most 60 rows.
pub fn table(chart: &ChartSpec, spec: &ScenarioSpec, series: &Series) -> (Vec<String>, Vec<Vec<String>>) {
    let lines = lines(chart, spec);
    let heads = std::iter::once(String::from("Until")).chain(lines.iter().map(|line| line.label.clone()));
    let each = series.len().div_ceil(MOST_ROWS).max(1);
    let rows = (0..series.len()).step_by(each).map(|first| {
        let end = (first + each).min(series.len());
        let until = SimTime::from_nanos(series.width().nanos() * end as u64);
        let cells = lines.iter().map(|line| {
            let samples = &series.samples(line.metric)[first..end];
            line.text(spec, line.merged(samples, &spec.metrics[line.metric], series.width()))
        });
        std::iter::once(spec.clock.label(until)).chain(cells).collect()
    });
    (heads.collect(), rows.collect())
}

/// All samples of the chart, for a spreadsheet: first where they come from, then one line a bucket.
pub fn csv(chart: &ChartSpec, spec: &ScenarioSpec, series: &Series, link: &str) -> String {
    let lines = lines(chart, spec);
    let heads: Vec<_> = lines
        .iter()
        .map(|line| {
            let metric = &spec.metrics[line.metric];
            let part = if metric.kind == MetricKind::Histogram { QUANTILES[line.part].0 } else { "" };
            format!("{}{}{part}", metric.id, if part.is_empty() { "" } else { "_" })
        })
        .collect();
    let mut rows =
        vec![format!("# {}", spec.title), format!("# {link}"), format!("time_s,{}", heads.join(","))];
    for bucket in 0..series.len() {
        let until = SimTime::from_nanos(series.width().nanos() * (bucket as u64 + 1));
        let cells = lines.iter().map(|line| {
            let sample = &series.samples(line.metric)[bucket..=bucket];
            let value = line.merged(sample, &spec.metrics[line.metric], series.width());
            if value.is_nan() { String::new() } else { value.to_string() }
        });
        rows.push(format!("{until},{}", cells.collect::<Vec<_>>().join(",")));
    }
    rows.join("\n") + "\n"
}

/// A chart in one sentence: "Queue: Waiting 12 now, highest 40."
pub fn sentence(chart: &ChartSpec, spec: &ScenarioSpec, screen: &Screen) -> String {
    let parts: Vec<_> = lines(chart, spec)
        .iter()
        .map(|line| {
            let series = &screen.samples.0;
            let metric = &spec.metrics[line.metric];
            let highest = line.highest(series.samples(line.metric), metric, series.width());
            let now = line.now(spec, screen);
            if now.is_nan() && highest.is_nan() {
                return format!("{} nothing yet", line.label);
            }
            format!(
                "{} {} now, highest {}",
                line.label,
                line.text(spec, now),
                line.text(spec, highest.max(now))
            )
        })
        .collect();
    format!("{}: {}.", chart.title, parts.join("; "))
}

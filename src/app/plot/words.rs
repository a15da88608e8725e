//! A chart in words and numbers: for those who do not see it, for a table, and to take away.

use warstories_sim::scenario::ChartSpec;
use warstories_sim::series::Series;
use warstories_sim::{ScenarioSpec, SimTime};

use super::{Line, axis_end, chart_unit, lines};
use crate::screen::{Mark, Screen};

/// A chart in one sentence: "Queue in requests: Waiting 12 now, highest 40."
pub fn sentence(chart: &ChartSpec, spec: &ScenarioSpec, screen: &Screen) -> String {
    let lines = lines(chart, spec);
    let series = &screen.samples.0;
    let say = |line: &Line| {
        let (now, highest) = (line.now(screen), line.merged(line.samples(series), series).high);
        let highest = highest.max(now);
        if highest.is_nan() {
            return format!("{} nothing yet", line.label);
        }
        format!("{} {} now, highest {}", line.label, line.text(now), line.text(highest))
    };
    let unit = chart_unit(&lines);
    let unit = if unit.is_empty() { unit } else { format!(" in {unit}") };
    format!("{}{unit}: {}.", chart.title, lines.iter().map(say).collect::<Vec<_>>().join("; "))
}

/// The mark nearest to `seconds`, if it is as near as a pointer can tell.
pub fn mark_near(screen: &Screen, seconds: f64) -> Option<&Mark> {
    let distance = |mark: &&Mark| (mark.at.as_secs_f64() - seconds).abs();
    let nearest = screen.marks.iter().min_by(|one, other| distance(one).total_cmp(&distance(other)))?;
    (distance(&nearest) <= axis_end(&screen.samples.0) / 80.0).then_some(nearest)
}

/// Rows that a table shows at most.
const MOST_ROWS: usize = 60;

/// A chart as a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What the numbers are, and of how long a time each row speaks.
    pub caption: String,
    /// What the columns are.
    pub heads: Vec<String>,
    /// Clock time and one number a line.
    pub rows: Vec<Vec<String>>,
}

/// The chart as a table. Long runs are told in at most 60 rows.
pub fn table(chart: &ChartSpec, spec: &ScenarioSpec, series: &Series) -> Table {
    let lines = lines(chart, spec);
    let each = series.len().div_ceil(MOST_ROWS).max(1);
    let bucket = series.width().nanos();
    let row = |first: usize| {
        let end = (first + each).min(series.len());
        let cells = lines.iter().map(|line| line.text(line.merged(&line.samples(series)[first..end], series).mid));
        std::iter::once(spec.clock.label(SimTime::from_nanos(bucket * end as u64))).chain(cells).collect()
    };
    let unit = chart_unit(&lines);
    // Quantiles have no mean, and no unit but the one that stands with each number.
    let merged = if unit.is_empty() && lines.len() > 1 { "largest value" } else { "mean" };
    let unit = if unit.is_empty() { unit } else { format!(" in {unit}") };
    let span = SimTime::from_nanos(bucket * each as u64);
    Table {
        caption: format!("{}{unit}: {merged} of each {span} s", chart.title),
        heads: std::iter::once(String::from("Until")).chain(lines.iter().map(|line| line.label.clone())).collect(),
        rows: (0..series.len()).step_by(each).map(row).collect(),
    }
}

/// All samples of the chart, for a spreadsheet: first where they come from, then one line a bucket.
pub fn csv(chart: &ChartSpec, spec: &ScenarioSpec, series: &Series, seed: u64, link: &str) -> String {
    let lines = lines(chart, spec);
    let heads: Vec<_> = lines.iter().map(Line::id).collect();
    let (title, heads) = (spec.title, heads.join(","));
    let mut text = format!("# scenario: {title}\n# seed: {seed}\n# link: {link}\ntime_s,{heads}\n");
    for bucket in 0..series.len() {
        text += &SimTime::from_nanos(series.width().nanos() * (bucket as u64 + 1)).to_string();
        for line in &lines {
            let value = line.merged(&line.samples(series)[bucket..=bucket], series).mid;
            text.push(',');
            if !value.is_nan() {
                text += &value.to_string();
            }
        }
        text.push('\n');
    }
    text
}

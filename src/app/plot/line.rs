//! The lines of a chart: which number of which metric, how it is named, and what stands for neighbouring samples.

use warstories_sim::metric::{Sample, WINDOW_BUCKETS};
use warstories_sim::scenario::ChartSpec;
use warstories_sim::series::Series;
use warstories_sim::{MetricKind, MetricSpec, Reading, ScenarioSpec};

use crate::format;
use crate::screen::Screen;

/// One line of a chart. Its class says how it looks, in the legend and on the canvas alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it draws.
    pub spec: &'static MetricSpec,
    metric: usize,
    /// Which number of a sample it draws.
    part: usize,
    /// As the legend names it.
    pub label: String,
    /// How the style sheet names it.
    pub class: &'static str,
}

/// What stands for neighbouring samples, in the metric's unit; NaN where nothing was observed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Merged {
    /// The lowest.
    pub low: f64,
    /// The mean, or of a quantile the largest.
    pub mid: f64,
    /// The highest: a spike is never lost.
    pub high: f64,
}

const QUANTILES: [(&str, &str); 3] = [("p50", "line-p50"), ("p95", "line-p95"), ("p99", "line-p99")];
const COLOURS: [&str; 4] = ["line-1", "line-2", "line-3", "line-4"];

/// The lines of a chart: three quantiles for a histogram, one for any other metric.
pub fn lines(chart: &ChartSpec, spec: &ScenarioSpec) -> Vec<Line> {
    let mut lines = Vec::new();
    for (position, id) in chart.metrics.iter().enumerate() {
        let Ok(metric) = spec.metric(id) else { continue };
        let spec = &spec.metrics[metric];
        let label = spec.label;
        if spec.kind == MetricKind::Histogram {
            lines.extend(QUANTILES.iter().enumerate().map(|(part, (name, class))| {
                let label = if chart.metrics.len() == 1 { (*name).to_owned() } else { format!("{label} {name}") };
                Line { spec, metric, part, label, class }
            }));
        } else {
            let class = COLOURS[position % COLOURS.len()];
            lines.push(Line { spec, metric, part: 0, label: label.to_owned(), class });
        }
    }
    lines
}

fn is_counted(kind: MetricKind) -> bool {
    matches!(kind, MetricKind::Counter | MetricKind::Failure | MetricKind::Money)
}

/// The unit at the head of a chart: what is counted is drawn as a rate. Durations say theirs with each number, since
/// it changes as they grow.
pub fn chart_unit(lines: &[Line]) -> String {
    let Some(MetricSpec { kind, unit, .. }) = lines.first().map(|line| line.spec) else { return String::new() };
    match kind {
        MetricKind::Histogram => String::new(),
        _ if is_counted(*kind) => format!("{}/s", format::unit(unit)),
        _ => format::unit(unit).to_owned(),
    }
}

impl Line {
    /// Its samples.
    pub fn samples<'a>(&self, series: &'a Series) -> &'a [Sample] {
        series.samples(self.metric)
    }

    /// What stands for neighbouring samples of `series`.
    pub fn merged(&self, samples: &[Sample], series: &Series) -> Merged {
        let kind = self.spec.kind;
        let (low, high) = if kind == MetricKind::Gauge { (1, 2) } else { (self.part, self.part) };
        let mut merged = Merged { low: f64::NAN, mid: f64::NAN, high: f64::NAN };
        let (mut sum, mut count) = (0.0, 0.0);
        for sample in samples.iter().filter(|sample| !sample[self.part].is_nan()) {
            // `f64::min` and `max` pass over NaN.
            merged.low = merged.low.min(f64::from(sample[low]));
            merged.high = merged.high.max(f64::from(sample[high]));
            sum += f64::from(sample[self.part]);
            count += 1.0;
        }
        if kind == MetricKind::Histogram {
            return Merged { low: merged.high, mid: merged.high, high: merged.high };
        }
        let scale = if is_counted(kind) { series.width().as_secs_f64() } else { 1.0 };
        Merged { low: merged.low / scale, mid: sum / count / scale, high: merged.high / scale }
    }

    /// Whether it is the one line of its metric to compare runs by.
    pub fn says_most(&self) -> bool {
        self.spec.kind != MetricKind::Histogram || self.part == QUANTILES.len() - 1
    }

    /// What it says now; NaN where there is nothing to say.
    pub fn now(&self, screen: &Screen) -> f64 {
        let series = &screen.samples.0;
        match screen.recent.get(self.metric) {
            Some(Reading::Gauge { last, .. }) => *last,
            Some(Reading::Histogram { count, p50, p95, p99, .. }) if *count > 0 => {
                [*p50, *p95, *p99][self.part]
            }
            Some(Reading::Histogram { .. }) | None => f64::NAN,
            Some(Reading::Count(_) | Reading::Money(_)) => {
                let samples = self.samples(series);
                self.merged(&samples[samples.len().saturating_sub(WINDOW_BUCKETS)..], series).mid
            }
        }
    }

    /// What it says in the bucket at `seconds`.
    pub fn at(&self, series: &Series, seconds: f64) -> f64 {
        let bucket = (seconds / series.width().as_secs_f64()) as usize;
        let samples = self.samples(series);
        // The bucket that is still being filled is read as the last that is complete.
        let bucket = bucket.min(samples.len().saturating_sub(1));
        samples.get(bucket).map_or(f64::NAN, |sample| self.merged(&[*sample], series).mid)
    }

    /// A number of this line as people read it.
    pub fn text(&self, value: f64) -> String {
        if self.spec.kind == MetricKind::Histogram && value != 0.0 {
            format::quantity(value, self.spec.unit)
        } else {
            format::short(value)
        }
    }

    /// As the head of a column in a file.
    pub fn id(&self) -> String {
        let id = self.spec.id;
        if self.spec.kind == MetricKind::Histogram { format!("{id}_{}", QUANTILES[self.part].0) } else { id.to_owned() }
    }
}

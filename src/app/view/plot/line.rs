//! The lines of a chart: which number of which metric, how it is named, and what stands for neighbouring samples.

use warstories_sim::metric::{Sample, WINDOW_BUCKETS};
use warstories_sim::series::Series;
use warstories_sim::spec::ChartSpec;
use warstories_sim::unit::Unit;
use warstories_sim::{MetricKind, MetricSpec, Reading, ScenarioSpec, SimTime};

use crate::run::screen::Screen;
use warstories_sim::format;

/// One line of a chart. Its class says how it looks, in the legend and on the canvas alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub(super) metric: usize,
    /// Which number of a sample it draws.
    pub(super) part: usize,
    /// As the legend names it.
    pub label: String,
    /// How the style sheet names it.
    pub class: &'static str,
}

pub(super) const QUANTILES: [(&str, &str); 3] =
    [("p50", "line-p50"), ("p95", "line-p95"), ("p99", "line-p99")];
const COLOURS: [&str; 8] = ["line-1", "line-2", "line-3", "line-4", "line-5", "line-6", "line-7", "line-8"];

/// The lines of a chart: three quantiles for a histogram, one for any other metric.
pub fn lines(chart: &ChartSpec, spec: &ScenarioSpec) -> Vec<Line> {
    let metrics = || chart.metrics.iter().filter_map(|id| spec.metric(id).ok());
    let is_single = metrics().count() == 1;
    let mut lines = Vec::new();
    for (position, metric) in metrics().enumerate() {
        let MetricSpec { label, kind, .. } = spec.metrics[metric];
        if kind == MetricKind::Histogram {
            lines.extend(QUANTILES.iter().enumerate().map(|(part, (name, class))| {
                let label = if is_single { (*name).to_owned() } else { format!("{label} {name}") };
                Line { metric, part, label, class }
            }));
        } else {
            let class = COLOURS[position % COLOURS.len()];
            lines.push(Line { metric, part: 0, label: label.to_owned(), class });
        }
    }
    lines
}

/// What the line of a run to compare with says, behind its name: of durations the last quantile.
pub fn ghost_part(chart: &ChartSpec, spec: &ScenarioSpec) -> &'static str {
    let is_duration = |line: &Line| spec.metrics[line.metric].kind == MetricKind::Histogram;
    if lines(chart, spec).iter().any(is_duration) { ", p99" } else { "" }
}

/// What stands beside the title of a chart: its unit. Durations say theirs with each number, since it changes as they grow,
/// so what they are of stands there.
pub fn chart_unit(chart: &ChartSpec, spec: &ScenarioSpec) -> String {
    let first = chart.metrics.first().and_then(|id| spec.metric(id).ok());
    first.map(|metric| &spec.metrics[metric]).map_or_else(String::new, |metric| match metric.kind {
        MetricKind::Histogram if metric.label != chart.title => metric.label.to_owned(),
        MetricKind::Histogram => String::new(),
        _ => metric.charted_unit(),
    })
}

impl Line {
    /// The number that stands for neighbouring samples: a mean, or of a quantile the largest.
    pub(super) fn merged(&self, samples: &[Sample], spec: &MetricSpec, width: SimTime) -> f64 {
        spec.merged(samples, self.part, width)
    }

    /// The highest value within neighbouring samples.
    pub(super) fn highest(&self, samples: &[Sample], spec: &MetricSpec, width: SimTime) -> f64 {
        let part = if spec.kind == MetricKind::Gauge { 2 } else { self.part };
        let seen = samples.iter().map(|sample| f64::from(sample[part])).filter(|value| !value.is_nan());
        let highest = seen.fold(f64::NAN, f64::max);
        if spec.kind.is_counted() { highest / width.as_secs_f64() } else { highest }
    }

    /// Whether nothing of what it counts has ever happened, in no run on show.
    pub fn is_idle(&self, spec: &ScenarioSpec, screen: &Screen) -> bool {
        let never = |whole: &[Reading]| matches!(whole.get(self.metric), Some(Reading::Count(0)));
        spec.metrics[self.metric].kind == MetricKind::Failure
            && never(&screen.whole)
            && screen.ghosts.iter().all(|ghost| never(&ghost.whole))
    }

    /// Whether it is the one line of its metric to compare runs by.
    pub(super) fn says_most(&self, spec: &ScenarioSpec) -> bool {
        spec.metrics[self.metric].kind != MetricKind::Histogram || self.part == QUANTILES.len() - 1
    }

    /// What it says now; NaN where there is nothing to say.
    pub fn now(&self, spec: &ScenarioSpec, screen: &Screen) -> f64 {
        let series = &screen.samples.0;
        match screen.recent.get(self.metric) {
            Some(Reading::Gauge { .. }) if self.is_restless(spec, series) => self.lately(spec, series),
            Some(Reading::Gauge { last, .. } | Reading::Money(last)) => *last,
            Some(Reading::Histogram { count, p50, p95, p99, .. }) if *count > 0 => {
                [*p50, *p95, *p99][self.part]
            }
            Some(Reading::Histogram { .. }) | None => f64::NAN,
            Some(Reading::Count(_)) => self.lately(spec, series),
        }
    }

    fn last<'a>(&self, series: &'a Series) -> &'a [Sample] {
        let samples = series.samples(self.metric);
        &samples[samples.len().saturating_sub(WINDOW_BUCKETS)..]
    }

    /// What it says of the last few sample buckets together.
    fn lately(&self, spec: &ScenarioSpec, series: &Series) -> f64 {
        self.merged(self.last(series), &spec.metrics[self.metric], series.width())
    }

    /// Whether it is a part of a whole that says little at a moment, since it comes and goes: how busy one server is, is all
    /// or nothing. What has moved once, as a disk that was emptied, is what it is now.
    fn is_restless(&self, spec: &ScenarioSpec, series: &Series) -> bool {
        let most = match spec.metrics[self.metric].unit {
            Unit::None => 0.05,
            Unit::Percent => 5.0,
            _ => return false,
        };
        self.last(series).iter().filter(|[_, low, high]| high - low > most).count() > 1
    }

    /// A number of this line as people read it.
    pub fn text(&self, spec: &ScenarioSpec, value: f64) -> String {
        axis_text(&spec.metrics[self.metric], value)
    }
}

pub(super) fn axis_text(spec: &MetricSpec, value: f64) -> String {
    if spec.kind == MetricKind::Histogram {
        format::quantity(value, spec.unit)
    } else {
        format::bare(value, spec.unit)
    }
}

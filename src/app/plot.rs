//! What a chart shows, as plain numbers: lines, axes, marks, and a sentence for those who do not see it.

use warstories_sim::metric::{Sample, WINDOW_BUCKETS};
use warstories_sim::scenario::ChartSpec;
use warstories_sim::series::Series;
use warstories_sim::time::WallClock;
use warstories_sim::{MetricKind, MetricSpec, Reading, ScenarioSpec, SimTime};

use crate::format;
use crate::screen::Screen;

/// One line of a chart. Its class says how it looks, in the legend and on the canvas alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    metric: usize,
    /// Which number of a sample it draws.
    part: usize,
    /// As the legend names it.
    pub label: String,
    /// How the style sheet names it.
    pub class: &'static str,
}

const QUANTILES: [(&str, &str); 3] = [("p50", "line-p50"), ("p95", "line-p95"), ("p99", "line-p99")];
const COLOURS: [&str; 4] = ["line-1", "line-2", "line-3", "line-4"];

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

fn is_counted(kind: MetricKind) -> bool {
    matches!(kind, MetricKind::Counter | MetricKind::Failure | MetricKind::Money)
}

/// The unit of what a chart draws of a metric: what is counted is drawn as a rate.
pub fn unit(metric: &MetricSpec) -> String {
    let unit = format::unit(metric.unit);
    if is_counted(metric.kind) { format!("{unit}/s") } else { unit.to_owned() }
}

/// The unit at the head of a chart. Durations say theirs with each number, since it changes as they grow.
pub fn chart_unit(chart: &ChartSpec, spec: &ScenarioSpec) -> String {
    let first = chart.metrics.first().and_then(|id| spec.metric(id).ok());
    first
        .map(|metric| &spec.metrics[metric])
        .filter(|metric| metric.kind != MetricKind::Histogram)
        .map_or_else(String::new, unit)
}

impl Line {
    /// The number that stands for neighbouring samples: a mean, or of a quantile the largest.
    fn merged(&self, samples: &[Sample], spec: &MetricSpec, width: SimTime) -> f64 {
        let seen = samples.iter().map(|sample| f64::from(sample[self.part])).filter(|value| !value.is_nan());
        if spec.kind == MetricKind::Histogram {
            return seen.fold(f64::NAN, f64::max);
        }
        let (sum, count) = seen.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
        let mean = sum / f64::from(count);
        if is_counted(spec.kind) { mean / width.as_secs_f64() } else { mean }
    }

    /// What it says now; NaN where there is nothing to say.
    pub fn now(&self, spec: &ScenarioSpec, screen: &Screen) -> f64 {
        let series = &screen.samples.0;
        match screen.recent.get(self.metric) {
            Some(Reading::Gauge { last, .. }) => *last,
            Some(Reading::Histogram { count, p50, p95, p99, .. }) if *count > 0 => {
                [*p50, *p95, *p99][self.part]
            }
            Some(Reading::Histogram { .. }) | None => f64::NAN,
            Some(Reading::Count(_) | Reading::Money(_)) => {
                let samples = series.samples(self.metric);
                let last = &samples[samples.len().saturating_sub(WINDOW_BUCKETS)..];
                self.merged(last, &spec.metrics[self.metric], series.width())
            }
        }
    }

    /// A number of this line as people read it.
    pub fn text(&self, spec: &ScenarioSpec, value: f64) -> String {
        axis_text(&spec.metrics[self.metric], value)
    }
}

fn axis_text(spec: &MetricSpec, value: f64) -> String {
    if value == 0.0 {
        return String::from("0");
    }
    if spec.kind == MetricKind::Histogram {
        format::quantity(value, spec.unit)
    } else {
        format::number(value)
    }
}

/// A chart, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// Points of each line, in seconds and in the metric's unit; NaN is a gap.
    pub lines: Vec<Vec<(f64, f64)>>,
    /// The right end of the time axis, in seconds.
    pub end: f64,
    /// The upper end of the value axis.
    pub top: f64,
    /// Labelled moments.
    pub times: Vec<(f64, String)>,
    /// Labelled values.
    pub values: Vec<(f64, String)>,
    /// Thresholds in sight.
    pub marks: Vec<(f64, &'static str)>,
}

impl Plot {
    /// The whole run so far, with at most `most_labels` on the time axis.
    pub fn of(chart: &ChartSpec, spec: &ScenarioSpec, series: &Series, most_labels: usize) -> Self {
        let lines = lines(chart, spec);
        let points: Vec<Vec<_>> = lines.iter().map(|line| points(line, spec, series)).collect();
        let highest = points.iter().flatten().map(|(_, value)| *value).fold(0.0, f64::max);
        let played = series.width().as_secs_f64() * series.len() as f64;
        let step = if highest > 0.0 { nice(highest / 4.0) } else { 1.0 };
        let top = (highest / step - 1e-9).ceil().max(1.0) * step;
        let end = span(played);
        let metric = lines.first().map(|line| &spec.metrics[line.metric]);
        Self {
            end,
            // A line along the upper end, at a limit, must not lose half its width.
            top: top * 1.06,
            times: times(end, most_labels, spec.clock),
            values: metric.map_or_else(Vec::new, |metric| values(metric, top, step)),
            marks: metric
                .into_iter()
                .flat_map(|metric| metric.thresholds)
                .filter(|threshold| threshold.value <= top * 1.001)
                .map(|threshold| (threshold.value, threshold.label))
                .collect(),
            lines: points,
        }
    }
}

/// Points that a line has at most: more make a scribble of what happens at random.
const MOST_POINTS: f64 = 120.0;

fn points(line: &Line, spec: &ScenarioSpec, series: &Series) -> Vec<(f64, f64)> {
    let width = series.width().as_secs_f64();
    let samples = series.samples(line.metric);
    let each = (span(samples.len() as f64 * width) / width / MOST_POINTS).ceil().max(1.0);
    samples
        .chunks(each as usize)
        .enumerate()
        .map(|(index, chunk)| {
            let middle = index as f64 * each + chunk.len() as f64 / 2.0;
            (middle * width, line.merged(chunk, &spec.metrics[line.metric], series.width()))
        })
        .collect()
}

/// 1, 2 or 5 times a power of ten, at least `rough`.
fn nice(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= rough).unwrap_or(10.0) * power
}

fn values(metric: &MetricSpec, top: f64, step: f64) -> Vec<(f64, String)> {
    let count = (top / step).round() as u32;
    (0..=count).map(|index| f64::from(index) * step).map(|value| (value, axis_text(metric, value))).collect()
}

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// Lengths of the time axis: it grows in steps, so that the picture does not shrink all the time.
const SPANS: [f64; 16] = [
    MINUTE,
    2.0 * MINUTE,
    5.0 * MINUTE,
    10.0 * MINUTE,
    20.0 * MINUTE,
    30.0 * MINUTE,
    HOUR,
    2.0 * HOUR,
    4.0 * HOUR,
    8.0 * HOUR,
    DAY,
    2.0 * DAY,
    4.0 * DAY,
    8.0 * DAY,
    16.0 * DAY,
    32.0 * DAY,
];

/// Distances between labels that a clock's reader finds round.
const STEPS: [f64; 17] = [
    15.0,
    30.0,
    MINUTE,
    2.0 * MINUTE,
    5.0 * MINUTE,
    10.0 * MINUTE,
    15.0 * MINUTE,
    30.0 * MINUTE,
    HOUR,
    2.0 * HOUR,
    4.0 * HOUR,
    8.0 * HOUR,
    DAY,
    2.0 * DAY,
    4.0 * DAY,
    8.0 * DAY,
    16.0 * DAY,
];

fn span(played: f64) -> f64 {
    SPANS.into_iter().find(|span| *span >= played).unwrap_or(played)
}

fn times(end: f64, most: usize, clock: WallClock) -> Vec<(f64, String)> {
    let steps = most.max(2) as f64 - 1.0;
    let step = STEPS.into_iter().find(|step| step * steps >= end).unwrap_or(end);
    // Whole minutes need no seconds.
    let length = if step % MINUTE == 0.0 { 5 } else { 8 };
    (0..most.max(2))
        .map(|index| index as f64 * step)
        .take_while(|time| *time <= end)
        .map(|time| (time, clock.label(SimTime::from_secs_f64(time))[..length].to_owned()))
        .collect()
}

/// A chart in one sentence: "Queue: Waiting 12 now, highest 40."
pub fn sentence(chart: &ChartSpec, spec: &ScenarioSpec, screen: &Screen) -> String {
    let parts: Vec<_> = lines(chart, spec)
        .iter()
        .map(|line| {
            let highest = points(line, spec, &screen.samples.0)
                .iter()
                .map(|(_, value)| *value)
                .fold(f64::NAN, f64::max);
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

#[cfg(test)]
mod tests {
    use warstories_sim::{Replay, SCENARIOS};

    use super::*;
    use crate::player::Player;
    use crate::session::Session;

    fn played(link: &str) -> (&'static ScenarioSpec, Screen) {
        let session = Session::open(Replay::parse(link).expect("a link"));
        let mut player = Player::new(&session);
        player.frame(&session, 0.0, || false);
        (session.replay.spec(), Screen::take(&player, None, None))
    }

    #[test]
    fn every_chart_of_every_scenario_can_be_drawn_before_and_after_it_ran() {
        for entry in SCENARIOS {
            for moment in [0, 60, 3600] {
                let (spec, screen) = played(&format!("{}?t={moment}", entry.spec.id));
                for chart in spec.charts {
                    assert_eq!(
                        lines(chart, spec).iter().filter(|line| line.part == 0).count(),
                        chart.metrics.len(),
                        "{}: every id is a metric",
                        chart.title
                    );
                    let plot = Plot::of(chart, spec, &screen.samples.0, 5);
                    assert!((2..=5).contains(&plot.times.len()), "{:?}", plot.times);
                    assert!((2..=7).contains(&plot.values.len()), "{:?}", plot.values);
                    let inside = |(x, y): &(f64, f64)| *x <= plot.end && (y.is_nan() || *y <= plot.top);
                    assert!(plot.lines.iter().flatten().all(inside));
                    assert!(!sentence(chart, spec, &screen).contains("NaN"));
                }
            }
        }
    }

    #[test]
    fn what_is_counted_is_drawn_as_a_rate() {
        let (spec, screen) = played("queueing_lab?t=600");
        let traffic = &spec.charts[0];
        let plot = Plot::of(traffic, spec, &screen.samples.0, 5);
        let mean = plot.lines[0].iter().map(|(_, rate)| rate).sum::<f64>() / plot.lines[0].len() as f64;
        assert!((7.0..9.0).contains(&mean), "eight arrive each second, not {mean}");
    }

    #[test]
    fn thresholds_show_when_the_curve_comes_near() {
        let queue = |link| {
            let (spec, screen) = played(link);
            let chart = spec.charts.iter().find(|chart| chart.title == "Queue").expect("the lab's queue");
            Plot::of(chart, spec, &screen.samples.0, 5).marks.len()
        };
        assert_eq!(queue("queueing_lab?t=600"), 0);
        assert_eq!(queue("queueing_lab?arrivals_per_s=12&t=600"), 2);
    }

    #[test]
    fn the_time_axis_speaks_the_clock_of_the_story() {
        let labels = |end, most| {
            let all = times(end, most, WallClock::starting_at(3, 17));
            all.into_iter().map(|(_, label)| label).collect::<Vec<_>>()
        };
        assert_eq!(labels(60.0, 5), ["03:17:00", "03:17:15", "03:17:30", "03:17:45", "03:18:00"]);
        assert_eq!(labels(600.0, 3), ["03:17", "03:22", "03:27"]);
    }
}

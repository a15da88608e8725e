//! What a chart shows, as plain numbers: lines, axes, marks, and a sentence for those who do not see it.

use warstories_sim::metric::{Sample, WINDOW_BUCKETS};
use warstories_sim::scenario::ChartSpec;
use warstories_sim::series::Series;
use warstories_sim::time::WallClock;
use warstories_sim::{MetricKind, MetricSpec, Reading, ScenarioSpec, SimTime};

use crate::format;
use crate::screen::{Ghost, Mark, MarkKind, Screen};

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

    /// The highest value within neighbouring samples.
    fn highest(&self, samples: &[Sample], spec: &MetricSpec, width: SimTime) -> f64 {
        let part = if spec.kind == MetricKind::Gauge { 2 } else { self.part };
        let seen = samples.iter().map(|sample| f64::from(sample[part])).filter(|value| !value.is_nan());
        let highest = seen.fold(f64::NAN, f64::max);
        if is_counted(spec.kind) { highest / width.as_secs_f64() } else { highest }
    }

    /// Whether it is the one line of its metric to compare runs by.
    fn says_most(&self, spec: &ScenarioSpec) -> bool {
        spec.metrics[self.metric].kind != MetricKind::Histogram || self.part == QUANTILES.len() - 1
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

/// Points of a curve.
pub type Points = Vec<(f64, f64)>;

/// A chart, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// Points of each line, in seconds and in the metric's unit; NaN is a gap.
    pub lines: Vec<Points>,
    /// For each line the highest values among the buckets that a point stands for; empty where they are no news.
    pub highs: Vec<Points>,
    /// The line that says most of each metric, for each run to compare with.
    pub ghosts: Vec<Vec<Points>>,
    /// Moments worth finding again.
    pub moments: Vec<(f64, MarkKind)>,
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
    /// The whole run so far beside the runs to compare with, with at most `most_labels` on the time axis. Of the lines
    /// only the one at `alone` is drawn, where there is one.
    pub fn of(
        chart: &ChartSpec,
        spec: &ScenarioSpec,
        screen: &Screen,
        alone: Option<usize>,
        most_labels: usize,
    ) -> Self {
        let series = screen.samples.0.as_ref();
        let lines = lines(chart, spec);
        let is_shown = |index| alone.is_none_or(|alone| alone == index);
        let shown = |of: &dyn Fn(&Line) -> Points| -> Vec<Points> {
            let all = lines.iter().enumerate();
            all.map(|(index, line)| if is_shown(index) { of(line) } else { Points::new() }).collect()
        };
        let points = shown(&|line| points(line, spec, series));
        let highs = shown(&|line| highs(line, spec, series));
        let of_ghost = |ghost: &Ghost| -> Vec<Points> {
            let all =
                lines.iter().enumerate().filter(|(index, line)| line.says_most(spec) && is_shown(*index));
            all.map(|(_, line)| self::points(line, spec, &ghost.samples.0)).collect()
        };
        let ghosts: Vec<Vec<Points>> = screen.ghosts.iter().map(of_ghost).collect();
        let end = axis_end(series);
        let moments = screen.marks.iter().map(|mark| (mark.at.as_secs_f64(), mark.kind));
        let all = points.iter().chain(&highs).chain(ghosts.iter().flatten());
        let highest = all.flatten().map(|(_, value)| *value).fold(0.0, f64::max);
        let step = if highest > 0.0 { nice(highest / 4.0) } else { 1.0 };
        let top = (highest / step - 1e-9).ceil().max(1.0) * step;
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
            moments: moments.filter(|(at, _)| *at <= end).collect(),
            lines: points,
            highs,
            ghosts,
        }
    }
}

/// Points that a line has at most: more make a scribble of what happens at random.
const MOST_POINTS: f64 = 120.0;

/// Buckets that one point stands for.
fn bunch(series: &Series) -> usize {
    (axis_end(series) / series.width().as_secs_f64() / MOST_POINTS).ceil().max(1.0) as usize
}

fn points(line: &Line, spec: &ScenarioSpec, series: &Series) -> Points {
    let metric = &spec.metrics[line.metric];
    bunched(line, series, |chunk| line.merged(chunk, metric, series.width()))
}

/// A spike is never lost: where points stand for several buckets, or a bucket's mean hides its highest value.
fn highs(line: &Line, spec: &ScenarioSpec, series: &Series) -> Points {
    let metric = &spec.metrics[line.metric];
    let highs = bunched(line, series, |chunk| line.highest(chunk, metric, series.width()));
    let top = highs.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    let is_news = |((_, high), (_, point)): (&(f64, f64), &(f64, f64))| high - point > top / 20.0;
    if highs.iter().zip(&points(line, spec, series)).any(is_news) { highs } else { Points::new() }
}

fn bunched(line: &Line, series: &Series, value: impl Fn(&[Sample]) -> f64) -> Points {
    let (width, each) = (series.width().as_secs_f64(), bunch(series));
    let chunks = series.samples(line.metric).chunks(each).enumerate();
    chunks
        .map(|(index, chunk)| (((index * each) as f64 + chunk.len() as f64 / 2.0) * width, value(chunk)))
        .collect()
}

/// The right end of the time axis, in seconds.
pub fn axis_end(series: &Series) -> f64 {
    span(series.width().as_secs_f64() * series.len() as f64)
}

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
pub fn mark_near(screen: &Screen, seconds: f64) -> Option<&Mark> {
    let distance = |mark: &&Mark| (mark.at.as_secs_f64() - seconds).abs();
    let nearest = screen.marks.iter().min_by(|one, other| distance(one).total_cmp(&distance(other)))?;
    (distance(&nearest) <= axis_end(&screen.samples.0) / 100.0).then_some(nearest)
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
            let series = &screen.samples.0;
            let metric = &spec.metrics[line.metric];
            let highest = bunched(line, series, |chunk| line.highest(chunk, metric, series.width()))
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
        (session.replay().spec(), Screen::take(&player, None, None))
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
                    let plot = Plot::of(chart, spec, &screen, None, 5);
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
        let plot = Plot::of(traffic, spec, &screen, None, 5);
        let mean = plot.lines[0].iter().map(|(_, rate)| rate).sum::<f64>() / plot.lines[0].len() as f64;
        assert!((7.0..9.0).contains(&mean), "eight arrive each second, not {mean}");
    }

    #[test]
    fn a_short_spike_is_drawn_and_told_however_long_the_run() {
        // For one second of a long quiet run two thousand a second arrive.
        let (spec, screen) =
            played("queueing_lab?servers=1000&at=300,arrivals_per_s=2000&at=301,arrivals_per_s=8&t=20000");
        let traffic = &spec.charts[0];
        let plot = Plot::of(traffic, spec, &screen, None, 5);
        let series = &screen.samples.0;
        let arrived =
            series.samples(spec.metric("arrived").expect("the lab's own")).iter().map(|sample| sample[0]);
        let busiest = f64::from(arrived.fold(0.0, f32::max)) / series.width().as_secs_f64();
        let highest = plot.highs[0].iter().map(|(_, value)| *value).fold(0.0, f64::max);
        assert!(busiest > 30.0, "the spike stands out from eight a second: {busiest}");
        assert_eq!(highest, busiest);
        assert!(plot.lines[0].iter().all(|(_, value)| *value < highest));
        assert!(sentence(traffic, spec, &screen).contains(&format!("highest {}", format::number(busiest))));
    }

    #[test]
    fn one_line_can_stand_alone_and_ghosts_stand_beside() {
        let (spec, mut screen) = played("queueing_lab?arrivals_per_s=12&t=600");
        let (_, quiet) = played("queueing_lab?t=600");
        screen.ghosts =
            vec![Ghost { name: String::from("Baseline"), samples: quiet.samples, whole: quiet.whole }];
        let latency = spec.charts.iter().find(|chart| chart.title == "Latency").expect("the lab's own");
        let plot = Plot::of(latency, spec, &screen, None, 5);
        assert_eq!((plot.lines.len(), plot.ghosts.len(), plot.ghosts[0].len()), (3, 1, 1));
        let alone = Plot::of(latency, spec, &screen, Some(2), 5);
        assert!(alone.lines[0].is_empty() && alone.lines[1].is_empty() && !alone.lines[2].is_empty());
        assert_eq!(readout(latency, spec, &screen, 300.0).len(), 3);
    }

    #[test]
    fn tables_are_short_and_csv_is_whole() {
        let (spec, screen) = played("queueing_lab?t=600");
        let series = &screen.samples.0;
        for chart in spec.charts {
            let (heads, rows) = table(chart, spec, series);
            assert!(rows.len() <= 60 && rows.iter().all(|row| row.len() == heads.len()));
            assert_eq!(rows.last().map(|row| row[0].as_str()), Some("00:10:00"));
            let csv = csv(chart, spec, series, "queueing_lab?seed=1");
            assert!(csv.contains("# queueing_lab?seed=1\ntime_s,"), "{csv:.200}");
            assert_eq!(csv.lines().count(), 3 + series.len());
        }
    }

    #[test]
    fn thresholds_show_when_the_curve_comes_near() {
        let queue = |link| {
            let (spec, screen) = played(link);
            let chart = spec.charts.iter().find(|chart| chart.title == "Queue").expect("the lab's queue");
            Plot::of(chart, spec, &screen, None, 5).marks.len()
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

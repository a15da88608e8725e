//! What a chart shows, as plain numbers: lines, axes, marks, and a sentence for those who do not see it.

mod axis;
mod line;
mod words;

use warstories_sim::metric::Sample;
use warstories_sim::series::Series;
use warstories_sim::spec::ChartSpec;
use warstories_sim::{MetricKind, MetricSpec, ScenarioSpec, SimTime, format};

pub use self::axis::nice;
use self::axis::{span, times, values};
pub use self::line::{Line, chart_unit, ghost_part, lines};
pub use self::words::{csv, mark_near, readout, sentence, table};
use crate::run::screen::{Ghost, Guess, MarkKind, Screen};

/// Points of a curve.
pub type Points = Vec<(f64, f64)>;

/// A chart, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// Points of each line, in seconds and in the metric's unit; NaN is a gap.
    pub lines: Vec<Points>,
    /// For each line its spikes that a point hides, since it stands for more: moment, what the line says, how high.
    pub spikes: Vec<Vec<(f64, f64, f64)>>,
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
    /// What was predicted and what came of it: the value, its name, and whether it was measured.
    pub guesses: Vec<(f64, String, bool)>,
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
        let points = shown(&|line| drawn(line, spec, screen));
        let spikes = lines
            .iter()
            .enumerate()
            .map(|(index, line)| if is_shown(index) { spikes(line, spec, series) } else { Vec::new() });
        let spikes: Vec<Vec<_>> = spikes.collect();
        let of_ghost = |ghost: &Ghost| -> Vec<Points> {
            let all =
                lines.iter().enumerate().filter(|(index, line)| line.says_most(spec) && is_shown(*index));
            all.map(|(_, line)| stairs(line, spec, self::points(line, spec, &ghost.samples.0))).collect()
        };
        let ghosts: Vec<Vec<Points>> = screen.ghosts.iter().map(of_ghost).collect();
        let end = axis_end(series, spec);
        let moments = screen.marks.iter().map(|mark| (mark.at.as_secs_f64(), mark.kind));
        let drawn = points.iter().chain(ghosts.iter().flatten()).flatten().map(|(_, value)| *value);
        // Of what is counted charts draw the rate, beside which a count means nothing.
        let is_comparable = |guess: &&Guess| {
            lines.iter().any(|line| line.metric == guess.metric)
                && !spec.metrics[guess.metric].kind.is_counted()
        };
        let guesses = || screen.guesses.iter().filter(is_comparable);
        let drawn = drawn.chain(guesses().map(|guess| guess.value));
        let highest = drawn.chain(spikes.iter().flatten().map(|(.., high)| *high)).fold(0.0, f64::max);
        let metric = lines.first().map(|line| &spec.metrics[line.metric]);
        let states = metric.map_or(0, |metric| metric.unit.states());
        let (highest, step) = match states {
            0 if highest > 0.0 => (highest, nice(highest / 4.0)),
            0 => (highest, 1.0),
            // All of them have their line.
            states => ((states - 1) as f64, 1.0),
        };
        let top = (highest / step - 1e-9).ceil().max(1.0) * step;
        let mut named = Vec::new();
        guesses().for_each(|guess| name_guess(&mut named, guess, spec, top));
        Self {
            end,
            // A line along the upper end, at a limit, must not lose half its width.
            top: top * 1.06,
            times: times(end, most_labels, spec.clock),
            values: metric.map_or_else(Vec::new, |metric| values(metric, top, step)),
            marks: metric
                .into_iter()
                // A counter's threshold is about its sum, which is not what is drawn; a state's has its name.
                .filter(|metric| !metric.kind.is_counted() && states == 0)
                .flat_map(|metric| metric.thresholds)
                .filter(|threshold| threshold.value <= top * 1.001)
                .map(|threshold| (threshold.value, threshold.label))
                .collect(),
            guesses: named,
            moments: moments.filter(|(at, _)| *at <= end).collect(),
            lines: points,
            spikes,
            ghosts,
        }
    }
}

/// Guesses nearer to each other than this part of the axis lie on one another.
const SAME: f64 = 0.005;

/// Names one more number, with its dashes: two such lines may look alike in colour. A guess that has come true is one line
/// with what came of it.
fn name_guess(named: &mut Vec<(f64, String, bool)>, guess: &Guess, spec: &ScenarioSpec, top: f64) {
    let Guess { metric, value, name, is_measured } = *guess;
    let is_hit =
        is_measured && named.last().is_some_and(|last| !last.2 && (last.0 - value).abs() <= SAME * top);
    let label = if is_hit {
        named.pop();
        // A number would be cut off in a narrow chart; the verdict says it.
        String::from("– · – Your guess, and the run")
    } else if is_measured {
        format!("– · – {name}: {}", format::quantity(value, spec.metrics[metric].unit))
    } else {
        format!("– – {name}")
    };
    named.push((value, label, is_measured));
}

/// The lowest and the highest that a chart shows of a metric from a moment on; of durations, of their last quantile.
pub fn extremes(metric: usize, spec: &ScenarioSpec, screen: &Screen, from: SimTime) -> (f64, f64) {
    let part = if spec.metrics[metric].kind == MetricKind::Histogram { 2 } else { 0 };
    let line = Line { metric, part, label: String::new(), class: "" };
    let spikes = spikes(&line, spec, &screen.samples.0).into_iter().map(|(at, _, high)| (at, high));
    let all = drawn(&line, spec, screen).into_iter().chain(spikes);
    all.filter(|(at, _)| *at >= from.as_secs_f64())
        .fold((f64::NAN, f64::NAN), |(least, most), (_, value)| (value.min(least), value.max(most)))
}

/// The points of a line. A gauge's or a sum's end where it stands now: what has happened at this very moment is in no bucket yet. While
/// time passes that would make the end, and with it the axis, flicker.
fn drawn(line: &Line, spec: &ScenarioSpec, screen: &Screen) -> Points {
    let series = &screen.samples.0;
    let mut points = points(line, spec, series);
    let is_level = matches!(spec.metrics[line.metric].kind, MetricKind::Gauge | MetricKind::Money);
    if is_level && !screen.playing && !points.is_empty() {
        points.push((screen.now.as_secs_f64().min(axis_end(series, spec)), line.now(spec, screen)));
    }
    stairs(line, spec, points)
}

/// From one state to the next there is nothing in between.
fn stairs(line: &Line, spec: &ScenarioSpec, points: Points) -> Points {
    if spec.metrics[line.metric].unit.states() == 0 {
        return points;
    }
    let mut stairs = Points::new();
    for (at, value) in points {
        if let Some((_, before)) = stairs.last().copied().filter(|(_, before)| *before != value) {
            stairs.push((at, before));
        }
        stairs.push((at, value));
    }
    stairs
}

/// Points that a line has at most: more make a scribble of what happens at random.
const MOST_POINTS: f64 = 120.0;
/// What happens at random turns in every second or third bucket, and what turns in less than one of so many has a shape.
const SELDOM: usize = 16;
/// An edge is at least this part of the highest value, from one bucket to the next.
const EDGE: f32 = 8.0;

/// Buckets that one point stands for. A level that goes up and down as something is filled and emptied would lose its edges.
fn bunch(line: &Line, spec: &MetricSpec, series: &Series) -> usize {
    let samples = series.samples(line.metric);
    let highest = samples.iter().fold(0.0, |most, sample| sample[2].max(most));
    let (mut turns, mut has_edge) = (0, false);
    for three in samples.windows(3) {
        let [before, after] = [three[1][0] - three[0][0], three[2][0] - three[1][0]];
        turns += usize::from(before * after < 0.0);
        has_edge |= before.abs() * EDGE > highest;
    }
    let is_level = matches!(spec.kind, MetricKind::Gauge | MetricKind::Money);
    if is_level && has_edge && turns * SELDOM < samples.len() {
        return 1;
    }
    (span(played(series)) / series.width().as_secs_f64() / MOST_POINTS).ceil().max(1.0) as usize
}

/// A point in the middle of what it stands for. But what keeps its value for a whole bucket, and what does not happen in it, is
/// so from the bucket's first moment to its last; and where one such value gives way to another, there is a step, at the
/// moment that the mean of the bucket between them tells. So no curve begins to move long before its cause.
fn points(line: &Line, spec: &ScenarioSpec, series: &Series) -> Points {
    let metric = &spec.metrics[line.metric];
    let all = bunched(line, spec, series);
    let chunks = series.samples(line.metric).chunks(bunch(line, metric, series));
    let kept: Vec<f64> = chunks.map(|chunk| kept(metric, chunk)).collect();
    let kept = |at: usize| kept.get(at).copied().unwrap_or(f64::NAN);
    let (mut points, mut begin) = (Points::new(), 0.0);
    for (at, &(middle, value, _)) in all.iter().enumerate() {
        let (before, own, after) = (kept(at.wrapping_sub(1)), kept(at), kept(at + 1));
        let end = 2.0 * middle - begin;
        // A share of what happens has one value in each bucket, and goes from one to the next without a bucket between them.
        let is_held = !own.is_nan() && (before.is_nan() || before == own) && (after.is_nan() || after == own);
        if is_held {
            if before == own {
                points.pop();
            } else {
                points.push((begin, own));
            }
            points.push((end, own));
        } else if metric.kind == MetricKind::Gauge && own.is_nan() && (before - after).abs() > 0.0 {
            let share = ((value - after) / (before - after)).clamp(0.0, 1.0);
            let moment = begin + share * (end - begin);
            points.push((moment, before));
            points.push((moment, after));
        } else {
            points.push((middle, value));
            // Of what is counted the last bucket tells all that is known up to its end.
            if metric.kind.is_counted() && at + 1 == all.len() {
                points.push((end, value));
            }
        }
        begin = end;
    }
    points
}

/// The value that a metric kept for all of these samples; NaN where it kept none.
fn kept(metric: &MetricSpec, samples: &[Sample]) -> f64 {
    let is_gauge = metric.kind == MetricKind::Gauge && !metric.is_standing();
    let wanted = if is_gauge { samples[0][1] } else { 0.0 };
    let keeps = |[value, low, high]: &Sample| {
        if is_gauge { *low == wanted && *high == wanted } else { *value == 0.0 }
    };
    let may = is_gauge || metric.kind.is_counted();
    if may && samples.iter().all(keeps) { wanted.into() } else { f64::NAN }
}

/// A hidden maximum is a spike where it stands out this many times as far as they do on average; less is noise.
const STANDS_OUT: f64 = 4.0;
/// What is a smaller part of the highest value is no higher than the line is thick.
const SEEN: f64 = 64.0;

/// A spike is never lost: where points stand for several buckets, or a bucket's mean hides its highest value. At an edge
/// nothing is hidden, since the curve is as high right beside it.
fn spikes(line: &Line, spec: &ScenarioSpec, series: &Series) -> Vec<(f64, f64, f64)> {
    let mut all = bunched(line, spec, series);
    let hidden: Vec<f64> = (0..all.len())
        .map(|at| {
            let beside = &all[at.saturating_sub(1)..all.len().min(at + 2)];
            beside.iter().fold(all[at].2, |left, (_, value, _)| left.min(all[at].2 - value)).max(0.0)
        })
        .collect();
    let usual = hidden.iter().sum::<f64>() / hidden.len() as f64;
    let highest = all.iter().fold(0.0, |most: f64, (.., high)| most.max(*high));
    let mut hidden = hidden.into_iter();
    all.retain(|_| hidden.next().is_some_and(|left| left > STANDS_OUT * usual && left * SEEN > highest));
    all
}

/// Each point of a line: its moment, what the line says there, and the highest value within.
fn bunched(line: &Line, spec: &ScenarioSpec, series: &Series) -> Vec<(f64, f64, f64)> {
    let (metric, width) = (&spec.metrics[line.metric], series.width());
    let each = bunch(line, metric, series);
    let chunks = series.samples(line.metric).chunks(each).enumerate();
    chunks
        .map(|(index, chunk)| {
            let at = ((index * each) as f64 + chunk.len() as f64 / 2.0) * width.as_secs_f64();
            (at, line.merged(chunk, metric, width), line.highest(chunk, metric, width))
        })
        .collect()
}

/// The right end of the time axis, in seconds: within the usual length of the run that is its end at most.
pub fn axis_end(series: &Series, spec: &ScenarioSpec) -> f64 {
    let (played, length) = (played(series), spec.length.as_secs_f64());
    let end = span(played);
    if played <= length { end.min(length) } else { end }
}

fn played(series: &Series) -> f64 {
    series.width().as_secs_f64() * series.len() as f64
}

#[cfg(test)]
mod tests;

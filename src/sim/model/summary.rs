//! How a run is doing now, and what was done to it, in words.

use litemap::LiteMap;

use crate::announce::What;
use crate::format;
use crate::metric::{MetricKind, MetricSpec, Reading, Sample, WINDOW_BUCKETS};
use crate::parameter::ParamSpec;
use crate::replay::{Input, Replay};
use crate::scenario::Playable;
use crate::suggest::shortened;
use crate::time::SimTime;
use crate::unit::Unit;

/// How the run is doing now, in a few sentences: what a person who does not see the screen wants to know first.
pub fn summary(run: &dyn Playable) -> String {
    let spec = run.spec();
    let mut parts = vec![format!("{}, {}.", spec.title, spec.clock.label(run.now()))];
    let snapshot = run.snapshot();
    for node in snapshot.nodes.iter().filter(|node| !node.word.is_empty()) {
        let detail = if node.detail.is_empty() { String::new() } else { format!(", {}", node.detail) };
        parts.push(format!("{}: {}{detail}.", node.title, node.word));
    }
    for (index, metric) in spec.metrics.iter().enumerate() {
        match run.recent(index) {
            Reading::Histogram { p50, p99, count, .. } if count > 0 => {
                let [p50, p99] = [p50, p99].map(|value| format::quantity(value, metric.unit));
                parts.push(format!("{}: p50 {p50}, p99 {p99}.", metric.label));
            }
            Reading::Count(count) if metric.kind == MetricKind::Failure && count > 0 => {
                parts.push(format!("{}: {} in all.", metric.label, format::count(count)));
            }
            _ => {}
        }
    }
    parts.join(" ")
}

/// A parameter that is set, from what to what.
pub fn change(param: &ParamSpec, before: f64, value: f64) -> String {
    format!("{}: {} → {}", param.label, format::param(param, before), format::param(param, value))
}

/// Everything that is done to a run, in order of time: its moment, and what it is, from what to what.
pub fn done(replay: &Replay) -> Vec<(SimTime, String)> {
    let spec = replay.spec();
    let mut values = replay.start().to_vec();
    let before: LiteMap<(SimTime, usize), f64> = replay
        .sets()
        .map(|(at, param, value)| ((at, param), std::mem::replace(&mut values[param], value)))
        .collect();
    let text = |at: SimTime, input: &Input| match input {
        Input::Change { param, value } => {
            change(&spec.params[*param], before.get(&(at, *param)).copied().unwrap_or(*value), *value)
        }
        Input::Action(action) => spec.actions[*action].label.to_owned(),
        Input::Text { field, text } => format!("{}: {}", spec.texts[*field].label, shortened(text)),
    };
    replay.inputs().iter().map(|(at, input)| (*at, text(*at, input))).collect()
}

/// Sample buckets for which what a run tells is news. After that it is said only if it is still true, or it would stand in the
/// way of what matters.
const NEWS_BUCKETS: u64 = 20;

/// Whether what a run told is still worth telling when it is no news any more: a metric that somebody watches has reached a
/// threshold, and was there for some of the time that news lasts. A run says by itself if it was clearly below.
fn holds(run: &dyn Playable, told: &What, watched: &[usize]) -> bool {
    let What::Reached(index, threshold) = *told else { return false };
    if !watched.contains(&index) {
        return false;
    }
    let metric = &run.spec().metrics[index];
    let samples = run.series().samples(index);
    let recent = &samples[samples.len().saturating_sub(NEWS_BUCKETS as usize)..];
    // A counter does not fall. Of a histogram the last is the 99th percentile.
    !matches!(metric.kind, MetricKind::Gauge | MetricKind::Histogram)
        || recent.iter().any(|sample| f64::from(sample[2]) >= metric.thresholds[threshold].value)
}

/// What was done or announced last, and how each of the metrics at `watched` has moved since: "03:35:00 · Sleep: 500 ms →
/// 0 ms. Throughput: 200 tx/s → 400 tx/s." Both numbers are means over the last few complete sample buckets, before it and
/// now; of a histogram it is the highest 99th percentile among them. Of what is there to be counted, such as a queue, they
/// are the level just before and the one now. If a chart shows that it went beyond both in between, that is said as well:
/// `shown` tells the lowest and the highest that it shows of a metric from a moment on. Of what is counted it is the number
/// since then. Where an action answers, the answer is what happened. What was
/// announced is said for a while, and a threshold of a watched metric for as long as it is reached; then only a value that was
/// set before, and is still in force, comes back. `None` where there is nothing to say.
pub fn latest(
    run: &dyn Playable,
    watched: &[usize],
    shown: &dyn Fn(usize, SimTime) -> (f64, f64),
) -> Option<String> {
    let spec = run.spec();
    let said = |at, text: &str| format!("{} · {text}.", spec.clock.label(at));
    let width = run.series().width();
    let is_news = |at: SimTime| at.nanos() + NEWS_BUCKETS * width.nanos() > run.now().nanos();
    let last = run.announcements().last();
    let told = last.filter(|told| is_news(told.at) || holds(run, &told.what, watched));
    let over = last.filter(|_| told.is_none()).map(|told| told.at);
    let is_answer = told.is_some_and(|told| matches!(told.what, What::Said(_)));
    let told = told.map(|told| (told.at, told.text(spec)));
    let inputs = run.replay().inputs();
    let done = done(run.replay()).into_iter().zip(inputs).rfind(|((at, _), _)| *at <= run.now());
    let done = done.filter(|((at, _), (_, input))| {
        over.is_none_or(|over| over < *at) || !matches!(input, Input::Action(_))
    });
    let (at, text, is_done) = match (done, told) {
        (Some(((at, text), _)), told)
            if told.as_ref().is_none_or(|(other, _)| *other < at || *other == at && !is_answer) =>
        {
            (at, text, true)
        }
        (_, told) => told.map(|(at, text)| (at, text, false))?,
    };
    let mut parts = vec![said(at, &text)];
    let series = run.series();
    // The buckets that ended before it, and those that began after it.
    let width = width.nanos().max(1);
    let (before, since) = (at.nanos() / width, at.nanos().div_ceil(width));
    let now = series.len() as u64;
    for index in watched.iter().filter(|_| is_done && before > 0 && now > since) {
        let Some(metric) = spec.metrics.get(*index) else { continue };
        let samples =
            |from: u64, to: u64| series.samples(*index).get(from as usize..to as usize).unwrap_or_default();
        let few = WINDOW_BUCKETS as u64;
        let was = samples(before.saturating_sub(few), before);
        let exactly = run.before_input().filter(|(input, _)| *input == at);
        let exactly = exactly.and_then(|(_, before)| Some((*before.get(*index)?, run.read(*index))));
        let moved = moved(metric, was, samples(since, now), (series.width(), exactly), &|| shown(*index, at));
        parts.push(format!("{}: {moved}.", metric.label));
    }
    Some(parts.join(" "))
}

/// How far beyond the values before and now one in between is worth telling.
const BEYOND: f64 = 1.25;

/// How a metric has moved from the buckets `was` over those `since`: what is counted by what has come to it, anything else
/// by its value before and now, and by how far it went in between. `exactly` is what it said just before and says now: of what
/// is counted the difference is told, of a level both. How far a level went is known to the unit, of anything else a chart
/// shows it.
fn moved(
    metric: &MetricSpec,
    was: &[Sample],
    since: &[Sample],
    (width, exactly): (SimTime, Option<(Reading, Reading)>),
    shown: &dyn Fn() -> (f64, f64),
) -> String {
    let value = |value: f64| format::quantity(value, metric.unit);
    // Of the quantiles of a histogram the last.
    let part = if metric.kind == MetricKind::Histogram { 2 } else { 0 };
    let read = |samples: &[Sample]| metric.merged(samples, part, width);
    if metric.kind.is_counted() {
        let sum = match exactly {
            Some((Reading::Count(before), Reading::Count(now))) => now.saturating_sub(before) as f64,
            _ => (read(since) * since.len() as f64 * width.as_secs_f64()).round(),
        };
        return format!("{} since then", value(sum));
    }
    // The mean of a while says what money a minute costs no better than how many are in a queue.
    let holds = metric.unit.counts_things() || metric.unit == Unit::Dollars;
    let levels = match exactly {
        Some((Reading::Gauge { last: was, .. }, Reading::Gauge { last: is, .. }))
            if holds && !was.is_nan() =>
        {
            Some((was, is))
        }
        _ => None,
    };
    let (was, is, most, least) = if let Some((was, is)) = levels {
        let most = since.iter().fold(f32::NAN, |most, sample| most.max(sample[2]));
        let least = since.iter().fold(f32::NAN, |least, sample| least.min(sample[1]));
        (was, is, f64::from(most), f64::from(least))
    } else {
        let (least, most) = shown();
        (read(was), read(&since[since.len().saturating_sub(WINDOW_BUCKETS)..]), most, least)
    };
    let change = if value(was) == value(is) {
        format!("still {}", value(is))
    } else {
        format!("{} → {}", value(was), value(is))
    };
    let up = (most > was.max(is) * BEYOND).then(|| format!(", up to {} in between", value(most)));
    let down = (least * BEYOND < was.min(is)).then(|| format!(", down to {} in between", value(least)));
    [Some(change), up, down].into_iter().flatten().collect()
}

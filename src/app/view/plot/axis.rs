//! Where axes end and what they are labelled with.

use warstories_sim::clock::WallClock;
use warstories_sim::{MetricSpec, SimTime};

use super::line::axis_text;

/// 1, 2 or 5 times a power of ten, at least `rough`.
pub fn nice(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= rough).unwrap_or(10.0) * power
}

/// Labels of the value axis, every `step` up to `top`.
pub fn values(metric: &MetricSpec, top: f64, step: f64) -> Vec<(f64, String)> {
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

/// How long the time axis is when `played` seconds are to be shown.
pub fn span(played: f64) -> f64 {
    SPANS.into_iter().find(|span| *span >= played).unwrap_or(played)
}

/// Labels of a time axis of `end` seconds, at most `most`, as the story's clock says them. Where it is longer than a day,
/// the first label of each day names that day: times of day alone would come again.
pub fn times(end: f64, most: usize, clock: WallClock) -> Vec<(f64, String)> {
    let most = most.max(2);
    let step = STEPS.into_iter().find(|step| step * most as f64 > end).unwrap_or(end);
    let day_of = |time: f64| clock.day(SimTime::from_secs_f64(time));
    let is_long = end >= clock.day_length().as_secs_f64();
    let written = |time: f64, at| match step {
        _ if step % clock.day_length().as_secs_f64() == 0.0 => clock.day(at),
        _ if is_long && time > 0.0 && day_of(time) != day_of(time - step) => clock.day(at),
        // Whole minutes need no seconds.
        _ if step % MINUTE == 0.0 => clock.time_of_day(at)[..5].to_owned(),
        _ => clock.time_of_day(at),
    };
    (0..most)
        .map(|index| index as f64 * step)
        .take_while(|time| *time <= end)
        .map(|time| (time, written(time, SimTime::from_secs_f64(time))))
        .collect()
}

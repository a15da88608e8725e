//! Where axes end and what they are labelled with.

use warstories_sim::SimTime;
use warstories_sim::series::Series;
use warstories_sim::time::WallClock;

use super::Line;

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// Lengths of the time axis, in minutes: it grows in steps, so that the picture does not shrink all the time, but in
/// small ones, so that it is never half empty for long.
const SPANS: [u16; 22] =
    [1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1080, 1440, 2160, 2880];

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

/// The right end of the time axis, in seconds.
pub fn axis_end(series: &Series) -> f64 {
    let played = series.width().as_secs_f64() * series.len() as f64;
    let fits = SPANS.into_iter().map(|minutes| f64::from(minutes) * MINUTE).find(|span| *span >= played);
    fits.unwrap_or_else(|| (played / DAY).ceil() * DAY)
}

/// At most `most` labelled moments, as the story's clock tells them.
pub(super) fn times(end: f64, most: usize, clock: WallClock) -> Vec<(f64, String)> {
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

/// Labelled values from 0 to the first that is at least `highest`.
pub(super) fn values(line: Option<&Line>, highest: f64) -> Vec<(f64, String)> {
    let step = if highest > 0.0 { nice(highest / 4.0) } else { 1.0 };
    let count = (highest / step - 1e-9).ceil().max(1.0) as u32;
    let text = |value| line.map_or_else(String::new, |line| line.text(value));
    (0..=count).map(|index| f64::from(index) * step).map(|value| (value, text(value))).collect()
}

/// 1, 2 or 5 times a power of ten, at least `rough`.
fn nice(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= rough).unwrap_or(10.0) * power
}

/// What thresholds mean, for lines drawn at `heights`: where two would be written over each other, the higher one says
/// both. `heights` are pixels from the upper edge.
pub fn captions(heights: &[(i32, &str)], text: i32) -> Vec<(i32, String)> {
    let mut heights = heights.to_vec();
    heights.sort_unstable();
    heights.dedup();
    let mut captions: Vec<(i32, String)> = Vec::new();
    for (height, label) in heights {
        match captions.last_mut() {
            Some((above, said)) if height - *above < text => *said = format!("{said}; {label}"),
            _ => captions.push((height, label.to_owned())),
        }
    }
    captions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_axis_speaks_the_clock_of_the_story() {
        let labels = |end, most| {
            let all = times(end, most, WallClock::starting_at(3, 17));
            all.into_iter().map(|(_, label)| label).collect::<Vec<_>>()
        };
        assert_eq!(labels(60.0, 5), ["03:17:00", "03:17:15", "03:17:30", "03:17:45", "03:18:00"]);
        assert_eq!(labels(600.0, 3), ["03:17", "03:22", "03:27"]);
    }

    #[test]
    fn the_time_axis_grows_in_steps_and_is_never_half_empty_for_long() {
        let mut series = Series::new(&[], SimTime::from_secs(600));
        let mut last = 0.0;
        let mut steps = 0;
        while series.next() < SimTime::from_secs(600) {
            series.close(|_| {});
            let end = axis_end(&series);
            assert!(end >= last && end >= series.width().as_secs_f64() * series.len() as f64);
            steps += u32::from(end > last);
            last = end;
        }
        assert!(steps < 8);
    }

    #[test]
    fn axes_end_at_round_values() {
        let ends = [0.0, 0.9, 4.0, 17.0, 101.0].map(|highest| values(None, highest).last().map(|(value, _)| *value));
        assert_eq!(ends, [1.0, 1.0, 4.0, 20.0, 150.0].map(Some));
    }

    #[test]
    fn captions_are_never_written_over_each_other() {
        let apart = captions(&[(10, "every server busy"), (40, "80 % busy")], 14);
        assert_eq!(apart, [(10, String::from("every server busy")), (40, String::from("80 % busy"))]);
        let close = captions(&[(98, "a hundred wait"), (90, "a thousand wait")], 14);
        assert_eq!(close, [(90, String::from("a thousand wait; a hundred wait"))]);
    }
}

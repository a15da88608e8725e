//! The learner's calendar.

use warstories_lesson::practice::Day;

/// Milliseconds of a minute, and of a day.
const MINUTE_MS: f64 = 60_000.0;
const DAY_MS: f64 = 24.0 * 60.0 * MINUTE_MS;

/// The day that it is where the learner is.
pub fn today() -> Day {
    let now = js_sys::Date::new_0();
    day(now.get_time(), now.get_timezone_offset())
}

/// The day of a moment, in milliseconds since 1970 began in Greenwich, where clocks lag behind those by so many minutes.
fn day(moment_ms: f64, behind_min: f64) -> Day {
    ((moment_ms - behind_min * MINUTE_MS) / DAY_MS).floor() as Day
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hours of noon of a day in Greenwich.
    fn noon(day: Day) -> f64 {
        day as f64 * DAY_MS + DAY_MS / 2.0
    }

    #[test]
    fn a_day_begins_at_midnight_where_the_learner_is() {
        // 25 November 2026 is 20,782 days after the first of January 1970.
        let midnight = 20_782.0 * DAY_MS;
        assert_eq!((day(midnight - 1.0, 0.0), day(midnight, 0.0)), (20_781, 20_782));
        // Tokyo is nine hours ahead, Los Angeles eight behind, Kathmandu five and three quarters ahead.
        for (behind_h, begins) in [(-9.0, midnight), (8.0, midnight), (-5.75, midnight), (14.0, midnight)] {
            let begins = begins + behind_h * 60.0 * MINUTE_MS;
            assert_eq!(day(begins - 1.0, behind_h * 60.0), 20_781, "{behind_h}");
            assert_eq!(day(begins, behind_h * 60.0), 20_782, "{behind_h}");
        }
        assert_eq!(day(noon(-1), 0.0), -1, "before 1970");
    }

    /// In Berlin the night of 29 March 2026 has 23 hours, and that of 25 October 25: each is one day.
    #[test]
    fn the_days_on_which_clocks_change_are_days_like_others() {
        let (winter, summer) = (-60.0, -120.0);
        let spring = 20_541;
        let before = day(noon(spring - 1), winter);
        let after = day(noon(spring), summer);
        assert_eq!((before, after), (spring - 1, spring));
        // An hour before midnight by the clock, on both sides of the change.
        let late = |day: Day, behind_min: f64| {
            day as f64 * DAY_MS + 23.0 * 60.0 * MINUTE_MS + behind_min * MINUTE_MS
        };
        assert_eq!(day(late(spring, summer), summer), spring);
        let autumn = 20_751;
        assert_eq!(day(late(autumn - 1, summer), summer), autumn - 1);
        assert_eq!(day(late(autumn, winter), winter), autumn);
        assert_eq!(day(late(autumn, winter) + 2.0 * 60.0 * MINUTE_MS, winter), autumn + 1);
    }
}

//! Simulated time: an integer number of nanoseconds since the start of a run, and how people write it.

use std::fmt;
use std::ops::{Add, Sub};

use crate::clock::WallClock;

/// A moment in a run, or a span between two moments, in nanoseconds.
///
/// Integers make event order exact: there is no rounding that could differ between two machines. Arithmetic
/// saturates (at 0 and at 584 years), because a simulation must never fail on the learner's numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SimTime(u64);

const NANOS_PER_SECOND: u64 = 1_000_000_000;

impl SimTime {
    /// The start of a run.
    pub const ZERO: Self = Self(0);
    /// Later than every event.
    pub const MAX: Self = Self(u64::MAX);

    /// A span of `nanos` nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// A span of `secs` whole seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(NANOS_PER_SECOND))
    }

    /// The nearest whole nanosecond to `secs` seconds; 0 for negative numbers and for "not a number".
    pub fn from_secs_f64(secs: f64) -> Self {
        // A float-to-integer `as` saturates and sends NaN to 0, which is what is promised above.
        Self((secs * 1e9 + 0.5) as u64)
    }

    /// The nearest whole nanosecond to `millis` milliseconds; 0 for negative numbers and for "not a number".
    pub fn from_millis_f64(millis: f64) -> Self {
        Self((millis * 1e6 + 0.5) as u64)
    }

    /// Nanoseconds.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Nanoseconds, for formulas. Quicker than to convert [`SimTime::nanos`]: processors convert signed numbers in one
    /// instruction, and no run gets near 2⁶³ ns (292 years).
    pub fn as_nanos_f64(self) -> f64 {
        self.0 as i64 as f64
    }

    /// The first whole nanosecond that is not before `nanos`, which is not negative; 2⁶³ (292 years) for all that is later.
    /// Quicker than to round up and then to convert, since processors convert signed numbers in one instruction.
    pub(crate) fn ceil_from_nanos_f64(nanos: f64) -> Self {
        let whole = nanos as i64;
        Self(whole as u64 + u64::from((whole as f64) < nanos))
    }

    /// Seconds, for people and formulas.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// Reads exact seconds, `"12"` or `"12.5"` (at most nine decimals), or hours, minutes and perhaps seconds,
    /// `"03:17"` or `"03:17:00"` (decimals allowed), on the clock `clock` that the scenario's story runs on. Where that
    /// clock has a calendar, a day may stand before it: `"2026-03-02T03:17"`; on any other clock its number may,
    /// `"day3T03:17"`.
    ///
    /// # Errors
    /// One sentence that names the text and the accepted forms.
    pub fn parse(text: &str, clock: WallClock) -> Result<Self, String> {
        let wrong = || {
            format!(
                "\"{}\" is not a time; write seconds from the start (90 or 12.5) or the story's clock ({})",
                crate::suggest::shortened(text),
                clock.example(),
            )
        };
        if !text.contains(':') {
            return parse_seconds(text).ok_or_else(wrong);
        }
        let (day, of_day) = text.split_once('T').map_or((None, text), |(day, of_day)| (Some(day), of_day));
        let of_day = parse_time_of_day(of_day).ok_or_else(wrong)?;
        match day {
            Some(day) => clock.on_day(day, of_day).ok_or_else(wrong),
            None => clock.first(of_day).ok_or_else(wrong),
        }
    }

    /// The first moment after it: whatever the learner does while this one is on show comes into force then.
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The last moment before it.
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The first whole millisecond that is not before it, which is short in a link.
    pub const fn ceil_to_millisecond(self) -> Self {
        const MILLISECOND: u64 = 1_000_000;
        match self.0.checked_next_multiple_of(MILLISECOND) {
            Some(nanos) => Self(nanos),
            None => self,
        }
    }
}

fn parse_whole(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn parse_time_of_day(text: &str) -> Option<SimTime> {
    let mut fields = text.split(':');
    let (hours, minutes, seconds) = (fields.next()?, fields.next()?, fields.next());
    let hours = parse_whole(hours).filter(|hours| *hours < 24)?;
    let minutes = parse_whole(minutes).filter(|minutes| *minutes < 60)?;
    let seconds = match seconds {
        Some(seconds) => seconds,
        None if text.len() == 5 => "0",
        // "1:2" could mean anything.
        None => return None,
    };
    let seconds = parse_seconds(seconds).filter(|seconds| *seconds < SimTime::from_secs(60))?;
    fields.next().is_none().then(|| SimTime::from_secs(hours * 3600 + minutes * 60) + seconds)
}

fn parse_seconds(text: &str) -> Option<SimTime> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if fraction.len() > 9 {
        return None;
    }
    let nanos = parse_whole(fraction)?.checked_mul(10_u64.pow(9 - fraction.len() as u32))?;
    Some(SimTime(parse_whole(whole)?.checked_mul(NANOS_PER_SECOND)?.checked_add(nanos)?))
}

impl Add for SimTime {
    type Output = Self;
    fn add(self, span: Self) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub for SimTime {
    type Output = Self;
    fn sub(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }
}

/// Exact seconds without needless zeros, as links and tables write them; [`SimTime::parse`] reads them back.
impl fmt::Display for SimTime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / NANOS_PER_SECOND, self.0 % NANOS_PER_SECOND);
        if fraction == 0 {
            return write!(out, "{whole}");
        }
        write!(out, "{whole}.{}", format!("{fraction:09}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIGHT: WallClock = WallClock::starting_at(2, 30);

    #[test]
    fn seconds_and_wall_clock_name_the_same_moment() {
        assert_eq!(SimTime::parse("2820", NIGHT), SimTime::parse("03:17:00", NIGHT));
        assert_eq!(SimTime::parse("2820", NIGHT), SimTime::parse("03:17", NIGHT));
        assert_eq!(SimTime::parse("0.000000001", NIGHT), Ok(SimTime::from_nanos(1)));
        assert_eq!(SimTime::parse("02:29:59", NIGHT), Ok(SimTime::from_secs(86_399)));
    }

    #[test]
    fn what_is_not_a_time_gets_a_sentence() {
        for text in
            ["", "-1", "1e3", "nan", "1.", ".5", "1:2", "24:00", "24:00:00", "1:2:3:4", "1.0000000001", "٣"]
        {
            let error = SimTime::parse(text, NIGHT).expect_err(text);
            assert!(error.contains("is not a time"), "{error}");
        }
    }

    #[test]
    fn printing_is_exact_and_reads_back() {
        for nanos in [0, 1, 999_999_999, 1_000_000_000, 12_500_000_000, u64::MAX] {
            let time = SimTime::from_nanos(nanos);
            assert_eq!(SimTime::parse(&time.to_string(), NIGHT), Ok(time), "{time}");
        }
        assert_eq!(SimTime::from_secs_f64(12.5).to_string(), "12.5");
    }

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(SimTime::MAX + SimTime::from_secs(1), SimTime::MAX);
        assert_eq!(SimTime::ZERO - SimTime::from_secs(1), SimTime::ZERO);
        assert_eq!(SimTime::from_secs_f64(f64::NAN), SimTime::ZERO);
        assert_eq!(SimTime::from_secs_f64(f64::INFINITY), SimTime::MAX);
    }
}

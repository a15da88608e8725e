//! The clock on the wall in a story, with a calendar where the story needs one.

use time::{Date, Duration, Month};

use crate::time::SimTime;

/// The clock on the wall in a story: which time of day t = 0 is, and of which day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallClock {
    start: SimTime,
    first_day: Option<Date>,
    /// The time of day at which each day begins, and how long a day is.
    dawn: SimTime,
    day: SimTime,
}

const DAY: SimTime = SimTime::from_secs(86_400);

impl WallClock {
    /// A story that begins at `hours:minutes` of some day.
    pub const fn starting_at(hours: u64, minutes: u64) -> Self {
        let start = SimTime::from_secs(hours * 3600 + minutes * 60);
        Self { start, first_day: None, dawn: SimTime::ZERO, day: DAY }
    }

    /// The same for a story that passes in working hours: each day begins at the time of day at which the story does, and
    /// is over after so many hours. What comes next is the beginning of the next day.
    ///
    /// # Panics
    /// Where a day has no hour, or more than 24.
    pub const fn of_working_days(self, hours: u64) -> Self {
        assert!(1 <= hours && hours <= 24, "a working day has 1 to 24 hours");
        Self { dawn: self.start, day: SimTime::from_secs(hours * 3600), ..self }
    }

    /// The same with a calendar: the first day is this one of the years 1 to 9999. A day that no calendar has does not
    /// compile in a constant.
    ///
    /// # Panics
    /// Where there is no such day.
    pub const fn on(self, year: i32, month: Month, day: u8) -> Self {
        match Date::from_calendar_date(year, month, day) {
            Ok(date) => Self { first_day: Some(date), ..self },
            Err(_) => panic!("there is no such day"),
        }
    }

    /// What this clock shows at `time`: `hh:mm:ss`, fractions of a second cut; behind the day where there is a calendar
    /// (`Mon 2 Mar 09:00:00`) or the first day is over (`day 2 02:30:00`).
    pub fn label(self, time: SimTime) -> String {
        let of_day = self.time_of_day(time);
        match (self.first_day, self.days(time)) {
            (None, 0) => of_day,
            (None, _) => format!("{} {of_day}", self.day(time)),
            (Some(_), _) => {
                let weekday = self.date(time).map_or_else(String::new, |date| date.weekday().to_string());
                format!("{:.3} {} {of_day}", weekday, self.day(time))
            }
        }
    }

    /// `hh:mm:ss`, whatever the day.
    pub fn time_of_day(self, time: SimTime) -> String {
        let second = (self.dawn.nanos() + self.since_dawn(time) % self.day.nanos()) / 1_000_000_000;
        format!("{:02}:{:02}:{:02}", second / 3600 % 24, second / 60 % 60, second % 60)
    }

    /// The day at `time`, short: `2 Mar` where there is a calendar, or else `day 1`.
    pub fn day(self, time: SimTime) -> String {
        match self.date(time) {
            Some(date) => format!("{} {:.3}", date.day(), date.month().to_string()),
            None => format!("day {}", self.days(time) + 1),
        }
    }

    /// `time` as [`SimTime::parse`] reads it back: on this clock where that is exact and clear, or else in seconds.
    pub fn spell(self, time: SimTime) -> String {
        let is_whole = time.nanos().is_multiple_of(1_000_000_000);
        match self.date(time) {
            Some(date) if is_whole => format!("{date}T{}", self.time_of_day(time)),
            None if is_whole && time < self.day => self.time_of_day(time),
            None if is_whole => format!("day{}T{}", self.days(time) + 1, self.time_of_day(time)),
            _ => time.to_string(),
        }
    }

    /// A moment as it may be written, and where a story of working hours has no calendar one of its second day.
    pub(crate) fn example(self) -> String {
        let soon = SimTime::from_secs(90);
        let first = self.spell(soon);
        if self.day == DAY || self.first_day.is_some() {
            return first;
        }
        first + " or " + &self.spell(self.day + soon)
    }

    /// How long a day of the story is.
    pub const fn day_length(self) -> SimTime {
        self.day
    }

    /// Whether this clock has passed midnight at `time`.
    pub const fn has_passed_midnight(self, time: SimTime) -> bool {
        self.days(time) > 0
    }

    /// Days that are over at `time`.
    const fn days(self, time: SimTime) -> u64 {
        self.since_dawn(time) / self.day.nanos()
    }

    /// Nanoseconds from the beginning of the first day to `time`, of the hours that the story passes in.
    const fn since_dawn(self, time: SimTime) -> u64 {
        (self.start.nanos() - self.dawn.nanos()).saturating_add(time.nanos())
    }

    fn date(self, time: SimTime) -> Option<Date> {
        Some(self.first_day?.saturating_add(Duration::days(self.days(time) as i64)))
    }

    /// The first moment of the run at which this clock shows `of_day`; `None` outside working hours.
    pub(crate) fn first(self, of_day: SimTime) -> Option<SimTime> {
        let hours = self.hours_to(of_day)?;
        Some(SimTime::from_nanos((hours + self.day - self.since_dawn_at_start()).nanos() % self.day.nanos()))
    }

    /// How long after the beginning of a day this clock shows `of_day`, if it does at all.
    fn hours_to(self, of_day: SimTime) -> Option<SimTime> {
        let hours = SimTime::from_nanos((of_day + DAY - self.dawn).nanos() % DAY.nanos());
        (hours < self.day).then_some(hours)
    }

    fn since_dawn_at_start(self) -> SimTime {
        self.start - self.dawn
    }

    /// The moment at which this clock shows `of_day` on the day `YYYY-MM-DD` of its calendar or, where it has none, on
    /// `day3`; `None` where there is no such day, and before the story begins.
    pub(crate) fn on_day(self, day: &str, of_day: SimTime) -> Option<SimTime> {
        let days = match self.first_day {
            Some(first) => u64::try_from((date_of(day)? - first).whole_days()).ok()?,
            None => day.strip_prefix("day")?.parse::<u64>().ok()?.checked_sub(1)?,
        };
        let since_dawn = SimTime::from_nanos(days.checked_mul(self.day.nanos())?) + self.hours_to(of_day)?;
        let at_start = self.since_dawn_at_start();
        (since_dawn >= at_start).then(|| since_dawn - at_start)
    }
}

/// The day `YYYY-MM-DD`.
fn date_of(day: &str) -> Option<Date> {
    let mut fields = day.splitn(3, '-');
    let year = fields.next()?.parse().ok()?;
    let month: u8 = fields.next()?.parse().ok()?;
    Date::from_calendar_date(year, Month::try_from(month).ok()?, fields.next()?.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIGHT: WallClock = WallClock::starting_at(2, 30);
    const OFFICE: WallClock = WallClock::starting_at(9, 0).of_working_days(8);
    const DATED: WallClock = WallClock::starting_at(22, 0).on(2028, Month::February, 28);

    #[test]
    fn a_clock_without_a_calendar_counts_its_days() {
        assert_eq!(NIGHT.label(SimTime::from_secs(2820)), "03:17:00");
        assert_eq!(NIGHT.label(SimTime::from_secs(86_400)), "day 2 02:30:00");
        assert_eq!(NIGHT.day(SimTime::ZERO), "day 1");
        assert_eq!(
            (NIGHT.spell(SimTime::from_secs(2820)), NIGHT.spell(DAY)),
            ("03:17:00".into(), "day2T02:30:00".into())
        );
        assert!(
            !NIGHT.has_passed_midnight(SimTime::from_secs(77_399))
                && NIGHT.has_passed_midnight(SimTime::from_secs(77_400))
        );
    }

    #[test]
    fn a_calendar_knows_its_weekdays_and_leap_years() {
        let hours = |hours: u64| SimTime::from_secs(hours * 3600);
        assert_eq!(DATED.label(SimTime::ZERO), "Mon 28 Feb 22:00:00");
        assert_eq!(DATED.label(hours(3)), "Tue 29 Feb 01:00:00");
        assert_eq!(DATED.label(hours(27)), "Wed 1 Mar 01:00:00");
        assert_eq!(DATED.day(hours(27)), "1 Mar");
    }

    #[test]
    fn a_clock_of_working_days_goes_on_in_the_morning() {
        let minutes = |minutes: u64| SimTime::from_secs(minutes * 60);
        let labels = [0, 479, 480, 20 * 480].map(|at| OFFICE.label(minutes(at)));
        assert_eq!(labels, ["09:00:00", "16:59:00", "day 2 09:00:00", "day 21 09:00:00"]);
        assert_eq!([OFFICE.spell(minutes(479)), OFFICE.spell(minutes(480))], ["16:59:00", "day2T09:00:00"]);
        let read = |text| SimTime::parse(text, OFFICE);
        assert_eq!([read("09:00"), read("16:59:59")], [Ok(SimTime::ZERO), Ok(SimTime::from_secs(28_799))]);
        assert_eq!(read("day3T10:00"), Ok(minutes(2 * 480 + 60)));
        for closed in
            ["17:00", "08:59:59", "00:00", "day2T17:00", "day0T10:00", "dayT10:00", "day-1T10:00", "3T10:00"]
        {
            assert!(read(closed).is_err(), "nobody works at {closed}");
        }
        let error = read("day2T17:00").expect_err("nobody works then");
        assert!(error.ends_with("or the story's clock (09:01:30 or day2T09:01:30)"), "{error}");
        let late = WallClock::starting_at(22, 0).of_working_days(8).on(2028, Month::February, 28);
        assert_eq!(late.label(minutes(479)), "Mon 28 Feb 05:59:00");
        assert_eq!(SimTime::parse("2028-03-01T05:59", late), Ok(minutes(2 * 480 + 479)));
        assert!(SimTime::parse("2028-03-01T06:00", late).is_err());
    }

    #[test]
    fn a_day_is_read_back_as_it_is_written() {
        for secs in [0, 1, 7199, 7200, 90_000, 30 * 86_400] {
            let time = SimTime::from_secs(secs);
            for clock in [NIGHT, OFFICE, DATED] {
                let spelled = clock.spell(time);
                assert_eq!(SimTime::parse(&spelled, clock), Ok(time), "{spelled}");
            }
        }
        assert_eq!(SimTime::parse("2028-02-29T00:00", DATED), Ok(SimTime::from_secs(7200)));
        assert_eq!(SimTime::parse("23:00", DATED), Ok(SimTime::from_secs(3600)));
    }

    #[test]
    fn a_day_that_is_not_there_gets_a_sentence() {
        for text in [
            "2028-02-28T21:59",
            "2028-02-30T10:00",
            "2028-13-01T10:00",
            "2028-03T10:00",
            "T10:00",
            "2028-03-01T",
            "-T:",
        ] {
            let error = SimTime::parse(text, DATED).expect_err(text);
            assert!(error.ends_with("is not a time; write seconds from the start (90 or 12.5) or the story's clock (2028-02-28T22:01:30)"), "{error}");
        }
        assert!(SimTime::parse("2028-03-01T10:00", NIGHT).is_err(), "it has no calendar");
    }
}

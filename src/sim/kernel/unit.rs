//! Units of parameters and metrics.

use std::fmt;

/// What a number counts or measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A plain number: a ratio, a number of servers.
    None,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Megabytes.
    Megabytes,
    /// Gigabytes.
    Gigabytes,
    /// Mebibytes: 1,048,576 bytes each.
    Mebibytes,
    /// Kilobytes a second.
    KilobytesPerSecond,
    /// Megabytes a second.
    MegabytesPerSecond,
    /// Percent.
    Percent,
    /// Percentage points.
    Points,
    /// US dollars.
    Dollars,
    /// How many times as much.
    Times,
    /// Events a second of no particular sort.
    PerSecond,
    /// Events a minute of no particular sort.
    PerMinute,
    /// Transactions a second.
    TransactionsPerSecond,
    /// Transactions.
    Transactions,
    /// Things, by their plural.
    Things(&'static str),
    /// One state out of several, by its place: their names.
    States(&'static [&'static str]),
}

impl Unit {
    /// The unit that `symbol` stands for in the tables of a scenario: `ms`, `s`, `min`, `h`, `MB`, `GB`, `MiB`,
    /// `kB/s`, `MB/s`, `%`, `points`, `USD`, `x`, `1/s`, `1/min`, `tx/s`, `tx`, the plural of a thing, or nothing.
    ///
    /// # Panics
    /// Where there is no such unit. Tables are constants, so that the compiler refuses a slip of the pen.
    pub const fn of(symbol: &'static str) -> Self {
        match symbol.as_bytes() {
            b"" => Self::None,
            b"ms" => Self::Milliseconds,
            b"s" => Self::Seconds,
            b"min" => Self::Minutes,
            b"h" => Self::Hours,
            b"MB" => Self::Megabytes,
            b"GB" => Self::Gigabytes,
            b"MiB" => Self::Mebibytes,
            b"kB/s" => Self::KilobytesPerSecond,
            b"MB/s" => Self::MegabytesPerSecond,
            b"%" => Self::Percent,
            b"points" => Self::Points,
            b"USD" => Self::Dollars,
            b"x" => Self::Times,
            b"1/s" => Self::PerSecond,
            b"1/min" => Self::PerMinute,
            b"tx/s" => Self::TransactionsPerSecond,
            b"tx" => Self::Transactions,
            b"sec" | b"secs" | b"seconds" | b"msec" | b"msecs" | b"millis" | b"milliseconds" | b"mins"
            | b"minutes" | b"hours" | b"percents" | b"dollars" => {
                panic!("this unit has a symbol: see Unit::of")
            }
            thing => {
                let [b'a'..=b'z', .., b's'] = thing else {
                    panic!("neither a symbol nor the plural of a thing: see Unit::of")
                };
                Self::Things(symbol)
            }
        }
    }

    /// As tables, links' help and the command line write it.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::None | Self::States(_) => "",
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Hours => "h",
            Self::Megabytes => "MB",
            Self::Gigabytes => "GB",
            Self::Mebibytes => "MiB",
            Self::KilobytesPerSecond => "kB/s",
            Self::MegabytesPerSecond => "MB/s",
            Self::Percent => "%",
            Self::Points => "points",
            Self::Dollars => "USD",
            Self::Times => "x",
            Self::PerSecond => "1/s",
            Self::PerMinute => "1/min",
            Self::TransactionsPerSecond => "tx/s",
            Self::Transactions => "tx",
            Self::Things(things) => things,
        }
    }

    /// As it stands after a number: without the "1" of "1/s".
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::PerSecond => "/s",
            Self::PerMinute => "/min",
            other => other.symbol(),
        }
    }

    /// Whether it measures time, so that a number in it may be told in another unit of time.
    pub const fn is_time(self) -> bool {
        matches!(self, Self::Milliseconds | Self::Seconds | Self::Minutes | Self::Hours)
    }

    /// Whether it counts things that are there, and not how fast they come.
    pub const fn counts_things(self) -> bool {
        matches!(self, Self::Transactions | Self::Things(_))
    }

    /// The name of the state at this place; `None` where there is none, as of a mean, or where it measures no states.
    pub fn state(self, place: f64) -> Option<&'static str> {
        let Self::States(names) = self else { return None };
        names.get(place as usize).copied().filter(|_| place as usize as f64 == place)
    }

    /// How many states it tells apart.
    pub fn states(self) -> usize {
        if let Self::States(names) = self { names.len() } else { 0 }
    }

    /// How many of it a nanosecond is; of a unit that does not measure time, nothing.
    pub const fn per_nano(self) -> f64 {
        match self {
            Self::Milliseconds => 1e-6,
            Self::Seconds => 1e-9,
            Self::Minutes => 1e-9 / 60.0,
            Self::Hours => 1e-9 / 3600.0,
            _ => 0.0,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.symbol())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_what_its_symbol_says() {
        for symbol in [
            "", "ms", "s", "min", "h", "MB", "GB", "MiB", "kB/s", "MB/s", "%", "points", "USD", "x", "1/s",
            "1/min", "tx/s", "tx", "requests",
        ] {
            assert_eq!(Unit::of(symbol).symbol(), symbol);
        }
        assert_eq!(Unit::of("requests"), Unit::Things("requests"));
    }

    #[test]
    fn a_state_is_known_by_its_place() {
        let unit = Unit::States(&["up", "slow", "down"]);
        assert_eq!((unit.symbol(), unit.suffix()), ("", ""));
        let names = [0.0, 2.0, 3.0, 0.5, -1.0, f64::NAN].map(|place| unit.state(place));
        assert_eq!(names, [Some("up"), Some("down"), None, None, None, None]);
        assert_eq!(Unit::None.state(0.0), None);
    }

    #[test]
    fn a_slip_of_the_pen_is_no_unit() {
        for slip in ["msec", "seconds", "request", "Requests", "1/h", "hours", "/s", "MS", "perc"] {
            assert!(std::panic::catch_unwind(|| Unit::of(slip)).is_err(), "{slip}");
        }
    }
}

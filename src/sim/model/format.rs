//! Numbers as people read them.

use crate::parameter::{Domain, ParamSpec};
use crate::unit::Unit;

/// Stands for a number that there is not.
pub const NONE: &str = "–";

/// A whole number with its thousands set apart: 12,345.
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// How many, and of what: "1,234 waiting", "1 order", "2 orders".
#[inline(never)]
pub fn counted(value: u64, what: &str) -> String {
    count(value) + " " + &if value == 1 { one_of(what) } else { what.to_owned() }
}

/// How many of how many, and of what: "3 of 1,000 busy".
#[inline(never)]
pub fn counted_of(value: u64, all: u64, what: &str) -> String {
    counted(value, "of ") + &counted(all, what)
}

/// A number to its last digit, with its thousands set apart: 1,234.5.
pub fn exact(value: f64) -> String {
    if value.is_finite() { grouped(&value.to_string()) } else { NONE.to_owned() }
}

/// A number with so many decimals and its thousands set apart: 1,234.50.
pub fn decimals(value: f64, decimals: usize) -> String {
    grouped(&format!("{value:.decimals$}"))
}

/// A number as it is written, with the thousands of its whole part set apart.
fn grouped(number: &str) -> String {
    let whole = number.find('.').unwrap_or(number.len());
    let mut text = String::with_capacity(number.len() + number.len() / 3);
    for (index, char) in number.char_indices() {
        if index > 0 && index < whole && (whole - index).is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(char);
    }
    text
}

/// A number with three digits that matter: 0.123, 1.23, 12.3, 123, 12,345.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    let size = value.abs();
    let decimals = if size >= 99.95 || size == 0.0 {
        0
    } else if size >= 9.995 {
        1
    } else if size >= 0.9995 {
        2
    } else {
        3
    };
    if decimals == 0 {
        let sign = if value <= -0.5 { "-" } else { "" };
        return format!("{sign}{}", count(size.round() as u64));
    }
    let text = format!("{value:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A number without its unit, which stands elsewhere; of a state, its name.
pub fn bare(value: f64, unit: Unit) -> String {
    match unit {
        Unit::States(_) => unit.state(value).unwrap_or(NONE).to_owned(),
        _ => number(value),
    }
}

/// A number with its unit: a duration in the unit that a person would choose, from µs to minutes.
pub fn quantity(value: f64, unit: Unit) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    match unit {
        Unit::Milliseconds if value >= 99_950.0 => with_unit(number(value / 60_000.0), "min"),
        Unit::Milliseconds if value >= 999.5 => with_unit(number(value / 1000.0), "s"),
        Unit::Milliseconds if value > 0.0 && value < 0.0995 => with_unit(number(value * 1000.0), "µs"),
        Unit::Seconds if value >= 99.95 => with_unit(number(value / 60.0), "min"),
        unit => in_unit(bare(value, unit), unit),
    }
}

/// A number as it is written, with its unit; of things, one or many.
pub fn in_unit(number: String, unit: Unit) -> String {
    match unit {
        Unit::Things(things) if number == "1" => with_unit(number, &one_of(things)),
        unit => with_unit(number, unit.suffix()),
    }
}

/// One of these: "query" of "queries", "crash" of "crashes", "mail" of "mails".
fn one_of(things: &str) -> String {
    let stem = |ending| things.strip_suffix(ending);
    match (stem("ies"), stem("hes"), stem("s")) {
        (Some(stem), ..) => format!("{stem}y"),
        (_, Some(stem), _) => format!("{stem}h"),
        (_, _, stem) => stem.unwrap_or(things).to_owned(),
    }
}

/// A parameter's value, exactly, with its unit; or what 0 stands for.
pub fn param(spec: &ParamSpec, value: f64) -> String {
    match spec.domain {
        _ if value == 0.0 && !spec.zero.is_empty() => spec.zero.get(2..).unwrap_or_default().to_owned(),
        Domain::Choice(choices) => unbroken(choices.get(value as usize).map_or(NONE, |choice| choice.label)),
        Domain::Switch => (if value == 0.0 { "off" } else { "on" }).to_owned(),
        Domain::Integer { .. } | Domain::Number { .. } => in_unit(grouped(&spec.print(value)), spec.unit),
    }
}

/// A text with what stands after it: a no-break space keeps both on one line.
pub fn with_unit(text: String, suffix: &str) -> String {
    if suffix.is_empty() { text } else { format!("{text}\u{a0}{suffix}") }
}

/// A text that begins with a capital letter.
pub fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}

/// Units that stand behind a number in running text.
const UNITS: [&str; 12] = ["%", "ms", "s", "min", "h", "µs", "kB", "MB", "GB", "KiB", "MiB", "USD"];

/// A running text in which no line ends between a number and its unit.
pub fn unbroken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            let unit = word.trim_end_matches(|char: char| !char.is_alphabetic() && char != '%');
            let is_number = out.ends_with(|char: char| char.is_ascii_digit());
            out.push(if is_number && UNITS.contains(&unit) { '\u{a0}' } else { ' ' });
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let all = [0, 999, 1000, 1_234_567].map(count);
        assert_eq!(all, ["0", "999", "1,000", "1,234,567"]);
        let all = ["-999", "-1000", "1234.5678", "0.00012"].map(grouped);
        assert_eq!(all, ["-999", "-1,000", "1,234.5678", "0.00012"]);
        let all = [(5684.7, 0), (1234.5, 2), (-1000.04, 1)].map(|(value, places)| decimals(value, places));
        assert_eq!(all, ["5,685", "1,234.50", "-1,000.0"]);
    }

    #[test]
    fn one_thing_is_not_many() {
        let all = [(1, "orders"), (2, "orders"), (0, "queries"), (1, "queries"), (1, "waiting")];
        let all = all.map(|(value, what)| counted(value, what));
        assert_eq!(all, ["1 order", "2 orders", "0 queries", "1 query", "1 waiting"]);
        assert_eq!(counted_of(1, 3, "busy"), "1 of 3 busy");
    }

    #[test]
    fn a_number_in_running_text_keeps_its_unit() {
        let text = "In 5 s (or 90 %, 250 ms) each of 7 servers did 3 steps; 1.5 GB.";
        let kept = "In 5\u{a0}s (or 90\u{a0}%, 250\u{a0}ms) each of 7 servers did 3 steps; 1.5\u{a0}GB.";
        assert_eq!(unbroken(text), kept);
        assert_eq!(unbroken(" 5 s"), " 5\u{a0}s");
    }

    #[test]
    fn one_thing_is_told_as_one() {
        let one = ["queries", "crashes", "mails"].map(|things| quantity(1.0, Unit::Things(things)));
        assert_eq!(one, ["1\u{a0}query", "1\u{a0}crash", "1\u{a0}mail"]);
        assert_eq!(quantity(1.0, Unit::Percent), "1\u{a0}%");
        assert_eq!(
            [0.0, 2.0].map(|mails| quantity(mails, Unit::Things("mails"))),
            ["0\u{a0}mails", "2\u{a0}mails"]
        );
    }

    #[test]
    fn a_state_is_told_by_its_name() {
        let unit = Unit::States(&["up", "down"]);
        assert_eq!([0.0, 1.0, 0.5, f64::NAN].map(|place| quantity(place, unit)), ["up", "down", NONE, NONE]);
        assert_eq!((bare(1.0, unit).as_str(), bare(1234.0, Unit::Dollars).as_str()), ("down", "1,234"));
    }

    #[test]
    fn three_digits_matter() {
        let all = [0.0, 0.1234, 1.0, 1.25, 9.996, 12.34, 99.97, 12_345.6, -3.25, f64::NAN].map(number);
        assert_eq!(all, ["0", "0.123", "1", "1.25", "10", "12.3", "100", "12,346", "-3.25", NONE]);
    }

    #[test]
    fn durations_take_the_unit_that_fits() {
        let all = [(0.02, "ms"), (0.5, "ms"), (999.0, "ms"), (1500.0, "ms"), (173_409.0, "ms"), (9e9, "ms")];
        let all = all.map(|(value, unit)| quantity(value, Unit::of(unit)).replace('\u{a0}', " "));
        assert_eq!(all, ["20 µs", "0.5 ms", "999 ms", "1.5 s", "2.89 min", "150,000 min"]);
        let all = [(0.0, "ms"), (300.0, "s"), (8.0, "1/s"), (3.0, "")];
        let all = all.map(|(value, unit)| quantity(value, Unit::of(unit)).replace('\u{a0}', " "));
        assert_eq!(all, ["0 ms", "5 min", "8 /s", "3"]);
    }
}

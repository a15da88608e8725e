//! Numbers in prose that look measured. They are bound to the run by a live number, or marked as what they are: a
//! setting in `code`, or something that somebody says, in quotation marks.

use warstories_sim::ScenarioSpec;
use warstories_sim::suggest::shortened;

/// Units that every reader takes for a measurement, whatever the scenario measures; a plural has an s behind it.
const UNITS: &[&str] = &[
    "ns",
    "µs",
    "us",
    "ms",
    "s",
    "min",
    "h",
    "nanosecond",
    "microsecond",
    "millisecond",
    "msec",
    "second",
    "sec",
    "minute",
    "hour",
    "%",
    "‰",
    "percent",
    "per cent",
    "percentage point",
    "dollar",
    "usd",
    "euro",
    "kb",
    "mb",
    "gb",
    "byte",
];
/// What stands before an amount of money.
const MONEY: &[&str] = &["$", "€", "£", "usd", "eur"];
/// Characters of the longest of them.
const LONGEST_MONEY: usize = 3;
/// What encloses words that somebody says, and how it may end.
const QUOTES: [(char, &[char]); 4] = [('"', &['"']), ('“', &['”']), ('„', &['“', '”']), ('«', &['»'])];

/// What to say of a number that looks measured.
pub(super) fn sentence(claim: &str) -> String {
    format!(
        "\"{}\" looks measured; write `= MEASURE` so that the run tells it, `code` if it is a setting, or quotation marks if it is said",
        shortened(claim)
    )
}

/// What to say of it in a text without marks.
pub(super) fn sentence_without_code(claim: &str) -> String {
    format!(
        "\"{}\" looks measured, and no run tells it here; leave the number out, or quote who says it",
        shortened(claim)
    )
}

/// The first number outside of quotation marks that has a unit, or a unit or label of the scenario's metrics, behind
/// it, or a currency before it.
pub(super) fn find(text: &str, spec: &ScenarioSpec) -> Option<String> {
    let chars: Vec<char> = text.chars().map(narrow).collect();
    // Where quotations can end at the latest: a mark that nothing closes is not followed to the end of a long text.
    let latest = QUOTES.map(|(_, ends)| chars.iter().rposition(|char| ends.contains(char)));
    let mut index = 0;
    while index < chars.len() {
        if let Some(end) = quoted(&chars, index, &latest) {
            index = end + 1;
            continue;
        }
        let is_part_of_a_word = index.checked_sub(1).is_some_and(|before| is_word(chars[before]));
        if !chars[index].is_numeric() || is_part_of_a_word {
            index += 1;
            continue;
        }
        let end = index + length(&chars[index..]);
        let after: String = chars[end..].iter().take(40).collect();
        let money = is_behind_money(&chars[..index]);
        if !is_clock(&chars[index..end]) && (money || measured(&after, spec)) {
            let start = index - usize::from(money && index > 0 && !chars[index - 1].is_whitespace());
            let claim: String = chars[start..].iter().take(end - start + 14).collect();
            let claim = claim.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
            // What ends the clause is not a part of the claim.
            return Some(claim.trim_end_matches(|char: char| ".,;:!?)]…".contains(char)).to_owned());
        }
        index = end;
    }
    None
}

/// Letters and signs of full width as those that they stand for (Unicode block Halfwidth and Fullwidth Forms).
fn narrow(char: char) -> char {
    match char {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(char) - 0xFEE0).unwrap_or(char),
        '\u{FE6A}' | '\u{066A}' => '%',
        '\u{FE69}' => '$',
        '\u{3BC}' => 'µ',
        char => char,
    }
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// Where the quotation that begins at `index` ends; a mark that nothing closes encloses nothing. `latest` tells for each
/// mark the last place that could close it.
fn quoted(chars: &[char], index: usize, latest: &[Option<usize>]) -> Option<usize> {
    let kind = QUOTES.iter().position(|(begin, _)| *begin == chars[index])?;
    latest[kind].filter(|latest| *latest > index)?;
    let ends = QUOTES[kind].1;
    chars[index + 1..].iter().position(|char| ends.contains(char)).map(|place| index + 1 + place)
}

/// Whether `before` ends with a currency, and perhaps white space.
fn is_behind_money(before: &[char]) -> bool {
    let end = before.iter().rposition(|char| !char.is_whitespace()).map_or(0, |last| last + 1);
    let word: String = before[end.saturating_sub(LONGEST_MONEY)..end].iter().collect();
    let word = word.to_lowercase();
    MONEY.iter().any(|sign| word.ends_with(sign))
}

/// How long the number is that begins here: digits of any script, parted by signs, and an exponent.
fn length(chars: &[char]) -> usize {
    let digit = |at: usize| chars.get(at).is_some_and(|char| char.is_numeric());
    let mut end = 0;
    loop {
        if digit(end) {
            end += 1;
        } else if matches!(chars.get(end), Some(',' | '.' | ':' | '\'' | '’' | '_' | '/')) && digit(end + 1)
        {
            end += 2;
        } else if matches!(chars.get(end), Some('e' | 'E')) {
            let sign = usize::from(matches!(chars.get(end + 1), Some('+' | '-' | '−')));
            if !digit(end + 1 + sign) {
                return end;
            }
            end += 2 + sign;
        } else {
            return end;
        }
    }
}

/// Whether it is a time on the clock: hours and minutes, and seconds if need be, two digits each.
fn is_clock(number: &[char]) -> bool {
    let parts: Vec<&[char]> = number.split(|char| *char == ':').collect();
    (2..=3).contains(&parts.len())
        && parts.iter().enumerate().all(|(place, part)| {
            (part.len() == 2 || place == 0 && part.len() == 1) && part.iter().all(|char| char.is_numeric())
        })
}

/// Whether a unit or a label stands at the beginning of `after`.
fn measured(after: &str, spec: &ScenarioSpec) -> bool {
    let parts = |char: char| char.is_whitespace() || "-‐‑–—~([*×".contains(char);
    let after = after.trim_start_matches(parts).to_lowercase();
    let begins = |word: &str| {
        let word = word.to_lowercase();
        let rest = after.strip_prefix(&word).filter(|_| !word.is_empty());
        rest.is_some_and(|rest| {
            let rest = rest.strip_prefix('s').filter(|_| word.chars().count() > 2).unwrap_or(rest);
            !word.ends_with(is_word) || !rest.starts_with(is_word)
        })
    };
    UNITS.iter().any(|unit| begins(unit))
        || spec.metrics.iter().any(|metric| begins(metric.unit.symbol()) || begins(metric.label))
}

//! What a scalar without quotes is: the core schema of YAML 1.2.2 (chapter 10.3), and the type repository of YAML 1.1 as `PyYAML`
//! implements it. One table for both versions, first match wins.
//!
//! Sources: `yaml.org/spec/1.2.2`, chapter 10.3.2; `yaml.org/type` (bool, int, float, merge, null, timestamp). Where `PyYAML`
//! differs from the type repository (single letters `y` and `n` are strings), the table follows `PyYAML`.

use crate::choices;

choices! {
    /// Which resolver reads the file.
    Version {
        /// The core schema of YAML 1.2 (2009): `NO` is a string, and `010` is ten.
        V1_2 = "1.2" "YAML 1.2",
        /// The types of YAML 1.1 (2005), as `PyYAML` and others still read them: `NO` is false, `010` is eight, and `22:22` is 1342.
        V1_1 = "1.1" "YAML 1.1",
    }
}

/// A number, as a scalar says it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// As it was resolved.
    pub value: f64,
    /// Whether it was written as a whole number.
    pub is_int: bool,
}

/// Ten thousand of anything, in millionths: the largest number that counts. No sum of thirty days overflows then.
const MOST_MICROS: f64 = 1e10;

impl Number {
    /// Whether it is infinite, or not a number.
    pub fn is_infinite_or_none(self) -> bool {
        !self.value.is_finite()
    }

    /// In whole millionths, at most ten thousand in size.
    pub fn micros(self) -> i64 {
        libm::round((self.value * 1e6).clamp(-MOST_MICROS, MOST_MICROS)) as i64
    }
}

/// What a scalar is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A string.
    Text,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Nothing.
    Null,
    /// A day, in YAML 1.1. It is compared by its text.
    Date,
}

impl Kind {
    /// What it is, for a sentence.
    pub const fn what(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Bool(true) => "the boolean true",
            Self::Bool(false) => "the boolean false",
            Self::Number(Number { is_int: true, .. }) => "a whole number",
            Self::Number(_) => "a number",
            Self::Null => "nothing",
            Self::Date => "a date",
        }
    }
}

/// Whether the text is one of these words, all in small letters, with a first capital, or in capitals.
fn is_word(text: &str, words: &[&str]) -> bool {
    let has_form = |word: &str| {
        let mut rest = text.chars();
        let is_capitalized =
            rest.next().is_some_and(char::is_uppercase) && rest.as_str() == word.get(1..).unwrap_or_default();
        text == word || is_capitalized || text.chars().all(char::is_uppercase)
    };
    words.iter().any(|word| text.eq_ignore_ascii_case(word) && has_form(word))
}

/// What `text`, a scalar without quotes, is under this version.
pub fn resolve(text: &str, version: Version) -> Kind {
    if text.is_empty() || text == "~" || is_word(text, &["null"]) {
        return Kind::Null;
    }
    if is_word(text, &["true"]) {
        return Kind::Bool(true);
    }
    if is_word(text, &["false"]) {
        return Kind::Bool(false);
    }
    if version == Version::V1_1 {
        if is_word(text, &["yes", "on"]) {
            return Kind::Bool(true);
        }
        if is_word(text, &["no", "off"]) {
            return Kind::Bool(false);
        }
    }
    let number = match version {
        Version::V1_2 => int_1_2(text).or_else(|| float(text, version)),
        Version::V1_1 => int_1_1(text).or_else(|| base_60(text)).or_else(|| float(text, version)),
    };
    match number {
        Some(number) => Kind::Number(number),
        None if version == Version::V1_1 && is_date(text) => Kind::Date,
        None => Kind::Text,
    }
}

/// The sign of a number, and its digits.
fn signed(text: &str) -> (f64, &str) {
    match text.as_bytes() {
        [b'-', ..] => (-1.0, &text[1..]),
        [b'+', ..] => (1.0, &text[1..]),
        _ => (1.0, text),
    }
}

/// A whole number of digits in a base; `None` where there is none, or another character. Underscores are passed over where
/// they may stand.
fn whole(digits: &str, base: u32, has_underscores: bool) -> Option<f64> {
    let mut value = 0.0;
    let mut is_empty = true;
    for digit in digits.chars() {
        if digit == '_' && has_underscores {
            continue;
        }
        value = value * f64::from(base) + f64::from(digit.to_digit(base)?);
        is_empty = false;
    }
    (!is_empty).then_some(value)
}

const fn int(value: f64) -> Number {
    Number { value, is_int: true }
}

fn int_1_2(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0o") {
        return whole(digits, 8, false).map(int);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return whole(digits, 16, false).map(int);
    }
    let (sign, digits) = signed(text);
    whole(digits, 10, false).map(|value| int(sign * value))
}

fn int_1_1(text: &str) -> Option<Number> {
    let (sign, digits) = signed(text);
    let value = match digits.as_bytes() {
        [b'0'] => Some(0.0),
        [b'0', b'b', ..] => whole(&digits[2..], 2, true),
        [b'0', b'x', ..] => whole(&digits[2..], 16, true),
        [b'0', ..] => whole(digits, 8, true),
        [b'1'..=b'9', ..] => whole(digits, 10, true),
        _ => None,
    };
    value.map(|value| int(sign * value))
}

/// Hours, minutes and seconds, as YAML 1.1 has them: each part behind a colon counts a sixtieth of the one before.
fn base_60(text: &str) -> Option<Number> {
    let (sign, digits) = signed(text);
    let (whole_part, fraction) = match digits.split_once('.') {
        Some((whole_part, fraction)) => (whole_part, Some(fraction)),
        None => (digits, None),
    };
    let mut parts = whole_part.split(':');
    let first = parts.next()?;
    let may_begin = if fraction.is_some() { b'0'..=b'9' } else { b'1'..=b'9' };
    if !first.as_bytes().first().is_some_and(|digit| may_begin.contains(digit)) {
        return None;
    }
    let mut value = whole(first, 10, true)?;
    let mut has_more = false;
    for part in parts {
        let is_sixtieth = matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
        value = value * 60.0 + whole(part, 10, false).filter(|_| is_sixtieth)?;
        has_more = true;
    }
    if !has_more {
        return None;
    }
    match fraction {
        None => Some(int(sign * value)),
        Some(fraction) => {
            let digits: String = fraction.chars().filter(|digit| *digit != '_').collect();
            if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
                return None;
            }
            let part: f64 = format!("0.{digits}0").parse().ok()?;
            Some(Number { value: sign * (value + part), is_int: false })
        }
    }
}

/// A decimal fraction. YAML 1.1 wants a point, and a sign in the exponent; YAML 1.2 wants neither.
fn float(text: &str, version: Version) -> Option<Number> {
    let is_old = version == Version::V1_1;
    let (sign, digits) = signed(text);
    let number = |value| Some(Number { value, is_int: false });
    if matches!(digits, ".inf" | ".Inf" | ".INF") {
        return number(sign * f64::INFINITY);
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return number(f64::NAN);
    }
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let (before, behind) = match mantissa.split_once('.') {
        Some((before, behind)) => (before, Some(behind)),
        None => (mantissa, None),
    };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || (is_old && byte == b'_'));
    let begins = |part: &str| part.as_bytes().first().is_some_and(u8::is_ascii_digit);
    // No sign stands before a bare point in `PyYAML`.
    let has_begin = if before.is_empty() {
        behind.is_some_and(begins) && !(is_old && digits.len() < text.len())
    } else {
        begins(before)
    };
    if !has_begin || !is_digits(before) || !behind.is_none_or(is_digits) || (is_old && behind.is_none()) {
        return None;
    }
    if let Some(exponent) = exponent {
        let digits = exponent.trim_start_matches(['+', '-']);
        let has_sign = exponent.len() - digits.len();
        let is_well = !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && if is_old { has_sign == 1 } else { has_sign <= 1 };
        if !is_well {
            return None;
        }
    }
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    number(sign * plain.parse::<f64>().ok()?)
}

/// A day, `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    match text.as_bytes() {
        [year @ .., b'-', m1, m2, b'-', d1, d2] => {
            year.len() == 4 && year.iter().chain([m1, m2, d1, d2]).all(is_digit)
        }
        _ => false,
    }
}

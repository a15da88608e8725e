//! Decimal numbers as people and links write them.

/// Digits that a number may have behind its point.
const DECIMALS: usize = 28;
/// Binary places that a second division adds to a quotient: a rest below 10²⁸ has room for as many in 128 bits.
const MORE: u32 = 32;

/// The number nearest to `text`: an optional minus, digits, and perhaps a point with digits behind it. `None` for
/// anything else, beyond 28 decimals, and beyond 64 bits of digits.
///
/// Gives what `str::parse` gives, exactly. That one also takes "inf", "nan" and "1e3", and brings a table of 10 kB
/// which does not compress: a twentieth of everything that the page loads.
pub fn parse(text: &str) -> Option<f64> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if whole.is_empty() || fraction.is_empty() || fraction.len() > DECIMALS {
        return None;
    }
    let mut digits = 0_u64;
    for byte in whole.bytes().chain(fraction.bytes()) {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        digits = digits.checked_mul(10)?.checked_add(digit)?;
    }
    let value = divide(digits, 10_u128.pow(fraction.len() as u32));
    Some(if negative { -value } else { value })
}

/// As [`parse`], and with a decimal comma where it cannot part thousands: `0,5` and `21,9583`, but not `1,500`.
pub fn parse_with_comma(text: &str) -> Option<f64> {
    match text.split_once(',') {
        Some((whole, fraction)) if fraction.len() != 3 || whole.trim_start_matches('-') == "0" => {
            // A second comma, or a point, is no digit.
            if text.contains('.') { None } else { parse(&format!("{whole}.{fraction}")) }
        }
        Some(_) => None,
        None => parse(text),
    }
}

/// `dividend / divisor`, rounded once, to the nearest (to even in a tie).
fn divide(dividend: u64, divisor: u128) -> f64 {
    if dividend == 0 {
        return 0.0;
    }
    // As many binary places as fit: the quotient then has at least 64 bits, eleven more than the result keeps, and a
    // one in the last of them stands for everything behind it.
    let mut places = u128::from(dividend).leading_zeros();
    let scaled = u128::from(dividend) << places;
    let (mut quotient, mut rest) = (scaled / divisor, scaled % divisor);
    if divisor > u128::from(u64::MAX) {
        rest <<= MORE;
        quotient = (quotient << MORE) | (rest / divisor);
        rest %= divisor;
        places += MORE;
    }
    (quotient | u128::from(rest > 0)) as f64 * f64::from_bits(u64::from(1023 - places) << 52)
}

#[cfg(test)]
mod tests {
    use super::{parse, parse_with_comma};
    use proptest::prelude::*;

    #[test]
    fn a_comma_is_taken_where_it_can_only_be_a_decimal_comma() {
        for (text, value) in
            [("0,5", 0.5), ("1,5", 1.5), ("-2,25", -2.25), ("0,125", 0.125), ("21,9583", 21.9583)]
        {
            assert_eq!(parse_with_comma(text), Some(value), "{text}");
        }
        for text in ["1,500", "1,2,3", "1.000,5", "1,5.2", ",5", "5,", "-,5", "1,5e3"] {
            assert_eq!(parse_with_comma(text), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]

        #[test]
        fn agrees_with_the_standard_library(whole in "-?[0-9]{1,10}", fraction in "(\\.[0-9]{1,9})?") {
            let text = whole + &fraction;
            prop_assert_eq!(parse(&text).map(f64::to_bits), text.parse().ok().map(f64::to_bits), "{}", text);
        }

        #[test]
        fn small_fractions_agree_too(zeros in "0{0,18}", digits in "[0-9]{1,10}") {
            let text = format!("0.{zeros}{digits}");
            prop_assert_eq!(parse(&text).map(f64::to_bits), text.parse().ok().map(f64::to_bits), "{}", text);
        }

        #[test]
        fn reads_back_every_number_that_prints_in_28_places(value in -1e9..1e9_f64, digits in 1.0..10.0_f64, places in 0..=10_u32) {
            for value in [value, digits / 10_u64.pow(places) as f64] {
                prop_assert_eq!(parse(&value.to_string()), Some(value));
            }
        }

        #[test]
        fn refuses_everything_else(text in "\\PC{0,30}") {
            let plain = |text: &str| {
                let digits = text.strip_prefix('-').unwrap_or(text);
                digits.split('.').count() <= 2
                    && digits.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
            };
            prop_assert!(parse(&text).is_none() || plain(&text), "{}", text);
        }
    }

    #[test]
    fn at_the_edges() {
        assert_eq!(parse("9007199254740993"), Some(9_007_199_254_740_992.0), "a tie goes to even");
        assert_eq!(parse("9007199254740993.1"), Some(9_007_199_254_740_994.0), "and above it, up");
        assert_eq!(parse("-0").map(f64::to_bits), Some((-0.0_f64).to_bits()));
        assert_eq!(parse("0.0000000000000000000000000001"), Some(1e-28));
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "+1",
            "1e3",
            "inf",
            "nan",
            "--1",
            "1.2.3",
            "1 ",
            "99999999999999999999",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

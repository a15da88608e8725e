//! Money as whole millionths of a US dollar, so that ledgers add up exactly.

/// The whole number of millionths of a dollar that is nearest to `usd`: the price of one thing. Rounded here, once for
/// each thing, a ledger of things at one price is their number times the price.
pub fn micros(usd: f64) -> i64 {
    libm::round(usd * 1e6) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Neither 2.01 nor 42.553 is a whole number of millionths as a binary fraction.
    #[test]
    fn a_price_is_rounded_not_cut() {
        for (usd, expected) in
            [(2.01, 2_010_000), (42.553, 42_553_000), (0.01, 10_000), (0.0, 0), (500.0, 500_000_000)]
        {
            assert_eq!(micros(usd), expected, "{usd}");
        }
    }
}

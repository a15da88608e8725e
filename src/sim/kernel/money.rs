//! Money as whole millionths of a US dollar, so that ledgers add up exactly.

/// The whole number of millionths of a dollar that is nearest to `usd`: the price of one thing. Rounded here, once for
/// each thing, a ledger of things at one price is their number times the price.
pub fn micros(usd: f64) -> i64 {
    libm::round(usd * 1e6) as i64
}

/// What a ledger of things at one price must come to, while the price changes now and then: kept from numbers of things
/// and prices alone, to hold the ledger against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Priced {
    /// Millionths of a dollar of the things that were entered before the latest change, and their number.
    micros: i64,
    count: u64,
}

impl Priced {
    /// What all `count` things come to in millionths of a dollar, those since the latest change at `usd` each.
    pub fn total(self, count: u64, usd: f64) -> i64 {
        self.micros + (count - self.count) as i64 * micros(usd)
    }

    /// The price was `usd` until now, when there are `count` things.
    pub fn reprice(&mut self, count: u64, usd: f64) {
        *self = Self { micros: self.total(count, usd), count };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_counts_at_the_price_of_its_time() {
        let mut priced = Priced::default();
        assert_eq!(priced.total(3, 2.01), 6_030_000);
        priced.reprice(3, 2.01);
        priced.reprice(3, 99.0);
        assert_eq!(priced.total(3, 5.0), 6_030_000);
        assert_eq!(priced.total(5, 0.5), 7_030_000);
    }

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

//! A retry budget: retries as a share of requests.

/// Parts of a token, so that shares add up exactly.
const TOKEN: u64 = 1_000_000;
/// Tokens that are kept at most.
const MOST: u64 = 100 * TOKEN;

/// Each request puts a share of a token into a bucket, and each retry takes a whole one; where there is none, nobody
/// tries again. The bucket is empty at the start and keeps at most 100 tokens, so of any `n` requests in a row at most
/// `n` × share + 100 are followed by a retry, and since the start at most `n` × share. The retries of a client that has
/// such a budget cannot multiply its load when everything fails.
///
/// `RetryBudget` of Twitter's Finagle and the retry throttling of gRPC (proposal A6) work like this; both also allow some
/// retries when hardly anything is asked for, which this one does not.
#[derive(Clone, Copy, Debug, Default)]
pub struct RetryBudget {
    parts: u64,
}

impl RetryBudget {
    /// Somebody asks for the first time, which is worth `percent` of a retry, from 0 to 100.
    pub fn earn(&mut self, percent: f64) {
        if percent == 0.0 {
            return;
        }
        let parts = libm::round(percent / 100.0 * TOKEN as f64) as u64;
        self.parts = (self.parts + parts).min(MOST);
    }

    /// Takes a token for a retry, if there is one.
    pub fn spend(&mut self) -> bool {
        let is_enough = self.parts >= TOKEN;
        self.parts -= if is_enough { TOKEN } else { 0 };
        is_enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_every_request_fails_retries_are_exactly_the_share() {
        for (percent, allowed) in [(0.0, 0), (10.0, 100), (20.0, 200), (33.0, 330), (100.0, 1000)] {
            let mut budget = RetryBudget::default();
            let retries = (0..1000).filter(|_| {
                budget.earn(percent);
                budget.spend()
            });
            assert_eq!(retries.count(), allowed, "{percent} %");
        }
    }

    #[test]
    fn good_days_save_a_hundred_retries_and_no_more() {
        let mut budget = RetryBudget::default();
        assert!(!budget.spend(), "there is no token at the start");
        (0..1_000_000).for_each(|_| budget.earn(20.0));
        assert_eq!((0..1000).filter(|_| budget.spend()).count(), 100);
    }
}

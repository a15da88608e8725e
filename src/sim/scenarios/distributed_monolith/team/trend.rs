//! What happened in the last working day.

/// Hours of a working day.
const HOURS: usize = 8;

/// Totals as they were at the end of each of the last eight working hours, to be compared with a total now.
#[derive(Clone, Copy, Debug, Default)]
pub struct LastDay([u64; HOURS]);

impl LastDay {
    /// The hour at this position, from 0, ends with this total: how much of it came in the last day, or since the start of
    /// the run if that is shorter ago.
    pub fn end_hour(&mut self, hour: usize, total: u64) -> u64 {
        total - std::mem::replace(&mut self.0[hour % HOURS], total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_last_eight_hours() {
        let mut last = LastDay::default();
        // Three in each hour, and a hundred more in the fifth.
        let total = |hours: u64| 3 * hours + if hours >= 5 { 100 } else { 0 };
        let told: Vec<u64> = (0..14).map(|hour| last.end_hour(hour as usize, total(hour + 1))).collect();
        assert_eq!(told, [3, 6, 9, 12, 115, 118, 121, 124, 124, 124, 124, 124, 24, 24]);
    }
}

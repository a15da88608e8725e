//! What happened in the last few seconds.

use crate::time::SimTime;

const SECOND: u64 = SimTime::from_secs(1).nanos();

/// A number for each of the last `N` whole seconds of the run's clock. A second that nobody wrote to counts as the
/// default, 0 for numbers.
#[derive(Clone, Copy, Debug)]
pub struct Rolling<T, const N: usize> {
    slots: [T; N],
    /// The latest second that was written to.
    second: u64,
}

impl<T: Copy + Default, const N: usize> Default for Rolling<T, N> {
    fn default() -> Self {
        Self { slots: [T::default(); N], second: 0 }
    }
}

impl<T: Copy + Default, const N: usize> Rolling<T, N> {
    /// The number of the second in which `now` lies, and of which it is the first moment or a later one; seconds more
    /// than `N` before it are forgotten. Time does not go back.
    #[inline]
    pub fn at(&mut self, now: SimTime) -> &mut T {
        let second = now.nanos() / SECOND;
        if second != self.second {
            self.forget(second);
        }
        &mut self.slots[second as usize % N]
    }

    /// The seconds since the last one that was written to are over, and nobody wrote to them.
    #[cold]
    fn forget(&mut self, second: u64) {
        debug_assert!(second >= self.second, "second {second} comes after second {}", self.second);
        for passed in (self.second + 1..=second).rev().take(N) {
            self.slots[passed as usize % N] = T::default();
        }
        self.second = second;
    }

    /// The numbers of the last `N` seconds up to the latest that was written to.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.slots.iter().copied()
    }

    /// How many whole seconds there have been by `now`, at most `N`.
    pub fn seconds(now: SimTime) -> f64 {
        (now.nanos() / SECOND).min(N as u64) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_before_the_last_seconds_is_forgotten() {
        let mut rolling = Rolling::<u64, 3>::default();
        let sum = |rolling: &Rolling<u64, 3>| rolling.iter().sum::<u64>();
        for (secs, expected) in
            [(0.0, 1), (0.9, 2), (1.0, 3), (2.5, 4), (3.0, 3), (3.1, 4), (5.0, 3), (1e9, 1)]
        {
            *rolling.at(SimTime::from_secs_f64(secs)) += 1;
            assert_eq!(sum(&rolling), expected, "at {secs} s");
        }
    }

    #[test]
    fn a_young_run_has_fewer_seconds() {
        for (secs, expected) in [(0.0, 0.0), (0.9, 0.0), (1.0, 1.0), (3.0, 3.0), (60.0, 3.0)] {
            assert_eq!(Rolling::<u64, 3>::seconds(SimTime::from_secs_f64(secs)), expected, "at {secs} s");
        }
    }
}

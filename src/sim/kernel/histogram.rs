//! Durations counted in buckets of equal relative width: 128 to each power of two, from about a microsecond up.
//!
//! Our own, since a chart needs three quantiles of a moving window many times a second: adding, subtracting and
//! reading only the buckets in use took a twentieth of the time that the general histogram crate took, which would
//! have made the sampling of a run cost more than the run.

/// Buckets to each power of two, as a power of two.
const PRECISION: u32 = 7;
/// Nanoseconds below the first bucket's width are not told apart, as a power of two.
const UNIT: u32 = 10;

/// Buckets to each power of two.
const BLOCK: usize = 1 << PRECISION;
/// Enough blocks for every duration that fits in 64 bits.
const BLOCKS: usize = (u64::BITS - UNIT - PRECISION + 1) as usize;

/// Counts of durations by bucket.
#[derive(Clone, Debug)]
pub struct Buckets {
    counts: Vec<u64>,
    /// The sum of each block of buckets: empty blocks are passed over.
    blocks: [u64; BLOCKS],
    sum: u128,
    max: u64,
}

impl Default for Buckets {
    fn default() -> Self {
        Self { counts: Vec::new(), blocks: [0; BLOCKS], sum: 0, max: 0 }
    }
}

fn bucket(nanos: u64) -> usize {
    let value = nanos >> UNIT;
    // All values with up to PRECISION + 1 bits lie in the first octave.
    let octave = (value | (2 * BLOCK as u64 - 1)).ilog2() - PRECISION;
    // In the first octave the buckets are the values themselves; each later one adds the upper half of its values.
    ((octave as usize) << PRECISION) + (value >> octave) as usize
}

/// The middle of a bucket, in nanoseconds; 0 for the first, in which most values are 0.
fn middle(bucket: usize) -> u64 {
    let octave = (bucket >> PRECISION).saturating_sub(1) as u32;
    let value = (bucket - ((octave as usize) << PRECISION)) as u64;
    if bucket == 0 { 0 } else { (value << (UNIT + octave)) + (1 << (UNIT + octave) >> 1) }
}

impl Buckets {
    /// Counts one duration.
    #[inline]
    pub fn record(&mut self, nanos: u64) {
        let bucket = bucket(nanos);
        match self.counts.get_mut(bucket) {
            Some(count) => *count += 1,
            None => self.record_first(bucket),
        }
        self.blocks[bucket >> PRECISION] += 1;
        self.sum += u128::from(nanos);
        self.max = self.max.max(nanos);
    }

    /// Counts the first duration beyond all buckets so far.
    #[cold]
    fn record_first(&mut self, bucket: usize) {
        self.counts.resize((bucket & !(BLOCK - 1)) + BLOCK, 0);
        self.counts[bucket] = 1;
    }

    /// Number of durations.
    pub fn total(&self) -> u64 {
        self.blocks.iter().sum()
    }

    /// Exact sum of all durations, in nanoseconds.
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// The largest duration, in nanoseconds, exactly; 0 where nothing is counted. It stays after
    /// [`Buckets::subtract`].
    pub fn max(&self) -> u64 {
        self.max
    }

    /// Counts everything that `other` counts.
    pub fn add(&mut self, other: &Self) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        self.combine(other, u64::wrapping_add);
        self.sum += other.sum;
        self.max = self.max.max(other.max);
    }

    /// Takes back an earlier [`Buckets::add`] of `other`.
    pub fn subtract(&mut self, other: &Self) {
        self.combine(other, u64::wrapping_sub);
        self.sum -= other.sum;
    }

    fn combine(&mut self, other: &Self, count: impl Fn(u64, u64) -> u64) {
        let parts = self.counts.chunks_exact_mut(BLOCK).zip(other.counts.chunks_exact(BLOCK));
        for ((mine, theirs), (sum, more)) in parts.zip(self.blocks.iter_mut().zip(other.blocks)) {
            if more > 0 {
                *sum = count(*sum, more);
                mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine = count(*mine, *theirs));
            }
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        for (part, sum) in self.counts.chunks_exact_mut(BLOCK).zip(self.blocks) {
            if sum > 0 {
                part.fill(0);
            }
        }
        (self.blocks, self.sum, self.max) = ([0; BLOCKS], 0, 0);
    }

    /// The middles of the buckets that hold the quantiles `wanted`, which ascend from 0 to 1, in nanoseconds; all 0
    /// where nothing is counted. Exact to 0.4 %.
    pub fn quantiles<const N: usize>(&self, wanted: [f64; N]) -> [u64; N] {
        let total = self.total();
        let (mut block, mut passed) = (0, 0);
        wanted.map(|q| {
            let rank = (libm::ceil(q * total as f64) as u64).clamp(1, total.max(1));
            while block < BLOCKS && passed + self.blocks[block] < rank {
                passed += self.blocks[block];
                block += 1;
            }
            let mut left = rank - passed;
            for bucket in (block << PRECISION)..((block + 1) << PRECISION).min(self.counts.len()) {
                let count = self.counts[bucket];
                if left <= count {
                    return middle(bucket);
                }
                left -= count;
            }
            0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_bucket_is_at_most_one_in_128_wide(nanos: u64) {
            let middle = middle(bucket(nanos));
            let off = middle.abs_diff(nanos);
            prop_assert!(off <= 1 << UNIT || off as f64 <= nanos as f64 / 256.0 * (1.0 + 1e-9), "{nanos} is at {middle}");
        }

        #[test]
        fn buckets_are_in_order(nanos in 0..u64::MAX / 2, more: u32) {
            prop_assert!(bucket(nanos) <= bucket(nanos + u64::from(more)));
            prop_assert_eq!(bucket(middle(bucket(nanos))), bucket(nanos));
        }

        /// Sorting is the specification.
        #[test]
        fn quantiles_are_those_of_the_sorted_values(
            mut values in prop::collection::vec(0..u64::from(u32::MAX), 1..300),
            earlier in prop::collection::vec(any::<u64>(), 0..50),
        ) {
            let (mut buckets, mut gone) = (Buckets::default(), Buckets::default());
            for value in earlier {
                gone.record(value);
            }
            buckets.add(&gone);
            for half in values.chunks(150) {
                let mut part = Buckets::default();
                for value in half {
                    part.record(*value);
                }
                buckets.add(&part);
            }
            buckets.subtract(&gone);
            values.sort_unstable();
            let wanted = [0.0, 0.5, 0.95, 0.99, 1.0];
            let expected = wanted.map(|q: f64| {
                let rank = ((q * values.len() as f64).ceil() as usize).max(1);
                middle(bucket(values[rank - 1]))
            });
            prop_assert_eq!(buckets.total(), values.len() as u64);
            prop_assert_eq!(buckets.sum(), values.iter().map(|value| u128::from(*value)).sum::<u128>());
            prop_assert_eq!(buckets.quantiles(wanted), expected);
            prop_assert!(buckets.max() >= values[values.len() - 1]);
            prop_assert_eq!(buckets.max().max(gone.max()), values[values.len() - 1].max(gone.max()));
            buckets.clear();
            prop_assert_eq!(buckets.max(), 0);
            prop_assert_eq!(buckets.quantiles([0.5]), [0]);
        }
    }

    #[test]
    fn a_bucket_counts_more_than_four_billion() {
        let mut buckets = Buckets::default();
        buckets.record(5_000_000);
        for _ in 0..33 {
            let twice = buckets.clone();
            buckets.add(&twice);
        }
        assert_eq!((buckets.total(), buckets.sum()), (1 << 33, 5_000_000 << 33));
        assert_eq!(buckets.quantiles([0.5, 1.0]), [middle(bucket(5_000_000)); 2]);
    }
}

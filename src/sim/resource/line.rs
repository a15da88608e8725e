//! A waiting line that anybody may leave.

use std::collections::VecDeque;

/// A line of people, each known by a name that may be used again and a number that never is. Those who leave from the
/// middle are passed over later, so that leaving costs nothing; whoever asks says who is still there.
#[derive(Clone, Debug, Default)]
pub struct Line {
    places: VecDeque<(u32, u64)>,
    len: usize,
}

/// Places of those who have left are given up when there are more of them than of those who wait, and so many more.
const SLACK: usize = 64;

impl Line {
    /// Number of those who wait.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Somebody joins at the end.
    pub fn join(&mut self, name: u32, number: u64) {
        self.places.push_back((name, number));
        self.len += 1;
    }

    /// Somebody who waits has left, and is not there any more.
    pub fn leave(&mut self, is_there: impl Fn(u32, u64) -> bool) {
        self.len = self.len.saturating_sub(1);
        if self.places.len() > 2 * self.len + SLACK {
            self.places.retain(|(name, number)| is_there(*name, *number));
        }
    }

    /// Takes out who has waited longest.
    pub fn take_first(&mut self, is_there: impl Fn(u32, u64) -> bool) -> Option<u32> {
        while let Some((name, number)) = self.places.pop_front() {
            if is_there(name, number) {
                self.len = self.len.saturating_sub(1);
                return Some(name);
            }
        }
        None
    }

    /// Takes out who came last.
    pub fn take_last(&mut self, is_there: impl Fn(u32, u64) -> bool) -> Option<u32> {
        while let Some((name, number)) = self.places.pop_back() {
            if is_there(name, number) {
                self.len = self.len.saturating_sub(1);
                return Some(name);
            }
        }
        None
    }

    /// All who wait, from the first.
    pub fn iter(&self, is_there: impl Fn(u32, u64) -> bool) -> impl Iterator<Item = u32> {
        self.places.iter().filter_map(move |(name, number)| is_there(*name, *number).then_some(*name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_left_are_passed_over_and_their_places_given_up() {
        let mut line = Line::default();
        for number in 0..1000 {
            line.join(number % 7, u64::from(number));
        }
        // Everybody but each hundredth leaves.
        let stays = |_: u32, number: u64| number.is_multiple_of(100);
        (0..990).for_each(|_| line.leave(stays));
        assert_eq!(line.len(), 10);
        assert!(line.places.len() <= 2 * 10 + SLACK + 1, "{} places", line.places.len());
        assert_eq!(line.iter(stays).count(), 10);
        assert_eq!((line.take_first(stays), line.take_last(stays), line.len()), (Some(0), Some(900 % 7), 8));
        let rest: Vec<_> = std::iter::from_fn(|| line.take_first(stays)).collect();
        assert_eq!(rest, [100, 200, 300, 400, 500, 600, 700, 800].map(|number| number % 7));
        assert!(line.is_empty());
    }
}

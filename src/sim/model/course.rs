//! What moved in the system lately, remembered at the end of every sample bucket: a function of the run and the moment,
//! however the moment was reached.

use std::sync::Arc;

use crate::snapshot::{Content, Snapshot};
use crate::time::SimTime;

/// Sample buckets that a run remembers.
pub const REMEMBERED: usize = 120;
/// Sample buckets over which a rate is taken, at most.
const WINDOW: usize = 5;
/// So many requests make a rate by themselves.
const FEW: u64 = 10;

/// The system at the end of a sample bucket, in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// When the bucket ended.
    pub at: SimTime,
    /// Requests that have gone each way since the start.
    pub totals: Box<[u64]>,
    /// What each part held, see [`Content::level`].
    levels: Box<[Option<f64>]>,
}

/// The latest of these moments, the last one at the end.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// The system as it was last, without which positions mean nothing.
    system: Option<Arc<Snapshot>>,
    moments: Vec<Arc<Moment>>,
}

impl Course {
    /// Remembers the system at the end of a sample bucket. A system with other parts or ways begins anew.
    pub fn add(&mut self, at: SimTime, system: Snapshot) {
        if !self.is_of(&system) {
            self.moments.clear();
        }
        if self.moments.len() == REMEMBERED {
            self.moments.remove(0);
        }
        self.moments.push(Arc::new(Moment {
            at,
            totals: system.flows.iter().map(|flow| flow.total).collect(),
            levels: system.nodes.iter().map(|node| node.content.level()).collect(),
        }));
        self.system = Some(Arc::new(system));
    }

    /// Whether it tells of this system: it does not while another one has not yet been seen.
    pub fn is_of(&self, system: &Snapshot) -> bool {
        self.system.as_ref().is_some_and(|last| last.is_alike(system))
    }

    /// How long the time is over which a rate is taken, where a sample bucket is so long.
    pub const fn window(bucket: SimTime) -> SimTime {
        SimTime::from_nanos(bucket.nanos().saturating_mul(WINDOW as u64))
    }

    /// Requests that went these ways together in each second of the last buckets; NaN before two of them have ended. Ways
    /// that have come to life in the meantime are judged from then on, up to `now`, when `totals` have gone all ways:
    /// their silence before would make little of them. Beside what comes to the box that they leave, they have the same
    /// share of its rate as of its number, so that chance never makes more leave than come.
    pub fn rate(&self, ways: &[usize], totals: &[u64], now: SimTime) -> f64 {
        let moments = &self.moments[self.moments.len().saturating_sub(WINDOW + 1)..];
        let Some((first, last)) = moments.first().zip(moments.last()) else { return f64::NAN };
        let of = |moment: &Moment| passed(&moment.totals, ways);
        let idle = moments.iter().take_while(|moment| of(moment) == of(first)).count();
        if idle > 1 {
            for begun in moments[idle - 1..].iter().take(2).rev() {
                let since = passed(totals, ways).saturating_sub(of(begun));
                if since >= FEW {
                    let flows = self.system.as_deref().map_or(&[][..], |system| &system.flows);
                    let from = ways.first().and_then(|way| flows.get(*way)).map(|flow| flow.from);
                    let came = |totals: &[u64]| -> u64 {
                        flows
                            .iter()
                            .zip(totals)
                            .map(|(flow, total)| if Some(flow.to) == from { *total } else { 0 })
                            .sum()
                    };
                    let all = came(totals).saturating_sub(came(&begun.totals));
                    return if all >= since && came(&moments[1].totals) > came(&first.totals) {
                        per_s(first, last, &|moment| came(&moment.totals)) * since as f64 / all as f64
                    } else {
                        since as f64 / (now - begun.at).as_secs_f64()
                    };
                }
            }
        }
        per_s(first, last, &of)
    }

    /// Requests that went a way in the last bucket.
    pub fn count(&self, flow: usize) -> u64 {
        let total = |moment: &Arc<Moment>| moment.totals.get(flow).copied().unwrap_or(0);
        let last = self.moments.last().map_or(0, total);
        let before = self.moments.len().checked_sub(2).and_then(|place| self.moments.get(place));
        last.saturating_sub(before.map_or(last, total))
    }

    /// When, in seconds, and how much: what a part held at the end of each bucket; of a part that holds nothing, the
    /// requests a second that came to it or, where none ever do, went from it.
    pub fn of_node(&self, system: &Snapshot, node: usize) -> Vec<(f64, f64)> {
        let comes = |flow: &usize| system.flows[*flow].to == node;
        let goes = |flow: &usize| system.flows[*flow].from == node;
        let all = || 0..system.flows.len();
        let mut ways: Vec<usize> = all().filter(comes).collect();
        if ways.is_empty() {
            ways = all().filter(goes).collect();
        }
        let passed = |moment: &Moment| passed(&moment.totals, &ways);
        let before = std::iter::once(None).chain(self.moments.iter().map(Some));
        let points = self.moments.iter().zip(before).filter_map(|(moment, before)| {
            let level = moment.levels.get(node).copied().flatten();
            let value = level.or_else(|| Some(per_s(before?, moment, &passed)))?;
            Some((moment.at.as_secs_f64(), value))
        });
        points.collect()
    }
}

/// Requests that have gone these ways together.
#[inline(never)]
fn passed(totals: &[u64], ways: &[usize]) -> u64 {
    ways.iter().filter_map(|way| totals.get(*way)).sum()
}

/// How much a number grew each second; NaN between a moment and itself.
fn per_s(first: &Moment, last: &Moment, of: &dyn Fn(&Moment) -> u64) -> f64 {
    of(last).saturating_sub(of(first)) as f64 / (last.at - first.at).as_secs_f64()
}

impl Content {
    /// How much there is in it at a moment: places taken, requests in line, a share; `None` where nothing is held.
    pub fn level(&self) -> Option<f64> {
        match *self {
            Self::Plain | Self::Steps { .. } => None,
            Self::Slots { used: number, .. }
            | Self::Queue { length: number, .. }
            | Self::Leases { count: number, .. } => Some(number as f64),
            Self::Load(share) | Self::Ring(share) => Some(share),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::Diagram;
    use crate::snapshot::Health;

    fn system(total: u64, length: u64, end: &'static str) -> Snapshot {
        let line = Content::Queue { length, limit: None };
        Diagram::new()
            .plain("in", "In", (0, 0), "")
            .node("queue", "Queue", (1, 0), line, (Health::Fine, ""), "")
            .end(end, "Out", (2, 0), total)
            .flow("in", "queue", total + length)
            .flow("queue", end, total)
            .finish()
    }

    #[test]
    fn rates_and_levels_are_those_of_the_ends_of_buckets() {
        let mut course = Course::default();
        let rate = |course: &Course, flow| course.rate(&[flow], &[18, 9], SimTime::from_secs(401));
        assert!(rate(&course, 0).is_nan() && !course.is_of(&system(0, 0, "out")));
        for step in 1..=200_u64 {
            course.add(SimTime::from_secs(2 * step), system(step * step, step, "out"));
        }
        let now = system(7, 7, "out");
        assert!(course.is_of(&now));
        assert_eq!(rate(&course, 1), (200.0 * 200.0 - 195.0 * 195.0) / 10.0);
        assert_eq!(course.count(1), 200 * 200 - 199 * 199);
        let [source, queue, end] = [0, 1, 2].map(|node| course.of_node(&now, node));
        assert_eq!(
            (queue.len(), queue[0], queue[REMEMBERED - 1]),
            (REMEMBERED, (162.0, 81.0), (400.0, 200.0))
        );
        assert_eq!(end[REMEMBERED - 2], (400.0, (200.0 * 200.0 - 199.0 * 199.0) / 2.0));
        assert_eq!(source[REMEMBERED - 2], (400.0, end[REMEMBERED - 2].1 + 0.5));
    }

    #[test]
    fn a_way_that_has_come_to_life_is_judged_from_then_on() {
        let mut course = Course::default();
        let mut rate = |second: u64, total: u64| {
            course.add(SimTime::from_secs(second), system(total, 0, "out"));
            course.rate(&[1], &[0, total + 8], SimTime::from_secs(second + 2))
        };
        assert_eq!([rate(10, 0), rate(20, 0)].map(f64::is_nan), [true, false]);
        // Eight make no rate, and so many within two seconds do.
        assert_eq!(rate(30, 3), 11.0 / 12.0);
        assert_eq!(rate(40, 43), 48.0 / 12.0);
        for second in 5..8 {
            rate(10 * second, 40 * (second - 3) + 3);
        }
        // By now it has been alive for as long as anything is remembered.
        assert_eq!(rate(80, 203), 200.0 / 50.0);
        // Two ways have one rate, so that the one that has ended is not told beside the one that came after it.
        let both = course.rate(&[0, 1], &[211; 2], SimTime::from_secs(82));
        assert_eq!(both, 2.0 * 200.0 / 50.0);
    }

    /// One of sixty a minute fails from some moment on, as luck has it four within a short time: all of them do, and no more.
    #[test]
    fn no_more_leave_a_box_than_come_to_it() {
        let mut course = Course::default();
        let system = |came: u64, gone: u64| {
            Diagram::new()
                .plain("in", "In", (0, 0), "")
                .plain("box", "Box", (1, 0), "")
                .end("out", "Out", (2, 0), gone)
                .flow("in", "box", came)
                .flow("box", "out", gone)
                .finish()
        };
        for step in 1..=6 {
            course.add(SimTime::from_secs(60 * step), system(60 * step, 0));
        }
        let rate = |came: u64, gone| course.rate(&[1], &[360 + came, gone], SimTime::from_secs(370));
        assert_eq!(course.rate(&[0], &[376, 16], SimTime::from_secs(370)), 1.0);
        assert_eq!([rate(16, 16), rate(16, 12)], [1.0, 0.75]);
        // What stood in line may leave all at once.
        assert_eq!(rate(16, 100), 10.0);
    }

    #[test]
    fn another_system_begins_anew() {
        let mut course = Course::default();
        for second in 1..4 {
            course.add(SimTime::from_secs(second), system(second, 0, "out"));
        }
        assert!(!course.is_of(&system(9, 0, "elsewhere")));
        course.add(SimTime::from_secs(4), system(9, 0, "elsewhere"));
        assert!(course.is_of(&system(9, 0, "elsewhere")));
        assert!(course.rate(&[0], &[9, 9], SimTime::from_secs(4)).is_nan());
        assert_eq!(course.count(0), 0);
    }
}

//! Requests on their way: a dot for every so many that really went, on a clock that runs while the run plays.

use warstories_sim::SimTime;
use warstories_sim::snapshot::Snapshot;

use super::links::Link;
use super::route::Point;

/// How fast a dot travels, in units of the drawing a second.
const SPEED: f64 = 150.0;
/// More dots a second on one line run together.
const MOST_PER_S: f64 = 18.0;
/// More are never on the way.
const MOST: usize = 600;
/// Rates are judged over about this time on show, so that a burst does not change what a dot stands for.
const MEMORY_MS: f64 = 800.0;
/// Screens come about ten times a second; a later one is late, and its dots need not make up for that.
const INTERVAL_MS: (f64, f64) = (16.0, 150.0);
/// Simulated time that passes this many times faster than it did is a jump, not time passing.
const JUMP: f64 = 12.0;
const JUMP_S: f64 = 2.0;

/// A dot on a line.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Dot {
    link: usize,
    /// When it leaves, on the dots' clock.
    leaves_ms: f64,
}

struct Before {
    drawing: u32,
    now: SimTime,
    totals: Vec<u64>,
    at_ms: f64,
}

/// All dots.
pub struct Dots {
    clock_ms: f64,
    /// Requests that a dot stands for.
    each: u64,
    under_way: Vec<Dot>,
    before: Option<Before>,
    /// Simulated seconds per second on show, lately.
    pace: f64,
    /// Requests a second on show, for each link, lately.
    rates: Vec<f64>,
}

impl Default for Dots {
    fn default() -> Self {
        Self { clock_ms: 0.0, each: 1, under_way: Vec::new(), before: None, pace: 0.0, rates: Vec::new() }
    }
}

impl Dots {
    /// Takes in the next screen. What was counted since the last sets out between now and the one to come.
    pub fn follow(
        &mut self,
        system: &Snapshot,
        links: &[Link],
        now: SimTime,
        drawing: u32,
        playing: bool,
        at_ms: f64,
    ) {
        let totals: Vec<u64> = system.flows.iter().map(|flow| flow.total).collect();
        let before = self.before.replace(Before { drawing, now, totals: totals.clone(), at_ms });
        let Some(before) = before else { return };
        if drawing != before.drawing || now < before.now {
            self.clear();
            return;
        }
        if now == before.now {
            return;
        }
        let passed_s = (now - before.now).as_secs_f64();
        let shown_ms = (at_ms - before.at_ms).clamp(INTERVAL_MS.0, INTERVAL_MS.1);
        let pace = passed_s / shown_ms * 1000.0;
        let jumped = self.pace > 0.0 && passed_s > JUMP_S && pace > JUMP * self.pace;
        self.pace = if jumped || self.pace == 0.0 { pace } else { self.pace + (pace - self.pace) * 0.3 };
        if jumped || !playing {
            if passed_s > JUMP_S {
                self.clear();
            }
            return;
        }
        self.rates.resize(links.len(), 0.0);
        let weight = 1.0 - (-shown_ms / MEMORY_MS).exp();
        for (link, rate) in links.iter().zip(&mut self.rates) {
            let moved: u64 =
                link.flows.iter().map(|flow| totals[*flow].saturating_sub(before.totals[*flow])).sum();
            *rate += (moved as f64 / shown_ms * 1000.0 - *rate) * weight;
        }
        self.each = each(self.each, &self.rates, links);
        for (index, link) in links.iter().enumerate() {
            let sum = |totals: &[u64]| link.flows.iter().map(|flow| totals[*flow]).sum::<u64>() / self.each;
            let count = sum(&totals)
                .saturating_sub(sum(&before.totals))
                .min((MOST - self.under_way.len().min(MOST)) as u64);
            for number in 0..count {
                let part = (number as f64 + 0.5) / count as f64;
                self.under_way.push(Dot { link: index, leaves_ms: self.clock_ms + part * shown_ms });
            }
        }
    }

    /// Lets time pass on the dots' clock.
    pub fn advance(&mut self, ms: f64, links: &[Link]) {
        self.clock_ms += ms;
        let clock = self.clock_ms;
        self.under_way.retain(|dot| {
            links.get(dot.link).is_some_and(|link| (clock - dot.leaves_ms) * SPEED / 1000.0 < link.length())
        });
    }

    /// Where dots are, and whether their requests failed.
    pub fn places<'a>(&'a self, links: &'a [Link]) -> impl Iterator<Item = (Point, bool)> + 'a {
        self.under_way.iter().filter_map(|dot| {
            let (link, along) = (links.get(dot.link)?, (self.clock_ms - dot.leaves_ms) * SPEED / 1000.0);
            (along >= 0.0).then(|| (link.at(along), link.failed))
        })
    }

    /// Whether any dot is on its way.
    pub fn is_empty(&self) -> bool {
        self.under_way.is_empty()
    }

    /// Requests that a dot stands for.
    pub fn each(&self) -> u64 {
        self.each
    }

    fn clear(&mut self) {
        self.under_way.clear();
        self.rates.clear();
    }
}

/// What a dot should stand for: 1, 2, 5, 10 … so that dots on the busiest line stay apart and not too many are on
/// the way. Becomes smaller only when there is plenty of room, so that it does not waver.
fn each(now: u64, rates: &[f64], links: &[Link]) -> u64 {
    let busiest = rates.iter().copied().fold(0.0, f64::max) / MOST_PER_S;
    let under_way = rates.iter().zip(links).map(|(rate, link)| rate * link.length() / SPEED).sum::<f64>();
    let need = busiest.max(under_way / MOST as f64);
    if need > now as f64 { round_up(need) } else { now.min(round_up(need * 1.8)) }
}

/// The next of 1, 2, 5, 10, 20, 50 …
fn round_up(need: f64) -> u64 {
    let mut size = 1;
    loop {
        for step in [1, 2, 5] {
            if (size * step) as f64 >= need || size >= 1_000_000_000 {
                return size * step;
            }
        }
        size *= 10;
    }
}

#[cfg(test)]
mod tests {
    use warstories_sim::{Replay, SCENARIOS, SimTime, scenarios};

    use super::super::layout::Layout;
    use super::*;

    #[test]
    fn a_dot_stands_for_a_round_number() {
        let all = [0.0, 0.4, 1.0, 1.1, 3.0, 7.0, 42.0, 51.0].map(round_up);
        assert_eq!(all, [1, 1, 1, 2, 5, 10, 50, 100]);
    }

    #[test]
    fn a_dot_does_not_waver_between_two_numbers() {
        let busy = |rate: f64| [rate * MOST_PER_S];
        assert_eq!(each(1, &busy(1.5), &[]), 2);
        assert_eq!(each(2, &busy(0.9), &[]), 2);
        assert_eq!(each(2, &busy(0.5), &[]), 1);
    }

    /// Plays the lab and follows it, ten screens a second; returns the most dots that were on the way.
    fn play(link: &str, seconds: u64, playing: bool, dots: &mut Dots) -> usize {
        let mut run = scenarios::start(Replay::parse(link).expect("a link to the lab").replay);
        let layout = Layout::of(&run.snapshot(), (1060.0, 300.0), 1.0, None);
        let mut most = 0;
        for step in 0..seconds * 10 {
            run.advance(SimTime::from_nanos(step * 100_000_000), u64::MAX);
            dots.follow(&run.snapshot(), &layout.links, run.now(), 0, playing, step as f64 * 100.0);
            for _ in 0..6 {
                dots.advance(100.0 / 6.0, &layout.links);
            }
            most = most.max(dots.places(&layout.links).count());
        }
        most
    }

    #[test]
    fn few_requests_travel_one_by_one_and_many_in_bundles() {
        let mut dots = Dots::default();
        let most = play("queueing_lab", 20, true, &mut dots);
        assert!(most > 2 && dots.each() == 1, "{most}");
        let mut dots = Dots::default();
        let most = play("queueing_lab?servers=100&arrivals_per_s=900", 20, true, &mut dots);
        assert!((10..=MOST).contains(&most) && dots.each() >= 50, "{most} of {}", dots.each());
    }

    #[test]
    fn nothing_moves_when_nothing_happens_when_paused_or_on_another_take() {
        let mut dots = Dots::default();
        assert_eq!(play("queueing_lab?arrivals_per_s=0", 5, true, &mut dots), 0);
        assert_eq!(play("queueing_lab", 5, false, &mut Dots::default()), 0);
        let mut dots = Dots::default();
        play("queueing_lab?arrivals_per_s=50&servers=9", 5, true, &mut dots);
        assert!(!dots.is_empty());
        let run = scenarios::start(Replay::new(SCENARIOS[0].spec));
        dots.follow(&run.snapshot(), &[], run.now(), 1, true, 9e9);
        assert!(dots.is_empty());
    }
}

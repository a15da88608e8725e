//! Numbers and words of the stage, calm enough to be read: what happened, averaged over the last moments on show.

use warstories_sim::SimTime;
use warstories_sim::snapshot::{Health, Snapshot};

/// A rate forgets what was shown longer ago than about this.
const MEMORY_MS: f64 = 1500.0;
/// Numbers change no more often than this.
const READ_MS: f64 = 400.0;
/// A better state is shown once it has lasted; a worse one sooner.
const BETTER_MS: f64 = 700.0;
const WORSE_MS: f64 = 200.0;
/// Counts on the links, where no dots may move, cover this time.
const COUNT_MS: f64 = 1000.0;
/// Between two screens nobody sees more time pass than this: the page was paused or hidden.
const LONGEST_MS: f64 = 250.0;

/// How a node is doing, as long as it lasts.
type State = (Health, &'static str);

#[derive(Clone, Copy, Debug)]
struct Settling {
    shown: State,
    next: State,
    for_ms: f64,
}

/// What the stage says of a run in motion.
#[derive(Debug, Default)]
pub struct Readings {
    drawing: u32,
    now: SimTime,
    at_ms: f64,
    totals: Vec<u64>,
    moved: Vec<f64>,
    passed_s: f64,
    rates: Vec<f64>,
    read_ms: f64,
    counted: Vec<u64>,
    counts: Vec<u64>,
    count_ms: f64,
    states: Vec<Settling>,
}

impl Readings {
    /// Takes in the next screen, which is shown at `at_ms`; a second look at the same one changes nothing.
    pub fn follow(&mut self, system: &Snapshot, now: SimTime, drawing: u32, playing: bool, at_ms: f64) {
        let totals = system.flows.iter().map(|flow| flow.total);
        if self.states.is_empty() || drawing != self.drawing || now < self.now {
            let none = vec![0; system.flows.len()];
            *self = Self { drawing, now, at_ms, rates: vec![f64::NAN; none.len()], ..Self::default() };
            (self.moved, self.counts) = (vec![0.0; none.len()], none);
            self.totals = totals.collect();
            self.counted.clone_from(&self.totals);
            let state = |node: &warstories_sim::snapshot::Node| (node.health, node.word);
            let settled = |shown| Settling { shown, next: shown, for_ms: 0.0 };
            self.states = system.nodes.iter().map(|node| settled(state(node))).collect();
            return;
        }
        let shown_ms = (at_ms - self.at_ms).clamp(0.0, LONGEST_MS);
        self.at_ms = at_ms;
        if now > self.now {
            let keep = (-shown_ms.max(16.0) / MEMORY_MS).exp();
            for ((moved, last), total) in self.moved.iter_mut().zip(&mut self.totals).zip(totals) {
                *moved = *moved * keep + (total - *last) as f64;
                *last = total;
            }
            self.passed_s = self.passed_s * keep + (now - self.now).as_secs_f64();
            self.now = now;
            self.read_ms += shown_ms;
            self.count_ms += shown_ms;
            if self.read_ms >= READ_MS {
                self.read_ms = 0.0;
                self.rates = self.moved.iter().map(|moved| moved / self.passed_s).collect();
            }
            if self.count_ms >= COUNT_MS {
                self.count_ms = 0.0;
                self.counts = self.totals.iter().zip(&self.counted).map(|(now, then)| now - then).collect();
                self.counted.clone_from(&self.totals);
            }
        }
        for (settling, node) in self.states.iter_mut().zip(&system.nodes) {
            settling.follow((node.health, node.word), if playing { shown_ms } else { f64::INFINITY });
        }
    }

    /// Requests a second of simulated time, lately; not a number while nothing has been seen.
    pub fn rate(&self, flow: usize) -> f64 {
        self.rates.get(flow).copied().unwrap_or(f64::NAN)
    }

    /// Requests of the last second on show.
    pub fn count(&self, flow: usize) -> u64 {
        self.counts.get(flow).copied().unwrap_or(0)
    }

    /// How a node is doing.
    pub fn state(&self, node: usize) -> (Health, &'static str) {
        self.states.get(node).map_or((Health::Fine, ""), |settling| settling.shown)
    }
}

impl Settling {
    /// A state that comes and goes many times a second would only flicker.
    fn follow(&mut self, state: State, shown_ms: f64) {
        if state != self.next {
            (self.next, self.for_ms) = (state, 0.0);
        }
        self.for_ms += shown_ms;
        let patience = if rank(state.0) > rank(self.shown.0) { WORSE_MS } else { BETTER_MS };
        if self.for_ms >= patience {
            self.shown = self.next;
        }
    }
}

/// The worse, the higher.
fn rank(health: Health) -> u8 {
    match health {
        Health::Fine => 0,
        Health::Strained => 1,
        Health::Failing => 2,
    }
}

#[cfg(test)]
mod tests {
    use warstories_sim::snapshot::{Content, Flow, Node};

    use super::*;

    fn system(total: u64, health: Health) -> Snapshot {
        let node = Node {
            id: "a",
            title: String::new(),
            place: (0, 0),
            content: Content::Plain,
            health,
            word: if health == Health::Fine { "idle" } else { "busy" },
            detail: String::new(),
        };
        Snapshot { nodes: vec![node], flows: vec![Flow { from: 0, to: 0, total, failure: None }] }
    }

    #[test]
    fn a_rate_is_what_moved_in_simulated_time_whatever_the_speed() {
        for speed in [1, 100] {
            let mut readings = Readings::default();
            for step in 0..100_u64 {
                let now = SimTime::from_nanos(step * speed * 100_000_000);
                let system = system(step * speed * 5, Health::Fine);
                readings.follow(&system, now, 0, true, step as f64 * 100.0);
            }
            assert!((readings.rate(0) - 50.0).abs() < 1e-6, "{}", readings.rate(0));
            assert_eq!(readings.count(0), 50 * speed);
        }
    }

    #[test]
    fn a_new_drawing_knows_nothing_of_the_last() {
        let mut readings = Readings::default();
        readings.follow(&system(5, Health::Fine), SimTime::from_secs(1), 0, true, 0.0);
        readings.follow(&system(9, Health::Fine), SimTime::from_secs(2), 0, true, 200.0);
        assert!(readings.rate(0).is_nan(), "too early to tell");
        readings.follow(&system(13, Health::Fine), SimTime::from_secs(3), 0, true, 400.0);
        assert_eq!(readings.rate(0), 4.0);
        readings.follow(&system(2, Health::Fine), SimTime::from_secs(1), 1, true, 600.0);
        assert!(readings.rate(0).is_nan());
    }

    #[test]
    fn a_flickering_state_stands_still_and_a_lasting_one_is_told() {
        let mut readings = Readings::default();
        let mut show = |health, at| {
            readings.follow(&system(0, health), SimTime::from_nanos(at), 0, true, at as f64);
            readings.state(0).1
        };
        assert_eq!(show(Health::Fine, 0), "idle");
        for at in 1..=20 {
            let health = if at % 2 == 0 { Health::Fine } else { Health::Strained };
            assert_eq!(show(health, at * 100), "idle");
        }
        assert_eq!(show(Health::Strained, 2100), "idle");
        assert_eq!(show(Health::Strained, 2200), "busy");
        assert_eq!(show(Health::Fine, 2300), "busy");
    }
}

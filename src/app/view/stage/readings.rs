//! Numbers and words of the stage, calm enough to be read: what happened, averaged over the last moments on show.

use warstories_sim::SimTime;
use warstories_sim::snapshot::{Node, Snapshot};

/// A rate forgets what was shown longer ago than about this.
const MEMORY_MS: f64 = 1500.0;
/// Numbers change no more often than this.
const READ_MS: f64 = 400.0;
/// A word stands at least this long, and the numbers of its box with it.
const WORD_MS: f64 = 500.0;
/// Counts on the links, where no dots may move, cover this time.
const COUNT_MS: f64 = 1000.0;
/// Between two screens nobody sees more time pass than this: the page was paused or hidden.
const LONGEST_MS: f64 = 250.0;

/// A box as it is shown: its word and its numbers are those of one moment.
#[derive(Clone, Debug)]
struct Standing {
    node: Node,
    /// How long its word has been there.
    for_ms: f64,
}

/// What the stage says of a run in motion.
#[derive(Debug, Default)]
pub struct Readings {
    take: u32,
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
    nodes: Vec<Standing>,
}

impl Readings {
    /// Takes in the next screen, which is shown at `at_ms`; a second look at the same one changes nothing.
    pub fn follow(&mut self, system: &Snapshot, now: SimTime, take: u32, playing: bool, at_ms: f64) {
        let totals = system.flows.iter().map(|flow| flow.total);
        let is_another = take != self.take
            || now < self.now
            || self.totals.len() != system.flows.len()
            || self.nodes.len() != system.nodes.len();
        if is_another {
            let none = vec![0; system.flows.len()];
            *self = Self { take, now, at_ms, rates: vec![f64::NAN; none.len()], ..Self::default() };
            (self.moved, self.counts) = (vec![0.0; none.len()], none);
            self.totals = totals.collect();
            self.counted.clone_from(&self.totals);
            let standing = |node: &Node| Standing { node: node.clone(), for_ms: 0.0 };
            self.nodes = system.nodes.iter().map(standing).collect();
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
        for (standing, node) in self.nodes.iter_mut().zip(&system.nodes) {
            standing.follow(node, if playing { shown_ms } else { f64::INFINITY });
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

    /// The box to be drawn for the node at this position.
    pub fn node(&self, node: usize) -> Option<&Node> {
        self.nodes.get(node).map(|standing| &standing.node)
    }
}

impl Standing {
    /// A word that comes and goes many times a second would only flicker. While it waits, so do the numbers: no word is
    /// ever seen beside the numbers of another moment.
    fn follow(&mut self, node: &Node, shown_ms: f64) {
        self.for_ms += shown_ms;
        let has_changed = (node.health, node.word) != (self.node.health, self.node.word);
        if has_changed && self.for_ms < WORD_MS {
            return;
        }
        if has_changed {
            self.for_ms = 0.0;
        }
        self.node.clone_from(node);
    }
}

#[cfg(test)]
mod tests {
    use warstories_sim::snapshot::{Content, Flow, Health};

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
    fn a_new_take_knows_nothing_of_the_last() {
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
    fn a_word_stands_beside_the_numbers_of_its_own_moment_however_it_flickers() {
        let mut readings = Readings::default();
        let mut last = ("", 0.0);
        for step in 0..400_u64 {
            let used = u64::from(step * step % 7 < 3);
            let mut system = system(step, if used > 0 { Health::Strained } else { Health::Fine });
            system.nodes[0].content = Content::Slots { used, total: 1 };
            system.nodes[0].detail = format!("{used} of 1 busy");
            let at_ms = step as f64 * 100.0;
            readings.follow(&system, SimTime::from_secs(step), 0, true, at_ms);
            let node = readings.node(0).expect("a node");
            let told = (node.word, node.content, node.detail.as_str());
            let idle = ("idle", Content::Slots { used: 0, total: 1 }, "0 of 1 busy");
            assert!(told == idle || told == ("busy", Content::Slots { used: 1, total: 1 }, "1 of 1 busy"));
            if node.word != last.0 {
                assert!(last.0.is_empty() || at_ms - last.1 >= WORD_MS, "{} for a moment", last.0);
                last = (node.word, at_ms);
            }
        }
        assert!(last.1 > 35_000.0, "no word is kept for ever");
    }

    #[test]
    fn numbers_go_on_while_the_word_stays_and_a_pause_shows_the_moment_it_is_at() {
        let mut readings = Readings::default();
        let mut show = |health, detail: &str, playing, step: u64| {
            let mut system = system(0, health);
            system.nodes[0].detail = detail.to_owned();
            readings.follow(&system, SimTime::from_secs(step), 0, playing, step as f64 * 100.0);
            readings.node(0).map(|node| node.detail.clone()).expect("a node")
        };
        for step in 0..6 {
            let waiting = format!("{step} waiting");
            assert_eq!(show(Health::Strained, &waiting, true, step), waiting);
        }
        assert_eq!(show(Health::Fine, "0 waiting", true, 6), "0 waiting");
        assert_eq!(show(Health::Strained, "3 waiting", true, 7), "0 waiting");
        assert_eq!(show(Health::Strained, "4 waiting", false, 8), "4 waiting");
    }
}

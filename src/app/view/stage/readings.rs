//! Numbers and words of the stage, calm enough to be read: what happened, averaged over the last moments on show.

use warstories_sim::SimTime;
use warstories_sim::snapshot::{Node, Snapshot};

/// A rate forgets what was shown longer ago than about this.
const MEMORY_MS: f64 = 1500.0;
/// Numbers change no more often than this.
const READ_MS: f64 = 400.0;
/// Words stand at least this long, and the numbers with them.
const WORD_MS: f64 = 500.0;
/// Counts on the links, where no dots may move, cover this time.
const COUNT_MS: f64 = 1000.0;
/// Between two screens nobody sees more time pass than this: the page was paused or hidden.
const LONGEST_MS: f64 = 250.0;

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
    /// The boxes as they are shown: all words and numbers are those of one moment.
    nodes: Vec<Node>,
    /// How long their words have been there.
    words_ms: f64,
}

impl Readings {
    /// Takes in the next screen, which is shown at `at_ms`; a second look at the same one changes nothing.
    pub fn follow(&mut self, system: &Snapshot, now: SimTime, drawing: u32, playing: bool, at_ms: f64) {
        let totals = system.flows.iter().map(|flow| flow.total);
        if self.nodes.is_empty() || drawing != self.drawing || now < self.now {
            let none = vec![0; system.flows.len()];
            *self = Self { drawing, now, at_ms, rates: vec![f64::NAN; none.len()], ..Self::default() };
            (self.moved, self.counts) = (vec![0.0; none.len()], none);
            self.totals = totals.collect();
            self.counted.clone_from(&self.totals);
            self.nodes.clone_from(&system.nodes);
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
        self.show(&system.nodes, if playing { shown_ms } else { f64::INFINITY });
    }

    /// A word that comes and goes many times a second would only flicker. While it waits, so do all numbers: no word is
    /// ever seen beside the numbers of another moment, nor one box beside another.
    fn show(&mut self, nodes: &[Node], shown_ms: f64) {
        self.words_ms += shown_ms;
        let words = |node: &Node| (node.health, node.word);
        let have_changed = !nodes.iter().map(words).eq(self.nodes.iter().map(words));
        if have_changed && self.words_ms < WORD_MS {
            return;
        }
        if have_changed {
            self.words_ms = 0.0;
        }
        nodes.clone_into(&mut self.nodes);
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
        self.nodes.get(node)
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
    fn all_boxes_show_words_and_numbers_of_one_moment_however_they_flicker() {
        let mut readings = Readings::default();
        for step in 0..400_u64 {
            let busy = step * step % 7 < 3;
            let mut system = system(step, if busy { Health::Strained } else { Health::Fine });
            let mut queue = system.nodes[0].clone();
            queue.word = if step.is_multiple_of(3) { "waiting" } else { "empty" };
            queue.detail = step.to_string();
            system.nodes[0].detail = step.to_string();
            system.nodes.push(queue);
            let at_ms = step as f64 * 100.0;
            readings.follow(&system, SimTime::from_secs(step), 0, true, at_ms);
            let shown = [0, 1].map(|node| readings.node(node).expect("a node"));
            let moment: u64 = shown[0].detail.parse().expect("a step");
            assert_eq!(shown[1].detail, shown[0].detail, "the boxes are of one moment");
            assert_eq!(shown[0].word, if moment * moment % 7 < 3 { "busy" } else { "idle" });
            assert_eq!(shown[1].word, if moment.is_multiple_of(3) { "waiting" } else { "empty" });
            assert!(step - moment <= 5, "no moment is kept for ever");
        }
    }

    #[test]
    fn a_word_stands_long_enough_to_be_read() {
        let mut readings = Readings::default();
        let mut last = ("", 0.0);
        for step in 0..200_u64 {
            let health = if step.is_multiple_of(2) { Health::Fine } else { Health::Strained };
            let at_ms = step as f64 * 90.0;
            readings.follow(&system(0, health), SimTime::from_secs(step), 0, true, at_ms);
            let word = readings.node(0).map_or("", |node| node.word);
            if word != last.0 {
                assert!(last.0.is_empty() || at_ms - last.1 >= WORD_MS, "{} for a moment", last.0);
                last = (word, at_ms);
            }
        }
        assert!(last.1 > 15_000.0, "no word is kept for ever");
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

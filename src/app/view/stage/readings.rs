//! Numbers and words of the stage, calm enough to be read. What they say is of the run and a moment alone; the wall clock
//! decides only how long they stand.

use warstories_sim::SimTime;
use warstories_sim::course::Course;
use warstories_sim::snapshot::{Node, Snapshot};

/// Rates change no more often than this.
const READ_MS: f64 = 400.0;
/// Words stand at least this long, and the numbers with them.
const WORD_MS: f64 = 500.0;
/// Between two screens nobody sees more time pass than this: the page was paused or hidden.
const LONGEST_MS: f64 = 250.0;

/// What the stage says of a run in motion.
#[derive(Debug, Default)]
pub struct Readings {
    drawing: u32,
    at_ms: f64,
    /// What the rates of the ways are read from, while anybody can tell: the course, and what had gone each by a moment.
    rates: Option<(Course, Vec<u64>, SimTime)>,
    /// How long they have been there.
    rates_ms: f64,
    /// The boxes as they are shown: all words and numbers are those of one moment.
    nodes: Vec<Node>,
    /// How long their words have been there.
    words_ms: f64,
}

impl Readings {
    /// Takes in the next screen, the system at `now`, which is shown at `at_ms`; a second look at the same one changes nothing.
    pub fn follow(
        &mut self,
        (system, now): (&Snapshot, SimTime),
        course: &Course,
        drawing: u32,
        playing: bool,
        at_ms: f64,
    ) {
        if self.nodes.is_empty() || drawing != self.drawing {
            *self = Self { drawing, at_ms, ..Self::default() };
            self.nodes.clone_from(&system.nodes);
        }
        let shown_ms = if playing { (at_ms - self.at_ms).clamp(0.0, LONGEST_MS) } else { f64::INFINITY };
        self.at_ms = at_ms;
        self.rates_ms += shown_ms;
        if self.rates.is_none() || self.rates_ms >= READ_MS {
            self.rates_ms = 0.0;
            let totals = system.flows.iter().map(|flow| flow.total).collect();
            self.rates = course.is_of(system).then_some((course.clone(), totals, now));
        }
        self.show(&system.nodes, shown_ms);
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

    /// Requests a second of simulated time that went these ways lately; not a number while that is unknown.
    pub fn rate(&self, flows: &[usize]) -> f64 {
        self.rates.as_ref().map_or(f64::NAN, |(course, totals, now)| course.rate(flows, totals, *now))
    }

    /// Requests of the last sample bucket.
    pub fn count(&self, flow: usize) -> u64 {
        self.rates.as_ref().map_or(0, |(course, ..)| course.count(flow))
    }

    /// The box to be drawn for the node at this position.
    pub fn node(&self, node: usize) -> Option<&Node> {
        self.nodes.get(node)
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use warstories_sim::snapshot::{Content, Flow, Health};
    use warstories_sim::{Replay, SCENARIOS};

    use super::*;
    use crate::run::tape::Tape;

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
        Snapshot { nodes: vec![node], flows: vec![Flow { from: 0, to: 0, total, failure: None, unit: "" }] }
    }

    #[test]
    fn a_paused_run_shows_the_rates_of_its_moment_however_it_came_there() {
        let start = || {
            let mut tape = Tape::new(&Replay::new(SCENARIOS[1].spec), Rc::default());
            let at = SimTime::from_secs(760);
            tape.wind_to(at);
            (tape, at)
        };
        let rates = |readings: &Readings, flows: usize| -> Vec<_> {
            (0..flows).map(|flow| (readings.rate(&[flow]), readings.count(flow))).collect()
        };
        let mut shown = Vec::new();
        for (steps, ms) in [(1, 0.0), (7600, 100.0), (15, 100.0)] {
            let (mut tape, end) = start();
            let mut readings = Readings::default();
            for step in 1..=steps {
                let now = SimTime::from_nanos(end.nanos() / steps * step + end.nanos() % steps);
                tape.advance(now, u64::MAX);
                let (run, is_last) = (tape.run(), step == steps);
                let course = run.course().expect("a tape watches");
                readings.follow((&run.snapshot(), now), course, 0, !is_last, step as f64 * ms);
            }
            assert_eq!(tape.run().now(), end);
            shown.push(rates(&readings, tape.run().snapshot().flows.len()));
        }
        assert!(shown[0].iter().any(|(rate, _)| *rate > 100.0), "{shown:?}");
        assert!(shown[1] == shown[0] && shown[2] == shown[0], "{shown:?}");
    }

    #[test]
    fn rates_stand_long_enough_to_be_read() {
        let (mut readings, mut course) = (Readings::default(), Course::default());
        let (mut last, mut since) = (f64::NAN, 0.0);
        for step in 0..100_u64 {
            let system = system(step * step, Health::Fine);
            course.add(SimTime::from_secs(step), system.clone());
            let at_ms = step as f64 * 90.0;
            readings.follow((&system, SimTime::from_secs(step)), &course, 0, true, at_ms);
            let rate = readings.rate(&[0]);
            if rate != last && !rate.is_nan() {
                assert!(last.is_nan() || at_ms - since >= READ_MS, "{rate} after {last}");
                (last, since) = (rate, at_ms);
            }
        }
        assert!(last > 150.0, "{last}");
    }

    #[test]
    fn a_new_drawing_knows_nothing_of_the_last() {
        let (mut readings, mut course) = (Readings::default(), Course::default());
        for second in 1..4 {
            course.add(SimTime::from_secs(second), system(second * 4, Health::Fine));
            readings.follow(
                (&system(second * 4, Health::Fine), SimTime::from_secs(second)),
                &course,
                0,
                false,
                0.0,
            );
        }
        assert_eq!((readings.rate(&[0]), readings.count(0)), (4.0, 4));
        readings.follow((&system(2, Health::Fine), SimTime::ZERO), &Course::default(), 1, true, 100.0);
        assert!(readings.rate(&[0]).is_nan());
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
            readings.follow((&system, SimTime::ZERO), &Course::default(), 0, true, at_ms);
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
            readings.follow((&system(0, health), SimTime::ZERO), &Course::default(), 0, true, at_ms);
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
            readings.follow((&system, SimTime::ZERO), &Course::default(), 0, playing, step as f64 * 100.0);
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

//! One run that can be wound back and forth: it keeps copies of itself on the way and plays on from the nearest one.

use std::rc::Rc;

use warstories_sim::announce::Announcement;
use warstories_sim::probe::Wanted;
use warstories_sim::{Playable, Replay, SimTime, scenarios};

/// Events between two checkpoints at first; a bit more than a frame's work.
const FIRST_DISTANCE: u64 = 50_000;
/// Checkpoints that a tape keeps at most; then every second one goes and the distance doubles.
const MAX_CHECKPOINTS: usize = 32;
/// Records that all checkpoints of a tape hold at most, so that a run with a queue of a million fits in memory.
const MAX_HELD: u64 = 500_000;

struct Checkpoint {
    run: Box<dyn Playable>,
    /// Its records, for [`MAX_HELD`].
    held: u64,
}

/// One run and its checkpoints.
pub struct Tape {
    run: Box<dyn Playable>,
    /// In order of time.
    checkpoints: Vec<Checkpoint>,
    distance: u64,
    /// Grows whenever time does not simply go on.
    generation: u32,
    /// What the run told on the way, also after the moment that it has gone back to.
    announcements: Vec<Announcement>,
    /// What the run remembers of what its metrics say.
    wanted: Rc<Wanted>,
}

impl Tape {
    /// The run of `replay`, at its beginning; remembers what is `wanted` of it.
    pub fn new(replay: &Replay, wanted: Rc<Wanted>) -> Self {
        Self {
            run: start(replay, &wanted),
            wanted,
            checkpoints: Vec::new(),
            distance: FIRST_DISTANCE,
            generation: 0,
            announcements: Vec::new(),
        }
    }

    /// Another tape of the same run, which goes its own way from here.
    pub fn fork(&self) -> Self {
        let copy =
            |checkpoint: &Checkpoint| Checkpoint { run: checkpoint.run.checkpoint(), held: checkpoint.held };
        let checkpoints = self.checkpoints.iter().map(copy).collect();
        Self {
            run: self.run.checkpoint(),
            checkpoints,
            distance: self.distance,
            generation: self.generation,
            announcements: self.announcements.clone(),
            wanted: self.wanted.clone(),
        }
    }

    /// The run.
    pub fn run(&self) -> &dyn Playable {
        self.run.as_ref()
    }

    /// Tells generations of the run apart: it differs whenever time did not simply go on.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// What the run told on the way, also after the moment that it has gone back to.
    pub fn announcements(&self) -> &[Announcement] {
        &self.announcements
    }

    /// When something happens next.
    pub fn next_time(&mut self) -> Option<SimTime> {
        self.run.next_time()
    }

    /// Plays `replay` from now on. A run that has played something else goes back to where the two agree.
    pub fn follow(&mut self, replay: &Replay) {
        if self.run.replay() == replay {
            return;
        }
        self.checkpoints.retain_mut(|checkpoint| checkpoint.run.adopt(replay));
        if !self.run.adopt(replay) {
            self.restore(self.checkpoints.len(), replay);
        }
        self.announcements = self.run.announcements().to_vec();
    }

    /// Goes to the nearest moment from which `at` can be reached by playing on.
    pub fn wind_to(&mut self, at: SimTime) {
        let now = self.run.now();
        let before = self.checkpoints.partition_point(|checkpoint| checkpoint.run.now() <= at);
        let nearest = before.checked_sub(1).and_then(|last| self.checkpoints.get(last));
        let is_nearer = nearest.is_some_and(|checkpoint| checkpoint.run.now() > now);
        if at < now || is_nearer {
            let replay = self.run.replay().clone();
            self.restore(before, &replay);
        }
    }

    /// Plays on until `until`, or until about `budget` events have happened; tells whether it got there.
    pub fn advance(&mut self, until: SimTime, budget: u64) -> bool {
        let done = self.run.advance(until, budget);
        let known = self.announcements.len();
        self.announcements.extend(self.run.announcements().iter().skip(known).cloned());
        self.keep();
        done
    }

    /// Goes on from the last of the first `count` checkpoints, or from the beginning.
    fn restore(&mut self, count: usize, replay: &Replay) {
        let checkpoint = count.checked_sub(1).and_then(|last| self.checkpoints.get(last));
        self.run =
            checkpoint.map_or_else(|| start(replay, &self.wanted), |checkpoint| checkpoint.run.checkpoint());
        self.generation = self.generation.wrapping_add(1);
    }

    /// Keeps a checkpoint here if the last one is far enough away.
    fn keep(&mut self) {
        let events = self.run.events();
        let place = self.checkpoints.partition_point(|checkpoint| checkpoint.run.events() <= events);
        let last = place.checked_sub(1).map_or(0, |last| self.checkpoints[last].run.events());
        let is_crowded = self
            .checkpoints
            .get(place)
            .is_some_and(|next| next.run.events() < events.saturating_add(self.distance / 2));
        if events < last.saturating_add(self.distance) || is_crowded {
            return;
        }
        let held = self.run().live_records();
        self.checkpoints.insert(place, Checkpoint { run: self.run.checkpoint(), held });
        while self.checkpoints.len() > MAX_CHECKPOINTS
            || self.checkpoints.len() > 1
                && self.checkpoints.iter().map(|kept| kept.held).sum::<u64>() > MAX_HELD
        {
            let mut position = 0;
            self.checkpoints.retain(|_| {
                position += 1;
                position % 2 == 0
            });
            self.distance = self.distance.saturating_mul(2);
        }
    }
}

fn start(replay: &Replay, wanted: &Wanted) -> Box<dyn Playable> {
    let mut run = scenarios::start(replay.clone());
    wanted.ask(run.as_mut());
    run.watch();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNK: u64 = 20_000;

    fn replay(link: &str) -> Replay {
        Replay::parse(link).expect("a link to the lab").replay
    }

    /// Goes to `at` and tells how many events that took.
    fn go(tape: &mut Tape, at: SimTime) -> u64 {
        tape.wind_to(at);
        let from = tape.run().events();
        while !tape.advance(at, CHUNK) {}
        tape.run().events() - from
    }

    fn straight(replay: &Replay, at: SimTime) -> u64 {
        let mut run = scenarios::start(replay.clone());
        assert!(run.advance(at, u64::MAX));
        run.fingerprint()
    }

    #[test]
    fn wherever_it_is_wound_it_is_the_same_run() {
        let replay = replay(
            "queueing_lab?seed=9&servers=40&arrivals_per_s=390&patience_ms=900\
             &at=100,arrivals_per_s=500&at=101,clear_queue&at=250,servers=50&at=300,discipline=processor_sharing",
        );
        let end = SimTime::from_secs(400);
        let mut tape = Tape::new(&replay, Rc::default());
        go(&mut tape, end);
        assert!(tape.checkpoints.len() > 4, "{}", tape.checkpoints.len());
        // Any order will do, as long as it is the same in every test run.
        let moments: Vec<_> = (1..=200_u64)
            .map(|step| SimTime::from_nanos(step.wrapping_mul(0x9E37_79B9_7F4A_7C15) % end.nanos()))
            .collect();
        let mut sorted = moments.clone();
        sorted.sort();
        let mut straight = scenarios::start(replay);
        let expected: Vec<_> = sorted
            .iter()
            .map(|at| {
                straight.advance(*at, u64::MAX);
                straight.fingerprint()
            })
            .collect();
        for at in moments {
            go(&mut tape, at);
            assert_eq!(tape.run().now(), at);
            assert_eq!(Ok(tape.run().fingerprint()), sorted.binary_search(&at).map(|place| expected[place]));
        }
    }

    #[test]
    fn going_back_in_a_long_run_plays_little_of_it_again() {
        let replay = replay("queueing_lab?servers=1000&arrivals_per_s=5000");
        let mut tape = Tape::new(&replay, Rc::default());
        go(&mut tape, SimTime::from_secs(210));
        assert!(tape.run().events() > 2_000_000, "{}", tape.run().events());
        assert!(tape.checkpoints.len() <= MAX_CHECKPOINTS);
        for second in [209, 150, 101, 42, 180, 3] {
            let again = go(&mut tape, SimTime::from_secs(second));
            assert!(again <= 150_000, "to {second} s: {again} events");
        }
    }

    #[test]
    fn a_changed_past_goes_on_from_the_last_moment_before_the_change() {
        let before = replay("queueing_lab?servers=1000&arrivals_per_s=5000&at=50,servers=900");
        let after = replay("queueing_lab?servers=1000&arrivals_per_s=5000&at=60,servers=800");
        let end = SimTime::from_secs(70);
        let mut tape = Tape::new(&before, Rc::default());
        go(&mut tape, end);
        tape.follow(&after);
        let now = tape.run().now();
        assert!(now > SimTime::from_secs(40) && now < SimTime::from_secs(50), "{now}");
        go(&mut tape, end);
        assert_eq!(tape.run().fingerprint(), straight(&after, end));
    }

    #[test]
    fn a_new_change_at_the_end_goes_straight_on() {
        let mut tape = Tape::new(&replay("queueing_lab"), Rc::default());
        go(&mut tape, SimTime::from_secs(70));
        let changed = replay("queueing_lab?at=80,servers=2");
        tape.follow(&changed);
        assert_eq!((tape.generation(), tape.run().now()), (0, SimTime::from_secs(70)));
    }

    #[test]
    fn a_huge_queue_is_copied_only_a_few_times() {
        let mut tape = Tape::new(&replay("queueing_lab?arrivals_per_s=10000"), Rc::default());
        go(&mut tape, SimTime::from_secs(100));
        let held: Vec<_> = tape.checkpoints.iter().map(|kept| kept.held).collect();
        assert!(held.len() == 1 || held.iter().sum::<u64>() <= MAX_HELD, "{held:?}");
    }
}

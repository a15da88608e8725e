//! Plays the session's runs: the wall clock decides how far, never what.

use warstories_sim::announce::Announcement;
use warstories_sim::{Playable, Replay, SimTime};

use crate::run::branches::BranchId;
use crate::run::screen::at_once;
use crate::run::session::Session;
use crate::run::tape::Tape;

/// Events between two looks at the clock: about a millisecond.
const CHUNK: u64 = 20_000;
/// The longest time between two frames that still counts as time passed: a page that was hidden does not jump.
const LONGEST_FRAME_MS: f64 = 100.0;
const MILLISECOND: u64 = 1_000_000;

/// Which of the session's runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A branch.
    Branch(BranchId),
    /// The run that nobody touched.
    Baseline,
}

/// Why time should stop by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The run's usual length is over.
    End,
    /// The run told something; this is the first whole millisecond at which that has happened.
    Announcement(SimTime),
}

/// The runs on their way. All of them go on in time together.
pub struct Player {
    /// The run on the page.
    part: Part,
    tape: Tape,
    /// The same with what was done at the moment on show, if anything was.
    shown: Option<Box<dyn Playable>>,
    /// The runs beside it.
    ghosts: Vec<(Part, Tape)>,
    /// Grows whenever the run on the page is another one, or goes somewhere as fast as it can.
    generation: u32,
    /// Number of the request that was last followed.
    seek_request: u32,
    /// How far it should have got. The run stays up to a millisecond behind, see [`Player::frame`].
    position: SimTime,
    /// Where it is going as fast as it can.
    target: Option<SimTime>,
    furthest: SimTime,
}

impl Player {
    /// On its way to the moment that the session shows.
    pub fn new(session: &Session) -> Self {
        let mut player = Self {
            part: Part::Branch(session.branches.current().id),
            tape: Tape::new(session.replay(), session.wanted.clone()),
            shown: None,
            ghosts: Vec::new(),
            generation: 0,
            seek_request: session.seek_request.number,
            position: SimTime::ZERO,
            target: None,
            furthest: session.seek_request.at,
        };
        player.seek(session.seek_request.at);
        player
    }

    /// The run on the page.
    pub fn run(&self) -> &dyn Playable {
        self.tape.run()
    }

    /// The same as it is seen. What is done at a moment comes right after it, and is seen at once.
    pub fn shown(&self) -> &dyn Playable {
        self.shown.as_deref().unwrap_or_else(|| self.run())
    }

    /// What it tells, as far as it has ever got.
    pub fn announcements(&self) -> &[Announcement] {
        self.tape.announcements()
    }

    /// Differs where time did not simply go on: on another run, and after a leap through time.
    pub fn generation(&self) -> u32 {
        self.generation.wrapping_add(self.tape.generation())
    }

    /// The runs beside it, each with a number that tells its takes apart.
    pub fn ghosts(&self) -> impl Iterator<Item = (Part, u32, &dyn Playable)> {
        self.ghosts.iter().map(|(part, tape)| (*part, tape.generation(), tape.run()))
    }

    /// The moment on show, or soon to be.
    pub fn moment(&self) -> SimTime {
        self.target.unwrap_or_else(|| self.run().now())
    }

    /// The latest moment that was ever on show.
    pub fn furthest(&self) -> SimTime {
        self.furthest
    }

    /// What was on show before was another story.
    pub fn forget_furthest(&mut self) {
        self.furthest = self.moment();
    }

    /// Whether it is on its way to a moment as fast as it can.
    pub fn is_seeking(&self) -> bool {
        self.target.is_some()
    }

    /// Whether there is anything to do although time stands still.
    pub fn is_busy(&self) -> bool {
        self.is_seeking() || self.is_behind()
    }

    /// When something happens next.
    pub fn next_time(&mut self) -> Option<SimTime> {
        self.tape.next_time()
    }

    /// Catches up with what the session now says: usually one more input, sometimes another run or moment.
    pub fn follow(&mut self, session: &Session) {
        let moment = self.moment();
        self.gather(session);
        let generation = self.tape.generation();
        self.tape.follow(session.replay());
        for (part, tape) in &mut self.ghosts {
            match *part {
                Part::Baseline => tape.follow(&session.branches.untouched()),
                Part::Branch(id) => {
                    if let Some(branch) = session.branches.all().iter().find(|branch| branch.id == id) {
                        tape.follow(&branch.replay);
                    }
                }
            }
        }
        if self.tape.generation() != generation || self.run().now() != moment {
            self.seek(moment);
        }
        if self.seek_request != session.seek_request.number {
            self.seek_request = session.seek_request.number;
            self.seek(session.seek_request.at);
        }
        self.shown = at_once(self.run());
    }

    /// Plays one frame that comes `elapsed_ms` after the last; stops early, and goes on in the next frame, when
    /// `is_late` says so. Tells why time should stop, if it should.
    pub fn frame(
        &mut self,
        session: &Session,
        elapsed_ms: f64,
        mut is_late: impl FnMut() -> bool,
    ) -> Option<Stop> {
        let before = self.run().now();
        let stop = session.stop(before);
        // What is rushed through is not seen to pass; a pause only comes to the next whole millisecond.
        if self.target.is_some_and(|target| target > before + SimTime::from_nanos(MILLISECOND)) {
            self.generation = self.generation.wrapping_add(1);
        }
        let (goal, until) = if let Some(target) = self.target {
            (target, target)
        } else if session.playing && !self.is_behind() {
            let passed = elapsed_ms.clamp(0.0, LONGEST_FRAME_MS) * session.pace();
            let goal = self.position + SimTime::from_millis_f64(passed);
            match stop {
                Some(stop) if goal >= stop => (stop, stop),
                _ => between_inputs(goal.min(Replay::MAX_TIME)),
            }
        } else {
            // Runs beside this one catch up first, so that all are always seen at one moment.
            (self.position, before)
        };
        // Each run in turn gets its share of the frame.
        let mut is_there = false;
        loop {
            if !is_there && self.tape.advance(until, CHUNK) {
                is_there = true;
                self.position = goal;
                self.target = None;
            }
            let now = self.run().now();
            for (_, tape) in &mut self.ghosts {
                tape.advance(now, CHUNK);
            }
            if is_there && !self.is_behind() || is_late() {
                break;
            }
        }
        let now = self.run().now();
        if !is_there {
            self.position = now;
        }
        self.furthest = self.furthest.max(now);
        self.shown = None;
        if !session.playing {
            self.shown = at_once(self.run());
            return None;
        }
        let told = self.run().announcements().iter().find(|told| told.at > before);
        match told {
            Some(told) if session.pause_at_announcements => {
                Some(Stop::Announcement(told.at.ceil_to_millisecond()))
            }
            _ => stop.filter(|stop| now >= *stop).map(|_| Stop::End),
        }
    }

    /// Whether a run beside the one on the page has not got as far.
    fn is_behind(&self) -> bool {
        let now = self.run().now();
        self.target.is_none() && self.ghosts.iter().any(|(_, tape)| tape.run().now() < now)
    }

    /// Has a tape for each of the session's runs and for no other.
    fn gather(&mut self, session: &Session) {
        let current = Part::Branch(session.branches.current().id);
        let branches = session.branches.all().iter().map(|branch| Part::Branch(branch.id));
        let baseline = session.branches.baseline.then_some(Part::Baseline);
        let wanted: Vec<Part> = branches.chain(baseline).collect();
        // What is new shares the past of what is on the page, whatever its replay says it did with it.
        for part in &wanted {
            if *part != self.part && self.ghosts.iter().all(|(other, _)| other != part) {
                self.ghosts.push((*part, self.tape.fork()));
            }
        }
        if current != self.part
            && let Some(position) = self.ghosts.iter().position(|(part, _)| *part == current)
        {
            let (part, tape) = self.ghosts.swap_remove(position);
            // The sum of both numbers, see `take`, must differ from all before.
            self.generation = self.generation().wrapping_add(1).wrapping_sub(tape.generation());
            self.ghosts.push((self.part, std::mem::replace(&mut self.tape, tape)));
            self.part = part;
        }
        self.ghosts.retain(|(part, _)| wanted.contains(part));
        // In the session's order; so few need no sort, whose code costs the first load a kilobyte.
        for (place, part) in wanted.iter().filter(|part| **part != self.part).enumerate() {
            if let Some(now) = self.ghosts.iter().position(|(other, _)| other == part) {
                self.ghosts.swap(place, now);
            }
        }
    }

    /// Goes to `at`: the run on the page as fast as it can, the others after it.
    fn seek(&mut self, at: SimTime) {
        self.tape.wind_to(at);
        for (_, tape) in &mut self.ghosts {
            tape.wind_to(at);
        }
        self.position = self.run().now();
        self.target = (at > self.position).then_some(at);
        self.furthest = self.furthest.max(at);
    }
}

/// How far to play so that `goal` is on show: an input comes one nanosecond after what has been played, so on a
/// whole millisecond, which is short in a link.
fn between_inputs(goal: SimTime) -> (SimTime, SimTime) {
    let whole = SimTime::from_nanos(goal.nanos() / MILLISECOND * MILLISECOND);
    (goal, whole.previous())
}

#[cfg(test)]
mod tests;

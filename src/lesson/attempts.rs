//! Attempts to meet the goals of a step without what it teaches, or a challenge with less than it asks for: every control
//! that the learner may touch, by itself.

use warstories_sim::{Domain, Input, Replay, ScenarioSpec, SimTime};

use crate::goal;
use crate::lesson::{Challenge, Control, Fix, Lesson, Part, Timed};
use crate::measure::{Test, moment};
use crate::problem::Problem;
use crate::runs::Runs;

/// What has no double and no half is tried at these.
const POWERS: [f64; 6] = [1.0, 10.0, 100.0, 1000.0, 10_000.0, 100_000.0];

/// Single changes and actions that a learner may try in the step at `step` and that do without what it teaches, on top
/// of the run `base`. A number goes to both ends of its range, to its double and to its half; a choice to each of its
/// options; a switch is flipped; what is 0, which mostly means off, goes to the powers of ten; a text field gets each of its examples: all of them where the step begins. An action is
/// taken there, and where the solution begins to act.
pub(crate) fn single(lesson: &Lesson, step: usize, base: &Replay, spec: &ScenarioSpec) -> Vec<Fix> {
    let Some(scene) = lesson.steps.get(step).map(|step| &step.scene) else { return Vec::new() };
    let begin = lesson.begins(step);
    let starts = begin == SimTime::ZERO && lesson.first_of_run(step) == step;
    let is_free =
        |control: Control| lesson.is_unlocked(step, control) && !teaches(lesson, step, control, spec);
    changes(base, begin, starts, &scene.solution, false, &is_free)
}

/// The same on controls that are free, from `begin` on: `starts` says whether the run starts there, so that values are start
/// values, and `ends` that numbers go to the ends of their ranges alone.
fn changes(
    base: &Replay,
    begin: SimTime,
    starts: bool,
    solution: &[Fix],
    ends: bool,
    is_free: &dyn Fn(Control) -> bool,
) -> Vec<Fix> {
    let spec = base.spec();
    let values = base.values(begin);
    let acted = solution.iter().find_map(|fix| match fix {
        Fix::Input(timed) if timed.at > begin => Some(timed.at),
        _ => None,
    });
    let mut fixes = Vec::new();
    for (param, known) in spec.params.iter().enumerate().filter(|(param, _)| is_free(Control::Param(*param)))
    {
        let now = values[param];
        let mut values = known.extremes();
        match known.domain {
            _ if ends => {}
            Domain::Integer { .. } | Domain::Number { .. } if now == 0.0 => values.extend(POWERS),
            Domain::Integer { .. } => values.extend([now * 2.0, (now / 2.0).round()]),
            Domain::Number { .. } => values.extend([now * 2.0, now / 2.0]),
            Domain::Switch | Domain::Choice(_) => {}
        }
        values.retain(|value| *value != now && known.allows(*value));
        values.sort_by(f64::total_cmp);
        values.dedup();
        fixes.extend(values.into_iter().map(|value| {
            if starts {
                Fix::Start(param, value)
            } else {
                Fix::Input(Timed { at: begin, input: Input::Change { param, value } })
            }
        }));
    }
    for action in (0..spec.actions.len()).filter(|action| is_free(Control::Action(*action))) {
        let moments = std::iter::once(begin).chain(acted);
        fixes.extend(moments.map(|at| Fix::Input(Timed { at, input: Input::Action(action) })));
    }
    for (field, text) in spec.texts.iter().enumerate().filter(|(field, _)| is_free(Control::Text(*field))) {
        let write = |text: &&str| Input::Text { field, text: (*text).into() };
        fixes.extend(text.examples.iter().map(|text| Fix::Input(Timed { at: begin, input: write(text) })));
    }
    fixes
}

/// Whether `control` is all that the step teaches, or an action that sets it. Where the step teaches several, one of
/// them is an attempt without the rest; where it does not say, it teaches all that the solution uses.
fn teaches(lesson: &Lesson, step: usize, control: Control, spec: &ScenarioSpec) -> bool {
    let scene = &lesson.steps[step].scene;
    let is_alike = |taught: Control| match (control, taught) {
        (Control::Action(action), Control::Param(param)) => spec.sets(action).any(|(set, _)| set == param),
        _ => control == taught,
    };
    match scene.taught.as_slice() {
        [] => scene.solution.iter().any(|fix| is_alike(fix.control())),
        [taught] => is_alike(*taught),
        _ => false,
    }
}

/// Single changes and actions that might meet a challenge on the run `base` otherwise than it is meant: of what its start
/// sets and the solution leaves alone, which might undo the task, and then of everything else. Where the solution is one
/// change, another one may be as good: then only the ends of what the start sets are tried.
fn short(lesson: &Lesson, challenge: &Challenge, base: &Replay) -> Vec<Fix> {
    let Challenge { setup, lock, solution, .. } = challenge;
    let sets = |control: Control| {
        let is_it = |(param, _): &(usize, f64)| control == Control::Param(*param);
        (lesson.setup.start.iter().any(is_it) || setup.start.iter().any(is_it))
            && solution.iter().all(|fix| fix.control() != control)
    };
    let is_one = solution.len() < 2;
    let of = |is_set: bool| {
        let is_free = |control: Control| sets(control) == is_set && !lock.contains(&control);
        changes(base, setup.begin, true, solution, is_one, &is_free)
    };
    let mut fixes = of(true);
    if !is_one {
        fixes.extend(of(false));
    }
    fixes
}

/// What became of the attempts on a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// What is met otherwise than it is meant, and steps of which not everything could be tried.
    pub problems: Vec<Problem>,
    /// Attempts that were played.
    pub attempts: usize,
    /// Those of them that made too many events and were given up.
    pub given_up: usize,
    /// Attempts on challenges that would have made too many events together.
    pub untried: usize,
}

/// Events that all attempts on the goals of one step, or on a challenge, may make: some seconds of work.
pub const STEP_BUDGET: u64 = 60_000_000;
/// Events of one attempt: many times those of a run that nobody touches. An attempt that makes more has drowned the
/// system and is given up.
const ATTEMPT_BUDGET: u64 = 10_000_000;

/// Tries every control that the learner may touch, by itself, against the goals of each step and against each challenge,
/// under the lesson's own seed.
pub fn try_all(lesson: &Lesson) -> Tried {
    let mut tried = Tried::default();
    let Ok(spec) = lesson.spec() else { return tried };
    for (index, step) in lesson.steps.iter().enumerate() {
        if let Err(sentence) = try_step(lesson, index, spec, &mut tried) {
            tried.problems.push(Problem::new(step.scene.line, sentence));
        }
        for part in &step.parts {
            let Part::Challenge(challenge) = part else { continue };
            if let Err(sentence) = try_challenge(lesson, challenge, &mut tried) {
                tried.problems.push(Problem::new(challenge.line, sentence));
            }
        }
    }
    tried
}

fn try_step(lesson: &Lesson, index: usize, spec: &ScenarioSpec, tried: &mut Tried) -> Result<(), String> {
    let step = &lesson.steps[index];
    let goals =
        step.parts.iter().filter_map(|part| if let Part::Goal(goal) = part { Some(goal.test) } else { None });
    let tests: Vec<Test> = goals.collect();
    if tests.is_empty() {
        return Ok(());
    }
    let base = lesson.story(index)?;
    let fixes = single(lesson, index, &base, spec);
    let (met, played) = tried.of(lesson, &base, &fixes, (&tests, lesson.clock(index)))?;
    if played < fixes.len() {
        return Err(format!(
            "of {} single changes that might meet the goals without what is taught {played} were tried, which took {STEP_BUDGET} events, all that a step may take; lock what it does not need, or let it begin later",
            fixes.len()
        ));
    }
    told(&met, "meets every goal without what is taught", "ask for more, or lock it")
}

fn try_challenge(lesson: &Lesson, challenge: &Challenge, tried: &mut Tried) -> Result<(), String> {
    let base = lesson.challenge(challenge)?;
    let fixes = short(lesson, challenge, &base);
    // Everything is open in a challenge: that it takes long to try is no mistake of its author.
    let judged = (challenge.tests.as_slice(), challenge.setup.begin);
    let (met, played) = tried.of(lesson, &base, &fixes, judged).unwrap_or_default();
    tried.untried += fixes.len() - played;
    match challenge.solution.len() {
        0 | 1 => told(&met, "meets the challenge by undoing how it begins", "ask for more, or lock it"),
        count => told(
            &met,
            &format!("meets the challenge, whose solution takes {count} changes"),
            "ask for more, lock it, or make it the solution",
        ),
    }
}

impl Tried {
    /// Plays `fixes` one by one on top of `base`, until there are too many events. Gives those that meet all tests from a
    /// moment on, as attempts are written, and how many were played.
    fn of(
        &mut self,
        lesson: &Lesson,
        base: &Replay,
        fixes: &[Fix],
        (tests, from): (&[Test], SimTime),
    ) -> Result<(Vec<String>, usize), String> {
        let at = |fix: &Fix| if let Fix::Input(timed) = fix { Some(timed.at) } else { None };
        let mut runs = Runs::new(lesson.wanted(), ATTEMPT_BUDGET).forking_at(fixes.iter().filter_map(at));
        let mut met = Vec::new();
        // What is met already is told by the proof, and says nothing about attempts.
        if fixes.is_empty() || runs.meets(base, tests, from)? {
            return Ok((met, fixes.len()));
        }
        for (played, fix) in fixes.iter().enumerate() {
            if runs.spent() >= STEP_BUDGET {
                return Ok((met, played));
            }
            let mut replay = base.clone();
            goal::attempt(&mut replay, std::slice::from_ref(fix))?;
            self.attempts += 1;
            match runs.meets(&replay, tests, from) {
                Ok(true) => met.push(spell(fix, base.spec())),
                Ok(false) => {}
                Err(_) => self.given_up += 1,
            }
        }
        Ok((met, fixes.len()))
    }
}

/// The sentence about attempts that have met what they should not, if there are any.
fn told(met: &[String], what: &str, cure: &str) -> Result<(), String> {
    let Some((first, others)) = met.split_first() else { return Ok(()) };
    let others = match others.len() {
        0 => String::new(),
        1 => String::from(", and so does another single change"),
        count => format!(", and so do {count} other single changes"),
    };
    Err(format!("\"{first}\" alone {what}{others}; {cure}"))
}

/// As attempts are written.
pub(crate) fn spell(fix: &Fix, spec: &ScenarioSpec) -> String {
    match fix {
        Fix::Start(param, value) => spec.spell(&Input::Change { param: *param, value: *value }),
        Fix::Input(Timed { at, input }) => format!("{} {}", moment(*at, spec), spec.spell(input)),
    }
}

#[cfg(test)]
mod tests;

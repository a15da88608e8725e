//! Attempts to meet the goals of a step without what it teaches: every control that the learner may touch, by itself.

use warstories_sim::{Domain, Input, Replay, ScenarioSpec, SimTime};

use crate::goal;
use crate::lesson::{Control, Fix, Lesson, Part, Timed};
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
    let values = base.values(begin);
    let acted = scene.solution.iter().find_map(|fix| match fix {
        Fix::Input(timed) if timed.at > begin => Some(timed.at),
        _ => None,
    });
    let is_free =
        |control: Control| lesson.is_unlocked(step, control) && !teaches(lesson, step, control, spec);
    let mut fixes = Vec::new();
    for (param, known) in spec.params.iter().enumerate().filter(|(param, _)| is_free(Control::Param(*param)))
    {
        let now = values[param];
        let mut values = known.extremes();
        match known.domain {
            Domain::Integer { .. } | Domain::Number { .. } if now == 0.0 => values.extend(POWERS),
            Domain::Integer { .. } => values.extend([now * 2.0, (now / 2.0).round()]),
            Domain::Number { .. } => values.extend([now * 2.0, now / 2.0]),
            Domain::Switch | Domain::Choice(_) => {}
        }
        values.retain(|value| *value != now && known.allows(*value));
        values.sort_by(f64::total_cmp);
        values.dedup();
        let starts = begin == SimTime::ZERO && lesson.first_of_run(step) == step;
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

/// What became of the attempts on a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// Goals that are met without what is taught, and steps of which not everything could be tried.
    pub problems: Vec<Problem>,
    /// Attempts that were played.
    pub attempts: usize,
    /// Those of them that made too many events and were given up.
    pub given_up: usize,
}

/// Events that all attempts on the goals of one step may make: some seconds of work.
pub const STEP_BUDGET: u64 = 60_000_000;
/// Events of one attempt: many times those of a run that nobody touches. An attempt that makes more has drowned the
/// system and is given up.
const ATTEMPT_BUDGET: u64 = 10_000_000;

/// Tries every control that the learner may touch, by itself, against the goals of each step, under the lesson's own
/// seed.
pub fn try_all(lesson: &Lesson) -> Tried {
    let mut tried = Tried::default();
    let Ok(spec) = lesson.spec() else { return tried };
    for step in 0..lesson.steps.len() {
        if let Err(sentence) = try_step(lesson, step, spec, &mut tried) {
            tried.problems.push(Problem::new(lesson.steps[step].scene.line, sentence));
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
    let at = |fix: &Fix| if let Fix::Input(timed) = fix { Some(timed.at) } else { None };
    let mut runs = Runs::new(lesson.wanted(), ATTEMPT_BUDGET).forking_at(fixes.iter().filter_map(at));
    // A goal that is met already is told by the proof, and says nothing about attempts.
    if runs.meets(&base, &tests, lesson.clock(index))? {
        return Ok(());
    }
    let mut met = Vec::new();
    for (played, fix) in fixes.iter().enumerate() {
        if runs.spent() >= STEP_BUDGET {
            return Err(format!(
                "of {} single changes that might meet the goals without what is taught {played} were tried, which took {STEP_BUDGET} events, all that a step may take; lock what it does not need, or let it begin later",
                fixes.len()
            ));
        }
        let mut replay = base.clone();
        goal::attempt(&mut replay, std::slice::from_ref(fix))?;
        tried.attempts += 1;
        let Ok(is_met) = runs.meets(&replay, &tests, lesson.clock(index)) else {
            tried.given_up += 1;
            continue;
        };
        if is_met {
            met.push(spell(fix, spec));
        }
    }
    if let Some((first, others)) = met.split_first() {
        let others = match others.len() {
            0 => String::new(),
            1 => String::from(", and so does another single change"),
            count => format!(", and so do {count} other single changes"),
        };
        tried.problems.push(Problem::new(
            step.scene.line,
            format!(
                "\"{first}\" alone meets every goal without what is taught{others}; ask for more, or lock it"
            ),
        ));
    }
    Ok(())
}

/// As attempts are written.
fn spell(fix: &Fix, spec: &ScenarioSpec) -> String {
    match fix {
        Fix::Start(param, value) => spec.spell(&Input::Change { param: *param, value: *value }),
        Fix::Input(Timed { at, input }) => format!("{} {}", moment(*at, spec), spec.spell(input)),
    }
}

#[cfg(test)]
mod tests;

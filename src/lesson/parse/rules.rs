//! What the parts of a lesson owe each other, seen without playing it.

use warstories_sim::{Input, SimTime};

use super::table::Book;
use super::value::control_id;
use crate::lesson::{Control, Fix, Lesson, Part, Scene, Step};

/// Reports every step that cannot be played as it is written.
pub(super) fn check(lesson: &Lesson, book: &mut Book) {
    let mut held: Vec<Control> = lesson.open.clone();
    let mut offered: Vec<Control> = Vec::new();
    let mut clock = SimTime::ZERO;
    for (index, step) in lesson.steps.iter().enumerate() {
        let scene = &step.scene;
        if let Some(setup) = &scene.fresh {
            (clock, offered) = (setup.begin, Vec::new());
        }
        // The learner may act from where the clock stood when the step began.
        let from = clock;
        if let Some(until) = scene.until {
            if until <= clock && scene.fresh.is_none() {
                let at = book.spec.clock.label(clock);
                book.report(
                    scene.line,
                    format!("until is not after {at}, where the clock stands already; write a later time"),
                );
            }
            clock = clock.max(until);
        }
        held.extend(&scene.unlock);
        held.retain(|control| !scene.lock.contains(control));
        for part in &step.parts {
            if let Part::Vote(vote) = part {
                offered.extend(
                    vote.options.iter().flat_map(|option| &option.inputs).map(|input| of(input.input)),
                );
            }
        }
        let begins = index == 0 || scene.fresh.is_some();
        attempts(scene, begins, from, &[held.as_slice(), offered.as_slice()].concat(), book);
        goals(step, book);
    }
}

/// The parameter or action that an input uses.
pub(crate) fn of(input: Input) -> Control {
    match input {
        Input::Change { param, .. } => Control::Param(param),
        Input::Action(action) => Control::Action(action),
    }
}

fn attempts(scene: &Scene, begins: bool, begin: SimTime, held: &[Control], book: &mut Book) {
    for fix in scene.solution.iter().chain(scene.withheld.iter().flatten()) {
        let control = match *fix {
            Fix::Start(param, _) => {
                if !begins {
                    let id = book.spec.params[param].id;
                    book.report(scene.line, format!("the run goes on from the step before, so {id} has no start value here; write \"TIME {id}=…\", or begin = \"…\" for a new run"));
                }
                Control::Param(param)
            }
            Fix::Input(timed) => {
                if timed.at < begin {
                    let (at, begin) = (book.spec.clock.label(timed.at), book.spec.clock.label(begin));
                    book.report(scene.line, format!("an attempt acts at {at}, before the learner's clock, which stands at {begin}; write a later time"));
                }
                of(timed.input)
            }
        };
        if !held.contains(&control) {
            let id = control_id(control, book.spec);
            book.report(
                scene.line,
                format!(
                    "an attempt uses {id}, which the learner cannot touch here; write unlock = [\"{id}\"]"
                ),
            );
        }
    }
    for control in &scene.taught {
        let uses = |fix: &Fix| match *fix {
            Fix::Start(param, _) => Control::Param(param) == *control,
            Fix::Input(timed) => of(timed.input) == *control,
        };
        if !scene.solution.iter().any(uses) {
            let id = control_id(*control, book.spec);
            book.report(
                scene.line,
                format!(
                    "{id} is taught but the solution does without it; use it there or leave it out of taught"
                ),
            );
        }
    }
}

fn goals(step: &Step, book: &mut Book) {
    let goals = step.parts.iter().filter(|part| matches!(part, Part::Goal(_))).count();
    let scene = &step.scene;
    if goals > 0 && scene.solution.is_empty() {
        book.report(
            scene.line,
            "the step has a goal but no solution; write solution = [\"TIME parameter=value\"] in its scene",
        );
    }
    if goals == 0 && !(scene.solution.is_empty() && scene.withheld.is_empty() && scene.taught.is_empty()) {
        book.report(
            scene.line,
            "the step has attempts but no goal that would tell whether they succeed; write a block ```goal",
        );
    }
}

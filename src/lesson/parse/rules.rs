//! What the parts of a lesson owe each other, seen without playing it.

use std::collections::BTreeSet;

use warstories_sim::SimTime;
use warstories_sim::probe::{MAX_FOLLOWED, MAX_PROBES};

use super::doubt;
use super::table::Diagnostics;
use super::value::control_id;
use crate::lesson::{Collect, Control, Fix, Lesson, Part, Scene, Step, Timed, Vote};
use crate::points;

/// Reports every step that cannot be played as it is written.
pub(super) fn check(lesson: &Lesson, diagnostics: &mut Diagnostics) {
    memory(lesson, diagnostics);
    let mut held: Vec<Control> = lesson.open.clone();
    let mut ever: Vec<Control> = lesson.open.clone();
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
                let at = diagnostics.spec.clock.label(clock);
                diagnostics.report(
                    scene.line,
                    format!("until is not after {at}, where the clock stands already; write a later time"),
                );
            }
            clock = clock.max(until);
        }
        held.extend(&scene.unlock);
        held.retain(|control| !scene.lock.contains(control));
        ever.extend(&scene.unlock);
        for part in &step.parts {
            if let Part::Collect(collect) = part {
                collected(collect, from, &held, diagnostics);
            }
            if let Part::Vote(vote) = part {
                self::vote(vote, clock, &ever, diagnostics);
                offered.extend(vote.options.iter().flat_map(|option| &option.inputs).map(Timed::control));
            }
        }
        let begins = index == 0 || scene.fresh.is_some();
        repeated(lesson, step, diagnostics);
        attempts(scene, begins, from, &[held.as_slice(), offered.as_slice()].concat(), diagnostics);
        goals(step, diagnostics);
    }
}

/// What a run can remember is bounded.
fn memory(lesson: &Lesson, diagnostics: &mut Diagnostics) {
    let (mut moments, mut followed) = (BTreeSet::new(), BTreeSet::new());
    let mut over = (None, None);
    lesson.measures(&mut |measure| {
        moments.extend(measure.moments());
        if moments.len() > MAX_PROBES {
            over.0.get_or_insert(measure.line);
        }
    });
    if let Some((_, collect)) = lesson.collects().next() {
        moments.extend(points::moments(diagnostics.spec));
        if moments.len() > MAX_PROBES {
            over.0.get_or_insert(collect.line);
        }
    }
    lesson.tests(&mut |test| {
        followed.extend(test.measure.followed());
        if followed.len() > MAX_FOLLOWED {
            over.1.get_or_insert(test.measure.line);
        }
    });
    if let Some(line) = over.0 {
        let count = moments.len();
        diagnostics.report(line, format!("the lesson measures at {count} moments, and a run remembers {MAX_PROBES}; measure more often at the same moments from here on"));
    }
    if let Some(line) = over.1 {
        let count = followed.len();
        diagnostics.report(line, format!("the lesson tests {count} metrics without a moment, and a run follows {MAX_FOLLOWED}; write at TIME behind some of them"));
    }
}

/// The inputs that collect all points can be made by the learner.
fn collected(collect: &Collect, begin: SimTime, held: &[Control], diagnostics: &mut Diagnostics) {
    for timed in &collect.solution {
        let id = control_id(timed.control(), diagnostics.spec);
        if !held.contains(&timed.control()) {
            diagnostics.report(
                collect.line,
                format!("the solution of collect uses {id}, which the learner cannot touch here; write unlock = [\"{id}\"] in the scene"),
            );
        }
        if timed.at < begin {
            let [at, begin] = [timed.at, begin].map(|at| diagnostics.spec.clock.label(at));
            diagnostics.report(
                collect.line,
                format!("the solution of collect acts at {at}, before the step, which begins at {begin}; write a later time"),
            );
        }
    }
}

fn attempts(scene: &Scene, begins: bool, begin: SimTime, held: &[Control], diagnostics: &mut Diagnostics) {
    for fix in scene.solution.iter().chain(scene.withheld.iter().flatten()) {
        match fix {
            Fix::Start(param, _) => {
                if !begins {
                    let id = diagnostics.spec.params[*param].id;
                    diagnostics.report(scene.line, format!("the run goes on from the step before, so {id} has no start value here; write \"TIME {id}=…\", or begin = \"…\" for a new run"));
                }
            }
            Fix::Input(timed) => {
                if timed.at < begin {
                    let (at, begin) =
                        (diagnostics.spec.clock.label(timed.at), diagnostics.spec.clock.label(begin));
                    diagnostics.report(scene.line, format!("an attempt acts at {at}, before the learner's clock, which stands at {begin}; write a later time"));
                }
            }
        }
        let control = fix.control();
        if !held.contains(&control) {
            let id = control_id(control, diagnostics.spec);
            diagnostics.report(
                scene.line,
                format!(
                    "an attempt uses {id}, which the learner cannot touch here; write unlock = [\"{id}\"]"
                ),
            );
        }
    }
    for control in &scene.taught {
        if !scene.solution.iter().any(|fix| fix.control() == *control) {
            let id = control_id(*control, diagnostics.spec);
            diagnostics.report(
                scene.line,
                format!(
                    "{id} is taught but the solution does without it; use it there or leave it out of taught"
                ),
            );
        }
    }
}

/// A way to go on begins where the team decides, and whatever it needs can be done by then.
fn vote(vote: &Vote, clock: SimTime, ever: &[Control], diagnostics: &mut Diagnostics) {
    for option in &vote.options {
        if let Some(input) = option.inputs.iter().find(|input| input.at < clock) {
            let (at, clock) = (diagnostics.spec.clock.label(input.at), diagnostics.spec.clock.label(clock));
            diagnostics.report(
                vote.line,
                format!(
                    "a way to go on acts at {at}, but the team decides at {clock}; write that or a later time"
                ),
            );
        }
        let needs = option.needs.map(Control::Action).filter(|needs| !ever.contains(needs));
        if let Some(needs) = needs {
            let id = control_id(needs, diagnostics.spec);
            diagnostics.report(vote.line, format!("a way to go on needs {id}, which the learner can never take; write unlock = [\"{id}\"] in a scene up to here"));
        }
    }
}

/// Goals, tests of a challenge and challenges that stand twice in a step.
fn repeated(lesson: &Lesson, step: &Step, diagnostics: &mut Diagnostics) {
    let mut asked = Vec::new();
    for part in &step.parts {
        match part {
            Part::Goal(goal) => asked.push((goal.test.print(diagnostics.spec), goal.test.measure.line)),
            Part::Challenge(challenge) => {
                let mut all =
                    lesson.challenge(challenge).map_or_else(|sentence| sentence, |run| run.print(None));
                for control in &challenge.lock {
                    all += control_id(*control, diagnostics.spec);
                }
                for test in &challenge.tests {
                    let words = test.print(diagnostics.spec);
                    all += &words;
                    asked.push((format!("{} {words}", challenge.line), test.measure.line));
                }
                asked.push((all, challenge.line));
            }
            _ => {}
        }
    }
    doubt::once(&asked, "asks", diagnostics);
}

fn goals(step: &Step, diagnostics: &mut Diagnostics) {
    let goals = step.parts.iter().filter(|part| matches!(part, Part::Goal(_))).count();
    let scene = &step.scene;
    if goals > 0 && scene.solution.is_empty() {
        diagnostics.report(
            scene.line,
            "the step has a goal but no solution; write solution = [\"TIME parameter=value\"] in its scene",
        );
    }
    if goals > 0 && !scene.solution.is_empty() && scene.taught.is_empty() && scene.withheld.is_empty() {
        diagnostics.report(
            scene.line,
            "the step has a goal but does not say what it teaches; write taught = [\"parameter\"], what the solution cannot do without, or withheld, attempts that fail",
        );
    }
    if goals == 0 && !(scene.solution.is_empty() && scene.withheld.is_empty() && scene.taught.is_empty()) {
        diagnostics.report(
            scene.line,
            "the step has attempts but no goal that would tell whether they succeed; write a block ```goal",
        );
    }
}

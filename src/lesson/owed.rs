//! What a lesson owes those who learn from it, seen without playing it: parts of bearable length, in each of which they
//! look, explain and try, and questions that cannot be answered by their form.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::lesson::{Act, Lesson, Part, Text};
use crate::parse::spoken;
use crate::problem::Problem;

/// Questions with a right answer from which on their answers must not follow a pattern.
const MANY: usize = 4;
/// First words by which one may know a right answer without the rest.
const TELLING: [&str; 5] = ["none", "nothing", "all", "both", "as before"];
/// Places among options; there are at most eight.
const PLACES: [&str; 8] = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

/// Everything that the lesson owes and does not have, in order of lines.
pub fn owed(lesson: &Lesson) -> Vec<Problem> {
    let mut problems: Vec<Problem> = minutes(lesson).into_iter().collect();
    let is_cut = lesson.steps.iter().any(|step| step.scene.act.is_some());
    // Steps that belong to no act have been told of.
    for (act, steps) in lesson.acts().into_iter().filter(|(act, _)| act.is_some() || !is_cut) {
        problems.extend(self::act(lesson, act, steps));
    }
    problems.extend(patterns(lesson));
    Problem::in_order(problems)
}

/// Whether the lesson is cut into acts, and how long they are.
fn minutes(lesson: &Lesson) -> Option<Problem> {
    let acts: Vec<&Act> = lesson.steps.iter().filter_map(|step| step.scene.act.as_ref()).collect();
    let first = lesson.steps.first()?;
    let most = Act::MOST_MINUTES;
    let sentence = if acts.is_empty() {
        if lesson.minutes <= most {
            return None;
        }
        format!(
            "the lesson takes {} minutes and has no acts; write act = {{ title = \"…\", minutes = {most} }} in the scene of this step, and of each at which another act begins",
            lesson.minutes
        )
    } else if first.scene.act.is_none() {
        String::from(
            "the first step belongs to no act; write act = { title = \"…\", minutes = 18 } in its scene",
        )
    } else {
        let sum: u32 = acts.iter().map(|act| act.minutes).sum();
        if sum == lesson.minutes {
            return None;
        }
        format!(
            "the acts take {sum} minutes together, and the front matter says {}; mend one of the two",
            lesson.minutes
        )
    };
    Some(Problem::new(first.scene.line, sentence))
}

/// What there must be in an act, or in a lesson without acts.
fn act(lesson: &Lesson, act: Option<&Act>, steps: Range<usize>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Some([first, .., last] | [first @ last]) = lesson.steps.get(steps.clone()) else { return problems };
    let name = act.map_or_else(|| String::from("the lesson"), |act| format!("the act \"{}\"", act.title));
    let has =
        |is_it: fn(&Part) -> bool| lesson.steps[steps.clone()].iter().flat_map(|step| &step.parts).any(is_it);
    if !has(|part| matches!(part, Part::Observe(_))) {
        problems.push(Problem::new(
            first.scene.line,
            format!("{name} never asks what was seen; write a block ```observe"),
        ));
    }
    if !has(|part| matches!(part, Part::Explain(_))) {
        problems.push(Problem::new(
            first.scene.line,
            format!(
                "{name} never asks for an explanation in the learner's own words; write a block ```explain"
            ),
        ));
    }
    if !last.parts.iter().any(|part| matches!(part, Part::Goal(_) | Part::Challenge(_))) {
        problems.push(Problem::new(
            last.scene.line,
            format!(
                "{name} ends without anything to try; write a block ```goal or ```challenge in this step"
            ),
        ));
    }
    problems
}

/// The right answer of a question.
struct Right<'l> {
    line: usize,
    place: usize,
    is_last: bool,
    text: &'l Text,
}

/// By what the right answers could be known without understanding.
fn patterns(lesson: &Lesson) -> Vec<Problem> {
    let Ok(spec) = lesson.spec() else { return Vec::new() };
    let parts = lesson.steps.iter().flat_map(|step| &step.parts);
    let rights: Vec<Right<'_>> = parts
        .filter_map(|part| {
            let (line, place, options, text) = match part {
                Part::Predict(predict) => {
                    let option = predict.options.get(predict.answer)?;
                    (predict.line, predict.answer, predict.options.len(), &option.text)
                }
                Part::Quiz(quiz) => {
                    (quiz.line, quiz.answer, quiz.options.len(), &quiz.options.get(quiz.answer)?.text)
                }
                _ => return None,
            };
            Some(Right { line, place, is_last: place + 1 == options, text })
        })
        .collect();
    let all = rights.len();
    if all < MANY {
        return Vec::new();
    }
    let mut problems = Vec::new();
    // The last question that follows a pattern is where it is told.
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut wordings: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for right in &rights {
        places.entry(PLACES.get(right.place).copied().unwrap_or("last")).or_default().push(right.line);
        if right.is_last {
            places.entry("last").or_default().push(right.line);
        }
        let words = plainly(&spoken(right.text, spec));
        let telling = TELLING.iter().find(|word| begins(&words, word));
        if let Some(word) = telling.filter(|word| **word != words) {
            wordings.entry((*word).to_owned()).or_default().push(right.line);
        }
        wordings.entry(words).or_default().push(right.line);
    }
    let worst = |lists: Vec<&Vec<usize>>| lists.into_iter().map(Vec::len).max().unwrap_or_default();
    let most = worst(places.values().collect());
    if let Some((place, lines)) = places.iter().find(|(_, lines)| lines.len() == most && 2 * most > all) {
        problems.push(Problem::new(
            lines.last().copied().unwrap_or(1),
            format!("{most} of {all} right answers stand {place}; move the right one among the options of this question or another"),
        ));
    }
    let most = worst(wordings.values().collect());
    if let Some((words, lines)) = wordings.iter().find(|(_, lines)| lines.len() == most && 3 * most > all) {
        let words = warstories_sim::suggest::shortened(words);
        problems.push(Problem::new(
            lines.last().copied().unwrap_or(1),
            format!("{most} of {all} right answers say \"{words}\"; ask this question or another so that the answer reads differently"),
        ));
    }
    problems
}

/// Words in lower case, without punctuation and without marks inside of numbers.
fn plainly(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let kept = word.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase);
        kept.collect::<String>()
    });
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn begins(words: &str, with: &str) -> bool {
    words.strip_prefix(with).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

use super::{SEED_BUDGET, prove_within, rounded};
use crate::glossary::Glossary;
use crate::lesson::Lesson;
use crate::parse::read;

fn lesson(introduction: &str, steps: &str) -> Lesson {
    let front =
        "title = \"Numbers\"\nsummary = \"Some runs.\"\nscenario = \"queueing_lab\"\nminutes = 5\nseed = 1";
    read(&format!("+++\n{front}\n+++\n{introduction}\n\n{steps}"), &Glossary::default()).expect("a lesson")
}

#[test]
fn a_number_of_the_introduction_is_one_of_the_first_run() {
    let silent = lesson("It was `= mean wait_ms at 0 as 0.0`.", "## One\nProse.\n");
    let problems = prove_within(&silent, 0, SEED_BUDGET).problems;
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    assert!(problem.sentence.contains("has nothing to say"), "{problem:?}");
}

#[test]
fn a_step_is_proven_only_while_the_runs_before_it_made_few_enough_events() {
    let lesson = lesson("Before.", "## One\n`= done at 20`\n\n## Two\n`= done at 40`\n");
    assert_eq!(prove_within(&lesson, 0, SEED_BUDGET).problems, []);
    let refused = prove_within(&lesson, 0, 0).problems;
    let [problem] = &refused[..] else { panic!("{refused:?}") };
    assert_eq!(problem.line, lesson.steps[1].line);
    let spent = problem.sentence.split(' ').find_map(|word| word.parse().ok()).expect("events");
    assert_eq!(prove_within(&lesson, 0, spent).problems, [], "{spent} events");
    assert_eq!(prove_within(&lesson, 0, spent - 1).problems.len(), 1, "{spent} events");
}

#[test]
fn a_number_is_told_to_four_places_without_needless_zeros() {
    assert_eq!([2.0, 2.5, -0.12345, 100.0, 0.0].map(rounded), ["2", "2.5", "-0.1235", "100", "0"]);
}

//! What a lesson owes those who learn from it: acts of bearable length, and answers that cannot be guessed by their form.

use warstories_lesson::lesson::{Lesson, Part};
use warstories_lesson::owed::owed;
use warstories_lesson::parse::read;
use warstories_lesson::{Glossary, Problem, check};

const FRONT: &str = "title = \"T\"\nsummary = \"S.\"\nscenario = \"queueing_lab\"\n";
const SEEN: &str = "```observe\nquestion = \"What did you see?\"\n[[statement]]\ntext = \"Many came.\"\ntest = \"arrived at 60 >= 100\"\nholds = true\nbecause = \"They did.\"\n[[statement]]\ntext = \"Nobody came.\"\ntest = \"arrived at 60 <= 0\"\nbecause = \"They did.\"\n```\n";
const SAID: &str = "```explain\nquestion = \"Why?\"\nours = \"By chance.\"\n```\n";
const TRIED: &str = "```challenge\ntext = \"Hurry.\"\ntests = [\"mean sojourn_ms at 600 <= 80\"]\npar = 1\nsolution = [\"service_ms=10\"]\n```\n";

fn lesson(front: &str, steps: &str) -> Lesson {
    read(&format!("+++\n{FRONT}{front}\n+++\n{steps}"), &Glossary::default())
        .unwrap_or_else(|problems| panic!("{problems:?}\n{steps}"))
}

fn scene(act: &str) -> String {
    format!("```scene\n{act}\nwatch = [\"waiting\"]\nbegin = 0\n```\n")
}

fn sentences(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.sentence.as_str()).collect()
}

#[test]
fn a_lesson_of_two_acts_has_in_each_what_one_sees_says_and_tries() {
    let act =
        |title: &str, minutes: u32| scene(&format!("act = {{ title = \"{title}\", minutes = {minutes} }}"));
    let (night, morning) = (act("Night", 18), act("Morning", 12));
    let whole = format!("## One\n{night}{SEEN}## Two\n{SAID}{TRIED}## Three\n{morning}{SEEN}{SAID}{TRIED}");
    let both = lesson("minutes = 30", &whole);
    assert_eq!(check::prove(&both, 2, || {}), []);
    let acts: Vec<_> =
        both.acts().into_iter().map(|(act, steps)| (act.map(|act| act.title.as_str()), steps)).collect();
    assert_eq!(acts, [(Some("Night"), 0..2), (Some("Morning"), 2..3)]);

    let cases = [
        (whole.clone(), "minutes = 31", 8, "the acts take 30 minutes together, and the front matter says 31"),
        (
            whole.replace(&night, &scene("")),
            "minutes = 12",
            8,
            "the first step belongs to no act; write act = ",
        ),
        (
            whole.replace(&format!("{night}{SEEN}"), &night),
            "minutes = 30",
            8,
            "the act \"Night\" never asks what was seen; write a block ```observe",
        ),
        (
            whole.replace(&format!("{SAID}{TRIED}## Three"), &format!("{TRIED}## Three")),
            "minutes = 30",
            8,
            "the act \"Night\" never asks for an explanation in the learner's own words",
        ),
        (
            whole.replace(&format!("{SAID}{TRIED}## Three"), &format!("{SAID}## Three")),
            "minutes = 30",
            25,
            "the act \"Night\" ends without anything to try; write a block ```goal or ```challenge",
        ),
    ];
    for (steps, front, line, sentence) in cases {
        let problems = owed(&lesson(front, &steps));
        let [problem] = &problems[..] else { panic!("{sentence}: {problems:?}") };
        assert!(
            problem.line == line && problem.sentence.starts_with(sentence),
            "{line}: {sentence}: {problem:?}"
        );
    }
}

#[test]
fn a_lesson_without_acts_is_one_and_has_to_be_short() {
    let steps = format!("## One\n{SEEN}{SAID}{TRIED}");
    assert_eq!(owed(&lesson("minutes = 20", &steps)), []);
    let long = owed(&lesson("minutes = 21", &steps));
    assert!(long[0].sentence.starts_with("the lesson takes 21 minutes and has no acts"), "{long:?}");
    let bare = owed(&lesson("minutes = 20", "## One\nProse.\n"));
    assert_eq!(bare.len(), 3, "{bare:?}");
    assert!(sentences(&bare).iter().all(|sentence| sentence.starts_with("the lesson ")));
}

/// A quiz whose right option says `right` and stands at `place` of three.
fn quiz(place: usize, right: &str) -> String {
    let option = |at: usize| {
        let (text, answer) =
            if at == place { (right.to_owned(), "answer = true\n") } else { (format!("other {at}"), "") };
        format!("[[option]]\ntext = \"{text}\"\nbecause = \"So.\"\n{answer}")
    };
    format!(
        "```quiz\nquestion = \"Which?\"\nkeep_order = true\n{}```\n",
        (0..3).map(option).collect::<String>()
    )
}

fn patterns(places: &[usize], rights: &[&str]) -> Vec<Problem> {
    let quizzes = places.iter().zip(rights).map(|(place, right)| quiz(*place, right));
    owed(&lesson("minutes = 5", &format!("## One\n{SEEN}{SAID}{TRIED}{}", quizzes.collect::<String>())))
}

#[test]
fn right_answers_stand_at_no_place_more_often_than_at_all_others() {
    let words = ["a", "b", "c", "d", "e", "f"];
    assert_eq!(patterns(&[0, 0, 1, 2], &words), [], "half of them");
    assert_eq!(patterns(&[2, 2, 2], &words), [], "too few to see a pattern");
    let first = patterns(&[0, 1, 0, 0], &words);
    assert!(
        first[0].sentence.starts_with("3 of 4 right answers stand first; move the right one"),
        "{first:?}"
    );
    let second = patterns(&[1, 1, 0, 1, 1, 2], &words);
    assert!(second[0].sentence.starts_with("4 of 6 right answers stand second"), "{second:?}");
    let last = patterns(&[2, 0, 2, 2], &words);
    assert!(last[0].sentence.starts_with("3 of 4 right answers stand last"), "{last:?}");
}

#[test]
fn right_answers_do_not_read_alike() {
    let places = [0, 1, 2, 0, 1, 2];
    assert_eq!(patterns(&places, &["a", "b", "c", "d", "a", "e"]), [], "a third of them");
    for (rights, what) in [
        (["47,000!", "b", "47 000", "c", "d", "47'000"], ""),
        (["None", "b", "none: all wait", "c", "d", "None, as they wait"], "none"),
        (["As before", "b", "as before, half", "c", "d", "As before: none"], "as before"),
        (["It grew.", "b", "it GREW", "c", "d", "It grew"], "it grew"),
    ] {
        let found = patterns(&places, &rights);
        if what.is_empty() {
            // "47 000" is two words; the others are one.
            assert_eq!(found, [], "{rights:?}");
            continue;
        }
        let [problem] = &found[..] else { panic!("{rights:?}: {found:?}") };
        assert!(
            problem.sentence.starts_with(&format!("3 of 6 right answers say \"{what}\"; ask this question")),
            "{problem:?}"
        );
    }
    let numbers = patterns(&places, &["47,000", "b", "47000", "c", "d", "47'000."]);
    assert!(numbers[0].sentence.starts_with("3 of 6 right answers say \"47000\""), "{numbers:?}");
}

fn options(lesson: &Lesson) -> Vec<(Vec<String>, usize)> {
    let parts = lesson.steps.iter().flat_map(|step| &step.parts);
    let shown =
        |text: &warstories_lesson::lesson::Text| warstories_lesson::prose::plain(text, &|_| String::new());
    parts
        .filter_map(|part| match part {
            Part::Quiz(quiz) => {
                Some((quiz.options.iter().map(|option| shown(&option.text)).collect(), quiz.answer))
            }
            _ => None,
        })
        .collect()
}

#[test]
fn the_order_of_options_is_drawn_from_the_seed_and_the_place_of_the_question() {
    let steps = format!("## One\n{}", quiz(0, "right").repeat(12)).replace("keep_order = true\n", "");
    let shown = options(&lesson("minutes = 5\nseed = 7", &steps));
    assert_eq!(shown, options(&lesson("minutes = 5\nseed = 7", &steps)), "everybody sees the same");
    assert_ne!(shown, options(&lesson("minutes = 5\nseed = 8", &steps)), "another seed");
    assert!(shown.iter().any(|(texts, _)| *texts != shown[0].0), "another place");
    for (texts, answer) in &shown {
        assert_eq!(texts[*answer], "right");
        let mut sorted = texts.clone();
        sorted.sort();
        assert_eq!(sorted, ["other 1", "other 2", "right"]);
    }
    let kept = options(&lesson("minutes = 5\nseed = 7", &format!("## One\n{}", quiz(0, "right").repeat(12))));
    assert!(kept.iter().all(|(_, answer)| *answer == 0));
}

/// Over many lessons and questions each place holds the right answer equally often: a third, within four standard
/// errors, sqrt(p (1 − p) / n).
#[test]
fn no_place_is_drawn_more_often_than_another() {
    let steps = format!("## One\n{}", quiz(0, "right").repeat(30)).replace("keep_order = true\n", "");
    let mut counts = [0_u32; 3];
    for seed in 0..40 {
        for (_, answer) in options(&lesson(&format!("minutes = 5\nseed = {seed}"), &steps)) {
            counts[answer] += 1;
        }
    }
    let all = f64::from(counts.iter().sum::<u32>());
    let error = (1.0 / 3.0 * 2.0 / 3.0 / all).sqrt();
    for count in counts {
        assert!((f64::from(count) / all - 1.0 / 3.0).abs() < 4.0 * error, "{counts:?}");
    }
}

/// A statement that is true by chance under one seed is refused by another, and the sentence names both.
#[test]
fn a_statement_that_only_some_seeds_confirm_is_refused() {
    let front = "minutes = 5\nseed = 1";
    let arrived = |least: u64| SEEN.replace(">= 100", &format!(">= {least}"));
    // Between the numbers that the first two seeds bring.
    let counts: Vec<u64> = (1..=2)
        .map(|seed| {
            let link = format!("queueing_lab?seed={seed}");
            let mut run = warstories_sim::scenarios::start(
                warstories_sim::Replay::parse(&link).expect("a link").replay,
            );
            run.advance(warstories_sim::SimTime::from_secs(60), u64::MAX);
            let warstories_sim::Reading::Count(count) = run.read(0) else { panic!("arrived is a count") };
            count
        })
        .collect();
    assert_ne!(counts[0], counts[1]);
    let between = counts[0].max(counts[1]);
    let seen = arrived(between);
    let seen = if counts[0] < between { seen.replace("holds = true\n", "") } else { seen };
    let both = lesson(front, &format!("## One\n{seen}{SAID}{TRIED}"));
    let problems = check::prove(&both, 2, || {});
    let found = sentences(&problems);
    assert!(
        found.iter().any(|sentence| sentence.starts_with("the statement is ")
            && sentence.contains("(seed 1), and ")
            && sentence.ends_with("(seed 2); ask for clearly more or less")),
        "{found:?}"
    );
}

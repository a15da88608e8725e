//! The glossary: how it is read, what is refused, and what a folder of lessons and its glossary owe each other.

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use warstories_lesson::glossary::Reference;
use warstories_lesson::lesson::{Lesson, Part};
use warstories_lesson::parse::glossary::{house, read};
use warstories_lesson::prose::{Block, Inline};
use warstories_lesson::terms::{REQUIRED, introduced, unused};
use warstories_lesson::{Glossary, parse};

const GLOSSARY: &str = "Words of the trade.

## Little's law
Also: L = λW, queueing formula
On average as many are inside
as **arrive** in the time of one stay.
Formula: L = λ × W
Unit: requests
See: [a queue](#/play/queueing_lab?arrivals_per_s=5)
Source: [Little](https://doi.org/10.1287/opre.9.3.383)

## p99
Nobody waits longer, but one in a hundred. See [[Little's law]].
";

fn glossary() -> Glossary {
    read(GLOSSARY).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn an_entry_says_what_its_lines_say() {
    let glossary = glossary();
    assert_eq!(
        glossary.introduction,
        [Block::Paragraph(vec![Inline::Text(String::from("Words of the trade."))])]
    );
    let [law, p99] = &glossary.entries[..] else { panic!("{:?}", glossary.entries) };
    assert_eq!((law.id.as_str(), law.line, law.term.as_str()), ("littles-law", 3, "Little's law"));
    assert_eq!(law.also, ["L = λW", "queueing formula"]);
    assert_eq!((law.formula.as_deref(), law.unit.as_deref()), (Some("L = λ × W"), Some("requests")));
    let reference = |text: &str, to: &str| Reference { text: text.to_owned(), to: to.to_owned() };
    assert_eq!(law.see, [reference("a queue", "#/play/queueing_lab?arrivals_per_s=5")]);
    assert_eq!(law.source, [reference("Little", "https://doi.org/10.1287/opre.9.3.383")]);
    assert_eq!(law.meaning[1], Inline::Strong(vec![Inline::Text(String::from("arrive"))]));
    assert_eq!((p99.formula.as_deref(), p99.see.len()), (None, 0));
    let link = Inline::Term { id: String::from("littles-law"), text: String::from("Little's law") };
    assert!(p99.meaning.contains(&link), "{:?}", p99.meaning);
    for name in ["Little's law", "LITTLE'S LAW", "littles-law", "Queueing Formula"] {
        assert_eq!(glossary.find(name).map(|entry| entry.id.as_str()), Some("littles-law"), "{name}");
    }
    assert_eq!(glossary.find("Little"), None);
}

/// What is replaced, by what, the line of the problem, and part of its sentence.
const CASES: &[(&str, &str, usize, &str)] = &[
    ("## p99\n", "##p99\n", 12, "this is no heading of an entry; write ## p99"),
    ("## p99\n", "## \n", 12, "the entry has no term; write ## term"),
    ("## p99\n", "## **p99**\n", 12, "has marks of emphasis, code or links; write it plainly"),
    ("## p99\n", "## Queueing formula\n", 12, "is a name of \"Little's law\" in line 3 already"),
    ("## p99\n", "## p99\nAlso: p99\n", 12, "\"p99\" is named twice; leave one"),
    ("Also: L = λW, queueing formula", "Also:", 4, "nothing stands behind Also: write Also: another name"),
    ("Nobody waits longer, but one in a hundred. See [[Little's law]].\n", "", 12, "\"p99\" has no meaning"),
    ("Unit: requests\n", "Unit: requests\nUnit: ms\n", 9, "has a second line Unit: leave one"),
    ("arrivals_per_s=5", "arrivals=5", 9, "the link cannot be played: "),
    ("queueing_lab?", "queueing_lap?", 9, "the link cannot be played: "),
    (
        "[a queue](#/play/",
        "[a queue](#/learn/",
        9,
        "See: takes one link and nothing else; write See: [words](#/play/…)",
    ),
    ("https://doi.org", "http://doi.org", 10, "a link goes to https://… or #…"),
    (
        "[Little](https://doi.org/10.1287/opre.9.3.383)",
        "Little",
        10,
        "Source: takes one link and nothing else",
    ),
    (
        "[[Little's law]]",
        "[[Littles law]]",
        13,
        "the glossary has no entry \"Littles law\"; did you mean \"Little's law\"?",
    ),
    ("one in a hundred", "`= mean wait_ms at 5`", 13, "no run stands behind a glossary"),
    ("one in a hundred", "<b>one</b>", 13, "is HTML"),
    ("one in a hundred", "one\u{202E}", 13, "invisible character (U+202E)"),
    ("longer, but", "longer.\n\nBut", 13, "only one paragraph of text fits here"),
    ("Words of the trade.", "# Glossary", 1, "this is no heading of an entry; write ## Glossary"),
    (
        "Words of the trade.",
        "```text\nx\n```",
        1,
        "a glossary begins with its introduction, in plain paragraphs",
    ),
];

#[test]
fn each_broken_glossary_gets_one_clear_sentence_with_its_line() {
    let mut failed = Vec::new();
    for (whole, broken, line, part) in CASES {
        assert_eq!(GLOSSARY.matches(whole).count(), 1, "{whole:?}");
        let problems = read(&GLOSSARY.replace(whole, broken)).err().unwrap_or_default();
        let is_right =
            matches!(&problems[..], [problem] if problem.line == *line && problem.sentence.contains(part));
        if !is_right {
            failed.push(format!("{broken:?}: expected {line}: {part}, found {problems:#?}"));
        }
    }
    let long = GLOSSARY.replace("one in a hundred", &"word ".repeat(60));
    let sentence = &read(&long).expect_err("too long")[0].sentence;
    assert!(sentence.ends_with("has 68 words; one or two sentences have at most 60"), "{sentence}");
    assert!(read("").expect_err("empty")[0].sentence.contains("has no entries; write ## term"));
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn lesson(steps: &str, glossary: &Glossary) -> Lesson {
    let front = "title = \"T\"\nsummary = \"S.\"\nscenario = \"queueing_lab\"\nminutes = 5";
    parse::read(&format!("+++\n{front}\n+++\n{steps}"), glossary)
        .unwrap_or_else(|problems| panic!("{problems:?}\n{steps}"))
}

#[test]
fn a_use_names_its_entry_wherever_a_lesson_tells_something() {
    let text = "## One\nSo **[[little's LAW|the law]]** says, in *one [[p99]]* line\nof a [[queueing\nformula]].\n\n- an [[p99]]\n\n```explain\nquestion = \"Why [[p99]]?\"\nours = \"By [[littles-law|it]].\"\n```\n";
    let lesson = lesson(text, &glossary());
    let term = |id: &str, text: &str| Inline::Term { id: id.to_owned(), text: text.to_owned() };
    let words = |text: &str| Inline::Text(text.to_owned());
    let [Part::Prose(Block::Paragraph(line)), Part::Prose(Block::List { items, .. }), Part::Explain(explain)] =
        &lesson.steps[0].parts[..]
    else {
        panic!("{:?}", lesson.steps[0].parts)
    };
    assert_eq!(
        line,
        &[
            words("So "),
            Inline::Strong(vec![term("littles-law", "the law")]),
            words(" says, in "),
            Inline::Emphasis(vec![words("one "), term("p99", "p99")]),
            words(" line of a "),
            term("littles-law", "queueing formula"),
            words("."),
        ]
    );
    assert_eq!(items[0], [words("an "), term("p99", "p99")]);
    assert_eq!(explain.question, [words("Why "), term("p99", "p99"), words("?")]);
    assert_eq!(explain.ours, [words("By "), term("littles-law", "it"), words(".")]);
}

#[test]
fn every_entry_is_used_by_some_lesson_of_the_folder() {
    let glossary = glossary();
    let [one, both] = [
        "## A\nThe [[p99]].\n",
        "## A\n```explain\nquestion = \"Why?\"\nours = \"**[[Little's law]]**\"\n```\n",
    ]
    .map(|text| lesson(text, &glossary));
    assert_eq!(unused(&glossary, [&one, &both].into_iter()), []);
    let problems = unused(&glossary, [&one].into_iter());
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    assert_eq!(problem.line, 3);
    assert!(
        problem
            .sentence
            .starts_with("no lesson uses \"Little's law\"; write [[Little's law]] in one that does")
    );
}

/// The lesson on queues has to introduce p99 and Little's law, and three more that this glossary does not have.
#[test]
fn a_required_term_is_in_bold_where_it_is_used_first() {
    let glossary = glossary();
    let found = |text: &str| -> Vec<(usize, String)> {
        let problems = introduced("why_queues_explode", &lesson(text, &glossary), &glossary);
        let is_known = |sentence: &&str| !sentence.starts_with("the glossary has no entry with the id");
        assert_eq!(problems.iter().filter(|problem| !is_known(&problem.sentence.as_str())).count(), 3);
        problems
            .into_iter()
            .filter(|problem| is_known(&problem.sentence.as_str()))
            .map(|problem| (problem.line, problem.sentence))
            .collect()
    };
    for text in [
        "## A\n**[[p99]]** and **Little's law**.\n",
        "## A\nThe **queueing formula** and the **99th, or [[p99]]**, then p99 and Little's law.\n",
        "## A\nA `p99` is code, p999 another word: **p99**. \n\n> **[[littles-law|The law]]**\n",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
    let plain = found("## A\n**Little's law**.\n\n## B\nThe p99 here.\n\nThe **p99** there.\n");
    assert_eq!(plain.len(), 1, "{plain:?}");
    assert_eq!(plain[0].0, 9 - 1 + 2, "{plain:?}");
    assert!(
        plain[0].1.starts_with("\"p99\" is used here first, without being introduced; write **[[p99]]**")
    );
    let marked = found(
        "## A\n**Little's law**.\n\n```explain\nquestion = \"The [[p99]]?\"\nours = \"**p99**\"\n```\n",
    );
    assert_eq!((marked.len(), marked[0].0), (1, 10), "{marked:?}");
    let never = found("## A\n**Little's law**.\n");
    assert!(never[0].1.starts_with("this lesson introduces \"p99\" and never uses it"), "{never:?}");
    assert_eq!(introduced("my_lesson", &lesson("## A\nThe p99.\n", &glossary), &glossary), []);
}

#[test]
fn the_glossary_of_the_house_has_every_required_term_and_every_lesson_that_introduces_one() {
    let glossary = house().unwrap_or_else(|problems| panic!("{problems:#?}"));
    let lessons = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons");
    for (term, lesson) in REQUIRED {
        assert!(glossary.entry(term).is_some(), "{term}");
        assert!(lessons.join(format!("{lesson}.md")).is_file(), "{lesson}");
    }
    let mut terms: Vec<_> = REQUIRED.iter().map(|(term, _)| term).collect();
    terms.sort_unstable();
    terms.dedup();
    assert_eq!(terms.len(), REQUIRED.len());
}

#[test]
fn the_lessons_of_the_house_use_every_entry_of_its_glossary() {
    let glossary = house().unwrap_or_else(|problems| panic!("{problems:#?}"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons");
    let mut homes: Vec<&str> = REQUIRED.iter().map(|(_, lesson)| *lesson).collect();
    homes.dedup();
    let lessons: Vec<Lesson> = homes
        .iter()
        .map(|id| {
            let text = std::fs::read_to_string(folder.join(format!("{id}.md"))).expect("a file");
            parse::read(&text, &glossary).unwrap_or_else(|problems| panic!("{id}: {problems:?}"))
        })
        .collect();
    assert_eq!(unused(&glossary, lessons.iter()), []);
}

/// Pieces of glossaries, and what breaks them.
fn piece() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "\n",
        "\r\n",
        "## ",
        "##",
        "# A\n",
        "Also: ",
        "Also:",
        "Formula:",
        "Unit: ms\n",
        "See: ",
        "Source: ",
        "[a](#/play/",
        "queueing_lab",
        "?servers=2",
        ")",
        "[b](https://",
        "[[",
        "]]",
        "|",
        "p99",
        "**",
        "`= ",
        "`",
        "<b>",
        "- ",
        "> ",
        "```\n",
        "---\n",
        "\u{202E}",
        "\0",
        "é",
        "\u{1F600}",
        ",",
        "[x]: https://y\n",
    ]);
    prop_oneof![8 => token.prop_map(str::to_owned), 1 => any::<String>(), 1 => "[ -~]{0,20}"]
}

proptest! {
    // The same cases in every run: what was green stays green.
    #![proptest_config(ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1997),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_glossary_is_read_or_refused_with_lines_that_it_has(
        pieces in prop::collection::vec(piece(), 0..60), begin: bool,
    ) {
        let text = if begin { GLOSSARY.to_owned() + &pieces.concat() } else { pieces.concat() };
        if let Err(problems) = read(&text) {
            let lines = text.split('\n').count();
            prop_assert!(!problems.is_empty() && problems.len() <= 21);
            for problem in problems {
                prop_assert!((1..=lines).contains(&problem.line), "{problem} of {lines}");
                prop_assert!(!problem.sentence.contains(char::is_control) && problem.sentence.len() < 1000, "{problem}");
            }
        }
    }
}

/// A reader that looks each term up in each entry by a copy of its names would need minutes for one of these.
#[test]
fn a_long_glossary_or_lesson_of_one_piece_is_read_or_refused_in_no_time() {
    for piece in ["## a\n", "Also: x\n", "[[", "[[p99]] ", "See: [a](#/play/queueing_lab)\n", "x ", "\n"] {
        let text = format!("{GLOSSARY}{}", piece.repeat((parse::MAX_BYTES - GLOSSARY.len()) / piece.len()));
        let read = read(&text);
        assert!(read.is_err() || piece.trim().is_empty(), "{piece:?}");
    }
    let house = house().unwrap_or_else(|problems| panic!("{problems:?}"));
    for piece in ["[[", "[[p99]] ", "[[nobody]] ", "[[utilization|", "**[[p99]]** "] {
        let begin =
            "+++\ntitle = \"T\"\nsummary = \"S.\"\nscenario = \"queueing_lab\"\nminutes = 5\n+++\n## A\n";
        let text = format!("{begin}{}\n", piece.repeat((parse::MAX_BYTES - begin.len()) / piece.len() - 1));
        assert!(parse::read(&text, &house).is_err(), "{piece:?}");
    }
}

//! No text makes the reader panic, and what it says of any text can be read.

use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use warstories_lesson::Glossary;
use warstories_lesson::parse::{MAX_BYTES, glossary, read};

const LESSON: &str = include_str!("../../../lessons/why_queues_explode.md");

/// The same cases in every run: what was green stays green.
fn fixed(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1997),
        ..ProptestConfig::default()
    }
}

fn house() -> &'static Glossary {
    static HOUSE: OnceLock<Glossary> = OnceLock::new();
    HOUSE.get_or_init(|| glossary::house().expect("a glossary"))
}

fn told_well(text: &str) -> Result<(), TestCaseError> {
    let lines = text.split('\n').count();
    let Err(problems) = read(text, house()) else { return Ok(()) };
    prop_assert!(!problems.is_empty() && problems.len() <= 21);
    prop_assert!(problems.is_sorted_by_key(|problem| problem.line));
    for problem in problems {
        prop_assert!((1..=lines).contains(&problem.line), "{problem} of {lines}");
        let is_hidden = |char: char| char.is_control() || warstories_lesson::problem::is_hidden(char);
        prop_assert!(!problem.sentence.contains(is_hidden), "{problem:?}");
        prop_assert!(problem.sentence.len() < 1000, "{problem}");
    }
    Ok(())
}

/// Pieces of lessons, and what breaks them.
fn piece() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "+++",
        "\n",
        "\r\n",
        "## A\n",
        "```",
        "```scene\nwatch = [\"waiting\"]\n",
        "```goal\n",
        "```predict\n",
        "```observe\n",
        "[[statement]]\n",
        "```explain\n",
        "```quiz\n",
        "```fill\n",
        "[[row]]\n",
        "```debrief\n",
        "because = \"x\"\n",
        "keep_order = true\n",
        "act = { title = \"x\", minutes = 5 }\n",
        "commit = [{ text = \"x\" }]\n",
        "[[",
        "p99",
        "]]",
        "|",
        "[[option]]\n",
        "\"",
        "'''",
        "=",
        "[",
        "]",
        "{",
        "}",
        "test = ",
        "text = \"x\"\n",
        "start = { servers = 2 }\n",
        "until = ",
        "scenario = \"queueing_lab\"\n",
        "> ",
        "- ",
        "1. ",
        "*",
        "`= ",
        "mean waiting from 1 to 2",
        " >= 5",
        "in 1..2",
        "<b>",
        "![",
        "](",
        "\u{202E}",
        "\0",
        "é",
        "\u{1F600}",
        "99999999999999999999",
        "-1e309",
        "    ",
        "\t",
        "---\n",
        "$5",
        "5 ms",
        "１９０ ｍｓ",
        "1.9e2",
        "percent",
        "\u{AD}",
        "\u{E0041}",
        "\u{2009}",
        "##A\n",
        "withheld = [[]]\n",
        "“",
        "&#0;",
        "\\",
    ]);
    prop_oneof![8 => token.prop_map(str::to_owned), 1 => any::<String>(), 1 => "[ -~]{0,20}"]
}

proptest! {
    #![proptest_config(fixed(2000))]

    #[test]
    fn pieces_in_any_order_are_read_or_refused(pieces in prop::collection::vec(piece(), 0..60), front: bool) {
        let begin = if front { LESSON.split_inclusive("+++\n").take(2).collect() } else { String::new() };
        told_well(&(begin + &pieces.concat()))?;
    }

    #[test]
    fn any_text_is_refused(text: String) {
        prop_assert!(read(&text, house()).is_err());
        told_well(&text)?;
    }
}

proptest! {
    #![proptest_config(fixed(1000))]

    #[test]
    fn a_lesson_with_pieces_cut_out_and_put_in_is_read_or_refused(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..30_usize, piece()), 1..6),
    ) {
        let mut chars: Vec<char> = LESSON.chars().collect();
        for (place, cut, piece) in edits {
            let at = place.index(chars.len());
            let end = (at + cut).min(chars.len());
            chars.splice(at..end, piece.chars());
        }
        told_well(&chars.into_iter().collect::<String>())?;
    }
}

/// A reader that goes through the rest of the text at each mark would need minutes for one of these.
#[test]
fn a_long_lesson_of_one_piece_is_read_or_refused_in_no_time() {
    let begin: String = LESSON.split_inclusive("+++\n").take(2).collect();
    for piece in [
        "“", "“1 ", "\"1 ", "1 ", "$ ", "`= ", "`", "*", "[", "[[", "![](", "> ", "- ", "\u{ad}", "1e", "\n",
        "## A\n",
    ] {
        let text = format!("{begin}{}\n", piece.repeat((MAX_BYTES - begin.len()) / piece.len() - 1));
        told_well(&text).unwrap_or_else(|problem| panic!("{piece:?}: {problem}"));
    }
}

//! Nothing that somebody can write on a command line makes it panic, and every refusal is one readable sentence.

use std::ffi::OsString;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngSeed};
use warstories_sim::link::parse_seed;
use warstories_sim::{SCENARIOS, scenarios};

use crate::arguments::{assignment, replicates};
use crate::errors::one_line;

/// Text near what is accepted, and text from anywhere.
fn hostile() -> impl Strategy<Value = String> {
    let tokens = proptest::sample::select(vec![
        "servers",
        "service_ms",
        "discipline",
        "may_wait",
        "fifo",
        "true",
        "=",
        "==",
        "-",
        "+",
        ".",
        ":",
        "0",
        "1",
        "9",
        "60",
        "03:17:00",
        "24:00:00",
        "1e999",
        "1e3",
        "NaN",
        "inf",
        "-0",
        "0x10",
        "ms",
        " ms",
        "µs",
        "%",
        "٣",
        "\n",
        "\r",
        "\0",
        "\u{1b}[31m",
        "\u{202e}",
        "ﬀ",
        "🦀",
        "",
        " ",
        "--set",
        "--",
        "18446744073709551616",
        "99999999999999999999999999999999999999",
        "0.0000000001",
        "2592000",
        "2592000.000000001",
        "&",
        "?",
        ",",
    ]);
    prop_oneof![
        8 => prop::collection::vec(tokens, 0..5).prop_map(|tokens| tokens.concat()),
        4 => "[0-9.:=a-z_-]{0,12}",
        4 => "\\PC{0,20}",
        2 => prop::collection::vec(any::<char>(), 0..20).prop_map(|chars| chars.into_iter().collect()),
        1 => ("[a-z=0-9.]", 1000..2000_usize).prop_map(|(text, times)| text.repeat(times)),
    ]
}

fn readable<T>(result: Result<T, String>, text: &str) {
    if let Err(sentence) = result {
        assert!(!sentence.trim().is_empty(), "{text:?}");
        assert!(!sentence.chars().any(char::is_control), "{text:?}: {sentence:?}");
        assert!(sentence.chars().count() <= 400, "{text:?}: {sentence}");
    }
}

/// The same texts in every run: a test that fails now and then is worth nothing.
fn config() -> Config {
    Config { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(Config { cases: 100_000, ..config() })]

    #[test]
    fn every_text_is_a_value_or_gets_a_sentence(text in hostile(), any in any::<Index>()) {
        let spec = any.get(SCENARIOS).spec;
        let param = any.get(spec.params);
        let set = format!("{}={text}", param.id);
        let read = assignment(spec, &set);
        if let Ok((_, value)) = read {
            prop_assert!(param.allows(value), "{set:?} is {value}");
        }
        readable(read, &set);
        readable(spec.moment(&text), &text);
        readable(parse_seed(&text), &text);
        readable(replicates(&text), &text);
        prop_assert!(!one_line(&text).contains(char::is_control), "{text:?}");
    }
}

proptest! {
    #![proptest_config(Config { cases: 5_000, ..config() })]

    #[test]
    fn every_text_is_an_id_or_gets_a_sentence(text in hostile(), any in any::<Index>()) {
        let spec = any.get(SCENARIOS).spec;
        readable(assignment(spec, &text), &text);
        readable(spec.action(&text), &text);
        readable(scenarios::find(&text), &text);
    }

    #[test]
    fn every_call_is_understood_or_gets_a_sentence(words in prop::collection::vec(hostile(), 0..4), flag in 0..9_usize) {
        // The first word is never a scenario, so that nothing runs and nothing is written.
        let flag = ["--set", "--at", "--act", "--seed", "--until", "--json", "--csv", "--replicate", "--foo"][flag];
        let asks_for_help = words.iter().any(|word| word == "--help" || word.starts_with("-h"));
        let head = ["warstories", "run", "no such scenario", flag].map(OsString::from);
        let args: Vec<_> = head.into_iter().chain(words.into_iter().map(OsString::from)).collect();
        let result = crate::run(&args);
        prop_assert!(result.is_err() || asks_for_help, "{args:?}");
        readable(result, &format!("{args:?}"));
    }
}

//! Links: whatever they say, they are read or refused in one sentence.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use warstories_sim::Replay;

const HOSTILE_LINKS: u32 = 100_000;

/// Pieces that links are made of, right and wrong.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "queueing_lab",
        "?",
        "&",
        "=",
        ",",
        "at",
        "t",
        "seed",
        "servers",
        "discipline",
        "fifo",
        "may_wait",
        "true",
        "clear_queue",
        "arrivals_per_s",
        "12.5",
        "-0",
        "1e9",
        "NaN",
        "inf",
        "00:10:00",
        "99:99:99",
        "%",
        "%2",
        "%ff",
        "%00",
        "18446744073709551616",
        "0.0000000001",
        "<script>",
        "\"",
        "'",
        "\u{202e}",
        "💥",
        "\n",
        "__proto__",
    ]);
    prop_oneof![8 => known.prop_map(String::from), 1 => any::<String>(), 1 => "[0-9]{1,30}"]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: HOSTILE_LINKS,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1997),
        ..ProptestConfig::default()
    })]

    /// Whatever a link says, it is read without panic into a run that can be played, or refused in one sentence.
    #[test]
    fn hostile_links_are_read_or_refused(pieces in prop::collection::vec(piece(), 0..24), head in 0..4) {
        let mut text: String = pieces.concat();
        if head > 0 {
            text.insert_str(0, "queueing_lab?");
        }
        let sentences = match Replay::parse(&text) {
            Ok(link) => {
                let printed = link.replay.print(link.moment);
                let again = Replay::parse(&printed).unwrap();
                prop_assert_eq!(&again.dropped, &Vec::<String>::new());
                prop_assert_eq!(again.replay, link.replay);
                link.dropped
            }
            Err(sentence) => vec![sentence],
        };
        prop_assert!(sentences.len() <= 22);
        for sentence in sentences {
            prop_assert!(!sentence.is_empty() && sentence.chars().count() <= 400, "{}", sentence);
            prop_assert!(!sentence.chars().any(char::is_control), "{:?}", sentence);
        }
    }
}

#[test]
fn a_long_link_is_cut_and_a_full_replay_says_so() {
    let entries: Vec<_> = (0..5000).map(|index| format!("at={index},servers={}", index % 900 + 1)).collect();
    let text = format!("queueing_lab?seed=3&{}", entries.join("&"));
    let link = Replay::parse(&text).unwrap();
    assert_eq!(link.replay.inputs().len(), Replay::MAX_INPUTS);
    assert!(link.dropped.iter().any(|sentence| sentence.contains("at most 1000")), "{:?}", link.dropped);
    assert!(link.dropped.iter().any(|sentence| sentence.contains("only the first")), "{:?}", link.dropped);
}

#[test]
fn what_is_dropped_is_reported_and_the_rest_is_kept() {
    let link = Replay::parse(
        "queueing_lab?seed=7&servrs=4&servers=0&arrivals_per_s=12&discipline=lifo&at=60,clear&at=nine,servers=2\
         &at=00:01:00,servers=2&at=70&seed=8&t=90&servers=%35",
    )
    .unwrap();
    assert_eq!(
        link.replay.print(link.moment),
        "queueing_lab?seed=7&servers=5&arrivals_per_s=12&at=60,servers=2&t=90"
    );
    let expected = [
        "queueing_lab has no parameter \"servrs\"; did you mean \"servers\"?",
        "servers cannot be \"0\"; it takes a whole number from 1 to 1000",
        "discipline cannot be \"lifo\"; it takes one of fifo, processor_sharing; did you mean \"fifo\"?",
        "queueing_lab has no action \"clear\"; did you mean \"clear_queue\"?",
        "\"nine\" is not a time; write seconds from the start (90 or 12.5) or the story's clock (00:01:30)",
        "\"at=70\" does not say what happens; write at=TIME,parameter=value",
        "\"seed\" is given twice; only the first can count, so leave the other out",
    ];
    assert_eq!(link.dropped, expected);
    let unknown = Replay::parse("queuing_lab?seed=1").unwrap_err();
    assert_eq!(unknown, "there is no scenario \"queuing_lab\"; did you mean \"queueing_lab\"?");
}

#[test]
fn only_a_link_that_begins_is_asked_for_its_end() {
    let read = |text: &str| Replay::parse(text).unwrap();
    let cut = read("connection_pool?begin&seed=7&pool_size=40");
    assert_eq!(cut.dropped, ["its end is missing, so it may show another run than the one that was sent"]);
    // As people write links, and as they were written before.
    for entries in ["seed=7&pool_size=40", "seed=7&pool_size=40&end", "begin&pool_size=40&seed=7&end"] {
        let link = read(&format!("connection_pool?{entries}"));
        assert_eq!((link.dropped, &link.replay), (Vec::new(), &cut.replay), "{entries}");
    }
}

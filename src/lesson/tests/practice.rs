//! Grades, quotations and the days of reviews.

use proptest::prelude::*;
use warstories_lesson::deck::{Card, Level};
use warstories_lesson::parse::{deck, glossary};
use warstories_lesson::practice::{
    BOXES, Day, Grade, MOST_A_DAY, Rating, Review, Score, Share, due, granted, is_quote_of, sentences,
};

use Grade::{Absent, Explained, Named};
use Rating::{Again, Easy, Good, Hard};

/// A question with a row for each of these levels.
fn card(levels: &[&str]) -> Card {
    let row = |level: &&str| format!("[[row]]\nlevel = \"{level}\"\nsays = \"Yes.\"\nprobe = \"Why?\"\n");
    let rows = levels.iter().map(row).collect::<Vec<_>>().concat();
    let text = format!(
        "+++\ndeck = \"Waiting\"\nsummary = \"Queues.\"\n+++\n## Half busy\n```question\nid = \"half\"\nasks = \"Who waits?\"\nanswer = \"Some.\"\n{rows}[evidence]\nplay = \"#/play/queueing_lab?t=60\"\nshows = \"Some.\"\ntest = \"arrived >= 1\"\n```\n"
    );
    let mut deck = deck::read(&text, &glossary::house().expect("a glossary")).expect("a deck");
    deck.cards.remove(0)
}

#[test]
fn a_score_adds_up_what_the_rows_have_earned() {
    let four = card(&["mid", "senior", "senior", "staff"]);
    let score = Score::of(&four, &[Explained, Named, Absent, Explained]);
    assert_eq!((score.all.percent(), score.rating()), (62.5, Hard));
    assert_eq!(score.levels.map(Share::percent), [100.0, 25.0, 100.0]);
    // Who skips a level has not reached the one above it.
    assert_eq!(score.level(), Some(Level::Mid));
    let level = |grades: &[Grade]| Score::of(&four, grades).level();
    assert_eq!(level(&[]), None);
    assert_eq!(level(&[Absent, Explained, Explained, Explained]), None);
    assert_eq!(level(&[Named, Named, Named, Absent]), Some(Level::Senior));
    assert_eq!(level(&[Named, Explained, Absent, Named]), Some(Level::Staff));
    // A grade too many is of no row.
    assert_eq!(Score::of(&four, &[Explained; 9]).all.percent(), 100.0);
}

#[test]
fn a_rating_is_proposed_by_the_score() {
    let five = card(&["mid", "mid", "senior", "staff", "staff"]);
    for (grades, rating) in [
        ([Absent; 5], Again),
        ([Explained, Explained, Absent, Absent, Absent], Again),
        ([Explained, Explained, Named, Absent, Absent], Hard),
        ([Explained, Explained, Explained, Absent, Absent], Hard),
        ([Explained, Explained, Explained, Named, Absent], Good),
        ([Explained, Explained, Explained, Explained, Absent], Good),
        ([Explained, Explained, Explained, Explained, Named], Easy),
    ] {
        assert_eq!(Score::of(&five, &grades).rating(), rating, "{grades:?}");
    }
}

#[test]
fn a_grade_needs_a_sentence_of_ones_own() {
    let answer = "I would first ask\nhow long  each connection is held.";
    for (quote, is_one) in [
        ("how long each connection is held", true),
        ("HOW LONG EACH", true),
        ("ask   how\tlong", true),
        ("", false),
        ("  ", false),
        ("how long", false),
        ("each connection held", false),
        ("how long each connection is held by the pool", false),
    ] {
        assert_eq!(is_quote_of(quote, answer), is_one, "{quote}");
        let expected = if is_one { Explained } else { Absent };
        assert_eq!(granted(Explained, quote, answer), expected, "{quote}");
    }
    assert_eq!(granted(Absent, "how long each", answer), Absent);
}

/// The days on which a question is asked that was new on day 0, by how it is rated each time.
fn days(ratings: &[Rating]) -> Vec<Day> {
    let (mut day, mut review, mut days) = (0, None, vec![0]);
    for rating in ratings {
        let next = Review::after(review, *rating, day);
        (day, review) = (next.due, Some(next));
        days.push(day);
    }
    days
}

#[test]
fn what_is_known_comes_ever_later_and_what_is_not_comes_tomorrow() {
    assert_eq!(days(&[Good; 6]), [0, 1, 4, 11, 25, 39, 53]);
    assert_eq!(days(&[Easy; 3]), [0, 1, 4, 11]);
    assert_eq!(days(&[Good, Good, Again, Good, Good]), [0, 1, 4, 5, 8, 15]);
    assert_eq!(days(&[Again, Again, Hard, Good]), [0, 1, 2, 3, 6]);
    assert_eq!(days(&[Good, Good, Hard, Good]), [0, 1, 4, 7, 14]);
    // A review that is late counts from the day on which it is done.
    // One that is early tells nothing new, unless it was not known.
    let planned = Some(Review { step: 1, due: 4 });
    assert_eq!([Again, Hard, Good, Easy].map(|rating| Review::after(planned, rating, 2).due), [3, 5, 4, 4]);
    let late = Review::after(Some(Review { step: 1, due: 4 }), Good, 9);
    assert_eq!(late, Review { step: 2, due: 16 });
}

#[test]
fn what_has_waited_longest_comes_first_and_no_day_has_too_much() {
    let reviews = [("c", 3), ("b", 2), ("a", 3), ("d", 5), ("e", 4)];
    let of = |today| due(reviews.iter().map(|(id, due)| (*id, Review { step: 0, due: *due })), today);
    assert_eq!(of(1), Vec::<&str>::new());
    assert_eq!(of(4), ["b", "a", "c", "e"]);
    let names: Vec<String> = (0..50).map(|at| format!("q{at:02}")).collect();
    let many = due(names.iter().map(|name| (name.as_str(), Review { step: 0, due: 0 })), 0);
    assert_eq!((many.len(), many[0], many[MOST_A_DAY - 1]), (MOST_A_DAY, "q00", "q19"));
}

fn rating() -> impl Strategy<Value = Rating> {
    prop::sample::select(vec![Again, Hard, Good, Easy])
}

proptest! {
    /// Whatever was stored, and whatever the clock says: the next day is one of the four ahead.
    #[test]
    fn a_review_is_always_ahead(
        step: usize, planned: Day, is_new: bool, rating in rating(), today in -1_000_000_000_000..1_000_000_000_000_i64,
    ) {
        let before = (!is_new).then_some(Review { step, due: planned });
        let next = Review::after(before, rating, today);
        prop_assert!((1..=BOXES[next.step]).contains(&(next.due - today)), "{:?}", next);
    }
}

#[test]
fn an_answer_is_quoted_by_the_sentence() {
    let answer = "I stop the source first. A hold of 1.5 s fills the pool! Why? Because slots wait\nThen I restart. Yes.";
    let own = [
        "I stop the source first.",
        "A hold of 1.5 s fills the pool!",
        "Because slots wait",
        "Then I restart.",
    ];
    assert_eq!(sentences(answer), own);
    assert!(sentences(answer).iter().all(|quote| is_quote_of(quote, answer)));
    // Short pieces alone bear nothing; together they may.
    assert_eq!(sentences("Stop. Look. Restart. "), ["Stop. Look. Restart."]);
    assert_eq!(sentences("No idea."), Vec::<&str>::new());
    assert_eq!(sentences(""), Vec::<&str>::new());
}

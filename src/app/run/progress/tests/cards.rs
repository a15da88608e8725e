//! Answers to interview questions in the store.

#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use super::*;

#[test]
fn an_imported_answer_is_taken_only_where_its_question_got_further() {
    let draft = |answer: &str| CardProgress { answer: answer.to_owned(), ..CardProgress::default() };
    let with = |cards: &[(&str, CardProgress)]| Store {
        cards: cards.iter().map(|(id, card)| ((*id).to_owned(), card.clone())).collect(),
        ..Store::default()
    };
    let mut store =
        with(&[("ahead", card(9)), ("behind", card(7)), ("draft", draft("abc")), ("here", card(2))]);
    let file = with(&[("ahead", card(8)), ("behind", card(8)), ("draft", draft("abcd")), ("new", draft(""))]);
    let merged = store.merge(file);
    assert_eq!(merged.cards, 3);
    assert_eq!(merged.sentence(str::to_owned), "Imported answers to interview questions: 3.");
    let expected = [
        ("ahead", card(9)),
        ("behind", card(8)),
        ("draft", draft("abcd")),
        ("here", card(2)),
        ("new", draft("")),
    ];
    assert_eq!(store, with(&expected));
}

#[test]
fn an_answer_that_would_fill_the_page_is_refused() {
    let long = CardProgress { answer: "ü".repeat(CardProgress::MOST + 1), ..CardProgress::default() };
    let store = |card: CardProgress| Store {
        cards: LiteMap::from_iter([(String::from("hold_time"), card)]),
        ..Store::default()
    };
    let reason = Store::read(&store(long).print()).expect_err("it is too long");
    assert_eq!(reason, "the answer to \"hold_time\" is longer than 4000 characters");
    let most = CardProgress { answer: "ü".repeat(CardProgress::MOST), ..CardProgress::default() };
    assert!(Store::read(&store(most).print()).is_ok());
}

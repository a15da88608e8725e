//! Which question comes next, and how it stands with each.

use litemap::LiteMap;
use warstories_lesson::Deck;
use warstories_lesson::deck::Card;
use warstories_lesson::practice::{self, Day};

use crate::run::progress::CardProgress;

/// How it stands with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was said to it.
    New,
    /// An answer is begun, or given and not rated.
    Begun,
    /// It is to be asked again today.
    Due,
    /// It is to be asked again in so many days.
    Later(Day),
}

/// How it stands today with a question of which this is kept.
pub fn standing(kept: Option<&CardProgress>, today: Day) -> Standing {
    if kept.is_some_and(is_begun) {
        return Standing::Begun;
    }
    match kept.and_then(|kept| kept.review) {
        None => Standing::New,
        Some(review) if review.due <= today => Standing::Due,
        Some(review) => Standing::Later(review.due - today),
    }
}

fn is_begun(kept: &CardProgress) -> bool {
    kept.rated.is_none() && (kept.is_given || !kept.answer.trim().is_empty())
}

impl Standing {
    /// In words; nothing for a question that is new.
    pub fn words(self) -> String {
        match self {
            Self::New => String::new(),
            Self::Begun => String::from("Begun"),
            Self::Due => String::from("Due today"),
            Self::Later(days) => format!("Again {}", in_days(days)),
        }
    }
}

/// So many days from today, in words.
pub fn in_days(days: Day) -> String {
    match days {
        ..=0 => String::from("today"),
        1 => String::from("tomorrow"),
        days => format!("in {days} days"),
    }
}

/// Every question, in the order of the decks.
pub fn cards(decks: &[Deck]) -> impl Iterator<Item = &Card> {
    decks.iter().flat_map(|deck| &deck.cards)
}

/// The ids of the questions that are due, those first that have waited longest.
pub fn due(decks: &[Deck], kept: &LiteMap<String, CardProgress>, today: Day) -> Vec<String> {
    let planned = cards(decks).filter_map(|card| {
        let kept = kept.get(card.id.as_str())?;
        Some((card.id.as_str(), kept.review.filter(|_| !is_begun(kept))?))
    });
    practice::due(planned, today).into_iter().map(str::to_owned).collect()
}

/// The id of the question that comes next, but for this one: what is due before what is begun before what is new. New
/// ones come from the subject of which least is known, so that subjects mix.
pub fn next(
    decks: &[Deck],
    kept: &LiteMap<String, CardProgress>,
    today: Day,
    but: Option<&str>,
) -> Option<String> {
    let is_other = |id: &str| but != Some(id);
    let of = |wanted: Standing| {
        cards(decks)
            .map(|card| card.id.as_str())
            .find(|id| is_other(id) && standing(kept.get(*id), today) == wanted)
    };
    if let Some(id) = due(decks, kept, today).into_iter().find(|id| is_other(id)) {
        return Some(id);
    }
    if let Some(id) = of(Standing::Begun) {
        return Some(id.to_owned());
    }
    let is_new = |card: &&Card| standing(kept.get(card.id.as_str()), today) == Standing::New;
    let known = |deck: &Deck| deck.cards.iter().filter(|card| !is_new(card)).count();
    let fresh = |deck: &&Deck| deck.cards.iter().any(|card| is_new(&card) && is_other(&card.id));
    let deck = decks.iter().filter(fresh).min_by_key(|deck| known(deck))?;
    deck.cards.iter().find(|card| is_new(card) && is_other(&card.id)).map(|card| card.id.clone())
}

#[cfg(test)]
pub(super) mod tests {
    use warstories_lesson::deck::{Evidence, Level, Row};
    use warstories_lesson::measure::{Bound, Measure, Span, Test};
    use warstories_lesson::practice::Review;
    use warstories_lesson::prose::Inline;
    use warstories_sim::metric::Statistic;

    use super::*;

    fn text(words: &str) -> Vec<Inline> {
        vec![Inline::Text(words.to_owned())]
    }

    /// A deck with these questions, each with a row for each level.
    pub fn deck(title: &str, ids: &[&str]) -> Deck {
        let measure =
            Measure { line: 1, statistic: Statistic::Last, recent: false, metric: 0, span: Span::Now };
        let test = Test { measure, bound: Bound::AtLeast(0.0) };
        let evidence = Evidence { line: 1, shows: Vec::new(), play: String::from("queueing_lab?t=9"), test };
        let row = |(level, name): &(Level, &str)| Row { level: *level, says: text(name), probe: None };
        let card = |id: &&str| Card {
            id: (*id).to_owned(),
            line: 1,
            title: format!("Title of {id}"),
            asks: text("Why & what?"),
            answer: text("A < B"),
            rows: Level::ALL.iter().map(row).collect(),
            evidence: evidence.clone(),
        };
        Deck { title: title.to_owned(), summary: String::new(), cards: ids.iter().map(card).collect() }
    }

    fn rated(due: Day) -> CardProgress {
        CardProgress {
            answer: String::from("x"),
            is_given: true,
            review: Some(Review { step: 0, due }),
            rated: Some(0),
            ..CardProgress::default()
        }
    }

    fn begun() -> CardProgress {
        CardProgress { answer: String::from("I ask"), ..CardProgress::default() }
    }

    fn kept(all: &[(&str, CardProgress)]) -> LiteMap<String, CardProgress> {
        all.iter().map(|(id, card)| ((*id).to_owned(), card.clone())).collect()
    }

    #[test]
    fn what_is_due_comes_before_what_is_begun_and_that_before_what_is_new() {
        let decks = [deck("a", &["a1", "a2", "a3"]), deck("b", &["b1", "b2"])];
        let all = kept(&[("a1", rated(5)), ("a2", begun()), ("b1", rated(3)), ("gone", rated(1))]);
        let next_on = |today, but| next(&decks, &all, today, but);
        assert_eq!(next_on(5, None).as_deref(), Some("b1"), "it has waited longer");
        assert_eq!(next_on(5, Some("b1")).as_deref(), Some("a1"));
        assert_eq!(next_on(4, Some("b1")).as_deref(), Some("a2"), "begun");
        assert_eq!(next_on(2, Some("a2")).as_deref(), Some("b2"), "of the other subject fewer are known");
        assert_eq!(due(&decks, &all, 5), ["b1", "a1"]);
    }

    #[test]
    fn subjects_mix() {
        let decks = [deck("a", &["a1", "a2"]), deck("b", &["b1", "b2"])];
        let mut all = LiteMap::new();
        let mut dealt = Vec::new();
        while let Some(id) = next(&decks, &all, 0, None) {
            all.insert(id.clone(), rated(1));
            dealt.push(id);
        }
        assert_eq!(dealt, ["a1", "b1", "a2", "b2"]);
        assert_eq!(next(&decks, &all, 1, None).as_deref(), Some("a1"), "the day after");
    }

    #[test]
    fn how_it_stands_with_a_question_is_told_in_words() {
        let words = |kept: Option<CardProgress>| standing(kept.as_ref(), 10).words();
        assert_eq!(words(None), "");
        assert_eq!(words(Some(begun())), "Begun");
        assert_eq!(words(Some(CardProgress::default())), "");
        assert_eq!(words(Some(rated(9))), "Due today");
        assert_eq!(words(Some(rated(11))), "Again tomorrow");
        assert_eq!(words(Some(rated(24))), "Again in 14 days");
        // Whoever begins to answer once more goes on there.
        let again = CardProgress { answer: String::from("Now"), ..rated(9).again() };
        assert_eq!(words(Some(again)), "Begun");
    }
}

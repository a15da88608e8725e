//! What becomes of an answer: written, given, graded, rated. Pure.

use std::rc::Rc;

use warstories_lesson::deck::Card;
use warstories_lesson::practice::{Day, Grade, Rating, Review, granted};

use crate::run::progress::CardProgress;

/// Words that an answer has at least.
pub const LEAST_WORDS: usize = 20;

/// The row of an answer's grades that keys grade, if one is chosen.
pub type Cursor = Option<usize>;

/// Something that the learner does at a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Writes this.
    Write(Rc<str>),
    /// Gives the answer as it is written.
    Give,
    /// Has no answer.
    Pass,
    /// Grades a row.
    Grade(usize, Grade),
    /// Chooses the words that earn a row its grade.
    Quote(usize, Rc<str>),
    /// Says how well the answer was known.
    Rate(Rating),
    /// Answers the question once more.
    Again,
    /// Presses a key alone: space gives the answer, j and k choose a row and Escape leaves it, digits grade the row that
    /// is chosen, and rate the answer where none is.
    Key(char),
}

/// Stands for the key Escape.
const ESCAPE: char = '\u{1b}';

/// The key called so, if it does anything here.
pub fn key(name: &str) -> Option<char> {
    if name == "escape" {
        return Some(ESCAPE);
    }
    let mut letters = name.chars();
    let key = letters.next().filter(|key| matches!(key, ' ' | 'j' | 'k' | '0'..='4'))?;
    letters.next().is_none().then_some(key)
}

/// How many words a text has.
pub fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// The grades that count, row by row.
pub fn grades(kept: &CardProgress) -> Vec<Grade> {
    kept.rows.iter().map(|(grade, quote)| granted(*grade, quote, &kept.answer)).collect()
}

/// Whether there is something to be graded.
pub fn is_graded(kept: &CardProgress) -> bool {
    kept.is_given && kept.rated.is_none() && !kept.answer.is_empty()
}

/// Does `act` to what is kept of a question and to the row that is chosen. What cannot be done now changes nothing.
pub fn act(kept: &mut CardProgress, row: &mut Cursor, card: &Card, act: Act, today: Day) {
    match act {
        Act::Write(text) if !kept.is_given => {
            kept.answer = text.chars().take(CardProgress::MOST).collect();
        }
        Act::Give if !kept.is_given && words(&kept.answer) >= LEAST_WORDS => give(kept, card),
        // Whoever has written something does not lose it by the button beside.
        Act::Pass if !kept.is_given && kept.answer.trim().is_empty() => {
            kept.answer.clear();
            give(kept, card);
        }
        Act::Grade(nth, grade) if is_graded(kept) => {
            *row = Some(nth);
            if let Some(there) = kept.rows.get_mut(nth) {
                there.0 = grade;
            }
        }
        Act::Quote(nth, quote) if is_graded(kept) => {
            if let Some(there) = kept.rows.get_mut(nth) {
                there.1 = String::from(&*quote);
            }
        }
        Act::Rate(rating) if kept.is_given && kept.rated.is_none() => {
            kept.review = Some(Review::after(kept.review, rating, today));
            kept.rated = Some(today);
            *row = None;
        }
        Act::Again if kept.rated.is_some() => {
            *kept = kept.again();
            *row = None;
        }
        Act::Key(key) => {
            if let Some(meant) = meant(kept, row, card, key) {
                self::act(kept, row, card, meant, today);
            }
        }
        _ => {}
    }
}

fn give(kept: &mut CardProgress, card: &Card) {
    kept.is_given = true;
    kept.rows = vec![(Grade::Absent, String::new()); card.rows.len()];
}

/// What a key means; one that chooses a row has done so then.
fn meant(kept: &CardProgress, row: &mut Cursor, card: &Card, key: char) -> Option<Act> {
    let last = card.rows.len().saturating_sub(1);
    let digit = key.to_digit(10).map(|digit| digit as usize);
    match (key, *row, digit) {
        (' ', ..) => Some(Act::Give),
        ('j', at, _) if is_graded(kept) => {
            *row = Some(at.map_or(0, |at| (at + 1).min(last)));
            None
        }
        ('k', at, _) if is_graded(kept) => {
            *row = Some(at.map_or(last, |at| at.saturating_sub(1)));
            None
        }
        (ESCAPE, ..) => {
            *row = None;
            None
        }
        (_, Some(nth), Some(digit)) => Grade::ALL.get(digit).map(|(grade, _)| Act::Grade(nth, *grade)),
        (_, None, Some(digit)) => {
            Rating::ALL.get(digit.checked_sub(1)?).map(|(rating, _)| Act::Rate(*rating))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use Grade::{Absent, Explained, Named};

    use super::super::deal::tests::deck;
    use super::*;

    const ANSWER: &str = "I first ask how long each slot is held and on what. Then I shorten the hold, because throughput is slots over hold time.";

    /// What comes of these acts on the tenth day.
    fn after(acts: &[Act]) -> (CardProgress, Cursor) {
        let card = deck("a", &["a1"]).cards.remove(0);
        let (mut kept, mut row) = (CardProgress::default(), None);
        for each in acts {
            act(&mut kept, &mut row, &card, each.clone(), 10);
        }
        (kept, row)
    }

    fn write(text: &str) -> Act {
        Act::Write(text.into())
    }

    #[test]
    fn an_answer_of_twenty_words_is_given_and_stays_as_it_is() {
        let short = "word ".repeat(LEAST_WORDS - 1);
        assert!(!after(&[write(&short), Act::Give]).0.is_given);
        assert!(after(&[write(&format!("{short}word")), Act::Give]).0.is_given);
        let (kept, _) = after(&[write(ANSWER), Act::Give, write("other words"), Act::Pass]);
        assert_eq!(kept.answer, ANSWER);
        assert_eq!(kept.rows, vec![(Grade::Absent, String::new()); 3]);
        let (kept, _) = after(&[write("I would"), Act::Pass]);
        assert_eq!(
            (kept.answer.as_str(), kept.is_given),
            ("I would", false),
            "what is written is not thrown away"
        );
        let long = after(&[write(&"ü".repeat(CardProgress::MOST + 9))]).0.answer;
        assert_eq!(long.chars().count(), CardProgress::MOST);
    }

    #[test]
    fn a_grade_counts_with_words_of_the_answer_only() {
        let explained = Act::Grade(0, Grade::Explained);
        let graded = |quote: &str| {
            let (kept, _) =
                after(&[write(ANSWER), Act::Give, explained.clone(), Act::Quote(0, quote.into())]);
            grades(&kept)[0]
        };
        assert_eq!(graded("I first ask how long each slot is held and on what."), Grade::Explained);
        for other in ["", "I would add a cache everywhere", "slots over"] {
            assert_eq!(graded(other), Grade::Absent, "{other}");
        }
        let (kept, row) = after(&[Act::Pass, explained]);
        assert_eq!((grades(&kept)[0], row), (Grade::Absent, None), "who did not know has nothing to grade");
        // A row that there is not, as another edition of the deck may have had.
        after(&[write(ANSWER), Act::Give, Act::Grade(9, Grade::Named), Act::Quote(9, "x".into())]);
    }

    #[test]
    fn a_rating_plans_the_next_time_and_ends_the_grading() {
        let (kept, _) = after(&[write(ANSWER), Act::Give, Act::Rate(Rating::Good), Act::Rate(Rating::Again)]);
        assert_eq!((kept.review, kept.rated), (Some(Review { step: 0, due: 11 }), Some(10)));
        let (graded, _) =
            after(&[write(ANSWER), Act::Give, Act::Rate(Rating::Good), Act::Grade(0, Grade::Named)]);
        assert_eq!(graded, kept);
        let (again, _) = after(&[write(ANSWER), Act::Give, Act::Rate(Rating::Good), Act::Again]);
        let earlier = String::from(ANSWER);
        assert_eq!(again, CardProgress { review: kept.review, earlier, ..CardProgress::default() });
        assert!(after(&[Act::Rate(Rating::Easy)]).0.review.is_none(), "nothing was answered");
    }

    #[test]
    fn keys_do_what_buttons_do() {
        let keys = |keys: &str| {
            let begin = [write(ANSWER)].into_iter();
            after(&begin.chain(keys.chars().map(Act::Key)).collect::<Vec<_>>())
        };
        assert!(keys(" ").0.is_given);
        let rows = |pressed: &str| keys(pressed).0.rows.iter().map(|(grade, _)| *grade).collect::<Vec<_>>();
        assert_eq!(rows(" j2j1k0"), [Absent, Named, Absent]);
        assert_eq!(rows(" k2kk1kk"), [Named, Absent, Explained]);
        assert_eq!(keys(" jjjj").1, Some(2));
        assert_eq!(rows(" j4"), [Absent; 3], "there is no such grade");
        assert_eq!(keys(" j4\u{1b}4").0.review, Some(Review { step: 0, due: 11 }), "of the answer there is");
        assert_eq!(keys(" j\u{1b}").1, None);
        assert_eq!(keys(" 4").0.review, Some(Review { step: 0, due: 11 }));
        assert!(keys(" 0").0.review.is_none());
        assert!(keys("j2").0.rows.is_empty(), "before there is an answer");
        assert_eq!(
            ["j", " ", "4", "5", "enter", "", "jk"].map(key),
            [Some('j'), Some(' '), Some('4'), None, None, None, None]
        );
    }
}

//! What one takes along: one's answers as Markdown, the questions as cards for Anki.

use std::fmt::Write;

use litemap::LiteMap;
use warstories_lesson::Deck;
use warstories_lesson::deck::Card;
use warstories_lesson::lesson::Text;
use warstories_lesson::practice::{Grade, Score, granted};
use warstories_lesson::prose;

use super::answer::grades;
use crate::run::progress::CardProgress;

/// A text without what marks it up. What a run tells stands only in a run.
fn plain(text: &Text) -> String {
    prose::plain(text, &|_| String::from("…"))
}

/// Every answer that was given, with its grades, as Markdown.
pub fn markdown(decks: &[Deck], kept: &LiteMap<String, CardProgress>) -> String {
    let mut text = String::from("# Interview practice\n");
    for deck in decks {
        let given = |card: &&Card| kept.get(card.id.as_str()).is_some_and(|kept| kept.is_given);
        for (nth, card) in deck.cards.iter().filter(given).enumerate() {
            if nth == 0 {
                let _ = write!(text, "\n## {}\n", deck.title);
            }
            let Some(kept) = kept.get(card.id.as_str()) else { continue };
            let score = Score::of(card, &grades(kept));
            let _ = write!(text, "\n### {}\n\n{}\n\n", card.title, plain(&card.asks));
            let answer = if kept.answer.is_empty() { "(no answer)" } else { &kept.answer };
            for line in answer.lines() {
                let _ = writeln!(text, "> {line}");
            }
            let _ = write!(text, "\n{} of {} points.\n\n", score.all.points, score.all.most);
            if !kept.earlier.is_empty() {
                let _ = write!(text, "The time before:\n\n");
                kept.earlier.lines().for_each(|line| _ = writeln!(text, "> {line}"));
                text.push('\n');
            }
            for (row, (grade, quote)) in card.rows.iter().zip(&kept.rows) {
                let counts = granted(*grade, quote, &kept.answer);
                let quote = if counts == Grade::Absent { String::new() } else { format!(": “{quote}”") };
                let _ =
                    writeln!(text, "- {} ({}): {}{quote}", plain(&row.says), row.level.name(), counts.name());
            }
            let _ = writeln!(text, "- Evidence: #/play/{}", card.evidence.play);
        }
    }
    text
}

/// Every question as a card for Anki, which reads the first lines as what the columns are.
pub fn anki(decks: &[Deck]) -> String {
    let mut text = String::from("#separator:tab\n#html:true\n#guid column:1\n#tags column:4\n");
    for deck in decks {
        let title = deck.title.to_ascii_lowercase();
        let words: Vec<&str> =
            title.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let tag = words.join("-");
        for card in &deck.cards {
            let rows: Vec<String> =
                card.rows.iter().map(|row| format!("({}) {}", row.level.name(), plain(&row.says))).collect();
            let back = format!("{}\n\n{}", plain(&card.answer), rows.join("\n"));
            let _ = writeln!(
                text,
                "{}\t{}\t{}\tstory::{tag}",
                field(&card.id),
                field(&plain(&card.asks)),
                field(&back)
            );
        }
    }
    text
}

/// A text as a field of HTML that neither a tab nor a new line ends.
fn field(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('\t', " ").replace("\r\n", "<br>").replace(['\n', '\r'], "<br>")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::deal::tests::deck;
    use super::*;

    #[test]
    fn each_question_is_a_card_of_four_fields() {
        let mut decks = [deck("Pool & hold", &["a1", "a2"]), deck("b", &["b1"])];
        decks[1].cards[0].answer = vec![prose::Inline::Text(String::from("one\ttwo\nthree <b>"))];
        let text = anki(&decks);
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let fields: Vec<Vec<&str>> = lines.iter().map(|line| line.split('\t').collect()).collect();
        assert!(fields.iter().all(|card| card.len() == 4), "{text}");
        let ids: BTreeSet<&str> = fields.iter().map(|card| card[0]).collect();
        assert_eq!(ids.into_iter().collect::<Vec<_>>(), ["a1", "a2", "b1"]);
        assert_eq!(fields[0][1], "Why &amp; what?");
        assert_eq!(fields[0][2], "A &lt; B<br><br>(mid) mid<br>(senior) senior<br>(staff) staff");
        assert_eq!(fields[0][3], "story::pool-hold");
        assert!(fields[2][2].starts_with("one two<br>three &lt;b&gt;"), "{}", fields[2][2]);
    }

    #[test]
    fn answers_are_taken_along_with_their_grades() {
        let decks = [deck("a", &["a1", "a2"]), deck("b", &["b1"])];
        let kept = CardProgress {
            answer: String::from("I ask how long.\nThen I act."),
            is_given: true,
            rows: vec![
                (Grade::Explained, String::from("I ask how long.")),
                (Grade::Named, String::from("never said so")),
            ],
            ..CardProgress::default()
        };
        let text = markdown(&decks, &LiteMap::from_iter([(String::from("a2"), kept)]));
        let expected = "# Interview practice\n\n## a\n\n### Title of a2\n\nWhy & what?\n\n> I ask how long.\n> Then I act.\n\n\
                        2 of 6 points.\n\n- mid (mid): Explained: “I ask how long.”\n- senior (senior): Not said\n\
                        - Evidence: #/play/queueing_lab?t=9\n";
        assert_eq!(text, expected);
        assert_eq!(markdown(&decks, &LiteMap::new()), "# Interview practice\n");
    }
}

//! The file of a deck as a [`Deck`]: front matter, then a heading and a block for each question.

use toml::de::{DeTable, DeValue};
use warstories_sim::suggest::{did_you_mean, shortened};
use warstories_sim::{Replay, SCENARIOS};

use super::blocks::{required, test};
use super::front::{self, label};
use super::prose::{self, PLAY, Piece, line_of_text};
use super::question::enough;
use super::table::{Diagnostics, Item, Table};
use super::{MAX_BYTES, text};
use crate::deck::{Card, Deck, Evidence, Level, Row};
use crate::glossary::Glossary;
use crate::problem::Problem;

/// Every key of the front matter; the first tells a deck from a lesson.
pub const FRONT: &[&str] = &["deck", "summary"];
/// Every key of a question.
pub const QUESTION: &[&str] = &["id", "asks", "answer", "row", "evidence"];
/// Every key of a row.
pub const ROW: &[&str] = &["level", "says", "probe"];

/// Every key of the evidence.
pub const EVIDENCE: &[&str] = &["play", "shows", "test"];

/// The name of the block.
const BLOCK: &str = "question";
/// Questions of a deck, at most.
const MAX_CARDS: usize = 50;
/// Rows of a question: each level has one, and more than six are too many to grade.
const ROWS: (usize, usize) = (3, 6);
/// Words of a question and of its answer, at most: what is said within half a minute and within a minute and a half.
const MAX_ASKED: usize = 60;
const MAX_ANSWERED: usize = 150;

/// Whether the text of a file is a deck, and no lesson: its front matter says so.
pub fn is_deck(text: &str) -> bool {
    front::split(text).is_ok_and(|(front, ..)| {
        DeTable::parse(front).is_ok_and(|table| table.get_ref().contains_key(FRONT[0]))
    })
}

/// Reads a deck, without playing its runs. Its terms are those of `glossary`.
///
/// # Errors
/// Everything that is wrong with it, in order of lines; see [`Problem::in_order`].
pub fn read(text: &str, glossary: &Glossary) -> Result<Deck, Vec<Problem>> {
    if text.len() > MAX_BYTES {
        let sentence = format!("the deck has {} bytes; a deck has at most {MAX_BYTES}", text.len());
        return Err(vec![Problem::new(1, sentence)]);
    }
    let (front, begin, behind) = front::split(text).map_err(|problem| vec![problem])?;
    // Each question has a scenario of its own, which its link names.
    let mut diagnostics = Diagnostics::new(SCENARIOS[0].spec, text, glossary);
    diagnostics.hidden(text);
    let deck = diagnostics.toml("the front matter", FRONT, (front, begin), |table, diagnostics| {
        let [title, summary] = ["deck", "summary"].map(|key| label(table, key, diagnostics));
        Some(Deck { title, summary, cards: Vec::new() })
    });
    if let Some(mut deck) = deck {
        deck.cards = cards(&text[behind..], behind, &mut diagnostics);
        if diagnostics.problems.is_empty() {
            return Ok(deck);
        }
    }
    Err(Problem::in_order(diagnostics.problems))
}

/// The questions, each below its heading.
fn cards(text: &str, base: usize, diagnostics: &mut Diagnostics) -> Vec<Card> {
    let mut cards: Vec<Card> = Vec::new();
    // The heading whose question has not come yet.
    let mut heading: Option<(String, usize)> = None;
    let lonely = |heading: Option<(String, usize)>, diagnostics: &mut Diagnostics| {
        if let Some((title, line)) = heading {
            let title = shortened(&title);
            diagnostics.report(line, format!("\"{title}\" asks nothing; write a block ```{BLOCK} below it"));
        }
    };
    for (piece, line) in prose::body(text, base, diagnostics) {
        match piece {
            Piece::Heading(title) => {
                lonely(heading.replace((title.trim().to_owned(), line)), diagnostics);
            }
            Piece::Fence { info, content, base } if info == BLOCK => {
                let Some((title, line)) = heading.take() else {
                    diagnostics
                        .report(line, "this question has no heading of its own; write ## Heading above it");
                    continue;
                };
                let card =
                    diagnostics.toml("the question", QUESTION, (content, base), |table, diagnostics| {
                        card(title, line, table, diagnostics)
                    });
                let Some(card) = card else { continue };
                if let Some(other) = cards.iter().find(|other| other.id == card.id) {
                    let (id, at) = (shortened(&card.id), other.line);
                    diagnostics.report(
                        line,
                        format!("the question in line {at} has the id \"{id}\", too; choose another"),
                    );
                }
                cards.push(card);
            }
            Piece::Fence { .. } | Piece::Block(_) => diagnostics.report(
                line,
                format!("a deck has headings and blocks ```{BLOCK} and nothing else; take this out"),
            ),
        }
    }
    lonely(heading, diagnostics);
    if cards.is_empty() && diagnostics.problems.is_empty() {
        diagnostics.report(1, format!("the deck asks nothing; write ## Heading and a block ```{BLOCK}"));
    }
    if let Some(more) = cards.get(MAX_CARDS) {
        diagnostics
            .report(more.line, format!("a deck has at most {MAX_CARDS} questions; make two decks of it"));
    }
    cards
}

fn card(title: String, line: usize, table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Card> {
    let id = table.required_text("id", diagnostics).map(|(id, line)| {
        let fits = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_';
        if id.is_empty() || id.len() > 40 || !id.chars().all(fits) {
            let id = shortened(id);
            diagnostics.report(
                line,
                format!("\"{id}\" is no id; write small letters, digits and _, at most 40 of them"),
            );
        }
        id.to_owned()
    });
    let [asks, answer] = [("asks", MAX_ASKED), ("answer", MAX_ANSWERED)].map(|(key, most)| {
        let words = required(table, key, diagnostics)?;
        let count = text::plain(&words).split_whitespace().count();
        if count > most {
            let line = table.get(key).map_or(table.line, |item| item.line);
            diagnostics.report(line, format!("{key} has {count} words; it has at most {most}"));
        }
        Some(words)
    });
    let items = table.list("row", diagnostics);
    let rows: Vec<Row> = items.iter().filter_map(|item| row(*item, diagnostics)).collect();
    enough(items.len(), ROWS, "rows", table, diagnostics)?;
    // One that cannot be read has been reported as such.
    if rows.len() == items.len() {
        for (level, name) in Level::ALL {
            if !rows.iter().any(|row| row.level == level) {
                diagnostics.report(
                    table.line,
                    format!("no row of the question is for the level \"{name}\"; write one"),
                );
            }
        }
        if !rows.is_sorted_by_key(|row| row.level) {
            diagnostics.report(table.line, "the rows are not in the order mid, senior, staff; sort them");
        }
        if rows.iter().all(|row| row.probe.is_none()) {
            diagnostics
                .report(table.line, "no row has a probe; write what to ask of somebody who does not say it");
        }
    }
    let evidence = evidence(table, diagnostics);
    Some(Card { id: id?, line, title, asks: asks?, answer: answer?, rows, evidence: evidence? })
}

fn row(item: Item<'_>, diagnostics: &mut Diagnostics) -> Option<Row> {
    let table = item.table("a row", ROW, diagnostics)?;
    let level = table.required_text("level", diagnostics).and_then(|(name, line)| {
        let known = Level::ALL.iter().find(|(_, known)| *known == name);
        if known.is_none() {
            let hint = did_you_mean(name, Level::ALL.iter().map(|(_, name)| *name));
            let hint = if hint.is_empty() { "; write mid, senior or staff" } else { &hint };
            diagnostics.report(line, format!("there is no level \"{}\"{hint}", shortened(name)));
        }
        known.map(|(level, _)| *level)
    });
    let says = required(&table, "says", diagnostics);
    let probe =
        table.text("probe", diagnostics).map(|(words, line)| line_of_text(words, line, true, diagnostics));
    Some(Row { level: level?, says: says?, probe })
}

/// The run, its moment and what is to be seen there.
fn evidence(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Evidence> {
    let evidence =
        table.required("evidence", "[evidence], then play = \"#/play/scenario?t=60\"", diagnostics)?;
    let table = &evidence.table("the evidence", EVIDENCE, diagnostics)?;
    let item = table.required("play", "\"#/play/scenario?t=60\"", diagnostics)?;
    let DeValue::String(play) = item.value else {
        item.text("play", diagnostics);
        return None;
    };
    let link =
        play.strip_prefix(PLAY).ok_or_else(|| format!("play is no link to a run; write play = \"{PLAY}…\""));
    let link = link.and_then(|play| match Replay::parse(play) {
        Ok(link) => match (link.dropped.first(), link.moment) {
            (Some(dropped), _) => Err(format!("the link cannot be played: {dropped}")),
            (None, None) => Err(String::from("the link names no moment; write &t= and seconds at its end")),
            (None, Some(_)) => Ok((link, play)),
        },
        Err(sentence) => Err(format!("the link cannot be played: {sentence}")),
    });
    let (link, play) = diagnostics.keep(item.line, link)?;
    // What is measured is read in the words of the link's own scenario.
    diagnostics.spec = link.replay.spec();
    let shows = required(table, "shows", diagnostics);
    let found = table.required_text("test", diagnostics);
    let test = test(found?, diagnostics)?;
    Some(Evidence { line: item.line, shows: shows?, play: play.to_owned(), test })
}

//! What a folder of lessons owes its glossary, and its glossary the lessons: every entry is used by some lesson, and the
//! words of the trade are introduced in bold where they are used first.

use std::collections::BTreeSet;

use crate::glossary::{Entry, Glossary};
use crate::goal;
use crate::lesson::{Lesson, Part};
use crate::problem::Problem;
use crate::prose::{Block, Inline};

const QUEUES: &str = "why_queues_explode";
const POOL: &str = "pool_of_one_hundred";
const STAMPEDE: &str = "everyone_at_once";
const EMAILS: &str = "forty_seven_emails";
const CALLS: &str = "fifteen_calls";
const CHECKOUT: &str = "paid_and_nothing_shipped";
const TEAM: &str = "five_people_twenty_services";
const LOG: &str = "two_terabytes_by_morning";
const RULES: &str = "two_spaces";

/// Terms that whoever has worked through the lessons of the house knows, by the id of their entry, each with the lesson
/// that introduces it.
pub const REQUIRED: &[(&str, &str)] = &[
    ("utilization", QUEUES),
    ("m-m-1", QUEUES),
    ("hockey-stick", QUEUES),
    ("knee", POOL),
    ("littles-law", QUEUES),
    ("p99", QUEUES),
    ("connection-pool", POOL),
    ("downstream", POOL),
    ("bulkhead", POOL),
    ("circuit-breaker", POOL),
    ("half-open", POOL),
    ("backoff", POOL),
    ("retry-budget", POOL),
    ("cache-stampede", STAMPEDE),
    ("thundering-herd", STAMPEDE),
    ("fleet", STAMPEDE),
    ("mutex", STAMPEDE),
    ("single-flight", STAMPEDE),
    ("redis", STAMPEDE),
    ("stale-while-revalidate", STAMPEDE),
    ("early-refresh", STAMPEDE),
    ("jitter", STAMPEDE),
    ("metastable-failure", STAMPEDE),
    ("amazon-sqs", EMAILS),
    ("at-least-once-delivery", EMAILS),
    ("lease", EMAILS),
    ("receipt-handle", EMAILS),
    ("poison-message", EMAILS),
    ("idempotent", EMAILS),
    ("idempotency-key", EMAILS),
    ("atomic", EMAILS),
    ("dead-letter-queue", EMAILS),
    ("redrive", EMAILS),
    ("microservice", CALLS),
    ("monolith", CALLS),
    ("keep-alive", CALLS),
    ("fan-out", CALLS),
    ("tail-latency", CALLS),
    ("hedged-request", CALLS),
    ("critical-path", CALLS),
    ("in-doubt", CHECKOUT),
    ("saga", CHECKOUT),
    ("compensation", CHECKOUT),
    ("outbox", CHECKOUT),
    ("two-phase-commit", CHECKOUT),
    ("swapping", TEAM),
    ("deployment-pipeline", TEAM),
    ("lead-time", TEAM),
    ("distributed-monolith", TEAM),
    ("log-level", LOG),
    ("write-ahead-log", LOG),
    ("checkpoint", LOG),
    ("inode", LOG),
    ("log-rotation", LOG),
    ("failure-domain", LOG),
    ("sampling", LOG),
    ("schema", RULES),
    ("golden-test", RULES),
    ("mutation-testing", RULES),
    ("canary-release", RULES),
    ("shadow-traffic", RULES),
    ("feature-flag", RULES),
];

/// What is wrong with how the lesson `id` introduces the terms that it has to.
pub fn introduced(id: &str, lesson: &Lesson, glossary: &Glossary) -> Vec<Problem> {
    let mut texts = Vec::new();
    walk(lesson, &mut |line, text| texts.push((line, Shown::of(text))));
    let own = REQUIRED.iter().filter(|(_, home)| *home == id);
    let mut problems: Vec<Problem> = own
        .filter_map(|(term, _)| {
            let Some(entry) = glossary.entry(term) else {
                let sentence = format!("the glossary has no entry with the id {term}, which this lesson introduces; write one");
                return Some(Problem::new(1, sentence));
            };
            let name = &entry.term;
            let found = texts.iter().find_map(|(line, text)| Some((*line, text.first_use(entry)?)));
            match found {
                None => Some(Problem::new(
                    1,
                    format!("this lesson introduces \"{name}\" and never uses it; write **[[{name}]]** where it has just been seen"),
                )),
                Some((line, false)) => Some(Problem::new(
                    line,
                    format!("\"{name}\" is used here first, without being introduced; write **[[{name}]]**"),
                )),
                Some((_, true)) => None,
            }
        })
        .collect();
    problems.sort_by_key(|problem| problem.line);
    problems
}

/// Entries of the glossary that none of `lessons`, which are all of its folder, uses; their lines are those of the
/// glossary.
pub fn unused<'l>(glossary: &Glossary, lessons: impl Iterator<Item = &'l Lesson>) -> Vec<Problem> {
    let mut used = BTreeSet::new();
    for lesson in lessons {
        walk(lesson, &mut |_, text| terms(text, &mut |id| used.extend([id.to_owned()])));
    }
    let idle = glossary.entries.iter().filter(|entry| !used.contains(&entry.id));
    idle.map(|entry| {
        let name = &entry.term;
        Problem::new(
            entry.line,
            format!("no lesson uses \"{name}\"; write [[{name}]] in one that does, or leave the entry out"),
        )
    })
    .collect()
}

/// Every term that is marked in `text`.
fn terms(text: &[Inline], see: &mut impl FnMut(&str)) {
    for inline in text {
        match inline {
            Inline::Term { id, .. } => see(id),
            Inline::Emphasis(inside) | Inline::Strong(inside) | Inline::Link { text: inside, .. } => {
                terms(inside, see);
            }
            Inline::Text(_) | Inline::Code(_) | Inline::Live(_) | Inline::Break => {}
        }
    }
}

/// Every text of the lesson in the order of the file, with the line of its block or step.
fn walk(lesson: &Lesson, see: &mut impl FnMut(usize, &[Inline])) {
    blocks(&lesson.introduction, &mut |text| see(1, text));
    for step in &lesson.steps {
        for part in &step.parts {
            match part {
                Part::Prose(block) => blocks(std::slice::from_ref(block), &mut |text| see(step.line, text)),
                _ => goal::texts(part, &mut |text| see(part.line().unwrap_or(step.line), text)),
            }
        }
    }
}

fn blocks(text: &[Block], see: &mut impl FnMut(&[Inline])) {
    for block in text {
        match block {
            Block::Paragraph(text) => see(text),
            Block::Quote(text) => blocks(text, see),
            Block::List { items, .. } => items.iter().for_each(|item| see(item)),
            Block::Code(_) => {}
        }
    }
}

/// A text as one reads it, in lower case, and what stands where in it.
struct Shown {
    words: String,
    pieces: Vec<Piece>,
}

struct Piece {
    begin: usize,
    is_strong: bool,
    /// The entry that it is marked as a use of.
    term: Option<String>,
}

impl Shown {
    fn of(text: &[Inline]) -> Self {
        let mut shown = Self { words: String::new(), pieces: Vec::new() };
        shown.add(text, false);
        shown
    }

    fn add(&mut self, text: &[Inline], is_strong: bool) {
        for inline in text {
            let mut piece = |words: &str, term: Option<&String>| {
                self.pieces.push(Piece { begin: self.words.len(), is_strong, term: term.cloned() });
                self.words.push_str(&words.to_lowercase());
            };
            match inline {
                Inline::Text(words) => piece(words, None),
                Inline::Term { id, text } => piece(text, Some(id)),
                // What stands in code is the name of something else.
                Inline::Code(_) | Inline::Live(_) => piece("–", None),
                Inline::Break => piece(" ", None),
                Inline::Strong(inside) => self.add(inside, true),
                Inline::Emphasis(inside) | Inline::Link { text: inside, .. } => self.add(inside, is_strong),
            }
        }
    }

    /// Whether the first use of `entry` in this text, if there is one, is in bold.
    fn first_use(&self, entry: &Entry) -> Option<bool> {
        let marked = self.pieces.iter().find(|piece| piece.term.as_ref() == Some(&entry.id));
        let named = entry.names().filter_map(|name| self.find(&name.to_lowercase()));
        let at = named.chain(marked.map(|piece| piece.begin)).min()?;
        let piece = self.pieces.partition_point(|piece| piece.begin <= at);
        self.pieces.get(piece.checked_sub(1)?).map(|piece| piece.is_strong)
    }

    /// Where these words stand first, as whole words.
    fn find(&self, words: &str) -> Option<usize> {
        let is_word = |char: Option<char>| char.is_some_and(char::is_alphanumeric);
        self.words.match_indices(words).map(|(at, _)| at).find(|at| {
            let (before, behind) = (&self.words[..*at], &self.words[at + words.len()..]);
            !is_word(before.chars().next_back()) && !is_word(behind.chars().next())
        })
    }
}

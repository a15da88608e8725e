//! What a box says and where in it: its lines of text, its picture, the course of its number.

use warstories_sim::format::count;
use warstories_sim::snapshot::{Content, Node};

use super::layout::Rect;
use super::places::{LEASE, WAITING};
use super::text;

/// Type sizes, as in the style sheet.
pub const TITLE: f64 = 13.0;
pub const SMALL: f64 = 11.0;
/// Heights of their lines.
const TITLE_LINE: f64 = 15.0;
pub const TEXT_LINE: f64 = 13.0;
/// Below the base line of each.
const DESCENT: f64 = 3.0;
/// Room between the edge of a box and what is in it.
const PAD: (f64, f64) = (7.0, 3.0);
const LEAST_PAD: f64 = 2.0;
/// The sign before a state, and the room between two texts on one line.
const GLYPH: f64 = 14.0;
const SPACE: f64 = 8.0;
/// A state beside a name keeps so far from it.
const NEXT_TO: f64 = 4.0;
/// Above a picture, and between a picture and the course beside it.
const AIR: f64 = 3.0;
/// The widest course beside a picture, and its share of the row.
const COURSE: (f64, f64) = (40.0, 0.34);
const COURSE_HEIGHT: f64 = 14.0;
/// Letters for which there is room whatever is said, so that boxes do not change with every number.
const WORD: (usize, usize) = (8, 12);
/// Width of the dial in the corner of a box.
const DIAL: f64 = 26.0;

/// How much of itself a box shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Form {
    /// Whether the state has a line of its own; else it shares one.
    pub is_tall: bool,
    /// Height of the picture, at most; 0 means that there is none.
    pub picture: f64,
}

const fn form(is_tall: bool, picture: f64) -> Form {
    Form { is_tall, picture }
}

/// All forms, the richest first: pictures become smaller before lines are shared.
pub const FORMS: [Form; 8] = [
    form(true, 48.0),
    form(true, 33.0),
    form(true, 22.0),
    form(true, 14.0),
    form(false, 14.0),
    form(false, 10.0),
    SLIM,
    form(false, 0.0),
];

/// The narrowest.
pub const SLIM: Form = form(true, 0.0);

/// What a text says in its box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The name.
    Title,
    /// How it is doing.
    Word,
    /// Numbers.
    Detail,
}

/// A box with everything in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// Texts and where they begin, on their base line.
    pub texts: Vec<(Voice, String, (f64, f64))>,
    /// Where the picture is.
    pub picture: Option<Rect>,
    /// Where the course of the number is.
    pub course: Option<Rect>,
    /// The middle of a dial.
    pub dial: Option<(f64, f64)>,
}

/// Width and height that a node needs in a form.
pub fn size(node: &Node, form: Form) -> (f64, f64) {
    let title = text::bold(&node.title, TITLE);
    let least = if form.is_tall { WORD.1 } else { WORD.0 };
    let word = if node.word.is_empty() {
        0.0
    } else {
        GLYPH + text::bold(node.word, SMALL).max(text::letters(least, SMALL))
    };
    let most = text::letters(numbers(node, form), SMALL);
    let dial = if has_dial(node, form) { DIAL } else { 0.0 };
    let room = if form.is_tall || word == 0.0 {
        (title.max(word) + dial).max(most)
    } else {
        let beside_title = (title + NEXT_TO + word + dial).max(most);
        beside_title.min((title + dial).max(word + SPACE + most))
    };
    let room = room.ceil();
    let texts = texts(node, form, room);
    let text = height(node, form, set(&texts).1);
    (room + 2.0 * PAD.0, text + 2.0 * pad(form) + row(node, form, room).map_or(0.0, |height| height + AIR))
}

/// Room above and below what is in a box; the lowest saves some for the ways between lines.
fn pad(form: Form) -> f64 {
    if form.is_tall || form.picture > 0.0 { PAD.1 } else { LEAST_PAD }
}

/// Letters of numbers that a box has room for on one line.
fn numbers(node: &Node, form: Form) -> usize {
    match node.content {
        Content::Plain => node.detail.chars().count().clamp(13, if form.is_tall { 19 } else { 14 }),
        Content::Load(_) => 14,
        Content::Queue { .. } if has_parts(node) => 22,
        Content::Queue { .. } => 15,
        Content::Ring(_) => 16,
        Content::Leases { .. } => 20,
        Content::Steps { .. } => 19,
        Content::Slots { total, .. } => {
            let both = 2 * count(total).len();
            node.detail.chars().count().clamp(both + 7, both + 11)
        }
    }
}

/// Whether a queue tells how many wait for one thing and how many for another.
fn has_parts(node: &Node) -> bool {
    matches!(node.content, Content::Queue { .. }) && node.detail.contains(", ")
}

/// Everything in its place in `rect`.
pub fn face(node: &Node, rect: Rect, form: Form) -> Face {
    let room = rect.w - 2.0 * PAD.0;
    let texts = texts(node, form, room);
    let (lines, said) = set(&texts);
    let picture = row(node, form, room);
    let height = if picture.is_some() { height(node, form, said) } else { said };
    // What is left over stands above and below, or enlarges the picture.
    let (top, bottom) = (rect.y + pad(form), rect.y + rect.h - pad(form));
    let shift = if picture.is_some() { 0.0 } else { ((bottom - top - height) / 2.0).max(0.0) };
    let has_picture = !matches!(node.content, Content::Plain | Content::Ring(_));
    let area = picture.map(|natural| {
        let y = top + height + AIR;
        let h = if has_picture { (bottom - y).max(0.0) } else { natural };
        Rect { x: rect.x + PAD.0, y: bottom - h, w: room, h }
    });
    let has_course = has_course(node, form);
    let beside = if has_picture && has_course { (room * COURSE.1).min(COURSE.0) } else { 0.0 };
    Face {
        texts: texts
            .into_iter()
            .zip(lines)
            .map(|((voice, text, x), y)| (voice, text, (rect.x + PAD.0 + x, top + shift + y)))
            .collect(),
        picture: area.filter(|_| has_picture).map(|area| Rect { w: area.w - beside, ..area }),
        course: area.filter(|_| has_course).map(|area| {
            if has_picture {
                Rect { x: area.x + area.w - beside + 6.0, w: beside - 6.0, ..area }
            } else {
                area
            }
        }),
        dial: has_dial(node, form).then_some((rect.x + rect.w - 21.0, top + shift + 15.0)),
    }
}

/// Whether there is room for the course of what the box holds or what comes to it.
fn has_course(node: &Node, form: Form) -> bool {
    form.picture >= COURSE_HEIGHT && !matches!(node.content, Content::Ring(_) | Content::Steps { .. })
}

fn has_dial(node: &Node, form: Form) -> bool {
    matches!(node.content, Content::Ring(_)) && form.picture > 0.0
}

/// The sign of a state: its place is before the word.
pub fn glyph((x, y): (f64, f64)) -> (f64, f64) {
    (x - GLYPH, y - 9.0)
}

/// Texts with the place at which each begins, without the padding.
fn texts(node: &Node, form: Form, room: f64) -> Vec<(Voice, String, f64)> {
    let dial = if has_dial(node, form) { DIAL } else { 0.0 };
    let title = text::lines(&node.title, room - dial, TITLE, 2);
    let mut all: Vec<_> = title.iter().map(|line| (Voice::Title, line.clone(), 0.0)).collect();
    let beside = text::bold(title.last().map_or("", String::as_str), TITLE) + NEXT_TO;
    let word = GLYPH + text::bold(node.word, SMALL);
    let (mut left, has_word) = (0.0, !node.word.is_empty());
    if has_word {
        let x = if form.is_tall { GLYPH } else { beside + GLYPH };
        if form.is_tall || beside + word + dial <= room {
            all.push((Voice::Word, text::lines(node.word, room - x, SMALL, 1).concat(), x));
        } else {
            left = word + SPACE;
            all.push((Voice::Word, text::lines(node.word, room - GLYPH, SMALL, 1).concat(), GLYPH));
        }
    }
    // Only what is always long takes two lines: a box must not grow and shrink while the run goes on.
    let may_wrap = has_parts(node)
        || matches!(node.content, Content::Load(_) | Content::Ring(_) | Content::Slots { .. });
    let most = if form.is_tall && may_wrap { 2 } else { 1 };
    let numbers = told(node, form, room).unwrap_or_else(|| node.detail.clone());
    for line in text::lines(&numbers, room - left, SMALL, most) {
        all.push((Voice::Detail, line, left));
    }
    all
}

/// The base line of each text, and the height of all.
fn set(texts: &[(Voice, String, f64)]) -> (Vec<f64>, f64) {
    let mut height = 0.0;
    let lines = texts.iter().map(|(voice, _, x)| {
        // What begins farther to the right than a state's word goes on with the line before.
        if *x <= GLYPH {
            height += if *voice == Voice::Title { TITLE_LINE } else { TEXT_LINE };
        }
        height - DESCENT
    });
    (lines.collect(), height)
}

/// Height of what is said, with room for a line of numbers that may come.
fn height(node: &Node, form: Form, said: f64) -> f64 {
    said.max(TITLE_LINE + TEXT_LINE * if form.is_tall && !node.word.is_empty() { 2.0 } else { 1.0 })
}

/// How many there are, where not all are drawn and nothing else tells.
fn told(node: &Node, form: Form, room: f64) -> Option<String> {
    let (all, pitch) = match node.content {
        Content::Queue { length, .. } => (length, WAITING),
        Content::Leases { count, .. } => (count, LEASE),
        _ => return None,
    };
    let (number, high) = (count(all), row(node, form, room).unwrap_or(0.0));
    let drawn = (room * (1.0 - COURSE.1) / pitch).floor() * (high / pitch.min(high)).floor();
    let is_drawn = high > 0.0 && all as f64 <= drawn;
    let is_told = node.detail.starts_with(|first: char| first.is_ascii_digit());
    (all > 0 && !is_drawn && !is_told).then(|| format!("{number} in all"))
}

/// The height of the row of pictures.
fn row(node: &Node, form: Form, room: f64) -> Option<f64> {
    let has_course = has_course(node, form);
    let course = if has_course { COURSE_HEIGHT } else { 0.0 };
    let natural = match node.content {
        Content::Plain | Content::Ring(_) => course,
        Content::Load(_) | Content::Steps { .. } => course.max(9.0),
        Content::Leases { .. } => 22.0,
        Content::Queue { .. } => 33.0,
        Content::Slots { total, .. } => {
            let room = if has_course { room - (room * COURSE.1).min(COURSE.0) } else { room };
            let height = |pitch: f64| (total as f64 / (room / pitch).floor()).ceil() * pitch;
            if height(14.0) <= 28.0 { height(14.0) } else { height(7.0) }
        }
    };
    (natural > 0.0 && form.picture > 0.0).then(|| natural.min(form.picture))
}

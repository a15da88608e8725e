//! The rule file as text: the reference, and a learner's file as a short list of edits of its lines.
//!
//! A link holds the edits, not the file. Line numbers are always those of the reference, whatever the other edits do, so an
//! edit can be read, written and taken out by hand:
//!
//! | written | meaning |
//! |---|---|
//! | `31<2`, `31>2` | line 31 loses, or gets, two spaces in front; `31<` is the same |
//! | `31-` | line 31 is deleted |
//! | `31*` | line 31 stands there twice |
//! | `31~` | line 31 changes places with line 32 |
//! | `31=text` | line 31 reads `text`, up to the end of the line |
//! | `31+text` | a new line behind line 31 (or `0+text`, at the top) |
//!
//! Edits without a text may share a line, with spaces between them. Nothing at all, or the word `reset`, is the reference.

use crate::document::{MOST_COMPARED, common};
use crate::suggest::shortened;

/// The rule file that prices as the shop wants it, version 0: 40 lines. It is the truth that every order is held against.
pub const REFERENCE: &str = include_str!("reference.yaml");
/// Takes back all edits.
pub const RESET: &str = "reset";
/// Characters of a list of edits at most: enough to write every line of the reference anew.
pub const MOST_EDITS: usize = 4000;
/// Spaces that one edit adds or takes at most.
const MOST_SPACES: usize = 40;

/// The lines of the reference.
pub fn reference() -> impl Iterator<Item = &'static str> {
    REFERENCE.lines()
}

/// A line of the reference, and what has become of it.
struct Slot {
    text: Option<String>,
    behind: Vec<String>,
}

/// The file that these edits make of the reference.
///
/// # Errors
/// One sentence that names the edit and the forms that there are.
pub fn edited(edits: &str) -> Result<String, String> {
    // The first slot stands before the first line.
    let top = Slot { text: None, behind: Vec::new() };
    let slot = |line: &str| Slot { text: Some(line.to_owned()), behind: Vec::new() };
    let mut slots: Vec<Slot> = std::iter::once(top).chain(reference().map(slot)).collect();
    if edits.trim() != RESET {
        for line in edits.split('\n') {
            apply_line(line, &mut slots)?;
        }
    }
    let lines = slots.into_iter().flat_map(|slot| slot.text.into_iter().chain(slot.behind));
    let mut file = String::with_capacity(REFERENCE.len() + edits.len());
    for line in lines {
        file.push_str(&line);
        file.push('\n');
    }
    Ok(file)
}

/// The number that a text begins with, and the rest.
fn number(text: &str) -> Option<(usize, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

fn apply_line(line: &str, slots: &mut [Slot]) -> Result<(), String> {
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let wrong = || {
            format!(
                "\"{}\" is no edit; write 31<2, 31>2, 31-, 31*, 31~, 31=text or 31+text, or {RESET}",
                shortened(rest)
            )
        };
        let (at, behind) = number(rest).ok_or_else(wrong)?;
        let last = slots.len() - 1;
        let absent = || format!("there is no line {at} in the reference; its lines are 1 to {last}");
        let mut marks = behind.chars();
        let mark = marks.next().ok_or_else(wrong)?;
        let after = marks.as_str();
        let is_there = if mark == '+' { at <= last } else { (1..=last).contains(&at) };
        if !is_there {
            return Err(absent());
        }
        match mark {
            '=' => {
                slots[at].text = Some(after.to_owned());
                return Ok(());
            }
            '+' => {
                slots[at].behind.push(after.to_owned());
                return Ok(());
            }
            _ => {}
        }
        let end = after.find(' ').unwrap_or(after.len());
        let (amount, next) = after.split_at(end);
        match (mark, amount) {
            ('-', "") => slots[at].text = None,
            ('*', "") => {
                let twin = slots[at].text.clone();
                slots[at].behind.splice(0..0, twin);
            }
            ('~', "") if at < last => {
                let first = slots[at].text.take();
                slots[at].text = std::mem::replace(&mut slots[at + 1].text, first);
            }
            ('<' | '>', amount) => {
                let spaces = if amount.is_empty() { Some(2) } else { amount.parse().ok() };
                let spaces = spaces.filter(|spaces| *spaces <= MOST_SPACES).ok_or_else(wrong)?;
                if let Some(text) = &mut slots[at].text {
                    let there = text.len() - text.trim_start_matches(' ').len();
                    if mark == '>' {
                        text.insert_str(0, &" ".repeat(spaces));
                    } else {
                        text.drain(..spaces.min(there));
                    }
                }
            }
            _ => return Err(wrong()),
        }
        rest = next.trim_start();
    }
    Ok(())
}

/// The edits that make this file of the reference, as [`edited`] reads them; empty where it is the reference. Whether the last
/// line ends in a line break is not kept. Of a file of more lines than are compared, the rest is added behind its last line.
pub fn edits(file: &str) -> String {
    let old: Vec<&str> = reference().collect();
    let all: Vec<&str> = file.strip_suffix('\n').unwrap_or(file).split('\n').collect();
    let is_empty = file.is_empty() || file == "\n";
    let new = if is_empty { &[][..] } else { &all[..] };
    let compared = &new[..new.len().min(MOST_COMPARED)];
    let mut edits: Vec<String> = Vec::new();
    let (mut from_old, mut from_new) = (0, 0);
    let ends = std::iter::once((old.len(), compared.len()));
    for (at_old, at_new) in common(&old, compared).into_iter().chain(ends) {
        let (gone, come) = (&old[from_old..at_old], &compared[from_new..at_new]);
        for (place, was) in gone.iter().enumerate() {
            let line = from_old + place + 1;
            edits.push(come.get(place).map_or_else(|| format!("{line}-"), |is| change(line, was, is)));
        }
        let behind = at_old.min(from_old + gone.len());
        edits.extend(come.iter().skip(gone.len()).map(|is| format!("{behind}+{is}")));
        (from_old, from_new) = (at_old + 1, at_new + 1);
    }
    edits.extend(new[compared.len()..].iter().map(|is| format!("{}+{is}", old.len())));
    edits.join("\n")
}

/// The shortest edit that makes one line of another.
fn change(line: usize, was: &str, is: &str) -> String {
    let indent = |text: &str| text.len() - text.trim_start_matches(' ').len();
    let (before, now) = (indent(was), indent(is));
    if was[before..] == is[now..] && before.abs_diff(now) <= MOST_SPACES && before != now {
        let mark = if now < before { '<' } else { '>' };
        return format!("{line}{mark}{}", before.abs_diff(now));
    }
    format!("{line}={is}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_does_what_it_says_and_lines_keep_the_numbers_of_the_reference() {
        let line = |edits: &str, at: usize| {
            let file = edited(edits).unwrap_or_default();
            file.lines().nth(at - 1).unwrap_or_default().to_owned()
        };
        assert_eq!(reference().count(), 40);
        assert_eq!(edited("").as_deref(), Ok(REFERENCE));
        assert_eq!(edited(" reset ").as_deref(), Ok(REFERENCE));
        assert_eq!(line("31<2", 31), "    tag: [clearance]");
        assert_eq!(line("31<", 31), line("31<2", 31));
        assert_eq!(line("31>3", 31), "         tag: [clearance]");
        assert_eq!(line("10- 31<2", 30), "    tag: [clearance]");
        assert_eq!((line("1*", 1), line("1*", 2)), ("schema: 1".into(), "schema: 1".into()));
        assert_eq!(line("39~", 39), "      shipping_usd: 0");
        assert_eq!(line("26=      discount_pct: 200\n0+# ours", 27), "      discount_pct: 200");
    }

    #[test]
    fn what_is_no_edit_gets_a_sentence() {
        for (edits, told) in [
            ("31", "\"31\" is no edit"),
            ("tag", "\"tag\" is no edit"),
            ("31<2x", "\"31<2x\" is no edit"),
            ("31<41", "\"31<41\" is no edit"),
            ("31-5", "\"31-5\" is no edit"),
            ("40~", "\"40~\" is no edit"),
            ("41-", "there is no line 41 in the reference; its lines are 1 to 40"),
            ("0-", "there is no line 0"),
            ("99999999999999999999-", "is no edit"),
        ] {
            let error = edited(edits).expect_err(edits);
            assert!(error.contains(told), "{edits}: {error}");
        }
    }

    #[test]
    fn a_file_is_told_by_the_shortest_edits() {
        let with = |from: &str, to: &str| edits(&REFERENCE.replace(from, to));
        assert_eq!(edits(REFERENCE), "");
        assert_eq!(with("      tag:", "    tag:"), "31<2");
        assert_eq!(with("      country: [SG, MY, NO]\n", ""), "10-");
        assert_eq!(with("discount_pct: 20", "discount_pct: 200"), "26=      discount_pct: 200");
        assert_eq!(with("rules:\n", "rules:\n# ours\n"), "6+# ours");
    }
}

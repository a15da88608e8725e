//! What a sentence about bad input quotes, and the cure that it suggests.

/// Letters of a list of known names, at most.
const LONGEST_LIST: usize = 160;
/// A name is meant by its beginning from this many letters on.
const LEAST_BEGINNING: usize = 3;

/// The candidate that `text` is a slip of: one that begins with it, or that is turned into it by changing at most a
/// third of its letters, the bound that the Rust compiler suggests names by (`find_best_match_for_name`).
pub fn nearest<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(text, &candidates.collect::<Vec<_>>())
}

/// The page carries this once, and not for each list of names.
#[inline(never)]
fn nearest_of<'a>(text: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let text = shortened(text);
    let length = text.chars().count();
    let most = length.max(3) / 3;
    let distance = |candidate: &str| {
        if length >= LEAST_BEGINNING && candidate.starts_with(&text) {
            return 0;
        }
        strsim::damerau_levenshtein(&text, candidate)
    };
    let near = candidates.iter().map(|candidate| (distance(candidate), *candidate));
    near.filter(|(distance, _)| *distance <= most).min().map(|(_, nearest)| nearest)
}

/// "; did you mean …?" with the candidate that `text` is a slip of; empty where there is none.
pub fn did_you_mean<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    question(nearest(text, candidates))
}

#[inline(never)]
fn question(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; did you mean \"{}\"?", shortened(nearest)))
}

/// The candidate that `text` is a slip of, as a question, or else all candidates, or as many as fit in a sentence.
pub fn known<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    known_of(text, &candidates.collect::<Vec<_>>())
}

/// Likewise.
#[inline(never)]
fn known_of(text: &str, candidates: &[&str]) -> String {
    let hint = question(nearest_of(text, candidates));
    if !hint.is_empty() {
        return hint;
    }
    let mut list = String::new();
    let mut told = 0;
    for candidate in candidates {
        if list.len() + candidate.len() > LONGEST_LIST {
            break;
        }
        list.push_str(if told == 0 { "; there is " } else { ", " });
        list.push_str(candidate);
        told += 1;
    }
    match candidates.len() - told {
        0 => list,
        _ if told == 0 => String::new(),
        more => format!("{list} and {more} more"),
    }
}

/// `text` cut to a length that fits in a sentence, without characters that would break it.
pub fn shortened(text: &str) -> String {
    shortened_to(text, 40)
}

/// As [`shortened`], to at most `longest` characters and an ellipsis.
pub fn shortened_to(text: &str, longest: usize) -> String {
    let mut short: String =
        text.chars().take(longest).map(|char| if char.is_control() { '\u{FFFD}' } else { char }).collect();
    if text.chars().nth(longest).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["queueing_lab", "connection_pool", "cache_stampede", "duplicate_delivery"];

    fn of(text: &str) -> Option<&str> {
        nearest(text, NAMES.into_iter())
    }

    #[test]
    fn a_slip_of_the_pen_and_a_beginning_are_understood() {
        for slip in ["queuing_lab", "queueing-lab", "queue", "queueing_lba"] {
            assert_eq!(of(slip), Some("queueing_lab"), "{slip}");
        }
        assert_eq!(of("cache_stampde"), Some("cache_stampede"));
    }

    #[test]
    fn what_resembles_no_name_is_not_taken_for_one() {
        for garbage in ["", "c", "xyz", "lorem ipsum", "pool of threads", "quantum_cat"] {
            assert_eq!(of(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn known_names_are_listed_where_none_is_near() {
        let list = known("lorem ipsum", NAMES.into_iter());
        assert_eq!(list, "; there is queueing_lab, connection_pool, cache_stampede, duplicate_delivery");
        assert_eq!(known("queue", NAMES.into_iter()), "; did you mean \"queueing_lab\"?");
        let many = NAMES.into_iter().cycle().take(40);
        let list = known("lorem ipsum", many);
        assert!(list.ends_with(" more") && list.len() < LONGEST_LIST + 20, "{list}");
        assert_eq!(known("x", std::iter::empty()), "");
    }
}

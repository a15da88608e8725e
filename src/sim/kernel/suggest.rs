//! What a sentence about bad input quotes, and the cure that it suggests.

/// "; did you mean …?" with the candidate nearest to `text`.
pub fn did_you_mean(text: &str, candidates: impl Iterator<Item = &'static str>) -> String {
    let text = shortened(text);
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(&text, candidate), candidate))
        .min()
        .map_or_else(String::new, |(_, nearest)| format!("; did you mean \"{nearest}\"?"))
}

/// `text` cut to a length that fits in a sentence, without characters that would break it.
pub fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String =
        text.chars().take(LONGEST).map(|char| if char.is_control() { '\u{FFFD}' } else { char }).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

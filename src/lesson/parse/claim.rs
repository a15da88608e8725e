//! Numbers in prose that look measured. They are bound to the run by a live number, or marked as what they are: a
//! setting in `code`, or something that somebody says, in quotation marks.

use warstories_sim::ScenarioSpec;
use warstories_sim::scenario::shortened;

/// What to say of a number that looks measured.
pub(super) fn sentence(claim: &str) -> String {
    format!(
        "\"{}\" looks measured; write `= MEASURE` so that the run tells it, `code` if it is a setting, or quotation marks if it is said",
        shortened(claim)
    )
}

/// The first number outside of quotation marks that has a unit or a label of the scenario's metrics behind it, a
/// per cent sign behind it, or a dollar sign before it.
pub(super) fn find(text: &str, spec: &ScenarioSpec) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let (mut index, mut quoted) = (0, false);
    while index < chars.len() {
        let char = chars[index];
        match char {
            '"' => quoted = !quoted,
            '“' | '«' | '„' => quoted = true,
            '”' | '»' => quoted = false,
            _ => {}
        }
        let begins = char.is_ascii_digit()
            && !index
                .checked_sub(1)
                .is_some_and(|before| chars[before].is_alphanumeric() || chars[before] == '_');
        if !begins {
            index += 1;
            continue;
        }
        let mut end = index;
        let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
        while digit(end) || (matches!(chars.get(end), Some(',' | '.' | ':')) && digit(end + 1)) {
            end += 1;
        }
        let clock = chars[index..end].contains(&':');
        if !quoted && !clock {
            let after: String = chars[end..].iter().take(40).collect();
            let dollars = index > 0 && chars[index - 1] == '$';
            if dollars || measured(&after, spec) {
                let start = index - usize::from(dollars);
                let claim: String = chars[start..].iter().take(end - start + 12).collect();
                return Some(claim.split_whitespace().take(2).collect::<Vec<_>>().join(" "));
            }
        }
        index = end;
    }
    None
}

/// Whether a unit or a label stands at the beginning of `after`.
fn measured(after: &str, spec: &ScenarioSpec) -> bool {
    let after = after.trim_start_matches([' ', '\u{A0}', '\u{202F}', '-']).to_lowercase();
    let begins = |word: &str| {
        let word = word.to_lowercase();
        !word.is_empty()
            && after
                .strip_prefix(&word)
                .is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric()))
    };
    after.starts_with('%')
        || spec.metrics.iter().any(|metric| begins(metric.unit.symbol()) || begins(metric.label))
}

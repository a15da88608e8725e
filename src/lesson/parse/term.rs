//! Words of the trade in a text: `[[term]]` or `[[term|words to show]]`.

use warstories_sim::suggest::{did_you_mean, shortened};

use crate::glossary::{Entry, Glossary};
use crate::prose::Inline;

/// What marks a term begins so, and ends with [`CLOSE`].
pub(super) const OPEN: &str = "[[";
const CLOSE: &str = "]]";

/// The text with its marked terms as such, and a sentence for each that is wrong; of that the words stay.
pub(super) fn split(inlines: Vec<Inline>, glossary: &Glossary) -> (Vec<Inline>, Vec<String>) {
    let (mut parts, mut sentences) = (Vec::new(), Vec::new());
    for inline in inlines {
        match inline {
            Inline::Text(text) if text.contains(OPEN) => pieces(&text, glossary, &mut parts, &mut sentences),
            inline => parts.push(inline),
        }
    }
    (parts, sentences)
}

fn pieces(text: &str, glossary: &Glossary, parts: &mut Vec<Inline>, sentences: &mut Vec<String>) {
    let words = |text: &str, parts: &mut Vec<Inline>| {
        if !text.is_empty() {
            parts.push(Inline::Text(text.to_owned()));
        }
    };
    let mut rest = text;
    while let Some((before, marked)) = rest.split_once(OPEN) {
        words(before, parts);
        let Some((marked, behind)) = marked.split_once(CLOSE) else {
            let begin = shortened(marked.trim());
            sentences.push(format!(
                "the term that begins with \"{begin}\" does not end; write [[term]], without other marks inside"
            ));
            return words(marked, parts);
        };
        let (name, shown) = marked.split_once('|').unwrap_or((marked, marked));
        let (name, shown) = (name.trim(), shown.trim());
        match glossary.find(name) {
            Some(Entry { id, .. }) if !shown.is_empty() => {
                parts.push(Inline::Term { id: id.clone(), text: shown.to_owned() });
            }
            Some(_) => {
                sentences.push(format!("[[{}|]] shows no words; write [[term|words]]", shortened(name)));
            }
            None => {
                sentences.push(unknown(name, glossary));
                words(shown, parts);
            }
        }
        rest = behind;
    }
    words(rest, parts);
}

fn unknown(name: &str, glossary: &Glossary) -> String {
    let hint = did_you_mean(name, glossary.entries.iter().flat_map(Entry::names));
    let hint =
        if hint.is_empty() { "; write an entry for it, or take away the brackets" } else { hint.as_str() };
    format!("the glossary has no entry \"{}\"{hint}", shortened(name))
}

//! What a file is held against before it goes live: the strict schema, and the fields that typed code would not do without.

use std::borrow::Cow;

use super::orders::{COUNTRIES, SEGMENTS, TAGS};
use super::rules::CONDITIONS;
use super::yaml::{Fault, Kind, Mark, Node, resolve};
use crate::suggest::{did_you_mean, shortened};

/// What a key holds.
#[derive(Clone, Copy)]
enum Form {
    /// Exactly this word or number.
    Exactly(&'static str),
    Number,
    Whole,
    Bool,
    Name,
    /// A list of one string at least.
    Names,
    Date,
    Conditions,
    Effects,
    Rules,
}

type Keys = &'static [(&'static str, Form)];

const FILE: Keys = &[
    ("schema", Form::Exactly("1")),
    ("currency", Form::Exactly("USD")),
    ("rounding", Form::Exactly("down")),
    ("max_discount_pct", Form::Number),
    ("default_shipping_usd", Form::Number),
    ("rules", Form::Rules),
];
const RULE: Keys = &[("name", Form::Name), ("when", Form::Conditions), ("then", Form::Effects)];
const WHEN: Keys = &[
    (CONDITIONS[0], Form::Names),
    (CONDITIONS[1], Form::Names),
    (CONDITIONS[2], Form::Names),
    (CONDITIONS[3], Form::Whole),
    (CONDITIONS[4], Form::Number),
    (CONDITIONS[5], Form::Date),
    (CONDITIONS[6], Form::Date),
];
const THEN: Keys = &[
    ("discount_pct", Form::Number),
    ("stack", Form::Bool),
    ("max_discount_usd", Form::Number),
    ("lift_cap", Form::Bool),
    ("shipping_usd", Form::Number),
];

fn err<T>(mark: Mark, why: impl Into<Cow<'static, str>>) -> Result<T, Fault> {
    Err(Fault::new(mark, why))
}

/// Whether the file has exactly the keys of the grammar, each with a value of its type and no number below 0. There is no upper
/// bound on a discount.
///
/// # Errors
/// The first fault.
pub fn strict(file: &Node) -> Result<(), Fault> {
    keys(file, FILE, "a rule file", true)
}

/// A map with these keys and no others: with all of them, or with one at least.
fn keys(node: &Node, known: Keys, whole: &str, needs_all: bool) -> Result<(), Fault> {
    let Some(entries) = node.map() else {
        let why = if node.kind() == Some(Kind::Null) {
            format!("{whole} is empty; its lines are perhaps indented too little")
        } else {
            format!("{whole} is a map of keys, and here is {}", node.what())
        };
        return err(node.mark, why);
    };
    for entry in entries {
        let Some((key, form)) = known.iter().find(|(key, _)| *key == &*entry.key) else {
            let hint = did_you_mean(&entry.key, known.iter().map(|(key, _)| *key));
            return err(entry.mark, format!("{whole} has no key \"{}\"{hint}", shortened(&entry.key)));
        };
        check(&entry.value, *form, key)?;
    }
    match known.iter().find(|(key, _)| node.get(key).is_none()) {
        Some((missing, _)) if needs_all => err(node.mark, format!("{whole} wants the key \"{missing}\"")),
        Some(_) if entries.is_empty() => err(node.mark, format!("{whole} wants one key at least")),
        _ => Ok(()),
    }
}

fn check(node: &Node, form: Form, key: &str) -> Result<(), Fault> {
    let is = |wanted: bool, what: &str| {
        if wanted { Ok(()) } else { err(node.mark, format!("{key} is {what}, and here is {}", node.what())) }
    };
    match form {
        Form::Exactly(word) => {
            let is_right_kind = match node.kind() {
                Some(Kind::Number(number)) => number.is_int,
                kind => kind == Some(Kind::Text) && word != "1",
            };
            is(is_right_kind && node.text() == Some(word), word)
        }
        Form::Number => match node.kind() {
            Some(Kind::Number(number)) if number.value < 0.0 => err(node.mark, format!("{key} is below 0")),
            kind => is(matches!(kind, Some(Kind::Number(_))), "a number"),
        },
        Form::Whole => match node.kind() {
            Some(Kind::Number(number)) if number.value < 0.0 => err(node.mark, format!("{key} is below 0")),
            kind => is(matches!(kind, Some(Kind::Number(number)) if number.is_int), "a whole number"),
        },
        Form::Bool => is(matches!(node.kind(), Some(Kind::Bool(_))), "true or false"),
        Form::Name => is(node.string().is_some(), "a string"),
        Form::Names => {
            let Some(items) = node.list().filter(|items| !items.is_empty()) else {
                return err(
                    node.mark,
                    format!("{key} is a list of one name at least, and here is {}", node.what()),
                );
            };
            match items.iter().find(|item| item.string().is_none()) {
                Some(item) => err(
                    item.mark,
                    format!(
                        "{key} is a list of names, and \"{}\" is {}; put it in quotes",
                        shortened(item.text().unwrap_or_default()),
                        item.what()
                    ),
                ),
                None => Ok(()),
            }
        }
        Form::Date => {
            let is_kind = matches!(node.kind(), Some(Kind::Text | Kind::Date));
            let is_form = node.text().is_some_and(resolve::is_date);
            if is_kind && is_form { Ok(()) } else { err(node.mark, format!("{key} is a day, as 2024-02-09")) }
        }
        Form::Conditions => keys(node, WHEN, "when", false),
        Form::Effects => keys(node, THEN, "then", false),
        Form::Rules => {
            let Some(rules) = node.list().filter(|rules| !rules.is_empty()) else {
                return err(
                    node.mark,
                    format!("rules is a list of one rule at least, and here is {}", node.what()),
                );
            };
            for (at, rule) in rules.iter().enumerate() {
                keys(rule, RULE, "a rule", true)?;
                let name = |rule: &Node| rule.get("name").and_then(Node::text).map(str::to_owned);
                if rules[..at].iter().any(|other| name(other) == name(rule)) {
                    return err(rule.mark, "two rules have one name");
                }
            }
            Ok(())
        }
    }
}

/// Whether the file could be written as the typed code of [`code`](super::code). There a rule is a value with a field for each
/// condition and effect, so that whatever the reference says of a rule must still be said: a field that is left out does not
/// compile. Names are those of an enumeration, and a percentage is a whole number from 0 to 255, a `u8`.
///
/// The compiler is represented by this check; the code itself is compiled and tested with the project. Rules that the reference
/// does not have may leave out what they like, since a file has no word for "any".
///
/// # Errors
/// The first fault.
pub fn typed(file: &Node, reference: &Node) -> Result<(), Fault> {
    strict(file)?;
    let rules =
        |file: &Node| file.get("rules").and_then(Node::list).map(<[Node]>::to_vec).unwrap_or_default();
    let (ours, theirs) = (rules(file), rules(reference));
    let name = |rule: &Node| rule.get("name").and_then(Node::text).map(str::to_owned);
    for (at, rule) in ours.iter().enumerate() {
        let by_name = theirs.iter().find(|known| name(known) == name(rule));
        let by_place = theirs.get(at).filter(|_| theirs.len() == ours.len());
        if let Some(known) = by_name.or(by_place) {
            for part in ["when", "then"] {
                fields(rule, known, part)?;
            }
        }
        for (key, names) in
            [(CONDITIONS[0], &SEGMENTS[..]), (CONDITIONS[1], &COUNTRIES), (CONDITIONS[2], &TAGS)]
        {
            let items =
                rule.get("when").and_then(|when| when.get(key)).and_then(Node::list).unwrap_or_default();
            if let Some(item) =
                items.iter().find(|item| !names.iter().any(|name| item.string() == Some(name)))
            {
                let text = item.text().unwrap_or_default();
                let hint = did_you_mean(text, names.iter().copied());
                return err(item.mark, format!("{key} has no value \"{}\"{hint}", shortened(text)));
            }
        }
        let pct = rule.get("then").and_then(|then| then.get("discount_pct"));
        if let Some(pct) = pct
            && !matches!(pct.kind(), Some(Kind::Number(number)) if number.is_int && number.value <= 255.0)
        {
            return err(pct.mark, "discount_pct is a u8 in the code: a whole number from 0 to 255");
        }
    }
    Ok(())
}

/// Whether a rule says everything that the reference says of it.
fn fields(rule: &Node, known: &Node, part: &str) -> Result<(), Fault> {
    let (Some(here), Some(wanted)) = (rule.get(part), known.get(part).and_then(Node::map)) else {
        return Ok(());
    };
    match wanted.iter().find(|entry| here.get(&entry.key).is_none()) {
        Some(missing) => err(
            here.mark,
            format!("the field \"{}\" is missing, which the code of this rule has", missing.key),
        ),
        None => Ok(()),
    }
}

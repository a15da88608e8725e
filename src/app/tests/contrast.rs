//! Colours of the style sheets that can be told from what they stand on, in both themes.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;

/// WCAG 2.2: text (1.4.3) and what is drawn (1.4.11).
const TEXT: f64 = 4.5;
const DRAWN: f64 = 3.0;

/// Each colour, what it stands on, and how far they must be apart.
const PAIRS: &[(&str, &[&str], f64)] = &[
    ("text", &["bg", "surface", "sunken", "ok-bg", "warn-bg", "bad-bg"], TEXT),
    ("muted", &["bg", "surface", "sunken"], TEXT),
    ("accent", &["bg", "surface", "sunken"], TEXT),
    ("on-accent", &["accent"], TEXT),
    ("ok", &["surface", "ok-bg"], TEXT),
    ("warn", &["surface", "warn-bg"], TEXT),
    ("bad", &["surface", "bad-bg"], TEXT),
    ("control", &["bg", "surface", "sunken"], DRAWN),
    ("data-1", &["surface", "sunken"], DRAWN),
    ("data-2", &["surface"], DRAWN),
    ("data-3", &["surface"], DRAWN),
    ("data-4", &["surface"], DRAWN),
    ("p50", &["surface"], DRAWN),
    ("p95", &["surface"], DRAWN),
    ("p99", &["surface"], DRAWN),
];

/// Lines that only help the eye along: nothing is lost where they cannot be seen. Surfaces stand below all the others.
const QUIET: &[&str] = &["border", "grid", "bg", "surface", "sunken", "ok-bg", "warn-bg", "bad-bg"];

/// Red, green and blue, each from 0 to 1.
type Colour = [f64; 3];

fn colour(text: &str) -> Colour {
    let digits = text.trim().trim_start_matches('#');
    let each = digits.len() / 3;
    assert!(digits.len() == 3 || digits.len() == 6, "{text} is no colour like #fff or #16202b");
    std::array::from_fn(|part| {
        let digits = digits[part * each..(part + 1) * each].repeat(2 / each);
        f64::from(u8::from_str_radix(&digits, 16).expect("hexadecimal digits")) / 255.0
    })
}

/// Relative luminance, as WCAG 2.2 defines it.
fn luminance(colour: Colour) -> f64 {
    let linear =
        colour.map(|part| if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/// Contrast ratio, as WCAG 2.2 defines it: from 1 to 21.
fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The tokens of the style sheet that have a colour for each theme: light, then dark.
fn tokens() -> BTreeMap<&'static str, [Colour; 2]> {
    let sheet = include_str!("../../../static/style.css");
    let declared = sheet.split("--").filter_map(|rest| rest.split_once(": light-dark("));
    let themes = |value: &str| {
        let (light, dark) =
            value.split_once(')').and_then(|(both, _)| both.split_once(',')).expect("two colours");
        [colour(light), colour(dark)]
    };
    declared.map(|(name, value)| (name, themes(value))).collect()
}

#[test]
fn colours_stand_out_from_what_they_stand_on() {
    let tokens = tokens();
    let mut faults = Vec::new();
    for (name, grounds, least) in PAIRS {
        for ground in *grounds {
            for (theme, index) in [("light", 0), ("dark", 1)] {
                let ratio = contrast(tokens[name][index], tokens[ground][index]);
                if ratio < *least {
                    faults.push(format!("--{name} on --{ground}, {theme}: {ratio:.2} instead of {least}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_colour_is_looked_at() {
    let known: Vec<_> = PAIRS.iter().map(|(name, ..)| *name).chain(QUIET.iter().copied()).collect();
    for name in tokens().keys() {
        assert!(known.contains(name), "--{name} is new: say in PAIRS what it stands on");
    }
    for name in known {
        assert!(tokens().contains_key(name), "--{name} is gone");
    }
}

/// Figures from the definition's own examples: black on white, and the lightest grey that text may have on white.
#[test]
fn contrast_is_what_the_definition_says() {
    assert!((contrast(colour("#000"), colour("#fff")) - 21.0).abs() < 1e-9);
    assert!((contrast(colour("#767676"), colour("#fff")) - 4.54).abs() < 0.005);
    assert!((contrast(colour("#777777"), colour("#fff")) - 4.48).abs() < 0.005);
}

#[test]
fn a_browser_that_does_not_know_both_themes_shows_the_light_one() {
    let sheet = include_str!("../../../static/style.css");
    let (_, plain) =
        sheet.split_once("@supports not (color: light-dark(").expect("a block for such browsers");
    let (plain, _) = plain.split_once("\n}").expect("its end");
    let plain: BTreeMap<_, _> =
        plain.split("--").filter_map(|rest| rest.split_once(';')?.0.split_once(": ")).collect();
    for (name, [light, _]) in tokens() {
        assert_eq!(plain.get(name).copied().map(colour), Some(light), "--{name}");
    }
}

#[test]
fn in_the_systems_own_dark_colours_curves_have_those_of_the_dark_theme() {
    let sheet = include_str!("../../../static/style.css");
    let (_, dark) = sheet
        .split_once("(forced-colors: active) and (prefers-color-scheme: dark)")
        .expect("a block for such systems");
    let (dark, _) = dark.split_once("\n}").expect("its end");
    let dark: Vec<_> = dark.split("--").filter_map(|rest| rest.split_once(';')?.0.split_once(": ")).collect();
    let tokens = tokens();
    for name in ["data-1", "data-2", "data-3", "data-4", "p50", "p95", "p99", "bad", "muted", "accent"] {
        let said = dark.iter().find(|(other, _)| *other == name).map(|(_, value)| colour(value));
        assert_eq!(said, tokens.get(name).map(|[_, dark]| *dark), "--{name}");
    }
}

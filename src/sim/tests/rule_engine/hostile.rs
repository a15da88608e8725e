//! Files that mean harm: never a panic, always a sentence with a place, and never for long.

use warstories_sim::document::Remark;
use warstories_sim::parameter::ParamSet;
use warstories_sim::random::Stream;
use warstories_sim::scenarios::rule_engine::file::{REFERENCE, edited, edits};
use warstories_sim::scenarios::rule_engine::gates::Loaded;
use warstories_sim::scenarios::rule_engine::orders::cells;
use warstories_sim::scenarios::rule_engine::rules::Switched;
use warstories_sim::scenarios::rule_engine::yaml::{MOST_BYTES, MOST_DEPTH, MOST_VALUES, Version, parse};
use warstories_sim::scenarios::rule_engine::{Params, SPEC, gates, schema};
use warstories_sim::{Playable, SimTime};

/// What makes trouble in YAML.
const BITS: [&str; 64] = [
    "\t",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\r",
    ":",
    ": ",
    "- ",
    "-",
    "? ",
    "?",
    "&a ",
    "*a",
    "!!str ",
    "!<x> ",
    "!",
    "|",
    "|2\n",
    ">-\n",
    "'",
    "\"",
    "\\",
    "\\x",
    "\\u12",
    "[",
    "]",
    "{",
    "}",
    ",",
    "#",
    " #",
    "%YAML 1.1\n",
    "---\n",
    "...\n",
    "@",
    "`",
    "<<: ",
    "~",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{0}",
    "\u{1}",
    "é",
    "🦀",
    "0x",
    "0o",
    "1_0",
    "22:22",
    ".inf",
    "-.nan",
    "9e999",
    "-99999999999999999999",
    "NO",
    "rules",
    "then",
    "when",
    "discount_pct: -1e300",
    "{[{[{[",
    "[[[[[[[[",
    "- - - - - ",
    "? ? ? ",
    "a: &b [*b]",
];

/// A file that was cut, pasted and sprinkled with trouble.
fn hostile(stream: &mut Stream) -> String {
    let mut below = |limit: usize| (stream.unit() * limit as f64) as usize;
    let mut text: Vec<char> = match below(3) {
        0 => Vec::new(),
        1 => REFERENCE.chars().take(below(REFERENCE.len())).collect(),
        _ => REFERENCE.chars().collect(),
    };
    for _ in 0..=below(12) {
        let at = below(text.len() + 1);
        match below(4) {
            0 if !text.is_empty() => {
                let end = (at + below(60)).min(text.len());
                text.drain(at..end);
            }
            1 if !text.is_empty() => {
                let end = (at + below(200)).min(text.len());
                let piece: Vec<char> = text[at..end].to_vec();
                let to = below(text.len() + 1);
                text.splice(to..to, piece);
            }
            _ => {
                let bit = BITS[below(BITS.len())];
                text.splice(at..at, bit.chars());
            }
        }
    }
    text.into_iter().collect()
}

/// A place that is in the text, or at its end, and a reason.
fn is_told(sentence: &str, text: &str) -> bool {
    let Some((place, why)) = sentence.strip_prefix("line ").and_then(|rest| rest.split_once(": ")) else {
        return false;
    };
    let Some((line, column)) = place.split_once(", column ") else { return false };
    let (Ok(line), Ok(column)) = (line.parse::<usize>(), column.parse::<usize>()) else { return false };
    let longest = text.split(['\n', '\r']).map(|line| line.chars().count()).max().unwrap_or_default();
    (1..=text.split(['\n', '\r']).count()).contains(&line)
        && (1..=longest + 2).contains(&column)
        && why.len() > 10
}

#[test]
fn a_hundred_thousand_hostile_files_get_a_sentence_or_a_price() {
    let mut stream = Stream::new(1997, "hostile files");
    let orders: Vec<_> = cells().map(|(order, _)| order).step_by(61).collect();
    let reference = gates::reference_tree(Version::V1_2);
    let (mut refused, mut ran) = (0, 0);
    for number in 0..100_000 {
        let text = hostile(&mut stream);
        let version = if number % 2 == 0 { Version::V1_2 } else { Version::V1_1 };
        let (loaded, node) = Loaded::read(&text, version);
        if let Some(fault) = loaded.fault() {
            let sentence = fault.to_string();
            assert!(is_told(&sentence, &text), "{sentence}\n{text:?}");
            refused += 1;
        }
        if let Some(rules) = loaded.rules() {
            ran += 1;
            for order in &orders {
                let priced = rules.price(order, Switched::NONE);
                assert!((0..=priced.subtotal).contains(&priced.discount), "{priced:?}\n{text}");
            }
        }
        if let Some(node) = node {
            for fault in
                [schema::strict(&node), schema::typed(&node, &reference)].into_iter().filter_map(Result::err)
            {
                assert!(is_told(&fault.to_string(), &text), "{fault}\n{text:?}");
            }
        }
        if number % 16 == 0 {
            let lines = edits(&text);
            let back = edited(&lines).unwrap_or_else(|error| panic!("{error}\n{lines}\n{text:?}"));
            assert_eq!(back.trim_end_matches('\n'), text.trim_end_matches('\n'), "{lines}");
        }
    }
    assert!(refused > 30_000 && ran > 5_000, "{refused} refused, {ran} ran");
}

fn fault(text: &str) -> String {
    parse(text, Version::V1_2).map_or_else(|fault| fault.to_string(), |_| String::from("it was read"))
}

#[test]
fn what_a_file_may_not_hold_is_named() {
    for (text, expected) in [
        ("a: &x 1\n", "line 1, column 4: an anchor (&) stands here, which a rule file has no use for"),
        ("a: *x\n", "line 1, column 4: an alias (*) stands here, which a rule file has no use for"),
        ("a: 1\nb: !!str NO\n", "line 2, column 4: a tag (!) stands here, which a rule file has no use for"),
        (
            "%YAML 1.1\n---\na: 1\n",
            "line 1, column 1: a line that begins with % is a directive, which a rule file has no use for",
        ),
        ("a: 1\n---\nb: 2\n", "line 2, column 1: a second document begins here; a rule file has one"),
        ("a: 1\nb: 2\na: 3\n", "line 3, column 1: the key \"a\" is there already, in line 1"),
        ("a:\n\tb: 1\n", "line 2, column 1: a tab stands where YAML wants spaces"),
        // The fault is named where it is, not where the parser has come to when it notices.
        ("a: 1\n\t- b\n", "line 2, column 1: a tab stands where YAML wants spaces"),
        (
            "a: 1\nb:\t1\u{0}\n",
            "line 2, column 5: a control character stands here, which YAML forbids; delete it",
        ),
        (
            "a: 1\n  x\nb: 1\nc\nd: 1\n",
            "line 4, column 1: a key without its colon stands here, or a line that continues nothing",
        ),
        (
            "a: [1, 2\nb: 3\n",
            "line 1, column 4: this bracket or quotation mark is opened and not closed in its line",
        ),
        (
            "a:\n  b: \"x\nc: 3\n",
            "line 2, column 6: this bracket or quotation mark is opened and not closed in its line",
        ),
        ("? [a]\n: 1\n", "line 1, column 3: a key is a word, not a list or a map"),
    ] {
        assert_eq!(fault(text), expected, "{text:?}");
    }
    assert!(matches!(Loaded::read("", Version::V1_2).0, Loaded::NoMap(_)));
    assert!(matches!(Loaded::read("- 1\n", Version::V1_2).0, Loaded::NoMap(_)));
}

#[test]
fn size_depth_and_number_are_bounded() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth) + "\n";
    assert_eq!(fault(&nested(MOST_DEPTH)), "it was read");
    let deep = fault(&nested(MOST_DEPTH + 1));
    assert_eq!(deep, "line 1, column 33: more than 32 lists and maps stand within each other");
    assert!(fault(&nested(90_000)).contains("line 1, column"));
    assert!(fault(&"- ".repeat(90_000)).contains("more than 32"));
    let list = |items: usize| "- 1\n".repeat(items);
    assert_eq!(fault(&list(MOST_VALUES - 1)), "it was read");
    assert_eq!(fault(&list(MOST_VALUES)), "line 10000, column 3: the file holds more than 10000 values");
    let long = |bytes: usize| format!("a: {}\n", "x".repeat(bytes - 4));
    assert_eq!(fault(&long(MOST_BYTES)), "it was read");
    assert!(fault(&long(MOST_BYTES + 1)).ends_with("the file is larger than 200 kB"));
    // Ten lists of ten aliases each, the billion laughs.
    let laughs = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n";
    assert!(fault(laughs).contains("an anchor (&)"));
    // As many keys as a file can hold.
    let keys: Vec<String> = (0..MOST_VALUES - 1).map(|key| format!("k{key}: 1\n")).collect();
    assert_eq!(fault(&keys.concat()), "it was read");
}

/// What an editor shows: each gate's first fault, at its line.
#[test]
fn an_editor_is_told_the_first_fault_for_each_gate_and_where() {
    let all = Params {
        gate_parser: true,
        gate_schema: true,
        gate_golden: true,
        golden_set: 16,
        gate_typed: true,
        ..Params::defaults()
    };
    let inspect = |text: &str, params: &Params| -> Vec<String> {
        let place = |(line, column)| format!("line {line}, column {column}: ");
        let told = |Remark { who, at, why }| format!("{who} {}{why}", at.map(place).unwrap_or_default());
        gates::inspect(text, params).into_iter().map(told).collect()
    };
    let told = |edits: &str| inspect(&edited(edits).unwrap(), &all);
    assert_eq!(told(""), [""; 0]);
    let parser = told("32<2");
    assert!(parser.len() == 1 && parser[0].starts_with("Parser line 32, column 3: "), "{parser:?}");
    let letter = told("9=      segmen: [member]");
    assert_eq!(
        letter[0],
        "Strict schema line 9, column 7: when has no key \"segmen\"; did you mean \"segment\"?"
    );
    assert!(
        letter[1].starts_with("Golden orders golden order ") && letter[2].starts_with("Typed code line 9, "),
        "{letter:?}"
    );
    let country = told("10=      country: [SG, MY, NOR]");
    assert_eq!(
        country[1],
        "Typed code line 10, column 25: country has no value \"NOR\"; did you mean \"NO\"?"
    );
    assert_eq!(
        inspect(REFERENCE, &Params { yaml_version: Version::V1_1, ..all })[0],
        "Strict schema line 10, column 25: country is a list of names, and \"NO\" is the boolean false; put it in quotes"
    );
    // Without gates the parser has its say alone.
    let open = |edits: &str| inspect(&edited(edits).unwrap(), &Params::defaults());
    assert_eq!((open("9=      segmen: [member]").len(), open("32<2").len()), (0, 1));
}

/// A page shows the same, in the words of a remark, and enters a text as the shortest list of edits.
#[test]
fn a_page_inspects_a_text_and_enters_it() {
    let run = crate::start("gate_schema=true&gate_golden=true&golden_set=16");
    let document = run.document().unwrap();
    assert_eq!((&*document.draft, &*document.live), (REFERENCE, REFERENCE));
    let sheet = document.sheet;
    assert_eq!((sheet.field, SPEC.action(sheet.action).is_ok(), sheet.reference), (0, true, REFERENCE));
    let values = run.replay().values(SimTime::ZERO);
    let told = (sheet.inspect)(&edited("31<2").unwrap(), &values);
    assert_eq!(
        told.iter().map(|remark| (remark.who.as_str(), remark.at)).collect::<Vec<_>>(),
        [("Strict schema", Some((30, 9))), ("Golden orders", None)]
    );
    assert_eq!(
        ((sheet.entry)(&edited("31<2").unwrap()), (sheet.entry)(REFERENCE)),
        ("31<2".into(), "reset".into())
    );
}

//! What plain scalars are, row by row, in both versions of YAML.

use warstories_sim::scenarios::rule_engine::yaml::resolve::{Kind, Number, Version, resolve};
use warstories_sim::scenarios::rule_engine::yaml::{Value, parse};

fn int(value: f64) -> Kind {
    Kind::Number(Number { value, is_int: true })
}

fn float(value: f64) -> Kind {
    Kind::Number(Number { value, is_int: false })
}

fn check(text: &str, v1_2: Kind, v1_1: Kind) {
    assert_eq!(resolve(text, Version::V1_2), v1_2, "{text} in 1.2");
    assert_eq!(resolve(text, Version::V1_1), v1_1, "{text} in 1.1");
}

#[test]
fn each_row_of_the_table_is_what_it_says() {
    use Kind::{Bool, Date, Null, Text};
    for (words, value) in [(["true", "True", "TRUE"], true), (["false", "False", "FALSE"], false)] {
        for word in words {
            check(word, Bool(value), Bool(value));
        }
    }
    for word in ["yes", "Yes", "YES", "on", "On", "ON"] {
        check(word, Text, Bool(true));
    }
    for word in ["no", "No", "NO", "off", "Off", "OFF"] {
        check(word, Text, Bool(false));
    }
    for word in [
        "y", "n", "Y", "N", "tRUE", "nO", "nULL", "yEs", "oN", "22:99:", ":22", "0o9", "09", "SG", "-", "+",
        ".",
    ] {
        let ten = if word == "09" { int(9.0) } else { Text };
        check(word, ten, Text);
    }
    for word in ["", "~", "null", "Null", "NULL"] {
        check(word, Null, Null);
    }
    check("12", int(12.0), int(12.0));
    check("+12", int(12.0), int(12.0));
    check("-0", int(0.0), int(0.0));
    check("-7", int(-7.0), int(-7.0));
    check("010", int(10.0), int(8.0));
    check("0o10", int(8.0), Text);
    check("0x10", int(16.0), int(16.0));
    check("0b11", Text, int(3.0));
    check("1_000", Text, int(1000.0));
    check("1.10", float(1.1), float(1.1));
    check("1e3", float(1000.0), Text);
    check("1.0e+3", float(1000.0), float(1000.0));
    check("1.0e3", float(1000.0), Text);
    check(".5", float(0.5), float(0.5));
    check("5.", float(5.0), float(5.0));
    check(".inf", float(f64::INFINITY), float(f64::INFINITY));
    check("-.INF", float(f64::NEG_INFINITY), float(f64::NEG_INFINITY));
    check("22:22", Text, int(1342.0));
    check("1:30:00", Text, int(5400.0));
    check("22:60", Text, Text);
    check("190:20:30.15", Text, float(685_230.15));
    check("2024-02-10", Text, Date);
    check("2024-2-10", Text, Text);
    for version in [Version::V1_2, Version::V1_1] {
        assert!(matches!(resolve(".nan", version), Kind::Number(number) if number.value.is_nan()));
    }
}

/// Infinity, not a number, and a merge: refused by name, with their place.
#[test]
fn what_no_price_can_be_is_refused() {
    for word in [".inf", "-.Inf", ".nan", ".NaN"] {
        for version in [Version::V1_2, Version::V1_1] {
            let fault = parse(&format!("schema: 1\nmax_discount_pct: {word}\n"), version).unwrap_err();
            let expected = format!("line 2, column 19: {word} is no number that a price can be");
            assert_eq!(fault.to_string(), expected);
        }
    }
    let merge = "a: 1\n<<: 2\n";
    let fault = parse(merge, Version::V1_1).unwrap_err();
    assert_eq!(fault.to_string(), "line 2, column 1: a merge (<<) is not allowed in a rule file");
    assert!(parse(merge, Version::V1_2).is_ok());
}

#[test]
fn what_is_in_quotes_is_a_string_in_both_versions() {
    for version in [Version::V1_2, Version::V1_1] {
        for quoted in ["'NO'", "\"NO\"", "'12'", "\"\"", "'true'", "'2024-02-10'"] {
            let node = parse(&format!("a: {quoted}\n"), version).unwrap();
            let value = &node.get("a").unwrap().value;
            assert!(matches!(value, Value::Scalar(Kind::Text, _)), "{quoted}: {value:?}");
        }
        let block = parse("a: |\n  NO\n", version).unwrap();
        assert_eq!(block.get("a").unwrap().string(), Some("NO\n"));
    }
}

/// What `PyYAML` 6.0.3 takes random words for, with its own resolver for YAML 1.1, and with the patterns of the core schema for
/// YAML 1.2: word, 1.2, 1.1.
#[test]
fn another_resolver_says_the_same_of_random_words() {
    let said = |kind: Kind| match kind {
        Kind::Text => String::from("str"),
        Kind::Null => String::from("null"),
        Kind::Date => String::from("date"),
        Kind::Bool(value) => format!("bool {value}"),
        Kind::Number(Number { value, is_int }) => format!("{} {value}", if is_int { "int" } else { "float" }),
    };
    // Both write numbers in a form of their own.
    let is_same = |ours: &str, theirs: &str| match (ours.split_once(' '), theirs.split_once(' ')) {
        (Some((ours, one)), Some((theirs, other))) if ours == "int" || ours == "float" => {
            let [one, other] = [one, other].map(|number| number.parse::<f64>().unwrap());
            ours == theirs && (one - other).abs() <= 1e-12 * other.abs()
        }
        _ => ours == theirs,
    };
    let mut wrong = Vec::new();
    for row in include_str!("words.tsv").lines() {
        let fields: Vec<&str> = row.split('\t').collect();
        let [word, v1_2, v1_1] = fields[..] else { panic!("{row}") };
        for (version, theirs) in [(Version::V1_2, v1_2), (Version::V1_1, v1_1)] {
            let ours = said(resolve(word, version));
            if !is_same(&ours, theirs) {
                wrong.push(format!("{word} in {version:?}: {ours}, not {theirs}"));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

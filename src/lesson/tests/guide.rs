//! What authors are told is true: the example of the guide, the lessons of the folder, the schema for editors.

use std::collections::BTreeSet;

use serde_json::Value;
use warstories_lesson::Glossary;
use warstories_lesson::check;
use warstories_lesson::parse::deck;
use warstories_lesson::parse::{
    ACT, ANSWER, BALLOT, BLOCKS, FRONT, GUESS, IMPACT, REMARK, ROW, STATEMENT, TASK, glossary, read,
};

const GUIDE: &str = include_str!("../../../lessons/README.md");
const SCHEMA: &str = include_str!("../../../lessons/lesson.schema.json");

#[test]
fn the_example_of_the_guide_is_a_proven_lesson() {
    let (_, rest) = GUIDE.split_once("~~~~markdown\n").expect("an example");
    let (example, _) = rest.split_once("~~~~").expect("its end");
    let house = glossary::house().expect("a glossary");
    let lesson = read(example, &house).expect("a lesson");
    assert_eq!((lesson.steps.len(), lesson.cast.len()), (2, 1));
    assert_eq!(check::prove(&lesson, check::SEEDS, || {}), []);
}

#[test]
fn the_guide_names_every_key_and_every_block() {
    for (block, keys) in BLOCKS.iter().chain(
        [
            ("Front matter", FRONT),
            ("act", ACT),
            ("option", GUESS),
            ("statement", STATEMENT),
            ("option", BALLOT),
            ("option", ANSWER),
            ("row", ROW),
            ("went_well", REMARK),
            ("impact", IMPACT),
            ("actions", TASK),
            ("deck", deck::FRONT),
            ("question", deck::QUESTION),
            ("row", deck::ROW),
            ("evidence", deck::EVIDENCE),
        ]
        .iter(),
    ) {
        assert!(GUIDE.contains(block), "{block}");
        for key in *keys {
            let named = GUIDE.contains(&format!("`{key}`"))
                || GUIDE.contains(&format!("{key} = "))
                || GUIDE.contains(&format!("[{key}]"))
                || GUIDE.contains(&format!("`{key}:"))
                || GUIDE.contains(&format!("{{ {key}, "))
                || GUIDE.contains(&format!(", {key} }}"));
            assert!(named, "{block}: {key}");
        }
    }
}

/// The keys of an object of the schema; it allows no other.
fn keys(object: &Value) -> BTreeSet<String> {
    assert_eq!(object["type"], "object", "{object}");
    assert_eq!(object["additionalProperties"], false, "{object}");
    let properties = object["properties"].as_object().expect("properties");
    for (key, value) in properties {
        assert!(value["description"].is_string(), "{key} says nothing");
    }
    for key in object["required"].as_array().into_iter().flatten() {
        assert!(properties.contains_key(key.as_str().expect("a key")), "{key} is required and unknown");
    }
    properties.keys().cloned().collect()
}

#[test]
fn the_schema_knows_the_keys_of_the_reader_and_no_other() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let owned = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(keys(&schema), owned(FRONT));
    let blocks = schema["$defs"].as_object().expect("definitions");
    assert_eq!(
        blocks.keys().cloned().collect::<BTreeSet<_>>(),
        BLOCKS.iter().map(|(name, _)| (*name).to_owned()).collect()
    );
    for (name, known) in BLOCKS {
        assert_eq!(keys(&blocks[*name]), owned(known), "{name}");
    }
    assert_eq!(keys(&blocks["scene"]["properties"]["act"]), owned(ACT));
    let inside = |block: &str, key: &str| keys(&blocks[block]["properties"][key]["items"]);
    assert_eq!(inside("observe", "statement"), owned(STATEMENT));
    assert_eq!(inside("quiz", "option"), owned(ANSWER));
    assert_eq!(inside("fill", "row"), owned(ROW));
    for key in ["went_well", "luck", "commit"] {
        assert_eq!(inside("debrief", key), owned(REMARK), "{key}");
    }
    assert_eq!(inside("predict", "option"), owned(GUESS));
    assert_eq!(inside("vote", "option"), owned(BALLOT));
    assert_eq!(inside("debrief", "impact"), owned(IMPACT));
    assert_eq!(inside("debrief", "actions"), owned(TASK));
}

/// A key that the schema requires is one that the reader misses, and the other way round.
#[test]
fn the_schema_requires_what_the_reader_requires() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let required = |object: &Value| -> BTreeSet<String> {
        object["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let missed = |text: &str| -> BTreeSet<String> {
        let problems = read(text, &Glossary::default()).err().unwrap_or_default();
        let key =
            |sentence: &str| Some(sentence.split_once(" has no ")?.1.split_once("; write ")?.0.to_owned());
        problems
            .iter()
            .filter_map(|problem| key(&problem.sentence))
            .filter(|key| !key.contains(' '))
            .collect()
    };
    let mut front = required(&schema);
    // Without a scenario nothing else is read.
    assert!(front.remove("scenario"));
    assert_eq!(missed("+++\nscenario = \"queueing_lab\"\n+++\n## A\n"), front);
    let whole = "+++\ntitle = \"T\"\nsummary = \"S\"\nminutes = 1\nscenario = \"queueing_lab\"\n+++\n## A\n";
    for (name, _) in BLOCKS {
        let mut needed = required(&schema["$defs"][*name]);
        // Lists that must not be empty are missed in sentences of their own.
        for list in ["option", "statement", "row"] {
            needed.remove(list);
        }
        assert_eq!(missed(&format!("{whole}```{name}\n```\n")), needed, "{name}");
    }
}

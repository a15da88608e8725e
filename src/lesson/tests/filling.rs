//! Tables that learners fill in: what is right comes from the simulation, and what cannot be asked gets one clear sentence.

mod cases;

use warstories_lesson::lesson::{Fill, Lesson, Part};
use warstories_lesson::measure::{Measure, Verdict};
use warstories_lesson::parse::{self, MAX_FILLS, read};
use warstories_lesson::{Glossary, Problem};
use warstories_sim::exhibit::Exhibit;
use warstories_sim::{Replay, scenarios};

use cases::{Case, assert_each_is_told};

/// A lesson that is right; each case breaks it in one place.
const LESSON: &str = r#"+++
title = "Crashes"
summary = "Where workers die."
scenario = "duplicate_delivery"
minutes = 5
[start]
max_receives = 5
+++
## Fill
```scene
watch = ["inbox_mails"]
start = { dedupe = "claim_lease", crash_step = "log" }
begin = 0
```

```fill
question = "What becomes of the mail?"
table = "outcomes"
finding = "crash at each of five attempts"
[[row]]
head = "mark first"
because = "A marker without a mail."
[[row]]
head = "nothing"
because = "Nothing is remembered."
```
"#;

fn problems(text: &str) -> Vec<Problem> {
    read(text, &Glossary::default()).err().unwrap_or_default()
}

fn lesson(text: &str) -> Lesson {
    read(text, &Glossary::default()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn fill(lesson: &Lesson) -> &Fill {
    let parts = lesson.steps.iter().flat_map(|step| &step.parts);
    let mut fills = parts.filter_map(|part| if let Part::Fill(fill) = part { Some(fill) } else { None });
    fills.next().expect("a table to be filled in")
}

/// What is right in each cell that is asked for: its row, its column and its value.
fn right(fill: &Fill) -> Vec<(usize, &str, &str)> {
    fill.asked().iter().map(|cell| (cell.row, fill.column(cell.column), fill.choice(cell.right))).collect()
}

#[test]
fn the_right_values_are_what_the_simulation_finds() {
    let lesson = lesson(LESSON);
    let fill = fill(&lesson);
    assert_eq!(fill.choices, ["0 L", "0 P", "1", "1 P", "5 P"]);
    let expected = [
        (0, "check or claim", "0 P"),
        (0, "send", "0 L"),
        (0, "log", "1"),
        (0, "ack", "1 P"),
        (1, "send", "0 P"),
        (1, "log", "5 P"),
        (1, "ack", "5 P"),
    ];
    // A cell that does not exist is not asked for.
    assert_eq!(right(fill), expected);
    assert!(fill.asked().iter().enumerate().all(|(nth, cell)| cell.nth == nth));
    assert_eq!((fill.head(0), fill.of()), ("mark first", "crash at each of five attempts"));
    // Each cell comes with the run that shows it.
    for cell in fill.asked() {
        let link = Replay::parse(&cell.finding.link).expect("a link");
        let mut run = scenarios::start(link.replay);
        run.advance(link.moment.expect("a moment"), u64::MAX);
        let mails = Measure::parse("inbox_mails", 1, run.spec()).expect("a measure").evaluate(run.as_ref());
        let found: Vec<&str> = cell.finding.text.split(' ').collect();
        let found = found[0].parse().expect("a number of mails");
        assert_eq!(mails, Verdict::Value(found), "{}", cell.finding.link);
    }
}

#[test]
fn the_table_is_that_of_the_values_at_which_the_run_of_the_step_starts() {
    let changed = LESSON.replace("crash_step = \"log\" }", "crash_step = \"log\", log_position = \"last\" }");
    let (before, after) = (lesson(LESSON), lesson(&changed));
    let spec = before.spec().expect("a scenario");
    for each in [&before, &after] {
        let replay = each.replay(0).expect("a run");
        let Some(Exhibit::Table(table)) = scenarios::exhibit(spec, "outcomes", replay.start()) else {
            panic!("a table")
        };
        assert!(table.here.is_some(), "the step starts in one of its cells");
        assert_eq!(fill(each).table.rows, table.rows);
        assert_eq!(fill(each).table.here, None, "the table does not follow what the learner tries");
    }
    assert_ne!(right(fill(&before)), right(fill(&after)));
    // A scene that stands below its table counts as well.
    let (front, rest) = LESSON.split_once("```scene").expect("a scene");
    let (scene, block) = rest.split_once("\n\n").expect("a block");
    let below = lesson(&format!("{front}{block}\n```scene{scene}\n"));
    assert_eq!(fill(&below).table, fill(&before).table);
}

const CASES: &[Case] = &[
    ("table = \"outcomes\"\n", "", "```fill", "fill has no table; write table = "),
    ("table = \"outcomes\"", "table = \"outcome\"", "table", "did you mean \"outcomes\"?"),
    (
        "table = \"outcomes\"",
        "table = \"x\"",
        "table",
        "has no exhibit \"x\"; there is handler, outcomes, race",
    ),
    ("table = \"outcomes\"", "table = \"handler\"", "table", "the exhibit \"handler\" is no table"),
    ("table = \"outcomes\"", "table = \"race\"", "table", "the exhibit \"race\" is no table"),
    (
        "finding = \"crash at each of five attempts\"",
        "finding = \"crash at each of 5 attempts\"",
        "finding",
        "did you mean \"crash at each of five attempts\"?",
    ),
    (
        "finding = \"crash at each of five attempts\"",
        "finding = \"always\"",
        "finding",
        "no cell has a finding \"always\"; there is crash at the first attempt only, crash at each",
    ),
    ("head = \"mark first\"", "head = \"mark fist\"", "head", "did you mean \"mark first\"?"),
    ("head = \"mark first\"", "head = \"nothing\"", "head = \"nothing\"\nbecause = \"N", "asked for twice"),
    ("head = \"mark first\"\n", "", "[[row]]\nbecause", "a row has no head; write head = "),
    ("because = \"A marker without a mail.\"\n", "", "[[row]]\nhead = \"mark", "a row has no because"),
    ("because = \"A marker", "because = \"5 ms, a marker", "because", "5 ms"),
    (
        "[[row]]\nhead = \"mark first\"",
        "[[row]]\nhead = \"claim\"\nbecause = \"x\"\n[[row]]\nhead = \"unique key\"\nbecause = \"x\"\n[[row]]\nhead = \"mark first\"",
        "```fill",
        "fill has 4 rows; it takes from 1 to 3",
    ),
    (
        "```scene\nwatch = [\"inbox_mails\"]\nstart = { dedupe = \"claim_lease\", crash_step = \"log\" }\nbegin = 0\n```\n",
        "",
        "```fill",
        "the step has no scene; write a block ```scene above it",
    ),
];

#[test]
fn each_table_that_cannot_be_filled_in_gets_one_clear_sentence_with_its_line() {
    assert_eq!(problems(LESSON), []);
    assert_each_is_told(LESSON, "```fill", CASES, problems);
}

#[test]
fn a_story_without_exhibits_has_nothing_to_be_filled_in() {
    let lab = LESSON
        .replace("duplicate_delivery", "queueing_lab")
        .replace("[start]\nmax_receives = 5\n", "")
        .replace("start = { dedupe = \"claim_lease\", crash_step = \"log\" }\n", "")
        .replace("inbox_mails", "waiting");
    let [problem] = &problems(&lab)[..] else { panic!("{:?}", problems(&lab)) };
    assert_eq!(
        problem.sentence,
        "the scenario queueing_lab has no exhibits, so it has no table to be filled in"
    );
}

/// The runs behind each table are played whenever the lesson is read.
#[test]
fn a_lesson_has_a_few_tables_to_be_filled_in() {
    let block = &LESSON[LESSON.find("```fill").expect("the block")..];
    let more = |count: usize| format!("{LESSON}{}", block.repeat(count));
    assert_eq!(problems(&more(MAX_FILLS - 1)), []);
    let [problem] = &problems(&more(MAX_FILLS))[..] else { panic!("one problem") };
    assert!(
        problem.sentence.starts_with("the lesson has 5 tables to be filled in; it may have 4"),
        "{problem}"
    );
}

#[test]
fn the_47_emails_ask_for_nine_cells() {
    let house = parse::glossary::house().expect("a glossary");
    let text = include_str!("../../../lessons/forty_seven_emails.md");
    let lesson = read(text, &house).unwrap_or_else(|problems| panic!("{problems:?}"));
    let fill = fill(&lesson);
    assert_eq!(right(fill).len(), 9);
    assert_eq!([0, 1].map(|row| fill.head(row)), ["mark first", "claim"]);
}

/// Counts to choose from rise, whatever their digits.
#[test]
fn the_checkout_asks_how_many_places_lead_where() {
    let house = parse::glossary::house().expect("a glossary");
    let text = include_str!("../../../lessons/paid_and_nothing_shipped.md");
    let lesson = read(text, &house).unwrap_or_else(|problems| panic!("{problems:?}"));
    let fill = fill(&lesson);
    assert_eq!(fill.choices, ["1", "2", "3", "4", "6", "8", "9", "10"]);
    let expected = [
        (0, "charged and reserved", "2"),
        (0, "failed cleanly", "8"),
        (0, "charged, not reserved", "4"),
        (1, "charged and reserved", "9"),
        (1, "failed cleanly", "3"),
    ];
    assert_eq!(right(fill), expected);
}

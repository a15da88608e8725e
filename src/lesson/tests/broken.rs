//! Deliberately broken lessons: each gets one clear sentence with the right line.

use warstories_lesson::parse::{MAX_BYTES, read};
use warstories_lesson::{Problem, check};

/// A lesson that is right; each case breaks it in one place.
const LESSON: &str = r#"+++
title = "Waiting"
summary = "Why people wait."
scenario = "queueing_lab"
minutes = 5
seed = 1
open = ["arrivals_per_s"]
[start]
service_ms = 10
arrivals_per_s = 50
[cast]
mira = "Mira, on call"
+++
Before the first step.

## Watch
Some prose with `= mean wait_ms at 60 as 0.0` in it and [a link](https://example.org).

```predict
question = "How long?"
measure = "mean wait_ms at 120"
[[option]]
text = "Not at all"
test = "mean wait_ms at 120 <= 1"
value = 0
[[option]]
text = "As long as a service"
answer = true
test = "mean wait_ms at 120 in 6..14"
```

```chat
who = "mira"
says = "It grows."
when = "waiting >= 5"
```

## Mend
```scene
start = { arrivals_per_s = 120 }
begin = 10
until = "00:00:30"
unlock = ["service_ms", "clear_queue"]
solution = ["31 service_ms=5", "31 clear_queue"]
withheld = [["31 clear_queue"]]
taught = ["service_ms"]
```
```goal
text = "Few wait."
test = "mean waiting from 40 to 100 <= 3"
```
```vote
question = "What now?"
[[option]]
text = "Clear it"
inputs = ["40 clear_queue"]
[[option]]
text = "Wait"
needs = "clear_queue"
```
```quiz
question = "Which?"
options = ["one", "two"]
answer = "two"
because = "It is."
```
```debrief
impact = [{ label = "Done", measure = "done at 60" }]
factors = ["No room"]
actions = [{ do = "Plan", owner = "Mira" }]
```
```challenge
text = "Harder."
start = { arrivals_per_s = 150 }
tests = ["mean waiting from 40 to 100 <= 3"]
par = 1
solution = ["servers=2"]
```
"#;

fn all_problems(text: &str) -> Vec<Problem> {
    match read(text) {
        Ok(lesson) => check::prove(&lesson, 1, || {}),
        Err(problems) => problems,
    }
}

#[test]
fn the_lesson_that_is_broken_below_is_right() {
    assert_eq!(all_problems(LESSON), []);
}

/// What is replaced, by what, where the problem is (the text of its line), and part of its sentence.
const CASES: &[(&str, &str, &str, &str)] = &[
    // Front matter.
    ("title = \"Waiting\"\n", "", "+++", "has no title; write title ="),
    ("title = \"Waiting\"", "titel = \"Waiting\"", "titel", "no key \"titel\"; did you mean \"title\"?"),
    ("title = \"Waiting\"", "title = 5", "title = 5", "title cannot be a TOML integer"),
    ("title = \"Waiting\"", "title = \"\"", "title = ", "title is empty"),
    (
        "scenario = \"queueing_lab\"",
        "scenario = \"queing_lab\"",
        "scenario",
        "did you mean \"queueing_lab\"?",
    ),
    ("minutes = 5", "minutes = 0", "minutes", "whole number from 1 to 600"),
    ("seed = 1", "seed = -1", "seed", "from 0 to"),
    ("seed = 1", "seed = = 1", "seed", "not TOML"),
    ("service_ms = 10\n", "service_m = 10\n", "service_m ", "did you mean \"service_ms\"?"),
    ("service_ms = 10\n", "service_ms = 0\n", "service_ms = 0", "from 0.1 to 60000 ms"),
    ("service_ms = 10\n", "service_ms = \"10ms\"\n", "service_ms = ", "cannot be a TOML string"),
    ("open = [\"arrivals_per_s\"]", "open = [\"arrivals\"]", "open", "no parameter or action \"arrivals\""),
    ("mira = \"Mira, on call\"", "mira = \"Mira\"", "mira", "\"Name, role\""),
    ("+++\nBefore", "Before", "+++", "does not end; write +++"),
    // Steps and blocks.
    ("## Watch", "# Watch", "# Watch", "begins with ## Heading"),
    ("## Watch", "### Watch", "### Watch", "begins with ## Heading"),
    ("## Watch\n", "##\n", "##", "no heading"),
    (
        "Some prose",
        "word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word",
        "word word",
        "passes 60 words",
    ),
    ("```goal", "```gaol", "```gaol", "did you mean \"goal\"?"),
    ("solution = [\"servers=2\"]\n```\n", "solution = [\"servers=2\"]\n", "```challenge", "does not end"),
    ("## Mend\n", "## Mend\n```scene\nuntil = 130\n```\n", "```scene\nstart", "has a scene already"),
    (
        "Before the first step.",
        "```goal\ntext = \"x\"\ntest = \"waiting <= 1\"\n```",
        "```goal\ntext = \"x\"",
        "stands before the first step",
    ),
    ("who = \"mira\"", "who = \"mirra\"", "who = ", "did you mean \"mira\"?"),
    ("question = \"Which?\"", "question = 'Which?", "question = 'Which?", "not TOML"),
    ("when = \"waiting >= 5\"", "when = \"25:00\"", "when = ", "is not a time"),
    (
        "inputs = [\"40 clear_queue\"]",
        "inputs = [\"40 clear queue\"]",
        "inputs",
        "write \"TIME parameter=value\"",
    ),
    (
        "inputs = [\"40 clear_queue\"]",
        "inputs = [\"9000 clear_queue\"]",
        "inputs",
        "after the end of the run",
    ),
    ("needs = \"clear_queue\"", "needs = \"clear\"", "needs", "did you mean \"clear_queue\"?"),
    ("answer = \"two\"", "answer = \"three\"", "answer = \"three\"", "none of the options is the answer"),
    ("until = \"00:00:30\"", "until = 5", "until = 5", "until is not after begin"),
    ("owner = \"Mira\"", "ower = \"Mira\"", "actions", "did you mean \"owner\"?"),
    (
        "answer = true\ntest = \"mean wait_ms at 120 in 6..14\"",
        "test = \"mean wait_ms at 120 in 6..14\"",
        "```predict",
        "no option is the answer",
    ),
    ("value = 0\n", "answer = true\n", "answer = true\ntest", "a second option is the answer"),
    ("measure = \"mean wait_ms at 120\"\n", "", "value = 0", "no measure"),
    (
        "test = \"mean wait_ms at 120 in 6..14\"",
        "test = \"mean wait_ms in 6..14\"",
        "test = \"mean wait_ms in",
        "has no moment",
    ),
    ("test = \"mean wait_ms at 120 in 6..14\"\n", "", "answer = true", "no test that proves it"),
    // Measures and tests.
    (
        "mean waiting from 40 to 100 <= 3\"\n```\n```vote",
        "mean wating from 40 to 100 <= 3\"\n```\n```vote",
        "test = \"mean wating",
        "did you mean \"waiting\"?",
    ),
    (
        "mean waiting from 40 to 100 <= 3\"\n```\n```vote",
        "maen waiting from 40 to 100 <= 3\"\n```\n```vote",
        "test = \"maen",
        "did you mean \"mean\"?",
    ),
    (
        "mean waiting from 40 to 100 <= 3\"\n```\n```vote",
        "rise waiting from 40 to 100 <= 3\"\n```\n```vote",
        "test = \"rise",
        "waiting is a gauge and has no rise",
    ),
    (
        "mean waiting from 40 to 100 <= 3\"\n```\n```vote",
        "mean waiting from 100 to 40 <= 3\"\n```\n```vote",
        "test = \"mean waiting from 100",
        "before it begins",
    ),
    (
        "mean waiting from 40 to 100 <= 3\"\n```\n```vote",
        "max waiting from 40.5 to 100 <= 3\"\n```\n```vote",
        "test = \"max",
        "multiples of 1 s",
    ),
    (
        "mean waiting from 40 to 100 <= 3\"\n```\n```vote",
        "mean waiting from 40 to 700 <= 3\"\n```\n```vote",
        "test = \"mean waiting from 40 to 700",
        "after the end of the run",
    ),
    (
        "mean waiting from 40 to 100 <= 3\"\n```\n```vote",
        "p99 wait_ms at 100 <= 300ms\"\n```\n```vote",
        "test = \"p99",
        "write it without a unit (ms)",
    ),
    (
        "mean waiting from 40 to 100 <= 3\"\n```\n```vote",
        "wait_ms at 100 <= 300\"\n```\n```vote",
        "test = \"wait_ms",
        "says many numbers",
    ),
    (
        "mean waiting from 40 to 100 <= 3\"\n```\n```vote",
        "mean arrived from 40 to 100 <= 3\"\n```\n```vote",
        "test = \"mean arrived",
        "arrived is a counter and has no mean",
    ),
    (
        "mean waiting from 40 to 100 <= 3\"\n```\n```vote",
        "mean waiting from 40 to 100 < 3\"\n```\n```vote",
        "test = \"mean waiting",
        "write >= NUMBER",
    ),
    ("`= mean wait_ms at 60 as 0.0`", "`= mean wait_ms at 60 as 1.5`", "Some prose", "is no format"),
    ("`= mean wait_ms at 60 as 0.0`", "12 ms", "Some prose", "\"12 ms\" looks measured"),
    ("`= mean wait_ms at 60 as 0.0`", "$2,000,000", "Some prose", "looks measured"),
    // What the parts owe each other.
    (
        "solution = [\"31 service_ms=5\", \"31 clear_queue\"]\nwithheld = [[\"31 clear_queue\"]]\ntaught = [\"service_ms\"]\n",
        "",
        "```scene",
        "no solution",
    ),
    (
        "unlock = [\"service_ms\", \"clear_queue\"]\n",
        "unlock = [\"clear_queue\"]\n",
        "```scene",
        "which the learner cannot touch",
    ),
    ("taught = [\"service_ms\"]", "taught = [\"servers\"]", "```scene", "servers is taught but"),
    (
        "solution = [\"31 service_ms=5\"",
        "solution = [\"5 service_ms=5\"",
        "```scene",
        "before the learner's clock, which stands at 00:00:10",
    ),
    ("par = 1", "par = 0", "par = 0", "whole number from 1 to 50"),
    ("solution = [\"servers=2\"]", "solution = [\"servers=2\", \"9 clear_queue\"]", "par = 1", "raise par"),
    // What only the simulation shows.
    (
        "mean waiting from 40 to 100 <= 3\"\n```\n```vote",
        "mean waiting from 40 to 100 <= 30000\"\n```\n```vote",
        "test = \"mean waiting from 40 to 100 <= 30000",
        "is met before the learner does anything",
    ),
    (
        "solution = [\"31 service_ms=5\", ",
        "solution = [\"31 service_ms=9\", ",
        "test = \"mean waiting from 40 to 100 <= 3\"\n```\n```vote",
        "the solution misses the goal",
    ),
    (
        "withheld = [[\"31 clear_queue\"]]",
        "withheld = [[\"31 service_ms=5\", \"31 clear_queue\"]]",
        "```scene",
        "attempt 1 of withheld meets every goal",
    ),
    (
        "taught = [\"service_ms\"]",
        "taught = [\"clear_queue\"]",
        "```scene",
        "without clear_queue, which is taught",
    ),
    (
        "in 6..14",
        "in 60..140",
        "test = \"mean wait_ms at 120 in 60",
        "does not come true: \"mean wait_ms at 00:02:00 in 60..140\" measured",
    ),
    ("at 120 <= 1\"", "at 120 <= 100\"", "test = \"mean wait_ms at 120 <= 100", "a second option"),
    (
        "start = { arrivals_per_s = 150 }",
        "start = { arrivals_per_s = 15 }",
        "```challenge",
        "met before anybody",
    ),
    (
        "solution = [\"servers=2\"]",
        "solution = [\"servers=1\"]",
        "tests = ",
        "the solution of the challenge misses",
    ),
    ("measure = \"done at 60\"", "measure = \"mean wait_ms at 0\"", "impact", "has nothing to say"),
    // Markup, links and characters that could hurt.
    ("Some prose", "<script>alert(1)</script>", "<script>", "is HTML"),
    ("Some prose", "a <b onclick=\"x()\">bold</b> word", "a <b", "is HTML"),
    ("Some prose", "<div><div><img src=x onerror=alert(1)></div></div>", "<div>", "is HTML"),
    ("Some prose", "<!-- hidden -->", "<!--", "is HTML"),
    ("https://example.org", "javascript:alert(1)", "Some prose", "a link goes to https://"),
    ("https://example.org", "data:text/html;base64,PHNjcmlwdD4=", "Some prose", "a link goes to https://"),
    ("https://example.org", "http://example.org", "Some prose", "a link goes to https://"),
    ("https://example.org", "//example.org", "Some prose", "a link goes to https://"),
    ("Some prose", "![a picture](https://example.org/x.png)", "![a picture]", "no pictures"),
    ("Some prose", "Some pr\u{202E}ose", "Some pr", "invisible character (U+202E)"),
    ("Some prose", "Some &#x202E; prose", "Some &", "invisible character (U+202E)"),
    ("says = \"It grows.\"", "says = \"It \\u2066grows.\"", "says", "invisible character (U+2066)"),
    ("says = \"It grows.\"", "says = \"<img src=x onerror=alert(1)>\"", "says", "is HTML"),
    ("says = \"It grows.\"", "says = \"[x](javascript:alert(1))\"", "says", "a link goes to"),
    ("owner = \"Mira\"", "owner = \"Mi\\u0000ra\"", "actions", "invisible character (U+0000)"),
    ("Some prose", "Some\u{7} prose", "Some", "invisible character (U+0007)"),
    ("says = \"It grows.\"", "says = \"\"\"\n- a\n- b\n\"\"\"", "says", "only one paragraph"),
    ("Some prose", "- a\n  - b\n\nSome prose", "  - b", "inside another"),
    ("Some prose", "Some prose\n\n***\n", "***", "a rule divides nothing"),
];

#[test]
fn each_broken_lesson_gets_one_clear_sentence_with_its_line() {
    let mut failed = Vec::new();
    for (whole, broken, place, part) in CASES {
        assert_eq!(LESSON.matches(whole).count(), 1, "{whole:?} stands once in the lesson");
        let text = LESSON.replace(whole, broken);
        let offset = text.find(place).expect(place);
        let line = 1 + text[..offset].matches('\n').count();
        let problems = all_problems(&text);
        let right = |problem: &Problem| {
            let sentence = &problem.sentence;
            problem.line == line
                && sentence.contains(part)
                && !sentence.contains('\n')
                && sentence.len() < 400
        };
        if problems.len() != 1 || !right(&problems[0]) {
            let found: Vec<_> = problems.iter().map(ToString::to_string).collect();
            failed.push(format!("{broken:?}: expected {line}: … {part} …, found {found:#?}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn huge_deep_and_binary_files_are_refused_at_once() {
    let front = LESSON.split_inclusive("+++\n").take(2).collect::<String>();
    let deep =
        |open: &str, close: &str| format!("{front}## A\n{}x{}\n", open.repeat(20_000), close.repeat(20_000));
    let toml = |text: &str| format!("{front}## A\n```quiz\n{text}\n```\n");
    let cases = [
        ("x".repeat(10 << 20), "10485760 bytes"),
        (deep("*", "*"), ""),
        (deep("> ", ""), ""),
        (deep("[", "](#a)"), ""),
        (deep("- ", ""), "inside another"),
        (toml(&format!("a = {}1{}", "[".repeat(50_000), "]".repeat(50_000))), "quiz is not TOML"),
        (toml(&"a.".repeat(50_000)), "quiz is not TOML"),
        (
            toml(&(0..20_000).map(|key| format!("k{key} = 1")).collect::<Vec<_>>().join("\n")),
            "more; mend those above first",
        ),
        (
            String::from_utf8_lossy(&(0..=255_u8).cycle().take(100_000).collect::<Vec<_>>()).into_owned(),
            "write +++",
        ),
        (
            format!(
                "{front}## A\n{}",
                String::from_utf8_lossy(&(0..=255_u8).cycle().take(100_000).collect::<Vec<_>>())
            ),
            "invisible",
        ),
        (format!("{front}{}", "## Step\n".repeat(1000)), "at most 50 steps"),
        (String::new(), "write +++"),
    ];
    assert_eq!(MAX_BYTES, 1 << 20);
    for (text, part) in cases {
        let start: String = text.chars().skip(front.len()).take(40).collect();
        let problems = read(&text).err().unwrap_or_default();
        assert!(problems.len() <= 21, "{start:?}: {}", problems.len());
        assert!(
            part.is_empty() || problems.iter().any(|problem| problem.sentence.contains(part)),
            "{start:?}: {problems:?}"
        );
    }
}

#[test]
fn all_mistakes_of_a_lesson_are_told_in_order_of_lines() {
    let text = LESSON
        .replace("minutes = 5", "minutes = 0")
        .replace("## Watch", "# Watch")
        .replace("who = \"mira\"", "who = \"tom\"");
    let lines: Vec<_> = all_problems(&text).iter().map(|problem| problem.line).collect();
    assert!(lines.len() >= 3 && lines.is_sorted(), "{lines:?}");
}

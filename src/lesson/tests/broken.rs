//! Deliberately broken lessons: each gets one clear sentence with the right line.

mod cases;

use warstories_lesson::parse::{self, MAX_BYTES, read};
use warstories_lesson::{Glossary, Problem, check};
use warstories_sim::{Reading, Replay, SimTime, scenarios};

use cases::{Case, assert_each_is_told};

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
Some prose on **[[p99]]** with `= mean wait_ms at 60 as 0.0` in it and [a link](https://example.org).

```predict
question = "How long?"
measure = "mean wait_ms at 120"
keep_order = true
[[option]]
text = "Not at all"
because = "Some wait `= mean wait_ms at 90 as 0.0`."
test = "mean wait_ms at 120 <= 1"
value = 0
[[option]]
text = "As long as a service"
because = "Requests come in bunches."
answer = true
test = "mean wait_ms at 120 in 6..14"
```

```observe
question = "What did you see?"
[[statement]]
text = "Few waited."
test = "mean waiting from 0 to 110 <= 2"
holds = true
because = "They were `= mean waiting from 0 to 110 as 0.0`."
[[statement]]
text = "A hundred waited."
test = "max waiting from 0 to 110 >= 100"
because = "Never."
```

```explain
question = "Why do some wait?"
ours = "They come by chance."
```

```collect
question = "Collect two points."
x = "mean utilization"
y = "mean wait_ms"
settle = 10
over = 50
points = 2
spread = [0.6]
theory = "mean_wait"
solution = ["100 arrivals_per_s=90"]
after = "There they are."
```

```chat
who = "mira"
says = "It grows."
when = "waiting >= 5"
```

## Mend
```scene
watch = ["waiting"]
start = { arrivals_per_s = 120 }
begin = 10
until = "00:00:30"
unlock = ["service_ms", "clear_queue"]
lock = ["arrivals_per_s"]
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
[[option]]
text = "one"
because = "It is not."
[[option]]
text = "two"
because = "It is."
answer = true
```
```debrief
impact = [{ label = "Done", measure = "done at 60" }]
factors = ["No room"]
went_well = [{ text = "Nobody was cleared", test = "cleared at 600 <= 0" }]
luck = [{ text = "It was short", test = "waiting at 600 <= 30" }]
charts = ["waiting"]
commit = [{ text = "Serve faster" }, { text = "Few wait", test = "waiting at 600 <= 20" }]
actions = [{ do = "Plan", owner = "Mira" }]
```
```challenge
text = "Harder."
start = { arrivals_per_s = 150 }
tests = ["mean waiting from 40 to 90 <= 3"]
lock = ["arrivals_per_s", "service_ms"]
par = 1
solution = ["servers=2"]
```
"#;

const GLOSSARY: &str =
    "Words.\n\n## p99\nOne in a hundred is slower.\n\n## thundering herd\nAlso: stampede\nAll at once.\n";

fn glossary() -> Glossary {
    parse::glossary::read(GLOSSARY).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn all_problems(text: &str) -> Vec<Problem> {
    match read(text, &glossary()) {
        Ok(lesson) => check::prove(&lesson, 1, || {}),
        Err(problems) => problems,
    }
}

#[test]
fn the_lesson_that_is_broken_below_is_right() {
    assert_eq!(all_problems(LESSON), []);
}

const CASES: &[Case] = &[
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
    (
        "open = [\"arrivals_per_s\"]",
        "open = \"arrivals_per_s\"",
        "open",
        "open cannot be a TOML string; write open = […]",
    ),
    (
        "open = [\"arrivals_per_s\"]",
        "open = [5]",
        "open",
        "open cannot be a TOML integer; write open = [\"…\"]",
    ),
    ("open = [\"arrivals_per_s\"]", "open = [\"\"]", "open", "open is empty; write open = [\"…\"]"),
    (
        "withheld = [[\"31 clear_queue\"]]",
        "withheld = [\"31 clear_queue\"]",
        "withheld",
        "withheld cannot be a TOML string; write withheld = [[…]]",
    ),
    (
        "withheld = [[\"31 clear_queue\"]]",
        "withheld = [[31]]",
        "withheld",
        "withheld cannot be a TOML integer; write withheld = [[\"…\"]]",
    ),
    ("spread = [0.6]", "spread = [\"0.6\"]", "spread", "spread is not a plain number; write spread = [12.5]"),
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
    (
        "Before the first step.",
        "```text\nBefore the first step.",
        "```text",
        "the block \"text\" does not end; write ``` on a line of its own above line ",
    ),
    (
        "Some prose",
        "```text\nas it is\n\nSome prose",
        "```text",
        "the block \"text\" does not end; write ``` on a line of its own above line 22",
    ),
    (
        "test = \"mean waiting from 40 to 100 <= 3\"\n```\n",
        "test = \"mean waiting from 40 to 100 <= 3\"\n",
        "```goal",
        "the block \"goal\" does not end; write ``` on a line of its own above line ",
    ),
    (
        "solution = [\"servers=2\"]\n```\n",
        "solution = [\"servers=2\"]\n~~~\n",
        "```challenge",
        "does not end",
    ),
    (
        "## Mend\n",
        "## Mend\n```scene\nwatch = [\"waiting\"]\nuntil = 130\n```\n",
        "```scene\nwatch = [\"waiting\"]\nstart",
        "has a scene already",
    ),
    (
        "```scene\nwatch = [\"waiting\"]\nstart",
        "```scene\nstart",
        "```scene",
        "does not say what to look at; write watch = [\"arrived\"]",
    ),
    ("watch = [\"waiting\"]", "watch = []", "```scene", "watch names 0 metrics"),
    (
        "watch = [\"waiting\"]",
        "watch = [\"waiting\"]\nterminal = true",
        "terminal",
        "\"queueing_lab\" has no terminal; leave out terminal = true",
    ),
    (
        "watch = [\"waiting\"]",
        "watch = [\"waiting\"]\nterminal = 1",
        "terminal",
        "terminal cannot be a TOML integer; write terminal = true or false",
    ),
    (
        "watch = [\"waiting\"]",
        "watch = [\"waitng\"]",
        "watch",
        "no chart shows \"waitng\"; did you mean \"waiting\"?",
    ),
    (
        "watch = [\"waiting\"]",
        "watch = [\"arrived\", \"done\"]",
        "watch",
        "\"done\" is on the chart \"Traffic\" that the step shows already",
    ),
    (
        "Before the first step.",
        "```goal\ntext = \"x\"\ntest = \"waiting <= 1\"\n```",
        "```goal\ntext = \"x\"",
        "stands before the first step",
    ),
    ("who = \"mira\"", "who = \"mirra\"", "who = ", "did you mean \"mira\"?"),
    (
        "question = \"Which?\"",
        "question = 'Which?",
        "question = 'Which?",
        "close the text with the mark that opens it",
    ),
    ("title = \"Waiting\"", "title = \"Waiting", "title = ", "close the text with the mark that opens it"),
    ("title = \"Waiting\"", "title = Waiting", "title = ", "write the text in quotation marks"),
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
    (
        "because = \"It is.\"\nanswer = true\n",
        "because = \"It is.\"\n",
        "```quiz",
        "no option is the answer; write answer = true in the right one",
    ),
    (
        "question = \"Which?\"\n[[option]]\ntext = \"one\"\nbecause = \"It is not.\"\n[[option]]\ntext = \"two\"\nbecause = \"It is.\"\nanswer = true\n",
        "question = \"Which?\"\noptions = [\"one\", \"two\"]\nanswer = \"two\"\nbecause = \"It is.\"\n",
        "options = ",
        "no longer stand beside the question of a quiz; write [[option]] for each",
    ),
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
        "test = \"max waiting from 40",
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
        "test = \"mean waiting from 40",
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
        "attempt 1 of withheld meets every goal without what is taught: \"mean waiting from 00:00:40 to 00:01:40 <= 3\" measured ",
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
    (
        "\"service_ms\"]\npar",
        "\"service_ms\", \"servers\"]\npar",
        "lock = [\"arrivals_per_s\", \"service_ms\"",
        "the solution of the challenge uses servers, which is locked",
    ),
    (
        "tests = [\"mean waiting from 40 to 90 <= 3\"]",
        "tests = [\"cleared at 90 >= 5\"]",
        "tests = ",
        "misses a test: \"count cleared at 00:01:30 >= 5\" measured 0 requests; mend the solution",
    ),
    ("[a link](https://example.org)", "`= mean wait_ms at 0 as 0.0`", "Some prose", "has nothing to say"),
    ("Before the first step.", "It is `= mean wait_ms at 0 as 0.0`.", "It is", "has nothing to say"),
    (
        "question = \"How long?\"",
        "question = \"Was it `= mean wait_ms at 0 as 0.0`?\"",
        "question = ",
        "has nothing to say",
    ),
    (
        "text = \"Not at all\"",
        "text = \"Not `= mean wait_ms at 0 as 0.0`\"",
        "text = \"Not",
        "has nothing to say",
    ),
    ("measure = \"done at 60\"", "measure = \"mean wait_ms at 0\"", "impact", "has nothing to say"),
    (
        "measure = \"mean wait_ms at 120\"",
        "measure = \"mean wait_ms at 120\"\nafter = \"It is `= mean wait_ms at 0 as 0.0`.\"",
        "after = ",
        "has nothing to say",
    ),
    (
        "lock = [\"arrivals_per_s\"]\n",
        "",
        "```scene",
        "\"00:00:10 arrivals_per_s=0\" alone meets every goal without what is taught, and so does another",
    ),
    (
        "lock = [\"arrivals_per_s\", \"service_ms\"]\n",
        "lock = [\"service_ms\"]\n",
        "```challenge",
        "\"arrivals_per_s=0\" alone meets the challenge by undoing how it begins; ask for more, or lock it",
    ),
    (
        "par = 1\nsolution = [\"servers=2\"]",
        "par = 2\nsolution = [\"servers=2\", \"patience_ms=60000\"]",
        "```challenge",
        "\"servers=2\" alone meets the challenge, whose solution takes 2 changes, and so do ",
    ),
    // What stands twice.
    (
        "test = \"mean waiting from 40 to 100 <= 3\"\n```\n```vote",
        "test = \"mean waiting from 40 to 100 <= 3\"\n```\n```goal\ntext = \"Again.\"\ntest = \"mean waiting from 00:00:40 to 100 <= 3.0\"\n```\n```vote",
        "test = \"mean waiting from 00:00:40",
        "this asks the same as that in line ",
    ),
    (
        "tests = [\"mean waiting from 40 to 90 <= 3\"]",
        "tests = [\n\"mean waiting from 40 to 90 <= 3\",\n\"mean  waiting from 40 to 90 <= 3\"]",
        "\"mean  waiting from 40 to 90 <= 3\"",
        "this asks the same as that in line ",
    ),
    (
        "solution = [\"servers=2\"]\n```\n",
        "solution = [\"servers=2\"]\n```\n```challenge\ntext = \"Once more.\"\nstart = { service_ms = 10, arrivals_per_s = 150 }\n\
         tests = [\"mean waiting from 40 to 90 <= 3\"]\nlock = [\"arrivals_per_s\", \"service_ms\"]\npar = 2\nsolution = [\"servers=3\"]\n```\n",
        "```challenge\ntext = \"Once more",
        "this asks the same as that in line ",
    ),
    (
        "needs = \"clear_queue\"",
        "inputs = [\"00:00:40 clear_queue\"]",
        "[[option]]\ntext = \"Wait\"",
        "this does the same as that in line ",
    ),
    (
        "text = \"Clear it\"\ninputs = [\"40 clear_queue\"]",
        "text = \"Clear it\"",
        "[[option]]\ntext = \"Wait\"",
        "this does the same as that in line ",
    ),
    (
        "test = \"max waiting from 0 to 110 >= 100\"",
        "test = \"mean waiting from 0 to 110 <= 2\"\nholds = true",
        "test = \"mean waiting from 0 to 110 <= 2\"\nholds = true\nbecause = \"Never",
        "this asks the same as that in line ",
    ),
    // Questions that answer themselves.
    (
        "text = \"Wait\"",
        "text = \"Clear it!\"",
        "[[option]]\ntext = \"Clear it!",
        "this option says the same as that in line ",
    ),
    (
        "test = \"mean wait_ms at 120 <= 1\"\n",
        "",
        "[[option]]\ntext = \"Not at all\"",
        "nothing refutes this option",
    ),
    ("value = 0\n", "value = 3\n", "test = \"mean wait_ms at 120 <= 1\"", "own value 3 fails"),
    (
        "\"Not at all\"",
        "\" as  *long* as a Service\"",
        "[[option]]\ntext = \"As long",
        "says the same as that in line",
    ),
    (
        "text = \"Wait\"",
        "text = \"clear  **it**\"",
        "[[option]]\ntext = \"clear",
        "says the same as that in line",
    ),
    ("text = \"one\"", "text = \"two \"", "[[option]]\ntext = \"two\"", "says the same"),
    ("in 6..14", ">= 0", "test = \"mean wait_ms at 120 >= 0", "holds in every run"),
    ("at 120 <= 1\"\nvalue = 0", "at 120 <= -1\"", "test = \"mean wait_ms at 120 <= -1", "holds in no run"),
    (
        "measure = \"mean wait_ms at 120\"",
        "after = \"So long: `= mean wait_ms at 300`.\"\nmeasure = \"mean wait_ms at 120\"",
        "after",
        "is not known when the text is told, which is at 00:02:00",
    ),
    (
        "measure = \"mean wait_ms at 120\"",
        "after = \"So long: `= mean wait_ms`.\"\nmeasure = \"mean wait_ms at 120\"",
        "after",
        "is not known when the text is told",
    ),
    (
        "withheld = [[\"31 clear_queue\"]]\ntaught = [\"service_ms\"]\n",
        "",
        "```scene",
        "does not say what it teaches",
    ),
    ("withheld = [[\"31 clear_queue\"]]", "withheld = [[]]", "withheld", "tries nothing"),
    (
        "inputs = [\"40 clear_queue\"]",
        "inputs = [\"20 clear_queue\"]",
        "```vote",
        "the team decides at 00:00:30",
    ),
    (
        "needs = \"clear_queue\"",
        "needs = \"clear_queue\"\ninputs = [\"29.9 clear_queue\"]",
        "```vote",
        "the team decides",
    ),
    ("when = \"waiting >= 5\"", "when = \"waiting >= 100000\"", "when = ", "nobody ever says this"),
    (
        "says = \"It grows.\"\nwhen = \"waiting >= 5\"",
        "says = \"It grows.\"\nwhen = \"servers >= 5\"",
        "when = ",
        "no metric \"servers\"",
    ),
    (
        "test = \"mean wait_ms at 120 <= 1\"",
        "test = \"mean wait_ms at 0 <= 1\"",
        "test = \"mean wait_ms at 0 ",
        "measured nothing",
    ),
    // Numbers that look measured, however they are written.
    (
        "`= mean wait_ms at 60 as 0.0`",
        "190 milliseconds",
        "Some prose",
        "\"190 milliseconds\" looks measured",
    ),
    (
        "`= mean wait_ms at 60 as 0.0` in it",
        "190 milliseconds. So",
        "Some prose",
        "\"190 milliseconds\" looks",
    ),
    ("`= mean wait_ms at 60 as 0.0`", "12 percent", "Some prose", "looks measured"),
    ("`= mean wait_ms at 60 as 0.0`", "12 per cent", "Some prose", "looks measured"),
    ("`= mean wait_ms at 60 as 0.0`", "$ 500", "Some prose", "looks measured"),
    ("`= mean wait_ms at 60 as 0.0`", "1.9e2 ms", "Some prose", "looks measured"),
    ("`= mean wait_ms at 60 as 0.0`", "190\u{2009}ms", "Some prose", "looks measured"),
    ("`= mean wait_ms at 60 as 0.0`", "190\u{202F}ms", "Some prose", "looks measured"),
    ("`= mean wait_ms at 60 as 0.0`", "１９０ ms", "Some prose", "looks measured"),
    ("`= mean wait_ms at 60 as 0.0`", "１９０ ｍｓ", "Some prose", "looks measured"),
    ("`= mean wait_ms at 60 as 0.0`", "١٩٠ ms", "Some prose", "looks measured"),
    ("`= mean wait_ms at 60 as 0.0`", "“it waits 190 ms", "Some prose", "looks measured"),
    ("`= mean wait_ms at 60 as 0.0`", "\"it waits 190 ms", "Some prose", "looks measured"),
    ("## Watch", "## Watch 190 ms", "## Watch", "looks measured"),
    ("title = \"Waiting\"", "title = \"Waiting 190 ms\"", "title", "no run tells it here"),
    (
        "summary = \"Why people wait.\"",
        "summary = \"Why people wait 3 seconds.\"",
        "summary",
        "no run tells it here",
    ),
    ("needs = \"clear_queue\"", "says = \"It took 190 ms.\"", "says = \"It took", "looks measured"),
    ("text = \"Harder.\"", "text = \"Harder: 190 ms.\"", "text = \"Harder", "looks measured"),
    ("because = \"It is.\"", "because = \"It is 190 ms.\"", "because = \"It is 190", "looks measured"),
    ("question = \"Which?\"", "question = \"Which 190 ms?\"", "question = \"Which", "looks measured"),
    ("text = \"one\"", "text = \"190 ms\"", "text = \"190", "looks measured"),
    // Characters that nobody sees.
    ("Some prose", "Some pr\u{AD}ose", "Some pr", "invisible character (U+00AD)"),
    ("Some prose", "Some pr\u{200D}ose", "Some pr", "invisible character (U+200D)"),
    ("Some prose", "Some pr\u{2028}ose", "Some pr", "invisible character (U+2028)"),
    ("Some prose", "Some pr\u{E0041}ose", "Some pr", "invisible character (U+E0041)"),
    ("Some prose", "Some pr\u{3164}ose", "Some pr", "invisible character (U+3164)"),
    ("says = \"It grows.\"", "says = \"It \\u00ADgrows.\"", "says", "invisible character (U+00AD)"),
    // Links to runs, and numbers in a form that does not fit them.
    (
        "https://example.org",
        "#/play/queueing_lab?servers=0",
        "Some prose",
        "the link cannot be played: servers cannot be \"0\"",
    ),
    (
        "https://example.org",
        "#/play/queueing_lab?seed=1&seed=2",
        "Some prose",
        "the link cannot be played: \"seed\" is given twice; only the first can count, so leave the other out",
    ),
    (
        "says = \"It grows.\"",
        "says = \"[It](#/play/queueing) grows.\"",
        "says",
        "the link cannot be played: there is no scenario \"queueing\"",
    ),
    (
        "mean wait_ms at 60 as 0.0",
        "mean wait_ms at 60 as %",
        "Some prose",
        "\"as %\" is for a share between 0 and 1, and wait_ms is measured in ms; leave as % out",
    ),
    // Places.
    ("## Mend", "##Mend", "##Mend", "write a space behind ##"),
    ("seed = 1\n", "seed = 1\nseed = 2\n", "seed = 2", "duplicate key \"seed\""),
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
    // Explanations of options.
    (
        "because = \"Requests come in bunches.\"\n",
        "",
        "[[option]]\ntext = \"As long",
        "an option has no because; write because = ",
    ),
    (
        "because = \"It is not.\"\n",
        "",
        "[[option]]\ntext = \"one",
        "an option has no because; write because = ",
    ),
    ("in bunches.", "every 20 ms.", "because = \"Requests", "\"20 ms\" looks measured"),
    (
        "in bunches.",
        "until `= arrived at 121`.",
        "because = \"Requests",
        "is not known when the text is told, which is at 00:02:00",
    ),
    (
        "in bunches.",
        "while `= arrived`.",
        "because = \"Requests",
        "is not known when the text is told, which is at 00:02:00",
    ),
    ("mean wait_ms at 90 as 0.0", "mean wait_ms at 0", "because = \"Some wait", "has nothing to say"),
    (
        "test = \"mean wait_ms at 120 <= 1\"\nvalue = 0\n[[option]]\ntext = \"As long as a service\"\n",
        "test = \"max waiting from 0 to 120 <= 0\"\nvalue = 20\n[[option]]\ntext = \"As long as a service\"\nvalue = 10\n",
        "[[option]]\ntext = \"As long",
        "their values do not rise: 10 stands behind 20",
    ),
    ("keep_order = true", "keep_order = 1", "keep_order", "keep_order cannot be a TOML integer"),
    // Observations and explanations.
    (
        "[[statement]]\ntext = \"A hundred waited.\"\ntest = \"max waiting from 0 to 110 >= 100\"\nbecause = \"Never.\"\n",
        "",
        "```observe",
        "observe has 1 statements; it takes from 2 to 4",
    ),
    (
        "max waiting from 0 to 110 >= 100\"",
        "max waiting from 0 to 110 >= 1\"\nholds = true",
        "```observe",
        "every statement of the observation is true; write one that is false of this run",
    ),
    (
        "mean waiting from 0 to 110 <= 2\"\nholds = true",
        "mean waiting from 0 to 110 >= 2\"",
        "```observe",
        "every statement of the observation is false; write one that is true of this run",
    ),
    (
        "holds = true\n",
        "",
        "test = \"mean waiting from 0 to 110 <= 2",
        "write holds = true, or mend the test",
    ),
    (
        "max waiting from 0 to 110 >= 100\"",
        "max waiting from 0 to 110 >= 100\"\nholds = true",
        "test = \"max waiting from 0 to 110 >= 100",
        "leave holds = true out, or mend the test",
    ),
    (
        "max waiting from 0 to 110 >= 100",
        "max waiting >= 100",
        "test = \"max waiting >= 100",
        "has no moment, and a statement is about one",
    ),
    (
        "max waiting from 0 to 110 >= 100",
        "mean wait_ms at 0 >= 100",
        "test = \"mean wait_ms at 0 >= 100",
        "the run neither confirms nor refutes this statement",
    ),
    (
        "They were `= mean waiting from 0 to 110 as 0.0`.",
        "They were `= mean waiting from 0 to 111 as 0.0`.",
        "because = \"They were",
        "is not known when the text is told, which is at 00:01:50",
    ),
    (
        "They were `= mean waiting from 0 to 110 as 0.0`.",
        "They were `= mean wait_ms at 0`.",
        "because = \"They were",
        "has nothing to say",
    ),
    (
        "text = \"A hundred waited.\"",
        "text = \"FEW waited.\"",
        "[[statement]]\ntext = \"FEW",
        "says the same as that in line",
    ),
    ("because = \"Never.\"\n", "", "[[statement]]\ntext = \"A hundred", "a statement has no because"),
    ("ours = \"They come by chance.\"\n", "", "```explain", "explain has no ours; write ours = "),
    ("They come by chance.", "They come each 20 ms.", "ours", "looks measured"),
    // Points to collect.
    (
        "x = \"mean utilization\"",
        "x = \"mean utilisation\"",
        "x = \"mean",
        "has no metric \"utilisation\"; did you mean \"utilization\"?",
    ),
    (
        "y = \"mean wait_ms\"",
        "y = \"p99 wait_ms\"",
        "y = \"p99",
        "y is \"p99 wait_ms\", and a point is a mean over a window of its own; write y = \"mean METRIC\"",
    ),
    (
        "y = \"mean wait_ms\"",
        "y = \"mean sojourn_ms\"",
        "theory = ",
        "is about wait_ms by utilization, and the axes are not; write x = \"mean utilization\" and y = \"mean wait_ms\"",
    ),
    (
        "over = 50",
        "over = 0",
        "over = 0",
        "over is 0 s, and windows begin and end every 5 s; write a multiple of 5",
    ),
    ("settle = 10", "settle = 12.5", "settle = 12.5", "write a multiple of 5 above 0"),
    (
        "settle = 10",
        "settle = 555",
        "```collect",
        "settle and over take 605 s together, and the run lasts 600 s; write fewer",
    ),
    (
        "spread = [0.6]",
        "spread = [0.6, 0.7]",
        "spread",
        "spread wants a point in each of 3 parts, which is more than points; raise points or write fewer",
    ),
    (
        "points = 2\nspread = [0.6]",
        "points = 3\nspread = [0.7, 0.6]",
        "spread",
        "the values of spread do not rise",
    ),
    (
        "theory = \"mean_wait\"",
        "theory = \"mean_weight\"",
        "theory",
        "queueing_lab has no theory \"mean_weight\"; did you mean \"mean_wait\"?",
    ),
    (
        "service_ms = 10\narrivals_per_s = 50",
        "service_ms = 10\narrivals_per_s = 50\nqueue_limit = 100000",
        "```collect",
        "no curve holds in the run of the step: A queue with a limit turns requests away. Leave theory out",
    ),
    (
        "solution = [\"100 arrivals_per_s=90\"]",
        "solution = [\"100 servers=2\"]",
        "```collect",
        "the solution of collect uses servers, which the learner cannot touch here; write unlock = [\"servers\"]",
    ),
    (
        "solution = [\"100 arrivals_per_s=90\"]",
        "solution = [\"590 arrivals_per_s=90\"]",
        "```collect",
        "the solution collects 1 of 2 points by 00:10:00, at utilization 0.4991, and none from 0.6 on; add one there",
    ),
    (
        "solution = [\"100 arrivals_per_s=90\"]\n",
        "",
        "```collect",
        "collect has no solution; write solution = ",
    ),
    // Acts.
    (
        "```explain\nquestion = \"Why do some wait?\"\nours = \"They come by chance.\"\n```\n",
        "",
        "## Watch",
        "the lesson never asks for an explanation in the learner's own words; write a block ```explain",
    ),
    (
        "par = 1\nsolution = [\"servers=2\"]\n```\n",
        "par = 1\nsolution = [\"servers=2\"]\n```\n## Last\nDone.\n",
        "## Last",
        "the lesson ends without anything to try; write a block ```goal or ```challenge in this step",
    ),
    ("minutes = 5", "minutes = 21", "## Watch", "takes 21 minutes and has no acts; write act = "),
    (
        "```scene\nwatch = [\"waiting\"]\nstart",
        "```scene\nact = { title = \"Mend\", minutes = 21 }\nwatch = [\"waiting\"]\nstart",
        "act = ",
        "minutes is not a whole number from 1 to 20",
    ),
    // Debriefs.
    (
        "went_well = [{ text = \"Nobody was cleared\", test = \"cleared at 600 <= 0\" }]",
        "went_well = [\"Nobody was cleared\"]",
        "went_well",
        "an item of went_well is not a table; write { text = …, test = … }",
    ),
    (
        "text = \"It was short\", test = \"waiting at 600 <= 30\"",
        "text = \"It was short\"",
        "luck",
        "an item of luck has no test; write test = ",
    ),
    (
        "waiting at 600 <= 30",
        "cleared at 600 >= 90000",
        "luck",
        "this is never said: when nobody does anything, \"count cleared at 00:10:00 >= 90000\" measured 0 requests, with the solution 604 requests; ask for less",
    ),
    (
        "waiting at 600 <= 30",
        "arrived at 600 <= 90000000",
        "luck",
        "this is said of every run: \"count arrived at 00:10:00 <= 90000000\" holds in each attempt",
    ),
    (
        "charts = [\"waiting\"]",
        "charts = []",
        "charts",
        "charts names 0 metrics; a debrief shows from 1 to 3",
    ),
    (
        "charts = [\"waiting\"]",
        "charts = [\"arrived\", \"done\"]",
        "charts",
        "\"done\" is on the chart \"Traffic\" that the debrief shows already",
    ),
    ("text = \"Serve faster\"", "text = \"Serve in 5 ms\"", "commit", "looks measured"),
    // Terms of the glossary.
    ("[[p99]]", "[[p999]]", "Some prose", "the glossary has no entry \"p999\"; did you mean \"p99\"?"),
    (
        "[[p99]]",
        "[[jitter]]",
        "Some prose",
        "the glossary has no entry \"jitter\"; write an entry for it, or take away the brackets",
    ),
    ("[[p99]]", "[[p99", "Some prose", "the term that begins with \"p99\" does not end; write [[term]]"),
    ("[[p99]]", "[[p99|]]", "Some prose", "[[p99|]] shows no words; write [[term|words]]"),
    ("## Mend", "## Mend the [[p99]]", "## Mend", "a heading holds no [[term]]"),
    ("[a link]", "[a [[p99]] link]", "Some prose", "a link holds no [[term]]"),
    ("says = \"It grows.\"", "says = \"A [[herd]].\"", "says", "the glossary has no entry \"herd\""),
    ("Some prose", "Some prose\n\n***\n", "***", "a rule divides nothing"),
];

#[test]
fn each_broken_lesson_gets_one_clear_sentence_with_its_line() {
    assert_each_is_told(LESSON, "", CASES, all_problems);
}

/// Nobody is told to leave out what must be there.
#[test]
fn an_empty_text_is_to_be_written() {
    let problems = all_problems(&LESSON.replace("title = \"Waiting\"", "title = \"\""));
    let sentences: Vec<&str> = problems.iter().map(|problem| problem.sentence.as_str()).collect();
    assert_eq!(sentences, ["title is empty; write title = \"…\""]);
}

/// Somebody who speaks when the run gives cause may be given it by what is tried for an answer or voted for; a hint waits
/// until somebody asks, and need not come.
#[test]
fn whoever_speaks_in_any_run_of_the_step_is_right() {
    let many = "when = \"waiting >= 20000\"";
    let speaks = format!("```chat\nwho = \"mira\"\nsays = \"So many.\"\n{many}\n```\n```quiz");
    for (changes, what) in [
        (vec![("when = \"waiting >= 5\"", "when = \"waiting >= 20000\"\nhint = true")], "a hint"),
        (
            vec![
                ("when = \"waiting >= 5\"", many),
                (
                    "measure = \"mean wait_ms at 120\"",
                    "measure = \"mean wait_ms at 120\"\ninputs = [\"120 arrivals_per_s=400\"]",
                ),
            ],
            "a prediction",
        ),
        (
            vec![
                ("inputs = [\"40 clear_queue\"]", "inputs = [\"40 service_ms=1000\"]"),
                ("```quiz", &speaks),
            ],
            "a vote",
        ),
    ] {
        let mut lesson = LESSON.to_owned();
        for (from, to) in &changes {
            assert!(lesson.contains(from), "{from}");
            lesson = lesson.replace(from, to);
        }
        assert_eq!(all_problems(&lesson), [], "{what}");
        // Without its cause nobody says it.
        if let [_, (from, to)] = changes[..] {
            let (from, to) = if what == "a vote" { changes[0] } else { (from, to) };
            let problems = all_problems(&lesson.replace(to, from));
            assert!(
                problems.iter().any(|problem| problem.sentence.contains("nobody ever says this")),
                "{what}: {problems:?}"
            );
        }
    }
}

/// A claim that is true by chance under the lesson's own seed is refused by the next, which the sentence names.
#[test]
fn a_claim_holds_under_every_seed_or_is_refused_with_the_one_that_shows_it() {
    let arrived = |seed: u64| {
        let link = format!("queueing_lab?seed={seed}&service_ms=10&arrivals_per_s=50");
        let mut run = scenarios::start(Replay::parse(&link).expect("a link").replay);
        run.advance(SimTime::from_secs(120), u64::MAX);
        let Reading::Count(count) = run.read(0) else { panic!("arrived is a count") };
        count
    };
    assert_ne!(arrived(1), arrived(2));
    let test = format!("test = \"arrived at 120 in {0}..{0}\"", arrived(1));
    let lesson = LESSON.replace("test = \"mean wait_ms at 120 in 6..14\"", &test);
    let lesson = read(&lesson, &glossary()).expect("a lesson");
    assert_eq!(check::prove(&lesson, 1, || {}), []);
    let mut seeds = 0;
    let problems = check::prove(&lesson, 2, || seeds += 1);
    assert_eq!(seeds, 2);
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    assert!(
        problem.sentence.contains("does not come true") && problem.sentence.ends_with("(seed 2)"),
        "{problem:?}"
    );
}

#[test]
fn what_asks_for_too_much_is_told_where_it_does() {
    let front = LESSON.split_inclusive("+++\n").take(2).collect::<String>();
    let lines = front.matches('\n').count();
    let repeated = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let attempts = format!(
        "## A\n```scene\nwatch = [\"waiting\"]\nunlock = [\"servers\"]\nsolution = [\"servers=9\"]\nwithheld = [\n{}]\n```\n```goal\ntext = \"x\"\ntest = \"done at 60 >= 9000\"\n```\n",
        repeated(400, &|nth| format!("[\"servers={}\"],\n", nth + 10))
    );
    let inputs = format!(
        "## A\n```scene\nwatch = [\"waiting\"]\ninputs = [\n{}]\n```\n",
        repeated(300, &|nth| format!("\"{nth} clear_queue\",\n"))
    );
    let moments = repeated(20, &|step| {
        let measures = repeated(29, &|nth| format!("`= done at {}`\n", step * 29 + nth + 1));
        format!("## Step\n{measures}\n")
    });
    let deep =
        format!("## A\n\n```scene\nwatch = [\"waiting\"]\nbegin = 0\n\n{}b = 1\n```\n", "a.".repeat(500));
    let never = LESSON.replace("unlock = [\"service_ms\", \"clear_queue\"]", "unlock = [\"service_ms\"]");
    let never = never
        .replace(", \"31 clear_queue\"]", "]")
        .replace("[\"31 clear_queue\"]", "[\"31 service_ms=9.9\"]");
    let vote = 1 + never[..never.find("```vote").expect("a vote")].matches('\n').count();
    // Behind the line that opens the list, the two hundred and first attempt is the first that is too many.
    let cases = [
        (
            format!("{front}{attempts}"),
            lines + 6 + 201,
            "takes 401 runs of 600 s under each seed, and 200 are allowed",
        ),
        (format!("{front}{inputs}"), lines + 5 + 250, "scene has 300 inputs; it takes at most 250"),
        // Seventeen steps of 31 lines hold 493 moments, and the eighteenth the rest.
        (
            format!("{front}{moments}"),
            lines + 17 * 31 + 21,
            "measures at 580 moments, and a run remembers 512",
        ),
        (format!("{front}{deep}"), lines + 7, "scene is not TOML"),
        (never, vote, "needs clear_queue, which the learner can never take"),
    ];
    for (text, line, part) in cases {
        let problems = read(&text, &glossary()).expect_err(part);
        let found: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems.len(), 1, "{found:#?}");
        assert!(
            problems[0].sentence.contains(part) && problems[0].line == line,
            "{line}: {part}: {found:#?}"
        );
    }
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
        let problems = read(&text, &glossary()).err().unwrap_or_default();
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

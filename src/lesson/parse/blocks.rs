//! Fenced blocks: what a step asks.

use warstories_sim::SimTime;
use warstories_sim::suggest::{did_you_mean, known, shortened};

use super::doubt;
use super::prose::line_of_text;
use super::scene;
use super::table::{Diagnostics, Item, Table};
use super::value::{attempt, inputs, start, time};
use crate::lesson::{
    Ballot, Challenge, Chat, Debrief, Goal, Impact, Part, Predict, PredictOption, Quiz, Scene, Setup, Task,
    Text, Vote, When,
};
use crate::measure::{Measure, Span, Test};
use crate::problem::is_hidden;

/// Every block and its keys.
pub const BLOCKS: &[(&str, &[&str])] = &[
    ("scene", SCENE),
    ("predict", PREDICT),
    ("goal", GOAL),
    ("chat", CHAT),
    ("vote", VOTE),
    ("quiz", QUIZ),
    ("debrief", DEBRIEF),
    ("challenge", CHALLENGE),
];
const SCENE: &[&str] =
    &["start", "inputs", "begin", "until", "watch", "unlock", "lock", "solution", "withheld", "taught"];
const PREDICT: &[&str] = &["question", "inputs", "after", "measure", "option"];
const GOAL: &[&str] = &["text", "test", "hints"];
const CHAT: &[&str] = &["who", "says", "when", "hint"];
const VOTE: &[&str] = &["question", "option"];
const QUIZ: &[&str] = &["question", "options", "answer", "because"];
const DEBRIEF: &[&str] = &["impact", "factors", "went_well", "luck", "actions"];
const CHALLENGE: &[&str] = &["text", "tests", "start", "inputs", "par", "solution"];
/// The keys of an option of a prediction.
pub const GUESS: &[&str] = &["text", "answer", "test", "value"];
/// The keys of an option of a vote.
pub const BALLOT: &[&str] = &["text", "inputs", "needs", "says"];
/// The keys of an item of `impact`.
pub const IMPACT: &[&str] = &["label", "measure"];
/// The keys of an item of a debrief's `actions`.
pub const TASK: &[&str] = &["do", "owner"];

/// A block that was read.
pub(super) enum Block {
    Scene(Scene),
    Part(Part),
}

/// Reads the block with this info string; `None` where it is no block of lessons, or wrong.
pub(super) fn read(info: &str, fence: (&str, usize), diagnostics: &mut Diagnostics) -> Option<Block> {
    let (what, keys) = BLOCKS.iter().find(|(name, _)| *name == info)?;
    diagnostics.toml(what, keys, fence, |table, diagnostics| {
        Some(Block::Part(match *what {
            "scene" => return Some(Block::Scene(scene::scene(table, diagnostics))),
            "predict" => Part::Predict(predict(table, diagnostics)?),
            "goal" => Part::Goal(goal(table, diagnostics)?),
            "chat" => Part::Chat(chat(table, diagnostics)?),
            "vote" => Part::Vote(vote(table, diagnostics)?),
            "quiz" => Part::Quiz(quiz(table, diagnostics)?),
            "debrief" => Part::Debrief(debrief(table, diagnostics)),
            _ => Part::Challenge(challenge(table, diagnostics)?),
        }))
    })
}

fn text((text, line): (&str, usize), facts: bool, diagnostics: &mut Diagnostics) -> Text {
    line_of_text(text, line, facts, diagnostics)
}

/// A text that must be there and that somebody asks or says; its numbers are theirs.
fn required(table: &Table<'_>, key: &str, diagnostics: &mut Diagnostics) -> Option<Text> {
    let found = table.required_text(key, diagnostics)?;
    Some(text(found, true, diagnostics))
}

/// A text that must be there and that the lesson tells.
fn told(table: &Table<'_>, key: &str, diagnostics: &mut Diagnostics) -> Option<Text> {
    let found = table.required_text(key, diagnostics)?;
    Some(text(found, false, diagnostics))
}

fn optional(table: &Table<'_>, key: &str, diagnostics: &mut Diagnostics) -> Text {
    table.text(key, diagnostics).map_or_else(Text::new, |found| text(found, false, diagnostics))
}

fn texts(table: &Table<'_>, key: &str, facts: bool, diagnostics: &mut Diagnostics) -> Vec<Text> {
    table.texts(key, diagnostics).into_iter().map(|found| text(found, facts, diagnostics)).collect()
}

fn test((words, line): (&str, usize), diagnostics: &mut Diagnostics) -> Option<Test> {
    let test = Test::parse(words, line, diagnostics.spec);
    let test = diagnostics.keep(line, test)?;
    if let Some(sentence) = doubt::empty(&test, diagnostics.spec) {
        diagnostics.report(line, sentence);
    }
    Some(test)
}

/// Options or answers: at least two, at most eight.
fn enough(count: usize, table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<()> {
    if (2..=8).contains(&count) {
        return Some(());
    }
    diagnostics.report(table.line, format!("{} has {count} options; it takes from 2 to 8", table.what));
    None
}

fn predict(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Predict> {
    let question = required(table, "question", diagnostics);
    let measure = table.text("measure", diagnostics).and_then(|(text, line)| {
        let measure = Measure::parse(text, line, diagnostics.spec);
        diagnostics.keep(line, measure)
    });
    let (mut options, mut lines) = (Vec::new(), Vec::new());
    let mut answers = Vec::new();
    for item in table.list("option", diagnostics) {
        let Some((option, answer)) = option(item, measure.is_some(), diagnostics) else { continue };
        answers.extend(answer.map(|line| (options.len(), line)));
        options.push(option);
        lines.push(item.line);
    }
    enough(options.len(), table, diagnostics)?;
    let answer = match answers.as_slice() {
        [(answer, _)] => *answer,
        [] => {
            diagnostics.report(
                table.line,
                "no option is the answer; write answer = true and a test in the one that comes true",
            );
            return None;
        }
        [(_, first), (_, second), ..] => {
            diagnostics.report(
                *second,
                format!("a second option is the answer, after that in line {first}; leave one"),
            );
            return None;
        }
    };
    let (inputs, after) = (inputs(table, diagnostics), optional(table, "after", diagnostics));
    let predict = Predict { line: table.line, question: question?, inputs, after, options, answer, measure };
    diagnostics.plan_run(table.line);
    doubt::prediction(&predict, &lines, diagnostics);
    Some(predict)
}

/// An option, and the line that makes it the answer.
fn option(
    item: Item<'_>,
    drawn: bool,
    diagnostics: &mut Diagnostics,
) -> Option<(PredictOption, Option<usize>)> {
    let table = item.table("an option", GUESS, diagnostics)?;
    let words = required(&table, "text", diagnostics)?;
    let tested = table.text("test", diagnostics).and_then(|found| test(found, diagnostics));
    if let Some(test) = &tested
        && test.measure.span == Span::Now
    {
        diagnostics.report(
            test.measure.line,
            format!(
                "\"{}\" has no moment, and a prediction is about one; write at TIME or from TIME to TIME",
                test.print(diagnostics.spec)
            ),
        );
    }
    let value = table.get("value").and_then(|item| {
        if !drawn {
            diagnostics.report(
                item.line,
                "the option has a value but the prediction has no measure; write measure = \"MEASURE\" beside question",
            );
        }
        item.number("value", diagnostics)
    });
    let answer =
        table.get("answer").and_then(|item| item.switch("answer", diagnostics)?.then_some(item.line));
    // One that cannot be read has been reported as such.
    if !table.has("test") {
        match answer {
            Some(line) => diagnostics.report(
                line,
                "the answer has no test that proves it; write test = \"MEASURE >= NUMBER\" below it",
            ),
            None => diagnostics.report(
                item.line,
                "nothing refutes this option; write a test that holds where it would be right, and that the run fails",
            ),
        }
    }
    Some((PredictOption { text: words, test: tested, value }, answer))
}

fn goal(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Goal> {
    let (words, found) = (required(table, "text", diagnostics), table.required_text("test", diagnostics));
    let hints = texts(table, "hints", true, diagnostics);
    let test = test(found?, diagnostics)?;
    Some(Goal { line: table.line, text: words?, test, hints })
}

fn chat(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Chat> {
    let who = table.required_text("who", diagnostics).and_then(|(id, line)| {
        let known = diagnostics.cast.iter().position(|person| person.id == id);
        if known.is_none() {
            let mut hint = did_you_mean(id, diagnostics.cast.iter().map(|person| person.id.as_str()));
            if hint.is_empty() {
                hint = format!("; write {} = \"Name, role\" below [cast]", shortened(id));
            }
            diagnostics.report(line, format!("nobody in the cast is called \"{}\"{hint}", shortened(id)));
        }
        known
    });
    let says = required(table, "says", diagnostics);
    let hint = table.get("hint").and_then(|item| item.switch("hint", diagnostics)).unwrap_or(false);
    let item = table.required("when", "TIME or \"MEASURE >= NUMBER\"", diagnostics)?;
    let when = match item.value {
        toml::de::DeValue::String(text) if text.contains(char::is_whitespace) => {
            When::Once(test((text, item.line), diagnostics)?)
        }
        _ => When::At(time(item, "when", diagnostics)?),
    };
    Some(Chat { line: table.line, who: who?, says: says?, when, hint })
}

fn vote(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Vote> {
    let question = required(table, "question", diagnostics);
    let (mut options, mut lines) = (Vec::new(), Vec::new());
    for item in table.list("option", diagnostics) {
        let Some(ballot) = ballot(item, diagnostics) else { continue };
        options.push(ballot);
        lines.push(item.line);
    }
    doubt::alike(options.iter().map(|option| &option.text).zip(lines), diagnostics);
    enough(options.len(), table, diagnostics)?;
    Some(Vote { line: table.line, question: question?, options })
}

fn ballot(item: Item<'_>, diagnostics: &mut Diagnostics) -> Option<Ballot> {
    let table = item.table("an option", BALLOT, diagnostics)?;
    let words = required(&table, "text", diagnostics)?;
    let needs = table.text("needs", diagnostics).and_then(|(id, line)| {
        let action = diagnostics.spec.action(id);
        diagnostics.keep(line, action)
    });
    Some(Ballot {
        text: words,
        inputs: inputs(&table, diagnostics),
        needs,
        says: optional(&table, "says", diagnostics),
    })
}

fn quiz(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Quiz> {
    let question = told(table, "question", diagnostics);
    let because = told(table, "because", diagnostics);
    let found = table.texts("options", diagnostics);
    let answer = table.required_text("answer", diagnostics);
    enough(found.len(), table, diagnostics)?;
    let (answer, line) = answer?;
    let mut right = found.iter().enumerate().filter(|(_, (text, _))| *text == answer).map(|(index, _)| index);
    let (first, second) = (right.next(), right.next());
    if first.is_none() || second.is_some() {
        let problem = if first.is_none() { "none" } else { "more than one" };
        diagnostics.report(
            line,
            format!(
                "{problem} of the options is the answer \"{}\"; write it exactly as one of them",
                shortened(answer)
            ),
        );
        return None;
    }
    let lines: Vec<usize> = found.iter().map(|(_, line)| *line).collect();
    let options: Vec<Text> = found.into_iter().map(|found| text(found, false, diagnostics)).collect();
    doubt::alike(options.iter().zip(lines), diagnostics);
    Some(Quiz { line: table.line, question: question?, options, answer: first?, because: because? })
}

fn debrief(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Debrief {
    let mut impact = Vec::new();
    for item in table.list("impact", diagnostics) {
        let Some(table) = item.table("an item of impact", IMPACT, diagnostics) else { continue };
        let label = told(&table, "label", diagnostics);
        let measure = table.required_text("measure", diagnostics).and_then(|(text, line)| {
            let measure = Measure::parse(text, line, diagnostics.spec);
            diagnostics.keep(line, measure)
        });
        impact.extend(label.zip(measure).map(|(label, measure)| Impact { label, measure }));
    }
    let mut actions = Vec::new();
    for item in table.list("actions", diagnostics) {
        let Some(table) = item.table("an item of actions", TASK, diagnostics) else { continue };
        let what = told(&table, "do", diagnostics);
        let owner = table.required_text("owner", diagnostics).map(|(owner, line)| {
            if let Some(char) = owner.chars().find(|char| is_hidden(*char)) {
                diagnostics.report(line, super::prose::hidden(char));
            }
            owner.to_owned()
        });
        actions.extend(what.zip(owner).map(|(what, owner)| Task { what, owner }));
    }
    let [factors, went_well, luck] =
        ["factors", "went_well", "luck"].map(|key| texts(table, key, false, diagnostics));
    Debrief { line: table.line, impact, factors, went_well, luck, actions }
}

fn challenge(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Challenge> {
    let words = told(table, "text", diagnostics);
    let found = table.texts("tests", diagnostics);
    if table.required("tests", "[\"MEASURE >= NUMBER\"]", diagnostics).is_some() && found.is_empty() {
        diagnostics.report(table.line, "the challenge tests nothing; write tests = [\"MEASURE >= NUMBER\"]");
    }
    let tests = found.into_iter().filter_map(|found| test(found, diagnostics)).collect();
    let setup =
        Setup { start: start(table, diagnostics), inputs: inputs(table, diagnostics), begin: SimTime::ZERO };
    let par = table.required("par", "3", diagnostics).and_then(|item| item.whole("par", 50, diagnostics));
    table.required("solution", "[\"TIME parameter=value\"]", diagnostics);
    let items = table.list("solution", diagnostics);
    let solution = attempt(&items, "solution", diagnostics);
    for _ in ["as it begins", "solved"] {
        diagnostics.plan_run(table.line);
    }
    let par = par? as usize;
    if solution.len() > par {
        let line = table.get("par").map_or(table.line, |item| item.line);
        diagnostics.report(
            line,
            format!(
                "the solution takes {} changes and par is {par}; raise par or find a shorter solution",
                solution.len()
            ),
        );
    }
    Some(Challenge { line: table.line, text: words?, setup, tests, par, solution })
}

/// What to say of a block that nobody knows.
pub(super) fn unknown(info: &str) -> String {
    let mut hint = known(info, BLOCKS.iter().map(|(name, _)| *name));
    if !hint.ends_with('?') {
        hint.push('.');
    }
    format!("there is no block \"{}\"{hint} Lines shown as they are stand below ```text", shortened(info))
}

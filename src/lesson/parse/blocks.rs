//! Fenced blocks: what a step asks.

use warstories_sim::SimTime;
use warstories_sim::suggest::{did_you_mean, known, shortened};

use super::doubt;
use super::prose::line_of_text;
use super::table::{Book, Item, Table};
use super::value::{attempt, controls, inputs, start, time};
use crate::lesson::{
    Ballot, Challenge, Chat, Debrief, Goal, Guess, Impact, Part, Predict, Quiz, Scene, Setup, Task, Text,
    Vote, When,
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
    &["start", "inputs", "begin", "until", "unlock", "lock", "solution", "withheld", "taught"];
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
pub(super) fn read(info: &str, fence: (&str, usize), book: &mut Book) -> Option<Block> {
    let (what, keys) = BLOCKS.iter().find(|(name, _)| *name == info)?;
    book.toml(what, keys, fence, |table, book| {
        Some(Block::Part(match *what {
            "scene" => return Some(Block::Scene(scene(table, book))),
            "predict" => Part::Predict(predict(table, book)?),
            "goal" => Part::Goal(goal(table, book)?),
            "chat" => Part::Chat(chat(table, book)?),
            "vote" => Part::Vote(vote(table, book)?),
            "quiz" => Part::Quiz(quiz(table, book)?),
            "debrief" => Part::Debrief(debrief(table, book)),
            _ => Part::Challenge(challenge(table, book)?),
        }))
    })
}

fn text((text, line): (&str, usize), facts: bool, book: &mut Book) -> Text {
    line_of_text(text, line, facts, book)
}

/// A text that must be there and that somebody asks or says; its numbers are theirs.
fn required(table: &Table<'_>, key: &str, book: &mut Book) -> Option<Text> {
    let found = table.required_text(key, book)?;
    Some(text(found, true, book))
}

/// A text that must be there and that the lesson tells.
fn told(table: &Table<'_>, key: &str, book: &mut Book) -> Option<Text> {
    let found = table.required_text(key, book)?;
    Some(text(found, false, book))
}

fn optional(table: &Table<'_>, key: &str, book: &mut Book) -> Text {
    table.text(key, book).map_or_else(Text::new, |found| text(found, false, book))
}

fn texts(table: &Table<'_>, key: &str, facts: bool, book: &mut Book) -> Vec<Text> {
    table.texts(key, book).into_iter().map(|found| text(found, facts, book)).collect()
}

fn test((words, line): (&str, usize), book: &mut Book) -> Option<Test> {
    let test = Test::parse(words, line, book.spec);
    let test = book.keep(line, test)?;
    if let Some(sentence) = doubt::empty(&test, book.spec) {
        book.report(line, sentence);
    }
    Some(test)
}

/// Options or answers: at least two, at most eight.
fn enough(count: usize, table: &Table<'_>, book: &mut Book) -> Option<()> {
    if (2..=8).contains(&count) {
        return Some(());
    }
    book.report(table.line, format!("{} has {count} options; it takes from 2 to 8", table.what));
    None
}

fn scene(table: &Table<'_>, book: &mut Book) -> Scene {
    let moment = |key: &str, book: &mut Book| table.get(key).and_then(|item| time(item, key, book));
    let begin = moment("begin", book);
    let fresh = ["start", "inputs", "begin"].iter().any(|key| table.has(key));
    let setup =
        Setup { start: start(table, book), inputs: inputs(table, book), begin: begin.unwrap_or_default() };
    let solution = table.list("solution", book);
    let mut withheld = Vec::new();
    for item in table.list("withheld", book) {
        let items = item.list("withheld", book);
        if items.is_empty() && matches!(item.value, toml::de::DeValue::Array(_)) {
            book.report(item.line, "an attempt of withheld tries nothing; write what a learner might try, such as [\"TIME parameter=value\"]");
        }
        book.plan_run(item.line);
        withheld.push(attempt(&items, "withheld", book));
    }
    let until = moment("until", book);
    if let (Some(until), Some(item)) = (until, table.get("until"))
        && until <= setup.begin
    {
        book.report(item.line, "until is not after begin; the clock must have somewhere to go");
    }
    for key in ["solution", "taught"] {
        if let Some(item) = table.get(key) {
            book.plan_run(item.line);
        }
    }
    Scene {
        line: table.line,
        fresh: fresh.then_some(setup),
        until,
        unlock: controls(table, "unlock", book),
        lock: controls(table, "lock", book),
        solution: attempt(&solution, "solution", book),
        withheld,
        taught: controls(table, "taught", book),
    }
}

fn predict(table: &Table<'_>, book: &mut Book) -> Option<Predict> {
    let question = required(table, "question", book);
    let measure = table.text("measure", book).and_then(|(text, line)| {
        let measure = Measure::parse(text, line, book.spec);
        book.keep(line, measure)
    });
    let (mut options, mut lines) = (Vec::new(), Vec::new());
    let mut answers = Vec::new();
    for item in table.list("option", book) {
        let Some((guess, answer)) = guess(item, measure.is_some(), book) else { continue };
        answers.extend(answer.map(|line| (options.len(), line)));
        options.push(guess);
        lines.push(item.line);
    }
    enough(options.len(), table, book)?;
    let answer = match answers.as_slice() {
        [(answer, _)] => *answer,
        [] => {
            book.report(
                table.line,
                "no option is the answer; write answer = true and a test in the one that comes true",
            );
            return None;
        }
        [(_, first), (_, second), ..] => {
            book.report(
                *second,
                format!("a second option is the answer, after that in line {first}; leave one"),
            );
            return None;
        }
    };
    let (inputs, after) = (inputs(table, book), optional(table, "after", book));
    let predict = Predict { line: table.line, question: question?, inputs, after, options, answer, measure };
    book.plan_run(table.line);
    doubt::prediction(&predict, &lines, book);
    Some(predict)
}

/// An option, and the line that makes it the answer.
fn guess(item: Item<'_>, drawn: bool, book: &mut Book) -> Option<(Guess, Option<usize>)> {
    let table = item.table("an option", GUESS, book)?;
    let words = required(&table, "text", book)?;
    let tested = table.text("test", book).and_then(|found| test(found, book));
    if let Some(test) = &tested
        && test.measure.span == Span::Now
    {
        book.report(
            test.measure.line,
            format!(
                "\"{}\" has no moment, and a prediction is about one; write at TIME or from TIME to TIME",
                test.print(book.spec)
            ),
        );
    }
    let value = table.get("value").and_then(|item| {
        if !drawn {
            book.report(
                item.line,
                "the option has a value but the prediction has no measure; write measure = \"MEASURE\" beside question",
            );
        }
        item.number("value", book)
    });
    let answer = table.get("answer").and_then(|item| item.switch("answer", book)?.then_some(item.line));
    // One that cannot be read has been reported as such.
    if !table.has("test") {
        match answer {
            Some(line) => book.report(
                line,
                "the answer has no test that proves it; write test = \"MEASURE >= NUMBER\" below it",
            ),
            None => book.report(
                item.line,
                "nothing refutes this option; write a test that holds where it would be right, and that the run fails",
            ),
        }
    }
    Some((Guess { text: words, test: tested, value }, answer))
}

fn goal(table: &Table<'_>, book: &mut Book) -> Option<Goal> {
    let (words, found) = (required(table, "text", book), table.required_text("test", book));
    let hints = texts(table, "hints", true, book);
    let test = test(found?, book)?;
    Some(Goal { line: table.line, text: words?, test, hints })
}

fn chat(table: &Table<'_>, book: &mut Book) -> Option<Chat> {
    let who = table.required_text("who", book).and_then(|(id, line)| {
        let known = book.cast.iter().position(|person| person.id == id);
        if known.is_none() {
            let mut hint = did_you_mean(id, book.cast.iter().map(|person| person.id.as_str()));
            if hint.is_empty() {
                hint = format!("; write {} = \"Name, role\" below [cast]", shortened(id));
            }
            book.report(line, format!("nobody in the cast is called \"{}\"{hint}", shortened(id)));
        }
        known
    });
    let says = required(table, "says", book);
    let hint = table.get("hint").and_then(|item| item.switch("hint", book)).unwrap_or(false);
    let item = table.required("when", "TIME or \"MEASURE >= NUMBER\"", book)?;
    let when = match item.value {
        toml::de::DeValue::String(text) if text.contains(char::is_whitespace) => {
            When::Once(test((text, item.line), book)?)
        }
        _ => When::At(time(item, "when", book)?),
    };
    Some(Chat { line: table.line, who: who?, says: says?, when, hint })
}

fn vote(table: &Table<'_>, book: &mut Book) -> Option<Vote> {
    let question = required(table, "question", book);
    let (mut options, mut lines) = (Vec::new(), Vec::new());
    for item in table.list("option", book) {
        let Some(ballot) = ballot(item, book) else { continue };
        options.push(ballot);
        lines.push(item.line);
    }
    doubt::alike(options.iter().map(|option| &option.text).zip(lines), book);
    enough(options.len(), table, book)?;
    Some(Vote { line: table.line, question: question?, options })
}

fn ballot(item: Item<'_>, book: &mut Book) -> Option<Ballot> {
    let table = item.table("an option", BALLOT, book)?;
    let words = required(&table, "text", book)?;
    let needs = table.text("needs", book).and_then(|(id, line)| {
        let action = book.spec.action(id);
        book.keep(line, action)
    });
    Some(Ballot { text: words, inputs: inputs(&table, book), needs, says: optional(&table, "says", book) })
}

fn quiz(table: &Table<'_>, book: &mut Book) -> Option<Quiz> {
    let question = told(table, "question", book);
    let because = told(table, "because", book);
    let found = table.texts("options", book);
    let answer = table.required_text("answer", book);
    enough(found.len(), table, book)?;
    let (answer, line) = answer?;
    let mut right = found.iter().enumerate().filter(|(_, (text, _))| *text == answer).map(|(index, _)| index);
    let (first, second) = (right.next(), right.next());
    if first.is_none() || second.is_some() {
        let problem = if first.is_none() { "none" } else { "more than one" };
        book.report(
            line,
            format!(
                "{problem} of the options is the answer \"{}\"; write it exactly as one of them",
                shortened(answer)
            ),
        );
        return None;
    }
    let lines: Vec<usize> = found.iter().map(|(_, line)| *line).collect();
    let options: Vec<Text> = found.into_iter().map(|found| text(found, false, book)).collect();
    doubt::alike(options.iter().zip(lines), book);
    Some(Quiz { line: table.line, question: question?, options, answer: first?, because: because? })
}

fn debrief(table: &Table<'_>, book: &mut Book) -> Debrief {
    let mut impact = Vec::new();
    for item in table.list("impact", book) {
        let Some(table) = item.table("an item of impact", IMPACT, book) else { continue };
        let label = told(&table, "label", book);
        let measure = table.required_text("measure", book).and_then(|(text, line)| {
            let measure = Measure::parse(text, line, book.spec);
            book.keep(line, measure)
        });
        impact.extend(label.zip(measure).map(|(label, measure)| Impact { label, measure }));
    }
    let mut actions = Vec::new();
    for item in table.list("actions", book) {
        let Some(table) = item.table("an item of actions", TASK, book) else { continue };
        let what = told(&table, "do", book);
        let owner = table.required_text("owner", book).map(|(owner, line)| {
            if let Some(char) = owner.chars().find(|char| is_hidden(*char)) {
                book.report(line, super::prose::hidden(char));
            }
            owner.to_owned()
        });
        actions.extend(what.zip(owner).map(|(what, owner)| Task { what, owner }));
    }
    let [factors, went_well, luck] =
        ["factors", "went_well", "luck"].map(|key| texts(table, key, false, book));
    Debrief { line: table.line, impact, factors, went_well, luck, actions }
}

fn challenge(table: &Table<'_>, book: &mut Book) -> Option<Challenge> {
    let words = told(table, "text", book);
    let found = table.texts("tests", book);
    if table.required("tests", "[\"MEASURE >= NUMBER\"]", book).is_some() && found.is_empty() {
        book.report(table.line, "the challenge tests nothing; write tests = [\"MEASURE >= NUMBER\"]");
    }
    let tests = found.into_iter().filter_map(|found| test(found, book)).collect();
    let setup = Setup { start: start(table, book), inputs: inputs(table, book), begin: SimTime::ZERO };
    let par = table.required("par", "3", book).and_then(|item| item.whole("par", 50, book));
    table.required("solution", "[\"TIME parameter=value\"]", book);
    let items = table.list("solution", book);
    let solution = attempt(&items, "solution", book);
    for _ in ["as it begins", "solved"] {
        book.plan_run(table.line);
    }
    let par = par? as usize;
    if solution.len() > par {
        let line = table.get("par").map_or(table.line, |item| item.line);
        book.report(
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

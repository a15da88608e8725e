//! Fenced blocks: what a step asks.

use warstories_sim::SimTime;
use warstories_sim::suggest::{did_you_mean, known, shortened};

use super::collect::{COLLECT, collect};
use super::debrief::{DEBRIEF, debrief};
use super::doubt;
use super::fill::{FILL, fill};
use super::prose::line_of_text;
use super::question::{
    EXPLAIN, OBSERVE, PREDICT, QUIZ, QUIZ_OF_OLD, VOTE, explain, observe, predict, quiz, vote,
};
use super::scene::{self, SCENE};
use super::table::{Diagnostics, Table};
use super::value::{attempt, control_id, controls, inputs, start, time};
use crate::lesson::{Challenge, Chat, Goal, Part, Scene, Setup, Text, When};
use crate::measure::Test;

/// Every block and its keys.
pub const BLOCKS: &[(&str, &[&str])] = &[
    ("scene", SCENE),
    ("predict", PREDICT),
    ("observe", OBSERVE),
    ("explain", EXPLAIN),
    ("collect", COLLECT),
    ("goal", GOAL),
    ("chat", CHAT),
    ("vote", VOTE),
    ("quiz", QUIZ),
    ("fill", FILL),
    ("debrief", DEBRIEF),
    ("challenge", CHALLENGE),
];
const GOAL: &[&str] = &["text", "test", "hints"];
const CHAT: &[&str] = &["who", "says", "when", "hint"];
const CHALLENGE: &[&str] = &["text", "tests", "start", "inputs", "lock", "par", "solution"];

/// A block that was read.
pub(super) enum Block {
    Scene(Scene),
    Part(Part),
}

/// Reads the block with this info string; `None` where it is no block of lessons, or wrong.
pub(super) fn read(info: &str, fence: (&str, usize), diagnostics: &mut Diagnostics) -> Option<Block> {
    let (what, keys) = BLOCKS.iter().find(|(name, _)| *name == info)?;
    let keys = if *what == "quiz" { QUIZ_OF_OLD } else { keys };
    diagnostics.toml(what, keys, fence, |table, diagnostics| {
        Some(Block::Part(match *what {
            "scene" => return Some(Block::Scene(scene::scene(table, diagnostics))),
            "predict" => Part::Predict(predict(table, diagnostics)?),
            "observe" => Part::Observe(observe(table, diagnostics)?),
            "explain" => Part::Explain(explain(table, diagnostics)?),
            "collect" => Part::Collect(collect(table, diagnostics)?),
            "goal" => Part::Goal(goal(table, diagnostics)?),
            "chat" => Part::Chat(chat(table, diagnostics)?),
            "vote" => Part::Vote(vote(table, diagnostics)?),
            "quiz" => Part::Quiz(quiz(table, diagnostics)?),
            "fill" => Part::Fill(fill(table, diagnostics)?),
            "debrief" => Part::Debrief(debrief(table, diagnostics)),
            _ => Part::Challenge(challenge(table, diagnostics)?),
        }))
    })
}

fn text((text, line): (&str, usize), facts: bool, diagnostics: &mut Diagnostics) -> Text {
    line_of_text(text, line, facts, diagnostics)
}

/// A text that must be there and that somebody asks or says; its numbers are theirs.
pub(super) fn required(table: &Table<'_>, key: &str, diagnostics: &mut Diagnostics) -> Option<Text> {
    let found = table.required_text(key, diagnostics)?;
    Some(text(found, true, diagnostics))
}

/// A text that must be there and that the lesson tells.
pub(super) fn told(table: &Table<'_>, key: &str, diagnostics: &mut Diagnostics) -> Option<Text> {
    let found = table.required_text(key, diagnostics)?;
    Some(text(found, false, diagnostics))
}

pub(super) fn optional(table: &Table<'_>, key: &str, diagnostics: &mut Diagnostics) -> Text {
    table.text(key, diagnostics).map_or_else(Text::new, |found| text(found, false, diagnostics))
}

pub(super) fn texts(table: &Table<'_>, key: &str, facts: bool, diagnostics: &mut Diagnostics) -> Vec<Text> {
    table.texts(key, diagnostics).into_iter().map(|found| text(found, facts, diagnostics)).collect()
}

pub(super) fn test((words, line): (&str, usize), diagnostics: &mut Diagnostics) -> Option<Test> {
    let test = Test::parse(words, line, diagnostics.spec);
    let test = diagnostics.keep(line, test)?;
    if let Some(sentence) = doubt::empty(&test, diagnostics.spec) {
        diagnostics.report(line, sentence);
    }
    Some(test)
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
    let lock = controls(table, "lock", diagnostics);
    for fix in solution.iter().filter(|fix| lock.contains(&fix.control())) {
        let id = control_id(fix.control(), diagnostics.spec);
        let line = table.get("lock").map_or(table.line, |item| item.line);
        diagnostics.report(line, format!("the solution of the challenge uses {id}, which is locked; take it out of lock, or find another solution"));
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
    Some(Challenge { line: table.line, text: words?, setup, tests, lock, par, solution })
}

/// What to say of a block that nobody knows.
pub(super) fn unknown(info: &str) -> String {
    let mut hint = known(info, BLOCKS.iter().map(|(name, _)| *name));
    if !hint.ends_with('?') {
        hint.push('.');
    }
    format!("there is no block \"{}\"{hint} Lines shown as they are stand below ```text", shortened(info))
}

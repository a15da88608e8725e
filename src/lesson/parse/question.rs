//! Blocks that ask the learner.

use super::blocks::{optional, required, test, told};
use super::doubt;
use super::table::{Diagnostics, Item, Table};
use super::value::inputs;
use crate::attempts::spell;
use crate::lesson::{
    Ballot, Explain, Fix, Observe, Predict, PredictOption, Quiz, QuizOption, Statement, Vote,
};
use crate::measure::{Measure, Span, Test};

pub(super) const PREDICT: &[&str] = &["question", "inputs", "after", "measure", "keep_order", "option"];
pub(super) const OBSERVE: &[&str] = &["question", "statement"];
pub(super) const EXPLAIN: &[&str] = &["question", "ours"];
pub(super) const VOTE: &[&str] = &["question", "option"];
pub(super) const QUIZ: &[&str] = &["question", "keep_order", "option"];
/// With the keys of the form that options of a quiz had as mere texts.
pub(super) const QUIZ_OF_OLD: &[&str] = &["question", "keep_order", "option", "options", "answer", "because"];
/// The keys of an option of a prediction.
pub const GUESS: &[&str] = &["text", "answer", "test", "value", "open", "because"];
/// The keys of a statement of an observation.
pub const STATEMENT: &[&str] = &["text", "test", "holds", "because"];
/// The keys of an option of a vote.
pub const BALLOT: &[&str] = &["text", "inputs", "needs", "says"];
/// The keys of an option of a quiz.
pub const ANSWER: &[&str] = &["text", "answer", "because"];

/// Whether the number of items fits.
pub(super) fn enough(
    count: usize,
    (least, most): (usize, usize),
    what: &str,
    table: &Table<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<()> {
    if (least..=most).contains(&count) {
        return Some(());
    }
    diagnostics
        .report(table.line, format!("{} has {count} {what}; it takes from {least} to {most}", table.what));
    None
}

/// Options of a prediction, a quiz or a vote.
const OPTIONS: (usize, usize) = (2, 8);
/// Statements of an observation.
const STATEMENTS: (usize, usize) = (2, 4);

fn switch(table: &Table<'_>, key: &str, diagnostics: &mut Diagnostics) -> bool {
    table.get(key).and_then(|item| item.switch(key, diagnostics)).unwrap_or(false)
}

/// The line that makes an option the answer.
fn answers(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<usize> {
    let item = table.get("answer")?;
    item.switch("answer", diagnostics)?.then_some(item.line)
}

/// The one answer among options of which these are marked, each by its position and the line of its mark; `cure` is how
/// to mark one.
fn one_answer(
    marked: &[(usize, usize)],
    cure: &str,
    table: &Table<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<usize> {
    match marked {
        [(answer, _)] => return Some(*answer),
        [] => diagnostics.report(table.line, format!("no option is the answer; write {cure}")),
        [(_, first), (_, second), ..] => diagnostics
            .report(*second, format!("a second option is the answer, after that in line {first}; leave one")),
    }
    None
}

/// Reports a test that is of whatever moment the run has come to.
fn has_moment(test: &Test, what: &str, diagnostics: &mut Diagnostics) {
    if test.measure.span == Span::Now {
        diagnostics.report(
            test.measure.line,
            format!(
                "\"{}\" has no moment, and {what} is about one; write at TIME or from TIME to TIME",
                test.print(diagnostics.spec)
            ),
        );
    }
}

/// Reads a prediction.
pub(super) fn predict(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Predict> {
    let question = required(table, "question", diagnostics);
    let measure = table.text("measure", diagnostics).and_then(|(text, line)| {
        let measure = Measure::parse(text, line, diagnostics.spec);
        diagnostics.keep(line, measure)
    });
    let (mut options, mut lines) = (Vec::new(), Vec::new());
    let mut marked = Vec::new();
    for item in table.list("option", diagnostics) {
        let Some((option, answer)) = guess(item, measure.is_some(), diagnostics) else { continue };
        marked.extend(answer.map(|line| (options.len(), line)));
        options.push(option);
        lines.push(item.line);
    }
    enough(options.len(), OPTIONS, "options", table, diagnostics)?;
    let cure = "answer = true and a test in the one that comes true";
    let answer = one_answer(&marked, cure, table, diagnostics)?;
    let (inputs, after) = (inputs(table, diagnostics), optional(table, "after", diagnostics));
    let keep = switch(table, "keep_order", diagnostics);
    let mut predict =
        Predict { line: table.line, question: question?, inputs, after, options, answer, measure };
    diagnostics.plan_run(table.line);
    doubt::prediction(&predict, &lines, diagnostics);
    if keep {
        doubt::order(&predict, &lines, diagnostics);
    }
    predict.answer = diagnostics.arrange(&mut predict.options, answer, keep);
    Some(predict)
}

/// An option, and the line that makes it the answer.
fn guess(
    item: Item<'_>,
    drawn: bool,
    diagnostics: &mut Diagnostics,
) -> Option<(PredictOption, Option<usize>)> {
    let table = item.table("an option", GUESS, diagnostics)?;
    let words = required(&table, "text", diagnostics);
    let because = told(&table, "because", diagnostics);
    let tested = table.text("test", diagnostics).and_then(|found| test(found, diagnostics));
    if let Some(test) = &tested {
        has_moment(test, "a prediction", diagnostics);
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
    let open = switch(&table, "open", diagnostics);
    let end = tested.as_ref().and_then(|test| test.bound.end());
    if open && (end.is_none() || end != value) {
        diagnostics.report(
            item.line,
            "what is open begins where its test does; write a test with >= or <= and the same number as value, or leave out open",
        );
    }
    let answer = answers(&table, diagnostics);
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
    // A text that is missing has been reported; its option still counts as one.
    let [text, because] = [words, because].map(Option::unwrap_or_default);
    Some((PredictOption { text, test: tested, value, open, because }, answer))
}

/// Reads an observation.
pub(super) fn observe(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Observe> {
    let question = required(table, "question", diagnostics);
    let (mut statements, mut lines) = (Vec::new(), Vec::new());
    let items = table.list("statement", diagnostics);
    for item in &items {
        let Some(statement) = statement(*item, diagnostics) else { continue };
        statements.push(statement);
        lines.push(item.line);
    }
    enough(items.len(), STATEMENTS, "statements", table, diagnostics)?;
    diagnostics.plan_run(table.line);
    let observe = Observe { line: table.line, question: question?, statements };
    doubt::observation(&observe, &lines, diagnostics);
    Some(observe)
}

fn statement(item: Item<'_>, diagnostics: &mut Diagnostics) -> Option<Statement> {
    let table = item.table("a statement", STATEMENT, diagnostics)?;
    let words = required(&table, "text", diagnostics);
    let because = told(&table, "because", diagnostics);
    let found = table.required_text("test", diagnostics);
    let test = test(found?, diagnostics)?;
    has_moment(&test, "a statement", diagnostics);
    let holds = switch(&table, "holds", diagnostics);
    Some(Statement { text: words?, test, holds, because: because? })
}

/// Reads a question that is answered in the learner's own words.
pub(super) fn explain(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Explain> {
    let question = told(table, "question", diagnostics);
    let ours = told(table, "ours", diagnostics);
    Some(Explain { line: table.line, question: question?, ours: ours? })
}

/// Reads a vote.
pub(super) fn vote(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Vote> {
    let before = diagnostics.problems.len();
    let question = required(table, "question", diagnostics);
    let (mut options, mut lines) = (Vec::new(), Vec::new());
    for item in table.list("option", diagnostics) {
        let Some(ballot) = ballot(item, diagnostics) else { continue };
        options.push(ballot);
        lines.push(item.line);
    }
    // Inputs that cannot be read are missing here, and what reads alike has been told of.
    doubt::alike(options.iter().map(|option| &option.text).zip(lines.iter().copied()), diagnostics);
    if diagnostics.problems.len() == before {
        let mut does = Vec::new();
        for (option, line) in options.iter().zip(lines) {
            let mut words = String::new();
            for timed in &option.inputs {
                words += &spell(&Fix::Input(timed.clone()), diagnostics.spec);
                words.push(' ');
            }
            does.push((words, line));
        }
        doubt::once(&does, "does", diagnostics);
    }
    enough(options.len(), OPTIONS, "options", table, diagnostics)?;
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

/// Reads a quiz.
pub(super) fn quiz(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Quiz> {
    if let Some(old) = ["options", "answer", "because"].into_iter().find_map(|key| table.get(key)) {
        diagnostics.report(
            old.line,
            "options, answer and because no longer stand beside the question of a quiz; write [[option]] for each, with text = \"…\" and because = \"…\", and answer = true in the right one",
        );
        return None;
    }
    let question = told(table, "question", diagnostics);
    let (mut options, mut lines) = (Vec::new(), Vec::new());
    let mut marked = Vec::new();
    for item in table.list("option", diagnostics) {
        let Some(table) = item.table("an option", ANSWER, diagnostics) else { continue };
        let [text, because] =
            ["text", "because"].map(|key| told(&table, key, diagnostics).unwrap_or_default());
        marked.extend(answers(&table, diagnostics).map(|line| (options.len(), line)));
        options.push(QuizOption { text, because });
        lines.push(item.line);
    }
    doubt::alike(options.iter().map(|option| &option.text).zip(lines), diagnostics);
    enough(options.len(), OPTIONS, "options", table, diagnostics)?;
    let answer = one_answer(&marked, "answer = true in the right one", table, diagnostics)?;
    let keep = switch(table, "keep_order", diagnostics);
    let answer = diagnostics.arrange(&mut options, answer, keep);
    Some(Quiz { line: table.line, question: question?, options, answer })
}

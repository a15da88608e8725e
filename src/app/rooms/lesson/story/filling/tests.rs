#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use std::rc::Rc;

use warstories_lesson::{Glossary, parse};
use warstories_sim::{Link, SimTime, scenarios};

use super::*;
use crate::rooms::lesson::postmortem;
use crate::run::lesson_host::LessonAction;
use crate::run::progress::{LessonProgress, Store};
use crate::run::session::Session;

/// Two rows of the matrix, seven cells.
const LESSON: &str = r#"+++
title = "Filled in"
summary = "For tests."
scenario = "duplicate_delivery"
minutes = 1
+++
## First
```scene
watch = ["inbox_mails"]
begin = 0
```

## Then
```scene
watch = ["inbox_mails"]
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
```debrief
impact = [{ label = "Mails", measure = "inbox_mails" }]
factors = ["A crash"]
actions = [{ do = "Look", owner = "All" }]
```
"#;

struct Visit {
    story: Story,
    session: Session,
}

impl Visit {
    /// Stands at the second step.
    fn open() -> Self {
        let lesson = parse::read(LESSON, &Glossary::default());
        let lesson = Rc::new(lesson.unwrap_or_else(|problems| panic!("{problems:?}")));
        let replay = lesson.replay(1).expect("a run");
        let session = Session::open(Link { replay, moment: None, dropped: Vec::new() });
        let mut visit = Self { story: Story::new("test", lesson), session };
        visit.act(LessonAction::Go(1));
        visit
    }

    fn act(&mut self, lesson_action: LessonAction) {
        (self.story, self.session) = self.story.reduce(lesson_action, &self.session, SimTime::ZERO);
    }

    /// The table, apart from the story.
    fn fill(&self) -> Fill {
        self.story.fills().next().expect("a table to be filled in").clone()
    }

    /// Gives each cell of a row its right value, but for the first ones.
    fn fill_row(&mut self, row: usize, wrong: usize) {
        let fill = self.fill();
        for (place, cell) in fill.asked().into_iter().filter(|cell| cell.row == row).enumerate() {
            let choice = if place < wrong { (cell.right + 1) % fill.choices.len() } else { cell.right };
            self.act(LessonAction::Fill(fill.line, cell.nth, choice));
        }
    }

    fn check(&mut self) {
        let line = self.fill().line;
        self.act(LessonAction::CheckRows(line));
    }
}

#[test]
fn a_row_is_checked_once_all_its_cells_have_a_value_and_stays() {
    let mut visit = Visit::open();
    let fill = visit.fill();
    let right: Vec<usize> = fill.asked().iter().map(|cell| cell.right).collect();
    assert!(visit.story.is_waiting(&visit.story.lesson.steps[1].parts[0]), "what follows has to wait");
    visit.act(LessonAction::Fill(fill.line, 0, 0));
    visit.check();
    assert_eq!(visit.story.said(&fill), [0; 0], "the row has empty cells");
    // Rows are checked in their order.
    visit.fill_row(1, 0);
    assert_eq!(visit.story.ready(&fill), None);
    visit.check();
    assert_eq!(visit.story.said(&fill), [0; 0]);
    // Until it is checked a value can be thought over: what counts is the last.
    visit.fill_row(0, 1);
    let wrong = (right[0] + 1) % fill.choices.len();
    assert_eq!(visit.story.ready(&fill), Some([&[wrong], &right[1..4]].concat()));
    visit.check();
    assert_eq!(visit.story.said(&fill), [&[wrong], &right[1..]].concat());
    assert!(visit.story.is_filled(&fill) && visit.story.is_done(&visit.story.lesson.steps[1]));
    visit.act(LessonAction::Fill(fill.line, 0, right[0]));
    visit.check();
    assert_eq!(visit.story.said(&fill)[0], wrong, "a value that was checked stays");
    assert_eq!(visit.story.foreseen(&fill), 6);
}

#[test]
fn what_nobody_asks_for_cannot_be_filled_in() {
    let mut visit = Visit::open();
    let line = visit.fill().line;
    for (line, nth, choice) in [(line, 0, 99), (line, 7, 0), (line + 1, 0, 0)] {
        visit.act(LessonAction::Fill(line, nth, choice));
    }
    visit.act(LessonAction::CheckRows(line + 1));
    visit.act(LessonAction::Go(0));
    visit.act(LessonAction::Fill(line, 0, 0));
    assert!(visit.story.drafts.is_empty(), "{:?}", visit.story.drafts);
}

#[test]
fn the_exhibit_is_withheld_in_every_step_until_its_table_is_filled_in() {
    let mut visit = Visit::open();
    let reason = "You fill in this table in step 2, \"Then\". Until then it is empty.";
    for step in [0, 1] {
        visit.act(LessonAction::Go(step));
        assert_eq!(visit.story.withheld(), Some((Some(String::from("outcomes")), reason.to_owned())));
        assert_eq!(visit.story.whole(), None);
    }
    visit.fill_row(0, 0);
    visit.fill_row(1, 0);
    assert!(visit.story.withheld().is_some(), "nothing was checked yet");
    visit.check();
    assert_eq!(visit.story.withheld(), None);
    assert_eq!(visit.story.whole(), Some(&visit.fill()));
    visit.act(LessonAction::Go(0));
    assert_eq!((visit.story.withheld(), visit.story.whole()), (None, None), "the first step has no table");
}

#[test]
fn what_was_checked_outlives_a_visit_and_an_older_store_has_none() {
    let mut visit = Visit::open();
    visit.fill_row(0, 2);
    visit.check();
    let (line, steps) = (visit.fill().line, visit.story.lesson.clone());
    let progress = visit.story.progress();
    assert_eq!(progress.filled.len(), 4, "the cells of the row");
    let text = Store::of("test", progress.clone()).print();
    let read = Store::read(&text).expect("its own store").lessons.remove("test").expect("its lesson");
    let mut again = Story::new("test", steps.clone());
    again.take_up_progress(&read).expect("its own progress");
    assert_eq!(again.filled, visit.story.filled);
    assert_eq!(again.foreseen(&visit.fill()), 2);

    let begin = text.find("\"filled\":").expect("the field");
    let end = begin + text[begin..].find("]],").expect("its end") + 3;
    let older = format!("{}{}", &text[..begin], &text[end..]).replace("\"version\":3", "\"version\":2");
    let read = Store::read(&older).expect("an older store").lessons.remove("test").expect("its lesson");
    assert_eq!(read, LessonProgress { filled: Vec::new(), ..progress.clone() });
    let mut again = Story::new("test", steps.clone());
    again.take_up_progress(&read).expect("older progress");
    assert!(again.filled.is_empty());

    for (bad, what) in [
        (vec![(line, 0); 8], "(cells of a table at line "),
        (vec![(1, 0)], "(cells of a table at line 1)"),
        (vec![(line, 0), (line, 5)], "(a value for a table at line "),
    ] {
        let mut again = Story::new("test", steps.clone());
        let reason = again.take_up_progress(&LessonProgress { filled: bad, ..progress.clone() });
        let reason = reason.expect_err(what);
        assert!(reason.contains(what), "{reason}");
        assert!(again.filled.is_empty());
    }
}

#[test]
fn the_post_mortem_tells_what_was_foreseen_row_by_row() {
    let mut visit = Visit::open();
    visit.fill_row(0, 1);
    visit.check();
    let run = scenarios::start(visit.story.lesson.replay(1).expect("a run"));
    let told = |visit: &Visit| {
        let debrief = postmortem::of_step(&visit.story).expect("a debrief");
        let sections = postmortem::sections(&visit.story, run.as_ref(), debrief);
        sections
            .into_iter()
            .find(|section| section.title == "What you filled in")
            .map(|section| section.lines)
    };
    assert_eq!(told(&visit), None, "the table is not whole yet");
    visit.fill_row(1, 0);
    visit.check();
    let expected = [
        "Of 7 cells you foresaw 6.",
        "mark first, crash at each of five attempts: check or claim 0 P (you: 1), send 0 L, log 1, ack 1 P.",
        "nothing, crash at each of five attempts: send 0 P, log 5 P, ack 5 P.",
    ];
    assert_eq!(told(&visit).expect("the section"), expected);
}

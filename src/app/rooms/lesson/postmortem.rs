//! A blameless post-mortem, filled from the learner's own run: what it cost, what happened when, what surprised them.

use std::fmt::Write;

use warstories_lesson::lesson::{Debrief, Impact, Part};
use warstories_lesson::prose::Format;
use warstories_sim::{Playable, Unit, format};

use crate::browser::address;
use crate::rooms::lesson::story::{Story, value};
use crate::rooms::lesson::view::prose::{plain, written};
use crate::run::marks::marks;

/// A part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Heading.
    pub title: &'static str,
    /// One sentence each.
    pub lines: Vec<String>,
}

/// Moments that a timeline tells at most; of a learner who moves handles a lot it tells the first and the last.
const MOST_MOMENTS: usize = 40;

/// All parts that have something to say, for the run on show.
pub fn sections(story: &Story, run: &dyn Playable, debrief: &Debrief) -> Vec<Section> {
    let spec = run.spec();
    let texts = |all: &[warstories_lesson::lesson::Text]| -> Vec<String> {
        all.iter().map(|text| plain(text, run)).collect()
    };
    let mut impact = Vec::new();
    let mut unknown = Vec::new();
    for Impact { label, measure } in &debrief.impact {
        let unit = spec.metrics.get(measure.metric).map_or(Unit::None, |metric| metric.unit);
        match value(measure, run) {
            Some(number) => {
                impact.push(format!("{}: {}", plain(label, run), written(number, Format::Auto, unit)));
            }
            None => unknown.push(plain(label, run)),
        }
    }
    if !unknown.is_empty() {
        impact.push(format!("Not known yet, the run has not come there: {}", unknown.join("; ")));
    }
    let mut moments: Vec<String> = marks(run.replay(), run.announcements())
        .iter()
        .filter(|mark| mark.at <= run.now())
        .map(|mark| format!("{} {}", spec.clock.label(mark.at), mark.text))
        .collect();
    if moments.len() > MOST_MOMENTS {
        let left_out = moments.len() - MOST_MOMENTS;
        moments.splice(MOST_MOMENTS / 2..MOST_MOMENTS / 2 + left_out, [format!("({left_out} more)")]);
    }
    let actions = debrief.actions.iter().map(|task| format!("{} ({})", plain(&task.what, run), task.owner));
    [
        ("Summary", vec![plain_summary(story, run)]),
        ("Impact", impact),
        ("Timeline of this run", moments),
        ("What surprised you", surprises(story, run)),
        ("Contributing factors", texts(&debrief.factors)),
        ("What went well", texts(&debrief.went_well)),
        ("Where we were lucky", texts(&debrief.luck)),
        ("Actions", actions.collect()),
    ]
    .into_iter()
    .filter(|(_, lines)| !lines.is_empty())
    .map(|(title, lines)| Section { title, lines })
    .collect()
}

fn plain_summary(story: &Story, run: &dyn Playable) -> String {
    let (right, answered) = story.score();
    let inputs = run.replay().inputs().iter().filter(|(at, _)| *at <= run.now()).count();
    let changes = if inputs == 1 {
        String::from("1 change or action")
    } else {
        format!("{} changes and actions", format::count(inputs as u64))
    };
    format!(
        "{}, played to {} with seed {} and {changes}. {right} of {answered} predictions came true.",
        story.lesson.title,
        run.spec().clock.label(run.now()),
        run.replay().seed()
    )
}

/// Predictions that did not come true.
fn surprises(story: &Story, run: &dyn Playable) -> Vec<String> {
    let parts = story.lesson.steps.iter().flat_map(|step| &step.parts);
    parts
        .filter_map(|part| if let Part::Predict(predict) = part { Some(predict) } else { None })
        .filter_map(|predict| {
            let locked = story
                .locked
                .get(&predict.line)
                .filter(|locked| locked.outcome.is_some() && locked.option != predict.answer)?;
            let text = |option: usize| predict.options.get(option).map(|guess| plain(&guess.text, run));
            Some(format!(
                "{} You expected: {}. The run: {}.",
                plain(&predict.question, run),
                text(locked.option)?,
                text(predict.answer)?
            ))
        })
        .collect()
}

/// The same as Markdown, with the run's link.
pub fn markdown(story: &Story, run: &dyn Playable, debrief: &Debrief, address: &str) -> String {
    let mut text = format!("# Post-mortem: {}\n", escaped(&story.lesson.title));
    for Section { title, lines } in sections(story, run, debrief) {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n## {title}\n\n");
        for line in lines {
            let _ = writeln!(text, "- {}", escaped(&line));
        }
    }
    let _ = write!(text, "\nThe run, to the last event: <{address}>\n");
    text
}

/// Text that Markdown must not read as marks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            out.push('\\');
        }
        out.push(if char.is_control() { ' ' } else { char });
    }
    out
}

/// The debrief of the step on show.
pub fn of_step(story: &Story) -> Option<&Debrief> {
    story
        .current()?
        .parts
        .iter()
        .find_map(|part| if let Part::Debrief(debrief) = part { Some(debrief) } else { None })
}

/// The address to name in it.
pub fn address(run: &dyn Playable) -> String {
    address::whole(&run.replay().print_to_send(Some(run.now())))
}

//! A blameless post-mortem, filled from the learner's own run: what it cost, what happened when, what surprised them.

use std::fmt::Write;

use warstories_lesson::lesson::{Debrief, Impact, Part, Remark};
use warstories_lesson::prose::Format;
use warstories_sim::summary::change;
use warstories_sim::{Playable, SimTime, Unit, format};

use crate::browser::address;
use crate::rooms::lesson::story::{Story, coordinates, value};
use crate::rooms::lesson::view::prose::{plain, written};
use crate::run::marks::marks;
use crate::run::progress::Mark;
use crate::run::screen::{self, MarkKind};

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
    let chosen = chosen(story, run);
    let actions = debrief.actions.iter().map(|task| format!("{} ({})", plain(&task.what, run), task.owner));
    [
        ("Summary", vec![plain_summary(story, run, chosen.len())]),
        ("Impact", impact),
        ("Timeline of this run", timeline(run, &chosen)),
        ("What you predicted", predictions(story, run)),
        ("What you saw", observations(story, run)),
        ("What you filled in", tables(story)),
        ("What you measured", measured(story, run)),
        ("In your own words", explanations(story, run)),
        ("Contributing factors", texts(&debrief.factors)),
        ("What went well", remarks(&debrief.went_well, run)),
        ("Where we were lucky", remarks(&debrief.luck, run)),
        ("Actions", actions.collect()),
        ("Commit message", commit(&debrief.commit, run, &chosen)),
    ]
    .into_iter()
    .filter(|(_, lines)| !lines.is_empty())
    .map(|(title, lines)| Section { title, lines })
    .collect()
}

/// What was chosen before the run began, from what to what.
fn chosen(story: &Story, run: &dyn Playable) -> Vec<String> {
    let Some(given) = story.untouched() else { return Vec::new() };
    let values = given.start().iter().zip(run.replay().start());
    let set = run.spec().params.iter().zip(values).filter(|(_, (before, now))| before != now);
    set.map(|(param, (before, now))| change(param, *before, *now)).collect()
}

/// What happened when, after what was chosen. What a run tells again and again has one line, where it comes first.
fn timeline(run: &dyn Playable, chosen: &[String]) -> Vec<String> {
    let label = |at| run.spec().clock.label(at);
    let mut moments: Vec<(screen::Mark, usize, SimTime)> = Vec::new();
    for mark in marks(run.replay(), run.announcements()).into_iter().filter(|mark| mark.at <= run.now()) {
        let is_again = |first: &screen::Mark| {
            mark.kind == MarkKind::Announcement && (first.kind, &first.text) == (mark.kind, &mark.text)
        };
        if let Some((_, times, last)) = moments.iter_mut().find(|(first, ..)| is_again(first)) {
            (*times, *last) = (*times + 1, mark.at);
        } else {
            let at = mark.at;
            moments.push((mark, 1, at));
        }
    }
    let told = moments.iter().map(|(first, times, last)| {
        let line = format!("{} {}", label(first.at), first.text);
        if *times > 1 { format!("{line} ({times} times, the last at {})", label(*last)) } else { line }
    });
    let mut lines: Vec<String> =
        chosen.iter().map(|text| format!("{} {text}", label(SimTime::ZERO))).chain(told).collect();
    if lines.len() > MOST_MOMENTS {
        let left_out = lines.len() - MOST_MOMENTS;
        lines.splice(MOST_MOMENTS / 2..MOST_MOMENTS / 2 + left_out, [format!("({left_out} more)")]);
    }
    lines
}

/// What is said of this run.
fn remarks(all: &[Remark], run: &dyn Playable) -> Vec<String> {
    all.iter().filter(|remark| remark.holds(run)).map(|remark| plain(&remark.text, run)).collect()
}

/// A commit message: its first line, what the learner has chosen and changed, and the rest.
fn commit(all: &[Remark], run: &dyn Playable, chosen: &[String]) -> Vec<String> {
    let mut lines = remarks(all, run);
    if !lines.is_empty() {
        let spec = run.spec();
        let done = run.replay().inputs().iter().filter(|(at, _)| *at <= run.now());
        let done = done.map(|(at, input)| format!("{} {}", spec.clock.label(*at), spec.spell(input)));
        lines.splice(1..1, chosen.iter().cloned().chain(done));
    }
    lines
}

fn plain_summary(story: &Story, run: &dyn Playable, chosen: usize) -> String {
    let (right, answered) = story.score();
    let inputs = chosen + run.replay().inputs().iter().filter(|(at, _)| *at <= run.now()).count();
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

/// All that the lesson asks, in its order.
fn parts(story: &Story) -> impl Iterator<Item = &Part> {
    story.lesson.steps.iter().flat_map(|step| &step.parts)
}

/// Every prediction that the run has answered.
fn predictions(story: &Story, run: &dyn Playable) -> Vec<String> {
    let told = parts(story).filter_map(|part| {
        let Part::Predict(predict) = part else { return None };
        let locked = story.locked.get(&predict.line).filter(|locked| locked.outcome.is_some())?;
        let text = |option: usize| predict.options.get(option).map(|guess| plain(&guess.text, run));
        let said = format!("{} You: {}.", plain(&predict.question, run), text(locked.option)?);
        Some(if locked.option == predict.answer {
            format!("{said} It came true.")
        } else {
            format!("{said} The run: {}.", text(predict.answer)?)
        })
    });
    told.collect()
}

/// Every statement that the learner has judged.
fn observations(story: &Story, run: &dyn Playable) -> Vec<String> {
    let word = |is_true: bool| if is_true { "true" } else { "false" };
    let judged = parts(story).filter_map(|part| {
        let Part::Observe(observe) = part else { return None };
        Some((observe, story.observed.get(&observe.line)?))
    });
    let told = judged.flat_map(|(observe, observed)| {
        let verdicts = observed.said.iter().zip(&observed.found);
        observe.statements.iter().zip(verdicts).map(|(statement, (said, found))| {
            let text = plain(&statement.text, run);
            if said == found {
                format!("{text} You said {}, and so did the run.", word(*said))
            } else {
                format!("{text} You said {}, the run {}.", word(*said), word(*found))
            }
        })
    });
    told.collect()
}

/// Every table that the learner has filled in: how many cells were right, and what was said of each row.
fn tables(story: &Story) -> Vec<String> {
    let fills = parts(story).filter_map(|part| match part {
        Part::Fill(fill) if story.is_filled(fill) => Some(fill),
        _ => None,
    });
    let mut told = Vec::new();
    for fill in fills {
        let (asked, said) = (fill.asked(), story.said(fill));
        told.push(format!("Of {} cells you foresaw {}.", asked.len(), story.foreseen(fill)));
        for row in 0..fill.rows.len() {
            let cells = asked.iter().zip(said).filter(|(cell, _)| cell.row == row).map(|(cell, said)| {
                let (column, found) = (fill.column(cell.column), &cell.finding.text);
                if *said == cell.right {
                    format!("{column} {found}")
                } else {
                    format!("{column} {found} (you: {})", fill.choice(*said))
                }
            });
            let cells = cells.collect::<Vec<_>>().join(", ");
            told.push(format!("{}, {}: {cells}.", fill.head(row), fill.of()));
        }
    }
    told
}

/// Every point that the learner has collected.
fn measured(story: &Story, run: &dyn Playable) -> Vec<String> {
    let planes = story.lesson.collects();
    planes
        .flat_map(|(_, collect)| {
            story.points(collect.line).iter().map(|point| coordinates(collect, point, run))
        })
        .collect()
}

/// What the learner has explained, and how near it came to ours.
fn explanations(story: &Story, run: &dyn Playable) -> Vec<String> {
    let told = parts(story).filter_map(|part| {
        let Part::Explain(explain) = part else { return None };
        let (text, mark) = story.explained.get(&explain.line)?;
        let mark = match mark {
            Some(Mark::Had) => " (I had that.)",
            Some(Mark::Partly) => " (I had it partly.)",
            Some(Mark::NotYet) => " (I did not have that yet.)",
            None => "",
        };
        Some(format!("{} {text}{mark}", plain(&explain.question, run)))
    });
    told.collect()
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

#[cfg(test)]
mod tests {
    use warstories_sim::{Replay, scenarios};

    use super::*;

    /// An hour of a checkout with all its faults: what it tells over and over is told once.
    #[test]
    fn a_timeline_tells_what_comes_again_once() {
        let link = "monolith_checkout?seed=1&protocol=saga&idempotency_key=true&at=1800,crash_pct=2";
        let mut run = scenarios::start(Replay::parse(link).expect("a link").replay);
        run.advance(SimTime::from_secs(3600), u64::MAX);
        let lines = timeline(&*run, &[String::from("Protocol: a → b")]);
        assert_eq!(lines[0], "09:00:00 Protocol: a → b");
        assert!(lines.iter().any(|line| line.starts_with("09:30:00 Checkout dies: 1")), "{lines:?}");
        let times = |line: &String| -> usize {
            let again = line.split_once(" times, ").and_then(|(line, _)| line.rsplit_once('('));
            again.map_or(1, |(_, times)| times.parse().expect("a number"))
        };
        let told: usize = lines[1..].iter().map(times).sum();
        assert_eq!(told, run.announcements().len() + 1, "{lines:?}");
        assert!(lines.len() < 12 && told > 20, "{lines:?}");
    }
}

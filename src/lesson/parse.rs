//! Lesson files as [`Lesson`]s: front matter, steps, blocks. One pass; everything that is wrong is told with its line.

mod blocks;
mod claim;
mod collect;
mod debrief;
pub mod deck;
mod doubt;
mod echo;
mod fill;
mod front;
pub mod glossary;
mod prose;
mod question;
mod rules;
mod scene;
mod table;
mod term;
mod text;
mod value;

pub use blocks::BLOCKS;
pub use debrief::{IMPACT, REMARK, TASK};
pub use fill::{MAX_FILLS, ROW};
pub use front::FRONT;
pub use question::{ANSWER, BALLOT, GUESS, STATEMENT};
pub use scene::ACT;
pub use table::MAX_RUNS;
pub(crate) use text::spoken;
pub(crate) use value::control_id;

use warstories_sim::suggest::shortened;

use self::blocks::Block;
use self::prose::Piece;
use self::table::Diagnostics;
use crate::glossary::Glossary;
use crate::lesson::{Lesson, Part, Scene, Step};
use crate::problem::Problem;

/// Bytes of a lesson: far more than anybody reads, and few enough to be read in no time.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Steps of a lesson.
const MAX_STEPS: usize = 50;
/// Words of a step, so that there is one thing to do and it fits beside the picture.
const MAX_WORDS: usize = 60;

/// The text of a lesson file.
///
/// # Errors
/// The first character that is not UTF-8, with its line.
pub fn text(file: &[u8]) -> Result<&str, Problem> {
    str::from_utf8(file).map_err(|error| {
        let line = file[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        Problem::new(line, "a character here is not UTF-8; save the file as UTF-8")
    })
}

/// Reads a lesson, without playing it, but for the tables that are filled in: they are computed. Its terms are those of `glossary`.
///
/// # Errors
/// Everything that is wrong with it, in order of lines; see [`Problem::in_order`].
pub fn read(text: &str, glossary: &Glossary) -> Result<Lesson, Vec<Problem>> {
    let alone = |problem| vec![problem];
    if text.len() > MAX_BYTES {
        let sentence = format!("the lesson has {} bytes; a lesson has at most {MAX_BYTES}", text.len());
        return Err(alone(Problem::new(1, sentence)));
    }
    let (front, begin, behind) = front::split(text).map_err(alone)?;
    let spec = front::scenario(front, begin, text).map_err(alone)?;
    let mut diagnostics = Diagnostics::new(spec, text, glossary);
    diagnostics.hidden(text);
    let lesson = diagnostics.toml("the front matter", FRONT, (front, begin), |table, diagnostics| {
        Some(front::read(table, diagnostics))
    });
    let Some(mut lesson) = lesson else { return Err(Problem::in_order(diagnostics.problems)) };
    body(&text[behind..], behind, &mut lesson, &mut diagnostics);
    diagnostics.close_runs();
    // A part that could not be read would be missed here a second time.
    if diagnostics.problems.is_empty() {
        fill::complete(&mut lesson, &mut diagnostics);
        rules::check(&lesson, &mut diagnostics);
    }
    if diagnostics.problems.is_empty() { Ok(lesson) } else { Err(Problem::in_order(diagnostics.problems)) }
}

/// The introduction and the steps.
fn body(text: &str, base: usize, lesson: &mut Lesson, diagnostics: &mut Diagnostics) {
    let mut words = 0;
    // The line of the step's scene, of which it has one.
    let mut scene = None;
    for (piece, line) in prose::body(text, base, diagnostics) {
        match piece {
            Piece::Heading(title) => {
                if title.trim().is_empty() {
                    diagnostics.report(line, "the step has no heading; write ## Heading");
                }
                lesson.steps.push(Step {
                    title: title.trim().to_owned(),
                    line,
                    scene: Scene { line, ..Scene::default() },
                    parts: Vec::new(),
                });
                (words, scene) = (0, None);
                if lesson.steps.len() > MAX_STEPS {
                    diagnostics.report(
                        line,
                        format!("a lesson has at most {MAX_STEPS} steps; make two lessons of it"),
                    );
                    return;
                }
            }
            Piece::Block(block) => {
                let Some(step) = lesson.steps.last_mut() else {
                    lesson.introduction.push(block);
                    continue;
                };
                let before = words;
                words += text::words(&block);
                if words > MAX_WORDS && before <= MAX_WORDS {
                    diagnostics.report(
                        line,
                        format!(
                            "the step \"{}\" passes {MAX_WORDS} words here; shorten it or begin another step",
                            shortened(&step.title)
                        ),
                    );
                }
                step.parts.push(Part::Prose(block));
            }
            Piece::Fence { info, content, base } => {
                if info.is_empty() || info == "text" {
                    let block = crate::prose::Block::Code(content.trim_end().to_owned());
                    match lesson.steps.last_mut() {
                        Some(step) => step.parts.push(Part::Prose(block)),
                        None => lesson.introduction.push(block),
                    }
                    continue;
                }
                if !BLOCKS.iter().any(|(name, _)| *name == info) {
                    diagnostics.report(line, blocks::unknown(&info));
                    continue;
                }
                let block = blocks::read(&info, (content, base), diagnostics);
                let Some(step) = lesson.steps.last_mut() else {
                    diagnostics.report(
                        line,
                        format!(
                            "the block \"{info}\" stands before the first step; write ## Heading above it"
                        ),
                    );
                    continue;
                };
                match block {
                    Some(Block::Scene(found)) => {
                        if let Some(first) = scene.replace(line) {
                            diagnostics.report(
                                line,
                                format!("the step has a scene already, in line {first}; make one of the two"),
                            );
                        }
                        step.scene = found;
                    }
                    Some(Block::Part(part)) => step.parts.push(part),
                    None => {}
                }
            }
        }
    }
    if lesson.steps.is_empty() {
        diagnostics.report(1, "the lesson has no steps; write ## Heading where the first begins");
    }
}

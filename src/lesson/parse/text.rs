//! Words of a text, and the numbers in it that the run tells.

use warstories_sim::ScenarioSpec;
use warstories_sim::suggest::shortened;
use warstories_sim::unit::Unit;

use super::table::Diagnostics;
use crate::measure::Measure;
use crate::prose::{Block, Format, Inline, Live};

/// The words of a text; code and live numbers stand in it as one dash, which is one word.
pub(super) fn plain(inlines: &[Inline]) -> String {
    let mut words = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Term { text, .. } => words.push_str(text),
            Inline::Emphasis(inside) | Inline::Strong(inside) | Inline::Link { text: inside, .. } => {
                words.push_str(&plain(inside));
            }
            Inline::Code(_) | Inline::Live(_) => words.push('–'),
            Inline::Break => words.push(' '),
        }
    }
    words
}

/// What a text says, code and measures included, without any marks.
pub(crate) fn spoken(inlines: &[Inline], spec: &ScenarioSpec) -> String {
    let mut words = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Term { text, .. } => words.push_str(text),
            Inline::Emphasis(inside) | Inline::Strong(inside) | Inline::Link { text: inside, .. } => {
                words.push_str(&spoken(inside, spec));
            }
            Inline::Live(live) => words.push_str(&live.measure.print(spec)),
            Inline::Break => words.push(' '),
        }
    }
    words
}

/// Number of words of a block.
pub(super) fn words(block: &Block) -> usize {
    let count = |inlines: &[Inline]| plain(inlines).split_whitespace().count();
    match block {
        Block::Paragraph(inlines) => count(inlines),
        Block::Quote(blocks) => blocks.iter().map(words).sum(),
        Block::List { items, .. } => items.iter().map(|item| count(item)).sum(),
        Block::Code(_) => 0,
    }
}

/// Reads `MEASURE` or `MEASURE as FORMAT`.
pub(super) fn live(text: &str, line: usize, diagnostics: &Diagnostics) -> Result<Live, String> {
    let (measure, format) = match text.rsplit_once(" as ") {
        Some((measure, format)) => (measure, Some(format.trim())),
        None => (text, None),
    };
    let format = match format {
        None => Format::Auto,
        Some("%") => Format::Percent,
        Some(pattern) => {
            let decimals = match pattern.strip_prefix('0') {
                Some("") => Some(0),
                Some(rest) => rest
                    .strip_prefix('.')
                    .filter(|zeros| (1..=6).contains(&zeros.len()) && zeros.bytes().all(|byte| byte == b'0'))
                    .map(|zeros| zeros.len() as u8),
                None => None,
            };
            Format::Decimals(decimals.ok_or_else(|| {
                format!("\"as {}\" is no format; write as 0, as 0.0, as 0.00 or as %", shortened(pattern))
            })?)
        }
    };
    let measure = Measure::parse(measure, line, diagnostics.spec)?;
    // A share is told as a plain number from 0 to 1.
    let metric = diagnostics.spec.metrics.get(measure.metric).filter(|metric| metric.unit != Unit::None);
    match metric.filter(|_| format == Format::Percent) {
        Some(metric) => Err(format!(
            "\"as %\" is for a share between 0 and 1, and {} is measured in {}; leave as % out",
            metric.id, metric.unit
        )),
        None => Ok(Live { measure, format }),
    }
}

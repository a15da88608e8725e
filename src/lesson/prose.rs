//! Text as plain data. What is not here cannot be written in a lesson: no markup of the page's own, no picture, no
//! script.

use serde::{Deserialize, Serialize};

use crate::measure::Measure;

/// A paragraph or a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// Words of others.
    Quote(Vec<Block>),
    /// A list.
    List {
        /// The number of its first item, or `None` for bullets.
        first: Option<u64>,
        /// Its items.
        items: Vec<Vec<Inline>>,
    },
    /// Lines shown as they are.
    Code(String),
}

/// Part of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// A name or a value, shown as it is.
    Code(String),
    /// A link.
    Link {
        /// Where to: begins with `https://` or `#`.
        to: String,
        /// What one reads.
        text: Vec<Inline>,
    },
    /// A number that the run tells.
    Live(Live),
    /// A word of the trade that the glossary explains.
    Term {
        /// Id of its entry.
        id: String,
        /// What one reads.
        text: String,
    },
    /// A new line.
    Break,
}

/// A line as plain text; `live` writes its live numbers.
pub fn plain(text: &[Inline], live: &dyn Fn(&Live) -> String) -> String {
    text.iter()
        .map(|part| match part {
            Inline::Text(text) | Inline::Code(text) | Inline::Term { text, .. } => text.clone(),
            Inline::Emphasis(text) | Inline::Strong(text) | Inline::Link { text, .. } => plain(text, live),
            Inline::Live(number) => live(number),
            Inline::Break => String::from(" "),
        })
        .collect()
}

/// A number that the run tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Live {
    /// Where it comes from.
    pub measure: Measure,
    /// How it is written.
    pub format: Format,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Three significant digits, whole numbers from 100 on, and the unit of the metric.
    #[default]
    Auto,
    /// So many decimals, and the unit of the metric.
    Decimals(u8),
    /// A share as a percentage without decimals.
    Percent,
}

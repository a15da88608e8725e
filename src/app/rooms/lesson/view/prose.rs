//! A lesson's text: from plain data to nodes of the page. Nothing in it can be markup.

use warstories_lesson::lesson::Text;
use warstories_lesson::prose::{self, Block, Format, Inline, Live};
use warstories_sim::{Playable, ScenarioSpec, Unit, format};
use yew::prelude::*;

use crate::rooms::lesson::story::value;

/// Blocks of text, with what `run` now says in place of live numbers.
pub fn blocks<'a>(blocks: impl IntoIterator<Item = &'a Block>, run: &dyn Playable) -> Html {
    html! { <>{ for blocks.into_iter().map(|each| block(each, run)) }</> }
}

fn block(block: &Block, run: &dyn Playable) -> Html {
    match block {
        Block::Paragraph(text) => html! { <p translate="yes">{ inside(text, run) }</p> },
        Block::Quote(inside) => html! { <blockquote>{ blocks(inside, run) }</blockquote> },
        Block::Code(text) => html! { <pre><code>{ text }</code></pre> },
        Block::List { first, items } => {
            let items = items.iter().map(|item| html! { <li translate="yes">{ inside(item, run) }</li> });
            match first {
                Some(first) => html! { <ol start={first.to_string()}>{ for items }</ol> },
                None => html! { <ul>{ for items }</ul> },
            }
        }
    }
}

/// A line of text.
///
/// Text of a lesson alone is open to the browser's translation, which puts elements of its own around it: it has to stay
/// as it is until its step is left.
pub fn line(text: &[Inline], run: &dyn Playable) -> Html {
    html! { <span translate="yes">{ inside(text, run) }</span> }
}

fn inside(text: &[Inline], run: &dyn Playable) -> Html {
    let mut parts = text.iter().peekable();
    // Of the next text, what stands before it already.
    let mut said = 0;
    let mut shown = Vec::new();
    while let Some(part) = parts.next() {
        let each = match part {
            Inline::Text(text) => html! { { format::unbroken(&text[said..]) } },
            other => inline(other, run),
        };
        said = 0;
        match parts.peek() {
            Some(Inline::Text(next)) if ends_in_term(part) && mark(next) > 0 => {
                said = mark(next);
                shown.push(html! { <span class="glued">{ each }{ &next[..said] }</span> });
            }
            _ => shown.push(each),
        }
    }
    html! { <>{ for shown }</> }
}

/// Whether its last box is that of a term, after which browsers would break a line even before a comma.
fn ends_in_term(part: &Inline) -> bool {
    match part {
        Inline::Term { .. } => true,
        Inline::Strong(text) | Inline::Emphasis(text) => text.last().is_some_and(ends_in_term),
        _ => false,
    }
}

/// Length of the punctuation marks with which a text begins.
fn mark(text: &str) -> usize {
    text.find(|letter: char| letter.is_whitespace() || letter.is_alphanumeric()).unwrap_or(text.len())
}

/// The same texts with these values in place of their live numbers, in their order; NaN leaves a number live.
pub fn fixed_all<'t>(texts: impl Iterator<Item = &'t Text>, run: &dyn Playable, told: &[f64]) -> Vec<Text> {
    let mut told = told.iter().copied();
    texts.map(|text| fixed(text, run, &mut told)).collect()
}

/// The same text with these values in place of its first live numbers; NaN leaves a number live.
fn fixed(text: &[Inline], run: &dyn Playable, told: &mut dyn Iterator<Item = f64>) -> Vec<Inline> {
    text.iter()
        .map(|part| match part {
            Inline::Live(live) => match told.next().filter(|value| !value.is_nan()) {
                Some(value) => Inline::Strong(vec![Inline::Text(number(live, value, run))]),
                None => part.clone(),
            },
            Inline::Emphasis(text) => Inline::Emphasis(fixed(text, run, told)),
            Inline::Strong(text) => Inline::Strong(fixed(text, run, told)),
            Inline::Link { to, text } => Inline::Link { to: to.clone(), text: fixed(text, run, told) },
            Inline::Text(_) | Inline::Code(_) | Inline::Term { .. } | Inline::Break => part.clone(),
        })
        .collect()
}

fn inline(part: &Inline, run: &dyn Playable) -> Html {
    match part {
        Inline::Text(text) => html! { { format::unbroken(text) } },
        Inline::Emphasis(text) => html! { <em>{ inside(text, run) }</em> },
        Inline::Strong(text) => html! { <strong>{ inside(text, run) }</strong> },
        // `glossary.js` answers whoever asks.
        Inline::Term { id, text } => {
            html! { <button type="button" class="term" data-term={id.clone()} aria-haspopup="dialog" aria-expanded="false">{ format::unbroken(text) }</button> }
        }
        Inline::Code(text) => html! { <code translate="no">{ format::unbroken(text) }</code> },
        Inline::Break => html! { <br /> },
        // The lesson's reader lets only these two through; a page that shows text of others looks again. Whoever looks at
        // something else keeps the lesson as it is, with its run and its branches.
        Inline::Link { to, text } if to.starts_with("https://") || to.starts_with('#') => {
            html! { <a href={to.clone()} target="_blank" rel="noopener noreferrer">{ inside(text, run) }</a> }
        }
        Inline::Link { text, .. } => inside(text, run),
        Inline::Live(live) => {
            let said = told(live, run);
            html! { <span class="measured" translate="no" title={source(live, run.spec())}>{ said }</span> }
        }
    }
}

/// What the run says to a live number.
pub fn told(live: &Live, run: &dyn Playable) -> String {
    value(&live.measure, run).map_or_else(|| String::from("…"), |value| number(live, value, run))
}

fn number(live: &Live, value: f64, run: &dyn Playable) -> String {
    written(
        value,
        live.format,
        run.spec().metrics.get(live.measure.metric).map_or(Unit::None, |metric| metric.unit),
    )
}

/// A number in a metric's unit.
pub fn written(value: f64, as_: Format, unit: Unit) -> String {
    match as_ {
        Format::Auto => format::quantity(value, unit),
        Format::Decimals(decimals) => {
            format::with_unit(format::decimals(value, usize::from(decimals.min(9))), unit.suffix())
        }
        Format::Percent => format!("{:.0}\u{a0}%", value * 100.0),
    }
}

/// Where a live number comes from.
fn source(live: &Live, spec: &ScenarioSpec) -> String {
    let metric = spec.metrics.get(live.measure.metric).map_or("", |metric| metric.label);
    format!("Measured in this run: {metric}")
}

/// A line of text as plain text, with what `run` now says in place of live numbers.
pub fn plain(text: &[Inline], run: &dyn Playable) -> String {
    prose::plain(text, &|live| told(live, run))
}

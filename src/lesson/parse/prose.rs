//! Markdown as [`Block`]s and [`Inline`]s. What the page would not show as text is refused, with its line.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};
use warstories_sim::Replay;
use warstories_sim::suggest::shortened;

use super::claim;
use super::echo;
use super::table::Diagnostics;
use super::term;
use super::text::{live, plain};
use crate::lesson::Text;
use crate::problem::is_hidden;
use crate::prose::{Block, Inline};

/// Emphasis within emphasis, at most so deep.
const DEEPEST: usize = 4;

/// How a link to a run begins.
pub(super) const PLAY: &str = "#/play/";

/// A piece of a lesson's body, in order, with its line.
pub(super) enum Piece<'a> {
    /// `## Heading`.
    Heading(String),
    /// Text.
    Block(Block),
    /// A fenced block: its info string, its content and where that begins in the file.
    Fence { info: String, content: &'a str, base: usize },
}

/// Reads a text of one line, as TOML holds it; `facts` says whether its numbers may stand unproven.
pub(super) fn line_of_text(text: &str, line: usize, facts: bool, diagnostics: &mut Diagnostics) -> Text {
    let mut reader = Reader { facts, ..Reader::new(At::Line(line), diagnostics) };
    let mut blocks = Vec::new();
    for (event, range) in Parser::new(text).into_offset_iter() {
        if let Some(Piece::Block(block)) = reader.event(event, range, text).map(|(piece, _)| piece) {
            blocks.push(block);
        }
    }
    let problems = reader.problems;
    match <[Block; 1]>::try_from(blocks) {
        Ok([Block::Paragraph(text)]) => text,
        Ok(_) if problems == 0 => {
            diagnostics.report(
                line,
                "only one paragraph of text fits here; leave out lists, quotes and code blocks",
            );
            Text::new()
        }
        Err(blocks) if problems == 0 && !blocks.is_empty() => {
            diagnostics.report(line, "only one paragraph of text fits here; leave out the empty line");
            Text::new()
        }
        Ok(_) | Err(_) if problems > 0 => Text::new(),
        Ok(_) | Err(_) => {
            diagnostics.report(line, "there is no text in it; write some words");
            Text::new()
        }
    }
}

/// Reads the body of a lesson, which begins at `base` in the file.
pub(super) fn body<'a>(text: &'a str, base: usize, diagnostics: &mut Diagnostics) -> Vec<(Piece<'a>, usize)> {
    let mut reader = Reader::new(At::Offset(base), diagnostics);
    let mut pieces = Vec::new();
    for (event, range) in Parser::new(text).into_offset_iter() {
        pieces.extend(reader.event(event, range, text));
    }
    pieces
}

/// Where the text stands.
#[derive(Clone, Copy)]
enum At {
    /// All in this line.
    Line(usize),
    /// From this place in the file on.
    Offset(usize),
}

/// What encloses the text being read.
enum Frame {
    Paragraph,
    Heading,
    Quote(Vec<Block>),
    List(Option<u64>, Vec<Vec<Inline>>),
    Item,
    Emphasis,
    Strong,
    Link(String),
    /// Refused already: what is inside is passed over.
    Refused,
}

struct Reader<'b> {
    at: At,
    diagnostics: &'b mut Diagnostics,
    facts: bool,
    /// What encloses the text being read, and the text of each so far.
    frames: Vec<(Frame, Vec<Inline>)>,
    /// Refused things that are not over.
    refused: usize,
    /// The fence being read: its place in the text.
    fence: Option<std::ops::Range<usize>>,
    problems: usize,
    /// The last line that was refused for its HTML.
    html: Option<usize>,
}

impl<'b> Reader<'b> {
    fn new(at: At, diagnostics: &'b mut Diagnostics) -> Self {
        Self {
            at,
            diagnostics,
            facts: false,
            frames: Vec::new(),
            refused: 0,
            fence: None,
            problems: 0,
            html: None,
        }
    }

    fn line(&self, offset: usize) -> usize {
        match self.at {
            At::Line(line) => line,
            At::Offset(base) => self.diagnostics.line(base + offset),
        }
    }

    fn refuse(&mut self, offset: usize, sentence: impl Into<String>) {
        let line = self.line(offset);
        self.problems += 1;
        self.diagnostics.report(line, sentence);
    }

    /// Once for each line: a tag and its end are one mistake.
    fn refuse_html(&mut self, html: &str, offset: usize) {
        let line = self.line(offset);
        self.problems += 1;
        if self.html != Some(line) {
            self.html = Some(line);
            let html = shortened(html.trim());
            let sentence =
                format!("\"{html}\" is HTML, which lessons cannot hold; write Markdown, or put it in `code`");
            self.diagnostics.report(line, sentence);
        }
    }

    fn event<'a>(
        &mut self,
        event: Event<'_>,
        range: std::ops::Range<usize>,
        text: &'a str,
    ) -> Option<(Piece<'a>, usize)> {
        let offset = range.start;
        if self.fence.is_some() && !matches!(event, Event::End(TagEnd::CodeBlock)) {
            return None;
        }
        match event {
            Event::Start(tag) => {
                self.start(&tag, range, text);
                None
            }
            Event::End(TagEnd::CodeBlock) => {
                let range = self.fence.take()?;
                self.fence_end(range, text)
            }
            Event::End(TagEnd::Paragraph)
                if matches!(self.at, At::Offset(_))
                    && self.frames.len() == 1
                    && glued(&text[range.clone()]).is_some() =>
            {
                self.frames.pop();
                let (before, heading) = glued(&text[range])?;
                let place = offset + before;
                self.refuse(
                    place,
                    format!("\"{}\" is no heading; write a space behind ##", shortened(heading)),
                );
                // What follows belongs to the step that was meant.
                Some((Piece::Heading(heading.to_owned()), self.line(place)))
            }
            Event::End(_) => self.end(offset),
            _ if self.refused > 0 => None,
            Event::Text(words) => {
                if let Some(char) = words.chars().find(|char| is_hidden(*char)) {
                    self.refuse(offset, hidden(char));
                } else {
                    self.push(Inline::Text(words.into_string()));
                }
                None
            }
            Event::Code(code) => {
                self.code(&code, offset);
                None
            }
            Event::SoftBreak => {
                self.push(Inline::Text(String::from(" ")));
                None
            }
            Event::HardBreak => {
                self.push(Inline::Break);
                None
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                self.refuse_html(&html, offset);
                None
            }
            Event::Rule => {
                self.refuse(offset, "a rule divides nothing here; begin a step with ## Heading");
                None
            }
            _ => {
                self.refuse(
                    offset,
                    "this is no text that lessons can hold; write paragraphs, lists, emphasis and code",
                );
                None
            }
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: std::ops::Range<usize>, text: &str) {
        let offset = range.start;
        let line_top = !self.frames.iter().any(|(frame, _)| !matches!(frame, Frame::Quote(_)));
        let top = self.frames.is_empty();
        let frame = match tag {
            Tag::Paragraph
                if self
                    .frames
                    .iter()
                    .all(|(frame, _)| matches!(frame, Frame::Quote(_) | Frame::Item | Frame::List(..))) =>
            {
                Frame::Paragraph
            }
            Tag::Heading { level: HeadingLevel::H2, .. } if top && matches!(self.at, At::Offset(_)) => {
                Frame::Heading
            }
            Tag::Heading { level: HeadingLevel::H2, .. } => {
                self.refuse(
                    offset,
                    "a heading stands on a line of its own, outside of lists, quotes and blocks",
                );
                Frame::Refused
            }
            Tag::Heading { .. } => {
                self.refuse(offset, "a step begins with ## Heading, and there are no other headings; the lesson's title stands in the front matter");
                if top && matches!(self.at, At::Offset(_)) { Frame::Heading } else { Frame::Refused }
            }
            Tag::BlockQuote(_) if top => Frame::Quote(Vec::new()),
            Tag::List(first) if line_top && top => Frame::List(*first, Vec::new()),
            Tag::List(_) | Tag::BlockQuote(_) => {
                self.refuse(
                    offset,
                    "a list or a quote stands inside another; write them one after the other",
                );
                Frame::Refused
            }
            Tag::Item => Frame::Item,
            Tag::Emphasis | Tag::Strong | Tag::Link { .. } if self.frames.len() > DEEPEST => {
                self.refuse(offset, "emphasis is nested too deep; use one kind at a time");
                Frame::Refused
            }
            Tag::Emphasis => Frame::Emphasis,
            Tag::Strong => Frame::Strong,
            Tag::Link { dest_url, .. } => {
                let safe = (dest_url.starts_with("https://") || dest_url.starts_with('#'))
                    && !dest_url.chars().any(|char| is_hidden(char) || char.is_whitespace());
                let wrong = if safe {
                    dest_url.strip_prefix(PLAY).and_then(unplayable)
                } else {
                    Some(format!("a link goes to https://… or #…, not to \"{}\"", shortened(dest_url)))
                };
                match wrong {
                    None => Frame::Link(dest_url.to_string()),
                    Some(wrong) => {
                        self.refuse(offset, wrong);
                        Frame::Refused
                    }
                }
            }
            Tag::Image { .. } => {
                self.refuse(offset, "lessons hold no pictures; tell it in words");
                Frame::Refused
            }
            Tag::CodeBlock(kind) => {
                if !top || matches!(self.at, At::Line(_)) {
                    self.refuse(offset, "a block stands inside a list, a quote or a text; begin it at the start of a line of its own");
                } else if matches!(kind, CodeBlockKind::Indented) {
                    self.refuse(
                        offset,
                        "four spaces make this a block; remove them, or put it between two lines ```",
                    );
                }
                // Where it was refused, nothing comes of it at its end.
                self.fence = Some(
                    if top && matches!(kind, CodeBlockKind::Fenced(_)) && matches!(self.at, At::Offset(_)) {
                        range
                    } else {
                        0..0
                    },
                );
                return;
            }
            Tag::HtmlBlock => {
                self.refuse_html(&text[range], offset);
                Frame::Refused
            }
            _ => {
                self.refuse(
                    offset,
                    "this is no text that lessons can hold; write paragraphs, lists, emphasis and code",
                );
                Frame::Refused
            }
        };
        self.refused += usize::from(matches!(frame, Frame::Refused));
        self.frames.push((frame, Vec::new()));
    }

    fn end<'a>(&mut self, offset: usize) -> Option<(Piece<'a>, usize)> {
        let (frame, mut inlines) = self.frames.pop()?;
        if let Frame::Refused = frame {
            self.refused -= 1;
            return None;
        }
        let line = self.line(offset);
        match frame {
            Frame::Heading => self.no_terms(&inlines, "heading", offset),
            Frame::Link(_) => self.no_terms(&inlines, "link", offset),
            _ => inlines = self.terms(inlines, offset),
        }
        let block = match frame {
            Frame::Paragraph => {
                // The paragraphs of an item are its lines.
                if let Some((Frame::Item, lines)) = self.frames.last_mut() {
                    if !lines.is_empty() {
                        lines.push(Inline::Break);
                    }
                    lines.append(&mut inlines);
                    return None;
                }
                let quoted = self.frames.iter().any(|(frame, _)| matches!(frame, Frame::Quote(_)));
                self.prove(&inlines, offset, quoted);
                Block::Paragraph(inlines)
            }
            Frame::Heading => {
                self.prove(&inlines, offset, false);
                return Some((Piece::Heading(plain(&inlines)), line));
            }
            Frame::Quote(blocks) => Block::Quote(blocks),
            Frame::List(first, items) => Block::List { first, items },
            Frame::Item => {
                self.prove(&inlines, offset, false);
                if let Some((Frame::List(_, items), _)) = self.frames.last_mut() {
                    items.push(inlines);
                }
                return None;
            }
            Frame::Emphasis => {
                self.push(Inline::Emphasis(inlines));
                return None;
            }
            Frame::Strong => {
                self.push(Inline::Strong(inlines));
                return None;
            }
            Frame::Link(to) => {
                self.push(Inline::Link { to, text: inlines });
                return None;
            }
            Frame::Refused => return None,
        };
        if let Some((Frame::Quote(blocks), _)) = self.frames.last_mut() {
            blocks.push(block);
            return None;
        }
        Some((Piece::Block(block), line))
    }

    fn fence_end<'a>(&mut self, range: std::ops::Range<usize>, text: &'a str) -> Option<(Piece<'a>, usize)> {
        let At::Offset(base) = self.at else { return None };
        if range.is_empty() {
            return None;
        }
        let start = range.start;
        let block = &text[range];
        let (first, rest) = block.split_once('\n').unwrap_or((block, ""));
        let opening = first.trim();
        let info = opening.trim_start_matches(['`', '~']);
        let mark = &opening[..opening.len() - info.len()];
        let (mut is_closed, mut swallowed) = (false, None);
        for (nth, line) in rest.trim_end().lines().enumerate() {
            // Only the marks that open it end it; where they open another block, it has swallowed that one.
            let behind = line.trim().strip_prefix(mark).map(str::trim);
            is_closed = behind.is_some_and(|behind| behind.chars().all(|char| matches!(char, '`' | '~')));
            if !is_closed && behind.is_some_and(|behind| behind.chars().all(char::is_alphanumeric)) {
                swallowed.get_or_insert(nth);
            }
        }
        if !is_closed || swallowed.is_some() {
            let place = match swallowed {
                Some(lines) => format!("above line {}", self.line(start) + 1 + lines),
                None => String::from("below it"),
            };
            let [info, mark] = [info.trim(), mark].map(shortened);
            self.refuse(
                start,
                format!("the block \"{info}\" does not end; write {mark} on a line of its own {place}"),
            );
            // What follows belongs to the step that was meant.
            let heading = rest.rsplit('\n').find_map(|line| line.strip_prefix("## "))?;
            return Some((Piece::Heading(heading.to_owned()), self.line(start)));
        }
        let last = rest.trim_end().rsplit('\n').next().unwrap_or_default();
        let content = &rest[..rest.trim_end().len() - last.len()];
        let line = self.line(start);
        let begins = base + start + first.len() + 1;
        Some((Piece::Fence { info: info.trim().to_owned(), content, base: begins }, line))
    }

    /// Inline code is shown as it is, or a number that the run tells.
    fn code(&mut self, code: &str, offset: usize) {
        let Some(text) = code.strip_prefix('=') else {
            return self.push(Inline::Code(code.to_owned()));
        };
        let line = self.line(offset);
        match live(text, line, self.diagnostics) {
            Ok(number) => self.push(Inline::Live(number)),
            Err(sentence) => self.refuse(offset, sentence),
        }
    }

    /// Marked terms as links to the glossary.
    fn terms(&mut self, inlines: Vec<Inline>, offset: usize) -> Vec<Inline> {
        let (inlines, sentences) = term::split(inlines, &self.diagnostics.glossary);
        for sentence in sentences {
            self.refuse(offset, sentence);
        }
        inlines
    }

    fn no_terms(&mut self, inlines: &[Inline], place: &str, offset: usize) {
        if plain(inlines).contains(term::OPEN) {
            self.refuse(
                offset,
                format!("a {place} holds no [[term]]; mark the term in the text outside of it"),
            );
        }
    }

    fn push(&mut self, inline: Inline) {
        if self.refused > 0 {
            return;
        }
        let Some((_, inlines)) = self.frames.last_mut() else { return };
        match (inlines.last_mut(), inline) {
            (Some(Inline::Text(before)), Inline::Text(more)) => before.push_str(&more),
            (_, inline) => inlines.push(inline),
        }
    }

    /// A number that looks measured is measured.
    fn prove(&mut self, inlines: &[Inline], offset: usize, quoted: bool) {
        if let Some(sentence) = echo::find(inlines, self.diagnostics.spec) {
            self.refuse(offset, sentence);
        }
        if self.facts || quoted {
            return;
        }
        if let Some(claim) = claim::find(&plain(inlines), self.diagnostics.spec) {
            self.refuse(offset, claim::sentence(&claim));
        }
    }
}

/// Why nothing, or not all, can be played that stands behind [`PLAY`].
fn unplayable(link: &str) -> Option<String> {
    let wrong = match Replay::parse(link) {
        Err(sentence) => sentence,
        Ok(link) => link.dropped.into_iter().next()?,
    };
    Some(format!("the link cannot be played: {wrong}"))
}

/// Where in a paragraph a line looks like a heading but for the space, and that line.
fn glued(paragraph: &str) -> Option<(usize, &str)> {
    let mut place = 0;
    for line in paragraph.split_inclusive('\n') {
        let word = line.trim().trim_start_matches('#');
        if line.trim_start().starts_with("##") && word.starts_with(|char: char| !char.is_whitespace()) {
            return Some((place, line.trim()));
        }
        place += line.len();
    }
    None
}

/// What to say of a hidden character.
pub(super) fn hidden(char: char) -> String {
    format!("an invisible character (U+{:04X}) stands here; delete it", u32::from(char))
}

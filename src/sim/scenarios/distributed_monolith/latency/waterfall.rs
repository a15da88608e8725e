//! What a page spent its time on, call by call: the record of a page that was really there, and its life as a screen tells it,
//! which is the path through it that the page had to wait for.

use super::calls::{Call, State};
use super::pages::{Page, Place};
use crate::format;
use crate::resource::fifo::Slab;
use crate::scenarios::distributed_monolith::topology::{SERVICES, service_of};
use crate::snapshot::{Life, Span};
use crate::time::SimTime;
use crate::unit::Unit;

/// What a stretch of time went into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// In line for a connection of the core.
    Connection,
    /// All that the core did for the page.
    Core,
    /// One module of the core at work.
    Module,
    /// A call over the network, or a batch of them.
    Call,
    /// Part of a call: tries that were given up, or the time until the second question that won.
    Vain,
    /// Part of a call: connection and hop.
    Way,
    /// Part of a call: in line for a worker.
    Line,
    /// Part of a call: a worker at work. In a batch the lines between its items are in it, too.
    Work,
}

impl Kind {
    /// What the page or the call did, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Connection => "waited for a connection",
            Self::Core => "asked the core",
            Self::Module => "asked a module",
            Self::Call => "called a service",
            Self::Vain => "was tried in vain",
            Self::Way => "connected and hopped",
            Self::Line => "waited for a worker",
            Self::Work => "was worked on",
        }
    }
}

/// A stretch of a page's time. Bars of one depth may overlap: calls are made in parallel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What it is of: a service, or what its kind says.
    pub label: &'static str,
    /// Items that it carries; more than one in a batch.
    pub items: u8,
    /// What the time went into.
    pub kind: Kind,
    /// How many bars before it it lies within.
    pub depth: u8,
    /// When it began and ended, from the arrival of the page.
    pub from: SimTime,
    /// See above.
    pub to: SimTime,
}

impl Bar {
    /// How long it is.
    pub fn length(&self) -> SimTime {
        self.to - self.from
    }

    /// What it is of, in words.
    pub fn title(&self) -> String {
        match self.items {
            0 | 1 => self.label.to_owned(),
            items => format!("{} and {} more", self.label, items - 1),
        }
    }
}

/// A page, from its arrival to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waterfall {
    /// When the page was asked for.
    pub arrived: SimTime,
    /// How long it took.
    pub took: SimTime,
    /// How it ended: "answered", or the id of the reason for which it failed.
    pub outcome: &'static str,
    /// Whether it failed.
    pub failed: bool,
    /// In order of their begin; what lies within another stands behind it.
    pub bars: Vec<Bar>,
}

impl Waterfall {
    /// That of a page which ends now; `calls` are those of everybody.
    pub(super) fn of(page: &Page, calls: &Slab<Call>, now: SimTime, end: (&'static str, bool)) -> Self {
        let mut bars = Vec::new();
        let mut add = |label: &'static str, items, kind, depth, from: SimTime, to: SimTime| {
            bars.push(Bar { label, items, kind, depth, from: from - page.arrived, to: to - page.arrived });
        };
        let is_in_line = page.place == Place::Line;
        if is_in_line || page.connected > page.arrived {
            let until = if is_in_line { now } else { page.connected };
            add(Kind::Connection.words(), 1, Kind::Connection, 0, page.arrived, until);
        }
        let is_in_core = page.place == Place::Core;
        if is_in_core || page.left_core > page.connected {
            let until = if is_in_core { now } else { page.left_core };
            add(Kind::Core.words(), 1, Kind::Core, 0, page.connected, until);
        }
        for call in page.calls.iter(calls).map(|id| calls[id]) {
            let (kind, depth) = if call.is_merged { (Kind::Module, 1) } else { (Kind::Call, 0) };
            add(name(&call), call.items, kind, depth, call.began, call.until(now));
            for (kind, from, to) in parts(&call, now).into_iter().filter(|(_, from, to)| to > from) {
                add(kind.words(), 1, kind, depth + 1, from, to);
            }
        }
        let (outcome, failed) = end;
        Self { arrived: page.arrived, took: now - page.arrived, outcome, failed, bars }
    }

    /// The same as a table: what, from when, and for how long, in milliseconds.
    pub fn rows(&self) -> impl Iterator<Item = [String; 3]> + use<'_> {
        self.bars.iter().map(|bar| [bar.title(), millis(bar.from), millis(bar.length())])
    }

    /// What it waited for longest, of calls and modules of the core, and for a connection: three at most, the longest first.
    pub fn longest(&self) -> Vec<&Bar> {
        let is_asked = |bar: &&Bar| matches!(bar.kind, Kind::Connection | Kind::Module | Kind::Call);
        let mut left: Vec<&Bar> = self.bars.iter().filter(is_asked).collect();
        let mut longest = Vec::new();
        while longest.len() < 3
            && let Some((at, bar)) = left.iter().copied().enumerate().max_by_key(|(_, bar)| bar.length())
        {
            longest.push(bar);
            left.swap_remove(at);
        }
        longest
    }
}

/// The service that a call asks first.
fn name(call: &Call) -> &'static str {
    SERVICES[service_of(call.at)].name
}

impl Call {
    /// When it was answered; `now` where it was not.
    fn until(&self, now: SimTime) -> SimTime {
        if self.state == State::Open { now } else { self.ended }
    }
}

/// The parts of a call by `now`, one after the other; those that it does not have take no time.
fn parts(call: &Call, now: SimTime) -> [(Kind, SimTime, SimTime); 4] {
    let (began, until) = (call.began, call.until(now));
    let [sent, reached, started] = match call.state {
        _ if call.is_merged => [began; 3],
        State::Open => [until; 3],
        State::Answered => [call.sent, call.reached, call.started],
    };
    [
        (Kind::Vain, began, sent),
        (Kind::Way, sent, reached),
        (Kind::Line, reached, started),
        (Kind::Work, started, until),
    ]
}

/// What has become of a page by `now`; `end` says how it ended, and whether badly. Of calls that went out together it tells
/// the one that the page had to wait for.
pub(super) fn life(page: &Page, calls: &Slab<Call>, now: SimTime, end: Option<(&'static str, bool)>) -> Life {
    let to = end.map(|_| now);
    let mut spans = Vec::new();
    let is_in_line = page.place == Place::Line;
    if is_in_line || page.connected > page.arrived {
        let until = if is_in_line { to } else { Some(page.connected) };
        spans.push(Span::new(Kind::Connection.words(), page.arrived, until));
    }
    let is_in_core = page.place == Place::Core;
    if is_in_core || page.left_core > page.connected {
        let until = if is_in_core { to } else { Some(page.left_core) };
        spans.push(Span::new(Kind::Core.words(), page.connected, until));
    }
    for call in awaited(page, calls) {
        let depth = u8::from(call.is_merged);
        let is_answered = call.state == State::Answered;
        let until = if is_answered { Some(call.ended) } else { to };
        if until == Some(call.began) {
            continue;
        }
        spans.push(Span::new(name(&call), call.began, until).within(depth));
        // What is still tried need not be in vain.
        let parts = parts(&call, now).into_iter().filter(|_| is_answered || call.is_merged || end.is_some());
        for (kind, from, end) in parts.filter(|(_, from, end)| end > from) {
            let until = if is_answered { Some(end) } else { to };
            spans.push(Span::new(kind.words(), from, until).within(depth + 1));
        }
    }
    let failed = end.is_some_and(|(_, failed)| failed);
    Life { arrived: page.arrived, spans, outcome: end.map(|(outcome, _)| outcome), failed }
}

/// The calls of a page that follow each other; of those that began together the last to be answered.
fn awaited(page: &Page, calls: &Slab<Call>) -> Vec<Call> {
    let mut path: Vec<Call> = Vec::new();
    for call in page.calls.iter(calls).map(|id| calls[id]) {
        match path.last_mut() {
            Some(last) if last.began == call.began && last.is_merged == call.is_merged => {
                if last.until(SimTime::MAX) < call.until(SimTime::MAX) {
                    *last = call;
                }
            }
            _ => path.push(call),
        }
    }
    path
}

fn millis(span: SimTime) -> String {
    format::quantity(span.as_nanos_f64() / 1e6, Unit::Milliseconds)
}

/// Of the slowest page so far, how long it took and what took longest, without a full stop.
pub fn told(slowest: Option<&Waterfall>) -> String {
    let Some(page) = slowest else { return String::from("No page has ended yet") };
    let longest = page.longest();
    let longest: Vec<String> =
        longest.iter().map(|bar| [bar.title(), millis(bar.length())].join(" ")).collect();
    let end = if page.failed { "failed" } else { "was answered" };
    format!(
        "The slowest page so far {end} after {}. Most time went to {}",
        millis(page.took),
        longest.join(", ")
    )
}

//! What a page spent its time on, call by call: a record of one page that was really there.

use super::calls::{Call, State};
use super::pages::{Page, Place};
use crate::format;
use crate::resource::fifo::Slab;
use crate::scenarios::distributed_monolith::topology::{SERVICES, service_of};
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
    /// In a word or two.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Connection => "waits for a connection",
            Self::Core => "core",
            Self::Module => "module",
            Self::Call => "call",
            Self::Vain => "in vain",
            Self::Way => "connection and hop",
            Self::Line => "in line",
            Self::Work => "work",
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
        let part = |kind: Kind| (kind.word(), 1, kind);
        let is_in_line = page.place == Place::Line;
        if is_in_line || page.connected > page.arrived {
            let (label, items, kind) = part(Kind::Connection);
            add(label, items, kind, 0, page.arrived, if is_in_line { now } else { page.connected });
        }
        let is_in_core = page.place == Place::Core;
        if is_in_core || page.left_core > page.connected {
            let until = if is_in_core { now } else { page.left_core };
            add("Core", 1, Kind::Core, 0, page.connected, until);
        }
        for call in page.calls.iter(calls).map(|id| calls[id]) {
            let is_open = call.state == State::Open;
            let ended = if is_open { now } else { call.ended };
            let label = SERVICES[service_of(call.at)].name;
            if call.is_merged {
                add(label, 1, Kind::Module, 1, call.began, ended);
                continue;
            }
            add(label, call.items, Kind::Call, 0, call.began, ended);
            let parts = if is_open {
                [(Kind::Vain, call.began, now); 4]
            } else {
                [
                    (Kind::Vain, call.began, call.sent),
                    (Kind::Way, call.sent, call.reached),
                    (Kind::Line, call.reached, call.started),
                    (Kind::Work, call.started, call.ended),
                ]
            };
            let most = if is_open { 1 } else { parts.len() };
            for (kind, from, to) in parts.into_iter().take(most).filter(|(_, from, to)| to > from) {
                let (label, items, kind) = part(kind);
                add(label, items, kind, 1, from, to);
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

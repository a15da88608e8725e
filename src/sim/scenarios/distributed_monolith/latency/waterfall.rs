//! What a page spent its time on, call by call: the record of a page that was really there, and its life as a screen tells it,
//! which is the path through it that the page had to wait for.

use super::calls::{Call, State};
use super::pages::{Page, Place};
use crate::exhibit;
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

/// What fills the rows of the panel.
const KINDS: &[&str] = &[
    Kind::Way.words(),
    Kind::Work.words(),
    Kind::Line.words(),
    Kind::Connection.words(),
    Kind::Vain.words(),
];

/// So many items of which this is the first, in words.
fn title(label: &str, items: u8) -> String {
    if items > 1 { format!("{label} and {} more", items - 1) } else { label.to_owned() }
}

/// A page and its calls as they were at a moment, from which all that there is to tell of it follows.
#[derive(Clone, Debug)]
pub struct Record {
    page: Page,
    calls: Vec<Call>,
    now: SimTime,
    /// How it ended, and whether badly; `None` while it is under way.
    end: Option<(&'static str, bool)>,
}

impl Record {
    /// A page as it is now; `calls` are those of everybody.
    pub(super) fn new(
        page: &Page,
        calls: &Slab<Call>,
        now: SimTime,
        end: Option<(&'static str, bool)>,
    ) -> Self {
        Self { page: *page, calls: page.calls.iter(calls).map(|id| calls[id]).collect(), now, end }
    }

    /// Since when it is there.
    pub(super) fn took(&self) -> SimTime {
        self.now - self.page.arrived
    }

    /// As a screen tells it, side by side: of calls that went out together the one that the page had to wait for.
    pub(super) fn life(&self) -> Life {
        let mut awaited: Vec<Call> = Vec::new();
        for call in &self.calls {
            match awaited.last_mut() {
                Some(last) if last.began == call.began && last.is_merged == call.is_merged => {
                    if last.until(SimTime::MAX) < call.until(SimTime::MAX) {
                        *last = *call;
                    }
                }
                _ => awaited.push(*call),
            }
        }
        let spans = self.spans(&awaited).into_iter().map(|(span, ..)| span).collect();
        let (outcome, failed) = self.end.unzip();
        Life { arrived: self.page.arrived, spans, outcome, failed: failed.unwrap_or_default() }
    }

    /// What the page did, with so many items, if it made these calls. What took no time is left out.
    fn spans(&self, calls: &[Call]) -> Vec<(Span, Kind, u8)> {
        let page = &self.page;
        // What is not over ends with the page.
        let to = self.end.map(|_| self.now);
        let mut spans = Vec::new();
        let mut add = |name, kind, items, depth, from, to| {
            if to != Some(from) {
                spans.push((Span { name, from, to, depth }, kind, items));
            }
        };
        let place = page.place;
        let until = if place == Place::Line { to } else { Some(page.connected) };
        add(Kind::Connection.words(), Kind::Connection, 1, 0, page.arrived, until);
        if place != Place::Line {
            let until = if place == Place::Core { to } else { Some(page.left_core) };
            add(Kind::Core.words(), Kind::Core, 1, 0, page.connected, until);
        }
        for call in calls {
            let depth = u8::from(call.is_merged);
            let is_answered = call.state == State::Answered;
            let (began, until) = (call.began, if is_answered { Some(call.ended) } else { to });
            let kind = if call.is_merged { Kind::Module } else { Kind::Call };
            add(name(call), kind, call.items, depth, began, until);
            let parts: &[_] = if call.is_merged {
                &[(Kind::Work, began, until)]
            } else if is_answered {
                &[
                    (Kind::Vain, began, Some(call.sent)),
                    (Kind::Way, call.sent, Some(call.reached)),
                    (Kind::Line, call.reached, Some(call.started)),
                    (Kind::Work, call.started, until),
                ]
            } else if to.is_some() {
                &[(Kind::Vain, began, to)]
            } else {
                // What is still tried need not be in vain.
                &[]
            };
            for (kind, from, to) in parts {
                add(kind.words(), *kind, 1, depth + 1, *from, *to);
            }
        }
        spans
    }

    /// A row for each call, the core's modules included, and one for the line at the core.
    fn rows(&self) -> Vec<(String, Life)> {
        let mut rows: Vec<(String, Life)> = Vec::new();
        for (span, kind, items) in self.spans(&self.calls) {
            let head = match kind {
                // Its modules follow, one after the other.
                Kind::Core => continue,
                Kind::Connection => Some(String::from("Line at the core")),
                Kind::Module | Kind::Call => Some(title(span.name, items)),
                Kind::Vain | Kind::Way | Kind::Line | Kind::Work => None,
            };
            if let Some(head) = head {
                let arrived = self.page.arrived;
                rows.push((head, Life { arrived, spans: Vec::new(), outcome: None, failed: false }));
            }
            if !matches!(kind, Kind::Module | Kind::Call)
                && let Some((_, row)) = rows.last_mut()
            {
                row.spans.push(Span { depth: 0, ..span });
            }
        }
        rows
    }

    /// How it ended, and after how long.
    fn ending(&self) -> String {
        let end = if self.end.is_some_and(|(_, failed)| failed) { "failed" } else { "was answered" };
        format!("{end} after {}", millis(self.took()))
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

fn millis(span: SimTime) -> String {
    format::quantity(span.as_nanos_f64() / 1e6, Unit::Milliseconds)
}

/// The slowest page so far, for a panel of its own.
pub(super) fn shown(slowest: Option<&Record>) -> exhibit::Waterfall {
    exhibit::Waterfall {
        title: "The slowest page so far",
        lead: slowest.map_or_else(|| String::from("none has ended yet"), Record::ending),
        kinds: KINDS,
        rows: slowest.map(Record::rows).unwrap_or_default(),
    }
}

//! What a learner writes into a running system is part of the run: it stands in the link, and comes back from it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use proptest::prelude::*;
use warstories_sim::clock::WallClock;
use warstories_sim::metric::MetricSet;
use warstories_sim::parameter::ParamSet;
use warstories_sim::scenario::Identity;
use warstories_sim::snapshot::{Life, Snapshot};
use warstories_sim::spec::TextSpec;
use warstories_sim::{Ctx, Input, Playable, Replay, Run, Scenario, ScenarioSpec, SimTime};

/// A machine that keeps what it is told, with the time.
#[derive(Clone)]
struct Recorder {
    heard: Vec<(SimTime, String)>,
}

warstories_sim::parts! {
    /// Where controls belong.
    Part {
        Recorder = "Recorder" [] ["lines"],
    }
}

warstories_sim::params! {
    in Recorder:
    /// How loud it answers.
    loudness: f64 = 1, "Loudness", "", Number { min: 0.0, max: 10.0, step: 1.0 }, Assumed;
}

warstories_sim::metrics! {
    /// Lines it was told.
    lines: Counter, "Lines", "";
}

warstories_sim::events! {
    /// Nothing happens by itself.
    Event {
        /// Never.
        Never,
    }
}

const FIELD: TextSpec =
    TextSpec { id: "line", label: "Line", doc: "Anything.", most: 40, examples: &["hello"] };

static SPEC: ScenarioSpec = ScenarioSpec {
    id: "recorder",
    title: "A recorder",
    summary: "It keeps what it is told.",
    leaves_out: &[],
    clock: WallClock::starting_at(9, 0),
    length: SimTime::from_secs(60),
    parts: Part::SPEC,
    params: Params::SPEC,
    actions: &[],
    texts: &[FIELD],
    metrics: Metrics::SPEC,
    charts: &[],
    presets: &[],
};

impl Scenario for Recorder {
    const SPEC: ScenarioSpec = SPEC;
    type Params = Params;
    type Metrics = Metrics;
    type Event = Event;

    fn start(_: &mut Ctx<Self>) -> Self {
        Self { heard: Vec::new() }
    }

    fn handle(&mut self, _: Event, _: &mut Ctx<Self>) {}

    fn change(&mut self, _: &Params, _: &mut Ctx<Self>) {}

    fn act(&mut self, _: usize, _: &mut Ctx<Self>) {}

    fn enter(&mut self, index: usize, text: &str, ctx: &mut Ctx<Self>) {
        assert_eq!(index, 0);
        ctx.metrics.lines.add_one();
        self.heard.push((ctx.now(), text.to_owned()));
    }

    fn snapshot(&self, _: &Ctx<Self>) -> Snapshot {
        Snapshot { nodes: Vec::new(), flows: Vec::new() }
    }

    fn request(&self, _: &str, _: usize, _: &Ctx<Self>) -> Option<Life> {
        None
    }

    fn live_records(&self) -> u64 {
        self.heard.len() as u64
    }

    fn identities(&self, _: &Ctx<Self>) -> Vec<Identity> {
        Vec::new()
    }
}

fn entries(replay: &Replay) -> String {
    replay.print(None).split_once('?').unwrap().1.to_owned()
}

#[test]
fn a_text_arrives_at_its_moment_between_the_other_inputs() {
    let link = Replay::parse_entries(
        &SPEC,
        "at=09:00:02,line=deploy%20v2%2C%20then%20wait&at=1.5,line=a=b&at=2,loudness=3",
    );
    assert_eq!(link.dropped, Vec::<String>::new());
    let mut run = Run::<Recorder>::new(link.replay);
    run.advance(SimTime::from_secs(10), u64::MAX);
    let heard: Vec<_> = run.model().heard.iter().map(|(at, text)| (at.to_string(), text.as_str())).collect();
    assert_eq!(heard, [("1.5".to_owned(), "a=b"), ("2".to_owned(), "deploy v2, then wait")]);
    assert_eq!(run.events(), 3);
}

#[test]
fn a_text_that_is_too_long_or_has_no_field_gets_a_sentence() {
    let long = "x".repeat(41);
    let link = Replay::parse_entries(&SPEC, &format!("at=1,line={long}&at=2,lime=x"));
    assert_eq!(link.dropped[0], "line takes at most 40 characters; these are 41");
    assert_eq!(link.dropped[1], "recorder has no parameter or text field \"lime\"; did you mean \"line\"?");
    assert!(link.replay.inputs().is_empty());
    let absent = Input::Text { field: 1, text: "x".into() };
    let error = Replay::new(&SPEC).add(SimTime::ZERO, absent).unwrap_err();
    assert_eq!(error, "recorder has only 1 text fields");
}

/// A run with one more text is another run, and every text of a moment is heard.
#[test]
fn a_run_remembers_that_something_was_written() {
    let play = |entries: &str| {
        let mut run = Run::<Recorder>::new(Replay::parse_entries(&SPEC, entries).replay);
        run.advance(SimTime::from_secs(10), u64::MAX);
        (run.fingerprint(), run.model().heard.len())
    };
    let (twice, once) = (play("at=1,line=one&at=1,line=two"), play("at=1,line=two"));
    assert_eq!((twice.1, once.1), (2, 1));
    assert!(twice.0 != once.0 && once.0 != play("").0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_back_from_its_link(texts in prop::collection::vec((0..60_u64, "\\PC{0,40}|[&=,%#?+ \\n\\t]{0,40}"), 0..8)) {
        let mut replay = Replay::new(&SPEC);
        for (at, text) in texts {
            let text = text.into();
            replay.add(SimTime::from_secs(at), Input::Text { field: 0, text }).unwrap();
        }
        let read = Replay::parse_entries(&SPEC, &entries(&replay));
        prop_assert_eq!(&read.dropped, &Vec::<String>::new());
        prop_assert_eq!(read.replay.inputs(), replay.inputs());
    }
}

//! Same seed, same inputs, same bytes: hundreds of runs, recorded once, are played again in debug and release builds,
//! natively and in the browser. `UPDATE_GOLDEN=1 cargo test -p warstories-sim --test golden` records them anew.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use warstories_sim::random::Stream;
use warstories_sim::scenarios::{self, SCENARIOS};
use warstories_sim::{Domain, Input, ParamSpec, Playable, Reading, Replay, ScenarioSpec, SimTime};

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const RUNS_PER_SCENARIO: u64 = 220;
const EVENTS: u64 = 5_000;
const GOLDEN: &str = include_str!("golden.tsv");

fn value_of(spec: &ParamSpec, stream: &mut Stream) -> f64 {
    let unit = stream.unit();
    match spec.domain {
        // The cube crowds values at the small end, where most happens.
        Domain::Integer { min, max } => libm::floor(min as f64 + (max - min) as f64 * unit * unit * unit),
        Domain::Number { min, max, .. } => min + (max - min) * unit * unit * unit,
        Domain::Switch => f64::from(u8::from(unit < 0.5)),
        Domain::Choice(choices) => libm::floor(unit * choices.len() as f64),
    }
}

/// Parameters and metrics that there were not yet when the runs were recorded, by id: those runs leave the ones at their
/// defaults and do not hash the others, so that they show that nothing else has changed. Runs that are recorded anew have
/// room for them, and then the list is empty.
const NEWER: [&str; 3] = ["marker_replication_lag_s", "duplicate_marker_lost", "layers"];

/// What to do about a run that is no longer the recorded one.
const CURE: &str =
    "where that is meant, record the runs anew: UPDATE_GOLDEN=1 cargo test -p warstories-sim --test golden";

fn replay_of(spec: &'static ScenarioSpec, seed: u64) -> Replay {
    let mut stream = Stream::new(seed, "golden");
    let mut replay = Replay::new(spec).with_seed(seed);
    let params = spec.params.iter().enumerate().filter(|(_, param)| !NEWER.contains(&param.id));
    let params: Vec<(usize, &ParamSpec)> = params.collect();
    for (param, spec) in &params {
        if stream.unit() < 0.4 {
            replay.set_start(*param, value_of(spec, &mut stream));
        }
    }
    for _ in 0..(stream.unit() * 6.0) as usize {
        let at = SimTime::from_secs_f64(stream.unit() * 20.0);
        let actions = spec.actions.len();
        let choice = (stream.unit() * (params.len() + actions + spec.texts.len()) as f64) as usize;
        let input = match params.get(choice) {
            Some((param, spec)) => Input::Change { param: *param, value: value_of(spec, &mut stream) },
            None if choice < params.len() + actions => Input::Action(choice - params.len()),
            None => {
                let field = choice - params.len() - actions;
                let examples = spec.texts[field].examples;
                let text = examples[(stream.unit() * examples.len() as f64) as usize];
                Input::Text { field, text: text.into() }
            }
        };
        replay.add(at, input).unwrap();
    }
    replay
}

/// A hash over the bits of everything that can be read of a run.
fn readings(run: &dyn Playable) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    let mut add = |number: f64| {
        // The sign and payload of "not a number" are no part of the promise.
        let bits = if number.is_nan() { 0 } else { number.to_bits() };
        hash = (hash ^ bits).wrapping_mul(0x0000_0100_0000_01B3).rotate_left(23);
    };
    let metrics = run.spec().metrics.iter().enumerate().filter(|(_, metric)| !NEWER.contains(&metric.id));
    for (index, _) in metrics {
        for reading in [run.read(index), run.recent(index)] {
            match reading {
                Reading::Count(count) => add(count as f64),
                Reading::Money(dollars) => add(dollars),
                Reading::Gauge { last, mean, min, max } => [last, mean, min, max].map(&mut add).fill(()),
                Reading::Histogram { count, mean, p50, p95, p99, p999, max } => {
                    [count as f64, mean, p50, p95, p99, p999, max].map(&mut add).fill(());
                }
            }
        }
        run.series().samples(index).iter().flatten().for_each(|sample| add(f64::from(*sample)));
    }
    hash
}

fn play(replay: Replay) -> String {
    let mut run = scenarios::start(replay);
    run.advance(SimTime::from_secs(60), EVENTS);
    let (link, run) = (run.replay().print(None), run.as_ref());
    format!("{link}\t{}\t{:016x}\t{:016x}", run.events(), run.fingerprint(), readings(run))
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn recorded_runs_play_the_same_everywhere() {
    let played: Vec<String> = SCENARIOS
        .iter()
        .flat_map(|entry| (0..RUNS_PER_SCENARIO).map(|seed| play(replay_of(entry.spec, seed))))
        .collect();
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden.tsv");
        std::fs::write(path, played.join("\n") + "\n").unwrap();
        return;
    }
    let golden: Vec<&str> = GOLDEN.lines().collect();
    assert_eq!(golden.len(), played.len(), "the number of recorded runs has changed; {CURE}");
    for (golden, played) in golden.iter().zip(&played) {
        assert_eq!(golden, played, "a run is no longer the recorded one; {CURE}");
    }
}

/// A recorded run is also what its link says: reading the link back plays the same.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn recorded_links_play_the_same() {
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        // What is recorded now is not what was built into this program.
        return;
    }
    for line in GOLDEN.lines().step_by(10) {
        let link = Replay::parse(line.split('\t').next().unwrap()).unwrap();
        assert_eq!(link.dropped, Vec::<String>::new());
        assert_eq!(play(link.replay), line);
    }
}

//! Any run: of any scenario, with any seed, parameters and inputs.

use proptest::prelude::*;
use warstories_sim::parameter::ParamSpec;
use warstories_sim::scenarios::SCENARIOS;
use warstories_sim::{Domain, Input, Replay, ScenarioSpec, SimTime};

/// A value anywhere in the parameter's domain; wide ranges are covered evenly on a logarithmic scale, so that
/// small settings, at which most happens, are not drowned.
fn value_of(spec: &ParamSpec) -> BoxedStrategy<f64> {
    let between = |min: f64, max: f64| {
        let spread = move |unit: f64| min + (libm::pow(max - min + 1.0, unit) - 1.0);
        prop_oneof![1 => Just(min), 1 => Just(spec.default_value()), 6 => (0.0..1.0).prop_map(spread)]
    };
    match spec.domain {
        Domain::Integer { min, max } => between(min as f64, max as f64).prop_map(f64::round).boxed(),
        Domain::Number { min, max, .. } => between(min, max).boxed(),
        Domain::Switch => prop_oneof![Just(0.0), Just(1.0)].boxed(),
        Domain::Choice(choices) => (0..choices.len()).prop_map(|index| index as f64).boxed(),
    }
}

fn input_of(spec: &'static ScenarioSpec) -> BoxedStrategy<Input> {
    let change = (0..spec.params.len()).prop_flat_map(|param| {
        value_of(&spec.params[param]).prop_map(move |value| Input::Change { param, value })
    });
    let actions = (0..spec.actions.len()).map(Input::Action);
    let texts = spec.texts.iter().enumerate().flat_map(|(field, spec)| {
        let anything = ["", "?"].into_iter().chain(spec.examples.iter().copied());
        anything.map(move |text| Input::Text { field, text: text.into() })
    });
    let others: Vec<Input> = actions.chain(texts).collect();
    if others.is_empty() {
        return change.boxed();
    }
    prop_oneof![4 => change, 1 => prop::sample::select(others)].boxed()
}

pub const SECONDS: u64 = 20;

/// Any scenario with any seed, parameters and inputs within the first seconds.
pub fn any_replay() -> impl Strategy<Value = Replay> {
    (0..SCENARIOS.len()).prop_flat_map(|scenario| {
        let spec = SCENARIOS[scenario].spec;
        let start: Vec<_> = spec.params.iter().map(value_of).collect();
        let inputs = prop::collection::vec((0..SECONDS * 1000, input_of(spec)), 0..8);
        (any::<u64>(), start, inputs).prop_map(|(seed, start, inputs)| {
            let mut replay = Replay::new(spec).with_seed(seed);
            for (param, value) in start.into_iter().enumerate() {
                replay.set_start(param, value);
            }
            for (millis, input) in inputs {
                replay.add(SimTime::from_millis_f64(millis as f64), input).unwrap();
            }
            replay
        })
    })
}

/// A run from the first moment, and the values that its parameters could have as well.
pub fn any_start() -> impl Strategy<Value = (Replay, Vec<f64>)> {
    (0..SCENARIOS.len(), any::<u64>()).prop_flat_map(|(scenario, seed)| {
        let spec = SCENARIOS[scenario].spec;
        let values: Vec<_> = spec.params.iter().map(|param| (value_of(param), value_of(param))).collect();
        values.prop_map(move |values| {
            let mut replay = Replay::new(spec).with_seed(seed);
            for (param, (value, _)) in values.iter().enumerate() {
                replay.set_start(param, *value);
            }
            (replay, values.into_iter().map(|(_, other)| other).collect())
        })
    })
}

//! Parameters and readings as JSON, the same in every output.

use serde_json::{Map, Value, json};
use warstories_sim::{Domain, Input, MetricKind, ParamSpec, Reading, Replay, ScenarioSpec, SimTime};

/// A parameter's value with the type that it has for people: whole number, number, bool or a choice's id.
pub fn value(spec: &ParamSpec, value: f64) -> Value {
    match spec.domain {
        Domain::Integer { .. } => json!(value as u64),
        Domain::Number { .. } => json!(value),
        Domain::Switch => json!(value != 0.0),
        Domain::Choice(_) => json!(spec.print(value)),
    }
}

/// All start values by id.
pub fn parameters(replay: &Replay) -> Value {
    let params = replay.spec().params.iter().zip(replay.start());
    params.map(|(spec, start)| (spec.id.to_owned(), value(spec, *start))).collect::<Map<_, _>>().into()
}

/// Everything that is done during the run, in order: changes with the parameter and its new value, and actions.
pub fn inputs(replay: &Replay) -> Value {
    let spec = replay.spec();
    let input = |(at, input): &(SimTime, Input)| {
        let at_s = at.as_secs_f64();
        match input {
            Input::Change { param, value: new } => {
                let param = &spec.params[*param];
                json!({"at_s": at_s, "parameter": param.id, "value": value(param, *new)})
            }
            Input::Action(action) => json!({"at_s": at_s, "action": spec.actions[*action].id}),
            Input::Text { field, text } => {
                json!({"at_s": at_s, "field": spec.texts[*field].id, "text": text})
            }
        }
    };
    replay.inputs().iter().map(input).collect()
}

/// What a metric says: a number for counts and money, an object for the others.
pub fn reading(reading: Reading) -> Value {
    match reading {
        Reading::Count(count) => json!(count),
        Reading::Money(dollars) => json!(dollars),
        Reading::Gauge { last, mean, min, max } => {
            json!({"last": last, "mean": mean, "min": min, "max": max})
        }
        Reading::Histogram { count, mean, p50, p95, p99, p999, max } => json!({
            "count": count, "mean": mean, "p50": p50, "p95": p95, "p99": p99, "p999": p999, "max": max,
        }),
    }
}

/// All metrics by id, and the failures among them once more; `values` in the order of the scenario's metrics.
pub fn metrics_and_failures(spec: &ScenarioSpec, values: &[Value]) -> (Value, Value) {
    let mut metrics = Map::new();
    let mut failures = Map::new();
    for (metric, value) in spec.metrics.iter().zip(values) {
        metrics.insert(metric.id.to_owned(), value.clone());
        if metric.kind == MetricKind::Failure {
            failures.insert(metric.id.to_owned(), value.clone());
        }
    }
    (metrics.into(), failures.into())
}

//! Values of parameters, as property tests draw them.

use proptest::prelude::*;
use warstories_sim::Domain;
use warstories_sim::parameter::ParamSpec;

/// An end of the range, the default, or anything in between.
pub fn value_of(spec: &'static ParamSpec) -> BoxedStrategy<f64> {
    let ends = prop_oneof![prop::sample::select(spec.extremes()), Just(spec.default_value())];
    match spec.domain {
        Domain::Integer { min, max } => prop_oneof![ends, (min..=max).prop_map(|value| value as f64)].boxed(),
        Domain::Number { min, max, .. } => prop_oneof![ends, min..=max].boxed(),
        Domain::Switch | Domain::Choice(_) => ends.boxed(),
    }
}

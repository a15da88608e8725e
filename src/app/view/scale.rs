//! Where a slider's handle stands for a value, and back.
//!
//! A narrow domain is a row of even steps. A wide one (0 to 10,000 requests a second) is a row of values with two
//! digits that matter, 1.1 1.2 … 9.9 10 11 … 99 100 110 …, so that each key press changes a few percent, the handle
//! moves evenly through the orders of magnitude, and every stop is a number that one would say.

use warstories_sim::Domain;

/// More even steps than this are too many for a slider.
const EVEN_STEPS: f64 = 200.0;

/// All stops of a slider, rising.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale(Vec<f64>);

impl Scale {
    /// The stops for a number; `None` for what is not one.
    pub fn of(domain: Domain) -> Option<Self> {
        let (min, max, step) = match domain {
            Domain::Integer { min, max } => (min as f64, max as f64, 1.0),
            Domain::Number { min, max, step } => (min, max, step),
            Domain::Switch | Domain::Choice(_) => return None,
        };
        let is_wide = (max - min) / step > EVEN_STEPS;
        let mut stops = vec![min];
        let mut last = min;
        while last < max {
            last = after(last, if is_wide { step.max(second_digit(last)) } else { step }).min(max);
            stops.push(last);
        }
        Some(Self(stops))
    }

    /// Position of the last stop.
    pub fn end(&self) -> usize {
        self.0.len() - 1
    }

    /// The value at a position.
    pub fn value(&self, position: usize) -> f64 {
        self.0[position.min(self.end())]
    }

    /// The position nearest to a value, from below.
    pub fn position(&self, value: f64) -> usize {
        self.0.partition_point(|stop| *stop <= value).saturating_sub(1)
    }

    /// The stop below a value that lies between two.
    pub fn below(&self, value: f64) -> Option<f64> {
        Some(self.value(self.position(value))).filter(|stop| *stop < value)
    }
}

/// The smallest multiple of `step` beyond `value`.
fn after(value: f64, step: f64) -> f64 {
    // Dividing by 10 gives the double nearest to 0.3; multiplying by 0.1 does not.
    let count = (value / step + 1e-9).floor() + 1.0;
    if step < 1.0 { count / (1.0 / step).round() } else { count * step }
}

/// What the second digit of `value` counts: 1 for 10 to 99, 0.1 for 1 to 9.9.
fn second_digit(value: f64) -> f64 {
    let mut unit = 1e-6;
    while unit * 100.0 <= value * (1.0 + 1e-9) {
        unit *= 10.0;
    }
    if unit < 1.0 { 1.0 / (1.0 / unit).round() } else { unit.round() }
}

#[cfg(test)]
mod tests {
    use warstories_sim::{ParamSpec, SCENARIOS};

    use super::*;

    fn params() -> Vec<(&'static ParamSpec, Scale)> {
        let all = SCENARIOS.iter().flat_map(|entry| entry.spec.params);
        all.filter_map(|param| Some((param, Scale::of(param.domain)?))).collect()
    }

    #[test]
    fn every_stop_is_allowed_and_stands_where_it_says() {
        for (param, scale) in params() {
            assert!(scale.end() <= 1200, "{} has {} stops", param.id, scale.end());
            for position in 0..=scale.end() {
                let value = scale.value(position);
                assert!(param.allows(value), "{} {value}", param.id);
                assert_eq!(scale.position(value), position, "{} {value}", param.id);
                assert!(param.print(value).len() <= 8, "{} {value}", param.id);
            }
        }
    }

    #[test]
    fn a_few_keys_lead_past_saturation() {
        let scale = Scale::of(Domain::Number { min: 0.0, max: 10_000.0, step: 0.1 }).expect("a number");
        let stops: Vec<_> = (0..24).map(|keys| scale.value(scale.position(8.0) + keys)).collect();
        assert_eq!(stops[..3], [8.0, 8.1, 8.2]);
        assert_eq!(stops[19..], [9.9, 10.0, 11.0, 12.0, 13.0]);
        assert_eq!(scale.value(1), 0.1);
        assert_eq!(scale.value(usize::MAX), 10_000.0);
    }

    #[test]
    fn only_a_value_between_two_stops_has_a_stop_below() {
        let scale = Scale::of(Domain::Number { min: 0.0, max: 600.0, step: 5.0 }).expect("a number");
        for (value, below) in [(0.0, None), (3.0, Some(0.0)), (5.0, None), (7.5, Some(5.0)), (600.0, None)] {
            assert_eq!(scale.below(value), below, "{value}");
        }
        for (param, scale) in params() {
            let on_stop = (0..=scale.end()).find(|position| scale.below(scale.value(*position)).is_some());
            assert_eq!(on_stop, None, "{}", param.id);
        }
    }

    #[test]
    fn any_value_is_between_its_stop_and_the_next() {
        for (param, scale) in params() {
            let (min, max) = (scale.value(0), scale.value(scale.end()));
            // Even along the domain, and even along its orders of magnitude.
            let even = (0..=1000).map(|part| min + f64::from(part) / 1000.0 * (max - min));
            let magnitudes = (0..300).map(|part| max * 0.95_f64.powi(part));
            for value in even.chain(magnitudes).filter(|value| *value >= min) {
                let position = scale.position(value);
                assert!(scale.value(position) <= value, "{} {value}", param.id);
                assert!(position == scale.end() || value < scale.value(position + 1), "{} {value}", param.id);
            }
        }
    }
}

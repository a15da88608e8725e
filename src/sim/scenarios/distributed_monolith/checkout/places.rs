//! Places at which a fault strikes, as a choice names them and as a checkout comes to them.

use super::attempt::Fault;
use super::choices::Place;
use super::steps::Rules;
use crate::parameter::ParamType;

/// Choices before the first of each kind: that of no place, then six crashes, then five requests and five replies from
/// the second step on, then three refusals.
const KINDS: [(usize, usize, Fault); 4] =
    [(1, 0, Fault::Crash), (7, 1, Fault::RequestLost), (12, 1, Fault::ReplyLost), (17, 1, Fault::Refused)];

impl Place {
    /// The step, from 0, and what strikes it; `None` for no place.
    pub fn strike(self) -> Option<(u8, Fault)> {
        let choice = self as usize;
        let (first, step, fault) = KINDS.into_iter().rev().find(|(first, ..)| *first <= choice)?;
        Some(((choice - first + step) as u8, fault))
    }

    /// The place at which `fault` strikes the step, from 0. No protocol has one that no choice names; a test sees to it.
    pub fn of(step: u8, fault: Fault) -> Self {
        let kind = KINDS.into_iter().find(|(.., of)| *of == fault);
        let choice = kind.and_then(|(first, base, _)| Some(first + usize::from(step).checked_sub(base)?));
        Self::from_number(choice.unwrap_or(0) as f64)
    }

    /// Whether these rules have the place.
    pub fn is_in(self, rules: Rules) -> bool {
        self.strike().is_some_and(|(step, fault)| {
            rules.steps().get(usize::from(step)).is_some_and(|step| fault.can_strike(step))
        })
    }

    /// All that these rules have, step by step.
    pub fn all(rules: Rules) -> Vec<Self> {
        let mut all = Vec::new();
        for step in 0..rules.steps().len() as u8 {
            for fault in Fault::ALL {
                let place = Self::of(step, fault);
                if place.is_in(rules) {
                    all.push(place);
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::super::outcomes::ROWS;
    use super::*;

    /// Each choice names one place, and each place of each protocol is named by the choice whose words say so.
    #[test]
    fn choices_and_places_are_the_same_things() {
        for (choice, named) in Place::CHOICES.iter().enumerate().skip(1) {
            let place = Place::from_number(choice as f64);
            let (step, fault) = place.strike().unwrap_or_else(|| panic!("{} strikes nothing", named.id));
            assert_eq!(Place::of(step, fault), place);
            let word = match fault {
                Fault::Crash => "crash",
                Fault::RequestLost => "request",
                Fault::ReplyLost => "reply",
                Fault::Refused => "refused",
            };
            assert_eq!(named.id, format!("{word}_{}", step + 1));
        }
        assert_eq!(Place::None.strike(), None);
        let counts = ROWS.map(|(protocol, payments_outside, _)| {
            let all = Place::all(Rules { protocol, payments_outside, has_key: false });
            assert!(!all.contains(&Place::None));
            all.len()
        });
        assert_eq!(counts, [10, 14, 14, 12, 6, 16, 4, 7]);
    }
}

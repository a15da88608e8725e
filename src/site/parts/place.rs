//! Which function belongs to which part.

use super::Part;
use super::program::Program;

/// Where a function lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// Nothing is known that keeps it from lying anywhere.
    Anywhere,
    /// In the part at this position.
    Part(usize),
    /// In what every run needs.
    Program,
}

impl Place {
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Anywhere, one) | (one, Self::Anywhere) => one,
            (one, other) if one == other => one,
            _ => Self::Program,
        }
    }
}

/// The place of each of the program's own functions.
///
/// A function lies in a part if its name says so, or if nobody else can call it; and in the program if two parts call it, or
/// if the program does. So all calls between the program and a part go through the table of functions, but for those that
/// a part makes of the program.
pub(super) fn places(program: &Program<'_>, parts: &[Part]) -> Vec<Place> {
    let mut places: Vec<Place> = (0..program.bodies.len())
        .map(|own| named(&program.names[program.function(own) as usize], parts))
        .collect();
    let own = |function: &u32| program.own(*function);
    for at in program.slots.iter().filter_map(|(_, function)| own(function)) {
        if places[at] == Place::Anywhere {
            places[at] = Place::Program;
        }
    }
    for at in program.needed.iter().filter_map(own) {
        places[at] = Place::Program;
    }
    loop {
        let before = places.clone();
        for (caller, uses) in program.uses.iter().enumerate() {
            for called in uses.functions.iter().filter_map(own) {
                places[called] = places[called].with(places[caller]);
            }
        }
        if places == before {
            break;
        }
    }
    places.into_iter().map(|place| if place == Place::Anywhere { Place::Program } else { place }).collect()
}

/// The place that a name asks for.
fn named(name: &str, parts: &[Part]) -> Place {
    let signed = parts.iter().enumerate().filter(|(_, part)| name.contains(&part.sign));
    signed.fold(Place::Anywhere, |place, (position, _)| place.with(Place::Part(position)))
}

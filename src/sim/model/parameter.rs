//! Parameters, declared once: sliders, links, command-line flags, documentation and tests all read [`ParamSpec`].

use crate::decimal;
use crate::suggest::shortened;
use crate::unit::Unit;

/// Where a number comes from. The page shows it beside every constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// The war story says so.
    Story,
    /// Follows from the story's own numbers.
    Derived,
    /// From a publication, named in the parameter's meaning.
    Source,
    /// Our own assumption.
    Assumed,
}

impl Provenance {
    /// The word that people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Story => "story",
            Self::Derived => "derived",
            Self::Source => "source",
            Self::Assumed => "assumed",
        }
    }
}

/// One of the values that a choice offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As links and flags spell it.
    pub id: &'static str,
    /// As people read it.
    pub label: &'static str,
    /// What it means.
    pub doc: &'static str,
}

/// The values that a parameter may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Domain {
    /// Whole numbers from `min` to `max`.
    Integer {
        /// Smallest value.
        min: u64,
        /// Largest value.
        max: u64,
    },
    /// Numbers from `min` to `max`; `step` is what one press of an arrow key adds, not a grid. Where 0 stands for no
    /// limit, 0 alone does: a time that is too short for a nanosecond is a limit of no time.
    Number {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
        /// A sensible small change.
        step: f64,
    },
    /// On or off.
    Switch,
    /// One of a few named values.
    Choice(&'static [Choice]),
}

/// Everything there is to know about one parameter, but its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParamSpec {
    /// As links, lessons and flags spell it; also the name of the field in the scenario.
    pub id: &'static str,
    /// As people read it.
    pub label: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// What 0 stands for, such as "never". Empty where it is a number like any other.
    pub zero: &'static str,
    /// Value where nobody sets one, as [`ParamSpec::parse`] reads it.
    pub default: &'static str,
    /// The values it may take.
    pub domain: Domain,
    /// Where the default comes from.
    pub provenance: Provenance,
    /// Position of the part of the system that it belongs to, see [`PartSpec`](crate::spec::PartSpec).
    pub part: usize,
}

impl ParamSpec {
    /// Value where nobody sets one, as a number: 0 or 1 for a switch, the position for a choice.
    pub fn default_value(&self) -> f64 {
        // A test reads every default; NaN would be refused by `ParamSet::set`.
        self.parse(self.default).unwrap_or(f64::NAN)
    }

    /// Whether the parameter may take `value`.
    pub fn allows(&self, value: f64) -> bool {
        let whole = value.is_finite() && value as u64 as f64 == value;
        match self.domain {
            Domain::Integer { min, max } => whole && (min as f64..=max as f64).contains(&value),
            Domain::Number { min, max, .. } => (min..=max).contains(&value),
            Domain::Switch => value == 0.0 || value == 1.0,
            Domain::Choice(choices) => whole && (value as usize) < choices.len(),
        }
    }

    /// Both ends of its range; both states of a switch, and every option of a choice.
    pub fn extremes(&self) -> Vec<f64> {
        match self.domain {
            Domain::Integer { min, max } => vec![min as f64, max as f64],
            Domain::Number { min, max, .. } => vec![min, max],
            Domain::Switch => vec![0.0, 1.0],
            Domain::Choice(choices) => (0..choices.len()).map(|choice| choice as f64).collect(),
        }
    }

    /// Reads a value: `true`/`false`, a choice's id, or a number, which may have a decimal comma where it cannot part
    /// thousands.
    ///
    /// # Errors
    /// One sentence that names the parameter, the text and what is allowed.
    pub fn parse(&self, text: &str) -> Result<f64, String> {
        self.read(text).map_err(|why| format!("{} {why}", self.id))
    }

    /// The same for people, who know the parameter by its label.
    ///
    /// # Errors
    /// What follows the parameter's name in a sentence: the text and what is allowed.
    pub fn read(&self, text: &str) -> Result<f64, String> {
        let value = match self.domain {
            Domain::Switch => match text {
                "true" => Some(1.0),
                "false" => Some(0.0),
                _ => None,
            },
            Domain::Choice(choices) => {
                choices.iter().position(|choice| choice.id == text).map(|index| index as f64)
            }
            Domain::Integer { .. } | Domain::Number { .. } => {
                decimal::parse_with_comma(text).filter(|value| self.allows(*value))
            }
        };
        value.ok_or_else(|| {
            let unit = if matches!(self.unit, Unit::None) {
                String::from("it has none")
            } else {
                format!("it is {}", self.unit)
            };
            let hint = match self.domain {
                Domain::Integer { .. } | Domain::Number { .. } if has_unit(text) => {
                    format!("; write the number without its unit ({unit})")
                }
                Domain::Integer { .. } | Domain::Number { .. }
                    if text.contains(',') && decimal::parse_with_comma(text).is_none() =>
                {
                    String::from("; write the number without a comma")
                }
                Domain::Choice(choices) => {
                    crate::suggest::did_you_mean(text, choices.iter().map(|choice| choice.id))
                }
                _ => String::new(),
            };
            format!("cannot be \"{}\"; it takes {}{hint}", shortened(text), self.allowed())
        })
    }

    /// Writes a value the way [`ParamSpec::parse`] reads it.
    pub fn print(&self, value: f64) -> String {
        match self.domain {
            Domain::Switch => String::from(if value == 0.0 { "false" } else { "true" }),
            Domain::Choice(choices) => {
                choices.get(value as usize).map_or_else(|| value.to_string(), |choice| choice.id.to_owned())
            }
            // Adding 0 turns "-0" into "0".
            Domain::Integer { .. } | Domain::Number { .. } => (value + 0.0).to_string(),
        }
    }

    /// What [`ParamSpec::parse`] takes, in words.
    pub fn allowed(&self) -> String {
        let unit = if matches!(self.unit, Unit::None) { String::new() } else { format!(" {}", self.unit) };
        match self.domain {
            Domain::Integer { min, max } => format!("a whole number from {min} to {max}{unit}"),
            Domain::Number { min, max, .. } => format!("a number from {min} to {max}{unit}"),
            Domain::Switch => String::from("true or false"),
            Domain::Choice(choices) => {
                let ids: Vec<_> = choices.iter().map(|choice| choice.id).collect();
                format!("one of {}", ids.join(", "))
            }
        }
    }
}

/// Whether `text` is a number with a unit behind it, as in `100ms`.
fn has_unit(text: &str) -> bool {
    let digits =
        text.trim_end_matches(|char: char| char.is_alphabetic() || matches!(char, '/' | '%' | '$' | ' '));
    digits.len() < text.len() && decimal::parse(digits).is_some()
}

/// The typed parameters of a scenario, seen as numbers. Implemented by [`params!`](crate::params).
pub trait ParamSet: Copy + 'static {
    /// All parameters, in the order of their controls.
    const SPEC: &'static [ParamSpec];

    /// Each at the number 0, whether it allows that or not: what is about to be set.
    const BLANK: Self;

    /// All at their defaults.
    fn defaults() -> Self {
        Self::with(&[])
    }

    /// Set to these values, the rest at their defaults; a value that is not allowed changes nothing.
    #[inline(never)]
    fn with(values: &[f64]) -> Self {
        let mut params = Self::BLANK;
        for (index, spec) in Self::SPEC.iter().enumerate() {
            params.set(index, spec.default_value());
        }
        for (index, value) in values.iter().enumerate() {
            params.set(index, *value);
        }
        params
    }

    /// The value of the parameter at `index` in `SPEC`; NaN past the end.
    fn get(&self, index: usize) -> f64;

    /// Sets the parameter at `index` in `SPEC`; a value that it does not allow changes nothing.
    fn set(&mut self, index: usize, value: f64);
}

/// A type that a parameter may have.
pub trait ParamType: Copy {
    /// The number 0.
    const BLANK: Self;
    /// As a number: 0 or 1 for a switch, the position for a choice.
    fn number(self) -> f64;
    /// From a number that the parameter's domain allows.
    fn from_number(number: f64) -> Self;
}

impl ParamType for u64 {
    const BLANK: Self = 0;
    fn number(self) -> f64 {
        // No parameter goes up to 2⁶³, and processors convert signed numbers in one instruction.
        self as i64 as f64
    }
    fn from_number(number: f64) -> Self {
        number as Self
    }
}

impl ParamType for f64 {
    const BLANK: Self = 0.0;
    fn number(self) -> f64 {
        self
    }
    fn from_number(number: f64) -> Self {
        number
    }
}

impl ParamType for bool {
    const BLANK: Self = false;
    fn number(self) -> f64 {
        f64::from(u8::from(self))
    }
    fn from_number(number: f64) -> Self {
        number != 0.0
    }
}

/// Declares the parameters of a scenario: one line each gives the typed field and its [`ParamSpec`].
///
/// `/// meaning` then `id: type = default, "label", "unit", domain, provenance;`, the default in the spelling of
/// links and flags. Where 0 is no number but stands for "never" or "no limit", `, 0 = "never"` follows the provenance.
/// `in Variant:` before them names the part of the system that they belong to, see
/// [`parts!`](crate::parts). A part may come up again: recorded runs draw their parameters in the order of the table.
#[macro_export]
macro_rules! params {
    ($(in $part:ident: $($(#[doc = $doc:literal])+ $id:ident: $type:ty = $default:tt,
        $label:literal, $unit:literal, $domain:expr, $provenance:ident$(, 0 = $zero:literal)?;)+)+) => {
        /// The scenario's parameters.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Params {
            $($($(#[doc = $doc])+ pub $id: $type,)+)+
        }

        impl $crate::parameter::ParamSet for Params {
            const SPEC: &'static [$crate::parameter::ParamSpec] = {
                use $crate::parameter::Domain::{self, *};
                &[$($($crate::parameter::ParamSpec {
                    id: stringify!($id),
                    label: $label,
                    doc: $crate::docs::text(concat!($($doc),+).trim_ascii()),
                    unit: $crate::unit::Unit::of($unit),
                    zero: concat!($($zero)?),
                    default: stringify!($default),
                    domain: {
                        let domain: Domain = $domain;
                        domain
                    },
                    provenance: $crate::parameter::Provenance::$provenance,
                    part: Part::$part as usize,
                }),+),+]
            };

            const BLANK: Self = Self { $($($id: <$type as $crate::parameter::ParamType>::BLANK),+),+ };

            fn get(&self, index: usize) -> f64 {
                let values = [$($($crate::parameter::ParamType::number(self.$id)),+),+];
                values.get(index).copied().unwrap_or(f64::NAN)
            }

            fn set(&mut self, index: usize, value: f64) {
                if !Self::SPEC.get(index).is_some_and(|spec| spec.allows(value)) {
                    return;
                }
                let mut position = 0..;
                $($(if position.next() == Some(index) {
                    self.$id = $crate::parameter::ParamType::from_number(value);
                })+)+
            }
        }
    };
}

/// Declares the parts of a system, in the order of its diagram: `Name { Variant = "label" ["node", …] ["metric", …], … }`.
/// For the label, the nodes and the metrics see [`PartSpec`](crate::spec::PartSpec).
#[macro_export]
macro_rules! parts {
    ($(#[doc = $doc:literal])+ $name:ident { $($variant:ident = $label:literal [$($node:literal),*] [$($metric:literal),*]),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum $name { $($variant),+ }

        impl $name {
            /// All parts, in the order of their groups of controls.
            const SPEC: &'static [$crate::spec::PartSpec] =
                &[$($crate::spec::PartSpec { label: $label, nodes: &[$($node),*], metrics: &[$($metric),*] }),+];
        }
    };
}

/// Declares a type whose few values have names: `Name { Variant = "id" "label", … }`.
#[macro_export]
macro_rules! choices {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $variant_doc:literal])+ $variant:ident = $id:literal $label:literal),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub enum $name { $($(#[doc = $variant_doc])+ $variant),+ }

        impl $name {
            /// All values, in the order offered.
            pub const CHOICES: &'static [$crate::parameter::Choice] =
                &[$($crate::parameter::Choice {
                    id: $id,
                    label: $label,
                    doc: $crate::docs::text(concat!($($variant_doc),+).trim_ascii()),
                }),+];
        }

        impl $crate::parameter::ParamType for $name {
            const BLANK: Self = [$(Self::$variant),+][0];
            fn number(self) -> f64 {
                self as usize as f64
            }
            fn from_number(number: f64) -> Self {
                let all = [$(Self::$variant),+];
                all.get(number as usize).copied().unwrap_or(all[0])
            }
        }
    };
}

/// Something that everybody may read and only the engine may change.
#[derive(Clone, Debug)]
pub struct ReadOnly<T>(pub(crate) T);

impl<T> std::ops::Deref for ReadOnly<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

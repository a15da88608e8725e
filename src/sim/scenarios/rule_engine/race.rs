//! The mutation race: every fault of one line that the reference can have, sent through the gates.

use std::sync::OnceLock;

use super::file::{REFERENCE, edited, reference};
use super::gates::{Difference, Gate, Gates, Loaded, Trial, moments, reference_tree};
use super::orders::{GOLDEN, Golden};
use super::reading;
use super::rules::{RuleSet, Switched};
use super::schema;
use super::tables::Params;
use super::yaml::Version;
use crate::choices;
use crate::parameter::ParamType;

choices! {
    /// What is wrong with one line.
    FaultKind {
        /// It loses two spaces in front.
        Dedent = "dedent" "loses two spaces",
        /// It gets two spaces more in front.
        Indent = "indent" "gets two spaces",
        /// It is deleted.
        Delete = "delete" "is deleted",
        /// It stands there twice.
        Duplicate = "duplicate" "stands there twice",
        /// It changes places with the next line.
        Swap = "swap" "changes places with the next",
        /// The number that it ends in gets one more 0.
        Zero = "zero" "gets one more 0",
        /// Its key, of four letters or more, loses the last one.
        Letter = "letter" "loses the last letter of its key",
    }
}

impl FaultKind {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Dedent, Self::Indent, Self::Delete, Self::Duplicate, Self::Swap, Self::Zero, Self::Letter];

    /// As people read it.
    pub fn label(self) -> &'static str {
        Self::CHOICES.get(self.number() as usize).map_or("", |choice| choice.label)
    }

    /// The edit that makes this fault of line `line` of the reference; `None` where the line cannot have it.
    pub fn edit(self, line: usize) -> Option<String> {
        let text = reference().nth(line.checked_sub(1)?)?;
        let spelled = |new: &str| Some(format!("{line}={new}"));
        match self {
            Self::Dedent if text.starts_with("  ") => Some(format!("{line}<2")),
            Self::Indent => Some(format!("{line}>2")),
            Self::Delete => Some(format!("{line}-")),
            Self::Duplicate => Some(format!("{line}*")),
            Self::Swap if line < reference().count() => Some(format!("{line}~")),
            Self::Zero if text.ends_with(|c: char| c.is_ascii_digit()) => spelled(&(text.to_owned() + "0")),
            Self::Letter => {
                let (key, rest) = text.split_once(':')?;
                let word = key.rsplit(' ').next().filter(|word| word.len() >= 4)?;
                spelled(&format!("{}:{rest}", &key[..key.len() - word.chars().next_back()?.len_utf8()]))
            }
            _ => None,
        }
    }
}

/// A fault of one line, and what is known of it under one version of YAML.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Mutant {
    /// What it is.
    pub kind: FaultKind,
    /// The line of the reference that has it.
    pub line: usize,
    /// As [`edited`] reads it.
    pub edit: String,
    /// What the engine makes of the file.
    pub loaded: Loaded,
    breaks_schema: bool,
    breaks_types: bool,
    /// Golden orders that have another price, as bits by position.
    golden: u16,
    /// The difference that it makes to the reference under the same version.
    pub difference: Difference,
}

/// What becomes of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// This gate stops it.
    Stopped(Gate),
    /// It cannot be parsed, and nobody has asked before the engine does.
    Refused,
    /// It goes live and no order costs anything else.
    NoEffect,
    /// It goes live, and orders cost something else.
    Escaped,
}

impl Fate {
    /// All of them, in the order of the funnel.
    pub const ALL: [Self; 8] = [
        Self::Stopped(Gate::Parser),
        Self::Stopped(Gate::Schema),
        Self::Stopped(Gate::Golden),
        Self::Stopped(Gate::Typed),
        Self::Stopped(Gate::Canary),
        Self::Refused,
        Self::NoEffect,
        Self::Escaped,
    ];

    /// As people read it.
    pub const fn label(self) -> &'static str {
        match self {
            // Each gate parses the file before it looks at anything else.
            Self::Stopped(Gate::Parser) => "refused unparsed",
            Self::Stopped(Gate::Schema) => "caught by the schema",
            Self::Stopped(Gate::Golden) => "caught by golden orders",
            Self::Stopped(Gate::Typed) => "caught by types",
            Self::Stopped(Gate::Canary) => "caught by the canary",
            Self::Refused => "refused by the engine",
            Self::NoEffect => "no effect",
            Self::Escaped => "escaped",
        }
    }
}

impl Mutant {
    fn of(kind: FaultKind, line: usize, edit: String, version: Version, before: &RuleSet) -> Self {
        let text = edited(&edit).unwrap_or_default();
        let (loaded, node) = Loaded::read(&text, version);
        let fails = |rules: &RuleSet| {
            let is_wrong = |(order, price): &Golden| rules.price(order, Switched::NONE).price() != *price;
            GOLDEN
                .iter()
                .enumerate()
                .filter(|(_, each)| is_wrong(each))
                .fold(0, |bits, (at, _)| bits | 1 << at)
        };
        Self {
            kind,
            line,
            edit,
            breaks_schema: node.as_ref().is_some_and(|node| schema::strict(node).is_err()),
            breaks_types: node
                .as_ref()
                .is_some_and(|node| schema::typed(node, &reference_tree(Version::V1_2)).is_err()),
            golden: loaded.rules().map_or(u16::MAX, |rules| fails(rules)),
            difference: loaded
                .rules()
                .map_or_else(Difference::default, |rules| Difference::of(rules, before)),
            loaded,
        }
    }

    /// Whether it does anything: the engine refuses it, or orders cost something else.
    pub fn has_effect(&self) -> bool {
        self.loaded.rules().is_none() || !self.difference.is_none()
    }

    /// What becomes of it at these gates and in this trial.
    pub fn fate(&self, gates: Gates, added: &[Golden], trial: Option<Trial>, before: (f64, f64)) -> Fate {
        let Some(rules) = self.loaded.rules() else {
            return match trial {
                _ if gates.any() => Fate::Stopped(Gate::Parser),
                Some(_) => Fate::Stopped(Gate::Canary),
                None => Fate::Refused,
            };
        };
        if gates.schema && self.breaks_schema {
            return Fate::Stopped(Gate::Schema);
        }
        if let Some(count) = gates.golden {
            let asked = if count >= GOLDEN.len() { u16::MAX } else { (1 << count) - 1 };
            let is_wrong = |(order, price): &Golden| rules.price(order, Switched::NONE).price() != *price;
            if self.golden & asked != 0 || added.iter().any(is_wrong) {
                return Fate::Stopped(Gate::Golden);
            }
        }
        if gates.typed && self.breaks_types {
            return Fate::Stopped(Gate::Typed);
        }
        if trial.is_some_and(|trial| trial.stops(self.difference, before)) {
            return Fate::Stopped(Gate::Canary);
        }
        if self.difference.is_none() { Fate::NoEffect } else { Fate::Escaped }
    }
}

/// All mutants under one version of YAML, and the reference.
#[derive(Clone, Debug)]
pub struct Race {
    /// In the order of their kinds, and of the lines.
    pub mutants: Vec<Mutant>,
    /// Mean and variance of prices under the reference, in cents.
    pub before: (f64, f64),
}

static RACES: [OnceLock<Race>; 2] = [OnceLock::new(), OnceLock::new()];

/// The race under a version of YAML: it is run once, when somebody asks for it first, and takes some milliseconds.
pub fn race(version: Version) -> &'static Race {
    let run = || {
        let prices = reading::load(REFERENCE, version, Switched::NONE);
        Race {
            mutants: reading::mutants(version),
            before: prices.prices().map_or((0.0, 0.0), |prices| moments(prices)),
        }
    };
    RACES[usize::from(version == Version::V1_1)].get_or_init(run)
}

/// See [`reading::escapes`].
pub fn escapes(params: &Params, added: &[Golden]) -> (u64, f64) {
    let escaped = race(params.yaml_version).escaped(params.gates(), added, params.trial());
    escaped.fold((0, 0.0), |(count, worst), mutant| (count + 1, mutant.difference.mean_size().max(worst)))
}

/// See [`reading::faulty`].
pub fn faulty(params: &Params, share: Option<f64>) -> Option<String> {
    let mutants = &race(params.yaml_version).mutants;
    let mutant = match share {
        None => mutants
            .iter()
            .find(|mutant| mutant.kind == params.fault_kind && mutant.line as u64 == params.fault_line),
        Some(share) => {
            let with_effect = || mutants.iter().filter(|mutant| mutant.has_effect());
            with_effect().nth((share * with_effect().count() as f64) as usize)
        }
    };
    edited(&mutant?.edit).ok()
}

/// All mutants under a version of YAML.
pub fn mutants(version: Version) -> Vec<Mutant> {
    let (loaded, _) = Loaded::read(REFERENCE, version);
    let Some(before) = loaded.rules() else { return Vec::new() };
    let lines = reference().count();
    let all = FaultKind::ALL.iter().flat_map(|kind| (1..=lines).map(move |line| (*kind, line)));
    all.filter_map(|(kind, line)| Some(Mutant::of(kind, line, kind.edit(line)?, version, before))).collect()
}

impl Race {
    /// How many mutants come to each fate, in the order of [`Fate::ALL`].
    pub fn funnel(&self, gates: Gates, added: &[Golden], trial: Option<Trial>) -> [usize; 8] {
        let mut counts = [0; 8];
        for mutant in &self.mutants {
            let fate = mutant.fate(gates, added, trial, self.before);
            if let Some(at) = Fate::ALL.iter().position(|each| *each == fate) {
                counts[at] += 1;
            }
        }
        counts
    }

    /// The mutants that go live and change prices.
    pub fn escaped<'a>(
        &'a self,
        gates: Gates,
        added: &'a [Golden],
        trial: Option<Trial>,
    ) -> impl Iterator<Item = &'a Mutant> {
        self.mutants
            .iter()
            .filter(move |mutant| mutant.fate(gates, added, trial, self.before) == Fate::Escaped)
    }
}

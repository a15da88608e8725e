//! A run as a value: scenario, seed, start parameters and everything the learner did, when. It fits in a
//! [`link`](crate::link).

use crate::spec::ScenarioSpec;
use crate::time::SimTime;

/// Something the learner does to a run.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Input {
    /// Sets the parameter at `param` in the scenario's table to `value`.
    Change {
        /// Position of the parameter.
        param: usize,
        /// New value.
        value: f64,
    },
    /// Takes the action at this position in the scenario's table.
    Action(usize),
    /// Writes `text` into the field at `field` in the scenario's table.
    Text {
        /// Position of the field.
        field: usize,
        /// What is written.
        text: Box<str>,
    },
}

/// Everything that decides how a run goes, to the last event.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    spec: &'static ScenarioSpec,
    seed: u64,
    start: Vec<f64>,
    inputs: Vec<(SimTime, Input)>,
}

impl Replay {
    /// Changes and actions that one replay holds at most.
    pub const MAX_INPUTS: usize = 1000;
    /// The end of the longest run: 30 days.
    pub const MAX_TIME: SimTime = SimTime::from_secs(30 * 86_400);
    /// The seed where nobody sets one.
    pub const DEFAULT_SEED: u64 = 1;

    /// The scenario as given: default seed, default parameters, nobody touches anything.
    pub fn new(spec: &'static ScenarioSpec) -> Self {
        let start = spec.params.iter().map(crate::ParamSpec::default_value).collect();
        Self { spec, seed: Self::DEFAULT_SEED, start, inputs: Vec::new() }
    }

    /// The same with another seed.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets the start value of the parameter at `param`; a value that it does not allow changes nothing.
    pub fn set_start(&mut self, param: usize, value: f64) {
        if let (Some(spec), Some(start)) = (self.spec.params.get(param), self.start.get_mut(param))
            && spec.allows(value)
        {
            *start = value;
        }
    }

    /// Its scenario.
    pub fn spec(&self) -> &'static ScenarioSpec {
        self.spec
    }

    /// Its seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Values of all parameters at t = 0.
    pub fn start(&self) -> &[f64] {
        &self.start
    }

    /// Everything the learner does, in order of time.
    pub fn inputs(&self) -> &[(SimTime, Input)] {
        &self.inputs
    }

    /// Enters `input` at `at`, after all others of that moment. Setting a parameter again at the same moment
    /// replaces the earlier value.
    ///
    /// # Errors
    /// One sentence where the replay is full, the moment too late, or the value not allowed.
    pub fn add(&mut self, at: SimTime, input: Input) -> Result<(), String> {
        if at > Self::MAX_TIME {
            return Err(format!("{at} s is past the end of the longest run, {} s", Self::MAX_TIME));
        }
        self.spec.allows(&input)?;
        if let Input::Change { param, .. } = input
            && let Some(last) = self.last_change(at, param)
        {
            self.inputs[last].1 = input;
            return Ok(());
        }
        if self.inputs.len() >= Self::MAX_INPUTS {
            return Err(format!("a replay holds at most {} changes and actions", Self::MAX_INPUTS));
        }
        let end = self.inputs.partition_point(|(time, _)| *time <= at);
        self.inputs.insert(end, (at, input));
        Ok(())
    }

    /// Position of the change of `param` that stands last at `at`. An action or a text after it may depend on the value.
    fn last_change(&self, at: SimTime, param: usize) -> Option<usize> {
        let end = self.inputs.partition_point(|(time, _)| *time <= at);
        let changes = self.inputs[..end]
            .iter()
            .rev()
            .take_while(|(time, input)| *time == at && matches!(input, Input::Change { .. }));
        let from_end = changes
            .map(|(_, input)| input)
            .position(|input| matches!(input, Input::Change { param: other, .. } if *other == param))?;
        Some(end - 1 - from_end)
    }

    /// Takes back the change of `param` that stands last at `at`, if it sets what is in force there anyway.
    pub fn drop_idle_change(&mut self, at: SimTime, param: usize) {
        let Some(last) = self.last_change(at, param) else { return };
        let mut without = self.clone();
        without.inputs.remove(last);
        if without.values(at) == self.values(at) {
            *self = without;
        }
    }

    /// The first moment at which this run and `other`, of the same scenario, need no longer be the same; none where they
    /// always are.
    pub fn parts_from(&self, other: &Self) -> Option<SimTime> {
        if (self.seed, &self.start) != (other.seed, &other.start) {
            return Some(SimTime::ZERO);
        }
        let same = self.inputs.iter().zip(&other.inputs).take_while(|(one, two)| one == two).count();
        [self, other].into_iter().filter_map(|run| run.inputs.get(same)).map(|(at, _)| *at).min()
    }

    /// Values of all parameters at `moment`, after everything that is done there.
    pub fn values(&self, moment: SimTime) -> Vec<f64> {
        let mut values = self.start.clone();
        for (_, param, value) in self.sets().take_while(|(at, ..)| *at <= moment) {
            if let Some(place) = values.get_mut(param) {
                *place = value;
            }
        }
        values
    }

    /// Every setting of a parameter, by a change or an action, in order of time: when it comes into force, which, and to
    /// what. An action that takes time does nothing while it is under way, or where all is as it would set it.
    pub fn sets(&self) -> impl Iterator<Item = (SimTime, usize, f64)> {
        let mut sets = Vec::with_capacity(self.inputs.len());
        let mut values = self.start.clone();
        let mut set = |at, param: usize, value, values: &mut Vec<f64>| {
            values[param] = value;
            sets.push((at, param, value));
        };
        let mut under_way: Vec<(SimTime, usize)> = Vec::new();
        let end = (SimTime::MAX, Input::Action(usize::MAX));
        for (at, input) in self.inputs.iter().chain([&end]) {
            let at = *at;
            // At one moment the learner's inputs come first.
            for (over, action) in under_way.extract_if(.., |(over, _)| *over < at) {
                self.spec.sets(action).for_each(|(param, value)| set(over, param, value, &mut values));
            }
            match *input {
                Input::Text { .. } => {}
                Input::Change { param, value } => set(at, param, value, &mut values),
                Input::Action(action) => {
                    let takes = self.spec.actions.get(action).map_or(SimTime::ZERO, |spec| spec.takes);
                    if takes == SimTime::ZERO {
                        self.spec.sets(action).for_each(|(param, value)| set(at, param, value, &mut values));
                    } else if under_way.iter().all(|(_, other)| *other != action)
                        && self.spec.sets(action).any(|(param, value)| values[param] != value)
                    {
                        let ends = (at + takes, action);
                        under_way.insert(under_way.partition_point(|other| *other < ends), ends);
                    }
                }
            }
        }
        sets.into_iter()
    }

    /// Forgets every input later than `time`: the run goes on from there as if nobody had touched it.
    pub fn truncate(&mut self, time: SimTime) {
        self.inputs.retain(|(at, _)| *at <= time);
    }
}

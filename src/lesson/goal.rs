//! How the runs of a lesson are set up, and what is asked of them.

use std::ops::Range;
use std::slice;

use warstories_sim::probe::Wanted;
use warstories_sim::scenarios;
use warstories_sim::{Replay, ScenarioSpec, SimTime};

use crate::lesson::{
    Act, Challenge, Chat, Collect, Control, Fix, Lesson, Observe, Part, Predict, Setup, Text, Timed, When,
};
use crate::measure::{Measure, Test};
use crate::points;
use crate::prose::{Block, Inline};

impl Lesson {
    /// The scenario that it is about.
    ///
    /// # Errors
    /// One sentence where there is no such scenario.
    pub fn spec(&self) -> Result<&'static ScenarioSpec, String> {
        scenarios::find(&self.scenario)
    }

    /// The acts in their order, each with its steps; a lesson without acts, or the steps before the first one, counts as one
    /// without a name.
    pub fn acts(&self) -> Vec<(Option<&Act>, Range<usize>)> {
        let begins = |step: usize| self.steps[step].scene.act.is_some();
        let firsts: Vec<usize> = (0..self.steps.len()).filter(|step| *step == 0 || begins(*step)).collect();
        let ends = firsts.iter().skip(1).copied().chain([self.steps.len()]);
        firsts
            .iter()
            .zip(ends)
            .map(|(first, end)| (self.steps[*first].scene.act.as_ref(), *first..end))
            .collect()
    }

    /// The step whose scene set up the run of the step at `step`.
    pub fn first_of_run(&self, step: usize) -> usize {
        let steps = &self.steps[..self.steps.len().min(step + 1)];
        steps.iter().rposition(|step| step.scene.fresh.is_some()).unwrap_or(0)
    }

    /// Where the clock of the step at `step` stops for the learner: the latest begin or decision point of its run so
    /// far. Goals without a moment are judged from there on.
    pub fn clock(&self, step: usize) -> SimTime {
        let steps = self.steps.get(self.first_of_run(step)..=step).unwrap_or_default();
        let begins = steps.iter().filter_map(|step| step.scene.fresh.as_ref()).map(|setup| setup.begin);
        begins.chain(steps.iter().filter_map(|step| step.scene.until)).max().unwrap_or_default()
    }

    /// Where the clock stands when the step at `step` begins: what the steps before it have decided lies behind. Chat
    /// without a moment is said from there on.
    pub fn begins(&self, step: usize) -> SimTime {
        let first = self.first_of_run(step);
        let begin = self.steps.get(first).and_then(|step| step.scene.fresh.as_ref()).map(|setup| setup.begin);
        let before = self.steps.get(first..step).unwrap_or_default();
        before.iter().filter_map(|step| step.scene.until).chain(begin).max().unwrap_or_default()
    }

    /// What to look at in the step at `step`, as metrics by their position: what the latest scene names, if any does.
    pub fn watch(&self, step: usize) -> &[usize] {
        let steps = self.steps.get(..=step).unwrap_or(&self.steps);
        let named =
            steps.iter().rev().map(|step| step.scene.watch.as_slice()).find(|watch| !watch.is_empty());
        named.unwrap_or_default()
    }

    /// Whether the learner may touch `control` in the step at `step`.
    pub fn is_unlocked(&self, step: usize, control: Control) -> bool {
        let mut open = self.open.contains(&control);
        for step in self.steps.iter().take(step + 1) {
            open |= step.scene.unlock.contains(&control);
            open &= !step.scene.lock.contains(&control);
        }
        open
    }

    /// The run of the step at `step`, with what happens in it by itself and nothing else.
    ///
    /// # Errors
    /// One sentence where there is no such scenario, or too much happens by itself.
    pub fn replay(&self, step: usize) -> Result<Replay, String> {
        let setup = self.steps.get(self.first_of_run(step)).and_then(|step| step.scene.fresh.as_ref());
        self.set_up(setup)
    }

    /// The run of the step at `step` as the lesson tells it: whoever comes here has met the goals of the steps before,
    /// so their solutions are part of the run that goes on.
    ///
    /// # Errors
    /// As [`Lesson::replay`].
    pub fn story(&self, step: usize) -> Result<Replay, String> {
        let mut replay = self.replay(step)?;
        for earlier in self.steps.get(self.first_of_run(step)..step).unwrap_or_default() {
            attempt(&mut replay, &earlier.scene.solution)?;
        }
        Ok(replay)
    }

    /// The run that answers a prediction of the step at `step`: the story so far, and what is tried for the answer.
    /// What the learner has done is not in it: no lesson can foresee the answer of a run that anybody may change.
    ///
    /// # Errors
    /// As [`Lesson::replay`].
    pub fn prediction(&self, step: usize, predict: &Predict) -> Result<Replay, String> {
        let mut replay = self.story(step)?;
        add(&mut replay, &predict.inputs)?;
        Ok(replay)
    }

    /// The run that an observation of the step at `step` is about, as the lesson tells it: behind a goal that of the
    /// solution, else behind a prediction that tries something its own, else the step's run as nobody has touched it.
    ///
    /// # Errors
    /// As [`Lesson::replay`].
    pub fn observed(&self, step: usize, observe: &Observe) -> Result<Replay, String> {
        let mut replay = self.story(step)?;
        let Some(step) = self.steps.get(step) else { return Ok(replay) };
        let is_it = |part: &&Part| !matches!(part, Part::Observe(other) if other.line == observe.line);
        let before: Vec<&Part> = step.parts.iter().take_while(is_it).collect();
        if before.iter().any(|part| matches!(part, Part::Goal(_))) {
            attempt(&mut replay, &step.scene.solution)?;
        } else if let Some(inputs) = before.iter().rev().find_map(|part| match part {
            Part::Predict(predict) if !predict.inputs.is_empty() => Some(&predict.inputs),
            _ => None,
        }) {
            add(&mut replay, inputs)?;
        }
        Ok(replay)
    }

    /// The run of a challenge.
    ///
    /// # Errors
    /// As [`Lesson::replay`].
    pub fn challenge(&self, challenge: &Challenge) -> Result<Replay, String> {
        self.set_up(Some(&challenge.setup))
    }

    fn set_up(&self, setup: Option<&Setup>) -> Result<Replay, String> {
        let mut replay = Replay::new(self.spec()?).with_seed(self.seed);
        for setup in [Some(&self.setup), setup].into_iter().flatten() {
            for (param, value) in &setup.start {
                replay.set_start(*param, *value);
            }
            add(&mut replay, &setup.inputs)?;
        }
        Ok(replay)
    }

    /// What every run of the lesson must remember, so that all its measures can be told and all its tests judged.
    pub fn wanted(&self) -> Wanted {
        let (mut moments, mut followed) = (Vec::new(), Vec::new());
        self.measures(&mut |measure| measure.moments().for_each(|at| insert(&mut moments, at)));
        self.tests(&mut |test| {
            if let Some(metric) = test.measure.followed() {
                insert(&mut followed, metric);
            }
        });
        if let (Ok(spec), Some(_)) = (self.spec(), self.collects().next()) {
            points::moments(spec).for_each(|at| insert(&mut moments, at));
        }
        Wanted { moments, followed }
    }

    /// Every task to collect points, with its step.
    pub fn collects(&self) -> impl Iterator<Item = (usize, &Collect)> {
        let parts = self
            .steps
            .iter()
            .enumerate()
            .flat_map(|(index, step)| step.parts.iter().map(move |part| (index, part)));
        parts.filter_map(
            |(step, part)| if let Part::Collect(collect) = part { Some((step, collect)) } else { None },
        )
    }

    /// Every test that is asked of whatever run is on show.
    pub(crate) fn tests(&self, see: &mut impl FnMut(&Test)) {
        self.steps.iter().flat_map(|step| &step.parts).for_each(|part| judged(part, see));
    }

    pub(crate) fn measures(&self, see: &mut impl FnMut(&Measure)) {
        blocks(&self.introduction, see);
        for part in self.steps.iter().flat_map(|step| &step.parts) {
            shown(part, see);
            match part {
                Part::Predict(predict) => {
                    predict.measure.iter().for_each(&mut *see);
                    let tests = predict.options.iter().filter_map(|option| option.test.as_ref());
                    tests.for_each(|test| see(&test.measure));
                }
                _ => judged(part, &mut |test| see(&test.measure)),
            }
        }
    }
}

/// Adds `item` to a sorted list that has nothing twice.
fn insert<T: Ord>(list: &mut Vec<T>, item: T) {
    if let Err(place) = list.binary_search(&item) {
        list.insert(place, item);
    }
}

/// What `part` asks of whatever run is on show.
fn judged(part: &Part, see: &mut impl FnMut(&Test)) {
    match part {
        Part::Observe(observe) => observe.statements.iter().for_each(|statement| see(&statement.test)),
        Part::Goal(goal) => see(&goal.test),
        Part::Chat(Chat { when: When::Once(test), .. }) => see(test),
        Part::Debrief(debrief) => debrief.remarks().filter_map(|remark| remark.test.as_ref()).for_each(see),
        Part::Challenge(challenge) => challenge.tests.iter().for_each(see),
        _ => {}
    }
}

/// Every measure whose number stands in the text of `part`.
pub(crate) fn shown(part: &Part, see: &mut impl FnMut(&Measure)) {
    match part {
        Part::Prose(block) => blocks(slice::from_ref(block), see),
        Part::Debrief(debrief) => debrief.impact.iter().for_each(|impact| see(&impact.measure)),
        _ => {}
    }
    texts(part, &mut |text| inlines(text, see));
}

/// Every text of a block, in the order in which it is read.
pub(crate) fn texts(part: &Part, see: &mut impl FnMut(&Text)) {
    match part {
        Part::Prose(_) => {}
        Part::Predict(predict) => {
            see(&predict.question);
            predict.options.iter().for_each(|option| see(&option.text));
            predict.outcome_texts().for_each(see);
        }
        Part::Observe(observe) => {
            see(&observe.question);
            observe.statements.iter().for_each(|statement| see(&statement.text));
            observe.statements.iter().for_each(|statement| see(&statement.because));
        }
        Part::Explain(explain) => [&explain.question, &explain.ours].into_iter().for_each(see),
        Part::Collect(collect) => [&collect.question, &collect.after].into_iter().for_each(see),
        Part::Goal(goal) => std::iter::once(&goal.text).chain(&goal.hints).for_each(see),
        Part::Chat(chat) => see(&chat.says),
        Part::Vote(vote) => {
            see(&vote.question);
            vote.options.iter().for_each(|option| see(&option.text));
            vote.options.iter().for_each(|option| see(&option.says));
        }
        Part::Quiz(quiz) => {
            see(&quiz.question);
            quiz.options.iter().for_each(|option| see(&option.text));
            quiz.options.iter().for_each(|option| see(&option.because));
        }
        Part::Fill(fill) => {
            see(&fill.question);
            fill.rows.iter().for_each(|row| see(&row.because));
        }
        Part::Debrief(debrief) => {
            debrief.impact.iter().for_each(|impact| see(&impact.label));
            debrief.factors.iter().for_each(&mut *see);
            debrief.remarks().for_each(|remark| see(&remark.text));
            debrief.actions.iter().for_each(|task| see(&task.what));
        }
        Part::Challenge(challenge) => see(&challenge.text),
    }
}

/// Every measure in `text`.
pub(crate) fn inlines(text: &[Inline], see: &mut impl FnMut(&Measure)) {
    for inline in text {
        match inline {
            Inline::Live(live) => see(&live.measure),
            Inline::Emphasis(inside) | Inline::Strong(inside) | Inline::Link { text: inside, .. } => {
                inlines(inside, see);
            }
            Inline::Text(_) | Inline::Code(_) | Inline::Term { .. } | Inline::Break => {}
        }
    }
}

/// Every measure in `text`.
pub(crate) fn blocks(text: &[Block], see: &mut impl FnMut(&Measure)) {
    for block in text {
        match block {
            Block::Paragraph(text) => inlines(text, see),
            Block::Quote(text) => blocks(text, see),
            Block::List { items, .. } => items.iter().for_each(|item| inlines(item, see)),
            Block::Code(_) => {}
        }
    }
}

/// Enters `inputs` into `replay`.
///
/// # Errors
/// One sentence where the replay is full.
pub fn add(replay: &mut Replay, inputs: &[Timed]) -> Result<(), String> {
    inputs.iter().try_for_each(|timed| replay.add(timed.at, timed.input.clone()))
}

/// Enters the attempt `fixes` into `replay`.
///
/// # Errors
/// One sentence where the replay is full.
pub fn attempt(replay: &mut Replay, fixes: &[Fix]) -> Result<(), String> {
    for fix in fixes {
        match fix {
            Fix::Start(param, value) => replay.set_start(*param, *value),
            Fix::Input(Timed { at, input }) => replay.add(*at, input.clone())?,
        }
    }
    Ok(())
}

//! What a learner has done in a lesson, as text: kept between visits, readable, and safe to read whatever it says.

use std::fmt::Write;

use super::{Locked, Standing, Story};

/// The first line, so that a later version can tell.
const HEAD: &str = "war stories progress 1";

impl Story {
    /// Everything that outlives a visit but the run itself, which is in the address.
    pub fn print(&self) -> String {
        let mut text = format!("{HEAD}\nlesson {:x}\nstep {} {}\n", self.edition, self.step, self.furthest);
        for (line, locked) in &self.locked {
            // Writing to a string cannot fail.
            let _ = write!(text, "predicted {line} {}", locked.option);
            for value in locked.outcome.iter().chain(&locked.told) {
                let _ = if value.is_nan() { write!(text, " -") } else { write!(text, " {value:.6}") };
            }
            text.push('\n');
        }
        for (line, ways) in &self.votes {
            for way in ways {
                let _ = writeln!(text, "voted {line} {way}");
            }
        }
        for (line, option) in &self.answers {
            let _ = writeln!(text, "answered {line} {option}");
        }
        for ((line, place), _) in self.goals.iter().filter(|(_, standing)| standing.met) {
            let _ = writeln!(text, "met {line} {place}");
        }
        for action in &self.taken {
            let _ = writeln!(text, "took {action}");
        }
        for (line, count) in &self.hints {
            let _ = writeln!(text, "hinted {line} {count}");
        }
        text
    }

    /// Takes up what was kept.
    ///
    /// # Errors
    /// One sentence where the lesson has changed since, or that names the first line that makes no sense; the story is
    /// then left as it was.
    pub fn take_up_progress(&mut self, text: &str) -> Result<(), String> {
        let mut next = self.clone();
        let edition = format!("lesson {:x}", self.edition);
        if text.lines().nth(1).is_some_and(|line| line.starts_with("lesson ") && line != edition) {
            return Err(String::from(
                "This lesson has changed since you were here, so it starts from the beginning.",
            ));
        }
        for (index, line) in text.lines().enumerate() {
            let understood = match index {
                0 => (line == HEAD).then_some(()),
                1 => (line == edition).then_some(()),
                _ => next.take_up_line(line),
            };
            if understood.is_none() {
                let line: String = line.chars().take(40).collect();
                return Err(format!(
                    "What was kept of this lesson cannot be read (line {}: \"{line}\"), so it starts from the beginning.",
                    index + 1
                ));
            }
        }
        *self = next;
        Ok(())
    }

    fn take_up_line(&mut self, line: &str) -> Option<()> {
        let mut words = line.split(' ');
        let kind = words.next()?;
        let first: usize = words.next()?.parse().ok()?;
        let second = words.next();
        let number = || second.and_then(|word| word.parse::<usize>().ok());
        match kind {
            "step" => {
                self.go(first);
                self.furthest = number()?.min(self.lesson.steps.len().saturating_sub(1)).max(self.step);
            }
            "predicted" => {
                let value =
                    |word| if word == "-" { Some(f64::NAN) } else { warstories_sim::decimal::parse(word) };
                let mut values = words.map(value).collect::<Option<Vec<f64>>>()?.into_iter();
                let outcome = values.next();
                self.chosen.insert(first, number()?);
                self.locked.insert(first, Locked { option: number()?, outcome, told: values.collect() });
            }
            "voted" => self.votes.entry(first).or_default().push(number()?),
            "answered" => {
                self.chosen.insert(first, number()?);
                self.answers.insert(first, number()?);
            }
            "met" => {
                self.goals.insert((first, number()?), Standing { value: None, met: true });
            }
            "took" => {
                self.taken.insert(first);
            }
            "hinted" => {
                self.hints.insert(first, number()?);
            }
            _ => return None,
        }
        Some(())
    }
}

//! The points that the learner has collected.

use warstories_lesson::lesson::{Collect, Part};
use warstories_lesson::points::{Next, Point};
use warstories_sim::{Playable, format};

use super::Story;

/// Points of one plane from which on only those are kept that the task still lacks. It has at most half as many parts.
pub const MANY_POINTS: usize = 24;

impl Story {
    /// The tasks of the step to collect points.
    pub fn collects(&self) -> impl Iterator<Item = &Collect> {
        self.parts()
            .iter()
            .filter_map(|part| if let Part::Collect(collect) = part { Some(collect) } else { None })
    }

    /// What was collected for the task at this line.
    pub fn points(&self, line: usize) -> &[Point] {
        self.collected.get(&line).map_or(&[], Vec::as_slice)
    }

    /// Whether all points are there.
    pub fn is_collected(&self, collect: &Collect) -> bool {
        collect.lacks(self.points(collect.line)).is_none()
    }

    /// Takes the points that `run` has given by now, and notes when the next one lands. Gives what is worth being
    /// announced.
    pub(super) fn gather(&mut self, run: &dyn Playable) -> Vec<String> {
        let (lesson, here) = (self.lesson.clone(), self.step);
        let from = lesson.begins(here);
        let mut news = Vec::new();
        self.lands = None;
        let is_on = self.challenge.is_none();
        for (_, collect) in lesson.collects().filter(|(step, _)| is_on && *step == here) {
            let points = self.collected.entry(collect.line).or_default();
            for point in collect.measured(run, from) {
                let is_lacking = |(low, high): (f64, f64)| (low..high).contains(&point.x);
                let has_room = points.len() < MANY_POINTS || collect.lacks(points).is_some_and(is_lacking);
                if has_room && !points.contains(&point) {
                    points.push(point);
                    news.push(latest(collect, points, run));
                }
            }
            if let (Some(_), Next::Window(_, end)) = (collect.lacks(points), collect.next(run, from)) {
                self.lands = Some(end);
            }
        }
        news
    }
}

/// The coordinates of a point, as text.
pub fn coordinates(collect: &Collect, point: &Point, run: &dyn Playable) -> String {
    let said = [(&collect.x, point.x), (&collect.y, point.y)].map(|(measure, value)| {
        let metric = &run.spec().metrics[measure.metric];
        format!("{} {}", metric.label, format::quantity(value, metric.unit))
    });
    said.join(", ")
}

/// The latest point in a sentence.
pub fn latest(collect: &Collect, points: &[Point], run: &dyn Playable) -> String {
    let told = points.last().map(|point| coordinates(collect, point, run));
    told.map_or_else(String::new, |told| format!("Point {}: {told}.", points.len()))
}

#[cfg(test)]
mod tests;

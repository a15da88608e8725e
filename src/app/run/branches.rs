//! Runs side by side: up to four takes of one story that differ in what the learner did.

use warstories_sim::suggest::shortened_to;
use warstories_sim::{Replay, SimTime};

use crate::run::history::History;

/// Branches that there are at most: what a table and a chart can still show.
pub const MAX_BRANCHES: usize = 4;
/// Characters of a branch's name.
pub const MAX_NAME: usize = 24;

/// Tells branches apart for as long as the page is open.
pub type BranchId = u32;

/// One take of the story.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Tells it apart.
    pub id: BranchId,
    /// What the learner calls it.
    pub name: String,
    /// The run.
    pub replay: Replay,
    /// What can be undone in it.
    pub history: History,
}

/// All takes; one of them is on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Branches {
    all: Vec<Branch>,
    current: usize,
    next_id: BranchId,
    /// Whether the run that nobody touched is shown beside them.
    pub baseline: bool,
}

impl Branches {
    /// One branch.
    pub fn new(replay: Replay) -> Self {
        let first = Branch { id: 0, name: String::from("A"), replay, history: History::default() };
        Self { all: vec![first], current: 0, next_id: 1, baseline: false }
    }

    /// One branch, which is the learner's own beside those that a lesson shows.
    pub fn own(replay: Replay) -> Self {
        let mut branches = Self::new(replay);
        branches.rename(0, "Your run");
        branches
    }

    /// All, in order of their making.
    pub fn all(&self) -> &[Branch] {
        &self.all
    }

    /// The one on the page.
    pub fn current(&self) -> &Branch {
        &self.all[self.current]
    }

    /// The one on the page, to be changed.
    pub fn current_mut(&mut self) -> &mut Branch {
        &mut self.all[self.current]
    }

    /// Whether there is room for one more.
    pub fn can_fork(&self) -> bool {
        self.all.len() < MAX_BRANCHES
    }

    /// Makes a new branch that shares everything up to `moment` with the current one, and shows it.
    pub fn fork(&mut self, moment: SimTime) {
        if !self.can_fork() {
            return;
        }
        let mut replay = self.current().replay.clone();
        replay.truncate(moment.next());
        let name = self.free_name();
        self.all.push(Branch { id: self.next_id, name, replay, history: History::default() });
        self.next_id += 1;
        self.current = self.all.len() - 1;
    }

    /// Shows `replay` as a branch called `name`: a new one, or instead of the one of that name, or of the last one where
    /// there is no more room.
    pub fn add(&mut self, name: &str, replay: Replay) {
        let name = shortened_to(name, MAX_NAME - 1);
        let place = self.all.iter().position(|branch| branch.name == name);
        let place = place.or_else(|| (!self.can_fork()).then_some(MAX_BRANCHES - 1));
        let branch = Branch { id: self.next_id, name, replay, history: History::default() };
        self.next_id += 1;
        self.current = place.unwrap_or(self.all.len());
        if let Some(place) = place {
            self.all[place] = branch;
        } else {
            self.all.push(branch);
        }
    }

    /// The first letter that no branch is called.
    fn free_name(&self) -> String {
        let letters = ('A'..='Z').map(String::from);
        letters
            .into_iter()
            .find(|name| self.all.iter().all(|branch| &branch.name != name))
            .unwrap_or_default()
    }

    /// Shows the branch `id`.
    pub fn switch(&mut self, id: BranchId) {
        if let Some(position) = self.all.iter().position(|branch| branch.id == id) {
            self.current = position;
        }
    }

    /// Forgets the branch `id`; the last one stays.
    pub fn remove(&mut self, id: BranchId) {
        let shown = self.current().id;
        if self.all.len() > 1 {
            self.all.retain(|branch| branch.id != id);
        }
        self.current = self
            .all
            .iter()
            .position(|branch| branch.id == shown)
            .unwrap_or(self.current.min(self.all.len() - 1));
    }

    /// Calls the branch `id` by `name`, if that is a name.
    pub fn rename(&mut self, id: BranchId, name: &str) {
        let name: String = name.trim().chars().filter(|char| !char.is_control()).take(MAX_NAME).collect();
        if let Some(branch) = self.all.iter_mut().find(|branch| branch.id == id)
            && !name.is_empty()
        {
            branch.name = name;
        }
    }

    /// The first moment at which the runs side by side differ; none where they never do.
    pub fn parting(&self) -> Option<SimTime> {
        let untouched = self.baseline.then(|| self.untouched());
        let all = self.all.iter().map(|branch| &branch.replay).chain(&untouched);
        all.filter_map(|other| self.current().replay.parts_from(other)).min()
    }

    /// The current run as if nobody had touched it.
    pub fn untouched(&self) -> Replay {
        let mut replay = self.current().replay.clone();
        replay.truncate(SimTime::ZERO);
        replay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lab(link: &str) -> Branches {
        Branches::new(Replay::parse(link).expect("a link to the lab").replay)
    }

    fn names(branches: &Branches) -> Vec<&str> {
        branches.all().iter().map(|branch| branch.name.as_str()).collect()
    }

    #[test]
    fn a_fork_shares_the_past_and_not_what_was_planned() {
        let mut branches = lab("queueing_lab?seed=5&at=10,servers=2&at=30,servers=3");
        branches.fork(SimTime::from_secs(20));
        assert_eq!(names(&branches), ["A", "B"]);
        assert_eq!(branches.current().replay.print(None), "queueing_lab?seed=5&at=10,servers=2");
        assert_eq!(branches.all()[0].replay.inputs().len(), 2);
    }

    #[test]
    fn there_are_at_most_four_and_at_least_one() {
        let mut branches = lab("queueing_lab");
        for _ in 0..6 {
            branches.fork(SimTime::ZERO);
        }
        assert_eq!(names(&branches), ["A", "B", "C", "D"]);
        for id in 0..4 {
            branches.remove(id);
        }
        assert_eq!(names(&branches), ["D"]);
        branches.fork(SimTime::ZERO);
        assert_eq!((names(&branches), branches.current().id), (vec!["D", "A"], 4));
    }

    #[test]
    fn removing_another_branch_keeps_the_one_on_the_page() {
        let mut branches = lab("queueing_lab");
        branches.fork(SimTime::ZERO);
        branches.fork(SimTime::ZERO);
        branches.switch(1);
        branches.remove(0);
        assert_eq!(branches.current().name, "B");
        branches.remove(1);
        assert_eq!(branches.current().name, "C");
    }

    #[test]
    fn a_name_is_short_plain_and_never_empty() {
        let mut branches = lab("queueing_lab");
        branches.rename(0, "  \n ");
        assert_eq!(names(&branches), ["A"]);
        branches.rename(0, &format!(" more\u{7} servers {}", "x".repeat(50)));
        assert_eq!(names(&branches), ["more servers xxxxxxxxxxx"]);
    }

    #[test]
    fn the_baseline_has_the_same_start_and_no_inputs() {
        let branches = lab("queueing_lab?seed=5&servers=2&at=10,servers=3");
        assert_eq!(branches.untouched().print(None), "queueing_lab?seed=5&servers=2");
    }
}

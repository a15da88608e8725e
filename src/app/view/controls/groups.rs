//! Which groups of controls are open, and which word is looked for.

/// The controls of one part of the system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Controls on show.
    pub shown: usize,
    /// Those among them that are changed.
    pub changed: usize,
}

/// The state of the groups. What the learner folds stays folded until something happens in the group.
#[derive(Debug, Default)]
pub struct Groups {
    word: String,
    /// By part.
    open: Vec<bool>,
    /// The same while a word is looked for.
    open_in_search: Vec<bool>,
    tally: Vec<Tally>,
    asked: Option<(usize, u32)>,
}

impl Groups {
    /// Takes in how many controls there are now. A group opens when a control in it is changed or comes to it, and when
    /// it is asked for, by its part and the number of the click, which also ends a search. At first the first group is open, and all of
    /// them in a lesson, which has opened each control for a reason.
    pub fn follow(&mut self, tally: &[Tally], in_lesson: bool, asked: Option<(usize, u32)>) {
        if self.open.is_empty() {
            self.open = vec![in_lesson; tally.len()];
            if let Some(first) = tally.iter().position(|part| part.shown > 0) {
                self.open[first] = true;
            }
            self.tally = tally.iter().map(|part| Tally { changed: 0, ..*part }).collect();
        }
        for (part, (now, before)) in tally.iter().zip(&self.tally).enumerate() {
            self.open[part] |= now.changed > before.changed || now.shown > before.shown;
        }
        tally.clone_into(&mut self.tally);
        if asked != self.asked
            && let Some((part, _)) = asked
        {
            self.word.clear();
            self.open[part] = true;
        }
        self.asked = asked;
    }

    /// The learner folds or unfolds a group. What is done during a search ends with it.
    pub fn fold(&mut self, part: usize, is_open: bool) {
        let groups = if self.word.is_empty() { &mut self.open } else { &mut self.open_in_search };
        if let Some(open) = groups.get_mut(part) {
            *open = is_open;
        }
    }

    /// Looks for a word, which opens every group, or for nothing any more.
    pub fn find(&mut self, word: &str) {
        word.trim_start().clone_into(&mut self.word);
        self.open_in_search = vec![true; self.open.len()];
    }

    /// What is looked for.
    pub fn word(&self) -> &str {
        &self.word
    }

    /// Whether one of these texts has what is looked for, in small letters or capitals.
    pub fn finds(&self, texts: &[&str]) -> bool {
        let word = self.word.trim_end().to_ascii_lowercase();
        texts.iter().any(|text| text.to_ascii_lowercase().contains(&word))
    }

    /// Whether the group is open.
    pub fn is_open(&self, part: usize) -> bool {
        let groups = if self.word.is_empty() { &self.open } else { &self.open_in_search };
        groups.get(part) == Some(&true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three parts of two controls each, of which so many are changed.
    fn changed(changed: [usize; 3]) -> [Tally; 3] {
        changed.map(|changed| Tally { shown: 2, changed })
    }

    fn open(groups: &Groups) -> [bool; 3] {
        [0, 1, 2].map(|part| groups.is_open(part))
    }

    fn fresh() -> Groups {
        let mut groups = Groups::default();
        groups.follow(&changed([0, 0, 0]), false, None);
        groups
    }

    #[test]
    fn the_first_group_is_open_and_those_in_which_something_was_changed() {
        assert_eq!(open(&fresh()), [true, false, false]);
        let mut groups = Groups::default();
        groups.follow(&changed([0, 0, 1]), false, None);
        assert_eq!(open(&groups), [true, false, true]);
    }

    #[test]
    fn a_group_that_was_folded_stays_so_until_something_else_is_changed_in_it() {
        let mut groups = fresh();
        groups.follow(&changed([1, 1, 0]), false, None);
        assert_eq!(open(&groups), [true, true, false]);
        groups.fold(0, false);
        groups.fold(1, false);
        groups.follow(&changed([1, 1, 0]), false, None);
        assert_eq!(open(&groups), [false, false, false]);
        groups.follow(&changed([1, 2, 0]), false, None);
        assert_eq!(open(&groups), [false, true, false]);
        // Resetting folds nothing under the learner's hands.
        groups.follow(&changed([0, 0, 0]), false, None);
        assert_eq!(open(&groups), [false, true, false]);
    }

    #[test]
    fn a_lesson_folds_nothing_and_unfolds_the_group_of_a_new_control() {
        let mut groups = Groups::default();
        groups.follow(&changed([0, 0, 0]), true, None);
        assert_eq!(open(&groups), [true; 3]);
        groups.fold(2, false);
        let mut more = changed([0, 0, 0]);
        more[2].shown = 3;
        groups.follow(&more, true, None);
        assert_eq!(open(&groups), [true; 3]);
    }

    #[test]
    fn a_node_that_is_picked_again_unfolds_its_group_again() {
        let mut groups = fresh();
        groups.follow(&changed([0, 0, 0]), false, Some((2, 1)));
        assert_eq!(open(&groups), [true, false, true]);
        groups.fold(2, false);
        groups.follow(&changed([0, 0, 0]), false, Some((2, 1)));
        assert_eq!(open(&groups), [true, false, false]);
        groups.find("retries");
        groups.follow(&changed([0, 0, 0]), false, Some((2, 2)));
        assert_eq!((open(&groups), groups.word()), ([true, false, true], ""));
    }

    #[test]
    fn a_search_opens_every_group_and_leaves_the_folds_as_they_were() {
        let mut groups = fresh();
        groups.find(" Time ");
        assert_eq!(open(&groups), [true; 3]);
        assert!(groups.finds(&["label", "timeout_ms"]) && !groups.finds(&["label", "doc"]));
        groups.fold(0, false);
        assert_eq!(open(&groups), [false, true, true]);
        groups.find("");
        assert_eq!(open(&groups), [true, false, false]);
        assert!(groups.finds(&["anything"]));
    }
}

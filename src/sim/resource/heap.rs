//! A priority queue whose members can leave from the middle.

/// A member of a [`Heap`].
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// The one with the least comes first; never negative …
    pub ends: f64,
    /// … and of equals the one with the lowest order.
    pub order: u64,
    /// A small number of its own: memory grows with the largest, and shrinks again some time after it has gone.
    pub id: u32,
}

impl Job {
    /// Numbers that are not negative are in the order of their bits.
    fn key(&self) -> u128 {
        u128::from(self.ends.to_bits()) << 64 | u128::from(self.order)
    }

    fn is_before(&self, other: &Self) -> bool {
        self.key() < other.key()
    }
}

/// A binary heap that knows the place of each member, so that any of them leaves in logarithmic time.
#[derive(Clone, Debug, Default)]
pub struct Heap {
    jobs: Vec<Job>,
    /// The place of each id; means something only where the job there has that id.
    places: Vec<u32>,
    /// Members that left since `places` was last cut to size.
    gone: usize,
}

/// Room for so many members is never given up.
const SMALL: usize = 1024;

impl Heap {
    /// Number of members.
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// The first member.
    pub fn peek(&self) -> Option<&Job> {
        self.jobs.first()
    }

    /// Adds a member whose id no other has.
    pub fn push(&mut self, job: Job) {
        if self.places.len() <= job.id as usize {
            self.places.resize(job.id as usize + 1, 0);
        }
        self.jobs.push(job);
        self.rise(self.jobs.len() - 1);
    }

    /// Takes the first member out.
    pub fn pop(&mut self) -> Option<Job> {
        (!self.jobs.is_empty()).then(|| self.take(0))
    }

    /// Takes the member `id` out, if it is there.
    pub fn remove(&mut self, id: u32) -> Option<Job> {
        let place = *self.places.get(id as usize)? as usize;
        self.jobs.get(place).filter(|job| job.id == id)?;
        Some(self.take(place))
    }

    /// Takes out all members that `is_leaving` names, in no order that means anything.
    pub fn remove_if(&mut self, mut is_leaving: impl FnMut(u32) -> bool) {
        self.jobs.retain(|job| !is_leaving(job.id));
        for place in (0..self.jobs.len()).rev() {
            self.places[self.jobs[place].id as usize] = place as u32;
            self.sink(place);
        }
    }

    /// All members, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = &Job> {
        self.jobs.iter()
    }

    fn take(&mut self, place: usize) -> Job {
        let job = self.jobs.swap_remove(place);
        self.gone += 1;
        if self.gone > self.places.len() {
            self.cut();
        }
        if place > 0 && self.jobs.get(place).is_some_and(|moved| moved.is_before(&self.jobs[(place - 1) / 2]))
        {
            self.rise(place);
        } else if place < self.jobs.len() {
            self.sink(place);
        }
        job
    }

    /// Gives up the places of ids above the largest. Done so rarely that it costs nothing worth mentioning.
    #[cold]
    fn cut(&mut self) {
        self.gone = 0;
        let end = self.jobs.iter().map(|job| job.id as usize + 1).max().unwrap_or(0);
        self.places.truncate(end);
        if self.places.capacity() > 4 * end + SMALL {
            self.places.shrink_to_fit();
            self.jobs.shrink_to_fit();
        }
    }

    /// Moves the job at `place` up to where it belongs.
    fn rise(&mut self, mut place: usize) {
        let job = self.jobs[place];
        while place > 0 {
            let parent = (place - 1) / 2;
            if !job.is_before(&self.jobs[parent]) {
                break;
            }
            self.put(place, self.jobs[parent]);
            place = parent;
        }
        self.put(place, job);
    }

    /// Moves the job at `place` down to where it belongs.
    fn sink(&mut self, mut place: usize) {
        let job = self.jobs[place];
        loop {
            let left = 2 * place + 1;
            let Some(mut child) = self.jobs.get(left) else { break };
            let mut at = left;
            if let Some(right) = self.jobs.get(left + 1).filter(|right| right.is_before(child)) {
                (child, at) = (right, left + 1);
            }
            if !child.is_before(&job) {
                break;
            }
            self.put(place, *child);
            place = at;
        }
        self.put(place, job);
    }

    fn put(&mut self, place: usize, job: Job) {
        self.jobs[place] = job;
        self.places[job.id as usize] = place as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Step {
        Push(u8),
        Pop,
        Remove(u8),
        RemoveIf(u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            8 => (0..20_u8).prop_map(Step::Push),
            2 => Just(Step::Pop),
            3 => any::<u8>().prop_map(Step::Remove),
            1 => (1..9_u8).prop_map(Step::RemoveIf),
        ]
    }

    proptest! {
        /// A sorted list is the specification; ids are used again as soon as they are free.
        #[test]
        fn it_does_what_a_sorted_list_does(steps in prop::collection::vec(step(), 0..200)) {
            let (mut heap, mut list, mut order) = (Heap::default(), Vec::<(u8, u64, u32)>::new(), 0);
            for step in steps {
                match step {
                    Step::Push(ends) => {
                        let id = (0..1000).find(|id| list.iter().all(|job| job.2 != *id)).unwrap_or(0);
                        heap.push(Job { ends: f64::from(ends), order, id });
                        list.push((ends, order, id));
                        list.sort_unstable();
                        order += 1;
                    }
                    Step::Pop => {
                        let first = (!list.is_empty()).then(|| list.remove(0).2);
                        prop_assert_eq!(heap.pop().map(|job| job.id), first);
                    }
                    Step::Remove(id) => {
                        let id = u32::from(id) % 64;
                        let place = list.iter().position(|job| job.2 == id);
                        let removed = place.map(|place| list.remove(place).1);
                        prop_assert_eq!(heap.remove(id).map(|job| job.order), removed);
                    }
                    Step::RemoveIf(modulus) => {
                        heap.remove_if(|id| id % u32::from(modulus) == 0);
                        list.retain(|job| job.2 % u32::from(modulus) != 0);
                    }
                }
                prop_assert_eq!(heap.len(), list.len());
                prop_assert_eq!(heap.peek().map(|job| job.id), list.first().map(|job| job.2));
            }
            let rest: Vec<_> = std::iter::from_fn(|| heap.pop()).map(|job| job.id).collect();
            prop_assert_eq!(rest, list.iter().map(|job| job.2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_heap_that_has_drained_gives_its_memory_back() {
        let mut heap = Heap::default();
        let job = |id| Job { ends: f64::from(id), order: u64::from(id), id };
        (0..100_000).for_each(|id| heap.push(job(id)));
        while heap.len() > 10 {
            heap.pop();
        }
        // Small ids come and go, large ones are still there.
        for id in (0..100).cycle().take(100_000) {
            heap.push(job(id));
            heap.pop();
        }
        assert_eq!(heap.places.len(), 100_000);
        while heap.pop().is_some() {}
        for id in (0..100).cycle().take(200_000) {
            heap.push(job(id));
            heap.pop();
        }
        assert!(heap.places.len() <= 100 && heap.jobs.capacity() <= SMALL, "{} places", heap.places.len());
    }

    #[test]
    fn a_heap_gives_memory_back_while_a_hundred_stay() {
        let mut heap = Heap::default();
        let job = |id| Job { ends: f64::from(id), order: u64::from(id), id };
        (0..100_000).for_each(|id| heap.push(job(id)));
        assert!((100..100_000).all(|id| heap.remove(id).is_some()));
        for _ in 0..200 {
            heap.push(job(100));
            heap.remove(100);
        }
        assert_eq!(heap.len(), 100);
        assert!(heap.places.capacity() <= SMALL && heap.jobs.capacity() <= SMALL);
    }
}

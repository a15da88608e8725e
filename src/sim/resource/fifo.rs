//! Records with small numbers for names, and waiting lines through them that anybody may leave.

use std::ops::{Index, IndexMut};

/// Records that are named by small numbers. The name of a record that is gone names a later one, so whoever keeps a
/// name must know that its record is still there.
///
/// Everything takes constant time, on average over many calls. A slab that holds far fewer records than it once did
/// gives memory back: it stops using the upper half of its names, and drops that half when the last record there has
/// gone.
#[derive(Debug)]
pub struct Slab<T> {
    places: Vec<Place<T>>,
    /// The name that the next record gets; each free place leads to the next one. [`NONE`] where no name is free.
    free: u32,
    len: usize,
    /// Names from here on are out of use; [`NONE`] while all names are in use.
    limit: u32,
    /// Records that still have a name out of use.
    beyond: usize,
    /// With fewer records than this the slab gives memory back; more than there can be while it does.
    few: usize,
}

#[derive(Clone, Copy, Debug)]
struct Place<T> {
    /// What was here last, if the place is free.
    record: T,
    /// Neighbours in the line that the record stands in; [`FREE`] before a free place.
    previous: u32,
    next: u32,
}

/// Names no record.
pub const NONE: u32 = u32::MAX;
/// The place is free.
const FREE: u32 = u32::MAX - 1;
/// A slab with at most so many places keeps them all.
const SMALL: usize = 1024;

/// The number of records below which a slab with so many places gives memory back. Since half of the names then stay
/// in use, the number of records has to quadruple before the others are needed again.
fn few(places: usize) -> usize {
    if places > SMALL { places / 8 } else { 0 }
}

impl<T: Clone> Clone for Slab<T> {
    #[inline(never)]
    fn clone(&self) -> Self {
        Self { places: self.places.clone(), ..*self }
    }
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { places: Vec::new(), free: NONE, len: 0, limit: NONE, beyond: 0, few: 0 }
    }
}

impl<T: Copy> Slab<T> {
    /// Number of records.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All names are below this; not each of them names a record.
    pub fn end(&self) -> u32 {
        self.places.len() as u32
    }

    /// Keeps a record, which stands in no line, and tells its name.
    #[inline]
    pub fn insert(&mut self, record: T) -> u32 {
        self.len += 1;
        if self.free == NONE && self.limit != NONE {
            self.use_all_names();
        }
        let id = self.free;
        if let Some(place) = self.places.get_mut(id as usize) {
            self.free = place.next;
            place.record = record;
            (place.previous, place.next) = (NONE, NONE);
            return id;
        }
        self.places.push(Place { record, previous: NONE, next: NONE });
        self.few = few(self.places.len());
        self.end() - 1
    }

    /// The names out of use are needed again.
    #[cold]
    fn use_all_names(&mut self) {
        self.use_names(self.limit, self.end());
        (self.limit, self.beyond, self.few) = (NONE, 0, few(self.places.len()));
    }

    /// The record of this name.
    #[inline]
    pub fn get(&self, id: u32) -> Option<&T> {
        self.places.get(id as usize).filter(|place| place.previous != FREE).map(|place| &place.record)
    }

    /// The record of this name, to be changed.
    #[inline]
    pub fn get_mut(&mut self, id: u32) -> Option<&mut T> {
        self.places.get_mut(id as usize).filter(|place| place.previous != FREE).map(|place| &mut place.record)
    }

    /// Takes out the record of this name, which stands in no line any more.
    #[inline]
    pub fn remove(&mut self, id: u32) -> Option<T> {
        let place = self.places.get_mut(id as usize).filter(|place| place.previous != FREE)?;
        debug_assert!(
            (place.previous, place.next) == (NONE, NONE),
            "record {id} is removed while it stands in a line"
        );
        let record = place.record;
        (place.previous, place.next) = (FREE, self.free);
        self.free = id;
        self.len -= 1;
        if self.len < self.few {
            self.give_back(id);
        }
        Some(record)
    }

    /// All records, by name.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        let taken = self.places.iter().enumerate().filter(|(_, place)| place.previous != FREE);
        taken.map(|(id, place)| (id as u32, &place.record))
    }

    /// Takes the upper half of the names out of use, and drops it as soon as no record has one of them. `id` is the name
    /// that has just become free.
    #[cold]
    fn give_back(&mut self, id: u32) {
        if self.limit == NONE {
            let half = self.end() / 2;
            self.free = NONE;
            self.use_names(0, half);
            let beyond = self.places.iter().skip(half as usize).filter(|place| place.previous != FREE);
            (self.limit, self.beyond, self.few) = (half, beyond.count(), usize::MAX);
        } else if id >= self.limit {
            // The name is not to be given again.
            self.free = self.places[id as usize].next;
            self.beyond -= 1;
        }
        if self.beyond == 0 {
            self.places.truncate(self.limit as usize);
            self.places.shrink_to_fit();
            (self.limit, self.few) = (NONE, few(self.places.len()));
        }
    }

    /// The free names in this range are given to the next records, the lowest first.
    fn use_names(&mut self, from: u32, to: u32) {
        for id in (from..to).rev() {
            if let Some(place) = self.places.get_mut(id as usize).filter(|place| place.previous == FREE) {
                place.next = std::mem::replace(&mut self.free, id);
            }
        }
    }
}

/// For names whose record is known to be there.
impl<T> Index<u32> for Slab<T> {
    type Output = T;
    #[inline]
    fn index(&self, id: u32) -> &T {
        let place = &self.places[id as usize];
        debug_assert!(place.previous != FREE, "record {id} is read after it was removed");
        &place.record
    }
}

impl<T> IndexMut<u32> for Slab<T> {
    #[inline]
    fn index_mut(&mut self, id: u32) -> &mut T {
        let place = &mut self.places[id as usize];
        debug_assert!(place.previous != FREE, "record {id} is changed after it was removed");
        &mut place.record
    }
}

/// A waiting line through the records of a [`Slab`], the first to join at its head. A record stands in one line at
/// most, and can leave from the middle; each method is told the slab.
#[derive(Clone, Copy, Debug)]
pub struct Fifo {
    first: u32,
    last: u32,
    len: u32,
}

impl Default for Fifo {
    fn default() -> Self {
        Self { first: NONE, last: NONE, len: 0 }
    }
}

impl Fifo {
    /// Number of records in line.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Who has waited longest.
    pub fn first(&self) -> Option<u32> {
        (self.first != NONE).then_some(self.first)
    }

    /// Who came last.
    pub fn last(&self) -> Option<u32> {
        (self.last != NONE).then_some(self.last)
    }

    /// The record `id`, which stands in no line, joins at the end.
    #[inline]
    pub fn join<T: Copy>(&mut self, slab: &mut Slab<T>, id: u32) {
        let place = &mut slab.places[id as usize];
        debug_assert!((place.previous, place.next) == (NONE, NONE), "record {id} joins a second line");
        (place.previous, place.next) = (self.last, NONE);
        match slab.places.get_mut(self.last as usize) {
            Some(last) => last.next = id,
            None => self.first = id,
        }
        self.last = id;
        self.len += 1;
    }

    /// The record `id`, which stands in this line, leaves it.
    #[inline]
    pub fn leave<T: Copy>(&mut self, slab: &mut Slab<T>, id: u32) {
        let place = &mut slab.places[id as usize];
        let (previous, next) = (place.previous, place.next);
        if cfg!(debug_assertions) {
            (place.previous, place.next) = (NONE, NONE);
        }
        debug_assert!(previous != NONE || self.first == id, "record {id} leaves a line that it is not in");
        debug_assert!(next != NONE || self.last == id, "record {id} leaves a line that it is not in");
        match slab.places.get_mut(previous as usize) {
            Some(neighbour) => neighbour.next = next,
            None => self.first = next,
        }
        match slab.places.get_mut(next as usize) {
            Some(neighbour) => neighbour.previous = previous,
            None => self.last = previous,
        }
        self.len -= 1;
    }

    /// Takes out who has waited longest.
    #[inline]
    pub fn take_first<T: Copy>(&mut self, slab: &mut Slab<T>) -> Option<u32> {
        let id = self.first()?;
        self.leave(slab, id);
        Some(id)
    }

    /// Takes out who came last.
    pub fn take_last<T: Copy>(&mut self, slab: &mut Slab<T>) -> Option<u32> {
        let id = self.last()?;
        self.leave(slab, id);
        Some(id)
    }

    /// Everybody leaves.
    pub fn clear<T: Copy>(&mut self, slab: &mut Slab<T>) {
        while self.take_first(slab).is_some() {}
    }

    /// The names of all who wait, from the first.
    pub fn iter<'a, T: Copy>(&self, slab: &'a Slab<T>) -> impl Iterator<Item = u32> + use<'a, T> {
        std::iter::successors(self.first(), |id| {
            slab.places.get(*id as usize).map(|place| place.next).filter(|next| *next != NONE)
        })
    }
}

#[cfg(test)]
mod tests;

//! Records with small numbers for names, which are used again.

/// Records that are named by small numbers. The number of a record that is gone names the next new one.
#[derive(Clone, Debug)]
pub struct Slab<T> {
    places: Vec<Place<T>>,
    free: u32,
    len: usize,
}

#[derive(Clone, Copy, Debug)]
enum Place<T> {
    Taken(T),
    /// Empty; the next empty place after it.
    Free(u32),
}

/// Names no record.
pub const NONE: u32 = u32::MAX;

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { places: Vec::new(), free: NONE, len: 0 }
    }
}

impl<T> Slab<T> {
    /// Number of records.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Names up to here, and not all of them, are in use.
    pub fn end(&self) -> u32 {
        self.places.len() as u32
    }

    /// Keeps a record and tells its name.
    pub fn insert(&mut self, record: T) -> u32 {
        self.len += 1;
        let id = self.free;
        if let Some(place) = self.places.get_mut(id as usize) {
            if let Place::Free(next) = *place {
                self.free = next;
            }
            *place = Place::Taken(record);
            return id;
        }
        self.places.push(Place::Taken(record));
        self.places.len() as u32 - 1
    }

    /// The record of this name.
    pub fn get(&self, id: u32) -> Option<&T> {
        match self.places.get(id as usize)? {
            Place::Taken(record) => Some(record),
            Place::Free(_) => None,
        }
    }

    /// The record of this name, to be changed.
    pub fn get_mut(&mut self, id: u32) -> Option<&mut T> {
        match self.places.get_mut(id as usize)? {
            Place::Taken(record) => Some(record),
            Place::Free(_) => None,
        }
    }

    /// Takes the record of this name out.
    pub fn remove(&mut self, id: u32) -> Option<T> {
        let place = self.places.get_mut(id as usize).filter(|place| matches!(place, Place::Taken(_)))?;
        let old = std::mem::replace(place, Place::Free(self.free));
        self.free = id;
        self.len -= 1;
        match old {
            Place::Taken(record) => Some(record),
            Place::Free(_) => None,
        }
    }

    /// All records, by name.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.places.iter().enumerate().filter_map(|(id, place)| match place {
            Place::Taken(record) => Some((id as u32, record)),
            Place::Free(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_used_again_and_name_nothing_in_between() {
        let mut slab = Slab::default();
        let ids = ["a", "b", "c"].map(|record| slab.insert(record));
        assert_eq!((slab.remove(ids[1]), slab.remove(ids[1]), slab.remove(NONE)), (Some("b"), None, None));
        assert_eq!((slab.get(ids[1]), slab.get(ids[2]), slab.len()), (None, Some(&"c"), 2));
        assert_eq!((slab.insert("d"), slab.insert("e"), slab.end()), (ids[1], 3, 4));
        assert_eq!(slab.iter().map(|(_, record)| *record).collect::<String>(), "adce");
    }
}

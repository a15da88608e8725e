use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[test]
fn names_are_used_again_and_name_nothing_in_between() {
    let mut slab = Slab::default();
    let ids = ["a", "b", "c"].map(|record| slab.insert(record));
    assert_eq!((slab.remove(ids[1]), slab.remove(ids[1]), slab.remove(NONE)), (Some("b"), None, None));
    assert_eq!((slab.get(ids[1]), slab.get(ids[2]), slab.len()), (None, Some(&"c"), 2));
    assert_eq!((slab.insert("d"), slab.insert("e"), slab.end()), (ids[1], 3, 4));
    assert_eq!(slab.iter().map(|(_, record)| *record).collect::<String>(), "adce");
}

#[derive(Clone, Debug)]
enum Step {
    Insert(u16),
    Remove(u16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![(0..4000_u16).prop_map(Step::Insert), (0..5000_u16).prop_map(Step::Remove)];
    prop::collection::vec(step, 1..40)
}

proptest! {
    /// A map from names to records is the specification. Crowds come and go, so that memory is given back and
    /// needed again.
    #[test]
    fn a_slab_does_what_a_map_does_while_it_gives_memory_back(steps in steps()) {
        let (mut slab, mut map, mut number) = (Slab::default(), BTreeMap::new(), 0_u64);
        for step in steps {
            match step {
                Step::Insert(count) => for _ in 0..count {
                    prop_assert_eq!(map.insert(slab.insert(number), number), None);
                    number += 1;
                },
                // From all over the slab, and not in the order of names.
                Step::Remove(count) => for _ in 0..count {
                    let from = (number.wrapping_mul(0x9E37_79B9) % u64::from(slab.end().max(1))) as u32;
                    let Some((&id, &record)) = map.range(from..).next().or(map.iter().next()) else { break };
                    number += 1;
                    map.remove(&id);
                    prop_assert_eq!(slab.remove(id), Some(record));
                    prop_assert_eq!(slab.get(id), None);
                },
            }
            prop_assert_eq!(slab.len(), map.len());
            prop_assert!(slab.iter().eq(map.iter().map(|(id, record)| (*id, record))));
        }
    }

    #[test]
    fn lines_do_what_lists_do(steps in prop::collection::vec((0..4_u8, any::<usize>()), 0..200)) {
        let (mut slab, mut lines, mut lists) = (Slab::default(), [Fifo::default(); 2], [const { Vec::new() }; 2]);
        for (step, choice) in steps {
            let (line, list): (_, &mut Vec<u32>) = (&mut lines[choice % 2], &mut lists[choice % 2]);
            let gone = match step {
                0 => {
                    let id = slab.insert(());
                    line.join(&mut slab, id);
                    list.push(id);
                    None
                }
                1 if !list.is_empty() => {
                    let id = list.remove(choice / 2 % list.len());
                    line.leave(&mut slab, id);
                    Some(id)
                }
                2 => {
                    let last = line.take_last(&mut slab);
                    prop_assert_eq!(last, list.pop());
                    last
                }
                _ => {
                    let first = line.take_first(&mut slab);
                    prop_assert_eq!(first, (!list.is_empty()).then(|| list.remove(0)));
                    first
                }
            };
            gone.map(|id| slab.remove(id));
            for (line, list) in lines.iter().zip(&lists) {
                prop_assert!(line.iter(&slab).eq(list.iter().copied()));
                prop_assert_eq!((line.len(), line.first()), (list.len(), list.first().copied()));
            }
        }
    }
}

/// A backlog that is worked off in the order of arrival while a few more keep coming.
#[test]
fn a_slab_that_has_drained_gives_its_memory_back() {
    let (mut slab, mut line) = (Slab::default(), Fifo::default());
    for number in 0..100_000 {
        let id = slab.insert(number);
        line.join(&mut slab, id);
    }
    assert!(slab.end() == 100_000);
    for number in 0..200_000 {
        // Nine leave for each ten that do, until a hundred are left, who then come and go.
        if number % 10 == 0 || line.len() < 100 {
            let id = slab.insert(number);
            line.join(&mut slab, id);
        }
        let first = line.take_first(&mut slab);
        first.and_then(|id| slab.remove(id));
    }
    assert_eq!(slab.len(), line.len());
    assert!(slab.end() as usize <= SMALL, "{} records in {} places", slab.len(), slab.end());
    assert!(slab.places.capacity() <= SMALL);
}

#[test]
fn everybody_can_be_sent_away_at_once() {
    let (mut slab, mut line) = (Slab::default(), Fifo::default());
    let ids = ["a", "b", "c"].map(|record| slab.insert(record));
    for id in ids {
        line.join(&mut slab, id);
    }
    line.clear(&mut slab);
    assert!(line.is_empty() && line.iter(&slab).next().is_none());
    assert_eq!(ids.map(|id| slab.remove(id)), [Some("a"), Some("b"), Some("c")]);
}

#[test]
fn a_small_slab_keeps_its_places() {
    let mut slab = Slab::default();
    let ids: Vec<u32> = (0..SMALL).map(|number| slab.insert(number)).collect();
    assert!(ids.into_iter().all(|id| slab.remove(id).is_some()));
    assert_eq!((slab.len(), slab.end() as usize), (0, SMALL));
}

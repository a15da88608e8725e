use super::*;
use crate::random::Stream;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Step {
    Push(u64),
    PushLimit(u64),
    Pop(u64),
    Cancel(usize),
    Clone,
}

/// Near and far, with many ties.
fn times() -> impl Strategy<Value = u64> {
    prop_oneof![0..50_u64, (0..50_u64).prop_map(|time| time * 1000), (0..50_u64).prop_map(|time| time << 40)]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => times().prop_map(Step::Push),
        1 => times().prop_map(Step::PushLimit),
        3 => times().prop_map(Step::Pop),
        2 => (0..800_usize).prop_map(Step::Cancel),
        1 => Just(Step::Clone),
    ];
    prop::collection::vec(step, 0..1500)
}

proptest! {
    /// The ordered map is the specification: same order, same removals, same counts.
    #[test]
    fn behaves_like_an_ordered_map(steps in steps()) {
        let mut list = EventList::new();
        let mut model = BTreeMap::new();
        let mut handles = Vec::new();
        for step in steps {
            match step {
                Step::Push(time) | Step::PushLimit(time) => {
                    let (time, is_limit) = (SimTime::from_nanos(time), matches!(step, Step::PushLimit(_)));
                    let name = handles.len();
                    let handle = if is_limit { list.push_limit(time, name) } else { list.push(time, name) };
                    // Every step that schedules takes the next number.
                    let key = (time, is_limit, name as u64);
                    model.insert(key, name);
                    handles.push((key, handle));
                }
                Step::Pop(until) => {
                    let until = SimTime::from_nanos(until);
                    let expected = model.first_key_value().map(|(key, name)| (*key, *name));
                    prop_assert_eq!(list.next_time(), expected.map(|((time, ..), _)| time));
                    let expected = expected.filter(|((time, ..), _)| *time <= until);
                    let due = list.pop_until(until);
                    let told = expected.map(|((time, _, sequence), name)| (time, sequence, name));
                    prop_assert_eq!(due.map(|due| (due.time, due.sequence, due.event)), told);
                    if let Some((key, _)) = expected {
                        model.remove(&key);
                    }
                }
                Step::Cancel(index) => {
                    if let Some((key, handle)) = handles.get(index) {
                        let known = model.remove(key).is_some();
                        prop_assert_eq!(list.cancel(*handle), known.then_some(key.0));
                    }
                }
                Step::Clone => list = list.clone(),
            }
            prop_assert_eq!((list.len(), list.is_empty()), (model.len(), model.is_empty()));
        }
    }
}

#[test]
fn the_empty_handle_cancels_nothing() {
    let mut list = EventList::new();
    list.push(SimTime::MAX, ());
    assert_eq!(list.cancel(EventHandle::NONE), None);
    assert_eq!(list.len(), 1);
}

/// The event under way may schedule others for its own moment.
#[test]
fn a_limit_ends_after_everything_else_of_its_moment() {
    let (mut list, at) = (EventList::new(), SimTime::from_nanos(5));
    list.push_limit(at, "first limit");
    list.push_limit(at, "second limit");
    list.push(at, "work");
    let next = |list: &mut EventList<&'static str>| list.pop_until(at).map(|due| due.event);
    assert_eq!(next(&mut list), Some("work"));
    list.push(at, "more work");
    assert_eq!(next(&mut list), Some("more work"));
    assert_eq!(next(&mut list), Some("first limit"));
    list.push(at, "what the limit brings about");
    assert_eq!(next(&mut list), Some("what the limit brings about"));
    assert_eq!(next(&mut list), Some("second limit"));
    assert_eq!(next(&mut list), None);
}

#[test]
fn an_event_at_the_end_of_time_still_happens() {
    let mut list = EventList::new();
    list.push(SimTime::MAX, 7);
    assert_eq!(list.pop_until(SimTime::MAX).map(|due| due.event), Some(7));
    assert_eq!(list.pop_until(SimTime::MAX), None);
}

/// Each event lies so much farther ahead than the last that the list has to look ever farther.
#[test]
fn a_list_looks_ahead_to_the_end_of_time_and_no_farther() {
    let mut list = EventList::new();
    for shift in (0..64).step_by(7) {
        list.push(SimTime::from_nanos(1 << shift), shift);
        assert_eq!(list.pop_until(SimTime::MAX).map(|due| due.event), Some(shift));
    }
    list.push(SimTime::MAX, 64);
    assert_eq!(list.pop_until(SimTime::MAX).map(|due| due.event), Some(64));
}

/// Crowds of events, near and far, come and go, so that memory is given back and needed again.
#[test]
fn it_behaves_like_an_ordered_map_while_crowds_come_and_go() {
    let (mut list, mut model, mut stream) = (EventList::new(), BTreeMap::new(), Stream::new(1, "crowds"));
    let (mut now, mut number) = (0, 0);
    for crowd in [20_000, 300, 9_000, 40_000, 100, 3_000] {
        while model.len() != crowd {
            if model.len() < crowd {
                let far = if stream.unit() < 0.5 { 1e3 } else { 1e9 };
                let at = SimTime::from_nanos(now + (stream.exponential() * far) as u64);
                model.insert((at, number), list.push(at, number));
                number += 1;
            }
            if stream.unit() < 0.3 || model.len() > crowd {
                let due = list.pop_until(SimTime::MAX).expect("a crowd is there");
                now = due.time.nanos();
                let first = model.pop_first().map(|(key, _)| key);
                assert_eq!(Some((due.time, due.event)), first);
            }
            if stream.unit() < 0.3 || model.len() > crowd {
                let after = (SimTime::from_nanos(now + (stream.unit() * 1e8) as u64), 0);
                let some = model.range(after..).next().map(|(key, handle)| (*key, *handle));
                if let Some((key, handle)) = some {
                    assert_eq!(list.cancel(handle), Some(key.0));
                    assert_eq!(list.cancel(handle), None);
                    model.remove(&key);
                }
            }
        }
        assert_eq!(list.len(), model.len());
    }
    // Until everything that the crowds left behind has happened.
    for _ in 0..60_000 {
        let due = list.pop_until(SimTime::MAX).expect("a crowd is there");
        list.push(due.time + SimTime::from_nanos((stream.exponential() * 1e9) as u64), due.event);
    }
    assert!(list.keys.len() <= 16 * list.len(), "{} leaves for {} events", list.keys.len(), list.len());
}

/// A crowd of timeouts is cancelled, and a few events go on happening.
#[test]
fn a_list_that_has_drained_gives_its_memory_back() {
    let mut list = EventList::new();
    let far = SimTime::from_secs(1_000_000);
    let timeouts: Vec<_> = (0..100_000).map(|index| list.push(far, index)).collect();
    for index in 0..100 {
        list.push(SimTime::from_nanos(index), 0);
    }
    for timeout in timeouts {
        list.cancel(timeout);
    }
    for _ in 0..2_000_000 {
        let due = list.pop_until(SimTime::MAX).expect("a hundred events go on");
        list.push(due.time + SimTime::from_nanos(100), due.event);
    }
    assert_eq!(list.len(), 100);
    let room = list.keys.capacity()
        + list.events.capacity()
        + list.winners.capacity()
        + list.free.capacity()
        + list.free_outside.capacity();
    assert!(room < 5 * SMALL, "room for {room}");
}

/// Records of requests hold one or two, and a run may hold two million requests.
#[test]
fn a_handle_takes_twelve_bytes() {
    assert_eq!(size_of::<EventHandle>(), 12);
}

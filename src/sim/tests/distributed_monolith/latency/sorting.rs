//! Where each service runs, as a panel shows it, and what moves it.

use super::{SPEC, at, now, play, start};
use warstories_sim::exhibit::Sorting;
use warstories_sim::{Input, Playable};

fn names(sorting: &Sorting, is_it: impl Fn(usize) -> bool) -> Vec<&'static str> {
    let items = sorting.items.iter().enumerate();
    items.filter(|(item, _)| is_it(*item)).map(|(_, item)| item.name).collect()
}

fn in_core(setting: &str, secs: f64) -> Vec<&'static str> {
    let mut run = start(1, setting);
    run.advance(at(secs), u64::MAX);
    let sorting = run.sorting().unwrap();
    names(&sorting, |item| sorting.items[item].group == 0)
}

#[test]
fn the_groups_follow_the_layout_and_what_is_moved_and_tell_of_every_moment() {
    assert!(in_core("", 0.0).is_empty());
    assert_eq!(in_core("layout=single", 0.0).len(), 20);
    let story = in_core("layout=core_plus_three", 0.0);
    let out = ["Recommendation", "Payment", "Search", "Media", "Audit"];
    assert!(story.len() == 15 && out.iter().all(|name| !story.contains(name)), "{story:?}");
    let moved = "at=12,topology=merge Tax&at=20,topology=merge Cart&at=30,topology=split Tax";
    for (secs, merged) in [(11.9, &[][..]), (12.0, &["Tax"]), (20.0, &["Cart", "Tax"]), (30.0, &["Cart"])] {
        assert_eq!(in_core(moved, secs), merged, "at {secs} s");
    }
    assert_eq!(in_core(&format!("{moved}&at=40,layout=single&at=41,layout=twenty_services"), 50.0).len(), 0);
}

/// What a panel enters for a move does it: every service to the core and back, one after the other.
#[test]
fn every_item_moves_to_every_group_by_its_entry() {
    let mut run = start(1, "layout=core_plus_three");
    for item in 0..20 {
        for group in [1, 0, 1] {
            let before = run.sorting().unwrap();
            let field = before.field;
            let text = before.entry(item, group).unwrap();
            assert!(text.chars().count() <= SPEC.texts[field].most, "{text}");
            run.input(Input::Text { field, text: text.into() }).unwrap();
            let next = run.now().next();
            run.advance(next, u64::MAX);
            let after = run.sorting().unwrap();
            for (other, (was, is)) in before.items.iter().zip(&after.items).enumerate() {
                assert_eq!(is.group, if other == item { group } else { was.group }, "{} {group}", is.name);
            }
        }
    }
    assert_eq!(run.sorting().unwrap().order(), (0..20).collect::<Vec<_>>(), "all are in the second group");
}

/// What is set aside is never asked: merged or not, the page takes as long. Each of the others costs a trip.
#[test]
fn whatever_is_set_aside_is_not_asked() {
    for (calls, aside) in [(15, 5), (4, 16), (19, 1), (20, 0), (40, 0)] {
        let setting = format!("calls_per_page={calls}");
        let sorting = start(1, &setting).sorting().unwrap();
        let set_aside = names(&sorting, |item| sorting.items[item].is_aside);
        assert_eq!(set_aside.len(), aside, "{setting}");
        let merges: Vec<_> = set_aside.iter().map(|name| format!("&at=0,topology=merge {name}")).collect();
        let merges = merges.concat();
        let calls = |setting: &str| {
            let mut run = start(1, setting);
            play(&mut run, 20.0);
            now(&run, "calls_total")
        };
        let usual = calls(&setting);
        assert_eq!(calls(&format!("{setting}{merges}")), usual, "{set_aside:?}");
        let asked = names(&sorting, |item| !sorting.items[item].is_aside);
        let first = asked.first().unwrap();
        assert!(calls(&format!("{setting}&at=0,topology=merge {first}")) < usual, "{first}");
    }
}

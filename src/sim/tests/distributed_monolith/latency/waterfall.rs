//! The record of the slowest page, as the page draws it, is that of a page that was there.

use super::{SPEC, now, play, played, start};
use warstories_sim::exhibit::Waterfall;
use warstories_sim::snapshot::Life;
use warstories_sim::{Playable, Reading, SimTime};

fn slowest(run: &super::Shop) -> Waterfall {
    run.record().unwrap()
}

/// From when to when a row lasts, from the arrival of its page, after a look at its parts: they leave no gap.
fn span(row: &Life) -> (SimTime, SimTime) {
    assert!(row.spans.windows(2).all(|two| two[0].to == Some(two[1].from)), "{row:?}");
    let [from, to] = [row.spans[0].from, row.spans.last().unwrap().to.unwrap()];
    (from - row.arrived, to - row.arrived)
}

/// The time of the slowest page that was answered.
fn longest(run: &super::Shop) -> SimTime {
    let Reading::Histogram { max, .. } = run.read(SPEC.metric("cart_ms").unwrap()) else { panic!() };
    SimTime::from_millis_f64(max)
}

/// One after the other, 15 calls fill the page's time to the nanosecond, and the parts of each fill the call's.
#[test]
fn the_calls_of_a_serial_page_add_up_to_its_time() {
    assert_eq!(start(1, "").record().unwrap().lead, "none has ended yet");
    for (setting, expected, lines) in [
        ("", [15, 0], 0),
        ("slow_pct=5", [15, 0], 0),
        ("layers=3", [15, 0], 0),
        ("layout=core_plus_three", [3, 12], 0),
        ("layout=core_plus_three&core_pool_size=9", [3, 12], 1),
        ("layout=single", [0, 15], 0),
        ("call_mode=batched", [3, 0], 0),
    ] {
        let run = played(2, setting, 100.0);
        let page = slowest(&run);
        assert!(page.lead.starts_with("was answered after "), "{setting}: {}", page.lead);
        let mut begin = SimTime::ZERO;
        for (head, row) in &page.rows {
            let (from, to) = span(row);
            assert_eq!(from, begin, "{setting}: {head}");
            begin = to;
        }
        assert_eq!(begin, longest(&run), "{setting}");
        let count = |is: fn(&Life) -> bool| page.rows.iter().filter(|(_, row)| is(row)).count();
        let calls = count(|row| row.spans[0].name == "connected and hopped");
        let modules = count(|row| row.spans[0].name == "was worked on");
        assert_eq!(([calls, modules], page.rows.len()), (expected, calls + modules + lines), "{setting}");
        let heads: Vec<_> = page.rows.iter().map(|(head, _)| head.as_str()).collect();
        match setting {
            "call_mode=batched" => {
                assert_eq!(heads, ["User and 4 more", "Recommendation and 4 more", "Payment and 4 more"]);
            }
            _ if lines > 0 => assert_eq!(heads[..2], ["Line at the core", "User"]),
            _ if expected == [15, 0] => assert_eq!((heads[0], heads[14]), ("User", "Currency")),
            _ => assert_eq!(heads[0], "User"),
        }
    }
}

/// Through two layers each answered call went the way twice, whatever was tried before in vain by either.
#[test]
fn the_way_through_layers_is_told_apart_from_what_they_tried_in_vain() {
    let run = played(1, "layers=2&retries=2&call_timeout_ms=450&page_rate_per_s=5", 100.0);
    let page = slowest(&run);
    assert!(page.lead.starts_with("was answered after ") && page.rows.len() == 15, "{}", page.lead);
    let mut begin = SimTime::ZERO;
    for (head, row) in &page.rows {
        let (from, to) = span(row);
        assert_eq!(from, begin, "{head}");
        begin = to;
        let way = row.spans.iter().find(|span| span.name == "connected and hopped").unwrap();
        assert_eq!(way.to.unwrap() - way.from, SimTime::from_millis_f64(300.0), "{head}");
    }
    assert!(page.rows.iter().any(|(_, row)| row.spans[0].name == "was tried in vain"));
}

/// In parallel the calls of a stage begin together, and the page takes as long as the slowest of each.
#[test]
fn the_calls_of_a_stage_begin_together() {
    let run = played(2, "call_mode=parallel", 100.0);
    let calls: Vec<_> = slowest(&run).rows.iter().map(|(_, row)| span(row)).collect();
    assert_eq!(calls.len(), 15);
    let mut begin = SimTime::ZERO;
    for stage in calls.chunks(3) {
        assert!(stage.iter().all(|(from, _)| *from == begin), "{stage:?}");
        begin = stage.iter().map(|(_, to)| *to).max().unwrap();
    }
    assert_eq!(begin, longest(&run));
}

/// A page that fails for a timeout ends with the tries that were in vain.
#[test]
fn a_page_that_failed_shows_what_it_waited_for() {
    let page = slowest(&played(1, "inventory_workers=1&call_timeout_ms=1000&retries=2&at=0,brownout", 50.0));
    assert!(page.lead.starts_with("failed after "), "{}", page.lead);
    let (head, row) = page.rows.last().unwrap();
    let (from, to) = span(row);
    assert_eq!((head.as_str(), row.spans[0].name, row.spans.len()), ("Inventory", "was tried in vain", 1));
    assert_eq!(to - from, SimTime::from_secs(3));
}

/// It is a function of the run alone, and a slower page takes its place.
#[test]
fn a_slower_page_takes_the_place_of_the_slowest() {
    let mut run = start(1, "call_mode=batched");
    play(&mut run, 50.0);
    let before = longest(&run);
    assert_eq!(span(&slowest(&run).rows[2].1).1, before);
    play(&mut run, 600.0);
    assert_eq!(span(&slowest(&run).rows[2].1).1, longest(&run));
    assert!(longest(&run) > before && now(&run, "pages_ok") > 5000.0);
}

/// The spans of a life at one depth, together.
fn told_at(life: &Life, depth: u8) -> SimTime {
    let spans = life.spans.iter().filter(|span| span.depth == depth);
    spans.fold(SimTime::ZERO, |sum, span| sum + (span.to.unwrap() - span.from))
}

/// A screen is told the calls that a page waited for: side by side they are its whole time, also where it makes many at once.
#[test]
fn the_life_of_a_page_is_the_path_that_it_waited_for() {
    for (setting, calls) in [
        ("", 15),
        ("call_mode=parallel", 5),
        ("call_mode=parallel&stages=1", 1),
        ("call_mode=batched", 3),
        ("layout=core_plus_three", 4),
        ("layout=single", 1),
    ] {
        let run = played(4, setting, 60.0);
        assert!(run.ended().len() > 30, "{setting}");
        for life in run.ended() {
            assert_eq!(life.outcome, Some("answered"), "{setting}");
            assert_eq!(life.spans.iter().filter(|span| span.depth == 0).count(), calls, "{setting}");
            let end = life.spans.last().unwrap().to.unwrap();
            assert_eq!(told_at(life, 0), end - life.arrived, "{setting}");
            assert_eq!(told_at(life, 1), end - life.arrived, "{setting}");
        }
        // A page under way is told up to the call that it waits for.
        let page = run.request("cart", 0).unwrap();
        assert!(page.outcome.is_none() && page.spans.last().unwrap().to.is_none(), "{setting}: {page:?}");
    }
    // What was tried and not answered is told, too.
    let run = played(1, "inventory_workers=1&call_timeout_ms=1000&retries=1&at=0,brownout", 50.0);
    let failed = run.ended().iter().rfind(|life| life.failed).unwrap();
    let last = failed.spans.last().unwrap();
    assert_eq!((last.name, last.to.unwrap() - last.from), ("was tried in vain", SimTime::from_secs(2)));
}

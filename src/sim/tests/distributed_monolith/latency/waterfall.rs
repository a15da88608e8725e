//! The record of the slowest page is that of a page that was there.

use super::{SPEC, now, play, played, start};
use warstories_sim::scenarios::distributed_monolith::latency::waterfall::{Bar, Kind, Waterfall};
use warstories_sim::snapshot::Life;
use warstories_sim::{Playable, Reading, SimTime};

fn slowest(run: &super::Shop) -> Waterfall {
    run.model().slowest().unwrap()
}

fn sum<'a>(bars: impl Iterator<Item = &'a Bar>) -> SimTime {
    bars.fold(SimTime::ZERO, |sum, bar| sum + bar.length())
}

/// One after the other, 15 calls fill the page's time to the nanosecond, and the parts of each fill the call's.
#[test]
fn the_calls_of_a_serial_page_add_up_to_its_time() {
    for setting in ["", "slow_pct=5", "layout=core_plus_three", "layout=single", "call_mode=batched"] {
        let run = played(2, setting, 100.0);
        let page = slowest(&run);
        let Reading::Histogram { max, .. } = run.read(SPEC.metric("cart_ms").unwrap()) else { panic!() };
        assert!((page.took.as_nanos_f64() / 1e6 - max).abs() < 1e-6, "{setting}: {max}");
        assert_eq!((page.outcome, page.failed), ("answered", false));
        assert_eq!(sum(page.bars.iter().filter(|bar| bar.depth == 0)), page.took, "{setting}");
        for (at, bar) in page.bars.iter().enumerate().filter(|(_, bar)| bar.depth == 0) {
            let within: Vec<_> = page.bars[at + 1..].iter().take_while(|inner| inner.depth > 0).collect();
            assert!(within.iter().all(|inner| bar.from <= inner.from && inner.to <= bar.to), "{setting}");
            let parts = within.into_iter().filter(|inner| inner.depth == 1);
            if bar.kind != Kind::Connection {
                assert_eq!(sum(parts), bar.length(), "{setting}: {bar:?}");
            }
        }
        let count = |kind| page.bars.iter().filter(|bar| bar.kind == kind).count();
        let expected = match setting {
            "layout=core_plus_three" => [3, 12],
            "layout=single" => [0, 15],
            "call_mode=batched" => [3, 0],
            _ => [15, 0],
        };
        assert_eq!([Kind::Call, Kind::Module].map(count), expected, "{setting}");
    }
}

/// In parallel the calls of a stage begin together, and the page takes as long as the slowest of each.
#[test]
fn the_calls_of_a_stage_begin_together() {
    let page = slowest(&played(2, "call_mode=parallel", 100.0));
    let calls: Vec<_> = page.bars.iter().filter(|bar| bar.kind == Kind::Call).collect();
    assert_eq!(calls.len(), 15);
    let mut begin = SimTime::ZERO;
    for stage in calls.chunks(3) {
        assert!(stage.iter().all(|bar| bar.from == begin), "{stage:?}");
        begin = stage.iter().map(|bar| bar.to).max().unwrap();
    }
    assert_eq!(begin, page.took);
}

/// The panel of the page has a row for each call, which lasts as long as the call did.
#[test]
fn the_panel_shows_every_call_with_its_parts() {
    assert_eq!(start(1, "").record().unwrap().lead, "none has ended yet");
    for setting in ["", "call_mode=parallel", "call_mode=batched", "layout=core_plus_three&core_pool_size=9"]
    {
        let run = played(2, setting, 100.0);
        let (page, shown) = (slowest(&run), run.record().unwrap());
        assert!(shown.lead.starts_with("was answered after "), "{}", shown.lead);
        let is_row = |bar: &&Bar| matches!(bar.kind, Kind::Connection | Kind::Module | Kind::Call);
        let expected: Vec<_> =
            page.bars.iter().filter(is_row).map(|bar| (page.arrived + bar.from, bar.length())).collect();
        let rows = shown.rows.iter().map(|(_, row)| {
            assert_eq!((row.arrived, told_at(row, 1)), (page.arrived, SimTime::ZERO), "{setting}");
            (row.spans[0].from, told_at(row, 0))
        });
        assert_eq!(rows.collect::<Vec<_>>(), expected, "{setting}");
        let heads: Vec<_> = shown.rows.iter().map(|(head, _)| head.as_str()).collect();
        match setting {
            "call_mode=batched" => {
                assert_eq!(heads, ["User and 4 more", "Recommendation and 4 more", "Payment and 4 more"]);
            }
            "layout=core_plus_three&core_pool_size=9" => {
                assert_eq!((heads[0], heads[1], heads.len()), ("Line at the core", "User", 16));
            }
            _ => assert_eq!((heads[0], heads[14], heads.len()), ("User", "Currency", 15)),
        }
    }
}

/// A page that fails for a timeout ends with the tries that were in vain.
#[test]
fn a_page_that_failed_shows_what_it_waited_for() {
    let page = slowest(&played(1, "inventory_workers=1&call_timeout_ms=1000&retries=2&at=0,brownout", 50.0));
    assert_eq!((page.outcome, page.failed), ("call_timeout", true));
    let last = page.bars[page.bars.len() - 1];
    assert_eq!((last.kind, last.length()), (Kind::Vain, SimTime::from_secs(3)));
    let inventory = page.bars[page.bars.len() - 2];
    assert_eq!((inventory.label, inventory.to), ("Inventory", page.took));
}

/// It is a function of the run alone, told as a table.
#[test]
fn the_record_can_be_read() {
    let mut run = start(1, "call_mode=batched");
    assert!(run.model().slowest().is_none());
    play(&mut run, 50.0);
    let page = slowest(&run);
    let rows: Vec<_> = page.rows().collect();
    assert_eq!(rows.len(), page.bars.len());
    assert_eq!((rows[0][0].as_str(), rows[0][1].as_str()), ("User and 4 more", "0\u{a0}ms"));
    assert_eq!((rows[1][0].as_str(), rows[1][2].as_str()), ("connected and hopped", "150\u{a0}ms"));
    // A slower page takes its place.
    play(&mut run, 600.0);
    assert!(slowest(&run).took >= page.took && now(&run, "pages_ok") > 5000.0);
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

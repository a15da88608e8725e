//! How the calls of the other systems fare.

use super::super::others::Others;
use super::*;

/// A time in which all calls run at one rate.
type Stretch = (SimTime, SimTime, f64);

const WORK: f64 = 0.1;

/// Whether a call that begins in one of these stretches has its answer within the limit; the last stretch is endless.
fn is_in_time(stretches: &[Stretch], began: SimTime, limit: SimTime) -> bool {
    let mut left = WORK * 1e9;
    for (from, to, rate) in stretches {
        let start = began.max(*from);
        if *to <= start {
            continue;
        }
        let done = (*to - start).nanos() as f64 * rate;
        if done >= left {
            // To the nearest nanosecond.
            return (start - began).nanos() as f64 + left / rate <= limit.nanos() as f64 + 0.5;
        }
        left -= done;
    }
    panic!("the call of {began} does not end")
}

#[test]
fn each_call_of_others_ends_as_its_work_and_its_limit_say() {
    let mut stream = Stream::new(7, "stretches");
    let (mut slow, mut quick) = (0, 0);
    for case in 0..200 {
        let limit = at(if case % 2 == 0 { 0.1 + stream.unit() } else { 0.1 });
        let share = 1.0 + 68.0 * stream.unit();
        let mut others = Others::new(share, limit);
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut now = SimTime::ZERO;
        for step in 0..40 {
            let from = now;
            now = from + at(stream.unit() * if step % 8 == 0 { 1.0 } else { 0.2 });
            let rate = if stream.unit() < 0.4 { 1.0 } else { 0.02 + 0.98 * stream.unit() };
            stretches.push((from, now, rate));
        }
        stretches.push((now, now + at(20.0), 1.0));
        for (from, to, rate) in &stretches {
            others.pass(*from, *to, *rate);
            let (came, accounted) = others.accounts(*to);
            assert_eq!(came, accounted);
        }
        let end = now + at(20.0);
        let ended = others.ended(end);
        // Calls have come since long before the start; those counted by the end began a call's length before it.
        let spacing = at(share / (200.0 * (70.0 - share))).nanos();
        let began: Vec<SimTime> =
            (1..=end.nanos() / spacing).map(|index| SimTime::from_nanos(index * spacing)).collect();
        let lead = at(WORK);
        let shifted: Vec<Stretch> = std::iter::once((SimTime::ZERO, lead, 1.0))
            .chain(stretches.iter().map(|(from, to, rate)| (*from + lead, *to + lead, *rate)))
            .collect();
        let in_time = began.iter().filter(|began| is_in_time(&shifted, **began, limit)).count() as u64;
        assert_eq!(ended, (in_time, began.len() as u64 - in_time), "case {case}, share {share}, {limit}");
        slow += ended.1;
        quick += ended.0;
    }
    assert!(slow > 10_000 && quick > 10_000, "{slow} timed out, {quick} did not");
}

#[test]
fn a_new_share_and_a_new_limit_are_for_calls_that_begin_after_it() {
    // At 35 points a call comes every 5 ms, and at 50 every 12.5 ms.
    let mut others = Others::new(35.0, at(1.0));
    others.pass(at(0.0), at(10.0), 0.5);
    others.set(at(10.0), 50.0, at(0.15));
    others.pass(at(10.0), at(20.0), 0.5);
    others.pass(at(20.0), at(30.0), 1.0);
    let (ok, timed_out) = others.ended(at(30.0));
    // Of the 800 that came by 20 s and wait for 150 ms, the nine that came in the last 100 ms, its first moment included,
    // got half of their work done by then, and the other half in time.
    assert_eq!((ok + timed_out, timed_out), (2020 + 1592, 800 - 9));
    // Where all of the load is ours there is nobody else.
    assert_eq!(Others::new(70.0, at(1.0)).ended(at(100.0)), (0, 0));
}

/// A thousand calls of ours a second where 371 can be made, and then none.
#[test]
fn others_suffer_while_ours_leave_too_little_room_and_no_longer() {
    let crowd = "&downstream_share_points=35&sleep_ms=0&db_ms=1&pool_size=1000&base_tx_s=100";
    let mut run = run(&format!("{crowd}&at=20,restart_now&at=20,spike_multiplier=1"));
    run.advance(at(20.0), u64::MAX);
    let before = run.ctx().metrics.others_timeout.total();
    // All but those of the first second or two, and of the last.
    assert!((3_500..4_000).contains(&before), "{before}");
    assert_eq!(run.ctx().metrics.others_ok_tx_s.value(), 0.0);
    run.advance(at(60.0), u64::MAX);
    let after = run.ctx().metrics.others_timeout.total();
    assert!(after < before + 200, "{after} by now, {before} before the restart");
    assert_eq!(run.ctx().metrics.others_ok_tx_s.value(), 200.0);
    assert!(run.identities().iter().all(|identity| identity.left == identity.right));
}

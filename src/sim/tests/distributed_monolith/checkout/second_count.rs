//! The counts once more, by a plain program: each protocol written down as a person would write it, run from the beginning
//! for every script of faults. It shares nothing with the model but the names of the protocols.

use super::{ROWS, explored, paths};
use warstories_sim::scenarios::distributed_monolith::checkout::Protocol;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hit {
    Crash,
    Request,
    Reply,
    No,
}

/// Why a pass ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Broken {
    Dead,
    Unanswered,
    Refused,
}

type Pass = Result<(), Broken>;

#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "a plain program keeps plain facts")]
struct World {
    key: bool,
    /// Which visit of a step is hit, counted through the whole run, and by what.
    script: Vec<(usize, Hit)>,
    /// For each visit, what could hit it.
    visits: Vec<Vec<Hit>>,
    /// Charges that stand, and whether there ever was one.
    paid: i32,
    has_paid: bool,
    blocked_on_card: i32,
    goods: i32,
    set_aside: i32,
    declined: bool,
    sold_out: bool,
    has_blocked: bool,
    /// The latest call came to where it was sent.
    has_arrived: bool,
    /// Of both clicks: how far the log says it is, what is prepared, whether the customer knows.
    log: [usize; 2],
    pay_ready: [bool; 2],
    stock_ready: [bool; 2],
    knows: [bool; 2],
}

impl World {
    fn visit(&mut self, possible: &[Hit]) -> Option<Hit> {
        let here = self.visits.len();
        self.visits.push(possible.to_vec());
        self.script.iter().find(|(visit, _)| *visit == here).map(|(_, hit)| *hit)
    }

    /// A step of its own: it can only die before it.
    fn own(&mut self) -> Pass {
        if self.visit(&[Hit::Crash]) == Some(Hit::Crash) { Err(Broken::Dead) } else { Ok(()) }
    }

    /// A call; `known` says that the key is known and nothing is to be done.
    fn call(&mut self, known: bool, may_refuse: bool, pays: bool, act: &dyn Fn(&mut Self)) -> Pass {
        let known = known && self.key;
        let mut possible = vec![Hit::Crash, Hit::Request, Hit::Reply];
        if may_refuse && !known {
            possible.push(Hit::No);
        }
        let hit = self.visit(&possible);
        self.has_arrived = !matches!(hit, Some(Hit::Crash | Hit::Request));
        match hit {
            Some(Hit::Crash) => return Err(Broken::Dead),
            Some(Hit::Request) => return Err(Broken::Unanswered),
            Some(Hit::No) if pays => self.declined = true,
            Some(Hit::No) => self.sold_out = true,
            _ => {}
        }
        if may_refuse && !known && (if pays { self.declined } else { self.sold_out }) {
            return Err(Broken::Refused);
        }
        if !known {
            act(self);
        }
        if hit == Some(Hit::Reply) { Err(Broken::Unanswered) } else { Ok(()) }
    }

    fn pay(&mut self) {
        (self.paid, self.has_paid) = (self.paid + 1, true);
    }

    fn charge(&mut self) -> Pass {
        self.call(self.has_paid, true, true, &|world| world.pay())
    }

    fn reserve(&mut self) -> Pass {
        self.call(self.goods > 0, true, false, &|world| world.goods += 1)
    }

    fn class(&self) -> usize {
        match (self.paid, self.goods) {
            (paid, _) if paid > 1 => 5,
            (_, goods) if goods > 1 => 6,
            (1, 1) => 0,
            (1, 0) => 2,
            (0, 1) => 3,
            _ if self.blocked_on_card > 0 => 4,
            _ => 1,
        }
    }
}

/// Repeats a call until it is answered.
fn insist(world: &mut World, call: fn(&mut World) -> Pass) -> Pass {
    loop {
        match call(world) {
            Err(Broken::Unanswered) => {}
            answered => return answered,
        }
    }
}

fn naive(world: &mut World) -> Pass {
    world.own()?;
    world.charge()?;
    world.reserve()?;
    world.own()
}

fn reserve_first(world: &mut World) -> Pass {
    world.own()?;
    let is_set_aside = world.goods + world.set_aside > 0;
    world.call(is_set_aside, true, false, &|world| world.set_aside += 1)?;
    let charged = world.charge();
    if matches!(charged, Err(Broken::Unanswered | Broken::Refused)) && world.set_aside > 0 {
        world.set_aside -= 1;
    }
    charged?;
    world.call(world.goods > 0, true, false, &|world| {
        world.set_aside -= 1;
        world.goods += 1;
    })?;
    world.own()
}

fn authorize_capture(world: &mut World) -> Pass {
    world.own()?;
    let is_blocked = world.has_paid || world.blocked_on_card > 0;
    world.call(is_blocked, true, true, &|world| world.blocked_on_card += 1)?;
    world.reserve()?;
    world.call(world.has_paid, true, true, &|world| {
        world.blocked_on_card -= 1;
        world.pay();
    })?;
    world.own()
}

/// The log says 1 once there is an order, 2 once it is charged, 3 once it is reserved.
fn saga(world: &mut World, me: usize) -> Pass {
    if world.log[me] == 0 {
        world.own()?;
        world.log[me] = 1;
    }
    if world.log[me] == 1 {
        insist(world, World::charge)?;
        world.own()?;
        world.log[me] = 2;
    }
    if world.log[me] == 2 {
        let reserved = insist(world, World::reserve);
        if reserved == Err(Broken::Refused) && world.paid > 0 {
            world.paid -= 1;
        }
        reserved?;
        world.own()?;
        world.log[me] = 3;
    }
    world.own()
}

/// The log says 1 once the local transaction is done.
fn outbox(world: &mut World, me: usize) -> Pass {
    if world.log[me] == 0 {
        world.own()?;
        if !(world.key && world.goods > 0) {
            if world.sold_out {
                return Err(Broken::Refused);
            }
            world.goods += 1;
        }
        (world.log[me], world.knows[me]) = (1, true);
    }
    let charged = insist(world, World::charge);
    if charged == Err(Broken::Refused) {
        world.goods -= 1;
    }
    charged?;
    world.own()
}

/// The log says 1 once it is decided.
fn two_phase_commit(world: &mut World, me: usize) -> Pass {
    if world.log[me] == 0 {
        let votes = prepare(world, me);
        if matches!(votes, Err(Broken::Unanswered | Broken::Refused)) {
            (world.pay_ready[me], world.stock_ready[me]) = (false, false);
        }
        votes?;
        world.log[me] = 1;
    }
    for pays in [true, false] {
        loop {
            let told = if pays {
                world.call(world.has_paid, false, true, &|world| world.pay())
            } else {
                world.call(world.goods > 0, false, false, &|world| world.goods += 1)
            };
            let ready = if pays { &mut world.pay_ready } else { &mut world.stock_ready };
            ready[me] &= !world.has_arrived;
            match told {
                Err(Broken::Unanswered) => {}
                Err(dead) => return Err(dead),
                Ok(()) => break,
            }
        }
    }
    world.knows[me] = true;
    Ok(())
}

fn prepare(world: &mut World, me: usize) -> Pass {
    world.own()?;
    // A vote is asked for every time: the key spares a second charge, and nothing else.
    world.call(world.has_paid, true, true, &|_| {})?;
    world.pay_ready[me] = true;
    if world.stock_ready[1 - me] {
        // The other click has the row: no vote comes in time, whether the request is lost or not.
        return match world.visit(&[Hit::Crash, Hit::Request]) {
            Some(Hit::Crash) => Err(Broken::Dead),
            _ => Err(Broken::Unanswered),
        };
    }
    world.call(world.goods > 0, true, false, &|_| {})?;
    world.stock_ready[me] = true;
    world.own()
}

fn single_tx(world: &mut World, payments_outside: bool) -> Pass {
    world.own()?;
    if payments_outside {
        let is_new = !(world.key && world.goods > 0);
        if is_new && world.sold_out {
            return Err(Broken::Refused);
        }
        world.charge()?;
        world.own()?;
        world.goods += i32::from(is_new);
    } else {
        world.own()?;
        world.own()?;
        if !(world.key && world.has_paid) {
            world.pay();
            world.goods += 1;
        }
    }
    world.own()
}

fn pass(world: &mut World, (protocol, payments_outside): (Protocol, bool), me: usize) -> Pass {
    match protocol {
        Protocol::Naive => naive(world),
        Protocol::ReserveFirst => reserve_first(world),
        Protocol::AuthorizeCapture => authorize_capture(world),
        Protocol::Saga => saga(world, me),
        Protocol::Outbox => outbox(world, me),
        Protocol::TwoPhaseCommit => two_phase_commit(world, me),
        Protocol::SingleTx => single_tx(world, payments_outside),
    }
}

/// A pass, and whether somebody will find it dead.
fn attempt(world: &mut World, row: (Protocol, bool), me: usize) -> (Pass, bool) {
    let ended = pass(world, row, me);
    let is_locked = world.pay_ready[me] || world.stock_ready[me];
    world.has_blocked |= ended == Err(Broken::Dead) && is_locked;
    (ended, ended == Err(Broken::Dead) && (is_locked || world.log[me] > 0))
}

/// One order to its end: the first click, the second, then whoever is found dead, the first before the second.
fn run(row: (Protocol, bool), key: bool, clicks_again: bool, script: &[(usize, Hit)]) -> World {
    let mut world = World { key, script: script.to_vec(), ..World::default() };
    let (first, is_found) = attempt(&mut world, row, 0);
    let sees_error = matches!(first, Err(Broken::Dead | Broken::Unanswered)) && !world.knows[0];
    let mut found = [is_found, false];
    if clicks_again && sees_error {
        found[1] = attempt(&mut world, row, 1).1;
    }
    for (me, mut is_found) in found.into_iter().enumerate() {
        while is_found {
            if row.0 == Protocol::TwoPhaseCommit && world.log[me] == 0 {
                (world.pay_ready[me], world.stock_ready[me]) = (false, false);
                break;
            }
            is_found = attempt(&mut world, row, me).1;
        }
    }
    world
}

/// Every script of so many faults that comes true, by class, and how many block.
fn count(row: (Protocol, bool), key: bool, clicks_again: bool, faults: usize) -> ([u64; 7], u64) {
    fn extend(
        row: (Protocol, bool),
        (key, clicks_again): (bool, bool),
        script: &mut Vec<(usize, Hit)>,
        faults: usize,
        counts: &mut ([u64; 7], u64),
    ) {
        let world = run(row, key, clicks_again, script);
        if script.len() == faults {
            counts.0[world.class()] += 1;
            counts.1 += u64::from(world.has_blocked);
            return;
        }
        let from = script.last().map_or(0, |(visit, _)| visit + 1);
        for (visit, possible) in world.visits.iter().enumerate().skip(from) {
            for hit in possible {
                script.push((visit, *hit));
                extend(row, (key, clicks_again), script, faults, counts);
                script.pop();
            }
        }
    }
    let mut counts = ([0; 7], 0);
    extend(row, (key, clicks_again), &mut Vec::new(), faults, &mut counts);
    counts
}

/// One fault and every pair of faults, with and without a key, with and without a second click.
#[test]
fn a_plain_program_counts_the_same() {
    let mut all = 0;
    for row in ROWS {
        for has_key in [true, false] {
            for clicks_again in [false, true] {
                for faults in 1..=2 {
                    let counted = count(row, has_key, clicks_again, usize::from(faults));
                    let found = explored(paths(row, has_key, clicks_again, faults));
                    assert_eq!(
                        found, counted,
                        "{row:?}, key {has_key}, clicks {clicks_again}, {faults} faults"
                    );
                    all += counted.0.iter().sum::<u64>();
                }
            }
        }
    }
    // As many as there are: nothing is skipped on both sides.
    assert_eq!(all, 2061);
}

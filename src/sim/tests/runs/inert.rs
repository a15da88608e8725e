//! Controls that are said to do nothing, tried.

use proptest::prelude::*;
use warstories_sim::inert::{Control, Inert};
use warstories_sim::{Input, Replay, SimTime, scenarios};

use super::any::{SECONDS, any_start};
use super::{BUDGET, everything, fixed, measured};

proptest! {
    #![proptest_config(fixed(256))]

    #[test]
    fn a_control_that_is_said_to_do_nothing_does_nothing((replay, others) in any_start()) {
        let played = |replay: Replay| {
            let mut run = scenarios::start(replay);
            run.advance(SimTime::from_secs(SECONDS), BUDGET);
            run
        };
        for Inert { control, like, reason } in scenarios::start(replay.clone()).inert() {
            let (mut one, mut other) = (replay.clone(), replay.clone());
            let id = control.id(replay.spec());
            prop_assert!(reason.ends_with('.'), "{id}: {reason}");
            match control {
                Control::Param(param) => {
                    let value = like.unwrap_or(others[param]);
                    other.set_start(param, value);
                    prop_assert_eq!(
                        everything(played(one).as_ref()),
                        everything(played(other).as_ref()),
                        "{} = {}", id, value
                    );
                }
                Control::Action(action) => {
                    // Whatever is entered is an event of the run, so both have one.
                    let nothing = Input::Change { param: 0, value: replay.start()[0] };
                    one.add(SimTime::from_secs(SECONDS / 2), nothing).unwrap();
                    other.add(SimTime::from_secs(SECONDS / 2), Input::Action(action)).unwrap();
                    prop_assert_eq!(measured(played(one).as_ref()), measured(played(other).as_ref()), "{}", id);
                }
            }
        }
    }
}

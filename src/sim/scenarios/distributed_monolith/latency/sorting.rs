//! Which services run in the core, as the learner moves them one by one.

use super::{Context, MonolithLatency};
use crate::exhibit::{Group, Item, Sorting};
use crate::scenarios::distributed_monolith::topology::{Core, SERVICES};

const MERGE: &str = "merge";
const SPLIT: &str = "split";

impl MonolithLatency {
    /// Where each service runs. A page asks the first services of the list; one that it does not ask is set aside.
    pub(super) fn sorted(&self, ctx: &Context) -> Sorting {
        let item = |at: usize, name| Item {
            name,
            group: usize::from(!self.core.has(at)),
            is_aside: at as u64 >= ctx.params.calls_per_page,
        };
        Sorting {
            field: 0,
            title: "Where each service runs",
            item: "service",
            groups: vec![
                Group { name: "In the core", verb: MERGE, said: "runs in the core now" },
                Group { name: "On their own", verb: SPLIT, said: "runs on its own now" },
            ],
            items: SERVICES.iter().enumerate().map(|(at, service)| item(at, service.name)).collect(),
            aside: "not asked by the cart page",
        }
    }

    /// The learner writes which service to merge or to split. What means nothing changes nothing.
    pub(super) fn edit_topology(&mut self, text: &str, ctx: &mut Context) {
        let (verb, name) = text.trim().split_once(' ').unwrap_or_default();
        let is_merge = verb.eq_ignore_ascii_case(MERGE);
        if !is_merge && !verb.eq_ignore_ascii_case(SPLIT) {
            ctx.announce("Write \"merge\" or \"split\", and then the name of a service");
            return;
        }
        if name.eq_ignore_ascii_case("all") {
            self.core = if is_merge { Core::ALL } else { Core::NONE };
        } else if let Some(at) = SERVICES.iter().position(|known| known.name.eq_ignore_ascii_case(name)) {
            self.core = self.core.with(at, is_merge);
        } else {
            ctx.announce("No service has this name");
            return;
        }
        ctx.announce(match self.core.len() {
            0 => String::from("No service is merged"),
            1 => String::from("One service is merged"),
            merged => format!("{merged} services are merged"),
        });
    }
}

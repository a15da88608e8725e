//! What the learner does, and what follows from the values alone.

use super::file::{REFERENCE, RESET};
use super::orders::{GOLDEN, Order, dollars};
use super::reading::{self, Engine};
use super::rules::{SWITCHES, Switched};
use super::tables::{Event, FILE, SWITCH};
use super::{Context, RuleEngine, opacity};
use crate::document::Sheet;
use crate::exhibit::{Group, Item, Sorting};
use crate::time::SimTime;

/// Golden orders that can be added to those that there are.
const MOST_ADDED: usize = 34;
const SWITCH_TAKES: SimTime = SimTime::from_secs(5);
const ON: &str = "on";
const OFF: &str = "off";

/// How the rule file is edited.
pub const SHEET: Sheet = Sheet {
    field: FILE,
    action: "push_file",
    title: "Rule file",
    reference: REFERENCE,
    entry: |text| {
        let edits = reading::edits(text);
        if edits.is_empty() { String::from(RESET) } else { edits }
    },
    inspect: reading::inspect,
};

impl RuleEngine {
    /// The learner edits the file. It is checked at once, and nothing is live.
    pub(super) fn edit(&mut self, edits: &str, ctx: &mut Context) {
        match reading::edited(edits) {
            Err(sentence) => ctx.announce(format!("The file stays as it is: {sentence}")),
            Ok(text) => {
                let engine = reading::load(&text, ctx.params.yaml_version, Switched::NONE);
                if let Engine::Stops { is_no_map: false, why: fault } = engine {
                    ctx.announce(format!("Your file cannot be parsed, {fault}"));
                }
                self.draft = text.into();
            }
        }
    }

    /// The learner switches a rule off or on.
    pub(super) fn throw_switch(text: &str, ctx: &mut Context) {
        let (verb, name) = text.trim().split_once(' ').unwrap_or_default();
        let known = SWITCHES.iter().position(|known| *known == name.trim());
        let is_off = verb.eq_ignore_ascii_case(OFF);
        let (true, Some(at)) = (is_off || verb.eq_ignore_ascii_case(ON), known) else {
            ctx.announce("Write off or on, and then the name of a rule, such as clearance");
            return;
        };
        let number = if is_off { at } else { at + SWITCHES.len() };
        ctx.schedule(SWITCH_TAKES, Event::Switch(number as u32));
    }

    pub(super) fn set_switch(&mut self, number: u32, ctx: &mut Context) {
        let (number, count) = (number as usize, SWITCHES.len());
        let (at, is_off) = (number % count, number < count);
        self.switched = self.switched.with(at, is_off);
        self.live.switch(self.switched);
        if let Some(file) = self.canary.as_mut().and_then(|canary| canary.file.as_mut()) {
            file.switch(self.switched);
        }
        let state = if is_off { OFF } else { ON };
        ctx.announce(format!("The rule {} is switched {state}", SWITCHES[at]));
        self.measure(ctx);
    }

    /// Which rules are switched on.
    pub(super) fn switches(&self) -> Sorting {
        let item = |name| Item { name, group: usize::from(self.switched.has(name)), is_aside: false };
        Sorting {
            field: SWITCH,
            title: "Switches",
            item: "rule",
            groups: vec![
                Group { name: "On", verb: ON, said: "is on within five seconds" },
                Group { name: "Off", verb: OFF, said: "is off within five seconds" },
            ],
            items: SWITCHES.iter().copied().map(item).collect(),
            aside: "",
        }
    }

    /// The price of the latest order becomes an expectation.
    pub(super) fn add_golden(&mut self, ctx: &mut Context) {
        let Some(latest) = self.latest else {
            ctx.announce("No order has been priced yet");
            return;
        };
        if self.added.iter().any(|(sort, _)| *sort == latest.sort) {
            ctx.announce("The price of this order is frozen already");
            return;
        }
        if self.added.len() >= MOST_ADDED {
            ctx.announce("There are fifty golden orders, and there is no room for another");
            return;
        }
        self.added.push((latest.sort, latest.price));
        let price = dollars(latest.price);
        let order = Order::of_sort(latest.sort).words();
        ctx.announce(format!("Golden from now on: {order} costs {price}"));
        self.measure(ctx);
    }

    /// Why the latest order costs what it costs.
    pub(super) fn explain(&self, ctx: &Context) -> String {
        if !ctx.params.trace_on {
            return String::from("The engine keeps no trace: somebody has to read the file");
        }
        match self.latest {
            Some(latest) => reading::explain(&self.live.text, self.live.version, self.switched, latest.sort),
            None => String::from("No order has been priced yet"),
        }
    }

    /// What follows from the values and the golden orders alone.
    pub(super) fn measure(&self, ctx: &mut Context) {
        let now = ctx.now();
        let params = *ctx.params;
        let flags = params.flags + u64::from(self.switched.len());
        let metrics = &mut ctx.metrics;
        let combinations = 1_u64 << flags.min(63);
        metrics.flag_combinations.set(now, combinations);
        metrics.flag_test_min.set(now, combinations as f64 * params.flag_test_s / 60.0);
        let own = if params.gate_golden { (params.golden_set as usize).min(GOLDEN.len()) } else { 0 };
        let added = if params.gate_golden { self.added.len() } else { 0 };
        metrics.golden_orders.set(now, (own + added) as u64);
        metrics.explain_s.set(now, opacity::explain_s(&params));
        let (count, worst) = reading::escapes(&params, &self.added);
        metrics.faults_escaping.set(now, count as u64);
        metrics.escaped_usd_per_min.set(now, worst * params.orders_per_min as f64 / 100.0);
    }
}

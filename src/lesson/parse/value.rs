//! Values, moments, inputs and controls, as lessons write them.

use toml::de::DeValue;
use warstories_sim::replay::Replay;
use warstories_sim::suggest::{known, shortened};
use warstories_sim::{Domain, ParamSpec, ScenarioSpec, SimTime};

use super::table::{Diagnostics, Item, Table};
use crate::lesson::{Control, Fix, Timed};
use crate::measure::within;

/// TOML has types where links and flags have only text; `servers = "4"` is a mistake.
pub(super) fn param_value(spec: &ParamSpec, value: &DeValue<'_>) -> Result<f64, String> {
    let text = match value {
        DeValue::String(text) if matches!(spec.domain, Domain::Choice(_)) => text.to_string(),
        DeValue::Boolean(switch) => switch.to_string(),
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().to_owned(),
        DeValue::Float(float) => float.as_str().to_owned(),
        other => {
            return Err(format!(
                "{} cannot be a TOML {}; it takes {}",
                spec.id,
                other.type_str(),
                spec.allowed()
            ));
        }
    };
    spec.parse(&text)
}

/// The table `start`: parameters and their values.
pub(super) fn start(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Vec<(usize, f64)> {
    let Some(item) = table.get("start") else { return Vec::new() };
    let mut start = Vec::new();
    for (id, item) in item.free_table("start", "[start], then parameter = value", diagnostics) {
        let value = diagnostics
            .spec
            .param(id)
            .and_then(|param| Ok((param, param_value(&diagnostics.spec.params[param], item.value)?)));
        start.extend(diagnostics.keep(item.line, value));
    }
    start
}

/// A moment of the run: a text, or a number of seconds.
pub(super) fn time(item: Item<'_>, key: &str, diagnostics: &mut Diagnostics) -> Option<SimTime> {
    let text = match item.value {
        DeValue::String(text) => text.as_ref(),
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
        DeValue::Float(float) => float.as_str(),
        _ => {
            let example = diagnostics.spec.clock.spell(SimTime::from_secs(90));
            diagnostics.report(item.line, format!("{key} is not a time; write {key} = \"{example}\" or the seconds from the start, {key} = 90"));
            return None;
        }
    };
    let time =
        SimTime::parse(text, diagnostics.spec.clock).and_then(|time| within(time, text, diagnostics.spec));
    diagnostics.keep(item.line, time)
}

/// `TIME parameter=value` or `TIME action`.
fn input(text: &str, spec: &ScenarioSpec) -> Result<Timed, String> {
    let (time, what) = text.trim().split_once(char::is_whitespace).unwrap_or((text, ""));
    let what = what.trim_start();
    // Only what is written into a text field may hold spaces.
    let may_be_text =
        !spec.texts.is_empty() && what.split_once('=').is_some_and(|(id, _)| spec.param(id).is_err());
    if what.is_empty() || !may_be_text && what.contains(char::is_whitespace) {
        return Err(format!(
            "\"{}\" is not a change or an action; write \"TIME parameter=value\" or \"TIME action\", with spaces nowhere else",
            shortened(text)
        ));
    }
    let at = within(SimTime::parse(time, spec.clock)?, time, spec)?;
    Ok(Timed { at, input: spec.input(what)? })
}

/// `inputs = ["TIME parameter=value", "TIME action"]`, in order of time.
pub(super) fn inputs(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Vec<Timed> {
    inputs_of(table, "inputs", diagnostics)
}

/// The same below another key.
pub(super) fn inputs_of(table: &Table<'_>, key: &str, diagnostics: &mut Diagnostics) -> Vec<Timed> {
    const MOST: usize = Replay::MAX_INPUTS / 4;
    let mut inputs = Vec::new();
    let texts = table.texts(key, diagnostics);
    if let Some((_, line)) = texts.get(MOST) {
        let what = table.what;
        diagnostics.report(
            *line,
            format!("{what} has {} inputs; it takes at most {MOST}, and this is one more", texts.len()),
        );
    }
    for (text, line) in texts {
        let read = input(text, diagnostics.spec);
        inputs.extend(diagnostics.keep(line, read));
    }
    // Stable: inputs of one moment stay in the order written.
    inputs.sort_by_key(|input| input.at);
    inputs
}

/// One attempt: a list of inputs, and of start values without a time.
pub(super) fn attempt(items: &[Item<'_>], key: &str, diagnostics: &mut Diagnostics) -> Vec<Fix> {
    const MOST: usize = 50;
    if items.len() > MOST {
        diagnostics.report(items[MOST].line, format!("an attempt has at most {MOST} changes and actions"));
    }
    let mut fixes = Vec::new();
    for item in items.iter().take(MOST) {
        let Some(text) = item.text(key, diagnostics) else { continue };
        let fix = match text.split_once('=') {
            Some((id, value)) if !id.trim().contains(char::is_whitespace) => diagnostics
                .spec
                .param(id.trim())
                .and_then(|param| Ok(Fix::Start(param, diagnostics.spec.params[param].parse(value.trim())?))),
            _ => input(text, diagnostics.spec).map(Fix::Input),
        };
        fixes.extend(diagnostics.keep(item.line, fix));
    }
    fixes
}

/// Parameters and actions by their ids.
pub(super) fn controls(table: &Table<'_>, key: &str, diagnostics: &mut Diagnostics) -> Vec<Control> {
    let mut controls = Vec::new();
    for (id, line) in table.texts(key, diagnostics) {
        let control = control(id, diagnostics.spec);
        controls.extend(diagnostics.keep(line, control));
    }
    controls
}

fn control(id: &str, spec: &ScenarioSpec) -> Result<Control, String> {
    if let Ok(param) = spec.param(id) {
        return Ok(Control::Param(param));
    }
    if let Some(field) = spec.field(id) {
        return Ok(Control::Text(field));
    }
    spec.action(id).map(Control::Action).map_err(|_| {
        let params = spec.params.iter().map(|param| param.id);
        let all = params
            .chain(spec.actions.iter().map(|action| action.id))
            .chain(spec.texts.iter().map(|field| field.id));
        let hint = known(id, all);
        format!("{} has no parameter or action \"{}\"{hint}", spec.id, shortened(id))
    })
}

/// As lessons spell it.
pub(crate) fn control_id(control: Control, spec: &ScenarioSpec) -> &'static str {
    match control {
        Control::Param(param) => spec.params.get(param).map_or("?", |param| param.id),
        Control::Action(action) => spec.actions.get(action).map_or("?", |action| action.id),
        Control::Text(field) => spec.texts.get(field).map_or("?", |field| field.id),
    }
}

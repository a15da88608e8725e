//! From arguments to a run as a value. Everything is read here and nowhere else, before anything runs.

use warstories_sim::replay::parse_seed;
use warstories_sim::scenario::shortened;
use warstories_sim::{Input, Replay, ScenarioSpec, SimTime, scenarios};

/// Runs of one scenario that `--replicate` takes at most.
pub const MAX_REPLICATES: u64 = 10_000;

/// What to run, what to do during the run, and what to print of it.
#[derive(clap::Args)]
#[command(after_help = "TIME is seconds from the start (90 or 12.5) or the story's clock (03:17:00).\n\
    At one moment, changes come before actions.")]
pub struct RunArgs {
    /// Which scenario; "warstories list" shows them all
    pub scenario: String,
    /// Seed of all randomness
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub seed: Option<String>,
    /// When to stop; without it, the scenario's own length
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub until: Option<String>,
    /// Sets a parameter at the start; repeat for more
    #[arg(long, value_name = "ID=VALUE")]
    pub set: Vec<String>,
    /// Changes a parameter during the run; repeat for more
    #[arg(long, num_args = 2, value_names = ["TIME", "ID=VALUE"], allow_negative_numbers = true)]
    pub at: Vec<String>,
    /// Takes an action during the run; repeat for more
    #[arg(long, num_args = 2, value_names = ["TIME", "ACTION"], allow_negative_numbers = true)]
    pub act: Vec<String>,
    /// Prints one JSON object
    #[arg(long)]
    pub json: bool,
    /// Writes the sampled series; "-" is standard output
    #[arg(long, value_name = "FILE")]
    pub csv: Option<String>,
    /// Runs N seeds from the given one on and prints means and standard errors
    #[arg(long, value_name = "N", allow_negative_numbers = true, conflicts_with = "csv")]
    pub replicate: Option<String>,
}

/// A run and how far to look.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// The run.
    pub replay: Replay,
    /// Its end.
    pub until: SimTime,
}

/// Reads the run that `args` describe.
///
/// # Errors
/// One sentence about the first thing that is wrong.
pub fn experiment(args: &RunArgs) -> Result<Experiment, String> {
    let spec = scenarios::find(&args.scenario)?;
    let seed = args.seed.as_deref().map_or(Ok(Replay::DEFAULT_SEED), parse_seed)?;
    let mut replay = Replay::new(spec).with_seed(seed);
    let mut set = Vec::new();
    for text in &args.set {
        let (param, value) = assignment(spec, text)?;
        if set.contains(&param) {
            return Err(format!("{} is set twice; leave one --set out", spec.params[param].id));
        }
        set.push(param);
        replay.set_start(param, value);
    }
    for (at, input) in inputs(spec, args)? {
        replay.add(at, input)?;
    }
    let until = args.until.as_deref().map_or(Ok(spec.length), |text| time(spec, text))?;
    Ok(Experiment { replay, until })
}

impl Experiment {
    /// A sentence about inputs that the run does not live to see.
    pub fn note(&self) -> Option<String> {
        let (at, _) = self.replay.inputs().iter().find(|(at, _)| *at > self.until)?;
        Some(format!("note: what is entered at {at} s does not happen; the run ends at {} s", self.until))
    }
}

/// Reads `--replicate`.
///
/// # Errors
/// One sentence with the range.
pub fn replicates(text: &str) -> Result<u64, String> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|count| plain && (1..=MAX_REPLICATES).contains(count)).ok_or_else(|| {
        format!(
            "--replicate cannot be \"{}\"; it takes a whole number from 1 to {MAX_REPLICATES}",
            shortened(text)
        )
    })
}

/// Reads `id=value`.
///
/// # Errors
/// One sentence about the id, the value, or the sign between them.
pub fn assignment(spec: &ScenarioSpec, text: &str) -> Result<(usize, f64), String> {
    let (id, value) = text.split_once('=').map_or((text, None), |(id, value)| (id, Some(value)));
    let param = spec.param(id)?;
    let spec = &spec.params[param];
    let value = value.ok_or_else(|| {
        format!("{} has no value; write {}=VALUE, which takes {}", spec.id, spec.id, spec.allowed())
    })?;
    let number = spec.parse(value)?;
    Ok((param, number))
}

/// Reads a moment that a run can reach.
///
/// # Errors
/// One sentence with both spellings, or with the latest moment.
pub fn time(spec: &ScenarioSpec, text: &str) -> Result<SimTime, String> {
    let time = SimTime::parse(text, spec.clock)?;
    if time > Replay::MAX_TIME {
        let last = Replay::MAX_TIME;
        return Err(format!(
            "{time} s is past the end of the longest run; a time is at most {last} s (30 days)"
        ));
    }
    Ok(time)
}

/// Changes and actions in an order that does not depend on the order of the options, which parsing has lost:
/// by time, then changes before actions, then by position in the scenario's tables.
fn inputs(spec: &ScenarioSpec, args: &RunArgs) -> Result<Vec<(SimTime, Input)>, String> {
    let mut changes = Vec::new();
    for pair in args.at.as_chunks::<2>().0 {
        let (param, value) = assignment(spec, &pair[1])?;
        changes.push((time(spec, &pair[0])?, param, value));
    }
    let mut actions = Vec::new();
    for pair in args.act.as_chunks::<2>().0 {
        actions.push((time(spec, &pair[0])?, spec.action(&pair[1])?));
    }
    changes.sort_by_key(|(at, param, _)| (*at, *param));
    actions.sort_unstable();
    if let Some([(at, param, _), _]) =
        changes.array_windows().find(|[one, other]| (one.0, one.1) == (other.0, other.1))
    {
        return Err(format!("{} is changed twice at {at} s; leave one --at out", spec.params[*param].id));
    }
    let changes = changes.into_iter().map(|(at, param, value)| (at, Input::Change { param, value }));
    Ok(changes.chain(actions.into_iter().map(|(at, action)| (at, Input::Action(action)))).collect())
}

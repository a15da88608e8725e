//! From arguments to a run as a value. Everything is read here and nowhere else, before anything runs.

use warstories_sim::exhibit::Exhibit;
use warstories_sim::link::parse_seed;
use warstories_sim::suggest::shortened;
use warstories_sim::{Input, Replay, ScenarioSpec, SimTime, scenarios};

/// Runs of one scenario that `--replicate` takes at most.
pub const MAX_REPLICATES: u64 = 10_000;

/// What to run, what to do during the run, and what to print of it.
#[derive(clap::Args)]
#[command(after_help = "TIME is seconds from the start (90 or 12.5) or the story's clock (03:17:00).\n\
    At one moment, changes come before actions.")]
pub struct RunArgs {
    /// Which scenario; "warstories list" shows them all
    #[arg(required_unless_present = "replay")]
    pub scenario: Option<String>,
    /// Plays a link as the page and this command print it: the whole address, or what follows "#/play/"
    #[arg(long, value_name = "LINK")]
    pub replay: Option<String>,
    /// Seed of all randomness
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub seed: Option<String>,
    /// When to stop; without it, the scenario's own length
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub until: Option<String>,
    /// Sets a parameter at the start; repeat for more
    #[arg(long, value_name = "ID=VALUE")]
    pub set: Vec<String>,
    /// Changes a parameter or writes a text during the run; repeat for more
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
    if let Some(link) = &args.replay {
        return replayed(link, args);
    }
    let spec = scenarios::find(args.scenario.as_deref().unwrap_or_default())?;
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
    let until = args.until.as_deref().map_or(Ok(spec.length), |text| moment(spec, "--until", text))?;
    Ok(Experiment { replay, until })
}

/// The experiment that a link describes; it lasts until the moment that the link shows, unless `--until` says more or
/// less.
fn replayed(link: &str, args: &RunArgs) -> Result<Experiment, String> {
    let given = [
        ("the scenario", args.scenario.is_some()),
        ("--seed", args.seed.is_some()),
        ("--set", !args.set.is_empty()),
        ("--at", !args.at.is_empty()),
        ("--act", !args.act.is_empty()),
    ];
    if let Some((what, _)) = given.into_iter().find(|(_, is_given)| *is_given) {
        return Err(format!(
            "--replay says everything that is played; leave {what} out, or change it in the link"
        ));
    }
    if link.contains(LEARN) {
        return Err(format!(
            "\"{}\" is the address of a lesson, not of a run; press Share beside the run and give the address that \
             it shows, which has {PLAY} in it",
            shortened(link)
        ));
    }
    let text = link.split_once(PLAY).map_or(link, |(_, text)| text);
    let link = Replay::parse(text.trim_start_matches(['#', '/']))?;
    if let Some(problem) = link.dropped.first() {
        return Err(format!("the link cannot be played as it is: {problem}"));
    }
    let spec = link.replay.spec();
    let until = match &args.until {
        Some(text) => moment(spec, "--until", text)?,
        None => link.moment.unwrap_or(spec.length),
    };
    Ok(Experiment { replay: link.replay, until })
}

/// What comes before a run in the page's addresses.
const PLAY: &str = "#/play/";
/// What comes before a lesson in them.
const LEARN: &str = "#/learn/";

impl Experiment {
    /// Sentences about what may not be what was meant: inputs that the run does not live to see, and a crash where none
    /// can be.
    pub fn notes(&self) -> Vec<String> {
        let late = self.replay.inputs().iter().find(|(at, _)| *at > self.until).map(|(at, _)| {
            format!("note: what is entered at {at} s does not happen; the run ends at {} s", self.until)
        });
        late.into_iter().chain(self.pointless_crash()).collect()
    }

    /// The first moment at which the code that the workers run does not have the line at which they are to die.
    fn pointless_crash(&self) -> Option<String> {
        let spec = self.replay.spec();
        let mut values = self.replay.start().to_vec();
        let mut note = code_note(spec, &values).map(|note| (SimTime::ZERO, note));
        for (at, param, value) in self.replay.sets().filter(|(at, ..)| *at <= self.until) {
            values[param] = value;
            // What is changed together may fit together.
            if note.as_ref().is_none_or(|(since, _)| *since == at) {
                note = code_note(spec, &values).map(|note| (at, note));
            }
        }
        note.map(|(since, note)| format!("note: from {since} s on: {note}"))
    }
}

/// What the code that the scenario's workers run says of these values, if they do not fit it.
fn code_note(spec: &ScenarioSpec, values: &[f64]) -> Option<String> {
    let mut cheap = scenarios::exhibits(spec, values).into_iter().filter(|exhibit| exhibit.is_cheap);
    cheap.find_map(|exhibit| match scenarios::cheap_exhibit(spec, exhibit.id, values)? {
        Exhibit::Code(code) => code.note,
        Exhibit::Table(_) | Exhibit::Sequence(_) | Exhibit::Listing(_) => None,
    })
}

/// Reads `--replicate`.
///
/// # Errors
/// One sentence with the range.
pub fn replicates(text: &str) -> Result<u64, String> {
    count("--replicate", text, MAX_REPLICATES)
}

/// Reads the value of `option`, a whole number from 1 to `most`.
///
/// # Errors
/// One sentence with the range.
pub fn count(option: &str, text: &str, most: u64) -> Result<u64, String> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|count| plain && (1..=most).contains(count)).ok_or_else(|| {
        format!("{option} cannot be \"{}\"; it takes a whole number from 1 to {most}", shortened(text))
    })
}

/// Reads a time that is given to `option`.
fn moment(spec: &ScenarioSpec, option: &str, text: &str) -> Result<SimTime, String> {
    spec.moment(text).map_err(|problem| format!("{option}: {problem}"))
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

/// Changes and actions in an order that does not depend on the order of the options, which parsing has lost:
/// by time, then changes before actions, then by position in the scenario's tables.
fn inputs(spec: &ScenarioSpec, args: &RunArgs) -> Result<Vec<(SimTime, Input)>, String> {
    let (mut changes, mut texts) = (Vec::new(), Vec::new());
    for pair in args.at.as_chunks::<2>().0 {
        let id = pair[1].split('=').next().unwrap_or_default();
        if !spec.texts.is_empty() && spec.param(id).is_err() {
            texts.push((moment(spec, "--at", &pair[0])?, spec.input(&pair[1])?));
            continue;
        }
        let (param, value) = assignment(spec, &pair[1])?;
        changes.push((moment(spec, "--at", &pair[0])?, param, value));
    }
    let mut actions = Vec::new();
    for pair in args.act.as_chunks::<2>().0 {
        actions.push((moment(spec, "--act", &pair[0])?, spec.action(&pair[1])?));
    }
    changes.sort_by_key(|(at, param, _)| (*at, *param));
    actions.sort_unstable();
    if let Some([(at, param, _), _]) =
        changes.array_windows().find(|[one, other]| (one.0, one.1) == (other.0, other.1))
    {
        return Err(format!("{} is changed twice at {at} s; leave one --at out", spec.params[*param].id));
    }
    let changes = changes.into_iter().map(|(at, param, value)| (at, Input::Change { param, value }));
    Ok(changes
        .chain(actions.into_iter().map(|(at, action)| (at, Input::Action(action))))
        .chain(texts)
        .collect())
}

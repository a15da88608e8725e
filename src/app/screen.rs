//! What the page is drawn from: plain data, taken from the run a few times a second.

use std::rc::Rc;

use warstories_sim::series::Series;
use warstories_sim::{Reading, SimTime};

use crate::player::Player;

/// The samples of a run, shared by all charts.
#[derive(Clone, Debug)]
pub struct Samples(pub Rc<Series>);

/// Two are equal when nothing was added in between: a chart then has nothing new to draw.
impl PartialEq for Samples {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// A run at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The moment.
    pub now: SimTime,
    /// Number of events so far.
    pub events: u64,
    /// Hash over all events so far.
    pub fingerprint: u64,
    /// What each metric says over the whole run.
    pub whole: Vec<Reading>,
    /// What each metric says of the recent past.
    pub recent: Vec<Reading>,
    /// What charts draw.
    pub samples: Samples,
    take: u32,
}

impl Snapshot {
    /// The player's run as it is; shares the samples of `before` if there are no new ones.
    pub fn take(player: &Player, before: Option<&Self>) -> Self {
        let run = player.run();
        let metrics = 0..run.spec().metrics.len();
        let series = run.series();
        let samples = before
            .filter(|before| before.take == player.take() && before.samples.0.next() == series.next())
            .map_or_else(|| Samples(Rc::new(series.clone())), |before| before.samples.clone());
        Self {
            now: run.now(),
            events: run.events(),
            fingerprint: run.fingerprint(),
            whole: metrics.clone().map(|index| run.read(index)).collect(),
            recent: metrics.map(|index| run.recent(index)).collect(),
            samples,
            take: player.take(),
        }
    }
}

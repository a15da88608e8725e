//! A station: servers that are shared evenly, and the event of the next end.

use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::resource::processor_sharing::ProcessorSharing;
use crate::scenario::Scenario;

/// Jobs that share servers evenly, and the event at which the next of them ends.
///
/// When a job comes or goes, or the servers change, all other jobs end earlier or later. Whoever has changed the jobs
/// calls [`Station::plan`] once, after everything else that the same event brings about.
#[derive(Clone, Debug)]
pub struct Station<E> {
    /// The jobs and their servers.
    pub jobs: ProcessorSharing,
    event: E,
    next_end: EventHandle,
}

impl<E: Copy> Station<E> {
    /// No job yet, on `servers` servers (at least 1); `event` is the end of a job.
    pub fn new(servers: u64, event: E) -> Self {
        Self { jobs: ProcessorSharing::new(servers), event, next_end: EventHandle::NONE }
    }

    /// Plans the next end anew.
    pub fn plan<S: Scenario<Event = E>>(&mut self, ctx: &mut Ctx<S>) {
        ctx.cancel(self.next_end);
        self.next_end = match self.jobs.next_end() {
            Some(end) => {
                debug_assert!(end >= ctx.now(), "a job ended at {end}, and it is {} already", ctx.now());
                ctx.schedule(end - ctx.now(), self.event)
            }
            None => EventHandle::NONE,
        };
    }
}

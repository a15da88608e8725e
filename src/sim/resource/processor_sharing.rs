//! Processor sharing: every job is served at once, and all share the servers evenly.

use super::heap::{Heap, Job};
use crate::time::SimTime;

/// Jobs that share servers evenly: with `n` jobs on `c` servers each runs at rate min(1, c/n). With contention `k` each
/// job beyond `c` also gets in everybody's way: the rate is then c/n / (1 + k (n − c)), and throughput falls as more
/// jobs arrive, as in the second half of Gunther's universal scalability law.
///
/// Since all jobs run at one rate, a job that needs `w` nanoseconds of service ends when the service that each job
/// has been given since its arrival reaches `w`. One virtual clock counts that service; a job is a tag on it.
#[derive(Debug)]
pub struct ProcessorSharing {
    servers: f64,
    contention: f64,
    /// Nanoseconds of service that a job present all the time would have been given.
    served: f64,
    updated: SimTime,
    jobs: Heap,
    order: u64,
}

impl Clone for ProcessorSharing {
    #[inline(never)]
    fn clone(&self) -> Self {
        Self { jobs: self.jobs.clone(), ..*self }
    }
}

impl ProcessorSharing {
    /// No job yet, on `servers` servers (at least 1).
    pub fn new(servers: u64) -> Self {
        Self {
            servers: servers.max(1) as f64,
            contention: 0.0,
            served: 0.0,
            updated: SimTime::ZERO,
            jobs: Heap::default(),
            order: 0,
        }
    }

    /// Number of jobs.
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Whether there is no job.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// From `now` on the jobs share `servers` servers (at least 1).
    pub fn set_servers(&mut self, now: SimTime, servers: u64) {
        self.set_capacity(now, servers.max(1) as f64, 0.0);
    }

    /// From `now` on the jobs share `servers` servers, more than 0 and not necessarily a whole number, with this
    /// contention.
    pub fn set_capacity(&mut self, now: SimTime, servers: f64, contention: f64) {
        self.catch_up(now);
        self.servers = servers;
        self.contention = contention;
    }

    /// Servers at work: as many as there are jobs, at most all.
    pub fn busy(&self) -> f64 {
        self.count().min(self.servers)
    }

    /// A job `id` that needs `work` of one server's time arrives. No other job here has that id, and ids are small:
    /// memory grows with the largest.
    pub fn add(&mut self, now: SimTime, id: u32, work: SimTime) {
        self.catch_up(now);
        self.jobs.push(Job { ends: self.served + work.as_nanos_f64(), order: self.order, id });
        self.order += 1;
    }

    /// When the next job ends, if no other arrives before.
    pub fn next_end(&self) -> Option<SimTime> {
        let job = self.jobs.peek()?;
        let delay = (job.ends - self.served).max(0.0) / self.rate();
        Some(self.updated + SimTime::ceil_from_nanos_f64(delay))
    }

    /// Takes the job that ends at `now`, which is when [`ProcessorSharing::next_end`] said.
    pub fn end(&mut self, now: SimTime) -> Option<u32> {
        self.catch_up(now);
        let job = self.jobs.pop()?;
        if self.jobs.is_empty() {
            // Nobody holds a tag: start the virtual clock anew, so that it never loses precision.
            self.served = 0.0;
        }
        Some(job.id)
    }

    /// Takes the job `id` out, unfinished, if it is there.
    pub fn cancel(&mut self, now: SimTime, id: u32) {
        self.catch_up(now);
        self.jobs.remove(id);
        if self.jobs.is_empty() {
            self.served = 0.0;
        }
    }

    /// Takes out the jobs whose id `is_leaving` names, unfinished. Looks at every job.
    pub fn remove(&mut self, now: SimTime, is_leaving: impl FnMut(u32) -> bool) {
        self.catch_up(now);
        self.jobs.remove_if(is_leaving);
        if self.jobs.is_empty() {
            self.served = 0.0;
        }
    }

    /// Takes all jobs out, each with the work that it still needs, in order of their arrival.
    pub fn drain(&mut self, now: SimTime) -> Vec<(u32, SimTime)> {
        self.catch_up(now);
        let served = std::mem::take(&mut self.served);
        let mut jobs: Vec<(u64, u32)> = self.jobs.iter().map(|job| (job.order, job.id)).collect();
        jobs.sort_unstable();
        jobs.into_iter()
            .filter_map(|(_, id)| self.jobs.remove(id))
            .map(|job| (job.id, SimTime::ceil_from_nanos_f64((job.ends - served).max(0.0))))
            .collect()
    }

    /// How fast each job runs, in proportion to a server of its own: 1 as long as there are enough.
    pub fn rate(&self) -> f64 {
        let jobs = self.count();
        if jobs > self.servers {
            self.servers / jobs / (1.0 + self.contention * (jobs - self.servers))
        } else {
            1.0
        }
    }

    /// Number of jobs, for formulas: no more than there are ids, and processors convert 32 bits in one instruction.
    fn count(&self) -> f64 {
        f64::from(self.jobs.len() as u32)
    }

    fn catch_up(&mut self, now: SimTime) {
        debug_assert!(now >= self.updated, "jobs were served until {}, after {now}", self.updated);
        if !self.jobs.is_empty() {
            self.served += (now - self.updated).as_nanos_f64() * self.rate();
        }
        self.updated = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    #[test]
    fn jobs_share_evenly_and_the_shortest_ends_first() {
        let mut shared = ProcessorSharing::new(1);
        shared.add(at(0), 1, at(100));
        shared.add(at(0), 2, at(40));
        // Each runs at half speed: job 2 ends at 80, then job 1 has 60 left, alone.
        assert_eq!(shared.next_end(), Some(at(80)));
        assert_eq!(shared.end(at(80)), Some(2));
        assert_eq!(shared.next_end(), Some(at(140)));
        assert_eq!(shared.end(at(140)), Some(1));
        assert_eq!(shared.next_end(), None);
    }

    #[test]
    fn with_enough_servers_nobody_is_slowed_and_draining_keeps_what_is_left() {
        let mut shared = ProcessorSharing::new(2);
        shared.add(at(0), 1, at(100));
        shared.add(at(10), 2, at(100));
        shared.add(at(20), 3, at(90));
        // Three jobs on two servers since 20: job 1 had 20, job 2 10; by 50 each gets 20 more.
        assert!(!shared.is_empty());
        assert_eq!(shared.drain(at(50)), vec![(1, at(60)), (2, at(70)), (3, at(70))]);
        assert!(shared.is_empty());
    }

    #[test]
    fn contention_slows_everybody_down() {
        let mut shared = ProcessorSharing::new(1);
        shared.set_capacity(at(0), 1.0, 0.5);
        for id in 0..3 {
            shared.add(at(0), id, at(100));
        }
        // Each of three runs at 1/3 / (1 + 0.5 · 2) = 1/6.
        assert_eq!(shared.next_end(), Some(at(600)));
        shared.remove(at(300), |id| id == 1);
        // Each of two has 50 left and runs at 1/2 / 1.5 = 1/3.
        assert_eq!((shared.next_end(), shared.busy()), (Some(at(450)), 1.0));
    }

    #[test]
    fn more_servers_speed_up_the_jobs_at_once() {
        let mut shared = ProcessorSharing::new(1);
        shared.add(at(0), 1, at(100));
        shared.add(at(0), 2, at(100));
        shared.set_servers(at(100), 2);
        assert_eq!(shared.next_end(), Some(at(150)));
        assert_eq!((shared.end(at(150)), shared.end(at(150))), (Some(1), Some(2)));
    }
}

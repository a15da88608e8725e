//! What queueing theory says of the lab, where it has a closed form.

use super::tables::{Discipline, Params, ServiceDistribution};
use crate::theory::Law;

impl Params {
    /// The law of the mean wait under these values.
    ///
    /// # Errors
    /// Why there is none, as a sentence.
    pub(super) fn mean_wait(&self) -> Result<Law, &'static str> {
        let service = self.service_ms;
        let cv2 = self.service_distribution.shape().cv2();
        match *self {
            Self { discipline: Discipline::ProcessorSharing, .. } => {
                Err("Under processor sharing nobody waits in line.")
            }
            Self { clients: 1.., .. } => Err("Clients who wait for their answer do not arrive at random."),
            Self { may_wait: false, .. } => Err("Requests may not wait."),
            Self { queue_limit: 1.., .. } => Err("A queue with a limit turns requests away."),
            _ if self.patience_ms > 0.0 => Err("Requests that give up leave the queue."),
            Self { service_distribution: ServiceDistribution::Exponential, servers, .. } => {
                Ok(Law::Mmc { servers: u32::try_from(servers).unwrap_or(u32::MAX), service })
            }
            Self { servers: 1, .. } => Ok(Law::Mg1 { service, cv2 }),
            _ => Err("Several servers have a law in closed form only where service times are exponential."),
        }
    }
}

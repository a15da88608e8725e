//! Which service is deployed with which.

use super::tables::Params;
use crate::inert::Rule;
use crate::scenarios::distributed_monolith::topology::Layout;
use crate::theory::Law;
use crate::time::SimTime;

/// Services that stay beside the core, because they need to grow by themselves or are written in another language.
const KEPT: u64 = 3;

impl Params {
    /// Services that are in the core.
    pub(super) fn in_core(&self) -> u64 {
        match self.layout {
            Layout::TwentyServices => 0,
            // A core has at least one service.
            Layout::CorePlusThree => self.services.saturating_sub(KEPT + self.leftover_services).max(1),
            Layout::Single => self.services,
        }
    }

    /// Services that are deployed by themselves.
    pub(super) fn beside(&self) -> u64 {
        self.services - self.in_core()
    }

    /// What is deployed by itself, the core included.
    pub fn deployables(&self) -> u64 {
        self.beside() + u64::from(self.in_core() > 0)
    }

    /// The law of the mean wait for a pipeline: M/D/1, by the mean number of busy pipelines.
    ///
    /// # Errors
    /// Why there is none, as a sentence.
    pub(super) fn mean_wait(&self) -> Result<Law, &'static str> {
        if self.deployables() == 1 {
            Ok(Law::Mg1 { service: self.pipeline_min, cv2: 0.0 })
        } else {
            Err("Changes take several pipelines, and the law is that of one.")
        }
    }

    /// The pipeline that the service at this position goes through. The core comes first.
    pub(super) fn pipeline_of(&self, service: u8) -> u8 {
        if u64::from(service) < self.in_core() { 0 } else { service }
    }
}

/// Which controls do nothing, and why.
pub fn inert(params: &Params) -> Vec<Rule> {
    let is_one = params.deployables() == 1;
    let week = params.week();
    let is_full = week.building + week.waiting == SimTime::ZERO;
    vec![
        (params.layout != Layout::CorePlusThree, &["leftover_services"], "No service stays beside a core."),
        (params.in_core() == 0, &["core_mb"], "There is no core."),
        (params.beside() == 0, &["container_mb"], "There is nothing but the one application."),
        (is_one, &["services_per_change", "coordination_min"], "Every change touches the one application."),
        (params.services_per_change == 1, &["coordination_min"], "Every change touches one service."),
        (params.builders() == 0, &["tests_per_day"], "Nobody builds features."),
        (is_full, &["tests_per_day"], "Operations leave no hour for tests."),
    ]
}

//! What theory says of a scenario: laws in closed form, to be drawn behind what a run has measured.

/// A curve that a scenario supplies: one metric's mean as a function of another's.
#[derive(Clone, Debug, PartialEq)]
pub struct Theory {
    /// Its name within the scenario.
    pub id: &'static str,
    /// The metric along the horizontal axis, by its id.
    pub x: &'static str,
    /// The metric along the vertical axis, by its id.
    pub y: &'static str,
    /// The law that holds under the values of the parameters; where none is known, why, as a sentence.
    pub law: Result<Law, &'static str>,
}

/// A law of queueing theory: the mean wait in line, in the unit of the mean service time, by the utilization.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// Poisson arrivals, exponential service times, one queue.
    Mmc {
        /// Servers, at least 1.
        servers: u32,
        /// Mean service time.
        service: f64,
    },
    /// Poisson arrivals, service times of any distribution, one queue and one server.
    Mg1 {
        /// Mean service time.
        service: f64,
        /// Squared coefficient of variation of the service times.
        cv2: f64,
    },
}

impl Law {
    /// The mean wait at the utilization `rho`, at least 0; without bound towards 1, and NaN from there on.
    pub fn at(self, rho: f64) -> f64 {
        match self {
            _ if rho >= 1.0 => f64::NAN,
            Self::Mmc { servers, service } => service * mmc_wait(servers, rho * f64::from(servers)),
            Self::Mg1 { service, cv2 } => service * mg1_wait(rho, cv2),
        }
    }

    /// What the queue is called, and who found the law.
    pub fn source(self) -> &'static str {
        match self {
            Self::Mmc { servers: 1, .. } => "M/M/1 (Erlang, 1917)",
            Self::Mmc { .. } => "M/M/c (Erlang, 1917)",
            Self::Mg1 { .. } => "M/G/1 (Pollaczek, 1930; Khinchine, 1932)",
        }
    }

    /// The law in the usual letters: W mean wait, S mean service time, ρ utilization, c servers, C the probability of
    /// waiting that Erlang's formula gives, cv coefficient of variation of the service times.
    pub fn formula(self) -> &'static str {
        match self {
            Self::Mmc { servers: 1, .. } => "W = S · ρ / (1 − ρ)",
            Self::Mmc { .. } => "W = S · C(c, cρ) / (c (1 − ρ))",
            Self::Mg1 { .. } => "W = S · ρ / (1 − ρ) · (1 + cv²) / 2",
        }
    }
}

/// Erlang B, by its recursion: probability that an arrival finds all `c` servers busy and is lost, at `a` erlangs.
pub fn erlang_b(c: u32, a: f64) -> f64 {
    (1..=c).fold(1.0, |b, k| a * b / (f64::from(k) + a * b))
}

/// Erlang C: probability that an arrival to M/M/c has to wait, at `a` < `c` erlangs.
pub fn erlang_c(c: u32, a: f64) -> f64 {
    let b = erlang_b(c, a);
    let rho = a / f64::from(c);
    b / (1.0 - rho * (1.0 - b))
}

/// Mean wait in M/M/c at `a` < `c` erlangs, in mean service times.
pub fn mmc_wait(c: u32, a: f64) -> f64 {
    erlang_c(c, a) / (f64::from(c) - a)
}

/// Pollaczek and Khinchine: mean wait in M/G/1 at utilization `rho` < 1, in mean service times, service with squared
/// coefficient of variation `cv2`.
pub fn mg1_wait(rho: f64, cv2: f64) -> f64 {
    rho / (1.0 - rho) * f64::midpoint(1.0, cv2)
}

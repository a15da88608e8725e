//! The reasons for which requests fail, as an enumeration that [`metrics!`](crate::metrics) derives from its lines.

use super::Failure;

/// A reason for which requests of a scenario fail: one of its metrics of the type [`Failure`].
/// Implemented by [`metrics!`](crate::metrics) for the scenario's `Failure`.
pub trait FailureReason: Copy + 'static {
    /// The metrics of the scenario.
    type Metrics;

    /// All reasons, in the order of their declaration.
    const ALL: &'static [Self];

    /// The id of the metric, which flows and lives carry.
    fn id(self) -> &'static str;

    /// As people read it.
    fn label(self) -> &'static str;

    /// The metric.
    fn counter(self, metrics: &Self::Metrics) -> &Failure;

    /// The metric, to be counted up.
    fn counter_mut(self, metrics: &mut Self::Metrics) -> &mut Failure;

    /// One more request has failed for this reason.
    fn count(self, metrics: &mut Self::Metrics) {
        self.counter_mut(metrics).add_one();
    }

    /// Requests that have failed for this reason so far.
    fn total(self, metrics: &Self::Metrics) -> u64 {
        self.counter(metrics).total()
    }

    /// Requests that have failed for this reason lately, see [`Counter::lately`](super::Counter::lately).
    fn lately(self, metrics: &Self::Metrics) -> u64 {
        self.counter(metrics).lately()
    }
}

/// Picks the lines of the type `Failure` and declares the enumeration of them.
#[doc(hidden)]
#[macro_export]
macro_rules! failures {
    ([$($reasons:tt)*] $(#[doc = $doc:literal])+ Failure $id:ident $label:literal; $($rest:tt)*) => {
        $crate::failures! { [$($reasons)* $(#[doc = $doc])+ $id $label;] $($rest)* }
    };
    ([$($reasons:tt)*] $(#[doc = $doc:literal])+ $type:ident $id:ident $label:literal; $($rest:tt)*) => {
        $crate::failures! { [$($reasons)*] $($rest)* }
    };
    ([]) => {};
    ([$($(#[doc = $doc:literal])+ $id:ident $label:literal;)+]) => {
        $crate::pastey::paste! {
            /// Why a request ended badly.
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum Failure {
                $($(#[doc = $doc])+ [<$id:camel>],)+
            }

            impl $crate::metric::FailureReason for Failure {
                type Metrics = Metrics;

                const ALL: &'static [Self] = &[$(Self::[<$id:camel>]),+];

                fn id(self) -> &'static str {
                    match self {
                        $(Self::[<$id:camel>] => stringify!($id),)+
                    }
                }

                fn label(self) -> &'static str {
                    match self {
                        $(Self::[<$id:camel>] => $label,)+
                    }
                }

                fn counter(self, metrics: &Metrics) -> &$crate::metric::Failure {
                    match self {
                        $(Self::[<$id:camel>] => &metrics.$id,)+
                    }
                }

                fn counter_mut(self, metrics: &mut Metrics) -> &mut $crate::metric::Failure {
                    match self {
                        $(Self::[<$id:camel>] => &mut metrics.$id,)+
                    }
                }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::FailureReason;
    use crate::metric::MetricSet;
    use crate::{Reading, SimTime, metrics};

    metrics! {
        /// Tries.
        tries: Counter, "Tries", "";
        /// Too late.
        too_late: Failure, "Too late", "", [1.0 "somebody was late"];
        /// How full it is.
        fill: Level, "Fill", "";
        /// Turned away.
        shed: Failure, "Shed", "";
    }

    #[test]
    fn the_lines_of_the_type_failure_are_the_reasons() {
        let mut metrics = Metrics::default();
        for reason in [Failure::Shed, Failure::TooLate, Failure::Shed] {
            reason.count(&mut metrics);
        }
        let told: Vec<_> =
            Failure::ALL.iter().map(|each| (each.id(), each.label(), each.total(&metrics))).collect();
        assert_eq!(told, [("too_late", "Too late", 1), ("shed", "Shed", 2)]);
        assert_eq!(metrics.read(3, SimTime::ZERO), Reading::Count(2));
        assert_eq!((metrics.tries.total(), metrics.fill.value()), (0, 0));
    }
}

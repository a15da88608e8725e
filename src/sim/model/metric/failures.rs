//! The reasons for which requests fail, as an enumeration that [`metrics!`](crate::metrics) derives from its lines.

/// A reason for which requests of a scenario fail: one of its metrics of the type [`Failure`](super::Failure).
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

    /// One more request has failed for this reason.
    fn count(self, metrics: &mut Self::Metrics);

    /// Requests that have failed for this reason so far.
    fn total(self, metrics: &Self::Metrics) -> u64;
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

                fn count(self, metrics: &mut Metrics) {
                    match self {
                        $(Self::[<$id:camel>] => metrics.$id.add_one(),)+
                    }
                }

                fn total(self, metrics: &Metrics) -> u64 {
                    match self {
                        $(Self::[<$id:camel>] => metrics.$id.total(),)+
                    }
                }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
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

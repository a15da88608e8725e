//! Customers: who comes again after a try that failed, how soon, and who is lost.

use super::tables::{Event, Failure, Tries};
use super::{ConnectionPool, Params};
use crate::engine::Ctx;
use crate::metric::FailureReason;
use crate::money::micros;
use crate::resource::backoff::Backoff;
use crate::time::SimTime;

/// A customer tries again after 0.5 s to 1.5 s; pauses that grow do so up to a minute.
const PAUSE: Backoff = Backoff { least: 0.5, most: 1.5, growth: 1.0, cap: 60.0 };

/// Customers, however often each of them tries.
#[derive(Clone, Copy, Debug, Default)]
pub struct Customers {
    pub came: u64,
    /// Those who gave up or failed and will try again.
    pub pausing: u64,
    /// Those who failed for good.
    pub lost: u64,
}

type Context = Ctx<ConnectionPool>;

impl ConnectionPool {
    /// A customer's pause is over: they try again, unless customers do so no more.
    pub(super) fn come_again(&mut self, tries: Tries, ctx: &mut Context) {
        self.customers.pausing -= 1;
        let most = ctx.params.client_retries as u8;
        if most == 0 {
            self.lose_customer(ctx);
            return;
        }
        // From a stream of their own, so that retries do not shift what everybody else draws.
        let unit = self.retries.unit();
        self.arrive(unit, Tries { left: tries.left.min(most), ..tries }, ctx);
    }

    pub(super) fn refuse(&mut self, failure: Failure, tries: Tries, ctx: &mut Context) {
        failure.count(&mut ctx.metrics);
        self.window.failed_now += 1;
        self.disappoint(tries, ctx.params.retry_failed, ctx);
        let now = ctx.now();
        ctx.end(|| super::view::refused(now, failure));
    }

    /// A customer gets no answer to this try: they pause for another, if they are the sort that does, or are lost.
    pub(super) fn disappoint(&mut self, tries: Tries, comes_again: bool, ctx: &mut Context) {
        let Params { client_retries, retry_growth, retry_budget_pct, .. } = *ctx.params;
        let may_retry = comes_again && tries.left > 0 && client_retries > 0;
        if !may_retry || (retry_budget_pct > 0.0 && !self.budget.spend()) {
            self.lose_customer(ctx);
            return;
        }
        let backoff = Backoff { growth: retry_growth, ..PAUSE };
        let pause = backoff.pause(tries.made.into(), self.retries.unit());
        self.customers.pausing += 1;
        let tries = Tries { made: tries.made + 1, left: tries.left - 1 };
        ctx.schedule(SimTime::from_secs_f64(pause), Event::Retry(tries));
    }

    /// A customer has failed for good.
    fn lose_customer(&mut self, ctx: &mut Context) {
        ctx.metrics.confirmed_loss_usd.enter(micros(ctx.params.ticket_usd));
        self.customers.lost += 1;
    }
}

//! What becomes of the lesson's claims where customers who were refused come again, which they do not in the lesson.

use super::*;

const AGAIN: &str = "client_retries=3&retry_failed=true";

/// Three pauses take 3 s on average and 4.5 s at most. So everybody whom the restart kills is lost with their last try,
/// and of those who come while it lasts for 60 s, 3 / 60 are served: a loss of (killed + 0.95 × refused customers) × $42.553.
#[test]
fn a_restart_costs_nearly_as_much_where_customers_try_three_times_again() {
    for seed in FEW_SEEDS {
        let lost = |setting: &str| {
            let restart = format!("{setting}&at=03:24:00,restart_now");
            let asked = ["confirmed_loss_usd", "killed_by_restart", "refused_restarting", "queue_depth"];
            measure(seed, &[(&restart, asked.map(|id| At(id, "03:48:00")).into())]).remove(0)
        };
        let (once, again) = (lost("client_retries=3"), lost(AGAIN));
        // The same customers come in both runs.
        let (killed, refused) = (once[1], once[2]);
        assert_eq!(killed, again[1]);
        let expected = (killed + 0.95 * refused) * 42.553;
        let error = 4.0 * 42.553 * libm::sqrt(refused * 0.95 * 0.05);
        assert!((again[0] - expected).abs() < error, "seed {seed}: {} is not {expected} ± {error}", again[0]);
        assert!(
            again[0] < once[0] && again[2] > 10.0 * refused && again[3] > 20_000.0,
            "seed {seed}: {again:?}"
        );
    }
}

/// Calls that the breaker refuses fail at once, and those who come again later are served: it lowers our own loss, which it
/// raises where they go away.
#[test]
fn a_breaker_spares_us_too_where_customers_try_three_times_again() {
    let wide = "downstream_share_points=35&pool_dynamic=true";
    let patch = "at=03:31:00,pool_size=300&at=03:31:00,sleep_ms=0";
    for seed in FEW_SEEDS {
        let lost = |again: &str, breaker: &str| {
            let setting = format!("{wide}{again}&{patch}{breaker}");
            measure(seed, &[(&setting, vec![At("confirmed_loss_usd", "03:48:00")])])[0][0]
        };
        let breaker = "&at=03:31:00,breaker=true";
        let again = format!("&{AGAIN}");
        let (bare, spared) = (lost(&again, ""), lost(&again, breaker));
        println!("seed {seed}: {bare} without, {spared} with a breaker");
        assert!(spared < bare, "seed {seed}");
        assert!(lost("", breaker) > lost("", ""), "seed {seed}");
    }
}

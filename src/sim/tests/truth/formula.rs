//! Exact results of queueing theory, with the mean service time as the unit of time: those of the library, and
//! more.

pub use warstories_sim::theory::{erlang_b, erlang_c, mg1_wait, mmc_wait};

/// Quantile `q` of the wait in M/M/c, from P(wait > t) = C e^(−(c − a)t).
pub fn mmc_wait_quantile(c: u32, a: f64, q: f64) -> f64 {
    (libm::log(erlang_c(c, a) / (1.0 - q)) / (f64::from(c) - a)).max(0.0)
}

/// Stationary probabilities of a birth-death process with states 0 to `states` − 1.
fn birth_death(states: u32, birth: impl Fn(u32) -> f64, death: impl Fn(u32) -> f64) -> Vec<f64> {
    let mut weights = vec![1.0];
    for n in 1..states {
        weights.push(weights[n as usize - 1] * birth(n - 1) / death(n));
    }
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}

/// M/M/c/K at `a` erlangs: probability that an arrival finds `k` in the system and is lost.
pub fn mmck_loss(c: u32, k: u32, a: f64) -> f64 {
    birth_death(k + 1, |_| a, |n| f64::from(n.min(c)))[k as usize]
}

/// Finite population: `n` clients that think for `z` on average, `c` servers. Throughput and mean response time.
pub fn finite_population(n: u32, c: u32, z: f64) -> (f64, f64) {
    let p = birth_death(n + 1, |k| f64::from(n - k) / z, |k| f64::from(k.min(c)));
    let throughput = p.iter().zip(0..).map(|(p, k): (_, u32)| p * f64::from(k.min(c))).sum();
    (throughput, f64::from(n) / throughput - z)
}

/// Erlang A: M/M/c with exponential patience of rate `theta` at `a` erlangs. Probability of abandoning, probability
/// of waiting, mean queue.
pub fn erlang_a(c: u32, a: f64, theta: f64) -> (f64, f64, f64) {
    // Beyond 100 mean patiences' worth of queue the probabilities are far below the precision of a double.
    let states = c + 2000;
    let p = birth_death(states, |_| a, |n| f64::from(n.min(c)) + theta * f64::from(n.saturating_sub(c)));
    let queue: f64 = p.iter().zip(0..).map(|(p, n): (_, u32)| p * f64::from(n.saturating_sub(c))).sum();
    (theta * queue / a, p[c as usize..].iter().sum(), queue)
}

#[test]
fn formulas_give_the_published_values() {
    let close =
        |value: f64, exact: f64| assert!((value / exact - 1.0).abs() < 2e-5, "{value} is not {exact}");
    close(erlang_b(10, 5.0), 0.018_384_57);
    close(erlang_b(10, 8.0), 0.121_661_06);
    close(erlang_b(10, 10.0), 0.214_582_34);
    close(erlang_b(50, 45.0), 0.054_104_47);
    close(erlang_c(2, 1.6), 0.711_111_111_1);
    close(erlang_c(100, 90.0), 0.216_940_480_9);
    close(mmc_wait(100, 90.0), 0.021_694_048_09);
    close(mmc_wait_quantile(10, 9.0, 0.99), 4.202_797_577);
    close(mmc_wait_quantile(1, 0.8, 0.99), 21.910_133_17);
    close(mg1_wait(0.8, 0.0), 2.0);
    close(mmck_loss(1, 5, 0.8), 0.088_819_26);
    close(mmck_loss(1, 10, 1.2), 0.192_586);
    close(mmck_loss(2, 10, 1.8), 0.054_807_4);
    close(mmck_loss(10, 20, 9.5), 0.046_597_0);
    close(finite_population(10, 1, 9.0).0, 0.832_037);
    close(finite_population(10, 1, 9.0).1, 3.018_700);
    close(finite_population(20, 1, 9.0).1, 11.012_347);
    close(finite_population(50, 4, 9.0).0, 3.962_848);
    let (abandon, wait, queue) = erlang_a(10, 9.0, 0.1);
    close(abandon, 0.030_437);
    close(wait, 0.577_987);
    close(queue, 2.739_31);
}

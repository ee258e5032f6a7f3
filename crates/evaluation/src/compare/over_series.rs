//! Tests with one series as one observation: what a few windows of many series can say.

use crate::distribution::{two_sided, two_sided_quantile};

/// A paired t-test of differences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PairedT {
    pub p_value: f64,
    /// A mean difference as large as this is told at 5 % in four of five cases.
    pub told_from: f64,
}

/// Two-sided, of a mean difference of zero. `None` with fewer than two.
pub(super) fn paired_t(differences: &[f64]) -> Option<PairedT> {
    let n = differences.len() as f64;
    let freedom = n - 1.0;
    if differences.len() < 2 {
        return None;
    }
    let mean = differences.iter().sum::<f64>() / n;
    let squares: f64 = differences.iter().map(|difference| (difference - mean).powi(2)).sum();
    let standard_error = (squares / freedom / n).sqrt();
    let p_value = match kernel::finite(mean / standard_error) {
        Some(statistic) => two_sided(statistic, freedom),
        None if mean == 0.0 => 1.0,
        None => 0.0,
    };
    Some(PairedT { p_value, told_from: told_from(standard_error, freedom) })
}

/// The two-sided chance of such a mean if it were zero; `None` with fewer than two values.
pub fn p_of_no_mean(values: &[f64]) -> Option<f64> {
    paired_t(values).map(|found| found.p_value)
}

/// The mean difference that a two-sided t-test at 5 % tells in four of five cases.
pub(super) fn told_from(standard_error: f64, freedom: f64) -> f64 {
    // One-sided at 80 % is two-sided at 40 %.
    (two_sided_quantile(super::SIGNIFICANT, freedom) + two_sided_quantile(0.4, freedom)) * standard_error
}

/// The two-sided sign test: how likely so lopsided a count is if either were larger in half of the cases.
pub(super) fn signs(differences: &[f64]) -> f64 {
    let count = |is: fn(&f64) -> bool| u32::try_from(differences.iter().filter(|d| is(d)).count());
    let (more, less) = (count(|d| *d > 0.0), count(|d| *d < 0.0));
    let (more, less) = (more.unwrap_or(u32::MAX), less.unwrap_or(u32::MAX));
    binomial(more.saturating_add(less), more.min(less))
}

/// Twice the chance of at most `k` heads in `n` throws of a fair coin. In logarithms, because `2⁻ⁿ` has no other form.
fn binomial(n: u32, k: u32) -> f64 {
    let (mut term, mut sum) = (-f64::from(n) * std::f64::consts::LN_2, 0.0);
    for heads in 0..=k {
        sum += term.exp();
        term += (f64::from(n - heads) / f64::from(heads + 1)).ln();
    }
    (2.0 * sum).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_test_is_the_binomial_one() {
        // scipy 1.14: binomtest(k, n).pvalue.
        for (n, k, expected) in
            [(6, 0, 0.03125), (50, 0, 1.776_356_839_400_250_5e-15), (20, 5, 0.041_389_465_332_031_25)]
        {
            assert!((binomial(n, k) / expected - 1.0).abs() < 1e-9, "{n} {k}");
        }
        assert!(binomial(5, 0) > 0.05 && (binomial(4, 2) - 1.0).abs() < 1e-12);
        assert!(binomial(5000, 2000) < 1e-40);
        assert!((signs(&[1.0, 1.0, 0.0, -1.0]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_paired_test_is_that_of_student() {
        // Student's density with seven degrees of freedom, integrated by Simpson's rule over two million steps.
        let found = paired_t(&[1.2, -0.4, 0.9, 2.1, 0.3, 1.1, -0.2, 0.8]).unwrap();
        assert!((found.p_value - 0.039_176_627_677).abs() < 1e-9, "{found:?}");
        assert_eq!(paired_t(&[1.0, 1.0, 1.0]).map(|found| found.p_value), Some(0.0));
        assert_eq!(paired_t(&[0.0; 3]).map(|found| found.p_value), Some(1.0));
        assert_eq!(paired_t(&[1.0]), None);
    }

    #[test]
    fn a_lead_as_large_as_is_stated_is_told_in_four_of_five_cases() {
        let mut stream = kernel::Seed(3).stream("power");
        let truth = told_from(1.0 / 20.0_f64.sqrt(), 19.0);
        let is_told = |_: &u32| {
            let drawn: Vec<f64> = (0..20).map(|_| stream.normal(truth, 1.0)).collect();
            paired_t(&drawn).unwrap().p_value <= 0.05
        };
        let told = (0..2000_u32).filter(is_told).count();
        assert!((1540..=1660).contains(&told), "{told} of 2000");
    }
}

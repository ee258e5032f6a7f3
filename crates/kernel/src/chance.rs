//! Chances as people read them. What is possible is never said to be 0 %, nor what may fail to be certain: both would be
//! read as facts. The pages write chances by the same rule (`frontend/src/features/lab/figures.ts`).

use crate::figure;

/// What a chance stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Nothing was left to chance, or it was computed exactly: 0 and 1 are what they say.
    Exact,
    /// So many simulations: what came in none of them may still be possible, and what came in all of them may fail.
    Sampled(u64),
    /// Simulations whose number is not at hand.
    Counted,
}

/// A chance in percent.
pub fn chance(p: f64, basis: Basis) -> String {
    match edge(p, basis) {
        Some(text) => text,
        None if p < 0.01 => "< 1 %".to_owned(),
        None if p > 0.99 => "> 99 %".to_owned(),
        None => format!("{} %", figure(100.0 * p, usize::from(p < 0.1))),
    }
}

/// A chance in percent with its standard error.
pub fn chance_with_error(p: f64, standard_error: f64, basis: Basis) -> String {
    if basis == Basis::Exact {
        return chance(p, basis);
    }
    match edge(p, basis) {
        Some(text) => text,
        None if p < 0.0001 => "< 0.01 %".to_owned(),
        None if p > 0.9999 => "> 99.99 %".to_owned(),
        None => format!("{} ± {} %", figure(100.0 * p, 2), figure(100.0 * standard_error, 2)),
    }
}

/// What never came and what always came.
fn edge(p: f64, basis: Basis) -> Option<String> {
    if p > 0.0 && p < 1.0 {
        return None;
    }
    let is_none = p <= 0.0;
    let (least, digits) = match basis {
        Basis::Exact => return Some(if is_none { "0 %" } else { "100 %" }.to_owned()),
        Basis::Sampled(simulations) => bound(simulations),
        Basis::Counted => (1.0, 0),
    };
    let (sign, percent) = if is_none { ("<", least) } else { (">", 100.0 - least) };
    Some(format!("{sign} {} %", figure(percent, digits)))
}

/// Below so many percent, at 95 %, lies what came in none of so many simulations (three over their number), rounded up to
/// one digit; and the digits that it takes.
fn bound(simulations: u64) -> (f64, usize) {
    let percent = (300.0 / simulations.max(1) as f64).min(100.0);
    #[expect(clippy::cast_possible_truncation, reason = "the logarithm of a number between 1e-17 and 100")]
    let mut power = percent.log10().floor() as i32;
    let mut digit = (percent / 10_f64.powi(power) - 1e-9).ceil();
    if digit >= 10.0 {
        (digit, power) = (1.0, power + 1);
    }
    (digit * 10_f64.powi(power), usize::try_from(-power).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_exactly_is_impossible_or_certain() {
        let check = |p, basis, expected: &str| assert_eq!(chance(p, basis), expected, "{p} {basis:?}");
        check(0.0, Basis::Exact, "0 %");
        check(1.0, Basis::Exact, "100 %");
        check(1e-9, Basis::Exact, "< 1 %");
        check(0.995, Basis::Exact, "> 99 %");
        check(0.0123, Basis::Sampled(100), "1.2 %");
        check(0.2299, Basis::Sampled(100), "23 %");
        check(0.0, Basis::Sampled(100), "< 3 %");
        check(0.0, Basis::Sampled(300), "< 1 %");
        check(0.0, Basis::Sampled(316), "< 1 %");
        check(0.0, Basis::Sampled(200_000), "< 0.002 %");
        check(1.0, Basis::Sampled(200_000), "> 99.998 %");
        check(1.0, Basis::Sampled(1000), "> 99.7 %");
        check(0.0, Basis::Sampled(2), "< 100 %");
        check(0.0, Basis::Counted, "< 1 %");
        check(1.0, Basis::Counted, "> 99 %");
    }

    #[test]
    fn an_error_is_stated_where_it_says_something() {
        let check =
            |p, error, basis, expected: &str| assert_eq!(chance_with_error(p, error, basis), expected);
        check(0.0612, 0.0008, Basis::Sampled(90_000), "6.12 ± 0.08 %");
        check(0.004, 0.0001, Basis::Sampled(90_000), "0.40 ± 0.01 %");
        check(0.000_02, 0.000_01, Basis::Sampled(200_000), "< 0.01 %");
        check(0.0, 0.0, Basis::Sampled(200_000), "< 0.002 %");
        check(1.0, 0.0, Basis::Exact, "100 %");
        check(0.5, 0.0, Basis::Exact, "50 %");
    }
}

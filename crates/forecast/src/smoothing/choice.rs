//! Choosing among forms by a criterion.

/// What becomes of several forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The form with the least criterion.
    Best,
    /// All, weighted by `exp(−Δ/2)` of the criterion (Kolassa 2011).
    Weighted,
}

/// The forms that count by their criterion, best first, with weights that sum to one.
pub(crate) fn weigh<T: Copy>(scores: &mut [(f64, T)], choice: Choice) -> Vec<(f64, T)> {
    /// A form below this share of the best one's weight is left out.
    const NEGLIGIBLE: f64 = 0.05;
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some(&(least, best)) = scores.first() else { return Vec::new() };
    if choice == Choice::Best {
        return vec![(1.0, best)];
    }
    let weights = scores.iter().map(|&(score, best)| ((0.5 * (least - score)).exp(), best));
    let kept: Vec<(f64, T)> = weights.filter(|(weight, _)| *weight >= NEGLIGIBLE).collect();
    let total: f64 = kept.iter().map(|(weight, _)| weight).sum();
    kept.into_iter().map(|(weight, best)| (weight / total, best)).collect()
}

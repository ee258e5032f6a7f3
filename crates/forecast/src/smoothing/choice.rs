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
pub(crate) fn weigh<T>(mut scores: Vec<(f64, T)>, choice: Choice) -> Vec<(f64, T)> {
    /// A form below this share of the best one's weight is left out.
    const NEGLIGIBLE: f64 = 0.05;
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some(&(least, _)) = scores.first() else { return scores };
    if choice == Choice::Best {
        scores.truncate(1);
    }
    let weights = scores.into_iter().map(|(score, form)| ((0.5 * (least - score)).exp(), form));
    let kept: Vec<(f64, T)> = weights.filter(|(weight, _)| *weight >= NEGLIGIBLE).collect();
    let total: f64 = kept.iter().map(|(weight, _)| weight).sum();
    kept.into_iter().map(|(weight, form)| (weight / total, form)).collect()
}

//! The median of a few numbers.

/// The middle value, or the mean of the middle two; `None` of nothing.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let (low, high) = (values.len().checked_sub(1)? / 2, values.len() / 2);
    Some(0.5 * values[low] + 0.5 * values[high])
}

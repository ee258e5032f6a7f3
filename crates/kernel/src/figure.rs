//! Numbers in sentences and tables: figures with so many digits, and counts with the word that fits them.

/// A number with this many digits behind the point. What rounds to nothing has no sign: a reader takes `-0` for a
/// number below zero.
pub fn figure(value: f64, digits: usize) -> String {
    unsigned_zero(format!("{value:.digits$}"))
}

/// A measured number as it is written in every sentence and table: two decimals, of a small one so many that three digits
/// say something, and a very small or large one by its power of ten.
pub fn measured(value: f64) -> String {
    const LARGE: f64 = 1e9;
    const SMALL: f64 = 1e-4;
    let size = value.abs();
    if size >= LARGE || (size > 0.0 && size < SMALL) {
        return format!("{value:.2e}");
    }
    let decimals = [1.0, 0.1, 0.01, 0.001].iter().take_while(|least| size < **least).count();
    figure(value, if size == 0.0 || decimals == 0 { 2 } else { 2 + decimals })
}

/// A number as short as it can be told apart from all others, with no sign where it is zero.
pub fn exact_figure(value: f64) -> String {
    unsigned_zero(value.to_string())
}

fn unsigned_zero(text: String) -> String {
    match text.strip_prefix('-') {
        Some(size) if size.bytes().all(|byte| matches!(byte, b'0' | b'.')) => size.to_owned(),
        _ => text,
    }
}

/// A count and what is counted, as `1 value` and `2 values`. The words may have their verb with them.
pub fn counted(count: impl TryInto<u64, Error: std::fmt::Debug>, one: &str, many: &str) -> String {
    let count = count.try_into().expect("a count is no larger than this and not negative");
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Shares as whole percents that add up to what the shares do: those that lose most by rounding down get what is left, the
/// first ones of equals.
pub fn percents(shares: &[f64]) -> Vec<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shares are between 0 and 1")]
    let whole = |share: f64| share as u64;
    let parts: Vec<f64> = shares.iter().map(|share| 100.0 * share.max(0.0)).collect();
    let mut percents: Vec<u64> = parts.iter().map(|part| whole(part.floor())).collect();
    let left = whole(parts.iter().sum::<f64>().round()).saturating_sub(percents.iter().sum());
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|a, b| parts[*b].fract().total_cmp(&parts[*a].fract()));
    for at in order.into_iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        percents[at] += 1;
    }
    percents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_add_up_to_a_hundred() {
        let third = 1.0 / 3.0;
        assert_eq!(percents(&[third, third, third]), [34, 33, 33]);
        assert_eq!(percents(&[0.125, 0.125, 0.125, 0.625]), [13, 13, 12, 62]);
        assert_eq!(percents(&[1.0]), [100]);
        assert_eq!(percents(&[0.29, 0.57, 0.14]), [29, 57, 14]);
        assert_eq!(percents(&[]), [0; 0]);
    }

    #[test]
    fn what_rounds_to_nothing_has_no_sign() {
        for (value, digits, expected) in [
            (-0.0, 0, "0"),
            (-0.004, 2, "0.00"),
            (-0.4, 0, "0"),
            (-0.006, 2, "-0.01"),
            (-10.0, 0, "-10"),
            (0.0, 1, "0.0"),
            (f64::NAN, 1, "NaN"),
        ] {
            assert_eq!(figure(value, digits), expected);
        }
        for (value, expected) in [(-0.0, "0"), (-0.5, "-0.5"), (1e-7, "0.0000001")] {
            assert_eq!(exact_figure(value), expected);
        }
    }

    #[test]
    fn a_measured_number_has_three_digits_whatever_its_size() {
        // The same pairs as in `frontend/src/lib/format.test.ts`.
        for (value, expected) in [
            (0.0, "0.00"),
            (-0.0, "0.00"),
            (28.756, "28.76"),
            (1_234.5, "1234.50"),
            (0.123_45, "0.123"),
            (-0.012_345, "-0.0123"),
            (0.000_123_45, "0.000123"),
            (7.4e-6, "7.40e-6"),
            (-4.6e-11, "-4.60e-11"),
            (1.234e12, "1.23e12"),
            (-4.3571e300, "-4.36e300"),
        ] {
            assert_eq!(measured(value), expected);
        }
    }

    #[test]
    fn one_is_told_as_one() {
        let told = |count: usize| counted(count, "value is", "values are");
        assert_eq!([told(0), told(1), told(2)], ["0 values are", "1 value is", "2 values are"]);
    }
}

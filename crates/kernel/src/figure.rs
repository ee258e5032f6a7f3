//! Numbers in sentences and tables: figures with so many digits, and counts with the word that fits them.

/// A number with this many digits behind the point. What rounds to nothing has no sign: a reader takes `-0` for a
/// number below zero.
pub fn figure(value: f64, digits: usize) -> String {
    unsigned_zero(format!("{value:.digits$}"))
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn one_is_told_as_one() {
        let told = |count: usize| counted(count, "value is", "values are");
        assert_eq!([told(0), told(1), told(2)], ["0 values are", "1 value is", "2 values are"]);
    }
}

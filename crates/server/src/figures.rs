//! Numbers as people read them: so many digits as tell them apart, the same in a whole column.

use kernel::figure;

/// Where there is no number.
pub(crate) const NONE: &str = "–";

/// Larger and smaller ones are written with a power of ten.
const LARGE: i32 = 9;
const DIGITS: i32 = 6;

/// A column of numbers with one number of digits: the largest has three that say something, and the smallest two.
pub(crate) fn column(values: &[Option<f64>]) -> Vec<String> {
    let sizes =
        || values.iter().flatten().map(|value| value.abs()).filter(|size| *size > 0.0 && size.is_finite());
    let (least, most) =
        sizes().fold((f64::INFINITY, 0.0_f64), |(low, high), size| (low.min(size), high.max(size)));
    let write: Box<dyn Fn(f64) -> String> = match (magnitude(least), magnitude(most)) {
        _ if most == 0.0 => Box::new(|value| figure(value, 2)),
        (least, most) => {
            let digits = (2 - most).max(if most < 3 { 2 } else { 0 }).max(1 - least).max(0);
            if most >= LARGE || digits > DIGITS {
                Box::new(|value| if value == 0.0 { "0".to_owned() } else { format!("{value:.2e}") })
            } else {
                Box::new(move |value| figure(value, usize::try_from(digits).unwrap_or(0)))
            }
        }
    };
    values.iter().map(|value| value.map_or_else(|| NONE.to_owned(), &write)).collect()
}

/// The power of ten of a size.
#[expect(clippy::cast_possible_truncation, reason = "powers of ten of a float are below 400")]
fn magnitude(size: f64) -> i32 {
    if size.is_finite() && size > 0.0 { size.log10().floor() as i32 } else { 0 }
}

/// One number by itself: three or four digits, and none behind the point of large ones.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 1e9 || (size > 0.0 && size < 1e-4) => format!("{value:.2e}"),
        size if size >= 1000.0 => figure(value, 0),
        size if size >= 10.0 => figure(value, 1),
        size if size >= 0.1 || size == 0.0 => figure(value, 2),
        size => figure(value, usize::try_from(2 - magnitude(size)).unwrap_or(2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[f64], expected: &[&str]) {
        assert_eq!(column(&values.iter().copied().map(Some).collect::<Vec<_>>()), expected);
    }

    #[test]
    fn a_column_has_the_digits_that_tell_its_numbers_apart() {
        check(&[5.4823, 12.3], &["5.48", "12.30"]);
        check(&[0.75, 0.8], &["0.750", "0.800"]);
        check(&[4.6e-11, 9e-11], &["4.60e-11", "9.00e-11"]);
        check(&[7.4e-6, 3.1e-5], &["7.40e-6", "3.10e-5"]);
        check(&[0.000_123, 5.0], &["0.00012", "5.00000"]);
        check(&[0.723, 16.58], &["0.72", "16.58"]);
        check(&[1234.56, 22_000.0], &["1235", "22000"]);
        check(&[1e300, 2e300, 0.0], &["1.00e300", "2.00e300", "0"]);
        check(&[0.0, -0.0], &["0.00", "0.00"]);
        assert_eq!(column(&[None, Some(1.0)]), [NONE, "1.00"]);
    }

    #[test]
    fn a_number_by_itself_has_digits_that_say_something() {
        for (value, expected) in [
            (0.0, "0.00"),
            (-0.001, "-0.00100"),
            (0.5, "0.50"),
            (12.34, "12.3"),
            (1234.5, "1234"),
            (6.2e9, "6.20e9"),
            (3e-9, "3.00e-9"),
        ] {
            assert_eq!(number(value), expected);
        }
    }
}

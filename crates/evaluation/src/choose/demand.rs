//! How demand comes: at every row or at some, in like sizes or not.
//!
//! With the mean interval between demands (ADI) and the squared coefficient of variation of their sizes (CV²), the
//! classes of Syntetos, Boylan & Croston (2005), whose borders are where the expected errors of Croston's method
//! and of simple smoothing cross:
//!
//! | | CV² < 0.49 | CV² ≥ 0.49 |
//! |---|---|---|
//! | ADI < 1.32 | smooth | erratic |
//! | ADI ≥ 1.32 | intermittent | lumpy |

use serde::{Deserialize, Serialize};

const LONG_INTERVAL: f64 = 1.32;
const UNEVEN_SIZES: f64 = 0.49;

/// The class of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// Often, in like sizes.
    Smooth,
    /// Often, in uneven sizes.
    Erratic,
    /// Seldom, in like sizes.
    Intermittent,
    /// Seldom, in uneven sizes.
    Lumpy,
}

impl Demand {
    /// The class of the values from the first demand on: what lies before it is a time when the article was not
    /// sold.
    /// `None` without demand. Values below zero are no demand at all, so that their series is smooth or erratic.
    pub fn of(values: &[f64]) -> Option<Self> {
        let sold = values.iter().skip_while(|value| value.is_nan() || **value == 0.0);
        let sizes = || sold.clone().copied().filter(|value| !value.is_nan() && *value != 0.0);
        let demands = sizes().count() as f64;
        if demands == 0.0 {
            return None;
        }
        let is_seldom = Self::is_seldom_in(values);
        let mean = sizes().fold(0.0, |sum, size| sum + size / demands);
        let variance = sizes().fold(0.0, |sum, size| (size / mean - 1.0).powi(2) / demands + sum);
        Some(match (is_seldom, variance < UNEVEN_SIZES) {
            (false, true) => Self::Smooth,
            (false, false) => Self::Erratic,
            (true, true) => Self::Intermittent,
            (true, false) => Self::Lumpy,
        })
    }

    /// Whether the class of these values [is seldom](Self::is_seldom), from one look at each.
    pub fn is_seldom_in(values: &[f64]) -> bool {
        let (mut seen, mut demands) = (0_u32, 0_u32);
        for &value in values.iter().skip_while(|value| value.is_nan() || **value == 0.0) {
            if value < 0.0 {
                return false;
            }
            seen += u32::from(!value.is_nan());
            demands += u32::from(value > 0.0);
        }
        demands > 0 && f64::from(seen) / f64::from(demands) >= LONG_INTERVAL
    }

    /// Whether many rows are without demand.
    pub const fn is_seldom(self) -> bool {
        matches!(self, Self::Intermittent | Self::Lumpy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_classes() {
        let nan = f64::NAN;
        let cases: [(&[f64], Option<Demand>); 9] = [
            (&[], None),
            (&[0.0, nan, 0.0], None),
            (&[5.0, 6.0, 0.0, 5.0, 4.0, 5.0], Some(Demand::Smooth)),
            (&[1.0, 9.0, 1.0, 1.0, 1.0, 12.0], Some(Demand::Erratic)),
            (&[0.0, 3.0, 0.0, 3.0, 0.0, 0.0, 2.0], Some(Demand::Intermittent)),
            (&[1.0, 0.0, 20.0, 0.0, 0.0, 1.0, 1.0], Some(Demand::Lumpy)),
            // Nothing before the first demand counts, and a hole is no time.
            (&[0.0, 0.0, 0.0, 0.0, 4.0, nan, nan, 4.0], Some(Demand::Smooth)),
            (&[-1.0, 0.0, 0.0, 1.0, 0.0], Some(Demand::Erratic)),
            (&[1e308, 0.0, 0.0, 1e308], Some(Demand::Intermittent)),
        ];
        for (values, expected) in cases {
            assert_eq!(Demand::of(values), expected, "{values:?}");
            assert_eq!(Demand::is_seldom_in(values), expected.is_some_and(Demand::is_seldom), "{values:?}");
        }
    }
}

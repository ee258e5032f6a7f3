//! The seasons of many series together.

use kernel::counted;
use serde::{Deserialize, Serialize};

use super::{Evidence, evidence};

/// The most series that are looked at, in equal steps through all of them: enough to tell a share to three per
/// cent.
const SAMPLE: usize = 400;
/// The share of series from which a season is taken to be the fleet's. Of M3 37 % of the quarterly and 39 % of the
/// monthly series show theirs, of M4 52 % of the weekly ones a year and half of the hourly ones a week.
const LEAST_SHARE: f64 = 0.25;
/// The chance of a series without a season to pass the test, one side of 90 %.
const BY_CHANCE: f64 = 0.05;
/// What turns the bound of 90 % into one of 98 %, or one chance in a hundred on one side.
const STRICTER: f64 = 2.326 / 1.645;

/// How a fleet shows a season.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Rows of a season.
    pub length: usize,
    /// Series that are long enough and vary.
    pub judged: usize,
    /// Of these, series in which it is seen.
    pub seen: usize,
    /// The mean strength over the judged series.
    pub strength: f64,
    /// What the mean of the standardised series says, their last rows side by side: noise goes out of it, and a
    /// season that is too weak to be seen in any one series stays. Of the articles of M5 17 % show their week.
    /// Series that do not end together show less than they could, and nothing that is not there. Absent for a
    /// single series.
    pub together: Option<Evidence>,
}

impl Share {
    /// The share of the judged series in which the season is seen.
    pub fn share(&self) -> f64 {
        if self.judged == 0 { 0.0 } else { self.seen as f64 / self.judged as f64 }
    }

    /// Whether the fleet is forecast with this season: it is seen in a quarter of the series, and in more of them
    /// than chance would show by three standard deviations; or in all of them together, with one chance in a
    /// hundred.
    pub fn is_chosen(&self) -> bool {
        let n = self.judged as f64;
        let by_chance = 3.0_f64.mul_add((n * BY_CHANCE * (1.0 - BY_CHANCE)).sqrt(), n * BY_CHANCE);
        let in_many = self.share() >= LEAST_SHARE && self.seen as f64 > by_chance;
        in_many || self.together.is_some_and(|all| all.correlation > STRICTER * all.bound)
    }

    /// The finding as a sentence.
    pub fn words(&self) -> String {
        let Self { length, judged, seen, .. } = *self;
        let of_all = match (self.is_chosen(), self.share() >= LEAST_SHARE) {
            (false, _) => "no season of the fleet",
            (true, true) => "a season of the fleet",
            (true, false) => "but all of them together do: a season of the fleet",
        };
        match judged {
            0 => format!(
                "no series is long enough, and varies, to show a season of {}",
                counted(length, "row", "rows")
            ),
            1 if seen == 1 => format!("the series repeats every {length} rows"),
            1 => format!("the series does not repeat every {length} rows by more than chance"),
            _ => {
                let repeat = if seen == 1 { "repeats" } else { "repeat" };
                format!("{seen} of {judged} series {repeat} every {length} rows: {of_all}")
            }
        }
    }
}

/// What a fleet says of each of the ascending lengths, in their order. Each series ends with its last row.
pub fn of_fleet(series: &[&[f64]], lengths: &[usize]) -> Vec<Share> {
    let stride = series.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<&[f64]> = series.iter().copied().step_by(stride).collect();
    let found: Vec<Vec<Evidence>> = sample.iter().map(|values| evidence(values, lengths)).collect();
    let all = if sample.len() > 1 { evidence(&together(&sample), lengths) } else { Vec::new() };
    let share = |&length: &usize| {
        let of_length: Vec<&Evidence> = found.iter().flatten().filter(|one| one.length == length).collect();
        let judged = of_length.len();
        let strength = of_length.iter().fold(0.0, |sum, one| sum + one.strength) / judged.max(1) as f64;
        let seen = of_length.iter().filter(|one| one.is_seen()).count();
        let together = all.iter().find(|one| one.length == length).copied();
        Share { length, judged, seen, strength, together }
    };
    lengths.iter().map(share).collect()
}

/// The mean of the standardised series, row by row from their ends; rows that none has are missing.
fn together(series: &[&[f64]]) -> Vec<f64> {
    let rows = series.iter().map(|values| values.len()).max().unwrap_or(0);
    let mut sums = vec![(0.0, 0_u32); rows];
    for values in series {
        let seen = || values.iter().copied().filter(|value| !value.is_nan());
        let n = seen().count() as f64;
        let mean = seen().fold(0.0, |sum, value| sum + value / n);
        let deviation = seen().fold(0.0, |sum, value| (value - mean).powi(2) / n + sum).sqrt();
        if !(deviation > 0.0 && deviation.is_finite()) {
            continue;
        }
        for (value, (sum, count)) in values.iter().rev().zip(sums.iter_mut().rev()) {
            if !value.is_nan() {
                (*sum, *count) = (*sum + (value - mean) / deviation, *count + 1);
            }
        }
    }
    sums.into_iter().map(|(sum, count)| sum / f64::from(count)).collect()
}

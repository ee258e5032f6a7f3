//! The series that ours and the peers are measured on. The peers' program compiles this file as well.

use std::error::Error;
use std::path::Path;

use crate::table;

/// Rows of a daily series of M5.
pub(crate) const ROWS: usize = 419;
/// Days to forecast.
pub(crate) const HORIZON: usize = 28;
/// Folds of a backtest, each fitted anew; the end comes after them.
pub(crate) const FOLDS: usize = 5;

/// A thousand daily series of M5, spread over all of them.
pub(crate) fn daily(data: &Path) -> Result<Vec<Vec<f64>>, Box<dyn Error>> {
    let all = table::lists(&data.join("m5_daily_419d.parquet"), "y")?;
    Ok(all.into_iter().step_by(30).take(1000).collect())
}

/// The ends of the folds' histories and of the whole, ascending.
pub(crate) fn origins() -> Vec<usize> {
    (0..=FOLDS).rev().map(|fold| ROWS - HORIZON * fold).collect()
}

/// Series of one frequency of a competition.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    /// Rows of a season; 1 for none.
    pub(crate) period: usize,
    pub(crate) train: Vec<Vec<f64>>,
    pub(crate) test: Vec<Vec<f64>>,
}

/// M3 by frequency, M4 weekly and hourly.
pub(crate) fn groups(data: &Path) -> Result<Vec<Group>, Box<dyn Error>> {
    let m3 = data.join("m3.parquet");
    let (mut train, mut test) = (table::lists(&m3, "y")?, table::lists(&m3, "y_test")?);
    let mut groups = Vec::new();
    // The file holds 645 yearly, 756 quarterly, 1 428 monthly and 174 other series, in this order.
    for (name, period, from) in
        [("M3 other", 1, 2829), ("M3 monthly", 12, 1401), ("M3 quarterly", 4, 645), ("M3 yearly", 1, 0)]
    {
        groups.push(Group { name, period, train: train.split_off(from), test: test.split_off(from) });
    }
    groups.reverse();
    for (name, file, period) in
        [("M4 weekly", "m4_weekly.parquet", 1), ("M4 hourly", "m4_hourly.parquet", 24)]
    {
        let path = data.join(file);
        groups.push(Group {
            name,
            period,
            train: table::lists(&path, "y")?,
            test: table::lists(&path, "y_test")?,
        });
    }
    Ok(groups)
}

//! Feature tables: lags, rolling statistics and calendar columns of one series up to a cut-off date.
//!
//! The rows are filtered to the cut-off before anything is computed, rolling windows end one row before their own
//! row, and lags are positive: no column can hold a value of its own or a later row.

use kernel::{Class, Fault, FieldError};
use wire::model_selection::{FeatureColumn, FeatureConfig, FeatureTable, RollingConfig, RollingStat};

use super::set_v1::calendar;
use series::Series;
use wire::Moment;

fn statistic(stat: RollingStat, values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let sum: f64 = values.iter().sum();
    match stat {
        RollingStat::Mean => sum / n,
        RollingStat::Sum => sum,
        RollingStat::Min => values.iter().copied().fold(f64::INFINITY, f64::min),
        RollingStat::Max => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        RollingStat::Std => {
            let mean = sum / n;
            let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
            (squares / (n - 1.0)).sqrt()
        }
    }
}

/// A request that gives no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeatureError {
    /// Fields outside their bounds.
    #[error("the feature configuration is not valid: {}", fields.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join("; "))]
    Invalid {
        /// Each wrong field.
        fields: Vec<FieldError>,
    },
    /// Nothing at or before the cut-off.
    #[error("series `{name}` has no rows at or before {cutoff}")]
    NoRows {
        /// The series.
        name: String,
        /// The cut-off.
        cutoff: Moment,
    },
}

impl Fault for FeatureError {
    fn class(&self) -> Class {
        match self {
            Self::Invalid { .. } => Class::Invalid,
            Self::NoRows { .. } => Class::Unprocessable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "FEATURES_INVALID",
            Self::NoRows { .. } => "FEATURES_NO_ROWS",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid { fields } => fields.clone(),
            Self::NoRows { .. } => Vec::new(),
        }
    }
}

/// The features of the last `lookback` rows at or before `cutoff`.
pub fn compute(
    series: &Series,
    config: &FeatureConfig,
    cutoff: Moment,
    lookback: usize,
) -> Result<FeatureTable, FeatureError> {
    validate(config, lookback)?;
    let end = series.dates().partition_point(|&date| date <= cutoff);
    let rows = end.saturating_sub(lookback)..end;
    if rows.is_empty() {
        return Err(FeatureError::NoRows { name: series.name().to_owned(), cutoff });
    }
    let (dates, past) = (&series.dates()[rows.clone()], &series.values()[..end]);
    let mut columns = vec![column("value".to_owned(), past[rows.clone()].iter().copied())];
    for &lag in config.lag.iter().flat_map(|lag| &lag.lags) {
        let value = |row: usize| row.checked_sub(lag).map_or(f64::NAN, |at| past[at]);
        columns.push(column(format!("lag_{lag}"), rows.clone().map(value)));
    }
    if let Some(rolling) = &config.rolling {
        columns.extend(rolling_columns(past, &rows, rolling));
    }
    if config.calendar {
        columns.extend(calendar_columns(dates));
    }
    let null_count = |column: &FeatureColumn| column.values.iter().filter(|value| value.is_none()).count();
    Ok(FeatureTable {
        dates: dates.to_vec(),
        row_count: rows.len(),
        column_count: columns.len(),
        null_counts: columns.iter().map(|column| (column.name.clone(), null_count(column))).collect(),
        columns,
        config_hash: hash(config),
    })
}

fn rolling_columns(
    past: &[f64],
    rows: &std::ops::Range<usize>,
    config: &RollingConfig,
) -> Vec<FeatureColumn> {
    let mut columns = Vec::new();
    for &window in &config.windows {
        let needed = config.min_periods.unwrap_or(window).max(1);
        for &stat in &config.aggregations {
            let value = |row: usize| {
                let start = row.saturating_sub(window);
                let seen: Vec<f64> =
                    past[start..row].iter().copied().filter(|value| !value.is_nan()).collect();
                if seen.len() < needed { f64::NAN } else { statistic(stat, &seen) }
            };
            columns.push(column(format!("rolling_{}_{window}", stat.as_str()), rows.clone().map(value)));
        }
    }
    columns
}

fn calendar_columns(dates: &[Moment]) -> Vec<FeatureColumn> {
    const NAMES: [&str; 6] = ["dow_sin", "dow_cos", "month_sin", "month_cos", "is_weekend", "is_month_end"];
    let rows: Vec<[f64; 6]> = dates.iter().map(|&date| calendar(date)).collect();
    let column_of = |(at, name): (usize, &str)| column(name.to_owned(), rows.iter().map(|row| row[at]));
    NAMES.into_iter().enumerate().map(column_of).collect()
}

fn column(name: String, values: impl Iterator<Item = f64>) -> FeatureColumn {
    FeatureColumn { name, values: values.map(kernel::finite).collect() }
}

fn hash(config: &FeatureConfig) -> String {
    let mut text = kernel::digest_json(config).expect("a configuration is plain data").to_string();
    text.truncate(16);
    text
}

fn validate(config: &FeatureConfig, lookback: usize) -> Result<(), FeatureError> {
    let mut fields = Vec::new();
    let mut check = |field: &str, value: usize| {
        if !(1..=1095).contains(&value) {
            fields.push(FieldError::new(field, format!("{field} must be from 1 to 1095, not {value}")));
        }
    };
    check("lookback", lookback);
    config.lag.iter().flat_map(|lag| &lag.lags).for_each(|&lag| check("lag.lags", lag));
    config
        .rolling
        .iter()
        .flat_map(|rolling| &rolling.windows)
        .for_each(|&window| check("rolling.windows", window));
    if fields.is_empty() { Ok(()) } else { Err(FeatureError::Invalid { fields }) }
}

#[cfg(test)]
mod tests {
    use wire::model_selection::LagConfig;

    use super::*;
    use crate::testing::{days, series};

    fn config() -> FeatureConfig {
        let rolling = RollingConfig {
            windows: vec![7],
            aggregations: vec![RollingStat::Mean, RollingStat::Std],
            min_periods: None,
        };
        FeatureConfig { lag: Some(LagConfig { lags: vec![1, 7] }), rolling: Some(rolling), calendar: true }
    }

    #[test]
    fn no_column_holds_a_value_of_its_own_or_a_later_row() {
        // Sequential values: the value of a row is its position, so anything at or above it leaked.
        let values: Vec<f64> = (0..60).map(f64::from).collect();
        let table = compute(&series(&values), &config(), days(50)[49], 30).unwrap();
        assert_eq!((table.row_count, table.column_count), (30, 11));
        for (row, position) in (20..50).enumerate() {
            for name in ["lag_1", "lag_7", "rolling_mean_7"] {
                let column = table.columns.iter().find(|column| column.name == name).unwrap();
                assert!(column.values[row].unwrap() < f64::from(position), "{name}");
            }
        }
        assert_eq!(table.columns[3].values[0], Some(16.0));
    }

    #[test]
    fn short_windows_are_absent_and_counted() {
        let table = compute(&series(&[1.0; 10]), &config(), days(10)[9], 60).unwrap();
        assert_eq!(table.null_counts["lag_7"], 7);
        assert_eq!(table.null_counts["rolling_std_7"], 7);
        assert_eq!(table.null_counts["dow_sin"], 0);
    }

    #[test]
    fn wrong_requests_are_refused() {
        let bad = FeatureConfig { lag: Some(LagConfig { lags: vec![0] }), ..FeatureConfig::default() };
        let error = compute(&series(&[1.0]), &bad, days(1)[0], 0).unwrap_err();
        assert_eq!(error.fields().len(), 2);
        let early = "2023-12-31".parse().unwrap();
        assert!(matches!(compute(&series(&[1.0]), &config(), early, 5), Err(FeatureError::NoRows { .. })));
    }
}

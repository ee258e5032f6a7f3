//! Feature tables of a pair's sales: computed when asked for, not stored.

use chrono::Days;
use forecast::features::{self, FeatureError};
use kernel::{Class, Fault, FieldError, Tenant};
use wire::model_selection::{Features, FeaturesRequest, Window};

use crate::Selector;
use crate::blocking::off_the_runtime;
use crate::panel::{self, LoadError};
use crate::source::Pair;

/// The longest window or lag a column may have; so many days before the first row are read with it.
const MAX_REACH: u64 = 1095;
/// The most rows.
const MAX_LOOKBACK: usize = 1095;
/// The most columns that are lags or statistics of windows.
const MAX_COLUMNS: usize = 200;

/// Features that were not computed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Fields outside their bounds.
    #[error("the request is not valid: {}", kernel::field_list(fields))]
    Invalid {
        /// Each wrong field.
        fields: Vec<FieldError>,
    },
    /// The series cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The table cannot be made.
    #[error(transparent)]
    Features(#[from] FeatureError),
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Invalid { .. } => Class::Invalid,
            Self::Load(error) => error.class(),
            Self::Features(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "VALIDATION_ERROR",
            Self::Load(error) => error.code(),
            Self::Features(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid { fields } => fields.clone(),
            Self::Load(error) => error.fields(),
            Self::Features(error) => error.fields(),
        }
    }
}

impl Selector {
    /// Computes a feature table.
    pub async fn features(&self, tenant: Tenant, request: &FeaturesRequest) -> Result<Features, Error> {
        let pair = Pair { store_id: request.store_id, product_id: request.product_id };
        let mut fields = Vec::new();
        pair.validate(&mut fields);
        bounded(request, &mut fields);
        let reach = (request.lookback_days as u64).saturating_add(MAX_REACH);
        let start_date = request.cutoff_date.checked_sub_days(Days::new(reach));
        let Some(start_date) = start_date.filter(|_| fields.is_empty()) else {
            if fields.is_empty() {
                fields.push(FieldError::new("cutoff_date", "lies before the calendar begins"));
            }
            return Err(Error::Invalid { fields });
        };
        let window = Window { start_date, end_date: request.cutoff_date };
        let _turn = self.turns.take().await;
        let series = panel::load_pair(&self.reader.db, tenant, pair, window, request.gaps).await?;
        let (config, cutoff, lookback) =
            (request.config.clone(), request.cutoff_date.into(), request.lookback_days);
        let table = off_the_runtime(move |_| features::compute(&series, &config, cutoff, lookback)).await?;
        Ok(Features {
            store_id: request.store_id,
            product_id: request.product_id,
            cutoff_date: request.cutoff_date,
            table,
        })
    }
}

/// Bounds the table before anything is read for it.
fn bounded(request: &FeaturesRequest, fields: &mut Vec<FieldError>) {
    let lookback = request.lookback_days;
    if !(1..=MAX_LOOKBACK).contains(&lookback) {
        let message = format!("must be between 1 and {MAX_LOOKBACK}, not {lookback}");
        fields.push(FieldError::new("lookback_days", message));
    }
    let lags = request.config.lag.as_ref().map_or(0, |lag| lag.lags.len());
    let of_windows = request.config.rolling.as_ref();
    let statistics = of_windows.map_or(0, |rolling| rolling.windows.len() * rolling.aggregations.len());
    let columns = lags.saturating_add(statistics);
    if columns > MAX_COLUMNS {
        let message =
            format!("must ask for at most {MAX_COLUMNS} columns of lags and windows, not {columns}");
        fields.push(FieldError::new("config", message));
    }
}

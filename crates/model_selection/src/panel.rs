//! The series a run reads: loaded once at submit, kept as canonical JSON under their digest, and read back from there.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::NaiveDate;
use forecast::features::{Known, Outcomes, Promotions, Signals};
use forecast::{Frequency, Gaps, Series, SeriesError, SplitConfig};
use kernel::{Class, Digest, Fault, FieldError, ReadDb, Tenant};
use retail::DatasetId;
use retail::availability::{self, AvailabilityError, PairAvailability};
use retail::dataset::{self, DatasetError};
use retail::dimension::PairError;
use retail::series::{self, PairContext, SignalDays};
use runs::{Input, InputSource};
use serde::{Deserialize, Serialize};

use crate::source::{Pair, Source, Window};

/// Some series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Panel {
    pub series: Vec<Series>,
}

/// Pinned bytes that are not a panel.
#[derive(Debug, thiserror::Error)]
pub enum PanelError {
    /// Not JSON, or not series.
    #[error("the bytes are not series")]
    Json(#[from] serde_json::Error),
    /// Another number of series than the run is about.
    #[error("expected one series and found {0}")]
    NotOne(usize),
}

impl Panel {
    pub(crate) fn to_bytes(&self) -> Bytes {
        Bytes::from(kernel::canonical_json(self).expect("series are plain data"))
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, PanelError> {
        Ok(serde_json::from_slice(bytes)?)
    }

    pub(crate) fn into_only(mut self) -> Result<Series, PanelError> {
        match (self.series.pop(), self.series.len()) {
            (Some(only), 0) => Ok(only),
            (last, others) => Err(PanelError::NotOne(others + usize::from(last.is_some()))),
        }
    }
}

/// Values that are not missing.
pub(crate) fn observed(series: &Series) -> usize {
    series.values().iter().filter(|value| !value.is_nan()).count()
}

/// The input row of a run that reads these series.
pub(crate) fn run_input(source: &Source, input: Digest) -> Input {
    let source_id = match source {
        Source::Pair { pair, window } => format!(
            "sales/store/{}/product/{}/{}..{}",
            pair.store_id, pair.product_id, window.start_date, window.end_date
        ),
        Source::Dataset { dataset_id, .. } => dataset_id.to_string(),
    };
    Input { role: "series".to_owned(), source: InputSource::Dataset, source_id, digest: input }
}

/// Series that cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// No such store or product for this tenant.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// The pair sold nothing in the window.
    #[error("store {} and product {} have no sales from {} to {}", pair.store_id, pair.product_id, window.start_date, window.end_date)]
    NoSales {
        /// The pair.
        pair: Pair,
        /// The window.
        window: Window,
    },
    /// No such data set for this tenant.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The numbers of the split are not those of a question about availability.
    #[error(transparent)]
    Availability(#[from] AvailabilityError),
    /// The data set has no such series.
    #[error("data set {dataset} has no series `{}`", names.join("`, `"))]
    SeriesNotFound {
        /// The data set.
        dataset: DatasetId,
        /// The names it does not have.
        names: Vec<String>,
    },
    /// The rows are no series under this gap policy.
    #[error(transparent)]
    Series(#[from] SeriesError),
}

impl Fault for LoadError {
    fn class(&self) -> Class {
        match self {
            Self::Pair(error) => error.class(),
            Self::Dataset(error) => error.class(),
            Self::Availability(error) => error.class(),
            Self::NoSales { .. } => Class::Unprocessable,
            Self::SeriesNotFound { .. } => Class::Invalid,
            Self::Series(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Pair(error) => error.code(),
            Self::Dataset(error) => error.code(),
            Self::Availability(error) => error.code(),
            Self::NoSales { .. } => "SERIES_UNUSABLE",
            Self::SeriesNotFound { .. } => "SERIES_NOT_FOUND",
            Self::Series(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::SeriesNotFound { names, .. } => names
                .iter()
                .map(|name| FieldError::new("series", format!("`{name}` is not in the data set")))
                .collect(),
            Self::Series(error) => error.fields(),
            Self::Availability(error) => error.fields(),
            _ => Vec::new(),
        }
    }
}

/// The pair's daily sales in the window, with what is known of each day and what became of it.
pub(crate) async fn load_pair(
    read: &ReadDb,
    tenant: Tenant,
    pair: Pair,
    window: Window,
    gaps: Gaps,
) -> Result<Series, LoadError> {
    let Pair { store_id, product_id } = pair;
    let rows = series::pair_series(read, tenant, store_id, product_id, Some(window.retail())).await?;
    if rows.is_empty() {
        return Err(LoadError::NoSales { pair, window });
    }
    let context = series::pair_context(read, tenant, store_id, product_id, window.retail()).await?;
    let series = Series::of(pair.series_name(), Frequency::Daily, rows, gaps)?;
    let known = known(&context, series.dates());
    Ok(series.with_known(known)?)
}

fn known(context: &PairContext, dates: &[NaiveDate]) -> Known {
    let prices: BTreeMap<NaiveDate, f64> = context.prices.iter().copied().collect();
    let unit_prices: Vec<Option<f64>> = on(&prices, dates).collect();
    let is_holiday = dates.iter().map(|date| context.holidays.binary_search(date).is_ok()).collect();
    let promo_active = dates.iter().map(|date| context.promotions.contains_key(date)).collect();
    Known {
        discontinue_date: context.discontinue_date,
        promotions: Some(promotions(context, dates)),
        signals: signals(context, dates),
        outcomes: outcomes(context, dates),
        ..Known::new(&unit_prices, promo_active, is_holiday, context.launch_date)
    }
}

/// What is said of each of these dates.
fn on<'a, T: Copy>(
    days: &'a BTreeMap<NaiveDate, T>,
    dates: &'a [NaiveDate],
) -> impl Iterator<Item = Option<T>> + 'a {
    dates.iter().map(|date| days.get(date).copied())
}

fn promotions(context: &PairContext, dates: &[NaiveDate]) -> Promotions {
    let days = || on(&context.promotions, dates).map(Option::unwrap_or_default);
    Promotions {
        discount: days().map(|day| day.discount).collect(),
        is_markdown: days().map(|day| day.is_markdown).collect(),
        is_bundle: days().map(|day| day.is_bundle).collect(),
    }
}

/// `None` if no signal says anything, so that the input of a pair without signals has no columns of holes.
fn signals(context: &PairContext, dates: &[NaiveDate]) -> Option<Signals> {
    let SignalDays { temperature_c, precipitation_mm, macro_index } = &context.signals;
    let is_silent = temperature_c.is_empty() && precipitation_mm.is_empty() && macro_index.is_empty();
    (!is_silent).then(|| Signals {
        temperature_c: on(temperature_c, dates).collect(),
        precipitation_mm: on(precipitation_mm, dates).collect(),
        macro_index: on(macro_index, dates).collect(),
    })
}

/// `None` if nothing of the kind was ever recorded: no stock is not an empty shelf. What was recorded on a date the
/// series leaves out is not in it.
fn outcomes(context: &PairContext, dates: &[NaiveDate]) -> Option<Outcomes> {
    let PairContext { stock, deliveries, returned, .. } = context;
    let is_unrecorded = stock.is_empty() && deliveries.is_empty() && returned.is_empty();
    let arrived = || on(deliveries, dates).map(Option::unwrap_or_default);
    (!is_unrecorded).then(|| Outcomes {
        on_hand_units: on(stock, dates).map(|day| day.map(|day| day.on_hand as f64)).collect(),
        is_stockout: on(stock, dates).map(|day| day.is_some_and(|day| day.is_stockout)).collect(),
        deliveries: arrived().map(|day| day.count).collect(),
        received_units: arrived().map(|day| day.units as f64).collect(),
        returned_units: on(returned, dates).map(|units| units.unwrap_or(0) as f64).collect(),
    })
}

/// Whether the pair has enough history in the window for this split.
pub(crate) async fn pair_availability(
    read: &ReadDb,
    tenant: Tenant,
    pair: Pair,
    window: Window,
    split: &SplitConfig,
) -> Result<PairAvailability, LoadError> {
    let wide = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let request = availability::Request {
        window: Some(window.retail()),
        forecast_horizon: wide(split.horizon),
        n_splits: wide(split.n_splits),
        min_train_size: wide(split.min_train_size),
        gap: wide(split.gap),
        ..availability::Request::new(pair.store_id, pair.product_id)
    };
    Ok(availability::availability(read, tenant, &request).await?)
}

/// A series of a data set, or why its rows are none.
pub(crate) type Imported = (String, Result<Series, SeriesError>);

/// The series of a data set, all or those named, and the digest of the imported bytes.
pub(crate) async fn load_dataset(
    read: &ReadDb,
    tenant: Tenant,
    dataset: DatasetId,
    names: Option<&[String]>,
    gaps: Gaps,
) -> Result<(Digest, Vec<Imported>), LoadError> {
    let digest = dataset::find(read, tenant, dataset).await?.item.digest;
    let found = dataset::series(read, tenant, dataset).await?;
    if let Some(names) = names {
        let is_unknown = |name: &&String| !found.iter().any(|series| series.name == **name);
        let unknown: Vec<String> = names.iter().filter(is_unknown).cloned().collect();
        if !unknown.is_empty() {
            return Err(LoadError::SeriesNotFound { dataset, names: unknown });
        }
    }
    let is_asked = |name: &String| names.is_none_or(|names| names.contains(name));
    let series = found.into_iter().filter(|series| is_asked(&series.name)).map(|series| {
        let rows = series.dates.into_iter().zip(series.values);
        (series.name.clone(), Series::infer(series.name, rows, gaps))
    });
    Ok((digest, series.collect()))
}

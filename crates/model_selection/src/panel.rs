//! The series a run reads: loaded once at submit, kept as canonical JSON under their digest, and read back from there.
//!
//! What grows with the data is bounded before it begins ([`crate::plan`]), happens off the threads of the runtime, and
//! stops when nobody waits for it any more.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use chrono::NaiveDate;
use datasets::DatasetError;
use evaluation::SplitConfig;
use kernel::{Class, Digest, Fault, FieldError, ReadDb, Tenant, counted};
use retail::availability::{self, AvailabilityError};
use retail::dimension::PairError;
use retail::history::{self, PairContext, SignalDays};
use runs::Input;
use serde::{Deserialize, Serialize};
use series::columnar::{ColumnarError, read_dataset};
use series::{Frequency, MAX_ROWS, Series, SeriesError};
use series::{Known, Outcomes, Promotions, Signals};
use wire::datasets::DatasetId;
use wire::model_selection::{Gaps, PairAvailability, Window};
use wire::runs::InputSource;

use crate::blocking::{Asked, off_the_runtime};
use crate::plan::{Fate, Needs, plan};
use crate::source::days_of;
use crate::source::{Pair, Source};

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
    /// No data set.
    #[error("the bytes are no data set")]
    Object(#[from] ColumnarError),
    /// A data set of other series than the run is about.
    #[error("the data set has other series than the run is about")]
    Choice(#[from] Box<LoadError>),
    /// A series that is not on the grid it was on.
    #[error("a series is not what it was")]
    Series(#[from] SeriesError),
}

impl Panel {
    /// Itself and its canonical JSON, made series by series as long as somebody waits for it.
    pub(crate) async fn into_bytes(self) -> (Self, Bytes) {
        off_the_runtime(move |asked| {
            let mut text = "{\"series\":[".to_owned();
            for (at, series) in self.series.iter().take_while(|_| !asked.is_dropped()).enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                text.push_str(&kernel::canonical_json(series).expect("series are plain data"));
            }
            text.push_str("]}");
            (self, Bytes::from(text))
        })
        .await
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

/// What a row is, where it is the same of all these series; where dates are left out it is nothing one could name.
pub(crate) fn step_of<'a>(series: impl IntoIterator<Item = &'a Series>) -> Option<Frequency> {
    let mut steps = series.into_iter().map(|one| Some(one.frequency()).filter(|_| one.gaps() != Gaps::Omit));
    let first = steps.next()??;
    steps.all(|step| step == Some(first)).then_some(first)
}

/// How far back a column is read that is known only up to the last value: further than the last row of a test lies from the
/// training, so that the row after it, which models look at too, says nothing of the test.
pub(crate) const fn back(gap: usize, horizon: usize) -> usize {
    gap + horizon + 1
}

/// What models read of columns that are known only up to the last value.
pub(crate) fn past_in_words(sample: &[Series], back: usize) -> Option<String> {
    let names: Vec<String> = sample.first()?.past().map(|name| format!("`{name}`")).collect();
    let they = if names.len() == 1 { "it was" } else { "they were" };
    (!names.is_empty()).then(|| {
        format!(
            "Only models of all series together read {}, as {they} {} before.",
            names.join(", "),
            counted(back, "row", "rows")
        )
    })
}

/// What a run that reads these series is given: the series as they were at submit, and the data set they come from.
pub(crate) fn run_inputs(source: &Source, input: Digest) -> Vec<Input> {
    let source_id = match source {
        Source::Pair { pair, window } => format!(
            "sales/store/{}/product/{}/{}..{}",
            pair.store_id, pair.product_id, window.start_date, window.end_date
        ),
        Source::Dataset { dataset_id, .. } => format!("dataset/{dataset_id}"),
    };
    let series = Input { role: "series".to_owned(), source: InputSource::Snapshot, source_id, digest: input };
    let dataset = match source {
        Source::Pair { .. } => None,
        Source::Dataset { dataset_id, digest } => Some(Input {
            role: "dataset".to_owned(),
            source: InputSource::Dataset,
            source_id: dataset_id.to_string(),
            digest: *digest,
        }),
    };
    dataset.into_iter().chain([series]).collect()
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
    #[error("data set {dataset} has no series `{}`{}", names.join("`, `"), if *more > 0 { format!(" and {more} more") } else { String::new() })]
    SeriesNotFound {
        /// The data set.
        dataset: DatasetId,
        /// The first names it does not have.
        names: Vec<String>,
        /// How many more there are.
        more: usize,
    },
    /// The calendars of the series are longer together than one run may read.
    #[error(
        "the series have {rows} dates between their first and last ones, and one run may read {limit}; choose fewer \
         series or import them without the far dates"
    )]
    CalendarTooLong {
        /// Dates.
        rows: u64,
        /// The most there may be.
        limit: u64,
    },
    /// Fewer values than any use of the series needs.
    #[error("{} too few: {needed} are needed", counted(*found, "value is", "values are"))]
    TooFew {
        /// Values there are at most.
        found: u64,
        /// Values that are needed.
        needed: usize,
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
            Self::NoSales { .. } | Self::TooFew { .. } => Class::Unprocessable,
            Self::CalendarTooLong { .. } => Class::TooLarge,
            Self::SeriesNotFound { .. } => Class::Invalid,
            Self::Series(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Pair(error) => error.code(),
            Self::Dataset(error) => error.code(),
            Self::Availability(error) => error.code(),
            Self::NoSales { .. } | Self::TooFew { .. } => "SERIES_UNUSABLE",
            Self::CalendarTooLong { .. } => "CALENDAR_TOO_LONG",
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
    let rows = history::pair_series(read, tenant, store_id, product_id, Some(days_of(window))).await?;
    if rows.is_empty() {
        return Err(LoadError::NoSales { pair, window });
    }
    let context = history::pair_context(read, tenant, store_id, product_id, days_of(window)).await?;
    off_the_runtime(move |_| {
        let series = Series::of(pair.series_name(), Frequency::DAILY, rows, gaps)?;
        let days: Vec<NaiveDate> = series.dates().iter().map(|date| date.date()).collect();
        let known = known(&context, &days);
        Ok(series.with_known(known)?)
    })
    .await
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
        window: Some(days_of(window)),
        forecast_horizon: wide(split.horizon),
        n_splits: wide(split.n_splits),
        min_train_size: wide(split.min_train_size),
        gap: wide(split.gap),
        ..availability::Request::new(pair.store_id, pair.product_id)
    };
    Ok(availability::availability(read, tenant, &request).await?)
}

/// Series of a data set at these places, which ascend, each on its grid, with what is past as it was so many rows before.
pub(crate) fn on_their_grids(
    bytes: &Bytes,
    places: &[(usize, Frequency)],
    gaps: Gaps,
    back: usize,
) -> Result<Panel, PanelError> {
    let of: Vec<usize> = places.iter().map(|(place, _)| *place).collect();
    let dated = read_dataset(bytes, &of)?.into_iter().zip(places);
    let series =
        dated.map(|(series, (_, frequency))| Ok(series.on_grid(*frequency, gaps)?.looking_back(back)));
    Ok(Panel { series: series.collect::<Result<_, PanelError>>()? })
}

/// The one series of a data set, or the one that is named, with the digest of the imported bytes; `None` if there are
/// several.
pub(crate) async fn load_one(
    read: &datasets::Reader,
    tenant: Tenant,
    dataset: DatasetId,
    name: Option<String>,
    gaps: Gaps,
) -> Result<Option<(Digest, Series)>, LoadError> {
    let pinned = read.find(tenant, dataset).await?;
    let (index, names) = (Arc::clone(&pinned.index), name.map(|name| vec![name]));
    let fates = off_the_runtime(move |_| plan(dataset, &index, names.as_deref(), Needs::any(gaps))).await?;
    let mut asked = fates.into_iter().enumerate().filter_map(|(place, fate)| Some((place, fate?)));
    let (Some((place, fate)), None) = (asked.next(), asked.next()) else { return Ok(None) };
    if let Fate::TooLong { rows } = fate {
        return Err(LoadError::CalendarTooLong { rows, limit: MAX_ROWS as u64 });
    }
    let series = read.series(&pinned, vec![place]).await?.swap_remove(0);
    let on_a_grid = move |_: &Asked| match Frequency::of_word(series.frequency) {
        Some(frequency) => series.on_grid(frequency, gaps),
        None => Series::infer(series.name, series.dates.into_iter().zip(series.values), gaps),
    };
    Ok(Some((pinned.item.digest, off_the_runtime(on_a_grid).await?)))
}

//! Results to Parquet bytes, column by column.

use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression as Codec, ZstdLevel};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use arrow_array::types::UInt32Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{ArrowError, DataType, Schema};
use wire::Moment;

use super::moments;
use crate::fleet::Fleet;

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Fast, for files that are read at once.
    Snappy,
    /// Small, for files that are kept.
    Zstd,
}

/// Forecasts with intervals at several levels, one row per series and step. Built series by series.
#[derive(Debug, Clone, Default)]
pub struct OutlookColumns<'a> {
    levels: &'a [f64],
    names: Vec<String>,
    series: Vec<u32>,
    steps: Vec<u32>,
    dates: Vec<Moment>,
    points: Vec<f64>,
    /// `[level]`: lower and upper bounds.
    bounds: Vec<(Vec<f64>, Vec<f64>)>,
}

impl<'a> OutlookColumns<'a> {
    /// No rows yet; the intervals will have these levels, between 0 and 1.
    pub fn new(levels: &'a [f64]) -> Self {
        Self { levels, ..Self::default() }
    }

    /// Adds a series; `bounds` has one pair per level, or is empty where there are no intervals.
    pub fn push(&mut self, name: &str, dates: &[Moment], points: &[f64], bounds: &[(&[f64], &[f64])]) {
        let code = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.to_owned());
        self.series.extend(std::iter::repeat_n(code, points.len()));
        self.steps.extend((1_u32..).take(points.len()));
        self.dates.extend_from_slice(dates);
        self.points.extend_from_slice(points);
        let absent = vec![f64::NAN; points.len()];
        self.bounds.resize(self.levels.len(), (Vec::new(), Vec::new()));
        for (at, (lower, upper)) in self.bounds.iter_mut().enumerate() {
            let (low, high) = bounds.get(at).copied().unwrap_or((&absent, &absent));
            lower.extend_from_slice(low);
            upper.extend_from_slice(high);
        }
    }
}

/// What the columns of forecasts are called, in every file that holds some.
pub fn outlook_columns(levels: &[f64]) -> Vec<String> {
    let bounds =
        levels.iter().flat_map(|level| ["lower", "upper"].map(|end| format!("{end}_{:.0}", 100.0 * level)));
    ["series", "step", "date", "forecast"].into_iter().map(str::to_owned).chain(bounds).collect()
}

/// A Parquet file of forecasts with the columns of [`outlook_columns`], written a group of series at a time. What is not finite is
/// written as absent.
#[derive(Debug)]
pub struct OutlookWriter {
    compression: Compression,
    /// Begun with the first forecasts, which tell whether dates are days or times.
    file: Option<ArrowWriter<Vec<u8>>>,
}

impl OutlookWriter {
    /// A file without rows.
    pub const fn new(compression: Compression) -> Self {
        Self { compression, file: None }
    }

    /// Adds forecasts as a group of rows; gives the bytes of the file that stand behind those that were given before.
    pub fn add(&mut self, columns: &OutlookColumns<'_>) -> Result<Vec<u8>, WriteError> {
        if columns.points.is_empty() {
            return Ok(Vec::new());
        }
        let batch = outlooks(columns)?;
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(begun(&batch, self.compression)?),
        };
        file.write(&batch)?;
        file.flush()?;
        Ok(std::mem::take(file.inner_mut()))
    }

    /// The last bytes of the file; one without forecasts has columns for these levels.
    pub fn finish(self, levels: &[f64]) -> Result<Vec<u8>, WriteError> {
        let file = match self.file {
            Some(file) => file,
            None => begun(&outlooks(&OutlookColumns::new(levels))?, self.compression)?,
        };
        Ok(file.into_inner()?)
    }
}

fn begun(batch: &RecordBatch, compression: Compression) -> Result<ArrowWriter<Vec<u8>>, ParquetError> {
    let properties = properties(&batch.schema(), compression);
    ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties))
}

/// The rows of forecasts. Every group has the same schema, whatever is missing in it.
fn outlooks(columns: &OutlookColumns<'_>) -> Result<RecordBatch, ArrowError> {
    let mut arrays = vec![
        coded(&columns.names, &columns.series)?,
        Arc::new(UInt32Array::from(columns.steps.clone())) as ArrayRef,
        dates(columns.dates.iter().copied()),
        numbers(&columns.points),
    ];
    let stated = arrays.len();
    for at in 0..columns.levels.len() {
        let (low, high) = columns.bounds.get(at).map_or((&[][..], &[][..]), |(low, high)| (low, high));
        arrays.extend([numbers(low), numbers(high)]);
    }
    // A series may have no bounds.
    let named = outlook_columns(columns.levels).into_iter().zip(arrays).enumerate();
    let table = named.map(|(at, (name, array))| (name, array, at >= stated));
    RecordBatch::try_from_iter_with_nullable(table)
}

/// Columns that are no table.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Columns of different lengths, or a row whose text is not there.
    #[error("the columns do not fit each other")]
    Columns(#[from] ArrowError),
    /// The encoder refused.
    #[error("the table could not be encoded as Parquet")]
    Encode(#[from] ParquetError),
}

/// A Parquet file of a fleet in the long layout: `unique_id`, `ds`, `y`.
pub fn write_fleet(fleet: &Fleet, compression: Compression) -> Result<Vec<u8>, WriteError> {
    let rows = (0_u32..)
        .zip(0..fleet.len())
        .flat_map(|(code, series_idx)| std::iter::repeat_n(code, fleet.values(series_idx).len()));
    let rows: Vec<u32> = rows.collect();
    let every_date = (0..fleet.len()).flat_map(|series_idx| fleet.dates(series_idx));
    let every_value: Vec<f64> =
        (0..fleet.len()).flat_map(|series_idx| fleet.values(series_idx).iter().copied()).collect();
    let table = vec![
        ("unique_id", coded(fleet.names(), &rows)?),
        ("ds", dates(every_date)),
        ("y", numbers(&every_value)),
    ];
    encode(table, compression)
}

/// A column of texts of which there are few different ones, and each row has one.
fn coded(texts: &[String], rows: &[u32]) -> Result<ArrayRef, ArrowError> {
    let texts = StringArray::from_iter_values(texts);
    let rows = UInt32Array::from(rows.to_vec());
    Ok(Arc::new(DictionaryArray::<UInt32Type>::try_new(rows, Arc::new(texts))?))
}

fn dates(dates: impl Iterator<Item = Moment>) -> ArrayRef {
    let dates: Vec<Option<Moment>> = dates.map(Some).collect();
    let are_times = dates.first().copied().flatten().is_some_and(Moment::is_time);
    moments::column(dates.into_iter(), are_times)
}

fn numbers(values: &[f64]) -> ArrayRef {
    if values.iter().all(|value| value.is_finite()) {
        return Arc::new(Float64Array::from(values.to_vec()));
    }
    Arc::new(values.iter().map(|&value| kernel::finite(value)).collect::<Float64Array>())
}

fn encode(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> Result<Vec<u8>, WriteError> {
    let batch = RecordBatch::try_from_iter(columns)?;
    let mut writer = begun(&batch, compression)?;
    writer.write(&batch)?;
    Ok(writer.into_inner()?)
}

fn properties(schema: &Schema, compression: Compression) -> WriterProperties {
    let codec = match compression {
        Compression::Snappy => Codec::SNAPPY,
        Compression::Zstd => Codec::ZSTD(ZstdLevel::default()),
    };
    let numbers = schema.fields().iter().filter(|field| field.data_type() == &DataType::Float64);
    let properties = numbers.fold(WriterProperties::builder().set_compression(codec), |properties, field| {
        // Computed numbers hardly repeat: a dictionary of them is built and then given up.
        properties.set_column_dictionary_enabled(field.name().as_str().into(), false)
    });
    properties.build()
}

//! Writing the file of a data set, a group of series at a time.

use std::sync::Arc;

use ::parquet::arrow::arrow_writer::ArrowWriterOptions;
use ::parquet::arrow::{ArrowWriter, add_encoded_arrow_schema_to_metadata};
use ::parquet::basic::{Compression as Codec, ZstdLevel};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use arrow_array::{ArrayRef, Float64Array, ListArray, RecordBatch, StringArray, UInt32Array};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field, SchemaRef};
use wire::Moment;
use wire::datasets::{Report, SeriesSummary};

use super::{HOLIDAYS, KNOWN, LAYOUT, REPORT};
use crate::columnar::moments;
use crate::columnar::write::WriteError;
use crate::dated::DatedSeries;
use crate::holidays::Holidays;

/// A group of rows is closed once it has so many points, so that a few series are read without most others.
const POINTS_OF_A_GROUP: usize = 1 << 20;
/// Or so many series, whose results are as many whatever their points.
const SERIES_OF_A_GROUP: usize = 4096;

/// The file of a data set, to which one series is added after the other. It holds the series of one group.
#[derive(Debug, Default)]
pub struct DatasetWriter {
    group: Vec<DatedSeries>,
    /// Those of the group.
    points: usize,
    file: Option<File>,
    series_total: u64,
    points_total: u64,
}

#[derive(Debug)]
struct File {
    schema: SchemaRef,
    holidays: Option<Holidays>,
    writer: ArrowWriter<Vec<u8>>,
}

impl DatasetWriter {
    /// A file without series.
    pub fn new() -> Self {
        Self::default()
    }

    /// Series so far.
    pub const fn series(&self) -> u64 {
        self.series_total
    }

    /// Their dates.
    pub const fn points(&self) -> u64 {
        self.points_total
    }

    /// Adds a series; gives the bytes of the file that stand behind those that were given before.
    pub fn add(&mut self, one: DatedSeries) -> Result<Vec<u8>, WriteError> {
        let points = one.dates.len();
        let is_full = self.group.len() == SERIES_OF_A_GROUP
            || self.points > 0 && self.points + points > POINTS_OF_A_GROUP;
        let bytes = if is_full { self.close_group()? } else { Vec::new() };
        self.series_total += 1;
        self.points_total += points as u64;
        self.points += points;
        self.group.push(one);
        Ok(bytes)
    }

    /// The last bytes of the file, with what was read of the imported one.
    pub fn finish(mut self, report: &Report) -> Result<Vec<u8>, WriteError> {
        let mut bytes = self.close_group()?;
        if let Some(File { schema, holidays, mut writer }) = self.file {
            for said in said(report, holidays, &schema) {
                writer.append_key_value_metadata(said);
            }
            bytes.append(&mut writer.into_inner()?);
        }
        Ok(bytes)
    }

    fn close_group(&mut self) -> Result<Vec<u8>, WriteError> {
        let group = std::mem::take(&mut self.group);
        self.points = 0;
        let Some(first) = group.first() else { return Ok(Vec::new()) };
        let batch = batch(&group)?;
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(File::begun(batch.schema(), first.holidays)?),
        };
        file.writer.write(&batch)?;
        file.writer.flush()?;
        Ok(std::mem::take(file.writer.inner_mut()))
    }
}

impl File {
    /// What it says of itself is known when all series are.
    fn begun(schema: SchemaRef, holidays: Option<Holidays>) -> Result<Self, WriteError> {
        let options = ArrowWriterOptions::new().with_properties(properties().build());
        let options = options.with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(Vec::new(), Arc::clone(&schema), options)?;
        Ok(Self { schema, holidays, writer })
    }
}

fn properties() -> WriterPropertiesBuilder {
    let numbers = ["y.list.item", "ds.list.item"];
    let properties = WriterProperties::builder().set_compression(Codec::ZSTD(ZstdLevel::default()));
    numbers.into_iter().fold(properties, |properties, column| {
        properties.set_column_statistics_enabled(column.into(), EnabledStatistics::None)
    })
}

/// What the file says of itself: its layout, what was read, and the types of its columns.
fn said(report: &Report, holidays: Option<Holidays>, schema: &SchemaRef) -> Vec<KeyValue> {
    let report = kernel::canonical_json(report).expect("a report is plain data");
    let entry = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
    let stated = [entry(LAYOUT.0, LAYOUT.1.to_owned()), entry(REPORT, report)];
    let holidays = holidays.map(|holidays| entry(HOLIDAYS, holidays.to_string()));
    let stated = stated.into_iter().chain(holidays).collect();
    let mut properties = WriterProperties::builder().set_key_value_metadata(Some(stated)).build();
    add_encoded_arrow_schema_to_metadata(schema, &mut properties);
    properties.key_value_metadata().cloned().unwrap_or_default()
}

fn batch(series: &[DatedSeries]) -> Result<RecordBatch, WriteError> {
    let index: Vec<SeriesSummary> = series.iter().map(DatedSeries::summary).collect();
    // A data set has days or times, never both.
    let are_times = index.iter().any(|one| one.first_date.is_time());
    let ends = |date: fn(&SeriesSummary) -> Moment| -> ArrayRef {
        moments::column(index.iter().map(|one| Some(date(one))), are_times)
    };
    let counts = |count: fn(&SeriesSummary) -> u64| -> ArrayRef {
        // A series of more than four thousand million dates does not exist.
        let count = |one| u32::try_from(count(one)).unwrap_or(u32::MAX);
        Arc::new(UInt32Array::from_iter_values(index.iter().map(count)))
    };
    let off_grid = moments::column(index.iter().map(|one| one.off_grid_date), are_times);
    let lengths = || OffsetBuffer::from_lengths(series.iter().map(|one| one.dates.len()));
    let dates = series.iter().flat_map(|one| one.dates.iter().copied().map(Some));
    let values =
        series.iter().flat_map(|one| one.values.iter().map(|value| (!value.is_nan()).then_some(*value)));
    let (planned_lengths, planned) = (
        OffsetBuffer::from_lengths(series.iter().map(|one| one.planned.len())),
        series.iter().flat_map(|one| one.planned.iter().copied().map(Some)),
    );
    let group_lengths = OffsetBuffer::from_lengths(series.iter().map(|one| one.groups.len()));
    let groups = StringArray::from_iter_values(series.iter().flat_map(|one| &one.groups));
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("unique_id", Arc::new(StringArray::from_iter_values(index.iter().map(|one| &one.name)))),
        ("points", counts(|one| one.points)),
        ("values", counts(|one| one.values)),
        ("first_date", ends(|one| one.first_date)),
        ("last_date", ends(|one| one.last_date)),
        (
            "frequency",
            Arc::new(StringArray::from_iter_values(index.iter().map(|one| one.frequency.to_string()))),
        ),
        ("off_grid_date", off_grid),
        ("planned", counts(|one| one.planned)),
        (
            "planned_ds",
            list(moments::type_of(are_times), planned_lengths, moments::column(planned, are_times))?,
        ),
        ("groups", list(DataType::Utf8, group_lengths, Arc::new(groups))?),
        ("ds", list(moments::type_of(are_times), lengths(), moments::column(dates, are_times))?),
        ("y", list(DataType::Float64, lengths(), Arc::new(values.collect::<Float64Array>()))?),
    ];
    let names: Vec<(String, &str)> = series
        .first()
        .iter()
        .flat_map(|one| one.known.keys().zip(&one.uses))
        .map(|(name, used)| (format!("{KNOWN}{used}.{name}"), name.as_str()))
        .collect();
    for (column, name) in &names {
        columns.push((column, known(series, name)?));
    }
    // The same schema for every group, whatever is missing in it.
    let nullable = |name: &str| name == "off_grid_date";
    let columns = columns.into_iter().map(|(name, array)| (name, array, nullable(name)));
    Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
}

/// A column that is known beforehand, `NaN` where a series does not have it.
fn known(series: &[DatedSeries], name: &str) -> Result<ArrayRef, WriteError> {
    let rows = |one: &DatedSeries| one.dates.len() + one.planned.len();
    let lengths = OffsetBuffer::from_lengths(series.iter().map(rows));
    let of = |one: &DatedSeries| one.known.get(name).cloned().unwrap_or_else(|| vec![f64::NAN; rows(one)]);
    let numbers = series.iter().flat_map(of).map(|number| (!number.is_nan()).then_some(number));
    list(DataType::Float64, lengths, Arc::new(numbers.collect::<Float64Array>()))
}

fn list(item: DataType, offsets: OffsetBuffer<i32>, items: ArrayRef) -> Result<ArrayRef, WriteError> {
    let field = Arc::new(Field::new("item", item, true));
    Ok(Arc::new(ListArray::try_new(field, offsets, items, None)?))
}

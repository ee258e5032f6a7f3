//! The file of a data set: Parquet with one row per series, beside its dates and values what an index needs to know.
//!
//! | column | holds |
//! |---|---|
//! | `unique_id` | the name |
//! | `points`, `values` | dates, and those of them that have a value |
//! | `first_date`, `last_date` | the ends |
//! | `frequency`, `off_grid_date` | how far apart the dates are, and the first that is elsewhere |
//! | `planned` | dates after the last one of which something is known |
//! | `ds`, `y` | the dates and the values, lists of one length |
//! | `planned_ds` | the planned dates, a list |
//! | `groups` | what the series has in common with others, a list of texts |
//! | `known.USE.NAME` | a column beside the values and what it is used as, a list with a number per date and planned date |
//!
//! Whose holidays are known of the series stands in the description of the file, beside the report.
//!
//! The index is read without the lists, and the lists of chosen series without those of the others. The file is as
//! readable to other programs as to this one.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression as Codec, ZstdLevel};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt32Type};
use arrow_array::{Array, ArrayRef, Float64Array, ListArray, RecordBatch, StringArray, UInt32Array};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field};
use bytes::Bytes;
use wire::Moment;
use wire::datasets::{Frequency, Report, SeriesSummary};

use super::described::Described;
use super::error::ColumnarError;
use super::moments;
use super::write::WriteError;
use crate::dated::{DatedSeries, Use};
use crate::holidays::Holidays;

const FORMAT: &str = "a data set";
/// Names the layout above in the file; another layout gets another word.
const LAYOUT: (&str, &str) = ("assay.dataset", "2");
/// What was read of the imported file, as JSON.
const REPORT: &str = "assay.report";
/// Whose holidays are known of the series, if somebody asked for them.
const HOLIDAYS: &str = "assay.holidays";
/// What stands before the name of a column that is known beforehand.
const KNOWN: &str = "known.";
/// A group of rows is closed once it has so many points, so that a few series are read without most others.
const POINTS_OF_A_GROUP: usize = 1 << 20;
/// Or so many series, whose results are as many whatever their points.
const SERIES_OF_A_GROUP: usize = 4096;
/// The columns of the index; the lists stand behind them.
const INDEX: [&str; 8] =
    ["unique_id", "points", "values", "first_date", "last_date", "frequency", "off_grid_date", "planned"];

/// The file of some series, and what its index says of them.
pub fn write_dataset(
    series: &[DatedSeries],
    report: &Report,
) -> Result<(Vec<u8>, Vec<SeriesSummary>), WriteError> {
    let report = kernel::canonical_json(report).expect("a report is plain data");
    let holidays = series.first().and_then(|one| one.holidays);
    let index: Vec<SeriesSummary> = series.iter().map(DatedSeries::summary).collect();
    let mut writer = None;
    let mut from = 0;
    while from < series.len() {
        let end = from + group_len(&series[from..]);
        let batch = batch(&series[from..end], &index[from..end])?;
        let writer = match &mut writer {
            Some(writer) => writer,
            none => none.insert(ArrowWriter::try_new(
                Vec::new(),
                batch.schema(),
                Some(properties(&report, holidays)),
            )?),
        };
        writer.write(&batch)?;
        writer.flush()?;
        from = end;
    }
    let bytes = writer.map_or(Ok(Vec::new()), ArrowWriter::into_inner)?;
    Ok((bytes, index))
}

/// What the file says of its series, in their order.
pub fn read_index(bytes: &Bytes) -> Result<Vec<SeriesSummary>, ColumnarError> {
    let file = DatasetFile::open(bytes.len() as u64, bytes.clone())?;
    file.index(0..file.series(), vec![(0, bytes.clone())])
}

/// The series at these places, which ascend, in their order.
pub fn read_dataset(bytes: &Bytes, places: &[usize]) -> Result<Vec<DatedSeries>, ColumnarError> {
    DatasetFile::open(bytes.len() as u64, bytes.clone())?.read(places, vec![(0, bytes.clone())])
}

/// What the file of a data set says of itself. Its series are read from the bytes that it names, a group at a time.
#[derive(Debug, Clone)]
pub struct DatasetFile(Described);

impl DatasetFile {
    /// By the last bytes of the file, which hold its description ([`super::description`]).
    pub fn open(size_bytes: u64, description: Bytes) -> Result<Self, ColumnarError> {
        let file = Described::load(FORMAT, size_bytes, description)?;
        if file.says(LAYOUT.0) != Some(LAYOUT.1) {
            return Err(damaged("it has another layout"));
        }
        Ok(Self(file))
    }

    /// How many series it has.
    pub fn series(&self) -> usize {
        self.0.rows()
    }

    /// The places of series that lie together.
    pub fn groups(&self) -> Vec<Range<usize>> {
        self.0.groups()
    }

    /// What was read of the file that the series come from.
    pub fn report(&self) -> Result<Report, ColumnarError> {
        let report = self.0.says(REPORT).ok_or_else(|| damaged("it has no report"))?;
        serde_json::from_str(report).map_err(|error| ColumnarError::unreadable(FORMAT, error))
    }

    /// The bytes that hold what can be known of the series at these places.
    pub fn bytes_of_index(&self, places: Range<usize>) -> Result<Vec<Range<u64>>, ColumnarError> {
        self.0.bytes_of(&is_of_index, &[places])
    }

    /// What can be known of the series at these places, from those bytes, each with its place.
    pub fn index(
        &self,
        places: Range<usize>,
        bytes: Vec<(u64, Bytes)>,
    ) -> Result<Vec<SeriesSummary>, ColumnarError> {
        let mut index = Vec::with_capacity(places.len());
        self.0.each_batch(&is_of_index, &[places], bytes, |batch| index_of(&batch, &mut index))?;
        Ok(index)
    }

    /// The bytes that hold the series at these places, which ascend.
    pub fn bytes_of(&self, places: &[usize]) -> Result<Vec<Range<u64>>, ColumnarError> {
        self.0.bytes_of(&is_of_series, &runs(places))
    }

    /// The series at these places, which ascend, in their order, from those bytes, each with its place.
    pub fn read(
        &self,
        places: &[usize],
        bytes: Vec<(u64, Bytes)>,
    ) -> Result<Vec<DatedSeries>, ColumnarError> {
        let mut series = Vec::with_capacity(places.len());
        let holidays = self.holidays()?;
        self.0.each_batch(&is_of_series, &runs(places), bytes, |batch| {
            series_of(&batch, holidays, &mut series)
        })?;
        Ok(series)
    }

    fn holidays(&self) -> Result<Option<Holidays>, ColumnarError> {
        let holidays = self.0.says(HOLIDAYS).map(str::parse).transpose();
        holidays.map_err(|()| damaged("it has holidays of no country"))
    }
}

fn is_of_index(name: &str) -> bool {
    INDEX.contains(&name)
}

fn is_of_series(name: &str) -> bool {
    !is_of_index(name) || ["unique_id", "frequency", "off_grid_date"].contains(&name)
}

/// Places that follow each other.
fn runs(places: &[usize]) -> Vec<Range<usize>> {
    places.chunk_by(|a, b| a + 1 == *b).map(|run| run[0]..run[0] + run.len()).collect()
}

fn group_len(series: &[DatedSeries]) -> usize {
    let mut points = 0;
    let fits = series.iter().take_while(|one| {
        let is_first = points == 0;
        points += one.dates.len();
        is_first || points <= POINTS_OF_A_GROUP
    });
    fits.take(SERIES_OF_A_GROUP).count()
}

fn properties(report: &str, holidays: Option<Holidays>) -> WriterProperties {
    let entry = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
    let stated = [entry(LAYOUT.0, LAYOUT.1.to_owned()), entry(REPORT, report.to_owned())];
    let holidays = holidays.map(|holidays| entry(HOLIDAYS, holidays.to_string()));
    let numbers = ["y.list.item", "ds.list.item"];
    let properties = WriterProperties::builder()
        .set_compression(Codec::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata(Some(stated.into_iter().chain(holidays).collect()));
    numbers
        .into_iter()
        .fold(properties, |properties, column| {
            properties.set_column_statistics_enabled(
                column.into(),
                ::parquet::file::properties::EnabledStatistics::None,
            )
        })
        .build()
}

fn batch(series: &[DatedSeries], index: &[SeriesSummary]) -> Result<RecordBatch, WriteError> {
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

fn index_of(batch: &RecordBatch, index: &mut Vec<SeriesSummary>) -> Result<(), ColumnarError> {
    let names = column(batch, "unique_id", &DataType::Utf8)?.as_string::<i32>();
    let frequencies = column(batch, "frequency", &DataType::Utf8)?.as_string::<i32>();
    let counts =
        |name| Ok::<_, ColumnarError>(column(batch, name, &DataType::UInt32)?.as_primitive::<UInt32Type>());
    let (points, values, planned) = (counts("points")?, counts("values")?, counts("planned")?);
    let (first, last, off_grid) =
        (ends(batch, "first_date")?, ends(batch, "last_date")?, ends(batch, "off_grid_date")?);
    for row in 0..batch.num_rows() {
        index.push(SeriesSummary {
            name: names.value(row).to_owned(),
            points: points.value(row).into(),
            values: values.value(row).into(),
            first_date: date(first, row)?,
            last_date: date(last, row)?,
            frequency: frequency(frequencies.value(row))?,
            off_grid_date: off_grid.is_valid(row).then(|| date(off_grid, row)).transpose()?,
            planned: planned.value(row).into(),
        });
    }
    Ok(())
}

fn frequency(word: &str) -> Result<Frequency, ColumnarError> {
    word.parse().map_err(|_| damaged("a frequency has no name"))
}

fn series_of(
    batch: &RecordBatch,
    holidays: Option<Holidays>,
    series: &mut Vec<DatedSeries>,
) -> Result<(), ColumnarError> {
    let names = column(batch, "unique_id", &DataType::Utf8)?.as_string::<i32>();
    let lists = |name: &str, item| -> Result<&ListArray, ColumnarError> {
        let lists = batch.column_by_name(name).and_then(|column| column.as_list_opt::<i32>());
        lists
            .filter(|lists| lists.values().data_type() == &item)
            .ok_or_else(|| damaged("a column has another type"))
    };
    let of_dates = |name| lists(name, DataType::Date32).or_else(|_| lists(name, moments::type_of(true)));
    let (ds, y) = (of_dates("ds")?, lists("y", DataType::Float64)?);
    let (planned, groups) = (of_dates("planned_ds")?, lists("groups", DataType::Utf8)?);
    let frequencies = column(batch, "frequency", &DataType::Utf8)?.as_string::<i32>();
    let off_grid = ends(batch, "off_grid_date")?;
    let schema = batch.schema();
    let known =
        schema.fields().iter().filter_map(|field| Some((field.name(), field.name().strip_prefix(KNOWN)?)));
    let mut known: Vec<(&str, Use, &ListArray)> = known
        .map(|(column, named)| {
            let (used, name) = named.split_once('.').ok_or_else(|| damaged("a column has no use"))?;
            let used = used.parse().map_err(|_| damaged("a column has no use"))?;
            Ok((name, used, lists(column, DataType::Float64)?))
        })
        .collect::<Result<_, ColumnarError>>()?;
    known.sort_by_key(|(name, ..)| *name);
    for row in 0..batch.num_rows() {
        let (dates, values, planned) =
            (dates(&ds.value(row))?, numbers(&y.value(row)), dates(&planned.value(row))?);
        if dates.is_empty() || dates.len() != values.len() {
            return Err(damaged("a series has no dates, or another number of values"));
        }
        let uses = known.iter().map(|(_, used, _)| *used).collect();
        let known: BTreeMap<String, Vec<f64>> =
            known.iter().map(|(name, _, lists)| ((*name).to_owned(), numbers(&lists.value(row)))).collect();
        if known.values().any(|column| column.len() != dates.len() + planned.len()) {
            return Err(damaged("a column that is known beforehand has another number of values"));
        }
        let groups = groups.value(row);
        series.push(DatedSeries {
            name: names.value(row).to_owned(),
            frequency: frequency(frequencies.value(row))?,
            off_grid_date: off_grid.is_valid(row).then(|| date(off_grid, row)).transpose()?,
            dates,
            values,
            planned,
            known,
            uses,
            groups: groups
                .as_string::<i32>()
                .iter()
                .map(|label| label.unwrap_or_default().to_owned())
                .collect(),
            holidays,
        });
    }
    Ok(())
}

fn dates(dates: &ArrayRef) -> Result<Vec<Moment>, ColumnarError> {
    (0..dates.len()).map(|at| date(dates, at)).collect()
}

/// A column of days, or of times.
fn ends<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, ColumnarError> {
    column(batch, name, &DataType::Date32).or_else(|_| column(batch, name, &moments::type_of(true)))
}

fn numbers(numbers: &ArrayRef) -> Vec<f64> {
    numbers.as_primitive::<Float64Type>().iter().map(|value| value.unwrap_or(f64::NAN)).collect()
}

fn column<'a>(batch: &'a RecordBatch, name: &str, of: &DataType) -> Result<&'a ArrayRef, ColumnarError> {
    let column = batch.column_by_name(name).filter(|column| column.data_type() == of);
    column.ok_or_else(|| damaged("a column is missing or has another type"))
}

fn date(dates: &ArrayRef, at: usize) -> Result<Moment, ColumnarError> {
    moments::of_cell(dates, at).ok_or_else(|| damaged("a date is none"))
}

fn damaged(why: &'static str) -> ColumnarError {
    ColumnarError::unreadable(FORMAT, why)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing;

    fn day(day: i32) -> Moment {
        Moment::from_epoch_days(day).unwrap()
    }

    fn any_series() -> impl Strategy<Value = DatedSeries> {
        let days = proptest::collection::btree_set(-700_000..2_900_000, 2..40);
        let numbers = proptest::collection::vec(proptest::option::weighted(0.8, -1e300..1e300), 40);
        ("[^\u{0}]{0,12}", days, numbers, 0_usize..3).prop_map(|(name, days, numbers, planned)| {
            let numbers: Vec<f64> = numbers.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect();
            let mut dates: Vec<Moment> = days.into_iter().map(day).collect();
            let all = dates.len();
            let planned = dates.split_off(all - planned.min(all - 1));
            DatedSeries {
                values: numbers[..dates.len()].to_vec(),
                known: [("price".to_owned(), numbers[..all].iter().rev().copied().collect())].into(),
                uses: vec![Use::Price],
                groups: vec![name.clone(), "all".to_owned()],
                holidays: Holidays::of_country("DE"),
                ..testing::dated(&name, dates, planned)
            }
        })
    }

    /// With one bit pattern for what is missing.
    fn bits(series: &[DatedSeries]) -> Vec<(DatedSeries, Vec<u64>)> {
        let of = |one: &DatedSeries| {
            one.values.iter().chain(one.known.values().flatten()).map(|value| value.to_bits()).collect()
        };
        let without =
            |one: &DatedSeries| DatedSeries { values: Vec::new(), known: BTreeMap::new(), ..one.clone() };
        series.iter().map(|one| (without(one), of(one))).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_chosen_comes_back_with_every_bit(
            series in proptest::collection::vec(any_series(), 1..30),
            chosen in proptest::collection::vec(any::<bool>(), 30),
        ) {
            let (bytes, written) = write_dataset(&series, &testing::report()).unwrap();
            let bytes = Bytes::from(bytes);
            let index = read_index(&bytes).unwrap();
            prop_assert_eq!(&index, &written);
            prop_assert_eq!(&index, &series.iter().map(DatedSeries::summary).collect::<Vec<_>>());
            let places: Vec<usize> = (0..series.len()).filter(|&at| chosen[at]).collect();
            let expected: Vec<DatedSeries> = places.iter().map(|&at| series[at].clone()).collect();
            let found = read_dataset(&bytes, &places).unwrap();
            prop_assert_eq!(bits(&found), bits(&expected));
        }

        #[test]
        fn no_damage_makes_it_panic(at in 0_usize..4_000, with: u8) {
            let series = [testing::dated("a", vec![day(1), day(2)], Vec::new())];
            let (mut bytes, _) = write_dataset(&series, &testing::report()).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= with;
            let bytes = Bytes::from(bytes);
            let _ = (read_index(&bytes), read_dataset(&bytes, &[0]));
        }
    }

    #[test]
    fn series_of_many_groups_are_found_in_theirs() {
        let long = |n: usize| DatedSeries {
            values: vec![n as f64; 300_000],
            ..testing::dated(&format!("s{n}"), (0..300_000).map(day).collect(), Vec::new())
        };
        let series: Vec<DatedSeries> = (0..9).map(long).collect();
        let bytes = Bytes::from(write_dataset(&series, &testing::report()).unwrap().0);
        let file = DatasetFile::open(bytes.len() as u64, bytes.clone()).unwrap();
        assert_eq!(file.groups(), [0..3, 3..6, 6..9]);
        let read = read_dataset(&bytes, &[2, 3, 8]).unwrap();
        assert_eq!(read.iter().map(|one| one.values[7]).collect::<Vec<_>>(), [2.0, 3.0, 8.0]);
        assert!(read_dataset(&bytes, &[9]).is_err());
    }

    #[test]
    fn another_file_is_no_data_set() {
        assert!(read_index(&Bytes::from_static(b"date,value\n")).is_err());
    }
}

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

mod write;

use std::collections::BTreeMap;
use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt32Type};
use arrow_array::{Array, ArrayRef, ListArray, RecordBatch};
use arrow_schema::DataType;
use bytes::Bytes;
use wire::Moment;
use wire::datasets::{Frequency, Report, SeriesSummary};

pub use self::write::DatasetWriter;
use super::described::Described;
use super::error::ColumnarError;
use super::moments;
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
/// The columns of the index; the lists stand behind them.
const INDEX: [&str; 8] =
    ["unique_id", "points", "values", "first_date", "last_date", "frequency", "off_grid_date", "planned"];

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

    fn written(series: &[DatedSeries]) -> Vec<u8> {
        let mut writer = DatasetWriter::new();
        let pieces = series.iter().map(|one| writer.add(one.clone()).unwrap());
        let mut bytes: Vec<u8> = pieces.collect::<Vec<_>>().concat();
        bytes.append(&mut writer.finish(&testing::report()).unwrap());
        bytes
    }

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
            let bytes = Bytes::from(written(&series));
            let index = read_index(&bytes).unwrap();
            prop_assert_eq!(&index, &series.iter().map(DatedSeries::summary).collect::<Vec<_>>());
            let places: Vec<usize> = (0..series.len()).filter(|&at| chosen[at]).collect();
            let expected: Vec<DatedSeries> = places.iter().map(|&at| series[at].clone()).collect();
            let found = read_dataset(&bytes, &places).unwrap();
            prop_assert_eq!(bits(&found), bits(&expected));
        }

        #[test]
        fn no_damage_makes_it_panic(at in 0_usize..4_000, with: u8) {
            let series = [testing::dated("a", vec![day(1), day(2)], Vec::new())];
            let mut bytes = written(&series);
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
        let bytes = Bytes::from(written(&series));
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

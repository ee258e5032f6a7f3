use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use arrow_array::builder::{Float64Builder, ListBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Date32Array, DictionaryArray, Float64Array, Int16Array, Int64Array, LargeStringArray,
    RecordBatch, StringArray, StringViewArray, TimestampMicrosecondArray, TimestampNanosecondArray,
};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use bytes::Bytes;
use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::fleet::{Fleet, FleetColumns, FleetError};
use crate::series::SeriesError;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn table(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .unwrap()
}

fn texts(texts: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

fn numbers(values: &[f64]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

fn to_parquet(batch: &RecordBatch) -> Bytes {
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap().into()
}

fn to_arrow_file(batch: &RecordBatch, compression: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
    let mut writer = FileWriter::try_new_with_options(Vec::new(), &batch.schema(), options).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

fn to_arrow_stream(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

fn read(batch: &RecordBatch, columns: &Columns) -> Result<Fleet, ColumnarError> {
    let from_parquet = read_parquet(&to_parquet(batch), columns);
    let from_arrow = read_arrow(&to_arrow_stream(batch).into(), columns);
    match (&from_parquet, &from_arrow) {
        (Ok(a), Ok(b)) => assert_eq!(a, b),
        (a, b) => assert_eq!(
            a.as_ref().map_err(ToString::to_string).err(),
            b.as_ref().map_err(ToString::to_string).err()
        ),
    }
    from_parquet
}

/// Two daily series, the second with a hole.
fn two_series() -> Fleet {
    let nan = f64::NAN;
    Fleet::of(FleetColumns {
        names: vec!["b".to_owned(), "a".to_owned()],
        starts: vec![day("2024-02-28"), day("2024-03-01")],
        ends: vec![3, 6],
        values: vec![1.0, 2.0, 3.5, 4.0, nan, 6.0],
        frequency: Frequency::Daily,
        gaps: Gaps::Missing,
    })
    .unwrap()
}

const IDS: [&str; 5] = ["b", "b", "a", "b", "a"];
const DAYS: [&str; 5] = ["2024-02-29", "2024-02-28", "2024-03-03", "2024-03-01", "2024-03-01"];
const Y: [f64; 5] = [2.0, 1.0, 6.0, 3.5, 4.0];

/// The same series as unsorted rows, with dates of some type.
fn rows(ids: ArrayRef, dates: ArrayRef) -> RecordBatch {
    table(vec![("unique_id", ids), ("ds", dates), ("y", numbers(&Y))])
}

fn epoch_days() -> Vec<i32> {
    DAYS.iter().map(|text| day(text).to_epoch_days()).collect()
}

#[test]
fn unsorted_rows_are_gathered_whatever_type_holds_ids_and_dates() {
    let days = epoch_days();
    let moments = |per_day: i64| days.iter().map(|&day| i64::from(day) * per_day).collect::<Vec<_>>();
    let dates: [ArrayRef; 6] = [
        Arc::new(Date32Array::from(days.clone())),
        Arc::new(TimestampMicrosecondArray::from(moments(86_400_000_000))),
        Arc::new(TimestampNanosecondArray::from(moments(86_400_000_000_000)).with_timezone("UTC")),
        texts(&DAYS),
        texts(&DAYS.map(|day| format!("{day}T00:00:00Z")).each_ref().map(String::as_str)),
        Arc::new(DAYS.into_iter().collect::<DictionaryArray<Int32Type>>()),
    ];
    for dates in dates {
        assert_eq!(read(&rows(texts(&IDS), dates), &Columns::default()).unwrap(), two_series());
    }
    let ids: [ArrayRef; 3] = [
        Arc::new(LargeStringArray::from(IDS.to_vec())),
        Arc::new(StringViewArray::from(IDS.to_vec())),
        Arc::new(IDS.into_iter().collect::<DictionaryArray<Int32Type>>()),
    ];
    for ids in ids {
        assert_eq!(read(&rows(ids, texts(&DAYS)), &Columns::default()).unwrap(), two_series());
    }
    let lines: Vec<_> = (0..5).map(|row| format!("{},{},{}", IDS[row], DAYS[row], Y[row])).collect();
    let text = lines.join("\n");
    let csv = format!("\u{FEFF}Series,Date,Sales\r\n{text}");
    assert_eq!(read_csv(csv.as_bytes(), &Columns::default()).unwrap(), two_series());
}

#[test]
fn periods_are_counted_from_the_start() {
    let start = Some(day("2024-01-31"));
    let columns = Columns { start, frequency: Some(Frequency::Monthly), ..Columns::default() };
    let periods: ArrayRef = Arc::new(Int16Array::from(vec![4, 2]));
    let batch = table(vec![("ds", periods), ("y", numbers(&[4.0, 2.0]))]);
    let fleet = read(&batch, &columns).unwrap();
    let dates: Vec<_> = fleet.dates(0).collect();
    assert_eq!(dates, [day("2024-03-31"), day("2024-04-30"), day("2024-05-31")]);
    assert_eq!((fleet.name(0), fleet.values(0)[1].is_nan()), (ONLY_SERIES, true));
    assert_eq!(read_csv(b"ds,y\n4,4\n2,2", &columns).unwrap(), fleet);
    let without = read(&batch, &Columns::default()).unwrap_err();
    assert_eq!(without.to_string(), "column `ds` has no dates; state frequency and start");
}

fn lists(lists: &[Option<&[f64]>]) -> ArrayRef {
    let mut builder = ListBuilder::new(Float64Builder::new());
    for list in lists {
        for &value in list.unwrap_or_default() {
            builder.values().append_option(kernel::finite(value));
        }
        builder.append(list.is_some());
    }
    Arc::new(builder.finish())
}

#[test]
fn lists_start_at_one_date_or_at_their_own() {
    let (a, b) = ([1.0, f64::NAN], [3.0]);
    let daily = Columns { frequency: Some(Frequency::Daily), ..Columns::default() };
    let stores: ArrayRef = Arc::new(Int64Array::from(vec![7, 8]));
    let batch =
        table(vec![("item", texts(&["a", "b"])), ("store", stores), ("y", lists(&[Some(&a), Some(&b)]))]);
    let fleet = read(&batch, &Columns { start: Some(day("2024-01-01")), ..daily.clone() }).unwrap();
    assert_eq!((fleet.name(1), fleet.start(1), fleet.values(1)), ("b", day("2024-01-01"), &b[..]));
    assert!(fleet.values(0)[1].is_nan());
    let joined = Columns {
        ids: vec!["store".to_owned(), "item".to_owned()],
        start: Some(day("2024-01-01")),
        ..daily.clone()
    };
    assert_eq!(read(&batch, &joined).unwrap().names(), ["7/a", "8/b"]);
    let needed = |batch: &RecordBatch, columns: &Columns| match read(batch, columns) {
        Err(ColumnarError::NoCalendar { missing, .. }) => missing,
        other => panic!("{other:?}"),
    };
    assert_eq!(needed(&batch, &daily), ["start"]);
    assert_eq!(needed(&batch, &Columns::default()), ["frequency", "start"]);
    let ids = texts(&["a", "b"]);
    let starts = texts(&["2024-01-03", "2023-01-01"]);
    let own = table(vec![("id", ids.clone()), ("start", starts), ("y", lists(&[Some(&a), Some(&b)]))]);
    assert_eq!(read(&own, &daily).unwrap().start(1), day("2023-01-01"));
    assert_eq!(needed(&own, &Columns::default()), ["frequency"]);
    let check = |y: ArrayRef, expected: &str| {
        let batch = table(vec![("id", ids.clone()), ("y", y)]);
        let columns = Columns { start: Some(day("2024-01-01")), ..daily.clone() };
        assert_eq!(read(&batch, &columns).unwrap_err().to_string(), expected);
    };
    check(lists(&[Some(&a), None]), "row 2, column `y`: the cell is empty");
    check(lists(&[Some(&a), Some(&[])]), "series `b` has no values");
}

#[test]
fn tables_that_are_no_fleet_say_where() {
    let dates = || texts(&["2024-01-01", "2024-01-02"]);
    let check = |ids: ArrayRef, ds: ArrayRef, y: ArrayRef, expected: &str| {
        let batch = table(vec![("id", ids), ("ds", ds), ("y", y)]);
        assert_eq!(read(&batch, &Columns::default()).unwrap_err().to_string(), expected);
    };
    let ids = || texts(&["a", "a"]);
    let y = || numbers(&[1.0, 2.0]);
    let with_null = |text| Arc::new(StringArray::from(vec![Some(text), None])) as ArrayRef;
    check(with_null("a"), dates(), y(), "row 2, column `id`: the cell is empty");
    check(ids(), with_null("2024-01-01"), y(), "row 2, column `ds`: the cell is empty");
    check(
        ids(),
        texts(&["2024-01-01", "2024-02-30"]),
        y(),
        "row 2, column `ds`: `2024-02-30` is not a date; write YYYY-MM-DD",
    );
    check(
        ids(),
        texts(&["2024-01-01T06:00", "2024-01-02"]),
        y(),
        "row 1, column `ds`: `2024-01-01T06:00` is a time within a day; the finest frequency is daily",
    );
    check(
        ids(),
        Arc::new(Date32Array::from(vec![0, i32::MAX])),
        y(),
        "row 2, column `ds`: `day 2147483647 since 1970-01-01` is outside the years 1 to 9999",
    );
    check(ids(), dates(), ids(), "the value column `y` holds Utf8, which is not read as value");
    check(y(), dates(), y(), "the id column `id` holds Float64, which is not read as id");
    check(
        ids(),
        texts(&["2024-01-01", "2024-01-01"]),
        y(),
        "series `a` has 2024-01-01 more than once; keep one row per date",
    );
    check(ids(), dates(), numbers(&[1.0, f64::INFINITY]), "series `a` has an infinite value on 2024-01-02");
    let other = table(vec![("id", ids()), ("when", dates()), ("y", y())]);
    assert_eq!(
        read(&other, &Columns::default()).unwrap_err().to_string(),
        "there is no date column `ds`, `date`, `day`, `timestamp`, `start`; the columns are `id`, `when`, `y`"
    );
    let stated = Columns { date: Some("when".to_owned()), ..Columns::default() };
    assert_eq!(read(&other, &stated).unwrap().rows(), 2);
    assert!(matches!(read(&other.slice(0, 0), &stated), Err(ColumnarError::NoRows)));
}

#[test]
fn csv_that_is_no_fleet_says_where() {
    let check = |text: &str, expected: &str| {
        let error = read_csv(text.as_bytes(), &Columns::default()).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
    };
    check("", "the table has no rows");
    check("id,ds,y\n", "the table has no rows");
    check(
        "id,ds,y\na,2024-01-01,x",
        "row 1, column `y`: `x` is not a number; leave the cell empty for a missing value",
    );
    check("id,ds,y\n,2024-01-01,1", "row 1, column `id`: the cell is empty");
    check("id,ds,y\na,,1", "row 1, column `ds`: the cell is empty");
    check("id,ds,y\na,2024-01-01,inf", "series `a` has an infinite value on 2024-01-01");
    check("id,ds,y\na,2024-01-01", "row 1 has 2 cells, but the header has 3");
    let missing = read_csv(b"id,ds,y\na,2024-01-01,\na,2024-01-02,NaN\n", &Columns::default()).unwrap();
    assert!(missing.values(0).iter().all(|value| value.is_nan()));
}

#[test]
fn too_much_is_refused_by_what_the_file_declares() {
    let few = Columns { limits: Limits { rows: 4, series: 9 }, ..Columns::default() };
    let rows = rows(texts(&IDS), texts(&DAYS));
    let limit = |error: ColumnarError| match error {
        ColumnarError::Fleet(FleetError::TooManyRows { limit } | FleetError::TooManySeries { limit }) => {
            limit
        }
        other => panic!("{other}"),
    };
    assert_eq!(limit(read(&rows, &few).unwrap_err()), 4);
    assert_eq!(
        limit(
            read_csv(b"ds,y\n2024-01-01,1\n2024-01-02,1\n2024-01-03,1\n2024-01-04,1\n2024-01-05,1", &few)
                .unwrap_err()
        ),
        4
    );
    let few = Columns { limits: Limits { rows: 9, series: 1 }, ..Columns::default() };
    assert_eq!(limit(read(&rows, &few).unwrap_err()), 1);
    let listed = table(vec![("id", texts(&["a"])), ("y", lists(&[Some(&[1.0; 10])]))]);
    let stated = Columns { frequency: Some(Frequency::Daily), start: Some(day("2024-01-01")), ..few };
    assert_eq!(limit(read(&listed, &stated).unwrap_err()), 9);
}

#[test]
fn names_of_several_columns_tell_their_parts_apart() {
    let columns = Columns { ids: vec!["store".to_owned(), "item".to_owned()], ..Columns::default() };
    let parts = [texts(&["a/b", "a", r"a\"]), texts(&["c", "b/c", "c"])];
    let [stores, items] = parts;
    let days = texts(&["2024-01-01"; 3]);
    let batch =
        table(vec![("store", stores), ("item", items), ("ds", days), ("y", numbers(&[1.0, 2.0, 3.0]))]);
    let daily = Columns { frequency: Some(Frequency::Daily), ..columns };
    let expected = [r"a\/b/c", r"a/b\/c", r"a\\/c"];
    assert_eq!(read(&batch, &daily).unwrap().names(), expected);
    let csv = "store,item,ds,y\na/b,c,2024-01-01,1\na,b/c,2024-01-01,2\na\\,c,2024-01-01,3\n";
    assert_eq!(read_csv(csv.as_bytes(), &daily).unwrap().names(), expected);
}

#[test]
fn damaged_files_are_refused_or_read_but_never_a_panic() {
    let batch = rows(texts(&IDS), texts(&DAYS));
    let parquet = write_fleet(&two_series(), Compression::Zstd).unwrap();
    let plain = to_parquet(&batch).to_vec();
    let file = to_arrow_file(&batch, Some(CompressionType::LZ4_FRAME));
    let stream = to_arrow_stream(&batch);
    let columns = Columns::default();
    let read = |bytes: &[u8]| {
        let from_parquet = read_parquet(&Bytes::copy_from_slice(bytes), &columns);
        (from_parquet.is_ok(), read_arrow(&Bytes::copy_from_slice(bytes), &columns).is_ok())
    };
    for whole in [&parquet, &plain, &file] {
        for cut in 0..whole.len() {
            assert_eq!(read(&whole[..cut]), (false, false), "cut off at {cut} of {}", whole.len());
        }
    }
    for whole in [&parquet, &plain, &file, &stream] {
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            read(&damaged);
        }
    }
}

#[test]
fn forecasts_are_written_with_their_bounds_and_what_is_absent_is_null() {
    let day = |day: u32| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
    let mut columns = OutlookColumns::new(&[0.5, 0.8]);
    let bounds: [(&[f64], &[f64]); 2] = [(&[0.5, 1.5], &[1.5, 2.5]), (&[0.0, 1.0], &[2.0, 3.0])];
    columns.push("b", &[day(1), day(2)], &[1.0, 2.0], &bounds);
    columns.push("a", &[day(2)], &[3.0], &[]);
    for compression in [Compression::Snappy, Compression::Zstd] {
        let bytes = Bytes::from(write_outlooks(&columns, compression).unwrap());
        let of = |value: &str| Columns { value: Some(value.to_owned()), ..Columns::default() };
        let points = read_parquet(&bytes, &of("y_hat")).unwrap();
        assert_eq!((points.names(), points.values(1)), (&["b".to_owned(), "a".to_owned()][..], &[3.0][..]));
        let upper = read_parquet(&bytes, &of("upper_80")).unwrap();
        assert_eq!(upper.values(0), [2.0, 3.0]);
        assert!(upper.values(1)[0].is_nan());
    }
    columns.push("c", &[day(2)], &[3.0, 4.0], &[]);
    assert!(matches!(write_outlooks(&columns, Compression::Zstd), Err(WriteError::Columns(_))));
}

fn fleets() -> impl Strategy<Value = Fleet> {
    use Frequency::{Daily, Monthly, Quarterly, Weekly, Yearly};
    let frequency = prop::sample::select(vec![Daily, Weekly, Monthly, Quarterly, Yearly]);
    let value =
        prop_oneof![3 => any::<f64>().prop_filter("finite", |value| value.is_finite()), 1 => Just(f64::NAN)];
    let series = (-9000_i32..40_000, prop::collection::vec(value, 1..20));
    let names = prop::collection::hash_set("[a-z ,\"\n/é]{1,6}", 1..6);
    (frequency, names, prop::collection::vec(series, 6)).prop_map(|(frequency, names, series)| {
        let mut ends = Vec::new();
        let mut values = Vec::new();
        for (_, list) in series.iter().take(names.len()) {
            values.extend_from_slice(list);
            ends.push(values.len());
        }
        let start = |(day, _): &(i32, _)| NaiveDate::from_epoch_days(*day).unwrap();
        let starts = series.iter().take(names.len()).map(start).collect();
        let names = names.into_iter().collect();
        Fleet::of(FleetColumns { names, starts, ends, values, frequency, gaps: Gaps::Missing }).unwrap()
    })
}

/// The fleet as a long table of Arrow arrays.
fn long(fleet: &Fleet) -> RecordBatch {
    let each = 0..fleet.len();
    let names = each.clone().flat_map(|at| fleet.values(at).iter().map(move |_| fleet.name(at)));
    let dates = each.clone().flat_map(|at| fleet.dates(at)).map(|date| date.to_epoch_days());
    let values = each.flat_map(|at| fleet.values(at).iter().map(|&value| kernel::finite(value)));
    table(vec![
        ("unique_id", Arc::new(StringArray::from_iter_values(names))),
        ("ds", Arc::new(Date32Array::from_iter_values(dates))),
        ("y", Arc::new(values.collect::<Float64Array>())),
    ])
}

fn csv_of(fleet: &Fleet) -> Vec<u8> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(["y", "unique_id", "ds"]).unwrap();
    for at in 0..fleet.len() {
        for (date, value) in fleet.dates(at).zip(fleet.values(at)) {
            let value = kernel::finite(*value).map(|value| value.to_string()).unwrap_or_default();
            writer.write_record([value, fleet.name(at).to_owned(), date.to_string()]).unwrap();
        }
    }
    writer.into_inner().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_fleet_survives_every_format(fleet in fleets()) {
        let columns = Columns { frequency: Some(fleet.frequency()), ..Columns::default() };
        for compression in [Compression::Snappy, Compression::Zstd] {
            let bytes = write_fleet(&fleet, compression).unwrap();
            prop_assert_eq!(&read_parquet(&bytes.into(), &columns).unwrap(), &fleet);
        }
        let batch = long(&fleet);
        prop_assert_eq!(&read_parquet(&to_parquet(&batch), &columns).unwrap(), &fleet);
        for compression in [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)] {
            prop_assert_eq!(&read_arrow(&to_arrow_file(&batch, compression).into(), &columns).unwrap(), &fleet);
        }
        prop_assert_eq!(&read_arrow(&to_arrow_stream(&batch).into(), &columns).unwrap(), &fleet);
        prop_assert_eq!(&read_csv(&csv_of(&fleet), &columns).unwrap(), &fleet);
        let values: Vec<_> = (0..fleet.len()).map(|at| Some(fleet.values(at))).collect();
        let starts = (0..fleet.len()).map(|at| fleet.start(at).to_epoch_days());
        let listed = table(vec![
            ("id", Arc::new(StringArray::from_iter_values(fleet.names()))),
            ("start", Arc::new(Date32Array::from_iter_values(starts))),
            ("values", lists(&values)),
        ]);
        prop_assert_eq!(&read(&listed, &columns).unwrap(), &fleet);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let columns = Columns::default();
        let marked = |mark: &[u8]| [mark, &bytes, mark].concat();
        let _ = read_csv(&bytes, &columns);
        let _ = read_csv(&marked(b"id,ds,y\na,2024-01-01,1\n"), &columns);
        let _ = read_arrow(&marked(b"ARROW1\0\0").into(), &columns);
        let _ = read_arrow(&Bytes::copy_from_slice(&bytes), &columns);
        let _ = read_parquet(&marked(b"PAR1").into(), &columns);
    }
}

#[test]
fn a_series_error_from_a_file_keeps_its_facts() {
    let text = b"id,ds,y\na,2024-01-01,1\na,2024-01-09,1\n";
    let weekly = Columns { frequency: Some(Frequency::Weekly), ..Columns::default() };
    let error = read_csv(text, &weekly).unwrap_err();
    let irregular =
        SeriesError::Irregular { name: "a".into(), date: day("2024-01-09"), expected: Frequency::Weekly };
    assert!(matches!(&error, ColumnarError::Fleet(FleetError::Series(found)) if *found == irregular));
    assert_eq!(kernel::Fault::code(&error), "SERIES_IRREGULAR_DATE");
}

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
use proptest::prelude::*;
use wire::Moment;

use super::*;
use crate::dated::DatedSeries;
use crate::fleet::{Fleet, FleetColumns, FleetError};
use crate::intake::table::Cells;
use crate::intake::{self, Asked, IntakeError, Rhythm};
use crate::testing;

fn day(text: &str) -> Moment {
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

/// The same from Parquet and Arrow.
fn intake(batch: &RecordBatch, asked: &Asked) -> Result<Vec<DatedSeries>, IntakeError> {
    let of = |bytes: Bytes| intake::read(&bytes, asked).map(|intake| intake.series);
    let (from_parquet, from_arrow) = (of(to_parquet(batch)), of(to_arrow_stream(batch).into()));
    match (&from_parquet, &from_arrow) {
        (Ok(a), Ok(b)) => assert_eq!(format!("{a:?}"), format!("{b:?}")),
        (a, b) => assert_eq!(
            a.as_ref().map_err(ToString::to_string).err(),
            b.as_ref().map_err(ToString::to_string).err()
        ),
    }
    from_parquet
}

/// Name, dates and values, with one text for what is missing.
fn shown(series: &[DatedSeries]) -> Vec<String> {
    series.iter().map(|one| format!("{} {:?} {:?}", one.name, one.dates, one.values)).collect()
}

fn series(name: &str, rows: &[(&str, f64)]) -> DatedSeries {
    DatedSeries {
        values: rows.iter().map(|row| row.1).collect(),
        ..testing::dated(name, rows.iter().map(|row| day(row.0)).collect(), Vec::new())
    }
}

/// Two daily series, the second without one of its dates.
fn two_series() -> Vec<DatedSeries> {
    vec![
        series("b", &[("2024-02-28", 1.0), ("2024-02-29", 2.0), ("2024-03-01", 3.5)]),
        series("a", &[("2024-03-01", 4.0), ("2024-03-03", 6.0)]),
    ]
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
        assert_eq!(intake(&rows(texts(&IDS), dates), &Asked::default()).unwrap(), two_series());
    }
    let ids: [ArrayRef; 3] = [
        Arc::new(LargeStringArray::from(IDS.to_vec())),
        Arc::new(StringViewArray::from(IDS.to_vec())),
        Arc::new(IDS.into_iter().collect::<DictionaryArray<Int32Type>>()),
    ];
    for ids in ids {
        assert_eq!(intake(&rows(ids, texts(&DAYS)), &Asked::default()).unwrap(), two_series());
    }
}

#[test]
fn midnight_is_that_of_the_zone_of_the_column() {
    // 2024-01-01 and 2024-01-02 in Berlin begin an hour before those of UTC.
    let berlin = [1_704_063_600_000_000, 1_704_150_000_000_000];
    let moments: ArrayRef =
        Arc::new(TimestampMicrosecondArray::from(berlin.to_vec()).with_timezone("Europe/Berlin"));
    let batch = table(vec![("ds", moments), ("y", numbers(&[1.0, 2.0]))]);
    let found = intake(&batch, &Asked::default()).unwrap();
    assert_eq!(found[0].dates, [day("2024-01-01"), day("2024-01-02")]);
    let utc: ArrayRef = Arc::new(TimestampMicrosecondArray::from(berlin.to_vec()));
    let batch = table(vec![("ds", utc), ("y", numbers(&[1.0, 2.0]))]);
    assert!(matches!(intake(&batch, &Asked::default()), Err(IntakeError::WhoseMidnight { .. })));
}

#[test]
fn periods_are_counted_from_the_start() {
    let monthly = Asked {
        start: Some(day("2024-01-31")),
        rhythm: Some(Rhythm::Of(Frequency::MONTHLY)),
        ..Asked::default()
    };
    let periods: ArrayRef = Arc::new(Int16Array::from(vec![4, 2]));
    let batch = table(vec![("ds", periods), ("y", numbers(&[4.0, 2.0]))]);
    let found = intake(&batch, &monthly).unwrap();
    assert_eq!(found[0].dates, [day("2024-03-31"), day("2024-05-31")]);
    assert_eq!(found[0].name, ONLY_SERIES);
    let text = Bytes::from_static(b"ds,y\n4,4\n2,2");
    assert_eq!(intake::read(&text, &monthly).unwrap().series, found);
    assert!(matches!(intake(&batch, &Asked::default()), Err(IntakeError::NotDates { .. })));
}

#[test]
fn ids_that_no_float_holds_stay_apart() {
    let (one, other) = (1 << 60, (1 << 60) + 1);
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![one, other, one, other]));
    let days = texts(&["2024-01-01", "2024-01-01", "2024-01-02", "2024-01-02"]);
    let batch = table(vec![("id", ids), ("ds", days), ("y", numbers(&[1.0, 2.0, 3.0, 4.0]))]);
    let found = intake(&batch, &Asked::default()).unwrap();
    assert_eq!(
        found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["1152921504606846976", "1152921504606846977"]
    );
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

/// The same from Parquet and Arrow, of a table of lists.
fn read(batch: &RecordBatch, columns: &Columns) -> Result<Fleet, ColumnarError> {
    let fleet = |read: Result<Read, ColumnarError>| match read? {
        Read::Lists(fleet) => Ok(fleet),
        Read::Cells(table) => panic!("{table:?}"),
    };
    let from_parquet = fleet(read_parquet(&to_parquet(batch), columns));
    let from_arrow = fleet(read_arrow(&to_arrow_stream(batch).into(), columns));
    match (&from_parquet, &from_arrow) {
        (Ok(a), Ok(b)) => assert_eq!(a, b),
        (a, b) => assert_eq!(
            a.as_ref().map_err(ToString::to_string).err(),
            b.as_ref().map_err(ToString::to_string).err()
        ),
    }
    from_parquet
}

#[test]
fn lists_start_at_one_date_or_at_their_own() {
    let (a, b) = ([1.0, f64::NAN], [3.0]);
    let daily = Columns { frequency: Some(Frequency::DAILY), ..Columns::default() };
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
fn tables_that_give_no_series_say_where() {
    let dates = || texts(&["2024-01-01", "2024-01-02"]);
    let check = |ids: ArrayRef, ds: ArrayRef, y: ArrayRef, expected: &str| {
        let batch = table(vec![("id", ids), ("ds", ds), ("y", y)]);
        let said = intake(&batch, &Asked::default()).unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
    };
    let ids = || texts(&["a", "a"]);
    let y = || numbers(&[1.0, 2.0]);
    let with_null = |text| Arc::new(StringArray::from(vec![Some(text), None])) as ArrayRef;
    check(ids(), with_null("2024-01-01"), y(), "line 2: the date is missing");
    check(
        ids(),
        texts(&["2024-01-01T06:00", "2024-01-02"]),
        y(),
        "line 2: `2024-01-02T00:00:00` is a time within a day",
    );
    check(ids(), Arc::new(Date32Array::from(vec![0, i32::MAX])), y(), "line 2: the date is missing");
    check(ids(), dates(), ids(), "the column `y` has no numbers: `a`");
    check(
        ids(),
        texts(&["2024-01-01", "2024-01-01"]),
        y(),
        "2024-01-01 is there more than once, on lines 1 and 2",
    );
    check(ids(), dates(), numbers(&[1.0, f64::INFINITY]), "line 2: `inf` in `y` is not a number");
    let other = table(vec![("id", ids()), ("when", dates()), ("y", y())]);
    assert_eq!(intake(&other, &Asked::default()).unwrap()[0].dates.len(), 2);
    let stated = Asked { date: Some("nowhere".to_owned()), ..Asked::default() };
    assert!(matches!(intake(&other, &stated), Err(IntakeError::NoColumn { field: "date", .. })));
    let none = other.slice(0, 0);
    assert!(matches!(intake(&none, &Asked::default()), Err(IntakeError::Columnar(ColumnarError::NoRows))));
}

#[test]
fn too_much_is_refused_by_what_the_file_declares() {
    let rows = rows(texts(&IDS), texts(&DAYS));
    let limit = |error: IntakeError| match error {
        IntakeError::Columnar(ColumnarError::Fleet(
            FleetError::TooManyRows { limit } | FleetError::TooManySeries { limit },
        ))
        | IntakeError::TooMany { limit, .. } => limit,
        other => panic!("{other}"),
    };
    let few = Asked { limits: Limits { rows: 4, series: 9 }, ..Asked::default() };
    assert_eq!(limit(intake(&rows, &few).unwrap_err()), 4);
    let few = Asked { limits: Limits { rows: 9, series: 1 }, ..Asked::default() };
    assert_eq!(limit(intake(&rows, &few).unwrap_err()), 1);
    let listed = table(vec![("id", texts(&["a"])), ("y", lists(&[Some(&[1.0; 10])]))]);
    let stated = Asked { rhythm: Some(Rhythm::Of(Frequency::DAILY)), start: Some(day("2024-01-01")), ..few };
    assert_eq!(limit(intake(&listed, &stated).unwrap_err()), 9);
}

#[test]
fn names_of_several_columns_tell_their_parts_apart() {
    let asked = Asked {
        ids: vec!["store".to_owned(), "item".to_owned()],
        rhythm: Some(Rhythm::Of(Frequency::DAILY)),
        ..Asked::default()
    };
    let twice = |texts_of: [&str; 3]| texts(&texts_of.iter().chain(&texts_of).copied().collect::<Vec<_>>());
    let (stores, items) = (twice(["a/b", "a", r"a\"]), twice(["c", "b/c", "c"]));
    let days = texts(&[["2024-01-01"; 3], ["2024-01-02"; 3]].concat());
    let batch = table(vec![("store", stores), ("item", items), ("ds", days), ("y", numbers(&[1.0; 6]))]);
    let found = intake(&batch, &asked).unwrap();
    assert_eq!(
        found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        [r"a\/b/c", r"a/b\/c", r"a\\/c"]
    );
}

#[test]
fn damaged_files_are_refused_or_read_but_never_a_panic() {
    let batch = rows(texts(&IDS), texts(&DAYS));
    let plain = to_parquet(&batch).to_vec();
    let file = to_arrow_file(&batch, Some(CompressionType::LZ4_FRAME));
    let stream = to_arrow_stream(&batch);
    let columns = Columns::default();
    let read = |bytes: &[u8]| {
        let from_parquet = read_parquet(&Bytes::copy_from_slice(bytes), &columns);
        (from_parquet.is_ok(), read_arrow(&Bytes::copy_from_slice(bytes), &columns).is_ok())
    };
    for whole in [&plain, &file] {
        for cut in 0..whole.len() {
            assert_eq!(read(&whole[..cut]), (false, false), "cut off at {cut} of {}", whole.len());
        }
    }
    for whole in [&plain, &file, &stream] {
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            read(&damaged);
        }
    }
}

#[test]
fn forecasts_are_written_with_their_bounds_and_what_is_absent_is_null() {
    let day = |day: u32| Moment::from(chrono::NaiveDate::from_ymd_opt(2026, 1, day).unwrap());
    let levels = [0.5, 0.8];
    let bounds: [(&[f64], &[f64]); 2] = [(&[0.5, 1.5], &[1.5, 2.5]), (&[0.0, 1.0], &[2.0, 3.0])];
    let (mut first, mut second) = (OutlookColumns::new(&levels), OutlookColumns::new(&levels));
    first.push("b", &[day(1), day(2)], &[1.0, 2.0], &bounds);
    // A group may lack what the first one has, and be empty.
    second.push("a", &[day(2)], &[3.0], &[]);
    let written = |groups: &[&OutlookColumns<'_>], compression| -> Result<Vec<u8>, WriteError> {
        let (mut file, mut bytes) = (OutlookWriter::new(compression), Vec::new());
        for columns in groups {
            bytes.extend(file.add(columns)?);
        }
        bytes.extend(file.finish(&levels)?);
        Ok(bytes)
    };
    for compression in [Compression::Snappy, Compression::Zstd] {
        let groups = [&OutlookColumns::new(&levels), &first, &second];
        let bytes = Bytes::from(written(&groups, compression).unwrap());
        let of = |value: &str| {
            let Ok(Read::Cells(table)) = read_parquet(&bytes, &Columns::default()) else {
                panic!("no cells")
            };
            let at = table.place(value).unwrap();
            table.columns[at].cells.clone()
        };
        assert_eq!(of("forecast"), Cells::Numbers(vec![1.0, 2.0, 3.0]));
        let Cells::Numbers(upper) = of("upper_80") else { panic!("no numbers") };
        assert_eq!(upper[..2], [2.0, 3.0]);
        assert!(upper[2].is_nan());
    }
    assert!(written(&[], Compression::Zstd).unwrap().ends_with(b"PAR1"));
    second.push("c", &[day(2)], &[3.0, 4.0], &[]);
    assert!(matches!(written(&[&second], Compression::Zstd), Err(WriteError::Columns(_))));
}

fn fleets() -> impl Strategy<Value = Fleet> {
    let words = vec!["daily", "weekly", "monthly", "quarterly", "yearly", "every_2_weeks", "every_6_months"];
    let frequency = prop::sample::select(words).prop_map(|word| word.parse::<Frequency>().unwrap());
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
        let start = |(day, _): &(i32, _)| Moment::from_epoch_days(*day).unwrap();
        let starts = series.iter().take(names.len()).map(start).collect();
        let names = names.into_iter().collect();
        Fleet::of(FleetColumns { names, starts, ends, values, frequency, gaps: Gaps::Missing }).unwrap()
    })
}

/// The fleet as a long table of Arrow arrays.
fn long(fleet: &Fleet) -> RecordBatch {
    let each = 0..fleet.len();
    let names = each.clone().flat_map(|at| fleet.values(at).iter().map(move |_| fleet.name(at)));
    let dates = each.clone().flat_map(|at| fleet.dates(at)).map(Moment::to_epoch_days);
    let values = each.flat_map(|at| fleet.values(at).iter().map(|&value| kernel::finite(value)));
    table(vec![
        ("unique_id", Arc::new(StringArray::from_iter_values(names))),
        ("ds", Arc::new(Date32Array::from_iter_values(dates))),
        ("y", Arc::new(values.collect::<Float64Array>())),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_fleet_survives_every_format(fleet in fleets()) {
        let columns = Columns { frequency: Some(fleet.frequency()), ..Columns::default() };
        let asked = Asked { rhythm: Some(Rhythm::Of(fleet.frequency())), ..Asked::default() };
        let one = |at: usize| {
            let rows: Vec<(Moment, f64)> = fleet.dates(at).zip(fleet.values(at).iter().copied()).collect();
            (rows.len() > 1 && rows.iter().any(|row| !row.1.is_nan()) && !fleet.name(at).trim().is_empty()).then(|| {
                let (dates, values) = rows.into_iter().unzip();
                DatedSeries { values, ..testing::dated(fleet.name(at).trim(), dates, Vec::new()) }
            })
        };
        let usable: Vec<DatedSeries> = (0..fleet.len()).filter_map(one).collect();
        let mut names: Vec<&str> = fleet.names().iter().map(|name| name.trim()).collect();
        names.sort_unstable();
        names.dedup();
        prop_assume!(!usable.is_empty() && names.len() == fleet.len());
        let batch = long(&fleet);
        let found = intake(&batch, &asked).unwrap();
        prop_assert_eq!(shown(&found), shown(&usable));
        for compression in [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)] {
            let bytes = Bytes::from(to_arrow_file(&batch, compression));
            prop_assert_eq!(shown(&intake::read(&bytes, &asked).unwrap().series), shown(&usable));
        }
        for compression in [Compression::Snappy, Compression::Zstd] {
            let bytes = Bytes::from(write_fleet(&fleet, compression).unwrap());
            prop_assert_eq!(shown(&intake::read(&bytes, &asked).unwrap().series), shown(&usable));
        }
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
        let _ = read_arrow(&marked(b"ARROW1\0\0").into(), &columns);
        let _ = read_arrow(&Bytes::copy_from_slice(&bytes), &columns);
        let _ = read_parquet(&marked(b"PAR1").into(), &columns);
    }
}

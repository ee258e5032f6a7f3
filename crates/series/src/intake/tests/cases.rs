//! Files on which people have stumbled, each written as they have it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{BrotliLevel, Compression, GzipLevel};
use ::parquet::file::properties::WriterProperties;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampNanosecondArray};
use chrono::TimeZone;

use super::*;

/// Sixty months of one series, as all of the files of this kind have it.
fn months() -> Vec<(NaiveDate, f64)> {
    let first = NaiveDate::from_ymd_opt(2018, 1, 1).unwrap();
    let value = |step: usize| 100.0 + ((step * 7) % 12) as f64 + step as f64 * 0.5;
    (0..60).map(|step| (Frequency::MONTHLY.advance(first.into(), 1, step).date(), value(step))).collect()
}

/// Two hundred days.
fn days() -> Vec<(NaiveDate, f64)> {
    let first = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap();
    first.iter_days().take(200).enumerate().map(|(at, day)| (day, 50.0 + ((at * 3) % 7) as f64)).collect()
}

fn lines(header: &str, rows: &[(NaiveDate, f64)], line: impl Fn(NaiveDate, f64) -> String) -> String {
    let lines: Vec<String> = rows.iter().map(|&(date, value)| line(date, value)).collect();
    format!("{header}\n{}\n", lines.join("\n"))
}

/// The one series of a file.
fn only(bytes: impl Into<Bytes>) -> (Vec<(NaiveDate, f64)>, wire::datasets::Report) {
    let intake = read(&bytes.into(), &Asked::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(intake.series.len(), 1, "{:?}", intake.report);
    let one = &intake.series[0];
    (one.dates.iter().map(|date| date.date()).zip(one.values.iter().copied()).collect(), intake.report)
}

fn parquet(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> Vec<u8> {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn names(name: &str, count: usize) -> ArrayRef {
    Arc::new(StringArray::from(vec![name; count]))
}

fn dates(rows: &[(NaiveDate, f64)]) -> ArrayRef {
    Arc::new(StringArray::from(rows.iter().map(|row| row.0.to_string()).collect::<Vec<_>>()))
}

fn values(rows: &[(NaiveDate, f64)]) -> ArrayRef {
    Arc::new(Float64Array::from(rows.iter().map(|row| row.1).collect::<Vec<_>>()))
}

#[test]
fn months_are_the_same_in_every_file_that_has_them() {
    let rows = months();
    let plain = lines("series,date,value", &rows, |date, value| format!("A,{date},{value}"));
    let blank = plain.clone() + &",,\n".repeat(20);
    let more = lines("date,store,value,weather", &rows, |date, value| format!("{date},A,{value},sunny"));
    let nixtla = lines("unique_id,ds,y", &rows, |date, value| format!("A,{date},{value}"));
    let european = lines("series;date;value", &rows, |date, value| {
        format!("A;{date};{}", format!("{value:.1}").replace('.', ","))
    });
    let by_month =
        lines("Month,#Passengers", &rows, |date, value| format!("{},{value}", date.format("%Y-%m")));
    for text in [&plain, &blank, &more, &nixtla, &european, &by_month] {
        assert_eq!(only(text.clone().into_bytes()).0, rows, "{}", &text[..80]);
    }
    let (_, report) = only(more.into_bytes());
    assert!(report.notes.iter().any(|note| note.contains("Not read: `weather`")), "{:?}", report.notes);
    for compression in [
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4,
    ] {
        let columns = vec![("unique_id", names("A", 60)), ("ds", dates(&rows)), ("y", values(&rows))];
        assert_eq!(only(parquet(columns, compression)).0, rows);
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(plain.as_bytes()).unwrap();
    assert_eq!(only(gzip.finish().unwrap()).0, rows);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (at, text) in (0..).zip(plain.lines()) {
        for (place, cell) in (0..).zip(text.split(',')) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(at, place, number).unwrap(),
                Err(_) => sheet.write_string(at, place, cell).unwrap(),
            };
        }
    }
    assert_eq!(only(book.save_to_buffer().unwrap()).0, rows);
}

#[test]
fn days_are_the_same_in_every_file_that_has_them() {
    let rows = days();
    for form in ["%Y-%m-%d 00:00:00", "%Y-%m-%dT00:00:00", "%Y-%m-%dT00:00:00Z", "%d/%m/%Y"] {
        let text = lines("date,value", &rows, |date, value| format!("{},{value}", date.format(form)));
        assert_eq!(only(text.into_bytes()).0, rows, "{form}");
    }
    let columns = vec![("item_id", names("A", 200)), ("timestamp", dates(&rows)), ("target", values(&rows))];
    assert_eq!(only(parquet(columns, Compression::SNAPPY)).0, rows);
    for zone in ["Europe/Berlin", "America/New_York", "Asia/Kolkata"] {
        let of: chrono_tz::Tz = zone.parse().unwrap();
        let moment = |date: NaiveDate| {
            let local = of.from_local_datetime(&date.and_hms_opt(0, 0, 0).unwrap());
            local.earliest().unwrap().timestamp_nanos_opt().unwrap()
        };
        let moments: Vec<i64> = rows.iter().map(|row| moment(row.0)).collect();
        let moments = TimestampNanosecondArray::from(moments).with_timezone(zone);
        let columns =
            vec![("unique_id", names("A", 200)), ("ds", Arc::new(moments) as ArrayRef), ("y", values(&rows))];
        assert_eq!(only(parquet(columns, Compression::SNAPPY)).0, rows, "{zone}");
    }
}

#[test]
fn every_usual_mark_of_a_missing_value_is_one() {
    for mark in ["", "#N/A", "NULL", "NA", "NaN", "nan", "-", "n/a", "None"] {
        let text = lines("date,value", &months(), |date, value| {
            if date.to_string() == "2019-05-01" {
                format!("{date},{mark}")
            } else {
                format!("{date},{value}")
            }
        });
        let (read, _) = only(text.into_bytes());
        assert_eq!(read.iter().filter(|row| row.1.is_nan()).count(), 1, "{mark}");
    }
}

#[test]
fn a_wide_table_is_a_series_per_column() {
    let text =
        lines("date,Store A,Store B", &months(), |date, value| format!("{date},{value},{}", value * 2.0));
    let intake = of(&text);
    assert_eq!(intake.series.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Store A", "Store B"]);
    assert!((intake.series[1].values[0] - months()[0].1 * 2.0).abs() < 1e-12);
}

#[test]
fn columns_that_are_numbered_are_dated_by_their_first_or_asked_about() {
    let month = |at: usize| format!("2021{:02}", at + 1);
    let file = |name: &dyn Fn(usize) -> String| {
        let names: Vec<String> = (0..12).map(name).collect();
        // Mostly empty, as new and seldom sold products are.
        let row = |item: usize| (0..12).map(move |at| if (at + item).is_multiple_of(4) { "3" } else { "" });
        let rows = (0..5).map(|item| format!("P{item},{}", row(item).collect::<Vec<_>>().join(",")));
        format!("item,{}\n{}\n", names.join(","), rows.collect::<Vec<_>>().join("\n"))
    };
    let weekly = Asked {
        start: Some("2024-01-01".parse().unwrap()),
        rhythm: Some(Rhythm::Of(Frequency::WEEKLY)),
        ..Asked::default()
    };
    for word in ["", "d_", "Week "] {
        let text = file(&|at| format!("{word}{}", at + 1));
        let said = refused(&text, &Asked::default());
        assert!(said.contains(&format!("state the date of `{word}1` as start")), "{said}");
        let intake = read_text(&text, &weekly).unwrap();
        assert_eq!(intake.series.len(), 5);
        let dates: Vec<String> = intake.series[0].dates.iter().map(Moment::to_string).collect();
        assert_eq!((dates[0].as_str(), dates[4].as_str(), dates.len()), ("2024-01-01", "2024-01-29", 9));
    }
    let said = refused(&file(&|at| (45292 + at).to_string()), &Asked::default());
    assert!(said.contains("`45292` would be 2024-01-01") && said.contains("`serial`"), "{said}");
    let intake = of(&file(&month));
    assert_eq!((intake.series.len(), intake.report.frequency), (5, Some(Word::MONTHLY)));
}

#[test]
fn a_row_number_names_no_series_and_two_columns_name_them_together() {
    let rows = days();
    let numbers: ArrayRef = Arc::new(Int64Array::from((0..400).collect::<Vec<i64>>()));
    let twice: Vec<(NaiveDate, f64)> = rows.iter().flat_map(|row| [*row, *row]).collect();
    let stores: ArrayRef = Arc::new(Int64Array::from((0..400).map(|at| at % 2 + 1).collect::<Vec<i64>>()));
    let columns = vec![
        ("id", numbers),
        ("date", dates(&twice)),
        ("store_nbr", stores.clone()),
        ("sales", values(&twice)),
    ];
    let intake = read(&parquet(columns, Compression::SNAPPY).into(), &Asked::default()).unwrap();
    assert_eq!(intake.series.len(), 2);
    assert!(intake.report.notes.iter().any(|note| note.contains("`id` is different in every row")));
    let columns = vec![
        ("date", dates(&twice)),
        ("store", stores),
        ("item", names("7", 400)),
        ("sales", values(&twice)),
    ];
    let intake = read(&parquet(columns, Compression::SNAPPY).into(), &Asked::default()).unwrap();
    assert_eq!(intake.series.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["1/7", "2/7"]);
}

#[test]
fn a_series_of_one_row_does_not_refuse_the_file() {
    let text = lines("series,date,value", &months(), |date, value| format!("old,{date},{value}"));
    let (read, report) = only((text + "new,2022-12-01,5\n").into_bytes());
    assert_eq!((read, report.left_out[0].reason.as_str()), (months(), "it has 1 value"));
}

#[test]
fn single_sales_are_added_up_if_that_is_said() {
    let text = lines("series,date,value", &days(), |date, value| format!("A,{date},{value}\nA,{date},1"));
    let said = refused(&text, &Asked::default());
    assert!(said.contains("more than once") && said.contains("add them up"), "{said}");
    let sum = Asked { sum_duplicates: true, ..Asked::default() };
    let intake = read_text(&text, &sum).unwrap();
    assert!((intake.series[0].values[0] - days()[0].1 - 1.0).abs() < 1e-12);
    assert!(intake.report.notes.iter().any(|note| note.contains("400 rows were added up to 200 dates")));
}

#[test]
fn a_stated_frequency_wins_over_what_the_dates_look_like() {
    let irregular: Vec<(NaiveDate, f64)> = days()
        .into_iter()
        .enumerate()
        .filter(|(at, _)| at % 3 != 1 && at % 5 != 2)
        .map(|(_, row)| row)
        .collect();
    let text = lines("series,date,value", &irregular, |date, value| format!("A,{date},{value}"));
    let daily = Asked { rhythm: Some(Rhythm::Of(Frequency::DAILY)), ..Asked::default() };
    let intake = read_text(&text, &daily).unwrap();
    assert_eq!(intake.series[0].frequency, Word::DAILY);
    assert!(intake.report.missing_dates > 0);
}

#[test]
fn a_product_of_saturdays_is_daily_as_its_file_is() {
    let mut text = lines("series,date,value", &days(), |date, value| format!("milk,{date},{value}"));
    for (date, value) in days().iter().skip(6).step_by(7) {
        writeln!(text, "bbq,{date},{value}").unwrap();
    }
    assert!(of(&text).series.iter().all(|one| one.frequency == Word::DAILY));
}

#[test]
fn a_series_with_dates_farther_apart_than_the_file_is_told() {
    let mut text = lines("series,date,value", &days(), |date, value| format!("milk,{date},{value}"));
    for (date, value) in days().iter().step_by(7) {
        writeln!(text, "bbq,{date},{value}").unwrap();
    }
    let said = |intake: Intake| intake.report.notes.join(" ");
    let told = said(of(&text));
    assert!(told.contains("the first, `bbq`, looks weekly") && told.contains("1 series has dates"), "{told}");
    let daily = Asked { rhythm: Some(Rhythm::Of(Frequency::DAILY)), ..Asked::default() };
    assert!(!said(read_text(&text, &daily).unwrap()).contains("farther apart"));
}

#[test]
fn totals_of_groups_in_a_long_table_are_no_series() {
    let mut text = "region;product;month;sales\n".to_owned();
    for (nth, (date, value)) in months().into_iter().enumerate() {
        for region in ["East", "West"] {
            let other = value + nth as f64;
            writeln!(text, "{region};A;{date};{value}\n{region};B;{date};{other}").unwrap();
            writeln!(text, "{region};Total;{date};{}\n{region};Total care;{date};7", value + other).unwrap();
        }
    }
    let intake = of(&text);
    let names: Vec<&str> = intake.series.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["East/A", "East/B", "East/Total care", "West/A", "West/B", "West/Total care"]);
    let notes = intake.report.notes.join(" ");
    assert!(notes.contains("`West/Total` is the sum of others and was left out."), "{notes}");
}

#[test]
fn a_text_of_a_single_byte_encoding_shows_a_word_of_it_or_is_refused() {
    let bytes =
        |name: &[u8]| [b"shop;date;sales\n", name, b";2024-01-01;1\n", name, b";2024-01-02;2\n"].concat();
    let (_, report) = only(bytes(b"K\xF6ln"));
    assert!(report.notes[0].contains("Windows-1252, as in `K\u{f6}ln`"), "{:?}", report.notes);
    // A word of another encoding beside one that two have, here of Windows-1250.
    let text =
        b"shop;date;sales\nK\xF6ln;2024-01-01;1\n\xA3\xF3d\x9F;2024-01-01;2\nK\xF6ln;2024-01-02;1\n\xA3\xF3d\x9F;2024-01-02;2\n";
    let asked = Asked { encoding: Some("windows-1250".to_owned()), ..Asked::default() };
    let found = read(&text.to_vec().into(), &asked).unwrap();
    assert_eq!(found.series.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Köln", "Łódź"]);
    assert_eq!(found.report.encoding.as_deref(), Some("windows-1250"));
    // Shift-JIS, and the letters of DOS.
    for name in [&b"\x91\xE5\x8D\xE3"[..], b"D\x81sseldorf"] {
        let said = read(&bytes(name).into(), &Asked::default()).unwrap_err().to_string();
        assert!(said.starts_with("line 2 is not UTF-8 and could be "), "{said}");
    }
}

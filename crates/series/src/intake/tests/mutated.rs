//! Files of every kind with bytes exchanged, left out and put in: they are read, or refused, and nothing else happens.

use std::io::{Cursor, Write};
use std::sync::{Arc, LazyLock};

use ::parquet::arrow::ArrowWriter;
use arrow_array::{ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_xlsxwriter::Workbook;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// Files that are read.
static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let long = "series;date;value\n\"A;1\";31.01.2024;1.234,5\n\"A;1\";29.02.2024;(7)\nB;31.01.2024;-\n";
    let wide = "Report\n\nMonth,A,B,Total\nJan 2024,1,2,3\nFeb 2024,12%,4,5\nTotal,1,2,3\n";
    let turned = ";2023;;2024\nshop;Nov;Dec;Jan\nA;1;2;3\n;4;5;6\n";
    let tsf = "@attribute name string\n@attribute start date\n@frequency monthly\n@data\nT1:1979-01-31 00-00-00:1.5,?,3e2\n";
    let batch = batch();
    vec![
        long.into(),
        wide.into(),
        turned.into(),
        tsf.into(),
        "week,value\nKW 5/2024,1\nKW 6/2024,2\n".into(),
        long.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        gzip(wide.as_bytes()),
        zip(turned.as_bytes()),
        workbook(),
        parquet(&batch),
        arrow_file(&batch),
        arrow_stream(&batch),
    ]
});

fn batch() -> RecordBatch {
    let columns: [(&str, ArrayRef, bool); 3] = [
        ("id", Arc::new(StringArray::from(vec!["A", "A", "B"])), true),
        ("ds", Arc::new(Date32Array::from(vec![19_000, 19_001, 19_000])), true),
        ("y", Arc::new(Float64Array::from(vec![Some(1.5), None, Some(2.0)])), true),
    ];
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("a.csv", SimpleFileOptions::default()).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap().into_inner()
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    for _ in 0..2 {
        let sheet = book.add_worksheet();
        for (row, name) in (0..).zip(["date", "2024-01-01", "2024-01-02"]) {
            sheet.write_string(row, 0, name).unwrap();
            sheet.write_number(row, 1, f64::from(row)).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn parquet(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

fn arrow_file(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

fn arrow_stream(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

/// What becomes of some bytes: one is another, some are left out, or they are there twice.
#[derive(Debug, Clone)]
enum Change {
    Byte(u8),
    Cut(usize),
    Twice(usize),
}

fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, Change)>> {
    let change = prop_oneof![
        4 => any::<u8>().prop_map(Change::Byte),
        2 => prop::sample::select(b"0123456789,;\"\n\t.-/ Q".to_vec()).prop_map(Change::Byte),
        1 => (1_usize..40).prop_map(Change::Cut),
        1 => (1_usize..40).prop_map(Change::Twice),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), change), 1..8)
}

fn changed(mut bytes: Vec<u8>, changes: &[(prop::sample::Index, Change)]) -> Vec<u8> {
    for (place, change) in changes {
        if bytes.is_empty() {
            break;
        }
        let at = place.index(bytes.len());
        let end = |length: usize, bytes: &[u8]| (at + length).min(bytes.len());
        match change {
            Change::Byte(byte) => bytes[at] = *byte,
            Change::Cut(length) => drop(bytes.drain(at..end(*length, &bytes))),
            Change::Twice(length) => {
                let again = bytes[at..end(*length, &bytes)].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 2000 } else { 20_000 }))]

    #[test]
    fn a_damaged_file_is_read_or_refused(seed in any::<prop::sample::Index>(), changes in changes(), wide: bool, sum: bool, start: bool) {
        let bytes = Bytes::from(changed(seed.get(&SEEDS).clone(), &changes));
        let asked = Asked {
            wide,
            sum_duplicates: sum,
            start: start.then(|| NaiveDate::from_ymd_opt(2024, 1, 31).unwrap().into()),
            rhythm: start.then_some(Rhythm::Of(Frequency::MONTHLY)),
            limits: Limits { rows: 100_000, series: 1000 },
            ..Asked::default()
        };
        if let Ok(intake) = read(&bytes, &asked) {
            prop_assert_eq!(intake.report.series, intake.series.len() as u64);
            for one in &intake.series {
                prop_assert!(one.dates.len() == one.values.len() && !one.values.is_empty());
                prop_assert!(one.values.iter().all(|value| !value.is_infinite()));
                prop_assert!(one.dates.iter().chain(&one.planned).is_sorted_by(|a, b| a < b), "{:?}", one);
                prop_assert!(one.known.values().all(|column| column.len() == one.dates.len() + one.planned.len()));
            }
        }
    }
}

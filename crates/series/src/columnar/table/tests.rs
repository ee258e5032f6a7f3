use std::ops::Range;
use std::slice;

use bytes::Bytes;
use proptest::prelude::*;
use wire::Moment;

use super::*;
use crate::columnar::error::ColumnarError;

static LAYOUT: Layout = Layout {
    name: "assay.test",
    version: "1",
    columns: &[
        Column::of("unique_id", Kind::Text),
        Column::optional("rank", Kind::Count),
        Column::optional("wape", Kind::Number),
        Column::of("reasons", Kind::Texts),
        Column::of("ds", Kind::Dates),
        Column::of("y", Kind::Numbers),
        Column::of("train_start", Kind::Date),
    ],
};

#[derive(Debug, Clone, PartialEq)]
struct One {
    name: String,
    rank: Option<usize>,
    wape: Option<f64>,
    reasons: Vec<String>,
    dates: Vec<Moment>,
    values: Vec<Option<f64>>,
}

fn written(rows: &[One]) -> Bytes {
    let mut writer = TableWriter::new(&LAYOUT);
    for one in rows {
        let row = vec![
            Cell::Text(&one.name),
            one.rank.into(),
            one.wape.into(),
            Cell::Texts(&one.reasons),
            Cell::Dates(&one.dates),
            Cell::Numbers(one.values.clone()),
            Cell::Date(day(0)),
        ];
        writer.push(row).unwrap();
    }
    writer.finish().unwrap().into()
}

fn open(bytes: &Bytes) -> Result<Table, ColumnarError> {
    let size = bytes.len() as u64;
    let part = |range: Range<u64>| {
        bytes.slice(usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap())
    };
    let description = crate::columnar::description(size, &part(crate::columnar::tail(size)))?;
    Table::open(&LAYOUT, size, part(description))
}

/// The rows, and how many bytes were needed for them.
fn read(bytes: &Bytes, columns: &[&str], rows: &[Range<usize>]) -> Result<(Rows, u64), ColumnarError> {
    let table = open(bytes)?;
    let ranges = table.bytes_of(columns, rows)?;
    let needed = ranges.iter().map(|range| range.end - range.start).sum();
    let piece = |range: &Range<u64>| {
        let (from, end) = (usize::try_from(range.start).unwrap(), usize::try_from(range.end).unwrap());
        (range.start, bytes.slice(from..end))
    };
    Ok((table.read(columns, rows, ranges.iter().map(piece).collect())?, needed))
}

fn all_of(rows: &Rows) -> Result<Vec<One>, ColumnarError> {
    let one = |row: Row<'_>| {
        Ok(One {
            name: row.cell("unique_id")?,
            rank: row.cell("rank")?,
            wape: row.cell("wape")?,
            reasons: row.cell("reasons")?,
            dates: row.cell("ds")?,
            values: row.cell("y")?,
        })
    };
    rows.iter().map(one).collect()
}

fn any_row() -> impl Strategy<Value = One> {
    let numbers = proptest::collection::vec(proptest::option::of(-1e300..1e300), 0..6);
    let days = proptest::collection::vec((-700_000..2_900_000).prop_map(day), 0..6);
    let texts = proptest::collection::vec("[^\u{0}]{0,9}", 0..3);
    (
        "[^\u{0}]{0,12}",
        proptest::option::of(0_usize..1 << 32),
        proptest::option::of(-1e300..1e300),
        texts,
        days,
        numbers,
    )
        .prop_map(|(name, rank, wape, reasons, dates, values)| One {
            name,
            rank,
            wape,
            reasons,
            dates,
            values,
        })
}

fn day(day: i32) -> Moment {
    Moment::from_epoch_days(day).unwrap()
}

fn example() -> One {
    One {
        name: "a".to_owned(),
        rank: None,
        wape: Some(0.1),
        reasons: vec!["b".to_owned()],
        dates: vec![day(1)],
        values: vec![None, Some(1.0)],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_rows_that_are_asked_for_come_back(rows in proptest::collection::vec(any_row(), 0..40), cut in 0_usize..40) {
        let bytes = written(&rows);
        let cut = cut.min(rows.len());
        let asked = [0..cut / 3, cut / 2..cut];
        let expected: Vec<One> = asked.iter().flat_map(|range| rows[range.clone()].to_vec()).collect();
        let (found, _) = read(&bytes, &LAYOUT.names(), &asked).unwrap();
        prop_assert_eq!(all_of(&found).unwrap(), expected);
        prop_assert!(read(&bytes, &LAYOUT.names(), slice::from_ref(&(0..rows.len() + 1))).is_err());
    }

    #[test]
    fn no_damage_makes_it_panic(at in 0_usize..8_000, with: u8) {
        let mut bytes = written(&[example(), example()]).to_vec();
        let at = at % bytes.len();
        bytes[at] ^= with;
        let _ = read(&bytes.into(), &LAYOUT.names(), slice::from_ref(&(0..1))).map(|(rows, _)| all_of(&rows));
    }
}

#[test]
fn few_rows_of_many_cost_few_bytes_and_few_columns_fewer() {
    let rows: Vec<One> = (0..60_000)
        .map(|nth| One { name: format!("s{nth}"), wape: Some(f64::from(nth).sin()), ..example() })
        .collect();
    let bytes = written(&rows);
    let some = 31_000..31_003;
    let (found, needed) = read(&bytes, &LAYOUT.names(), slice::from_ref(&some)).unwrap();
    assert_eq!(all_of(&found).unwrap(), rows[some]);
    assert!(needed < bytes.len() as u64 / 2, "{needed} of {}", bytes.len());
    let (names, of_names) = read(&bytes, &["unique_id"], slice::from_ref(&(0..rows.len()))).unwrap();
    assert!(of_names < bytes.len() as u64 / 2, "{of_names} of {}", bytes.len());
    assert!(names.iter().zip(&rows).all(|(row, one)| row.cell::<&str>("unique_id").unwrap() == one.name));
    assert!(names.iter().next().unwrap().cell::<Option<f64>>("wape").is_err());
}

#[test]
fn a_file_of_another_layout_or_of_none_is_refused() {
    let other = Layout { version: "2", ..LAYOUT };
    let bytes: Bytes = TableWriter::new(&other).finish().unwrap().into();
    assert!(open(&bytes).is_err());
    for text in ["", "{}", "{\"series\":\"a\"}\n", "12345678PAR1"] {
        assert!(open(&Bytes::from_static(text.as_bytes())).is_err(), "{text}");
    }
}

#[test]
fn a_row_that_does_not_fit_is_refused() {
    let mut writer = TableWriter::new(&LAYOUT);
    assert!(writer.push(vec![Cell::Text("a")]).is_err());
    let absent = vec![Cell::Absent; LAYOUT.columns.len()];
    assert!(writer.push(absent).is_err());
}

use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use arrow_array::{ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray};
use proptest::prelude::*;

use super::*;
use crate::intake::{Intake, Rhythm, read as read_whole};

/// A row: its series, its day, its value, its price and its colour.
type Row = (String, i32, Option<f64>, Option<f64>, &'static str);

fn parquet(rows: &[Row], dates_are_texts: bool) -> Bytes {
    let days = rows.iter().map(|row| row.1);
    let dates: ArrayRef = if dates_are_texts {
        let text = |day| wire::Moment::from_epoch_days(day).unwrap().to_string();
        Arc::new(StringArray::from_iter_values(days.map(text)))
    } else {
        Arc::new(Date32Array::from_iter_values(days))
    };
    let columns: [(&str, ArrayRef); 5] = [
        ("id", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| &row.0)))),
        ("ds", dates),
        ("y", Arc::new(rows.iter().map(|row| row.2).collect::<Float64Array>())),
        ("price", Arc::new(rows.iter().map(|row| row.3).collect::<Float64Array>())),
        ("colour", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.4)))),
    ];
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap().into()
}

/// What pieces of about so many rows give; none where the rows do not lie so, or the file has to be read as a whole.
fn in_pieces(order: Order, bytes: &Bytes, asked: &Asked, at_once: usize) -> Option<Intake> {
    let columns = Columns { ids: asked.ids.clone(), limits: asked.limits, ..Columns::default() };
    let mut series = Vec::new();
    let facts = Facts::of(crate::intake::Kind::Parquet);
    let read = read_by(order, at_once, (bytes, &columns, &facts), asked, &mut |handed| {
        match handed {
            Handed::Series(one) => series.push(one),
            Handed::Anew => series.clear(),
        }
        Ok::<(), IntakeError>(())
    });
    match read.unwrap() {
        Read::All(report) => Some(Intake { series, report: *report }),
        Read::OutOfOrder | Read::AsAWhole => {
            assert!(series.is_empty(), "what does not count was not taken back");
            None
        }
    }
}

/// With one text for what is missing.
fn shown(intake: &Intake) -> String {
    format!("{intake:#?}")
}

/// Series of so many rows each, every one, every other or every seventh day.
fn series(names: &[String], lengths: &[usize], steps: &[i32], numbers: &[Option<f64>]) -> Vec<Row> {
    let mut numbers = numbers.iter().copied().cycle();
    let mut rows = Vec::new();
    for (at, name) in names.iter().enumerate() {
        for row in 0..lengths[at % lengths.len()] {
            let day = 19_723 + i32::try_from(row).unwrap() * steps[at % steps.len()];
            let colour = ["red", "blue"][at % 2];
            rows.push((name.clone(), day, numbers.next().unwrap(), Some(1.0 + row as f64), colour));
        }
    }
    rows
}

fn names() -> impl Strategy<Value = Vec<String>> {
    let plain = "[a-d]{1,2}_[0-9]";
    let odd = prop_oneof![
        20 => plain.prop_map(String::from),
        1 => "[ a-c/é]{1,3}|Total|2024-01-0[1-9]|[0-9]{1,3}|n/a".prop_map(String::from),
    ];
    proptest::collection::vec(odd, 3..14)
}

fn asked() -> impl Strategy<Value = Asked> {
    let rhythm = prop_oneof![
        3 => Just(None),
        1 => Just(Some(Rhythm::Each)),
        1 => Just(Some(Rhythm::Of(crate::Frequency::DAILY))),
        1 => Just(Some(Rhythm::Of(crate::Frequency::WEEKLY))),
    ];
    (rhythm, any::<bool>(), any::<bool>()).prop_map(|(rhythm, known, past)| Asked {
        rhythm,
        known: if known { vec!["price".to_owned()] } else { Vec::new() },
        past: if past && !known { vec!["price".to_owned()] } else { Vec::new() },
        ..Asked::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever the file: pieces give what the whole gives, or nothing.
    #[test]
    fn pieces_give_what_the_whole_gives(
        (names, asked) in (names(), asked()),
        lengths in proptest::collection::vec(1_usize..12, 1..6),
        steps in proptest::collection::vec(prop_oneof![6 => Just(1), 1 => Just(2), 2 => Just(7), 1 => Just(31)], 1..3),
        numbers in proptest::collection::vec(proptest::option::weighted(0.8, prop_oneof![-9.0..9.0, Just(0.0), Just(1.0)]), 1..30),
        swaps in proptest::collection::vec((0_usize..60, 0_usize..60), 0..3),
        (dates_are_texts, at_once) in (any::<bool>(), 3_usize..20),
    ) {
        let mut rows = series(&names, &lengths, &steps, &numbers);
        for (one, other) in swaps {
            let len = rows.len();
            rows.swap(one % len, other % len);
        }
        let bytes = parquet(&rows, dates_are_texts);
        for order in [Order::BySeries, Order::Any] {
            if let Some(found) = in_pieces(order, &bytes, &asked, at_once) {
                let whole = read_whole(&bytes, &asked).map_err(|error| error.to_string());
                prop_assert_eq!(whole.as_ref().map(shown), Ok(shown(&found)), "{:?}", order);
            }
        }
    }
}

/// `count` weekly series of so many rows.
fn weekly(count: usize, rows: usize) -> Vec<Row> {
    let names: Vec<String> = (0..count).map(|at| format!("s_{at:03}")).collect();
    let mut all = series(&names, &[rows], &[7], &[Some(1.5), Some(2.0), Some(4.0)]);
    all.iter_mut().skip(3).step_by(rows).for_each(|row| row.2 = None);
    all
}

#[test]
fn a_sorted_table_is_read_in_pieces() {
    let priced = Asked { known: vec!["price".to_owned()], ..Asked::default() };
    for asked in [Asked::default(), priced] {
        for dates_are_texts in [false, true] {
            let bytes = parquet(&weekly(40, 9), dates_are_texts);
            for at_once in [20, 33, 100, 180] {
                let found = in_pieces(Order::BySeries, &bytes, &asked, at_once).expect("it is plain");
                assert_eq!(shown(&found), shown(&read_whole(&bytes, &asked).unwrap()), "{at_once}");
            }
            assert_eq!(in_pieces(Order::BySeries, &bytes, &asked, 181), None, "hardly more than one piece");
        }
    }
}

#[test]
fn a_table_in_another_order_is_read_in_pieces_of_its_series() {
    let shuffled = |rows: &mut Vec<Row>| rows.sort_by_key(|row| (row.1 % 5, row.0.clone(), row.1));
    let orders: [fn(&mut Vec<Row>); 3] =
        [|rows| rows.sort_by_key(|row| row.1), |rows| rows.reverse(), |rows| rows.swap(3, 300)];
    for (at, order) in orders.into_iter().chain([shuffled as fn(&mut Vec<Row>)]).enumerate() {
        let mut rows = weekly(40, 9);
        order(&mut rows);
        let bytes = parquet(&rows, false);
        let in_order = in_pieces(Order::BySeries, &bytes, &Asked::default(), 50);
        assert_eq!(in_order.is_some(), at == 1, "only reversed rows of a series follow each other");
        for at_once in [90, 120, 180] {
            let found = in_pieces(Order::Any, &bytes, &Asked::default(), at_once).expect("it is plain");
            assert_eq!(
                shown(&found),
                shown(&read_whole(&bytes, &Asked::default()).unwrap()),
                "{at} {at_once}"
            );
        }
    }
}

#[test]
fn what_shows_only_in_the_whole_is_not_overlooked() {
    let check = |change: fn(&mut Vec<Row>)| {
        let mut rows = weekly(40, 9);
        change(&mut rows);
        for order in [Order::BySeries, Order::Any] {
            assert_eq!(in_pieces(order, &parquet(&rows, false), &Asked::default(), 50), None);
        }
    };
    check(|rows| rows[300..309].iter_mut().for_each(|row| row.0 = "Total".to_owned()));
    check(|rows| rows[300].4 = "");
    check(|rows| rows[300].4 = "2024-01-01");
    check(|rows| rows[300..].iter_mut().for_each(|row| row.1 = 19_723 + (row.1 - 19_723) / 7));
}

#[test]
fn too_many_series_are_refused_as_of_the_whole() {
    let asked = Asked { limits: crate::columnar::Limits { rows: 1000, series: 39 }, ..Asked::default() };
    let mut rows = weekly(40, 9);
    for order in [Order::BySeries, Order::Any] {
        let bytes = parquet(&rows, false);
        assert_eq!(in_pieces(order, &bytes, &asked, 90), None);
        let refused = read_whole(&bytes, &asked).unwrap_err();
        assert!(matches!(refused, IntakeError::TooMany { what: "series", limit: 39 }), "{refused}");
        rows.sort_by_key(|row| row.1);
    }
}

#[test]
fn a_date_without_known_holidays_is_told_of_the_whole() {
    let mut rows = weekly(40, 9);
    let asked = Asked { holidays: Holidays::of_country("DE"), ..Asked::default() };
    assert!(in_pieces(Order::BySeries, &parquet(&rows, false), &asked, 50).is_some());
    rows[300..].iter_mut().for_each(|row| row.1 += 365 * 500);
    assert_eq!(in_pieces(Order::BySeries, &parquet(&rows, false), &asked, 50), None);
}

#[test]
fn a_series_that_cannot_be_used_is_left_out_of_its_piece_with_its_line() {
    let mut rows = weekly(40, 9);
    let twice = rows[300].clone();
    rows.insert(301, twice);
    rows[99..108].iter_mut().for_each(|row| row.0 = "x".repeat(201));
    let bytes = parquet(&rows, false);
    let asked = Asked { ids: vec!["id".to_owned()], ..Asked::default() };
    for order in [Order::BySeries, Order::Any] {
        let found = in_pieces(order, &bytes, &asked, 50).expect("it is plain");
        assert_eq!(found.report.left_out_total, 2);
        let reason = &found.report.left_out[1].reason;
        assert!(reason.contains("lines 301 and 302"), "{reason}");
        assert_eq!(shown(&found), shown(&read_whole(&bytes, &asked).unwrap()));
    }
}

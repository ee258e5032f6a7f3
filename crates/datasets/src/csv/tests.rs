use proptest::prelude::*;

use super::error::Encoding;
use super::*;

fn parse(bytes: &[u8]) -> Result<Vec<DatedSeries>, CsvError> {
    super::parse(bytes, Limits::default())
}

fn series(name: &str, rows: &[(&str, f64)]) -> DatedSeries {
    DatedSeries {
        name: name.to_owned(),
        dates: rows.iter().map(|row| row.0.parse().unwrap()).collect(),
        values: rows.iter().map(|row| row.1).collect(),
    }
}

fn messages(text: &str) -> Vec<String> {
    match parse(text.as_bytes()) {
        Err(CsvError::Lines { problems, .. }) => problems.iter().map(Problem::to_string).collect(),
        other => vec![format!("{other:?}")],
    }
}

#[test]
fn columns_come_in_any_order_and_case_and_rows_in_any_order() {
    let expected = [
        series("a", &[("2024-01-01", 1.5), ("2024-01-02", 2.0)]),
        series("b", &[("2024-01-01", -3.0), ("2024-01-03", 4e2)]),
    ];
    let check = |text: &str| assert_eq!(parse(text.as_bytes()).as_deref(), Ok(&expected[..]), "{text}");
    check("series,date,value\na,2024-01-01,1.5\na,2024-01-02,2\nb,2024-01-01,-3\nb,2024-01-03,4e2\n");
    check(
        "\u{FEFF}Value, DATE ,Series\r\n1.5,2024-01-01,a\r\n-3,2024-01-01,b\r\n2,2024-01-02,a\r\n4e2,2024-01-03,b",
    );
    check("date,series,value\n2024-01-02,a,2\n\n2024-01-01,\"a\", 1.5\n2024-01-03,b,400\n2024-01-01,b,-3.0");
}

#[test]
fn a_file_without_names_is_one_series() {
    let one = parse(b"date,value\n2024-01-02,2\n2024-01-01,1").unwrap();
    assert_eq!(one, [series(ONLY_SERIES, &[("2024-01-01", 1.0), ("2024-01-02", 2.0)])]);
}

#[test]
fn an_empty_value_is_missing() {
    let one = parse(b"date,value\n2024-01-01,\n2024-01-02, \n2024-01-03,7\n").unwrap().remove(0);
    assert_eq!(one.dates.len(), 3);
    assert!(one.values[0].is_nan() && one.values[1].is_nan());
    assert_eq!(one.values[2].to_bits(), 7.0_f64.to_bits());
}

#[test]
fn a_bad_cell_is_named_with_its_line() {
    let check = |rows: &str, expected: &[&str]| {
        assert_eq!(messages(&format!("series,date,value\n{rows}")), expected, "{rows}");
    };
    check("a,2024-01-01,1\na,2024-02-30,1", &["line 3: `2024-02-30` is not a date; write YYYY-MM-DD"]);
    check("a,01/02/2024,1", &["line 2: `01/02/2024` is not a date; write YYYY-MM-DD"]);
    check("a,0000-01-01,1", &["line 2: `0000-01-01` is not a date; write YYYY-MM-DD"]);
    check("a,+024-01-01,1", &["line 2: `+024-01-01` is not a date; write YYYY-MM-DD"]);
    check("a,,1", &["line 2: the date cell is empty"]);
    check(",2024-01-01,1", &["line 2: the series cell is empty"]);
    check("a,2024-01-01,n/a", &["line 2: `n/a` is not a number; leave the cell empty for a missing value"]);
    check(
        "a,2024-01-01,NaN",
        &["line 2: `NaN` is not a finite number; leave the cell empty for a missing value"],
    );
    check(
        "a,2024-01-01,1e999",
        &["line 2: `1e999` is not a finite number; leave the cell empty for a missing value"],
    );
    check("a,2024-01-01", &["line 2: 2 cells, but the header has 3"]);
    check("a,2024-01-01,1,2", &["line 2: 4 cells, but the header has 3"]);
    check("a,2024-01-01,1", &["line 2: series `a` has only this row; a series needs at least two"]);
    check("a,2024-01-01,\na,2024-01-02,", &["line 2: series `a` begins here and has no value at all"]);
}

#[test]
fn a_duplicate_date_names_both_lines() {
    let text = "series,date,value\na,2024-01-03,1\na,2024-01-01,1\nb,2024-01-03,1\n\na,2024-01-03,2\nb,2024-01-04,1\n";
    assert_eq!(messages(text), ["line 6: series `a` has 2024-01-03 on line 2 already; keep one of them"]);
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let text = "date,value\r\n\r\n2024-01-01,1\r\n\r\n\r\n2024-01-02,x\r\n2024-01-03,y";
    let found = messages(text);
    assert!(found[0].starts_with("line 6: `x`") && found[1].starts_with("line 7: `y`"), "{found:?}");
    let quoted = "series,date,value\n\"a\nb\",2024-01-01,1\n\"a\nb\",2024-01-02,x\n";
    assert!(messages(quoted)[0].starts_with("line 4: `x`"));
}

#[test]
fn the_first_twenty_problems_are_told_and_all_are_counted() {
    let rows = |day| format!("2024-01-{day:02},x\n2024-02-{day:02},1\n2024-02-{day:02},1\n");
    let text = "date,value\n".to_owned() + &(1..=28).map(rows).collect::<String>();
    let error = parse(text.as_bytes()).unwrap_err();
    let CsvError::Lines { problems, count } = &error else { panic!("{error}") };
    let lines: Vec<u64> = problems.iter().map(|problem| problem.line).collect();
    let expected: Vec<u64> = (0..10).flat_map(|row| [2 + 3 * row, 4 + 3 * row]).collect();
    assert_eq!((*count, lines), (56, expected));
    assert!(error.to_string().starts_with("56 lines cannot be used; the first: line 2: `x`"));
    assert_eq!(kernel::Fault::fields(&error)[1].field, "line 4");
}

#[test]
fn a_wrong_header_says_which_column() {
    let check = |text: &str, expected: &str| {
        let message = parse(text.as_bytes()).unwrap_err().to_string();
        assert!(message.starts_with(expected), "{message}");
        let field = kernel::Fault::fields(&parse(text.as_bytes()).unwrap_err()).remove(0);
        assert_eq!(format!("{}: {}", field.field, field.message), message, "the line is named once");
    };
    check("date,amount\n2024-01-01,1", "line 1: column 2 is `amount`");
    check("date;value\n2024-01-01;1", "line 1: column 1 is `date;value`");
    check("date,value,\n2024-01-01,1,", "line 1: column 3 is ``");
    check("series,date\na,2024-01-01", "line 1: the column `value` is missing");
    check("series,value\na,1", "line 1: the column `date` is missing");
    check("date,value,Date\n2024-01-01,1,2", "line 1: the column `date` is there more than once");
    check("2024-01-01,1\n2024-01-02,2", "line 1: column 1 is `2024-01-01`");
}

#[test]
fn an_empty_file_a_lone_header_and_another_encoding_are_told_apart() {
    for text in ["", "\u{FEFF}", " \r\n\n"] {
        assert_eq!(parse(text.as_bytes()), Err(CsvError::Empty), "{text:?}");
    }
    assert_eq!(parse(b"date,value\n"), Err(CsvError::NoRows));
    let utf16: Vec<u8> = "date,value".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let looks_like_utf16 = Err(CsvError::Encoding { line: 1, looks_like: Encoding::Utf16 });
    assert_eq!(parse(&utf16), looks_like_utf16);
    assert_eq!(parse(&[&[0xFF, 0xFE], &utf16[..]].concat()), looks_like_utf16);
    let latin = b"series,date,value\na,2024-01-01,1\nM\xFCnchen,2024-01-01,1";
    assert_eq!(parse(latin), Err(CsvError::Encoding { line: 3, looks_like: Encoding::SingleByte }));
}

#[test]
fn too_much_is_refused() {
    let limits = Limits { rows: 7, series: 3 };
    let rows =
        |n: usize| (1..=n).fold("date,value\n".to_owned(), |text, day| format!("{text}2024-01-{day:02},1\n"));
    assert!(super::parse(rows(7).as_bytes(), limits).is_ok());
    assert_eq!(super::parse(rows(8).as_bytes(), limits), Err(CsvError::TooManyRows { limit: 7 }));
    let row = |n| format!("{n},2024-01-01,1\n");
    let many = "series,date,value\n".to_owned() + &(0..=3).map(row).collect::<String>();
    assert_eq!(super::parse(many.as_bytes(), limits), Err(CsvError::TooManySeries { limit: 3 }));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn no_text_that_looks_like_a_table_makes_it_panic(text in "(series,)?date,value\r?\n([ab\"]?,?[0-9\\-]{0,11},?[0-9.eE\\-+na]{0,6}[\r\n]{0,2}){0,30}") {
        if let Ok(found) = parse(text.as_bytes()) {
            for one in found {
                prop_assert!(one.dates.len() >= 2 && one.dates.len() == one.values.len());
                prop_assert!(one.dates.windows(2).all(|pair| pair[0] < pair[1]));
                prop_assert!(one.values.iter().all(|value| !value.is_infinite()));
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back(
        names in proptest::collection::btree_set("[a-z][a-z ,\"\n;é]{0,5}x", 1..4),
        values in proptest::collection::vec(proptest::option::of(-1e12..1e12_f64), 2..30),
        rotate in 0_usize..30,
    ) {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(["value", "series", "date"]).unwrap();
        let first = chrono::NaiveDate::from_ymd_opt(2023, 12, 20).unwrap();
        let mut rows: Vec<_> = names.iter().flat_map(|name| {
            let cell = |value: &Option<f64>| value.map_or(String::new(), |value| value.to_string());
            first.iter_days().zip(&values).map(move |(date, value)| [cell(value), name.clone(), date.to_string()])
        }).collect();
        rows.rotate_left(rotate % values.len());
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let read = parse(&writer.into_inner().unwrap());
        if values.iter().all(Option::is_none) {
            prop_assert!(read.is_err());
        } else {
            for one in read.unwrap() {
                prop_assert!(names.iter().any(|name| name.trim() == one.name));
                let found: Vec<_> = one.values.iter().map(|value| value.to_bits()).collect();
                let wanted: Vec<_> = values.iter().map(|value| value.unwrap_or(f64::NAN).to_bits()).collect();
                prop_assert_eq!(found, wanted);
            }
        }
    }
}

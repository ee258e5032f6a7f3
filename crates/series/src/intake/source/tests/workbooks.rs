//! Excel workbooks.

use chrono::NaiveDate;
use kernel::Fault;
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

use super::*;

fn sheet(name: &str, fill: impl FnOnce(&mut Worksheet)) -> Worksheet {
    let mut sheet = Worksheet::new();
    sheet.set_name(name).unwrap();
    fill(&mut sheet);
    sheet
}

fn book(sheets: Vec<Worksheet>) -> Vec<u8> {
    let mut book = Workbook::new();
    for sheet in sheets {
        book.push_worksheet(sheet);
    }
    book.save_to_buffer().unwrap()
}

/// A sheet of texts with `|` between them, of which those that are numbers are numbers.
fn texts(name: &str, rows: &[&str]) -> Worksheet {
    sheet(name, |sheet| {
        for (row, text) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(text.split('|')) {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write_number(row, column, number).unwrap(),
                    Err(_) if cell.is_empty() => continue,
                    Err(_) => sheet.write_string(row, column, cell).unwrap(),
                };
            }
        }
    })
}

fn plain(bytes: &[u8]) -> (Table, Facts) {
    read(bytes, &Stated::default()).unwrap_or_else(|error| panic!("{}", kernel::error_chain(&error)))
}

fn of_sheet(bytes: &[u8], name: &str) -> Result<(Table, Facts), SourceError> {
    read(bytes, &Stated { sheet: Some(name.to_owned()), ..Stated::default() })
}

fn words(table: &Table, column: usize) -> Vec<Word> {
    let Cells::Words { words, of_row } = &table.columns[column].cells else { panic!("a column of words") };
    of_row.iter().map(|&word| words[word as usize].clone()).collect()
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, day).unwrap()
}

#[test]
fn cells_keep_what_they_are() {
    let dated = Format::new().set_num_format("yyyy-mm-dd");
    let bytes = book(vec![sheet("Sales", |sheet| {
        for (column, name) in (0..).zip(["id", "date", "value", "flag", "error"]) {
            sheet.write_string(0, column, name).unwrap();
        }
        for row in 1..=2 {
            sheet.write_string(row, 0, " 007 ").unwrap();
            sheet.write_datetime_with_format(row, 1, day(row), &dated).unwrap();
            sheet.write_number(row, 2, f64::from(row) + 0.5).unwrap();
            sheet.write_boolean(row, 3, row == 1).unwrap();
            sheet.write_formula(row, 4, Formula::new("=NA()").set_result("#N/A")).unwrap();
        }
    })]);
    let (table, facts) = plain(&bytes);
    assert_eq!(words(&table, 0), [Word::Text("007".into()), Word::Text("007".into())]);
    let midnight = |date: NaiveDate| Word::Moment(date.and_hms_opt(0, 0, 0).unwrap());
    assert_eq!(words(&table, 1), [midnight(day(1)), midnight(day(2))]);
    assert_eq!(words(&table, 2), [Word::Number(1.5), Word::Number(2.5)]);
    assert_eq!(words(&table, 3), [Word::Number(1.0), Word::Number(0.0)]);
    assert_eq!(words(&table, 4), [Word::Text("#N/A".into()), Word::Text("#N/A".into())]);
    assert_eq!((facts.kind, facts.sheet.as_deref(), facts.header_line), (Kind::Xlsx, Some("Sales"), Some(1)));
    assert_eq!((facts.encoding, facts.separator, &facts.packed), (None, None, &None));
}

#[test]
fn titles_blank_rows_and_blank_columns_are_skipped() {
    let bytes = book(vec![texts(
        "a",
        &["", "|Report", "", "|month|units||", "|2024-01|5", "||", "|2024-02|6", "|2024-03|6||x"],
    )]);
    let (table, facts) = plain(&bytes);
    let (names, rows) = shown(&table);
    assert_eq!(names, ["month", "units", "column 5"]);
    assert_eq!(rows[0], ["2024-01", "5", ""]);
    assert_eq!(rows[2], ["2024-03", "6", "x"]);
    assert_eq!((facts.header_line, facts.title_lines), (Some(4), 1));
    assert_eq!([0, 1, 2].map(|row| table.lines.of(row)), [5, 7, 8]);
}

#[test]
fn dates_over_columns_are_names() {
    let dated = Format::new().set_num_format("mmm yy");
    let bytes = book(vec![sheet("wide", |sheet| {
        sheet.write_string(0, 0, "store").unwrap();
        for column in 1..=3 {
            sheet.write_datetime_with_format(0, column, day(column.into()), &dated).unwrap();
            sheet.write_number(1, column, 5).unwrap();
            sheet.write_number(2, column, 6).unwrap();
        }
        sheet.write_string(1, 0, "A").unwrap();
        sheet.write_string(2, 0, "B").unwrap();
    })]);
    assert_eq!(shown(&plain(&bytes).0).0, ["store", "2024-01-01", "2024-01-02", "2024-01-03"]);
}

#[test]
fn the_first_sheet_with_a_table_is_read_or_the_one_that_is_named() {
    let table = ["date|value", "2024-01-01|5"];
    let mut hidden = texts("Old", &table);
    hidden.set_hidden(true);
    let notes = texts("Notes", &["Made by hand", "Do not change"]);
    let bytes = book(vec![
        notes,
        texts("One", &table),
        hidden,
        texts("Two", &["a|b|c", "x|y|1"]),
        texts("Empty", &[]),
    ]);
    let (_, facts) = plain(&bytes);
    assert_eq!((facts.sheet.as_deref(), &facts.other_sheets[..]), (Some("One"), &["Two".to_owned()][..]));
    let (table, facts) = of_sheet(&bytes, " two").unwrap();
    assert_eq!(
        (shown(&table).0.len(), facts.sheet.as_deref(), &facts.other_sheets[..]),
        (3, Some("Two"), &["One".to_owned()][..])
    );
    assert_eq!(of_sheet(&bytes, "old").unwrap().1.sheet.as_deref(), Some("Old"));
    // A summary that stands first is no table of series; of two sheets with series nobody knows which is meant.
    let table = |name| texts(name, &["date|value", "2024-01-01|5", "2024-01-02|6"]);
    let summary = || texts("Summary", &["Region|Share", "North|5", "South|6"]);
    let chosen = |sheets| crate::intake::read(&book(sheets).into(), &crate::intake::Asked::default());
    let intake = chosen(vec![summary(), table("Data")]).unwrap();
    assert!(intake.report.notes.iter().any(|note| note.contains("The sheet `Data` was read; not `Summary`")));
    let error = chosen(vec![table("One"), summary(), table("Two")]).unwrap_err();
    assert_eq!(error.to_string(), "2 sheets hold series: `One`, `Two`; say which");
    assert_eq!(error.fields()[0].field, "sheet");
    let error = of_sheet(&bytes, "Three").unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no sheet `Three`; the sheets are `Notes`, `One`, `Old`, `Two`, `Empty`"
    );
    assert_eq!((error.code(), error.fields()[0].field.as_str()), ("TABLE_UNKNOWN_SHEET", "sheet"));
    assert_eq!(of_sheet(&bytes, "Empty").unwrap_err().code(), "TABLE_EMPTY");
    let nothing = book(vec![texts("Only", &["a title"])]);
    assert_eq!(
        read(&nothing, &Stated::default()).unwrap_err().to_string(),
        "no sheet holds a table; the sheets are `Only`"
    );
    let separator = Stated { separator: Some(b';'), ..Stated::default() };
    assert_eq!(
        read(&bytes, &separator).unwrap_err().to_string(),
        "separator is for CSV text, and this is an Excel workbook"
    );
}

/// The files of a workbook.
fn files(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let places = 0..archive.len();
    let file = |at| {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    places.map(file).collect()
}

fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])).collect();
    super::packed::zip(&files)
}

/// As a program writes it that cannot calculate.
fn without_results(bytes: &[u8], result: &str) -> Vec<u8> {
    let mut files = files(bytes);
    for (_, bytes) in &mut files {
        *bytes = String::from_utf8(bytes.clone()).unwrap().replace(result, "").into_bytes();
    }
    packed(&files)
}

#[test]
fn a_sheet_that_cannot_be_read_does_not_keep_another() {
    let table = ["date|value", "2024-01-01|5"];
    let mut files = files(&book(vec![texts("Broken", &table), texts("Sound", &table)]));
    let broken = files.iter_mut().find(|file| file.0.ends_with("sheet1.xml")).unwrap();
    broken.1.truncate(broken.1.len() / 2);
    let bytes = packed(&files);
    assert_eq!(plain(&bytes).1.sheet.as_deref(), Some("Sound"));
    assert_eq!(of_sheet(&bytes, "Broken").unwrap_err().code(), "TABLE_UNREADABLE");
}

#[test]
fn formulas_have_their_results_or_are_named() {
    let with = |rows: &[&str]| {
        let mut sheet = texts("a", rows);
        sheet.write_string(0, 1, "value").unwrap();
        for row in 1..=2 {
            sheet.write_formula(row, 1, Formula::new("=2+3").set_result("5")).unwrap();
        }
        book(vec![sheet])
    };
    let bytes = with(&["date", "2024-01-01", "2024-01-02"]);
    let (table, facts) = plain(&bytes);
    assert_eq!(
        (words(&table, 1), facts.without_results.len()),
        (vec![Word::Number(5.0), Word::Number(5.0)], 0)
    );
    let (_, facts) = plain(&without_results(&bytes, "<v>5</v>"));
    assert_eq!(facts.without_results, ["value"]);
    // What another sheet lacks is not said of this one.
    let other = files(&without_results(&bytes, "<v>5</v>"));
    let other = &other.iter().find(|file| file.0.ends_with("sheet1.xml")).unwrap().1;
    let mut files = files(&book(vec![texts("a", &["x|y", "1|5"]), texts("b", &["date|value|note", "p||q"])]));
    let first = files.iter_mut().find(|file| file.0.ends_with("sheet1.xml")).unwrap();
    first.1.clone_from(other);
    assert!(of_sheet(&packed(&files), "b").unwrap().1.without_results.is_empty());
    let error = of_sheet(&without_results(&with(&["date"]), "<v>5</v>"), "a").unwrap_err();
    assert_eq!((error.code(), error.fields()[0].field.as_str()), ("TABLE_WITHOUT_RESULTS", "value"));
}

#[test]
fn too_much_is_refused() {
    let bytes = book(vec![texts("a", &["a|b|c", "x|1|2", "y|1|2", "z|1|2"])]);
    let check = |limits: Limits, code: &str| {
        let result = read(&bytes, &Stated { limits, ..Stated::default() });
        assert_eq!(result.map_or_else(|error| error.code(), |_| "read"), code);
    };
    let limits = Limits { rows: 3, columns: 3, cells: 9, ..Limits::default() };
    check(limits, "read");
    check(Limits { rows: 2, ..limits }, "TABLE_TOO_MANY_ROWS");
    check(Limits { columns: 2, ..limits }, "TABLE_TOO_MANY_COLUMNS");
    check(Limits { cells: 8, ..limits }, "TABLE_TOO_MANY_CELLS");
    check(Limits { unpacked: 1000, ..limits }, "TABLE_TOO_LARGE");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read_back(
        rows in prop::collection::vec(prop::collection::vec("[a-zé,;\"<&]{1,6}|-?[0-9]{1,5}(\\.[0-9]{1,3})?|", 3), 1..300),
    ) {
        prop_assume!(rows.iter().any(|row| row.iter().any(|cell| !cell.is_empty())));
        let lines: Vec<String> = std::iter::once("first|second|third".to_owned()).chain(rows.iter().map(|row| row.join("|"))).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        // A sheet with one cell below its header holds no table by itself.
        let (table, _) = of_sheet(&book(vec![texts("a", &lines)]), "a").unwrap();
        let (names, found) = shown(&table);
        prop_assert_eq!(names, ["first", "second", "third"]);
        let as_number = |cell: &String| cell.parse::<f64>().map_or_else(|_| cell.clone(), |number| number.to_string());
        let full = rows.iter().filter(|row| row.iter().any(|cell| !cell.is_empty()));
        let wanted: Vec<Vec<String>> = full.map(|row| row.iter().map(as_number).collect()).collect();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn no_change_of_a_workbook_makes_it_panic(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = book(vec![texts("a", &["date|value", "2024-01-01|5", "2024-01-02|6"])]);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = tables(&Bytes::from(bytes.clone()), &Stated::default());
        bytes.truncate(cut.index(bytes.len()));
        let _ = tables(&Bytes::from(bytes), &Stated::default());
    }

    #[test]
    fn no_change_inside_a_workbook_makes_it_panic(
        file in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..3),
    ) {
        let mut files = files(&book(vec![texts("a", &["date|value", "2024-01-01|5", "2024-01-02|6"])]));
        let file = file.index(files.len());
        for (at, byte) in changes {
            let bytes = &mut files[file].1;
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = tables(&Bytes::from(packed(&files)), &Stated::default());
    }
}

//! Texts in every dialect.

use kernel::Fault;
use proptest::prelude::*;

use super::*;

fn plain(text: &str) -> (Table, Facts) {
    read(text.as_bytes(), &Stated::default()).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn refusal(text: &str) -> SourceError {
    read(text.as_bytes(), &Stated::default()).expect_err(text)
}

#[test]
fn a_text_gives_its_table() {
    let check = |text: &str, names: &[&str], rows: &[&[&str]]| {
        let (found_names, found_rows) = shown(&plain(text).0);
        assert_eq!(
            (found_names, found_rows),
            (
                names.iter().map(|&name| name.into()).collect(),
                rows.iter().map(|row| row.iter().map(|&cell| cell.into()).collect()).collect()
            ),
            "{text:?}"
        );
    };
    let row: &[&str] = &["2024-01-01", "5"];
    check("date,value\n2024-01-01,5\n", &["date", "value"], &[row]);
    check("\u{FEFF}date;value\r\n2024-01-01;5", &["date", "value"], &[row]);
    check("sep=;\ndate;value\n2024-01-01;5", &["date", "value"], &[row]);
    check("Sales;;\n2024;;\ndate;value;\n2024-01-01;5;\n;;\n", &["date", "value"], &[row]);
    check(
        "date,value,\n2024-01-01,5,\n2024-01-02,6,x",
        &["date", "value", "column 3"],
        &[&["2024-01-01", "5", ""], &["2024-01-02", "6", "x"]],
    );
    check(",date,value\n0,2024-01-01,5\n", &["column 1", "date", "value"], &[&["0", "2024-01-01", "5"]]);
    check("2024-01-01,5\n2024-01-02,6\n", &["column 1", "column 2"], &[row, &["2024-01-02", "6"]]);
    check("date,value,note\n2024-01-01,5\n", &["date", "value", "note"], &[&["2024-01-01", "5", ""]]);
    check("date,value\n2024-01-01,5,,\n", &["date", "value"], &[row]);
    check("value\n5\n\n7\n", &["value"], &[&["5"], &["7"]]);
}

#[test]
fn what_was_found_out_is_said() {
    let (table, facts) = plain("Sales\n\ndate;value;value\n2024-01-01;5;1\n;;\n2024-01-02;6\n");
    assert_eq!((facts.kind, facts.encoding, facts.separator), (Kind::Text, Some(Encoding::Utf8), Some(b';')));
    assert_eq!(
        (facts.header_line, facts.title_lines, facts.empty_rows, facts.short_rows),
        (Some(3), 1, 1, 1)
    );
    assert_eq!(facts.renamed, [Renamed { from: "value".into(), to: "value (2)".into() }]);
    assert_eq!([table.lines.of(0), table.lines.of(1)], [4, 6]);
    let (table, facts) = plain("1\n2\n");
    assert_eq!((facts.separator, facts.header_line, table.lines.of(0)), (None, None, 1));
}

#[test]
fn lines_are_those_an_editor_shows() {
    for end in ["\n", "\r\n", "\r"] {
        let text = "name,date,value\n\"a\nb\",2024-01-01,5\n\n\"c\",2024-01-02,6\nd,2024-01-03,7\n"
            .replace('\n', end);
        let (table, _) = plain(&text);
        assert_eq!([0, 1, 2].map(|row| table.lines.of(row)), [2, 5, 6], "{end:?}");
    }
}

#[test]
fn a_text_that_gives_no_table_says_why_and_where() {
    let check = |text: &str, code: &str, message: &str| {
        let error = refusal(text);
        assert_eq!(error.code(), code, "{text:?}");
        assert!(error.to_string().starts_with(message), "{error}");
    };
    check("", "TABLE_EMPTY", "the file is empty");
    check("\u{FEFF} \r\n", "TABLE_EMPTY", "the file is empty");
    check("date,value\n", "TABLE_EMPTY", "there are no rows below the header on line 1");
    check(
        "date,value\n2024-01-01,\"5\n",
        "TABLE_UNCLOSED_QUOTE",
        "the quote that opens on line 2 is never closed",
    );
    check("date,value\n2024-01-01,5,6\n", "TABLE_RAGGED", "line 2: 3 cells, but the table has 2 columns");
    check(
        "date,value\n2024-01-01,\0\nsome more text so that it is no UTF-16",
        "TABLE_NOT_TEXT",
        "line 2 has a NUL",
    );
    check("%PDF-1.7\n", "TABLE_FOREIGN", "this is a PDF document, which is not read; save the table as CSV");
}

#[test]
fn the_first_twenty_ragged_lines_are_told_and_all_are_counted() {
    let rows: Vec<String> =
        (1..=25).map(|day| format!("2024-01-{day:02},5,6\n2024-02-{day:02},5\n")).collect();
    let error = refusal(&format!("date,value\n{}", rows.concat()));
    assert!(
        error
            .to_string()
            .starts_with("25 lines have cells beyond the last column; the first: line 2: 3 cells")
    );
    let fields = error.fields();
    assert_eq!((fields.len(), fields[19].field.as_str()), (20, "line 40"));
}

#[test]
fn what_is_stated_is_not_guessed() {
    let stated = |separator| Stated { separator: Some(separator), ..Stated::default() };
    let (names, _) = shown(&read(b"a;b,c\n1;2,3\n", &stated(b',')).unwrap().0);
    assert_eq!(names, ["a;b", "c"]);
    let (names, _) = shown(&read(b"a:b\nx:2\n", &stated(b':')).unwrap().0);
    assert_eq!(names, ["a", "b"]);
    assert_eq!(read(b"a,b\n1,2\n", &stated(b'"')).unwrap_err().code(), "TABLE_BAD_SEPARATOR");
    let sheet = Stated { sheet: Some("one".into()), ..Stated::default() };
    let error = read(b"a,b\n1,2\n", &sheet).unwrap_err();
    assert_eq!((error.code(), error.fields()[0].field.as_str()), ("TABLE_NOT_STATABLE", "sheet"));
    let error = tables(&Bytes::from_static(b"PAR1"), &stated(b';')).unwrap_err();
    assert_eq!(error.to_string(), "separator is for CSV text, and this is Parquet");
}

#[test]
fn too_much_is_refused() {
    let check = |text: &str, limits: Limits, code: &str| {
        let result = read(text.as_bytes(), &Stated { limits, ..Stated::default() });
        assert_eq!(result.map_or_else(|error| error.code(), |_| "read"), code, "{text:?}");
    };
    let limits = Limits { rows: 2, columns: 3, cells: 5, ..Limits::default() };
    check("a,b\nx,1\ny,2\n", limits, "read");
    check("a,b\nx,1\ny,2\nz,3\n", limits, "TABLE_TOO_MANY_ROWS");
    check("a,b,c,d\nx,1,2,3\n", limits, "TABLE_TOO_MANY_COLUMNS");
    check("a,b,c\nx,1,2\ny,1,2\n", limits, "TABLE_TOO_MANY_CELLS");
}

#[test]
fn the_files_on_which_users_stumbled_are_read() {
    let check = |text: &str, names: &[&str], rows: usize| {
        let (table, _) = plain(text);
        assert_eq!(
            (shown(&table).0, table.rows),
            (names.iter().map(|&name| name.to_owned()).collect(), rows)
        );
    };
    check("Month,#Passengers\n1949-01,112\n1949-02,118\n", &["Month", "#Passengers"], 2);
    check("series;date;value\na;2024-01-01;1,5\na;2024-01-02;2,0\n", &["series", "date", "value"], 2);
    check("date,value\n2024-01-01,1\n2024-01-02,#N/A\n,\n,\n", &["date", "value"], 2);
    check("date,Store A,Store B\n01/01/2024,1,2\n13/01/2024,1,2\n", &["date", "Store A", "Store B"], 2);
    check("Country Name,2019,2020\nA,5,6\nB,7,8\n", &["Country Name", "2019", "2020"], 2);
}

/// How a table is written.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is drawn by itself")]
struct Dialect {
    separator: u8,
    is_stated: bool,
    quotes_all: bool,
    end: &'static str,
    ends_last: bool,
    encoding: u8,
    has_mark: bool,
}

fn dialect() -> impl Strategy<Value = Dialect> {
    let separator = prop::sample::select(vec![b',', b';', b'\t', b'|']);
    let end = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (separator, any::<(bool, bool, bool, bool)>(), end, 0..4_u8).prop_map(
        |(separator, (is_stated, quotes_all, ends_last, has_mark), end, encoding)| Dialect {
            separator,
            is_stated,
            quotes_all,
            end,
            ends_last,
            encoding,
            has_mark,
        },
    )
}

impl Dialect {
    fn write(&self, rows: &[Vec<String>]) -> Vec<u8> {
        let special = [',', ';', '\t', '|', '"', '\n', '\r'];
        let cell = |cell: &String| {
            let is_quoted = self.quotes_all || cell.contains(special);
            if is_quoted { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
        };
        let separator = char::from(self.separator).to_string();
        let lines: Vec<String> =
            rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(&separator)).collect();
        let text = lines.join(self.end) + if self.ends_last { self.end } else { "" };
        let marked = |is_marked: bool| if is_marked { format!("\u{FEFF}{text}") } else { text.clone() };
        match self.encoding {
            0 => marked(self.has_mark).into_bytes(),
            1 => marked(true).encode_utf16().flat_map(u16::to_le_bytes).collect(),
            2 => marked(true).encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_in_any_dialect_is_read_back(
        dialect in dialect(),
        names in prop::collection::btree_set("[a-z][a-zéß ,;|\"\n€]{0,6}[a-z]", 2..6),
        cells in prop::collection::vec(prop::collection::vec("([a-zéß€,;|\"][a-zéß ,;|\"\n\t€]{0,6})?[a-zéß€,;|\"]|-?[0-9]{1,3}(\\.[0-9])?|", 5), 1..20),
    ) {
        let names: Vec<String> = names.into_iter().collect();
        let width = names.len();
        let rows: Vec<Vec<String>> = cells.into_iter().map(|row| row[..width].to_vec()).collect();
        prop_assume!(rows.iter().any(|row| row.iter().any(|cell| !cell.is_empty())));
        let mut written = vec![names.clone()];
        written.extend(rows.iter().cloned());
        let bytes = dialect.write(&written);
        let stated = Stated {
            separator: dialect.is_stated.then_some(dialect.separator),
            // Letters at random are no words of the west of Europe, and would be asked about.
            encoding: (dialect.encoding == 3).then_some(Encoding::Windows1252),
            ..Stated::default()
        };
        let (table, facts) = read(&bytes, &stated).unwrap();
        let (found_names, found_rows) = shown(&table);
        let joined = |name: &String| name.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(found_names, names.iter().map(joined).collect::<Vec<_>>());
        let full = |row: &&Vec<String>| row.iter().any(|cell| !cell.is_empty());
        prop_assert_eq!(found_rows, rows.iter().filter(full).cloned().collect::<Vec<_>>());
        prop_assert_eq!(facts.separator, Some(dialect.separator));
    }

    #[test]
    fn what_the_csv_crate_reads_is_read_alike(text in "[ab,\"\n]{0,40}") {
        let mut reader = ::csv::ReaderBuilder::new().flexible(true).has_headers(false).trim(::csv::Trim::All).from_reader(text.as_bytes());
        let expected: Vec<Vec<String>> = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        let expected: Vec<Vec<String>> = expected.into_iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
        if let Ok(found) = super::super::delimited::records(&text, b',') {
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = tables(&Bytes::from(bytes), &Stated::default());
    }

    #[test]
    fn no_text_makes_it_panic(text in "(sep=;\n)?([a-z0-9\\-]{0,9}[,;\t|\"\r\n ]{0,2}){0,60}") {
        if let Ok(Source::Table(table, _)) = tables(&Bytes::from(text), &Stated::default()) {
            prop_assert!(table.rows > 0);
            for column in &table.columns {
                let Cells::Words { words, of_row } = &column.cells else { panic!("a column of words") };
                prop_assert_eq!(of_row.len(), table.rows);
                prop_assert!(of_row.iter().all(|&word| (word as usize) < words.len()));
            }
        }
    }
}

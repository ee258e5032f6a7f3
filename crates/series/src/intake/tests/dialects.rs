//! A random table, written in a random dialect, is read back as the same table, or asked about by the names of options with
//! which it is.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use kernel::Fault;
use rust_xlsxwriter::{Format, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

#[path = "dialects/typed.rs"]
mod typed;

/// Values of each series by date; cents, so that every dialect writes them exactly.
type Truth = BTreeMap<String, BTreeMap<NaiveDate, i64>>;

#[derive(Debug, Clone)]
struct Case {
    names: Vec<String>,
    /// One column of values per name.
    columns: Vec<Vec<Option<i64>>>,
    dates: Vec<NaiveDate>,
    frequency: Frequency,
    layout: Lies,
    text: Dialect,
    file: File,
    has_more: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lies {
    Long,
    Columns,
    Rows,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum File {
    Plain,
    Gzip,
    Zip,
    Xlsx,
    Parquet,
    Arrow,
    Stream,
    Tsf,
}

impl File {
    const fn has_types(self) -> bool {
        matches!(self, Self::Parquet | Self::Arrow | Self::Stream)
    }
}

#[derive(Debug, Clone)]
struct Dialect {
    separator: char,
    mark: char,
    thousands: Option<char>,
    decimals: usize,
    /// As a form of dates is called, and as it is written.
    form: (&'static str, &'static str),
    quotes_all: bool,
    titles: usize,
    has_totals: bool,
    blank_every: Option<usize>,
    end: &'static str,
    encoding: &'static str,
}

const DAYS: [(&str, &str); 10] = [
    ("YYYY-MM-DD", "%Y-%m-%d"),
    ("YYYY-MM-DD", "%Y/%m/%d"),
    ("YYYY-MM-DD", "%Y-%m-%d 00:00:00"),
    ("YYYY-MM-DD", "%Y-%m-%dT00:00:00Z"),
    ("DD/MM/YYYY", "%d.%m.%Y"),
    ("DD/MM/YYYY", "%d/%m/%Y"),
    ("MM/DD/YYYY", "%m/%d/%Y"),
    ("YYYYMMDD", "%Y%m%d"),
    ("DD Mon YYYY", "%d %b %Y"),
    ("DD/MM/YYYY", "%d/%m/%y"),
];
const MONTHS: [(&str, &str); 4] =
    [("YYYY-MM", "%Y-%m"), ("MM/YYYY", "%m/%Y"), ("Mon YYYY", "%b %Y"), ("Mon YYYY", "%B-%y")];

fn dialect() -> impl Strategy<Value = Dialect> {
    let marks = (
        prop::sample::select(vec![',', ';', '\t', '|']),
        prop::sample::select(vec!['.', ',']),
        prop::sample::select(vec![None, None, Some(' '), Some('\''), Some('x')]),
        prop::sample::select(vec![0_usize, 2, 3]),
        prop::sample::select([DAYS.as_slice(), MONTHS.as_slice()].concat()),
    );
    let shape = (
        any::<bool>(),
        0_usize..3,
        any::<bool>(),
        prop::option::of(2_usize..6),
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        prop::sample::select(vec!["utf8", "mark", "utf16le", "utf16be"]),
    );
    (marks, shape).prop_map(
        |(
            (separator, mark, thousands, decimals, form),
            (quotes_all, titles, has_totals, blank_every, end, encoding),
        )| {
            // A decimal comma between commas is quoted, and is not told from one of thousands there.
            let mark = if separator == ',' { '.' } else { mark };
            // An `x` stands for the mark that is not the one of decimals.
            let thousands = thousands.map(|c| if c == 'x' { if mark == '.' { ',' } else { '.' } } else { c });
            Dialect {
                separator,
                mark,
                thousands,
                decimals,
                form,
                quotes_all,
                titles,
                has_totals,
                blank_every,
                end,
                encoding,
            }
        },
    )
}

fn case() -> impl Strategy<Value = Case> {
    let name = "[a-zA-ZäßЖ中][a-zA-Z0-9äßЖ中\"',;|. \n/\\\\-]{0,8}[a-zA-Z0-9ä\"]";
    let value = prop::option::weighted(0.9, prop_oneof![-99_i64..999, -9_999_999_i64..99_999_999]);
    let table = (
        prop::collection::btree_set(name, 1..4),
        prop::collection::vec(prop::collection::vec(value, 4..30), 3),
        10_000_i32..22_000,
    );
    let layout = prop::sample::select(vec![Lies::Long, Lies::Columns, Lies::Rows]);
    let file = prop::sample::select(vec![
        File::Plain,
        File::Plain,
        File::Gzip,
        File::Zip,
        File::Xlsx,
        File::Parquet,
        File::Arrow,
        File::Stream,
        File::Tsf,
    ]);
    (table, dialect(), layout, file, any::<bool>()).prop_map(
        |((names, columns, start), text, layout, file, has_more)| {
            let is_monthly = MONTHS.contains(&text.form);
            let frequency = if is_monthly { Frequency::MONTHLY } else { Frequency::DAILY };
            let rows = columns.iter().map(Vec::len).min().unwrap();
            let first = NaiveDate::from_epoch_days(start).unwrap();
            let first = if is_monthly { chrono::Datelike::with_day(&first, 1).unwrap() } else { first };
            let dates = (0..rows)
                .map(|step| frequency.advance(first.into(), chrono::Datelike::day(&first), step).date())
                .collect();
            let names: Vec<String> = distinct(names).into_iter().map(|name| writable(name, file)).collect();
            let columns =
                columns.into_iter().take(names.len()).map(|column| column[..rows].to_vec()).collect();
            // A list of values a series is neither long nor wide.
            let layout = if file == File::Tsf { Lies::Long } else { layout };
            Case { names, columns, dates, frequency, layout, text, file, has_more }
        },
    )
}

/// As they are compared: white space is one space in a name of a header, and sums are not called by their names.
fn distinct(names: BTreeSet<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let is_new = |name: &String| {
        seen.insert(name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase())
            && !totals::is_total(name)
            && !table::Word::Text(name.clone()).is_missing()
    };
    names.into_iter().filter(is_new).collect()
}

/// A line of a list ends where its name does.
fn writable(name: String, file: File) -> String {
    if file == File::Tsf { name.replace('\n', " ") } else { name }
}

impl Case {
    fn truth(&self) -> Truth {
        let one = |(name, column): (&String, &Vec<Option<i64>>)| {
            // The header of a text is written over lines as often as not.
            let name = if self.layout == Lies::Columns && !self.file.has_types() {
                name.split_whitespace().collect::<Vec<_>>().join(" ")
            } else {
                name.clone()
            };
            let dated = self.dates.iter().zip(column);
            (name, dated.filter_map(|(date, value)| Some((*date, (*value)?))).collect())
        };
        self.names.iter().zip(&self.columns).map(one).collect()
    }

    /// All cells, the header first, and the rows of a total.
    fn cells(&self) -> Vec<Vec<Cell>> {
        let text = |text: &str| Cell::Text(text.to_owned());
        let date = |at: usize| Cell::Date(self.dates[at]);
        let value = |series: usize, at: usize| self.columns[series][at].map_or_else(|| text(""), Cell::Value);
        let sum = |series: &mut dyn Iterator<Item = Option<i64>>| Cell::Value(series.flatten().sum());
        let mut rows = Vec::new();
        let series = 0..self.names.len();
        let has_total = self.text.has_totals && self.names.len() > 2;
        match self.layout {
            Lies::Long => {
                let more: &[&str] = if self.has_more { &["note", "price"] } else { &[] };
                rows.push(["series", "date", "value"].iter().chain(more).map(|name| text(name)).collect());
                for (at, one) in (0..self.dates.len()).flat_map(|at| series.clone().map(move |one| (at, one)))
                {
                    let mut row = vec![text(&self.names[one]), date(at), value(one, at)];
                    if self.has_more {
                        row.extend([
                            text(["", "as ever", "new, and \"good\""][at % 3]),
                            Cell::Value(950 + i64::try_from(at).unwrap()),
                        ]);
                    }
                    rows.push(row);
                }
            }
            Lies::Columns => {
                let names = self.names.iter().map(|name| text(name));
                let total = has_total.then(|| text("Total"));
                rows.push(std::iter::once(text("date")).chain(names).chain(total).collect());
                for at in 0..self.dates.len() {
                    let own = series.clone().map(|one| value(one, at));
                    let total = has_total.then(|| sum(&mut self.columns.iter().map(|column| column[at])));
                    rows.push(std::iter::once(date(at)).chain(own).chain(total).collect());
                }
                if self.text.has_totals {
                    let own = self.columns.iter().map(|column| sum(&mut column.iter().copied()));
                    let total = has_total.then(|| sum(&mut self.columns.iter().flatten().copied()));
                    rows.push(std::iter::once(text("Total")).chain(own).chain(total).collect());
                }
            }
            Lies::Rows => {
                let dates = (0..self.dates.len()).map(date);
                rows.push(std::iter::once(text("series")).chain(dates).collect());
                for one in series {
                    let own = (0..self.dates.len()).map(|at| value(one, at));
                    rows.push(std::iter::once(text(&self.names[one])).chain(own).collect());
                }
                if has_total {
                    let own = (0..self.dates.len())
                        .map(|at| sum(&mut self.columns.iter().map(|column| column[at])));
                    rows.push(std::iter::once(text("Total")).chain(own).collect());
                }
            }
        }
        rows
    }

    fn bytes(&self) -> Vec<u8> {
        match self.file {
            File::Plain => self.text.bytes(&self.cells()),
            File::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(&self.text.bytes(&self.cells())).unwrap();
                encoder.finish().unwrap()
            }
            File::Zip => {
                let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
                writer.start_file("sales.csv", SimpleFileOptions::default()).unwrap();
                writer.write_all(&self.text.bytes(&self.cells())).unwrap();
                writer.finish().unwrap().into_inner()
            }
            File::Xlsx => self.text.workbook(&self.cells()),
            File::Parquet => typed::parquet(self),
            File::Arrow => typed::arrow_file(self),
            File::Stream => typed::arrow_stream(self),
            File::Tsf => typed::tsf(self),
        }
    }

    /// What a person who made the file answers, if it is asked.
    fn answer(&self, field: &str, asked: &mut Asked) -> bool {
        let before = asked.clone();
        match field {
            "date_format" => asked.date_format = Some(self.text.form.0.to_owned()),
            "decimal" => {
                asked.decimal = Some(if self.text.mark == '.' { Decimal::Point } else { Decimal::Comma });
            }
            "separator" => asked.separator = Some(u8::try_from(self.text.separator).unwrap()),
            "frequency" => asked.rhythm = Some(Rhythm::Of(self.frequency)),
            "ids" if self.layout != Lies::Columns => asked.ids = vec!["series".to_owned()],
            "date" if self.layout != Lies::Rows => asked.date = Some("date".to_owned()),
            "value" if self.layout == Lies::Long => asked.value = Some("value".to_owned()),
            "wide" if self.layout == Lies::Columns => asked.wide = true,
            _ => {}
        }
        *asked != before
    }
}

#[derive(Debug, Clone)]
enum Cell {
    Text(String),
    Date(NaiveDate),
    Value(i64),
}

impl Dialect {
    /// The number of some cents, of which as many are shown as there are decimals.
    fn number(&self, cents: i64) -> f64 {
        self.exact(cents).replace(self.mark, ".").parse().unwrap()
    }

    /// Digits without marks of thousands: thousandths with three decimals, units with none.
    fn exact(&self, cents: i64) -> String {
        let scale = 10_i64.pow(u32::try_from(self.decimals).unwrap());
        let (whole, rest) = (cents.abs() / scale, cents.abs() % scale);
        let sign = if cents < 0 { "-" } else { "" };
        match self.decimals {
            0 => format!("{sign}{whole}"),
            width => format!("{sign}{whole}{}{rest:0width$}", self.mark),
        }
    }

    fn shown(&self, cents: i64) -> String {
        let exact = self.exact(cents);
        let Some(between) = self.thousands else { return exact };
        let (sign, digits) = exact.strip_prefix('-').map_or(("", exact.as_str()), |digits| ("-", digits));
        let (whole, rest) = digits.find(self.mark).map_or((digits, ""), |at| digits.split_at(at));
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                grouped.push(between);
            }
            grouped.push(digit);
        }
        format!("{sign}{grouped}{rest}")
    }

    fn cell(&self, cell: &Cell) -> String {
        let text = match cell {
            Cell::Text(text) => text.clone(),
            Cell::Date(date) => date.format(self.form.1).to_string(),
            Cell::Value(cents) => self.shown(*cents),
        };
        let is_special = text.contains(['"', '\n', '\r', self.separator]);
        if self.quotes_all || is_special { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    }

    fn bytes(&self, rows: &[Vec<Cell>]) -> Vec<u8> {
        let mut lines: Vec<String> = (0..self.titles).map(|nth| format!("Report {nth} of sales")).collect();
        for (at, row) in rows.iter().enumerate() {
            let cells: Vec<String> = row.iter().map(|cell| self.cell(cell)).collect();
            lines.push(cells.join(&self.separator.to_string()));
            if at > 0 && self.blank_every.is_some_and(|every| at % every == 0) {
                lines.push(self.separator.to_string().repeat(row.len() - 1));
            }
        }
        let text = lines.join(self.end);
        match self.encoding {
            "mark" => format!("\u{FEFF}{text}").into_bytes(),
            "utf16le" => format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf16be" => format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => text.into_bytes(),
        }
    }

    /// Real numbers and dates in a sheet, below the same titles.
    fn workbook(&self, rows: &[Vec<Cell>]) -> Vec<u8> {
        let dated = Format::new().set_num_format("yyyy-mm-dd");
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let titles = u32::try_from(self.titles).unwrap();
        for nth in 0..titles {
            sheet.write_string(nth, 0, "Report of sales").unwrap();
        }
        for (row, cells) in (titles..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    Cell::Text(text) if text.is_empty() => continue,
                    Cell::Text(text) => sheet.write_string(row, column, text).unwrap(),
                    Cell::Date(date) => sheet.write_datetime_with_format(row, column, *date, &dated).unwrap(),
                    Cell::Value(cents) => sheet.write_number(row, column, self.number(*cents)).unwrap(),
                };
            }
        }
        book.save_to_buffer().unwrap()
    }
}

/// Every series that was read is the one that was written, and the others are told.
fn check_read(case: &Case, intake: &Intake) -> Result<(), TestCaseError> {
    let truth = case.truth();
    for one in &intake.series {
        let is_alone = truth.len() == 1 && one.name == crate::columnar::ONLY_SERIES;
        let own = if is_alone { truth.values().next() } else { truth.get(&one.name) };
        let Some(own) = own else {
            return Err(TestCaseError::fail(format!("{:?} is no series of {case:?}", one.name)));
        };
        let read: BTreeMap<NaiveDate, u64> = one
            .dates
            .iter()
            .zip(&one.values)
            .filter(|(_, value)| !value.is_nan())
            .map(|(date, value)| (date.date(), value.to_bits()))
            .collect();
        let expected: BTreeMap<NaiveDate, u64> =
            own.iter().map(|(date, cents)| (*date, case.text.number(*cents).to_bits())).collect();
        prop_assert_eq!(read, expected, "{:?} {:?}", one.name, case);
    }
    let all = intake.series.len() as u64 + intake.report.left_out_total;
    prop_assert_eq!(all, truth.len() as u64, "{:?} {:?}", case, intake.report);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 300 } else { 3000 }))]

    #[test]
    fn a_table_in_any_dialect_is_the_same_or_asked_about(case in case()) {
        prop_assume!(!case.names.is_empty());
        let bytes = Bytes::from(case.bytes());
        let mut asked = Asked::default();
        loop {
            let error = match read(&bytes, &asked) {
                Ok(intake) => {
                    check_read(&case, &intake)?;
                    break;
                }
                Err(error) => error,
            };
            let answered = error.fields().iter().filter(|field| case.answer(&field.field, &mut asked)).count();
            if answered > 0 {
                continue;
            }
            // Series without a value, or with a single one, cannot be used. That is all that may be wrong.
            let is_bare = case.truth().values().all(|values| values.len() < 2);
            prop_assert!(is_bare, "{error}\n{asked:?}\n{case:?}\n{}", String::from_utf8_lossy(&bytes));
            break;
        }
    }
}

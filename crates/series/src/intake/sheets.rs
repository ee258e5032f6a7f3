//! A file as plain tables of cells, for those who look for something else than series in it: the same kinds of files,
//! encodings, separators and headers, and nothing said of what a column means.

use bytes::Bytes;

use super::number::{Decimal, Evidence, number};
use super::source::{self, Facts, Limits, Source, SourceError, Stated};
use super::table::{Cells, Table, Word};

/// A table with its header.
#[derive(Debug)]
pub struct Sheet {
    table: Table,
    facts: Facts,
}

/// No table that a person writes is larger.
const LIMITS: Limits = Limits { rows: 100_000, columns: 1000, cells: 2_000_000, unpacked: 64 << 20 };

/// The table of a text, or every visible sheet of a workbook that holds one, in its order.
pub fn sheets(bytes: &Bytes) -> Result<Vec<Sheet>, SourceError> {
    let first = sheet(bytes, None)?;
    let others = first.facts.other_sheets.clone();
    let others = others.into_iter().map(|name| sheet(bytes, Some(name)));
    std::iter::once(Ok(first)).chain(others).collect()
}

fn sheet(bytes: &Bytes, name: Option<String>) -> Result<Sheet, SourceError> {
    let not_cells =
        |kind| SourceError::NotStatable { field: "a table of cells", wanted: "text and workbooks", kind };
    match source::tables(bytes, &Stated { sheet: name, limits: LIMITS, ..Stated::default() })? {
        Source::Table(table, facts) => Ok(Sheet { table, facts }),
        Source::Tsf(_, facts) => Err(not_cells(facts.kind)),
        Source::Columnar(kind, ..) => Err(not_cells(kind)),
    }
}

impl Sheet {
    /// The name of the sheet; none of a text.
    pub fn name(&self) -> Option<&str> {
        self.facts.sheet.as_deref()
    }

    /// What stands between the cells of a text of several columns.
    pub fn separator(&self) -> Option<char> {
        self.facts.separator.map(char::from)
    }

    /// How a text was decoded.
    pub fn encoding(&self) -> Option<&'static str> {
        self.facts.encoding.map(source::Encoding::as_str)
    }

    /// The line with the names of the columns, from 1, if there is one.
    pub const fn header_line(&self) -> Option<u64> {
        self.facts.header_line
    }

    /// The names of the columns, each unlike every other.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.table.columns.iter().map(|column| column.name.as_str())
    }

    /// Rows below the header.
    pub const fn rows(&self) -> usize {
        self.table.rows
    }

    /// The line of a row, or its row of the sheet, from 1.
    pub fn line(&self, row: usize) -> u64 {
        self.table.lines.of(row)
    }

    /// A cell as text, without the white space around it.
    pub fn text(&self, row: usize, column: usize) -> String {
        self.word(row, column).map(Word::shown).unwrap_or_default()
    }

    /// Whether a cell is empty or says in one of the usual ways that it is missing.
    pub fn is_missing(&self, row: usize, column: usize) -> bool {
        self.word(row, column).is_none_or(Word::is_missing)
    }

    /// A cell as a number; none where it is something else or missing.
    pub fn number(&self, row: usize, column: usize, decimal: Decimal) -> Option<f64> {
        number(self.word(row, column)?, decimal).filter(|number| number.is_finite())
    }

    /// The decimal mark of some columns, or a number that is another one with each mark.
    pub fn decimal(&self, columns: &[usize]) -> Result<Decimal, String> {
        let mut evidence = Evidence::default();
        for &at in columns {
            if let Cells::Words { words, .. } = &self.table.columns[at].cells {
                evidence.add(words);
            }
        }
        let open = || evidence.either.clone().or(evidence.comma.clone()).unwrap_or_default();
        evidence.decide(self.facts.separator == Some(b',')).ok_or_else(open)
    }

    fn word(&self, row: usize, column: usize) -> Option<&Word> {
        match &self.table.columns.get(column)?.cells {
            Cells::Words { words, of_row } => words.get(*of_row.get(row)? as usize),
            // Texts and workbooks have words alone.
            Cells::Numbers(_) | Cells::Dates { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_table_with_its_lines_its_marks_and_its_names() {
        let text = "Gebote 2024\n\nTeam;Punkte\nÄpfel; 1,5 \n\n=1+1;-\n";
        let tables = sheets(&Bytes::from(text)).unwrap();
        let [table] = &tables[..] else { panic!("{tables:?}") };
        assert_eq!(table.columns().collect::<Vec<_>>(), ["Team", "Punkte"]);
        assert_eq!((table.separator(), table.header_line(), table.rows()), (Some(';'), Some(3), 2));
        assert_eq!((table.line(0), table.line(1), table.text(1, 0).as_str()), (4, 6, "=1+1"));
        assert_eq!(table.decimal(&[1]), Ok(Decimal::Comma));
        assert_eq!((table.number(0, 1, Decimal::Comma), table.is_missing(1, 1)), (Some(1.5), true));
    }

    #[test]
    fn what_is_no_table_of_cells_is_refused() {
        let error = sheets(&Bytes::from_static(b"PAR1\x15\x04")).unwrap_err();
        assert!(error.to_string().ends_with("and this is Parquet"), "{error}");
    }
}

//! Files as tables of which is known what they are about.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use series::intake::{Decimal, Sheet, sheets};
use wire::lab::{DecimalMark, ReadColumn, ReadTable, SeasonPart, TableFile};

use super::meaning::{is_enough, named, needed, read_as, told_by};
use super::told::{Place, Told};

/// A table with the meanings of its columns.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) about: SeasonPart,
    file: String,
    sheet: Sheet,
    meanings: Vec<Option<&'static str>>,
    decimal: Decimal,
}

/// The bytes of a file; text that is no base64 is a problem.
pub(super) fn bytes(file: &TableFile, told: &mut Told) -> Option<Bytes> {
    match STANDARD.decode(file.content.trim()) {
        Ok(bytes) => Some(bytes.into()),
        Err(error) => {
            told.problem(whole(file), format!("the content is no base64: {error}"));
            None
        }
    }
}

pub(super) fn whole(file: &TableFile) -> Place {
    Place { file: file.name.clone(), ..Place::default() }
}

/// The tables of a file. `only` is what all of them are about, where nothing else can be.
pub(super) fn read(
    file: &TableFile,
    bytes: &Bytes,
    only: Option<SeasonPart>,
    decimal: Option<DecimalMark>,
    told: &mut Told,
) -> Vec<Part> {
    let sheets = match sheets(bytes) {
        Ok(sheets) => sheets,
        Err(error) => {
            told.problem(whole(file), error.to_string());
            return Vec::new();
        }
    };
    let is_one = sheets.len() == 1;
    let mut parts = Vec::new();
    for sheet in sheets {
        let at = Place { sheet: sheet.name().map(str::to_owned), ..whole(file) };
        let columns: Vec<&str> = sheet.columns().collect();
        let by_name = || sheet.name().and_then(named).or_else(|| named(&file.name).filter(|_| is_one));
        let Some(part) = only.or(file.part).or_else(by_name).or_else(|| told_by(&columns)) else {
            let words: Vec<&str> = SeasonPart::ALL.iter().map(|part| part.as_str()).collect();
            told.problem(
                at,
                format!(
                    "it does not say what it is about; name the file or the sheet after one of {}, or state `part`",
                    words.join(", ")
                ),
            );
            continue;
        };
        parts.extend(Part::new((part, at), sheet, decimal, told));
    }
    parts
}

impl Part {
    fn new(
        (part, at): (SeasonPart, Place),
        sheet: Sheet,
        stated: Option<DecimalMark>,
        told: &mut Told,
    ) -> Option<Self> {
        let columns: Vec<&str> = sheet.columns().collect();
        let found = read_as(part, &columns, sheet.header_line().is_some());
        told.table(shown(part, &at, &sheet, &found));
        // Rules may stand in one row, each in a column of its own.
        if !is_enough(part, &found) && part != SeasonPart::Rules {
            let sets: Vec<String> = needed(part).iter().map(|set| set.join(", ")).collect();
            let columns = columns.join(", ");
            told.problem(
                at,
                format!(
                    "a table of {part} needs the columns {}; this one has {columns}",
                    sets.join(" or else ")
                ),
            );
            return None;
        }
        let numeric: Vec<usize> = (0..columns.len()).filter(|at| is_number(part, found[*at])).collect();
        let decimal = match stated {
            Some(DecimalMark::Point) => Decimal::Point,
            Some(DecimalMark::Comma) => Decimal::Comma,
            None => sheet.decimal(&numeric).unwrap_or_else(|example| {
                let question = format!("is `{example}` in {} a fraction or thousands?", at.file);
                told.ask("decimal", question, &["point", "comma"]);
                Decimal::Point
            }),
        };
        let read = Self { about: part, file: at.file, sheet, meanings: found, decimal };
        read.note_control_characters(told);
        Some(read)
    }

    fn note_control_characters(&self, told: &mut Told) {
        let columns = 0..self.meanings.len();
        let has = |row: usize| {
            columns.clone().any(|column| self.sheet.text(row, column).chars().any(char::is_control))
        };
        if let Some(row) = (0..self.rows()).find(|row| has(*row)) {
            told.note(format!(
                "{} has control characters in its cells, first on line {}; they are read as spaces.",
                self.file,
                self.sheet.line(row)
            ));
        }
    }

    pub(super) const fn rows(&self) -> usize {
        self.sheet.rows()
    }

    /// The name of the file without its ending.
    pub(super) fn stem(&self) -> &str {
        self.file.rsplit_once('.').map_or(self.file.as_str(), |(stem, _)| stem)
    }

    pub(super) fn column(&self, meaning: &str) -> Option<usize> {
        self.meanings.iter().position(|one| *one == Some(meaning))
    }

    /// Columns that have no meaning of their own, with their names.
    pub(super) fn others(&self) -> Vec<(usize, String)> {
        let columns = self.sheet.columns().map(str::to_owned).enumerate();
        columns.filter(|(at, _)| self.meanings[*at].is_none()).collect()
    }

    /// Where a row or a cell of it is.
    pub(super) fn at(&self, row: usize, meaning: Option<&str>) -> Place {
        let column = meaning.and_then(|meaning| self.column(meaning));
        self.cell_at(row, column)
    }

    pub(super) fn cell_at(&self, row: usize, column: Option<usize>) -> Place {
        let column = column.and_then(|at| self.sheet.columns().nth(at)).map(str::to_owned);
        Place { line: Some(self.sheet.line(row)), column, ..self.whole() }
    }

    pub(super) fn whole(&self) -> Place {
        let sheet = self.sheet.name().map(str::to_owned);
        Place { file: self.file.clone(), sheet, line: None, column: None }
    }

    /// A cell as text with no control character; none where it is missing.
    pub(super) fn text(&self, row: usize, meaning: &str) -> Option<String> {
        self.text_of(row, self.column(meaning)?)
    }

    pub(super) fn text_of(&self, row: usize, column: usize) -> Option<String> {
        if self.sheet.is_missing(row, column) {
            return None;
        }
        let text = self.sheet.text(row, column).replace(char::is_control, " ");
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A cell as a number; none where it is missing. Anything else is a problem.
    pub(super) fn number(&self, row: usize, meaning: &str, told: &mut Told) -> Option<f64> {
        self.number_of(row, self.column(meaning)?, told)
    }

    pub(super) fn number_of(&self, row: usize, column: usize, told: &mut Told) -> Option<f64> {
        let text = self.text_of(row, column)?;
        let number = self.sheet.number(row, column, self.decimal);
        if number.is_none() {
            told.problem(self.cell_at(row, Some(column)), format!("`{text}` is no number"));
        }
        number
    }

    /// A cell as a whole number from 0 on; none where it is missing. Anything else is a problem.
    pub(super) fn whole_number(&self, row: usize, column: usize, told: &mut Told) -> Option<u32> {
        let number = self.number_of(row, column, told)?;
        if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
            return Some(number as u32);
        }
        told.problem(self.cell_at(row, Some(column)), format!("{number} is no whole number from 0 on"));
        None
    }
}

/// Whether a column holds numbers, so that it tells the decimal mark.
fn is_number(part: SeasonPart, meaning: Option<&str>) -> bool {
    const NUMBERS: &[&str] = &[
        "net",
        "offence",
        "defence",
        "tempo",
        "odds",
        "probability",
        "points",
        "amount",
        "cents",
        "value",
        "score1",
        "score2",
    ];
    meaning.map_or(part == SeasonPart::Bids, |meaning| NUMBERS.contains(&meaning))
}

fn shown(part: SeasonPart, at: &Place, sheet: &Sheet, found: &[Option<&'static str>]) -> ReadTable {
    let column = |(name, meaning): (&str, Option<&'static str>)| ReadColumn {
        name: name.to_owned(),
        meaning: meaning.map(str::to_owned),
    };
    ReadTable {
        file: at.file.clone(),
        sheet: at.sheet.clone(),
        part,
        rows: sheet.rows() as u64,
        header_line: sheet.header_line(),
        separator: sheet.separator().map(String::from),
        encoding: sheet.encoding().map(str::to_owned),
        columns: sheet.columns().zip(found.iter().copied()).map(column).collect(),
    }
}

/// Whether a row sums up the others.
pub(super) fn is_total(text: &str) -> bool {
    const TOTALS: &[&str] = &["total", "totals", "sum", "summe", "gesamt", "insgesamt", "grand total"];
    TOTALS.contains(&text.to_lowercase().trim_end_matches(':'))
}

//! The header.

use super::error::CsvError;

/// Where each column is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    pub(super) series: Option<usize>,
    pub(super) date: usize,
    pub(super) value: usize,
    /// How many cells a row has.
    pub(super) width: usize,
}

impl Columns {
    pub(super) fn of(header: &::csv::StringRecord) -> Result<Self, CsvError> {
        let mut found = [None; 3];
        for (index, cell) in header.iter().enumerate() {
            let name = cell.trim().to_ascii_lowercase();
            let slot = match name.as_str() {
                "series" => 0,
                "date" => 1,
                "value" => 2,
                _ => {
                    return Err(CsvError::UnknownColumn {
                        number: index + 1,
                        name: super::error::short(cell),
                    });
                }
            };
            if found[slot].replace(index).is_some() {
                return Err(CsvError::RepeatedColumn { name });
            }
        }
        let needed = |slot: usize, name| found[slot].ok_or(CsvError::MissingColumn { name });
        Ok(Self {
            series: found[0],
            date: needed(1, "date")?,
            value: needed(2, "value")?,
            width: header.len(),
        })
    }
}

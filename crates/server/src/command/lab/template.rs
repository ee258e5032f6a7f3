//! A workbook with a sheet for each part of a season: four teams, to be replaced.

use std::path::Path;

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::exit::{Exit, Failed};

/// A sheet: its name and its rows, the header first. Cells that are numbers are written as numbers.
type Rows = &'static [&'static [&'static str]];

const SHEETS: &[(&str, Rows)] = &[
    (
        "field",
        &[
            &["team", "region", "seed", "rating"],
            &["First team", "", "1", "12.5"],
            &["Second team", "", "2", "8"],
            &["Third team", "", "3", "-1.5"],
            &["Fourth team", "", "4", "-3"],
        ],
    ),
    ("results", &[&["winner", "loser"], &["First team", "Fourth team"]]),
    (
        "bids",
        &[
            &["entry", "team", "points"],
            &["Anna", "First team", "60"],
            &["Anna", "Third team", "40"],
            &["Bo", "Second team", "55"],
            &["Bo", "First team", "45"],
        ],
    ),
    (
        "rules",
        &[
            &["rule", "value"],
            &["budget_points", "100"],
            &["min_teams", "2"],
            &["max_teams", "10"],
            &["min_bid", "1"],
            &["max_bid", "60"],
        ],
    ),
    ("payouts", &[&["place", "prize"], &["1", "70"], &["2", "30"]]),
    ("scoring", &[&["round", "points"], &["1", "50"], &["2", "100"]]),
];

/// Writes it; a file that is there is left alone.
pub(super) fn write(path: &Path) -> anyhow::Result<()> {
    let is_xlsx = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    if !is_xlsx || path.exists() {
        let message = format!("--template must name a new file that ends in .xlsx, not {}", path.display());
        return Err(Failed::new(Exit::Usage, message).into());
    }
    Ok(std::fs::write(path, workbook()?)?)
}

fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for (name, rows) in SHEETS {
        let sheet = book.add_worksheet().set_name(*name)?;
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*cells) {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write_number(row, column, number)?,
                    Err(_) => sheet.write_string(row, column, *cell)?,
                };
            }
        }
    }
    book.save_to_buffer()
}

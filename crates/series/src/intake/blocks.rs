//! Names that stand once above the rows they are for, as merged cells and pivot tables have them.

use kernel::counted;

use super::Asked;
use super::apart::tell_apart;
use super::cells::Reading;
use super::error::IntakeError;
use super::roles::{Layout, Roles, more_ids};
use super::rows::Rows;
use super::table::{Cells, Table, Word, place};
use super::totals::is_total;
use crate::outside::short;

/// Columns whose empty cells were filled, and how many cells each had.
type Filled = Vec<(usize, usize)>;

/// The table with the names above in the place of empty cells, and its rows: only where that is how the file is meant, which
/// is when no name is there twice below itself and no series has a date twice then.
pub(super) fn filled(
    table: &Table,
    roles: &Roles,
    reading: Reading,
    asked: &Asked,
) -> Result<Option<(Table, Roles, Rows)>, IntakeError> {
    let Some((mut other, cells)) = filled_cells(table, roles) else { return Ok(None) };
    let mut roles = roles.clone();
    let mut rows = Rows::of(&other, &roles, reading)?;
    let is_apart =
        tell_apart(&other, &mut roles, reading, asked, &mut rows).is_ok() && rows.repeated().is_none();
    if !is_apart || !names_each_row(table, &roles) {
        return Ok(None);
    }
    for (at, count) in &cells {
        if roles.layout.uses(*at) {
            let cells = counted(*count as u64, "empty cell of", "empty cells of");
            let name = short(&table.columns[*at].name);
            roles.notes.push(format!("{cells} `{name}` stand for the one above, as in merged cells."));
        } else {
            other.columns[*at] = table.columns[*at].clone();
        }
    }
    let is_used = cells.iter().any(|(at, _)| roles.layout.uses(*at));
    Ok(is_used.then_some((other, roles, rows)))
}

/// The table with all columns filled that stand once per block, and how many cells of each.
fn filled_cells(table: &Table, roles: &Roles) -> Option<(Table, Filled)> {
    let (ids, date) = match &roles.layout {
        Layout::Long { ids, date, .. } => ([ids.clone(), more_ids(table, roles)].concat(), Some(*date)),
        Layout::Rows { ids, .. } => (ids.clone(), None),
        Layout::Columns { .. } => return None,
    };
    let names: Vec<usize> = ids.into_iter().chain(date).collect();
    let of_blocks: Vec<usize> = names.iter().copied().filter(|&at| stands_once(table, at)).collect();
    if of_blocks.is_empty() {
        return None;
    }
    // A row that names nothing is one of a total or a note, and one that names only what is left of a cell is a heading.
    let goes_on = |at: usize, row: usize| {
        names.iter().any(|&other| !is_empty(table, other, row))
            && of_blocks.iter().all(|&other| other >= at || is_empty(table, other, row))
    };
    let mut other = table.clone();
    let mut filled = Vec::new();
    for &at in &of_blocks {
        let Cells::Words { of_row, words } = &mut other.columns[at].cells else { continue };
        let Some(empty) = words.iter().position(is_blank).map(place) else { continue };
        let mut count = 0;
        for row in 1..of_row.len() {
            if of_row[row] == empty && goes_on(at, row) {
                of_row[row] = of_row[row - 1];
                count += 1;
            }
        }
        filled.extend((count > 0).then_some((at, count)));
    }
    (!filled.is_empty()).then_some((other, filled))
}

/// In a table of a row per series a column of names has to have one on every row but those of totals, or two rows were one
/// series.
fn names_each_row(table: &Table, roles: &Roles) -> bool {
    let Layout::Rows { ids, .. } = &roles.layout else { return true };
    let is_total_row = |row: usize| ids.iter().any(|&at| is_total_at(table, at, row));
    let rows: Vec<usize> = (0..table.rows).filter(|&row| !is_total_row(row)).collect();
    ids.iter().any(|&at| rows.iter().all(|&row| !is_empty(table, at, row)))
}

fn is_total_at(table: &Table, at: usize, row: usize) -> bool {
    let Cells::Words { words, of_row } = &table.columns[at].cells else { return false };
    matches!(&words[of_row[row] as usize], Word::Text(text) if is_total(text))
}

fn is_blank(word: &Word) -> bool {
    matches!(word, Word::Text(text) if text.is_empty())
}

fn is_empty(table: &Table, at: usize, row: usize) -> bool {
    match &table.columns[at].cells {
        Cells::Words { words, of_row } => is_blank(&words[of_row[row] as usize]),
        Cells::Numbers(numbers) => numbers[row].is_nan(),
        Cells::Dates { .. } => false,
    }
}

/// Whether a column begins with a word, has empty cells, and no word right below itself.
fn stands_once(table: &Table, at: usize) -> bool {
    let Cells::Words { words, of_row } = &table.columns[at].cells else { return false };
    let Some(empty) = words.iter().position(is_blank).map(place) else { return false };
    let given = of_row.iter().filter(|&&word| word != empty).count();
    given > 0
        && of_row.first() != Some(&empty)
        && 4 * (of_row.len() - given) >= of_row.len()
        && of_row.windows(2).all(|pair| pair[0] != pair[1] || pair[0] == empty)
}

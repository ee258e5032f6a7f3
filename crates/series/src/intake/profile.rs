//! What a column could be, by its words alone.

use super::date::{Form, Found, form_of, moment};
use super::number::{Decimal, number};
use super::table::{Cells, Column, Word};

/// What the cells of a column are.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// Nothing but missing cells.
    Empty,
    /// All cells that are not missing are numbers.
    Numbers,
    /// Most are.
    MostlyNumbers,
    /// Dates that are no numbers, but perhaps a few.
    Dates(Found),
    /// Anything else.
    Text,
}

/// Of the cells that are not missing, so many of a hundred make a column of numbers or dates in spite of the others: a row of
/// totals, a note below the table, a mistake that is told.
const MOST_PERCENT: usize = 80;

/// What the cells of a column are, with numbers as this mark writes them.
pub(super) fn kind_of(column: &Column, decimal: Decimal) -> Kind {
    let (words, of_row) = match &column.cells {
        Cells::Numbers(numbers) if numbers.iter().all(|number| number.is_nan()) => return Kind::Empty,
        Cells::Numbers(_) => return Kind::Numbers,
        Cells::Dates { .. } => return Kind::Dates(Found::Moments),
        Cells::Words { words, of_row } => (words, of_row),
    };
    let mut rows = vec![0_usize; words.len()];
    for &word in of_row {
        rows[word as usize] += 1;
    }
    let count = |is_it: &dyn Fn(&Word) -> bool| -> usize {
        words
            .iter()
            .zip(&rows)
            .filter(|(word, _)| !word.is_missing() && is_it(word))
            .map(|(_, rows)| rows)
            .sum()
    };
    let given = count(&|_| true);
    let is_most = |some: usize| 100 * some >= MOST_PERCENT * given;
    let numbers = count(&|word| number(word, decimal).is_some());
    if given == 0 || numbers == given {
        return if given == 0 { Kind::Empty } else { Kind::Numbers };
    }
    match form_of(words) {
        Found::None { best: Some(form), word }
            if is_most(count(&|word| moment(word, Some(form)).is_some())) =>
        {
            Kind::Dates(Found::None { best: Some(form), word })
        }
        Found::Moments if !is_most(count(&|word| moment(word, None).is_some())) => Kind::Text,
        Found::None { .. } if is_most(numbers) => Kind::MostlyNumbers,
        Found::None { .. } => Kind::Text,
        found => Kind::Dates(found),
    }
}

/// Whether a column of numbers can be read as dates: years, or `YYYYMMDD`.
pub(super) fn dates_in_numbers(column: &Column) -> Option<Found> {
    let Cells::Words { words, .. } = &column.cells else { return None };
    Some(form_of(words)).filter(|found| !matches!(found, Found::None { best: None, .. }))
}

/// Whether a form reads every cell of a column that is not missing.
pub(super) fn is_read_by(form: Form, column: &Column) -> bool {
    let Cells::Words { words, .. } = &column.cells else { return false };
    words.iter().all(|word| word.is_missing() || moment(word, Some(form)).is_some())
}

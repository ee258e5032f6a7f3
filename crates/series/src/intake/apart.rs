//! Which columns name the series where one does not tell rows of one date apart, or tells all rows apart.

use wire::Moment;

use super::Asked;
use super::cells::Reading;
use super::error::IntakeError;
use super::names::{joined, labels};
use super::profile;
use super::roles::{Layout, Roles, more_ids};
use super::rows::Rows;
use super::table::Table;
use crate::outside::short;

/// Names series by more columns where one does not tell rows of one date apart, and by another where it tells all of them
/// apart.
pub(super) fn tell_apart(
    table: &Table,
    roles: &mut Roles,
    reading: Reading,
    asked: &Asked,
    rows: &mut Rows,
) -> Result<(), IntakeError> {
    let Layout::Long { mut ids, .. } = roles.layout.clone() else { return Ok(()) };
    if !asked.ids.is_empty() {
        return Ok(());
    }
    let mut others = more_ids(table, roles);
    if ids.len() == 1 && rows.dates.len() > 3 && rows.names.len() == rows.dates.len() {
        let name = short(&table.columns[ids[0]].name);
        roles.notes.push(format!("The column `{name}` is different in every row, so it names no series."));
        ids = others.drain(..others.len().min(1)).collect();
        name_by(table, roles, reading, rows, &ids)?;
    }
    let Some((series, date_twice)) = rows.repeated() else { return Ok(()) };
    let Some(more) = columns_that_help(table, roles, reading, rows, &others)? else {
        let name = short(&rows.names[series as usize]);
        return ask(table, roles, asked, format!("series `{name}` has {date_twice} more than once"));
    };
    let is_named = !ids.is_empty();
    ids.extend(more);
    ids.sort_unstable();
    name_by(table, roles, reading, rows, &ids)?;
    if ids.len() > 1 || is_named {
        let named: Vec<String> =
            ids.iter().map(|&at| format!("`{}`", short(&table.columns[at].name))).collect();
        roles.notes.push(format!(
            "Each series is named by {} together: fewer columns repeat dates.",
            named.join(" and ")
        ));
    }
    Ok(())
}

/// Names the series by these columns. Local times are set to those of UTC series by series, for which all rows are read again.
fn name_by(
    table: &Table,
    roles: &mut Roles,
    reading: Reading,
    rows: &mut Rows,
    ids: &[usize],
) -> Result<(), IntakeError> {
    roles.layout = roles.layout.named_by(ids);
    match reading.zone {
        None => rows.rename(table, ids),
        Some(_) => *rows = Rows::of(table, roles, reading)?,
    }
    Ok(())
}

/// Columns are added from left to right until no series has a date twice, and then those are left out without which it is
/// the same.
fn columns_that_help(
    table: &Table,
    roles: &Roles,
    reading: Reading,
    rows: &Rows,
    others: &[usize],
) -> Result<Option<Vec<usize>>, IntakeError> {
    let is_apart = |more: &[usize]| {
        if reading.zone.is_none() {
            return Ok(is_apart_by(table, rows, more));
        }
        let Layout::Long { ids, .. } = &roles.layout else { return Ok(false) };
        let layout = roles.layout.named_by(&[ids.as_slice(), more].concat());
        Rows::of(table, &Roles { layout, ..roles.clone() }, reading).map(|rows| rows.repeated().is_none())
    };
    for end in 1..=others.len() {
        let mut taken = others[..end].to_vec();
        if is_apart(&taken)? {
            for at in &others[..end] {
                let fewer: Vec<usize> = taken.iter().copied().filter(|other| other != at).collect();
                if is_apart(&fewer)? {
                    taken = fewer;
                }
            }
            return Ok(Some(taken));
        }
    }
    Ok(None)
}

/// Whether no series has a date twice if more columns name it: only their words are looked at, and no row is read again.
fn is_apart_by(table: &Table, rows: &Rows, more: &[usize]) -> bool {
    let codes = |at: usize| -> (Vec<u32>, usize) {
        let (labels, of_row) = labels(&table.columns[at], false);
        (rows.from.iter().map(|&row| of_row[row as usize]).collect(), labels.len())
    };
    let (series, count) =
        more.iter().fold((rows.series.clone(), rows.names.len()), |(series, count), &at| {
            let (of_row, pairs) = joined((&series, count), codes(at));
            (of_row, pairs.len())
        });
    repeated(&series, count, &rows.dates).is_none()
}

/// Which columns beside it could tell rows apart is for a person to say.
fn ask(table: &Table, roles: &Roles, asked: &Asked, what: String) -> Result<(), IntakeError> {
    let is_beside = |at: &usize| !roles.layout.uses(*at) && roles.kinds[*at] != profile::Kind::Empty;
    let beside: Vec<String> =
        (0..table.columns.len()).filter(is_beside).map(|at| table.columns[at].name.clone()).collect();
    if beside.is_empty() || asked.sum_duplicates {
        return Ok(());
    }
    Err(IntakeError::Repeated { what, beside })
}

/// A series and a date that it has more than once.
pub(super) fn repeated(series: &[u32], count: usize, dates: &[Moment]) -> Option<(u32, Moment)> {
    let (first, last) = (*dates.iter().min()?, *dates.iter().max()?);
    let span =
        usize::try_from(i64::from(last.to_epoch_days()) - i64::from(first.to_epoch_days()) + 1).ok()?;
    // A bit per series and day, unless there are times or the days are too far apart for it.
    let bits = count.checked_mul(span).filter(|bits| bits / 64 <= dates.len() + (1 << 16));
    let mut pairs = series.iter().copied().zip(dates.iter().copied());
    if let Some(bits) = bits.filter(|_| !dates.iter().any(|date| date.is_time())) {
        let mut seen = vec![0_u64; bits / 64 + 1];
        return pairs.find(|&(series, date)| {
            let day = i64::from(date.to_epoch_days()) - i64::from(first.to_epoch_days());
            let at = series as usize * span + usize::try_from(day).unwrap_or(0);
            let (word, bit) = (&mut seen[at / 64], 1 << (at % 64));
            let is_there = *word & bit != 0;
            *word |= bit;
            is_there
        });
    }
    let mut pairs: Vec<(u32, Moment)> = pairs.collect();
    pairs.sort_unstable();
    pairs.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_date_twice_is_found_whether_dates_are_near_far_or_times(rows in prop::collection::vec((0_u32..3, -20_i64..20), 0..40), kind in 0_usize..3) {
            let scale = [1, 50_000, 1][kind];
            let date = |at: i64| if kind == 2 {
                Moment::from_epoch_seconds(at * 3600).unwrap()
            } else {
                Moment::from_epoch_days(i32::try_from(at * scale).unwrap()).unwrap()
            };
            let series: Vec<u32> = rows.iter().map(|row| row.0).collect();
            let dates: Vec<Moment> = rows.iter().map(|row| date(row.1)).collect();
            let mut sorted = rows.clone();
            sorted.sort_unstable();
            sorted.dedup();
            let found = repeated(&series, 3, &dates);
            prop_assert_eq!(found.is_some(), sorted.len() < rows.len());
            if let Some(found) = found {
                prop_assert!(rows.iter().filter(|row| (row.0, date(row.1)) == found).count() > 1);
            }
        }
    }
}

//! What the series of a table are called, and what groups them.

use std::borrow::Cow;
use std::collections::HashMap;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::Asked;
use super::group::MAX_NAME_CHARS;
use super::profile::Kind;
use super::roles::{Layout, Roles};
use super::rows::Rows;
use super::table::{Cells, Column, NO_DATE, Table, place};
use crate::columnar::{ID_SEPARATOR, ONLY_SERIES};
use crate::outside::short;

/// A name as it is compared and kept: without the white space around it, its letters composed with their accents.
pub(in crate::intake) fn normal(name: &str) -> Cow<'_, str> {
    let name = name.trim();
    match is_nfc_quick(name.chars()) {
        IsNormalized::Yes => Cow::Borrowed(name),
        _ => Cow::Owned(name.nfc().collect()),
    }
}

/// The names of the series, in the order in which they first appear, and of each row which it is.
pub(super) fn names_of(table: &Table, ids: &[usize]) -> (Vec<String>, Vec<u32>) {
    let Some((first, others)) = ids.split_first() else {
        return (vec![ONLY_SERIES.to_owned()], vec![0; table.rows]);
    };
    let (mut labels, mut of_row) = labels(&table.columns[*first], !others.is_empty());
    for other in others {
        let (more, of_other) = self::labels(&table.columns[*other], true);
        let (of_both, pairs) = joined((&of_row, labels.len()), (of_other, more.len()));
        let name = |(one, other): &(u32, u32)| {
            format!("{}{ID_SEPARATOR}{}", labels[*one as usize], more[*other as usize])
        };
        (labels, of_row) = (pairs.iter().map(name).collect(), of_both);
    }
    (labels, of_row)
}

/// What many columns of values are called, whatever is in them.
const SAYS_NOTHING: [&str; 10] =
    ["y", "value", "values", "target", "x", "val", "wert", "werte", "valeur", "valor"];

/// Names the series of a table without a column of names: as its values are called or, where that says nothing, as the file is.
pub(super) fn name_the_only(table: &Table, roles: &Roles, asked: &Asked, rows: &mut Rows) {
    let Layout::Long { ids, value, .. } = &roles.layout else { return };
    let [only] = rows.names.as_mut_slice() else { return };
    if !ids.is_empty() {
        return;
    }
    let values = normal(&table.columns[*value].name);
    let is_made_up =
        |name: &str| name.strip_prefix("column ").is_some_and(|place| place.parse::<usize>().is_ok());
    let says_nothing = values.is_empty()
        || is_made_up(&values)
        || SAYS_NOTHING.iter().any(|usual| values.eq_ignore_ascii_case(usual));
    let named = if says_nothing { asked.name.as_deref().map(stem) } else { Some(&*values) };
    if let Some(named) = named.filter(|named| !named.is_empty()) {
        *only = named.chars().take(MAX_NAME_CHARS).collect();
    }
}

/// The name of a file without what says its kind: `sales.csv.gz` is `sales`.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file).trim();
    match name.split_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// Pairs of codes that are numbered to a limit below this are numbered in a table, others by their hash.
const MAX_TABLE: usize = 1 << 22;

/// The pairs of two codes in the order in which they first appear, and of each row which it is. Each code comes with how
/// many there are.
pub(super) fn joined(one: (&[u32], usize), other: (Vec<u32>, usize)) -> (Vec<u32>, Vec<(u32, u32)>) {
    const NONE: u32 = u32::MAX;
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut add = |pair| {
        pairs.push(pair);
        place(pairs.len() - 1)
    };
    let all = one.0.iter().copied().zip(other.0);
    let of_row = if one.1.saturating_mul(other.1) <= MAX_TABLE {
        let mut known = vec![NONE; one.1 * other.1];
        let of = |pair: (u32, u32)| {
            let own = &mut known[pair.0 as usize * other.1 + pair.1 as usize];
            if *own == NONE {
                *own = add(pair);
            }
            *own
        };
        all.map(of).collect()
    } else {
        let mut known: HashMap<(u32, u32), u32> = HashMap::new();
        // Most rows have the pair of the row above.
        let mut last = ((NONE, NONE), NONE);
        let of = |pair: (u32, u32)| {
            if pair != last.0 {
                last = (pair, *known.entry(pair).or_insert_with(|| add(pair)));
            }
            last.1
        };
        all.map(of).collect()
    };
    (of_row, pairs)
}

/// Of each series the labels of the columns that group them.
pub(super) fn groups_of(
    table: &Table,
    roles: &Roles,
    series: &[u32],
    from: &[u32],
    count: usize,
) -> Vec<Vec<String>> {
    let mut groups = vec![Vec::new(); count];
    for &at in &roles.groups {
        let (labels, of_row) = labels(&table.columns[at], false);
        let mut own: Vec<Option<u32>> = vec![None; count];
        for (&one, &row) in series.iter().zip(from) {
            own[one as usize].get_or_insert(of_row[row as usize]);
        }
        for (group, label) in groups.iter_mut().zip(&own) {
            group.push(label.map_or_else(String::new, |label| labels[label as usize].clone()));
        }
    }
    groups
}

/// The columns whose labels do not change within any series: the parts of a name of several, and texts beside them.
pub(super) fn grouping(table: &Table, roles: &Roles, rows: &Rows) -> Vec<usize> {
    let count = rows.names.len();
    let Layout::Long { ids, .. } = &roles.layout else { return Vec::new() };
    let is_beside =
        |at: &usize| !roles.layout.uses(*at) && !roles.known.contains(at) && roles.kinds[*at] == Kind::Text;
    let is_constant = |at: &usize| {
        let (_, of_row) = labels(&table.columns[*at], false);
        let mut own: Vec<Option<u32>> = vec![None; count];
        let mut rows = rows.series.iter().zip(&rows.from);
        rows.all(|(&one, &row)| {
            *own[one as usize].get_or_insert(of_row[row as usize]) == of_row[row as usize]
        })
    };
    let parts = if ids.len() > 1 { ids.as_slice() } else { &[] };
    let beside = (0..table.columns.len()).filter(is_beside).filter(is_constant);
    if count > 1 { parts.iter().copied().chain(beside).collect() } else { Vec::new() }
}

/// That a part of some name is empty.
pub(super) fn note_of_empty_parts(table: &Table, roles: &Roles, rows: &Rows) -> Option<String> {
    let (Layout::Long { ids, .. } | Layout::Rows { ids, .. }) = &roles.layout else { return None };
    let is_empty = |at: &usize| {
        let (labels, of_row) = labels(&table.columns[*at], true);
        let empty = labels.iter().position(String::is_empty).map(place)?;
        rows.from.iter().position(|&row| of_row[row as usize] == empty)
    };
    let row = ids.iter().filter(|_| ids.len() > 1).find_map(is_empty)?;
    let name = short(&rows.names[rows.series[row] as usize]);
    Some(format!(
        "A part of the name `{name}` is empty; if the cell means the one above it, write that into it."
    ))
}

/// The cells of a column as names. In a name of several parts, what stands between them is marked inside a part.
pub(super) fn labels(column: &Column, is_part: bool) -> (Vec<String>, Vec<u32>) {
    let part = |text: String| {
        if is_part && text.contains([ID_SEPARATOR, '\\']) {
            text.replace('\\', r"\\").replace(ID_SEPARATOR, r"\/")
        } else {
            text
        }
    };
    match &column.cells {
        Cells::Words { words, of_row } => {
            let texts: Vec<String> =
                words.iter().map(|word| part(normal(&word.shown()).into_owned())).collect();
            distinct(texts, of_row)
        }
        Cells::Numbers(numbers) => {
            by_bits(numbers.iter().map(|number| number.to_bits()), |bits| f64::from_bits(bits).to_string())
        }
        Cells::Dates { dates, zone } => {
            let texts = dates.iter().map(|&date| {
                if date == NO_DATE {
                    String::new()
                } else {
                    zone.map_or(date, |zone| zone.local(date)).to_string()
                }
            });
            distinct(texts.collect(), &(0..place(dates.len())).collect::<Vec<_>>())
        }
    }
}

/// Words that are written alike are one name: a number of a workbook and a text of the same digits.
fn distinct(texts: Vec<String>, of_row: &[u32]) -> (Vec<String>, Vec<u32>) {
    let mut places: HashMap<String, u32> = HashMap::new();
    let mut names = Vec::new();
    let of_text: Vec<u32> = texts
        .into_iter()
        .map(|text| {
            *places.entry(text).or_insert_with_key(|text| {
                names.push(text.clone());
                place(names.len() - 1)
            })
        })
        .collect();
    (names, of_row.iter().map(|&word| of_text[word as usize]).collect())
}

fn by_bits(bits: impl Iterator<Item = u64>, write: impl Fn(u64) -> String) -> (Vec<String>, Vec<u32>) {
    let mut places: HashMap<u64, u32> = HashMap::new();
    let mut names = Vec::new();
    let of_row = bits
        .map(|bits| {
            *places.entry(bits).or_insert_with(|| {
                names.push(write(bits));
                place(names.len() - 1)
            })
        })
        .collect();
    (names, of_row)
}

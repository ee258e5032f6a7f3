//! What was read of a file, in words and figures.

use kernel::counted;
use wire::datasets::{ColumnRole, LeftOut, Report, ReportColumn};

use super::date::Form;
use super::number::Decimal;
use super::profile::Kind;
use super::roles::{IDS, Layout, Roles};
use super::seen::Seen;
use super::source::{Encoding, Facts, Packed};
use super::table::{Cells, Table, Word};
use crate::dated::Use;
use crate::outside::short;

/// So many columns and series are told; all are counted.
const TOLD: usize = 100;

/// What was found before the rows became series.
pub(super) struct Told<'a> {
    pub(super) facts: &'a Facts,
    pub(super) table: &'a Table,
    pub(super) roles: &'a Roles,
    pub(super) decimal: Option<Decimal>,
    pub(super) form: Option<Form>,
    /// Rows of the table.
    pub(super) rows: u64,
    /// What is to be said of them and their series.
    pub(super) notes: Vec<String>,
}

/// The report of a table.
pub(super) fn report(told: &Told<'_>, seen: &Seen) -> Report {
    let Told { facts, table, roles, decimal, form, rows, notes: of_rows } = told;
    let mut notes: Vec<String> = decoded(facts, table).into_iter().chain(notes_of(facts)).collect();
    notes.extend(each_column(table, &roles.layout));
    notes.extend(roles.notes.iter().cloned());
    notes.extend(unread(table, roles, seen));
    notes.extend(past(table, roles));
    notes.extend(used(seen));
    notes.extend(of_rows.iter().cloned());
    let columns = (0..table.columns.len().min(TOLD))
        .map(|at| ReportColumn { name: short(&table.columns[at].name), role: role_of(at, roles) });
    Report {
        layout: match roles.layout {
            Layout::Long { .. } => wire::datasets::Layout::Long,
            Layout::Columns { .. } => wire::datasets::Layout::Columns,
            Layout::Rows { .. } => wire::datasets::Layout::Rows,
        },
        columns: columns.collect(),
        columns_total: table.columns.len() as u64,
        decimal: decimal.map(|decimal| decimal.mark().to_string()),
        date_format: form.map(|form| form.word().to_owned()),
        rows: *rows,
        ..of_series(facts, seen, notes)
    }
}

/// What is the same of every layout.
pub(super) fn of_series(facts: &Facts, seen: &Seen, mut notes: Vec<String>) -> Report {
    notes.extend(seen.weekdays());
    let (first_date, last_date) = seen.ends.unwrap_or_default();
    let left_out = || seen.left_out.iter().chain(&seen.off_grid);
    Report {
        kind: kind_of(facts),
        layout: wire::datasets::Layout::Lists,
        columns: Vec::new(),
        columns_total: 0,
        separator: facts
            .separator
            .map(|byte| if byte == b'\t' { "tab".to_owned() } else { char::from(byte).to_string() }),
        encoding: facts.encoding.map(|encoding| encoding.as_str().to_owned()),
        decimal: None,
        date_format: None,
        frequency: seen.frequency.map(Into::into),
        rows: seen.series,
        series: seen.series,
        values: seen.values,
        missing_dates: seen.missing_dates,
        first_date,
        last_date,
        left_out: left_out()
            .take(TOLD)
            .map(|(name, reason)| LeftOut { name: name.clone(), reason: reason.clone() })
            .collect(),
        left_out_total: left_out().count() as u64,
        notes,
    }
}

/// Whether dates are texts, which have a form.
pub(super) fn has_text_dates(roles: &Roles) -> bool {
    match &roles.layout {
        Layout::Long { date, .. } | Layout::Columns { date, .. } => {
            !matches!(roles.kinds[*date], Kind::Dates(super::date::Found::Moments))
        }
        Layout::Rows { .. } => true,
    }
}

fn kind_of(facts: &Facts) -> String {
    let packed = facts.packed.map_or("", |packed| match packed {
        Packed::Gzip => " (gzip)",
        Packed::Zip => " (zip)",
    });
    format!("{}{packed}", facts.kind)
}

fn role_of(at: usize, roles: &Roles) -> ColumnRole {
    if roles.known.contains(&at) {
        return ColumnRole::Known;
    }
    if roles.past.contains(&at) {
        return ColumnRole::Past;
    }
    match &roles.layout {
        Layout::Long { ids, date, value } => match at {
            at if ids.contains(&at) => ColumnRole::Id,
            at if at == *date => ColumnRole::Date,
            at if at == *value => ColumnRole::Value,
            at if roles.groups.contains(&at) => ColumnRole::Group,
            _ => ColumnRole::Unread,
        },
        Layout::Columns { date, series } => match at {
            at if at == *date => ColumnRole::Date,
            at if series.contains(&at) => ColumnRole::Series,
            _ => ColumnRole::Unread,
        },
        Layout::Rows { ids, dates, .. } => match at {
            at if ids.contains(&at) => ColumnRole::Id,
            at if dates.contains(&at) => ColumnRole::Date,
            _ => ColumnRole::Unread,
        },
    }
}

/// How a text was decoded that is not the usual one, with a word by which a reader sees whether that is right.
fn decoded(facts: &Facts, table: &Table) -> Option<String> {
    let encoding = facts.encoding.filter(|encoding| *encoding != Encoding::Utf8)?;
    if facts.has_stated_encoding {
        return Some(format!("The text is read as {encoding}, which was stated."));
    }
    if encoding != Encoding::Windows1252 {
        return Some(format!("The text is read as {encoding}."));
    }
    let words = table.columns.iter().flat_map(|column| match &column.cells {
        Cells::Words { words, .. } => words.as_slice(),
        _ => &[],
    });
    let texts = words.filter_map(|word| match word {
        Word::Text(text) => Some(text),
        _ => None,
    });
    let all = || {
        table.columns.iter().map(|column| &column.name).chain(texts.clone()).filter(|text| !text.is_ascii())
    };
    // What another encoding is taken for shows best in signs that names seldom have.
    let is_odd = |c: char| !c.is_ascii() && (!c.is_alphabetic() || c > 'ÿ');
    let example = all().find(|text| text.chars().any(is_odd)).or_else(|| all().next());
    let example = example.map_or_else(String::new, |text| format!(", as in `{}`", short(text)));
    Some(format!(
        "The text is no UTF-8 and is read as {encoding}{example}; if that is not what it says, state the encoding."
    ))
}

/// The series of a table that has one a column.
fn each_column(table: &Table, layout: &Layout) -> Option<String> {
    let Layout::Columns { series, .. } = layout else { return None };
    let named: Vec<String> =
        series.iter().take(3).map(|&at| format!("`{}`", short(&table.columns[at].name))).collect();
    let more = if series.len() > 3 { format!(" and {} more", series.len() - 3) } else { String::new() };
    Some(format!("Each column of numbers is a series: {}{more}.", named.join(", ")))
}

/// What was found out about the file before its cells were looked at.
fn notes_of(facts: &Facts) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(member) = &facts.member {
        notes.push(format!("The archive holds `{}`.", short(member)));
    }
    if let Some(sheet) = &facts.sheet {
        let others: Vec<String> =
            facts.other_sheets.iter().map(|name| format!("`{}`", short(name))).collect();
        let others = if others.is_empty() { String::new() } else { format!("; not {}", others.join(", ")) };
        notes.push(format!("The sheet `{}` was read{others}.", short(sheet)));
    }
    if let Some(line) = facts.header_line.filter(|_| facts.title_lines > 0) {
        let above = counted(facts.title_lines, "line of title", "lines of title");
        notes.push(format!("The header is on line {line}, below {above}."));
    }
    if let Some(line) = facts.header_line.filter(|_| facts.has_two_headers) {
        notes.push(format!(
            "The header has two lines, {} and {line}, which name the columns together.",
            line - 1
        ));
    }
    if facts.empty_rows > 0 {
        notes.push(format!("{} skipped.", counted(facts.empty_rows, "empty row was", "empty rows were")));
    }
    if facts.short_rows > 0 {
        notes.push(format!(
            "{} fewer cells than the header; the last ones are taken for empty.",
            counted(facts.short_rows, "row has", "rows have")
        ));
    }
    for name in facts.without_results.iter().take(5) {
        notes.push(format!(
            "The column `{}` has formulas without results: open and save the workbook first.",
            short(name)
        ));
    }
    for renamed in facts.renamed.iter().take(5) {
        notes.push(format!(
            "The second column `{}` is called `{}`.",
            short(&renamed.from),
            short(&renamed.to)
        ));
    }
    notes
}

/// Columns that nothing reads, but those that no file means anything by.
fn unread(table: &Table, roles: &Roles, seen: &Seen) -> Option<String> {
    let is_unread = |at: &usize| {
        let is_empty = roles.kinds[*at] == Kind::Empty;
        let is_told = roles.totals.contains(at);
        role_of(*at, roles) == ColumnRole::Unread
            && !is_empty
            && !is_told
            && !table.columns[*at].name.is_empty()
    };
    let unread: Vec<usize> = (0..table.columns.len()).filter(is_unread).collect();
    let shown: Vec<String> =
        unread.iter().take(10).map(|&at| format!("`{}`", short(&table.columns[at].name))).collect();
    let more = unread.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let could_be_known = seen.uses.is_empty()
        && unread.iter().any(|&at| {
            let names_rows = IDS.iter().any(|name| table.place(name) == Some(at));
            let has_numbers =
                matches!(table.columns[at].cells, Cells::Numbers(_)) || roles.kinds[at] == Kind::Numbers;
            has_numbers && !names_rows
        });
    let hint = if could_be_known {
        "; if they are known beforehand (prices, promotions), name them as known; if only up to the last value (orders, stock), as past"
    } else {
        ""
    };
    (!unread.is_empty()).then(|| format!("Not read: {}{more}{hint}.", shown.join(", ")))
}

/// What reads the columns that are known only up to the last value.
fn past(table: &Table, roles: &Roles) -> Option<String> {
    let names: Vec<String> =
        roles.past.iter().map(|&at| format!("`{}`", short(&table.columns[at].name))).collect();
    (!names.is_empty()).then(|| {
        format!(
            "Known only up to the last value: {}; models of all series together read what was known a horizon and a row before.",
            names.join(", ")
        )
    })
}

/// What the columns that are known beforehand are used as.
fn used(seen: &Seen) -> Option<String> {
    let word = |used: Use| match used {
        Use::Price => Some("the price"),
        Use::Promotion => Some("promotions"),
        Use::Holiday => Some("holidays"),
        Use::Fact => Some("a fact that only models of all series together read"),
        Use::Past => None,
    };
    let columns = seen.uses.iter();
    let said: Vec<String> =
        columns.filter_map(|(name, used)| Some(format!("`{}` as {}", short(name), word(*used)?))).collect();
    (!said.is_empty()).then(|| format!("Known beforehand: {}.", said.join(", ")))
}

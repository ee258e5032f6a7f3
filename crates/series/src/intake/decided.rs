//! What the cells of a table mean.

use wire::datasets::Report;

use super::cells::Reading;
use super::date::Form;
use super::error::IntakeError;
use super::group::{Grouped, group};
use super::number::Decimal;
use super::report::{Told, report};
use super::roles::{Layout, Roles};
use super::rows::Rows;
use super::seen::Seen;
use super::source::Facts;
use super::table::Table;
use super::{Asked, beforehand, decimal, names, roles_of, rows_of, units};
use crate::calendar::Frequency;

/// What was decided about a table before its series are looked at one by one.
pub(super) struct Decided {
    /// Without its cells.
    pub(super) table: Table,
    pub(super) roles: Roles,
    /// The decimal mark, and whether any number has one.
    pub(super) decimal: (Decimal, bool),
    pub(super) form: Option<Form>,
    pub(super) frequency: Option<Frequency>,
    /// What is to be said of the rows.
    pub(super) notes: Vec<String>,
}

impl Decided {
    pub(super) fn report(&self, facts: &Facts, asked: &Asked, seen: &Seen) -> Report {
        let coarser = asked.rhythm.is_none().then(|| seen.coarser()).flatten();
        let decimal = self.decimal.1.then_some(self.decimal.0);
        let told = Told {
            facts,
            table: &self.table,
            roles: &self.roles,
            decimal,
            form: self.form,
            rows: self.table.rows as u64,
            notes: self.notes.iter().cloned().chain(seen.odd()).chain(coarser).collect(),
        };
        report(&told, seen)
    }
}

/// What the columns of a table are for, and its rows.
pub(super) struct Understood {
    pub(super) roles: Roles,
    rows: Rows,
    /// The decimal mark, and whether any number has one.
    decimal: (Decimal, bool),
}

pub(super) fn understand(table: &mut Table, facts: &Facts, asked: &Asked) -> Result<Understood, IntakeError> {
    if table.rows == 0 {
        return Err(IntakeError::NoRows);
    }
    let decimal = decimal(table, facts, asked)?;
    let mut roles = roles_of(table, asked, decimal.0)?;
    if let Layout::Columns { series, .. } | Layout::Rows { dates: series, .. } = &roles.layout
        && table.rows.saturating_mul(series.len()) > asked.limits.rows
    {
        return Err(IntakeError::TooMany { what: "values", limit: asked.limits.rows });
    }
    let reading = Reading { decimal: decimal.0, form: asked.date_form()?, zone: asked.time_zone };
    let rows = rows_of(table, &mut roles, reading, asked)?;
    Ok(Understood { roles, rows, decimal })
}

/// What the cells of a table mean, and its rows by series.
pub(super) fn decide(
    mut table: Table,
    facts: &Facts,
    asked: &Asked,
) -> Result<(Decided, Grouped), IntakeError> {
    let Understood { mut roles, mut rows, decimal } = understand(&mut table, facts, asked)?;
    beforehand::adopt_known(&table, &mut roles, decimal.0, &mut rows);
    rows.know_of_the_past(&table, &roles, decimal.0);
    if let Layout::Columns { series, .. } = &mut roles.layout {
        series.retain(|at| !rows.totals.contains(at));
        roles.totals.clone_from(&rows.totals);
    }
    roles.notes.extend(names::note_of_empty_parts(&table, &roles, &rows));
    roles.notes.extend(units::notes(&table, &roles.layout));
    roles.groups = names::grouping(&table, &roles, &rows);
    names::name_the_only(&table, &roles, asked, &mut rows);
    rows.group(&table, &roles);
    rows.leave_out_sums();
    if rows.names.len() > asked.limits.series {
        return Err(IntakeError::TooMany { what: "series", limit: asked.limits.series });
    }
    let form = rows.form;
    table.forget_cells();
    let mut grouped = group(rows, &table.lines, asked)?;
    let (frequency, notes) = (grouped.frequency, std::mem::take(&mut grouped.notes));
    Ok((Decided { table, roles, decimal, form, frequency, notes }, grouped))
}

//! Which of a table's columns are read.

use super::Columns;
use super::error::{ColumnarError, Role};

const IDS: [&str; 6] = ["unique_id", "series", "series_id", "id", "item_id", "item"];
const DATES: [&str; 5] = ["ds", "date", "day", "timestamp", "start"];
const VALUES: [&str; 5] = ["y", "value", "values", "quantity", "sales"];

/// The positions of the columns that are read.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    /// The columns that name a series; none if the whole table is one.
    pub(super) ids: Vec<Column>,
    /// The column of dates; lists may have none.
    pub(super) date: Option<Column>,
    /// The column of values or lists.
    pub(super) value: Column,
}

/// A column of the table.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) at: usize,
}

impl Chosen {
    /// The columns asked for by name, and by their usual names those that were not.
    pub(super) fn of(columns: &Columns, header: &[String]) -> Result<Self, ColumnarError> {
        let mut ids = Vec::with_capacity(columns.ids.len());
        for id in &columns.ids {
            ids.push(named(header, id).ok_or_else(|| missing(Role::Id, id.clone(), header))?);
        }
        if ids.is_empty() {
            ids.extend(usual(header, &IDS));
        }
        let date = match &columns.date {
            Some(name) => Some(named(header, name).ok_or_else(|| missing(Role::Date, name.clone(), header))?),
            None => usual(header, &DATES),
        };
        let value = match &columns.value {
            Some(name) => named(header, name).ok_or_else(|| missing(Role::Value, name.clone(), header))?,
            None => {
                usual(header, &VALUES).ok_or_else(|| missing(Role::Value, VALUES.join("`, `"), header))?
            }
        };
        Ok(Self { ids, date, value })
    }

    /// The columns that name a series, which lists must have.
    pub(super) fn ids(&self, header: &[String]) -> Result<&[Column], ColumnarError> {
        if self.ids.is_empty() {
            return Err(missing(Role::Id, IDS.join("`, `"), header));
        }
        Ok(&self.ids)
    }

    /// The positions that are read, ascending and each of them once.
    pub(super) fn positions(&self) -> Vec<usize> {
        let columns = self.ids.iter().chain(&self.date).chain([&self.value]);
        let mut positions: Vec<usize> = columns.map(|column| column.at).collect();
        positions.sort_unstable();
        positions.dedup();
        positions
    }

    /// The same columns in a table that has only these.
    pub(super) fn projected(mut self) -> Self {
        let positions = self.positions();
        let columns = self.ids.iter_mut().chain(&mut self.date).chain([&mut self.value]);
        for column in columns {
            column.at = positions.binary_search(&column.at).expect("every column's position is listed");
        }
        self
    }
}

fn named(header: &[String], name: &str) -> Option<Column> {
    let at = header.iter().position(|column| column == name)?;
    Some(Column { name: name.to_owned(), at })
}

fn usual(header: &[String], names: &[&str]) -> Option<Column> {
    let found = |name: &&str| header.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
    let at = names.iter().find_map(found)?;
    Some(Column { name: header[at].clone(), at })
}

fn missing(role: Role, wanted: String, header: &[String]) -> ColumnarError {
    ColumnarError::MissingColumn { role, wanted, columns: header.to_vec() }
}

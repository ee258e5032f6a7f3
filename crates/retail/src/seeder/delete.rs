//! Empties the tables.

use std::str::FromStr;

use kernel::{Class, Fault, FieldError, Tenant, WriteDb};
use serde::Serialize;

use super::counts::{Table, TableCounts};
use super::{SeederError, one_at_a_time};
use crate::sql;

/// How much to delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything that was generated.
    All,
    /// Facts, prices, promotions and signals; stores, products and the calendar stay.
    Facts,
    /// Stores, products and the calendar; the facts go with them, because they cannot be without.
    Dimensions,
}

/// A scope that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no scope `{name}`; choose one of all, facts, dimensions")]
pub struct UnknownScope {
    /// What was given.
    pub name: String,
}

impl Fault for UnknownScope {
    fn class(&self) -> Class {
        Class::Invalid
    }

    fn code(&self) -> &'static str {
        "VALIDATION_ERROR"
    }

    fn fields(&self) -> Vec<FieldError> {
        vec![FieldError::new("scope", "must be one of all, facts, dimensions")]
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(name: &str) -> Result<Self, UnknownScope> {
        match name {
            "all" => Ok(Self::All),
            "facts" => Ok(Self::Facts),
            "dimensions" => Ok(Self::Dimensions),
            _ => Err(UnknownScope { name: name.chars().take(100).collect() }),
        }
    }
}

impl Scope {
    fn has(self, table: Table) -> bool {
        self != Self::Facts || !table.is_dimension()
    }
}

/// What was deleted, or would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Deleted {
    /// Whether the rows are still there.
    pub dry_run: bool,
    /// Rows per table.
    pub records_deleted: TableCounts,
}

/// Deletes a tenant's rows, or only counts them. Imported series stay.
pub async fn delete(
    write: &WriteDb,
    tenant: Tenant,
    scope: Scope,
    dry_run: bool,
) -> Result<Deleted, SeederError> {
    let mut records_deleted = TableCounts::default();
    write
        .write("retail.delete", async |tx| {
            one_at_a_time(tx, tenant).await?;
            for table in Table::LEAVES_FIRST.into_iter().filter(|&table| scope.has(table)) {
                *records_deleted.of_mut(table) = if dry_run {
                    table.count(tx, tenant).await?
                } else {
                    let change = format!("DELETE FROM {} WHERE {}", table.name(), table.is_of_tenant());
                    sql::execute(tx, &change, [tenant.id().into()]).await?
                };
            }
            Ok::<_, SeederError>(())
        })
        .await?;
    Ok(Deleted { dry_run, records_deleted })
}

//! What is stored of a run, each row read by itself: one that cannot be read is a finding, and no failure of the check.

use kernel::{Class, Fault, ReadDb, RunId, Tenant};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryTrait, Select,
};

use crate::run::Run;
use crate::table::run;

/// Rows, and what is wrong with those that cannot be read.
pub(super) struct Found<T> {
    pub rows: Vec<T>,
    pub problems: Vec<String>,
}

/// A run's row as it stands in the table, and as it is understood.
pub(super) struct StoredRun {
    pub row: run::Model,
    pub run: Run,
}

/// What is wrong with a row, unless the database as a whole is in trouble.
pub(super) fn finding(error: DbErr) -> Result<String, DbErr> {
    match error {
        DbErr::Type(what) => Ok(what),
        error if error.class() == Class::Internal => Ok(error.to_string()),
        error => Err(error),
    }
}

/// The row of a run, if there is one.
pub(super) async fn run(
    db: &ReadDb,
    tenant: Tenant,
    id: RunId,
) -> Result<Option<Result<StoredRun, String>>, DbErr> {
    let query = run::Entity::find_by_id(id).filter(run::Column::TenantId.eq(tenant.id()));
    let Some(found) = db.conn().query_one_raw(query.build(db.backend())).await? else { return Ok(None) };
    let stored = run::Model::from_query_result(&found, "")
        .and_then(|row| Ok(StoredRun { run: Run::try_from(row.clone())?, row }));
    match stored {
        Ok(stored) => Ok(Some(Ok(stored))),
        Err(error) => Ok(Some(Err(format!("the run's row cannot be read: {}", finding(error)?)))),
    }
}

/// The rows of a table, as they stand there and as they are understood.
pub(super) async fn rows<E: EntityTrait, T>(
    db: &ReadDb,
    select: Select<E>,
    what: &str,
) -> Result<Found<(E::Model, T)>, DbErr>
where
    E::Model: Clone,
    T: TryFrom<E::Model, Error = DbErr>,
{
    let mut found = Found { rows: Vec::new(), problems: Vec::new() };
    for row in db.conn().query_all_raw(select.build(db.backend())).await? {
        let read = E::Model::from_query_result(&row, "").and_then(|row| Ok((row.clone(), T::try_from(row)?)));
        match read {
            Ok(row) => found.rows.push(row),
            Err(error) => {
                found.problems.push(format!("a row of `{what}` cannot be read: {}", finding(error)?));
            }
        }
    }
    Ok(found)
}

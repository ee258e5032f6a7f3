//! Statements that are clearer in SQL. Both databases know `$1`.

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

/// A statement with its values.
pub(crate) fn statement(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
}

/// The one row of a query that always has one.
pub(crate) async fn one(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<QueryResult, DbErr> {
    let row = db.query_one_raw(statement(db, sql, values)).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("an aggregate has one row".to_owned()))
}

/// A count.
pub(crate) async fn count(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbErr> {
    let count: i64 = one(db, sql, values).await?.try_get_by_index(0)?;
    Ok(count.unsigned_abs())
}

/// Runs a change and says how many rows it met.
pub(crate) async fn execute(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbErr> {
    Ok(db.execute_raw(statement(db, sql, values)).await?.rows_affected())
}

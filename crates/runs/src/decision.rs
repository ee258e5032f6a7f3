//! The rows behind questions.

use frames::Decision;
use kernel::{Clock, ReadDb, RunId, WriteDb};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, Set,
};

use crate::context::Question;
use crate::table::decision;
use kernel::row::{time, unreadable};

impl TryFrom<decision::Model> for wire::runs::Question {
    type Error = DbErr;

    fn try_from(row: decision::Model) -> Result<Self, DbErr> {
        Ok(Self {
            name: row.name,
            title: row.title,
            detail: row.detail,
            asked_at: time(row.requested_us)?,
            expires_at: row.expires_us.map(time).transpose()?,
            decision: row.decision.as_deref().map(word).transpose()?,
            reason: row.reason,
        })
    }
}

fn word(text: &str) -> Result<wire::runs::Decision, DbErr> {
    text.parse().map_err(|_| unreadable("decision"))
}

/// An answer and its reason.
pub(crate) type Answer = (Decision, Option<String>);

/// Notes that a run asks, once, and returns the answer if there is one. A question whose time is over is answered by
/// that.
pub(crate) async fn asked(
    write: &WriteDb,
    clock: &dyn Clock,
    run: RunId,
    question: &Question,
) -> Result<Option<Answer>, DbErr> {
    write
        .write("ask", async |tx| {
            let Some(row) = locked(tx, run, &question.name).await? else {
                insert(tx, clock, run, question).await?;
                return Ok(None);
            };
            if let Some(word) = &row.decision {
                return Ok(Some((parse(word)?, row.reason)));
            }
            if row.expires_us.is_none_or(|expires_us| clock.now_us() < expires_us) {
                return Ok(None);
            }
            settle(tx, clock, row, Decision::TimedOut, None).await?;
            Ok(Some((Decision::TimedOut, None)))
        })
        .await
}

pub(crate) async fn locked(
    tx: &DatabaseTransaction,
    run: RunId,
    name: &str,
) -> Result<Option<decision::Model>, DbErr> {
    decision::Entity::find_by_id((run, name.to_owned())).lock_exclusive().one(tx).await
}

pub(crate) async fn settle(
    tx: &DatabaseTransaction,
    clock: &dyn Clock,
    row: decision::Model,
    answer: Decision,
    reason: Option<String>,
) -> Result<(), DbErr> {
    let mut row = decision::ActiveModel::from(row);
    row.decision = Set(Some(answer.as_str().to_owned()));
    row.reason = Set(reason);
    row.decided_us = Set(Some(clock.now_us()));
    row.update(tx).await?;
    Ok(())
}

/// All questions of a run, by name.
pub(crate) async fn of_run(db: &ReadDb, run: RunId) -> Result<Vec<decision::Model>, DbErr> {
    rows(run).all(db.conn()).await
}

pub(crate) fn rows(run: RunId) -> Select<decision::Entity> {
    decision::Entity::find().filter(decision::Column::RunId.eq(run)).order_by_asc(decision::Column::Name)
}

/// Whether the question that was asked last has its answer.
pub(crate) async fn newest_is_answered(tx: &DatabaseTransaction, run: RunId) -> Result<bool, DbErr> {
    let newest = decision::Entity::find()
        .filter(decision::Column::RunId.eq(run))
        .order_by_desc(decision::Column::RequestedUs)
        .order_by_desc(decision::Column::Name)
        .one(tx)
        .await?;
    Ok(newest.is_some_and(|row| row.decided_us.is_some()))
}

pub(crate) fn parse(word: &str) -> Result<Decision, DbErr> {
    [Decision::Approved, Decision::Rejected, Decision::TimedOut]
        .into_iter()
        .find(|decision| decision.as_str() == word)
        .ok_or_else(|| unreadable("decision"))
}

async fn insert(
    tx: &DatabaseTransaction,
    clock: &dyn Clock,
    run: RunId,
    question: &Question,
) -> Result<(), DbErr> {
    let row = decision::ActiveModel {
        run_id: Set(run),
        name: Set(question.name.clone()),
        title: Set(question.title.clone()),
        detail: Set(question.detail.clone()),
        requested_us: Set(clock.now_us()),
        expires_us: Set(question.expires_at.map(|at| at.timestamp_micros())),
        decided_us: Set(None),
        decision: Set(None),
        reason: Set(None),
    };
    row.insert(tx).await?;
    Ok(())
}

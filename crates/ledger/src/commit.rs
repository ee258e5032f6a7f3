//! Group commit: what waits is written in one transaction, made durable by one flush, and then answered.

use std::collections::BTreeMap;

use kernel::{Fault, RunId, WriteDb};
use sea_orm::{DatabaseTransaction, DbErr};
use tokio::sync::mpsc;

use crate::append::Append;
use crate::feed::Feeds;
use crate::tail::{Tail, store};
use crate::{Error, Head, table};

/// More appends than this go into the next group; the bytes of a group are bounded by what may wait.
const GROUP_APPENDS: usize = 8192;

/// So much is hashed in about a millisecond; then other tasks of the thread have their turn.
const TURN_BYTES: usize = 1 << 20;

/// The appends of a group, by run, in the order they came. Sorted, so that ledgers are locked in one order.
type Group = BTreeMap<RunId, Vec<Append>>;

/// One answer per append, in the same order.
type Answers = BTreeMap<RunId, Vec<Result<Head, Error>>>;

/// Commits until nobody can append any more and nothing waits.
pub(crate) async fn commit_all(mut waiting: mpsc::UnboundedReceiver<Append>, db: WriteDb, feeds: Feeds) {
    let mut appends = Vec::new();
    while waiting.recv_many(&mut appends, GROUP_APPENDS).await > 0 {
        let mut group = Group::new();
        for append in appends.drain(..) {
            group.entry(append.run).or_default().push(append);
        }
        commit(&db, &feeds, group).await;
    }
}

/// When the database refuses a group, each run is tried alone, so that one run's trouble is not another's. A database
/// that is not there is not asked again for each.
async fn commit(db: &WriteDb, feeds: &Feeds, group: Group) {
    let written = match write(db, &group).await {
        // The same bytes at the same place are no second append, so a group whose commit went unanswered may be repeated.
        Err(error) if db.has_lost_connection(&error) => write(db, &group).await,
        written => written,
    };
    match written {
        Ok(answers) => answer(feeds, group, answers),
        Err(error) if group.len() == 1 || error.is_retryable() => refuse(group, &error),
        Err(error) => {
            kernel::warn_seldom!(runs = group.len(), %error, "a group commit failed, each run is written alone");
            for (run, appends) in group {
                let alone = Group::from([(run, appends)]);
                match write(db, &alone).await {
                    Ok(answers) => answer(feeds, alone, answers),
                    Err(error) => refuse(alone, &error),
                }
            }
        }
    }
}

async fn write(db: &WriteDb, group: &Group) -> Result<Answers, DbErr> {
    db.write("append frames", async |tx| {
        let rows = table::lock(tx, group.keys().copied()).await?;
        let mut answers = Answers::new();
        let mut tails = Vec::with_capacity(rows.len());
        let mut turn_bytes = 0;
        for row in &rows {
            let appends = &group[&row.run_id];
            let mut tail = match Tail::new(row) {
                Ok(tail) => tail,
                Err(damaged) => {
                    answers.insert(row.run_id, vec![Err(damaged); appends.len()]);
                    continue;
                }
            };
            for append in appends {
                answers.entry(row.run_id).or_default().push(add(tx, &mut tail, append).await?);
                turn_bytes += append.size_bytes;
                if turn_bytes >= TURN_BYTES {
                    turn_bytes = 0;
                    tokio::task::yield_now().await;
                }
            }
            tails.push(tail);
        }
        store(tx, tails).await?;
        Ok(answers)
    })
    .await
}

/// The answer to one append, unless the database failed: after that PostgreSQL takes no other statement in this
/// transaction.
async fn add(
    tx: &DatabaseTransaction,
    tail: &mut Tail,
    append: &Append,
) -> Result<Result<Head, Error>, DbErr> {
    match tail.append(tx, append.fence, append.first_seq, &append.frames).await {
        Err(Error::Db(error)) => Err(error),
        answer => Ok(answer),
    }
}

/// A writer that no longer waits for its answer does not mind missing it.
fn answer(feeds: &Feeds, group: Group, mut answers: Answers) {
    for (run, appends) in group {
        feeds.ring(run);
        let answers =
            answers.remove(&run).unwrap_or_else(|| vec![Err(Error::UnknownRun { run }); appends.len()]);
        for (append, answer) in appends.into_iter().zip(answers) {
            append.answer.send(answer).ok();
        }
    }
}

fn refuse(group: Group, error: &DbErr) {
    for append in group.into_values().flatten() {
        append.answer.send(Err(Error::Db(error.clone()))).ok();
    }
}

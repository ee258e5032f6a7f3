//! Cuts: from where on a conversation's replay leaves out what there was.
//!
//! A cut stands at a frame of a run. What came after it until then, the rest of that run and the runs submitted later, is
//! left out of the conversation's replay, which shows the cut in its place; what is submitted afterwards follows on it, as
//! the next segment. Nothing is erased: each run's own replay, its chain and its place in the log of ends stay whole.

use kernel::{Class, Clock, ConversationId, Fault, FieldError, ReadDb, RunId, Tenant, WriteDb};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use wire::access::TokenId;
use wire::runs::{Cut, Truncate};

use super::find;
use crate::table::{conversation_cut, run};
use kernel::row::{number, time};

/// So many cuts a conversation takes.
const MAX_CUTS: usize = 1000;

/// A conversation was not cut.
#[derive(Debug, thiserror::Error)]
pub enum CutError {
    /// No such conversation for this tenant.
    #[error("conversation {0} does not exist")]
    NotFound(ConversationId),
    /// A field that cannot be.
    #[error("the cut is not valid: {} {}", .0.field, .0.message)]
    Invalid(FieldError),
    /// The place is left out already.
    #[error("frame {seq} of run {run} lies behind cut {number} of the conversation already")]
    LeftOut {
        /// The run.
        run: RunId,
        /// The frame.
        seq: u64,
        /// The cut before it.
        number: u32,
    },
    /// There is nothing to leave out.
    #[error("nothing of the conversation lies behind frame {seq} of run {run}")]
    NothingBehind {
        /// The run.
        run: RunId,
        /// The frame.
        seq: u64,
    },
    /// It was cut too often.
    #[error("conversation {0} was cut {MAX_CUTS} times already: open another one")]
    TooMany(ConversationId),
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Fault for CutError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound(_) => Class::NotFound,
            Self::Invalid(_) => Class::Invalid,
            Self::LeftOut { .. } | Self::NothingBehind { .. } | Self::TooMany(_) => Class::Conflict,
            Self::Ledger(error) => error.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "CONVERSATION_NOT_FOUND",
            Self::Invalid(_) => "INVALID_CUT",
            Self::LeftOut { .. } => "ALREADY_CUT",
            Self::NothingBehind { .. } => "NOTHING_TO_CUT",
            Self::TooMany(_) => "TOO_MANY_CUTS",
            Self::Ledger(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid(field) => vec![field.clone()],
            _ => Vec::new(),
        }
    }
}

impl TryFrom<conversation_cut::Model> for Cut {
    type Error = DbErr;

    fn try_from(row: conversation_cut::Model) -> Result<Self, DbErr> {
        Ok(Self {
            number: number("cut", row.number)?,
            run_id: row.run_id,
            seq: number("seq", row.seq)?,
            through_run_id: row.through_run_id,
            runs: number("runs", row.runs)?,
            frames: number("frames", row.frames)?,
            cut_at: time(row.cut_us)?,
            cut_by: row.cut_by,
        })
    }
}

/// Who cuts a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cutting {
    /// Whose conversation it must be.
    pub tenant: Tenant,
    /// The token that was shown.
    pub by: Option<TokenId>,
}

/// Cuts a conversation. The same cut again, with nothing new behind it, changes nothing; `true` says that it is new.
pub async fn truncate(
    write: &WriteDb,
    ledger: &ledger::Reader,
    clock: &dyn Clock,
    Cutting { tenant, by }: Cutting,
    id: ConversationId,
    at: Truncate,
) -> Result<(Cut, bool), CutError> {
    let cut = write.write("cut conversation", async |tx| {
        let found = Found::look(tx, ledger, tenant, id, at).await?;
        let (runs, frames) = found.shown_behind(ledger, tenant, at).await?;
        if runs == 0 {
            match found.cuts.at(at.run_id, at.seq) {
                Some(cut) => return Ok((cut.clone(), false)),
                None if found.head.is_closed => {
                    return Err(CutError::NothingBehind { run: at.run_id, seq: at.seq });
                }
                // What comes of a run that goes on lies behind the cut.
                None => {}
            }
        }
        let cut = Cut {
            number: found.cuts.next_number().ok_or(CutError::TooMany(id))?,
            run_id: at.run_id,
            seq: at.seq,
            through_run_id: found.behind.last().copied().unwrap_or(at.run_id),
            runs,
            frames,
            cut_at: clock.now(),
            cut_by: by,
        };
        insert(tx, tenant, id, &cut).await?;
        Ok((cut, true))
    });
    cut.await
}

/// A conversation as it is found by who cuts it.
struct Found {
    /// The run of the cut and those that were submitted later.
    behind: Vec<RunId>,
    head: ledger::Head,
    cuts: Cuts,
}

impl Found {
    /// Looks whether the cut can be made.
    async fn look(
        tx: &DatabaseTransaction,
        ledger: &ledger::Reader,
        tenant: Tenant,
        id: ConversationId,
        at: Truncate,
    ) -> Result<Self, CutError> {
        find(tx, tenant, id).await?.ok_or(CutError::NotFound(id))?;
        let behind = runs_from(tx, tenant, id, at.run_id, None).await?;
        if behind.first() != Some(&at.run_id) {
            return Err(CutError::Invalid(FieldError::new("run_id", "must be a run of the conversation")));
        }
        let head = ledger.head(tenant, at.run_id).await?;
        if at.seq > head.seq {
            let message = format!("must be at most {}, the run's last frame", head.seq);
            return Err(CutError::Invalid(FieldError::new("seq", message)));
        }
        let cuts = Cuts::read(tx, tenant, id).await?;
        if let Some(cut) = cuts.before(at.run_id, at.seq) {
            return Err(CutError::LeftOut { run: at.run_id, seq: at.seq, number: cut.number });
        }
        Ok(Self { behind, head, cuts })
    }

    /// Of how many runs something is shown behind the place, and how many frames.
    async fn shown_behind(
        &self,
        ledger: &ledger::Reader,
        tenant: Tenant,
        at: Truncate,
    ) -> Result<(u64, u64), CutError> {
        let shown = |run: &RunId| self.cuts.shown_of(*run).unwrap_or(u64::MAX);
        let later: Vec<RunId> = self.behind[1..].iter().copied().filter(|run| shown(run) > 0).collect();
        let heads = ledger.heads(tenant, &later).await?;
        let of_later: u64 = heads.iter().map(|(run, head)| head.seq.min(shown(run))).sum();
        let of_run = self.head.seq.min(shown(&at.run_id)).saturating_sub(at.seq);
        Ok((later.len() as u64 + u64::from(of_run > 0), of_later + of_run))
    }
}

async fn insert(
    tx: &DatabaseTransaction,
    tenant: Tenant,
    id: ConversationId,
    cut: &Cut,
) -> Result<(), DbErr> {
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let row = conversation_cut::ActiveModel {
        conversation_id: Set(id),
        number: Set(i32::try_from(cut.number).unwrap_or(i32::MAX)),
        tenant_id: Set(tenant.id()),
        run_id: Set(cut.run_id),
        seq: Set(signed(cut.seq)),
        through_run_id: Set(cut.through_run_id),
        runs: Set(signed(cut.runs)),
        frames: Set(signed(cut.frames)),
        cut_us: Set(cut.cut_at.timestamp_micros()),
        cut_by: Set(cut.cut_by),
    };
    conversation_cut::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// The conversation's runs from one on, in the order of their submission, at most so many.
pub(super) async fn runs_from(
    conn: &impl ConnectionTrait,
    tenant: Tenant,
    id: ConversationId,
    from: RunId,
    limit: Option<u64>,
) -> Result<Vec<RunId>, DbErr> {
    let query = run::Entity::find()
        .select_only()
        .column(run::Column::Id)
        .filter(run::Column::TenantId.eq(tenant.id()))
        .filter(run::Column::ConversationId.eq(id))
        .filter(run::Column::Id.gte(from));
    query.order_by_asc(run::Column::Id).limit(limit).into_tuple().all(conn).await
}

/// Every cut of a conversation, first to last, also those that lie behind another one: its lineage.
pub async fn cuts(db: &ReadDb, tenant: Tenant, id: ConversationId) -> Result<Vec<Cut>, DbErr> {
    Ok(Cuts::read(db.conn(), tenant, id).await?.list)
}

/// Behind which of its frames a run is left out of its conversation's replay; nothing where all of it is shown.
pub async fn cut_after(
    db: &ReadDb,
    tenant: Tenant,
    id: ConversationId,
    run: RunId,
) -> Result<Option<u64>, DbErr> {
    Ok(Cuts::read(db.conn(), tenant, id).await?.shown_of(run))
}

/// The cuts of one conversation.
#[derive(Debug, Clone, Default)]
pub(super) struct Cuts {
    list: Vec<Cut>,
}

impl Cuts {
    pub(super) async fn read(
        conn: &impl ConnectionTrait,
        tenant: Tenant,
        id: ConversationId,
    ) -> Result<Self, DbErr> {
        use conversation_cut::{Column, Entity};
        let query =
            Entity::find().filter(Column::ConversationId.eq(id)).filter(Column::TenantId.eq(tenant.id()));
        let rows = query.order_by_asc(Column::Number).all(conn).await?;
        Ok(Self { list: rows.into_iter().map(Cut::try_from).collect::<Result<_, _>>()? })
    }

    /// How many of its first frames a run shows; nothing where it shows all.
    pub(super) fn shown_of(&self, run: RunId) -> Option<u64> {
        self.list.iter().filter_map(|cut| shown(cut, run)).min()
    }

    /// The cut that leaves a frame out and stands first.
    pub(super) fn before(&self, run: RunId, seq: u64) -> Option<&Cut> {
        let leaving_out = self.list.iter().filter(|cut| shown(cut, run).is_some_and(|shown| shown < seq));
        // A cut at the very beginning of a run leaves the run out whose frame 0 nobody asks for.
        let whole = self.list.iter().filter(|cut| cut.run_id < run && run <= cut.through_run_id);
        leaving_out.chain(whole).min_by_key(|cut| (cut.run_id, cut.seq, cut.number))
    }

    /// The number of the next one, as long as there may be one.
    fn next_number(&self) -> Option<u32> {
        u32::try_from(self.list.len() + 1).ok().filter(|_| self.list.len() < MAX_CUTS)
    }

    /// The newest cut at exactly this place.
    fn at(&self, run: RunId, seq: u64) -> Option<&Cut> {
        self.list.iter().rev().find(|cut| (cut.run_id, cut.seq) == (run, seq))
    }

    /// The cuts that stand in a run and are shown, after the one with this number.
    pub(super) fn shown_in(&self, run: RunId, after: u32) -> impl Iterator<Item = &Cut> {
        let is_shown =
            move |cut: &&Cut| cut.run_id == run && cut.number > after && self.before(run, cut.seq).is_none();
        self.list.iter().filter(is_shown)
    }
}

/// How many of its first frames a cut leaves of a run; nothing where it leaves all.
fn shown(cut: &Cut, run: RunId) -> Option<u64> {
    if run == cut.run_id {
        return Some(cut.seq);
    }
    (cut.run_id < run && run <= cut.through_run_id).then_some(0)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const FRAMES: u64 = 4;

    fn run(n: u128) -> RunId {
        RunId(Uuid::from_u128(n))
    }

    /// A conversation that grows by some runs before each cut; what lies behind a cut already is not cut again.
    fn cuts(places: &[(u128, u64, u128)]) -> (Cuts, u128) {
        let (mut cuts, mut runs) = (Cuts::default(), 1);
        for (at, seq, more) in places {
            runs += more;
            let run_id = run(at % runs);
            if cuts.before(run_id, *seq).is_none() {
                cuts.list.push(Cut {
                    number: u32::try_from(cuts.list.len() + 1).unwrap(),
                    run_id,
                    seq: *seq,
                    through_run_id: run(runs - 1),
                    runs: 1,
                    frames: 1,
                    cut_at: DateTime::default(),
                    cut_by: None,
                });
            }
        }
        (cuts, runs)
    }

    proptest! {
        #[test]
        fn what_is_shown_is_what_no_cut_leaves_out_and_cuts_stand_where_it_breaks_off(
            places in vec((0..u128::MAX, 0..=FRAMES, 0_u128..4), 0..8),
        ) {
            let (cuts, runs) = cuts(&places);
            let leaves_out = |cut: &Cut, run: RunId, seq| (run, seq) > (cut.run_id, cut.seq) && run <= cut.through_run_id;
            for n in 0..=runs {
                let run = run(n);
                let shown = cuts.shown_of(run).unwrap_or(u64::MAX);
                for seq in 1..=FRAMES {
                    let is_left_out = cuts.list.iter().any(|cut| leaves_out(cut, run, seq));
                    prop_assert_eq!(seq > shown, is_left_out);
                    prop_assert_eq!(cuts.before(run, seq).is_some(), is_left_out);
                }
                for cut in cuts.shown_in(run, 0) {
                    prop_assert_eq!(cut.seq, shown);
                    prop_assert!(cuts.list.iter().all(|other| !leaves_out(other, run, cut.seq)));
                }
            }
            // Whatever is left out, the cut that stands there first is shown.
            for cut in &cuts.list {
                let first = cuts.before(cut.run_id, cut.seq).unwrap_or(cut);
                prop_assert!(cuts.shown_in(first.run_id, 0).any(|shown| shown.number == first.number));
            }
        }
    }
}

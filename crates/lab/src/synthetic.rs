//! Synthetic calcuttas: auctions of a cohort that candidates join. Who joins or leaves makes another snapshot; those
//! that runs name stay as they are.

use kernel::Tenant;
use kernel::row::{number, time};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use wire::lab::{
    Attach, Attachment, AttachmentId, ChangeSyntheticCalcutta, Entry, EntryId, LabKind, ListLabRuns,
    ListSynthetic, SnapshotContent, SnapshotKind, SyntheticCalcutta, SyntheticCalcuttaId,
    SyntheticCalcuttaRequest, SyntheticRules,
};

use crate::Lab;
use crate::auction::Auction;
use crate::candidate::next_version;
use crate::check::Wrong;
use crate::error::LabError;
use crate::keep::{NewSnapshot, Rows, is_taken};
use crate::market_share::same_tournament;
use crate::reader::Reader;
use crate::table::{attachment, synthetic_calcutta};

impl Lab {
    /// Puts an auction into a cohort. An auction is in a cohort once.
    pub async fn add_synthetic(
        &self,
        tenant: Tenant,
        request: SyntheticCalcuttaRequest,
    ) -> Result<SyntheticCalcutta, LabError> {
        let mut wrong = Wrong::default();
        if let Some(notes) = &request.notes {
            wrong.text("notes", notes, 2000);
        }
        wrong.into_result()?;
        let cohort = self.reader.cohort(tenant, request.cohort_id).await?;
        let snapshot = self.reader.snapshot_item(tenant, request.snapshot_id).await?;
        let state = self.reader.state_item(tenant, request.state_id).await?;
        same_tournament(Some(state.tournament_id), snapshot.tournament_id, "state")?;
        let near = ListLabRuns { tournament_id: Some(snapshot.tournament_id), ..ListLabRuns::default() };
        let named = ("game_outcome_run_id", LabKind::GameOutcome);
        let (_, _, run) = self.reader.upstream(tenant, named, request.game_outcome_run_id, near).await?;
        same_tournament(run.tournament_id, snapshot.tournament_id, "game outcome run")?;
        let row = synthetic_calcutta::Model {
            id: SyntheticCalcuttaId::new(&*self.clock),
            tenant_id: tenant.id(),
            cohort_id: cohort.cohort_id,
            calcutta_id: snapshot.calcutta_id,
            state_id: state.state_id,
            game_outcome_run_id: request.game_outcome_run_id,
            snapshot_id: snapshot.snapshot_id,
            highlighted_entry_id: None,
            notes: request.notes,
            version: 1,
            created_us: self.clock.now_us(),
        };
        let kept = self.write.write("lab.add_synthetic", async |tx| {
            let row = row.clone().into_active_model();
            synthetic_calcutta::Entity::insert(row).exec_without_returning(tx).await
        });
        kept.await.map_err(|error| {
            if !is_taken(&error) {
                return error.into();
            }
            let what = format!(
                "auction {} is in this cohort already; attach candidates to it there",
                snapshot.calcutta_id
            );
            LabError::State { code: "ALREADY_IN_COHORT", what }
        })?;
        Ok(shown(row, Vec::new())?)
    }

    /// Changes what is said of a synthetic calcutta. `expected` is the version the caller knows.
    pub async fn change_synthetic(
        &self,
        tenant: Tenant,
        id: SyntheticCalcuttaId,
        change: ChangeSyntheticCalcutta,
        expected: Option<u32>,
    ) -> Result<SyntheticCalcutta, LabError> {
        let mut wrong = Wrong::default();
        if let Some(notes) = change.notes.as_deref().filter(|notes| !notes.is_empty()) {
            wrong.text("notes", notes, 2000);
        }
        if let Some(entry) = change.highlighted_entry_id {
            let synthetic = self.reader.synthetic_calcutta(tenant, id).await?;
            let snapshot = self.reader.snapshot(tenant, synthetic.snapshot_id).await?;
            if !snapshot.content.entries.iter().any(|one| one.entry_id == entry) {
                wrong.say("highlighted_entry_id", format!("{entry} is no entry of the snapshot"));
            }
        }
        wrong.into_result()?;
        let changed = self.write.write("lab.change_synthetic", async |tx| {
            let row = find(tx, tenant, id).await?.ok_or_else(|| unknown(id))?;
            let version = next_version("synthetic calcutta", row.version, expected)?;
            let mut row = row.into_active_model();
            if let Some(entry) = change.highlighted_entry_id {
                row.highlighted_entry_id = Set(Some(entry));
            }
            if let Some(notes) = change.notes {
                row.notes = Set(Some(notes).filter(|notes| !notes.is_empty()));
            }
            row.version = Set(version);
            Ok::<_, LabError>(synthetic_calcutta::Entity::update(row).exec(tx).await?)
        });
        let row = changed.await?;
        let attached = attachments(self.reader.db.conn(), id).await?;
        Ok(shown(row, attached)?)
    }

    /// Replaces the rules of a synthetic calcutta: there is another snapshot, with the same entries. `expected` is the
    /// version the caller knows.
    pub async fn replace_rules(
        &self,
        tenant: Tenant,
        id: SyntheticCalcuttaId,
        to: SyntheticRules,
        expected: Option<u32>,
    ) -> Result<SyntheticCalcutta, LabError> {
        let before = self.reader.synthetic_calcutta(tenant, id).await?;
        if let Some(expected) = expected.filter(|expected| *expected != before.version) {
            return Err(LabError::Stale { what: "synthetic calcutta", expected, found: before.version });
        }
        let change = |content: &mut SnapshotContent| {
            let entries = std::mem::take(&mut content.entries);
            let SyntheticRules { rules, scoring, payouts } = to;
            *content = SnapshotContent { rules, scoring, payouts, entries };
        };
        let rows = self.edited(tenant, &before, change).await?;
        let kept = self.write.write("lab.replace_rules", async |tx| {
            self.move_to(tx, tenant, &before, rows, before.highlighted_entry_id).await
        });
        kept.await?;
        self.reader.synthetic_calcutta(tenant, id).await
    }

    /// Attaches a candidate: it is an entry of another snapshot.
    pub async fn attach(&self, tenant: Tenant, request: Attach) -> Result<SyntheticCalcutta, LabError> {
        let candidate = self.reader.candidate(tenant, request.candidate_id).await?;
        let before = self.reader.synthetic_calcutta(tenant, request.synthetic_calcutta_id).await?;
        if before.attachments.iter().any(|one| one.candidate_id == request.candidate_id) {
            return Err(attached_already());
        }
        let entry = Entry {
            entry_id: EntryId::new(&*self.clock),
            display_name: candidate.display_name,
            candidate_id: Some(candidate.candidate_id),
            bids: candidate.bids,
        };
        let attachment = attachment::Model {
            id: AttachmentId::new(&*self.clock),
            tenant_id: tenant.id(),
            synthetic_calcutta_id: before.synthetic_calcutta_id,
            candidate_id: candidate.candidate_id,
            entry_id: entry.entry_id,
            created_us: self.clock.now_us(),
        };
        let change = |content: &mut SnapshotContent| content.entries.push(entry);
        let rows = self.edited(tenant, &before, change).await?;
        let kept = self.write.write("lab.attach", async |tx| {
            let row = attachment.into_active_model();
            attachment::Entity::insert(row).exec_without_returning(tx).await?;
            self.move_to(tx, tenant, &before, rows, before.highlighted_entry_id).await
        });
        match kept.await {
            Err(LabError::Db(error)) if is_taken(&error) => Err(attached_already()),
            Err(error) => Err(error),
            Ok(()) => self.reader.synthetic_calcutta(tenant, before.synthetic_calcutta_id).await,
        }
    }

    /// Takes a candidate out again: there is another snapshot without it. A highlight of it goes with it.
    pub async fn detach(&self, tenant: Tenant, id: AttachmentId) -> Result<SyntheticCalcutta, LabError> {
        use attachment::{Column, Entity};
        let query = Entity::find_by_id(id).filter(Column::TenantId.eq(tenant.id()));
        let row =
            query.one(self.reader.db.conn()).await?.ok_or_else(|| LabError::not_found("attachment", id))?;
        let before = self.reader.synthetic_calcutta(tenant, row.synthetic_calcutta_id).await?;
        let gone = row.entry_id;
        let change = |content: &mut SnapshotContent| content.entries.retain(|entry| entry.entry_id != gone);
        let rows = self.edited(tenant, &before, change).await?;
        let highlighted = before.highlighted_entry_id.filter(|entry| *entry != gone);
        let kept = self.write.write("lab.detach", async |tx| {
            if Entity::delete_by_id(id).exec(tx).await?.rows_affected == 0 {
                return Err(LabError::not_found("attachment", id));
            }
            self.move_to(tx, tenant, &before, rows, highlighted).await
        });
        kept.await?;
        self.reader.synthetic_calcutta(tenant, before.synthetic_calcutta_id).await
    }

    /// The rows of a snapshot that is edited; its document is stored when this returns.
    async fn edited(
        &self,
        tenant: Tenant,
        before: &SyntheticCalcutta,
        change: impl FnOnce(&mut SnapshotContent),
    ) -> Result<(Rows, wire::lab::SnapshotId), LabError> {
        let base = self.reader.snapshot(tenant, before.snapshot_id).await?;
        let item = self.reader.tournament_item(tenant, base.item.tournament_id).await?;
        let playing = self.reader.playing(&item).await?;
        let mut content = base.content;
        change(&mut content);
        let mut wrong = Wrong::default();
        Auction::check(&content, &playing, "", &mut wrong);
        wrong.into_result()?;
        let mut rows = Rows::default();
        let new = NewSnapshot {
            calcutta_id: before.calcutta_id,
            tournament_id: base.item.tournament_id,
            kind: SnapshotKind::SyntheticCalcutta,
            base: Some(base.item.snapshot_id),
            description: None,
            content: &content,
        };
        let item = self.add_snapshot_row(tenant, &mut rows, new).await?;
        Ok((rows, item.snapshot_id))
    }

    /// Points the synthetic calcutta at its new snapshot, if it still stands on the one that was edited.
    async fn move_to(
        &self,
        tx: &DatabaseTransaction,
        tenant: Tenant,
        before: &SyntheticCalcutta,
        (rows, snapshot): (Rows, wire::lab::SnapshotId),
        highlighted: Option<EntryId>,
    ) -> Result<(), LabError> {
        let id = before.synthetic_calcutta_id;
        let row = find(tx, tenant, id).await?.ok_or_else(|| unknown(id))?;
        let version = next_version("synthetic calcutta", row.version, Some(before.version))?;
        rows.insert(tx).await?;
        let mut row = row.into_active_model();
        row.snapshot_id = Set(snapshot);
        row.highlighted_entry_id = Set(highlighted);
        row.version = Set(version);
        synthetic_calcutta::Entity::update(row).exec(tx).await?;
        Ok(())
    }
}

fn attached_already() -> LabError {
    let what = "the candidate is attached already; a candidate joins an auction once".to_owned();
    LabError::State { code: "ALREADY_ATTACHED", what }
}

fn unknown(id: SyntheticCalcuttaId) -> LabError {
    LabError::not_found("synthetic calcutta", id)
}

async fn find(
    db: &impl ConnectionTrait,
    tenant: Tenant,
    id: SyntheticCalcuttaId,
) -> Result<Option<synthetic_calcutta::Model>, DbErr> {
    use synthetic_calcutta::{Column, Entity};
    Entity::find_by_id(id).filter(Column::TenantId.eq(tenant.id())).one(db).await
}

async fn attachments(db: &impl ConnectionTrait, id: SyntheticCalcuttaId) -> Result<Vec<Attachment>, DbErr> {
    use attachment::{Column, Entity};
    let rows =
        Entity::find().filter(Column::SyntheticCalcuttaId.eq(id)).order_by_asc(Column::Id).all(db).await?;
    let attached = |row: attachment::Model| Attachment {
        attachment_id: row.id,
        candidate_id: row.candidate_id,
        entry_id: row.entry_id,
    };
    Ok(rows.into_iter().map(attached).collect())
}

impl Reader {
    /// One synthetic calcutta.
    pub async fn synthetic_calcutta(
        &self,
        tenant: Tenant,
        id: SyntheticCalcuttaId,
    ) -> Result<SyntheticCalcutta, LabError> {
        let row = find(self.db.conn(), tenant, id).await?.ok_or_else(|| unknown(id))?;
        let attached = attachments(self.db.conn(), id).await?;
        Ok(shown(row, attached)?)
    }

    /// Synthetic calcuttas, newest first, older than `before`; at most `limit`.
    pub async fn synthetic_calcuttas(
        &self,
        tenant: Tenant,
        filter: &ListSynthetic,
        before: Option<SyntheticCalcuttaId>,
        limit: u64,
    ) -> Result<Vec<SyntheticCalcutta>, LabError> {
        use synthetic_calcutta::{Column, Entity};
        let mut query = Entity::find().filter(Column::TenantId.eq(tenant.id()));
        if let Some(id) = filter.cohort_id {
            query = query.filter(Column::CohortId.eq(id));
        }
        if let Some(id) = filter.calcutta_id {
            query = query.filter(Column::CalcuttaId.eq(id));
        }
        if let Some(before) = before {
            query = query.filter(Column::Id.lt(before));
        }
        let rows = query.order_by_desc(Column::Id).limit(limit).all(self.db.conn()).await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let attached = attachments(self.db.conn(), row.id).await?;
            items.push(shown(row, attached)?);
        }
        Ok(items)
    }
}

fn shown(row: synthetic_calcutta::Model, attachments: Vec<Attachment>) -> Result<SyntheticCalcutta, DbErr> {
    Ok(SyntheticCalcutta {
        synthetic_calcutta_id: row.id,
        cohort_id: row.cohort_id,
        calcutta_id: row.calcutta_id,
        snapshot_id: row.snapshot_id,
        state_id: row.state_id,
        game_outcome_run_id: row.game_outcome_run_id,
        highlighted_entry_id: row.highlighted_entry_id,
        notes: row.notes,
        attachments,
        version: number("version", row.version)?,
        created_at: time(row.created_us)?,
    })
}

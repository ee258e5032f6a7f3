//! Strategies from outside the lab: a file of bids whose entries become candidates.

use kernel::{FieldError, Tenant};
use sea_orm::{DbErr, EntityTrait, IntoActiveModel};
use wire::lab::{
    BidSheet, BidSheetInspection, CandidateId, CandidateSource, CandidatesKept, IntakeProblem, TournamentId,
};

use crate::candidate::shown;
use crate::error::LabError;
use crate::intake::inspect_bids;
use crate::table::candidate;
use crate::{Lab, Reader};

impl Reader {
    /// What a bid sheet holds, against the field and under the rules of the snapshot that it names.
    pub async fn inspect_bid_sheet(
        &self,
        tenant: Tenant,
        sheet: BidSheet,
    ) -> Result<(TournamentId, BidSheetInspection), LabError> {
        let snapshot = self.snapshot(tenant, sheet.snapshot_id).await?;
        let item = self.tournament_item(tenant, snapshot.item.tournament_id).await?;
        let playing = self.playing(&item).await?;
        let rules = snapshot.content.rules;
        let inspection = kernel::off_the_runtime(move || inspect_bids(&sheet, &playing, &rules)).await;
        Ok((item.tournament_id, inspection))
    }
}

impl Lab {
    /// Keeps every entry of a bid sheet as a candidate, or none.
    pub async fn import_bid_sheet(
        &self,
        tenant: Tenant,
        sheet: BidSheet,
    ) -> Result<CandidatesKept, LabError> {
        let (tournament_id, inspection) = self.reader.inspect_bid_sheet(tenant, sheet).await?;
        let report = inspection.report;
        let asked = report.questions.into_iter().map(|asked| FieldError::new(asked.option, asked.question));
        let fields: Vec<FieldError> = report.problems.into_iter().map(field).chain(asked).collect();
        if !fields.is_empty() {
            return Err(LabError::Invalid { fields });
        }
        let row = |read: wire::lab::ReadBids| candidate::Model {
            id: CandidateId::new(&*self.clock),
            tenant_id: tenant.id(),
            tournament_id,
            source_kind: CandidateSource::Uploaded.as_str().to_owned(),
            strategy_run_id: None,
            display_name: read.display_name,
            bids: kernel::canonical_json(&read.bids).expect("bids are plain data"),
            version: 1,
            created_us: self.clock.now_us(),
        };
        let rows: Vec<candidate::Model> = inspection.candidates.into_iter().map(row).collect();
        let kept = self.write.write("lab.import_bid_sheet", async |tx| {
            for row in rows.clone() {
                candidate::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
            }
            Ok::<_, DbErr>(())
        });
        kept.await?;
        Ok(CandidatesKept { candidates: rows.into_iter().map(shown).collect::<Result<_, _>>()? })
    }
}

/// A problem as a field of a refusal: its place in the file.
fn field(problem: IntakeProblem) -> FieldError {
    let IntakeProblem { file, sheet, line, column, message } = problem;
    let sheet = sheet.map(|sheet| format!("[{sheet}]"));
    let line = line.map(|line| format!("[{line}]"));
    let column = column.map(|column| format!(".{column}"));
    let place = [sheet, line, column].into_iter().flatten().collect::<String>();
    FieldError::new(format!("{file}{place}"), message)
}

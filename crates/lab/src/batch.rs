//! The run kind `batch`: the simulations of a cohort, each a run of its own that belongs to it.

use kernel::{RunId, Seed, Tenant};
use runs::{Failure, Input, RunContext, RunState, Submission, Submit};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wire::lab::{
    BatchMember, BatchRequest, BatchResult, BatchStatus, CohortId, EntryId, LabKind, Lineage,
    SimulationRequest, SimulationResult, SimulationSize, SyntheticCalcuttaId,
};
use wire::runs::Status;

use crate::check::Wrong;
use crate::error::LabError;
use crate::kind::{Given, Kind, Stands, Work};
use crate::lineage::Described;
use crate::simulation::{self, Simulation};
use crate::tell::{RunError, leave};
use crate::upstream::artifact_name;
use crate::{Lab, Reader};

/// Runs the simulations of a cohort.
#[derive(Debug)]
pub struct Batch {
    reader: Reader,
}

/// What it is pinned to: every member with all that its simulation stands on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    cohort_id: CohortId,
    seed: Seed,
    members: Vec<Member>,
}

/// One simulation that is to be run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Member {
    synthetic_calcutta_id: SyntheticCalcuttaId,
    highlighted_entry_id: Option<EntryId>,
    title: String,
    simulation: simulation::Spec,
}

impl Stands for Spec {
    fn described(&self) -> Described {
        let lineage = Lineage { cohort_id: Some(self.cohort_id), ..Lineage::default() };
        Described { kind: LabKind::Batch, model: None, lineage }
    }
}

impl Spec {
    fn inputs(&self) -> Vec<Input> {
        self.members.iter().flat_map(|member| member.simulation.inputs()).collect()
    }
}

impl Batch {
    pub(crate) const fn new(reader: Reader) -> Self {
        Self { reader }
    }
}

impl Lab {
    /// Submits a batch; it is queued and durable when this returns.
    pub async fn submit_batch(
        &self,
        tenant: Tenant,
        submission: Submission<BatchRequest>,
    ) -> Result<RunId, LabError> {
        let request = submission.request;
        let cohort = self.reader.cohort(tenant, request.cohort_id).await?;
        let mut wrong = Wrong::default();
        let ids = &request.synthetic_calcutta_ids;
        if !(1..=200).contains(&ids.len()) {
            wrong.say(
                "synthetic_calcutta_ids",
                format!("must name 1 to 200 synthetic calcuttas, not {}", ids.len()),
            );
        }
        let mut members: Vec<Member> = Vec::with_capacity(ids.len());
        for id in ids {
            let at = || format!("synthetic_calcutta_ids[{id}]");
            let synthetic = self.reader.synthetic_calcutta(tenant, *id).await?;
            if synthetic.cohort_id != request.cohort_id {
                wrong.say(at(), "is of another cohort");
            }
            if members.iter().any(|member| member.synthetic_calcutta_id == *id) {
                wrong.say(at(), "is given twice");
            }
            let asked = SimulationRequest {
                snapshot_id: synthetic.snapshot_id,
                state_id: synthetic.state_id,
                game_outcome_run_id: synthetic.game_outcome_run_id,
                size: SimulationSize::NSims(cohort.n_sims),
                seed: cohort.seed,
                is_sealed: false,
                excluded_entry_id: None,
            };
            let (mut simulation, title) = self.simulation_spec(tenant, &asked).await?;
            simulation.cohort_id = Some(cohort.cohort_id);
            simulation.synthetic_calcutta_id = Some(*id);
            let highlighted_entry_id = synthetic.highlighted_entry_id;
            members.push(Member { synthetic_calcutta_id: *id, highlighted_entry_id, title, simulation });
        }
        wrong.into_result()?;
        let spec = Spec { cohort_id: cohort.cohort_id, seed: Seed(cohort.seed), members };
        let submit = Submit {
            parent: submission.parent,
            idempotency_key: submission.idempotency_key,
            inputs: spec.inputs(),
            ..Submit::new(format!("simulate the cohort {}", cohort.name), spec.seed, spec)
        };
        Ok(self.engine.submit::<Kind<Batch>>(tenant, submit).await?)
    }
}

impl Reader {
    /// A batch with what its members came to.
    pub async fn batch(&self, tenant: Tenant, id: RunId) -> Result<wire::lab::Batch, LabError> {
        let (run, item) = self.run_of(tenant, LabKind::Batch, id).await?;
        let result: Option<BatchResult> = self.result(&run, LabKind::Batch).await?;
        let batch_status = match &result {
            Some(result) => together(result.members.iter().map(|member| member.status)),
            None if run.state.is_terminal() => BatchStatus::Failed,
            None => BatchStatus::Running,
        };
        Ok(wire::lab::Batch { run: item, batch_status, result })
    }

    /// A member that has ended, with what its highlighted entry came to.
    async fn member(&self, tenant: Tenant, member: &Member, id: RunId) -> Result<BatchMember, LabError> {
        let run =
            runs::find(&self.db, tenant, id).await?.ok_or_else(|| LabError::not_found("simulation", id))?;
        let result: Option<SimulationResult> = match run.state {
            RunState::Succeeded => self.result(&run, LabKind::Simulation).await?,
            _ => None,
        };
        let rows = result.into_iter().flat_map(|result| result.leaderboard);
        let highlighted = rows.into_iter().find(|row| Some(row.entry_id) == member.highlighted_entry_id);
        Ok(BatchMember {
            synthetic_calcutta_id: member.synthetic_calcutta_id,
            calcutta_id: member.simulation.calcutta_id,
            snapshot_id: member.simulation.auction.snapshot.id,
            simulation_run_id: id,
            status: run.state.into(),
            error: run.problem,
            highlighted_entry_id: member.highlighted_entry_id,
            highlighted,
        })
    }
}

/// The state of all members together; who ended first or last does not matter.
fn together(statuses: impl Iterator<Item = Status>) -> BatchStatus {
    let (mut succeeded, mut others) = (0, 0);
    for status in statuses {
        match status {
            Status::Succeeded => succeeded += 1,
            Status::Failed | Status::Cancelled => others += 1,
            _ => return BatchStatus::Running,
        }
    }
    match (succeeded, others) {
        (_, 0) => BatchStatus::Succeeded,
        (0, _) => BatchStatus::Failed,
        _ => BatchStatus::Partial,
    }
}

impl Work for Batch {
    const KIND: LabKind = LabKind::Batch;
    type Spec = Spec;

    /// Says nothing before its members have ended, because it rests until then and begins anew.
    async fn execute(&self, spec: Spec, cx: &RunContext) -> Result<Given, Failure<RunError>> {
        let mut ids = Vec::with_capacity(spec.members.len());
        for member in &spec.members {
            let submit = Submit {
                inputs: member.simulation.inputs(),
                ..Submit::new(member.title.clone(), spec.seed, member.simulation.clone())
            };
            ids.push(cx.child::<Kind<Simulation>>(&member.synthetic_calcutta_id.to_string(), submit).await?);
        }
        cx.children_ended().await?;
        let mut members = Vec::with_capacity(ids.len());
        for (member, id) in spec.members.iter().zip(ids) {
            let read = self.reader.member(cx.tenant(), member, id).await;
            members.push(read.map_err(RunError::unreadable)?);
        }
        let means: Vec<f64> = members
            .iter()
            .filter_map(|one| Some(one.highlighted.as_ref()?.mean_normalized_payout.value))
            .collect();
        let sum = means.iter().fold(0.0, |sum, mean| sum + mean);
        let mean_normalized_payout = (!means.is_empty()).then(|| sum / means.len() as f64);
        let result = BatchResult { members, mean_normalized_payout };
        leave(cx, artifact_name(LabKind::Batch), &result).await?;
        let status = together(result.members.iter().map(|member| member.status));
        let failed: Vec<String> = result
            .members
            .iter()
            .filter(|member| member.status != Status::Succeeded)
            .map(|member| member.simulation_run_id.to_string())
            .collect();
        let count = kernel::counted(result.members.len(), "simulation", "simulations");
        let summary = if failed.is_empty() {
            format!("{count}, all succeeded.")
        } else {
            format!("{count}; not succeeded: {}.", failed.join(", "))
        };
        let metrics = json!({
            "batch_status": status,
            "n_members": result.members.len(),
            "not_succeeded": failed,
            "mean_normalized_payout": result.mean_normalized_payout,
        });
        Ok(Given::completed(metrics, summary))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_of_a_batch_depends_on_how_its_members_ended_and_on_nothing_else() {
        use Status::{Cancelled, Failed, Running, Succeeded};
        let check = |statuses: &[Status], expected| {
            assert_eq!(together(statuses.iter().copied()), expected, "{statuses:?}");
            assert_eq!(together(statuses.iter().rev().copied()), expected, "{statuses:?}");
        };
        check(&[Succeeded, Succeeded], BatchStatus::Succeeded);
        check(&[Failed, Running], BatchStatus::Running);
        check(&[Failed, Succeeded], BatchStatus::Partial);
        check(&[Failed, Cancelled], BatchStatus::Failed);
    }
}

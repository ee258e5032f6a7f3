//! The run kind `evaluation`: candidates, each alone against the entries of a simulation, over its very tournaments. So
//! the difference of two candidates is theirs, and not that of two draws.

mod paired;

use kernel::{RunId, Seed, Tenant};
use runs::{Failure, Input, RunContext, Submission, Submit};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tournament::Bid;
use wire::lab::{
    CandidateId, CandidatePerformance, Entry, EntryId, EvaluationRequest, EvaluationResult, LabEstimate,
    LabKind, ListLabRuns, SimulationSize,
};

pub use self::paired::PairedShard;
use self::paired::{Compared, compare};
use crate::auction::bids;
use crate::check::Wrong;
use crate::error::LabError;
use crate::kind::{Given, Kind, Stands, Work};
use crate::lineage::Described;
use crate::simulation::{self, Played, arena, rows, tournaments_seed};
use crate::tell::{RunError, leave};
use crate::upstream::{Upstream, artifact_name, spec_of};
use crate::{Lab, Reader};

/// Judges candidates.
#[derive(Debug)]
pub struct Evaluation;

/// What it is pinned to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    leaderboard: Upstream,
    simulation: simulation::Spec,
    /// That of the simulation, so that the tournaments are the same.
    seed: Seed,
    candidates: Vec<Judged>,
}

/// A candidate as it was when the run was submitted. As an entry it has an id that is derived from its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Judged {
    candidate_id: CandidateId,
    display_name: String,
    bids: Vec<wire::lab::Bid>,
}

impl Stands for Spec {
    fn described(&self) -> Described {
        let of_simulation = self.simulation.described();
        let mut lineage = of_simulation.lineage;
        lineage.simulation_run_id = Some(self.leaderboard.run_id);
        Described { kind: LabKind::Evaluation, model: None, lineage }
    }
}

impl Spec {
    fn inputs(&self) -> Vec<Input> {
        self.simulation.inputs().into_iter().chain([self.leaderboard.input("simulation")]).collect()
    }
}

impl Lab {
    /// Submits an evaluation; it is queued and durable when this returns.
    pub async fn submit_evaluation(
        &self,
        tenant: Tenant,
        submission: Submission<EvaluationRequest>,
    ) -> Result<RunId, LabError> {
        let request = submission.request;
        let mut wrong = Wrong::default();
        if !(1..=100).contains(&request.candidate_ids.len()) {
            let message = format!("must name 1 to 100 candidates, not {}", request.candidate_ids.len());
            wrong.say("candidate_ids", message);
        }
        let named = ("simulation_run_id", LabKind::Simulation);
        let (leaderboard, run, _) =
            self.reader.upstream(tenant, named, request.simulation_run_id, ListLabRuns::default()).await?;
        let mut simulation: simulation::Spec = spec_of(&run)?;
        let (_, _, _, result) = self.reader.simulated(tenant, run.id).await?;
        simulation.size = SimulationSize::NSims(result.total_simulations);
        simulation.is_sealed = false;
        let candidates = self.judged(tenant, &request, &simulation, &mut wrong).await?;
        wrong.into_result()?;
        let spec = Spec { leaderboard, simulation, seed: run.seed, candidates };
        let submit = Submit {
            parent: submission.parent,
            idempotency_key: submission.idempotency_key,
            inputs: spec.inputs(),
            ..Submit::new(format!("evaluate {}", counted(spec.candidates.len())), spec.seed, spec)
        };
        Ok(self.engine.submit::<Kind<Evaluation>>(tenant, submit).await?)
    }

    /// The candidates, whose bids must keep the rules of the auction.
    async fn judged(
        &self,
        tenant: Tenant,
        request: &EvaluationRequest,
        simulation: &simulation::Spec,
        wrong: &mut Wrong,
    ) -> Result<Vec<Judged>, LabError> {
        let item = self.reader.tournament_item(tenant, simulation.auction.tournament.id).await?;
        let playing = self.reader.playing(&item).await?;
        let snapshot = self.reader.snapshot(tenant, simulation.auction.snapshot.id).await?;
        let rules = crate::auction::rules(&snapshot.content.rules);
        let joining = self.reader.joining(tenant, &request.candidate_ids, item.tournament_id, wrong).await?;
        for entry in &joining {
            bids(&rules, entry, &playing, "candidates.", wrong);
        }
        Ok(joining.into_iter().filter_map(Judged::of).collect())
    }
}

impl Judged {
    /// An entry that came from a candidate.
    fn of(entry: Entry) -> Option<Self> {
        let Entry { display_name, candidate_id, bids, .. } = entry;
        Some(Self { candidate_id: candidate_id?, display_name, bids })
    }

    /// As an entry.
    fn entry(&self) -> Entry {
        Entry {
            entry_id: EntryId(self.candidate_id.0),
            display_name: self.display_name.clone(),
            candidate_id: Some(self.candidate_id),
            bids: self.bids.clone(),
        }
    }
}

fn counted(n: usize) -> String {
    kernel::counted(n, "candidate", "candidates")
}

impl Reader {
    /// An evaluation with what it came to.
    pub async fn evaluation(&self, tenant: Tenant, id: RunId) -> Result<wire::lab::Evaluation, LabError> {
        let (run, item) = self.run_of(tenant, LabKind::Evaluation, id).await?;
        let result = self.result(&run, LabKind::Evaluation).await?;
        Ok(wire::lab::Evaluation { run: item, result })
    }
}

impl Work for Evaluation {
    const KIND: LabKind = LabKind::Evaluation;
    type Spec = Spec;

    async fn execute(&self, spec: Spec, cx: &RunContext) -> Result<Given, Failure<RunError>> {
        let mut arena = arena(&spec.simulation, cx).await?;
        let seed = tournaments_seed(spec.seed);
        let total = u32::try_from(spec.candidates.len()).expect("at most a hundred candidates");
        let mut candidates = Vec::with_capacity(spec.candidates.len());
        let mut entries = Vec::with_capacity(spec.candidates.len());
        let mut simulations = 0;
        for (index, judged) in (1..).zip(&spec.candidates) {
            cx.check()?;
            let bids = checked_bids(judged, &arena)?;
            arena.auction.entries.push(judged.entry());
            arena.auction.bids.push(bids);
            let name = format!("candidate_{index}");
            let played = Played::play(&spec.simulation, seed, &arena, cx, (&name, index, total + 1)).await?;
            if played.is_cut {
                return Err(runs::Stop::Cancelled.into());
            }
            let contest = arena.auction.contest(&arena.playing);
            let (rows, _) = rows(&arena, &contest, &played.tally);
            simulations = played.tally.simulations();
            let row = rows.into_iter().find(|row| row.candidate_id == Some(judged.candidate_id));
            let row = row.ok_or_else(|| RunError::unreadable("a judged candidate has no row"))?;
            candidates.push(CandidatePerformance {
                candidate_id: judged.candidate_id,
                row,
                difference_to_first: LabEstimate { value: 0.0, standard_error: 0.0 },
            });
            entries.push((contest, arena.auction.entries.len() - 1));
            arena.auction.entries.pop();
            arena.auction.bids.pop();
        }
        let first_prize = arena.auction.payouts.first();
        let compared = Compared { simulator: arena.simulator(seed), entries };
        let found = compare(cx, compared, (&spec, seed), simulations, total + 1).await?;
        for (candidate, difference) in candidates.iter_mut().zip(found.differences(first_prize)) {
            candidate.difference_to_first =
                LabEstimate { value: difference.value, standard_error: difference.standard_error };
        }
        candidates.sort_by(|a, b| {
            b.row.mean_normalized_payout.value.total_cmp(&a.row.mean_normalized_payout.value)
        });
        let result = EvaluationResult { total_simulations: simulations, candidates };
        leave(cx, artifact_name(LabKind::Evaluation), &result).await?;
        let summary = result.candidates.first().map_or_else(String::new, |best| {
            let mean = kernel::figure(best.row.mean_normalized_payout.value, 4);
            format!(
                "Of {}, {} does best: a mean payout of {mean} of the first prize.",
                counted(total as usize),
                best.row.display_name
            )
        });
        let metrics = json!({
            "total_simulations": simulations,
            "n_candidates": result.candidates.len(),
            "best_candidate_id": result.candidates.first().map(|best| best.candidate_id),
        });
        Ok(Given::completed(metrics, summary))
    }
}

fn checked_bids(judged: &Judged, arena: &simulation::Arena) -> Result<Vec<Bid>, RunError> {
    let mut wrong = Wrong::default();
    let bids = bids(&arena.auction.rules, &judged.entry(), &arena.playing, "candidates.", &mut wrong);
    wrong.into_result().map_err(|error| RunError::fault(&error))?;
    bids.ok_or_else(|| RunError::unreadable("bids that were checked are not whole"))
}

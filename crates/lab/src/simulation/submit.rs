//! Submitting a simulation: everything is pinned, nothing is looked up.

use kernel::{RunId, Seed, Tenant};
use runs::{Input, Submission, Submit};
use serde::{Deserialize, Serialize};
use wire::lab::{
    CalcuttaId, CohortId, EntryId, LabKind, Lineage, ListLabRuns, SimulationRequest, SimulationSize, StateId,
    SyntheticCalcuttaId,
};

use super::kind::Simulation;
use crate::Lab;
use crate::check::Wrong;
use crate::document::Pinned;
use crate::error::LabError;
use crate::kind::{Kind, Stands};
use crate::lineage::Described;
use crate::market_share::{PinnedAuction, excluded, same_tournament};
use crate::upstream::Upstream;

/// What a simulation is pinned to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    pub(crate) calcutta_id: CalcuttaId,
    pub(crate) auction: PinnedAuction,
    pub(crate) state: Pinned<StateId>,
    pub(crate) game_outcome: Upstream,
    pub(crate) size: SimulationSize,
    pub(crate) is_sealed: bool,
    pub(crate) excluded_entry_id: Option<EntryId>,
    pub(crate) cohort_id: Option<CohortId>,
    pub(crate) synthetic_calcutta_id: Option<SyntheticCalcuttaId>,
}

impl Stands for Spec {
    fn described(&self) -> Described {
        let lineage = Lineage {
            tournament_id: Some(self.auction.tournament.id),
            state_id: Some(self.state.id),
            calcutta_id: Some(self.calcutta_id),
            snapshot_id: Some(self.auction.snapshot.id),
            game_outcome_run_id: Some(self.game_outcome.run_id),
            cohort_id: self.cohort_id,
            synthetic_calcutta_id: self.synthetic_calcutta_id,
            excluded_entry_id: self.excluded_entry_id,
            ..Lineage::default()
        };
        Described { kind: LabKind::Simulation, model: None, lineage }
    }
}

impl Spec {
    pub(crate) fn inputs(&self) -> Vec<Input> {
        let others = [self.state.input("state"), self.game_outcome.input("game_outcome")];
        self.auction.inputs("").into_iter().chain(others).collect()
    }
}

/// Simulations of one run, and of one whose tournaments are sealed: of each block of 1024 a digest is kept.
pub(crate) const MOST_SIMULATIONS: u64 = 10_000_000_000;
/// One simulation tells no error of what it says.
pub(crate) const FEWEST_SIMULATIONS: u64 = 2;
const MOST_SEALED: u64 = 100_000_000;

/// The finest precision that [`MOST_SIMULATIONS`] can promise for any chance.
const FINEST: f64 = 0.000_01;

/// The seed of a run's tournaments.
pub(crate) fn tournaments_seed(seed: Seed) -> Seed {
    Seed(seed.stream(TOURNAMENTS).bits())
}

/// The stream of a run that its tournaments are seeded from.
pub(super) const TOURNAMENTS: &str = "tournaments";

impl Lab {
    /// Submits a simulation; it is queued and durable when this returns.
    pub async fn submit_simulation(
        &self,
        tenant: Tenant,
        submission: Submission<SimulationRequest>,
    ) -> Result<RunId, LabError> {
        let seed = Seed(submission.request.seed);
        let (spec, title) = self.simulation_spec(tenant, &submission.request).await?;
        let submit = Submit {
            parent: submission.parent,
            idempotency_key: submission.idempotency_key,
            inputs: spec.inputs(),
            ..Submit::new(title, seed, spec)
        };
        Ok(self.engine.submit::<Kind<Simulation>>(tenant, submit).await?)
    }

    /// The spec of a request that was checked, and what people call it.
    pub(crate) async fn simulation_spec(
        &self,
        tenant: Tenant,
        request: &SimulationRequest,
    ) -> Result<(Spec, String), LabError> {
        let mut wrong = Wrong::default();
        check_size(request, &mut wrong);
        let (calcutta_id, auction, content) = self.reader.pinned(tenant, request.snapshot_id).await?;
        excluded(&content, request.excluded_entry_id, &mut wrong);
        if content.entries.iter().all(|entry| Some(entry.entry_id) == request.excluded_entry_id) {
            wrong.say("snapshot_id", "has no entry; a simulation needs one at least");
        }
        wrong.into_result()?;
        let state = self.reader.state_item(tenant, request.state_id).await?;
        same_tournament(Some(state.tournament_id), auction.tournament.id, "state")?;
        let near = ListLabRuns { tournament_id: Some(auction.tournament.id), ..ListLabRuns::default() };
        let named = ("game_outcome_run_id", LabKind::GameOutcome);
        let (game_outcome, _, row) =
            self.reader.upstream(tenant, named, request.game_outcome_run_id, near).await?;
        same_tournament(row.tournament_id, auction.tournament.id, "game outcome run")?;
        let calcutta = self.reader.calcutta_item(tenant, calcutta_id).await?;
        let spec = Spec {
            calcutta_id,
            auction,
            state: (&state).into(),
            game_outcome,
            size: request.size,
            is_sealed: request.is_sealed,
            excluded_entry_id: request.excluded_entry_id,
            cohort_id: None,
            synthetic_calcutta_id: None,
        };
        Ok((spec, format!("simulate {} from {}", calcutta.name, state.starting_state_key)))
    }
}

fn check_size(request: &SimulationRequest, wrong: &mut Wrong) {
    if request.seed == 0 {
        wrong.say("seed", "must be at least 1");
    }
    match request.size {
        SimulationSize::NSims(n) if !(FEWEST_SIMULATIONS..=MOST_SIMULATIONS).contains(&n) => {
            let message = format!("must be from {FEWEST_SIMULATIONS} to {MOST_SIMULATIONS}, not {n}");
            wrong.say("size.n_sims", message);
        }
        SimulationSize::NSims(n) if request.is_sealed && n > MOST_SEALED => {
            wrong.say(
                "size.n_sims",
                format!("may be {MOST_SEALED} at most where the tournaments are sealed, not {n}"),
            );
        }
        SimulationSize::Precision(precision) if !(FINEST..=0.5).contains(&precision) => {
            wrong.say("size.precision", format!("must be from {FINEST} to 0.5, not {precision}"));
        }
        SimulationSize::Precision(precision) if request.is_sealed && precision < 0.000_1 => {
            wrong.say("size.precision", "must be at least 0.0001 where the tournaments are sealed");
        }
        _ => {}
    }
}

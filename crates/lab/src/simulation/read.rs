//! Reading simulations, and playing one of their tournaments again.

use kernel::{Digest, RunId, Tenant};
use runs::Run;
use tournament::Seal;
use wire::lab::{
    Distribution, EntryId, Field, GameOutcomeResult, GameResult, LabKind, LabRun, Ownership, PlayedBracket,
    PlayedGame, SealProof, SimulationResult, SnapshotContent,
};

use super::kind::{DISTRIBUTIONS, OWNERSHIP, SEAL};
use super::play::Arena;
use super::submit::{Spec, tournaments_seed};
use crate::document;
use crate::error::LabError;
use crate::reader::Reader;
use crate::upstream::spec_of;

const KIND: LabKind = LabKind::Simulation;

impl Reader {
    /// A simulation with its leaderboard.
    pub async fn simulation(&self, tenant: Tenant, id: RunId) -> Result<wire::lab::Simulation, LabError> {
        let (run, item) = self.run_of(tenant, KIND, id).await?;
        let spec: Spec = spec_of(&run)?;
        let result = self.result(&run, KIND).await?;
        Ok(wire::lab::Simulation { run: item, size: spec.size, seed: run.seed.0, result })
    }

    /// What a simulation came to; one that came to nothing is a conflict.
    pub(crate) async fn simulated(
        &self,
        tenant: Tenant,
        id: RunId,
    ) -> Result<(Run, LabRun, Spec, SimulationResult), LabError> {
        let (run, item) = self.run_of(tenant, KIND, id).await?;
        let Some(result) = self.result(&run, KIND).await? else { return Err(self.nothing(KIND, id).await?) };
        let spec = spec_of(&run)?;
        Ok((run, item, spec, result))
    }

    /// Every way one entry finished.
    pub async fn distribution(
        &self,
        tenant: Tenant,
        id: RunId,
        entry: EntryId,
    ) -> Result<Distribution, LabError> {
        let (run, _) = self.run_of(tenant, KIND, id).await?;
        let all: Option<Vec<Distribution>> = self.left(&run, DISTRIBUTIONS).await?;
        let Some(all) = all else { return Err(self.nothing(KIND, id).await?) };
        let found = all.into_iter().find(|one| one.entry_id == entry);
        found.ok_or_else(|| LabError::not_found("entry of this simulation", entry))
    }

    /// Who owns which team.
    pub async fn ownership(&self, tenant: Tenant, id: RunId) -> Result<Ownership, LabError> {
        let (run, _) = self.run_of(tenant, KIND, id).await?;
        match self.left(&run, OWNERSHIP).await? {
            Some(ownership) => Ok(ownership),
            None => Err(self.nothing(KIND, id).await?),
        }
    }

    /// One tournament of a simulation, played again from the seed, with the proof that it lies under the run's seal.
    pub async fn bracket(
        &self,
        tenant: Tenant,
        id: RunId,
        simulation: u64,
    ) -> Result<PlayedBracket, LabError> {
        let (run, _, spec, result) = self.simulated(tenant, id).await?;
        let total = result.total_simulations;
        if simulation >= total {
            return Err(LabError::field("simulation", format!("must be below {total}, not {simulation}")));
        }
        let arena = self.arena(&spec).await?;
        let simulator = arena.simulator(tournaments_seed(run.seed));
        let bracket = &arena.playing.bracket;
        let winners = simulator.winners(simulation).into_iter().enumerate();
        let played = winners.map(|(game, winner)| PlayedGame {
            game_id: bracket.games()[game].id.clone(),
            winner_team_id: bracket.teams()[winner].clone(),
            is_decided: arena.results.winners()[game].is_some(),
        });
        let games = played.collect();
        let proof = match result.seal_root {
            Some(root) => {
                let seal = Seal::of_blocks(total, self.blocks(&run, total).await?);
                let proof = seal.prove(&simulator, simulation);
                proof.map(|proof| SealProof {
                    root,
                    total_simulations: total,
                    bits: proof.bits,
                    path: proof.path,
                })
            }
            None => None,
        };
        Ok(PlayedBracket { simulation, games, proof })
    }

    /// Everything a simulation was played in.
    pub(super) async fn arena(&self, spec: &Spec) -> Result<Arena, LabError> {
        let field: Field = document::get(&self.store, "field", &spec.auction.tournament.digest).await?;
        let state: Vec<GameResult> = document::get(&self.store, "state", &spec.state.digest).await?;
        let content: SnapshotContent =
            document::get(&self.store, "snapshot", &spec.auction.snapshot.digest).await?;
        let outcome: GameOutcomeResult =
            document::get(&self.store, "game outcomes", &spec.game_outcome.digest).await?;
        let arena = Arena::new(&field, &state, &content, &outcome)
            .map_err(|error| LabError::unreadable("simulation", kernel::error_chain(&error)))?;
        Ok(arena.without(spec.excluded_entry_id))
    }

    /// The digest of each block of a sealed run.
    async fn blocks(&self, run: &Run, simulations: u64) -> Result<Vec<Digest>, LabError> {
        let artifacts = runs::artifacts(&self.db, run).await?;
        let seal = artifacts.into_iter().find(|artifact| artifact.name == SEAL);
        let Some(seal) = seal else { return Err(self.nothing(KIND, run.id).await?) };
        let bytes = self.store.get(&seal.digest).await?;
        let digests = bytes.chunks(32).map(Digest::from_slice).collect::<Result<Vec<_>, _>>();
        let digests = digests.map_err(|error| LabError::unreadable(SEAL, error))?;
        if digests.len() as u64 != simulations.div_ceil(tournament::BLOCK) {
            return Err(LabError::unreadable(SEAL, "it has another number of blocks than the run"));
        }
        Ok(digests)
    }
}

//! Verifying the tables of a simulation: that the stored bytes keep the laws still.

use bytes::Bytes;
use runs::{OutcomeCheck, Record};
use sea_orm::DbErr;
use wire::lab::{LabKind, SimulationResult, SnapshotContent};

use super::kind::Simulation;
use super::submit::Spec;
use super::tables::{Found, NAMES, broken};
use crate::document;
use crate::error::LabError;
use crate::upstream::artifact_name;

impl Simulation {
    /// Says which laws the tables of a run break. A run of an earlier version has none; one that was let go of has lost them.
    pub(super) async fn check_tables(
        &self,
        record: &Record<'_>,
        spec: &Spec,
        found: &mut OutcomeCheck,
    ) -> Result<(), DbErr> {
        let artifacts = runs::artifacts(record.db, record.run).await?;
        let digest = |name: &str| artifacts.iter().find(|one| one.name == name).map(|one| one.digest);
        let Some(leaderboard) = digest(artifact_name(LabKind::Simulation)) else { return Ok(()) };
        let tables: Vec<_> = NAMES.into_iter().filter_map(digest).collect();
        let Ok(tables) = <[_; 4]>::try_from(tables) else {
            found.not_covered.push("the tables of the simulation, which are not there".to_owned());
            return Ok(());
        };
        match self.broken(spec, &leaderboard, tables).await {
            Ok((rows, broken)) => {
                found.checked += rows;
                found.problems.extend(broken);
            }
            Err(error) => found.problems.push(format!("the tables: {}", kernel::error_chain(&error))),
        }
        Ok(())
    }

    async fn broken(
        &self,
        spec: &Spec,
        leaderboard: &kernel::Digest,
        tables: [kernel::Digest; 4],
    ) -> Result<(u64, Vec<String>), LabError> {
        let result: SimulationResult = document::get(&self.store, "leaderboard", leaderboard).await?;
        let content: SnapshotContent =
            document::get(&self.store, "snapshot", &spec.auction.snapshot.digest).await?;
        let mut prizes = content.payouts;
        prizes.sort_by_key(|payout| payout.position);
        let prizes: Vec<u32> = prizes.into_iter().map(|payout| payout.amount_cents).collect();
        let mut bytes = [const { Bytes::new() }; 4];
        for (digest, bytes) in tables.iter().zip(&mut bytes) {
            *bytes = self.store.get(digest).await?;
        }
        let read = Found::read(&bytes).map_err(|error| LabError::unreadable("tables", error))?;
        let rows = read.counts().iter().sum::<usize>() as u64;
        Ok((rows, broken(&read, result.total_simulations, &prizes)))
    }
}

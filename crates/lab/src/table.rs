//! The rows. Private: nothing outside this crate reads them.

use kernel::{RunId, TenantId};
use sea_orm::entity::prelude::*;
use wire::lab::{
    AttachmentId, CalcuttaId, CandidateId, CohortId, EntryId, SnapshotId, StateId, SyntheticCalcuttaId,
    TournamentId,
};

/// Declares the entity of a table with one key.
macro_rules! entity {
    ($(#[$doc:meta])* $module:ident = $table:literal { $key:ident: $kind:ty, $($column:ident: $type:ty,)+ }) => {
        $(#[$doc])*
        pub(crate) mod $module {
            use super::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub(crate) struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub $key: $kind,
                $(pub $column: $type,)+
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub(crate) enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

entity! { tournament = "lab_tournament" {
    id: TournamentId,
    tenant_id: TenantId,
    name: String,
    season: i32,
    team_count: i32,
    game_count: i32,
    digest: Vec<u8>,
    created_us: i64,
} }

entity! { state = "lab_state" {
    id: StateId,
    tenant_id: TenantId,
    tournament_id: TournamentId,
    starting_state_key: String,
    decided_games: i32,
    digest: Vec<u8>,
    created_us: i64,
} }

entity! { calcutta = "lab_calcutta" {
    id: CalcuttaId,
    tenant_id: TenantId,
    tournament_id: TournamentId,
    name: String,
    snapshot_id: SnapshotId,
    entry_count: i32,
    created_us: i64,
} }

entity! { snapshot = "lab_snapshot" {
    id: SnapshotId,
    tenant_id: TenantId,
    calcutta_id: CalcuttaId,
    tournament_id: TournamentId,
    snapshot_type: String,
    base_snapshot_id: Option<SnapshotId>,
    description: Option<String>,
    entry_count: i32,
    digest: Vec<u8>,
    created_us: i64,
} }

entity! { run = "lab_run" {
    run_id: RunId,
    tenant_id: TenantId,
    run_kind: String,
    model: Option<String>,
    tournament_id: Option<TournamentId>,
    state_id: Option<StateId>,
    calcutta_id: Option<CalcuttaId>,
    snapshot_id: Option<SnapshotId>,
    game_outcome_run_id: Option<RunId>,
    market_share_run_id: Option<RunId>,
    simulation_run_id: Option<RunId>,
    cohort_id: Option<CohortId>,
    synthetic_calcutta_id: Option<SyntheticCalcuttaId>,
    excluded_entry_id: Option<EntryId>,
} }

entity! { candidate = "lab_candidate" {
    id: CandidateId,
    tenant_id: TenantId,
    tournament_id: TournamentId,
    source_kind: String,
    strategy_run_id: Option<RunId>,
    display_name: String,
    bids: String,
    version: i32,
    created_us: i64,
} }

entity! { cohort = "lab_cohort" {
    id: CohortId,
    tenant_id: TenantId,
    name: String,
    description: Option<String>,
    n_sims: i64,
    seed: i64,
    version: i32,
    created_us: i64,
    game_outcome_model: Option<String>,
    market_share_model: Option<String>,
    optimizer_key: Option<String>,
} }

entity! { synthetic_calcutta = "lab_synthetic_calcutta" {
    id: SyntheticCalcuttaId,
    tenant_id: TenantId,
    cohort_id: CohortId,
    calcutta_id: CalcuttaId,
    state_id: StateId,
    game_outcome_run_id: RunId,
    snapshot_id: SnapshotId,
    highlighted_entry_id: Option<EntryId>,
    notes: Option<String>,
    version: i32,
    created_us: i64,
} }

entity! { attachment = "lab_attachment" {
    id: AttachmentId,
    tenant_id: TenantId,
    synthetic_calcutta_id: SyntheticCalcuttaId,
    candidate_id: CandidateId,
    entry_id: EntryId,
    created_us: i64,
} }

#[cfg(test)]
mod tests {
    use kernel::Db;
    use migration::{Migrator, MigratorTrait};
    use sea_orm::EntityTrait;
    use test_support::on_both_databases;

    use super::*;

    /// How many rows a table has, each read as its entity.
    async fn count<E: EntityTrait>(db: &Db, _: E) -> usize {
        E::find().all(db.read.conn()).await.unwrap().len()
    }

    on_both_databases! {
        async fn the_schema_goes_up_down_and_up_again_and_fits_the_entities(test: TestDb) {
            let conn = Db::open_for_migration(&test.url).await.unwrap();
            Migrator::down(&conn, None).await.unwrap();
            Migrator::up(&conn, None).await.unwrap();
            conn.close().await.unwrap();
            let db = Db::open(&test.url).await.unwrap();
            let counts = [
                count(&db, tournament::Entity).await,
                count(&db, state::Entity).await,
                count(&db, calcutta::Entity).await,
                count(&db, snapshot::Entity).await,
                count(&db, run::Entity).await,
                count(&db, candidate::Entity).await,
                count(&db, cohort::Entity).await,
                count(&db, synthetic_calcutta::Entity).await,
                count(&db, attachment::Entity).await,
            ];
            assert_eq!(counts, [0; 9]);
        }
    }
}

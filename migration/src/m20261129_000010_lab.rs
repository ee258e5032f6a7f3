//! The lab: tournaments, states, calcuttas, snapshots, what its runs stand on, candidates, cohorts and the synthetic
//! calcuttas in them.
//!
//! The database itself keeps what must never change: tournaments, states, calcuttas, snapshots and the lineage of runs
//! are written once (a receipt of retention lets them go), and of a candidate only the name changes. Each kind of run
//! has the upstreams it needs, or no row.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::portable;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (db, backend) = (manager.get_connection(), manager.get_database_backend());
        db.execute_unprepared(&portable(backend, TABLES)).await?;
        let triggers = match backend {
            DatabaseBackend::Postgres => postgres_triggers(),
            _ => sqlite_triggers(),
        };
        db.execute_unprepared(&triggers).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for table in [
            "lab_attachment",
            "lab_synthetic_calcutta",
            "lab_candidate",
            "lab_run",
            "lab_cohort",
            "lab_snapshot",
            "lab_calcutta",
            "lab_state",
            "lab_tournament",
        ] {
            db.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            for kept in KEPT {
                db.execute_unprepared(&format!("DROP FUNCTION {}_kept()", kept.table)).await?;
            }
            for changed in CHANGED {
                db.execute_unprepared(&format!("DROP FUNCTION {}_changed()", changed.table)).await?;
            }
        }
        Ok(())
    }
}

const TABLES: &str = "
CREATE TABLE lab_tournament (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    name TEXT NOT NULL,
    season INTEGER NOT NULL,
    team_count INTEGER NOT NULL CHECK (team_count BETWEEN 2 AND 256),
    game_count INTEGER NOT NULL CHECK (game_count = team_count - 1),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    created_us BIGINT NOT NULL
);
CREATE INDEX lab_tournament_by_tenant ON lab_tournament (tenant_id, id);

CREATE TABLE lab_state (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    tournament_id UUID NOT NULL REFERENCES lab_tournament (id),
    starting_state_key TEXT NOT NULL,
    decided_games INTEGER NOT NULL CHECK (decided_games >= 0),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    created_us BIGINT NOT NULL,
    UNIQUE (tournament_id, starting_state_key)
);

CREATE TABLE lab_calcutta (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    tournament_id UUID NOT NULL REFERENCES lab_tournament (id),
    name TEXT NOT NULL,
    snapshot_id UUID NOT NULL UNIQUE,
    entry_count INTEGER NOT NULL CHECK (entry_count >= 0),
    created_us BIGINT NOT NULL
);
CREATE INDEX lab_calcutta_by_tenant ON lab_calcutta (tenant_id, id);
CREATE INDEX lab_calcutta_by_tournament ON lab_calcutta (tournament_id, id);

CREATE TABLE lab_snapshot (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    calcutta_id UUID NOT NULL REFERENCES lab_calcutta (id),
    tournament_id UUID NOT NULL REFERENCES lab_tournament (id),
    snapshot_type TEXT NOT NULL CHECK (snapshot_type IN ('as_is', 'variant', 'synthetic_calcutta')),
    base_snapshot_id UUID REFERENCES lab_snapshot (id),
    description TEXT,
    entry_count INTEGER NOT NULL CHECK (entry_count >= 0),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    created_us BIGINT NOT NULL,
    CHECK ((snapshot_type = 'as_is') = (base_snapshot_id IS NULL))
);
CREATE INDEX lab_snapshot_by_calcutta ON lab_snapshot (calcutta_id, id);

CREATE TABLE lab_cohort (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    n_sims BIGINT NOT NULL CHECK (n_sims >= 1),
    seed BIGINT NOT NULL CHECK (seed <> 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    created_us BIGINT NOT NULL,
    UNIQUE (tenant_id, name)
);
CREATE INDEX lab_cohort_by_tenant ON lab_cohort (tenant_id, id);

CREATE TABLE lab_run (
    run_id UUID PRIMARY KEY REFERENCES run (id),
    tenant_id UUID NOT NULL,
    run_kind TEXT NOT NULL CHECK (run_kind IN
        ('game_outcome', 'market_share', 'strategy_generation', 'simulation', 'evaluation', 'batch')),
    model TEXT,
    tournament_id UUID REFERENCES lab_tournament (id),
    state_id UUID REFERENCES lab_state (id),
    calcutta_id UUID REFERENCES lab_calcutta (id),
    snapshot_id UUID REFERENCES lab_snapshot (id),
    game_outcome_run_id UUID REFERENCES lab_run (run_id),
    market_share_run_id UUID REFERENCES lab_run (run_id),
    simulation_run_id UUID REFERENCES lab_run (run_id),
    cohort_id UUID REFERENCES lab_cohort (id),
    synthetic_calcutta_id UUID,
    excluded_entry_id UUID,
    CHECK ((run_kind = 'batch') = (tournament_id IS NULL)),
    CHECK (run_kind <> 'game_outcome' OR (state_id IS NOT NULL AND model IS NOT NULL)),
    CHECK (run_kind <> 'market_share' OR (snapshot_id IS NOT NULL AND model IS NOT NULL)),
    CHECK (run_kind <> 'strategy_generation' OR (snapshot_id IS NOT NULL AND model IS NOT NULL
        AND game_outcome_run_id IS NOT NULL AND market_share_run_id IS NOT NULL)),
    CHECK (run_kind <> 'simulation' OR (snapshot_id IS NOT NULL AND state_id IS NOT NULL
        AND game_outcome_run_id IS NOT NULL)),
    CHECK (run_kind <> 'evaluation' OR (snapshot_id IS NOT NULL AND simulation_run_id IS NOT NULL)),
    CHECK (run_kind <> 'batch' OR cohort_id IS NOT NULL),
    CHECK ((snapshot_id IS NULL) = (calcutta_id IS NULL))
);
CREATE INDEX lab_run_by_tenant ON lab_run (tenant_id, run_kind, run_id);
CREATE INDEX lab_run_by_tournament ON lab_run (tournament_id, run_kind, run_id);
CREATE INDEX lab_run_by_calcutta ON lab_run (calcutta_id, run_kind, run_id);
CREATE INDEX lab_run_by_cohort ON lab_run (cohort_id, run_id);
CREATE INDEX lab_run_by_synthetic_calcutta ON lab_run (synthetic_calcutta_id, run_id);

CREATE TABLE lab_candidate (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    tournament_id UUID NOT NULL REFERENCES lab_tournament (id),
    source_kind TEXT NOT NULL CHECK (source_kind IN ('manual', 'strategy', 'uploaded')),
    strategy_run_id UUID UNIQUE REFERENCES lab_run (run_id),
    display_name TEXT NOT NULL,
    bids TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    created_us BIGINT NOT NULL,
    CHECK ((source_kind = 'strategy') = (strategy_run_id IS NOT NULL))
);
CREATE INDEX lab_candidate_by_tenant ON lab_candidate (tenant_id, id);
CREATE INDEX lab_candidate_by_tournament ON lab_candidate (tournament_id, id);

CREATE TABLE lab_synthetic_calcutta (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    cohort_id UUID NOT NULL REFERENCES lab_cohort (id),
    calcutta_id UUID NOT NULL REFERENCES lab_calcutta (id),
    state_id UUID NOT NULL REFERENCES lab_state (id),
    game_outcome_run_id UUID NOT NULL REFERENCES lab_run (run_id),
    snapshot_id UUID NOT NULL REFERENCES lab_snapshot (id),
    highlighted_entry_id UUID,
    notes TEXT,
    version INTEGER NOT NULL CHECK (version >= 1),
    created_us BIGINT NOT NULL,
    UNIQUE (cohort_id, calcutta_id)
);
CREATE INDEX lab_synthetic_calcutta_by_tenant ON lab_synthetic_calcutta (tenant_id, id);

CREATE TABLE lab_attachment (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    synthetic_calcutta_id UUID NOT NULL REFERENCES lab_synthetic_calcutta (id),
    candidate_id UUID NOT NULL REFERENCES lab_candidate (id),
    entry_id UUID NOT NULL,
    created_us BIGINT NOT NULL,
    UNIQUE (synthetic_calcutta_id, candidate_id)
);
";

/// A table whose rows are written once, by which column a row is found, and what lets it go.
struct Kept {
    table: &'static str,
    key: &'static str,
    what: &'static str,
    release: Release,
}

/// Which receipt of retention lets a row go.
#[derive(Clone, Copy)]
enum Release {
    /// That of its document.
    Document,
    /// That of its run.
    Run,
    /// None: it goes with nothing of its own.
    Never,
}

const KEPT: &[Kept] = &[
    Kept { table: "lab_tournament", key: "id", what: "a tournament", release: Release::Document },
    Kept { table: "lab_state", key: "id", what: "a state of play", release: Release::Document },
    Kept { table: "lab_calcutta", key: "id", what: "a calcutta", release: Release::Never },
    Kept { table: "lab_snapshot", key: "id", what: "a snapshot", release: Release::Document },
    Kept { table: "lab_run", key: "run_id", what: "what a run stands on", release: Release::Run },
];

/// A table of which only some columns change, each change counted by its version.
struct Changed {
    table: &'static str,
    what: &'static str,
    fixed: &'static [&'static str],
}

const CHANGED: &[Changed] = &[
    Changed {
        table: "lab_candidate",
        what: "a candidate changes its name only",
        fixed: &["id", "tenant_id", "tournament_id", "source_kind", "bids", "created_us"],
    },
    Changed {
        table: "lab_cohort",
        what: "a cohort stays the one it is",
        fixed: &["id", "tenant_id", "created_us"],
    },
    Changed {
        table: "lab_synthetic_calcutta",
        what: "a synthetic calcutta stays on what it was made on",
        fixed: &[
            "id",
            "tenant_id",
            "cohort_id",
            "calcutta_id",
            "state_id",
            "game_outcome_run_id",
            "created_us",
        ],
    },
];

impl Changed {
    /// True where an update changes what is fixed.
    fn condition(&self) -> String {
        let fixed: Vec<String> =
            self.fixed.iter().map(|column| format!("NEW.{column} <> OLD.{column}")).collect();
        format!("{} OR NEW.version <> OLD.version + 1", fixed.join(" OR "))
    }
}

// The insert triggers stand before `INSERT OR REPLACE` too, which fires no delete trigger.
fn sqlite_triggers() -> String {
    let kept = KEPT.iter().map(|Kept { table, key, what, release }| {
        let released = match release {
            Release::Document => {
                "WHEN NOT EXISTS (SELECT 1 FROM retention_release
                WHERE kind = 'object' AND subject = OLD.digest)"
            }
            Release::Run => {
                "WHEN NOT EXISTS (SELECT 1 FROM retention_release
                WHERE kind = 'run' AND subject = OLD.run_id)"
            }
            Release::Never => "",
        };
        format!(
            "CREATE TRIGGER {table}_insert BEFORE INSERT ON {table}
             WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key} OR rowid = NEW.rowid)
             BEGIN SELECT RAISE(ABORT, '{what} never changes'); END;
             CREATE TRIGGER {table}_update BEFORE UPDATE ON {table}
             BEGIN SELECT RAISE(ABORT, '{what} never changes'); END;
             CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {released}
             BEGIN SELECT RAISE(ABORT, '{what} never changes'); END;\n"
        )
    });
    let changed = CHANGED.iter().map(|changed| {
        let Changed { table, what, .. } = changed;
        format!(
            "CREATE TRIGGER {table}_insert BEFORE INSERT ON {table}
             WHEN NEW.version <> 1 OR EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR rowid = NEW.rowid)
             BEGIN SELECT RAISE(ABORT, '{what}'); END;
             CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} WHEN {}
             BEGIN SELECT RAISE(ABORT, '{what}'); END;
             CREATE TRIGGER {table}_delete BEFORE DELETE ON {table}
             BEGIN SELECT RAISE(ABORT, '{what}'); END;\n",
            changed.condition()
        )
    });
    kept.chain(changed).collect()
}

fn postgres_triggers() -> String {
    let kept = KEPT.iter().map(|Kept { table, what, release, .. }| {
        let released = match release {
            Release::Document => "kind = 'object' AND subject = OLD.digest",
            Release::Run => "kind = 'run' AND subject = uuid_send(OLD.run_id)",
            Release::Never => "false",
        };
        format!(
            "CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF TG_OP = 'DELETE' THEN
                     IF EXISTS (SELECT 1 FROM retention_release WHERE {released}) THEN RETURN OLD; END IF;
                 END IF;
                 RAISE EXCEPTION '{what} never changes';
             END $$;
             CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
             FOR EACH ROW EXECUTE FUNCTION {table}_kept();
             CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}
             FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept();\n"
        )
    });
    let changed = CHANGED.iter().map(|changed| {
        let Changed { table, what, .. } = changed;
        format!(
            "CREATE FUNCTION {table}_changed() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF TG_OP = 'UPDATE' THEN
                     IF NOT ({}) THEN RETURN NEW; END IF;
                 END IF;
                 RAISE EXCEPTION '{what}';
             END $$;
             CREATE TRIGGER {table}_changed BEFORE UPDATE OR DELETE ON {table}
             FOR EACH ROW EXECUTE FUNCTION {table}_changed();
             CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}
             FOR EACH STATEMENT EXECUTE FUNCTION {table}_changed();\n",
            changed.condition()
        )
    });
    kept.chain(changed).collect()
}

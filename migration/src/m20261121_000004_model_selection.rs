//! Comparisons with their candidates, and the registry of trained models with the history of its aliases.
//!
//! The database itself keeps what must never change: a settled comparison and its candidates, a registered model,
//! and a move of an alias. The current alias is the newest move, so the two cannot disagree.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let backend = manager.get_database_backend();
        db.execute_unprepared(&portable(backend, TABLES)).await?;
        let triggers = match backend {
            DatabaseBackend::Postgres => POSTGRES_TRIGGERS,
            _ => SQLITE_TRIGGERS,
        };
        db.execute_unprepared(triggers).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("DROP VIEW model_alias").await?;
        for table in ["model_alias_move", "registered_model", "comparison_candidate", "comparison"] {
            db.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared(
                "DROP FUNCTION comparison_guard(); DROP FUNCTION comparison_candidate_guard();
                 DROP FUNCTION model_registry_guard()",
            )
            .await?;
        }
        Ok(())
    }
}

/// The tables are written once; only the names of two types differ.
fn portable(backend: DatabaseBackend, sql: &str) -> String {
    match backend {
        DatabaseBackend::Postgres => sql.replace("BLOB", "BYTEA"),
        _ => sql.replace("UUID", "BLOB"),
    }
}

const TABLES: &str = "
CREATE TABLE comparison (
    run_id UUID PRIMARY KEY REFERENCES run (id),
    tenant_id UUID NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('pair', 'dataset')),
    store_id BIGINT,
    product_id BIGINT,
    dataset_id UUID,
    horizon INTEGER NOT NULL,
    ranking_metric TEXT NOT NULL,
    series_total INTEGER NOT NULL,
    candidates_total INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'partial', 'failed', 'cancelled')),
    winner_ordinal INTEGER,
    winner_model_type TEXT,
    winner_value DOUBLE PRECISION,
    confidence TEXT CHECK (confidence IN ('high', 'medium', 'low')),
    error_code TEXT,
    error_message TEXT,
    created_us BIGINT NOT NULL,
    started_us BIGINT,
    settled_us BIGINT,
    CHECK ((source = 'pair') = (store_id IS NOT NULL AND product_id IS NOT NULL)),
    CHECK ((source = 'dataset') = (dataset_id IS NOT NULL)),
    CHECK ((status IN ('pending', 'running')) = (settled_us IS NULL))
);
CREATE INDEX comparison_by_tenant ON comparison (tenant_id, run_id);
CREATE INDEX comparison_by_pair ON comparison (tenant_id, store_id, product_id, run_id);
CREATE INDEX comparison_by_dataset ON comparison (tenant_id, dataset_id, run_id);
CREATE INDEX comparison_by_status ON comparison (tenant_id, status, run_id);

CREATE TABLE comparison_candidate (
    run_id UUID NOT NULL REFERENCES comparison (run_id),
    ordinal INTEGER NOT NULL,
    candidate_id UUID NOT NULL UNIQUE,
    model_type TEXT NOT NULL,
    params TEXT NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN ('pending', 'running', 'completed', 'dropped', 'failed', 'cancelled')),
    series_done INTEGER NOT NULL DEFAULT 0,
    error_code TEXT,
    error_message TEXT,
    started_us BIGINT,
    ended_us BIGINT,
    PRIMARY KEY (run_id, ordinal),
    CHECK ((status IN ('dropped', 'failed')) = (error_code IS NOT NULL)),
    CHECK ((status IN ('pending', 'running')) = (ended_us IS NULL))
);

CREATE TABLE registered_model (
    model_id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    training_run_id UUID NOT NULL UNIQUE REFERENCES run (id),
    comparison_run_id UUID REFERENCES comparison (run_id),
    candidate_ordinal INTEGER,
    model_type TEXT NOT NULL,
    params TEXT NOT NULL,
    config_hash TEXT NOT NULL,
    series_name TEXT NOT NULL,
    window_start TEXT NOT NULL,
    window_end TEXT NOT NULL,
    horizon INTEGER NOT NULL,
    metrics TEXT NOT NULL,
    metrics_origin TEXT NOT NULL CHECK (metrics_origin IN ('comparison', 'holdout')),
    artifact_id UUID NOT NULL REFERENCES run_artifact (id),
    artifact_digest BLOB NOT NULL,
    artifact_size_bytes BIGINT NOT NULL,
    description TEXT,
    registered_by TEXT NOT NULL,
    registered_us BIGINT NOT NULL,
    CHECK ((comparison_run_id IS NULL) = (candidate_ordinal IS NULL)),
    CHECK ((metrics_origin = 'comparison') = (comparison_run_id IS NOT NULL))
);
CREATE INDEX registered_model_by_tenant ON registered_model (tenant_id, model_id);

CREATE TABLE model_alias_move (
    tenant_id UUID NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    from_model_id UUID REFERENCES registered_model (model_id),
    to_model_id UUID NOT NULL REFERENCES registered_model (model_id),
    moved_by TEXT NOT NULL,
    reason TEXT,
    moved_us BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, name, version),
    CHECK ((version = 1) = (from_model_id IS NULL))
);

CREATE VIEW model_alias AS
SELECT tenant_id, name, version, from_model_id, to_model_id, moved_by, reason, moved_us
FROM model_alias_move newest
WHERE version = (
    SELECT max(version) FROM model_alias_move
    WHERE tenant_id = newest.tenant_id AND name = newest.name
);
";

const SQLITE_TRIGGERS: &str = "
CREATE TRIGGER comparison_is_settled BEFORE UPDATE ON comparison WHEN OLD.settled_us IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a settled comparison never changes'); END;

CREATE TRIGGER comparison_is_kept BEFORE DELETE ON comparison WHEN OLD.settled_us IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a settled comparison never changes'); END;

CREATE TRIGGER comparison_candidate_insert BEFORE INSERT ON comparison_candidate
WHEN (SELECT settled_us FROM comparison WHERE run_id = NEW.run_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the candidates of a settled comparison never change'); END;

CREATE TRIGGER comparison_candidate_update BEFORE UPDATE ON comparison_candidate
WHEN (SELECT settled_us FROM comparison WHERE run_id = OLD.run_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the candidates of a settled comparison never change'); END;

CREATE TRIGGER comparison_candidate_delete BEFORE DELETE ON comparison_candidate
WHEN (SELECT settled_us FROM comparison WHERE run_id = OLD.run_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the candidates of a settled comparison never change'); END;

CREATE TRIGGER registered_model_update BEFORE UPDATE ON registered_model
BEGIN SELECT RAISE(ABORT, 'a registered model never changes'); END;

CREATE TRIGGER registered_model_delete BEFORE DELETE ON registered_model
BEGIN SELECT RAISE(ABORT, 'a registered model never changes'); END;

CREATE TRIGGER model_alias_move_update BEFORE UPDATE ON model_alias_move
BEGIN SELECT RAISE(ABORT, 'the history of an alias never changes'); END;

CREATE TRIGGER model_alias_move_delete BEFORE DELETE ON model_alias_move
BEGIN SELECT RAISE(ABORT, 'the history of an alias never changes'); END;
";

const POSTGRES_TRIGGERS: &str = "
CREATE FUNCTION comparison_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.settled_us IS NOT NULL THEN RAISE EXCEPTION 'a settled comparison never changes'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER comparison_guard BEFORE UPDATE OR DELETE ON comparison
FOR EACH ROW EXECUTE FUNCTION comparison_guard();

CREATE FUNCTION comparison_candidate_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE candidate comparison_candidate;
BEGIN
    candidate := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
    IF (SELECT settled_us FROM comparison WHERE run_id = candidate.run_id) IS NOT NULL THEN
        RAISE EXCEPTION 'the candidates of a settled comparison never change';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER comparison_candidate_guard BEFORE INSERT OR UPDATE OR DELETE ON comparison_candidate
FOR EACH ROW EXECUTE FUNCTION comparison_candidate_guard();

CREATE FUNCTION model_registry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the model registry only grows: % of % is refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER registered_model_guard BEFORE UPDATE OR DELETE ON registered_model
FOR EACH ROW EXECUTE FUNCTION model_registry_guard();
CREATE TRIGGER model_alias_move_guard BEFORE UPDATE OR DELETE ON model_alias_move
FOR EACH ROW EXECUTE FUNCTION model_registry_guard();
";

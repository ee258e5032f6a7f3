//! Comparisons with their candidates, and the registry of trained models with the events of its models and aliases.
//!
//! The database itself keeps what must never change: a settled comparison and its candidates (a receipt of retention
//! that names the run lets them go), a registered model, its events, and a move of an alias. How a model stands and
//! where an alias points is the newest event, so a state and its history cannot disagree.

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
        for table in
            ["model_alias_move", "model_event", "registered_model", "comparison_candidate", "comparison"]
        {
            db.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared(
                "DROP FUNCTION comparison_guard(); DROP FUNCTION comparison_candidate_guard();
                 DROP FUNCTION model_registry_guard(); DROP FUNCTION model_event_order();
                 DROP FUNCTION model_alias_move_order()",
            )
            .await?;
        }
        Ok(())
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
    CHECK ((winner_ordinal IS NULL) = (winner_model_type IS NULL)),
    CHECK ((winner_ordinal IS NULL) = (confidence IS NULL)),
    CHECK (settled_us IS NOT NULL OR winner_ordinal IS NULL),
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

CREATE TABLE model_event (
    model_id UUID NOT NULL REFERENCES registered_model (model_id),
    version INTEGER NOT NULL CHECK (version >= 1),
    tenant_id UUID NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('registered', 'archived')),
    changed_by TEXT NOT NULL,
    reason TEXT,
    changed_us BIGINT NOT NULL,
    PRIMARY KEY (model_id, version),
    CHECK (version > 1 OR state = 'registered')
);

CREATE TABLE model_alias_move (
    tenant_id UUID NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    from_model_id UUID REFERENCES registered_model (model_id),
    to_model_id UUID REFERENCES registered_model (model_id),
    moved_by TEXT NOT NULL,
    reason TEXT,
    moved_us BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, name, version),
    CHECK (version > 1 OR from_model_id IS NULL),
    CHECK (from_model_id IS NOT NULL OR to_model_id IS NOT NULL),
    CHECK (to_model_id IS NOT NULL OR reason IS NOT NULL)
);
CREATE INDEX model_alias_move_by_target ON model_alias_move (to_model_id);

CREATE VIEW model_alias AS
SELECT tenant_id, name, version, from_model_id, to_model_id, moved_by, reason, moved_us
FROM model_alias_move newest
WHERE version = (
    SELECT max(version) FROM model_alias_move
    WHERE tenant_id = newest.tenant_id AND name = newest.name
);
";

// The insert triggers stand before `INSERT OR REPLACE` too, which fires no delete trigger. A move and an event follow the
// newest one of their kind, so that no history can be written beside the one that counts.
const SQLITE_TRIGGERS: &str = "
CREATE TRIGGER comparison_insert BEFORE INSERT ON comparison
WHEN NEW.settled_us IS NOT NULL OR EXISTS (SELECT 1 FROM comparison WHERE run_id = NEW.run_id)
    OR EXISTS (SELECT 1 FROM comparison WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'a comparison begins once, and unsettled'); END;

CREATE TRIGGER comparison_update BEFORE UPDATE ON comparison
WHEN OLD.settled_us IS NOT NULL OR NEW.run_id <> OLD.run_id OR NEW.tenant_id <> OLD.tenant_id
BEGIN SELECT RAISE(ABORT, 'a settled comparison never changes'); END;

CREATE TRIGGER comparison_delete BEFORE DELETE ON comparison
WHEN OLD.settled_us IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = OLD.run_id)
BEGIN SELECT RAISE(ABORT, 'a settled comparison never changes'); END;

CREATE TRIGGER comparison_candidate_insert BEFORE INSERT ON comparison_candidate
WHEN (SELECT settled_us FROM comparison WHERE run_id = NEW.run_id) IS NOT NULL
    OR EXISTS (SELECT 1 FROM comparison_candidate
        WHERE (run_id = NEW.run_id AND ordinal = NEW.ordinal) OR candidate_id = NEW.candidate_id)
    OR EXISTS (SELECT 1 FROM comparison_candidate WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the candidates of a settled comparison never change'); END;

CREATE TRIGGER comparison_candidate_update BEFORE UPDATE ON comparison_candidate
WHEN (SELECT settled_us FROM comparison WHERE run_id = OLD.run_id) IS NOT NULL
    OR NEW.run_id <> OLD.run_id OR NEW.ordinal <> OLD.ordinal OR NEW.candidate_id <> OLD.candidate_id
BEGIN SELECT RAISE(ABORT, 'the candidates of a settled comparison never change'); END;

CREATE TRIGGER comparison_candidate_delete BEFORE DELETE ON comparison_candidate
WHEN (SELECT settled_us FROM comparison WHERE run_id = OLD.run_id) IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = OLD.run_id)
BEGIN SELECT RAISE(ABORT, 'the candidates of a settled comparison never change'); END;

CREATE TRIGGER registered_model_insert BEFORE INSERT ON registered_model
WHEN EXISTS (SELECT 1 FROM registered_model
    WHERE model_id = NEW.model_id OR training_run_id = NEW.training_run_id)
    OR EXISTS (SELECT 1 FROM registered_model WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'a registered model never changes'); END;
CREATE TRIGGER registered_model_update BEFORE UPDATE ON registered_model
BEGIN SELECT RAISE(ABORT, 'a registered model never changes'); END;
CREATE TRIGGER registered_model_delete BEFORE DELETE ON registered_model
BEGIN SELECT RAISE(ABORT, 'a registered model never changes'); END;

CREATE TRIGGER model_event_insert BEFORE INSERT ON model_event
WHEN NEW.version <> 1 + (SELECT count(*) FROM model_event WHERE model_id = NEW.model_id)
    OR EXISTS (SELECT 1 FROM model_event WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the events of a model never change'); END;
CREATE TRIGGER model_event_update BEFORE UPDATE ON model_event
BEGIN SELECT RAISE(ABORT, 'the events of a model never change'); END;
CREATE TRIGGER model_event_delete BEFORE DELETE ON model_event
BEGIN SELECT RAISE(ABORT, 'the events of a model never change'); END;

CREATE TRIGGER model_alias_move_insert BEFORE INSERT ON model_alias_move
WHEN NEW.version <> 1 + (
    SELECT count(*) FROM model_alias_move WHERE tenant_id = NEW.tenant_id AND name = NEW.name
)
    OR EXISTS (SELECT 1 FROM model_alias_move WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the history of an alias never changes'); END;
CREATE TRIGGER model_alias_move_update BEFORE UPDATE ON model_alias_move
BEGIN SELECT RAISE(ABORT, 'the history of an alias never changes'); END;
CREATE TRIGGER model_alias_move_delete BEFORE DELETE ON model_alias_move
BEGIN SELECT RAISE(ABORT, 'the history of an alias never changes'); END;
";

const POSTGRES_TRIGGERS: &str = "
CREATE FUNCTION comparison_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.settled_us IS NOT NULL THEN RAISE EXCEPTION 'a comparison begins once, and unsettled'; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.settled_us IS NOT NULL OR NEW.run_id <> OLD.run_id OR NEW.tenant_id <> OLD.tenant_id THEN
            RAISE EXCEPTION 'a settled comparison never changes';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.settled_us IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = uuid_send(OLD.run_id)
    ) THEN
        RAISE EXCEPTION 'a settled comparison never changes';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER comparison_guard BEFORE INSERT OR UPDATE OR DELETE ON comparison
FOR EACH ROW EXECUTE FUNCTION comparison_guard();

CREATE FUNCTION comparison_candidate_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    candidate comparison_candidate;
    is_settled boolean;
BEGIN
    candidate := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
    is_settled := (SELECT settled_us FROM comparison WHERE run_id = candidate.run_id) IS NOT NULL;
    IF TG_OP = 'DELETE' THEN
        IF is_settled AND NOT EXISTS (
            SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = uuid_send(OLD.run_id)
        ) THEN
            RAISE EXCEPTION 'the candidates of a settled comparison never change';
        END IF;
        RETURN OLD;
    END IF;
    IF is_settled OR (TG_OP = 'UPDATE' AND (
        NEW.run_id <> OLD.run_id OR NEW.ordinal <> OLD.ordinal OR NEW.candidate_id <> OLD.candidate_id
    )) THEN
        RAISE EXCEPTION 'the candidates of a settled comparison never change';
    END IF;
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
CREATE TRIGGER model_event_guard BEFORE UPDATE OR DELETE ON model_event
FOR EACH ROW EXECUTE FUNCTION model_registry_guard();
CREATE TRIGGER model_alias_move_guard BEFORE UPDATE OR DELETE ON model_alias_move
FOR EACH ROW EXECUTE FUNCTION model_registry_guard();

CREATE FUNCTION model_event_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version > 1 + (SELECT count(*) FROM model_event WHERE model_id = NEW.model_id) THEN
        RAISE EXCEPTION 'the events of a model never change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER model_event_order BEFORE INSERT ON model_event
FOR EACH ROW EXECUTE FUNCTION model_event_order();

CREATE FUNCTION model_alias_move_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version > 1 + (
        SELECT count(*) FROM model_alias_move WHERE tenant_id = NEW.tenant_id AND name = NEW.name
    ) THEN
        RAISE EXCEPTION 'the history of an alias never changes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER model_alias_move_order BEFORE INSERT ON model_alias_move
FOR EACH ROW EXECUTE FUNCTION model_alias_move_order();
";

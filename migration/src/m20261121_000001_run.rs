//! Runs: the queue, attempts, inputs, artifacts and shard results.
//!
//! Two rules stand in the database itself, because no code path may be trusted with them: a run cannot become
//! `succeeded` without its `metrics` artifact, and a terminal run and its artifacts never change again.

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
        for table in ["shard_result", "run_artifact", "run_input", "run_attempt", "run"] {
            db.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared(
                "DROP FUNCTION run_guard_update(); DROP FUNCTION run_guard_delete(); DROP FUNCTION run_artifact_guard()",
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
CREATE TABLE run (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    kind TEXT NOT NULL,
    kind_version INTEGER NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    spec TEXT NOT NULL,
    spec_digest BLOB NOT NULL,
    seed BIGINT NOT NULL,
    conversation_id TEXT NOT NULL,
    retry_of UUID REFERENCES run (id),
    exclusive_key TEXT,
    idempotency_key TEXT,
    attempt INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL CHECK (max_attempts >= 1),
    fence BIGINT NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_until_us BIGINT,
    not_before_us BIGINT NOT NULL,
    cancel_requested_us BIGINT,
    is_dead_letter BOOLEAN NOT NULL DEFAULT FALSE,
    error_code TEXT,
    error_message TEXT,
    created_us BIGINT NOT NULL,
    started_us BIGINT,
    ended_us BIGINT,
    CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (ended_us IS NOT NULL)),
    CHECK ((state = 'running') = (lease_owner IS NOT NULL)),
    CHECK ((state = 'running') = (lease_until_us IS NOT NULL))
);
CREATE INDEX run_by_tenant ON run (tenant_id, id);
CREATE INDEX run_by_kind ON run (tenant_id, kind, id);
CREATE INDEX run_by_state ON run (tenant_id, state, id);
CREATE INDEX run_by_conversation ON run (tenant_id, conversation_id, id);
CREATE INDEX run_claimable ON run (not_before_us, id) WHERE state = 'queued';
CREATE INDEX run_leased ON run (lease_until_us) WHERE state = 'running';
CREATE UNIQUE INDEX run_exclusive ON run (tenant_id, exclusive_key) WHERE state IN ('queued', 'running');
CREATE UNIQUE INDEX run_idempotency ON run (tenant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE run_attempt (
    run_id UUID NOT NULL REFERENCES run (id),
    number INTEGER NOT NULL,
    worker TEXT NOT NULL,
    started_us BIGINT NOT NULL,
    ended_us BIGINT,
    outcome TEXT CHECK (outcome IN ('succeeded', 'failed', 'cancelled', 'retried', 'lost')),
    error_code TEXT,
    error_message TEXT,
    PRIMARY KEY (run_id, number),
    CHECK ((ended_us IS NULL) = (outcome IS NULL))
);

CREATE TABLE run_input (
    run_id UUID NOT NULL REFERENCES run (id),
    role TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('artifact', 'dataset')),
    source_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (run_id, role)
);
CREATE INDEX run_input_by_source ON run_input (source, source_id);

CREATE TABLE run_artifact (
    id UUID PRIMARY KEY,
    run_id UUID NOT NULL REFERENCES run (id),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    digest BLOB NOT NULL,
    created_us BIGINT NOT NULL,
    UNIQUE (run_id, name)
);
CREATE INDEX run_artifact_by_digest ON run_artifact (digest);

CREATE TABLE shard_result (
    shard_key BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    output TEXT NOT NULL,
    created_us BIGINT NOT NULL
);
";

const SQLITE_TRIGGERS: &str = "
CREATE TRIGGER run_is_closed BEFORE UPDATE ON run
WHEN OLD.state IN ('succeeded', 'failed', 'cancelled')
BEGIN SELECT RAISE(ABORT, 'a terminal run never changes'); END;

CREATE TRIGGER run_is_kept BEFORE DELETE ON run
WHEN OLD.state IN ('succeeded', 'failed', 'cancelled')
BEGIN SELECT RAISE(ABORT, 'a terminal run never changes'); END;

CREATE TRIGGER run_needs_metrics BEFORE UPDATE ON run
WHEN NEW.state = 'succeeded'
    AND NOT EXISTS (SELECT 1 FROM run_artifact WHERE run_id = NEW.id AND name = 'metrics')
BEGIN SELECT RAISE(ABORT, 'a run cannot succeed without its metrics artifact'); END;

CREATE TRIGGER run_starts_open BEFORE INSERT ON run WHEN NEW.state <> 'queued'
BEGIN SELECT RAISE(ABORT, 'a run begins queued'); END;

CREATE TRIGGER run_artifact_insert BEFORE INSERT ON run_artifact
WHEN (SELECT state FROM run WHERE id = NEW.run_id) IN ('succeeded', 'failed', 'cancelled')
BEGIN SELECT RAISE(ABORT, 'a terminal run takes no further artifact'); END;

CREATE TRIGGER run_artifact_update BEFORE UPDATE ON run_artifact
BEGIN SELECT RAISE(ABORT, 'an artifact never changes'); END;

CREATE TRIGGER run_artifact_delete BEFORE DELETE ON run_artifact
BEGIN SELECT RAISE(ABORT, 'an artifact never changes'); END;
";

const POSTGRES_TRIGGERS: &str = "
CREATE FUNCTION run_guard_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'queued' THEN RAISE EXCEPTION 'a run begins queued'; END IF;
        RETURN NEW;
    END IF;
    IF OLD.state IN ('succeeded', 'failed', 'cancelled') THEN
        RAISE EXCEPTION 'a terminal run never changes';
    END IF;
    IF NEW.state = 'succeeded'
        AND NOT EXISTS (SELECT 1 FROM run_artifact WHERE run_id = NEW.id AND name = 'metrics') THEN
        RAISE EXCEPTION 'a run cannot succeed without its metrics artifact';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER run_guard_update BEFORE INSERT OR UPDATE ON run
FOR EACH ROW EXECUTE FUNCTION run_guard_update();

CREATE FUNCTION run_guard_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('succeeded', 'failed', 'cancelled') THEN
        RAISE EXCEPTION 'a terminal run never changes';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER run_guard_delete BEFORE DELETE ON run FOR EACH ROW EXECUTE FUNCTION run_guard_delete();

CREATE FUNCTION run_artifact_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN RAISE EXCEPTION 'an artifact never changes'; END IF;
    IF (SELECT state FROM run WHERE id = NEW.run_id) IN ('succeeded', 'failed', 'cancelled') THEN
        RAISE EXCEPTION 'a terminal run takes no further artifact';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER run_artifact_guard BEFORE INSERT OR UPDATE OR DELETE ON run_artifact
FOR EACH ROW EXECUTE FUNCTION run_artifact_guard();
";

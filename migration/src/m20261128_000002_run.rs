//! Conversations and runs: the queue, attempts, decisions, inputs, artifacts and shard results.
//!
//! What no code path may be trusted with stands in the database itself: a run begins queued, ends only with its
//! `metrics` artifact, and is never again changed after its end, nor are its inputs, attempts, decisions and artifacts.
//! What a run was asked for never changes at all. A row leaves only where a receipt of retention names it.

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
        for table in TABLES_LEAVES_FIRST {
            db.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared(
                "DROP FUNCTION run_guard(); DROP FUNCTION run_part_guard(); DROP FUNCTION shard_result_guard();
                 DROP FUNCTION run_truncate_guard(); DROP FUNCTION conversation_guard()",
            )
            .await?;
        }
        Ok(())
    }
}

const TABLES_LEAVES_FIRST: [&str; 7] =
    ["shard_result", "run_artifact", "run_input", "run_decision", "run_attempt", "run", "conversation"];

// `attempt` counts executions; `failures` and `losses` count those that speak against the run (ended with a retryable
// error, worker vanished), anew whenever more is done than `progress_seen`. `resumes` marks a queued run whose open
// attempt goes on.
const TABLES: &str = "
CREATE TABLE conversation (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 1000),
    created_us BIGINT NOT NULL,
    UNIQUE (tenant_id, id)
);

CREATE TABLE run (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    kind TEXT NOT NULL,
    kind_version INTEGER NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')),
    spec TEXT NOT NULL,
    spec_digest BLOB NOT NULL CHECK (length(spec_digest) = 32),
    seed BIGINT NOT NULL,
    program_version TEXT NOT NULL,
    program_commit TEXT,
    conversation_id UUID NOT NULL,
    parent_run_id UUID REFERENCES run (id),
    root_run_id UUID NOT NULL REFERENCES run (id),
    retry_of UUID REFERENCES run (id),
    priority INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN -100 AND 100),
    exclusive_key TEXT,
    dedup_key TEXT,
    idempotency_key TEXT,
    attempt INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    max_attempts INTEGER NOT NULL CHECK (max_attempts >= 1),
    failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
    losses INTEGER NOT NULL DEFAULT 0 CHECK (losses >= 0),
    shards_done BIGINT NOT NULL DEFAULT 0 CHECK (shards_done >= 0),
    progress_seen BIGINT NOT NULL DEFAULT 0 CHECK (progress_seen >= 0),
    resumes BOOLEAN NOT NULL DEFAULT FALSE,
    fence BIGINT NOT NULL DEFAULT 0 CHECK (fence >= 0),
    lease_owner TEXT,
    lease_until_us BIGINT,
    lease_us BIGINT,
    not_before_us BIGINT NOT NULL,
    waits_for TEXT CHECK (waits_for IN ('children', 'decision', 'time')),
    wake_us BIGINT,
    cancel_requested_us BIGINT,
    is_dead_letter BOOLEAN NOT NULL DEFAULT FALSE,
    error_code TEXT,
    error_message TEXT,
    created_us BIGINT NOT NULL,
    started_us BIGINT,
    ended_us BIGINT,
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation (tenant_id, id),
    CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (ended_us IS NOT NULL)),
    CHECK ((state = 'running') = (lease_owner IS NOT NULL)),
    CHECK ((state = 'running') = (lease_until_us IS NOT NULL)),
    CHECK ((state = 'running') = (lease_us IS NOT NULL)),
    CHECK ((state = 'waiting') = (waits_for IS NOT NULL)),
    CHECK (state = 'waiting' OR wake_us IS NULL),
    CHECK ((parent_run_id IS NULL) = (root_run_id = id))
);
CREATE INDEX run_by_tenant ON run (tenant_id, id);
CREATE INDEX run_by_kind ON run (tenant_id, kind, id);
CREATE INDEX run_by_state ON run (tenant_id, state, id);
CREATE INDEX run_by_conversation ON run (tenant_id, conversation_id, id);
CREATE INDEX run_by_parent ON run (parent_run_id, id) WHERE parent_run_id IS NOT NULL;
CREATE INDEX run_by_root ON run (root_run_id);
CREATE INDEX run_dead_letters ON run (tenant_id, id) WHERE is_dead_letter;
CREATE INDEX run_claimable ON run (priority DESC, not_before_us, id) WHERE state = 'queued';
CREATE INDEX run_leased ON run (lease_until_us) WHERE state = 'running';
CREATE INDEX run_timed ON run (wake_us) WHERE wake_us IS NOT NULL;
CREATE UNIQUE INDEX run_exclusive ON run (tenant_id, exclusive_key)
    WHERE exclusive_key IS NOT NULL AND state IN ('queued', 'running', 'waiting');
CREATE UNIQUE INDEX run_dedup ON run (tenant_id, dedup_key)
    WHERE dedup_key IS NOT NULL AND state IN ('queued', 'running', 'waiting');
CREATE UNIQUE INDEX run_idempotency ON run (tenant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE run_attempt (
    run_id UUID NOT NULL REFERENCES run (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    worker TEXT NOT NULL,
    started_us BIGINT NOT NULL,
    ended_us BIGINT,
    outcome TEXT CHECK (outcome IN ('succeeded', 'failed', 'cancelled', 'retried', 'lost', 'released')),
    error_code TEXT,
    error_message TEXT,
    PRIMARY KEY (run_id, number),
    CHECK ((ended_us IS NULL) = (outcome IS NULL))
);

CREATE TABLE run_decision (
    run_id UUID NOT NULL REFERENCES run (id),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    title TEXT NOT NULL,
    detail TEXT,
    requested_us BIGINT NOT NULL,
    expires_us BIGINT,
    decided_us BIGINT,
    decision TEXT CHECK (decision IN ('approved', 'rejected', 'timed_out')),
    reason TEXT,
    PRIMARY KEY (run_id, name),
    CHECK ((decided_us IS NULL) = (decision IS NULL))
);

CREATE TABLE run_input (
    run_id UUID NOT NULL REFERENCES run (id),
    role TEXT NOT NULL,
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    source TEXT NOT NULL CHECK (source IN ('dataset', 'artifact', 'run', 'model', 'snapshot')),
    source_id TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (run_id, role, ordinal)
);
CREATE INDEX run_input_by_source ON run_input (source, source_id);

CREATE TABLE run_artifact (
    id UUID PRIMARY KEY,
    run_id UUID NOT NULL REFERENCES run (id),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    created_us BIGINT NOT NULL,
    UNIQUE (run_id, name)
);
CREATE INDEX run_artifact_by_digest ON run_artifact (digest);

CREATE TABLE shard_result (
    shard_key BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    output TEXT NOT NULL,
    output_digest BLOB NOT NULL CHECK (length(output_digest) = 32),
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    created_us BIGINT NOT NULL,
    used_us BIGINT NOT NULL
);
CREATE INDEX shard_result_by_use ON shard_result (used_us);
";

// SQLite's `REPLACE` deletes what stands in its way, by key or by the hidden row number, and fires no delete trigger: the
// insert triggers stand before it.
const SQLITE_TRIGGERS: &str = "
CREATE TRIGGER conversation_insert BEFORE INSERT ON conversation
WHEN EXISTS (SELECT 1 FROM conversation WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM conversation WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'a conversation is made once'); END;

CREATE TRIGGER conversation_update BEFORE UPDATE ON conversation
BEGIN SELECT RAISE(ABORT, 'a conversation never changes'); END;

CREATE TRIGGER conversation_delete BEFORE DELETE ON conversation
BEGIN SELECT RAISE(ABORT, 'a conversation is kept'); END;

CREATE TRIGGER run_insert BEFORE INSERT ON run
WHEN NEW.state <> 'queued' OR NEW.attempt <> 0
    OR EXISTS (SELECT 1 FROM run WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM run WHERE tenant_id = NEW.tenant_id AND idempotency_key = NEW.idempotency_key)
    OR EXISTS (SELECT 1 FROM run WHERE tenant_id = NEW.tenant_id AND exclusive_key = NEW.exclusive_key
        AND state IN ('queued', 'running', 'waiting'))
    OR EXISTS (SELECT 1 FROM run WHERE tenant_id = NEW.tenant_id AND dedup_key = NEW.dedup_key
        AND state IN ('queued', 'running', 'waiting'))
    OR EXISTS (SELECT 1 FROM run WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'a run begins queued, once and for itself'); END;

CREATE TRIGGER run_is_closed BEFORE UPDATE ON run
WHEN OLD.state IN ('succeeded', 'failed', 'cancelled')
BEGIN SELECT RAISE(ABORT, 'a terminal run never changes'); END;

CREATE TRIGGER run_is_pinned BEFORE UPDATE ON run
WHEN OLD.state NOT IN ('succeeded', 'failed', 'cancelled') AND (NEW.id <> OLD.id OR NEW.tenant_id <> OLD.tenant_id OR NEW.kind <> OLD.kind OR NEW.kind_version <> OLD.kind_version
    OR NEW.title <> OLD.title OR NEW.spec <> OLD.spec OR NEW.spec_digest <> OLD.spec_digest OR NEW.seed <> OLD.seed
    OR NEW.program_version <> OLD.program_version OR NEW.program_commit IS NOT OLD.program_commit
    OR NEW.conversation_id <> OLD.conversation_id OR NEW.parent_run_id IS NOT OLD.parent_run_id
    OR NEW.root_run_id <> OLD.root_run_id OR NEW.retry_of IS NOT OLD.retry_of
    OR NEW.exclusive_key IS NOT OLD.exclusive_key OR NEW.dedup_key IS NOT OLD.dedup_key
    OR NEW.idempotency_key IS NOT OLD.idempotency_key OR NEW.created_us <> OLD.created_us
    OR NEW.fence < OLD.fence OR NEW.attempt < OLD.attempt OR NEW.rowid <> OLD.rowid)
BEGIN SELECT RAISE(ABORT, 'what a run was asked for never changes'); END;

CREATE TRIGGER run_needs_metrics BEFORE UPDATE ON run
WHEN NEW.state IN ('succeeded', 'failed', 'cancelled') AND OLD.state NOT IN ('succeeded', 'failed', 'cancelled')
    AND NOT EXISTS (SELECT 1 FROM run_artifact WHERE run_id = NEW.id AND name = 'metrics')
BEGIN SELECT RAISE(ABORT, 'a run cannot end without its metrics artifact'); END;

CREATE TRIGGER run_delete BEFORE DELETE ON run
WHEN NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = OLD.id)
BEGIN SELECT RAISE(ABORT, 'a run leaves only with a receipt'); END;

CREATE TRIGGER run_attempt_insert BEFORE INSERT ON run_attempt
WHEN (SELECT state FROM run WHERE id = NEW.run_id) IS NOT 'running'
    OR EXISTS (SELECT 1 FROM run_attempt WHERE run_id = NEW.run_id AND number = NEW.number)
    OR EXISTS (SELECT 1 FROM run_attempt WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'an attempt belongs to a running run'); END;

CREATE TRIGGER run_attempt_update BEFORE UPDATE ON run_attempt
WHEN OLD.ended_us IS NOT NULL OR NEW.run_id <> OLD.run_id OR NEW.number <> OLD.number
    OR NEW.started_us <> OLD.started_us
    OR (SELECT state FROM run WHERE id = OLD.run_id) IN ('succeeded', 'failed', 'cancelled')
    OR NEW.rowid <> OLD.rowid
BEGIN SELECT RAISE(ABORT, 'an attempt that has ended never changes'); END;

CREATE TRIGGER run_attempt_delete BEFORE DELETE ON run_attempt
WHEN NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = OLD.run_id)
BEGIN SELECT RAISE(ABORT, 'an attempt leaves only with a receipt'); END;

CREATE TRIGGER run_decision_insert BEFORE INSERT ON run_decision
WHEN (SELECT state FROM run WHERE id = NEW.run_id) IS NOT 'running'
    OR EXISTS (SELECT 1 FROM run_decision WHERE run_id = NEW.run_id AND name = NEW.name)
    OR EXISTS (SELECT 1 FROM run_decision WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'a running run asks, and each question once'); END;

CREATE TRIGGER run_decision_update BEFORE UPDATE ON run_decision
WHEN OLD.decided_us IS NOT NULL OR NEW.run_id <> OLD.run_id OR NEW.name <> OLD.name OR NEW.title <> OLD.title
    OR NEW.detail IS NOT OLD.detail OR NEW.requested_us <> OLD.requested_us
    OR (SELECT state FROM run WHERE id = OLD.run_id) IN ('succeeded', 'failed', 'cancelled')
    OR NEW.rowid <> OLD.rowid
BEGIN SELECT RAISE(ABORT, 'a decision is made once and never changes'); END;

CREATE TRIGGER run_decision_delete BEFORE DELETE ON run_decision
WHEN NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = OLD.run_id)
BEGIN SELECT RAISE(ABORT, 'a decision leaves only with a receipt'); END;

CREATE TRIGGER run_input_insert BEFORE INSERT ON run_input
WHEN (SELECT state <> 'queued' OR attempt > 0 FROM run WHERE id = NEW.run_id) IS NOT FALSE
    OR EXISTS (SELECT 1 FROM run_input
        WHERE run_id = NEW.run_id AND role = NEW.role AND ordinal = NEW.ordinal)
    OR EXISTS (SELECT 1 FROM run_input WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'inputs are named when a run is submitted'); END;

CREATE TRIGGER run_input_update BEFORE UPDATE ON run_input
BEGIN SELECT RAISE(ABORT, 'an input never changes'); END;

CREATE TRIGGER run_input_delete BEFORE DELETE ON run_input
WHEN NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = OLD.run_id)
BEGIN SELECT RAISE(ABORT, 'an input leaves only with a receipt'); END;

CREATE TRIGGER run_artifact_insert BEFORE INSERT ON run_artifact
WHEN (SELECT state FROM run WHERE id = NEW.run_id) IN ('succeeded', 'failed', 'cancelled')
    OR EXISTS (SELECT 1 FROM run_artifact WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM run_artifact WHERE run_id = NEW.run_id AND name = NEW.name)
    OR EXISTS (SELECT 1 FROM run_artifact WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'a terminal run takes no further artifact, and no artifact is made twice'); END;

CREATE TRIGGER run_artifact_update BEFORE UPDATE ON run_artifact
BEGIN SELECT RAISE(ABORT, 'an artifact never changes'); END;

CREATE TRIGGER run_artifact_delete BEFORE DELETE ON run_artifact
WHEN NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = OLD.run_id)
BEGIN SELECT RAISE(ABORT, 'an artifact leaves only with a receipt'); END;

CREATE TRIGGER shard_result_insert BEFORE INSERT ON shard_result
WHEN EXISTS (SELECT 1 FROM shard_result WHERE shard_key = NEW.shard_key)
    OR EXISTS (SELECT 1 FROM shard_result WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'a stored result never changes'); END;

CREATE TRIGGER shard_result_update BEFORE UPDATE ON shard_result
WHEN NEW.shard_key <> OLD.shard_key OR NEW.kind <> OLD.kind OR NEW.version <> OLD.version
    OR NEW.output <> OLD.output OR NEW.output_digest <> OLD.output_digest OR NEW.size_bytes <> OLD.size_bytes
    OR NEW.created_us <> OLD.created_us
    OR NEW.rowid <> OLD.rowid
BEGIN SELECT RAISE(ABORT, 'a stored result never changes'); END;

CREATE TRIGGER shard_result_delete BEFORE DELETE ON shard_result
WHEN NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'shard_result' AND subject = OLD.shard_key)
BEGIN SELECT RAISE(ABORT, 'a stored result leaves only with a receipt'); END;
";

// One function for all parts of a run: each has the run's id, and the operation and the table say the rest.
const POSTGRES_TRIGGERS: &str = "
CREATE FUNCTION run_truncate_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a run leaves only with a receipt';
END $$;

CREATE FUNCTION run_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'queued' OR NEW.attempt <> 0 THEN
            RAISE EXCEPTION 'a run begins queued, once and for itself';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'run' AND subject = uuid_send(OLD.id)) THEN
            RAISE EXCEPTION 'a run leaves only with a receipt';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state IN ('succeeded', 'failed', 'cancelled') THEN
        RAISE EXCEPTION 'a terminal run never changes';
    END IF;
    IF (NEW.id, NEW.tenant_id, NEW.kind, NEW.kind_version, NEW.title, NEW.spec, NEW.spec_digest, NEW.seed,
            NEW.program_version, NEW.program_commit, NEW.conversation_id, NEW.parent_run_id, NEW.root_run_id,
            NEW.retry_of, NEW.exclusive_key, NEW.dedup_key, NEW.idempotency_key, NEW.created_us)
        IS DISTINCT FROM
        (OLD.id, OLD.tenant_id, OLD.kind, OLD.kind_version, OLD.title, OLD.spec, OLD.spec_digest, OLD.seed,
            OLD.program_version, OLD.program_commit, OLD.conversation_id, OLD.parent_run_id, OLD.root_run_id,
            OLD.retry_of, OLD.exclusive_key, OLD.dedup_key, OLD.idempotency_key, OLD.created_us)
        OR NEW.fence < OLD.fence OR NEW.attempt < OLD.attempt THEN
        RAISE EXCEPTION 'what a run was asked for never changes';
    END IF;
    IF NEW.state IN ('succeeded', 'failed', 'cancelled')
        AND NOT EXISTS (SELECT 1 FROM run_artifact WHERE run_id = NEW.id AND name = 'metrics') THEN
        RAISE EXCEPTION 'a run cannot end without its metrics artifact';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER run_guard BEFORE INSERT OR UPDATE OR DELETE ON run FOR EACH ROW EXECUTE FUNCTION run_guard();
CREATE TRIGGER run_truncate BEFORE TRUNCATE ON run FOR EACH STATEMENT EXECUTE FUNCTION run_truncate_guard();

CREATE FUNCTION run_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner UUID;
    state_now TEXT;
    attempt_now INTEGER;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT 1 FROM retention_release
            WHERE kind = 'run' AND subject = uuid_send(OLD.run_id)) THEN
            RAISE EXCEPTION '% leaves only with a receipt', TG_TABLE_NAME;
        END IF;
        RETURN OLD;
    END IF;
    owner := NEW.run_id;
    SELECT state, attempt INTO state_now, attempt_now FROM run WHERE id = owner;
    IF TG_OP = 'INSERT' THEN
        IF TG_TABLE_NAME IN ('run_attempt', 'run_decision') AND state_now IS DISTINCT FROM 'running' THEN
            RAISE EXCEPTION '% belongs to a running run', TG_TABLE_NAME;
        END IF;
        IF TG_TABLE_NAME = 'run_input' AND (state_now IS DISTINCT FROM 'queued' OR attempt_now > 0) THEN
            RAISE EXCEPTION 'inputs are named when a run is submitted';
        END IF;
        IF TG_TABLE_NAME = 'run_artifact' AND state_now IN ('succeeded', 'failed', 'cancelled') THEN
            RAISE EXCEPTION 'a terminal run takes no further artifact, and no artifact is made twice';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_TABLE_NAME = 'run_input' THEN RAISE EXCEPTION 'an input never changes'; END IF;
    IF TG_TABLE_NAME = 'run_artifact' THEN RAISE EXCEPTION 'an artifact never changes'; END IF;
    IF state_now IN ('succeeded', 'failed', 'cancelled') OR NEW.run_id <> OLD.run_id THEN
        RAISE EXCEPTION '% of a terminal run never changes', TG_TABLE_NAME;
    END IF;
    IF TG_TABLE_NAME = 'run_attempt' THEN
        IF OLD.ended_us IS NOT NULL OR NEW.number <> OLD.number OR NEW.started_us <> OLD.started_us THEN
            RAISE EXCEPTION 'an attempt that has ended never changes';
        END IF;
    ELSIF OLD.decided_us IS NOT NULL OR (NEW.name, NEW.title, NEW.detail, NEW.requested_us)
        IS DISTINCT FROM (OLD.name, OLD.title, OLD.detail, OLD.requested_us) THEN
        RAISE EXCEPTION 'a decision is made once and never changes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER run_attempt_guard BEFORE INSERT OR UPDATE OR DELETE ON run_attempt
FOR EACH ROW EXECUTE FUNCTION run_part_guard();
CREATE TRIGGER run_decision_guard BEFORE INSERT OR UPDATE OR DELETE ON run_decision
FOR EACH ROW EXECUTE FUNCTION run_part_guard();
CREATE TRIGGER run_input_guard BEFORE INSERT OR UPDATE OR DELETE ON run_input
FOR EACH ROW EXECUTE FUNCTION run_part_guard();
CREATE TRIGGER run_artifact_guard BEFORE INSERT OR UPDATE OR DELETE ON run_artifact
FOR EACH ROW EXECUTE FUNCTION run_part_guard();
CREATE TRIGGER run_attempt_truncate BEFORE TRUNCATE ON run_attempt
FOR EACH STATEMENT EXECUTE FUNCTION run_truncate_guard();
CREATE TRIGGER run_decision_truncate BEFORE TRUNCATE ON run_decision
FOR EACH STATEMENT EXECUTE FUNCTION run_truncate_guard();
CREATE TRIGGER run_input_truncate BEFORE TRUNCATE ON run_input
FOR EACH STATEMENT EXECUTE FUNCTION run_truncate_guard();
CREATE TRIGGER run_artifact_truncate BEFORE TRUNCATE ON run_artifact
FOR EACH STATEMENT EXECUTE FUNCTION run_truncate_guard();

CREATE FUNCTION shard_result_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT 1 FROM retention_release
            WHERE kind = 'shard_result' AND subject = OLD.shard_key) THEN
            RAISE EXCEPTION 'a stored result leaves only with a receipt';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.shard_key, NEW.kind, NEW.version, NEW.output, NEW.output_digest, NEW.size_bytes, NEW.created_us)
        IS DISTINCT FROM
        (OLD.shard_key, OLD.kind, OLD.version, OLD.output, OLD.output_digest, OLD.size_bytes, OLD.created_us) THEN
        RAISE EXCEPTION 'a stored result never changes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shard_result_guard BEFORE UPDATE OR DELETE ON shard_result
FOR EACH ROW EXECUTE FUNCTION shard_result_guard();
CREATE FUNCTION conversation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a conversation never changes';
END $$;
CREATE TRIGGER conversation_guard BEFORE UPDATE OR DELETE ON conversation
FOR EACH ROW EXECUTE FUNCTION conversation_guard();
CREATE TRIGGER conversation_truncate BEFORE TRUNCATE ON conversation
FOR EACH STATEMENT EXECUTE FUNCTION run_truncate_guard();
";

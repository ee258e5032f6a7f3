//! The rows.

use kernel::row::{digest, number, time, unreadable};
use kernel::{ConversationId, Digest, RunId, Scopes, Seed, Tenant, TenantId};
use sea_orm::entity::prelude::*;

use crate::run::{Artifact, Input, Keys, Program, Run};
use wire::access::TokenId;
use wire::artifacts::ArtifactId;
use wire::runs::{self, Attempt, AttemptOutcome, WaitsFor};

fn count(n: i32) -> Result<u32, DbErr> {
    number("count", n)
}

fn size(n: i64) -> Result<u64, DbErr> {
    number("size", n)
}

fn waits_for(text: &str) -> Result<WaitsFor, DbErr> {
    text.parse().map_err(|_| unreadable("reason to wait"))
}

fn problem(code: Option<String>, message: Option<String>) -> Option<runs::Fault> {
    Some(runs::Fault { code: code?, message: message.unwrap_or_default() })
}

pub(crate) mod run {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "run")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: RunId,
        pub tenant_id: TenantId,
        pub kind: String,
        pub kind_version: i32,
        pub title: String,
        pub state: String,
        pub spec: String,
        pub spec_digest: Vec<u8>,
        pub seed: i64,
        pub program_version: String,
        pub program_commit: Option<String>,
        pub conversation_id: ConversationId,
        pub parent_run_id: Option<RunId>,
        pub root_run_id: RunId,
        pub retry_of: Option<RunId>,
        pub priority: i32,
        pub exclusive_key: Option<String>,
        pub dedup_key: Option<String>,
        pub idempotency_key: Option<String>,
        pub attempt: i32,
        pub max_attempts: i32,
        pub failures: i32,
        pub losses: i32,
        pub shards_done: i64,
        pub progress_seen: i64,
        pub resumes: bool,
        pub fence: i64,
        pub lease_owner: Option<String>,
        pub lease_until_us: Option<i64>,
        pub lease_us: Option<i64>,
        pub not_before_us: i64,
        pub waits_for: Option<String>,
        pub wake_us: Option<i64>,
        pub cancel_requested_us: Option<i64>,
        pub is_dead_letter: bool,
        pub error_code: Option<String>,
        pub error_message: Option<String>,
        pub created_us: i64,
        pub started_us: Option<i64>,
        pub ended_us: Option<i64>,
        /// What the run may do through the API: never more than who submitted it.
        pub scopes: i16,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// For whom the run acts, and how far.
        pub(crate) fn tenant(&self) -> Tenant {
            Tenant::verified(self.tenant_id).within(Scopes::of_bits(self.scopes))
        }
    }

    impl TryFrom<Model> for Run {
        type Error = DbErr;

        fn try_from(row: Model) -> Result<Self, DbErr> {
            Ok(Self {
                id: row.id,
                kind: row.kind,
                kind_version: count(row.kind_version)?,
                title: row.title,
                state: row.state.parse().map_err(|_| unreadable("run state"))?,
                spec: row.spec,
                spec_digest: digest(&row.spec_digest)?,
                seed: Seed(row.seed.cast_unsigned()),
                program: Program { version: row.program_version, commit: row.program_commit },
                conversation_id: row.conversation_id,
                parent_run_id: row.parent_run_id,
                root_run_id: row.root_run_id,
                retry_of: row.retry_of,
                priority: row.priority,
                keys: Keys {
                    tenant: row.tenant_id,
                    exclusive: row.exclusive_key,
                    dedup: row.dedup_key,
                    idempotency: row.idempotency_key,
                },
                attempt: count(row.attempt)?,
                max_attempts: count(row.max_attempts)?,
                failures: count(row.failures)?,
                losses: count(row.losses)?,
                shards_done: size(row.shards_done)?,
                progress_seen: row.progress_seen,
                waits_for: row.waits_for.as_deref().map(waits_for).transpose()?,
                wakes_at: row.wake_us.map(time).transpose()?,
                is_dead_letter: row.is_dead_letter,
                problem: problem(row.error_code, row.error_message),
                cancel_requested_at: row.cancel_requested_us.map(time).transpose()?,
                created_at: time(row.created_us)?,
                started_at: row.started_us.map(time).transpose()?,
                ended_at: row.ended_us.map(time).transpose()?,
            })
        }
    }
}

pub(crate) mod attempt {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "run_attempt")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: RunId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub worker: String,
        pub started_us: i64,
        pub ended_us: Option<i64>,
        pub outcome: Option<String>,
        pub error_code: Option<String>,
        pub error_message: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// A digest of how these attempts went and ended. They have ended, so it never changes.
    pub(crate) fn digest(rows: &[Model]) -> Digest {
        let row = |row: &Model| {
            let Model { run_id: _, number, worker, started_us, ended_us, outcome, error_code, error_message } =
                row;
            serde_json::json!([number, worker, started_us, ended_us, outcome, error_code, error_message])
        };
        let rows: Vec<_> = rows.iter().map(row).collect();
        Digest::of(kernel::canonical_json(&rows).expect("texts and numbers can be written"))
    }

    fn outcome(text: &str) -> Result<AttemptOutcome, DbErr> {
        text.parse().map_err(|_| unreadable("attempt outcome"))
    }

    impl TryFrom<Model> for Attempt {
        type Error = DbErr;

        fn try_from(row: Model) -> Result<Self, DbErr> {
            Ok(Self {
                number: count(row.number)?,
                worker: row.worker,
                started_at: time(row.started_us)?,
                ended_at: row.ended_us.map(time).transpose()?,
                outcome: row.outcome.as_deref().map(outcome).transpose()?,
                error: problem(row.error_code, row.error_message),
            })
        }
    }
}

pub(crate) mod input {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "run_input")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: RunId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub role: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub ordinal: i32,
        pub source: String,
        pub source_id: String,
        pub digest: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl TryFrom<Model> for Input {
        type Error = DbErr;

        fn try_from(row: Model) -> Result<Self, DbErr> {
            let source = row.source.parse().map_err(|_| unreadable("input source"))?;
            Ok(Self { role: row.role, source, source_id: row.source_id, digest: digest(&row.digest)? })
        }
    }
}

pub(crate) mod artifact {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "run_artifact")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ArtifactId,
        pub run_id: RunId,
        pub name: String,
        pub media_type: String,
        pub size_bytes: i64,
        pub digest: Vec<u8>,
        pub created_us: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl TryFrom<Model> for Artifact {
        type Error = DbErr;

        fn try_from(row: Model) -> Result<Self, DbErr> {
            Ok(Self {
                id: row.id,
                run_id: row.run_id,
                name: row.name,
                media_type: row.media_type,
                size_bytes: size(row.size_bytes)?,
                digest: digest(&row.digest)?,
                created_at: time(row.created_us)?,
            })
        }
    }
}

pub(crate) mod shard_result {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "shard_result")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub shard_key: Vec<u8>,
        pub kind: String,
        pub version: i32,
        pub output: String,
        pub output_digest: Vec<u8>,
        pub size_bytes: i64,
        pub created_us: i64,
        pub used_us: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod decision {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "run_decision")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: RunId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub title: String,
        pub detail: Option<String>,
        pub requested_us: i64,
        pub expires_us: Option<i64>,
        pub decided_us: Option<i64>,
        pub decision: Option<String>,
        pub reason: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod conversation_cut {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "conversation_cut")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub conversation_id: ConversationId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub tenant_id: TenantId,
        pub run_id: RunId,
        pub seq: i64,
        pub through_run_id: RunId,
        pub runs: i64,
        pub frames: i64,
        pub cut_us: i64,
        pub cut_by: Option<TokenId>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod conversation {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "conversation")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ConversationId,
        pub tenant_id: TenantId,
        pub title: String,
        pub created_us: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

//! The registry of trained models and their aliases.

use chrono::{DateTime, Utc};
use kernel::{Digest, RunId};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{CandidateId, ModelId, RankMetrics};
use crate::artifacts::ArtifactId;
use crate::moment::Moment;
use crate::page::Damaged;

/// A model of the registry. What it is never changes; how it stands is its newest event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = registry::Model)]
pub struct RegisteredModel {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub model_id: ModelId,
    /// The run that trained it.
    #[schema(value_type = uuid::Uuid)]
    pub training_run_id: RunId,
    /// The comparison that judged it, and the candidate it was there.
    pub judged_by: Option<JudgedBy>,
    /// The model type.
    pub model_type: String,
    /// All its parameters.
    #[schema(value_type = Object)]
    pub params: Value,
    /// The hash of type and parameters.
    pub config_hash: String,
    /// The series it learned from.
    pub series_name: String,
    /// The first date it learned from.
    pub window_start: Moment,
    /// The last.
    pub window_end: Moment,
    /// Steps it forecasts.
    pub horizon: usize,
    /// Its own metrics; `null` where neither a comparison nor a hold-out could judge it.
    pub metrics: Option<RankMetrics>,
    /// Who judged.
    pub metrics_origin: MetricsOrigin,
    /// The artifact that is the model.
    #[schema(value_type = uuid::Uuid)]
    pub artifact_id: ArtifactId,
    /// The digest of its bytes: SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    pub artifact_digest: Digest,
    /// Their number.
    pub artifact_size_bytes: u64,
    /// What a person said of it.
    pub description: Option<String>,
    /// Who registered it.
    pub registered_by: String,
    /// When.
    #[serde(with = "crate::time")]
    pub registered_at: DateTime<Utc>,
    /// How it stands.
    pub state: ModelState,
    /// How often that was said; its entity tag.
    pub state_version: u32,
}

/// A page of models, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = registry::Page)]
pub struct ModelPage {
    /// The models.
    pub items: Vec<RegisteredModel>,
    /// Models of this page whose rows are gone or cannot be read.
    pub damaged: Vec<Damaged>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// Which models to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListModels {
    /// How many, at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<u32>,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}

/// A candidate of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = registry::JudgedBy)]
pub struct JudgedBy {
    /// The comparison.
    #[schema(value_type = uuid::Uuid)]
    pub comparison_id: RunId,
    /// Its candidate.
    #[schema(value_type = uuid::Uuid)]
    pub candidate_id: CandidateId,
}

kernel::words! {
    /// Where a model's metrics come from.
    #[derive(ToSchema)]
    #[schema(as = registry::MetricsOrigin)]
    pub enum MetricsOrigin {
        /// Its own candidate in a comparison.
        Comparison = "comparison",
        /// The last rows of its own training.
        Holdout = "holdout",
    }
}

/// A model to register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = registry::Register)]
pub struct Register {
    /// The run that trained it.
    #[schema(value_type = uuid::Uuid)]
    pub training_run_id: RunId,
    /// The candidate of a comparison whose metrics it carries; the training's hold-out when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged_by: Option<JudgedBy>,
    /// Who registers it; whoever asks when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub registered_by: Option<String>,
    /// What there is to say of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub description: Option<String>,
}

kernel::words! {
    /// How a model stands.
    #[derive(ToSchema)]
    #[schema(as = registry::ModelState)]
    pub enum ModelState {
        /// It can be used: an alias may point at it.
        Registered = "registered",
        /// It is kept and not used: no alias points at it.
        Archived = "archived",
    }
}

/// One change of a model's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = registry::ModelEvent)]
pub struct ModelEvent {
    /// Its number, from 1: the registration.
    pub version: u32,
    /// How the model stands since.
    pub state: ModelState,
    /// Who said so.
    pub changed_by: String,
    /// Why.
    pub reason: Option<String>,
    /// When.
    #[serde(with = "crate::time")]
    pub changed_at: DateTime<Utc>,
}

/// A change of a model's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = registry::ChangeModel)]
pub struct ChangeModel {
    /// How it shall stand.
    pub state: ModelState,
    /// Who says so; whoever asks when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub changed_by: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

/// What hashing a model's stored bytes again gave, and what its row says beside them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = registry::Verification)]
pub struct ModelVerification {
    /// The model.
    #[schema(value_type = uuid::Uuid)]
    pub model_id: ModelId,
    /// Whether the bytes are the registered ones, and the row says of them what its training and its judge say.
    pub verified: bool,
    /// Their artifact.
    #[schema(value_type = uuid::Uuid)]
    pub artifact_id: ArtifactId,
    /// The digest at registration.
    #[schema(value_type = String)]
    pub stored_digest: Digest,
    /// The digest now; `null` when the bytes are gone.
    #[schema(value_type = Option<String>)]
    pub computed_digest: Option<Digest>,
    /// The size at registration.
    pub stored_size_bytes: u64,
    /// What is wrong, each in a sentence.
    pub reason: Option<String>,
}

/// An alias.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = registry::Alias)]
pub struct Alias {
    /// Its name.
    pub alias_name: String,
    /// The model it points at; `null` since it was withdrawn.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub model_id: Option<ModelId>,
    /// That model's type; `null` too where the model is damaged.
    pub model_type: Option<String>,
    /// How often it was moved; its entity tag.
    pub version: u32,
    /// Who moved it last.
    pub moved_by: String,
    /// Why.
    pub reason: Option<String>,
    /// When.
    #[serde(with = "crate::time")]
    pub moved_at: DateTime<Utc>,
}

/// One move of an alias.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = registry::AliasMove)]
pub struct AliasMove {
    /// Its number, from 1.
    pub version: u32,
    /// Where it pointed before; `null` before the first, and after it was withdrawn.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub from_model_id: Option<ModelId>,
    /// Where it points since; `null` if it was withdrawn.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub to_model_id: Option<ModelId>,
    /// Who moved it.
    pub moved_by: String,
    /// Why.
    pub reason: Option<String>,
    /// When.
    #[serde(with = "crate::time")]
    pub moved_at: DateTime<Utc>,
}

/// Where an alias shall point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = registry::MoveAlias)]
pub struct MoveAlias {
    /// The alias; made when there is none.
    #[schema(min_length = 1, max_length = 100, pattern = "^[a-z0-9][a-z0-9_-]*$")]
    pub alias_name: String,
    /// `null` withdraws the alias: it points at no model, for the `reason` that must be given then.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<uuid::Uuid>, required = true)]
    pub model_id: Option<ModelId>,
    /// Who moves it; whoever asks when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub moved_by: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

/// A field that may be `null` and must not be left out.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ModelId>, D::Error> {
    Option::deserialize(deserializer)
}

//! The registry of trained models and their aliases.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use model_selection::registry::{ChangeModel, Expected, Listed, MoveAlias, Register};
use wire::model_selection::{
    Alias, AliasMove, ChangeModel as ChangeRequest, ListModels, ModelEvent, ModelId, ModelPage,
    ModelVerification, MoveAlias as MoveRequest, Register as RegisterRequest, RegisteredModel,
};
use wire::page::Damaged;

use crate::extract::{self, Id, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused, Stale};
use crate::state::{Acts, Caller, Reads};
use crate::version::{if_match, tagged};
use crate::{Problem, page};

/// Who acts where no credentials say so.
const LOCAL_PERSON: &str = "local";

/// Registers a trained model with the metrics of its own candidate. Registering the same again returns the first.
#[utoipa::path(post, path = "/registry/models", tag = "model_selection", request_body = RegisterRequest,
    responses((status = 201, description = "Registered", body = RegisteredModel), NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn register(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(body): extract::Json<RegisterRequest>,
) -> Result<(StatusCode, Json<RegisteredModel>), Problem> {
    let request = Register {
        training_run_id: body.training_run_id,
        judged_by: body.judged_by,
        registered_by: body.registered_by.unwrap_or_else(|| LOCAL_PERSON.to_owned()),
        description: body.description,
    };
    Ok((StatusCode::CREATED, Json(acts.selector.register(tenant, request).await?)))
}

/// Registered models, newest first.
#[utoipa::path(get, path = "/registry/models", tag = "model_selection", params(ListModels),
    responses((status = 200, description = "A page of models", body = ModelPage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<ListModels>,
) -> Result<(HeaderMap, Json<ModelPage>), Problem> {
    let limit = page::limit(query.limit, 20, 1..=100)?;
    let scope = format!("registry:{}", tenant.id());
    let before = query.cursor.map(|cursor| reads.cursors().open::<ModelId>(&scope, &cursor)).transpose()?;
    let mut models = reads.selector().models(tenant, before, limit as u64 + 1).await?;
    let next_cursor = page::cut(&mut models, limit).map(|last| reads.cursors().seal(&scope, &last.id()));
    let (mut items, mut damaged) = (Vec::with_capacity(models.len()), Vec::new());
    for listed in models {
        match listed {
            Listed::Model(model) => items.push(*model),
            Listed::Damaged { id, reason } => damaged.push(Damaged { id: id.0, reason }),
        }
    }
    Ok((page::link(&uri, next_cursor.as_deref()), Json(ModelPage { items, damaged, next_cursor })))
}

/// One registered model.
#[utoipa::path(get, path = "/registry/models/{model_id}", tag = "model_selection",
    params(("model_id" = uuid::Uuid, Path, description = "The model")),
    responses((status = 200, description = "The model; `ETag` is the version of its state", body = RegisteredModel),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<ModelId>,
) -> Result<(HeaderMap, Json<RegisteredModel>), Problem> {
    let model = reads.selector().model(tenant, id).await?;
    Ok((tagged(model.state_version), Json(model)))
}

/// Archives a model or restores it; every change stays on record. A model that an alias points at is not archived.
/// With `If-Match` only from the version named there.
#[utoipa::path(post, path = "/registry/models/{model_id}/events", tag = "model_selection",
    params(("model_id" = uuid::Uuid, Path, description = "The model"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of the model as the caller knows it")),
    request_body = ChangeRequest,
    responses((status = 201, description = "Changed; `ETag` is the version of its state", body = RegisteredModel),
        NotFound, Conflict, Stale, Invalid, Refused))]
pub(crate) async fn change(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Id(model_id): Id<ModelId>,
    headers: HeaderMap,
    extract::Json(body): extract::Json<ChangeRequest>,
) -> Result<(StatusCode, HeaderMap, Json<RegisteredModel>), Problem> {
    let request = ChangeModel {
        model_id,
        state: body.state,
        changed_by: body.changed_by.unwrap_or_else(|| LOCAL_PERSON.to_owned()),
        reason: body.reason,
        expected: expected(&headers)?,
    };
    let model = acts.selector.change_model(tenant, request).await?;
    Ok((StatusCode::CREATED, tagged(model.state_version), Json(model)))
}

/// Every change of a model's state, the registration first.
#[utoipa::path(get, path = "/registry/models/{model_id}/events", tag = "model_selection",
    params(("model_id" = uuid::Uuid, Path, description = "The model")),
    responses((status = 200, description = "Its events", body = Vec<ModelEvent>), NotFound, Conflict,
        Invalid, Refused))]
pub(crate) async fn events(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<ModelId>,
) -> Result<Json<Vec<ModelEvent>>, Problem> {
    Ok(Json(reads.selector().model_events(tenant, id).await?))
}

/// Hashes the model's bytes again and compares them and its row with what was registered.
#[utoipa::path(get, path = "/registry/models/{model_id}/verify", tag = "model_selection",
    params(("model_id" = uuid::Uuid, Path, description = "The model")),
    responses((status = 200, description = "What was found", body = ModelVerification), NotFound, Conflict,
        Invalid, Refused))]
pub(crate) async fn verify(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<ModelId>,
) -> Result<Json<ModelVerification>, Problem> {
    Ok(Json(reads.selector().verify_model(tenant, id).await?))
}

/// Points an alias at a model, or at none; every move stays on record. With `If-Match` only from the version named there
/// (`"0"` for an alias that must not exist yet).
#[utoipa::path(post, path = "/registry/aliases", tag = "model_selection",
    params(("If-Match" = Option<String>, Header, description = "The entity tag of the alias as the caller knows it")),
    request_body = MoveRequest,
    responses((status = 201, description = "Moved; `ETag` is its version", body = Alias),
        NotFound, Conflict, Stale, Invalid, Refused))]
pub(crate) async fn move_alias(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    headers: HeaderMap,
    extract::Json(body): extract::Json<MoveRequest>,
) -> Result<(StatusCode, HeaderMap, Json<Alias>), Problem> {
    let request = MoveAlias {
        alias_name: body.alias_name,
        model_id: body.model_id,
        moved_by: body.moved_by.unwrap_or_else(|| LOCAL_PERSON.to_owned()),
        reason: body.reason,
        expected: expected(&headers)?,
    };
    let alias = acts.selector.move_alias(tenant, request).await?;
    Ok((StatusCode::CREATED, tagged(alias.version), Json(alias)))
}

fn expected(headers: &HeaderMap) -> Result<Expected, Problem> {
    Ok(match if_match(headers)? {
        None => Expected::Any,
        Some(0) => Expected::Absent,
        Some(version) => Expected::Version(version),
    })
}

/// Every alias, by name.
#[utoipa::path(get, path = "/registry/aliases", tag = "model_selection",
    responses((status = 200, description = "All aliases", body = Vec<Alias>), Refused))]
pub(crate) async fn aliases(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
) -> Result<Json<Vec<Alias>>, Problem> {
    Ok(Json(reads.selector().aliases(tenant).await?))
}

/// One alias.
#[utoipa::path(get, path = "/registry/aliases/{alias_name}", tag = "model_selection",
    params(("alias_name" = String, Path, description = "The alias")),
    responses((status = 200, description = "The alias; `ETag` is its version", body = Alias),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn alias(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(name): Id<String>,
) -> Result<(HeaderMap, Json<Alias>), Problem> {
    let alias = reads.selector().alias(tenant, &name).await?;
    Ok((tagged(alias.version), Json(alias)))
}

/// Every move of an alias, the first one first.
#[utoipa::path(get, path = "/registry/aliases/{alias_name}/moves", tag = "model_selection",
    params(("alias_name" = String, Path, description = "The alias")),
    responses((status = 200, description = "Its moves", body = Vec<AliasMove>), NotFound, Invalid, Refused))]
pub(crate) async fn moves(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(name): Id<String>,
) -> Result<Json<Vec<AliasMove>>, Problem> {
    Ok(Json(reads.selector().alias_moves(tenant, &name).await?))
}

//! One module per part of the API.

mod access;
mod artifact;
mod conversation;
mod conversation_replay;
mod dataset;
mod demo;
mod dimension;
mod download;
mod export;
mod fleet_forecast;
mod fork;
mod frame;
pub(crate) mod health;
mod import;
mod lab;
mod live;
mod log;
mod operate;
mod registry;
mod replay;
mod run;
mod seeder;
mod selection;
mod stream;
mod training;
mod travel;
mod upload;
mod verify;
mod world;

use axum::Extension;
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;
use wire::access::Scope;

pub use self::frame::{LINT_TOLD, lint_report};
use crate::edge::scoped;
use crate::extract::BodyLimit;
use crate::state::{Acts, Reads};

/// Every route that only looks. Its handlers hold nothing they could write with.
pub(crate) fn reading() -> OpenApiRouter<Reads> {
    OpenApiRouter::default()
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(access::session))
        .merge(reading_log())
        // A link says itself whose it is.
        .routes(routes!(download::download))
        .merge(scoped(Scope::Admin, reading_access()))
        .merge(scoped(Scope::ConversationsRead, reading_conversations()))
        .merge(scoped(Scope::RunsRead, reading_runs().merge(reading_data()).merge(reading_models())))
        .merge(scoped(Scope::LabRead, reading_lab()))
}

/// What the log of ends shows to everybody: digests, so that a witness needs no token.
fn reading_log() -> OpenApiRouter<Reads> {
    OpenApiRouter::default()
        .routes(routes!(log::checkpoint))
        .routes(routes!(log::keys))
        .route(log::TILES, axum::routing::get(log::tile))
}

fn reading_access() -> OpenApiRouter<Reads> {
    OpenApiRouter::default().routes(routes!(access::tokens)).routes(routes!(access::events))
}

fn reading_conversations() -> OpenApiRouter<Reads> {
    OpenApiRouter::default()
        .routes(routes!(conversation::list))
        .routes(routes!(conversation::find))
        .routes(routes!(conversation_replay::events))
        .routes(routes!(conversation_replay::stream))
        .routes(routes!(conversation_replay::cuts))
}

fn reading_runs() -> OpenApiRouter<Reads> {
    OpenApiRouter::default()
        .routes(routes!(run::kinds))
        .routes(routes!(run::list))
        .routes(routes!(run::find))
        .routes(routes!(replay::events))
        .routes(routes!(replay::stream))
        .routes(routes!(travel::state))
        .routes(routes!(travel::diff))
        .routes(routes!(verify::verify))
        .routes(routes!(verify::reproduction))
        .routes(routes!(log::proof))
        .routes(routes!(log::bundle))
        .routes(routes!(export::export))
        .routes(routes!(artifact::find))
        .routes(routes!(artifact::content))
        .routes(routes!(upload::list))
        .routes(routes!(download::link))
        .routes(routes!(download::links))
        .routes(routes!(demo::scenarios))
        .route("/runs/{run_id}/stream", axum::routing::get(live::stream))
        .route(stream::PATH, axum::routing::get(stream::read).head(stream::describe))
}

fn reading_data() -> OpenApiRouter<Reads> {
    OpenApiRouter::default()
        .routes(routes!(seeder::status))
        .routes(routes!(seeder::scenarios))
        .routes(routes!(world::list))
        .routes(routes!(world::find))
        .routes(routes!(world::pairs))
        .routes(routes!(dimension::stores))
        .routes(routes!(dimension::store))
        .routes(routes!(dimension::products))
        .routes(routes!(dimension::product))
        .routes(routes!(dataset::list))
        .routes(routes!(dataset::find))
        .routes(routes!(dataset::report))
        .routes(routes!(dataset::series))
}

fn reading_models() -> OpenApiRouter<Reads> {
    OpenApiRouter::default()
        .routes(routes!(selection::models))
        .routes(routes!(selection::availability))
        .routes(routes!(selection::list))
        .routes(routes!(selection::find))
        .routes(routes!(selection::ranking))
        .routes(routes!(selection::series))
        .routes(routes!(selection::charts))
        .routes(routes!(training::find))
        .routes(routes!(fleet_forecast::find))
        .routes(routes!(fleet_forecast::series))
        .routes(routes!(registry::list))
        .routes(routes!(registry::find))
        .routes(routes!(registry::verify))
        .routes(routes!(registry::events))
        .routes(routes!(registry::aliases))
        .routes(routes!(registry::alias))
        .routes(routes!(registry::moves))
}

fn reading_lab() -> OpenApiRouter<Reads> {
    OpenApiRouter::default()
        .routes(routes!(lab::models))
        .routes(routes!(lab::coverage::all))
        .routes(routes!(lab::coverage::of_model))
        .routes(routes!(lab::coverage::leaderboard))
        .routes(routes!(lab::runs))
        .routes(routes!(lab::run))
        .routes(routes!(lab::resolve))
        .routes(routes!(lab::tournament::list))
        .routes(routes!(lab::tournament::find))
        .routes(routes!(lab::tournament::state))
        .routes(routes!(lab::calcutta::list))
        .routes(routes!(lab::calcutta::find))
        .routes(routes!(lab::calcutta::snapshot))
        .routes(routes!(lab::model::game_outcome))
        .routes(routes!(lab::model::market_share))
        .routes(routes!(lab::model::returns))
        .routes(routes!(lab::model::live))
        .routes(routes!(lab::model::strategy))
        .routes(routes!(lab::simulation::find))
        .routes(routes!(lab::simulation::distribution))
        .routes(routes!(lab::simulation::ownership))
        .routes(routes!(lab::simulation::bracket))
        .routes(routes!(lab::simulation::condition))
        .routes(routes!(lab::simulation::portfolio))
        .routes(routes!(lab::simulation::evaluation))
        .routes(routes!(lab::simulation::batch))
        .routes(routes!(lab::candidate::list))
        .routes(routes!(lab::candidate::find))
        .routes(routes!(lab::cohort::list))
        .routes(routes!(lab::cohort::find))
        .routes(routes!(lab::cohort::list_synthetic))
        .routes(routes!(lab::cohort::find_synthetic))
}

/// Every route that acts.
pub(crate) fn acting() -> OpenApiRouter<Acts> {
    OpenApiRouter::default()
        .routes(routes!(access::sign_in))
        .routes(routes!(access::sign_out))
        .routes(routes!(log::cosign))
        .merge(scoped(Scope::Admin, acting_access()))
        .merge(scoped(Scope::ModelsPromote, acting_registry()))
        .merge(scoped(Scope::RunsWrite, acting_runs().merge(acting_models())))
        .merge(scoped(Scope::LabWrite, acting_lab()))
}

fn acting_access() -> OpenApiRouter<Acts> {
    OpenApiRouter::default()
        .routes(routes!(access::create))
        .routes(routes!(access::revoke))
        .routes(routes!(operate::retain))
        .routes(routes!(operate::collect))
}

fn acting_registry() -> OpenApiRouter<Acts> {
    OpenApiRouter::default()
        .routes(routes!(registry::register))
        .routes(routes!(registry::change))
        .routes(routes!(registry::move_alias))
}

fn acting_runs() -> OpenApiRouter<Acts> {
    OpenApiRouter::default()
        .routes(routes!(run::cancel))
        .routes(routes!(operate::decide))
        .routes(routes!(operate::requeue))
        .routes(routes!(operate::reproduce))
        .routes(routes!(operate::abandon))
        .routes(routes!(fork::fork))
        .routes(routes!(fork::extend).layer(Extension(BodyLimit(fork::BODY_LIMIT))))
        .routes(routes!(import::import).layer(Extension(BodyLimit(import::BODY_LIMIT))))
        .routes(routes!(frame::lint).layer(Extension(BodyLimit(frame::BODY_LIMIT))))
        .routes(routes!(upload::keep).layer(Extension(BodyLimit(upload::BODY_LIMIT))))
        .routes(routes!(conversation::open))
        .routes(routes!(conversation_replay::truncate))
        .routes(routes!(demo::submit))
        .routes(routes!(demo::run))
        .route("/demo/stream", axum::routing::get(demo::stream))
        .route(stream::PATH, stream::acting())
}

fn acting_models() -> OpenApiRouter<Acts> {
    OpenApiRouter::default()
        .routes(routes!(seeder::generate))
        .routes(routes!(seeder::delete))
        .routes(routes!(world::delete))
        .routes(routes!(selection::preview))
        .routes(routes!(selection::submit))
        .routes(routes!(selection::cancel))
        .routes(routes!(training::submit))
        .routes(routes!(fleet_forecast::submit))
        .routes(routes!(training::features))
        .routes(routes!(dataset::import).layer(Extension(BodyLimit(dataset::BODY_LIMIT))))
        .routes(routes!(dataset::inspect).layer(Extension(BodyLimit(dataset::BODY_LIMIT))))
}

fn acting_lab() -> OpenApiRouter<Acts> {
    let large = || Extension(BodyLimit(lab::BODY_LIMIT));
    let files = || Extension(BodyLimit(lab::FILES_LIMIT));
    OpenApiRouter::default()
        .routes(routes!(lab::tournament::import).layer(large()))
        .routes(routes!(lab::intake::inspect_season).layer(files()))
        .routes(routes!(lab::intake::inspect_bids).layer(files()))
        .routes(routes!(lab::intake::import_bids).layer(files()))
        .routes(routes!(lab::tournament::generate))
        .routes(routes!(lab::tournament::add_state))
        .routes(routes!(lab::tournament::add_calcutta).layer(large()))
        .routes(routes!(lab::calcutta::add_snapshot))
        .routes(routes!(lab::model::submit_game_outcome).layer(large()))
        .routes(routes!(lab::model::submit_market_share))
        .routes(routes!(lab::model::submit_strategy))
        .routes(routes!(lab::simulation::submit))
        .routes(routes!(lab::simulation::submit_evaluation))
        .routes(routes!(lab::simulation::submit_batch))
        .routes(routes!(lab::candidate::add))
        .routes(routes!(lab::candidate::change))
        .routes(routes!(lab::cohort::add))
        .routes(routes!(lab::cohort::change))
        .routes(routes!(lab::cohort::sync))
        .routes(routes!(lab::coverage::propose).layer(large()))
        .routes(routes!(lab::coverage::submit).layer(large()))
        .routes(routes!(lab::cohort::add_synthetic))
        .routes(routes!(lab::cohort::change_synthetic))
        .routes(routes!(lab::cohort::replace_rules))
        .routes(routes!(lab::cohort::attach))
        .routes(routes!(lab::cohort::detach))
}

/// Declares the refusals a route documents besides its own answers.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $status:literal, $description:literal;)+) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<String, RefOr<Response>> {
                [($status.to_owned(), RefOr::T(refusal($description)))].into()
            }
        }
    )+};
}

refusals! {
    /// Documented by every route.
    Refused = "default", "Refused or failed";
    /// The route names something.
    NotFound = "404", "Unknown, deleted or foreign";
    /// The route changes something.
    Conflict = "409", "The present state does not allow it";
    /// The route takes a precondition.
    Stale = "412", "The precondition named by the caller does not hold";
    /// The route answers a range of bytes.
    NoSuchRange = "416", "No byte is in the range; `content-range` says how many there are";
    /// The route waits for something.
    Late = "504", "Not settled in time; the request stays in force";
    /// The route takes input.
    Invalid = "422", "A field is wrong";
}

fn refusal(description: &str) -> Response {
    let schema = Ref::from_schema_name("problem.Problem");
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", Content::new(Some(schema)))
        .build()
}

#[cfg(test)]
mod tests {
    use utoipa::openapi::PathItem;

    use super::*;

    fn methods(item: &PathItem) -> Vec<&'static str> {
        let all = [
            ("get", item.get.is_some()),
            ("post", item.post.is_some()),
            ("put", item.put.is_some()),
            ("patch", item.patch.is_some()),
            ("delete", item.delete.is_some()),
        ];
        all.into_iter().filter_map(|(method, is_there)| is_there.then_some(method)).collect()
    }

    /// The two routers have two states, and only the state of the acting one can write.
    #[test]
    fn reading_is_all_of_get_and_what_is_worked_out_of_a_body() {
        for (path, item) in &reading().into_openapi().paths.paths {
            assert!(matches!(methods(item)[..], ["get" | "post"]), "{path}");
        }
        for (path, item) in &acting().into_openapi().paths.paths {
            assert!(!methods(item).contains(&"get"), "{path}");
        }
    }
}

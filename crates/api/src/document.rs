//! The OpenAPI 3.1 document, made from the routes themselves without starting anything.

use utoipa::OpenApi;
use utoipa::openapi::{Info, License, RefOr, Schema, Server, Tag};
use wire::demo;

use crate::{edge, routes};

/// The shapes that no route's answer names: problems, data of steps, words of queries.
#[derive(OpenApi)]
#[openapi(components(schemas(
    wire::problem::Problem,
    wire::problem::Field,
    wire::ledger::LiveRequest,
    wire::ledger::LiveAnswer,
    wire::export::Format,
    demo::Summary,
    demo::Reset,
    demo::Seeded,
    demo::Grain,
    demo::FeatureSet,
    demo::Trained,
    demo::Winner,
    demo::Registered,
    demo::Verified,
    wire::ledger::DiffShow,
)))]
struct Shapes;

const TAGS: &[(&str, &str)] = &[
    ("health", "Is the server there?"),
    ("access", "Who may call, and how far: tokens and sessions"),
    ("runs", "Everything a user starts is a run: list, look, cancel"),
    ("conversations", "What runs belong to together"),
    ("ledger", "The frames of a run: read, follow, prove"),
    ("log", "The log of ends: what proves to anybody that a run ended as it is shown"),
    ("artifacts", "What runs leave behind"),
    ("model_selection", "Compare models, train one, keep it in the registry"),
    ("lab", "Tournaments and auctions: models, best bids, simulations, candidates"),
    ("demo", "The showcase: the whole pipeline live"),
    ("seeder", "The generator of worlds"),
    ("worlds", "Retail data, each generation for itself"),
    ("dimensions", "Stores and products"),
    ("datasets", "Imported series"),
];

/// The document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = Shapes::openapi();
    document.merge(routes::reading().into_openapi());
    document.merge(routes::acting().into_openapi());
    describe_frames(&mut document);
    edge::describe_schemes(document.components.get_or_insert_default());
    let mut info = Info::new("Assay", env!("CARGO_PKG_VERSION"));
    info.description =
        Some("Races forecasting models and strategies, streams every run live, records every frame, proves every number.".to_owned());
    info.license = Some(License::new("MIT OR Apache-2.0"));
    document.info = info;
    document.servers = Some(vec![Server::new("/api")]);
    let tags = TAGS.iter().map(|(name, description)| {
        let mut tag = Tag::new(*name);
        tag.description = Some((*description).to_owned());
        tag
    });
    document.tags = Some(tags.collect());
    name_operations(&mut document);
    document
}

/// Adds the schemas of frames, which come from the tables that the strict readers are made from.
fn describe_frames(document: &mut utoipa::openapi::OpenApi) {
    let schemas = frames::schemas().into_iter().map(|(name, schema)| {
        let schema = serde_json::from_value(schema).expect("a schema of a frame is one of the document");
        (name, schema)
    });
    document
        .components
        .get_or_insert_default()
        .schemas
        .extend::<Vec<(String, RefOr<Schema>)>>(schemas.collect());
}

/// Names every operation by what is unique of it. The handlers' own names are not: many modules have a `find`.
fn name_operations(document: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let words = path.replace(['{', '}'], "").replace(['/', '-'], "_");
        for (method, operation) in [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ] {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}{words}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schemas_of_frames_are_taken_over_whole() {
        let document = serde_json::to_value(super::openapi()).unwrap();
        for (name, schema) in frames::schemas() {
            assert_eq!(document["components"]["schemas"][&name], schema, "{name}");
        }
    }
}

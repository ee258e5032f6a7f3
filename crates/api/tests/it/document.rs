//! The two contracts: complete, free of the generator's known traps, and the same as what is checked in.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn openapi() -> Value {
    serde_json::to_value(api::openapi()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, &str, &Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "put", "post", "delete", "patch"] {
            if let Some(operation) = item.get(method) {
                all.push((path.clone(), method, operation));
            }
        }
    }
    all
}

/// Compares with the file, or writes it where `UPDATE_OPENAPI` is set.
fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi").join(name);
    let text = format!("{text}\n");
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(&path, text).unwrap();
        return;
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == text,
        "openapi/{name} is stale: run `UPDATE_OPENAPI=1 cargo test -p api --test it document`"
    );
}

#[test]
fn the_checked_in_openapi_document_is_the_one_of_the_code() {
    // As `assay openapi` prints it.
    compare("openapi.json", &api::openapi().to_pretty_json().unwrap());
}

#[test]
fn the_checked_in_asyncapi_document_is_the_one_of_the_code() {
    compare("asyncapi.json", &serde_json::to_string_pretty(&api::asyncapi()).unwrap());
}

#[test]
fn every_route_is_described_and_may_be_refused() {
    let document = openapi();
    assert_eq!(document["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let at = format!("{method} {path}");
        assert!(names.insert(operation["operationId"].as_str().unwrap()), "{at}: its operation id is taken");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{at} has no summary");
        let tags = operation["tags"].as_array().unwrap();
        let known = document["tags"].as_array().unwrap();
        assert!(tags.iter().all(|tag| known.iter().any(|one| one["name"] == *tag)), "{at}: {tags:?}");
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses {
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{at} {status}");
        }
        assert!(responses.keys().any(|status| status.starts_with('2')), "{at} has no success");
        let refusal = &responses["default"]["content"]["application/problem+json"]["schema"]["$ref"];
        assert_eq!(refusal, "#/components/schemas/problem.Problem", "{at}");
    }
}

#[test]
fn every_path_parameter_stands_in_its_path_and_the_other_way_round() {
    let document = openapi();
    for (path, method, operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let named: BTreeSet<String> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect();
        let parts = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        assert_eq!(named, parts.map(str::to_owned).collect(), "{method} {path}");
    }
}

#[test]
fn every_reference_leads_to_a_schema() {
    for document in [openapi(), api::asyncapi()] {
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let text = document.to_string();
        for reference in text.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schemas.contains_key(name), "{name}");
        }
        for name in schemas.keys() {
            let (space, own) = name.split_once('.').unwrap_or_else(|| panic!("{name} has no name space"));
            assert!(!space.is_empty() && own.starts_with(char::is_uppercase), "{name}");
        }
    }
}

#[test]
fn the_client_calls_every_operation_of_the_document() {
    let document = openapi();
    let documented: BTreeSet<(String, String)> =
        operations(&document).into_iter().map(|(path, method, _)| (method.to_uppercase(), path)).collect();
    let called: Vec<(String, String)> = client::operations()
        .map(|operation| (operation.method.to_owned(), operation.path.to_owned()))
        .collect();
    assert_eq!(called.iter().cloned().collect::<BTreeSet<_>>(), documented);
    assert_eq!(called.len(), documented.len(), "an operation has two calls");
}

/// Two types of one schema name: the generator would keep one of them and say nothing.
#[test]
fn no_two_types_share_a_schema_name() {
    let frames: BTreeSet<String> =
        frames::schemas().into_keys().map(|name| name.replace('.', "::")).collect();
    let mut names = frames.clone();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for file in sources(&crates.join("wire/src")).into_iter().chain(sources(&crates.join("api/src"))) {
        let text = fs::read_to_string(&file).unwrap();
        for part in text.split("#[schema(as = ").skip(1) {
            let end = part.find([',', ')']).unwrap();
            let name = part[..end].trim().to_owned();
            assert!(names.insert(name.clone()), "{name} is declared twice, once in {}", file.display());
        }
        let shapes = text.matches("ToSchema)]").count();
        let spaced = text.matches("#[schema(as = ").count();
        assert_eq!(shapes, spaced, "{}: a type with a schema has no name space", file.display());
    }
    assert!(names.len() > frames.len());
}

fn sources(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

#[test]
fn the_streams_take_their_schemas_from_the_openapi_document() {
    let (openapi, asyncapi) = (openapi(), api::asyncapi());
    for (name, schema) in asyncapi["components"]["schemas"].as_object().unwrap() {
        let mut expected = openapi["components"]["schemas"][name].clone();
        leave_out_discriminators(&mut expected);
        assert_eq!(schema, &expected, "{name}");
        assert!(schema.is_object(), "{name}");
    }
    assert!(!asyncapi.to_string().contains("propertyName"), "AsyncAPI has no such discriminators");
}

fn leave_out_discriminators(schema: &mut Value) {
    if let Some(fields) = schema.as_object_mut() {
        fields.retain(|key, value| key != "discriminator" || value.get("propertyName").is_none());
        fields.values_mut().for_each(leave_out_discriminators);
    } else if let Some(items) = schema.as_array_mut() {
        items.iter_mut().for_each(leave_out_discriminators);
    }
}

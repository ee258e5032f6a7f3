//! What the documents say of requests, so that the edge can hold every route to it. A parameter or a `null` that is
//! not documented is not taken, and a handler cannot forget to refuse it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use axum::http::Method;
use serde_json::Value;

use crate::{document, stream_document};

/// What all operations take.
pub(crate) struct Contract {
    operations: BTreeMap<(String, String), Operation>,
    schemas: Value,
}

/// What one operation takes.
#[derive(Debug, Default)]
pub(crate) struct Operation {
    /// The names of its query parameters.
    pub(crate) query: BTreeSet<String>,
    /// The schema of its JSON body.
    pub(crate) body: Option<Value>,
}

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let openapi = serde_json::to_value(document::openapi()).expect("the document is plain data");
    let mut operations = streamed(&stream_document::asyncapi());
    // The documents themselves stand in none.
    for path in ["/openapi.json", "/asyncapi.json"] {
        operations.insert(("get".to_owned(), path.to_owned()), Operation::default());
    }
    operations.extend(described(&openapi));
    Contract { operations, schemas: openapi["components"]["schemas"].clone() }
});

/// The contract of this program.
pub(crate) fn contract() -> &'static Contract {
    &CONTRACT
}

impl Contract {
    /// What a route takes, by the path it was matched with.
    pub(crate) fn operation(&self, method: &Method, matched: &str) -> Option<&Operation> {
        let method = if method == Method::HEAD { "get".to_owned() } else { method.as_str().to_lowercase() };
        let path = matched.strip_prefix("/api").unwrap_or(matched);
        self.operations.get(&(method, path.to_owned()))
    }

    /// A schema that stands under a name.
    pub(crate) fn schema(&self, name: &str) -> &Value {
        &self.schemas[name]
    }

    /// The plain schemas that a schema may mean, references and alternatives resolved.
    fn meanings<'a>(&'a self, schema: &'a Value, found: &mut Vec<&'a Value>) {
        if let Some(name) = schema["$ref"].as_str() {
            return self.meanings(self.schema(name.rsplit('/').next().unwrap_or(name)), found);
        }
        let lists = ["oneOf", "anyOf", "allOf"].map(|list| schema[list].as_array());
        if lists.iter().all(Option::is_none) {
            return found.push(schema);
        }
        for part in lists.into_iter().flatten().flatten() {
            self.meanings(part, found);
        }
    }

    /// The paths at which a value is `null` although its schema does not say so.
    pub(crate) fn nulls(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut found = Vec::new();
        let mut meanings = Vec::new();
        self.meanings(schema, &mut meanings);
        self.collect_nulls(&meanings, value, "", &mut found);
        found
    }

    fn collect_nulls(&self, meanings: &[&Value], value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            // What no schema describes may be anything.
            Value::Null if !meanings.is_empty() && !meanings.iter().any(|schema| takes_null(schema)) => {
                found.push(if at.is_empty() { "body".to_owned() } else { at.to_owned() });
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    let inner = self.inner(meanings, |schema| schema["properties"].get(name));
                    self.collect_nulls(&inner, field, &dotted(at, name), found);
                }
            }
            Value::Array(items) => {
                let inner = self.inner(meanings, |schema| schema.get("items"));
                for (place, item) in items.iter().enumerate() {
                    self.collect_nulls(&inner, item, &format!("{at}[{place}]"), found);
                }
            }
            _ => {}
        }
    }

    fn inner<'a>(
        &'a self,
        meanings: &[&'a Value],
        part: impl Fn(&'a Value) -> Option<&'a Value>,
    ) -> Vec<&'a Value> {
        let mut inner = Vec::new();
        for schema in meanings.iter().filter_map(|schema| part(schema)) {
            self.meanings(schema, &mut inner);
        }
        inner
    }
}

/// The path of a field of what stands at a path.
pub(crate) fn dotted(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

fn takes_null(schema: &Value) -> bool {
    match &schema["type"] {
        Value::String(one) => one == "null",
        Value::Array(several) => several.iter().any(|one| one == "null"),
        // Without a type anything goes, unless the values are counted up.
        _ => schema.get("enum").is_none() && schema.get("const").is_none(),
    }
}

fn described(openapi: &Value) -> BTreeMap<(String, String), Operation> {
    let mut operations = BTreeMap::new();
    for (path, item) in openapi["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let named = parameters.filter(|parameter| parameter["in"] == "query");
            let query = named.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect();
            let body = operation["requestBody"]["content"]["application/json"].get("schema").cloned();
            operations.insert((method.clone(), path.clone()), Operation { query, body });
        }
    }
    operations
}

/// The routes of the streams.
fn streamed(asyncapi: &Value) -> BTreeMap<(String, String), Operation> {
    let channels = asyncapi["channels"].as_object().into_iter().flatten();
    let operations = channels.filter_map(|(_, channel)| {
        let path = channel["address"].as_str()?.strip_prefix("/api")?.to_owned();
        let query = channel["bindings"]["ws"]["query"]["properties"].as_object().into_iter().flatten();
        let query = query.map(|(name, _)| name.clone()).collect();
        Some((("get".to_owned(), path), Operation { query, body: None }))
    });
    operations.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn routes_are_found_by_what_they_were_matched_with() {
        let names =
            |method, path| contract().operation(&method, path).map(|operation| operation.query.clone());
        assert!(names(Method::GET, "/api/runs").unwrap().contains("limit"));
        assert_eq!(names(Method::HEAD, "/api/runs"), names(Method::GET, "/api/runs"));
        assert_eq!(names(Method::GET, "/health"), Some(BTreeSet::new()));
        let live = ["after", "from", "max_gap_ms", "speed", "to"].map(str::to_owned);
        assert_eq!(names(Method::GET, "/api/runs/{run_id}/stream"), Some(live.into()));
        assert_eq!(names(Method::PATCH, "/api/runs"), None);
    }

    #[test]
    fn a_null_is_found_wherever_the_schema_has_none() {
        let contract = Contract {
            operations: BTreeMap::new(),
            schemas: json!({ "a.Pair": { "type": "object", "properties": { "id": { "type": "integer" } } } }),
        };
        let schema = json!({ "type": "object", "properties": {
            "seed": { "type": "integer" },
            "note": { "type": ["string", "null"] },
            "pair": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/a.Pair" }] },
            "pairs": { "type": "array", "items": { "$ref": "#/components/schemas/a.Pair" } },
            "any": { "type": "object" },
            "free": {},
            "word": { "enum": ["a", "b"] },
        } });
        for (body, expected) in [
            (json!(null), vec!["body"]),
            (json!({ "note": null, "pair": null, "free": null }), vec![]),
            (json!({ "seed": null, "word": null }), vec!["seed", "word"]),
            (
                json!({ "pair": { "id": null }, "pairs": [null, { "id": null }] }),
                vec!["pair.id", "pairs[0]", "pairs[1].id"],
            ),
            (json!({ "any": { "thing": null }, "unknown": null }), vec![]),
        ] {
            assert_eq!(contract.nulls(&schema, &body), expected, "{body}");
        }
    }
}

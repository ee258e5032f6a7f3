//! Compares JSON with the schemas of the OpenAPI document: every key is documented, every required key is there,
//! every value has its type. So neither the document nor the shapes it is made from can drift from the answers.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value};

pub(crate) struct Contract {
    pub(crate) document: Value,
}

impl Contract {
    pub(crate) fn load() -> Self {
        Self { document: serde_json::to_value(api::openapi()).unwrap() }
    }

    /// Fails unless this is an answer the document describes.
    pub(crate) fn check(&self, method: &Method, path: &str, status: StatusCode, body: &Value) {
        if matches!(path, "/api/openapi.json" | "/api/asyncapi.json") {
            return;
        }
        let schema = if body.get("request_id").is_some() && !status.is_success() {
            &self.document["components"]["schemas"]["problem.Problem"]
        } else {
            self.answer(method, path, status)
        };
        let mut wrong = Vec::new();
        self.compare(schema, body, "", &mut wrong);
        assert!(
            wrong.is_empty(),
            "{method} {path} answers {status} otherwise than documented:\n{}",
            wrong.join("\n")
        );
    }

    /// What is wrong with a value of a named schema.
    pub(crate) fn mismatches(&self, name: &str, value: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        self.compare(&self.document["components"]["schemas"][name], value, "", &mut wrong);
        wrong
    }

    fn answer(&self, method: &Method, path: &str, status: StatusCode) -> &Value {
        let path = path.strip_prefix("/api").unwrap_or(path);
        let paths = self.document["paths"].as_object().unwrap();
        // A path without parameters wins, as it does in the router.
        let fitting = paths.iter().filter(|(template, _)| fits(template, path));
        let (_, item) =
            fitting.min_by_key(|(template, _)| template.matches('{').count()).unwrap_or_else(|| {
                panic!("{path} is not documented");
            });
        let responses = &item[method.as_str().to_lowercase()]["responses"];
        let response = responses.get(status.as_str()).unwrap_or_else(|| {
            panic!("{method} {path}: {status} is not documented, only {responses}");
        });
        &response["content"]["application/json"]["schema"]
    }

    fn compare(&self, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
        let schema = self.resolved(schema);
        for list in ["oneOf", "anyOf"] {
            if let Some(options) = schema.get(list).and_then(Value::as_array) {
                let fits = |option: &Value| {
                    let mut mismatches = Vec::new();
                    self.compare(option, value, at, &mut mismatches);
                    mismatches.is_empty()
                };
                if !options.iter().any(fits) {
                    wrong.push(format!("{at}: {value} fits no alternative"));
                }
                return;
            }
        }
        if schema.get("allOf").is_some() || schema.get("properties").is_some() {
            self.compare_object(schema, value, at, wrong);
            return;
        }
        if *schema == Value::Bool(false) {
            wrong.push(format!("{at} is not documented"));
        }
        if schema.get("const").is_some_and(|only| only != value) {
            wrong.push(format!("{at}: {value} is not {}", schema["const"]));
        }
        let words = schema.get("enum").and_then(Value::as_array);
        if let Some(values) = words.filter(|values| !values.contains(value)) {
            wrong.push(format!("{at}: {value} is none of {values:?}"));
        }
        if let Some(minimum) = schema.get("minimum").and_then(Value::as_f64)
            && value.as_f64().is_some_and(|number| number < minimum)
        {
            wrong.push(format!("{at}: {value} is below {minimum}"));
        }
        if !has_type(schema, value) {
            wrong.push(format!("{at}: {value} is not {}", schema["type"]));
        }
        match value {
            Value::Array(items) => {
                let item = schema.get("items").unwrap_or(&Value::Null);
                for (place, value) in items.iter().enumerate() {
                    self.compare(item, value, &format!("{at}[{place}]"), wrong);
                }
            }
            Value::Object(members) => {
                let member = schema.get("additionalProperties").unwrap_or(&Value::Null);
                for (key, value) in members {
                    self.compare(member, value, &format!("{at}.{key}"), wrong);
                }
            }
            _ => {}
        }
    }

    fn compare_object(&self, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
        let Value::Object(members) = value else {
            if !has_type(schema, value) || schema.get("allOf").is_some() {
                wrong.push(format!("{at}: {value} is not an object"));
            }
            return;
        };
        let mut known = Map::new();
        let mut required = BTreeSet::new();
        let mut rest = None;
        self.collect(schema, members, &mut known, &mut required, &mut rest);
        for key in required.iter().filter(|key| !members.contains_key(*key)) {
            wrong.push(format!("{at}: {key} is missing"));
        }
        for (key, value) in members {
            match known.get(key).or(rest.as_ref()) {
                Some(schema) => self.compare(schema, value, &format!("{at}.{key}"), wrong),
                None => wrong.push(format!("{at}: {key} is not documented")),
            }
        }
    }

    /// Properties of an object, of those it is composed of as well; of alternatives that are told by a word, those of the
    /// one whose word it has.
    fn collect(
        &self,
        schema: &Value,
        members: &Map<String, Value>,
        known: &mut Map<String, Value>,
        required: &mut BTreeSet<String>,
        rest: &mut Option<Value>,
    ) {
        let schema = self.resolved(schema);
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.collect(part, members, known, required, rest);
        }
        let is_told = |option: &&Value| {
            let properties = self.resolved(option).get("properties").and_then(Value::as_object);
            let mut words =
                properties.into_iter().flatten().filter_map(|(key, one)| Some((key, one.get("enum")?)));
            words.all(|(key, values)| {
                members.get(key).is_some_and(|value| values.as_array().is_some_and(|all| all.contains(value)))
            })
        };
        if let Some(option) =
            schema.get("oneOf").and_then(Value::as_array).and_then(|all| all.iter().find(is_told))
        {
            self.collect(option, members, known, required, rest);
        }
        known.extend(schema.get("properties").and_then(Value::as_object).cloned().into_iter().flatten());
        let names = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        required.extend(names.filter_map(Value::as_str).map(str::to_owned));
        if let Some(more) = schema.get("additionalProperties").filter(|more| **more != Value::Bool(false)) {
            *rest = Some(more.clone());
        }
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(name) => {
                let name = name.strip_prefix("#/components/schemas/").unwrap();
                self.resolved(self.document["components"]["schemas"].get(name).unwrap_or_else(|| {
                    panic!("{name} is referred to and not there");
                }))
            }
            None => schema,
        }
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(path).all(|(part, given)| part.starts_with('{') || *part == given)
}

/// A schema without a type takes everything.
fn has_type(schema: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    match schema.get("type") {
        Some(Value::String(name)) => is(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    }
}

//! The tables of this crate as JSON Schema 2020-12, for the documents that describe the API.
//!
//! The same tables make the strict readers, so a schema takes what a reader takes: keys nobody knows are refused, and
//! what may be absent may be `null`. The bounds that [`crate::Frame::check`] keeps beyond the shape are not in it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::body::Body;
use crate::object::{Fields, Wire};

/// Every schema under its name: `ledger.Frame`, the union of the kinds, and in `frames` what it is made of. References
/// are those of an OpenAPI document.
pub fn schemas() -> BTreeMap<String, Value> {
    let mut schemas = Schemas::default();
    let kinds = Body::schemas(&mut schemas);
    let description = "One frame of a run: an envelope, and the fields of its kind beside it. Which fields a kind has is the \
         contract of `public_sse_v1`, and of `run_v1`, which adds the kinds of runs.";
    schemas.0.insert("ledger.Frame".to_owned(), union("kind", &kinds, description));
    schemas.0
}

/// The schemas found so far.
#[derive(Debug, Default)]
pub(crate) struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    /// Refers to the schema of a type, which is described when it is mentioned first.
    pub(crate) fn refer(&mut self, name: &str, describe: impl FnOnce(&mut Self) -> Value) -> Value {
        let name = format!("frames.{name}");
        if !self.0.contains_key(&name) {
            // What a type refers to may refer to it.
            self.0.insert(name.clone(), Value::Null);
            let schema = describe(self);
            self.0.insert(name.clone(), schema);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    /// Any JSON, spelled out, so that what is generated from the schemas has a type for it.
    pub(crate) fn json(&mut self) -> Value {
        self.refer("Json", |schemas| {
            let items = schemas.json();
            json!({
                "description": "Any JSON.",
                "oneOf": [
                    { "type": "null" },
                    { "type": "boolean" },
                    { "type": "number" },
                    { "type": "string" },
                    { "type": "array", "items": items },
                    schemas.json_object(),
                ],
            })
        })
    }

    /// An object of any JSON.
    pub(crate) fn json_object(&mut self) -> Value {
        self.refer("JsonObject", |schemas| {
            json!({
                "type": "object",
                "description": "An object of any JSON.",
                "additionalProperties": schemas.json(),
            })
        })
    }

    /// Refers to an object as one of a union: with the union's word among its fields.
    pub(crate) fn variant<T: Fields>(&mut self, name: &str, tag: &'static str, word: &str) -> Value {
        self.refer(name, |schemas| {
            let mut shape = Shape::default();
            shape.literal(tag, word);
            shape.with::<T>(schemas).close(T::DESCRIPTION)
        })
    }
}

/// A closed object while its fields are listed.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    properties: Map<String, Value>,
    required: Vec<&'static str>,
}

impl Shape {
    /// A field; the reader is asked whether it may be absent.
    pub(crate) fn field<T: Wire>(&mut self, key: &'static str, description: &str, schemas: &mut Schemas) {
        let mut schema = T::schema(schemas);
        schema["description"] = description.into();
        self.properties.insert(key.to_owned(), schema);
        if T::absent().is_err() {
            self.required.push(key);
        }
    }

    /// A field whose value the contract fixes.
    pub(crate) fn literal(&mut self, key: &'static str, value: &str) {
        self.properties.insert(key.to_owned(), json!({ "type": "string", "enum": [value] }));
        self.required.push(key);
    }

    /// The fields of an object among those of this one.
    pub(crate) fn with<T: Fields>(mut self, schemas: &mut Schemas) -> Self {
        T::fields(&mut self, schemas);
        self
    }

    /// The object that has these fields and no others.
    pub(crate) fn close(self, description: &str) -> Value {
        let mut object = json!({
            "type": "object",
            "description": description,
            "properties": self.properties,
            "additionalProperties": false,
        });
        if !self.required.is_empty() {
            object["required"] = json!(self.required);
        }
        object
    }
}

/// A closed set of words.
pub(crate) fn words(words: &[&str], description: &str) -> Value {
    json!({ "type": "string", "description": description, "enum": words })
}

/// One of several objects, told apart by the word under a key.
pub(crate) fn union(tag: &str, options: &[(&str, Value)], description: &str) -> Value {
    let mapping: BTreeMap<&str, &Value> =
        options.iter().map(|(word, reference)| (*word, &reference["$ref"])).collect();
    let options: Vec<&Value> = options.iter().map(|(_, reference)| reference).collect();
    json!({
        "oneOf": options,
        "description": description,
        "discriminator": { "propertyName": tag, "mapping": mapping },
    })
}

/// What the schema takes, or `null`.
pub(crate) fn nullable(mut schema: Value) -> Value {
    if schema.get("$ref").is_some() {
        return json!({ "oneOf": [{ "type": "null" }, schema] });
    }
    if let Some(Value::String(name)) = schema.get("type").cloned() {
        schema["type"] = json!([name, "null"]);
    }
    schema
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_is_one_of_a_frame() {
        let frame = &schemas()["ledger.Frame"];
        let told = frame["discriminator"]["mapping"].as_object().expect("an object");
        assert_eq!(
            told.keys().map(String::as_str).collect::<BTreeSet<_>>(),
            crate::KINDS.iter().copied().collect()
        );
        assert_eq!(frame["oneOf"].as_array().map(Vec::len), Some(crate::KINDS.len()));
    }

    /// Also finds an object that is one of a union and stands alone as well: it would need two schemas of one name.
    #[test]
    fn what_is_one_of_a_union_is_closed_and_has_its_word() {
        let schemas = schemas();
        for (name, schema) in schemas.iter().filter(|(_, schema)| schema.get("discriminator").is_some()) {
            let tag = schema["discriminator"]["propertyName"].as_str().expect(name);
            for (word, reference) in schema["discriminator"]["mapping"].as_object().expect(name) {
                let reference = reference.as_str().expect(word);
                let option = &schemas[reference.trim_start_matches("#/components/schemas/")];
                assert_eq!(option["properties"][tag]["enum"], json!([word]), "{name}");
                assert_eq!(option["additionalProperties"], json!(false), "{name}: {word}");
            }
        }
    }

    #[test]
    fn a_field_is_required_and_takes_null_as_its_reader_does() {
        let schemas = schemas();
        let opened = &schemas["frames.RunOpenedFrame"];
        let required = opened["required"].as_array().expect("a list");
        assert!(required.contains(&json!("seed")) && !required.contains(&json!("title")));
        assert_eq!(opened["properties"]["schema"]["enum"], json!(["run_v1"]));
        assert_eq!(opened["properties"]["title"]["type"], json!(["string", "null"]));
        assert_eq!(opened["properties"]["title"]["description"], "A name for people.");
        assert_eq!(opened["properties"]["inputs"]["type"], json!(["array", "null"]));
        assert_eq!(opened["properties"]["scope"]["oneOf"][0], json!({ "type": "null" }));
        let output = &schemas["frames.ToolOutputFrame"];
        assert!(output["required"].as_array().expect("a list").contains(&json!("output")));
        assert_eq!(output["properties"]["output"]["$ref"], "#/components/schemas/frames.Json");
        let end = &schemas["frames.Final"];
        assert_eq!(end["required"], json!(["status"]));
        assert_eq!(end["properties"]["structured_output"]["$ref"], "#/components/schemas/frames.Json");
    }
}

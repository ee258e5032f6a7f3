//! Reading JSON strictly: no key twice, no `null` and no NUL where none belongs, and the field's name in every refusal.

use std::collections::BTreeSet;
use std::fmt;

use kernel::{Class, FieldError};
use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::unfit;
use crate::Problem;
use crate::contract::{contract, dotted};

/// Refuses a body that is no JSON object, that says something twice, or that says what its schema or our storage
/// cannot take.
pub(crate) fn check(body: &[u8], schema: Option<&Value>) -> Result<(), Problem> {
    let Strict(value) = read(body)?;
    if !value.is_object() {
        return Err(Problem::field("body", "must be a JSON object"));
    }
    let nulls = schema.map(|schema| contract().nulls(schema, &value)).unwrap_or_default();
    let mut errors: Vec<FieldError> = nulls
        .into_iter()
        .map(|field| FieldError::new(field, "must not be null; leave it out or give a value"))
        .collect();
    find_nul(&value, "", &mut errors);
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

/// The body as a value of its type.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        if error.is_data() {
            // The field says where; line and column of a body that no human typed do not.
            let text = error.to_string();
            return unfit("body", &path, text.rsplit_once(" at line ").map_or(&text, |(message, _)| message));
        }
        malformed(&error)
    })?;
    deserializer.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(Class::Malformed, "MALFORMED_JSON", format!("the body is not JSON: {error}"))
}

/// PostgreSQL keeps no NUL in a text, so nobody may send one.
fn find_nul(value: &Value, at: &str, errors: &mut Vec<FieldError>) {
    match value {
        Value::String(text) if text.contains('\0') => {
            errors.push(FieldError::new(at, super::NUL));
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let at = dotted(at, name);
                if name.contains('\0') {
                    errors.push(FieldError::new(at.replace('\0', "\u{fffd}"), super::NUL));
                }
                find_nul(field, &at, errors);
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                find_nul(item, &format!("{at}[{place}]"), errors);
            }
        }
        _ => {}
    }
}

/// A JSON value whose objects name each key once. Which of two values counts would be the reader's choice, and two
/// readers choose differently.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut seen = BTreeSet::new();
        let mut fields = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            if !seen.insert(name.clone()) {
                return Err(de::Error::custom(super::twice(&name)));
            }
            let Strict(field) = entries.next_value()?;
            fields.insert(name, field);
        }
        Ok(fields.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(body: &str) -> (u16, String, Vec<String>) {
        let body = check(body.as_bytes(), None).unwrap_err().body("r");
        (body.status, body.code, body.errors.into_iter().map(|error| error.field).collect())
    }

    #[test]
    fn a_key_that_stands_twice_is_named_at_any_depth() {
        for (body, field) in [
            (r#"{"seed":1,"seed":2}"#, "seed"),
            (r#"{"a":{"b":1,"c":2,"b":1}}"#, "a.b"),
            (r#"{"a":[{},{"b":1,"b":null}]}"#, "a[1].b"),
            (r#"{"a":1,"\u0061":2}"#, "a"),
        ] {
            let expected = (422, "VALIDATION_ERROR".to_owned(), vec![field.to_owned()]);
            assert_eq!(refusal(body), expected, "{body}");
        }
        assert!(check(br#"{"a":{"x":1},"b":{"x":1},"c":[1,"x",1.5,true,null]}"#, None).is_ok());
    }

    #[test]
    fn a_nul_is_named_wherever_it_stands() {
        for (body, field) in [
            (r#"{"title":"a\u0000b"}"#, "title"),
            (r#"{"a":[{"b":"\u0000"}]}"#, "a[0].b"),
            (r#"{"a\u0000":1}"#, "a\u{fffd}"),
        ] {
            assert_eq!(refusal(body).2, [field], "{body}");
        }
    }

    #[test]
    fn what_is_no_object_is_no_body() {
        for body in ["[1]", "null", "\"text\"", "1"] {
            assert_eq!(refusal(body).2, ["body"], "{body}");
        }
        for body in ["", "{", "{} x", "{\"a\":}"] {
            assert_eq!(refusal(body).1, "MALFORMED_JSON", "{body}");
        }
        assert_eq!(
            check(&json!({ "a": 1 }).to_string().into_bytes(), None).map_err(|p| p.body("r").code),
            Ok(())
        );
    }
}

//! Closed objects: one table per object gives its struct, its strict reader, its writer and its schema.
//!
//! Serde's derive can flatten fields or refuse unknown keys, not both, and inside a tagged union it loses the path
//! of an error. The contract needs all three, hence these macros.

use chrono::{DateTime, Utc};
use kernel::rfc3339;
use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::{Map, Value, json};

use crate::error::{Broken, Rule};
use crate::schemas::{Schemas, Shape, nullable};

mod table;

pub(crate) use table::{description, key, object, union, value, words};

/// A value that can stand in a field.
pub(crate) trait Wire: Sized + Serialize {
    fn read(value: Value) -> Result<Self, Broken>;

    /// What an absent field means.
    fn absent() -> Result<Self, Broken> {
        Err(Rule::Missing.into())
    }

    /// Writes the field, or nothing when there is nothing to say.
    fn entry<M: SerializeMap>(&self, key: &'static str, into: &mut M) -> Result<(), M::Error> {
        into.serialize_entry(key, self)
    }

    /// Which values it reads; what has a name of its own is referred to.
    fn schema(schemas: &mut Schemas) -> Value;
}

/// A closed object whose fields can also stand in a larger object.
pub(crate) trait Object: Sized + Serialize {
    fn take(from: &mut Reader) -> Result<Self, Broken>;
    fn put<M: SerializeMap>(&self, into: &mut M) -> Result<(), M::Error>;

    /// Refers to its schema.
    fn schema(schemas: &mut Schemas) -> Value;
}

/// An object with one list of fields, which a union has not.
pub(crate) trait Fields {
    const DESCRIPTION: &str;

    /// Adds its fields to those of an object.
    fn fields(shape: &mut Shape, schemas: &mut Schemas);
}

/// The keys of one object that have not been asked for yet.
#[derive(Debug)]
pub(crate) struct Reader(Map<String, Value>);

impl Reader {
    pub(crate) fn new(value: Value) -> Result<Self, Broken> {
        match value {
            Value::Object(map) => Ok(Self(map)),
            other => Err(wrong_type("an object", &other)),
        }
    }

    pub(crate) fn take<T: Wire>(&mut self, key: &str) -> Result<T, Broken> {
        self.0.remove(key).map_or_else(T::absent, T::read).map_err(|broken| broken.key(key))
    }

    /// Takes a field whose value the contract fixes.
    pub(crate) fn literal(&mut self, key: &str, expected: &str) -> Result<(), Broken> {
        let found: String = self.take(key)?;
        if found == expected {
            return Ok(());
        }
        Err(Broken::from(Rule::UnknownWord { found, allowed: format!("`{expected}`") }).key(key))
    }

    /// Refuses what nobody asked for.
    pub(crate) fn finish(self) -> Result<(), Broken> {
        match self.0.into_iter().next() {
            Some((key, _)) => Err(Broken::at(key, Rule::UnknownKey)),
            None => Ok(()),
        }
    }
}

fn wrong_type(expected: &'static str, found: &Value) -> Broken {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    Rule::WrongType { expected, found }.into()
}

impl<T: Wire> Wire for Option<T> {
    fn read(value: Value) -> Result<Self, Broken> {
        if value.is_null() { Ok(None) } else { T::read(value).map(Some) }
    }

    fn absent() -> Result<Self, Broken> {
        Ok(None)
    }

    fn entry<M: SerializeMap>(&self, key: &'static str, into: &mut M) -> Result<(), M::Error> {
        self.as_ref().map_or(Ok(()), |value| value.entry(key, into))
    }

    fn schema(schemas: &mut Schemas) -> Value {
        let schema = T::schema(schemas);
        if T::read(Value::Null).is_ok() { schema } else { nullable(schema) }
    }
}

/// A list; absent and `null` mean empty.
impl<T: Wire> Wire for Vec<T> {
    fn read(value: Value) -> Result<Self, Broken> {
        match value {
            Value::Null => Ok(Vec::new()),
            Value::Array(values) => {
                let read = |(i, value)| T::read(value).map_err(|broken| broken.index(i));
                values.into_iter().enumerate().map(read).collect()
            }
            other => Err(wrong_type("a list", &other)),
        }
    }

    fn absent() -> Result<Self, Broken> {
        Ok(Vec::new())
    }

    fn schema(schemas: &mut Schemas) -> Value {
        json!({ "type": ["array", "null"], "items": T::schema(schemas) })
    }
}

impl Wire for String {
    fn read(value: Value) -> Result<Self, Broken> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(wrong_type("a string", &other)),
        }
    }

    fn schema(_: &mut Schemas) -> Value {
        json!({ "type": "string" })
    }
}

impl Wire for bool {
    fn read(value: Value) -> Result<Self, Broken> {
        value.as_bool().ok_or_else(|| wrong_type("a boolean", &value))
    }

    fn schema(_: &mut Schemas) -> Value {
        json!({ "type": "boolean" })
    }
}

impl Wire for u64 {
    fn read(value: Value) -> Result<Self, Broken> {
        value.as_u64().ok_or_else(|| wrong_type("a whole number from 0", &value))
    }

    fn schema(_: &mut Schemas) -> Value {
        json!({ "type": "integer", "format": "int64", "minimum": 0 })
    }
}

impl Wire for u32 {
    fn read(value: Value) -> Result<Self, Broken> {
        let number = u64::read(value)?;
        number.try_into().map_err(|_| Rule::OutOfRange { expected: "a whole number below 2^32" }.into())
    }

    fn schema(_: &mut Schemas) -> Value {
        json!({ "type": "integer", "format": "int32", "minimum": 0 })
    }
}

impl Wire for f64 {
    fn read(value: Value) -> Result<Self, Broken> {
        value.as_f64().ok_or_else(|| wrong_type("a number", &value))
    }

    fn schema(_: &mut Schemas) -> Value {
        json!({ "type": "number", "format": "double" })
    }
}

/// Any JSON; here alone a `null` is a value.
impl Wire for Value {
    fn read(value: Value) -> Result<Self, Broken> {
        Ok(value)
    }

    fn schema(schemas: &mut Schemas) -> Value {
        schemas.json()
    }
}

impl Wire for Map<String, Value> {
    fn read(value: Value) -> Result<Self, Broken> {
        Reader::new(value).map(|reader| reader.0)
    }

    fn schema(schemas: &mut Schemas) -> Value {
        schemas.json_object()
    }
}

impl Wire for DateTime<Utc> {
    fn read(value: Value) -> Result<Self, Broken> {
        let text = String::read(value)?;
        let time = text.ends_with('Z').then(|| DateTime::parse_from_rfc3339(&text).ok()).flatten();
        time.map(|time| time.to_utc())
            .ok_or_else(|| Rule::OutOfRange { expected: "an RFC 3339 time in UTC that ends in Z" }.into())
    }

    fn entry<M: SerializeMap>(&self, key: &'static str, into: &mut M) -> Result<(), M::Error> {
        into.serialize_entry(key, &rfc3339(*self))
    }

    fn schema(_: &mut Schemas) -> Value {
        json!({ "type": "string", "format": "date-time" })
    }
}

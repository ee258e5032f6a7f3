//! Closed objects: one table per object gives its struct, its strict reader and its writer.
//!
//! Serde's derive can flatten fields or refuse unknown keys, not both, and inside a tagged union it loses the path
//! of an error. The contract needs all three, hence these macros.

use chrono::{DateTime, Utc};
use kernel::rfc3339;
use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::{Map, Value};

use crate::error::{Broken, Rule};

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
}

/// A closed object whose fields can also stand in a larger object.
pub(crate) trait Object: Sized + Serialize {
    fn take(from: &mut Reader) -> Result<Self, Broken>;
    fn put<M: SerializeMap>(&self, into: &mut M) -> Result<(), M::Error>;
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
}

impl Wire for String {
    fn read(value: Value) -> Result<Self, Broken> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(wrong_type("a string", &other)),
        }
    }
}

impl Wire for bool {
    fn read(value: Value) -> Result<Self, Broken> {
        value.as_bool().ok_or_else(|| wrong_type("a boolean", &value))
    }
}

impl Wire for u64 {
    fn read(value: Value) -> Result<Self, Broken> {
        value.as_u64().ok_or_else(|| wrong_type("a whole number from 0", &value))
    }
}

impl Wire for u32 {
    fn read(value: Value) -> Result<Self, Broken> {
        let number = u64::read(value)?;
        number.try_into().map_err(|_| Rule::OutOfRange { expected: "a whole number below 2^32" }.into())
    }
}

impl Wire for f64 {
    fn read(value: Value) -> Result<Self, Broken> {
        value.as_f64().ok_or_else(|| wrong_type("a number", &value))
    }
}

/// Any JSON; here alone a `null` is a value.
impl Wire for Value {
    fn read(value: Value) -> Result<Self, Broken> {
        Ok(value)
    }
}

impl Wire for Map<String, Value> {
    fn read(value: Value) -> Result<Self, Broken> {
        Reader::new(value).map(|reader| reader.0)
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
}

/// Declares a closed object. `: item` puts the fields of [`crate::Item`] first; `"key" = "value"` after it is a
/// field whose value the contract fixes; `field: Type = "key"` is a field with another name on the wire.
macro_rules! object {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(: $item:ident)? $(, $fixed:literal = $value:literal)* {
            $($(#[$field_meta:meta])* $field:ident: $type:ty $(= $key:literal)?,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $(
                /// Which output item it belongs to.
                pub $item: $crate::body::Item,
            )?
            $($(#[$field_meta])* pub $field: $type,)*
        }

        impl $crate::object::Object for $name {
            fn take(from: &mut $crate::object::Reader) -> Result<Self, $crate::error::Broken> {
                $(from.literal($fixed, $value)?;)*
                Ok(Self {
                    $($item: $crate::object::Object::take(from)?,)?
                    $($field: from.take($crate::object::key!($field $(, $key)?))?,)*
                })
            }

            fn put<M: serde::ser::SerializeMap>(&self, into: &mut M) -> Result<(), M::Error> {
                $($crate::object::Object::put(&self.$item, into)?;)?
                $(into.serialize_entry($fixed, $value)?;)*
                $($crate::object::Wire::entry(&self.$field, $crate::object::key!($field $(, $key)?), into)?;)*
                Ok(())
            }
        }

        $crate::object::value!($name);
    };
}

/// A field's name on the wire.
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident, $key:literal) => {
        $key
    };
}

/// Makes an object a value: read strictly, written by its own writer.
macro_rules! value {
    ($name:ident) => {
        impl $crate::object::Wire for $name {
            fn read(value: serde_json::Value) -> Result<Self, $crate::error::Broken> {
                let mut reader = $crate::object::Reader::new(value)?;
                let object = $crate::object::Object::take(&mut reader)?;
                reader.finish()?;
                Ok(object)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                $crate::object::Object::put(self, &mut map)?;
                serde::ser::SerializeMap::end(map)
            }
        }
    };
}

/// Declares a closed set of words.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$word_meta:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$word_meta])* $variant,)*
        }

        impl $name {
            /// Every word of the set, in the contract's order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::object::Wire for $name {
            fn read(value: serde_json::Value) -> Result<Self, $crate::error::Broken> {
                let found = <String as $crate::object::Wire>::read(value)?;
                Self::ALL.iter().copied().find(|word| word.as_str() == found).ok_or_else(|| {
                    let allowed = [$(concat!("`", $word, "`")),*].join(", ");
                    $crate::error::Rule::UnknownWord { found, allowed }.into()
                })
            }
        }
    };
}

/// Declares a union of closed objects told apart by one key.
macro_rules! union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident by $tag:literal { $($(#[$variant_meta:meta])* $variant:ident($object:ty) = $word:literal,)* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name {
            $($(#[$variant_meta])* $variant($object),)*
        }

        $(
            impl From<$object> for $name {
                fn from(object: $object) -> Self {
                    Self::$variant(object)
                }
            }
        )*

        impl $name {
            /// The word that tells the variant on the wire.
            pub const fn word(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $word,)*
                }
            }
        }

        impl $crate::object::Object for $name {
            fn take(from: &mut $crate::object::Reader) -> Result<Self, $crate::error::Broken> {
                let found: String = from.take($tag)?;
                match found.as_str() {
                    $($word => $crate::object::Object::take(from).map(Self::$variant),)*
                    _ => {
                        let allowed = [$(concat!("`", $word, "`")),*].join(", ");
                        let rule = $crate::error::Rule::UnknownWord { found, allowed };
                        Err($crate::error::Broken::at($tag, rule))
                    }
                }
            }

            fn put<M: serde::ser::SerializeMap>(&self, into: &mut M) -> Result<(), M::Error> {
                into.serialize_entry($tag, self.word())?;
                match self {
                    $(Self::$variant(object) => $crate::object::Object::put(object, into),)*
                }
            }
        }

        $crate::object::value!($name);
    };
}

pub(crate) use {key, object, union, value, words};

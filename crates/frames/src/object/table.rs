//! The tables that declare objects, unions and closed sets of words.

/// Declares a closed object. `: item` puts the fields of [`crate::Item`] first; `"key" = "value"` after it is a
/// field whose value the contract fixes; `field: Type = "key"` is a field with another name on the wire.
macro_rules! object {
    (@part item) => { $crate::body::Item };
    (
        $(#[$($meta:tt)*])*
        pub struct $name:ident $(: $item:ident)? $(, $fixed:literal = $value:literal)* {
            $($(#[$($field_meta:tt)*])* $field:ident: $type:ty $(= $key:literal)?,)*
        }
    ) => {
        $(#[$($meta)*])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $(
                /// Which output item it belongs to.
                pub $item: $crate::body::Item,
            )?
            $($(#[$($field_meta)*])* pub $field: $type,)*
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

            fn schema(schemas: &mut $crate::schemas::Schemas) -> serde_json::Value {
                schemas.refer(stringify!($name), |schemas| {
                    let shape = $crate::schemas::Shape::default().with::<Self>(schemas);
                    shape.close(<Self as $crate::object::Fields>::DESCRIPTION)
                })
            }
        }

        impl $crate::object::Fields for $name {
            const DESCRIPTION: &str = $crate::object::description!($([$($meta)*])*);

            fn fields(shape: &mut $crate::schemas::Shape, schemas: &mut $crate::schemas::Schemas) {
                $(<$crate::object::object!(@part $item) as $crate::object::Fields>::fields(shape, schemas);)?
                $(shape.literal($fixed, $value);)*
                $(
                    let key = $crate::object::key!($field $(, $key)?);
                    shape.field::<$type>(key, $crate::object::description!($([$($field_meta)*])*), schemas);
                )*
            }
        }

        $crate::object::value!($name);
    };
}

/// The text of the doc comments among attributes.
macro_rules! description {
    (@line doc = $text:literal) => { $text };
    (@line $($other:tt)*) => { "" };
    ($([$($meta:tt)*])*) => { concat!($($crate::object::description!(@line $($meta)*)),*).trim_ascii() };
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

            fn schema(schemas: &mut $crate::schemas::Schemas) -> serde_json::Value {
                <Self as $crate::object::Object>::schema(schemas)
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
    ($(#[$($meta:tt)*])* pub enum $name:ident { $($(#[$word_meta:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$($meta)*])*
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

            fn schema(schemas: &mut $crate::schemas::Schemas) -> serde_json::Value {
                let description = $crate::object::description!($([$($meta)*])*);
                schemas.refer(stringify!($name), |_| $crate::schemas::words(&[$($word),*], description))
            }
        }
    };
}

/// Declares a union of closed objects told apart by one key.
macro_rules! union {
    (
        $(#[$($meta:tt)*])*
        pub enum $name:ident by $tag:literal { $($(#[$variant_meta:meta])* $variant:ident($object:ty) = $word:literal,)* }
    ) => {
        $(#[$($meta)*])*
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

            fn schema(schemas: &mut $crate::schemas::Schemas) -> serde_json::Value {
                schemas.refer(stringify!($name), |schemas| {
                    let options = [$(($word, schemas.variant::<$object>(stringify!($object), $tag, $word))),*];
                    $crate::schemas::union($tag, &options, $crate::object::description!($([$($meta)*])*))
                })
            }
        }

        $crate::object::value!($name);
    };
}

pub(crate) use {description, key, object, union, value, words};

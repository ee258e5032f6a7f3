//! Ids are newtypes over UUIDs: a run's id can never be passed where an artifact's is asked for.

/// Text that is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id: expected a UUID such as 0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")]
pub struct InvalidId {
    /// What was given.
    pub text: String,
}

/// Text that is not a number that names a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id: expected a whole number such as 17")]
pub struct InvalidNumber {
    /// What was given.
    pub text: String,
}

/// Declares an id newtype: text form, serde, and (feature `db` of the kernel) everything a database column needs.
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub $crate::macro_support::uuid::Uuid);

        impl $name {
            /// A fresh, time-ordered id.
            pub fn new(clock: &dyn $crate::Clock) -> Self {
                Self(clock.new_id())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self).map_err(|_| $crate::InvalidId { text: text.to_owned() })
            }
        }

        impl $crate::macro_support::serde::Serialize for $name {
            fn serialize<S: $crate::macro_support::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> $crate::macro_support::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::macro_support::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let text = <String as $crate::macro_support::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(<D::Error as $crate::macro_support::serde::de::Error>::custom)
            }
        }

        $crate::id_columns!($name, $crate::macro_support::uuid::Uuid);
    };
}

/// Declares a number that names a row: text form, serde, and (feature `db` of the kernel) what a column needs.
#[macro_export]
macro_rules! number {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::InvalidNumber;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self).map_err(|_| $crate::InvalidNumber { text: text.to_owned() })
            }
        }

        $crate::id_columns!($name, i64);
    };
}

/// The column traits of an id; empty without the kernel's feature `db`.
#[cfg(not(feature = "db"))]
#[doc(hidden)]
#[macro_export]
macro_rules! id_columns {
    ($name:ident, $inner:ty) => {};
}

/// The column traits of an id.
#[cfg(feature = "db")]
#[doc(hidden)]
#[macro_export]
macro_rules! id_columns {
    ($name:ident, $inner:ty) => {
        const _: () = {
            use $crate::macro_support::sea_orm::{
                self, ColIdx, ColumnType, DbErr, QueryResult, TryFromU64, TryGetError, TryGetable, Value,
                sea_query::{ArrayType, Nullable, ValueType, ValueTypeErr},
            };

            impl From<$name> for Value {
                fn from(id: $name) -> Self {
                    Value::from(id.0)
                }
            }

            impl TryGetable for $name {
                fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
                    <$inner>::try_get_by(row, index).map(Self)
                }
            }

            impl ValueType for $name {
                fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
                    <$inner as ValueType>::try_from(value).map(Self)
                }

                fn type_name() -> String {
                    stringify!($name).to_owned()
                }

                fn array_type() -> ArrayType {
                    <$inner as ValueType>::array_type()
                }

                fn column_type() -> ColumnType {
                    <$inner as ValueType>::column_type()
                }
            }

            impl Nullable for $name {
                fn null() -> Value {
                    <$inner as Nullable>::null()
                }
            }

            impl TryFromU64 for $name {
                fn try_from_u64(n: u64) -> Result<Self, DbErr> {
                    <$inner as TryFromU64>::try_from_u64(n).map(Self)
                }
            }

            impl sea_orm::IntoActiveValue<$name> for $name {
                fn into_active_value(self) -> sea_orm::ActiveValue<$name> {
                    sea_orm::ActiveValue::Set(self)
                }
            }
        };
    };
}

crate::id! {
    /// Whose data a row is.
    TenantId
}

crate::id! {
    /// One run; the ledger, artifacts and lineage all hang on it.
    RunId
}

crate::id! {
    /// A conversation; runs may share one.
    ConversationId
}

/// Proof that a caller acts for one tenant, and how far; every query takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenant {
    id: TenantId,
    scopes: Scopes,
}

impl Tenant {
    /// The tenant of whoever holds the machine: everything, without a token.
    pub const LOCAL: Self = Self { id: TenantId(uuid::Uuid::from_u128(1)), scopes: Scopes::ALL };

    /// The tenant behind a verified credential, with everything that it may.
    pub const fn verified(id: TenantId) -> Self {
        Self { id, scopes: Scopes::ALL }
    }

    /// The same tenant for a caller who may do no more than this.
    #[must_use]
    pub const fn within(self, scopes: Scopes) -> Self {
        Self { id: self.id, scopes }
    }

    /// The tenant's id.
    pub const fn id(self) -> TenantId {
        self.id
    }

    /// What the caller may do of all that the tenant may.
    pub const fn scopes(self) -> Scopes {
        self.scopes
    }
}

/// What a caller may do: a set of scopes, each a bit. Their names are `wire::access::Scope`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes(i16);

impl Scopes {
    /// Whatever there is.
    pub const ALL: Self = Self(i16::MAX);
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// As they are stored.
    pub const fn of_bits(bits: i16) -> Self {
        Self(bits & i16::MAX)
    }

    /// To be stored.
    pub const fn bits(self) -> i16 {
        self.0
    }

    /// What is in either.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether everything of the other set is in this one.
    pub const fn cover(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

//! What a stream may declare that its values are.

use std::str::FromStr;

use kernel::RunId;
use sea_orm::DbErr;

use crate::Error;
use crate::table::stream::Model;

/// What the values of a stream are, where it says so: they are then what somebody's run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// Frames of the public contract.
    PublicSseV1,
    /// Events of an agent.
    AgUi,
}

/// A stream that is the record of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// What its values are.
    pub schema: Schema,
    /// The run that is made of them.
    pub run: RunId,
}

impl Schema {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::PublicSseV1, Self::AgUi];

    /// The word in the header and in the row.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PublicSseV1 => "public_sse_v1",
            Self::AgUi => "ag-ui",
        }
    }
}

impl FromStr for Schema {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|schema| schema.as_str() == text);
        let words = Self::ALL.map(Self::as_str).join("`, `");
        known.ok_or_else(|| Error::wrong("Stream-Schema", format!("`{text}` is none of `{words}`")))
    }
}

impl Declared {
    /// What a row says of it.
    pub(crate) fn of(row: &Model) -> Result<Option<Self>, DbErr> {
        let (Some(word), Some(run)) = (&row.stream_schema, row.run_id) else { return Ok(None) };
        let schema = word.parse().map_err(|_| kernel::row::unreadable("schema of a stream"))?;
        Ok(Some(Self { schema, run }))
    }
}

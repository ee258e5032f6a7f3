//! Whether the server is there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The server's own word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = health::Health)]
pub struct Health {
    /// `ok`.
    pub status: String,
    /// The program's version.
    pub version: String,
}

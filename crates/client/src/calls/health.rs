//! Whether the server is there.

use serde::{Deserialize, Serialize};

use crate::{Client, Error};

/// The server's own word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// `ok`.
    pub status: String,
    /// The program's version.
    pub version: String,
}

impl Client {
    /// `GET /api/health`.
    pub async fn health(&self) -> Result<Health, Error> {
        self.get("/api/health").await
    }
}

//! Checking that a registered model is still the bytes that were registered.

use artifacts::StoreError;
use kernel::{Digest, Tenant};
use runs::ArtifactId;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::{ModelId, Selector};

/// What hashing the stored bytes again gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// The model.
    pub model_id: ModelId,
    /// Whether the bytes are the registered ones.
    pub verified: bool,
    /// Their artifact.
    pub artifact_id: ArtifactId,
    /// The digest at registration.
    pub stored_digest: Digest,
    /// The digest now; absent when the bytes are gone.
    pub computed_digest: Option<Digest>,
    /// The size at registration.
    pub stored_size_bytes: u64,
    /// What is wrong.
    pub reason: Option<String>,
}

impl Selector {
    /// Hashes a model's bytes again and compares.
    pub async fn verify_model(&self, tenant: Tenant, model: ModelId) -> Result<Verification, Error> {
        let registered = self.model(tenant, model).await?;
        let (computed_digest, reason) = match self.store.get(&registered.artifact_digest).await {
            Ok(bytes) => {
                (Some(registered.artifact_digest), wrong_size(bytes.len(), registered.artifact_size_bytes))
            }
            Err(StoreError::Tampered { digest, found }) => {
                (Some(found), Some(StoreError::Tampered { digest, found }.to_string()))
            }
            Err(missing @ StoreError::Missing { .. }) => (None, Some(missing.to_string())),
            Err(error) => return Err(error.into()),
        };
        Ok(Verification {
            model_id: model,
            verified: reason.is_none(),
            artifact_id: registered.artifact_id,
            stored_digest: registered.artifact_digest,
            computed_digest,
            stored_size_bytes: registered.artifact_size_bytes,
            reason,
        })
    }
}

fn wrong_size(found: usize, stored: u64) -> Option<String> {
    (found as u64 != stored).then(|| format!("the object has {found} bytes, and {stored} were registered"))
}

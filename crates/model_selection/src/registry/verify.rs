//! Checking that a registered model is still the bytes that were registered.

use artifacts::StoreError;
use kernel::Tenant;
use wire::model_selection::{ModelId, ModelVerification};

use super::Error;
use crate::Reader;

impl Reader {
    /// Hashes a model's bytes again and compares.
    pub async fn verify_model(&self, tenant: Tenant, model: ModelId) -> Result<ModelVerification, Error> {
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
        Ok(ModelVerification {
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

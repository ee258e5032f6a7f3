//! Checking that a registered model is still what was registered: its bytes, and what its row says of it.

use artifacts::StoreError;
use kernel::{Digest, Tenant};
use wire::artifacts::ArtifactId;
use wire::model_selection::{ModelId, ModelVerification};

use super::{Error, model};
use crate::Reader;
use crate::blocking::off_the_runtime;
use crate::differ::Differences;
use crate::table::registered_model;
use crate::training::{self, Bundle};

impl Reader {
    /// Hashes a model's bytes again and compares; compares its row with those bytes, with the ranking that judged it, with
    /// its first event and with the artifact of its training. That those are what was recorded is proven by verifying
    /// their runs.
    pub async fn verify_model(&self, tenant: Tenant, id: ModelId) -> Result<ModelVerification, Error> {
        let row = model::known(self.db.conn(), tenant, id).await?;
        let damaged = |reason: &str| Error::ModelDamaged { model: id, reason: reason.to_owned() };
        let stored_digest = Digest::from_slice(&row.artifact_digest)
            .map_err(|_| damaged("the stored digest is not readable"))?;
        let stored_size_bytes =
            row.artifact_size_bytes.try_into().map_err(|_| damaged("the stored size is not readable"))?;
        let mut found = Differences::default();
        let computed_digest = self.bytes(&mut found, &row, stored_digest, stored_size_bytes).await?;
        for problem in self.check_row(tenant, &row).await? {
            found.say(problem);
        }
        if let Err(Error::ModelDamaged { reason, .. }) = self.model(tenant, id).await {
            found.say(reason);
        }
        let problems = found.into_vec();
        Ok(ModelVerification {
            model_id: id,
            verified: problems.is_empty(),
            artifact_id: ArtifactId(row.artifact_id),
            stored_digest,
            computed_digest,
            stored_size_bytes,
            reason: (!problems.is_empty()).then(|| problems.join("; ")),
        })
    }

    /// Compares the row with the model's bytes; their digest, if they are there.
    async fn bytes(
        &self,
        found: &mut Differences,
        row: &registered_model::Model,
        digest: Digest,
        size_bytes: u64,
    ) -> Result<Option<Digest>, Error> {
        let bytes = match self.store.get(&digest).await {
            Ok(bytes) => bytes,
            Err(changed @ StoreError::Tampered { found: computed, .. }) => {
                found.say(changed.to_string());
                return Ok(Some(computed));
            }
            Err(unreadable @ (StoreError::Missing { .. } | StoreError::NotAFile { .. })) => {
                found.say(unreadable.to_string());
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        if bytes.len() as u64 != size_bytes {
            found.say(format!("the object has {} bytes, and {size_bytes} were registered", bytes.len()));
        }
        let bundle: Result<Bundle, _> = off_the_runtime(move |_| serde_json::from_slice(&bytes)).await;
        match bundle {
            Ok(bundle) => training::check_bundle(found, row, &bundle, digest),
            Err(error) => found.say(format!("the object is no model that this version can read: {error}")),
        }
        Ok(Some(digest))
    }
}

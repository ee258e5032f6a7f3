//! Whether an imported data set that a run has read still is what it was.

use async_trait::async_trait;
use datasets::DatasetError;
use kernel::{Digest, Tenant};
use runs::InputCheck;
use sea_orm::DbErr;

/// Looks at imported data sets: their row, and the object their series are kept in.
#[derive(Debug, Clone)]
pub struct DatasetCheck(pub datasets::Reader);

#[async_trait]
impl InputCheck for DatasetCheck {
    async fn check(&self, tenant: Tenant, source_id: &str, digest: Digest) -> Result<Option<String>, DbErr> {
        let Ok(id) = source_id.parse() else { return Ok(Some("its id is no id".to_owned())) };
        let found = match self.0.check(tenant, id).await {
            Ok(found) => found,
            Err(DatasetError::Db(error)) => return Err(error),
            Err(error) => return Ok(Some(kernel::error_chain(&error))),
        };
        let is_same = found.digest == digest;
        Ok((!is_same).then(|| format!("the data set has the digest {}, not {digest}", found.digest)))
    }
}

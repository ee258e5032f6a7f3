//! Whether an imported data set that a run has read still is what it was.

use async_trait::async_trait;
use kernel::{Digest, ReadDb, Tenant};
use retail::dataset::{self, DatasetError};
use runs::InputCheck;
use sea_orm::DbErr;

/// Looks at imported data sets: their row, and the digest of every series.
#[derive(Debug, Clone)]
pub struct DatasetCheck(pub ReadDb);

#[async_trait]
impl InputCheck for DatasetCheck {
    async fn check(&self, tenant: Tenant, source_id: &str, digest: Digest) -> Result<Option<String>, DbErr> {
        let Ok(id) = source_id.parse() else { return Ok(Some("its id is no id".to_owned())) };
        let found = match dataset::find(&self.0, tenant, id).await {
            Ok(found) => found,
            Err(DatasetError::Db(error)) => return Err(error),
            Err(error) => return Ok(Some(error.to_string())),
        };
        if found.item.digest != digest {
            let message = format!("the data set has the digest {}, not {digest}", found.item.digest);
            return Ok(Some(message));
        }
        match dataset::series(&self.0, tenant, id).await {
            Ok(_) => Ok(None),
            Err(DatasetError::Db(error)) => Err(error),
            Err(error) => Ok(Some(error.to_string())),
        }
    }
}

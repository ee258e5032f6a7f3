//! Datasets: imported series.

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Digest;
use serde::{Deserialize, Serialize};

use super::Page;
use crate::call::with_query;
use crate::{Client, Error};

kernel::id! {
    /// One imported dataset.
    DatasetId
}

/// An imported dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dataset {
    /// Its id.
    pub dataset_id: DatasetId,
    /// The name it was imported under.
    pub name: String,
    /// Its series.
    pub series: Vec<DatasetSeries>,
    /// The digest of the imported bytes.
    pub digest: Digest,
    /// When it was imported.
    pub created_at: DateTime<Utc>,
}

/// One series of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetSeries {
    /// Its name.
    pub name: String,
    /// How many points it has.
    pub points: u64,
    /// The first date.
    pub first_date: NaiveDate,
    /// The last date.
    pub last_date: NaiveDate,
    /// How far its dates lie apart.
    pub frequency: String,
}

impl Client {
    /// `POST /api/datasets?name=` of a CSV file.
    pub async fn import_dataset(&self, name: &str, csv: Bytes) -> Result<Dataset, Error> {
        self.upload(&with_query("/api/datasets", &[("name", Some(name.to_owned()))]), "text/csv", csv).await
    }

    /// `GET /api/datasets`.
    pub async fn datasets(&self) -> Result<Vec<Dataset>, Error> {
        let page: Page<Dataset> = self.get("/api/datasets").await?;
        Ok(page.items)
    }

    /// `GET /api/datasets/{id}`.
    pub async fn dataset(&self, dataset: DatasetId) -> Result<Dataset, Error> {
        self.get(&format!("/api/datasets/{dataset}")).await
    }
}

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

/// A file and how to read it.
#[derive(Debug, Clone, Copy)]
pub struct Import<'a> {
    /// What to call the dataset.
    pub name: &'a str,
    /// `text/csv`, or the type of a Parquet or Arrow file.
    pub media_type: &'static str,
    /// How far apart the dates are, if the file does not say.
    pub frequency: Option<&'a str>,
    /// The first date, `YYYY-MM-DD`, if the file does not say.
    pub start: Option<&'a str>,
}

impl Client {
    /// `POST /api/datasets?name=` of a file.
    pub async fn import_dataset(&self, import: &Import<'_>, file: Bytes) -> Result<Dataset, Error> {
        let query = [
            ("name", Some(import.name.to_owned())),
            ("frequency", import.frequency.map(str::to_owned)),
            ("start", import.start.map(str::to_owned)),
        ];
        self.upload(&with_query("/api/datasets", &query), import.media_type, file).await
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

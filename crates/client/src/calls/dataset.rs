//! Datasets: imported series.

use bytes::Bytes;
use wire::datasets::{Dataset, DatasetId, DatasetPage, ImportQuery, SeriesPage, SeriesQuery};
use wire::page::PageQuery;

use crate::operation::{Call, calls};
use crate::{Client, Error, Operation};

calls! {
    /// A page of datasets, newest first.
    datasets() = GET "/datasets" ? PageQuery => DatasetPage;

    /// A dataset.
    dataset(dataset: DatasetId) = GET "/datasets/{dataset_id}" => Dataset;

    /// A page of its series without their points.
    dataset_series(dataset: DatasetId) = GET "/datasets/{dataset_id}/series" ? SeriesQuery => SeriesPage;
}

pub(super) const IMPORT: Operation = Operation { method: "POST", path: "/datasets" };

impl Client {
    /// Imports the series of a file of one of the types in [`wire::datasets::media_type`].
    pub async fn import_dataset(
        &self,
        query: &ImportQuery,
        media_type: &'static str,
        file: Bytes,
    ) -> Result<Dataset, Error> {
        self.call(Call::new(IMPORT).asking(query).sending(media_type, file)).await
    }
}

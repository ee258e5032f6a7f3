//! Datasets: imported series.

use bytes::Bytes;
use wire::datasets::{
    Dataset, DatasetId, DatasetPage, ImportQuery, Inspection, Report, SeriesPage, SeriesQuery, media_type,
};
use wire::page::PageQuery;

use crate::operation::{Call, calls};
use crate::{Client, Error, Operation};

calls! {
    /// A page of datasets, newest first.
    datasets() = GET "/datasets" ? PageQuery => DatasetPage;

    /// A dataset.
    dataset(dataset: DatasetId) = GET "/datasets/{dataset_id}" => Dataset;

    /// What was read of its file, and what was assumed.
    dataset_report(dataset: DatasetId) = GET "/datasets/{dataset_id}/report" => Report;

    /// A page of its series without their points.
    dataset_series(dataset: DatasetId) = GET "/datasets/{dataset_id}/series" ? SeriesQuery => SeriesPage;
}

pub(super) const IMPORT: Operation = Operation { method: "POST", path: "/datasets" };
pub(super) const INSPECT: Operation = Operation { method: "POST", path: "/datasets/inspect" };

impl Client {
    /// Imports the series of a file.
    pub async fn import_dataset(&self, query: &ImportQuery, file: Bytes) -> Result<Dataset, Error> {
        self.call(Call::new(IMPORT).asking(query).sending(media_type::ANY, file)).await
    }

    /// What would be read of a file, and what would be assumed.
    pub async fn inspect_dataset(&self, query: &ImportQuery, file: Bytes) -> Result<Inspection, Error> {
        self.call(Call::new(INSPECT).asking(query).sending(media_type::ANY, file)).await
    }
}

//! The object of a data set, read as far as somebody asks: nobody holds all of it for the sake of some series.

use std::ops::Range;

use artifacts::StoreError;
use bytes::Bytes;
use kernel::Digest;
use series::DatedSeries;
use series::columnar::{ColumnarError, DatasetFile, description, tail};
use wire::datasets::{Report, SeriesSummary};

/// An object that is not the data set it was, or not there.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The store does not give it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is no data set.
    #[error(transparent)]
    Bytes(#[from] ColumnarError),
}

/// The object of a data set whose bytes have their digest. Clones share everything.
#[derive(Debug, Clone)]
pub struct Object {
    store: artifacts::Reader,
    content: Digest,
    file: DatasetFile,
}

impl Object {
    /// The object of a digest.
    pub async fn open(store: &artifacts::Reader, content: Digest) -> Result<Self, Unreadable> {
        store.vouch(&content).await?;
        let size = store.size(&content).await?.ok_or(StoreError::Missing { digest: content })?;
        let end = store.get_range(&content, tail(size)).await?;
        let described = store.get_range(&content, description(size, &end)?).await?;
        let file = kernel::off_the_runtime(move || DatasetFile::open(size, described)).await?;
        Ok(Self { store: store.clone(), content, file })
    }

    /// How many series it has.
    pub fn series_count(&self) -> usize {
        self.file.series()
    }

    /// The places of series that lie together, group by group: what is read at once.
    pub fn groups(&self) -> Vec<Range<usize>> {
        self.file.groups()
    }

    /// What was read of the imported file.
    pub fn report(&self) -> Result<Report, Unreadable> {
        Ok(self.file.report()?)
    }

    /// What can be known of the series at these places without their points.
    pub async fn index(&self, places: Range<usize>) -> Result<Vec<SeriesSummary>, Unreadable> {
        let bytes = self.bytes(self.file.bytes_of_index(places.clone())?).await?;
        let file = self.file.clone();
        Ok(kernel::off_the_runtime(move || file.index(places, bytes)).await?)
    }

    /// The series at these places, which ascend, in their order.
    pub async fn series(&self, places: Vec<usize>) -> Result<Vec<DatedSeries>, Unreadable> {
        let bytes = self.bytes(self.file.bytes_of(&places)?).await?;
        let file = self.file.clone();
        Ok(kernel::off_the_runtime(move || file.read(&places, bytes)).await?)
    }

    async fn bytes(&self, places: Vec<Range<u64>>) -> Result<Vec<(u64, Bytes)>, StoreError> {
        let mut pieces = Vec::with_capacity(places.len());
        for place in places {
            pieces.push((place.start, self.store.get_range(&self.content, place).await?));
        }
        Ok(pieces)
    }
}

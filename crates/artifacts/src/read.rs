//! Reading: whole, as a stream, in ranges, and what there is.

use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt as _, TryStreamExt as _};
use kernel::{Digest, Hasher};
use object_store::local::LocalFileSystem;
use object_store::{GetOptions, GetResult, GetResultPayload, ObjectMeta, ObjectStore, ObjectStoreExt as _};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use crate::StoreError;
use crate::bucket::Bucket;
use crate::check::Vouched;
use crate::disk::Disk;
use crate::store::{Place, digest_of, location};

/// What is read from a file at once.
const PIECE: usize = 256 * 1024;

/// An object in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub digest: Digest,
    /// How many bytes lie there.
    pub size_bytes: u64,
    /// When it was written.
    pub modified: SystemTime,
}

/// Reads objects; there is no way from here to writing one. Clones are the same store.
#[derive(Debug, Clone)]
pub struct Reader {
    pub(crate) place: Place,
    /// Reads are the same everywhere.
    objects: Arc<dyn ObjectStore>,
    pub(crate) vouched: Arc<Vouched>,
}

impl Reader {
    pub(crate) fn of_disk(dir: PathBuf, disk: io::Result<Disk>) -> Result<Self, StoreError> {
        let unusable = |source| StoreError::Directory { dir, source };
        let opened = disk.and_then(|disk| {
            let objects = LocalFileSystem::new_with_prefix(disk.root()).map_err(io::Error::other)?;
            Ok((disk, objects))
        });
        let (disk, objects) = opened.map_err(unusable)?;
        Ok(Self { place: Place::Disk(disk), objects: Arc::new(objects), vouched: Arc::default() })
    }

    pub(crate) fn of_bucket(bucket: Bucket) -> Self {
        let objects = bucket.keys();
        Self { place: Place::Bucket(bucket), objects, vouched: Arc::default() }
    }

    /// The bytes of an object, after their digest was compared with its name.
    pub async fn get(&self, digest: &Digest) -> Result<Bytes, StoreError> {
        let digest = *digest;
        let read = |error| StoreError::read(digest, error);
        let got = self.open_object(&digest, GetOptions::default()).await?;
        let bytes = got.bytes().await.map_err(read)?;
        let found = digest_of(bytes.clone()).await;
        if found == digest { Ok(bytes) } else { Err(StoreError::Tampered { digest, found }) }
    }

    /// The size of an object and its bytes as a stream, which hashes them and ends with
    /// [`StoreError::Tampered`] if they are not what was put. The last piece comes only after the comparison, so
    /// that whoever reads to the end knows, and whoever counts bytes misses some.
    pub async fn get_stream(
        &self,
        digest: &Digest,
    ) -> Result<(u64, impl Stream<Item = Result<Bytes, StoreError>> + Send + use<>), StoreError> {
        let got = self.open_object(digest, GetOptions::default()).await?;
        let size_bytes = got.meta.size;
        Ok((size_bytes, verified(*digest, pieces(*digest, got))))
    }

    /// A range of an object's bytes. A part cannot be compared with the digest of the whole: [`Self::vouch`] first
    /// where that matters.
    pub async fn get_range(&self, digest: &Digest, range: Range<u64>) -> Result<Bytes, StoreError> {
        let pieces = self.get_range_stream(digest, range).await?;
        Ok(pieces
            .try_fold(BytesMut::new(), |mut all, piece| async move {
                all.extend_from_slice(&piece);
                Ok(all)
            })
            .await?
            .freeze())
    }

    /// As [`Self::get_range`], piece by piece.
    pub async fn get_range_stream(
        &self,
        digest: &Digest,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, StoreError>>, StoreError> {
        let size_bytes = self.size(digest).await?.ok_or(StoreError::Missing { digest: *digest })?;
        let Range { start, end } = range;
        if start > end || end > size_bytes {
            return Err(StoreError::Range { digest: *digest, size_bytes, start, end });
        }
        if start == end {
            return Ok(stream::empty().boxed());
        }
        let options = GetOptions { range: Some((start..end).into()), ..GetOptions::default() };
        Ok(pieces(*digest, self.open_object(digest, options).await?))
    }

    /// How many bytes an object has; `None` where there is no such object. Its bytes are not read.
    pub async fn size(&self, digest: &Digest) -> Result<Option<u64>, StoreError> {
        Ok(self.head(digest).await?.map(|meta| meta.size))
    }

    /// Whether an object of this name lies in the store; its bytes are not read.
    pub async fn exists(&self, digest: &Digest) -> Result<bool, StoreError> {
        Ok(self.head(digest).await?.is_some())
    }

    /// Every object, in no particular order.
    pub fn list(&self) -> impl Stream<Item = Result<Listed, StoreError>> + Send + use<> {
        self.objects
            .list(None)
            .map_err(StoreError::list)
            .try_filter_map(|meta| std::future::ready(Ok(listed(&meta))))
    }

    /// Nothing but a file is ever opened: a pipe would never answer, and a device never end.
    async fn is_a_file(&self, digest: &Digest) -> Result<(), StoreError> {
        let Place::Disk(disk) = &self.place else { return Ok(()) };
        let found = disk.intruder(digest).await;
        match found.map_err(|error| StoreError::Read { digest: *digest, source: error.into() })? {
            Some(found) => Err(StoreError::NotAFile { digest: *digest, found }),
            None => Ok(()),
        }
    }

    pub(crate) async fn head(&self, digest: &Digest) -> Result<Option<ObjectMeta>, StoreError> {
        self.is_a_file(digest).await?;
        match self.objects.head(&location(digest)).await {
            Ok(meta) => Ok(Some(meta)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(StoreError::read(*digest, error)),
        }
    }

    pub(crate) async fn open_object(
        &self,
        digest: &Digest,
        options: GetOptions,
    ) -> Result<GetResult, StoreError> {
        self.is_a_file(digest).await?;
        let got = self.objects.get_opts(&location(digest), options).await;
        got.map_err(|error| StoreError::read(*digest, error))
    }
}

/// What else lies in the store is not ours.
fn listed(meta: &ObjectMeta) -> Option<Listed> {
    let digest = meta.location.filename()?.parse().ok()?;
    let is_in_its_place = meta.location == location(&digest);
    is_in_its_place.then(|| Listed { digest, size_bytes: meta.size, modified: meta.last_modified.into() })
}

/// The bytes as they come, in pieces of a good size.
pub(crate) fn pieces(digest: Digest, got: GetResult) -> BoxStream<'static, Result<Bytes, StoreError>> {
    let Range { start, end } = got.range;
    match got.payload {
        GetResultPayload::Stream(pieces) => {
            pieces.map_err(move |error| StoreError::read(digest, error)).boxed()
        }
        GetResultPayload::File(file, _) => {
            let unreadable = move |error: io::Error| StoreError::Read { digest, source: error.into() };
            let opened = async move {
                let mut file = tokio::fs::File::from_std(file);
                file.seek(io::SeekFrom::Start(start)).await.map_err(unreadable)?;
                Ok(ReaderStream::with_capacity(file.take(end - start), PIECE).map_err(unreadable))
            };
            stream::once(opened).try_flatten().boxed()
        }
    }
}

struct Verifying {
    pieces: BoxStream<'static, Result<Bytes, StoreError>>,
    digest: Digest,
    /// Gone once the comparison was made.
    hasher: Option<Hasher>,
    held: Option<Bytes>,
}

impl Verifying {
    /// The piece before the one just read.
    async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        let Some(mut hasher) = self.hasher.take() else { return Ok(None) };
        while let Some(piece) = self.pieces.try_next().await? {
            hasher.update(&piece);
            if let Some(held) = self.held.replace(piece) {
                self.hasher = Some(hasher);
                return Ok(Some(held));
            }
        }
        let (digest, found) = (self.digest, hasher.finish());
        if found == digest { Ok(self.held.take()) } else { Err(StoreError::Tampered { digest, found }) }
    }
}

fn verified(
    digest: Digest,
    pieces: BoxStream<'static, Result<Bytes, StoreError>>,
) -> impl Stream<Item = Result<Bytes, StoreError>> + Send {
    let verifying = Verifying { pieces, digest, hasher: Some(Hasher::default()), held: None };
    stream::try_unfold(verifying, |mut verifying| async move {
        Ok(verifying.next().await?.map(|piece| (piece, verifying)))
    })
}

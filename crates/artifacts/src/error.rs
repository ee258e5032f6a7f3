//! What can go wrong with stored bytes.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use kernel::{Class, Digest, Fault};

type Cause = Box<dyn Error + Send + Sync>;

/// The store cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address names no store.
    #[error("the address of the artifact store cannot be used: {why}")]
    Address {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The directory cannot be made or written.
    #[error("the artifact directory {} cannot be used; check that it exists and belongs to this user", dir.display())]
    Directory {
        /// Where the store should be.
        dir: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The bucket cannot be used as it is configured.
    #[error("the artifact store {address} cannot be used; check the AWS_… environment")]
    Bucket {
        /// Where the store should be.
        address: String,
        /// What the layer below said.
        #[source]
        source: Cause,
    },
    /// There is no space left.
    #[error("the artifact store is full; make space and try again")]
    Full {
        /// What the layer below said.
        #[source]
        source: Cause,
    },
    /// The disk takes no writes.
    #[error("the artifact store is read-only")]
    ReadOnly {
        /// What the layer below said.
        #[source]
        source: Cause,
    },
    /// The bytes could not be made durable.
    #[error("{object} could not be written")]
    Write {
        /// What was being written.
        object: String,
        /// What the layer below said.
        #[source]
        source: Cause,
    },
    /// The bytes could not be read.
    #[error("the object {digest} could not be read")]
    Read {
        /// The object's name.
        digest: Digest,
        /// What the layer below said.
        #[source]
        source: Cause,
    },
    /// The objects could not be listed or swept.
    #[error("the artifact store could not be listed")]
    List {
        /// What the layer below said.
        #[source]
        source: Cause,
    },
    /// No such object.
    #[error("the object {digest} is not in the store")]
    Missing {
        /// The object's name.
        digest: Digest,
    },
    /// Something else than a file stands in the object's place: a pipe, a device, a link. It is not read: that might never
    /// end.
    #[error("the object {digest} was replaced in the store: {found} lies in its place, and is not read")]
    NotAFile {
        /// The object's name.
        digest: Digest,
        /// What lies there.
        found: &'static str,
    },
    /// The stored bytes are not the bytes that were put.
    #[error("the object {digest} was changed in the store: its bytes have the digest {found}")]
    Tampered {
        /// The object's name.
        digest: Digest,
        /// The digest of what lies there.
        found: Digest,
    },
    /// The object has no such bytes.
    #[error("the object {digest} has {size_bytes} bytes, bytes {start} to {end} were asked for")]
    Range {
        /// The object's name.
        digest: Digest,
        /// How many bytes it has.
        size_bytes: u64,
        /// The first byte asked for.
        start: u64,
        /// One behind the last byte asked for.
        end: u64,
    },
    /// Whoever sent the bytes stopped before the end.
    #[error("the upload broke off after {received} bytes; nothing of it was kept")]
    BrokenOff {
        /// How many bytes had come.
        received: u64,
        /// What ended it.
        #[source]
        source: io::Error,
    },
    /// More bytes than the store takes in one object.
    #[error("an object of this store has at most {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
}

impl StoreError {
    /// A failed write, by what the layer below says of its reason.
    pub(crate) fn write(object: impl Into<String>, source: impl Into<Cause>) -> Self {
        let source = source.into();
        match io_kind(&*source) {
            Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => Self::Full { source },
            Some(io::ErrorKind::ReadOnlyFilesystem) => Self::ReadOnly { source },
            _ => Self::Write { object: object.into(), source },
        }
    }

    /// A failed read.
    pub(crate) fn read(digest: Digest, source: object_store::Error) -> Self {
        match source {
            object_store::Error::NotFound { .. } => Self::Missing { digest },
            other => Self::Read { digest, source: other.into() },
        }
    }

    /// A failed walk over the store.
    pub(crate) fn list(source: impl Into<Cause>) -> Self {
        Self::List { source: source.into() }
    }
}

/// What the operating system said, if it was asked at all.
fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    let mut below = Some(error);
    while let Some(cause) = below {
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        below = cause.source();
    }
    None
}

impl Fault for StoreError {
    fn class(&self) -> Class {
        match self {
            Self::Directory { .. }
            | Self::Bucket { .. }
            | Self::ReadOnly { .. }
            | Self::Write { .. }
            | Self::Read { .. }
            | Self::List { .. } => Class::Unavailable,
            Self::Full { .. } => Class::StorageFull,
            Self::Missing { .. } => Class::NotFound,
            Self::Tampered { .. } | Self::NotAFile { .. } => Class::Internal,
            Self::BrokenOff { .. } => Class::Malformed,
            Self::TooLarge { .. } => Class::TooLarge,
            Self::Address { .. } | Self::Range { .. } => Class::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Address { .. } => "ARTIFACT_ADDRESS_INVALID",
            Self::Directory { .. } => "ARTIFACT_DIRECTORY_UNUSABLE",
            Self::Bucket { .. } => "ARTIFACT_BUCKET_UNUSABLE",
            Self::Full { .. } => "STORAGE_FULL",
            Self::ReadOnly { .. } => "ARTIFACT_STORE_READ_ONLY",
            Self::Write { .. } => "ARTIFACT_WRITE_FAILED",
            Self::Read { .. } => "ARTIFACT_READ_FAILED",
            Self::List { .. } => "ARTIFACT_LIST_FAILED",
            Self::Missing { .. } => "ARTIFACT_BYTES_MISSING",
            Self::Tampered { .. } => "ARTIFACT_TAMPERED",
            Self::NotAFile { .. } => "ARTIFACT_NOT_A_FILE",
            Self::Range { .. } => "ARTIFACT_RANGE_INVALID",
            Self::BrokenOff { .. } => "UPLOAD_BROKEN_OFF",
            Self::TooLarge { .. } => "ARTIFACT_TOO_LARGE",
        }
    }
}

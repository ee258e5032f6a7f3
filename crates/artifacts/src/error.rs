//! What can go wrong with stored bytes.

use std::io;
use std::path::PathBuf;

use kernel::{Class, Digest, Fault};

/// The store cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The directory cannot be made or written.
    #[error("the artifact directory {} cannot be written; check that it exists and belongs to this user", dir.display())]
    Directory {
        /// Where the store should be.
        dir: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The bytes could not be made durable.
    #[error("the object {digest} could not be written")]
    Write {
        /// The object's name.
        digest: Digest,
        /// What the layer below said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The bytes could not be read.
    #[error("the object {digest} could not be read")]
    Read {
        /// The object's name.
        digest: Digest,
        /// What the layer below said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No such object.
    #[error("the object {digest} is not in the store")]
    Missing {
        /// The object's name.
        digest: Digest,
    },
    /// The bytes on disk are not the bytes that were stored.
    #[error("the object {digest} was changed on disk: its bytes have the digest {found}")]
    Tampered {
        /// The object's name.
        digest: Digest,
        /// The digest of what lies there.
        found: Digest,
    },
}

impl Fault for StoreError {
    fn class(&self) -> Class {
        match self {
            Self::Directory { .. } | Self::Write { .. } | Self::Read { .. } => Class::Unavailable,
            Self::Missing { .. } => Class::NotFound,
            Self::Tampered { .. } => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Directory { .. } => "ARTIFACT_DIRECTORY_UNUSABLE",
            Self::Write { .. } => "ARTIFACT_WRITE_FAILED",
            Self::Read { .. } => "ARTIFACT_READ_FAILED",
            Self::Missing { .. } => "ARTIFACT_BYTES_MISSING",
            Self::Tampered { .. } => "ARTIFACT_TAMPERED",
        }
    }
}

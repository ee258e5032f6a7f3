//! The decoders of others, whose panics become errors.

use std::error::Error;

use super::error::SourceError;
use super::kind::Kind;
use crate::columnar::caught;

/// What a decoder gives back, or its error, or its panic as an error.
pub(super) fn guarded<T, E: Error + Send + Sync + 'static>(
    kind: Kind,
    decode: impl FnOnce() -> Result<T, E>,
) -> Result<T, SourceError> {
    caught(decode).map_err(|source| SourceError::Unreadable { kind, source })
}

//! Addresses under which a bucket gives an object to whoever has them, for a while.

use std::time::Duration;

use kernel::Digest;
use object_store::signer::{Method, SignedUrlOptions};

use crate::store::Place;
use crate::{Reader, StoreError};

/// As what an object is given out.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The type of its bytes.
    pub media_type: &'a str,
    /// What a browser does with it, as the header `Content-Disposition` says it.
    pub disposition: &'a str,
}

impl Reader {
    /// An address under which the store itself gives out an object; `None` where the store is a directory, which gives out
    /// nothing by itself. The signature covers what the answer says of the object.
    pub async fn signed_url(
        &self,
        digest: &Digest,
        given: Given<'_>,
        expires_in: Duration,
    ) -> Result<Option<String>, StoreError> {
        let Place::Bucket(bucket) = &self.place else { return Ok(None) };
        let said = [
            ("response-content-disposition", given.disposition),
            ("response-content-type", given.media_type),
        ];
        let options = SignedUrlOptions::new().with_query(said);
        let url = bucket.signed_url(Method::GET, digest, expires_in, &options).await;
        url.map(Some).map_err(|error| StoreError::read(*digest, error))
    }
}

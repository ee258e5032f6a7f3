//! Whether stored bytes are what was put.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use futures::TryStreamExt as _;
use kernel::{Digest, Hasher};
use object_store::{GetOptions, GetResultPayload, ObjectMeta};

use crate::disk::off_the_runtime;
use crate::read::pieces;
use crate::{Reader, StoreError};

/// What a look at an object found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// The bytes are those that were put.
    Ok,
    /// There is no such object.
    Missing,
    /// Other bytes lie there.
    Tampered {
        /// Their digest.
        found: Digest,
    },
}

/// Objects that were checked and have not been written since, as far as the store can tell.
#[derive(Debug, Default)]
pub(crate) struct Vouched(Mutex<BTreeMap<Digest, State>>);

type State = (u64, DateTime<Utc>, Option<String>);

const MAX_VOUCHED: usize = 4096;

impl Vouched {
    fn knows(&self, digest: &Digest, state: &State) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(digest) == Some(state)
    }

    fn remember(&self, digest: Digest, state: State) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_VOUCHED {
            known.clear();
        }
        known.insert(digest, state);
    }
}

fn state(meta: ObjectMeta) -> State {
    (meta.size, meta.last_modified, meta.e_tag)
}

impl Reader {
    /// Reads an object to its end and compares its digest with its name; an error says that it could not be read.
    pub async fn check(&self, digest: &Digest) -> Result<Checked, StoreError> {
        let digest = *digest;
        let got = match self.open_object(&digest, GetOptions::default()).await {
            Ok(got) => got,
            Err(StoreError::Missing { .. }) => return Ok(Checked::Missing),
            Err(error) => return Err(error),
        };
        let found = match got.payload {
            GetResultPayload::File(file, _) => {
                let hashed = off_the_runtime(move || hash(file)).await;
                hashed.map_err(|error| StoreError::Read { digest, source: error.into() })?
            }
            GetResultPayload::Stream(_) => {
                let hashed = pieces(digest, got)
                    .try_fold(Hasher::default(), |hasher, piece| async move { Ok(hasher.chain(piece)) });
                hashed.await?.finish()
            }
        };
        Ok(if found == digest { Checked::Ok } else { Checked::Tampered { found } })
    }

    /// Fails unless the object's bytes are those that were put. It is read to its end at the first time and whenever
    /// it was written since, so that many ranges of one object cost one look.
    pub async fn vouch(&self, digest: &Digest) -> Result<(), StoreError> {
        let missing = StoreError::Missing { digest: *digest };
        let Some(meta) = self.head(digest).await? else { return Err(missing) };
        let state = state(meta);
        if self.vouched.knows(digest, &state) {
            return Ok(());
        }
        match self.check(digest).await? {
            Checked::Ok => {
                self.vouched.remember(*digest, state);
                Ok(())
            }
            Checked::Missing => Err(missing),
            Checked::Tampered { found } => Err(StoreError::Tampered { digest: *digest, found }),
        }
    }
}

fn hash(mut file: std::fs::File) -> std::io::Result<Digest> {
    let mut hasher = Hasher::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match std::io::Read::read(&mut file, &mut buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(n) => hasher.update(&buffer[..n]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

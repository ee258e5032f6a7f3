//! The reading half: what is stored, and what comes.

use std::collections::BTreeMap;

use frames::LedgerId;
use futures::stream::Stream;
use kernel::{RunId, Tenant};

use crate::feed::Feeds;
use crate::follow::Haste;
use crate::{Chunk, Error, Head, Page, Verdict, follow, head, read, record, verify};

/// Reads all ledgers of one database; there is no way from here to a writing handle. Clones share everything.
#[derive(Debug, Clone)]
pub struct Reader {
    feeds: Feeds,
}

impl Reader {
    pub(crate) const fn new(feeds: Feeds) -> Self {
        Self { feeds }
    }

    /// Wakes the run's followers.
    pub(crate) fn ring(&self, run: RunId) {
        self.feeds.ring(run);
    }

    /// The frames after `after`, first the stored ones and then each new one when it is committed, until the
    /// terminal frame. Every seq comes once and in order, however slowly the stream is read: between two chunks it
    /// holds nothing but its position. All that wait for one run share one reader and one wake-up.
    pub fn follow(
        &self,
        tenant: Tenant,
        run: RunId,
        after: u64,
    ) -> impl Stream<Item = Result<Chunk, Error>> + Send + 'static {
        follow::follow(self.feeds.clone(), tenant, run, after, Haste::Quick)
    }

    /// As [`Self::follow`], for a viewer that keeps what it got for as long as it likes: of what is stored it gets a little
    /// at a time, so that it holds little and keeps no other viewer from large chunks.
    pub fn follow_slowly(
        &self,
        tenant: Tenant,
        run: RunId,
        after: u64,
    ) -> impl Stream<Item = Result<Chunk, Error>> + Send + 'static {
        follow::follow(self.feeds.clone(), tenant, run, after, Haste::Slow)
    }

    /// At most `limit` stored frames after `after`, and at most 1 MiB of them.
    pub async fn page(&self, tenant: Tenant, run: RunId, after: u64, limit: usize) -> Result<Page, Error> {
        read::page(self.feeds.read().conn(), tenant.id(), run, after, limit).await
    }

    /// Where the run's ledger stands.
    pub async fn head(&self, tenant: Tenant, run: RunId) -> Result<Head, Error> {
        head::head(self.feeds.read().conn(), tenant.id(), run).await
    }

    /// The run whose ledger has this id, and where it stands; a tenant keeps a ledger once.
    pub async fn find(&self, tenant: Tenant, ledger: LedgerId) -> Result<Option<(RunId, Head)>, Error> {
        head::find(self.feeds.read().conn(), tenant.id(), ledger).await
    }

    /// The own id of a run's ledger.
    pub async fn id(&self, tenant: Tenant, run: RunId) -> Result<LedgerId, Error> {
        head::id(self.feeds.read().conn(), tenant.id(), run).await
    }

    /// Where the run's ledger stands, for somebody who is about to read after `after`: frames that were let go are said
    /// here and not in the middle of a stream.
    pub async fn head_to_follow(&self, tenant: Tenant, run: RunId, after: u64) -> Result<Head, Error> {
        head::head_to_follow(self.feeds.read().conn(), tenant.id(), run, after).await
    }

    /// Where the ledgers of these runs stand. A run that is unknown, foreign or has a damaged row is absent: one run's
    /// trouble is not that of a list.
    pub async fn heads(&self, tenant: Tenant, runs: &[RunId]) -> Result<BTreeMap<RunId, Head>, Error> {
        Ok(head::heads(self.feeds.read().conn(), Some(tenant.id()), runs).await?)
    }

    /// What is stored as lines, a frame or the digest of one that was let go in each: what a chain can be folded from
    /// elsewhere, as [`frames::Chain::push_line`] does.
    pub fn record(
        &self,
        tenant: Tenant,
        run: RunId,
    ) -> impl Stream<Item = Result<String, Error>> + Send + 'static {
        record::record(self.feeds.clone(), tenant, run)
    }

    /// The first 4 bytes of the chain's link after each frame, as they were stored with the frames.
    pub async fn marks(&self, tenant: Tenant, run: RunId) -> Result<Vec<u8>, Error> {
        Ok(read::marks(self.feeds.read().conn(), tenant.id(), run).await?)
    }

    /// Reads the whole ledger and recomputes its chain.
    pub async fn verify(&self, tenant: Tenant, run: RunId) -> Result<Verdict, Error> {
        verify::verify(self.feeds.read().conn(), tenant.id(), run).await
    }
}

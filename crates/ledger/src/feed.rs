//! The shared tails: all who follow one run in this process take new frames from one place.
//!
//! A run that somebody waits for has one *feed*. Its task alone reads what is new, once, and keeps the latest chunks for
//! whoever is quick enough; who is not reads rows and finds the feed again at the end. So nothing is kept for anybody,
//! and a wake-up carries no data. A viewer that waits costs nothing at all.
//!
//! One look at the database per interval tells of frames that another process wrote, for all feeds at once.

mod ring;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::{ReadDb, RunId, Tenant};
use tokio::sync::{Notify, Semaphore, SemaphorePermit, watch};
use tokio::time::sleep;

use crate::{Error, head, read};
use ring::Ring;

pub(crate) use ring::Next;

/// How long frames of another process may go unseen while up to [`RUNS_PER_LOOK`] runs are followed.
const LOOK: Duration = Duration::from_millis(250);

/// With each further so many followed runs a look comes later, so that looking costs the same.
const RUNS_PER_LOOK: usize = 256;

/// What waking one viewer takes, roughly. So long a feed pauses for each of its viewers before it wakes them again, and
/// so at most half of a core goes into waking, however fast frames come.
const PAUSE_PER_VIEWER: Duration = Duration::from_micros(20);

/// The longest pause: a frame is never later than this plus a read.
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// How many viewers that read rows may have a large chunk in hand at once. The rest get small ones, so that however many
/// viewers do not read what they asked for, they hold little.
const LARGE_CHUNKS: usize = 64;

/// How many viewers read rows at once: fewer than there are connections, so that others find one too. The rest wait for
/// their turn, however long; a connection they would wait for in vain.
const READING: usize = 4;

/// The feeds of one process.
#[derive(Debug, Clone)]
pub(crate) struct Feeds(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    read: ReadDb,
    open: Mutex<Open>,
    large_chunks: Arc<Semaphore>,
    turns: Semaphore,
}

#[derive(Debug, Default)]
struct Open {
    feeds: HashMap<RunId, Arc<Feed>>,
    is_looking: bool,
}

/// The tail of one run.
#[derive(Debug)]
struct Feed {
    run: RunId,
    tenant: Tenant,
    ring: Mutex<Ring>,
    /// Wakes the viewers.
    moved: watch::Sender<()>,
    /// Wakes the feed.
    bell: Notify,
}

/// One who waits at a feed.
#[derive(Debug)]
pub(crate) struct Viewer {
    feeds: Feeds,
    feed: Arc<Feed>,
    moved: watch::Receiver<()>,
}

impl Feeds {
    pub(crate) fn new(read: ReadDb) -> Self {
        let large_chunks = Arc::new(Semaphore::new(LARGE_CHUNKS));
        Self(Arc::new(Inner { read, open: Mutex::default(), large_chunks, turns: Semaphore::new(READING) }))
    }

    pub(crate) fn read(&self) -> &ReadDb {
        &self.0.read
    }

    /// A viewer's turn to read rows.
    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>, Error> {
        self.0.turns.acquire().await.map_err(|_| Error::Stopped)
    }

    pub(crate) fn large_chunks(&self) -> &Arc<Semaphore> {
        &self.0.large_chunks
    }

    /// Tells the run's feed that there may be news.
    pub(crate) fn ring(&self, run: RunId) {
        if let Some(feed) = self.open().feeds.get(&run) {
            feed.bell.notify_one();
        }
    }

    /// Waits at the run's feed, which is made if it is not there and then begins after `seq`.
    pub(crate) fn attach(&self, tenant: Tenant, run: RunId, seq: u64) -> Viewer {
        let mut open = self.open();
        let feed = open.feeds.entry(run).or_insert_with(|| {
            let feed = Arc::new(Feed::new(tenant, run, seq));
            tokio::spawn(pump(self.clone(), Arc::clone(&feed)));
            feed
        });
        let (feed, moved) = (Arc::clone(feed), feed.moved.subscribe());
        if !std::mem::replace(&mut open.is_looking, true) {
            tokio::spawn(look(self.clone()));
        }
        Viewer { feeds: self.clone(), feed, moved }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        // The map is whole after every statement, so a panic elsewhere leaves nothing half done in it.
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every feed and how far it is; nothing, and no further look, when there is none.
    fn looked_at(&self) -> Vec<(Arc<Feed>, u64)> {
        let mut open = self.open();
        open.is_looking = !open.feeds.is_empty();
        open.feeds.values().map(|feed| (Arc::clone(feed), feed.ring().rest())).collect()
    }
}

impl Feed {
    fn new(tenant: Tenant, run: RunId, seq: u64) -> Self {
        let (moved, _) = watch::channel(());
        Self { run, tenant, ring: Mutex::new(Ring::after(seq)), moved, bell: Notify::new() }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what is stored after the ring. Says whether that was the end.
    async fn catch_up(&self, read: &ReadDb) -> Result<bool, Error> {
        loop {
            let seq = self.ring().seq();
            let (head, chunk) = read::chunk(read.conn(), self.tenant.id(), self.run, seq, u64::MAX).await?;
            let Some(chunk) = chunk else { return Ok(head.is_closed) };
            let is_end = head.is_closed && chunk.last_seq() >= head.seq;
            self.ring().push(chunk);
            self.moved.send_replace(());
            if is_end {
                return Ok(true);
            }
        }
    }

    fn pause(&self) -> Duration {
        let viewers = u32::try_from(self.moved.receiver_count()).unwrap_or(u32::MAX);
        PAUSE_PER_VIEWER.saturating_mul(viewers).min(LONGEST_PAUSE)
    }
}

/// Reads the run's news until it ends, cannot be read, or nobody waits for it any more.
async fn pump(feeds: Feeds, feed: Arc<Feed>) {
    let end = loop {
        let before = feed.ring().seq();
        match feed.catch_up(feeds.read()).await {
            Ok(false) => {}
            Ok(true) => break Ok(()),
            Err(error) => break Err(error),
        }
        if feed.ring().seq() > before {
            sleep(feed.pause()).await;
        }
        feed.bell.notified().await;
        if feed.ring().is_abandoned() {
            return;
        }
    };
    feeds.remove(&feed);
    feed.ring().end(end);
    feed.moved.send_replace(());
}

/// Looks for what other processes wrote, as long as anything is followed.
async fn look(feeds: Feeds) {
    let mut runs = 0;
    loop {
        sleep(LOOK * u32::try_from(1 + runs / RUNS_PER_LOOK).unwrap_or(u32::MAX)).await;
        let followed = feeds.looked_at();
        if followed.is_empty() {
            return;
        }
        runs = followed.len();
        let ids: Vec<RunId> = followed.iter().map(|(feed, _)| feed.run).collect();
        let heads = head::heads(feeds.read().conn(), None, &ids).await;
        // What cannot be asked about is read, so that its viewers learn why.
        let heads = heads.unwrap_or_default();
        for (feed, seq) in &followed {
            if heads.get(&feed.run).is_none_or(|head| head.seq > *seq || head.is_closed) {
                feed.bell.notify_one();
            }
        }
    }
}

impl Feeds {
    fn remove(&self, feed: &Arc<Feed>) {
        let mut open = self.open();
        if open.feeds.get(&feed.run).is_some_and(|found| Arc::ptr_eq(found, feed)) {
            open.feeds.remove(&feed.run);
        }
    }
}

impl Viewer {
    /// What is there after this seq. Whatever comes later wakes [`Self::moved`].
    pub(crate) fn next(&mut self, after: u64) -> Next {
        // Before looking: what is pushed between the look and the wait would otherwise wake nobody.
        self.moved.mark_unchanged();
        self.feed.ring().next(after)
    }

    /// Waits for news since the last look.
    pub(crate) async fn moved(&mut self) {
        // The feed, and with it the sender, lives as long as we do.
        let _lives = self.moved.changed().await;
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        let mut open = self.feeds.open();
        // Nobody can attach while the map is locked, so a count of one is us alone.
        if self.feed.moved.receiver_count() > 1 {
            return;
        }
        if open.feeds.get(&self.feed.run).is_some_and(|found| Arc::ptr_eq(found, &self.feed)) {
            open.feeds.remove(&self.feed.run);
        }
        self.feed.ring().abandon();
        self.feed.bell.notify_one();
    }
}

#[cfg(test)]
mod tests;

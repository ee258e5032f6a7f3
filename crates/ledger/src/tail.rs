//! The end of one run's ledger inside a transaction: decides about appends and collects what they add.

use frames::chain;
use kernel::{Digest, RunId, TenantId};
use sea_orm::{DatabaseTransaction, DbErr};

use crate::block::Block;
use crate::table::{self, Advance, ledger};
use crate::{Error, Head, read};

/// A locked ledger and the frames that this transaction adds to it.
#[derive(Debug)]
pub(crate) struct Tail {
    run: RunId,
    tenant: TenantId,
    fence: i64,
    /// What the row says.
    stored: Head,
    /// What the row will say.
    head: Head,
    added: Vec<Block>,
}

impl Tail {
    pub(crate) fn new(row: &ledger::Model) -> Result<Self, Error> {
        let stored = Head::try_from(row)?;
        let (run, tenant, fence) = (row.run_id, row.tenant_id, row.fence);
        Ok(Self { run, tenant, fence, stored, head: stored, added: Vec::new() })
    }

    /// Adds the frames that are not there yet. A refusal adds none of them and leaves earlier appends as they are.
    pub(crate) async fn append(
        &mut self,
        tx: &DatabaseTransaction,
        fence: i64,
        first_seq: u64,
        frames: &[String],
    ) -> Result<Head, Error> {
        let (run, expected) = (self.run, self.head.seq + 1);
        if fence != self.fence {
            return Err(Error::Fenced { run, given: fence, current: self.fence });
        }
        if first_seq == 0 || first_seq > expected {
            return Err(Error::Gap { run, expected, given: first_seq });
        }
        let n_known = usize::try_from(expected - first_seq).map_or(frames.len(), |n| n.min(frames.len()));
        let (known, new) = frames.split_at(n_known);
        self.compare(tx, first_seq, known).await?;
        if self.head.is_closed && !new.is_empty() {
            return Err(Error::Closed { run, seq: self.head.seq });
        }
        self.extend(new);
        Ok(self.head)
    }

    /// Where the ledger will stand.
    pub(crate) const fn head(&self) -> Head {
        self.head
    }

    /// Closes the ledger after what was added.
    pub(crate) fn close(&mut self) -> Head {
        self.head.is_closed = true;
        self.head
    }

    /// The same bytes again are no change; other bytes are refused.
    async fn compare(
        &self,
        tx: &DatabaseTransaction,
        first_seq: u64,
        frames: &[String],
    ) -> Result<(), Error> {
        if frames.is_empty() {
            return Ok(());
        }
        let mut given = (first_seq..).zip(frames);
        let last_seq = first_seq + frames.len() as u64 - 1;
        let mut after = first_seq - 1;
        while after < last_seq.min(self.stored.seq) {
            let (_, chunk) = read::chunk(tx, self.tenant, self.run, after, last_seq).await?;
            let chunk = chunk.ok_or(Error::Damaged { run: self.run, seq: after + 1 })?;
            after = chunk.last_seq();
            self.compare_each(chunk.frames(), &mut given)?;
        }
        let added = self.added.iter().flat_map(Block::frames).skip_while(|(seq, _)| *seq <= after);
        self.compare_each(added, &mut given)
    }

    fn compare_each<'known, 'given>(
        &self,
        known: impl Iterator<Item = (u64, &'known str)>,
        given: &mut impl Iterator<Item = (u64, &'given String)>,
    ) -> Result<(), Error> {
        for ((_, known), (seq, given)) in known.zip(given) {
            if known != given {
                return Err(Error::Conflict { run: self.run, seq });
            }
        }
        Ok(())
    }

    fn extend(&mut self, frames: &[String]) {
        for frame in frames {
            self.head.seq += 1;
            self.head.digest = chain::link(&self.head.digest, self.head.seq, &Digest::of(frame));
            match self.added.last_mut() {
                Some(block) if block.has_room_for(frame) => block.add(frame, self.head.digest),
                _ => self.added.push(Block::opened(self.head.seq, frame, self.head.digest)),
            }
        }
    }
}

/// Writes what the tails collected. Blocks first: the database takes none behind a head that is already past them.
pub(crate) async fn store(tx: &DatabaseTransaction, tails: Vec<Tail>) -> Result<(), DbErr> {
    let moved: Vec<Tail> = tails.into_iter().filter(|tail| tail.head != tail.stored).collect();
    let steps: Vec<Advance> = moved
        .iter()
        .map(|tail| Advance { run: tail.run, fence: tail.fence, from_seq: tail.stored.seq, to: tail.head })
        .collect();
    let blocks =
        moved.into_iter().flat_map(|tail| tail.added.into_iter().map(move |block| (tail.run, block)));
    table::insert_blocks(tx, blocks).await?;
    table::advance(tx, &steps).await
}

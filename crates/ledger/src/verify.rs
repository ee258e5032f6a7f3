//! Recomputing a ledger's chain from its stored bytes.

use frames::{LedgerId, chain};
use kernel::{Digest, RunId, TenantId};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::block::{Content, MARK_BYTES, Stored, mark};
use crate::read::Slice;
use crate::{Error, Head, read};

/// What verifying a ledger found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// How many frames from the first on are proven to be those the chain was made from.
    pub frames: u64,
    /// How many of them were let go under retention and are proven by their digests alone.
    pub pruned: u64,
    /// The stored head of the chain.
    pub head: Digest,
    /// The terminal frame is written.
    pub is_closed: bool,
    /// The token of the last writer; none where the ledger's row is damaged.
    pub fence: Option<i64>,
    /// The first frame that is wrong, missing or too many; none when everything holds.
    pub first_bad_seq: Option<u64>,
    /// What is wrong with it.
    pub reason: Option<String>,
}

/// What is wrong, and from which frame on.
#[derive(Debug)]
pub(crate) struct Defect {
    pub(crate) seq: u64,
    reason: String,
}

impl Defect {
    fn new<T>(seq: u64, reason: impl Into<String>) -> Result<T, Self> {
        Err(Self { seq, reason: reason.into() })
    }
}

/// The chain as far as it is recomputed.
#[derive(Debug)]
pub(crate) struct Proven {
    seq: u64,
    pruned: u64,
    link: Digest,
}

pub(crate) async fn verify(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    run: RunId,
) -> Result<Verdict, Error> {
    match recompute(conn, tenant, run).await {
        // Who asks whether a ledger is whole is told that it is not.
        Err(Error::DamagedHead { reason, .. }) => {
            let head = Head { seq: 0, digest: Digest::ZERO, is_closed: false };
            let reason = format!("the ledger's row is damaged: {reason}");
            Ok(verdict(&head, None, None, Some(Defect { seq: 1, reason })))
        }
        verdict => verdict,
    }
}

async fn recompute(conn: &impl ConnectionTrait, tenant: TenantId, run: RunId) -> Result<Verdict, Error> {
    let mut proven: Option<Proven> = None;
    // By key and not by seq, so that no block can hide between two others.
    let mut next_key = 0;
    loop {
        let Slice { head, ledger, fence, blocks } = read::blocks(conn, tenant, run, next_key).await?;
        let proven = proven.get_or_insert_with(|| Proven::new(ledger));
        let defect = blocks.iter().try_for_each(|block| proven.extend(block, &head)).err();
        match blocks.last() {
            Some(block) if defect.is_none() => next_key = block.first_seq + 1,
            _ => {
                let defect = defect.or_else(|| proven.ends_at(&head).err());
                return Ok(verdict(&head, Some(fence), Some(proven), defect));
            }
        }
    }
}

fn verdict(head: &Head, fence: Option<i64>, proven: Option<&Proven>, defect: Option<Defect>) -> Verdict {
    let (first_bad_seq, reason) = defect.map(|defect| (defect.seq, defect.reason)).unzip();
    let (seq, pruned) = proven.map_or((0, 0), |proven| (proven.seq, proven.pruned));
    let frames = first_bad_seq.map_or(seq, |bad| seq.min(bad - 1));
    let pruned = pruned.min(frames);
    Verdict { frames, pruned, head: head.digest, is_closed: head.is_closed, fence, first_bad_seq, reason }
}

impl Proven {
    pub(crate) fn new(ledger: LedgerId) -> Self {
        Self { seq: 0, pruned: 0, link: chain::genesis(ledger) }
    }

    /// Takes in the next block. After a defect it stands at the last frame that is proven.
    pub(crate) fn extend(&mut self, block: &Stored, head: &Head) -> Result<(), Defect> {
        let Stored { first_seq, last_seq, .. } = *block;
        let next = self.seq + 1;
        if first_seq > next {
            return Defect::new(next, format!("frames {next} to {} are missing", first_seq - 1));
        }
        if first_seq < next {
            return Defect::new(first_seq, format!("frame {first_seq} is stored twice"));
        }
        let before = self.link;
        for ((seq, frame), stored) in block.digests().zip(marks(block)) {
            if seq > last_seq {
                return Defect::new(seq, format!("there are frames after {last_seq} in its block"));
            }
            if seq > head.seq {
                return Defect::new(seq, format!("the ledger ends with frame {}", head.seq));
            }
            self.link = chain::link(&self.link, seq, &frame);
            if stored != Some(mark(&self.link)) {
                return Defect::new(seq, "the frame is not the one the chain was made from");
            }
            self.seq = seq;
        }
        if self.seq < last_seq {
            return Defect::new(self.seq + 1, format!("frames {} to {last_seq} are missing", self.seq + 1));
        }
        if Some(self.link) != block.head {
            (self.seq, self.link) = (first_seq - 1, before);
            return Defect::new(
                first_seq,
                format!("frames {first_seq} to {last_seq} do not have their stored digest"),
            );
        }
        if let Content::Frames(body) = &block.content
            && block.size_bytes != body.len() as u64
        {
            (self.seq, self.link) = (first_seq - 1, before);
            let (said, found) = (block.size_bytes, body.len());
            return Defect::new(
                first_seq,
                format!(
                    "the block of frames {first_seq} to {last_seq} says it has {said} bytes and has {found}"
                ),
            );
        }
        if block.is_pruned() {
            self.pruned += last_seq - first_seq + 1;
        }
        Ok(())
    }

    pub(crate) fn ends_at(&self, head: &Head) -> Result<(), Defect> {
        let next = self.seq + 1;
        if self.seq < head.seq {
            return Defect::new(next, format!("frames {next} to {} are missing", head.seq));
        }
        if self.link != head.digest {
            return Defect::new(
                next,
                format!("the ledger's head is not the digest after frame {}", self.seq),
            );
        }
        Ok(())
    }
}

/// The stored marks, and none for ever after them.
fn marks(block: &Stored) -> impl Iterator<Item = Option<[u8; MARK_BYTES]>> {
    let (marks, _) = block.marks.as_chunks::<MARK_BYTES>();
    marks.iter().copied().map(Some).chain(std::iter::repeat(None))
}

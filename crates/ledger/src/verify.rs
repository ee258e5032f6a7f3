//! Recomputing a ledger's chain from its stored bytes.

use frames::chain;
use kernel::{Digest, RunId, TenantId};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::block::{Block, MARK_BYTES, mark};
use crate::read::Slice;
use crate::{Error, Head, read};

/// What verifying a ledger found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// How many frames from the first on are proven to be those the chain was made from.
    pub frames: u64,
    /// The stored head of the chain.
    pub head: Digest,
    /// The terminal frame is written.
    pub is_closed: bool,
    /// The first frame that is wrong, missing or too many; none when everything holds.
    pub first_bad_seq: Option<u64>,
    /// What is wrong with it.
    pub reason: Option<String>,
}

struct Defect {
    seq: u64,
    reason: String,
}

impl Defect {
    fn new<T>(seq: u64, reason: impl Into<String>) -> Result<T, Self> {
        Err(Self { seq, reason: reason.into() })
    }
}

/// The chain as far as it is recomputed.
struct Proven {
    run: RunId,
    seq: u64,
    link: Digest,
}

pub(crate) async fn verify(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    run: RunId,
) -> Result<Verdict, Error> {
    let mut proven = Proven { run, seq: 0, link: Digest::ZERO };
    // By key and not by seq, so that no block can hide between two others.
    let mut next_key = 0;
    loop {
        let Slice { head, blocks } = read::blocks(conn, tenant, run, next_key).await?;
        let defect = blocks.iter().try_for_each(|block| proven.extend(block, &head)).err();
        match blocks.last() {
            Some(block) if defect.is_none() => next_key = block.first_seq + 1,
            _ => return Ok(verdict(&head, &proven, defect.or_else(|| proven.ends_at(&head).err()))),
        }
    }
}

fn verdict(head: &Head, proven: &Proven, defect: Option<Defect>) -> Verdict {
    let (first_bad_seq, reason) = defect.map(|defect| (defect.seq, defect.reason)).unzip();
    let frames = first_bad_seq.map_or(proven.seq, |bad| proven.seq.min(bad - 1));
    Verdict { frames, head: head.digest, is_closed: head.is_closed, first_bad_seq, reason }
}

impl Proven {
    fn extend(&mut self, block: &Block, head: &Head) -> Result<(), Defect> {
        let Block { first_seq, last_seq, .. } = *block;
        let next = self.seq + 1;
        if first_seq > next {
            return Defect::new(next, format!("frames {next} to {} are missing", first_seq - 1));
        }
        if first_seq < next {
            return Defect::new(first_seq, format!("frame {first_seq} is stored twice"));
        }
        let before = self.link;
        for ((seq, frame), stored) in block.frames().zip(marks(block)) {
            if seq > last_seq {
                return Defect::new(seq, format!("there are frames after {last_seq} in its block"));
            }
            if seq > head.seq {
                return Defect::new(seq, format!("the ledger ends with frame {}", head.seq));
            }
            self.link = chain::link(self.run, seq, &self.link, frame.as_bytes());
            if stored != Some(mark(&self.link)) {
                return Defect::new(seq, "the frame is not the one the chain was made from");
            }
            self.seq = seq;
        }
        if self.seq < last_seq {
            return Defect::new(self.seq + 1, format!("frames {} to {last_seq} are missing", self.seq + 1));
        }
        if self.link != block.head {
            (self.seq, self.link) = (first_seq - 1, before);
            return Defect::new(
                first_seq,
                format!("frames {first_seq} to {last_seq} do not have their stored digest"),
            );
        }
        Ok(())
    }

    fn ends_at(&self, head: &Head) -> Result<(), Defect> {
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
fn marks(block: &Block) -> impl Iterator<Item = Option<[u8; MARK_BYTES]>> {
    let (marks, _) = block.marks.as_chunks::<MARK_BYTES>();
    marks.iter().copied().map(Some).chain(std::iter::repeat(None))
}

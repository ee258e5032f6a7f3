//! Reading streams: what is there, and what comes.

use futures::{StreamExt as _, stream};
use kernel::{ReadDb, RunId, Tenant};
use sea_orm::DbErr;

use crate::frame::push_content;
use crate::life::Life;
use crate::table::stream::Model;
use crate::{ContentType, Declared, Error, Kind, Offset, StreamId, StreamPath, table};

/// What one read gives at least, if there is so much.
const READ_BYTES: usize = 1 << 20;

/// Frames of one page; its bytes are bounded by the ledger.
const PAGE_FRAMES: usize = 4096;

/// Reads all streams of one database; there is no way from here to a writing handle. Clones share everything.
#[derive(Debug, Clone)]
pub struct Reader {
    read: ReadDb,
    ledger: ledger::Reader,
    life: Life,
}

/// A stream as it is now.
#[derive(Debug, Clone)]
pub struct Stream {
    id: StreamId,
    tenant: Tenant,
    content_type: ContentType,
    ttl_s: Option<i64>,
    expires_at: Option<String>,
    declared: Option<Declared>,
    /// Where its parts lie: those it was forked from, outermost first, and its own last.
    segments: Vec<Segment>,
    end: Offset,
    is_closed: bool,
}

/// A ledger whose first frame is at `base + 1`, as far as a stream reads it.
#[derive(Debug, Clone, Copy)]
struct Segment {
    ledger: RunId,
    base: u64,
    until: u64,
}

/// Some of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Bytes, or JSON values separated by commas.
    pub content: Vec<u8>,
    /// After it.
    pub next: Offset,
    /// Nothing was there after it when it was read.
    pub is_end: bool,
}

impl Stream {
    /// The stream's id, which no other stream has at any time.
    pub const fn id(&self) -> StreamId {
        self.id
    }

    /// What it consists of.
    pub const fn content_type(&self) -> &ContentType {
        &self.content_type
    }

    /// How many seconds it lives after it was last read or appended to.
    pub const fn ttl_s(&self) -> Option<i64> {
        self.ttl_s
    }

    /// Until when it lives, as it was given.
    pub fn expires_at(&self) -> Option<&str> {
        self.expires_at.as_deref()
    }

    /// What it was declared to be, and the run that it is the record of.
    pub const fn declared(&self) -> Option<Declared> {
        self.declared
    }

    /// After its last append.
    pub const fn end(&self) -> Offset {
        self.end
    }

    /// Whether nothing is added any more.
    pub const fn is_closed(&self) -> bool {
        self.is_closed
    }

    pub(crate) fn depth(&self) -> usize {
        self.segments.len()
    }

    pub(crate) fn kind(&self) -> Kind {
        self.content_type.kind()
    }

    /// Where its own frames begin.
    fn base(&self) -> u64 {
        self.segments.last().map_or(0, |own| own.base)
    }
}

impl Reader {
    pub(crate) const fn new(read: ReadDb, ledger: ledger::Reader, life: Life) -> Self {
        Self { read, ledger, life }
    }

    pub(crate) const fn read_db(&self) -> &ReadDb {
        &self.read
    }

    pub(crate) const fn ledger(&self) -> &ledger::Reader {
        &self.ledger
    }

    pub(crate) const fn life(&self) -> &Life {
        &self.life
    }

    /// The stream at this path.
    pub async fn find(&self, tenant: Tenant, path: &StreamPath) -> Result<Stream, Error> {
        let row = table::find(self.read.conn(), tenant.id(), path).await?.ok_or(Error::NotFound)?;
        self.check_alive(&row)?;
        self.stream(tenant, row).await
    }

    pub(crate) fn check_alive(&self, row: &Model) -> Result<(), Error> {
        if row.is_gone || (row.deleted_us.is_none() && self.life.is_over(row)) {
            return Err(Error::NotFound);
        }
        if row.deleted_us.is_some() { Err(Error::Gone) } else { Ok(()) }
    }

    /// Somebody reads the stream: if it has a time to live, that begins anew.
    pub fn touch(&self, stream: &Stream) {
        self.life.touch(stream.id, stream.ttl_s);
    }

    pub(crate) async fn stream(&self, tenant: Tenant, row: Model) -> Result<Stream, Error> {
        let head = self.ledger.head(tenant, row.id.ledger()).await?;
        let segments = self.segments(&row).await?;
        let declared = Declared::of(&row)?;
        // Somebody may have ended the run where it is shown.
        let is_ended = match declared {
            Some(declared) => self.ledger.head(tenant, declared.run).await?.is_closed,
            None => false,
        };
        Ok(Stream {
            id: row.id,
            tenant,
            content_type: ContentType::stored(row.content_type),
            ttl_s: row.ttl_s,
            expires_at: row.expires_at,
            segments,
            end: Offset(place(row.base)?.saturating_add(head.seq)),
            declared,
            is_closed: head.is_closed || is_ended,
        })
    }

    async fn segments(&self, row: &Model) -> Result<Vec<Segment>, Error> {
        let own = Segment { ledger: row.id.ledger(), base: place(row.base)?, until: u64::MAX };
        let (mut segments, mut source, mut until) = (vec![own], row.forked_from, own.base);
        while let Some(id) = source {
            let row = table::by_id(self.read.conn(), id).await?.ok_or(Error::NotFound)?;
            let base = place(row.base)?;
            segments.push(Segment { ledger: id.ledger(), base, until });
            (source, until) = (row.forked_from, until.min(base));
        }
        segments.reverse();
        Ok(segments)
    }

    /// What comes after a place, as much as one answer may have.
    pub async fn read(&self, stream: &Stream, after: Offset) -> Result<Part, Error> {
        let mut part = Part { content: Vec::new(), next: after, is_end: false };
        while !part.is_end && part.content.len() < READ_BYTES {
            self.read_on(stream, &mut part, PAGE_FRAMES).await?;
        }
        Ok(part)
    }

    /// What the frame after a place holds; nothing if there is none.
    pub(crate) async fn frame_after(&self, stream: &Stream, after: Offset) -> Result<Option<Vec<u8>>, Error> {
        let mut part = Part { content: Vec::new(), next: after, is_end: false };
        self.read_on(stream, &mut part, 1).await?;
        Ok((part.next > after).then_some(part.content))
    }

    /// Adds one page to a part.
    async fn read_on(&self, stream: &Stream, part: &mut Part, limit: usize) -> Result<(), Error> {
        let after = part.next.0;
        let segments = stream.segments.iter();
        let Some(segment) = segments.clone().find(|segment| after < segment.until) else {
            return Err(Error::wrong("offset", "is beyond the end of the stream"));
        };
        let page = self.ledger.page(stream.tenant, segment.ledger, after - segment.base, limit).await?;
        if after > segment.base.saturating_add(page.head.seq) {
            return Err(Error::wrong("offset", "is beyond the end of the stream"));
        }
        for (seq, frame) in &page.frames {
            if segment.base + seq > segment.until {
                break;
            }
            push(stream.id, &mut part.content, *seq, frame)?;
            part.next = Offset(segment.base + seq);
        }
        part.is_end = segment.until == u64::MAX && page.is_end;
        Ok(())
    }

    /// What comes after a place, first what is stored and then what is appended, until the stream is closed or deleted.
    pub fn follow(
        &self,
        stream: &Stream,
        after: Offset,
    ) -> impl futures::Stream<Item = Result<Part, Error>> + Send + 'static {
        let (base, id, tenant) = (stream.base(), stream.id, stream.tenant);
        let before = (self.clone(), stream.clone(), after);
        let inherited = stream::try_unfold(before, move |(reader, stream, after)| async move {
            if after.0 >= base {
                return Ok(None);
            }
            let mut part = Part { content: Vec::new(), next: after, is_end: false };
            reader.read_on(&stream, &mut part, PAGE_FRAMES).await?;
            let next = part.next;
            Ok(Some((part, (reader, stream, next))))
        });
        let own = self.ledger.follow(tenant, id.ledger(), after.0.saturating_sub(base));
        let own = own.map(move |chunk| part_of(id, base, &chunk?));
        inherited.chain(own)
    }
}

fn part_of(stream: StreamId, base: u64, chunk: &ledger::Chunk) -> Result<Part, Error> {
    let mut content = Vec::new();
    for (seq, frame) in chunk.frames() {
        push(stream, &mut content, seq, frame)?;
    }
    Ok(Part { content, next: Offset(base + chunk.last_seq()), is_end: chunk.is_end() })
}

fn push(stream: StreamId, content: &mut Vec<u8>, seq: u64, frame: &str) -> Result<(), Error> {
    push_content(content, frame).ok_or(Error::Unreadable { stream, seq })
}

pub(crate) fn place(base: i64) -> Result<u64, DbErr> {
    kernel::row::number("base of a stream", base)
}

//! All that is stored of a ledger as lines: what is needed to fold its chain elsewhere.

use std::fmt::Write as _;

use futures::stream::{self, Stream};
use kernel::{RunId, Tenant};

use crate::block::{Content, Stored};
use crate::feed::Feeds;
use crate::{Error, read};

/// Pieces of whole lines, in the order of their frames. Nothing about them is checked: whoever folds them finds out.
pub(crate) fn record(
    feeds: Feeds,
    tenant: Tenant,
    run: RunId,
) -> impl Stream<Item = Result<String, Error>> + Send + 'static {
    stream::try_unfold((feeds, 0), move |(feeds, next_key)| async move {
        let blocks = read::blocks(feeds.read().conn(), tenant.id(), run, next_key).await?.blocks;
        let Some(last) = blocks.last() else { return Ok(None) };
        let next_key = last.first_seq + 1;
        Ok(Some((blocks.iter().map(lines).collect(), (feeds, next_key))))
    })
}

fn lines(block: &Stored) -> String {
    match &block.content {
        Content::Frames(body) => format!("{body}\n"),
        Content::Digests(_) => block.digests().fold(String::new(), |mut lines, (_, digest)| {
            let _infallible = writeln!(lines, "{}{digest}", frames::chain::DIGEST_LINE);
            lines
        }),
    }
}

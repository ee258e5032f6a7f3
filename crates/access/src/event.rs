//! What was done with tokens, in a ledger of the tenant's own.

use kernel::{RunId, Tenant};
use ledger::Ledger;
use sea_orm::DatabaseTransaction;
use wire::access::{Event, Events, PlacedEvent};

use crate::{Error, Reader};

/// The ledger's id is the tenant's.
pub(crate) const fn ledger_of(tenant: Tenant) -> RunId {
    RunId(tenant.id().0)
}

/// Appends an event in the transaction that does what it tells. The first one opens the ledger.
pub(crate) async fn record(
    ledger: &Ledger,
    tx: &DatabaseTransaction,
    tenant: Tenant,
    event: &Event,
) -> Result<(), Error> {
    let id = ledger_of(tenant);
    let (fence, head) = match ledger.succeed_in(tx, id).await {
        Err(ledger::Error::UnknownRun { .. }) => {
            ledger.open_in(tx, tenant, id).await?;
            ledger.succeed_in(tx, id).await?
        }
        taken => taken?,
    };
    let frame = serde_json::to_string(event).expect("an event is plain data");
    ledger.append_in(tx, id, fence, head.seq + 1, &[frame]).await?;
    Ok(())
}

impl Reader {
    /// Events after a place, and whether the chain over all of them holds.
    pub async fn events(&self, tenant: Tenant, after: u64, limit: usize) -> Result<Events, Error> {
        let id = ledger_of(tenant);
        let page = match self.ledger.page(tenant, id, after, limit).await {
            Err(ledger::Error::UnknownRun { .. }) => {
                return Ok(Events { items: Vec::new(), last_seq: 0, is_verified: true });
            }
            page => page?,
        };
        let placed = |(seq, frame): &(u64, String)| {
            let event = serde_json::from_str(frame).map_err(|_| Error::Unreadable { seq: *seq })?;
            Ok(PlacedEvent { seq: *seq, event })
        };
        let verdict = self.ledger.verify(tenant, id).await?;
        Ok(Events {
            items: page.frames.iter().map(placed).collect::<Result<_, Error>>()?,
            last_seq: self.ledger.head(tenant, id).await?.seq,
            is_verified: verdict.first_bad_seq.is_none(),
        })
    }
}

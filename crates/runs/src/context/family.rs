//! Runs that a run starts.

use kernel::RunId;

use super::{Park, RunContext, Stop};
use crate::engine::Submit;
use crate::kind::RunKind;
use wire::runs::WaitsFor;

impl RunContext {
    /// Starts a run that belongs to this one, in its conversation. `name` tells it apart from the others that this run
    /// starts: a later execution that asks for the same name gets the run that is already there.
    pub async fn child<K: RunKind>(&self, name: &str, submit: Submit<K::Spec>) -> Result<RunId, Stop> {
        let cx = &self.0;
        let submit = Submit {
            parent: Some(cx.run),
            conversation_id: Some(cx.conversation_id),
            idempotency_key: Some(self.child_key(name)),
            ..submit
        };
        cx.engine.submit::<K>(cx.tenant, submit).await.map_err(Stop::Child)
    }

    /// The idempotency key of a run that this one starts under a name.
    pub fn child_key(&self, name: &str) -> String {
        format!("{}/{name}", self.0.run)
    }

    /// `Ok` when every run that this one has started has ended; otherwise this one parks until they have.
    pub async fn children_ended(&self) -> Result<(), Stop> {
        self.check()?;
        let active = self.0.engine.active_children(self.0.run).await;
        let active = active.map_err(|error| Stop::Unreadable(error.into()))?;
        if active.is_empty() {
            return Ok(());
        }
        Err(Stop::Parked(Park { waits_for: WaitsFor::Children, wakes_at: None }))
    }
}

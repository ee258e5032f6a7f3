//! What a run belongs to: its family, and its conversation.

use kernel::Tenant;

use super::{Verifier, VerifyError, stored};
use crate::conversation;
use crate::run::Run;

impl Verifier {
    /// Whether those a run names as its own are.
    pub(super) async fn family(&self, run: &Run) -> Result<Vec<String>, VerifyError> {
        let tenant = Tenant::verified(run.keys.tenant);
        let mut problems = Vec::new();
        let root = match run.parent_run_id {
            Some(parent) => match stored::run(&self.db, tenant, parent).await? {
                Some(Ok(parent)) => parent.run.root_run_id,
                // Its trouble is its own.
                Some(Err(_)) => run.root_run_id,
                None => {
                    problems.push(format!("the parent {parent} is gone"));
                    run.root_run_id
                }
            },
            None => run.id,
        };
        if root != run.root_run_id {
            problems.push(format!("the root is {} in the row, and the family's is {root}", run.root_run_id));
        }
        let Some(earlier) = run.retry_of else { return Ok(problems) };
        match stored::run(&self.db, tenant, earlier).await? {
            Some(Ok(earlier)) if earlier.run.spec_digest == run.spec_digest => {}
            Some(Err(_)) => {}
            _ => problems.push(format!("the run repeats {earlier}, which is no run of its spec")),
        }
        Ok(problems)
    }

    /// Whether what a run belongs to is there.
    pub(super) async fn conversation(&self, run: &Run) -> Result<Option<String>, VerifyError> {
        let id = run.conversation_id;
        let found = conversation::is_there(&self.db, Tenant::verified(run.keys.tenant), id).await?;
        Ok((!found).then(|| format!("the conversation {id} is gone")))
    }
}

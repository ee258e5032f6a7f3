//! How much of the server one tenant may take, beside the streams it has open.

use kernel::{Class, Tenant};

use crate::Problem;
use crate::streams::{Open, Permit};

/// What a tenant may take at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// Bytes of what it has sent in.
    pub attachment_bytes: u64,
    /// Requests that are not answered yet.
    pub requests: usize,
}

impl Quotas {
    /// What suits a server of a few tenants.
    pub const USUAL: Self = Self { attachment_bytes: 10 * 1024 * 1024 * 1024, requests: 2048 };
}

/// The requests of each tenant that are not answered yet.
#[derive(Debug, Clone)]
pub(crate) struct Requests {
    open: Open,
    limit: usize,
}

impl Requests {
    pub(crate) fn new(limit: usize) -> Self {
        Self { open: Open::default(), limit }
    }

    /// The right to be answered, given back when it is dropped.
    pub(crate) fn permit(&self, tenant: Tenant) -> Result<Permit, Problem> {
        let limit = self.limit;
        self.open.take(tenant, |_, own| if own < limit { Ok(()) } else { Err(too_many(limit)) })
    }
}

fn too_many(limit: usize) -> Problem {
    let detail = format!(
        "{limit} requests of yours are not answered yet, and that is as many as may be; wait for some"
    );
    Problem::new(Class::Busy, "TOO_MANY_REQUESTS", detail)
}

#[cfg(test)]
mod tests {
    use kernel::TenantId;

    use super::*;

    #[test]
    fn a_tenant_has_so_many_requests_and_takes_none_from_others() {
        let other = Tenant::verified(TenantId(uuid::Uuid::from_u128(2)));
        let requests = Requests::new(2);
        let own = [Tenant::LOCAL; 2].map(|tenant| requests.permit(tenant).unwrap());
        let refused = requests.permit(Tenant::LOCAL).unwrap_err();
        assert_eq!((refused.status().as_u16(), refused.body("r").code.as_str()), (429, "TOO_MANY_REQUESTS"));
        requests.permit(other).unwrap();
        drop(own);
        requests.permit(Tenant::LOCAL).unwrap();
    }
}

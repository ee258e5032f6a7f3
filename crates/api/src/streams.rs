//! How many streams may be open at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use kernel::{Class, Tenant, TenantId};

use crate::Problem;

/// What is open, by whose it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Open(Arc<Mutex<BTreeMap<TenantId, usize>>>);

/// The right to something open, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    open: Open,
    tenant: TenantId,
}

impl Open {
    /// One more of a tenant's, if that may be with so many of all and so many of its own.
    pub(crate) fn take(
        &self,
        tenant: Tenant,
        may_be: impl FnOnce(usize, usize) -> Result<(), Problem>,
    ) -> Result<Permit, Problem> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        may_be(open.values().sum(), open.get(&tenant.id()).copied().unwrap_or_default())?;
        *open.entry(tenant.id()).or_default() += 1;
        Ok(Permit { open: self.clone(), tenant: tenant.id() })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.open.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.tenant) {
            *own -= 1;
        }
        open.retain(|_, own| *own > 0);
    }
}

/// The open streams of one server.
#[derive(Debug, Clone)]
pub(crate) struct Streams {
    open: Open,
    limit: usize,
}

impl Streams {
    pub(crate) fn new(limit: usize) -> Self {
        Self { open: Open::default(), limit }
    }

    /// The right to one more open stream. No tenant has more than half of them, so that none keeps the others out.
    pub(crate) fn permit(&self, tenant: Tenant) -> Result<Permit, Problem> {
        let (limit, half) = (self.limit, self.limit.div_ceil(2));
        self.open.take(tenant, |all, own| match (own >= half, all >= limit) {
            (true, _) => Err(too_many(own, "of yours ")),
            (false, true) => Err(too_many(limit, "")),
            (false, false) => Ok(()),
        })
    }
}

fn too_many(limit: usize, of: &str) -> Problem {
    let detail = format!("{limit} streams {of}are open; close some and try again");
    Problem::new(Class::Busy, "TOO_MANY_STREAMS", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_open_streams_is_bounded_and_a_closed_one_makes_room() {
        let other = |n| Tenant::verified(TenantId(uuid::Uuid::from_u128(n)));
        let streams = Streams::new(5);
        let of = |tenant| streams.permit(tenant).map_err(|problem| problem.body("r").detail);
        let mut own: Vec<_> = (0..3).map(|_| of(Tenant::LOCAL).unwrap()).collect();
        assert_eq!(of(Tenant::LOCAL).unwrap_err(), "3 streams of yours are open; close some and try again");
        let others = [of(other(2)).unwrap(), of(other(3)).unwrap()];
        assert_eq!(of(other(3)).unwrap_err(), "5 streams are open; close some and try again");
        drop(others);
        assert!(of(other(3)).is_ok());
        own.pop();
        assert!(of(Tenant::LOCAL).is_ok());
    }
}

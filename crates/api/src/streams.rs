//! How many streams may be open at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use kernel::{Class, Tenant, TenantId};

use crate::Problem;

/// The open streams of one server, by whose they are.
#[derive(Debug, Clone)]
pub(crate) struct Streams {
    open: Arc<Mutex<BTreeMap<TenantId, usize>>>,
    limit: usize,
}

/// The right to one open stream, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    open: Arc<Mutex<BTreeMap<TenantId, usize>>>,
    tenant: TenantId,
}

impl Streams {
    pub(crate) fn new(limit: usize) -> Self {
        Self { open: Arc::default(), limit }
    }

    /// The right to one more open stream. No tenant has more than half of them, so that none keeps the others out.
    pub(crate) fn permit(&self, tenant: Tenant) -> Result<Permit, Problem> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let own = open.entry(tenant.id()).or_default();
        let (of, limit) = if *own >= self.limit.div_ceil(2) { ("of yours ", *own) } else { ("", self.limit) };
        if all >= self.limit || *own >= self.limit.div_ceil(2) {
            let detail = format!("{limit} streams {of}are open; close some and try again");
            return Err(Problem::new(Class::Busy, "TOO_MANY_STREAMS", detail));
        }
        *own += 1;
        Ok(Permit { open: Arc::clone(&self.open), tenant: tenant.id() })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.tenant) {
            *own -= 1;
        }
        open.retain(|_, own| *own > 0);
    }
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

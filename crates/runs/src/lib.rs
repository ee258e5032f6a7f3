//! Run kinds, queue, leases, fencing, retry, dead letter, cancel, drain, compute pool, shards, recovery.

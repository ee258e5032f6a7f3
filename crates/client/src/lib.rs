//! Typed calls over a transport: TCP, or the router of the same process.

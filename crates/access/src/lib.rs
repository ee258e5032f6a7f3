//! Who may call, and how far: tenants, their tokens, the sessions that browsers get for them, and what was done with them.
//!
//! A secret is 256 random bits and leaves the program once; kept is its digest, by which a token is found. What is done with a
//! token is appended to a ledger of the tenant's own in the transaction that does it, so that there is none without the other.
//! The server asks who calls as soon as one token was ever made, and never stops asking: tokens are revoked, not deleted.
//!
//! It knows no HTTP. What a scope opens is said where the routes are.

mod access;
mod error;
mod event;
mod reader;
mod secret;
mod table;

pub use access::Access;
pub use error::Error;
pub use reader::{Credential, Reader};

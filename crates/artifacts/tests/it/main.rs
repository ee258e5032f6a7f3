//! The store on a real directory and on an S3 server, and the rows of objects that no run made.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[macro_use]
mod place;
mod attachments;
mod child;
mod conformance;
mod disk;
mod link;
mod memory;
mod objects;
mod s3;
mod upload;

//! The API through its router: problems, pages, streams, documents.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod access;
mod app;
mod artifact;
mod attachment;
mod compress;
mod conversation;
mod digest;
mod document;
mod download;
mod dump;
mod edge;
mod export;
mod fleet_forecast;
mod forgery;
mod fork;
mod frames;
mod import;
mod lab;
mod live;
mod log;
mod operate;
mod reads;
mod replay;
mod retail;
mod run;
mod schema;
mod script;
mod selection;
mod showcase;
mod stream;
mod strict;
mod travel;
mod world;

//! The program as its users meet it: commands, their exit codes, and a server that may be killed at any moment.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod calendars;
mod cases;
mod cli;
mod compare;
mod fault;
mod files;
mod flood;
mod forecast;
mod kill;
mod kill_declared;
mod kill_forecast;
mod kill_stream;
mod lab;
mod lab_bulk;
mod log;
mod people;
mod promises;
mod reproduce;
mod retention;
mod serve;
mod signal;
mod simd;
mod support;
mod terminal;
mod token;
mod told;
mod verdict;

//! Any bytes: they give series that keep their promises, or an error.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "support/reading.rs"]
mod reading;

// A panic inside a decoder becomes an error, so that a hook may not end the process; one that gets out still does.
fuzz_target!(init: std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))), |bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else { return };
    reading::check(rest.to_vec(), first);
});

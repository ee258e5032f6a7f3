//! Any bytes between the marks of Parquet, of an Arrow file and of an Arrow stream, and below those of `.tsf`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "support/reading.rs"]
mod reading;

fuzz_target!(init: std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))), |bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let file = match first % 4 {
        0 => [&b"PAR1"[..], rest, b"PAR1"].concat(),
        1 => [&b"ARROW1\0\0"[..], rest, b"ARROW1"].concat(),
        2 => [&b"\xFF\xFF\xFF\xFF"[..], rest].concat(),
        _ => [&b"@attribute a string\n@attribute b date\n@data\n"[..], rest].concat(),
    };
    reading::check(file, first);
});

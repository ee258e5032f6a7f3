//! Any bytes in gzip and in zip.

#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;

#[path = "support/reading.rs"]
mod reading;

fuzz_target!(init: std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))), |bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let packed = if first % 2 == 0 {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(rest).and_then(|()| encoder.finish()).expect("memory takes it")
    } else {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("a", zip::write::SimpleFileOptions::default()).expect("memory takes it");
        writer.write_all(rest).expect("memory takes it");
        writer.finish().expect("memory takes it").into_inner()
    };
    reading::check(packed, first);
});

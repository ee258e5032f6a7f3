//! Any words as dates and as numbers, in the three layouts of a text.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "support/reading.rs"]
mod reading;

fuzz_target!(init: std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))), |bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest).replace(['\r', '"', ';'], " ");
    let words: Vec<&str> = text.split('\n').collect();
    let lines: Vec<String> = words.chunks(2).map(|pair| pair.join(";")).collect();
    let long = format!("date;value\n{}\n", lines.join("\n"));
    let turned = format!("name;{}\nA;{}\n", words.join(";"), words.join(";"));
    reading::check(if first % 2 == 0 { long } else { turned }.into_bytes(), first);
});

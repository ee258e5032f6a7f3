//! Measures what is done to every frame: reading, the door, the rules of a stream, and the reducer, over the goldens and over
//! one long stream of text.
//!
//! Adds its rows to the file named by `ASSAY_BENCH_JSON`, or prints them.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use frames::{Frame, Transcript, Validator, door};
use serde_json::{Value, json};

/// What is measured is done to at least so many frames.
const FRAMES: usize = 2_000_000;

/// How many frames a second a reducer should take.
const AIM: f64 = 1_000_000.0;

/// A stream: a name and its frames, each as a line and as it was read.
struct Stream {
    name: &'static str,
    lines: Vec<Vec<String>>,
    frames: Vec<Vec<Frame>>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut rows = Vec::new();
    for stream in [goldens()?, long()?] {
        let read = per_second(&stream.lines, |lines| {
            for line in lines {
                let _ = black_box(Frame::parse(line));
            }
        });
        let admitted = per_second(&stream.frames, |frames| {
            for frame in frames {
                black_box(door::admit(frame.clone()));
            }
        });
        let validated = per_second(&stream.frames, |frames| {
            let mut validator = Validator::new();
            for frame in frames {
                let _ = black_box(validator.push(frame));
            }
        });
        let reduced = per_second(&stream.frames, |frames| {
            let mut transcript = Transcript::default();
            for frame in frames {
                transcript.apply(frame);
            }
            black_box(transcript);
        });
        let name = stream.name;
        rows.push(row(&format!("read, {name}"), read));
        rows.push(row(&format!("pass the door, {name}"), admitted));
        rows.push(row(&format!("hold to the rules of a stream, {name}"), validated));
        rows.push(row(&format!("reduce, {name}"), reduced));
    }
    report(&rows)
}

/// Every golden but the random ones.
fn goldens() -> Result<Stream, Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/goldens");
    let mut paths: Vec<_> = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".ndjson") && !name.starts_with("random")
    });
    paths.sort();
    let texts: Result<Vec<String>, _> = paths.iter().map(fs::read_to_string).collect();
    read("goldens", texts?.iter().map(|text| text.lines().map(str::to_owned).collect()).collect())
}

/// One answer of many words, as a model streams it.
fn long() -> Result<Stream, Box<dyn std::error::Error>> {
    let line = |event_id: usize| {
        json!({
            "schema": "run_v1", "kind": "message.delta", "event_id": event_id, "stream_id": "s", "conversation_id": "c",
            "server_timestamp": "2026-01-05T08:00:00Z", "response_id": "r", "output_index": 0, "item_id": "i",
            "content_index": 0, "delta": "so much ",
        })
        .to_string()
    };
    read("one long text", vec![(1..=100_000).map(line).collect()])
}

fn read(name: &'static str, lines: Vec<Vec<String>>) -> Result<Stream, Box<dyn std::error::Error>> {
    let read =
        |lines: &Vec<String>| lines.iter().map(|line| Frame::parse(line)).collect::<Result<Vec<_>, _>>();
    let frames = lines.iter().map(read).collect::<Result<_, _>>()?;
    Ok(Stream { name, lines, frames })
}

fn per_second<T>(streams: &[Vec<T>], work: impl Fn(&[T])) -> f64 {
    let began = Instant::now();
    let mut done = 0;
    while done < FRAMES {
        for stream in streams {
            work(stream);
            done += stream.len();
        }
    }
    done as f64 / began.elapsed().as_secs_f64()
}

fn row(work: &str, per_second: f64) -> Value {
    json!({
        "work": work, "unit": "frames/s", "ours": per_second, "peer": "aim", "peer_value": AIM,
        "ratio": per_second / AIM, "note": "one thread",
    })
}

#[expect(clippy::print_stdout, reason = "without a file, the rows are what it has to say")]
fn report(rows: &[Value]) -> Result<(), Box<dyn std::error::Error>> {
    let Some(path) = std::env::var_os("ASSAY_BENCH_JSON") else {
        for row in rows {
            println!("{row}");
        }
        return Ok(());
    };
    let mut all: Vec<Value> = match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes)?,
        Err(_) => Vec::new(),
    };
    all.extend_from_slice(rows);
    fs::write(&path, serde_json::to_vec_pretty(&all)?)?;
    Ok(())
}

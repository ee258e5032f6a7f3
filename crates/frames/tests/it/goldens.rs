//! `openapi/goldens` is generated from the stories of this test and compared with them, so that a reducer that
//! changes without its goldens fails here, and its twin in the frontend fails there.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use frames::{Chain, Frame, KINDS, LedgerId, Transcript, Validator};
use kernel::Digest;
use serde_json::{Value, json};

use crate::golden::{Golden, all};
use crate::story::{RUN, transcript, workspace};

fn folder() -> PathBuf {
    workspace().join("openapi/goldens")
}

fn frames(golden: &Golden) -> Vec<Frame> {
    golden.lines.iter().map(|line| Frame::parse(line).unwrap()).collect()
}

/// The files of a golden: its frames, what they show, the head of their chain, and a digest of what is shown after
/// each of them.
fn files(golden: &Golden) -> [(String, String); 4] {
    let ledger = LedgerId::from(RUN);
    let mut chain = Chain::new(ledger);
    for line in &golden.lines {
        chain.push(line.as_bytes());
    }
    let head = json!({ "ledger_id": ledger, "seq": chain.seq(), "digest": chain.head() });
    let ndjson = golden.lines.join("\n") + "\n";
    [
        (format!("{}.ndjson", golden.name), ndjson),
        (format!("{}.transcript.json", golden.name), pretty(&transcript(&frames(golden)))),
        (format!("{}.head.json", golden.name), pretty(&head)),
        (format!("{}.states.txt", golden.name), states(&frames(golden))),
    ]
}

/// A line for each frame: the digest of what is shown after it.
fn states(frames: &[Frame]) -> String {
    let mut transcript = Transcript::default();
    let mut digests = String::new();
    for frame in frames {
        transcript.apply(frame);
        digests += &Digest::of(canonical(&json!(transcript))).to_string();
        digests.push('\n');
    }
    digests
}

/// JSON as RFC 8785 writes it, so that another language comes to the same digest: keys in order, and a number that is
/// whole without a fraction.
fn canonical(value: &Value) -> String {
    match value {
        Value::Array(values) => format!("[{}]", values.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| format!("{}:{}", json!(key), canonical(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Number(number) if number.is_f64() => number.to_string().trim_end_matches(".0").to_owned(),
        other => other.to_string(),
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

#[test]
fn every_golden_is_what_its_story_tells() {
    let is_update = std::env::var_os("UPDATE_GOLDENS").is_some();
    let goldens = all();
    let expected: BTreeSet<(String, String)> = goldens.iter().flat_map(files).collect();
    if is_update {
        fs::create_dir_all(folder()).unwrap();
        for (name, text) in &expected {
            fs::write(folder().join(name), text).unwrap();
        }
    }
    for (name, text) in &expected {
        let stored = fs::read_to_string(folder().join(name)).unwrap_or_default();
        assert!(
            stored == *text,
            "{name} is stale; run this test with UPDATE_GOLDENS=1 and look at the difference"
        );
    }
    let names: BTreeSet<&String> = expected.iter().map(|(name, _)| name).collect();
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(&name), "{name} belongs to no story; delete it");
    }
}

#[test]
fn every_golden_is_a_valid_stream() {
    for golden in all() {
        let mut validator = Validator::new();
        for frame in frames(&golden) {
            validator.push(&frame).unwrap_or_else(|violation| panic!("{}: {violation:?}", golden.name));
        }
        validator.finish().unwrap();
    }
}

#[test]
fn the_goldens_use_every_kind() {
    let used: BTreeSet<&str> = all().iter().flat_map(frames).map(|frame| frame.kind()).collect();
    let missing: Vec<_> = KINDS.iter().filter(|kind| !used.contains(**kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

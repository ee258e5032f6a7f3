//! The schema of frames against the frames of the goldens: it takes what the strict reader takes and nothing more.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use frames::Frame;
use serde_json::{Value, json};

use crate::schema::Contract;

const FRAME: &str = "ledger.Frame";

/// Every frame of every golden, in all forms that a reader takes.
fn goldens() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/goldens");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "ndjson"));
    paths.sort();
    let texts = paths.iter().map(|path| fs::read_to_string(path).unwrap());
    texts
        .flat_map(|text| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>())
        .collect()
}

/// One frame of each kind.
fn samples() -> Vec<Value> {
    let mut kinds = BTreeSet::new();
    let mut samples = goldens();
    samples.retain(|frame| kinds.insert(frame["kind"].as_str().unwrap().to_owned()));
    assert_eq!(samples.len(), frames::KINDS.len(), "the goldens have every kind");
    samples
}

/// Every object in a value, by the path that leads to it.
fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.push(at.to_owned());
            members.iter().for_each(|(key, member)| objects(member, &format!("{at}/{key}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, item)| objects(item, &format!("{at}/{place}"), found));
        }
        _ => {}
    }
}

/// Holds a changed frame to both: the schema and the reader refuse it, or both take it.
fn agree(contract: &Contract, changed: &Value, what: &str) -> bool {
    let read = Frame::parse(&changed.to_string());
    let mismatches = contract.mismatches(FRAME, changed);
    assert_eq!(read.is_ok(), mismatches.is_empty(), "{what}\n{changed}\n{read:?}\n{mismatches:#?}");
    read.is_ok()
}

#[test]
fn every_golden_frame_fits_the_schema() {
    let contract = Contract::load();
    for frame in goldens() {
        assert_eq!(contract.mismatches(FRAME, &frame), Vec::<String>::new(), "{frame}");
    }
}

#[test]
fn an_unknown_key_is_refused_wherever_the_reader_refuses_it() {
    let contract = Contract::load();
    for frame in samples() {
        let mut places = Vec::new();
        objects(&frame, "", &mut places);
        for place in places {
            let mut changed = frame.clone();
            changed.pointer_mut(&place).unwrap()["nobody_knows"] = json!(1);
            let is_taken = agree(&contract, &changed, &format!("an unknown key in {place:?}"));
            assert!(!(is_taken && place.is_empty()), "{changed}");
        }
    }
}

#[test]
fn a_field_may_be_absent_or_null_where_the_reader_says_so() {
    let contract = Contract::load();
    for frame in samples() {
        let mut places = Vec::new();
        objects(&frame, "", &mut places);
        for place in places {
            let keys: Vec<String> =
                frame.pointer(&place).unwrap().as_object().unwrap().keys().cloned().collect();
            for key in keys {
                let mut changed = frame.clone();
                changed.pointer_mut(&place).unwrap()[&key] = Value::Null;
                agree(&contract, &changed, &format!("null for {place}/{key}"));
                changed.pointer_mut(&place).unwrap().as_object_mut().unwrap().remove(&key);
                agree(&contract, &changed, &format!("without {place}/{key}"));
            }
        }
    }
}

#[test]
fn a_wrong_word_is_refused() {
    let contract = Contract::load();
    for (kind, place, word) in [
        ("message.delta", "/kind", "message.gone"),
        ("message.delta", "/schema", "run_v2"),
        ("run.opened", "/schema", "public_sse_v1"),
        ("lifecycle", "/status", "asleep"),
        ("message.citation", "/citation/type", "hearsay"),
        ("reasoning_summary.part.added", "/part_type", "novel"),
        ("tool.status", "/tool/tool_type", "hammer"),
        ("tool.status", "/tool/status", "asleep"),
        ("tool.approval", "/tool_type", "agent"),
        ("step.completed", "/status", "asleep"),
        ("final", "/final/status", "asleep"),
        ("error", "/error/source", "nobody"),
    ] {
        let mut changed = samples().into_iter().find(|frame| frame["kind"] == kind).unwrap();
        *changed.pointer_mut(place).unwrap() = json!(word);
        assert!(!agree(&contract, &changed, place), "{kind} takes {word} at {place}");
    }
}

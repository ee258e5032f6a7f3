//! Checking a bundle without any data: what it says of itself, held against nothing but what the reader brings.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use frames::{Chain, End, LedgerId};
use kernel::{Digest, counted};
use serde::Serialize;
use tlog::{Checkpoint, Note, Verifier};
use uuid::Uuid;
use wire::log::Proof;

use crate::cli::Output;
use crate::command::{print_json, print_line};
use crate::exit::{Exit, Failed};

/// What came of it.
#[derive(Debug, Default, Serialize)]
struct Report {
    holds: bool,
    /// What the chain of the frames begins with.
    ledger_id: Uuid,
    /// How many frames there are.
    frames: u64,
    /// How many of them were let go, so that only their digests are here.
    pruned: u64,
    /// Where they lead to.
    head: String,
    /// The place of the end in the log.
    index: u64,
    /// How many entries the log has in the checkpoint.
    size: u64,
    /// The root of the checkpoint.
    root: String,
    /// The key that has signed the checkpoint.
    signed_by: Option<String>,
    /// Whether that key came from the reader and not from the bundle.
    is_key_given: bool,
    /// What was checked, in the order in which it was.
    checks: Vec<Finding>,
}

#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    holds: bool,
    detail: String,
}

/// What the reader knows from elsewhere.
#[derive(Debug, Default)]
pub(super) struct Brought {
    pub(super) key: Option<Verifier>,
    pub(super) older: Option<Checkpoint>,
    pub(super) witnesses: Vec<Verifier>,
}

pub(super) fn run(file: &Path, brought: &Brought, output: Output) -> anyhow::Result<Exit> {
    let opened = File::open(file);
    let opened = opened
        .map_err(|error| Failed::new(Exit::NotFound, format!("cannot read {}: {error}", file.display())))?;
    let report = check(BufReader::new(opened), brought)?;
    if output.json {
        print_json(&report)?;
    } else {
        print(&report)?;
    }
    Ok(if report.holds { Exit::Ok } else { Exit::NotVerified })
}

fn check(bundle: impl BufRead, brought: &Brought) -> anyhow::Result<Report> {
    let mut lines = bundle.split(b'\n');
    let first = lines.next().transpose()?.unwrap_or_default();
    let proof: Proof = serde_json::from_slice(&first).map_err(|error| not_a_bundle(&error.to_string()))?;
    let note: Note =
        proof.checkpoint.parse().map_err(|_| not_a_bundle("its checkpoint is no signed note"))?;
    let checkpoint =
        Checkpoint::parse(note.text()).ok_or_else(|| not_a_bundle("its note is no checkpoint"))?;
    let mut chain = Chain::new(LedgerId(proof.ledger_id));
    let mut pruned = 0;
    for line in lines {
        pruned += u64::from(!chain.push_line(&line?));
    }
    let mut report = Report {
        ledger_id: proof.ledger_id,
        frames: chain.seq(),
        pruned,
        head: chain.head().to_string(),
        index: proof.index,
        size: checkpoint.size,
        root: checkpoint.root.to_string(),
        is_key_given: brought.key.is_some(),
        ..Report::default()
    };
    report.frames(&proof, &chain);
    report.inclusion(&proof, &chain, &checkpoint);
    report.signature(&proof, &note, &checkpoint, brought.key.as_ref());
    brought.witnesses.iter().for_each(|witness| report.witness(&note, witness));
    if let Some(older) = &brought.older {
        report.consistency(&proof, &checkpoint, older);
    }
    report.holds = report.checks.iter().all(|check| check.holds);
    Ok(report)
}

fn not_a_bundle(why: &str) -> anyhow::Error {
    Failed::new(Exit::Usage, format!("this is no bundle of `assay log prove`: {why}")).into()
}

impl Report {
    fn add(&mut self, check: &'static str, holds: bool, detail: String) {
        self.checks.push(Finding { check, holds, detail });
    }

    fn frames(&mut self, proof: &Proof, chain: &Chain) {
        let frames = counted(chain.seq(), "frame", "frames");
        let detail = if chain.seq() != proof.frames {
            format!("there are {frames}, and the run has {}", proof.frames)
        } else if chain.head() == proof.head {
            let gone = if self.pruned > 0 {
                format!(", {} of them by their digests alone", self.pruned)
            } else {
                String::new()
            };
            format!("{frames} lead to the head {}{gone}", proof.head)
        } else {
            format!("{frames} do not lead to the head {}: one of them is not what was stored", proof.head)
        };
        self.add("frames", chain.seq() == proof.frames && chain.head() == proof.head, detail);
    }

    /// The end is made from the frames themselves, so that nothing the bundle says of them is believed.
    fn inclusion(&mut self, proof: &Proof, chain: &Chain, checkpoint: &Checkpoint) {
        let end = End { ledger: LedgerId(proof.ledger_id), frames: chain.seq(), head: chain.head() };
        let leaf = tlog::leaf_hash(end.entry().as_bytes());
        let Checkpoint { size, root, .. } = checkpoint;
        let holds = tlog::verify_inclusion(proof.index, *size, &leaf, &proof.path, root);
        let detail = if holds {
            format!("this end is entry {} of the {size} in the log", proof.index)
        } else {
            format!("this end is not entry {} of the log that was signed", proof.index)
        };
        self.add("log", holds, detail);
    }

    fn signature(&mut self, proof: &Proof, note: &Note, checkpoint: &Checkpoint, given: Option<&Verifier>) {
        let named: Vec<Verifier> = match given {
            Some(key) => vec![key.clone()],
            None => proof.keys.iter().filter_map(|key| key.key.parse().ok()).collect(),
        };
        let has_signed = |key: &&Verifier| key.name() == checkpoint.origin && note.is_signed_by(key);
        let found = named.iter().find(has_signed);
        let detail = match (found, given) {
            (Some(key), Some(_)) => format!("signed by the given key {key}"),
            (Some(key), None) => {
                format!(
                    "signed by {key}, which is named by the bundle itself: compare it with one from elsewhere"
                )
            }
            (None, Some(key)) => format!("the checkpoint is not signed by {key}"),
            (None, None) => "the checkpoint is signed by none of the keys that the bundle names".to_owned(),
        };
        self.signed_by = found.map(ToString::to_string);
        self.add("signature", found.is_some(), detail);
    }

    fn witness(&mut self, note: &Note, witness: &Verifier) {
        let holds = note.is_signed_by(witness);
        let detail = if holds { "has seen this log too" } else { "has not signed this checkpoint" };
        self.add("witness", holds, format!("{} {detail}", witness.name()));
    }

    fn consistency(&mut self, proof: &Proof, checkpoint: &Checkpoint, older: &Checkpoint) {
        let Checkpoint { origin, size, root } = checkpoint;
        let since = proof.since.as_ref().filter(|since| since.size == older.size);
        // The same size and the empty log need no proof.
        let path: Option<&[Digest]> = match since {
            Some(since) => Some(&since.path),
            None if older.size == *size || older.size == 0 => Some(&[]),
            None => None,
        };
        let (holds, detail) = match path {
            _ if older.origin != *origin => {
                (false, format!("the older checkpoint is of the log {}, this one of {origin}", older.origin))
            }
            _ if older.size > *size => (
                false,
                format!(
                    "the bundle is of a log of {size} entries, the older checkpoint of {}: make the bundle anew",
                    older.size
                ),
            ),
            None => (
                false,
                format!(
                    "the bundle does not say how the log grew from {} entries: make it with `assay log prove --since`",
                    older.size
                ),
            ),
            Some(path) if tlog::verify_consistency((older.size, &older.root), (*size, root), path) => {
                (true, format!("the log began with the {} entries of the older checkpoint", older.size))
            }
            Some(_) => (
                false,
                format!(
                    "the log does not begin with the {} entries of the older checkpoint: it was rewritten",
                    older.size
                ),
            ),
        };
        self.add("growth", holds, detail);
    }
}

fn print(report: &Report) -> anyhow::Result<()> {
    let verdict = if report.holds { "holds" } else { "does NOT hold" };
    print_line(&format!("{verdict}: the end of {}", report.ledger_id))?;
    for Finding { check, holds, detail } in &report.checks {
        let sign = if *holds { "✓" } else { "✗" };
        print_line(&format!("{sign} {check:<9} {detail}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/log");

    /// The pages check the same bundle in TypeScript.
    #[test]
    fn the_bundle_that_the_pages_are_tested_with_holds() {
        let read = |name: &str| fs::read_to_string(format!("{FOLDER}/{name}")).unwrap();
        let note: Note = read("older.checkpoint").parse().unwrap();
        let key = read("key").trim_end().parse().unwrap();
        let brought =
            Brought { key: Some(key), older: Checkpoint::parse(note.text()), witnesses: Vec::new() };
        let report = check(read("bundle.ndjson").as_bytes(), &brought).unwrap();
        assert!(report.holds, "{report:?}");
        assert_eq!((report.checks.len(), report.pruned), (4, 0));
    }

    #[test]
    fn a_digest_stands_for_a_frame_that_was_let_go() {
        let text = fs::read_to_string(format!("{FOLDER}/bundle.ndjson")).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[2] = format!("sha256:{}", Digest::of(&lines[2]));
        let report = check(lines.join("\n").as_bytes(), &Brought::default()).unwrap();
        assert_eq!((report.holds, report.pruned), (true, 1), "{report:?}");
        lines[2] = format!("sha256:{}", Digest::of("another"));
        assert!(!check(lines.join("\n").as_bytes(), &Brought::default()).unwrap().holds);
    }
}

//! Import: what was recorded elsewhere is kept as it is, or refused whole.

use std::fmt::Write as _;
use std::sync::Arc;

use frames::{Chain, End, FinalStatus, LedgerId, Schema};
use futures::TryStreamExt;
use kernel::{Digest, Fault, RunId, SystemClock, Tenant, TenantId};
use ledger::Log;
use proptest::prelude::*;
use runs::RunState;
use runs::foreign::{Bundle, BundleError, Import, ImportError};
use test_support::on_both_databases;
use tlog::{Checkpoint, Note, Signer};
use uuid::Uuid;
use wire::log::{Key, Proof, ProofFormat};

use crate::foreign::{ended, texts, told};
use crate::support::{Fixture, Script, TENANT};

const OTHER: Tenant = Tenant::verified(TenantId(Uuid::from_u128(99)));

fn signer(secret: u8) -> Signer {
    Signer::new("log.example/ends", &[secret; 32]).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// The bundle of a run, as the API writes it.
async fn bundle(fixture: &Fixture, tenant: Tenant, run: RunId) -> String {
    let ledger = fixture.engine.ledger();
    let log = Log::open(&fixture.db.db, ledger, Arc::new(|_| Some(signer(7))), Arc::new(SystemClock));
    log.sequence().await.unwrap();
    let proof = log.reader().proof(tenant, run, None).await.unwrap();
    let proof = Proof {
        format: ProofFormat::V1,
        run_id: run,
        ledger_id: proof.end.ledger.0,
        frames: proof.end.frames,
        head: proof.end.head,
        index: proof.index,
        path: proof.path,
        checkpoint: proof.signed.note,
        keys: vec![Key { key: signer(7).verifier().to_string(), from_size: 0 }],
        marks: Some(hex(&ledger.reader().marks(tenant, run).await.unwrap())),
        since: None,
    };
    let frames: Vec<String> = ledger.reader().record(tenant, run).try_collect().await.unwrap();
    serde_json::to_string(&proof).unwrap() + "\n" + &frames.concat()
}

/// A bundle of one stranger's stream in a log of one entry.
fn stranger(n: u64) -> (Proof, Vec<String>) {
    let frames = texts(&told(Schema::PublicSseV1, n, ended(FinalStatus::Completed)));
    let ledger = LedgerId(Uuid::from_u128(5));
    let (mut chain, mut marks) = (Chain::new(ledger), String::new());
    for frame in &frames {
        marks.push_str(&chain.push(frame.as_bytes()).to_string()[..8]);
    }
    let end = End { ledger, frames: chain.seq(), head: chain.head() };
    let root = tlog::leaf_hash(end.entry().as_bytes());
    let checkpoint = Checkpoint { origin: "log.example/ends".to_owned(), size: 1, root };
    let proof = Proof {
        format: ProofFormat::V1,
        run_id: RunId(Uuid::from_u128(5)),
        ledger_id: ledger.0,
        frames: end.frames,
        head: end.head,
        index: 0,
        path: Vec::new(),
        checkpoint: Note::signed(checkpoint.text(), &signer(7)).to_string(),
        keys: vec![Key { key: signer(7).verifier().to_string(), from_size: 0 }],
        marks: Some(marks),
        since: None,
    };
    (proof, frames)
}

fn written(proof: &Proof, frames: &[impl AsRef<str>]) -> String {
    let frames = frames.iter().map(|frame| format!("{}\n", frame.as_ref()));
    serde_json::to_string(proof).unwrap() + "\n" + &frames.collect::<String>()
}

fn refused(text: &str) -> BundleError {
    Bundle::read(text, None).unwrap_err()
}

on_both_databases! {
    async fn an_imported_run_keeps_its_bytes_its_ledger_and_its_head(db: TestDb) {
        let fixture = Fixture::started(db);
        let first = fixture.run(Script::Count(5)).await;
        let text = bundle(&fixture, TENANT, first.id).await;
        let read = Bundle::read(&text, Some(signer(7).verifier())).unwrap();
        let runs = fixture.engine.foreign();
        let imported = runs.import(OTHER, &read).await.unwrap();
        let Import::New(id) = imported else { panic!("{imported:?}") };
        assert_eq!(runs.import(OTHER, &read).await.unwrap(), Import::Known(id));
        assert_eq!(runs.import(TENANT, &read).await.unwrap(), Import::Known(first.id));
        let run = runs::find(&fixture.db.db.read, OTHER, id).await.unwrap().unwrap();
        assert_eq!((run.kind.as_str(), run.state, run.title.as_str()), ("import", RunState::Succeeded, "test"));
        let spec: serde_json::Value = serde_json::from_str(&run.spec).unwrap();
        assert_eq!(spec["run_kind"], "script");
        assert_eq!(spec["log"]["origin"], "log.example/ends");
        assert_eq!(spec["log"]["is_key_given"], true);
        let inputs = runs::inputs(&fixture.db.db.read, &run).await.unwrap();
        assert_eq!(inputs.iter().map(|input| input.role.as_str()).collect::<Vec<_>>(), ["bundle"]);
        let again = bundle(&fixture, OTHER, id).await;
        assert_eq!(text.split_once('\n').unwrap().1, again.split_once('\n').unwrap().1);
        let read_again = Bundle::read(&again, None).unwrap();
        assert_eq!(runs.import(OTHER, &read_again).await.unwrap(), Import::Known(id));
        let verified = fixture.engine.verifier().verify(OTHER, id).await.unwrap();
        assert!(verified.verified, "{verified:?}");
        let parts: Vec<_> = verified.parts.iter().map(|part| (part.part.as_str(), part.checked)).collect();
        assert_eq!(parts, [("frames", 9), ("run", 2), ("inputs", 1), ("artifacts", 1), ("outcome", 1)]);
    }

    async fn a_failed_run_is_imported_as_failed(db: TestDb) {
        let fixture = Fixture::started(db);
        let first = fixture.run(Script::FailForGood).await;
        let read = Bundle::read(&bundle(&fixture, TENANT, first.id).await, None).unwrap();
        let imported = fixture.engine.foreign().import(OTHER, &read).await.unwrap();
        let Import::New(id) = imported else { panic!("{imported:?}") };
        let run = runs::find(&fixture.db.db.read, OTHER, id).await.unwrap().unwrap();
        assert_eq!((run.state, run.problem.unwrap().code.as_str()), (RunState::Failed, "SCRIPTED"));
        assert!(fixture.engine.verifier().verify(OTHER, id).await.unwrap().verified);
    }

    async fn two_imports_of_one_bundle_at_once_are_one_run(db: TestDb) {
        let fixture = Fixture::new(db);
        let (proof, frames) = stranger(3);
        let read = Bundle::read(&written(&proof, &frames), None).unwrap();
        let runs = fixture.engine.foreign();
        let both = tokio::join!(runs.import(TENANT, &read), runs.import(TENANT, &read));
        let id = |import| match import {
            Import::New(id) | Import::Known(id) => id,
        };
        assert_eq!(id(both.0.unwrap()), id(both.1.unwrap()));
    }

    async fn a_ledger_with_another_record_is_not_taken_for_it(db: TestDb) {
        let fixture = Fixture::new(db);
        let runs = fixture.engine.foreign();
        let import = async |n| {
            let (proof, frames) = stranger(n);
            runs.import(TENANT, &Bundle::read(&written(&proof, &frames), None).unwrap()).await
        };
        let first = import(3).await.unwrap();
        let other = import(4).await.unwrap_err();
        let Import::New(first) = first else { panic!("{first:?}") };
        assert!(matches!(other, ImportError::Differs { run, .. } if run == first), "{other}");
        assert_eq!(other.code(), "LEDGER_DIFFERS");
    }

    async fn a_forged_import_is_found_by_the_proof_it_was_brought_with(db: TestDb) {
        let fixture = Fixture::new(db);
        let (proof, frames) = stranger(3);
        let read = Bundle::read(&written(&proof, &frames), None).unwrap();
        let Import::New(id) = fixture.engine.foreign().import(TENANT, &read).await.unwrap() else { panic!() };
        fixture.verified(id).await;
        let run = fixture.found(id).await;
        let inputs = runs::inputs(&fixture.db.db.read, &run).await.unwrap();
        fixture.store.delete(&inputs[0].digest).await.unwrap();
        let verified = fixture.engine.verifier().verify(TENANT, id).await.unwrap();
        let problems = verified.parts.iter().flat_map(|part| part.problems.clone()).collect::<String>();
        assert!(problems.contains("are gone"), "{problems}");
    }
}

#[test]
fn what_speaks_against_a_bundle_as_a_whole_is_said() {
    let (proof, frames) = stranger(3);
    assert!(Bundle::read(&written(&proof, &frames), None).is_ok());
    let code = |proof: &Proof| refused(&written(proof, &frames)).code();
    let other_key = Bundle::read(&written(&proof, &frames), Some(signer(8).verifier())).unwrap_err();
    assert_eq!(other_key.code(), "BUNDLE_NOT_SIGNED");
    assert_eq!(code(&Proof { index: 1, ..proof.clone() }), "BUNDLE_NOT_IN_LOG");
    assert_eq!(code(&Proof { marks: None, head: Digest::of("x"), ..proof.clone() }), "BUNDLE_HEAD");
    let elsewhere = Proof { marks: None, ledger_id: Uuid::from_u128(6), ..proof.clone() };
    assert_eq!(code(&elsewhere), "BUNDLE_HEAD");
    let keyless = Proof { keys: Vec::new(), ..proof.clone() };
    assert_eq!(code(&keyless), "BUNDLE_NOT_SIGNED");
    let note = proof.checkpoint.replace("log.example", "log.another");
    assert_eq!(code(&Proof { checkpoint: note, ..proof.clone() }), "BUNDLE_NOT_SIGNED");
    assert_eq!(code(&Proof { checkpoint: "x".to_owned(), ..proof.clone() }), "BUNDLE_MALFORMED");
    for text in ["", "\n", "{}", "{\"format\":\"assay.proof.v1\"}\n{}"] {
        assert_eq!(refused(text).code(), "BUNDLE_MALFORMED", "{text}");
    }
    let mut pruned = frames.clone();
    pruned[1] = format!("sha256:{}", Digest::of(&frames[1]));
    let pruned = refused(&written(&proof, &pruned));
    assert_eq!((pruned.code(), pruned.first_bad_seq()), ("BUNDLE_PRUNED", Some(2)));
    let open = texts(&told(Schema::PublicSseV1, 3, None));
    assert_eq!(refused(&written(&proof, &open)).first_bad_seq(), Some(4));
}

/// What somebody does to the frames of a bundle.
#[derive(Debug, Clone)]
enum Damage {
    Flip { at: prop::sample::Index, bit: u8 },
    Drop,
    Swap,
    Repeat,
    CutTail,
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<prop::sample::Index>(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip { at, bit }),
        Just(Damage::Drop),
        Just(Damage::Swap),
        Just(Damage::Repeat),
        Just(Damage::CutTail),
    ]
}

proptest! {
    #[test]
    fn no_damage_to_the_frames_of_a_bundle_passes_and_the_first_bad_one_is_named(
        n in 2..12_u64,
        place in any::<prop::sample::Index>(),
        damage in damage(),
        has_marks in any::<bool>(),
    ) {
        let (mut proof, frames) = stranger(n);
        let mut frames: Vec<Vec<u8>> = frames.into_iter().map(String::into_bytes).collect();
        let at = place.index(frames.len() - 1);
        let bad = match damage {
            Damage::Flip { at: byte, bit } => {
                let byte = byte.index(frames[at].len());
                frames[at][byte] ^= 1 << bit;
                at
            }
            Damage::Drop => { frames.remove(at); at }
            Damage::Swap => { frames.swap(at, at + 1); at }
            Damage::Repeat => { let frame = frames[at].clone(); frames.insert(at, frame); at + 1 }
            Damage::CutTail => { frames.truncate(at + 1); at + 1 }
        };
        if !has_marks {
            proof.marks = None;
        }
        let text = [serde_json::to_vec(&proof).unwrap(), frames.join(&b'\n')].join(&b'\n');
        let Ok(text) = String::from_utf8(text) else { return Ok(()) };
        let error = refused(&text);
        let told = error.first_bad_seq();
        // Without marks a change that leaves a good frame shows behind it, at the latest at the head.
        let first = bad as u64 + 1;
        let is_late = !has_marks && (error.code() == "BUNDLE_HEAD" || told > Some(first));
        prop_assert!(told == Some(first) || is_late, "{error}: {told:?}, {first}");
    }
}

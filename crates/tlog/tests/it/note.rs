//! Keys, signed notes and checkpoints.

use kernel::Digest;
use signed_note::{Note as ForeignNote, StandardSigner, StandardVerifier, VerifierList};
use tlog::{Checkpoint, KeyError, Note, Signer, Verifier};
use tlog_tiles::Checkpoint as ForeignCheckpoint;

const NAME: &str = "log.example/ends";

fn signer(secret: u8) -> Signer {
    Signer::new(NAME, &[secret; 32]).unwrap()
}

fn known(key: &str) -> VerifierList {
    VerifierList::new(vec![Box::new(StandardVerifier::new(key).unwrap())])
}

#[test]
fn a_note_of_ours_is_read_and_verified_by_theirs() {
    let checkpoint = Checkpoint { origin: NAME.to_owned(), size: 300, root: Digest::of("root") };
    let note = Note::signed(checkpoint.text(), &signer(7)).to_string();
    let foreign = ForeignNote::from_bytes(note.as_bytes()).unwrap();
    let (verified, unverified) = foreign.verify(&known(&signer(7).verifier().to_string())).unwrap();
    assert_eq!((verified.len(), unverified.len(), foreign.to_bytes()), (1, 0, note.into_bytes()));
    let read = ForeignCheckpoint::from_bytes(foreign.text()).unwrap();
    assert_eq!((read.origin(), read.size(), read.hash().0), (NAME, 300, *Digest::of("root").as_bytes()));
    assert!(foreign.verify(&known(&signer(8).verifier().to_string())).is_err());
}

#[test]
fn a_note_of_theirs_is_read_and_verified_by_ours() {
    let foreign_signer = StandardSigner::new(&signer(7).to_secret()).unwrap();
    let text = ForeignCheckpoint::new(NAME, 0, tlog_tiles::EMPTY_HASH, "more\n").unwrap().to_bytes();
    let mut foreign = ForeignNote::new(&text, &[]).unwrap();
    foreign.add_sigs(&[&foreign_signer]).unwrap();
    let note: Note = String::from_utf8(foreign.to_bytes()).unwrap().parse().unwrap();
    assert!(note.is_signed_by(signer(7).verifier()));
    assert!(!note.is_signed_by(signer(8).verifier()));
    let checkpoint = Checkpoint::parse(note.text()).unwrap();
    assert_eq!(checkpoint, Checkpoint { origin: NAME.to_owned(), size: 0, root: tlog::empty_root() });
}

/// The example of the crate `signed_note`, which has it from Go's `sumdb/note`.
#[test]
fn the_example_of_go_is_verified() {
    let key: Verifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse().unwrap();
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let lines = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    let note: Note = format!("{text}\n{lines}").parse().unwrap();
    assert!(note.is_signed_by(&key));
    let altered: Note = format!("{}\n{lines}", text.replace("answer", "anszer")).parse().unwrap();
    assert!(!altered.is_signed_by(&key));
}

#[test]
fn what_is_no_note_is_refused() {
    let good = Note::signed("text\n".to_owned(), &signer(7)).to_string();
    let line = good.lines().last().unwrap();
    let wrong = [
        String::new(),
        "text\n".to_owned(),
        good.trim_end().to_owned(),
        good.replace('\u{2014}', "-"),
        good.replace("text", "te\u{1}xt"),
        format!("text\n{line}\n"),
        format!("text\n\n{}\n", line.replace(NAME, "a b")),
        format!("text\n\n{}", format!("{line}\n").repeat(101)),
        format!("text\n\n{line}\n\n"),
    ];
    for text in wrong {
        assert!(text.parse::<Note>().is_err(), "{text:?}");
        assert!(ForeignNote::from_bytes(text.as_bytes()).is_err(), "{text:?}");
    }
}

#[test]
fn a_key_has_the_form_of_theirs_and_an_altered_one_is_refused() {
    let (secret, public) = (signer(7).to_secret(), signer(7).verifier().to_string());
    assert_eq!(Signer::from_secret(&secret).unwrap().verifier(), &public.parse::<Verifier>().unwrap());
    StandardVerifier::new(&public).unwrap();
    assert_eq!(public.replace(NAME, "log.example/other").parse::<Verifier>(), Err(KeyError::Id));
    assert_eq!(Signer::new("a b", &[0; 32]).unwrap_err(), KeyError::Name);
    for text in ["", "a", "a+00000000", "a+0000000+AAAA", "+00000000+AAAA", &public[..public.len() - 4]] {
        assert!(text.parse::<Verifier>().is_err(), "{text}");
    }
    assert!(!format!("{:?}", signer(7)).contains(secret.rsplit('+').next().unwrap()));
}

#[test]
fn what_is_no_checkpoint_is_refused() {
    let good = Checkpoint { origin: NAME.to_owned(), size: 12, root: Digest::of("root") }.text();
    assert!(Checkpoint::parse(&good).is_some());
    let wrong = [
        good.trim_end().to_owned(),
        good.replace("12", "012"),
        good.replace("12", "-1"),
        good.replace("12", ""),
        good.replace(NAME, ""),
        good.replace('=', ""),
        format!("{good}\n"),
    ];
    for text in wrong {
        assert_eq!(Checkpoint::parse(&text), None, "{text:?}");
        assert!(ForeignCheckpoint::from_bytes(text.as_bytes()).is_err(), "{text:?}");
    }
}

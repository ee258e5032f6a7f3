use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const LEDGER: LedgerId = LedgerId(Uuid::from_u128(0x0197_a1b2_c3d4_7e5f_8a9b_0c1d_2e3f_4a5b));

fn head(frames: &[Vec<u8>]) -> Digest {
    let mut chain = Chain::new(LEDGER);
    for frame in frames {
        chain.push(frame);
    }
    chain.head()
}

#[test]
fn a_chain_begins_with_the_digest_of_domain_and_ledger() {
    let bytes = [b"assay.ledger.v2".as_slice(), LEDGER.0.as_bytes()].concat();
    let chain = Chain::new(LEDGER);
    assert_eq!((chain.seq(), chain.head()), (0, Digest::of(bytes)));
}

#[test]
fn a_link_is_the_digest_of_domain_previous_seq_and_the_frames_digest() {
    let mut bytes = b"assay.frame.v2".to_vec();
    bytes.extend(Digest::of("before").as_bytes());
    bytes.extend([0, 0, 0, 0, 0, 0, 1, 2]);
    bytes.extend(Digest::of("{}").as_bytes());
    assert_eq!(link(&Digest::of("before"), 258, &Digest::of("{}")), Digest::of(bytes));
}

#[test]
fn the_same_frames_of_another_ledger_have_another_head() {
    let mut other = Chain::new(LedgerId(Uuid::nil()));
    assert_ne!(other.push(b"{}"), head(&[b"{}".to_vec()]));
}

fn frames() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(any::<u8>(), 1..40), 2..12)
}

proptest! {
    #[test]
    fn a_resumed_chain_reaches_the_same_head(frames in frames(), at: prop::sample::Index) {
        let at = at.index(frames.len());
        let before = head(&frames[..at]);
        let mut chain = Chain::resume(at as u64, before);
        for frame in &frames[at..] {
            chain.push(frame);
        }
        prop_assert_eq!((chain.seq(), chain.head()), (frames.len() as u64, head(&frames)));
    }

    #[test]
    fn digests_alone_lead_to_the_same_head(frames in frames(), pruned in vec(any::<bool>(), 12)) {
        let mut chain = Chain::new(LEDGER);
        for (frame, is_pruned) in frames.iter().zip(pruned) {
            if is_pruned { chain.push_digest(&Digest::of(frame)) } else { chain.push(frame) };
        }
        prop_assert_eq!(chain.head(), head(&frames));
    }

    #[test]
    fn lines_of_digests_lead_to_the_same_head(frames in frames(), pruned in vec(any::<bool>(), 12)) {
        let mut chain = Chain::new(LEDGER);
        for (frame, is_pruned) in frames.iter().zip(pruned) {
            let frame = [b"{", frame.as_slice()].concat();
            let line = if is_pruned { format!("sha256:{}", Digest::of(&frame)).into_bytes() } else { frame };
            prop_assert_eq!(chain.push_line(&line), !is_pruned);
        }
        let frames: Vec<Vec<u8>> = frames.iter().map(|frame| [b"{", frame.as_slice()].concat()).collect();
        prop_assert_eq!(chain.head(), head(&frames));
    }

    #[test]
    fn a_flipped_bit_is_detected(frames in frames(), at: prop::sample::Index, byte: prop::sample::Index, bit in 0..8_u8) {
        let mut changed = frames.clone();
        let frame = &mut changed[at.index(frames.len())];
        let byte = byte.index(frame.len());
        frame[byte] ^= 1 << bit;
        prop_assert_ne!(head(&changed), head(&frames));
    }

    #[test]
    fn a_dropped_frame_is_detected(frames in frames(), at: prop::sample::Index) {
        let mut changed = frames.clone();
        changed.remove(at.index(frames.len()));
        prop_assert_ne!(head(&changed), head(&frames));
    }

    #[test]
    fn two_swapped_frames_are_detected(frames in frames(), a: prop::sample::Index, b: prop::sample::Index) {
        let (a, b) = (a.index(frames.len()), b.index(frames.len()));
        prop_assume!(frames[a] != frames[b]);
        let mut changed = frames.clone();
        changed.swap(a, b);
        prop_assert_ne!(head(&changed), head(&frames));
    }

    #[test]
    fn an_inserted_frame_is_detected(frames in frames(), at: prop::sample::Index, frame in vec(any::<u8>(), 0..40)) {
        let mut changed = frames.clone();
        changed.insert(at.index(frames.len() + 1), frame);
        prop_assert_ne!(head(&changed), head(&frames));
    }
}

use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const RUN: RunId = RunId(Uuid::from_u128(0x0197_a1b2_c3d4_7e5f_8a9b_0c1d_2e3f_4a5b));

fn head(frames: &[Vec<u8>]) -> Digest {
    let mut chain = Chain::new(RUN);
    for frame in frames {
        chain.push(frame);
    }
    chain.head()
}

#[test]
fn a_link_is_the_digest_of_domain_run_seq_previous_and_bytes() {
    let mut bytes = b"assay.frame.v1".to_vec();
    bytes.extend(RUN.0.as_bytes());
    bytes.extend([0, 0, 0, 0, 0, 0, 1, 2]);
    bytes.extend([0; 32]);
    bytes.extend(b"{}");
    assert_eq!(link(RUN, 258, &Digest::ZERO, b"{}"), Digest::of(bytes));
}

#[test]
fn a_chain_without_frames_has_the_zero_head() {
    assert_eq!((Chain::new(RUN).seq(), Chain::new(RUN).head()), (0, Digest::ZERO));
}

#[test]
fn the_same_frames_of_another_run_have_another_head() {
    assert_ne!(link(RUN, 1, &Digest::ZERO, b"{}"), link(RunId(Uuid::nil()), 1, &Digest::ZERO, b"{}"));
}

fn frames() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(any::<u8>(), 1..40), 2..12)
}

proptest! {
    #[test]
    fn a_resumed_chain_reaches_the_same_head(frames in frames(), at: prop::sample::Index) {
        let at = at.index(frames.len());
        let before = head(&frames[..at]);
        let mut chain = Chain::resume(RUN, at as u64, before);
        for frame in &frames[at..] {
            chain.push(frame);
        }
        prop_assert_eq!((chain.seq(), chain.head()), (frames.len() as u64, head(&frames)));
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

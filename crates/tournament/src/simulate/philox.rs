//! Philox4x32-10 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): four random
//! words from a counter and a key, without any state, so that every draw of every simulation is reached at once.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::words::Words;

const ROUNDS: usize = 10;
const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Four words for the counter of each lane under one key.
#[inline(always)]
pub(super) fn philox<W: Words>(counter: [W; 4], key: [u32; 2]) -> [W; 4] {
    // Products are twice as wide as words, so even and odd lanes go apart and meet only at the end.
    // No closures here: one that is not inlined would pass its registers through memory.
    let [a, b, c, d] = counter;
    let even = even_lanes(counter, key);
    let odd = even_lanes([a.odd_as_even(), b.odd_as_even(), c.odd_as_even(), d.odd_as_even()], key);
    [
        W::interleave(even[0], odd[0]),
        W::interleave(even[1], odd[1]),
        W::interleave(even[2], odd[2]),
        W::interleave(even[3], odd[3]),
    ]
}

/// The words of even lanes; odd lanes hold what nobody reads.
#[inline(always)]
fn even_lanes<W: Words>(counter: [W; 4], key: [u32; 2]) -> [W; 4] {
    let mut words = counter;
    let mut key = key;
    for _ in 0..ROUNDS {
        let product0 = words[0].even_times(MULTIPLIERS[0]);
        let product1 = words[2].even_times(MULTIPLIERS[1]);
        let (key0, key1) = (W::splat(key[0]), W::splat(key[1]));
        words = [
            product1.odd_as_even().xor(words[1]).xor(key0),
            product1,
            product0.odd_as_even().xor(words[3]).xor(key1),
            product0,
        ];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::words::Plain;
    use super::*;

    /// The known answers that the authors publish with Random123 (`kat_vectors`).
    #[test]
    fn known_answers_hold() {
        let one = |counter: [u32; 4], key| {
            philox(counter.map(Plain::splat), key).map(|words| {
                let mut lanes = [0; 8];
                words.store(&mut lanes);
                lanes[0]
            })
        };
        assert_eq!(one([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(one([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            one([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }
}

//! Registers of 32-bit words, one per simulation: plain arrays, AVX2 and AVX-512.
//!
//! # Safety
//!
//! Every `unsafe` block here is one of three kinds. *An intrinsic*: it needs its instruction set, and values of these
//! types are only ever made inside the functions of [`super::lanes`] that were compiled for it and are called only
//! where the processor has it. *A load or store*: the slice was cut to the register's length just before, and the
//! unaligned instructions ask for nothing else. *A gather*: the caller's indices are `a·teams + b` of two teams into a
//! table of `teams²` words, which `gather` asserts in debug builds; the plain twin reads the same words with bounds checked.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

/// A register of words; every operation is lane by lane.
pub(super) trait Words: Copy {
    /// One truth a lane.
    type Mask: Copy;
    /// Lanes.
    const LANES: usize;

    /// One word in all lanes.
    fn splat(word: u32) -> Self;
    /// The words `first + 0`, `first + 1` … modulo 2³².
    fn count_from(first: u32) -> Self;
    /// Exclusive or.
    fn xor(self, other: Self) -> Self;
    /// Or.
    fn or(self, other: Self) -> Self;
    /// The words of even lanes times a factor; the high half of each product stands in the odd lane after it.
    fn even_times(self, factor: u32) -> Self;
    /// The words of odd lanes in the even lanes before them.
    fn odd_as_even(self) -> Self;
    /// The even lanes of both, those of `odd` in the odd lanes.
    fn interleave(even: Self, odd: Self) -> Self;
    /// Shifted right by two bits.
    fn without_two_bits(self) -> Self;
    /// `self·factor + other` modulo 2³², where the result is below 2³¹.
    fn times_plus(self, factor: u32, other: Self) -> Self;
    /// Where words below 2³¹ are less.
    fn less(self, other: Self) -> Self::Mask;
    /// Where words are equal.
    fn equal(self, other: Self) -> Self::Mask;
    /// `yes` where the mask is set, else `no`.
    fn pick(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// The words of a table at these indices, each below its length.
    fn gather(self, table: &[u32]) -> Self;
    /// Whether all words are below a length.
    fn all_below(self, length: usize) -> bool {
        let mut words = [0; 16];
        self.store(&mut words);
        words[..Self::LANES].iter().all(|&at| (at as usize) < length)
    }
    /// The words at the start of a slice of at least as many.
    fn load(from: &[u32]) -> Self;
    /// Writes the words to the start of a slice of at least as many.
    fn store(self, to: &mut [u32]);
}

/// Eight words that every processor has.
#[derive(Clone, Copy)]
pub(super) struct Plain([u32; 8]);

/// A register made word by word. A loop and not a closure: closures are not inlined where it counts.
macro_rules! each {
    (|$lane:ident| $word:expr) => {{
        let mut words = [0; 8];
        let mut $lane = 0;
        while $lane < 8 {
            words[$lane] = $word;
            $lane += 1;
        }
        Self(words)
    }};
}

impl Words for Plain {
    /// All bits of a word set, or none.
    type Mask = [u32; 8];
    const LANES: usize = 8;

    #[inline(always)]
    fn splat(word: u32) -> Self {
        Self([word; 8])
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "eight lanes")]
    fn count_from(first: u32) -> Self {
        each!(|lane| first.wrapping_add(lane as u32))
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        each!(|lane| self.0[lane] ^ other.0[lane])
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        each!(|lane| self.0[lane] | other.0[lane])
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "the halves are what is meant")]
    fn even_times(self, factor: u32) -> Self {
        each!(|lane| ((u64::from(self.0[lane / 2 * 2]) * u64::from(factor)) >> (32 * (lane % 2))) as u32)
    }

    #[inline(always)]
    fn odd_as_even(self) -> Self {
        each!(|lane| self.0[lane | 1])
    }

    #[inline(always)]
    fn interleave(even: Self, odd: Self) -> Self {
        each!(|lane| if lane % 2 == 0 { even.0[lane] } else { odd.0[lane - 1] })
    }

    #[inline(always)]
    fn without_two_bits(self) -> Self {
        each!(|lane| self.0[lane] >> 2)
    }

    #[inline(always)]
    fn times_plus(self, factor: u32, other: Self) -> Self {
        each!(|lane| self.0[lane].wrapping_mul(factor).wrapping_add(other.0[lane]))
    }

    #[inline(always)]
    fn less(self, other: Self) -> Self::Mask {
        let Self(mask) = each!(|lane| u32::from(self.0[lane] < other.0[lane]).wrapping_neg());
        mask
    }

    #[inline(always)]
    fn equal(self, other: Self) -> Self::Mask {
        let Self(mask) = each!(|lane| u32::from(self.0[lane] == other.0[lane]).wrapping_neg());
        mask
    }

    #[inline(always)]
    fn pick(mask: Self::Mask, yes: Self, no: Self) -> Self {
        each!(|lane| (mask[lane] & yes.0[lane]) | (!mask[lane] & no.0[lane]))
    }

    #[inline(always)]
    fn gather(self, table: &[u32]) -> Self {
        each!(|lane| table[self.0[lane] as usize])
    }

    #[inline(always)]
    fn load(from: &[u32]) -> Self {
        let from = &from[..8];
        each!(|lane| from[lane])
    }

    #[inline(always)]
    fn store(self, to: &mut [u32]) {
        to[..8].copy_from_slice(&self.0);
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{Eight, Sixteen};

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "arrays compile to a tenth of the speed, by the bench of this crate")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, __m512i, __mmask16, _mm256_add_epi32, _mm256_blend_epi32, _mm256_blendv_epi8,
        _mm256_cmpeq_epi32, _mm256_cmpgt_epi32, _mm256_i32gather_epi32, _mm256_loadu_si256, _mm256_mul_epu32,
        _mm256_mullo_epi32, _mm256_or_si256, _mm256_set1_epi32, _mm256_setr_epi32, _mm256_slli_epi64,
        _mm256_srli_epi32, _mm256_srli_epi64, _mm256_storeu_si256, _mm256_xor_si256, _mm512_add_epi32,
        _mm512_cmpeq_epi32_mask, _mm512_cmplt_epu32_mask, _mm512_i32gather_epi32, _mm512_loadu_si512,
        _mm512_mask_blend_epi32, _mm512_mul_epu32, _mm512_mullo_epi32, _mm512_or_si512, _mm512_set1_epi32,
        _mm512_setr_epi32, _mm512_slli_epi64, _mm512_srli_epi32, _mm512_srli_epi64, _mm512_storeu_si512,
        _mm512_xor_si512,
    };

    use super::Words;

    /// One register of AVX2.
    #[derive(Clone, Copy)]
    pub(in super::super) struct Eight(__m256i);

    /// One register of AVX-512.
    #[derive(Clone, Copy)]
    pub(in super::super) struct Sixteen(__m512i);

    impl Words for Eight {
        type Mask = __m256i;
        const LANES: usize = 8;

        #[inline(always)]
        fn splat(word: u32) -> Self {
            // SAFETY: an intrinsic, see the module.
            Self(unsafe { _mm256_set1_epi32(word.cast_signed()) })
        }

        #[inline(always)]
        fn count_from(first: u32) -> Self {
            // SAFETY: intrinsics, see the module.
            Self(unsafe {
                _mm256_add_epi32(
                    _mm256_set1_epi32(first.cast_signed()),
                    _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7),
                )
            })
        }

        #[inline(always)]
        fn xor(self, other: Self) -> Self {
            // SAFETY: an intrinsic, see the module.
            Self(unsafe { _mm256_xor_si256(self.0, other.0) })
        }

        #[inline(always)]
        fn or(self, other: Self) -> Self {
            // SAFETY: an intrinsic, see the module.
            Self(unsafe { _mm256_or_si256(self.0, other.0) })
        }

        #[inline(always)]
        fn even_times(self, factor: u32) -> Self {
            // SAFETY: intrinsics, see the module.
            Self(unsafe { _mm256_mul_epu32(self.0, _mm256_set1_epi32(factor.cast_signed())) })
        }

        #[inline(always)]
        fn odd_as_even(self) -> Self {
            // SAFETY: an intrinsic, see the module.
            Self(unsafe { _mm256_srli_epi64::<32>(self.0) })
        }

        #[inline(always)]
        fn interleave(even: Self, odd: Self) -> Self {
            // SAFETY: intrinsics, see the module.
            Self(unsafe { _mm256_blend_epi32::<0b1010_1010>(even.0, _mm256_slli_epi64::<32>(odd.0)) })
        }

        #[inline(always)]
        fn without_two_bits(self) -> Self {
            // SAFETY: an intrinsic, see the module.
            Self(unsafe { _mm256_srli_epi32::<2>(self.0) })
        }

        #[inline(always)]
        fn times_plus(self, factor: u32, other: Self) -> Self {
            // SAFETY: intrinsics, see the module.
            Self(unsafe {
                _mm256_add_epi32(_mm256_mullo_epi32(self.0, _mm256_set1_epi32(factor.cast_signed())), other.0)
            })
        }

        #[inline(always)]
        fn less(self, other: Self) -> Self::Mask {
            // SAFETY: an intrinsic, see the module.
            unsafe { _mm256_cmpgt_epi32(other.0, self.0) }
        }

        #[inline(always)]
        fn equal(self, other: Self) -> Self::Mask {
            // SAFETY: an intrinsic, see the module.
            unsafe { _mm256_cmpeq_epi32(self.0, other.0) }
        }

        #[inline(always)]
        fn pick(mask: Self::Mask, yes: Self, no: Self) -> Self {
            // SAFETY: an intrinsic, see the module.
            Self(unsafe { _mm256_blendv_epi8(no.0, yes.0, mask) })
        }

        #[inline(always)]
        fn gather(self, table: &[u32]) -> Self {
            debug_assert!(Self::all_below(self, table.len()));
            // SAFETY: a gather, see the module.
            Self(unsafe { _mm256_i32gather_epi32::<4>(table.as_ptr().cast(), self.0) })
        }

        #[inline(always)]
        fn load(from: &[u32]) -> Self {
            let from = &from[..Self::LANES];
            // SAFETY: a load, see the module.
            Self(unsafe { _mm256_loadu_si256(from.as_ptr().cast()) })
        }

        #[inline(always)]
        fn store(self, to: &mut [u32]) {
            let to = &mut to[..Self::LANES];
            // SAFETY: a store, see the module.
            unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), self.0) }
        }
    }

    impl Words for Sixteen {
        type Mask = __mmask16;
        const LANES: usize = 16;

        #[inline(always)]
        fn splat(word: u32) -> Self {
            // SAFETY: an intrinsic, see the module.
            Self(unsafe { _mm512_set1_epi32(word.cast_signed()) })
        }

        #[inline(always)]
        fn count_from(first: u32) -> Self {
            // SAFETY: intrinsics, see the module.
            Self(unsafe {
                let lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
                _mm512_add_epi32(_mm512_set1_epi32(first.cast_signed()), lanes)
            })
        }

        #[inline(always)]
        fn xor(self, other: Self) -> Self {
            // SAFETY: an intrinsic, see the module.
            Self(unsafe { _mm512_xor_si512(self.0, other.0) })
        }

        #[inline(always)]
        fn or(self, other: Self) -> Self {
            // SAFETY: an intrinsic, see the module.
            Self(unsafe { _mm512_or_si512(self.0, other.0) })
        }

        #[inline(always)]
        fn even_times(self, factor: u32) -> Self {
            // SAFETY: intrinsics, see the module.
            Self(unsafe { _mm512_mul_epu32(self.0, _mm512_set1_epi32(factor.cast_signed())) })
        }

        #[inline(always)]
        fn odd_as_even(self) -> Self {
            // SAFETY: an intrinsic, see the module.
            Self(unsafe { _mm512_srli_epi64::<32>(self.0) })
        }

        #[inline(always)]
        fn interleave(even: Self, odd: Self) -> Self {
            // SAFETY: intrinsics, see the module.
            Self(unsafe {
                _mm512_mask_blend_epi32(0b1010_1010_1010_1010, even.0, _mm512_slli_epi64::<32>(odd.0))
            })
        }

        #[inline(always)]
        fn without_two_bits(self) -> Self {
            // SAFETY: an intrinsic, see the module.
            Self(unsafe { _mm512_srli_epi32::<2>(self.0) })
        }

        #[inline(always)]
        fn times_plus(self, factor: u32, other: Self) -> Self {
            // SAFETY: intrinsics, see the module.
            Self(unsafe {
                _mm512_add_epi32(_mm512_mullo_epi32(self.0, _mm512_set1_epi32(factor.cast_signed())), other.0)
            })
        }

        #[inline(always)]
        fn less(self, other: Self) -> Self::Mask {
            // SAFETY: an intrinsic, see the module.
            unsafe { _mm512_cmplt_epu32_mask(self.0, other.0) }
        }

        #[inline(always)]
        fn equal(self, other: Self) -> Self::Mask {
            // SAFETY: an intrinsic, see the module.
            unsafe { _mm512_cmpeq_epi32_mask(self.0, other.0) }
        }

        #[inline(always)]
        fn pick(mask: Self::Mask, yes: Self, no: Self) -> Self {
            // SAFETY: an intrinsic, see the module.
            Self(unsafe { _mm512_mask_blend_epi32(mask, no.0, yes.0) })
        }

        #[inline(always)]
        fn gather(self, table: &[u32]) -> Self {
            debug_assert!(Self::all_below(self, table.len()));
            // SAFETY: a gather, see the module.
            Self(unsafe { _mm512_i32gather_epi32::<4>(self.0, table.as_ptr().cast()) })
        }

        #[inline(always)]
        fn load(from: &[u32]) -> Self {
            let from = &from[..Self::LANES];
            // SAFETY: a load, see the module.
            Self(unsafe { _mm512_loadu_si512(from.as_ptr().cast()) })
        }

        #[inline(always)]
        fn store(self, to: &mut [u32]) {
            let to = &mut to[..Self::LANES];
            // SAFETY: a store, see the module.
            unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), self.0) }
        }
    }
}

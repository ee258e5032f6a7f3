//! Registers of AVX2 (two halves) and AVX-512.
//!
//! # Safety
//!
//! Every `unsafe` block here is one of two kinds. *An intrinsic*: it needs its instruction set, and values of these
//! types are only ever made inside [`run_avx2`] and [`run_avx512`], which [`super::run_on`] calls only for a path that
//! [`super::Path::all`] found on this processor. *A load or store*: the slice was cut to the register's length just
//! before, and the unaligned instructions ask for nothing else.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]
#![expect(unsafe_code, reason = "explicit registers are 3 to 8 times faster than what arrays compile to")]

use std::arch::x86_64::{
    __m256, __m256d, __m512, __m512d, _CMP_LT_OQ, _mm256_add_pd, _mm256_add_ps, _mm256_blendv_pd,
    _mm256_blendv_ps, _mm256_cmp_pd, _mm256_cmp_ps, _mm256_div_pd, _mm256_div_ps, _mm256_fmadd_pd,
    _mm256_fmadd_ps, _mm256_loadu_pd, _mm256_loadu_ps, _mm256_mul_pd, _mm256_mul_ps, _mm256_set1_pd,
    _mm256_set1_ps, _mm256_storeu_pd, _mm256_storeu_ps, _mm256_sub_pd, _mm256_sub_ps, _mm512_add_pd,
    _mm512_add_ps, _mm512_cmp_pd_mask, _mm512_cmp_ps_mask, _mm512_div_pd, _mm512_div_ps, _mm512_fmadd_pd,
    _mm512_fmadd_ps, _mm512_loadu_pd, _mm512_loadu_ps, _mm512_mask_blend_pd, _mm512_mask_blend_ps,
    _mm512_mul_pd, _mm512_mul_ps, _mm512_set1_pd, _mm512_set1_ps, _mm512_storeu_pd, _mm512_storeu_ps,
    _mm512_sub_pd, _mm512_sub_ps,
};

use super::{Lanes, Task};

pub(super) fn run_avx2<K: Task>(task: K) -> K::Output {
    // SAFETY: the caller has found AVX2 and FMA on this processor.
    unsafe { inside_avx2(task) }
}

pub(super) fn run_avx512<K: Task>(task: K) -> K::Output {
    // SAFETY: the caller has found AVX-512F, AVX2 and FMA on this processor.
    unsafe { inside_avx512(task) }
}

#[target_feature(enable = "avx2,fma")]
fn inside_avx2<K: Task>(task: K) -> K::Output {
    task.run::<Halves<Whole<__m256>>, Halves<Whole<__m256d>>>()
}

#[target_feature(enable = "avx512f,avx2,fma")]
fn inside_avx512<K: Task>(task: K) -> K::Output {
    task.run::<Whole<__m512>, Whole<__m512d>>()
}

/// One register; those of AVX2 are half as wide as a [`Task`] asks for, and serve as [`Lanes::Register`] only.
#[derive(Clone, Copy)]
struct Whole<R>(R);

/// Two registers as one: AVX2 has half the lanes a [`Task`] asks for.
#[derive(Clone, Copy)]
struct Halves<R>(R, R);

macro_rules! whole {
    ($register:ty, $number:ty, $width:literal, $set:ident, $load:ident, $store:ident, $add:ident, $sub:ident,
     $mul:ident, $div:ident, $fma:ident, $less:ident, $blend:ident) => {
        impl Lanes for Whole<$register> {
            type Number = $number;
            type Register = Self;
            const WIDTH: usize = $width;

            #[inline(always)]
            fn splat(value: $number) -> Self {
                // SAFETY: an intrinsic.
                Self(unsafe { $set(value) })
            }

            #[inline(always)]
            fn load(from: &[$number]) -> Self {
                let from = &from[..$width];
                // SAFETY: a load.
                Self(unsafe { $load(from.as_ptr()) })
            }

            #[inline(always)]
            fn store(self, to: &mut [$number]) {
                let to = &mut to[..$width];
                // SAFETY: a store.
                unsafe { $store(to.as_mut_ptr(), self.0) }
            }

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                // SAFETY: an intrinsic.
                Self(unsafe { $add(self.0, other.0) })
            }

            #[inline(always)]
            fn minus(self, other: Self) -> Self {
                // SAFETY: an intrinsic.
                Self(unsafe { $sub(self.0, other.0) })
            }

            #[inline(always)]
            fn times(self, other: Self) -> Self {
                // SAFETY: an intrinsic.
                Self(unsafe { $mul(self.0, other.0) })
            }

            #[inline(always)]
            fn over(self, other: Self) -> Self {
                // SAFETY: an intrinsic.
                Self(unsafe { $div(self.0, other.0) })
            }

            #[inline(always)]
            fn times_plus(self, factor: Self, addend: Self) -> Self {
                // SAFETY: an intrinsic.
                Self(unsafe { $fma(self.0, factor.0, addend.0) })
            }

            #[inline(always)]
            fn if_less(self, other: Self, then: Self, otherwise: Self) -> Self {
                // SAFETY: two intrinsics.
                Self(unsafe { $blend($less::<_CMP_LT_OQ>(self.0, other.0), otherwise.0, then.0) })
            }
        }
    };
}

impl<R: Lanes> Lanes for Halves<R> {
    type Number = R::Number;
    type Register = R;
    const WIDTH: usize = 2 * R::WIDTH;

    #[inline(always)]
    fn splat(value: R::Number) -> Self {
        Self(R::splat(value), R::splat(value))
    }

    #[inline(always)]
    fn load(from: &[R::Number]) -> Self {
        Self(R::load(from), R::load(&from[R::WIDTH..]))
    }

    #[inline(always)]
    fn store(self, to: &mut [R::Number]) {
        self.0.store(to);
        self.1.store(&mut to[R::WIDTH..]);
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self(self.0.plus(other.0), self.1.plus(other.1))
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        Self(self.0.minus(other.0), self.1.minus(other.1))
    }

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        Self(self.0.times(other.0), self.1.times(other.1))
    }

    #[inline(always)]
    fn over(self, other: Self) -> Self {
        Self(self.0.over(other.0), self.1.over(other.1))
    }

    #[inline(always)]
    fn times_plus(self, factor: Self, addend: Self) -> Self {
        Self(self.0.times_plus(factor.0, addend.0), self.1.times_plus(factor.1, addend.1))
    }

    #[inline(always)]
    fn if_less(self, other: Self, then: Self, otherwise: Self) -> Self {
        Self(self.0.if_less(other.0, then.0, otherwise.0), self.1.if_less(other.1, then.1, otherwise.1))
    }
}

/// `then` where the mask is set.
#[inline]
#[target_feature(enable = "avx")]
fn pick_ps(mask: __m256, otherwise: __m256, then: __m256) -> __m256 {
    _mm256_blendv_ps(otherwise, then, mask)
}

/// `then` where the mask is set.
#[inline]
#[target_feature(enable = "avx")]
fn pick_pd(mask: __m256d, otherwise: __m256d, then: __m256d) -> __m256d {
    _mm256_blendv_pd(otherwise, then, mask)
}

whole!(
    __m512,
    f32,
    16,
    _mm512_set1_ps,
    _mm512_loadu_ps,
    _mm512_storeu_ps,
    _mm512_add_ps,
    _mm512_sub_ps,
    _mm512_mul_ps,
    _mm512_div_ps,
    _mm512_fmadd_ps,
    _mm512_cmp_ps_mask,
    _mm512_mask_blend_ps
);
whole!(
    __m512d,
    f64,
    8,
    _mm512_set1_pd,
    _mm512_loadu_pd,
    _mm512_storeu_pd,
    _mm512_add_pd,
    _mm512_sub_pd,
    _mm512_mul_pd,
    _mm512_div_pd,
    _mm512_fmadd_pd,
    _mm512_cmp_pd_mask,
    _mm512_mask_blend_pd
);
whole!(
    __m256,
    f32,
    8,
    _mm256_set1_ps,
    _mm256_loadu_ps,
    _mm256_storeu_ps,
    _mm256_add_ps,
    _mm256_sub_ps,
    _mm256_mul_ps,
    _mm256_div_ps,
    _mm256_fmadd_ps,
    _mm256_cmp_ps,
    pick_ps
);
whole!(
    __m256d,
    f64,
    4,
    _mm256_set1_pd,
    _mm256_loadu_pd,
    _mm256_storeu_pd,
    _mm256_add_pd,
    _mm256_sub_pd,
    _mm256_mul_pd,
    _mm256_div_pd,
    _mm256_fmadd_pd,
    _mm256_cmp_pd,
    pick_pd
);

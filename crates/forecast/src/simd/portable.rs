//! Registers as arrays: what every processor can do, and the reference the other paths are tested against.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::{Lanes, Real};

impl Real for f32 {
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "the nearest value is what is meant")]
    fn of(value: f64) -> Self {
        value as Self
    }
}

impl Real for f64 {
    #[inline(always)]
    fn of(value: f64) -> Self {
        value
    }
}

/// `N` numbers of an array.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Portable<T, const N: usize>([T; N]);

macro_rules! portable {
    ($number:ty) => {
        impl<const N: usize> Lanes for Portable<$number, N> {
            type Number = $number;
            type Register = Self;
            const WIDTH: usize = N;

            #[inline(always)]
            fn splat(value: $number) -> Self {
                Self([value; N])
            }

            #[inline(always)]
            fn load(from: &[$number]) -> Self {
                Self(std::array::from_fn(|at| from[at]))
            }

            #[inline(always)]
            fn store(self, to: &mut [$number]) {
                to[..N].copy_from_slice(&self.0);
            }

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                Self(std::array::from_fn(|at| self.0[at] + other.0[at]))
            }

            #[inline(always)]
            fn minus(self, other: Self) -> Self {
                Self(std::array::from_fn(|at| self.0[at] - other.0[at]))
            }

            #[inline(always)]
            fn times(self, other: Self) -> Self {
                Self(std::array::from_fn(|at| self.0[at] * other.0[at]))
            }

            #[inline(always)]
            fn over(self, other: Self) -> Self {
                Self(std::array::from_fn(|at| self.0[at] / other.0[at]))
            }

            #[inline(always)]
            fn times_plus(self, factor: Self, addend: Self) -> Self {
                Self(std::array::from_fn(|at| self.0[at].mul_add(factor.0[at], addend.0[at])))
            }

            #[inline(always)]
            fn if_less(self, other: Self, then: Self, otherwise: Self) -> Self {
                let pick = |at: usize| if self.0[at] < other.0[at] { then.0[at] } else { otherwise.0[at] };
                Self(std::array::from_fn(pick))
            }
        }
    };
}

portable!(f32);
portable!(f64);

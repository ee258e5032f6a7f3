//! Many numbers at once, with the same bits on every machine.
//!
//! A [`Task`] is written once over [`Lanes`] and runs in the widest registers the processor has. Every path performs
//! the same operations in the same order, and a fused multiply-add is fused on all of them, so the result does not
//! depend on the path: `every_path_gives_the_same_bits` tests that. On `aarch64` the portable path is compiled with
//! that architecture's vector instructions, which are always there.

#[cfg(target_arch = "x86_64")]
mod x86;

mod portable;

use std::sync::OnceLock;

pub(crate) use portable::Portable;

/// A number a lane can hold.
pub(crate) trait Real: Copy + PartialOrd + Default + Send + Sync + 'static {
    /// The nearest value.
    fn of(value: f64) -> Self;
}

/// A register of `N` numbers.
pub(crate) trait Lanes: Copy {
    /// What a lane holds.
    type Number: Real;
    /// One register of the processor, of which `Self` may be several: for work that fits its own number of them.
    type Register: Lanes<Number = Self::Number>;
    /// Lanes of a register.
    const WIDTH: usize;
    /// The same number in every lane.
    fn splat(value: Self::Number) -> Self;
    /// The first `WIDTH` numbers of a slice.
    fn load(from: &[Self::Number]) -> Self;
    /// Writes the lanes to the start of a slice.
    fn store(self, to: &mut [Self::Number]);
    /// `self + other`.
    fn plus(self, other: Self) -> Self;
    /// `self − other`.
    fn minus(self, other: Self) -> Self;
    /// `self · other`.
    fn times(self, other: Self) -> Self;
    /// `self / other`.
    fn over(self, other: Self) -> Self;
    /// `self · factor + addend`, rounded once.
    fn times_plus(self, factor: Self, addend: Self) -> Self;
    /// In each lane `then` where `self < other`, and `otherwise` where it is not or either is `NaN`.
    fn if_less(self, other: Self, then: Self, otherwise: Self) -> Self;
}

/// Work over registers of sixteen `f32` and of eight `f64`.
///
/// `run` and all it calls must be `#[inline(always)]`: only then are they compiled with the instructions of the path
/// that was chosen.
pub(crate) trait Task {
    /// What the work gives.
    type Output;
    /// Does the work.
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output;
}

/// The registers to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Path {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Path {
    /// Every path this processor can take.
    pub(crate) fn all() -> Vec<Self> {
        let mut paths = vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                paths.push(Self::Avx2);
                if is_x86_feature_detected!("avx512f") {
                    paths.push(Self::Avx512);
                }
            }
        }
        paths
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Portable if cfg!(target_arch = "aarch64") => "neon",
            Self::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => "avx512",
        }
    }
}

static CHOSEN: OnceLock<Path> = OnceLock::new();

/// The path of this process: the widest this processor has, unless [`limit_simd`] came first.
fn chosen() -> Path {
    *CHOSEN.get_or_init(|| Path::all().pop().unwrap_or(Path::Portable))
}

/// A path that cannot be chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SimdError {
    /// The processor has no such registers.
    #[error("this processor has no {asked}; it has {}", .has.join(", "))]
    Absent {
        /// What was asked for.
        asked: String,
        /// What there is.
        has: Vec<&'static str>,
    },
    /// Something has been computed already.
    #[error("the registers are chosen before the first model computes")]
    TooLate,
}

/// Computes in these registers from now on, by one of the names of [`simd_path`]. Results are the same in all of them:
/// this is for checking that, and for comparing speeds.
///
/// # Errors
///
/// Fails if the processor has no such registers, or if a model has computed in others already.
pub fn limit_simd(name: &str) -> Result<(), SimdError> {
    let all = Path::all();
    let Some(&path) = all.iter().find(|path| path.name() == name) else {
        let has = all.into_iter().map(Path::name).collect();
        return Err(SimdError::Absent { asked: name.to_owned(), has });
    };
    if *CHOSEN.get_or_init(|| path) == path { Ok(()) } else { Err(SimdError::TooLate) }
}

/// The registers this process computes in, for a report: results are the same in all of them.
pub fn simd_path() -> &'static str {
    chosen().name()
}

/// Does the work in the registers of this process.
pub(crate) fn run<K: Task>(task: K) -> K::Output {
    run_on(chosen(), task)
}

/// Does the work on one path, which must be among [`Path::all`].
pub(crate) fn run_on<K: Task>(path: Path, task: K) -> K::Output {
    match path {
        Path::Portable => task.run::<Portable<f32, 16>, Portable<f64, 8>>(),
        #[cfg(target_arch = "x86_64")]
        Path::Avx2 => x86::run_avx2(task),
        #[cfg(target_arch = "x86_64")]
        Path::Avx512 => x86::run_avx512(task),
    }
}

#[cfg(test)]
#[expect(clippy::inline_always, reason = "inlined into the function whose instructions were chosen")]
mod tests {
    use super::*;

    /// A chaotic recurrence through every operation, so that any difference in rounding shows.
    struct Mixed;

    impl Task for Mixed {
        type Output = (Vec<u32>, Vec<u64>);

        #[inline(always)]
        fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Self::Output {
            let (mut narrow, mut wide) = ([0.0; 16], [0.0; 8]);
            mix::<F>().store(&mut narrow);
            mix::<D>().store(&mut wide);
            (narrow.map(f32::to_bits).to_vec(), wide.map(f64::to_bits).to_vec())
        }
    }

    #[inline(always)]
    fn mix<S: Lanes>() -> S {
        let start: Vec<S::Number> = (0..S::WIDTH).map(|at| S::Number::of(0.1 + 0.05 * at as f64)).collect();
        let (one, r) = (S::splat(S::Number::of(1.0)), S::splat(S::Number::of(3.9)));
        let mut x = S::load(&start);
        for _ in 0..100 {
            let next = r.times(x).times(one.minus(x));
            x = next
                .times_plus(one, x.over(S::splat(S::Number::of(1e6))))
                .minus(x.over(S::splat(S::Number::of(1e6))));
            x = x.plus(S::splat(S::Number::of(1e-9)));
            x = x.if_less(S::splat(S::Number::of(0.3)), x.plus(S::splat(S::Number::of(1e-3))), x);
        }
        x
    }

    #[test]
    fn every_path_gives_the_same_bits() {
        let expected = run_on(Path::Portable, Mixed);
        for path in Path::all() {
            assert_eq!(run_on(path, Mixed), expected, "{path:?}");
        }
    }
}

//! The forms of smoothing and the parameters that are tried for each.

use std::sync::LazyLock;

/// How a season enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Season {
    None,
    Additive,
    Multiplicative,
}

/// How a trend enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trend {
    None,
    Full,
    Damped,
}

/// What is smoothed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Form {
    pub(crate) trend: Trend,
    pub(crate) season: Season,
}

/// Smoothing parameters: `beta` is the absolute weight of the error in the trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) alpha: f64,
    pub(crate) beta: f64,
    pub(crate) gamma: f64,
    pub(crate) phi: f64,
}

impl Candidate {
    /// How implausible the parameters are before any data, in units of `−2 log` likelihood: a trend that turns with
    /// every error needs evidence. Its weight fades as one over the length of the history. Without it, the trends of
    /// short histories are worse than those of libraries whose optimisers stop early.
    pub(crate) fn penalty(self) -> f64 {
        const TREND: f64 = 20.0;
        TREND * self.beta / self.alpha
    }
}

/// Candidates that run in one pass.
pub(crate) const WIDTH: usize = 32;

pub(crate) type Candidates = [Candidate; WIDTH];

impl Form {
    pub(crate) const LEVEL: Self = Self { trend: Trend::None, season: Season::None };
    pub(crate) const HOLT: Self = Self { trend: Trend::Full, season: Season::None };
    pub(crate) const DAMPED: Self = Self { trend: Trend::Damped, season: Season::None };

    pub(crate) const fn with(self, season: Season) -> Self {
        Self { trend: self.trend, season }
    }

    /// Numbers that are estimated, the error's variance included: for `AICc`.
    pub(crate) const fn parameters(self, period: usize) -> usize {
        let trend = match self.trend {
            Trend::None => 0,
            Trend::Full => 2,
            Trend::Damped => 3,
        };
        let season = match self.season {
            Season::None => 0,
            _ => period,
        };
        3 + trend + season
    }

    /// The fixed grid.
    pub(crate) fn grid(self) -> &'static Candidates {
        static GRIDS: LazyLock<[Candidates; 6]> = LazyLock::new(|| {
            let form = |at: usize| {
                let trend = [Trend::None, Trend::Full, Trend::Damped][at / 2];
                let season = if at.is_multiple_of(2) { Season::None } else { Season::Additive };
                grid(Form { trend, season })
            };
            std::array::from_fn(form)
        });
        let trend = match self.trend {
            Trend::None => 0,
            Trend::Full => 1,
            Trend::Damped => 2,
        };
        &GRIDS[2 * trend + usize::from(self.season != Season::None)]
    }

    /// Candidates around one, in a box that shrinks with the round.
    pub(crate) fn around(self, center: Candidate, round: usize) -> Candidates {
        static OFFSETS: LazyLock<[[f64; 4]; WIDTH]> = LazyLock::new(|| {
            std::array::from_fn(|at| [2, 3, 5, 7].map(|base| 2.0 * halton(at + 1, base) - 1.0))
        });
        let radius = [0.5, 0.15, 0.05][round.min(2)];
        let mut all = OFFSETS.map(|[a, b, c, d]| {
            let near = |value: f64, low: f64, high: f64, offset: f64| {
                let reach =
                    radius * (2.0 * (value - low) * (high - value) / (high - low) + 0.1 * (high - low));
                reach.mul_add(offset, value).clamp(low, high)
            };
            let alpha = near(center.alpha, 0.001, 0.999, a);
            let (beta, phi) = match self.trend {
                Trend::None => (0.0, 0.0),
                Trend::Full => (near(center.beta / center.alpha, 0.001, 0.99, b) * alpha, 1.0),
                Trend::Damped => {
                    (near(center.beta / center.alpha, 0.001, 0.99, b) * alpha, near(center.phi, 0.8, 0.98, d))
                }
            };
            let gamma = match self.season {
                Season::None => 0.0,
                _ => near(center.gamma / (1.0 - center.alpha), 0.001, 0.99, c) * (1.0 - alpha),
            };
            Candidate { alpha, beta, gamma, phi }
        });
        all[0] = center;
        all
    }
}

fn grid(form: Form) -> Candidates {
    let mut all = Vec::with_capacity(WIDTH);
    for &alpha in alphas(form) {
        for &(share, phi) in trends(form) {
            for &season in seasons(form) {
                all.push(Candidate { alpha, beta: share * alpha, gamma: season * (1.0 - alpha), phi });
            }
        }
    }
    all.try_into().expect("the lists multiply to the width")
}

fn alphas(form: Form) -> &'static [f64] {
    const LEVEL: [f64; 32] = [
        0.002, 0.005, 0.01, 0.02, 0.03, 0.045, 0.06, 0.08, 0.1, 0.125, 0.15, 0.18, 0.21, 0.245, 0.28, 0.32,
        0.36, 0.4, 0.445, 0.49, 0.535, 0.58, 0.625, 0.67, 0.715, 0.76, 0.805, 0.85, 0.89, 0.93, 0.965, 0.999,
    ];
    const EIGHT: [f64; 8] = [0.01, 0.04, 0.1, 0.2, 0.35, 0.55, 0.8, 0.97];
    const FOUR: [f64; 4] = [0.03, 0.15, 0.4, 0.8];
    match (form.trend, form.season) {
        (Trend::None, Season::None) => &LEVEL,
        (Trend::None, _) | (_, Season::None) => &EIGHT,
        _ => &FOUR,
    }
}

/// `β/α` and `φ`.
fn trends(form: Form) -> &'static [(f64, f64)] {
    match (form.trend, form.season) {
        (Trend::None, _) => &[(0.0, 0.0)],
        (Trend::Full, Season::None) => &[(0.01, 1.0), (0.08, 1.0), (0.25, 1.0), (0.6, 1.0)],
        (Trend::Full, _) => &[(0.01, 1.0), (0.15, 1.0)],
        (Trend::Damped, Season::None) => &[(0.05, 0.95), (0.25, 0.95), (0.6, 0.95), (0.3, 0.85)],
        (Trend::Damped, _) => &[(0.05, 0.95), (0.25, 0.9)],
    }
}

/// `γ/(1 − α)`.
fn seasons(form: Form) -> &'static [f64] {
    match form.season {
        Season::None => &[0.0],
        _ => &[0.01, 0.08, 0.2, 0.45],
    }
}

/// The `index`-th number of the van der Corput sequence of a base: evenly spread and fixed.
fn halton(mut index: usize, base: usize) -> f64 {
    let (mut result, mut fraction) = (0.0, 1.0);
    while index > 0 {
        fraction /= base as f64;
        result += fraction * (index % base) as f64;
        index /= base;
    }
    result
}

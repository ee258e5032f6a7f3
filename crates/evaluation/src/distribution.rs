//! The distributions that statements about errors rest on: normal, Student's t, Poisson and negative binomial.
//!
//! Pure functions of their arguments with a relative error far below what any statement needs; nothing here draws.

/// The quantile of a standard normal, `0 < probability < 1` (Wichura 1988, algorithm AS 241, PPND16).
pub(crate) fn normal_quantile(probability: f64) -> f64 {
    const CENTRE: [[f64; 8]; 2] = [
        [
            3.387_132_872_796_366_5,
            133.141_667_891_784_38,
            1_971.590_950_306_551_3,
            13_731.693_765_509_46,
            45_921.953_931_549_87,
            67_265.770_927_008_7,
            33_430.575_583_588_13,
            2_509.080_928_730_122_7,
        ],
        [
            1.0,
            42.313_330_701_600_91,
            687.187_007_492_057_9,
            5_394.196_021_424_751,
            21_213.794_301_586_597,
            39_307.895_800_092_71,
            28_729.085_735_721_943,
            5_226.495_278_852_854,
        ],
    ];
    const NEAR: [[f64; 8]; 2] = [
        [
            1.423_437_110_749_683_5,
            4.630_337_846_156_546,
            5.769_497_221_460_691,
            3.647_848_324_763_204_5,
            1.270_458_252_452_368_4,
            0.241_780_725_177_450_6,
            0.022_723_844_989_269_184,
            7.745_450_142_783_414e-4,
        ],
        [
            1.0,
            2.053_191_626_637_759,
            1.676_384_830_183_803_8,
            0.689_767_334_985_1,
            0.148_103_976_427_480_08,
            0.015_198_666_563_616_457,
            5.475_938_084_995_345e-4,
            1.050_750_071_644_416_9e-9,
        ],
    ];
    const FAR: [[f64; 8]; 2] = [
        [
            6.657_904_643_501_103,
            5.463_784_911_164_114,
            1.784_826_539_917_291_3,
            0.296_560_571_828_504_87,
            0.026_532_189_526_576_124,
            0.001_242_660_947_388_078_4,
            2.711_555_568_743_487_6e-5,
            2.010_334_399_292_288_1e-7,
        ],
        [
            1.0,
            0.599_832_206_555_887_9,
            0.136_929_880_922_735_8,
            0.014_875_361_290_850_615,
            7.868_691_311_456_133e-4,
            1.846_318_317_510_054_8e-5,
            1.421_511_758_316_446e-7,
            2.044_263_103_389_939_8e-15,
        ],
    ];
    let ratio = |[above, below]: &[[f64; 8]; 2], x: f64| {
        let polynomial =
            |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum: f64, term| sum.mul_add(x, *term));
        polynomial(above) / polynomial(below)
    };
    let distance = probability - 0.5;
    if distance.abs() <= 0.425 {
        return distance * ratio(&CENTRE, distance.mul_add(-distance, 0.180_625));
    }
    let tail = probability.min(1.0 - probability);
    let depth = (-tail.ln()).sqrt();
    let size = if depth <= 5.0 { ratio(&NEAR, depth - 1.6) } else { ratio(&FAR, depth - 5.0) };
    size.copysign(distance)
}

/// A distribution of whole numbers from zero with a mean and a variance of `dispersion` times the mean: negative
/// binomial above a dispersion of one, Poisson at one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Counts {
    pub(crate) mean: f64,
    pub(crate) dispersion: f64,
}

impl Counts {
    /// The smallest whole number that is not exceeded with each of the ascending probabilities.
    pub(crate) fn quantiles(self, probabilities: &[f64]) -> Vec<f64> {
        let Self { mean, dispersion } = self;
        let excess = dispersion - 1.0;
        let is_poisson = excess < 1e-6;
        // Negative binomial with r = mean / (dispersion − 1): p(0) = dispersion^−r, and the ratio of neighbours.
        let mut chance = if is_poisson { -mean } else { -mean / excess * excess.ln_1p() }.exp();
        let next = |k: f64| {
            if is_poisson { mean / (k + 1.0) } else { (excess.mul_add(k, mean)) / (dispersion * (k + 1.0)) }
        };
        let (mut k, mut below) = (0.0, chance);
        let quantile = |&probability: &f64| {
            // Rounding can keep the sum just below a probability close to one: the terms then no longer matter.
            while below < probability && (chance > f64::EPSILON * 1e-3 || k < mean) {
                chance *= next(k);
                k += 1.0;
                below += chance;
            }
            k
        };
        probabilities.iter().map(quantile).collect()
    }
}

/// The chance of a Student's t at least this far from zero: `I(ν/(ν + t²); ν/2, 1/2)`.
pub(crate) fn two_sided(t: f64, freedom: f64) -> f64 {
    incomplete_beta(freedom / t.mul_add(t, freedom), 0.5 * freedom, 0.5).clamp(0.0, 1.0)
}

/// The size that a Student's t has with this two-sided chance, by bisection: [`two_sided`] falls in the size.
pub(crate) fn two_sided_quantile(chance: f64, freedom: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while two_sided(high, freedom) > chance && high < 1e9 {
        high *= 2.0;
    }
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if two_sided(middle, freedom) > chance { low = middle } else { high = middle }
    }
    high
}

/// The regularised incomplete beta function by Lentz's continued fraction (DLMF 8.17.22).
#[expect(clippy::many_single_char_names, reason = "the names of the formula's source")]
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let front = (a * x.ln() + b * (-x).ln_1p() - ln_beta(a, b)).exp() / a;
    let (mut c, mut d) = (1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for m in 1..200 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / even.mul_add(d, 1.0);
        c = 1.0 + even / c;
        fraction *= c * d;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / odd.mul_add(d, 1.0);
        c = 1.0 + odd / c;
        fraction *= c * d;
        if (c * d - 1.0).abs() < 1e-14 {
            break;
        }
    }
    front * fraction
}

fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// Stirling's series after moving the argument above ten.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 0.0);
    while x < 10.0 {
        shift -= x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    let series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1260.0 - inverse / 1680.0))) / x;
    shift + (x - 0.5).mul_add(x.ln(), -x) + 0.5 * std::f64::consts::TAU.ln() + series
}

#[cfg(test)]
mod tests {
    use super::*;

    const NORMAL: [(f64, f64); 11] = [
        (1e-12, -7.034_483_825_301_132),
        (1e-05, -4.264_890_793_922_825_6),
        (0.005, -2.575_829_303_548_9),
        (0.025, -1.959_963_984_540_053_8),
        (0.1, -1.281_551_565_544_600_8),
        (0.5, 0.0),
        (0.6, 0.253_347_103_135_799_8),
        (0.9, 1.281_551_565_544_600_8),
        (0.95, 1.644_853_626_951_471_5),
        (0.995, 2.575_829_303_548_9),
        (0.999_999_999, 5.997_807_019_601_638),
    ];
    const COUNTS: [(f64, f64, [f64; 8]); 8] = [
        (0.3, 1.0, [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0]),
        (0.3, 2.5, [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 3.0, 8.0]),
        (2.0, 1.0, [0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 8.0]),
        (2.0, 4.0, [0.0, 0.0, 0.0, 1.0, 3.0, 6.0, 10.0, 20.0]),
        (15.0, 1.7, [6.0, 9.0, 11.0, 15.0, 18.0, 22.0, 26.0, 34.0]),
        (120.0, 30.0, [32.0, 52.0, 76.0, 110.0, 153.0, 200.0, 263.0, 390.0]),
        (480.0, 1.0, [438.0, 452.0, 465.0, 480.0, 495.0, 508.0, 523.0, 549.0]),
        (480.0, 900.0, [0.0, 9.0, 56.0, 231.0, 642.0, 1281.0, 2342.0, 4975.0]),
    ];

    #[test]
    fn tail_probabilities_of_students_t_match_the_tables() {
        for (t, freedom, expected) in [
            (2.776, 4.0, 0.05),
            (12.706, 1.0, 0.05),
            (1.812, 10.0, 0.1),
            (0.0, 5.0, 1.0),
            (2.626, 100.0, 0.01),
        ] {
            let found = two_sided(t, freedom);
            assert!((found - expected).abs() < 2e-4, "{t} {freedom}: {found}");
        }
    }

    #[test]
    fn a_quantile_of_students_t_has_the_chance_it_is_asked_for() {
        for (chance, freedom) in [(0.05, 1.0), (0.05, 49.0), (0.4, 4.0), (0.01, 2.0)] {
            let found = two_sided(two_sided_quantile(chance, freedom), freedom);
            assert!((found - chance).abs() < 1e-9, "{chance} {freedom}: {found}");
        }
        assert!((two_sided_quantile(0.05, 4.0) - 2.776).abs() < 1e-3);
    }

    #[test]
    fn normal_quantiles_match_the_tables() {
        // Python 3.11, statistics.NormalDist().inv_cdf.
        for (probability, expected) in NORMAL {
            let found = normal_quantile(probability);
            assert!((found - expected).abs() < 1e-13 * (1.0 + expected.abs()), "{probability}: {found}");
        }
    }

    #[test]
    fn count_quantiles_match_the_tables() {
        // scipy 1.17.1, nbinom(mean / (dispersion − 1), 1 / dispersion).ppf and poisson(mean).ppf.
        for (mean, dispersion, expected) in COUNTS {
            let found =
                Counts { mean, dispersion }.quantiles(&[0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.999]);
            assert_eq!(found, expected, "{mean} {dispersion}");
        }
    }
}

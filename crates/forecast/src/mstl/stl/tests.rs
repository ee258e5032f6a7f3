use super::*;
use crate::simd::{self, Path};

/// A trend, a season and something uneven.
fn uneven(rows: usize, period: usize) -> Vec<f64> {
    let value = |t: usize| {
        10.0 + 0.3 * t as f64 + 0.25 * (5 * t * t % 17) as f64 + (3 * (t % period) % period) as f64
    };
    (0..rows).map(value).collect()
}

/// Rows, period, window, and the season and the trend at four rows.
type Golden = (usize, usize, usize, [f64; 4], [f64; 4]);

/// The golden numbers are those of `statsmodels` 0.15.0: `STL` with these windows, seasonal degree 0, all jumps 1, two
/// inner and no outer iterations, to nine places; rows 0, 7, n/2 and n − 1 of season and trend.
#[test]
fn the_parts_are_those_of_the_reference_implementation() {
    let cases: [Golden; 3] = [
        (
            40,
            4,
            11,
            [-1.481_302_015, -0.627_249_631, -1.550_130_847, -0.646_220_680],
            [13.266_677_426, 15.512_668_520, 19.490_126_333, 24.840_023_706],
        ),
        (
            43,
            4,
            7,
            [-1.473_623_290, -0.593_468_539, 1.720_582_257, 0.996_832_895],
            [13.277_002_423, 15.503_280_021, 19.806_776_286, 26.069_862_720],
        ),
        (
            150,
            6,
            7,
            [-2.068_750_597, 1.488_181_865, 1.347_749_482, 1.301_467_138],
            [13.363_038_228, 15.519_900_816, 35.965_122_900, 58.538_990_673],
        ),
    ];
    for (rows, period, window, season, trend) in cases {
        let parts =
            simd::run(Decompose { stl: &Stl::new(rows, period, window), values: &uneven(rows, period) });
        for (at, row) in [0, 7, rows / 2, rows - 1].into_iter().enumerate() {
            assert!((parts.season[row] - season[at]).abs() < 2e-9, "{rows} {row}: {}", parts.season[row]);
            assert!((parts.trend[row] - trend[at]).abs() < 2e-9, "{rows} {row}: {}", parts.trend[row]);
        }
    }
}

#[test]
fn every_path_gives_the_same_bits() {
    for (rows, period) in [(100, 7), (500, 24), (400, 168), (17, 8)] {
        let (stl, values) = (Stl::new(rows, period, 11), uneven(rows, period));
        let parts = |path| simd::run_on(path, Decompose { stl: &stl, values: &values });
        for path in Path::all() {
            assert_eq!(parts(path), parts(Path::Portable), "{path:?} {rows} {period}");
        }
    }
}

/// A smoothing by itself.
struct Smooth<'a>(&'a Loess, &'a [f64]);

impl Task for Smooth<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) -> Vec<f64> {
        let mut to = vec![0.0; self.1.len()];
        smooth::<D>(self.0, self.1, &mut to);
        to
    }
}

#[test]
fn long_windows_are_evaluated_sparsely_with_next_to_no_error() {
    let (rows, window) = (700, 281);
    let values: Vec<f64> = uneven(rows, 24);
    let sparse = Loess::new(rows, window, Degree::Linear);
    assert!(!sparse.is_exact());
    let smooth = simd::run(Smooth(&sparse, &values));
    // Inside, the smooth at a row is the weighted sum around it.
    for row in [140, 333, 559] {
        let exact: f64 =
            sparse.inner().iter().zip(&values[row - 140..]).map(|(weight, value)| weight * value).sum();
        assert!((smooth[row] - exact).abs() < 0.01, "{row}: {} {exact}", smooth[row]);
    }
}

#[test]
fn an_exact_season_on_a_line_is_taken_apart_exactly() {
    let season = [3.0, -1.0, -4.0, 2.0];
    let values: Vec<f64> = (0..50).map(|t| 5.0 + 0.5 * t as f64 + season[t % 4]).collect();
    let parts = simd::run(Decompose { stl: &Stl::new(50, 4, 11), values: &values });
    for (row, (found, trend)) in parts.season.iter().zip(&parts.trend).enumerate() {
        assert!((found + trend - values[row]).abs() < 0.2, "{row}: {found} {trend}");
    }
}

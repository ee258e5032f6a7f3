use proptest::prelude::*;

use super::*;

const LIMITS: Limits = Limits { leaves: 2, depth: 4, least: Least::Rows(1), ridge: 0.0 };

fn all<const N: usize>(rows: &[[f64; N]]) -> Vec<usize> {
    (0..rows.len()).collect()
}

fn grow<const N: usize>(rows: &[[f64; N]], gradients: &[f64], limits: Limits) -> (Tree, Vec<f64>) {
    let bins = Binned::of(rows);
    let weights = vec![1.0; rows.len()];
    let problem = Problem { bins: &bins, gradients, weights: &weights, limits, rate: 1.0 };
    let mut steps = vec![f64::NAN; rows.len()];
    let features: Vec<usize> = (0..N).collect();
    let tree = problem.grow(&all(rows), &features, &mut steps);
    (tree, steps)
}

#[test]
fn a_step_is_found_and_missing_cells_follow_the_gain() {
    let rows: Vec<[f64; 1]> = (0..40).map(|t| [if t % 4 == 0 { f64::NAN } else { f64::from(t) }]).collect();
    let target = |t: i32| if t % 4 == 0 || t >= 20 { 10.0 } else { 2.0 };
    let gradients: Vec<f64> = (0..40).map(|t| -target(t)).collect();
    let (tree, _) = grow(&rows, &gradients, LIMITS);
    for (x, expected) in [(3.0, 2.0), (30.0, 10.0), (f64::NAN, 10.0)] {
        assert!((tree.at(&[x]) - expected).abs() < 1e-12, "{x}");
    }
}

#[test]
fn too_few_rows_stay_one_leaf() {
    let rows: Vec<[f64; 1]> = (0..39).map(|t| [f64::from(t)]).collect();
    let gradients: Vec<f64> = (0..39).map(|t| -f64::from(t)).collect();
    for least in [Least::Rows(20), Least::Weight(20.0)] {
        let (tree, _) = grow(&rows, &gradients, Limits { leaves: 31, depth: 6, least, ridge: 0.0 });
        assert_eq!((tree.nodes.len(), tree.at(&[0.0])), (1, 19.0));
    }
}

/// The least squared error any one split of any feature reaches, by trying all thresholds and both missing sides.
fn brute_force(rows: &[[f64; 3]], targets: &[f64]) -> f64 {
    let error = |part: &[f64]| {
        let mean = part.iter().sum::<f64>() / part.len().max(1) as f64;
        part.iter().map(|target| (target - mean) * (target - mean)).sum::<f64>()
    };
    let mut best = error(targets);
    for feature in 0..3 {
        let cuts = rows.iter().map(|row| row[feature]).filter(|cell| !cell.is_nan());
        for cut in cuts.chain([f64::INFINITY]) {
            for missing_left in [true, false] {
                let is_left =
                    |row: &[f64; 3]| if row[feature].is_nan() { missing_left } else { row[feature] <= cut };
                let part = |left: bool| -> Vec<f64> {
                    let of = rows.iter().zip(targets).filter(|(row, _)| is_left(row) == left);
                    of.map(|(_, &target)| target).collect()
                };
                best = best.min(error(&part(true)) + error(&part(false)));
            }
        }
    }
    best
}

fn cell() -> impl Strategy<Value = f64> {
    prop_oneof![4 => (0_u8..12).prop_map(f64::from), 1 => Just(f64::NAN)]
}

fn data() -> impl Strategy<Value = Vec<([f64; 3], f64)>> {
    prop::collection::vec(([cell(), cell(), cell()], -9.0..9.0_f64), 2..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_first_split_is_the_best_of_all(data in data()) {
        let (rows, targets): (Vec<[f64; 3]>, Vec<f64>) = data.into_iter().unzip();
        let gradients: Vec<f64> = targets.iter().map(|target| -target).collect();
        let (_, steps) = grow(&rows, &gradients, LIMITS);
        let error: f64 = steps.iter().zip(&targets).map(|(step, target)| (step - target) * (step - target)).sum();
        prop_assert!((error - brute_force(&rows, &targets)).abs() < 1e-9, "{error}");
    }

    /// Also proves sibling subtraction: a leaf's value is the mean of the rows that reach it.
    #[test]
    fn raw_rows_binned_rows_and_steps_agree_and_are_means(data in data()) {
        let (rows, targets): (Vec<[f64; 3]>, Vec<f64>) = data.into_iter().unzip();
        let gradients: Vec<f64> = targets.iter().map(|target| -target).collect();
        let limits = Limits { leaves: 12, depth: 9, least: Least::Weight(2.0), ridge: 0.0 };
        let (tree, steps) = grow(&rows, &gradients, limits);
        let bins = Binned::of(&rows);
        for (at, row) in rows.iter().enumerate() {
            prop_assert_eq!(tree.at(row).to_bits(), steps[at].to_bits());
            prop_assert_eq!(tree.at_bins(bins.row(at)).to_bits(), steps[at].to_bits());
            let same: Vec<f64> =
                steps.iter().zip(&targets).filter(|(step, _)| step.to_bits() == steps[at].to_bits()).map(|(_, t)| *t).collect();
            prop_assert!((same.iter().sum::<f64>() / same.len() as f64 - steps[at]).abs() < 1e-9);
            prop_assert!(same.len() >= 2 || rows.len() < 4);
        }
    }
}

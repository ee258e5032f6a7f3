//! Gradient boosting: each tree is grown on the slopes of the loss at the sum of the trees so far.

use kernel::{Seed, Stream};

use super::binning::Binned;
use super::grow::{Limits, Problem, Tree};
use super::make_sums_exact;

/// How many trees, and how each is grown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Boosting {
    pub(crate) rounds: usize,
    /// Share of each tree that is added.
    pub(crate) rate: f64,
    pub(crate) limits: Limits,
    pub(crate) sampling: Option<Sampling>,
}

/// Random shares of the rows and features, redrawn for each tree (Friedman 2002).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sampling {
    pub(crate) rows: f64,
    pub(crate) features: f64,
    pub(crate) seed: Seed,
}

/// The first and second derivative of a row's loss by its fitted value.
pub(crate) trait Loss {
    fn slopes(&self, row: usize, fitted: f64) -> [f64; 2];
}

impl Boosting {
    /// Grows the trees whose sum, added to `fitted`, lessens the loss; `fitted` becomes that sum. `None` once
    /// `keep_going`, asked before each tree, says no.
    pub(crate) fn fit(
        &self,
        bins: &Binned,
        loss: &impl Loss,
        fitted: &mut [f64],
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<Tree>> {
        let n = bins.rows();
        let (mut gradients, mut weights, mut steps) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        let mut trees = Vec::with_capacity(self.rounds);
        for round in 0..self.rounds {
            if !keep_going() {
                return None;
            }
            let (rows, features) = self.draw(round, bins);
            for &row in &rows {
                [gradients[row], weights[row]] = loss.slopes(row, fitted[row]);
            }
            make_sums_exact(&mut gradients);
            make_sums_exact(&mut weights);
            let (limits, rate) = (self.limits, self.rate);
            let problem = Problem { bins, gradients: &gradients, weights: &weights, limits, rate };
            steps.fill(f64::NAN);
            let tree = problem.grow(&rows, &features, &mut steps);
            for (row, (fitted, &step)) in fitted.iter_mut().zip(&steps).enumerate() {
                *fitted += if step.is_nan() { tree.at_bins(bins.row(row)) } else { step };
            }
            trees.push(tree);
        }
        Some(trees)
    }

    /// The rows and features of a tree, ascending.
    fn draw(&self, round: usize, bins: &Binned) -> (Vec<usize>, Vec<usize>) {
        let Some(Sampling { rows, features, seed }) = self.sampling else {
            return ((0..bins.rows()).collect(), (0..bins.features()).collect());
        };
        let mut stream = seed.indexed("boosting", round as u64);
        let rows = (0..bins.rows()).filter(|_| stream.chance(rows)).collect();
        (rows, choose(&mut stream, bins.features(), features))
    }
}

/// This share of the numbers below `count`, at least one, ascending.
fn choose(stream: &mut Stream, count: usize, share: f64) -> Vec<usize> {
    let mut all: Vec<usize> = (0..count).collect();
    stream.shuffle(&mut all);
    let wanted = (0..count).filter(|&at| at as f64 <= share * count as f64 - 1.0).count();
    all.truncate(wanted.max(1));
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::tree::grow::Least;

    struct Squared(Vec<f64>);

    impl Loss for Squared {
        fn slopes(&self, row: usize, fitted: f64) -> [f64; 2] {
            [fitted - self.0[row], 1.0]
        }
    }

    fn boosting(rounds: usize, sampling: Option<Sampling>) -> Boosting {
        let limits = Limits { leaves: 8, depth: 9, least: Least::Weight(5.0), ridge: 1.0 };
        Boosting { rounds, rate: 0.2, limits, sampling }
    }

    fn data() -> (Binned, Squared) {
        let rows: Vec<[f64; 3]> =
            (0..400).map(|t| [f64::from(t % 7), f64::from(t % 31), f64::from(t)]).collect();
        let targets = rows.iter().map(|row| row[0] * row[1] + (row[2] / 40.0).sin()).collect();
        (Binned::of(&rows), Squared(targets))
    }

    #[test]
    fn every_tree_lessens_the_training_loss() {
        let (bins, loss) = data();
        let error = |rounds: usize| {
            let mut fitted = vec![0.0; bins.rows()];
            let trees = boosting(rounds, None).fit(&bins, &loss, &mut fitted, &|| true).unwrap();
            assert_eq!(trees.len(), rounds);
            fitted
                .iter()
                .zip(&loss.0)
                .map(|(fitted, target)| (fitted - target) * (fitted - target))
                .sum::<f64>()
        };
        let errors: Vec<f64> = (0..30).map(error).collect();
        assert!(errors.windows(2).all(|pair| pair[1] < pair[0]), "{errors:?}");
    }

    #[test]
    fn rows_a_tree_did_not_see_are_fitted_as_well() {
        let (bins, loss) = data();
        let sampling = Sampling { rows: 0.3, features: 0.7, seed: Seed(1) };
        let mut fitted = vec![0.0; bins.rows()];
        let trees = boosting(12, Some(sampling)).fit(&bins, &loss, &mut fitted, &|| true).unwrap();
        for (row, fitted) in fitted.iter().enumerate() {
            let sum: f64 = trees.iter().map(|tree| tree.at_bins(bins.row(row))).sum();
            assert!((sum - fitted).abs() < 1e-9, "{row}");
        }
    }

    #[test]
    fn a_share_of_the_features_is_never_none() {
        let mut stream = Seed(3).stream("test");
        for (count, share, expected) in [(10, 1.0, 10), (10, 0.5, 5), (3, 0.1, 1), (1, 1.0, 1), (0, 1.0, 0)] {
            assert_eq!(choose(&mut stream, count, share).len(), expected, "{share} of {count}");
        }
    }
}

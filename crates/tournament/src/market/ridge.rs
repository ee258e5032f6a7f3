//! Ridge regression of market shares, `β = (XᵀX + αI′)⁻¹Xᵀy` with the intercept unpenalised (Hoerl & Kennard 1970).

use super::features::{FEATURES, Row, rows};
use super::{MarketError, Season, TeamFacts, shares};

const COLUMNS: usize = FEATURES.len();

/// A fitted market model.
#[derive(Debug, Clone, PartialEq)]
pub struct Ridge {
    /// By column of [`FEATURES`].
    coefficients: [f64; COLUMNS],
}

impl Ridge {
    /// Teams of past auctions that a fit needs.
    pub const FEWEST_ROWS: usize = 5;

    /// Learns from these seasons, all of them: which they are is the caller's choice and part of its lineage.
    pub fn fit(seasons: &[Season], alpha: f64) -> Result<Self, MarketError> {
        if !(alpha.is_finite() && alpha > 0.0) {
            return Err(MarketError::Alpha { alpha });
        }
        let mut normal = Normal::penalised(alpha);
        let mut count = 0;
        for season in seasons {
            for (row, share) in rows(&season.teams)?.iter().zip(&season.shares) {
                normal.add(row, *share);
                count += 1;
            }
        }
        if count < Self::FEWEST_ROWS {
            return Err(MarketError::TooFewRows { rows: count });
        }
        Ok(Self { coefficients: normal.solve() })
    }

    /// The shares of a field.
    pub fn predict(&self, teams: &[TeamFacts]) -> Result<Vec<f64>, MarketError> {
        let of = |row: &Row| row.iter().zip(&self.coefficients).fold(0.0, |sum, (x, b)| sum + x * b);
        Ok(shares(rows(teams)?.iter().map(of).collect()))
    }

    /// The coefficients, by column of [`FEATURES`].
    pub const fn coefficients(&self) -> &[f64; COLUMNS] {
        &self.coefficients
    }
}

/// The normal equations.
struct Normal {
    gram: [[f64; COLUMNS]; COLUMNS],
    moment: [f64; COLUMNS],
}

impl Normal {
    fn penalised(alpha: f64) -> Self {
        let mut gram = [[0.0; COLUMNS]; COLUMNS];
        for (at, row) in gram.iter_mut().enumerate().skip(1) {
            row[at] = alpha;
        }
        Self { gram, moment: [0.0; COLUMNS] }
    }

    fn add(&mut self, row: &Row, share: f64) {
        for (at, x) in row.iter().enumerate() {
            self.moment[at] += x * share;
            for (to, other) in self.gram[at].iter_mut().zip(row) {
                *to += x * other;
            }
        }
    }

    /// By Cholesky; the penalty makes the matrix positive definite.
    fn solve(&self) -> [f64; COLUMNS] {
        let mut lower = [[0.0; COLUMNS]; COLUMNS];
        for i in 0..COLUMNS {
            for j in 0..=i {
                let known = (0..j).fold(0.0, |sum, k| sum + lower[i][k] * lower[j][k]);
                let left = self.gram[i][j] - known;
                lower[i][j] = if i == j { left.max(f64::MIN_POSITIVE).sqrt() } else { left / lower[j][j] };
            }
        }
        let mut forward = [0.0; COLUMNS];
        for i in 0..COLUMNS {
            let known = (0..i).fold(0.0, |sum, k| sum + lower[i][k] * forward[k]);
            forward[i] = (self.moment[i] - known) / lower[i][i];
        }
        let mut solution = [0.0; COLUMNS];
        for i in (0..COLUMNS).rev() {
            let known = (i + 1..COLUMNS).fold(0.0, |sum, k| sum + lower[k][i] * solution[k]);
            solution[i] = (forward[i] - known) / lower[i][i];
        }
        solution
    }
}

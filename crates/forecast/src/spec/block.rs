//! Several histories of one length at once: models whose arithmetic runs over many series share their passes.

use super::ModelSpec;
use crate::catalog::Build;
use crate::law::Predicted;
use crate::model::{FitError, Future, History, Learned, Model};

impl ModelSpec {
    /// [`ModelSpec::forecast_prefixes`] of several histories of one length, bit for bit, and much faster than one by
    /// one where the model runs over many series at once. `futures[series][origin]` are the steps to forecast.
    ///
    /// # Panics
    /// If the histories differ in length.
    pub fn forecast_block(
        &self,
        histories: &[History<'_>],
        origins: &[usize],
        futures: &[Vec<Future<'_>>],
    ) -> Vec<Vec<Result<Vec<f64>, FitError>>> {
        let Build::Series(build) = self.definition.build else {
            let alone = |(history, futures): (_, &Vec<_>)| self.forecast_prefixes(history, origins, futures);
            return histories.iter().zip(futures).map(alone).collect();
        };
        let model = build(&self.params);
        let all = histories.iter().zip(self.fit_block(model.as_ref(), histories, origins)).zip(futures);
        all.map(|((history, fits), futures)| self.of_fits(fits, history, origins, futures)).collect()
    }

    /// [`ModelSpec::forecast_block`] with what the model says of its errors.
    ///
    /// # Panics
    /// If the histories differ in length.
    pub fn predict_block(
        &self,
        histories: &[History<'_>],
        origins: &[usize],
        futures: &[Vec<Future<'_>>],
    ) -> Vec<Vec<Result<Predicted, FitError>>> {
        let Build::Series(build) = self.definition.build else {
            let alone = |(history, futures): (_, &Vec<_>)| self.predict_prefixes(history, origins, futures);
            return histories.iter().zip(futures).map(alone).collect();
        };
        let model = build(&self.params);
        let fits = self.fit_block(model.as_ref(), histories, origins).zip(histories).zip(futures);
        fits.map(|((fits, history), futures)| {
            let at = |((fit, &origin), future): ((Learned, &usize), _)| {
                self.predicted(fit?.as_ref(), &history.until(origin), future)
            };
            fits.into_iter().zip(origins).zip(futures).map(at).collect()
        })
        .collect()
    }

    /// The fits of each history at each origin.
    fn fit_block<'a>(
        &'a self,
        model: &dyn Model,
        histories: &'a [History<'_>],
        origins: &'a [usize],
    ) -> impl Iterator<Item = Vec<Learned>> + 'a {
        let rows = histories.first().map_or(0, |history| history.values.len());
        assert!(histories.iter().all(|history| history.values.len() == rows), "a block has one length");
        let first = origins.first().copied().unwrap_or(0);
        // A history too short at its first origin is refused origin by origin; the others share their passes.
        let is_long: Vec<bool> =
            histories.iter().map(|history| self.check(&history.values[..first]).is_ok()).collect();
        let long: Vec<History<'_>> = histories
            .iter()
            .zip(&is_long)
            .filter(|(_, is_long)| **is_long)
            .map(|(history, _)| *history)
            .collect();
        let mut together = model.fit_block(&long, origins).into_iter();
        histories.iter().zip(is_long).map(move |(history, is_long)| {
            let shared = if is_long { together.next() } else { None };
            shared.unwrap_or_else(|| self.fit_prefixes(history, origins))
        })
    }
}

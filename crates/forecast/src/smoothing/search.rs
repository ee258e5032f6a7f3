//! The search for the best form and parameters of many series at many origins.

use super::choice::Choice;
use super::fit::Fit;
use super::form::{Candidate, FINE_UP_TO, Form};
use super::group::Plan;
use super::rows::SERIES;
use super::scaled::Packed;
use super::start::region;
use crate::model::is_complete;

/// Series of one length, their origins, and the forms to choose among.
pub(crate) struct Search<'a> {
    /// The whole series; `NaN` is missing.
    pub(crate) series: &'a [&'a [f64]],
    /// Rows of a season.
    pub(crate) period: usize,
    /// Rows known at each origin, ascending and above 0.
    pub(crate) origins: &'a [usize],
    /// What to choose among.
    pub(crate) forms: &'a [Form],
    /// How to choose.
    pub(crate) choice: Choice,
}

/// Fewer series than this are searched one by one, with candidates in the lanes.
const FEWEST_OF_A_BLOCK: usize = 10;

/// The best candidate of a form at an origin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    pub(super) form: Form,
    pub(super) candidate: Candidate,
    pub(super) squares: f64,
}

type Fits = Vec<Option<Fit>>;

impl Search<'_> {
    /// For each series the best form and parameters at every origin; `None` where no form applies. What an origin
    /// gives depends neither on the rows after it, nor on the other origins, nor on the other series.
    pub(crate) fn run(&self) -> Vec<Fits> {
        let mut fits: Vec<Fits> = vec![Vec::with_capacity(self.origins.len()); self.series.len()];
        let Some(&last) = self.origins.last() else { return fits };
        let is_whole = |&at: &usize| is_complete(&self.series[at][..last]);
        let (complete, broken): (Vec<usize>, Vec<usize>) = (0..self.series.len()).partition(is_whole);
        let (blocks, few) = complete.split_at(complete.len() - rest(complete.len()));
        let blocks: Vec<&[usize]> =
            blocks.chunks(SERIES).chain(few.chunks(1)).chain(broken.chunks(1)).collect();
        let mut room = Packed::default();
        for origins in self.groups() {
            let plan = Plan::of(self, origins, blocks.iter().any(|members| members.len() > 1));
            for members in &blocks {
                let series: Vec<&[f64]> = members.iter().map(|&at| self.series[at]).collect();
                for (&at, found) in members.iter().zip(plan.fits(&series, &mut room)) {
                    fits[at].extend(found);
                }
            }
        }
        fits
    }

    /// Origins inside the region of the start would be judged from different first states: they go alone. Long
    /// histories have another grid than short ones.
    fn groups(&self) -> impl Iterator<Item = &[usize]> {
        let full = region(usize::MAX, self.period);
        let (inside, outside) = self.origins.split_at(self.origins.partition_point(|&origin| origin < full));
        let (short, long) = outside.split_at(outside.partition_point(|&origin| origin <= FINE_UP_TO));
        inside.chunks(1).chain([short, long].into_iter().filter(|origins| !origins.is_empty()))
    }
}

/// How many of so many series are too few for a block of their own.
fn rest(series: usize) -> usize {
    let rest = series % SERIES;
    if rest < FEWEST_OF_A_BLOCK { rest } else { 0 }
}

#[cfg(test)]
#[path = "search/tests.rs"]
mod tests;

//! Series of one length on origins that share their first states: the best candidate of every form, the weights of
//! the forms, and the states of those that count.

use super::choice::{Choice, weigh};
use super::fit::{Fit, Part};
use super::form::{Candidate, FINE_UP_TO, Form, Season};
use super::rows::SERIES;
use super::scaled::{Facts, Packed, Scaled};
use super::search::{Best, Search};
use super::start::{Start, region};
use super::states::{LANES, Pick, Picks, States, Wide};
use super::{alone, block};
use crate::simd;

/// What all series of a search have in common at some origins.
pub(super) struct Plan<'a> {
    period: usize,
    choice: Choice,
    origins: &'a [usize],
    /// How many first rows the start is taken from.
    region: usize,
    forms: &'a [Form],
    /// What blocks need of each form's candidates; empty where there is no block.
    responses: Vec<Option<block::Narrow>>,
}

impl<'a> Plan<'a> {
    pub(super) fn of(search: &'a Search<'_>, origins: &'a [usize], has_blocks: bool) -> Self {
        let Search { period, forms, choice, .. } = *search;
        let region = region(origins[0], period);
        let of = |form: &Form| block::responses(*form, period, region, form.grid(origins[0]));
        let responses = if has_blocks { forms.iter().map(of).collect() } else { Vec::new() };
        Self { period, choice, origins, region, forms, responses }
    }

    /// Whether the best of the grid is refined for a history of so many rows. At the year of days that large fleets have
    /// it would be a third of all work. Beyond, it makes forms with a season worse, and then the others with them, which
    /// must be searched as well as what they are compared with.
    fn is_refined(&self, rows: usize) -> bool {
        let is_seasonal = |form: &Form| form.season != Season::None;
        let has_season = self.period > 1 && self.forms.iter().any(is_seasonal);
        rows <= FINE_UP_TO || (rows > 2 * FINE_UP_TO && !has_season)
    }

    /// For each series a fit at each origin. Several series must be complete and at most sixteen; `room` is used for
    /// them.
    pub(super) fn fits(&self, series: &[&[f64]], room: &mut Packed) -> Vec<Vec<Option<Fit>>> {
        let wanted = (self.forms, self.region);
        let series: Vec<Scaled<'_>> =
            series.iter().map(|values| Scaled::of(values, self.period, self.origins, wanted)).collect();
        if series.len() > 1 {
            room.fill(&series);
        }
        let group = Group { plan: self, series, packed: room };
        let chosen = group.chosen();
        group.states(&chosen)
    }
}

struct Group<'a> {
    plan: &'a Plan<'a>,
    series: Vec<Scaled<'a>>,
    /// The rows of several series.
    packed: &'a Packed,
}

/// The forms that count at an origin of a series, best first, with weights that sum to one.
type Weighted = Vec<(f64, Best)>;

impl Group<'_> {
    /// The forms that count, `[series · origins + origin]`.
    fn chosen(&self) -> Vec<Weighted> {
        let Plan { period, choice, origins, forms, .. } = *self.plan;
        let places = 0..self.series.len() * origins.len();
        let mut scored: Vec<Weighted> = places.map(|_| Vec::with_capacity(forms.len())).collect();
        for (nth, form) in forms.iter().enumerate() {
            let admits = |series: &Scaled<'_>| series.facts.iter().any(|facts| facts.admit(*form, period));
            if !self.series.iter().any(admits) {
                continue;
            }
            let facts = self.series.iter().flat_map(|series| &series.facts);
            for ((scored, best), facts) in scored.iter_mut().zip(self.best(nth)).zip(facts) {
                scored.extend(score(&best, *facts, period).map(|score| (score, best)));
            }
        }
        scored.into_iter().map(|scores| weigh(scores, choice)).collect()
    }

    /// The best candidate of a form at each origin, series by series: the grid for all in one pass, then refinements
    /// one by one.
    fn best(&self, nth: usize) -> Vec<Best> {
        let Plan { period, origins, forms, .. } = *self.plan;
        let form = forms[nth];
        let grid = form.grid(origins[0]);
        let best = |(at, squares): (usize, f64)| Best { form, candidate: grid[at], squares };
        let mut all: Vec<Best> = if self.series.len() > 1 {
            let found = self.pass(nth, grid);
            let lanes = 0..self.series.len();
            lanes.flat_map(|lane| found.iter().map(move |found| best(found[lane]))).collect()
        } else {
            let series = &self.series[0];
            self.pass_alone((series, &series.narrow()), form, grid, origins).into_iter().map(best).collect()
        };
        for (series, found) in self.series.iter().zip(all.chunks_exact_mut(origins.len())) {
            let is_refined =
                |at: usize| self.plan.is_refined(origins[at]) && series.facts[at].admit(form, period);
            if (0..origins.len()).any(is_refined) {
                let rows = series.narrow();
                let found = found.iter_mut().enumerate().filter(|(at, _)| is_refined(*at));
                found.for_each(|(at, best)| self.refine(series, &rows, best, origins[at]));
            }
        }
        all
    }

    fn refine(&self, series: &Scaled<'_>, rows: &[f32], best: &mut Best, origin: usize) {
        for round in 0..2 {
            let around = best.form.around(best.candidate, round);
            let (at, squares) = self.pass_alone((series, rows), best.form, &around, &[origin])[0];
            let found = Best { candidate: around[at], squares, ..*best };
            let penalised = |best: &Best| best.squares * (1.0 + best.candidate.penalty() / origin as f64);
            if penalised(&found) < penalised(best) {
                *best = found;
            }
        }
    }

    fn pass(&self, nth: usize, candidates: &[Candidate]) -> Vec<[(usize, f64); SERIES]> {
        let Plan { period, origins, region, forms, ref responses, .. } = *self.plan;
        let form = forms[nth];
        // A series that does not admit the season is filtered all the same and not asked for its result.
        let any = self.series.iter().find_map(|series| series.start(form)).expect("a series admits the form");
        let starts: Vec<&Start> =
            self.series.iter().map(|series| series.start(form).unwrap_or(any)).collect();
        let responses = responses[nth].as_ref();
        let rows = self.packed.narrow.as_slice();
        simd::run(block::Pass { form, period, rows, region, starts: &starts, candidates, responses, origins })
    }

    fn pass_alone(
        &self,
        (series, rows): (&Scaled<'_>, &[f32]),
        form: Form,
        candidates: &[Candidate],
        origins: &[usize],
    ) -> Vec<(usize, f64)> {
        let Plan { period, region, .. } = *self.plan;
        let start = series.start(form).expect("the series admits the form");
        simd::run(alone::Pass { form, period, rows, region, start, candidates, origins })
    }

    /// The states of what was chosen.
    fn states(&self, chosen: &[Weighted]) -> Vec<Vec<Option<Fit>>> {
        let Plan { period, region, origins, .. } = *self.plan;
        let mut parts: Vec<Vec<Option<Part>>> = chosen.iter().map(|forms| vec![None; forms.len()]).collect();
        let alone = if let [only] = self.series.as_slice() { only.wide() } else { Vec::new() };
        let rows = if alone.is_empty() { Wide::Packed(&self.packed.wide) } else { Wide::Shared(&alone) };
        let of_series = chosen.chunks_exact(origins.len()).enumerate();
        let queues: Vec<Vec<Pick<'_>>> =
            of_series.map(|(series, chosen)| self.picks(series, chosen)).collect();
        for picks in passes(&queues) {
            for (pick, part) in simd::run(States { rows, period, region, picks: &picks }) {
                parts[pick.series * origins.len() + pick.at][pick.place] = Some(part);
            }
        }
        let fit = |(chosen, parts): (&Weighted, Vec<Option<Part>>)| {
            let weighted = chosen.iter().zip(parts);
            let parts: Vec<(f64, Part)> =
                weighted.filter_map(|(&(weight, _), part)| Some((weight, part?))).collect();
            (!parts.is_empty()).then_some(Fit { parts })
        };
        let mut fits = chosen.iter().zip(parts).map(fit);
        self.series.iter().map(|_| fits.by_ref().take(origins.len()).collect()).collect()
    }

    /// What is wanted of one series, the costly forms first.
    fn picks(&self, series: usize, chosen: &[Weighted]) -> Vec<Pick<'_>> {
        let scaled = &self.series[series];
        let mut picks = Vec::with_capacity(chosen.iter().map(Vec::len).sum());
        for (at, forms) in chosen.iter().enumerate() {
            for (place, &(_, best)) in forms.iter().enumerate() {
                let start = scaled.start(best.form).expect("a chosen form was admitted");
                let (origin, unit) = (self.plan.origins[at], 1.0 / scaled.unit);
                let estimated = best.form.parameters(self.plan.period) - 1;
                let freedom = scaled.facts[at].observed.saturating_sub(estimated).max(1);
                let noise = best.squares / freedom as f64 * unit * unit;
                picks.push(Pick {
                    series,
                    at,
                    place,
                    origin,
                    best,
                    start,
                    unit,
                    centre: scaled.centre,
                    noise,
                });
            }
        }
        let cost = |pick: &Pick<'_>| (pick.best.form.season, pick.best.form.trend);
        picks.sort_by(|a, b| cost(b).cmp(&cost(a)).then(a.best.candidate.order(&b.best.candidate)));
        picks
    }
}

/// The corrected Akaike criterion: smaller is better.
fn score(best: &Best, facts: Facts, period: usize) -> Option<f64> {
    if !facts.admit(best.form, period) || !best.squares.is_finite() {
        return None;
    }
    let n = facts.observed as f64;
    let k = best.form.parameters(period) as f64;
    // A perfect fit is bounded, so that the form with the fewest parameters wins among perfect ones.
    let squares = best.squares.max(1e-10 * n);
    Some(n * squares.ln() + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0))
}

/// Picks in passes of at most one candidate per lane: those of one series in any lane, those of several each in their
/// own. Multiplicative seasons keep to themselves.
fn passes<'a>(queues: &'a [Vec<Pick<'a>>]) -> Vec<[&'a Picks<'a>; LANES]> {
    let mut passes = Vec::new();
    let is_alike =
        |a: &Pick<'_>, b: &Pick<'_>| a.best.form == b.best.form && a.best.candidate == b.best.candidate;
    for kind in [true, false] {
        let first = passes.len();
        let is_of_kind = |picks: &&Picks<'_>| (picks[0].best.form.season == Season::Multiplicative) == kind;
        for (lane, queue) in queues.iter().enumerate() {
            for (nth, picks) in queue.chunk_by(is_alike).filter(is_of_kind).enumerate() {
                let (pass, lane) = if queues.len() == 1 { (nth / LANES, nth % LANES) } else { (nth, lane) };
                if first + pass == passes.len() {
                    passes.push([const { &[] as &Picks<'_> }; LANES]);
                }
                passes[first + pass][lane] = picks;
            }
        }
    }
    passes
}

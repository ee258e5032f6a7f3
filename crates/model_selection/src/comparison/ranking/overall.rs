//! One ranking over all series, with the statement of what it comes to.
//!
//! Of a single series it is that series' ranking. Of several, the metrics are computed once over the test points of
//! all series together (so WAPE is pooled: the sum of errors over the sum of demand), scaled errors are the mean over
//! series, errors relative to Seasonal Naive their geometric mean, and ties fall to the better mean rank. A candidate
//! takes part if it was ranked on every series, because only then was it judged on the same points as the others; places
//! on a series are counted among those.

use evaluation::FoldResult;
use evaluation::compare::{Telling, tell};
use evaluation::metrics::{Scale, wrmsse};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wire::model_selection::{
    Combination, Confidence, Figure, IntervalCoverage, OverallEntry, RankEntry, RankMetrics, RankingMetric,
    SelectionCheck, Sufficiency, Uncertainty, Verdict,
};

use super::blind::selection_check;
use super::combination::combination;
use super::figures::{Numbers, figures, notes};
use super::measure::{geometric_mean, measure};
use super::method::{method, volume};
use super::verdict::{self, Facts, Several, Statement};
use super::warnings::warnings;
use super::{Judged, Judgement, Spec, backtest_of, backtest_of_ordinal, bias, coverage};

/// The ranking over all series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::comparison) struct Overall {
    /// How several series were made one figure.
    pub method: String,
    /// What it comes to.
    pub verdict: Verdict,
    /// The same in a sentence: the one that everybody says.
    pub statement: String,
    /// The ordinal of the first-ranked candidate, one model for all series; absent if nobody is ranked.
    pub winner: Option<usize>,
    /// Everyone: ranked first, then the excluded in the order of the request.
    pub entries: Vec<OverallEntry>,
    /// How sure the first place is: by its lead, the tests against the others, and the choice judged blind.
    pub confidence: Confidence,
    /// Why: each ground with its numbers.
    pub reasons: Vec<String>,
    /// The keys of the ranked candidates whose errors over all series cannot be told from the first one's at 5 %, the
    /// first one's first. More than one means that there is no clear winner.
    pub tied: Vec<String>,
    /// Whether the first one's forecasts run high or low; absent where none leads.
    pub bias: Option<String>,
    /// The numbers by name, each with what it was measured on.
    pub figures: Vec<Figure>,
    /// The mean of the candidates beside the first; absent with fewer than two ranked candidates.
    pub combination: Option<Combination>,
    /// The choice, judged on a fold it was not made on; absent with fewer than two folds or candidates.
    pub selection_check: Option<SelectionCheck>,
    /// What a reader must know before trusting the champion.
    pub notes: Vec<String>,
    /// What a reader must know of the numbers.
    pub warnings: Vec<String>,
}

/// The ranking over all judged series, and the statement it makes.
pub(super) fn overall(spec: &Spec, judgement: &Judgement<'_>) -> (Overall, Statement) {
    let judged = judgement.series.as_slice();
    let mut entries: Vec<OverallEntry> =
        (0..spec.candidates.len()).map(|ordinal| entry(spec, judgement, ordinal)).collect();
    if let [only] = judged {
        entries.sort_by_key(|entry| position(only, entry.entry.ordinal));
    } else {
        place(judged, &mut entries);
        order(&mut entries, spec.ranking_metric);
    }
    let measure = measure(spec.ranking_metric, judged.len());
    let telling = compare(judged, &mut entries, spec.ranking_metric);
    let ranked: Vec<&RankEntry> =
        entries.iter().map(|entry| &entry.entry).filter(|entry| entry.included).collect();
    let first = ranked.first().copied();
    let combination = first.and_then(|first| combination(judged, first, measure));
    let check = selection_check(judged, &ranked, measure);
    let statement = state(spec, judgement, &entries, &telling, check.as_ref());
    let numbers = first.map(|first| Numbers {
        verdict: statement.verdict,
        measure,
        first,
        folds: telling.windows,
        is_even: has_even_folds(judged, first.ordinal),
        series: judged.len(),
        combination: combination.as_ref(),
        check: check.as_ref(),
    });
    let figures = numbers.as_ref().map(figures).unwrap_or_default();
    let overall = Overall {
        method: method(judged, first),
        verdict: statement.verdict,
        statement: statement.sentence.clone(),
        winner: first.map(|first| first.ordinal),
        notes: numbers.as_ref().map(|numbers| notes(numbers, &figures)).unwrap_or_default(),
        confidence: statement.confidence,
        reasons: statement.reasons.clone(),
        tied: statement.tied.clone(),
        bias: first
            .filter(|_| !matches!(statement.verdict, Verdict::Equal | Verdict::Unmeasured))
            .and_then(|first| bias::sentence(judged, first)),
        figures,
        entries,
        combination,
        selection_check: check,
        warnings: warnings(judged, spec.ranking_metric),
    };
    (overall, statement)
}

/// The statement over all series; of a comparison that was stopped it says on how many it rests.
fn state(
    spec: &Spec,
    judgement: &Judgement<'_>,
    entries: &[OverallEntry],
    telling: &Telling,
    check: Option<&SelectionCheck>,
) -> Statement {
    let ranked: Vec<&OverallEntry> = entries.iter().filter(|entry| entry.entry.included).collect();
    let (sufficiency, several) = match judgement.series.as_slice() {
        [only] => (only.ranking.sufficiency, None),
        all => (Sufficiency::Ready, ranked.first().map(|first| several(first, &ranked, all.len()))),
    };
    let mut statement = verdict::state(&Facts {
        ranked: &ranked.iter().map(|entry| &entry.entry).collect::<Vec<_>>(),
        asked: spec.candidates.len(),
        telling,
        check,
        metric: spec.ranking_metric,
        measure: measure(spec.ranking_metric, judgement.series.len()),
        policy: &spec.policy,
        sufficiency,
        several,
    });
    if let Some(left_out) = coverage::sentence(judgement.coverage) {
        statement.sentence = format!("{} {left_out}", statement.sentence);
    }
    statement
}

fn several(first: &OverallEntry, ranked: &[&OverallEntry], series: usize) -> Several {
    let has_best_mean_rank = ranked.iter().all(|other| first.mean_rank <= other.mean_rank);
    Several { series, won: first.series_won, has_best_mean_rank }
}

fn position(judged: &Judged<'_>, ordinal: usize) -> usize {
    let entries = &judged.ranking.standings.entries;
    entries.iter().position(|entry| entry.ordinal == ordinal).unwrap_or(entries.len())
}

fn entry(spec: &Spec, judgement: &Judgement<'_>, ordinal: usize) -> OverallEntry {
    let judged = judgement.series.as_slice();
    let places: Vec<&RankEntry> = judged
        .iter()
        .filter_map(|series| series.ranking.standings.entries.iter().find(|entry| entry.ordinal == ordinal))
        .collect();
    let ranks: Vec<usize> = places.iter().filter_map(|place| place.rank).collect();
    let series_ranked = ranks.len();
    let entry = match (places.as_slice(), judged) {
        ([only], [_]) => (*only).clone(),
        _ => pooled(spec, judgement, &places, ordinal),
    };
    let mean_rank = entry.rank.map(|rank| rank as f64);
    let series_won = usize::from(entry.rank == Some(1));
    OverallEntry { entry, mean_rank, series_won, series_ranked, against_champion: None }
}

/// Where each candidate that is ranked over all series is on each of them, among these. Who could not run everywhere
/// takes nobody's place.
fn place(judged: &[Judged<'_>], entries: &mut [OverallEntry]) {
    let is_in: Vec<bool> = entries.iter().map(|entry| entry.entry.included).collect();
    let mut sums = vec![(0_usize, 0_usize); entries.len()];
    for series in judged {
        let (mut last, mut place) = ((0, None), 0);
        for entry in series.ranked().filter(|entry| is_in[entry.ordinal]) {
            place += 1;
            if last.1 != entry.rank {
                last = (place, entry.rank);
            }
            let sum = &mut sums[entry.ordinal];
            *sum = (sum.0 + last.0, sum.1 + usize::from(last.0 == 1));
        }
    }
    for (entry, (ranks, won)) in entries.iter_mut().zip(sums) {
        let is_ranked = entry.entry.included;
        entry.mean_rank = kernel::finite(ranks as f64 / judged.len() as f64).filter(|_| is_ranked);
        entry.series_won = won;
    }
}

/// The entry of a candidate over several series.
fn pooled(spec: &Spec, judgement: &Judgement<'_>, places: &[&RankEntry], ordinal: usize) -> RankEntry {
    let judged = judgement.series.as_slice();
    let asked = &spec.candidates[ordinal];
    let unranked = judged.iter().zip(places).filter(|(_, place)| !place.included);
    let mut reasons = unranked.map(|(series, place)| {
        let reason = place.exclusion_reason.as_deref().unwrap_or("unknown");
        format!("{}: {reason}", series.ranking.name)
    });
    let first = reasons.next();
    let missing = usize::from(first.is_some()) + reasons.count();
    let exclusion_reason = judgement.stopped[ordinal].clone().or_else(|| {
        first.map(|first| format!("not ranked on {missing} of {} series ({first})", judged.len()))
    });
    let included = exclusion_reason.is_none() && !judged.is_empty();
    RankEntry {
        rank: None,
        candidate_id: super::label(ordinal),
        ordinal,
        key: places.first().map_or_else(|| asked.model_type.clone(), |place| place.key.clone()),
        model_type: asked.model_type.clone(),
        params: shared_params(places).unwrap_or_else(|| asked.params.clone().into()),
        included,
        metrics: included.then(|| metrics(judged, places)),
        uncertainty: if included { uncertainty(places) } else { None },
        exclusion_reason,
    }
}

/// The complete parameters, where they were the same on every series.
fn shared_params(places: &[&RankEntry]) -> Option<Value> {
    let (first, others) = places.split_first()?;
    others.iter().all(|place| place.params == first.params).then(|| first.params.clone())
}

fn metrics(judged: &[Judged<'_>], places: &[&RankEntry]) -> RankMetrics {
    let (mut actuals, mut predictions) = (Vec::new(), Vec::new());
    for (series, place) in judged.iter().zip(places) {
        for fold in backtest_of(series, place).into_iter().flat_map(|backtest| &backtest.folds) {
            actuals.extend(fold.actuals.iter().map(|actual| actual.unwrap_or(f64::NAN)));
            predictions.extend_from_slice(&fold.predictions);
        }
    }
    // Scaled errors need each series' own scale, so they are averaged; of the pool there is none.
    let pooled = evaluation::metrics::metrics_of(&actuals, &predictions, Scale::default());
    let mean = |of: fn(&RankMetrics) -> Option<f64>| {
        let values: Vec<f64> = places.iter().filter_map(|place| of(place.metrics.as_ref()?)).collect();
        kernel::finite(values.iter().sum::<f64>() / values.len() as f64)
    };
    let logarithms: Vec<f64> = places.iter().filter_map(|place| Some(place.metrics?.rel_mae?.ln())).collect();
    let scale_rows = places.first().and_then(|place| place.metrics?.scale_rows);
    let is_one = |place: &&RankEntry| place.metrics.is_some_and(|metrics| metrics.scale_rows == scale_rows);
    RankMetrics {
        rel_mae: geometric_mean(&logarithms),
        wape: pooled.wape,
        smape: pooled.smape,
        mae: pooled.mae,
        rmse: pooled.rmse,
        bias: pooled.bias,
        bias_percent: pooled.bias_percent,
        mase: mean(|metrics| metrics.mase),
        rmsse: mean(|metrics| metrics.rmsse),
        scale_rows: scale_rows.filter(|_| places.iter().all(is_one)),
        wrmsse: wrmsse(judged.iter().zip(places).map(|(series, place)| {
            (place.metrics.as_ref().and_then(|metrics| metrics.rmsse), volume(series, place.ordinal))
        })),
        sample_size: pooled.sample_size,
    }
}

/// Coverage and scores over the points of all series; the scaled loss is the mean over series. `None` unless every
/// series has them. The kind is that of most series, the first of equals.
fn uncertainty(places: &[&RankEntry]) -> Option<Uncertainty> {
    let all: Vec<&Uncertainty> =
        places.iter().map(|place| place.uncertainty.as_ref()).collect::<Option<_>>()?;
    let points: usize = all.iter().map(|one| one.points).sum();
    let mean = |of: &dyn Fn(&Uncertainty) -> f64| {
        kernel::finite(all.iter().map(|one| one.points as f64 * of(one)).sum::<f64>() / points as f64)
    };
    let coverage = (0..all.first()?.coverage.len()).map(|at| {
        Some(IntervalCoverage {
            level: all[0].coverage[at].level,
            observed: mean(&|one| one.coverage[at].observed)?,
            interval_score: mean(&|one| one.coverage[at].interval_score)?,
        })
    });
    let scaled: Option<Vec<f64>> = all.iter().map(|one| one.scaled_pinball).collect();
    let count = |kind| all.iter().filter(|one| one.kind == kind).count();
    let usual = all.iter().rev().max_by_key(|one| count(one.kind))?;
    Some(Uncertainty {
        kind: usual.kind,
        reason: usual.reason,
        coverage: coverage.collect::<Option<_>>()?,
        interval_score: mean(&|one| one.interval_score)?,
        scaled_pinball: scaled
            .and_then(|scaled| kernel::finite(scaled.iter().sum::<f64>() / scaled.len() as f64)),
        points,
    })
}

/// Puts every ranked candidate's errors beside the first one's, and tells how they stand to it.
fn compare(judged: &[Judged<'_>], entries: &mut [OverallEntry], metric: RankingMetric) -> Telling {
    let ranked = entries.iter().take_while(|entry| entry.entry.included).count();
    let folds = |series| ranked_folds(series, &entries[..ranked]);
    let rows: Option<Vec<Vec<&[FoldResult]>>> = judged.iter().map(folds).collect();
    let Some(rows) = rows.filter(|_| ranked > 0) else { return Telling::nothing(ranked) };
    let (telling, rivals) = tell(&rows, metric.weighs_series());
    for (entry, rival) in entries.iter_mut().zip(rivals).skip(1) {
        entry.against_champion = Some(rival);
    }
    telling
}

/// Whether a candidate has as many folds on every series.
fn has_even_folds(judged: &[Judged<'_>], ordinal: usize) -> bool {
    let mut counts =
        judged.iter().filter_map(|series| Some(backtest_of_ordinal(series, ordinal)?.folds.len()));
    let first = counts.next();
    counts.all(|count| Some(count) == first)
}

/// The folds of ranked candidates on a series; `None` if one has none there.
fn ranked_folds<'a>(series: &'a Judged<'_>, entries: &[OverallEntry]) -> Option<Vec<&'a [FoldResult]>> {
    entries
        .iter()
        .map(|entry| Some(backtest_of_ordinal(series, entry.entry.ordinal)?.folds.as_slice()))
        .collect()
}

fn order(entries: &mut [OverallEntry], metric: RankingMetric) {
    let last = |value: Option<f64>| value.unwrap_or(f64::INFINITY);
    let compare = |a: &OverallEntry, b: &OverallEntry| match (a.entry.included, b.entry.included) {
        (true, true) => last(a.entry.by(metric))
            .total_cmp(&last(b.entry.by(metric)))
            .then_with(|| last(a.mean_rank).total_cmp(&last(b.mean_rank)))
            .then_with(|| a.entry.ordinal.cmp(&b.entry.ordinal)),
        (false, false) => a.entry.ordinal.cmp(&b.entry.ordinal),
        (is_ranked, other) => other.cmp(&is_ranked),
    };
    entries.sort_by(compare);
    let ranked = entries.iter().take_while(|entry| entry.entry.included).count();
    for place in 0..ranked {
        let before = place.checked_sub(1).map(|before| &entries[before].entry);
        let equal = before.filter(|before| before.metrics == entries[place].entry.metrics);
        entries[place].entry.rank = equal.map_or(Some(place + 1), |before| before.rank);
    }
}

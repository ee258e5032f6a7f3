//! One ranking over all series.
//!
//! Of a single series it is that series' ranking. Of several, the metrics are computed once over the test points of
//! all series together (so WAPE is pooled: the sum of errors over the sum of demand), scaled errors are the mean over
//! series, and ties fall to the better mean rank. A candidate takes part if it was ranked on every series, because
//! only then was it judged on the same points as the others.

use forecast::compare::{Rival, contest};
use forecast::interval::{Coverage, Uncertainty};
use forecast::metrics::{Scale, wrmsse};
use forecast::rank::{Confidence, Outcome, RankEntry, RankMetrics};
use forecast::{FoldResult, Metric, Metrics};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::combination::{Combination, SelectionCheck, combination, notes, selection_check};
use super::{Judged, Spec, backtest_of};

/// The ranking over all series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overall {
    /// How several series were made one figure.
    pub method: String,
    /// The ordinal of the champion, if one can be named.
    pub winner: Option<usize>,
    /// Everyone: ranked first, then the excluded in the order of the request.
    pub entries: Vec<OverallEntry>,
    /// How sure the first place is.
    pub confidence: Confidence,
    /// Why, with the numbers.
    pub reasons: Vec<String>,
    /// The keys of the ranked candidates whose errors over all series cannot be told from the champion's at 5 %, the
    /// champion's first. More than one means that there is no clear winner.
    #[serde(default)]
    pub tied: Vec<String>,
    /// The mean of the candidates beside the champion; absent with fewer than two ranked candidates.
    pub combination: Option<Combination>,
    /// The choice, judged on a fold it was not made on; absent with fewer than two folds or candidates.
    pub selection_check: Option<SelectionCheck>,
    /// What a reader must know before trusting the champion.
    pub notes: Vec<String>,
    /// What a reader must know of the numbers.
    pub warnings: Vec<String>,
}

/// One candidate's place over all series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OverallEntry {
    /// The place and the metrics over all points.
    #[serde(flatten)]
    pub entry: RankEntry,
    /// The mean of its ranks, over the series where it has one.
    pub mean_rank: Option<f64>,
    /// Series where it is first.
    pub series_won: usize,
    /// Series where it is ranked.
    pub series_ranked: usize,
    /// Its errors against the champion's; absent if it is not ranked or was not judged on the same days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against_champion: Option<Rival>,
}

const OF_ONE: &str = "the ranking of the one series";
const OF_MANY: &str = "metrics over the points of all series together (pooled WAPE), mase and rmsse as the mean over \
                       series, wrmsse weighted by the volume of the last 28 rows before the first test, ties by mean rank; only candidates ranked on every series";

/// The ranking over all judged series.
pub(super) fn overall(spec: &Spec, judged: &[Judged<'_>]) -> Overall {
    let mut entries: Vec<OverallEntry> =
        (0..spec.candidates.len()).map(|ordinal| entry(spec, judged, ordinal)).collect();
    let (method, confidence, reasons) = if let [only] = judged {
        let place = |entry: &OverallEntry| position(only, entry.entry.ordinal);
        entries.sort_by_key(place);
        (OF_ONE, only.ranking.ranking.confidence, only.ranking.ranking.reasons.clone())
    } else {
        order(&mut entries, spec.ranking_metric);
        let (confidence, reason) = confidence(&entries, spec, judged.len());
        (OF_MANY, confidence, vec![reason])
    };
    let tied = compare(judged, &mut entries);
    let first = entries.first().filter(|first| first.entry.included);
    let (combination, check) = (combination(judged), selection_check(judged));
    let champion = first.and_then(|first| first.entry.metrics);
    let told = notes(champion, combination.as_ref(), check.as_ref());
    Overall {
        method: method.to_owned(),
        winner: first.map(|first| first.entry.ordinal),
        notes: no_clear_winner(&tied).into_iter().chain(told).collect(),
        tied,
        entries,
        confidence,
        reasons,
        combination,
        selection_check: check,
        warnings: warnings(judged),
    }
}

fn position(judged: &Judged<'_>, ordinal: usize) -> usize {
    let entries = &judged.ranking.ranking.entries;
    entries.iter().position(|entry| entry.ordinal == ordinal).unwrap_or(entries.len())
}

fn entry(spec: &Spec, judged: &[Judged<'_>], ordinal: usize) -> OverallEntry {
    let places: Vec<&RankEntry> = judged
        .iter()
        .filter_map(|series| series.ranking.ranking.entries.iter().find(|entry| entry.ordinal == ordinal))
        .collect();
    let ranks: Vec<usize> = places.iter().filter_map(|place| place.rank).collect();
    let series_ranked = ranks.len();
    let mean_rank = kernel::finite(ranks.iter().sum::<usize>() as f64 / series_ranked as f64);
    let series_won = ranks.iter().filter(|&&rank| rank == 1).count();
    let entry = match (places.as_slice(), judged) {
        ([only], [_]) => (*only).clone(),
        _ => pooled(spec, judged, &places, ordinal),
    };
    OverallEntry { entry, mean_rank, series_won, series_ranked, against_champion: None }
}

/// The entry of a candidate over several series.
fn pooled(spec: &Spec, judged: &[Judged<'_>], places: &[&RankEntry], ordinal: usize) -> RankEntry {
    let asked = &spec.candidates[ordinal];
    let unranked = judged.iter().zip(places).filter(|(_, place)| !place.included);
    let mut reasons = unranked.map(|(series, place)| {
        let reason = place.exclusion_reason.as_deref().unwrap_or("unknown");
        format!("{}: {reason}", series.ranking.name)
    });
    let first = reasons.next();
    let missing = usize::from(first.is_some()) + reasons.count();
    let exclusion_reason =
        first.map(|first| format!("not ranked on {missing} of {} series ({first})", judged.len()));
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
    let pooled = Metrics::of(&actuals, &predictions, Scale::default());
    let mean = |of: fn(&RankMetrics) -> Option<f64>| {
        let values: Vec<f64> = places.iter().filter_map(|place| of(place.metrics.as_ref()?)).collect();
        kernel::finite(values.iter().sum::<f64>() / values.len() as f64)
    };
    RankMetrics {
        wape: pooled.wape,
        smape: pooled.smape,
        mae: pooled.mae,
        rmse: pooled.rmse,
        bias: pooled.bias,
        bias_percent: pooled.bias_percent,
        mase: mean(|metrics| metrics.mase),
        rmsse: mean(|metrics| metrics.rmsse),
        wrmsse: wrmsse(judged.iter().zip(places).map(|(series, place)| {
            (place.metrics.as_ref().and_then(|metrics| metrics.rmsse), volume(series, place))
        })),
        sample_size: pooled.sample_size,
    }
}

/// What was sold in the last 28 rows before the first test window: known before any forecast that is judged.
fn volume(series: &Judged<'_>, place: &RankEntry) -> f64 {
    const ROWS: usize = 28;
    let first = backtest_of(series, place).and_then(|backtest| backtest.folds.first());
    let rows = first.map_or(0, |fold| fold.split.train_size);
    let last = &series.series.values()[rows.saturating_sub(ROWS)..rows];
    last.iter().filter(|value| !value.is_nan()).map(|value| value.abs()).sum()
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
        Some(Coverage {
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

/// Puts every ranked candidate's errors beside the champion's, and returns the keys of those that cannot be told from
/// it. Without a common day nobody can be told apart, and only the champion is named.
fn compare(judged: &[Judged<'_>], entries: &mut [OverallEntry]) -> Vec<String> {
    let ranked = entries.iter().take_while(|entry| entry.entry.included).count();
    let folds = |series| ranked_folds(series, &entries[..ranked]);
    let all: Option<Vec<Vec<&[FoldResult]>>> = judged.iter().map(folds).collect();
    let found = all.filter(|_| ranked > 0).and_then(|all| contest(&all, 0));
    let mut tied: Vec<String> =
        entries[..ranked].iter().take(1).map(|entry| entry.entry.key.clone()).collect();
    for (entry, rival) in entries.iter_mut().zip(found.into_iter().flat_map(|found| found.rivals)).skip(1) {
        if rival.is_tied() {
            tied.push(entry.entry.key.clone());
        }
        entry.against_champion = Some(rival);
    }
    tied
}

/// The folds of ranked candidates on a series; `None` if one has none there.
fn ranked_folds<'a>(series: &'a Judged<'_>, entries: &[OverallEntry]) -> Option<Vec<&'a [FoldResult]>> {
    let folds = |entry: &OverallEntry| match &series.candidates.get(entry.entry.ordinal)?.outcome {
        Outcome::Completed { backtest } => Some(backtest.folds.as_slice()),
        _ => None,
    };
    entries.iter().map(folds).collect()
}

fn no_clear_winner(tied: &[String]) -> Option<String> {
    let (champion, others) = tied.split_first()?;
    (!others.is_empty()).then(|| {
        format!(
            "No clear winner: over all series the errors of {} cannot be told from those of {champion} at 5 %.",
            others.join(", ")
        )
    })
}

fn order(entries: &mut [OverallEntry], metric: Metric) {
    let last = |value: Option<f64>| value.unwrap_or(f64::INFINITY);
    let compare = |a: &OverallEntry, b: &OverallEntry| match (a.entry.included, b.entry.included) {
        (true, true) => last(by(a, metric))
            .total_cmp(&last(by(b, metric)))
            .then_with(|| last(a.mean_rank).total_cmp(&last(b.mean_rank)))
            .then_with(|| a.entry.ordinal.cmp(&b.entry.ordinal)),
        (false, false) => a.entry.ordinal.cmp(&b.entry.ordinal),
        (is_ranked, other) => other.cmp(&is_ranked),
    };
    entries.sort_by(compare);
    for (place, entry) in entries.iter_mut().filter(|entry| entry.entry.included).enumerate() {
        entry.entry.rank = Some(place + 1);
    }
}

/// A metric a ranking can go by; bias by its size.
fn by(entry: &OverallEntry, metric: Metric) -> Option<f64> {
    let metrics = entry.entry.metrics?;
    match metric {
        Metric::Smape => metrics.smape,
        Metric::Mae => metrics.mae,
        Metric::Bias => metrics.bias.map(f64::abs),
        _ => metrics.wape,
    }
}

/// A relative lead below this is a near tie.
const NEAR_TIE: f64 = 0.02;

/// How sure a first place over several series is: always judged on pooled WAPE, and high only if the mean rank agrees.
fn confidence(entries: &[OverallEntry], spec: &Spec, series: usize) -> (Confidence, String) {
    let mut ranked = entries.iter().filter(|entry| entry.entry.included);
    let Some(first) = ranked.next() else {
        return (Confidence::Low, "no candidate could be ranked on every series".to_owned());
    };
    let Some(second) = ranked.next() else {
        let reason = format!("{} is the only candidate ranked on every series", first.entry.key);
        return (Confidence::Low, reason);
    };
    let (Some(best), Some(next)) = (by(first, Metric::Wape), by(second, Metric::Wape)) else {
        return (Confidence::Low, "WAPE is undefined because no series has any demand".to_owned());
    };
    let lead = if next == 0.0 { 0.0 } else { (next - best) / next };
    let has_best_mean_rank =
        entries.iter().filter(|e| e.entry.included).all(|other| first.mean_rank <= other.mean_rank);
    let reason = format!(
        "pooled WAPE {best:.1}% against {next:.1}% of {}, a relative lead of {:.1}%; first on {} of {series} series{}",
        second.entry.key,
        100.0 * lead,
        first.series_won,
        if has_best_mean_rank { " with the best mean rank" } else { ", and another has a better mean rank" },
    );
    let confidence = if lead < NEAR_TIE {
        Confidence::Low
    } else if lead >= spec.policy.high_confidence_rel_improvement && has_best_mean_rank {
        Confidence::High
    } else {
        Confidence::Medium
    };
    (confidence, reason)
}

/// The warnings of the series, each once.
fn warnings(judged: &[Judged<'_>]) -> Vec<String> {
    if let [only] = judged {
        return only.ranking.ranking.warnings.clone();
    }
    let warned = |series: &Judged<'_>| {
        let name = series.ranking.name.clone();
        series
            .ranking
            .ranking
            .warnings
            .iter()
            .map(move |warning| format!("{name}: {warning}"))
            .collect::<Vec<_>>()
    };
    judged.iter().flat_map(warned).collect()
}

//! What a comparison found, as values and as the bytes of its artifacts. Pure: runs on the compute pool.

use super::super::ranking::Found;
use bytes::Bytes;
use evaluation::FoldResult;
use evaluation::rank::Outcome;
use kernel::canonical_json;
use serde::Serialize;

use super::super::ranking::{Judged, Results, charts, judge, ranking};
use super::super::spec::Spec;
use crate::panel::Panel;

/// The ranking, and the bytes of the artifacts.
pub(super) struct Findings {
    pub ranking: Found,
    pub ranking_bytes: Bytes,
    pub charts: Bytes,
    pub folds: Bytes,
}

/// One line of the artifact `folds`.
#[derive(Serialize)]
struct Line<'a> {
    series: &'a str,
    candidate_id: &'a str,
    model_type: &'a str,
    #[serde(flatten)]
    fold: &'a FoldResult,
}

pub(super) fn find(spec: &Spec, panel: &Panel, results: Vec<Results>) -> Result<Findings, serde_json::Error> {
    let judgement = judge(spec, &panel.series, results);
    let charts = Bytes::from(canonical_json(&charts(&judgement.series))?);
    let folds = folds(&judgement.series)?;
    let ranking = ranking(spec, judgement);
    let ranking_bytes = Bytes::from(canonical_json(&ranking)?);
    Ok(Findings { ranking, ranking_bytes, charts, folds })
}

fn folds(judged: &[Judged<'_>]) -> Result<Bytes, serde_json::Error> {
    let mut text = String::new();
    for series in judged {
        for candidate in &series.candidates {
            let Outcome::Completed { backtest } = &candidate.outcome else { continue };
            for fold in &backtest.folds {
                let line = Line {
                    series: series.series.name(),
                    candidate_id: &candidate.candidate_id,
                    model_type: &candidate.model_type,
                    fold,
                };
                text.push_str(&canonical_json(&line)?);
                text.push('\n');
            }
        }
    }
    Ok(Bytes::from(text))
}

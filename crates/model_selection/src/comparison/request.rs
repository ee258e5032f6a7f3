//! What is asked for, and whether it can be done at all: a pure check that reports every wrong field at once.

use evaluation::SplitConfig;
use kernel::{Fault, FieldError};
use wire::datasets::DatasetId;
use wire::model_selection::{CandidateModel, ComparisonRequest, RankingPolicy, StatedFolds, Window};

use crate::bounds::{check_between, check_folds, check_params, check_run, check_season};
use crate::feature_set::FeatureSetChoice;
use crate::source::{Pair, check_window};

const MAX_CANDIDATES: usize = 32;

/// What folds there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    horizon: usize,
    folds: usize,
    may_overlap: bool,
}

impl Bounds {
    /// On one fold nothing can be tested.
    pub(super) const COMPARISON: Self = Self { horizon: 90, folds: 2, may_overlap: false };
    /// As forecasts are checked where they are submitted: one fold is enough to weigh by.
    pub(super) const FORECAST: Self = Self { horizon: 366, folds: 1, may_overlap: true };
}

/// What a checked request reads from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reads {
    Pair { pair: Pair, window: Window },
    Dataset { dataset_id: DatasetId },
}

/// The folds that are asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Folds {
    /// All of them are stated.
    Stated(SplitConfig),
    /// They are planned around what is stated.
    Planned(StatedFolds),
}

/// A request that passed every check that needs no data.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Checked {
    pub reads: Reads,
    /// None where the series decide.
    pub candidates: Vec<CandidateModel>,
    pub folds: Folds,
    pub feature_frame: FeatureSetChoice,
}

/// Reports everything that is wrong with a request and can be known without looking at the data.
pub fn validate(request: &ComparisonRequest) -> Result<(), Vec<FieldError>> {
    Question(request, Bounds::COMPARISON).check().map(drop)
}

/// A request that is being checked.
pub(super) struct Question<'a>(pub(super) &'a ComparisonRequest, pub(super) Bounds);

impl Question<'_> {
    /// Checks everything that can be known without looking at the data, and reports all that is wrong.
    pub(super) fn check(&self) -> Result<Checked, Vec<FieldError>> {
        let mut fields = Vec::new();
        check_run(self.0.title.as_deref(), self.0.priority, &mut fields);
        let reads = self.reads(&mut fields);
        let folds = self.folds(&mut fields);
        self.check_candidates(&mut fields);
        check_season(self.0.season_length, &mut fields);
        self.check_policy(&mut fields);
        let feature_frame =
            FeatureSetChoice { version: self.0.feature_frame_version, groups: self.0.feature_groups.clone() };
        feature_frame.validate(&mut fields);
        match reads {
            Some(reads) if fields.is_empty() => {
                Ok(Checked { reads, candidates: self.0.candidate_models.clone(), folds, feature_frame })
            }
            _ => Err(fields),
        }
    }

    fn reads(&self, fields: &mut Vec<FieldError>) -> Option<Reads> {
        let has_pair_field =
            self.0.store_id.is_some() || self.0.product_id.is_some() || self.0.selection_window.is_some();
        match self.0.dataset_id {
            Some(_) if has_pair_field => {
                fields.push(FieldError::new(
                    "dataset_id",
                    "must be left out when a pair is given, and vice versa",
                ));
                None
            }
            Some(dataset_id) => {
                if self.0.series.as_ref().is_some_and(Vec::is_empty) {
                    fields.push(FieldError::new("series", "must name at least one series, or be left out"));
                }
                Some(Reads::Dataset { dataset_id })
            }
            None => self.pair(fields),
        }
    }

    fn pair(&self, fields: &mut Vec<FieldError>) -> Option<Reads> {
        let mut missing = |field: &str| {
            fields.push(FieldError::new(field, "is required, unless dataset_id names a data set"));
        };
        if self.0.store_id.is_none() {
            missing("store_id");
        }
        if self.0.product_id.is_none() {
            missing("product_id");
        }
        if self.0.selection_window.is_none() {
            missing("selection_window");
        }
        if self.0.series.is_some() {
            fields.push(FieldError::new("series", "must be left out: a pair has one series"));
        }
        let (pair, window) =
            (Pair { store_id: self.0.store_id?, product_id: self.0.product_id? }, self.0.selection_window?);
        pair.validate(fields);
        check_window(window, "selection_window", fields);
        Some(Reads::Pair { pair, window })
    }

    fn folds(&self, fields: &mut Vec<FieldError>) -> Folds {
        let horizon = self.0.forecast_horizon;
        check_between("forecast_horizon", horizon, self.1.horizon, fields);
        if let (Some(split), stated) = (self.0.split_config, self.0.folds) {
            if stated.is_some() {
                fields
                    .push(FieldError::new("folds", "must be left out: split_config states all of the folds"));
            }
            return Folds::Stated(self.split(split.into(), fields));
        }
        let stated = self.0.folds.unwrap_or_default();
        check_folds(&stated, horizon, self.1.folds, fields);
        let overlaps = |step: &usize| !self.1.may_overlap && (1..horizon).contains(step);
        if let Some(step) = stated.step.filter(overlaps) {
            fields.push(overlapping("folds.step", step, horizon));
        }
        Folds::Planned(stated)
    }

    fn split(&self, split: SplitConfig, fields: &mut Vec<FieldError>) -> SplitConfig {
        let horizon = self.0.forecast_horizon;
        if let Err(error) = split.validate() {
            let within = |f: FieldError| FieldError::new(format!("split_config.{}", f.field), f.message);
            fields.extend(error.fields().into_iter().map(within));
        }
        if let Some(step) = split.step.filter(|step| *step < split.horizon) {
            fields.push(overlapping("split_config.step", step, split.horizon));
        }
        if split.horizon != horizon {
            let message = format!("must equal forecast_horizon {horizon}, not {}", split.horizon);
            fields.push(FieldError::new("split_config.horizon", message));
        }
        split
    }

    fn check_candidates(&self, fields: &mut Vec<FieldError>) {
        let n = self.0.candidate_models.len();
        if n > MAX_CANDIDATES {
            let message = format!("must have at most {MAX_CANDIDATES} candidates, not {n}");
            fields.push(FieldError::new("candidate_models", message));
        }
        let known = forecast::catalog_names();
        for (at, candidate) in self.0.candidate_models.iter().enumerate() {
            if !known.contains(&candidate.model_type.as_str()) {
                let message = format!("must be one of {}, not `{}`", known.join(", "), candidate.model_type);
                fields.push(FieldError::new(format!("candidate_models.{at}.model_type"), message));
            }
            check_params(&candidate.params, &format!("candidate_models.{at}.params"), fields);
        }
    }

    fn check_policy(&self, fields: &mut Vec<FieldError>) {
        let RankingPolicy { high_confidence_rel_improvement: lead, max_acceptable_abs_bias: bias, .. } =
            self.0.ranking_policy;
        if !(0.0..=1.0).contains(&lead) {
            let message = format!("must be between 0 and 1, not {lead}");
            fields.push(FieldError::new("ranking_policy.high_confidence_rel_improvement", message));
        }
        if bias.is_nan() || bias < 0.0 {
            let message = format!("must be at least 0, not {bias}");
            fields.push(FieldError::new("ranking_policy.max_acceptable_abs_bias", message));
        }
    }
}

fn overlapping(field: &str, step: usize, horizon: usize) -> FieldError {
    let message = format!(
        "must be at least the horizon {horizon}, not {step}: a ranking is tested on folds that do not overlap"
    );
    FieldError::new(field, message)
}

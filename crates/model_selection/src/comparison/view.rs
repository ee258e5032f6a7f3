//! What readers of comparisons ask for, and what they get where there is nothing yet.

use kernel::RunId;
use wire::datasets::DatasetId;
use wire::model_selection::{ComparisonStatus, Confidence, ExcludedSeries, Ranking, RankingMetric};
use wire::retail::{ProductId, StoreId};

/// Which comparisons a list holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this store.
    pub store_id: Option<StoreId>,
    /// Only of this product.
    pub product_id: Option<ProductId>,
    /// Only of this data set.
    pub dataset_id: Option<DatasetId>,
    /// Only in this status.
    pub status: Option<ComparisonStatus>,
}

/// The ranking of a comparison that has none yet.
pub(super) fn no_ranking(
    id: RunId,
    status: ComparisonStatus,
    metric: RankingMetric,
    excluded: Excluded,
) -> Ranking {
    Ranking {
        selection_id: id,
        status,
        metric,
        verdict: None,
        statement: None,
        coverage: None,
        method: None,
        winner: None,
        entries: Vec::new(),
        confidence: Confidence::Low,
        reasons: Vec::new(),
        tied: Vec::new(),
        bias: None,
        figures: Vec::new(),
        combination: None,
        selection_check: None,
        notes: Vec::new(),
        assumptions: Vec::new(),
        warnings: Vec::new(),
        excluded_series: excluded.first,
        excluded_total: excluded.total,
    }
}

/// So many series that took no part are told in an answer; the spec of the run has all of them.
const TOLD: usize = 200;

/// The first of the series that took no part, and how many there are.
pub(super) struct Excluded {
    pub first: Vec<ExcludedSeries>,
    pub total: usize,
}

impl From<Vec<ExcludedSeries>> for Excluded {
    fn from(mut all: Vec<ExcludedSeries>) -> Self {
        let total = all.len();
        all.truncate(TOLD);
        Self { first: all, total }
    }
}

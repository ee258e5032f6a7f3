//! Which models have been run where, and how they compare.

use kernel::RunId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CalcuttaId, CohortId, LabEstimate, LabKind, TournamentId};

/// The models that a cohort stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Combination)]
pub struct Combination {
    /// Who beats whom.
    pub game_outcome_model: String,
    /// What others bid.
    pub market_share_model: String,
    /// The best bids.
    pub optimizer_key: String,
}

/// How many tournaments and auctions each model has covered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::Coverage)]
pub struct Coverage {
    /// Tournaments there are.
    pub tournament_total: u32,
    /// Auctions there are.
    pub calcutta_total: u32,
    /// The models in the order of the catalogue.
    pub models: Vec<CoveredModel>,
    /// The automatic cohorts, by their names.
    pub cohorts: Vec<CoveredCohort>,
}

/// Where one model has succeeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::CoveredModel)]
pub struct CoveredModel {
    /// The kind of its runs.
    pub run_kind: LabKind,
    /// The model.
    pub model: String,
    /// Its name for people.
    pub display_name: String,
    /// Tournaments (of a model of games) or auctions with a succeeded run.
    pub covered: u32,
    /// Of so many.
    pub total: u32,
}

/// Where the models of one cohort have given bids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::CoveredCohort)]
pub struct CoveredCohort {
    /// The cohort.
    #[schema(value_type = uuid::Uuid)]
    pub cohort_id: CohortId,
    /// Its name.
    pub name: String,
    /// Its models.
    pub auto: Combination,
    /// Auctions with a succeeded strategy of these models.
    pub covered: u32,
    /// Of so many.
    pub total: u32,
}

/// Which model's coverage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CoverageQuery {
    /// The kind of run: `game_outcome`, `market_share` or `strategy_generation`.
    pub run_kind: LabKind,
    /// The model.
    pub model: String,
}

/// Where one model has been run, and where not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::ModelCoverage)]
pub struct ModelCoverage {
    /// The kind of its runs.
    pub run_kind: LabKind,
    /// The model.
    pub model: String,
    /// How many have a succeeded run.
    pub covered: u32,
    /// Of so many.
    pub total: u32,
    /// Every tournament or auction, the latest season first.
    pub items: Vec<CoveredItem>,
}

/// One tournament or auction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::CoveredItem)]
pub struct CoveredItem {
    /// The tournament.
    #[schema(value_type = uuid::Uuid)]
    pub tournament_id: TournamentId,
    /// The auction; `null` for a model of games.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub calcutta_id: Option<CalcuttaId>,
    /// What people call it.
    pub name: String,
    /// Its season.
    pub season: i32,
    /// Its succeeded runs of the model, oldest first; none where it lacks one.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub run_ids: Vec<RunId>,
}

/// Models compared by what their bids come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::ModelLeaderboard)]
pub struct ModelLeaderboard {
    /// The model of markets that the others are compared with.
    pub baseline: String,
    /// Means that lie within so much of the first prize count as similar.
    pub similar_within: f64,
    /// Simulations and evaluations that were read.
    pub runs_read: u32,
    /// Whether there are older ones that were not read.
    pub is_cut: bool,
    /// The models, the best mean first.
    pub models: Vec<ModelStanding>,
}

kernel::words! {
    /// How a model compares with its baseline.
    #[derive(ToSchema)]
    #[schema(as = lab::Verdict)]
    pub enum Verdict {
        /// It is the baseline.
        Baseline = "baseline",
        /// Closer than counts.
        Similar = "similar",
        /// Better, by more than counts and by more than two standard errors.
        Better = "better",
        /// Worse, by more than counts and by more than two standard errors.
        Worse = "worse",
        /// Too few auctions to tell.
        Unknown = "unknown",
    }
}

/// What the bids of one combination of models come to over auctions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::ModelStanding)]
pub struct ModelStanding {
    /// The models.
    #[serde(flatten)]
    pub models: Combination,
    /// Auctions it was judged on.
    pub calcuttas: u32,
    /// Rows of simulations and evaluations that judged it; those of one auction are averaged first.
    pub observations: u32,
    /// Mean payout over the first prize. The standard error is that over auctions; of a single one that of its simulation.
    pub mean_normalized_payout: LabEstimate,
    /// Chance of the first place.
    pub p_top1: LabEstimate,
    /// Chance of any money.
    pub p_in_money: LabEstimate,
    /// Entries that do worse, of all others: 1 for the best of an auction, 0 for the last.
    pub percentile: LabEstimate,
    /// Auctions on which its baseline was judged too.
    pub compared: u32,
    /// How much more than the baseline it is paid, auction by auction; `null` where nothing can be compared.
    pub difference_to_baseline: Option<LabEstimate>,
    /// What follows.
    pub verdict: Verdict,
}

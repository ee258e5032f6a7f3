//! The lab: fields with their brackets, states of play, auctions and their snapshots, models of games and markets,
//! strategies, simulations and what they come to, cohorts of synthetic calcuttas.
//!
//! Play money and scores are points, real money is cents; a normalised payout is a payout over the first prize.

mod bulk;
mod calcutta;
mod candidate;
mod catalog;
mod cohort;
mod condition;
mod coverage;
mod evaluation;
mod field;
mod intake;
mod leaderboard;
mod lineage;
mod live;
mod model;
mod portfolio;
mod returns;
mod season;
mod simulation;
mod strategy;

pub use bulk::{
    BulkFailed, BulkMade, BulkMarketModel, BulkProposal, BulkQuery, BulkRefused, BulkReport, BulkRequest,
    BulkRun, BulkSkipped, TrainOn,
};
pub use calcutta::{
    Bid, Calcutta, CalcuttaItem, CalcuttaPage, CalcuttaRequest, Entry, EntryRequest, ListCalcuttas, Payout,
    Rules, ScoringRule, Snapshot, SnapshotContent, SnapshotItem, SnapshotKind, SnapshotRequest,
};
pub use candidate::{
    Candidate, CandidatePage, CandidateRequest, CandidateSource, ChangeCandidate, ListCandidates,
};
pub use catalog::{LabCatalog, LabModel};
pub use cohort::{
    Attach, Attachment, ChangeCohort, ChangeSyntheticCalcutta, Cohort, CohortPage, CohortRequest, CohortSync,
    ListSynthetic, SyntheticCalcutta, SyntheticCalcuttaPage, SyntheticCalcuttaRequest, SyntheticRules,
};
pub use condition::{
    ConditionRequest, Conditioned, ConditionedEntry, ConditionedGame, ConditionedWinner, WithoutCondition,
};
pub use coverage::{
    Combination, Coverage, CoverageQuery, CoveredCohort, CoveredItem, CoveredModel, ModelCoverage,
    ModelLeaderboard, ModelStanding, Verdict,
};
pub use evaluation::{
    Batch, BatchMember, BatchRequest, BatchResult, BatchStatus, CandidatePerformance, Evaluation,
    EvaluationRequest, EvaluationResult,
};
pub use field::{
    Field, FinalFour, Game, GameResult, PlayedBracket, PlayedGame, Rating, Side, State, StateItem,
    StateRequest, Team, Tournament, TournamentItem, TournamentPage, TournamentRequest,
};
pub use intake::{
    BidSheet, BidSheetInspection, CandidatesKept, DecimalMark, IntakeProblem, IntakeQuestion, IntakeReport,
    LeftOut, MatchedBy, ReadBids, ReadColumn, ReadTable, SeasonFiles, SeasonInspection, SeasonPart,
    TableFile, TeamMatch,
};
pub use leaderboard::{
    Distribution, DistributionQuery, Finish, LabEstimate, LeaderboardRow, Owner, Ownership, Realized,
    TeamOwners,
};
pub use lineage::{LabKind, LabRun, LabRunPage, Lineage, ListLabRuns, Resolution, ResolveQuery};
pub use live::{LiveAuction, LiveRequest, LiveTeam, SoldTeam, Spending};
pub use model::{
    GameOutcome, GameOutcomeModel, GameOutcomeRequest, GameOutcomeResult, MarketShare, MarketShareModel,
    MarketShareRequest, MarketShareResult, PairProbability, TeamOdds, TeamReach, TeamShare,
};
pub use portfolio::{Portfolio, PortfolioMember, PortfolioPair, PortfolioRequest};
pub use returns::{Returns, ReturnsQuery, TeamReturns};
pub use season::{GenerateSeasons, SeasonReport, SeasonRequest, SeasonsReport};
pub use simulation::{
    BracketQuery, SealProof, Simulation, SimulationRequest, SimulationResult, SimulationSize,
};
pub use strategy::{Strategy, StrategyRequest, StrategyResult, TeamBid};

kernel::id! {
    /// One tournament: a field with its bracket. It never changes.
    TournamentId
}

kernel::id! {
    /// What is played of a tournament, as of some moment. It never changes.
    StateId
}

kernel::id! {
    /// One auction over a tournament.
    CalcuttaId
}

kernel::id! {
    /// An auction's rules, payouts, entries and bids as they were. It never changes; an edit makes a new one.
    SnapshotId
}

kernel::id! {
    /// One entry of an auction, the same through all snapshots. Two entries of one name are still two.
    EntryId
}

kernel::id! {
    /// Bids that may join an auction. Its name is for people.
    CandidateId
}

kernel::id! {
    /// Synthetic calcuttas that are judged by one method.
    CohortId
}

kernel::id! {
    /// An auction of a cohort with the candidates that were attached to it.
    SyntheticCalcuttaId
}

kernel::id! {
    /// One candidate attached to one synthetic calcutta.
    AttachmentId
}

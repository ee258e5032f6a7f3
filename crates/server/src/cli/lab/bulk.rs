//! The arguments of `lab coverage`, `lab bulk` and `lab cohorts`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use wire::lab::{CalcuttaId, CohortId, LabKind, TournamentId, TrainOn};

use super::Output;

#[derive(Debug, Args)]
pub(crate) struct LabCoverage {
    /// Where this model has been run, and where not [default: how much of everything each model has covered].
    #[arg(long, requires = "kind")]
    pub(crate) model: Option<String>,
    /// The kind of its runs: `game_outcome`, `market_share` or `strategy_generation`.
    #[arg(long, requires = "model")]
    pub(crate) kind: Option<LabKind>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LabCohorts {
    /// Make a cohort for each combination of models; those that are there stay as they are.
    Sync {
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum LabBulk {
    /// Say which runs are missing, with every upstream by its id; submits nothing.
    #[command(subcommand)]
    Propose(LabPropose),
    /// Submit what was proposed and execute it, one run after the other. What was asked before is not asked again.
    Submit {
        /// The proposal, as `lab bulk propose … --json` prints it.
        file: PathBuf,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum LabPropose {
    /// Who beats whom, of every tournament that has no such run.
    #[command(name = "game_outcome")]
    GameOutcome {
        /// Points of net rating that multiply the odds of a game by e.
        #[arg(long, default_value_t = 10.0, value_name = "POINTS")]
        scale: f64,
        /// The state that each begins at, by its name in the tournament.
        #[arg(long, default_value = "pre_tournament", value_name = "KEY")]
        state: String,
        /// Only this tournament. May be repeated.
        #[arg(long = "tournament", value_name = "ID")]
        tournaments: Vec<TournamentId>,
        #[command(flatten)]
        output: Output,
    },
    /// What others bid, of every auction that has no such run.
    #[command(name = "market_share")]
    MarketShare {
        /// The model.
        #[arg(long)]
        model: MarketModel,
        /// Whose run says what teams are expected to earn, for `naive-ev-baseline`.
        #[arg(long, default_value = "logistic", value_name = "MODEL")]
        games: String,
        /// The penalty, for `ridge`.
        #[arg(long, default_value_t = 1.0)]
        alpha: f64,
        /// Which auctions `ridge` learns from: `earlier` seasons or all `others`.
        #[arg(long, default_value = "earlier")]
        train_on: TrainOn,
        /// Only this auction. May be repeated.
        #[arg(long = "calcutta", value_name = "ID")]
        calcuttas: Vec<CalcuttaId>,
        #[command(flatten)]
        output: Output,
    },
    /// The best bids by the models of a cohort, of every auction that has none.
    #[command(name = "strategy_generation")]
    StrategyGeneration {
        /// An automatic cohort, which names its models; `lab coverage` lists them.
        #[arg(long, value_name = "ID")]
        cohort: CohortId,
        /// Only this auction. May be repeated.
        #[arg(long = "calcutta", value_name = "ID")]
        calcuttas: Vec<CalcuttaId>,
        #[command(flatten)]
        output: Output,
    },
}

/// A model of markets, by the name it has in requests.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum MarketModel {
    /// People bid what a team is expected to earn.
    #[value(name = "naive-ev-baseline")]
    Naive,
    /// Learned from other auctions.
    #[value(name = "ridge")]
    Ridge,
    /// What was really bid.
    #[value(name = "oracle_actual_market")]
    Oracle,
}

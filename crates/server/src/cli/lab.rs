//! The arguments of `lab`.

mod bulk;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kernel::RunId;
use wire::lab::{CalcuttaId, CandidateId, DecimalMark, EntryId, SnapshotId, SoldTeam, StateId};

pub(crate) use self::bulk::{LabBulk, LabCohorts, LabCoverage, LabPropose, MarketModel};
use super::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Lab {
    /// Make seasons, fit models, find the best bids and judge them over simulated tournaments.
    Demo(LabDemo),
    /// Import a season of your own: teams, results, odds and bids as CSV, Excel, ODS or JSON.
    Import(Box<LabImport>),
    /// Candidates, out of runs and out of files.
    #[command(subcommand)]
    Candidates(LabCandidates),
    /// How models compare by what their bids come to, and what each has covered.
    Models {
        #[command(flatten)]
        output: Output,
    },
    /// What models have covered, and what each lacks.
    Coverage(LabCoverage),
    /// The runs that are missing: proposed first, then submitted.
    #[command(subcommand)]
    Bulk(LabBulk),
    /// Cohorts.
    #[command(subcommand)]
    Cohorts(LabCohorts),
    /// Tournaments and auctions, newest first.
    List {
        /// How many of each at most.
        #[arg(long, default_value_t = 20)]
        limit: u32,
        #[command(flatten)]
        output: Output,
    },
    /// Everything that a command on an auction may name: its snapshots, states, runs, entries, candidates, teams and games.
    Show {
        /// The auction.
        calcutta: CalcuttaId,
        #[command(flatten)]
        output: Output,
    },
    /// Fit models to an auction and print the best bids.
    Bids(LabBids),
    /// Play tournaments and score an auction over them.
    Simulate(LabSimulate),
    /// What candidates come to, each alone against the entries of a simulation.
    Evaluate(LabEvaluate),
    /// What a simulation comes to if these teams win these games.
    Condition(LabCondition),
    /// How entries and candidates of a simulation do in one hand.
    Portfolio(LabPortfolio),
    /// What to bid on the rest while an auction goes on.
    Live(LabLive),
}

#[derive(Debug, Args)]
pub(crate) struct LabCondition {
    /// The simulation.
    pub(crate) run: RunId,
    /// A game and its winner, as in `championship=duke`. May be repeated.
    #[arg(long = "win", value_name = "GAME=TEAM", value_parser = win)]
    pub(crate) wins: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct LabPortfolio {
    /// The simulation.
    pub(crate) run: RunId,
    /// An entry of it. May be repeated; of several each is judged by what it adds to those before it.
    #[arg(long = "entry", value_name = "ID")]
    pub(crate) entries: Vec<EntryId>,
    /// A candidate who joins. May be repeated.
    #[arg(long = "candidate", value_name = "ID")]
    pub(crate) candidates: Vec<CandidateId>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct LabLive {
    /// The snapshot of the auction.
    #[arg(long, value_name = "ID")]
    pub(crate) snapshot: SnapshotId,
    /// The run that says who beats whom.
    #[arg(long, value_name = "RUN")]
    pub(crate) game_outcome: RunId,
    /// The run that says what others bid.
    #[arg(long, value_name = "RUN")]
    pub(crate) market_share: RunId,
    /// A team that is sold, with the points of all others and yours, as in `duke=120` or `duke=120+16`. May be repeated.
    #[arg(long, value_name = "TEAM=OTHERS[+OWN]", value_parser = sale)]
    pub(crate) sold: Vec<SoldTeam>,
    /// How many others bid [default: those of the run].
    #[arg(long, value_name = "N")]
    pub(crate) others: Option<u32>,
    /// Others go on at the pace at which they began, instead of spending all they have.
    #[arg(long)]
    pub(crate) pace: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

fn win(text: &str) -> Result<(String, String), String> {
    let (game, team) = text.split_once('=').ok_or("expected GAME=TEAM")?;
    Ok((game.to_owned(), team.to_owned()))
}

fn sale(text: &str) -> Result<SoldTeam, String> {
    let wrong = || "expected TEAM=OTHERS or TEAM=OTHERS+OWN, in points".to_owned();
    let (team, points) = text.rsplit_once('=').ok_or_else(wrong)?;
    let (others, own) = points.split_once('+').unwrap_or((points, "0"));
    let number = |text: &str| text.parse().map_err(|_| wrong());
    Ok(SoldTeam { team_id: team.to_owned(), others_points: number(others)?, own_points: number(own)? })
}

#[derive(Debug, Args)]
pub(crate) struct LabDemo {
    /// The seed of the seasons and of the simulations.
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// How many seasons: the market of the last one is learned from those before.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(2..=20))]
    pub(crate) seasons: u32,
    /// Entries of each auction.
    #[arg(long, default_value_t = 40)]
    pub(crate) entries: u32,
    /// Tournaments to play.
    #[arg(long, default_value_t = 200_000, value_name = "N")]
    pub(crate) simulations: u64,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct LabImport {
    /// Files that say by their sheets, names or columns what they are about; a season as JSON is one.
    #[arg(required_unless_present_any = ["field", "template"], value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The teams: name, region, seed, rating.
    #[arg(long, value_name = "FILE")]
    pub(crate) field: Option<PathBuf>,
    /// The bracket, game by game [default: it follows from regions and seeds].
    #[arg(long, value_name = "FILE")]
    pub(crate) games: Option<PathBuf>,
    /// Who won.
    #[arg(long, value_name = "FILE")]
    pub(crate) results: Option<PathBuf>,
    /// Odds of every team.
    #[arg(long, value_name = "FILE")]
    pub(crate) odds: Option<PathBuf>,
    /// Chances of pairs of teams.
    #[arg(long, value_name = "FILE")]
    pub(crate) pairs: Option<PathBuf>,
    /// The bids: entry, team, points.
    #[arg(long, value_name = "FILE")]
    pub(crate) bids: Option<PathBuf>,
    /// What an entry may bid.
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    /// What places are paid.
    #[arg(long, value_name = "FILE")]
    pub(crate) payouts: Option<PathBuf>,
    /// Points for steps.
    #[arg(long, value_name = "FILE")]
    pub(crate) scoring: Option<PathBuf>,
    /// What the tournament is called [default: as the file of the field].
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Its season [default: the year in a name].
    #[arg(long, value_name = "YEAR")]
    pub(crate) season: Option<i32>,
    /// What the auction is called.
    #[arg(long, value_name = "NAME")]
    pub(crate) auction: Option<String>,
    /// The decimal mark, `point` or `comma` [default: told by the numbers].
    #[arg(long, value_name = "MARK")]
    pub(crate) decimal: Option<DecimalMark>,
    /// The steps, wins and byes together, that the odds are about [default: those of the title].
    #[arg(long, value_name = "STEPS")]
    pub(crate) odds_level: Option<usize>,
    /// Say what is in the files and keep nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write a workbook with a sheet for each part, to be filled in, and do nothing else.
    #[arg(long, value_name = "FILE.xlsx", conflicts_with_all = ["files", "field", "dry_run"])]
    pub(crate) template: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct LabEvaluate {
    /// The simulation over whose tournaments they are judged.
    pub(crate) run: RunId,
    /// A candidate. May be repeated; each is compared with the first.
    #[arg(long = "candidate", value_name = "ID", required = true)]
    pub(crate) candidates: Vec<CandidateId>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LabCandidates {
    /// Keep the best bids that a run has found as a candidate.
    Add {
        /// What people call it.
        name: String,
        /// The run: `lab bids` names it.
        #[arg(long, value_name = "RUN")]
        strategy: RunId,
        #[command(flatten)]
        output: Output,
    },
    /// Keep every entry of a file of bids as a candidate, or none if anything in it is wrong.
    Import {
        /// The file: entry, team, points; or teams down and a column for each entry.
        file: PathBuf,
        /// The snapshot of the auction whose teams are bid on and whose rules are kept.
        #[arg(long, value_name = "ID")]
        snapshot: SnapshotId,
        /// The decimal mark, `point` or `comma` [default: told by the numbers].
        #[arg(long, value_name = "MARK")]
        decimal: Option<DecimalMark>,
        /// Say what is in the file and keep nothing.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Args)]
pub(crate) struct LabBids {
    /// The snapshot of the auction that is bid in.
    #[arg(long, value_name = "ID")]
    pub(crate) snapshot: SnapshotId,
    /// The state of play that the chances are reckoned from.
    #[arg(long, value_name = "ID")]
    pub(crate) state: StateId,
    /// Points of net rating that multiply the odds of a game by e.
    #[arg(long, default_value_t = 10.0, value_name = "POINTS")]
    pub(crate) scale: f64,
    /// Snapshots of other auctions that the market is learned from [default: people bid by expected points].
    #[arg(long = "train", value_name = "ID", value_delimiter = ',')]
    pub(crate) train: Vec<SnapshotId>,
    /// An entry that is not among the others: your own.
    #[arg(long, value_name = "ID")]
    pub(crate) without: Option<EntryId>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct LabSimulate {
    /// The snapshot of the auction.
    #[arg(long, value_name = "ID")]
    pub(crate) snapshot: SnapshotId,
    /// The state of play every tournament begins at.
    #[arg(long, value_name = "ID")]
    pub(crate) state: StateId,
    /// The run that says who beats whom.
    #[arg(long, value_name = "RUN")]
    pub(crate) game_outcome: RunId,
    /// Tournaments to play.
    #[arg(short, long, default_value_t = 100_000, value_name = "N", conflicts_with = "precision")]
    pub(crate) n: u64,
    /// Play until every chance of the first place is known to plus or minus this, at 95 %.
    #[arg(long, value_name = "X")]
    pub(crate) precision: Option<f64>,
    /// The seed of the tournaments.
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Record the digest over all tournaments, against which each of them can be proven.
    #[arg(long)]
    pub(crate) seal: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

//! The command line. Every command takes `--data` and works without a running server.

mod data;
mod lab;
mod log;
mod race;
mod retention;
mod run;
mod token;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};

pub(crate) use self::data::{Data, Inspect, SeriesFile};
pub(crate) use self::lab::{
    Lab, LabBids, LabBulk, LabCandidates, LabCohorts, LabCondition, LabCoverage, LabDemo, LabEvaluate,
    LabImport, LabLive, LabPortfolio, LabPropose, LabSimulate, MarketModel,
};
pub(crate) use self::log::{Key, Log};
pub(crate) use self::race::{Compare, CompareRun, CompareShow, Forecast, Models, Shown};
pub(crate) use self::retention::{Age, Retention, RetentionGc, RetentionRun};
pub(crate) use self::run::{Answer, ExportFormat, Ignored, Run};
pub(crate) use self::token::{Token, TokenCreate};

/// Where the help of a command lists what every command takes.
const EVERYWHERE: &str = "Options of every command";

/// Races forecasting models, streams every run live, records every frame, and can prove every number afterwards.
#[derive(Debug, Parser)]
#[command(name = "assay", version, propagate_version = true)]
#[command(
    after_help = "Every command also takes where the data are and what is logged: `assay help COMMAND` lists that."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) place: Place,
    /// What goes to standard error: a level or a filter such as `info,ledger=debug`.
    #[arg(long, global = true, help_heading = EVERYWHERE, hide_short_help = true, env = "ASSAY_LOG", value_name = "FILTER")]
    pub(crate) log: Option<String>,
    /// How log lines look.
    #[arg(long, global = true, help_heading = EVERYWHERE, hide_short_help = true, env = "ASSAY_LOG_FORMAT", value_enum,
        default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
    /// The registers that models compute in, such as `portable` or `avx2` [default: the widest there are]. Results are the
    /// same in all of them: this is for checking that.
    #[arg(long, global = true, help_heading = EVERYWHERE, hide_short_help = true, env = "ASSAY_SIMD", value_name = "NAME")]
    pub(crate) simd: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The data directory [default: the user's data directory].
    #[arg(long, global = true, help_heading = EVERYWHERE, hide_short_help = true, env = "ASSAY_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The database, `sqlite://FILE` or `postgres://…` [default: assay.db in the data directory].
    #[arg(long, global = true, help_heading = EVERYWHERE, hide_short_help = true, env = "DATABASE_URL", value_name = "URL",
        hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// Where the bytes of artifacts are, a directory or `s3://BUCKET/PREFIX` with the `AWS_…` environment [default:
    /// artifacts in the data directory].
    #[arg(long, global = true, help_heading = EVERYWHERE, hide_short_help = true, env = "ASSAY_ARTIFACTS",
        value_name = "URL", hide_env_values = true)]
    pub(crate) artifacts: Option<String>,
    /// The name of the log of ends, such as `example.com/assay` [default: one that is drawn]. It is given
    /// once, at the first start, and never changes.
    #[arg(long, global = true, help_heading = EVERYWHERE, hide_short_help = true, env = "ASSAY_LOG_NAME", value_name = "NAME")]
    pub(crate) log_name: Option<String>,
    /// How long a worker's claim on a run outlives it, in milliseconds.
    #[arg(long, global = true, help_heading = EVERYWHERE, hide_short_help = true, env = "ASSAY_LEASE_MS", value_name = "MS",
        default_value_t = 10_000)]
    pub(crate) lease_ms: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For programs, one object a line.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the API and the pages.
    Serve(Serve),
    /// Run the showcase.
    #[command(subcommand)]
    Showcase(Showcase),
    /// Forecast every series of a file: weigh models by evidence, and say what comes next.
    Forecast(Forecast),
    /// Compare forecasting models.
    #[command(subcommand)]
    Compare(Compare),
    /// List the models, or say of one what it does and what can be set.
    Models(Models),
    /// Look at files of series.
    #[command(subcommand)]
    Data(Data),
    /// Bid in auctions of a tournament's teams, and judge bids over simulated tournaments.
    #[command(subcommand)]
    Lab(Lab),
    /// Look at runs, replay them, prove them, stop them.
    #[command(subcommand)]
    Run(Run),
    /// Let go of what is old, and of bytes that nobody needs.
    #[command(subcommand)]
    Retention(Retention),
    /// Prove to anybody that a run ended as it is shown: the log of ends.
    #[command(subcommand)]
    Log(Log),
    /// The keys that sign the log of ends.
    #[command(subcommand)]
    Key(Key),
    /// Look at texts of frames.
    #[command(subcommand)]
    Frames(Frames),
    /// Make the tokens that a server asks its callers for, and take them back.
    #[command(subcommand)]
    Token(Token),
    /// Bring the database's schema forward or back.
    #[command(subcommand)]
    Migrate(Migrate),
    /// Print the OpenAPI document.
    Openapi,
    /// Check that everything the program needs is there.
    Doctor(Output),
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, env = "ASSAY_BIND", value_name = "ADDR:PORT", default_value = "127.0.0.1:7878")]
    pub(crate) bind: SocketAddr,
    /// Host names under which the server may be addressed, besides those of this machine; `https://NAME` where pages
    /// reach it through something that speaks TLS.
    #[arg(long = "host", env = "ASSAY_HOSTS", value_name = "NAME", value_delimiter = ',')]
    pub(crate) hosts: Vec<String>,
    /// A witness whose signatures are taken under checkpoints of the log of ends, `NAME+ID+KEY`. May be repeated.
    #[arg(long = "log-witness", env = "ASSAY_LOG_WITNESSES", value_name = "KEY", value_delimiter = ',', value_parser = witness)]
    pub(crate) log_witnesses: Vec<tlog::Verifier>,
    /// Listen where other machines can reach the server although nothing asks who they are: no token was made yet.
    #[arg(long, env = "ASSAY_ALLOW_REMOTE")]
    pub(crate) allow_remote: bool,
    /// How many runs of a tenant may be active at once; what a run starts does not count.
    #[arg(long, env = "ASSAY_MAX_OPEN_RUNS", value_name = "N", default_value_t = 1000, value_parser = value_parser!(u64).range(1..))]
    pub(crate) max_open_runs: u64,
    /// How many requests of a tenant may be unanswered at once.
    #[arg(long, env = "ASSAY_MAX_REQUESTS", value_name = "N", default_value_t = 2048, value_parser = requests)]
    pub(crate) max_requests: usize,
    /// How many MiB the files that a tenant has sent in may have.
    #[arg(long, env = "ASSAY_ATTACHMENT_QUOTA_MIB", value_name = "MIB", default_value_t = 10_240)]
    pub(crate) attachment_quota_mib: u64,
}

/// A server that answers nobody is none.
fn requests(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "expected a whole number, 1 or more".to_owned())
}

pub(crate) fn witness(text: &str) -> Result<tlog::Verifier, String> {
    let key: tlog::Verifier = text.parse().map_err(|error: tlog::KeyError| error.to_string())?;
    if key.is_witness() { Ok(key) } else { Err("this key signs no checkpoints of others".to_owned()) }
}

/// How results are printed.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Output {
    /// Print one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Frames {
    /// Hold a file of frames to the contract, line by line; exit code 5 if it does not keep to it.
    Lint {
        /// Frames, one a line, or the bytes of a server-sent stream of them.
        file: PathBuf,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Showcase {
    /// Seed data, train, compare, register and verify, printing each step.
    Run(ShowcaseRun),
}

#[derive(Debug, Args)]
pub(crate) struct ShowcaseRun {
    /// The preset.
    #[arg(long, default_value = "demo_minimal")]
    pub(crate) scenario: String,
    /// The seed of all randomness.
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Change a number of the preset, as in `window_days=90`. May be repeated; a wrong name is answered with those there are.
    #[arg(long = "override", value_name = "KEY=VALUE", value_parser = knob)]
    pub(crate) overrides: Vec<(String, serde_json::Value)>,
    /// Delete every world first.
    #[arg(long)]
    pub(crate) reset: bool,
    /// Use the stored world instead of generating one.
    #[arg(long, conflicts_with_all = ["reset", "overrides"])]
    pub(crate) skip_seed: bool,
    /// Which stored world to use, where there are several.
    #[arg(long, value_name = "ID", conflicts_with_all = ["reset", "overrides"])]
    pub(crate) world: Option<wire::retail::WorldId>,
    /// Print each event as one line of JSON.
    #[arg(long)]
    pub(crate) ndjson: bool,
}

/// A number by its name; whether there is such a one, and its bounds, the request knows.
fn knob(text: &str) -> Result<(String, serde_json::Value), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    let value = serde_json::from_str(value).map_err(|_| format!("`{value}` is not a number"))?;
    Ok((key.to_owned(), value))
}

fn days(text: &str) -> Result<u32, String> {
    let number = text.strip_suffix('d').and_then(|number| number.parse().ok());
    number.ok_or_else(|| format!("`{text}` is no number of days, as in 30d"))
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Migrate {
    /// Apply what is missing.
    Up,
    /// Take everything back: all tables and all data go.
    Down {
        /// Yes, delete everything.
        #[arg(long)]
        yes: bool,
    },
}

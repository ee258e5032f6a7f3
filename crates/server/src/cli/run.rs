//! `assay run`: look at runs, replay them, prove them, stop them.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use kernel::{ConversationId, RunId};
use wire::ledger::{Point, Speed};

use super::Output;

/// What a comparison of runs passes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ignored {
    /// Times and durations.
    Timing,
    /// What items, calls and containers are called, and whatever reads like a UUID.
    Ids,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Run {
    /// Runs, newest first.
    List {
        /// Only this kind.
        #[arg(long)]
        kind: Option<String>,
        /// Only this status.
        #[arg(long)]
        status: Option<String>,
        /// Only dead letters: runs that nobody tries any more.
        #[arg(long)]
        dead_letters: bool,
        /// How many at most.
        #[arg(long, default_value_t = 20)]
        limit: u32,
        /// Print each run as one line of JSON.
        #[arg(long, conflicts_with = "json")]
        ndjson: bool,
        #[command(flatten)]
        output: Output,
    },
    /// One run.
    Show {
        /// The run.
        run: RunId,
        #[command(flatten)]
        output: Output,
    },
    /// The frames of a run, exactly as they were streamed, one a line; follows a run that still goes on.
    Replay {
        /// The run; without one, the option for a conversation.
        run: Option<RunId>,
        /// Begin after this frame.
        #[arg(long, value_name = "SEQ", conflicts_with = "from")]
        after: Option<u64>,
        /// Begin with this frame, or with the first one not written before this time (RFC 3339).
        #[arg(long, value_name = "SEQ|TIME")]
        from: Option<Point>,
        /// End with this frame, or before the first one written after this time.
        #[arg(long, value_name = "SEQ|TIME")]
        to: Option<Point>,
        /// `instant`, `original`, or a factor of the original pace from `0.1x` to `1000x`.
        #[arg(long, default_value_t = Speed::Instant)]
        speed: Speed,
        /// With a speed that waits: no silence between two frames counts for longer.
        #[arg(long, value_name = "MS")]
        max_gap_ms: Option<u64>,
        /// Instead: the stored frames of all runs of a conversation, run after run, up to where it was cut.
        #[arg(long, value_name = "ID", conflicts_with_all = ["run", "after", "from", "to", "speed", "max_gap_ms"])]
        conversation: Option<ConversationId>,
    },
    /// The run as another program reads it: its frames, its lineage or its spans.
    Export {
        /// The run.
        run: RunId,
        /// `cloudevents`: CloudEvents 1.0, one batch; `openlineage`: run events of OpenLineage, one a line; `otlp`: spans as
        /// OpenTelemetry's JSON; `ndjson`: the frames, one a line, after a line that proves them, as `log check` reads it.
        #[arg(long, value_name = "FORMAT")]
        format: ExportFormat,
        /// Where to write; a file that is there is replaced once all has come [default: standard output].
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Where two runs part: what was asked for, what happened, what came of it.
    Diff {
        /// The run that is read first.
        left: RunId,
        /// The run that it is compared with.
        right: RunId,
        /// What does not count. May be repeated.
        #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',')]
        ignore: Vec<Ignored>,
        /// End with exit code 5 if they differ.
        #[arg(long)]
        assert_same: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Check everything that is stored of a run: frames, rows, inputs, artifacts, outcome.
    Verify {
        /// The run.
        run: RunId,
        #[command(flatten)]
        output: Output,
    },
    /// Ask a run to stop and wait until it has.
    Cancel {
        /// The run.
        run: RunId,
        #[command(flatten)]
        output: Output,
    },
    /// Answer a question that a run asks.
    Decide {
        /// The run.
        run: RunId,
        /// The question's name.
        question: String,
        /// The answer.
        answer: Answer,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Run an ended run's spec again, as a new run, to its end.
    Requeue {
        /// The run.
        run: RunId,
        #[command(flatten)]
        output: Output,
    },
    /// Execute a run that succeeded again from its pinned inputs, without stored results, and compare what it leaves.
    Reproduce {
        /// The run.
        run: RunId,
        #[command(flatten)]
        output: Output,
    },
    /// Keep a run that was recorded elsewhere, as `log prove` printed it. All of it is checked first; the same record again
    /// is the same run.
    Import {
        /// The bundle.
        file: PathBuf,
        /// The key that must have signed, `NAME+ID+KEY` [default: one of those that the bundle names].
        #[arg(long, value_name = "KEY")]
        key: Option<tlog::Verifier>,
        #[command(flatten)]
        output: Output,
    },
    /// Open a run whose first frames are those of another one; `run append` goes on with it.
    Fork {
        /// The run to begin with.
        run: RunId,
        /// The last frame that both have.
        #[arg(long, value_name = "SEQ")]
        at: u64,
        #[command(flatten)]
        output: Output,
    },
    /// Add frames to a fork, each at the place that its `event_id` says. A terminal frame ends it.
    Append {
        /// The fork.
        run: RunId,
        /// The frames, one a line; `-` reads them from standard input.
        file: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Give up a run that no worker holds, or whose producer has vanished.
    Abandon {
        /// The run.
        run: RunId,
        /// Why; it stands in the run's error.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        output: Output,
    },
    /// Take up what an ended process has left behind, and wait until all of it has ended or waits.
    Recover,
}

/// Forms in which a run leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "lower")]
pub(crate) enum ExportFormat {
    /// CloudEvents 1.0.
    CloudEvents,
    /// Run events of OpenLineage.
    OpenLineage,
    /// Spans.
    Otlp,
    /// Frames with their proof.
    Ndjson,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Answer {
    /// Yes.
    Approved,
    /// No.
    Rejected,
}

//! What is let go of.

use std::str::FromStr;

use clap::{Args, Subcommand};

use super::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Retention {
    /// Let go of what old runs left behind, each under a receipt. A run keeps its row, its inputs, its `metrics`, its last
    /// frame and the digests of the others, and is proven still.
    Run(RetentionRun),
    /// Collect objects that nothing names, and the least recently used stored results beyond a size.
    Gc(RetentionGc),
}

#[derive(Debug, Args)]
pub(crate) struct RetentionRun {
    /// How long ago runs of a kind must have ended, as in `showcase=30d`; `default=365d` is for every kind without an age of
    /// its own, and without it those stay. May be repeated.
    #[arg(long = "age", value_name = "KIND=DAYS", required = true)]
    pub(crate) ages: Vec<Age>,
    /// Keep the newest of each kind, whatever their age.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) keep: u32,
    /// Only say what would go and what stays, and why.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Why; it stands in the receipts.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct RetentionGc {
    /// Only objects that nobody has stored for so many hours, 1 at least.
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    pub(crate) grace: u32,
    /// How many bytes of stored results may stay [default: all].
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_shard_bytes: Option<u64>,
    /// Only say what is stored and what of it would go.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Why; it stands in the receipts.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// The age of one kind, or of every other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Age {
    /// Nothing for `default`.
    pub(crate) kind: Option<String>,
    pub(crate) days: u32,
}

impl FromStr for Age {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, age) = text.split_once('=').ok_or("expected a kind and its age, as in showcase=30d")?;
        let days = super::days(age)?;
        match kind {
            "" => Err("the kind is missing, as in showcase=30d or default=365d".to_owned()),
            "default" => Ok(Self { kind: None, days }),
            kind => Ok(Self { kind: Some(kind.to_owned()), days }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_names_a_kind_and_days_or_says_what_is_wrong() {
        let showcase = Age { kind: Some("showcase".to_owned()), days: 30 };
        assert_eq!("showcase=30d".parse(), Ok(showcase));
        assert_eq!("default=0d".parse(), Ok(Age { kind: None, days: 0 }));
        for (text, said) in [
            ("30d", "expected a kind and its age"),
            ("showcase=30", "`30` is no number of days"),
            ("showcase=-1d", "`-1d` is no number of days"),
            ("showcase=99999999999d", "is no number of days"),
            ("=30d", "the kind is missing"),
        ] {
            let error = text.parse::<Age>().unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}

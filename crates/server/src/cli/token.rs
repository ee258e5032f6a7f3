//! The command line of `assay token`.

use clap::{Args, Subcommand};
use wire::access::{Scope, TokenId};

use super::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token and print its secret, which is shown this once. From the first one on a server asks every caller.
    Create(TokenCreate),
    /// The tokens of whoever holds the machine, newest first.
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Take a token back, and every session that a browser got for it.
    Revoke {
        /// The token.
        token: TokenId,
        #[command(flatten)]
        output: Output,
    },
    /// What was done with tokens and sessions, the oldest first; exit code 5 if the chain over it is broken.
    Events {
        /// Only those after this place.
        #[arg(long, default_value_t = 0)]
        after: u64,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Args)]
pub(crate) struct TokenCreate {
    /// What it is for.
    #[arg(long)]
    pub(crate) name: String,
    /// What it is good for, several times or with commas: runs:read, runs:write, conversations:read, models:promote, lab:read,
    /// lab:write, admin [default: all but admin].
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
    pub(crate) scopes: Vec<Scope>,
    /// It ends after so many days, as in `90d` [default: never].
    #[arg(long, value_name = "DAYS", value_parser = super::days)]
    pub(crate) expires: Option<u32>,
    /// Whose data it opens; a name that is new makes a tenant [default: whoever holds the machine].
    #[arg(long, value_name = "NAME")]
    pub(crate) tenant: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}

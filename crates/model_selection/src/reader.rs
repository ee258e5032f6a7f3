//! The reading half: what can be known of comparisons, trainings and the registry.

use artifacts::StoreError;
use kernel::{Class, Fault, ReadDb, RunId, Tenant};
use runs::{Artifact, Run, RunKind};
use sea_orm::DbErr;
use serde::de::DeserializeOwned;
use wire::model_selection::Course;

use crate::blocking::off_the_runtime;

/// Reads; there is no way from here to a writing handle. Clones share everything.
#[derive(Clone)]
pub struct Reader {
    pub(crate) db: ReadDb,
    pub(crate) store: artifacts::Reader,
    pub(crate) datasets: datasets::Reader,
}

/// A run of the champion selector that cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No such run for this tenant.
    #[error("{kind} {run} does not exist")]
    NotFound {
        /// What was asked for.
        kind: &'static str,
        /// Which.
        run: RunId,
    },
    /// It has nothing to show yet, or never will.
    #[error("{kind} {run} has no result: it has not succeeded")]
    NoResult {
        /// What was asked for.
        kind: &'static str,
        /// Which.
        run: RunId,
    },
    /// It ranks no such series, or none at all.
    #[error("{}", no_series(*run, series.as_deref()))]
    UnknownSeries {
        /// The comparison.
        run: RunId,
        /// The series, where one was named.
        series: Option<String>,
    },
    /// An artifact cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An artifact or spec was written by a version this one does not understand.
    #[error("the {what} of {kind} {run} is not readable by this version")]
    Unreadable {
        /// What was to be read.
        what: String,
        /// Of what.
        kind: String,
        /// Which.
        run: RunId,
        /// What the parser said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It was let go under retention.
    #[error("the {what} of {kind} {run} was let go under retention; its `metrics` are kept")]
    Retired {
        /// What was to be read.
        what: String,
        /// Of what.
        kind: String,
        /// Which.
        run: RunId,
    },
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Reader {
    /// Reads rows from the database and artifacts from the store.
    pub fn new(db: ReadDb, store: artifacts::Reader) -> Self {
        let datasets = datasets::Reader::new(db.clone(), store.clone());
        Self { db, store, datasets }
    }
    /// The data sets that runs read.
    pub const fn datasets(&self) -> &datasets::Reader {
        &self.datasets
    }

    /// A run of one kind; one of another is as unknown as none.
    pub(crate) async fn run_of<K: RunKind>(&self, tenant: Tenant, id: RunId) -> Result<Run, ReadError> {
        let run = runs::find(&self.db, tenant, id).await?;
        run.filter(|run| run.kind == K::NAME).ok_or(ReadError::NotFound { kind: K::NAME, run: id })
    }

    /// An artifact of a run, if it has one of this name.
    pub(crate) async fn artifact(&self, run: &Run, name: &str) -> Result<Option<Artifact>, DbErr> {
        let artifacts = runs::artifacts(&self.db, run).await?;
        Ok(artifacts.into_iter().find(|artifact| artifact.name == name))
    }

    /// What an artifact says. That of thousands of series has megabytes.
    pub(crate) async fn content<T: DeserializeOwned + Send + 'static>(
        &self,
        run: &Run,
        artifact: &Artifact,
    ) -> Result<T, ReadError> {
        let bytes = self.store.get(&artifact.digest).await?;
        let content = off_the_runtime(move |_| serde_json::from_slice(&bytes)).await;
        content.map_err(|source| ReadError::unreadable(run, &artifact.name, source))
    }
}

/// How a run went, and when.
pub(crate) fn course(run: Run) -> Course {
    let (error_code, error_message) = run.problem.map(|problem| (problem.code, problem.message)).unzip();
    Course {
        error_code,
        error_message,
        created_at: run.created_at,
        started_at: run.started_at,
        completed_at: run.ended_at,
    }
}

/// What a run was asked for.
pub(crate) fn spec_of<K: RunKind>(run: &Run) -> Result<K::Spec, ReadError> {
    serde_json::from_str(&run.spec).map_err(|source| ReadError::unreadable(run, "spec", source))
}

impl ReadError {
    pub(crate) fn unreadable(
        run: &Run,
        what: &str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Unreadable { what: what.to_owned(), kind: run.kind.clone(), run: run.id, source: source.into() }
    }
}

fn no_series(run: RunId, series: Option<&str>) -> String {
    match series {
        Some(series) => format!("comparison {run} ranks no series `{series}`"),
        None => format!("comparison {run} ranks no series"),
    }
}

impl Fault for ReadError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound { .. } | Self::UnknownSeries { .. } => Class::NotFound,
            Self::NoResult { .. } | Self::Retired { .. } => Class::Conflict,
            Self::Store(error) => error.class(),
            Self::Db(error) => error.class(),
            Self::Unreadable { .. } => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } | Self::UnknownSeries { .. } => "NOT_FOUND",
            Self::NoResult { .. } => "RUN_WITHOUT_RESULT",
            Self::Retired { .. } => "RUN_RETIRED",
            Self::Store(error) => error.code(),
            Self::Db(error) => error.code(),
            Self::Unreadable { .. } => "INTERNAL_ERROR",
        }
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

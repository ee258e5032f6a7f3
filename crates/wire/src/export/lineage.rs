//! Run events of OpenLineage 2-0-2. They are lines of their own, not a JSON answer, so they have no schema in our document:
//! theirs is named in each event.

use chrono::{DateTime, Utc};
use kernel::{Digest, RunId};
use serde::{Deserialize, Serialize};

/// Something that became of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineageEvent {
    /// What.
    pub event_type: LineageEventType,
    /// When.
    #[serde(with = "crate::time")]
    pub event_time: DateTime<Utc>,
    /// The run.
    pub run: LineageRun,
    /// What sort of work it is.
    pub job: Job,
    /// What it read.
    pub inputs: Vec<Dataset>,
    /// What it left behind.
    pub outputs: Vec<Dataset>,
    /// The program that took the run.
    pub producer: String,
    /// The schema of this event.
    #[serde(rename = "schemaURL")]
    pub schema_url: String,
}

kernel::words! {
    /// What became of a run.
    pub enum LineageEventType {
        /// Its first attempt began.
        Start = "START",
        /// It succeeded.
        Complete = "COMPLETE",
        /// It failed.
        Fail = "FAIL",
        /// It was cancelled.
        Abort = "ABORT",
    }
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineageRun {
    /// Its id.
    pub run_id: RunId,
    /// More about it.
    pub facets: RunFacets,
}

/// What is said of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFacets {
    /// The program.
    pub processing_engine: ProcessingEngine,
    /// The run that started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// Why it failed.
    #[serde(default, rename = "errorMessage", skip_serializing_if = "Option::is_none")]
    pub error_message: Option<ErrorMessage>,
}

/// Who says it, and in which shape: every facet has both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The program.
    #[serde(rename = "_producer")]
    pub producer: String,
    /// The schema of the facet.
    #[serde(rename = "_schemaURL")]
    pub schema_url: String,
}

/// Declares facets: a stamp and their own fields.
macro_rules! facets {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// Who says it.
            #[serde(flatten)]
            pub stamp: Stamp,
            $($(#[$field_doc])* pub $field: $kind,)+
        }
    )+};
}

facets! {
    /// The program that executes runs.
    ProcessingEngine {
        /// Its name.
        name: String,
        /// Its version.
        version: String,
    }
    /// The run that started this one.
    Parent {
        /// Its id.
        run: ParentRun,
        /// What sort of work it is.
        job: ParentJob,
    }
    /// Why a run failed.
    ErrorMessage {
        /// One sentence, after a stable code.
        message: String,
        /// What the program is written in.
        programming_language: String,
    }
    /// What sort of work a job is.
    JobType {
        /// `BATCH`: each run has an end.
        processing_type: String,
        /// The program.
        integration: String,
        /// The kind of run.
        job_type: String,
    }
    /// Which state of a data set it is.
    DatasetVersion {
        /// The digest of its bytes.
        dataset_version: Digest,
    }
    /// What a data set is.
    Documentation {
        /// What it is to the run.
        description: String,
    }
    /// What became of a data set since.
    LifecycleChange {
        /// `DROP`: it was let go under a retention receipt.
        lifecycle_state_change: String,
    }
    /// How much a run wrote.
    OutputStatistics {
        /// Bytes.
        size: u64,
    }
}

/// A run that started another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParentRun {
    /// Its id.
    pub run_id: RunId,
}

/// What sort of work a run is that started another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParentJob {
    /// Whose jobs.
    pub namespace: String,
    /// Its kind.
    pub name: String,
}

/// A sort of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Whose jobs.
    pub namespace: String,
    /// The kind of run.
    pub name: String,
    /// More about it.
    pub facets: JobFacets,
}

/// What is said of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobFacets {
    /// What sort of work.
    pub job_type: JobType,
}

/// Something a run read or left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dataset {
    /// Whose data.
    pub namespace: String,
    /// Where it lives and its id there; of an artifact its digest, so that who reads it names what another wrote.
    pub name: String,
    /// More about it.
    pub facets: DatasetFacets,
    /// More about writing it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_facets: Option<OutputFacets>,
}

/// What is said of a data set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatasetFacets {
    /// Which state of it.
    pub version: DatasetVersion,
    /// What it is to the run.
    pub documentation: Documentation,
    /// What became of it since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle_state_change: Option<LifecycleChange>,
}

/// What is said of writing a data set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputFacets {
    /// How much.
    pub output_statistics: OutputStatistics,
}

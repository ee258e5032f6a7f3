//! A run as run events of OpenLineage: that it began with what it read, and that it ended with what it left behind.

use chrono::{DateTime, Utc};
use kernel::{Digest, RunId};
use wire::export::{
    Dataset, DatasetFacets, DatasetVersion, Documentation, ErrorMessage, Job, JobFacets, JobType,
    LifecycleChange, LineageEvent, LineageEventType, LineageRun, OutputFacets, OutputStatistics, Parent,
    ParentJob, ParentRun, ProcessingEngine, RunFacets, Stamp,
};
use wire::runs::{Detail, InputSource, Removed, Status};

/// Whose jobs and data sets they are.
const NAMESPACE: &str = "assay";
const EVENT: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
const FACETS: &str = "https://openlineage.io/spec/facets";

/// What else is known of a run's lineage.
#[derive(Debug, Clone, Default)]
pub struct Family {
    /// The run that started it, with its kind.
    pub parent: Option<(RunId, String)>,
    /// What retention has removed of it.
    pub removed: Option<Removed>,
}

/// What became of a run so far: nothing while it waits for its first attempt, and one event only where it was cancelled
/// before.
pub fn lineage(run: &Detail, family: &Family) -> Vec<LineageEvent> {
    let teller = Teller { run, family, producer: producer(run) };
    let began = run.item.started_at.map(|at| teller.event(LineageEventType::Start, at, Vec::new()));
    let ended = run.item.ended_at.zip(ending(run.item.status));
    let ended = ended.map(|(at, ending)| teller.event(ending, at, teller.outputs()));
    began.into_iter().chain(ended).collect()
}

fn ending(status: Status) -> Option<LineageEventType> {
    match status {
        Status::Succeeded => Some(LineageEventType::Complete),
        Status::Failed => Some(LineageEventType::Fail),
        Status::Cancelled => Some(LineageEventType::Abort),
        _ => None,
    }
}

fn producer(run: &Detail) -> String {
    let commit = run.program.commit.as_ref().map(|commit| format!("+{commit}")).unwrap_or_default();
    format!("urn:assay:{}{commit}", run.program.version)
}

struct Teller<'a> {
    run: &'a Detail,
    family: &'a Family,
    producer: String,
}

impl Teller<'_> {
    fn event(&self, event_type: LineageEventType, at: DateTime<Utc>, outputs: Vec<Dataset>) -> LineageEvent {
        LineageEvent {
            event_type,
            event_time: at,
            run: LineageRun { run_id: self.run.item.run_id, facets: self.run_facets(event_type) },
            job: self.job(),
            inputs: self.inputs(),
            outputs,
            producer: self.producer.clone(),
            schema_url: EVENT.to_owned(),
        }
    }

    fn run_facets(&self, event_type: LineageEventType) -> RunFacets {
        let fault = self.run.item.error.as_ref().filter(|_| event_type != LineageEventType::Start);
        RunFacets {
            processing_engine: ProcessingEngine {
                stamp: self.stamp("1-1-1", "ProcessingEngineRunFacet"),
                name: NAMESPACE.to_owned(),
                version: self.run.program.version.clone(),
            },
            parent: self.family.parent.clone().map(|(run_id, kind)| Parent {
                stamp: self.stamp("1-2-0", "ParentRunFacet"),
                run: ParentRun { run_id },
                job: ParentJob { namespace: NAMESPACE.to_owned(), name: kind },
            }),
            error_message: fault.map(|fault| ErrorMessage {
                stamp: self.stamp("1-0-1", "ErrorMessageRunFacet"),
                message: format!("{}: {}", fault.code, fault.message),
                programming_language: "Rust".to_owned(),
            }),
        }
    }

    fn job(&self) -> Job {
        let kind = &self.run.item.kind;
        let job_type = JobType {
            stamp: self.stamp("2-0-4", "JobTypeJobFacet"),
            processing_type: "BATCH".to_owned(),
            integration: "ASSAY".to_owned(),
            job_type: kind.to_uppercase(),
        };
        Job { namespace: NAMESPACE.to_owned(), name: kind.clone(), facets: JobFacets { job_type } }
    }

    fn inputs(&self) -> Vec<Dataset> {
        let name = |input: &wire::runs::Input| match input.source {
            InputSource::Artifact => artifact(&input.digest),
            source => format!("{source}/{}", input.id),
        };
        let inputs = self.run.inputs.iter();
        inputs.map(|input| self.dataset(name(input), input.digest, &input.role)).collect()
    }

    /// What it left behind, also what was let go since.
    fn outputs(&self) -> Vec<Dataset> {
        let kept = self.run.artifacts.iter().map(|kept| (&kept.name, kept.digest, kept.size_bytes, false));
        let removed = self.family.removed.iter().flat_map(|removed| &removed.artifacts);
        let removed = removed.map(|gone| (&gone.name, gone.digest, gone.size_bytes, true));
        let output = |(name, digest, size, is_gone): (&String, Digest, u64, bool)| {
            let mut output = self.dataset(artifact(&digest), digest, name);
            output.facets.lifecycle_state_change = is_gone.then(|| LifecycleChange {
                stamp: self.stamp("1-0-1", "LifecycleStateChangeDatasetFacet"),
                lifecycle_state_change: "DROP".to_owned(),
            });
            let stamp = self.stamp("1-0-2", "OutputStatisticsOutputDatasetFacet");
            output.output_facets = Some(OutputFacets { output_statistics: OutputStatistics { stamp, size } });
            output
        };
        kept.chain(removed).map(output).collect()
    }

    fn dataset(&self, name: String, digest: Digest, role: &str) -> Dataset {
        let facets = DatasetFacets {
            version: DatasetVersion {
                stamp: self.stamp("1-0-1", "DatasetVersionDatasetFacet"),
                dataset_version: digest,
            },
            documentation: Documentation {
                stamp: self.stamp("1-1-0", "DocumentationDatasetFacet"),
                description: role.to_owned(),
            },
            lifecycle_state_change: None,
        };
        Dataset { namespace: NAMESPACE.to_owned(), name, facets, output_facets: None }
    }

    fn stamp(&self, version: &str, facet: &str) -> Stamp {
        let schema_url = format!("{FACETS}/{version}/{facet}.json#/$defs/{facet}");
        Stamp { producer: self.producer.clone(), schema_url }
    }
}

fn artifact(digest: &Digest) -> String {
    format!("artifact/{digest}")
}

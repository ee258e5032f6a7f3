//! Runs in the words of others: CloudEvents, OpenLineage, OpenTelemetry. The shapes are those of their specifications, with
//! the fields that a run fills.

mod cloud_event;
mod lineage;
mod span;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use cloud_event::{CloudEvent, RemovedFrame};
pub use lineage::{
    Dataset, DatasetFacets, DatasetVersion, Documentation, ErrorMessage, Job, JobFacets, JobType,
    LifecycleChange, LineageEvent, LineageEventType, LineageRun, OutputFacets, OutputStatistics, Parent,
    ParentJob, ParentRun, ProcessingEngine, RunFacets, Stamp,
};
pub use span::{Attribute, Resource, ResourceSpans, Scope, ScopeSpans, Span, SpanStatus, Traces, Value};

kernel::words! {
    /// Forms in which a run leaves. Its frames with their proof are the run's bundle.
    #[derive(ToSchema)]
    #[schema(as = export::Format)]
    pub enum Format {
        /// A batch of CloudEvents 1.0: one event for each frame.
        CloudEvents = "cloudevents",
        /// Run events of OpenLineage, one a line.
        OpenLineage = "openlineage",
        /// Spans, as OpenTelemetry's JSON.
        Otlp = "otlp",
    }
}

/// In which form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// The form.
    pub format: Format,
}

/// What answers are made of.
pub mod media_type {
    /// A batch of CloudEvents.
    pub const CLOUD_EVENTS: &str = "application/cloudevents-batch+json";
    /// OpenTelemetry's JSON.
    pub const OTLP: &str = "application/json";
}

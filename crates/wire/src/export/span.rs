//! Spans, as the JSON of OpenTelemetry's `ExportTraceServiceRequest`: ids as hex digits, large numbers as text.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an OpenTelemetry collector takes at `/v1/traces`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = export::Traces)]
pub struct Traces {
    /// One: the program.
    pub resource_spans: Vec<ResourceSpans>,
}

/// The spans of a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = export::ResourceSpans)]
pub struct ResourceSpans {
    /// The program.
    pub resource: Resource,
    /// One: runs.
    pub scope_spans: Vec<ScopeSpans>,
}

/// A program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = export::Resource)]
pub struct Resource {
    /// Its name and version.
    pub attributes: Vec<Attribute>,
}

/// Spans of one origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = export::ScopeSpans)]
pub struct ScopeSpans {
    /// The origin.
    pub scope: Scope,
    /// The spans, in the order in which they ended, the run's own last.
    pub spans: Vec<Span>,
}

/// What makes spans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = export::Scope)]
pub struct Scope {
    /// Its name.
    pub name: String,
}

/// Something that took time and is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = export::Span)]
pub struct Span {
    /// The run at the top of the family: its id as 32 hex digits.
    pub trace_id: String,
    /// 16 hex digits, the same at every export.
    pub span_id: String,
    /// What it is part of; absent at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_span_id: Option<String>,
    /// What it is.
    pub name: String,
    /// 1: work within the program.
    pub kind: u8,
    /// When it began, in nanoseconds since 1970.
    pub start_time_unix_nano: String,
    /// When it ended.
    pub end_time_unix_nano: String,
    /// More about it.
    pub attributes: Vec<Attribute>,
    /// How it ended.
    pub status: SpanStatus,
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = export::Attribute)]
pub struct Attribute {
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: Value,
}

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = export::Value)]
pub enum Value {
    /// Text.
    StringValue(String),
    /// A whole number, as text.
    IntValue(String),
    /// Yes or no.
    BoolValue(bool),
}

/// How a span ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = export::SpanStatus)]
pub struct SpanStatus {
    /// 0: nothing is said, 1: well, 2: with an error.
    pub code: u8,
    /// The error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

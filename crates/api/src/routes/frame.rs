//! Texts of frames, whoever wrote them.

use axum::Json;
use axum::extract::Request;
use utoipa::ToSchema;
use wire::ledger::media_type::{EVENT_STREAM, NDJSON};
use wire::ledger::{LintFinding, LintReport};

use crate::Problem;
use crate::extract::body_of_any;
use crate::routes::{Invalid, Refused};

/// No text of frames is larger.
pub(crate) const BODY_LIMIT: usize = 64 * 1024 * 1024;
/// So many faults are told; all are counted.
pub const LINT_TOLD: usize = 1000;

/// Frames, one a line, or the bytes of a server-sent stream of them.
#[derive(ToSchema)]
#[schema(as = ledger::FrameText, value_type = String)]
#[expect(dead_code, reason = "describes a text")]
pub(crate) struct FrameText(String);

/// Holds a text of frames to the contract: each line to the rules of a frame, and all of them to the rules of a stream.
///
/// Lines are frames or events that hold one (`data: {…}`); blank lines and comments are passed over. Every line that is no
/// frame is told, and the first place where the stream breaks its rules. Nothing is stored.
#[utoipa::path(post, path = "/frames/lint", tag = "ledger",
    request_body(description = "The frames", content(
        (FrameText = "application/x-ndjson"),
        (FrameText = "text/event-stream"))),
    responses((status = 200, description = "What was found", body = LintReport), Invalid, Refused))]
pub(crate) async fn lint(request: Request) -> Result<Json<LintReport>, Problem> {
    let bytes = body_of_any(request, &[NDJSON, EVENT_STREAM]).await?;
    let report = kernel::off_the_runtime(move || {
        let text = str::from_utf8(&bytes).map_err(|error| {
            Problem::field("body", format!("is not UTF-8 from byte {} on", error.valid_up_to()))
        })?;
        Ok(lint_report(frames::Lint::of(text, LINT_TOLD)))
    });
    report.await.map(Json)
}

/// What was found, as it is told.
pub fn lint_report(lint: frames::Lint) -> LintReport {
    let told = |finding: frames::Finding| LintFinding {
        line: finding.line,
        code: finding.code.to_owned(),
        field: finding.field,
        message: finding.message,
    };
    LintReport {
        frames: lint.frames,
        is_valid: lint.findings_total == 0,
        findings: lint.findings.into_iter().map(told).collect(),
        findings_total: lint.findings_total,
    }
}

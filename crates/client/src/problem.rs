//! `application/problem+json` as a caller sees it.

use http::StatusCode;
use wire::problem::Problem;

/// Reads the body of a refused call. Whatever stands between may answer in another form: then the status says all
/// there is.
pub(crate) fn read(status: StatusCode, body: &[u8]) -> Problem {
    serde_json::from_slice(body).unwrap_or_else(|_| Problem {
        kind: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or("Unknown Status").to_owned(),
        status: status.as_u16(),
        detail: "the answer is not problem+json; something else than the API may be listening there"
            .to_owned(),
        instance: String::new(),
        code: "UNKNOWN_ANSWER".to_owned(),
        request_id: String::new(),
        errors: Vec::new(),
    })
}

/// What a person is told of it.
pub(crate) fn sentence(problem: &Problem) -> String {
    let Problem { title, detail, errors, request_id, .. } = problem;
    let mut sentence = if detail.is_empty() { title.clone() } else { detail.clone() };
    for error in errors {
        sentence += &format!("; {}: {}", error.field, error.message);
    }
    if !request_id.is_empty() {
        sentence += &format!(" (request {request_id})");
    }
    sentence
}

//! The query is held to the document: an unknown parameter would be ignored silently, and of two of one name only one
//! could count.

use std::collections::BTreeSet;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{Class, FieldError};
use percent_encoding::percent_decode_str;

use crate::Problem;
use crate::contract::contract;
use crate::extract::NUL;

/// Refuses a query that its route does not know.
pub(crate) async fn check_query(request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    // Without a route or a method of it there is nothing to hold the query to; that is refused anyway.
    let operation = matched.and_then(|path| contract().operation(request.method(), path.as_str()));
    let query = request.uri().query().unwrap_or_default();
    match operation.map(|operation| check(query, &operation.query)) {
        Some(Err(problem)) => problem.into_response(),
        _ => next.run(request).await,
    }
}

fn check(query: &str, known: &BTreeSet<String>) -> Result<(), Problem> {
    if percent_decode_str(query).decode_utf8().is_err() {
        return Err(Problem::new(Class::Malformed, "MALFORMED_QUERY", "the query is not UTF-8 text"));
    }
    let mut seen = BTreeSet::new();
    let mut errors = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !known.contains(name.as_ref()) {
            errors.push(FieldError::new(name.replace('\0', "\u{fffd}"), unknown(known)));
        } else if value.contains('\0') {
            errors.push(FieldError::new(name.clone(), NUL));
        } else if seen.contains(&name) {
            errors.push(FieldError::new(name.clone(), "is given twice"));
        }
        seen.insert(name);
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

fn unknown(known: &BTreeSet<String>) -> String {
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    match names.as_slice() {
        [] => "is no parameter of this route, which takes none".to_owned(),
        names => format!("is no parameter of this route, which takes {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(query: &str) -> Result<(), Vec<(String, String)>> {
        let known = ["cursor", "limit"].map(str::to_owned).into();
        let errors = |problem: Problem| problem.body("r").errors.into_iter().map(|e| (e.field, e.message));
        check(query, &known).map_err(|problem| errors(problem).collect())
    }

    #[test]
    fn unknown_doubled_and_unkeepable_parameters_are_named() {
        for query in ["", "limit=3", "limit=3&cursor=a%20b", "cursor="] {
            assert_eq!(fields(query), Ok(()), "{query}");
        }
        for (query, field, words) in [
            ("limits=3", "limits", "which takes cursor, limit"),
            ("limit=3&x", "x", "which takes cursor, limit"),
            ("limit=3&limit=3", "limit", "twice"),
            ("limit=&l%69mit=3", "limit", "twice"),
            ("cursor=a%00b", "cursor", "NUL"),
            ("%00=1", "\u{fffd}", "which takes"),
        ] {
            let errors = fields(query).unwrap_err();
            let [(name, message)] = errors.as_slice() else { panic!("{query}: {errors:?}") };
            assert!(name == field && message.contains(words), "{query}: {errors:?}");
        }
        assert_eq!(check("cursor=%ff", &BTreeSet::new()).unwrap_err().body("r").code, "MALFORMED_QUERY");
    }
}

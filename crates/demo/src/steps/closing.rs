//! Phases `agents` and `cleanup`.

use client::Error;

use crate::step::{Outcome, Pipeline};

#[expect(clippy::unused_async, reason = "every step has one form")]
pub(crate) async fn agent(_pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    Ok(Outcome::skip("no language-model provider is configured"))
}

#[expect(clippy::unused_async, reason = "every step has one form")]
pub(crate) async fn cleanup(_pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    Ok(Outcome::skip("nothing to clean up: no alias was swapped and no session is open"))
}

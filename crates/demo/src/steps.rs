//! What each step does: calls of the public API, and a sentence about what came back.

pub(crate) mod data;
pub(crate) mod decision;
pub(crate) mod modeling;

//! One module per part of the API: its calls and the shapes they answer.

pub(crate) mod artifact;
pub(crate) mod dataset;
pub(crate) mod health;
pub(crate) mod retail;
pub(crate) mod run;

use serde::Deserialize;

/// A page of a list.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_cursor: Option<String>,
}

//! Training: one model learns from one series, and its bundle becomes an artifact that the registry can name.

mod bundle;
mod error;
mod kind;
mod outcome;
mod read;
mod request;
mod submit;

pub use bundle::Bundle;
pub use error::SubmitError;
pub use kind::Training;
pub(crate) use outcome::check_bundle;
pub use outcome::check_outcome;
pub use request::Spec;

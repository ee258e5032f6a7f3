//! The frame contract: what a stream may say, how it is written, checked, chained and shown.
//!
//! - [`Frame`] is one JSON object of a stream: an [`Envelope`] and a [`Body`] of one of 33 kinds. Objects are
//!   closed: a key nobody knows is refused with its path, so a frame cannot carry what no reader looks at.
//! - [`Validator`] holds a whole stream to its rules: numbered from 1 without gaps, one terminal frame, last.
//! - [`Lint`] says of a whole text of frames what is wrong, line by line.
//! - [`Chain`] folds the stored bytes into one digest that any change, loss or move of a frame alters.
//! - [`agui::Adapter`] makes frames of the events of AG-UI.
//! - [`End`] is what a log of ends keeps of a stream that is over.
//! - [`door::admit`] replaces what looks like a secret and cuts what is too long for a page, and says so in the frame.
//! - [`Frame::fit`] makes a frame that is too large small enough, and says in it what was left out.
//! - [`schemas`] describes all of it as JSON Schema, from the tables that the strict readers are made from.
//! - [`diff`] says where two streams part.
//! - [`Transcript`] is what a viewer sees. It is fed frame by frame, live or from a replay, by the same code.
//!
//! No I/O, no clock, no database. A stored frame is text; nothing here writes the same frame in two ways.

pub mod agui;
mod body;
pub mod chain;
mod check;
pub mod diff;
pub mod door;
mod end;
mod envelope;
mod error;
mod fit;
mod frame;
mod lint;
mod object;
mod schemas;
mod transcript;
mod validator;

pub use body::*;
pub use chain::{Chain, LedgerId};
pub use end::End;
pub use envelope::{Branch, Draft, Envelope, Notice, NoticeType, Origin, Schema, Scope, Workflow};
pub use error::{ContractError, Rule};
pub use fit::Oversized;
pub use frame::Frame;
pub use lint::{Finding, Lint, Linter};
pub use schemas::schemas;
pub use transcript::Transcript;
pub use validator::{Validator, Violation};

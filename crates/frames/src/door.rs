//! The door that every frame passes before it is stored: what looks like a secret is replaced by [`REDACTED`], what is
//! too long for a page is cut, and a notice on the frame says so for each place, with its path from the frame's root.
//!
//! - A value goes whole where its *key* names a secret, and that is asked by words: `x-api-key`, `apiKey` and
//!   `AUTHORIZATION` do, `max_tokens` and `secretary` do not.
//! - In any text, wherever it stands, what has the *form* of a secret goes: a bearer token, a key of a known service, a
//!   JSON Web Token, a private key, the password of an address, a quoted value behind the name of a secret.
//! - Texts of tool calls and lists of results are cut at the limits of the contract, at a boundary of characters.
//!
//! The same frame always becomes the same frame; one that has passed passes unchanged. Ids, names, kinds, numbers and
//! digests are never touched, and a frame that is within the contract stays within it.
//!
//! What the door cannot do: it sees one frame at a time. A secret that is split over two deltas is found in neither,
//! unless the part in one of them still has the form of a secret; the authoritative `done` frame and the end of the stream
//! hold the text as a whole and are looked at as a whole. A secret without a form, such as a password in a sentence, is
//! not found, nor is one inside of base64. The keys of an object are names and stay.

mod body;
mod carry;
mod clerk;
mod json;
mod key;
mod secret;
mod token;

use serde_json::Value;

use crate::envelope::Notice;
use crate::frame::Frame;
use clerk::{Clerk, Task};

pub use carry::{Carried, carry};

/// What stands in place of a secret.
pub const REDACTED: &str = "<redacted>";

/// Characters of one text within the arguments of a call.
pub const ARGUMENT_CHARS: usize = 4_000;

/// Characters of a call's arguments as a text.
pub const ARGUMENTS_TEXT_CHARS: usize = 8_000;

/// Characters of one text within what a call returned.
pub const OUTPUT_CHARS: usize = 8_000;

/// Results of a search in files.
pub const FILE_RESULTS: usize = 10;

/// Characters of the passage of one result.
pub const RESULT_CHARS: usize = 2_000;

/// Characters of the reason of an approval.
pub const REASON_CHARS: usize = 2_000;

/// Addresses that a search on the web names.
pub const SOURCES: usize = 50;

/// Characters of one piece of a large field; a multiple of four, so that a piece of base64 can be read alone.
pub const CHUNK_CHARS: usize = 131_072;

/// The frame as it may be stored and shown, with notices of what was left out of it.
#[must_use]
pub fn admit(frame: Frame) -> Frame {
    passed(frame, Clerk::new(Task::Both, None))
}

/// The frame without its secrets, and as long as it was.
#[must_use]
pub fn redact(frame: Frame) -> Frame {
    passed(frame, Clerk::new(Task::Secrets, None))
}

/// A frame without secrets at the lengths of [`admit`], whose whole is in another place: notices of what was cut name it.
#[must_use]
pub fn shorten(frame: Frame, elsewhere: &str) -> Frame {
    passed(frame, Clerk::new(Task::Lengths, Some(elsewhere)))
}

/// Replaces what looks like a secret in a value of any shape, and says where. Nothing is cut.
pub fn clean(value: &mut Value) -> Vec<Notice> {
    let (mut clerk, mut notices) = (Clerk::new(Task::Secrets, None), Vec::new());
    clerk.value(value, usize::MAX);
    clerk.sign(&mut notices);
    notices
}

fn passed(mut frame: Frame, mut clerk: Clerk<'_>) -> Frame {
    clerk.body(&mut frame.body);
    clerk.sign(&mut frame.envelope.notices);
    frame
}

#[cfg(test)]
mod tests;

//! Signed notes: a text, an empty line, and a line for each signature.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::{Signer, Verifier};

/// A text and who signed it. Nothing about the signatures is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// A line under a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The name of the key.
    pub name: String,
    /// The id of the key.
    pub id: u32,
    /// What it made.
    pub bytes: Vec<u8>,
}

/// Not a signed note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no signed note: expected a text, an empty line, and lines that begin with an em dash")]
pub struct NoteError;

/// A note that anyone sends is not longer, nor has it more signatures.
const MAX_BYTES: usize = 1 << 20;
const MAX_SIGNATURES: usize = 100;

/// What stands before the lines of signatures.
const DASH: &str = "\u{2014} ";

impl Note {
    /// A text under one signature. The text ends with a line end.
    pub fn signed(text: String, signer: &Signer) -> Self {
        let verifier = signer.verifier();
        let bytes = signer.sign(&text);
        let signature = Signature { name: verifier.name().to_owned(), id: verifier.id(), bytes };
        Self { text, signatures: vec![signature] }
    }

    /// What is signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Who is said to have signed it.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature of somebody else.
    pub fn add(&mut self, signature: Signature) {
        self.signatures.push(signature);
    }

    /// Whether this key has signed it.
    pub fn is_signed_by(&self, key: &Verifier) -> bool {
        let of_key = self.signatures.iter().filter(|line| line.name == key.name() && line.id == key.id());
        of_key.fold((false, true), |(_, is_good), line| {
            (true, is_good && key.has_signed(&self.text, &line.bytes))
        }) == (true, true)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id.to_be_bytes(), self.bytes.as_slice()].concat();
        write!(f, "{DASH}{} {}", self.name, STANDARD.encode(bytes))
    }
}

impl FromStr for Note {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        let is_plain = !note.chars().any(|c| c.is_control() && c != '\n');
        if note.len() > MAX_BYTES || !is_plain {
            return Err(NoteError);
        }
        // Signatures are what stands behind the last empty line: a text may have empty lines of its own.
        let at = note.rfind("\n\n").ok_or(NoteError)?;
        let (text, lines) = (&note[..=at], &note[at + 2..]);
        let lines = lines.strip_suffix('\n').ok_or(NoteError)?;
        let signatures = lines.split('\n').map(str::parse).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }
}

impl FromStr for Signature {
    type Err = NoteError;

    fn from_str(line: &str) -> Result<Self, NoteError> {
        let read = || {
            let (name, bytes) = line.strip_prefix(DASH)?.split_once(' ')?;
            let bytes = STANDARD.decode(bytes).ok()?;
            let (id, bytes) = bytes.split_first_chunk()?;
            let is_one = is_name(name) && !bytes.is_empty();
            is_one.then(|| Self { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
        };
        read().ok_or(NoteError)
    }
}

/// A key's name is not empty, and has neither spaces nor a `+`.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

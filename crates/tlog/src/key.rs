//! Keys: Ed25519 under a name, written as signed notes write them.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature as Ed25519, Signer as _, SigningKey, VerifyingKey};
use kernel::Hasher;

use crate::note::is_name;

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The text of a note.
    Text = 1,
    /// A checkpoint as somebody else saw it, and when ([tlog-cosignature](https://c2sp.org/tlog-cosignature)).
    Cosignature = 4,
}

impl Kind {
    const fn of(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Text),
            4 => Some(Self::Cosignature),
            _ => None,
        }
    }
}

/// What a public key is known by: its name, and four bytes of a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    id: u32,
    kind: Kind,
    key: VerifyingKey,
}

/// Not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not `NAME+ID+KEY`, or of another algorithm.
    #[error("this is no Ed25519 key as signed notes write it: expected NAME+ID+KEY")]
    Form,
    /// The id is not that of name and key.
    #[error("the key's id is not that of its name and bytes: it was altered or cut")]
    Id,
    /// Names are not empty and have neither a space nor a `+`.
    #[error("a key's name is not empty, and has neither spaces nor `+`")]
    Name,
}

impl Verifier {
    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id that stands in front of its signatures.
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// Whether it is the key of a witness, which signs checkpoints of others.
    pub const fn is_witness(&self) -> bool {
        matches!(self.kind, Kind::Cosignature)
    }

    /// Whether it has signed this text.
    pub fn has_signed(&self, text: &str, signature: &[u8]) -> bool {
        match self.kind {
            Kind::Text => self.has_made(text, signature),
            Kind::Cosignature => {
                let Some((time, signature)) = signature.split_first_chunk() else { return false };
                let time_s = u64::from_be_bytes(*time);
                self.has_made(&format!("cosignature/v1\ntime {time_s}\n{text}"), signature)
            }
        }
    }

    fn has_made(&self, text: &str, signature: &[u8]) -> bool {
        let Ok(signature) = Ed25519::from_slice(signature) else { return false };
        self.key.verify_strict(text.as_bytes(), &signature).is_ok()
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[self.kind as u8], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(bytes))
    }
}

impl FromStr for Verifier {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, id, kind, bytes) = parts(text)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Form)?;
        let verifier = Self { name: name.to_owned(), id, kind, key };
        if id == id_of(name, kind, &key) { Ok(verifier) } else { Err(KeyError::Id) }
    }
}

/// A private key.
#[derive(Clone)]
pub struct Signer {
    key: SigningKey,
    verifier: Verifier,
}

impl Signer {
    /// The key of 32 secret bytes, under a name.
    pub fn new(name: &str, secret: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        let key = SigningKey::from_bytes(secret);
        let (kind, public) = (Kind::Text, key.verifying_key());
        let verifier = Verifier { name: name.to_owned(), id: id_of(name, kind, &public), kind, key: public };
        Ok(Self { key, verifier })
    }

    /// The public half.
    pub const fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// Signs a text.
    pub fn sign(&self, text: &str) -> Vec<u8> {
        self.key.sign(text.as_bytes()).to_bytes().to_vec()
    }

    /// The form in which it is kept. Whoever has it can sign.
    pub fn to_secret(&self) -> String {
        let Verifier { name, id, .. } = &self.verifier;
        let bytes = [&[Kind::Text as u8], self.key.as_bytes().as_slice()].concat();
        format!("{SECRET}{name}+{id:08x}+{}", STANDARD.encode(bytes))
    }

    /// Reads [`Self::to_secret`].
    pub fn from_secret(text: &str) -> Result<Self, KeyError> {
        let (name, id, _, secret) = parts(text.strip_prefix(SECRET).ok_or(KeyError::Form)?)?;
        let signer = Self::new(name, &secret)?;
        if signer.verifier.id == id { Ok(signer) } else { Err(KeyError::Id) }
    }
}

const SECRET: &str = "PRIVATE+KEY+";

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.verifier)
    }
}

fn parts(text: &str) -> Result<(&str, u32, Kind, [u8; 32]), KeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(bytes)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::Form);
    };
    if !is_name(name) {
        return Err(KeyError::Name);
    }
    let is_hex = id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let id = u32::from_str_radix(id, 16).ok().filter(|_| is_hex).ok_or(KeyError::Form)?;
    let bytes = STANDARD.decode(bytes).map_err(|_| KeyError::Form)?;
    let (kind, key) = bytes.split_first().ok_or(KeyError::Form)?;
    let kind = Kind::of(*kind).ok_or(KeyError::Form)?;
    Ok((name, id, kind, key.try_into().map_err(|_| KeyError::Form)?))
}

fn id_of(name: &str, kind: Kind, key: &VerifyingKey) -> u32 {
    let digest = Hasher::default().chain(name).chain([b'\n', kind as u8]).chain(key.as_bytes()).finish();
    u32::from_be_bytes(*digest.as_bytes().first_chunk().expect("a digest is longer"))
}

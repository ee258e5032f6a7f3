//! What streams are called, and places in them.

use std::fmt;
use std::str::FromStr;

use kernel::RunId;

use crate::{Error, Kind};

kernel::id! {
    /// One stream; a path may be another stream's later.
    StreamId
}

impl StreamId {
    /// The ledger of the stream. Ledgers are named by ids of runs, and no run has this one.
    pub(crate) const fn ledger(self) -> RunId {
        RunId(self.0)
    }
}

/// The longest path.
pub const MAX_PATH_BYTES: usize = 1024;

/// The longest content type.
const MAX_TYPE_BYTES: usize = 255;

/// Where a stream is found: the part of the address after the door, as it stands there. It never becomes a path of a
/// file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StreamPath(String);

impl StreamPath {
    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StreamPath {
    type Err = Error;

    fn from_str(path: &str) -> Result<Self, Error> {
        let path = path.strip_prefix('/').unwrap_or(path);
        if path.is_empty() {
            return Err(Error::wrong("path", "a stream needs a path"));
        }
        if path.len() > MAX_PATH_BYTES {
            return Err(Error::wrong("path", format!("must have at most {MAX_PATH_BYTES} bytes")));
        }
        if !path.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::wrong("path", "must be printable ASCII: escape what is not"));
        }
        Ok(Self(path.to_owned()))
    }
}

impl fmt::Display for StreamPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a stream says it consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentType(String);

impl ContentType {
    /// Of a stream that does not say.
    pub fn unknown() -> Self {
        Self("application/octet-stream".to_owned())
    }

    /// As it was stored.
    pub(crate) const fn stored(text: String) -> Self {
        Self(text)
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without parameters and in lower case: the form in which types are compared.
    pub fn essence(&self) -> String {
        self.0.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Whether the stream consists of JSON values or of bytes.
    pub fn kind(&self) -> Kind {
        if self.essence() == "application/json" { Kind::Json } else { Kind::Bytes }
    }
}

impl FromStr for ContentType {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let is_token = |part: &str| {
            let mut bytes = part.bytes();
            !part.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
        };
        let typed = Self(text.trim().to_owned());
        let essence = typed.essence();
        let is_type = essence.split_once('/').is_some_and(|(kind, sub)| is_token(kind) && is_token(sub));
        let is_plain = typed.0.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if is_type && is_plain && typed.0.len() <= MAX_TYPE_BYTES {
            return Ok(typed);
        }
        Err(Error::wrong("Content-Type", "must be a media type such as application/json"))
    }
}

/// A place between two appends of a stream. Its text sorts as the places do and means nothing to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Offset(pub(crate) u64);

impl Offset {
    /// Before everything.
    pub const START: Self = Self(0);
}

/// The second number is the place within an append: reading begins between appends, so it is zero.
impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016}_{:016}", self.0, 0)
    }
}

impl FromStr for Offset {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let place = text.split_once('_').filter(|(place, within)| {
            place.len() == 16 && within.len() == 16 && within.bytes().all(|byte| byte == b'0')
        });
        let place = place.filter(|(place, _)| place.bytes().all(|byte| byte.is_ascii_digit()));
        let place = place.and_then(|(place, _)| place.parse().ok()).map(Self);
        place.ok_or_else(|| Error::wrong("offset", "must be `-1`, `now` or an offset that this stream gave"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_sort_as_text_and_come_back() {
        let places = [0, 1, 9, 10, 999, 1_000_000].map(Offset);
        let texts = places.map(|place| place.to_string());
        assert!(texts.is_sorted());
        for (place, text) in places.iter().zip(&texts) {
            assert_eq!(text.parse::<Offset>().unwrap(), *place);
        }
        for bad in [
            "",
            "0",
            "0_0",
            "-1",
            "now",
            "1,2",
            "000000000000000a_0000000000000000",
            "0 1",
            "+000000000000001_0000000000000000",
        ] {
            assert!(bad.parse::<Offset>().is_err(), "{bad}");
        }
    }

    #[test]
    fn content_types_are_compared_without_case_and_parameters() {
        let json: ContentType = "Application/JSON; charset=utf-8".parse().unwrap();
        assert_eq!((json.essence().as_str(), json.kind()), ("application/json", Kind::Json));
        for bad in ["", "json", "a/b/c", "a b/c", "text/\n", "/x", "x/"] {
            assert!(bad.parse::<ContentType>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_path_is_what_an_address_can_hold() {
        assert_eq!("/v1/stream/a%20b".parse::<StreamPath>().unwrap().as_str(), "v1/stream/a%20b");
        for bad in ["", "/", "a b", "ü", "a\0"] {
            assert!(bad.parse::<StreamPath>().is_err(), "{bad:?}");
        }
        assert!("x".repeat(MAX_PATH_BYTES + 1).parse::<StreamPath>().is_err());
    }
}

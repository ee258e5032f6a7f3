//! Page cursors: opaque, signed, and bound to what they page over.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

/// The installation's secret for signing cursors.
#[derive(Clone)]
pub struct CursorKey([u8; 32]);

impl std::fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorKey(…)")
    }
}

const TAG_LEN: usize = 16;

impl CursorKey {
    /// A key from 32 secret bytes.
    pub const fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// Seals a position for a scope (`runs`, `run:<id>`): only `open` with the same scope reads it.
    pub fn seal<T: Serialize>(&self, scope: &str, position: &T) -> String {
        let body = serde_json::to_vec(position).expect("a position is plain data");
        let mut bytes = self.tag(scope, &body).to_vec();
        bytes.extend_from_slice(&body);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Opens a cursor of this scope.
    pub fn open<T: DeserializeOwned>(&self, scope: &str, cursor: &str) -> Result<T, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| CursorError)?;
        let (tag, body) = bytes.split_at_checked(TAG_LEN).ok_or(CursorError)?;
        self.mac(scope, body).verify_truncated_left(tag).map_err(|_| CursorError)?;
        serde_json::from_slice(body).map_err(|_| CursorError)
    }

    fn tag(&self, scope: &str, body: &[u8]) -> [u8; TAG_LEN] {
        let full = self.mac(scope, body).finalize().into_bytes();
        full[..TAG_LEN].try_into().expect("a SHA-256 tag is longer than its truncation")
    }

    fn mac(&self, scope: &str, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(&(scope.len() as u64).to_be_bytes());
        mac.update(scope.as_bytes());
        mac.update(body);
        mac
    }
}

/// A cursor that was not made here, or not for this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cursor does not belong to this list; start again without one")]
pub struct CursorError;

impl crate::Fault for CursorError {
    fn class(&self) -> crate::Class {
        crate::Class::Malformed
    }

    fn code(&self) -> &'static str {
        "INVALID_CURSOR"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_only_in_its_own_scope_and_unchanged() {
        let key = CursorKey::new([7; 32]);
        let cursor = key.seal("run:1", &(17_u64, "x"));
        assert_eq!(key.open::<(u64, String)>("run:1", &cursor), Ok((17, "x".to_owned())));
        assert_eq!(key.open::<(u64, String)>("run:2", &cursor), Err(CursorError));
        assert_eq!(CursorKey::new([8; 32]).open::<(u64, String)>("run:1", &cursor), Err(CursorError));
        for i in 0..cursor.len() {
            let mut bad = cursor.clone().into_bytes();
            bad[i] = if bad[i] == b'A' { b'B' } else { b'A' };
            assert!(key.open::<(u64, String)>("run:1", std::str::from_utf8(&bad).unwrap()).is_err(), "{i}");
        }
    }
}

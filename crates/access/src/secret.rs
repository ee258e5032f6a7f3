//! The text that proves a token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Digest;

use crate::Error;

/// Before the random part, so that programs that look for lost secrets find them.
const PREFIX: &str = "assay_";

/// A fresh secret.
pub(crate) fn fresh() -> Result<String, Error> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|error| Error::Randomness(error.to_string()))?;
    Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random)))
}

/// What of it is stored. One hash is enough: nobody guesses 256 random bits, and time tells nothing of a digest.
pub(crate) fn digest(secret: &str) -> Digest {
    Digest::of(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_show_what_they_are() {
        let (one, other) = (fresh().unwrap(), fresh().unwrap());
        assert_ne!(one, other);
        assert!(one.starts_with("assay_") && one.len() == "assay_".len() + 43, "{one}");
        assert_ne!(digest(&one), digest(&other));
    }
}

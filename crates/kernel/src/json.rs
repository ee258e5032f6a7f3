//! Canonical JSON: the one byte form of a value, so that equal specs have equal digests.

use serde::Serialize;

use crate::Digest;

/// A value as JSON with sorted keys and no white space.
///
/// Floats are written in their shortest form that reads back to the same bits; non-finite floats become `null`,
/// as everywhere in the system.
pub fn canonical_json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    // `serde_json::Map` is ordered by key (the feature `preserve_order` is off), so a pass through `Value` sorts.
    serde_json::to_string(&serde_json::to_value(value)?)
}

/// The digest of a value's canonical JSON.
pub fn digest_json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Digest> {
    canonical_json(value).map(Digest::of)
}

/// A number for JSON: `None` for NaN and infinities, which JSON cannot say.
pub fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value: Value = serde_json::from_str(r#"{"b":1,"a":{"d":[{"z":0,"y":1}],"c":2}}"#).unwrap();
        assert_eq!(canonical_json(&value).unwrap(), r#"{"a":{"c":2,"d":[{"y":1,"z":0}]},"b":1}"#);
    }

    #[test]
    fn non_finite_numbers_become_null() {
        assert_eq!(canonical_json(&[f64::NAN, f64::INFINITY, 1.5]).unwrap(), "[null,null,1.5]");
    }

    proptest::proptest! {
        #[test]
        fn every_finite_float_survives_writing_and_reading(bits: u64) {
            let value = f64::from_bits(bits);
            if value.is_finite() {
                let text = canonical_json(&value).unwrap();
                let back: f64 = serde_json::from_str(&text).unwrap();
                proptest::prop_assert_eq!(back.to_bits(), value.to_bits());
            }
        }
    }
}

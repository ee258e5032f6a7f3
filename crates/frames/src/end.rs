//! The end of a ledger: what a log of ends keeps of it.

use kernel::Digest;

use crate::LedgerId;

/// Where a ledger ended. Nothing comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// Whose end it is.
    pub ledger: LedgerId,
    /// How many frames it has.
    pub frames: u64,
    /// The head of its chain after the last one.
    pub head: Digest,
}

impl End {
    /// The one text of an end, JSON with sorted keys: what a log of ends has as its entry.
    pub fn entry(&self) -> String {
        let Self { ledger, frames, head } = self;
        format!(r#"{{"format":"assay.end.v1","frames":{frames},"head":"{head}","ledger_id":"{ledger}"}}"#)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_end_has_one_text() {
        let end = End { ledger: LedgerId(Uuid::from_u128(1)), frames: 12, head: Digest::of("head") };
        let text = r#"{"format":"assay.end.v1","frames":12,"head":"aa17","ledger_id":"00000000-0000-0000-0000-000000000001"}"#;
        assert_eq!(end.entry(), text.replace("aa17", &Digest::of("head").to_string()));
        let value: serde_json::Value = serde_json::from_str(&end.entry()).unwrap();
        assert_eq!(kernel::canonical_json(&value).unwrap(), end.entry());
    }
}

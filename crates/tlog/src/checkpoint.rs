//! A checkpoint: how large a log is and what its root is, as the text that is signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::Digest;

/// What a log says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: a name that no other log has.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.as_bytes()))
    }

    /// Reads a text; further lines are an extension that this program does not know and therefore passes over.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let origin = lines.next().filter(|origin| !origin.is_empty())?.to_owned();
        let size = lines.next().filter(|size| is_plain_number(size))?.parse().ok()?;
        let root = Digest::from_slice(&STANDARD.decode(lines.next()?).ok()?).ok()?;
        lines.all(|line| !line.is_empty()).then_some(Self { origin, size, root })
    }
}

/// Decimal, without a sign and without leading zeros.
fn is_plain_number(text: &str) -> bool {
    text == "0"
        || (!text.starts_with('0') && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
}

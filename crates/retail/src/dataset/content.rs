//! The digest of all that was read from an upload: of each series its name, its extent and the digest of its points.

use chrono::Datelike;
use kernel::{Digest, Hasher};

use super::SeriesSummary;

/// Takes series in their order.
#[derive(Default)]
pub(super) struct Content(Hasher);

impl Content {
    pub(super) fn add(&mut self, summary: &SeriesSummary, points_digest: &[u8]) {
        let SeriesSummary { name, points, first_date, last_date, frequency } = summary;
        for text in [name.as_str(), frequency.as_str()] {
            self.0.update((text.len() as u64).to_le_bytes());
            self.0.update(text);
        }
        self.0.update(points.to_le_bytes());
        self.0.update(first_date.num_days_from_ce().to_le_bytes());
        self.0.update(last_date.num_days_from_ce().to_le_bytes());
        self.0.update(points_digest);
    }

    pub(super) fn finish(self) -> Digest {
        self.0.finish()
    }
}

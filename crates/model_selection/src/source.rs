//! Where a series comes from: the daily sales of a pair, or an imported data set.

use chrono::NaiveDate;
use forecast::Gaps;
use kernel::{Digest, FieldError};
use retail::{ProductId, StoreId};
use serde::{Deserialize, Serialize};

/// Days from a first to a last one, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The first day.
    pub start_date: NaiveDate,
    /// The last day.
    pub end_date: NaiveDate,
}

/// One store and one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The store.
    pub store_id: StoreId,
    /// The product.
    pub product_id: ProductId,
}

/// What a run's series was read from, as its spec pins it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// The daily sales of a pair.
    Pair {
        /// The pair.
        #[serde(flatten)]
        pair: Pair,
        /// The days that were read.
        window: Window,
    },
    /// An imported data set.
    Dataset {
        /// Its id.
        dataset_id: retail::DatasetId,
        /// The digest of the imported bytes.
        digest: Digest,
    },
}

impl Pair {
    /// The name of the pair's series, the same in every run.
    pub fn series_name(self) -> String {
        format!("store {} product {}", self.store_id, self.product_id)
    }

    pub(crate) fn validate(self, fields: &mut Vec<FieldError>) {
        for (field, id) in [("store_id", self.store_id.0), ("product_id", self.product_id.0)] {
            if id < 1 {
                fields.push(FieldError::new(field, format!("must be at least 1, not {id}")));
            }
        }
    }
}

impl Window {
    pub(crate) fn validate(self, field: &str, fields: &mut Vec<FieldError>) {
        if self.end_date <= self.start_date {
            let message = format!("must lie after start_date {}, not on {}", self.start_date, self.end_date);
            fields.push(FieldError::new(format!("{field}.end_date"), message));
        }
    }

    pub(crate) fn retail(self) -> retail::Window {
        retail::Window::new(self.start_date, self.end_date).expect("a checked window ends after its start")
    }
}

/// What a missing day of a pair or a data set means unless a request says so: nothing is known of it.
pub(crate) const DEFAULT_GAPS: Gaps = Gaps::Missing;

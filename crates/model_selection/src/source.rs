//! Where a series comes from: the daily sales of a pair, or an imported data set.

use kernel::{Digest, FieldError};
use serde::{Deserialize, Serialize};
use wire::model_selection::Window;
use wire::retail::{ProductId, StoreId};

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
        dataset_id: wire::datasets::DatasetId,
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

/// Reports a window that does not end after it starts.
pub(crate) fn check_window(window: Window, field: &str, fields: &mut Vec<FieldError>) {
    if window.end_date <= window.start_date {
        let message = format!("must lie after start_date {}, not on {}", window.start_date, window.end_date);
        fields.push(FieldError::new(format!("{field}.end_date"), message));
    }
}

/// A checked window.
pub(crate) fn days_of(window: Window) -> retail::Window {
    retail::Window::new(window.start_date, window.end_date).expect("a checked window ends after its start")
}

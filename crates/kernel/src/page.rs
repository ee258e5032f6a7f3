//! Pages of a list, one after the other.

use serde::Serialize;

/// A page, and where the next one begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T, K> {
    /// The items.
    pub items: Vec<T>,
    /// The key to continue after; `None` on the last page.
    pub next: Option<K>,
}

impl<T, K> Default for Page<T, K> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None }
    }
}

impl<T, K> Page<T, K> {
    /// A page from the rows of a query that asked for one more than `limit`.
    pub fn cut(mut rows: Vec<T>, limit: u64, key: impl FnOnce(&T) -> K) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_last = rows.len() <= limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| !is_last).map(key);
        Self { items: rows, next }
    }
}

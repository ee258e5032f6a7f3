//! Lists of rows, of which one may be damaged: it is said in the log and passed by, and the others are shown.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryTrait, Select, TryGetable};

/// A row that may not be readable, with its place in the list where that is.
pub(crate) type Found<M, K> = (Option<K>, Result<M, DbErr>);

/// The rows of a query, each read by itself. `key` is the column that says its place.
pub(crate) async fn rows<E: EntityTrait, K: TryGetable>(
    conn: &impl ConnectionTrait,
    select: Select<E>,
    key: &str,
) -> Result<Vec<Found<E::Model, K>>, DbErr> {
    let found = conn.query_all(&select.into_query()).await?;
    Ok(found.iter().map(|row| (row.try_get("", key).ok(), E::Model::from_query_result(row, ""))).collect())
}

/// A list of up to so many readable items, filled page by page: a damaged row does not make it seem to end.
pub(crate) struct Listing<T, K> {
    items: Vec<T>,
    from: Option<K>,
    limit: u64,
    what: &'static str,
    is_full: bool,
}

impl<T, K: Copy> Listing<T, K> {
    /// A list of `what` after a place.
    pub(crate) const fn new(from: Option<K>, limit: u64, what: &'static str) -> Self {
        Self { items: Vec::new(), from, limit, what, is_full: false }
    }

    /// After which place the next page begins, and how many rows it has; `None` once the list is done.
    pub(crate) fn next(&self) -> Option<(Option<K>, u64)> {
        let wanted = self.limit - self.items.len() as u64;
        (!self.is_full && wanted > 0).then_some((self.from, wanted))
    }

    /// Takes that page.
    pub(crate) fn take<M>(&mut self, rows: Vec<Found<M, K>>, item: impl Fn(M) -> Result<T, DbErr>) {
        let wanted = self.limit - self.items.len() as u64;
        let is_last = (rows.len() as u64) < wanted;
        let mut has_moved = false;
        for (key, row) in rows {
            if key.is_some() {
                (self.from, has_moved) = (key, true);
            }
            self.items.extend(said(self.what, row.and_then(&item)));
        }
        // Without a place there is no way on.
        self.is_full = is_last || !has_moved;
    }

    pub(crate) fn into_items(self) -> Vec<T> {
        self.items
    }
}

/// Why a row cannot be read, for whoever sees the list.
pub(crate) fn readable(error: &DbErr) -> String {
    match error {
        DbErr::Type(what) => what.clone(),
        error => error.to_string(),
    }
}

/// What can be read; what cannot is said.
pub(crate) fn said<T>(what: &'static str, found: Result<T, DbErr>) -> Option<T> {
    found.inspect_err(|error| tracing::error!(what, %error, "a damaged row is left out of a list")).ok()
}

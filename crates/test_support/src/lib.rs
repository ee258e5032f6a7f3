//! What tests of every crate share: a migrated database per test on SQLite and PostgreSQL, a PostgreSQL server that can
//! go away, and a clock that stands still until told.
//!
//! PostgreSQL is taken from `ASSAY_TEST_POSTGRES_URL` (`./scripts/test` starts one and sets it). Without it the
//! PostgreSQL twin of a test says so and passes; with `ASSAY_REQUIRE_POSTGRES` it fails.

mod clock;
mod database;
mod proxy;

use std::time::Duration;

pub use clock::{FrozenClock, frozen_clock};
pub use database::{TestDb, postgres, sqlite};
pub use proxy::Proxy;

#[doc(hidden)]
pub use tokio;

/// Declares a test that runs once on SQLite and once on PostgreSQL, each on a fresh migrated database.
///
/// ```text
/// on_both_databases! {
///     async fn a_run_is_claimed_once(db: TestDb) { … }
/// }
/// ```
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDb) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, reason = "a body may name nothing of its module")]
            use super::*;

            async fn check($db: $crate::TestDb) $body

            $(#[$meta])*
            #[test]
            fn sqlite() {
                $crate::block_on(async { check($crate::sqlite().await).await });
            }

            $(#[$meta])*
            #[test]
            fn postgres() {
                $crate::block_on(async {
                    if let Some(db) = $crate::postgres().await {
                        check(db).await;
                    }
                });
            }
        }
    )+};
}

/// No test works for so long: one that does waits for what never comes, and fails by its name instead of holding up all
/// others without a word.
const LONGEST: Duration = Duration::from_mins(15);

/// Runs a test body on a runtime of two threads.
///
/// # Panics
/// If the body does not end.
pub fn block_on(test: impl Future<Output = ()>) {
    let bounded = async {
        assert!(tokio::time::timeout(LONGEST, test).await.is_ok(), "the test still runs after {LONGEST:?}");
    };
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime of two threads starts")
        .block_on(bounded);
}

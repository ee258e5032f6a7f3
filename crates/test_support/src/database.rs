//! A migrated database per test.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use kernel::Db;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// A migrated database of one test; a SQLite one is deleted with it.
#[derive(Debug)]
pub struct TestDb {
    /// The handles.
    pub db: Db,
    /// The address, for a second opening.
    pub url: String,
    dir: Arc<TempDir>,
}

impl TestDb {
    /// A second owner of the same database, as another worker has.
    #[must_use]
    pub fn twin(&self) -> Self {
        Self { db: self.db.clone(), url: self.url.clone(), dir: Arc::clone(&self.dir) }
    }

    /// A scratch directory that lives as long as the database.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }
}

/// A fresh SQLite database with the whole schema.
pub async fn sqlite() -> TestDb {
    let dir = tempfile::tempdir().expect("the temporary directory is writable");
    let url = format!("sqlite://{}", dir.path().join("test.db").display());
    let conn = Db::open_for_migration(&url).await.expect("a new SQLite file opens");
    migration::up(&conn).await.expect("the migrations apply");
    conn.close().await.expect("the migrated database closes");
    let db = Db::open(&url).await.expect("a migrated SQLite file opens");
    TestDb { db, url, dir: Arc::new(dir) }
}

static TEMPLATE: OnceCell<()> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A fresh PostgreSQL database with the whole schema, or `None` (and a line that says so) where no server is given.
pub async fn postgres() -> Option<TestDb> {
    let Ok(server) = std::env::var("ASSAY_TEST_POSTGRES_URL") else {
        assert!(
            std::env::var_os("ASSAY_REQUIRE_POSTGRES").is_none(),
            "ASSAY_REQUIRE_POSTGRES is set, but ASSAY_TEST_POSTGRES_URL is not"
        );
        skipped();
        return None;
    };
    let process = std::process::id();
    let template = format!("assay_template_{process}");
    let admin = Database::connect(format!("{server}/postgres")).await.expect("the PostgreSQL server answers");
    TEMPLATE.get_or_init(|| make_template(&admin, &server, &template)).await;
    let name = format!("assay_test_{process}_{}", NEXT.fetch_add(1, Ordering::SeqCst));
    execute(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    admin.close().await.expect("the connection closes");
    let url = format!("{server}/{name}");
    let db = Db::open(&url).await.expect("a copied PostgreSQL database opens");
    let dir = tempfile::tempdir().expect("the temporary directory is writable");
    Some(TestDb { db, url, dir: Arc::new(dir) })
}

#[expect(clippy::print_stderr, reason = "the line is for whoever runs the tests")]
fn skipped() {
    eprintln!("skipped on PostgreSQL: ASSAY_TEST_POSTGRES_URL is not set");
}

async fn make_template(admin: &DatabaseConnection, server: &str, template: &str) {
    execute(admin, &format!("CREATE DATABASE {template}")).await;
    let conn = Db::open_for_migration(&format!("{server}/{template}")).await.expect("the template opens");
    migration::up(&conn).await.expect("the migrations apply");
    conn.close().await.expect("the template closes");
}

async fn execute(admin: &DatabaseConnection, sql: &str) {
    let statement = Statement::from_string(admin.get_database_backend(), sql);
    admin.execute_raw(statement).await.expect("the statement is valid");
}

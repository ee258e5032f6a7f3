//! Rows of objects that no run made.

use artifacts::Stored;
use artifacts::objects::{self, Object, ObjectError, Position, Purpose, Record};
use kernel::{Digest, Tenant, TenantId};
use migration::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, DbErr, Value};
use std::time::Duration;
use test_support::{FrozenClock, TestDb, frozen_clock, on_both_databases};

const OTHER: Tenant = Tenant::verified(TenantId(kernel_uuid(2)));

const fn kernel_uuid(n: u128) -> sea_orm::prelude::Uuid {
    sea_orm::prelude::Uuid::from_u128(n)
}

fn record(content: &str, purpose: Purpose) -> Record<'_> {
    let stored = Stored { digest: Digest::of(content), size_bytes: content.len() as u64 };
    Record { stored, purpose, media_type: "text/csv", name: content }
}

async fn keep(
    db: &TestDb,
    clock: &FrozenClock,
    tenant: Tenant,
    record: Record<'_>,
) -> Result<Object, ObjectError> {
    db.db.write.write("test", async |tx| objects::record_in(tx, clock, tenant, record).await).await
}

async fn execute(db: &TestDb, sql: &str, values: Vec<Value>) -> Result<u64, DbErr> {
    let write = &db.db.write;
    let statement = sea_orm::Statement::from_sql_and_values(write.backend(), sql, values);
    let done = write.write("test", async |tx| tx.execute_raw(statement.clone()).await).await?;
    Ok(done.rows_affected())
}

async fn release(db: &TestDb, digest: &Digest) {
    let receipt = "INSERT INTO retention_receipt (id, tenant_id, reason, removed, created_us) VALUES ($1, $2, 'asked for', '[]', 0)";
    execute(db, receipt, vec![kernel_uuid(9).into(), Tenant::LOCAL.id().into()]).await.unwrap();
    let release = "INSERT INTO retention_release (receipt_id, kind, subject) VALUES ($1, 'object', $2)";
    execute(db, release, vec![kernel_uuid(9).into(), digest.as_bytes().to_vec().into()]).await.unwrap();
}

on_both_databases! {
    async fn an_object_is_recorded_once_per_purpose_and_keeps_its_first_name(db: TestDb) {
        let clock = frozen_clock();
        let first = keep(&db, &clock, Tenant::LOCAL, record("a", Purpose::Dataset)).await.unwrap();
        clock.advance(Duration::from_secs(1));
        let renamed = Record { name: "b", ..record("a", Purpose::Dataset) };
        assert_eq!(keep(&db, &clock, Tenant::LOCAL, renamed).await.unwrap(), first);
        let read = &db.db.read;
        assert_eq!(objects::find(read, Tenant::LOCAL, &first.digest, Purpose::Dataset).await.unwrap(), Some(first.clone()));
        assert_eq!(objects::find(read, Tenant::LOCAL, &first.digest, Purpose::Bundle).await.unwrap(), None);
        assert_eq!(objects::find(read, OTHER, &first.digest, Purpose::Dataset).await.unwrap(), None);
        keep(&db, &clock, OTHER, record("a", Purpose::Dataset)).await.unwrap();
    }

    async fn names_that_a_database_or_a_terminal_would_stumble_over_are_refused(db: TestDb) {
        let clock = frozen_clock();
        let long = "x".repeat(256);
        for name in ["", "a\0b", "a\nb", &long] {
            let error = keep(&db, &clock, Tenant::LOCAL, Record { name, ..record("a", Purpose::Dataset) }).await.unwrap_err();
            assert!(matches!(error, ObjectError::Invalid { field: "name" }), "{error}");
            let error = keep(&db, &clock, Tenant::LOCAL, Record { media_type: name, ..record("a", Purpose::Dataset) }).await.unwrap_err();
            assert!(matches!(error, ObjectError::Invalid { field: "media_type" }), "{error}");
        }
    }

    async fn pages_go_through_all_objects_of_a_purpose_newest_first(db: TestDb) {
        let clock = frozen_clock();
        let mut all = Vec::new();
        for (i, name) in ["a", "b", "c", "d", "e", "f", "g"].iter().enumerate() {
            if i % 3 == 0 {
                clock.advance(Duration::from_secs(1));
            }
            all.push(keep(&db, &clock, Tenant::LOCAL, record(name, Purpose::Attachment)).await.unwrap());
            keep(&db, &clock, Tenant::LOCAL, record(name, Purpose::Bundle)).await.unwrap();
        }
        all.sort_by_key(|object| std::cmp::Reverse((object.created_at, object.digest)));
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = objects::list(&db.db.read, Tenant::LOCAL, Purpose::Attachment, before, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(Position::from(last));
            seen.extend(page);
        }
        assert_eq!(seen, all);
    }

    async fn a_recorded_object_never_changes(db: TestDb) {
        let clock = frozen_clock();
        let kept = keep(&db, &clock, Tenant::LOCAL, record("a", Purpose::Dataset)).await.unwrap();
        let digest = kept.digest.as_bytes().to_vec();
        let update = execute(&db, "UPDATE object SET name = 'forged'", vec![]).await.unwrap_err();
        assert!(update.to_string().contains("never changes"), "{update}");
        let delete = execute(&db, "DELETE FROM object", vec![]).await.unwrap_err();
        assert!(delete.to_string().contains("only under a retention receipt"), "{delete}");
        let insert = "INTO object (tenant_id, digest, purpose, media_type, name, size_bytes, created_us)
            VALUES ($1, $2, 'dataset', 'text/csv', 'forged', 1, 1)";
        let values = || vec![Tenant::LOCAL.id().into(), digest.clone().into()];
        let attempts = match db.db.write.backend() {
            sea_orm::DatabaseBackend::Postgres => vec![
                format!("INSERT {insert}"),
                format!("INSERT {insert} ON CONFLICT (tenant_id, digest, purpose) DO UPDATE SET name = 'forged'"),
            ],
            _ => vec![format!("INSERT {insert}"), format!("INSERT OR REPLACE {insert}"), format!("REPLACE {insert}")],
        };
        for sql in attempts {
            execute(&db, &sql, values()).await.unwrap_err();
        }
        if db.db.write.backend() == sea_orm::DatabaseBackend::Postgres {
            execute(&db, "TRUNCATE object", vec![]).await.unwrap_err();
        }
        let found = objects::find(&db.db.read, Tenant::LOCAL, &kept.digest, Purpose::Dataset).await.unwrap();
        assert_eq!(found, Some(kept));
    }

    async fn an_object_goes_only_under_a_receipt_that_names_it(db: TestDb) {
        let clock = frozen_clock();
        let kept = keep(&db, &clock, Tenant::LOCAL, record("a", Purpose::Dataset)).await.unwrap();
        let other = keep(&db, &clock, Tenant::LOCAL, record("b", Purpose::Dataset)).await.unwrap();
        let foreign = keep(&db, &clock, OTHER, record("a", Purpose::Dataset)).await.unwrap();
        let let_go = async |digest: Digest| {
            db.db.write.write("test", async |tx| objects::release_in(tx, Tenant::LOCAL, &digest).await).await
        };
        let_go(kept.digest).await.unwrap_err();
        release(&db, &kept.digest).await;
        assert_eq!(let_go(kept.digest).await.unwrap(), 1);
        assert_eq!(let_go(kept.digest).await.unwrap(), 0);
        let_go(other.digest).await.unwrap_err();
        let read = &db.db.read;
        assert_eq!(objects::find(read, Tenant::LOCAL, &kept.digest, Purpose::Dataset).await.unwrap(), None);
        assert_eq!(objects::find(read, OTHER, &kept.digest, Purpose::Dataset).await.unwrap(), Some(foreign));
    }

    async fn the_schema_goes_down_and_up_again(db: TestDb) {
        let conn = kernel::Db::open_for_migration(&db.url).await.unwrap();
        Migrator::down(&conn, None).await.unwrap();
        Migrator::up(&conn, None).await.unwrap();
        conn.close().await.unwrap();
        let again = kernel::Db::open(&db.url).await.unwrap();
        let page = objects::list(&again.read, Tenant::LOCAL, Purpose::Dataset, None, 10).await.unwrap();
        assert_eq!(page, Vec::new());
        again.close().await.unwrap();
    }
}

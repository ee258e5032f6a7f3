//! Garbage: what nothing names goes, and nothing that anything names or may still name.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures::TryStreamExt as _;
use kernel::{Clock, Digest, Fault, SystemClock};
use runs::RunState;
use sea_orm::{ConnectionTrait, DbErr, Statement};
use test_support::on_both_databases;
use uuid::Uuid;
use wire::runs::{Garbage, GarbageRequest};

use crate::support::{Fixture, Script, TENANT, age, config};

/// So many seconds beside the machine's clock.
#[derive(Debug, Default)]
struct Shifted(AtomicI64);

impl Clock for Shifted {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::seconds(self.0.load(Ordering::SeqCst))
    }

    fn new_id(&self) -> Uuid {
        SystemClock.new_id()
    }
}

fn request(apply: bool) -> GarbageRequest {
    GarbageRequest { grace_hours: 24, max_shard_bytes: None, apply, reason: None }
}

async fn collect(fixture: &Fixture, request: &GarbageRequest) -> Garbage {
    fixture.engine.collect(TENANT, request).await.unwrap()
}

/// Bytes of which nothing was ever recorded, two days old.
async fn given_up(fixture: &Fixture, text: &str) -> Digest {
    let digest = fixture.store.put(Bytes::from(text.to_owned())).await.unwrap().digest;
    age(fixture, &digest, 48);
    digest
}

async fn is_there(fixture: &Fixture, digest: &Digest) -> bool {
    fixture.store.reader().exists(digest).await.unwrap()
}

fn digests(found: &Garbage) -> Vec<Digest> {
    found.objects.iter().map(|object| object.digest).collect()
}

/// Makes every object of the store old.
async fn age_all(fixture: &Fixture) {
    let listed: Vec<_> = fixture.store.reader().list().try_collect().await.unwrap();
    for object in &listed {
        age(fixture, &object.digest, 48);
    }
}

/// How many receipts there are.
async fn receipts(fixture: &Fixture) -> usize {
    let read = &fixture.db.db.read;
    let sql = Statement::from_string(read.backend(), "SELECT removed FROM retention_receipt");
    read.conn().query_all_raw(sql).await.unwrap().len()
}

on_both_databases! {
    async fn what_nothing_names_goes_once_it_is_old_and_all_else_stays(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.submit(Script::SquaresAgain(vec![4])).await;
        assert_eq!(fixture.engine.settled(TENANT, run).await.unwrap().state, RunState::Succeeded);
        age_all(&fixture).await;
        let old = given_up(&fixture, "given up").await;
        let young = fixture.store.put(Bytes::from_static(b"on its way")).await.unwrap().digest;
        let dry = collect(&fixture, &request(false)).await;
        assert_eq!((digests(&dry), dry.object_bytes, dry.objects_kept, dry.is_applied), (vec![old], 8, 3, false));
        assert!(is_there(&fixture, &old).await && dry.receipt_ids.is_empty());
        let found = collect(&fixture, &request(true)).await;
        assert_eq!((digests(&found), found.objects_kept, found.receipt_ids.len()), (vec![old], 3, 1));
        assert!(!is_there(&fixture, &old).await && is_there(&fixture, &young).await);
        let verified = fixture.engine.verifier().verify(TENANT, run).await.unwrap();
        assert!(verified.verified, "{verified:?}");
        let again = collect(&fixture, &request(true)).await;
        assert_eq!((digests(&again), again.receipt_ids.len()), (vec![], 0));
    }

    async fn what_was_stored_since_the_oldest_open_run_began_stays(db: TestDb) {
        let clock = Arc::new(Shifted::default());
        let fixture = Fixture::timed(db, config("worker-1"), clock.clone());
        fixture.engine.start();
        clock.0.store(-4 * 24 * 3600, Ordering::SeqCst);
        let asking = fixture.submit(Script::Ask).await;
        fixture.reached(asking, |run| run.state == RunState::Waiting).await;
        clock.0.store(0, Ordering::SeqCst);
        let since = given_up(&fixture, "since").await;
        let before = given_up(&fixture, "before").await;
        age(&fixture, &before, 6 * 24);
        assert_eq!(digests(&collect(&fixture, &request(true)).await), [before]);
        fixture.engine.cancel(TENANT, asking).await.unwrap();
        assert_eq!(digests(&collect(&fixture, &request(true)).await), [since]);
    }

    async fn bytes_that_are_stored_again_or_named_meanwhile_stay(db: TestDb) {
        let fixture = Fixture::started(db);
        let (again, named) = (given_up(&fixture, "again").await, given_up(&fixture, "named").await);
        fixture.store.put(Bytes::from_static(b"again")).await.unwrap();
        let read = &fixture.db.db;
        let record = artifacts::objects::Record {
            stored: artifacts::Stored { digest: named, size_bytes: 5 },
            purpose: artifacts::objects::Purpose::Attachment,
            media_type: "text/plain",
            name: "named",
        };
        let recorded: Result<_, artifacts::objects::ObjectError> =
            read.write.write("record", async |tx| artifacts::objects::record_in(tx, &SystemClock, TENANT, record).await).await;
        recorded.unwrap();
        let found = collect(&fixture, &request(true)).await;
        assert_eq!(digests(&found), []);
        assert!(is_there(&fixture, &again).await && is_there(&fixture, &named).await);
    }

    async fn a_collection_that_was_killed_is_finished_by_the_next(db: TestDb) {
        let fixture = Fixture::started(db);
        let (first, second) = (given_up(&fixture, "first").await, given_up(&fixture, "second").await);
        let run = fixture.submit(Script::SquaresAgain(vec![4])).await;
        fixture.engine.settled(TENANT, run).await.unwrap();
        age_all(&fixture).await;
        // The receipt is written and one of the two objects is gone: so a killed collection leaves it.
        fixture.store.delete(&first).await.unwrap();
        let sql = "INSERT INTO retention_receipt (id, tenant_id, reason, removed, created_us) SELECT $1, tenant_id, 'x', '{}', 1 FROM run";
        let id: sea_orm::Value = wire::runs::ReceiptId::new(&SystemClock).into();
        let written: Result<_, DbErr> = fixture.db.db.write.write("receipt", async |tx| {
            tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [id.clone()])).await
        }).await;
        written.unwrap();
        let found = collect(&fixture, &request(true)).await;
        assert_eq!(digests(&found), [second]);
        assert_eq!(receipts(&fixture).await, 2);
        let verified = fixture.engine.verifier().verify(TENANT, run).await.unwrap();
        assert!(verified.verified, "{verified:?}");
    }

    async fn the_least_recently_used_results_go_until_the_rest_is_small_enough(db: TestDb) {
        let fixture = Fixture::started(db);
        for number in [20, 30, 40] {
            let run = fixture.submit(Script::Squares(vec![number])).await;
            fixture.engine.settled(TENANT, run).await.unwrap();
        }
        let sized = |most| GarbageRequest { max_shard_bytes: Some(most), ..request(false) };
        let dry = collect(&fixture, &sized(0)).await;
        let all = dry.shard_result_bytes;
        assert_eq!((dry.shard_results, dry.shard_results_kept, dry.shard_result_bytes_kept), (3, 0, 0));
        assert_eq!(collect(&fixture, &sized(all)).await.shard_results, 0);
        assert_eq!(collect(&fixture, &request(true)).await.shard_results, 0);
        let found = collect(&fixture, &GarbageRequest { apply: true, ..sized(all - 1) }).await;
        assert_eq!((found.shard_results, found.shard_results_kept, found.receipt_ids.len()), (1, 2, 1));
        // The oldest went: the other two are found, and it is computed again.
        let again = fixture.submit(Script::Squares(vec![30, 40])).await;
        fixture.engine.settled(TENANT, again).await.unwrap();
        assert_eq!(collect(&fixture, &sized(0)).await.shard_results, 2);
        // An open run may still use every one of them.
        let asking = fixture.submit(Script::Ask).await;
        assert_eq!(collect(&fixture, &GarbageRequest { apply: true, ..sized(0) }).await.shard_results, 0);
        fixture.engine.cancel(TENANT, asking).await.unwrap();
        assert_eq!(collect(&fixture, &GarbageRequest { apply: true, ..sized(0) }).await.shard_results, 2);
    }

    async fn a_collection_out_of_its_bounds_is_refused_by_the_field(db: TestDb) {
        let fixture = Fixture::started(db);
        let refused = async |request: GarbageRequest| {
            let error = fixture.engine.collect(TENANT, &request).await.unwrap_err();
            error.fields().remove(0).field
        };
        assert_eq!(refused(GarbageRequest { grace_hours: 0, ..request(true) }).await, "grace_hours");
        assert_eq!(refused(GarbageRequest { grace_hours: 87_601, ..request(true) }).await, "grace_hours");
        assert_eq!(refused(GarbageRequest { reason: Some(String::new()), ..request(true) }).await, "reason");
    }
}

//! How long others wait while a large world is built and removed: `cargo run --release -p retail --example bench_world
//! [STORES PRODUCTS]`.
#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on stops")]

use std::time::{Duration, Instant};

use kernel::{SystemClock, Tenant, WriteDb};
use retail::seeder;
use sea_orm::{ConnectionTrait, DbErr};
use test_support::tokio;
use test_support::tokio::task::JoinHandle;
use wire::retail::GenerateRequest;

#[tokio::main(crate = "test_support::tokio")]
async fn main() {
    let mut sizes = std::env::args().skip(1).map(|size| size.parse::<i64>().unwrap());
    let (stores, products) = (sizes.next().unwrap_or(22), sizes.next().unwrap_or(496));
    let test = test_support::sqlite().await;
    let write = test.db.write.clone();
    write
        .write("bench", async |tx| tx.execute_unprepared("CREATE TABLE tick (n INTEGER)").await)
        .await
        .unwrap();
    let request = GenerateRequest {
        scenario: "retail_standard".to_owned(),
        stores: Some(stores),
        products: Some(products),
        ..GenerateRequest::default()
    };
    let (db, asked) = (test.db.clone(), request.clone());
    let rows = beside(
        &write,
        tokio::spawn(async move {
            let made = seeder::generate(&db, &SystemClock, Tenant::LOCAL, &request).await.unwrap();
            ("built", made.records_created.total())
        }),
    );
    assert!(rows.await > 0);
    let began = Instant::now();
    let again = seeder::generate(&test.db, &SystemClock, Tenant::LOCAL, &asked).await.unwrap();
    assert!(again.is_existing);
    println!("found again, and looked at, in {} ms", began.elapsed().as_millis());
    let db = write.clone();
    beside(
        &write,
        tokio::spawn(async move {
            let gone = seeder::delete(&db, &SystemClock, Tenant::LOCAL, None, false).await.unwrap();
            ("removed", gone.records_deleted.total())
        }),
    )
    .await;
}

/// Writes all the time while something else works, and says how long a write took at the most.
async fn beside(write: &WriteDb, work: JoinHandle<(&'static str, u64)>) -> u64 {
    let began = Instant::now();
    let (mut ticks, mut longest) = (0_u32, Duration::ZERO);
    while !work.is_finished() {
        let asked = Instant::now();
        write
            .write("tick", async |tx| tx.execute_unprepared("INSERT INTO tick VALUES (1)").await)
            .await
            .map_or_else(|error: DbErr| panic!("{error}"), drop);
        longest = longest.max(asked.elapsed());
        ticks += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (what, rows) = work.await.unwrap();
    println!(
        "{rows} rows {what} in {:.1?}; of {ticks} other writes the longest took {longest:.1?}",
        began.elapsed()
    );
    rows
}

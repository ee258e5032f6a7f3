//! Feature tables of a pair.

use kernel::Fault;
use serde_json::json;
use test_support::on_both_databases;
use wire::model_selection::FeaturesRequest;
use wire::retail::{ProductId, StoreId};

use crate::support::{Fixture, TENANT, day, weekly};

fn request((store, product): (StoreId, ProductId), cutoff: usize, lookback: usize) -> FeaturesRequest {
    let request = json!({
        "store_id": store, "product_id": product, "cutoff_date": day(cutoff), "lookback_days": lookback,
        "config": {
            "lag": { "lags": [1, 7, 14] },
            "rolling": { "windows": [7, 14], "aggregations": ["mean", "std"] },
            "calendar": true,
        },
    });
    serde_json::from_value(request).unwrap()
}

on_both_databases! {
    async fn the_table_ends_at_the_cut_off_and_counts_what_is_absent(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(120)).await;
        let features = fixture.selector.features(TENANT, &request(pair, 99, 60)).await.unwrap();
        let table = features.table;
        // The value, three lags, four rolling and six calendar columns.
        assert_eq!((table.row_count, table.column_count), (60, 14));
        assert_eq!((table.dates[0], table.dates[59]), (day(40).into(), day(99).into()));
        assert!(table.null_counts.values().all(|nulls| *nulls == 0), "{:?}", table.null_counts);
        assert_eq!(table.config_hash.len(), 16);
        let early = fixture.selector.features(TENANT, &request(pair, 9, 60)).await.unwrap().table;
        assert_eq!((early.row_count, early.null_counts["lag_7"]), (10, 7));
    }

    async fn a_wrong_request_is_refused_with_its_field(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(30)).await;
        let error = fixture.selector.features(TENANT, &request(pair, 20, 0)).await.unwrap_err();
        assert_eq!(error.fields()[0].field, "lookback_days");
        let error = fixture.selector.features(TENANT, &request(pair, 20, usize::MAX)).await.unwrap_err();
        assert_eq!(error.code(), "VALIDATION_ERROR");
        let unknown = (StoreId(999), pair.1);
        let error = fixture.selector.features(TENANT, &request(unknown, 20, 10)).await.unwrap_err();
        assert_eq!(error.code(), "NOT_FOUND");
    }
}

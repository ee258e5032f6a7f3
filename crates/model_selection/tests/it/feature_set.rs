//! The feature set: asked for once, ranked on, shown, and trained on.

use forecast::features::Group;
use kernel::RunId;
use model_selection::comparison::Spec;
use model_selection::training::Bundle;
use serde_json::{Value, json};
use test_support::on_both_databases;
use wire::retail::{ProductId, StoreId};

use crate::support::{Fixture, candidate, day, on_pair, weekly};
use crate::training::train_on;

const DAYS: usize = 120;

impl Fixture {
    /// A pair that sells a weekly pattern, with everything that feature set 2 reads beside it.
    async fn sells_with_facts(&self) -> (StoreId, ProductId) {
        let (world, pair) = self.world(&weekly(DAYS)).await;
        for at in 0..DAYS {
            let stock = "INSERT INTO inventory_snapshot_daily
                (store_id, product_id, date, on_hand_qty, on_order_qty, is_stockout)
                VALUES ($1, $2, $3, $4, 0, $5)";
            let units = i64::try_from(at * 3 % 20).unwrap();
            self.execute(
                stock,
                vec![pair.0.0.into(), pair.1.0.into(), day(at).into(), units.into(), (units == 0).into()],
            )
            .await;
        }
        let promotion = "INSERT INTO promotion
            (product_id, store_id, name, kind, discount_pct, start_date, end_date)
            VALUES ($1, NULL, 'clearance', 'markdown', 0.3, $2, $3)";
        self.execute(promotion, vec![pair.1.0.into(), day(10).into(), day(19).into()]).await;
        let delivery = "INSERT INTO replenishment_event
            (store_id, product_id, date, lead_time_days, ordered_qty, received_qty)
            VALUES ($1, $2, $3, 2, 50, 40)";
        let returned = "INSERT INTO sales_returns
            (store_id, product_id, date, return_quantity, return_reason)
            VALUES ($1, $2, $3, 4, 'damaged_in_transit')";
        for sql in [delivery, delivery, returned] {
            self.execute(sql, vec![pair.0.0.into(), pair.1.0.into(), day(30).into()]).await;
        }
        let signal = "INSERT INTO exogenous_signal
            (world_id, date, signal_name, store_id, is_global, value)
            VALUES ($1, $2, 'temperature_celsius', $3, $4, $5)";
        let chain = vec![world.into(), day(5).into(), None::<i64>.into(), true.into(), 20.5.into()];
        let here = vec![world.into(), day(5).into(), pair.0.0.into(), false.into(), (-3.5).into()];
        self.execute(signal, chain).await;
        self.execute(signal, here).await;
        self.complete(world).await;
        pair
    }

    async fn bundle(&self, id: RunId) -> Bundle {
        serde_json::from_value(self.artifact(id, "model").await).unwrap()
    }
}

on_both_databases! {
    async fn a_pair_is_read_with_all_that_the_groups_need(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells_with_facts().await;
        let id = fixture.train(train_on(pair, DAYS, "naive", &json!({}))).await;
        let history = fixture.bundle(id).await.history;
        let known = history.known().unwrap();
        let offers = known.promotions.as_ref().unwrap();
        assert_eq!((offers.discount[9], offers.discount[10], offers.discount[19]), (0.0, 0.3, 0.3));
        assert!(offers.is_markdown[10] && !offers.is_markdown[20] && !offers.is_bundle[10]);
        let signals = known.signals.as_ref().unwrap();
        assert_eq!((signals.temperature_c[5], signals.temperature_c[6], signals.macro_index[5]), (Some(-3.5), None, None));
        let outcomes = known.outcomes.as_ref().unwrap();
        assert_eq!((outcomes.on_hand_units[0], outcomes.is_stockout[0]), (Some(0.0), true));
        assert_eq!((outcomes.on_hand_units[1], outcomes.is_stockout[1]), (Some(3.0), false));
        assert_eq!((outcomes.deliveries[30], outcomes.received_units[30]), (2, 80.0));
        assert_eq!((outcomes.returned_units[30], outcomes.returned_units[31]), (4.0, 0.0));
    }

    async fn candidates_are_ranked_and_trained_on_the_frame_that_was_asked_for(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells_with_facts().await;
        let groups = vec!["returns".to_owned(), "target_history".to_owned()];
        let mut request = on_pair(pair, DAYS, &["prophet_like", "naive"]);
        request.candidate_models.push(candidate("prophet_like", json!({ "feature_frame_version": 1 })));
        (request.feature_frame_version, request.feature_groups) = (2, Some(groups.clone()));
        let detail = fixture.compare(request).await;
        assert_eq!((detail.feature_frame_version, detail.feature_groups.as_ref()), (2, Some(&groups)));
        let params = |ordinal: usize| {
            detail.ranking.iter().find(|place| place.entry.ordinal == ordinal).unwrap().entry.params.clone()
        };
        assert_eq!(params(0)["feature_frame_version"], 2);
        assert_eq!(params(0)["feature_groups"], json!(groups));
        assert_eq!((params(1), params(2)), (json!({}), json!({ "alpha": 1.0 })));

        // The frame of the request, and the winner's own parameters, both train the model that was ranked.
        let mut asked = train_on(pair, DAYS, "prophet_like", &json!({}));
        (asked.feature_frame_version, asked.feature_groups) = (2, Some(groups));
        let asked = fixture.train(asked).await;
        let of_winner = fixture.train(train_on(pair, DAYS, "prophet_like", &params(0))).await;
        let (asked, of_winner) = (fixture.bundle(asked).await, fixture.bundle(of_winner).await);
        assert_eq!((&asked.params, &asked.config_hash), (&params(0), &of_winner.config_hash));
        assert_eq!(asked.holdout, of_winner.holdout);
        let usual = fixture.train(train_on(pair, DAYS, "prophet_like", &json!({}))).await;
        assert_ne!(fixture.bundle(usual).await.holdout, asked.holdout);
    }

    async fn every_group_can_be_raced(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells_with_facts().await;
        let mut request = on_pair(pair, DAYS, &["regression", "random_forest", "prophet_like"]);
        request.feature_frame_version = 2;
        request.feature_groups = Some(Group::NAMES.map(str::to_owned).to_vec());
        let detail = fixture.compare(request).await;
        assert_eq!((detail.progress.completed, detail.progress.failed), (3, 0), "{:?}", detail.candidate_progress);
        assert!(detail.ranking.iter().all(|place| place.entry.included));
    }
}

#[test]
fn a_spec_of_frame_1_is_written_as_before_there_was_a_choice() {
    let stored = json!({
        "source": { "kind": "pair", "store_id": 1, "product_id": 2,
            "window": { "start_date": "2024-01-01", "end_date": "2024-04-29" } },
        "input": "0".repeat(64), "series_total": 1,
        "candidates": [{ "model_type": "regression", "params": {} }],
        "horizon": 14, "split": { "horizon": 14 }, "ranking_metric": "wape", "policy": {}, "gaps": "zero",
    });
    let spec: Spec = serde_json::from_value(stored).unwrap();
    assert_eq!((spec.feature_frame.version, &spec.feature_frame.groups), (1, &None));
    let written: Value = serde_json::to_value(&spec).unwrap();
    assert!(written.get("feature_frame").is_none(), "{written}");
    let other =
        Spec { feature_frame: model_selection::FeatureSetChoice { version: 2, groups: None }, ..spec };
    assert_eq!(serde_json::to_value(&other).unwrap()["feature_frame"], json!({ "version": 2 }));
}

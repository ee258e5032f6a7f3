//! Forged rows are found beside what the run recorded.

use frames::Body;
use kernel::RunId;
use model_selection::comparison;
use model_selection::training;
use serde_json::{Value, json};
use test_support::on_both_databases;

use crate::registry::register;
use crate::support::{Fixture, TENANT, candidate, on_pair, weekly};
use crate::training::train_on;

impl Fixture {
    /// The structured output of a run's terminal frame.
    async fn structured(&self, run: RunId) -> Option<Value> {
        match self.frames(run).await.pop().unwrap().body {
            Body::Final(end) => end.structured_output,
            _ => None,
        }
    }

    async fn differences(&self, run: RunId, structured: Option<&Value>) -> Vec<String> {
        let read = &self.db.db.read;
        let mut found = comparison::check_outcome(read, run, structured).await.unwrap();
        let stored = runs::find(read, TENANT, run).await.unwrap().unwrap();
        let spec = serde_json::from_str(&stored.spec).unwrap();
        found.extend(comparison::check_spec(read, run, &spec).await.unwrap());
        found
    }

    /// Drops the triggers of a table, as somebody who owns the database can.
    pub(crate) async fn disarm(&self, table: &str) {
        if self.db.url.starts_with("sqlite") {
            for when in ["insert", "update", "delete"] {
                self.execute(&format!("DROP TRIGGER {table}_{when}"), Vec::new()).await;
            }
        } else {
            self.execute(&format!("ALTER TABLE {table} DISABLE TRIGGER USER"), Vec::new()).await;
        }
    }
}

async fn forged(fixture: &Fixture, run: RunId, structured: Option<&Value>, sql: &str, words: &str) {
    let read = &fixture.db.db.read;
    let before = fixture.differences(run, structured).await;
    fixture.execute(sql, vec![run.into()]).await;
    let found = fixture.differences(run, structured).await;
    let training = training::check_outcome(read, run, structured).await.unwrap();
    let new: Vec<_> = found.into_iter().chain(training).filter(|one| !before.contains(one)).collect();
    assert!(new.iter().any(|difference| difference.contains(words)), "{sql}: {new:?}");
}

on_both_databases! {
    async fn a_forged_comparison_differs_from_its_terminal_frame(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let mut request = on_pair(pair, 120, &["naive", "seasonal_naive"]);
        request.candidate_models.push(candidate("moving_average", json!({ "window_size": 0 })));
        let run = fixture.compare(request).await.selection_id;
        let structured = fixture.structured(run).await;
        assert_eq!(fixture.differences(run, structured.as_ref()).await, [""; 0]);

        fixture.disarm("comparison").await;
        fixture.disarm("comparison_candidate").await;
        let said = structured.as_ref();
        for (change, words) in [
            ("comparison SET winner_model_type = 'naive'", "winner_model_type is `naive`, the terminal frame says `seasonal_naive`"),
            ("comparison SET winner_ordinal = 0", "winner_ordinal is `0`"),
            ("comparison SET winner_value = 1.5", "winner_value"),
            ("comparison SET confidence = 'low'", "confidence is `low`"),
            ("comparison SET status = 'completed'", "status is `completed`"),
            ("comparison SET horizon = 7", "horizon is `7`, the spec says `14`"),
            ("comparison SET store_id = 99", "store_id"),
            ("comparison_candidate SET series_done = 9", "series_done of ordinal 0"),
            ("comparison_candidate SET model_type = 'theta'", "model_type of ordinal 0"),
            ("comparison_candidate SET params = '{\"a\":1}'", "params of ordinal 1"),
        ] {
            forged(&fixture, run, said, &format!("UPDATE {change} WHERE run_id = $1"), words).await;
        }
        forged(&fixture, run, said, "DELETE FROM comparison_candidate WHERE run_id = $1", "0 candidates").await;
        forged(&fixture, run, said, "DELETE FROM comparison WHERE run_id = $1", "not stored").await;
    }

    async fn a_comparison_that_was_cancelled_before_it_began_has_no_champion(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(120)).await;
        let run = fixture.submit(on_pair(pair, 120, &["naive"])).await;
        fixture.engine.cancel(TENANT, run).await.unwrap();
        assert_eq!(fixture.differences(run, None).await, [""; 0]);
        fixture.disarm("comparison").await;
        let sql = "UPDATE comparison SET winner_ordinal = 0, winner_model_type = 'naive', confidence = 'high',
                status = 'completed' WHERE run_id = $1";
        forged(&fixture, run, None, sql, "winner_model_type is `naive`, the terminal frame says empty").await;
    }

    async fn a_forged_model_differs_from_its_training(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let run = fixture.train(train_on(pair, 120, "naive", &json!({}))).await;
        let structured = fixture.structured(run).await;
        let read = &fixture.db.db.read;
        let check = async || training::check_outcome(read, run, structured.as_ref()).await.unwrap();
        assert_eq!(check().await, [""; 0]);
        fixture.selector.register(TENANT, register(run, None)).await.unwrap();
        assert_eq!(check().await, [""; 0]);
        fixture.disarm("registered_model").await;
        for (change, words) in [
            ("model_type = 'theta'", "model_type"),
            ("metrics = '{\"wape\":0.1}'", "metrics.wape"),
            ("window_end = '2030-01-01'", "window_end"),
            ("config_hash = 'x'", "config_hash"),
            ("artifact_digest = params", "artifact_digest"),
        ] {
            let change = if fixture.db.url.starts_with("sqlite") { change.to_owned() } else { change.replace("= params", "= decode('00', 'hex')") };
            fixture.execute(&format!("UPDATE registered_model SET {change}"), Vec::new()).await;
            let found = check().await;
            assert!(found.iter().any(|difference| difference.contains(words)), "{change}: {found:?}");
        }
    }
}

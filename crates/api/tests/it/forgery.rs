//! Somebody who owns the database takes the triggers away and changes what is stored. `verify` names the part.

use std::fs;

use kernel::Digest;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, Statement};
use serde_json::{Value, json};
use test_support::on_both_databases;

use crate::app::App;
use crate::selection::compared;

impl App {
    /// A statement of somebody who owns the database: no trigger, no key and no check stands in the way.
    async fn sql(&self, sql: &str) {
        let owner =
            Database::connect(ConnectOptions::new(&self.db.url).max_connections(1).to_owned()).await.unwrap();
        if owner.get_database_backend() == DbBackend::Sqlite {
            owner
                .execute_unprepared("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF")
                .await
                .unwrap();
        }
        owner.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        owner.close().await.unwrap();
    }

    async fn rows(&self, sql: &str) -> Vec<String> {
        let read = self.db.db.read.conn();
        let statement = Statement::from_string(read.get_database_backend(), sql);
        let rows = read.query_all_raw(statement).await.unwrap();
        rows.into_iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    fn is_postgres(&self) -> bool {
        self.db.db.write.backend() == DbBackend::Postgres
    }

    /// An id as the database writes it.
    fn key(&self, id: &str) -> String {
        if self.is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.replace('-', "")) }
    }

    /// Takes every trigger away, and on PostgreSQL every check and every reference.
    async fn disarm(&self) {
        let list = if self.is_postgres() {
            "SELECT format('ALTER TABLE %I DISABLE TRIGGER USER', relname) FROM pg_class
                JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r' AND nspname = current_schema()
             UNION ALL
             SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
                JOIN pg_namespace n ON n.oid = connamespace
                WHERE contype IN ('c', 'f') AND conrelid <> 0 AND nspname = current_schema()"
        } else {
            "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'"
        };
        self.sql(&self.rows(list).await.join("; ")).await;
    }

    /// Forges a table, expects a problem with these words, and puts the table back.
    async fn forged(&self, run: &str, table: &str, change: &str, words: &str) {
        self.kept(table, change, async || {
            let found = self.problems(run).await;
            assert!(found.iter().any(|problem| problem.contains(words)), "{change}: {found:#?}");
        })
        .await;
    }

    /// Looks while a table is forged.
    async fn kept(&self, table: &str, change: &str, look: impl AsyncFnOnce()) {
        self.sql(&format!("CREATE TABLE kept AS SELECT * FROM {table}; {change}")).await;
        look().await;
        self.sql(&format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept"))
            .await;
    }

    /// What `verify` says is wrong, as `part: problem`.
    async fn problems(&self, run: &str) -> Vec<String> {
        let found = self.get(&format!("/api/runs/{run}/verify")).await.ok();
        let parts = found["parts"].as_array().unwrap();
        let problems: Vec<String> = parts
            .iter()
            .flat_map(|part| {
                let problems = part["problems"].as_array().unwrap().iter();
                problems.map(move |problem| {
                    format!("{}: {}", part["part"].as_str().unwrap(), problem.as_str().unwrap())
                })
            })
            .collect();
        assert_eq!(found["verified"], Value::Bool(problems.is_empty()));
        problems
    }

    /// Forges, and expects a new problem that has these words.
    async fn forge(&self, run: &str, sql: &str, words: &str) {
        let before = self.problems(run).await;
        self.sql(sql).await;
        let found = self.problems(run).await;
        let is_new = |problem: &&String| !before.contains(problem);
        assert!(found.iter().filter(is_new).any(|problem| problem.contains(words)), "{sql}: {found:#?}");
    }
}

on_both_databases! {
    async fn every_forged_row_is_found_by_its_part(db: TestDb) {
        let app = App::new(db).await;
        let named = compared(&app).await;
        let run = &named["selection_id"];
        assert_eq!(app.problems(run).await, [""; 0]);
        app.disarm().await;
        let key = app.key(run);
        for (set, column, words) in [
            ("comparison SET winner_model_type = 'naive'", "run_id", "outcome: "),
            ("run_input SET source_id = '00000000-0000-0000-0000-000000000001'", "run_id", "inputs: "),
            ("run_attempt SET number = 9", "run_id", "run: attempt 1 is in the frames and has no row"),
            ("run SET title = 'other'", "id", "run: the title is `other`"),
            ("run SET seed = seed + 1", "id", "run: the seed"),
            ("run SET spec = '{}'", "id", "run: the digest of the spec"),
            ("run SET state = 'failed'", "id", "run: the state is `failed` in the row and `succeeded`"),
            ("run SET ended_us = ended_us + 1", "id", "run: the time of the end"),
        ] {
            app.forge(run, &format!("UPDATE {set} WHERE {column} = {key}"), words).await;
        }
        let forget = format!("DELETE FROM run_artifact WHERE name = 'metrics' AND run_id = {key}");
        app.forge(run, &forget, "artifacts: artifact `metrics` of the frames has no row").await;
        let reopen = format!("UPDATE ledger SET is_closed = FALSE WHERE run_id = {key}");
        app.forge(run, &reopen, "its ledger is open").await;
        app.forge(run, "DELETE FROM conversation", "run: the conversation ").await;
        app.close().await;
    }

    async fn every_column_of_an_ended_run_is_compared_or_bounded(db: TestDb) {
        let app = App::new(db).await;
        let named = compared(&app).await;
        let run = &named["selection_id"];
        assert_eq!(app.problems(run).await, [""; 0]);
        app.disarm().await;
        let request = "run: one of `tenant_id`, `root_run_id`, `retry_of`";
        for (table, set, words) in [
            ("run", "error_code = 'X'", "run: the error's code is `X`"),
            ("run", "error_message = 'x'", "run: the error's message is `x`"),
            ("run", "created_us = created_us + 1", request),
            ("run", "retry_of = id", request),
            ("run", "root_run_id = conversation_id", "run: the root is"),
            ("run", "priority = 9", request),
            ("run", "max_attempts = 9", request),
            ("run", "idempotency_key = 'x'", request),
            ("run", "exclusive_key = 'x'", request),
            ("run", "dedup_key = 'x'", request),
            ("run", "started_us = started_us + 1", "run: the run's start"),
            ("run", "started_us = NULL", "run: the run's start"),
            ("run", "ended_us = NULL", "run: the time of the end is `empty`"),
            ("run", "cancel_requested_us = 1", "run: the submission"),
            ("run", "cancel_requested_us = ended_us + 1", "run: the wish to cancel"),
            ("run", "is_dead_letter = TRUE", "run: the run is `succeeded` and a dead letter"),
            ("run", "failures = 1", "run: the run counts 1 failures"),
            ("run", "losses = 1", "run: the run counts 1 losses"),
            ("run", "fence = fence + 1", "run: the run's token"),
            ("run", "lease_owner = 'x'", "run: the ended run has a lease"),
            ("run", "waits_for = 'time'", "run: the ended run has a lease or waits"),
            ("run_attempt", "outcome = 'failed'", "run: the outcome of attempt 1"),
            ("run_attempt", "error_code = 'X'", "run: the error code of attempt 1"),
            ("run_attempt", "error_message = 'x'", "run: the error message of attempt 1"),
            ("run_attempt", "worker = 'x'", "run: the worker of attempt 1"),
            ("run_attempt", "started_us = started_us - 1", "run: the start of attempt 1"),
            ("run_attempt", "ended_us = ended_us + 1", "run: the end of attempt 1"),
            ("comparison", "created_us = 1", "outcome: run.created_us"),
            ("comparison", "created_us = settled_us", "outcome: comparison.created_us"),
            ("comparison", "started_us = 1", "outcome: run.started_us"),
            ("comparison", "started_us = settled_us + 1", "outcome: comparison.started_us"),
            ("comparison", "started_us = NULL", "outcome: comparison.started_us is empty"),
            ("comparison", "settled_us = 1", "outcome: comparison.started_us"),
            ("comparison", "settled_us = settled_us + 3600000000", "outcome: comparison.settled_us"),
            ("comparison", "settled_us = NULL", "outcome: comparison.settled_us is empty"),
            ("comparison", "source = 'pair'", "outcome: comparison.source"),
            ("comparison", "tenant_id = run_id", "outcome: comparison.tenant_id"),
            ("comparison_candidate", "error_message = 'x'", "outcome: comparison_candidate.error_message"),
            ("comparison_candidate", "started_us = 1", "outcome: run.started_us"),
            ("comparison_candidate", "started_us = NULL", "outcome: comparison_candidate.started_us"),
            ("comparison_candidate", "ended_us = started_us - 1", "outcome: comparison_candidate.started_us"),
            ("comparison_candidate", "ended_us = NULL", "outcome: comparison_candidate.ended_us"),
            ("run_artifact", "created_us = created_us - 1", "artifacts: the time of artifact"),
            ("run_input", "ordinal = 5", "inputs: an input `series` has ordinal 5"),
            ("frame_block", "size_bytes = size_bytes + 1", "frames: frame 1: the block of frames 1"),
            ("ledger", "fence = fence + 1", "run: the run's token"),
        ] {
            app.forged(run, table, &format!("UPDATE {table} SET {set}"), words).await;
        }
        assert_eq!(app.problems(run).await, [""; 0], "nothing of it stays");
        app.close().await;
    }

    async fn what_cannot_be_read_or_is_gone_is_a_finding(db: TestDb) {
        let app = App::new(db).await;
        let named = compared(&app).await;
        let run = &named["selection_id"];
        app.disarm().await;
        for (table, change, words) in [
            ("run", "UPDATE run SET state = 'luck'", "run: the run's row cannot be read: the stored run state"),
            ("run", "UPDATE run SET waits_for = 'luck'", "run: the run's row cannot be read: the stored reason to wait"),
            ("run_input", "UPDATE run_input SET source = 'luck'", "inputs: a row of `run_input` cannot be read"),
            ("run_attempt", "UPDATE run_attempt SET outcome = 'luck'", "run: a row of `run_attempt` cannot be read"),
            ("run_artifact", "UPDATE run_artifact SET size_bytes = -1", "artifacts: a row of `run_artifact` cannot"),
            ("comparison", "DELETE FROM comparison", "outcome: the comparison of run"),
            ("ledger", "DELETE FROM ledger", "frames: frame 1: the ledger's row is gone"),
            ("run", "DELETE FROM run", "run: the run's row is gone"),
        ] {
            app.forged(run, table, change, words).await;
        }
        assert_eq!(app.problems(run).await, [""; 0], "nothing of it stays");
        app.close().await;
    }

    async fn a_forged_registered_model_is_found_by_its_runs_and_by_itself(db: TestDb) {
        let app = App::new(db).await;
        let named = compared(&app).await;
        let (comparison, dataset) = (&named["selection_id"], &named["dataset_id"]);
        let shown = app.get(&format!("/api/model-selection/{comparison}")).await.ok();
        let body = json!({ "dataset_id": dataset, "series": "a", "model_type": "naive", "forecast_horizon": 7 });
        let accepted = app.post("/api/forecasting/train", &body).await.ok();
        let training = accepted["run_id"].as_str().unwrap();
        app.client.wait(training.parse().unwrap()).await.unwrap();
        let candidate = &shown["candidate_progress"][0]["candidate_id"];
        let judge = json!({ "comparison_id": comparison, "candidate_id": candidate });
        let asked = json!({ "training_run_id": training, "judged_by": judge });
        let model = app.post("/api/registry/models", &asked).await.ok();
        let id = model["model_id"].as_str().unwrap();
        app.post("/api/registry/aliases", &json!({ "alias_name": "champion", "model_id": id })).await.ok();
        let path = format!("/api/registry/models/{id}/verify");
        assert_eq!(app.get(&path).await.ok()["verified"], true);
        app.disarm().await;
        for (set, words) in [
            ("metrics = replace(metrics, '\"wape\":', '\"wape\":1')", "registered_model.metrics"),
            ("metrics = '{}'", "registered_model.metrics"),
            ("metrics = '{'", "registered_model.metrics"),
            ("candidate_ordinal = 1", "registered_model.model_type"),
            ("candidate_ordinal = 7", "ranked no candidate 7"),
            ("metrics_origin = 'holdout'", "registered_model.metrics_origin"),
            ("registered_by = 'x'", "registered_model.registered_by"),
            ("registered_us = 1", "registered_model.registered_us"),
            ("artifact_size_bytes = 1", "registered_model.artifact_size_bytes"),
        ] {
            let change = format!("UPDATE registered_model SET {set}");
            for run in [comparison.as_str(), training] {
                app.forged(run, "registered_model", &change, words).await;
            }
            app.kept("registered_model", &change, async || {
                let found = app.get(&path).await.ok();
                assert_eq!(found["verified"], false, "{set}");
                assert!(found["reason"].as_str().unwrap().contains(words), "{set}: {found}");
            })
            .await;
        }
        for run in [comparison.as_str(), training] {
            let gone = "outcome: model ";
            app.forged(run, "registered_model", "DELETE FROM registered_model", gone).await;
        }
        for (change, reason) in [
            ("UPDATE registered_model SET metrics = '{'", "the stored metrics is not readable"),
            ("DELETE FROM registered_model", "its row is gone"),
        ] {
            app.kept("registered_model", change, async || {
                let list = app.get("/api/registry/models").await.ok();
                assert_eq!(list["items"], json!([]), "{change}");
                assert_eq!(list["damaged"][0]["id"], id, "{change}");
                assert!(list["damaged"][0]["reason"].as_str().unwrap().contains(reason), "{list}");
                let (status, code, _) = app.get(&format!("/api/registry/models/{id}")).await.problem();
                assert_eq!((status, code.as_str()), (409, "MODEL_DAMAGED"));
            })
            .await;
        }
        app.kept("registered_model", "DELETE FROM registered_model", async || {
            let refused = app.get("/api/registry/aliases/champion").await;
            assert_eq!(refused.problem().0, 409);
            assert!(refused.text().contains("point it at another"), "{}", refused.text());
            let aliases = app.get("/api/registry/aliases").await.ok();
            assert_eq!((&aliases[0]["model_id"], &aliases[0]["model_type"]), (&json!(id), &Value::Null));
            assert_eq!(app.get(&path).await.problem().1, "MODEL_DAMAGED");
        })
        .await;
        assert_eq!(app.get(&path).await.ok()["verified"], true);
        app.close().await;
    }

    async fn bytes_of_an_artifact_changed_on_disk_or_replaced_with_their_row_are_found(db: TestDb) {
        let app = App::new(db).await;
        let named = compared(&app).await;
        let run = &named["selection_id"];
        let shown = app.get(&format!("/api/runs/{run}")).await.ok();
        let artifact = &shown["artifacts"][0];
        let digest = artifact["digest"].as_str().unwrap();
        let path = app.db.dir().join("artifacts").join(&digest[..2]).join(digest);
        let bytes = fs::read(&path).unwrap();
        let mut changed = bytes.clone();
        changed[0] ^= 1;
        fs::remove_file(&path).unwrap();
        assert!(app.problems(run).await[0].contains("are gone"));
        fs::write(&path, &changed).unwrap();
        assert!(app.problems(run).await[0].contains("were changed"));
        fs::write(&path, &bytes).unwrap();
        assert_eq!(app.problems(run).await, [""; 0]);

        app.disarm().await;
        let other = Digest::of(&changed).to_string();
        let place = path.parent().unwrap().parent().unwrap().join(&other[..2]);
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join(&other), &changed).unwrap();
        let literal = if app.is_postgres() { format!("'\\x{other}'") } else { format!("x'{other}'") };
        let name = artifact["name"].as_str().unwrap();
        let replace = format!("UPDATE run_artifact SET digest = {literal} WHERE name = '{name}'");
        app.forge(run, &replace, &format!("artifacts: the digest of artifact `{name}`")).await;
        app.close().await;
    }
}

//! Somebody who owns the database takes the triggers away and changes what is stored. `verify` names the part.

use std::fs;

use kernel::Digest;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::Value;
use test_support::on_both_databases;

use crate::app::App;
use crate::selection::compared;

impl App {
    async fn sql(&self, sql: &str) {
        let write = &self.db.db.write;
        let statement = Statement::from_string(write.backend(), sql);
        write.write("forge", async |tx| tx.execute_raw(statement).await.map(drop)).await.unwrap();
    }

    async fn rows(&self, sql: &str) -> Vec<String> {
        let read = self.db.db.read.conn();
        let statement = Statement::from_string(read.get_database_backend(), sql);
        let rows = read.query_all_raw(statement).await.unwrap();
        rows.into_iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// Takes every trigger away.
    async fn disarm(&self) {
        let (list, disarm): (_, fn(&str) -> String) = match self.db.db.write.backend() {
            DbBackend::Postgres => (
                "SELECT relname::text FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
                 WHERE relkind = 'r' AND nspname = current_schema()",
                |table| format!("ALTER TABLE {table} DISABLE TRIGGER USER"),
            ),
            _ => ("SELECT name FROM sqlite_master WHERE type = 'trigger'", |name| {
                format!("DROP TRIGGER {name}")
            }),
        };
        for name in self.rows(list).await {
            self.sql(&disarm(&name)).await;
        }
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
        let key = match app.db.db.write.backend() {
            DbBackend::Postgres => format!("'{run}'"),
            _ => format!("x'{}'", run.replace('-', "")),
        };
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
        let literal = match app.db.db.write.backend() {
            DbBackend::Postgres => format!("'\\x{other}'"),
            _ => format!("x'{other}'"),
        };
        let name = artifact["name"].as_str().unwrap();
        let replace = format!("UPDATE run_artifact SET digest = {literal} WHERE name = '{name}'");
        app.forge(run, &replace, &format!("artifacts: the digest of artifact `{name}`")).await;
        app.close().await;
    }
}

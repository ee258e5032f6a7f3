//! The log of ends: each end once, whatever happens, and nothing rewritten unnoticed.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{Db, SystemClock};
use ledger::{KeySource, Ledger, Log, LogError, Proof};
use migration::{Migrator, MigratorTrait};
use sea_orm::ConnectionTrait;
use signed_note::{Note as ForeignNote, StandardVerifier, VerifierList};
use test_support::on_both_databases;
use tlog::{Checkpoint, Note, Signature, Signer, TilePath, Verifier};
use tlog_tiles::{
    Checkpoint as ForeignCheckpoint, Error as Refused, HashReader, Tile, TileHashReader, TileReader,
};

use crate::support::{FOREIGN, Fixture, RUN, TENANT, frames, run};

const NAME: &str = "log.example/ends";

fn signer(secret: u8) -> Signer {
    Signer::new(NAME, &[secret; 32]).unwrap()
}

/// Keys as a data directory has them: one to begin with, and whatever was listed later.
fn keys(secrets: &'static [u8]) -> KeySource {
    Arc::new(|listed| {
        let mut all = secrets.iter().map(|secret| signer(*secret));
        match listed {
            None => all.next(),
            Some(listed) => all.find(|signer| signer.verifier().to_string() == listed),
        }
    })
}

fn log_of(db: &Db, ledger: &Ledger, secrets: &'static [u8]) -> Log {
    Log::open(db, ledger, keys(secrets), Arc::new(SystemClock))
}

impl Fixture {
    fn log(&self) -> Log {
        log_of(&self.db, &self.ledger, &[7])
    }

    /// Runs with these numbers begin and end, each with as many frames as its number says.
    async fn end(&self, runs: impl IntoIterator<Item = u64>) {
        for n in runs {
            self.open(run(u128::from(n))).await;
            self.close(run(u128::from(n)), 1, &frames(1..=n)).await.unwrap();
        }
    }

    async fn count(&self, sql: &str) -> i64 {
        let statement = sea_orm::Statement::from_string(self.db.read.backend(), sql);
        self.db.read.conn().query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    /// Lets anything be done to the log as well.
    async fn disarm_log(&self) {
        self.disarm().await;
        let tables = ["log_end", "log_tile", "log_checkpoint", "log_key"];
        let sql: String = if self.is_postgres() {
            let disarmed = tables.map(|table| format!("ALTER TABLE {table} DISABLE TRIGGER USER;")).concat();
            disarmed + "ALTER TABLE ledger ENABLE TRIGGER ledger_end"
        } else {
            let drop = |table| {
                ["insert", "update", "delete"].map(|verb| format!("DROP TRIGGER {table}_{verb};")).concat()
            };
            tables.map(drop).concat()
        };
        self.execute(&sql).await.unwrap();
    }
}

/// Whether a proof holds by what it says alone.
fn holds(proof: &Proof) -> bool {
    let Checkpoint { size, root, .. } = &proof.signed.checkpoint;
    let leaf = tlog::leaf_hash(proof.end.entry().as_bytes());
    tlog::verify_inclusion(proof.index, *size, &leaf, &proof.path, root)
}

fn grew_from(proof: &Proof, older: &Checkpoint) -> bool {
    let Checkpoint { size, root, .. } = &proof.signed.checkpoint;
    let since = proof.since.as_ref().unwrap();
    since.size == older.size
        && tlog::verify_consistency((older.size, &older.root), (*size, root), &since.path)
}

on_both_databases! {
    async fn each_end_has_a_proof_under_a_signed_checkpoint(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let log = fixture.log();
        assert!(matches!(log.reader().checkpoint().await, Err(LogError::Empty)));
        assert_eq!(log.sequence().await.unwrap(), 0);
        let empty = log.reader().checkpoint().await.unwrap().checkpoint;
        assert_eq!((empty.size, empty.root, empty.origin.as_str()), (0, tlog::empty_root(), NAME));
        fixture.end(2..=6).await;
        assert_eq!(log.sequence().await.unwrap(), 5);
        for n in 2..=6 {
            let run = run(n);
            let head = fixture.ledger.reader().head(TENANT, run).await.unwrap();
            let proof = log.reader().proof(TENANT, run, Some(0)).await.unwrap();
            assert_eq!((proof.end.ledger.0, proof.end.frames, proof.end.head), (run.0, head.seq, head.digest));
            assert!(holds(&proof) && grew_from(&proof, &empty), "{run}");
        }
        assert_eq!(log.sequence().await.unwrap(), 0);
        assert_eq!(fixture.count("SELECT count(*) FROM log_checkpoint").await, 2);
        let audit = log.reader().audit(Some((0, empty.root))).await.unwrap();
        assert_eq!((audit.size, audit.checked, audit.problems), (5, 5, Vec::new()));
    }

    async fn what_has_no_end_or_is_foreign_has_no_proof(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let log = fixture.log();
        log.sequence().await.unwrap();
        fixture.end([2]).await;
        let proof = async |tenant, run, since| log.reader().proof(tenant, run, since).await.unwrap_err();
        assert!(matches!(proof(TENANT, RUN, None).await, LogError::Open { .. }));
        assert!(matches!(proof(TENANT, run(2), None).await, LogError::Waiting { .. }));
        assert!(matches!(proof(TENANT, run(9), None).await, LogError::UnknownRun { .. }));
        assert!(matches!(proof(FOREIGN, run(2), None).await, LogError::UnknownRun { .. }));
        log.sequence().await.unwrap();
        assert!(matches!(proof(TENANT, run(2), Some(2)).await, LogError::Shrunk { size: 1, since: 2 }));
    }

    /// The process that closed the ledgers dies before it sequences: another one finds what the database has noted.
    async fn an_end_whose_process_died_is_added_by_the_next(db: TestDb) {
        let fixture = Fixture::new(db).await;
        fixture.end(2..=4).await;
        let failed = fixture.write(async |tx| {
            fixture.ledger.close_in(tx, RUN, 1, 1, &frames(1..=1)).await?;
            Err::<(), _>(ledger::Error::Stopped)
        });
        failed.await.unwrap_err();
        let next = Ledger::open(fixture.db.clone());
        let log = log_of(&fixture.db, &next, &[7]);
        assert_eq!(log.sequence().await.unwrap(), 3);
        assert_eq!(log.sequence().await.unwrap(), 0);
        assert_eq!(fixture.count("SELECT count(*) FROM log_end").await, 3);
    }

    async fn ledgers_that_were_closed_before_there_was_a_log_are_added(db: TestDb) {
        let url = db.url.clone();
        let fixture = Fixture::new(db).await;
        fixture.end(2..=4).await;
        let all = Migrator::migrations();
        let before = all.iter().position(|migration| migration.name().ends_with("_log")).unwrap();
        let conn = Db::open_for_migration(&url).await.unwrap();
        Migrator::down(&conn, Some(u32::try_from(all.len() - before).unwrap())).await.unwrap();
        Migrator::up(&conn, None).await.unwrap();
        conn.close().await.unwrap();
        let migrated = Db::open(&url).await.unwrap();
        let log = log_of(&migrated, &Ledger::open(migrated.clone()), &[7]);
        assert_eq!(log.sequence().await.unwrap(), 3);
        assert_eq!(log.reader().audit(None).await.unwrap().problems, Vec::<String>::new());
        migrated.close().await.unwrap();
    }

    /// A transaction that fails before its commit has given no place and signed nothing.
    async fn a_sequencer_that_dies_leaves_the_log_as_it_was(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let log = fixture.log();
        fixture.end(2..=3).await;
        log.sequence().await.unwrap();
        let before = log.reader().checkpoint().await.unwrap();
        fixture.end(4..=5).await;
        let sql = if fixture.is_postgres() {
            "ALTER TABLE log_checkpoint ADD CONSTRAINT full_disk CHECK (number < 2) NOT VALID"
        } else {
            "CREATE TRIGGER full_disk BEFORE INSERT ON log_checkpoint BEGIN SELECT RAISE(ABORT, 'no'); END"
        };
        fixture.execute(sql).await.unwrap();
        assert!(matches!(log.sequence().await, Err(LogError::Db(_))));
        assert_eq!(fixture.count("SELECT count(*) FROM log_end WHERE place IS NULL").await, 2);
        assert_eq!(log.reader().checkpoint().await.unwrap(), before);
        let sql = if fixture.is_postgres() { "ALTER TABLE log_checkpoint DROP CONSTRAINT full_disk" } else { "DROP TRIGGER full_disk" };
        fixture.execute(sql).await.unwrap();
        assert_eq!(log.sequence().await.unwrap(), 2);
        assert_eq!(log.reader().audit(Some((2, before.checkpoint.root))).await.unwrap().problems, Vec::<String>::new());
    }

    async fn two_servers_add_each_end_once(db: TestDb) {
        let url = db.url.clone();
        let fixture = Fixture::new(db).await;
        let other = Db::open(&url).await.unwrap();
        let (one, two) = (fixture.log(), log_of(&other, &Ledger::open(other.clone()), &[7]));
        let mut added = 0;
        for round in 0..8 {
            let ends = fixture.end(10 * round + 2..10 * round + 8);
            let (first, second, ()) = tokio::join!(one.sequence(), two.sequence(), ends);
            added += first.unwrap() + second.unwrap();
            // What was closed when both had looked already.
            let (first, second) = tokio::join!(one.sequence(), two.sequence());
            added += first.unwrap() + second.unwrap();
            assert_eq!(added, 6 * (round + 1));
        }
        let audit = two.reader().audit(None).await.unwrap();
        assert_eq!((audit.size, audit.checked, audit.problems), (48, 48, Vec::new()));
        assert_eq!(fixture.count("SELECT count(DISTINCT place) FROM log_end").await, 48);
        other.close().await.unwrap();
    }

    async fn a_sequencer_adds_what_is_closed_while_it_waits(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let log = fixture.log();
        let sequencer = tokio::spawn(log.clone().sequence_loop());
        fixture.end([2]).await;
        while !matches!(log.reader().proof(TENANT, run(2), None).await, Ok(proof) if holds(&proof)) {
            tokio::task::yield_now().await;
        }
        sequencer.abort();
    }

    /// More than one level of tiles, read by foreign code from nothing but paths and a checkpoint.
    async fn a_foreign_program_reads_tiles_entries_and_checkpoint(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let log = fixture.log();
        fixture.write(async |tx| {
            for n in 2..=302 {
                fixture.ledger.open_in(tx, TENANT, run(n)).await?;
                fixture.ledger.close_in(tx, run(n), 0, 1, &frames(1..=1)).await?;
            }
            Ok(())
        }).await.unwrap();
        assert_eq!(log.sequence().await.unwrap(), 301);
        let signed = log.reader().checkpoint().await.unwrap();
        let note = ForeignNote::from_bytes(signed.note.as_bytes()).unwrap();
        let [listed] = &log.reader().keys().await.unwrap()[..] else { panic!("one key is listed") };
        let known = VerifierList::new(vec![Box::new(StandardVerifier::new(&listed.key).unwrap())]);
        assert_eq!(note.verify(&known).unwrap().0.len(), 1);
        let checkpoint = ForeignCheckpoint::from_bytes(note.text()).unwrap();
        assert_eq!((checkpoint.size(), listed.from_size), (301, 0));
        let stored = Stored::load(&log, &["0/000", "0/001.p/45", "1/000.p/1"]).await;
        let reader = TileHashReader::new(checkpoint.size(), *checkpoint.hash(), &stored);
        let leaves: Vec<u64> = (0..301).map(|n| tlog_tiles::stored_hash_index(0, n)).collect();
        let hashes = reader.read_hashes(&leaves).unwrap();
        let bundles = Stored::load(&log, &["entries/000", "entries/001.p/45"]).await;
        let entries: Vec<&[u8]> = bundles.0.values().flat_map(|bundle| split(bundle)).collect();
        assert_eq!(entries.iter().map(|entry| tlog_tiles::record_hash(entry)).collect::<Vec<_>>(), hashes);
        for missing in ["0/001", "0/001.p/46", "0/002.p/1", "1/000.p/2", "2/000.p/1", "entries/001.p/46"] {
            assert_eq!(log.reader().tile(missing.parse().unwrap()).await.unwrap(), None, "{missing}");
        }
        // A partial tile that was handed out stays as it was.
        assert_eq!(log.reader().tile("0/001.p/3".parse().unwrap()).await.unwrap().unwrap().len(), 96);
    }

    async fn a_new_key_signs_what_the_old_one_did_and_both_stay_listed(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let log = log_of(&fixture.db, &fixture.ledger, &[7, 8]);
        assert!(matches!(log.list(&signer(8)).await, Err(LogError::Empty)));
        fixture.end([2]).await;
        log.sequence().await.unwrap();
        let old = log.reader().checkpoint().await.unwrap();
        let strange = Signer::new("log.example/other", &[9; 32]).unwrap();
        assert!(matches!(log.list(&strange).await, Err(LogError::OtherName { .. })));
        log.list(&signer(8)).await.unwrap();
        let new = log.reader().checkpoint().await.unwrap();
        assert_eq!(new.checkpoint, old.checkpoint);
        let is_signed = |note: &str, by: u8| note.parse::<Note>().unwrap().is_signed_by(signer(by).verifier());
        assert_eq!((is_signed(&old.note, 7), is_signed(&new.note, 7), is_signed(&new.note, 8)), (true, false, true));
        fixture.end([3]).await;
        // Whoever has the old key alone signs no more.
        let left = log_of(&fixture.db, &fixture.ledger, &[7]);
        assert!(matches!(left.sequence().await, Err(LogError::OtherKey { .. })));
        assert_eq!(log.sequence().await.unwrap(), 1);
        let listed: Vec<(String, u64)> =
            log.reader().keys().await.unwrap().into_iter().map(|key| (key.key, key.from_size)).collect();
        assert_eq!(listed, [(signer(7).verifier().to_string(), 0), (signer(8).verifier().to_string(), 1)]);
    }

    /// The line was made by `aics-tlog` 0.2.1.
    async fn a_known_witness_stands_under_the_checkpoint_once(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let witness: Verifier = "witness.example/w1+24b5d9fe+BP0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY".parse().unwrap();
        let line: Signature = "— witness.example/w1 JLXZ/gAAAABpK/mAZh72kcpvQ2F7WBIvIjzCW/ivTnzhDU7RaXvVt8Yi0QEZPrSRULkXZ3R3DyBc3Y6B+X5+4GGboUJrjKPeeuK8BQ==".parse().unwrap();
        let log = fixture.log();
        log.sequence().await.unwrap();
        assert_eq!(log.cosign(std::slice::from_ref(&line)).await.unwrap(), 0, "it is not known");
        let log = log.witnessed_by([witness.clone()]);
        for _ in 0..2 {
            assert_eq!(log.cosign(std::slice::from_ref(&line)).await.unwrap(), 1);
            let note: Note = log.reader().checkpoint().await.unwrap().note.parse().unwrap();
            assert_eq!((note.signatures().len(), note.is_signed_by(&witness)), (2, true));
            assert!(note.is_signed_by(signer(7).verifier()));
        }
        fixture.end([2]).await;
        log.sequence().await.unwrap();
        let late = log.cosign(std::slice::from_ref(&line)).await;
        assert!(matches!(late, Err(LogError::NotCosigned { size: 1, .. })), "{late:?}");
    }

    async fn the_database_itself_keeps_the_log(db: TestDb) {
        let fixture = Fixture::new(db).await;
        fixture.end(2..=3).await;
        fixture.log().sequence().await.unwrap();
        for sql in [
            "UPDATE log_end SET frames = frames + 1", "UPDATE log_end SET place = NULL", "DELETE FROM log_end",
            "DELETE FROM log_tile", "UPDATE log_tile SET place = 9", "DELETE FROM log_checkpoint",
            "UPDATE log_checkpoint SET note = ''", "DELETE FROM log_key", "UPDATE log_key SET from_size = 9",
        ] {
            let error = fixture.execute(sql).await.unwrap_err().to_string();
            assert!(error.contains("the log of ends only grows"), "{sql}: {error}");
        }
    }

    /// Whoever owns the database changes a ledger and leaves the log, or the log too: an older checkpoint tells.
    async fn a_rewritten_truncated_removed_or_reordered_run_is_found(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let log = fixture.log();
        fixture.end(2..=6).await;
        log.sequence().await.unwrap();
        let older = log.reader().checkpoint().await.unwrap().checkpoint;
        fixture.end([7]).await;
        log.sequence().await.unwrap();
        fixture.disarm_log().await;
        let audit = async || log.reader().audit(Some((older.size, older.root))).await.unwrap().problems;
        assert_eq!(audit().await, Vec::<String>::new());
        let third = if fixture.is_postgres() { "uuid_send(run_id) = '\\x00000000000000000000000000000003'" } else { "run_id = x'00000000000000000000000000000003'" };
        let cases = [
            (format!("UPDATE ledger SET head = (SELECT head FROM ledger ORDER BY run_id LIMIT 1) WHERE {third}"), "is not the one that ended as entry 1"),
            (format!("UPDATE ledger SET seq = seq - 1 WHERE {third}"), "is not the one that ended as entry 1"),
            (format!("DELETE FROM frame_block WHERE {third}; DELETE FROM ledger WHERE {third}"), "its ledger is gone"),
        ];
        for (sql, found) in cases {
            fixture.execute("CREATE TABLE kept AS SELECT * FROM ledger; CREATE TABLE kept_block AS SELECT * FROM frame_block").await.unwrap();
            fixture.execute(&sql).await.unwrap();
            let problems = audit().await;
            assert!(problems.iter().any(|problem| problem.contains(found)), "{sql}: {problems:?}");
            fixture.execute("DELETE FROM frame_block; DELETE FROM ledger; INSERT INTO ledger SELECT * FROM kept; INSERT INTO frame_block SELECT * FROM kept_block; DROP TABLE kept; DROP TABLE kept_block").await.unwrap();
            assert_eq!(audit().await, Vec::<String>::new(), "{sql}");
        }
    }

    /// The owner of the database makes the whole log anew around an altered run, signed with the true key.
    async fn a_log_that_was_made_anew_does_not_begin_with_the_older_one(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let log = fixture.log();
        fixture.end(2..=6).await;
        log.sequence().await.unwrap();
        let older = log.reader().checkpoint().await.unwrap().checkpoint;
        fixture.disarm_log().await;
        let third = if fixture.is_postgres() { "uuid_send(run_id) = '\\x00000000000000000000000000000003'" } else { "run_id = x'00000000000000000000000000000003'" };
        let anew = "DELETE FROM log_tile; DELETE FROM log_checkpoint; UPDATE log_end SET place = NULL";
        let cases = [
            format!("UPDATE log_end SET frames = frames - 1 WHERE {third}; UPDATE ledger SET seq = seq - 1 WHERE {third}; {anew}"),
            format!("DELETE FROM log_end WHERE {third}; DELETE FROM frame_block WHERE {third}; DELETE FROM ledger WHERE {third}; {anew}"),
        ];
        for sql in cases {
            fixture.execute(&sql).await.unwrap();
            log.sequence().await.unwrap();
            fixture.end([if sql.contains("DELETE FROM ledger") { 9 } else { 8 }]).await;
            log.sequence().await.unwrap();
            // Within itself the new log is whole, and every proof of it holds.
            assert_eq!(log.reader().audit(None).await.unwrap().problems, Vec::<String>::new());
            let proof = log.reader().proof(TENANT, run(6), Some(older.size)).await.unwrap();
            assert!(holds(&proof));
            assert!(!grew_from(&proof, &older), "{sql}");
            let problems = log.reader().audit(Some((older.size, older.root))).await.unwrap().problems;
            assert_eq!(problems, ["the first 5 entries of the log do not have the root of the older checkpoint"]);
        }
        fixture.execute("UPDATE log_end SET place = 90 - place WHERE place < 2").await.unwrap();
        let problems = log.reader().audit(None).await.unwrap().problems;
        assert_eq!(problems, ["entry 0 of the log is missing"]);
    }

    async fn nothing_is_signed_over_tiles_that_were_altered(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let log = fixture.log();
        fixture.end(2..=4).await;
        log.sequence().await.unwrap();
        fixture.disarm_log().await;
        let zeros = if fixture.is_postgres() { "decode(repeat('00', 96), 'hex')" } else { "zeroblob(96)" };
        fixture.execute(&format!("UPDATE log_tile SET hashes = {zeros}")).await.unwrap();
        fixture.end([5]).await;
        assert!(matches!(log.sequence().await, Err(LogError::Damaged { .. })));
        assert!(!log.reader().audit(None).await.unwrap().problems.is_empty());
    }
}

/// Resources of a log by their paths, as a mirror has them.
struct Stored(BTreeMap<String, Vec<u8>>);

impl Stored {
    async fn load(log: &Log, paths: &[&str]) -> Self {
        let mut stored = BTreeMap::new();
        for path in paths {
            let bytes = log.reader().tile(path.parse::<TilePath>().unwrap()).await.unwrap();
            stored.insert((*path).to_owned(), bytes.unwrap());
        }
        Self(stored)
    }
}

impl TileReader for Stored {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Refused> {
        Ok(tiles.iter().map(|tile| self.0[tile.path().trim_start_matches("tile/8/")].clone()).collect())
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

/// The entries of a bundle.
fn split(bundle: &[u8]) -> Vec<&[u8]> {
    let (mut entries, mut rest) = (Vec::new(), bundle);
    while let Some((length, more)) = rest.split_first_chunk() {
        let (entry, more) = more.split_at(usize::from(u16::from_be_bytes(*length)));
        entries.push(entry);
        rest = more;
    }
    entries
}

//! A lab on a migrated database. Its ids are those of a clock that stands still, so that two labs make the same ones.

use std::sync::Arc;
use std::time::Duration;

use artifacts::Store;
use kernel::{Digest, RunId, SharedClock, SystemClock, Tenant};
use lab::{Lab, LabError};
use ledger::Ledger;
use runs::{Config, Engine, Program, Run, RunState, Submission};
use sea_orm::{ConnectionTrait, DbErr, Statement};
use test_support::{TestDb, frozen_clock};
use wire::lab::{
    GameOutcomeModel, GameOutcomeRequest, GenerateSeasons, MarketShareModel, MarketShareRequest,
    SeasonReport, SimulationRequest, SimulationResult, SimulationSize, SnapshotId, StateId, StrategyRequest,
    TournamentId,
};

pub(crate) const TENANT: Tenant = Tenant::LOCAL;

pub(crate) struct Fixture {
    pub(crate) db: TestDb,
    pub(crate) engine: Engine,
    pub(crate) lab: Lab,
    pub(crate) store: Store,
}

/// A made season with the ids that most requests name.
pub(crate) struct MadeSeason {
    pub(crate) report: SeasonReport,
    pub(crate) tournament: TournamentId,
    pub(crate) snapshot: SnapshotId,
    /// After the first four games.
    pub(crate) state: StateId,
}

impl Fixture {
    /// An engine that executes nothing until it is started.
    pub(crate) fn idle(db: TestDb, compute_threads: usize) -> Self {
        let config = Config {
            poll: Duration::from_millis(20),
            compute_threads,
            ..Config::new("worker-1", Program { version: "0.0.0".to_owned(), commit: None })
        };
        let store = Store::local(db.dir().join("artifacts")).unwrap();
        let clock: SharedClock = Arc::new(SystemClock);
        let ledger = Ledger::open(db.db.clone());
        let builder = Engine::builder(db.db.clone(), ledger, store.clone(), clock, config);
        let engine = Lab::register_kinds(builder, &db.db, store.reader()).build();
        let lab = Lab::new(engine.clone(), db.db.clone(), store.clone(), frozen_clock());
        Self { db, engine, lab, store }
    }

    pub(crate) fn started(db: TestDb) -> Self {
        let fixture = Self::idle(db, 2);
        fixture.engine.start();
        fixture
    }

    /// Seasons of twelve entries each from 2021 on.
    pub(crate) async fn seasons(&self, seasons: u32) -> Vec<MadeSeason> {
        let request = GenerateSeasons { seed: 7, first_season: 2021, seasons, entries: 12 };
        let made = self.lab.generate_seasons(TENANT, &request).await.unwrap();
        made.seasons.into_iter().map(MadeSeason::of).collect()
    }

    pub(crate) async fn season(&self) -> MadeSeason {
        self.seasons(1).await.pop().unwrap()
    }

    pub(crate) async fn game_outcome(&self, season: &MadeSeason) -> RunId {
        let request = GameOutcomeRequest {
            tournament_id: season.tournament,
            state_id: season.state,
            model: GameOutcomeModel::Logistic { scale: 10.0 },
        };
        let run = self.lab.submit_game_outcome(TENANT, Submission::new(request)).await.unwrap();
        self.succeeded(run).await;
        run
    }

    pub(crate) async fn market_share(&self, snapshot: SnapshotId, model: MarketShareModel) -> RunId {
        let request = MarketShareRequest { snapshot_id: snapshot, model, excluded_entry_id: None };
        let run = self.lab.submit_market_share(TENANT, Submission::new(request)).await.unwrap();
        self.succeeded(run).await;
        run
    }

    /// The best bids against what was really bid.
    pub(crate) async fn strategy(&self, season: &MadeSeason, game_outcome: RunId) -> RunId {
        let market = self.market_share(season.snapshot, MarketShareModel::OracleActualMarket {}).await;
        let request = StrategyRequest {
            snapshot_id: season.snapshot,
            game_outcome_run_id: game_outcome,
            market_share_run_id: market,
            optimizer_key: "minlp_v1".to_owned(),
        };
        let run = self.lab.submit_strategy(TENANT, Submission::new(request)).await.unwrap();
        self.succeeded(run).await;
        run
    }

    pub(crate) async fn submit(&self, request: SimulationRequest) -> Result<RunId, LabError> {
        self.lab.submit_simulation(TENANT, Submission::new(request)).await
    }

    pub(crate) async fn simulate(&self, request: SimulationRequest) -> (RunId, SimulationResult) {
        let run = self.submit(request).await.unwrap();
        self.succeeded(run).await;
        (run, self.simulated(run).await)
    }

    pub(crate) async fn simulated(&self, run: RunId) -> SimulationResult {
        self.lab.reader().simulation(TENANT, run).await.unwrap().result.unwrap()
    }

    pub(crate) async fn settled(&self, run: RunId) -> Run {
        self.engine.settled(TENANT, run).await.unwrap()
    }

    /// The run has succeeded, and everything that is stored of it holds together.
    pub(crate) async fn succeeded(&self, run: RunId) {
        let ended = self.settled(run).await;
        assert_eq!(ended.state, RunState::Succeeded, "{:?}", ended.problem);
        let verified = self.engine.verifier().verify(TENANT, run).await.unwrap();
        assert!(verified.verified, "{verified:?}");
    }

    /// The digests of a run's artifacts by name.
    pub(crate) async fn digests(&self, run: RunId) -> Vec<(String, Digest)> {
        let read = &self.db.db.read;
        let run = runs::find(read, TENANT, run).await.unwrap().unwrap();
        let artifacts = runs::artifacts(read, &run).await.unwrap();
        artifacts.into_iter().map(|artifact| (artifact.name, artifact.digest)).collect()
    }

    pub(crate) async fn try_execute(&self, sql: &str) -> Result<(), DbErr> {
        let write = &self.db.db.write;
        let statement = Statement::from_string(write.backend(), sql);
        write.write("test", async |tx| tx.execute_raw(statement).await.map(drop)).await
    }

    pub(crate) async fn count(&self, table: &str) -> i64 {
        let read = &self.db.db.read;
        let sql = format!("SELECT count(*) FROM {table}");
        let row = read.conn().query_one_raw(Statement::from_string(read.backend(), sql)).await.unwrap();
        row.unwrap().try_get_by_index(0).unwrap()
    }
}

impl MadeSeason {
    fn of(report: SeasonReport) -> Self {
        let state = report.states.iter().find(|state| state.starting_state_key == "post_first_four");
        Self {
            tournament: report.tournament.tournament_id,
            snapshot: report.calcutta.as_ref().unwrap().snapshot_id,
            state: state.unwrap().state_id,
            report,
        }
    }

    /// A simulation of so many tournaments from after the first four games.
    pub(crate) fn request(&self, game_outcome: RunId, n_sims: u64) -> SimulationRequest {
        SimulationRequest {
            snapshot_id: self.snapshot,
            state_id: self.state,
            game_outcome_run_id: game_outcome,
            size: SimulationSize::NSims(n_sims),
            seed: 42,
            is_sealed: false,
            excluded_entry_id: None,
        }
    }

    /// The state in which all is played.
    pub(crate) fn last_state(&self) -> StateId {
        self.report.states.last().unwrap().state_id
    }
}

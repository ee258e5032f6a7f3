//! Upstreams are named, checked and never looked up.

use kernel::{Fault, RunId};
use lab::LabError;
use runs::{RunState, Submission};
use test_support::on_both_databases;
use wire::lab::{LabKind, ListLabRuns, MarketShareModel, StrategyRequest};

use crate::season::small;
use crate::support::{Fixture, MadeSeason, TENANT};

fn request(season: &MadeSeason, games: RunId, market: RunId) -> StrategyRequest {
    StrategyRequest {
        snapshot_id: season.snapshot,
        game_outcome_run_id: games,
        market_share_run_id: market,
        optimizer_key: "minlp_v1".to_owned(),
    }
}

on_both_databases! {
    async fn an_upstream_of_another_kind_or_season_is_refused_with_what_there_is(db: TestDb) {
        let fixture = Fixture::started(db);
        let seasons = fixture.seasons(2).await;
        let (games, others) = (fixture.game_outcome(&seasons[0]).await, fixture.game_outcome(&seasons[1]).await);
        let market = fixture.market_share(seasons[0].snapshot, MarketShareModel::OracleActualMarket {}).await;
        let submit = async |request| fixture.lab.submit_strategy(TENANT, Submission::new(request)).await;

        let swapped = submit(request(&seasons[0], market, games)).await.unwrap_err();
        let LabError::Upstream { field, choices, .. } = &swapped else { panic!("{swapped}") };
        assert_eq!((*field, choices.as_slice()), ("game_outcome_run_id", &[games][..]));
        assert!(swapped.fields()[0].message.contains(&games.to_string()));
        let unknown = submit(request(&seasons[0], RunId(market.0), market)).await.unwrap_err();
        assert_eq!(unknown.code(), "UPSTREAM_UNFIT");
        let foreign = submit(request(&seasons[0], others, market)).await.unwrap_err();
        assert_eq!(foreign.code(), "LINEAGE_MISMATCH");
        let elsewhere = submit(request(&seasons[1], others, market)).await.unwrap_err();
        assert_eq!(elsewhere.code(), "LINEAGE_MISMATCH");
        let mut unsupported = request(&seasons[0], games, market);
        "magic".clone_into(&mut unsupported.optimizer_key);
        assert_eq!(submit(unsupported).await.unwrap_err().fields()[0].field, "optimizer_key");
        let state = seasons[1].request(games, 10);
        let state = fixture.submit(wire::lab::SimulationRequest { snapshot_id: seasons[0].snapshot, ..state }).await;
        assert_eq!(state.unwrap_err().code(), "LINEAGE_MISMATCH");
        // Nothing of all that was kept.
        assert_eq!(fixture.count("lab_run").await, 3);
    }

    async fn a_newer_run_changes_nothing_for_the_same_request(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let (first, _) = fixture.simulate(season.request(games, 2000)).await;
        let newer = fixture.game_outcome(&season).await;
        assert_ne!(newer, games);
        let (second, _) = fixture.simulate(season.request(games, 2000)).await;
        let reader = fixture.lab.reader();
        let (one, two) = (reader.lab_run(TENANT, first).await.unwrap(), reader.lab_run(TENANT, second).await.unwrap());
        assert_eq!(one.lineage, two.lineage);
        assert_eq!(one.lineage.game_outcome_run_id, Some(games));
        assert_eq!(fixture.digests(first).await, fixture.digests(second).await);
    }

    async fn every_row_leads_back_to_what_it_stands_on(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let strategy = fixture.strategy(&season, games).await;
        let reader = fixture.lab.reader();
        let run = reader.lab_run(TENANT, strategy).await.unwrap();
        assert_eq!(run.run_kind, LabKind::StrategyGeneration);
        assert_eq!(run.lineage.game_outcome_run_id, Some(games));
        let market = reader.lab_run(TENANT, run.lineage.market_share_run_id.unwrap()).await.unwrap();
        assert_eq!(market.lineage.snapshot_id, Some(season.snapshot));
        let games = reader.lab_run(TENANT, games).await.unwrap();
        assert_eq!((games.lineage.tournament_id, games.lineage.state_id), (Some(season.tournament), Some(season.state)));
        let calcutta = season.report.calcutta.as_ref().unwrap().calcutta_id;
        let resolved = reader.resolve(TENANT, calcutta).await.unwrap();
        assert_eq!(resolved.states.len(), 8);
        let counts = [&resolved.game_outcome_runs, &resolved.market_share_runs, &resolved.strategy_generation_runs];
        assert_eq!(counts.map(Vec::len), [1, 1, 1]);
        let filter = ListLabRuns { calcutta_id: Some(calcutta), ..ListLabRuns::default() };
        let listed = reader.lab_runs(TENANT, &filter, None, 10).await.unwrap();
        assert_eq!(listed.iter().map(|run| run.run_kind).collect::<Vec<_>>(), [LabKind::StrategyGeneration, LabKind::MarketShare]);
    }

    async fn rules_that_are_too_large_to_search_are_refused_before_anything_is_tried(db: TestDb) {
        let fixture = Fixture::started(db);
        let mut season = small();
        season.calcutta.as_mut().unwrap().rules.budget_points = 1_000_000;
        season.calcutta.as_mut().unwrap().rules.max_bid = 1_000_000;
        let report = fixture.lab.import_season(TENANT, season).await.unwrap();
        let request = StrategyRequest {
            snapshot_id: report.calcutta.unwrap().snapshot_id,
            game_outcome_run_id: RunId(report.tournament.tournament_id.0),
            market_share_run_id: RunId(report.tournament.tournament_id.0),
            optimizer_key: "minlp_v1".to_owned(),
        };
        let refused = fixture.lab.submit_strategy(TENANT, Submission::new(request)).await.unwrap_err();
        assert_eq!(refused.code(), "RULES_TOO_LARGE");
    }

    async fn a_simulation_computes_nothing_that_it_was_not_given(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let before = fixture.digests(games).await;
        let (simulation, _) = fixture.simulate(season.request(games, 300)).await;
        // One run more: nothing was made for it, and what it was given is as it was.
        assert_eq!((fixture.count("run").await, fixture.count("lab_run").await), (2, 2));
        assert_eq!(fixture.digests(games).await, before);
        let refused = fixture.submit(season.request(simulation, 300)).await.unwrap_err();
        assert_eq!(refused.code(), "UPSTREAM_UNFIT");
        assert_eq!(fixture.count("run").await, 2);
    }

    async fn a_run_whose_pinned_bytes_are_gone_fails_and_its_metrics_say_why(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let (simulation, _) = fixture.simulate(season.request(games, 300)).await;
        let (_, digest) = fixture.digests(games).await.into_iter().find(|one| one.0 == "game_outcomes").unwrap();
        fixture.store.delete(&digest).await.unwrap();
        let again = fixture.engine.requeue(TENANT, simulation).await.unwrap();
        let ended = fixture.settled(again).await;
        assert_eq!(ended.state, RunState::Failed);
        let left: Vec<String> = fixture.digests(again).await.into_iter().map(|one| one.0).collect();
        assert_eq!(left, ["metrics"], "{:?}", ended.problem);
    }
}

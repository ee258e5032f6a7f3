//! Models of games and markets, and the best bids.

use kernel::Fault;
use runs::{RunState, Submission};
use test_support::on_both_databases;
use wire::lab::{
    GameOutcomeModel, GameOutcomeRequest, MarketShareModel, MarketShareRequest, PairProbability,
    ReturnsQuery, StrategyRequest, TeamOdds,
};

use crate::season::small;
use crate::support::{Fixture, TENANT};

on_both_databases! {
    async fn chances_are_exact_and_give_out_every_place_and_every_point(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let run = fixture.game_outcome(&season).await;
        let shown = fixture.lab.reader().game_outcome(TENANT, run).await.unwrap();
        let result = shown.result.unwrap();
        assert_eq!(result.pairs.len(), 68 * 67 / 2);
        for (found, expected) in result.places.iter().zip([64.0, 32.0, 16.0, 8.0, 4.0, 2.0, 1.0]) {
            assert!((found - expected).abs() < 1e-9, "{:?}", result.places);
        }
        // The four first games are played: who lost there reaches nothing.
        let out = result.teams.iter().filter(|team| team.p_progress.iter().all(|p| *p == 0.0)).count();
        assert_eq!(out, 4);
    }

    async fn bids_are_the_best_against_the_market_that_is_named(db: TestDb) {
        let fixture = Fixture::started(db);
        let seasons = fixture.seasons(3).await;
        let season = &seasons[2];
        let games = fixture.game_outcome(season).await;
        let train = seasons[..2].iter().map(|season| season.snapshot).collect();
        let ridge = MarketShareModel::Ridge { ridge_alpha: 1.0, train_snapshot_ids: train };
        let naive = MarketShareModel::NaiveEvBaseline { game_outcome_run_id: games };
        let mut values = Vec::new();
        for model in [naive, ridge, MarketShareModel::OracleActualMarket {}] {
            let market = fixture.market_share(season.snapshot, model).await;
            let shares = fixture.lab.reader().market_share(TENANT, market).await.unwrap().result.unwrap();
            assert!((shares.teams.iter().map(|team| team.predicted_share).sum::<f64>() - 1.0).abs() < 1e-9);
            assert_eq!((shares.entry_count, shares.pool_points), (12, 1200));
            let query = ReturnsQuery {
                snapshot_id: season.snapshot,
                game_outcome_run_id: games,
                market_share_run_id: market,
            };
            let returns = fixture.lab.reader().returns(TENANT, &query).await.unwrap();
            assert!((returns.total_points - 6000.0).abs() < 1e-6, "{}", returns.total_points);
            let request = StrategyRequest {
                snapshot_id: season.snapshot,
                game_outcome_run_id: games,
                market_share_run_id: market,
                optimizer_key: "minlp_v1".to_owned(),
            };
            let run = fixture.lab.submit_strategy(TENANT, Submission::new(request)).await.unwrap();
            fixture.succeeded(run).await;
            let bids = fixture.lab.reader().strategy(TENANT, run).await.unwrap().result.unwrap();
            assert!(bids.total_bid_points <= 100 && (3..=10).contains(&bids.bids.len()), "{bids:?}");
            let earned: f64 = bids.bids.iter().map(|bid| bid.expected_points * bid.expected_ownership).sum();
            assert!((earned - bids.expected_points).abs() < 1e-6);
            values.push(bids.expected_points);
        }
        // Against a market that bids by worth no team is cheap; against the real one some are.
        assert!(values[2] > values[0], "{values:?}");
    }

    async fn pairs_and_odds_serve_where_there_are_no_ratings(db: TestDb) {
        let fixture = Fixture::started(db);
        let report = fixture.lab.import_season(TENANT, small()).await.unwrap();
        let request = |model| GameOutcomeRequest {
            tournament_id: report.tournament.tournament_id,
            state_id: report.states[0].state_id,
            model,
        };
        let refused = async |model| {
            let submitted = fixture.lab.submit_game_outcome(TENANT, Submission::new(request(model))).await;
            submitted.unwrap_err().fields().remove(0).field
        };
        assert_eq!(refused(GameOutcomeModel::Logistic { scale: 10.0 }).await, "teams[a]");
        let pair = |a: &str, b: &str, p: f64| PairProbability {
            team1_id: a.to_owned(),
            team2_id: b.to_owned(),
            p_team1_wins: p,
        };
        let mut pairs = vec![pair("a", "b", 0.5), pair("a", "c", 0.5), pair("a", "d", 1.0), pair("b", "c", 0.5),
            pair("b", "d", 0.5)];
        assert_eq!(refused(GameOutcomeModel::Pairs { pairs: pairs.clone() }).await, "model.pairs[d, c]");
        pairs.push(pair("c", "d", 1.5));
        assert_eq!(refused(GameOutcomeModel::Pairs { pairs: pairs.clone() }).await, "model.pairs[c, d]");
        pairs[5].p_team1_wins = 0.25;
        let odds = |levels: usize| GameOutcomeModel::Odds {
            level: levels,
            odds: ["a", "b", "c", "d"].map(|team| TeamOdds { team_id: team.to_owned(), decimal_odds: 3.8 }).to_vec(),
        };
        assert_eq!(refused(odds(3)).await, "model.level");
        for (model, expected) in [(GameOutcomeModel::Pairs { pairs }, 0.5), (odds(2), 0.25)] {
            let run = fixture.lab.submit_game_outcome(TENANT, Submission::new(request(model))).await.unwrap();
            fixture.succeeded(run).await;
            let result = fixture.lab.reader().game_outcome(TENANT, run).await.unwrap().result.unwrap();
            assert!((result.teams[0].p_progress[1] - expected).abs() < 1e-6, "{:?}", result.teams[0]);
        }
    }

    async fn a_model_that_cannot_learn_fails_and_leaves_nothing_but_its_reason(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let other = fixture.lab.import_season(TENANT, small()).await.unwrap();
        let ridge = MarketShareModel::Ridge {
            ridge_alpha: 1.0,
            train_snapshot_ids: vec![other.calcutta.unwrap().snapshot_id],
        };
        let request = MarketShareRequest { snapshot_id: season.snapshot, model: ridge, excluded_entry_id: None };
        let run = fixture.lab.submit_market_share(TENANT, Submission::new(request)).await.unwrap();
        let ended = fixture.settled(run).await;
        assert_eq!(ended.state, RunState::Failed);
        assert!(ended.problem.unwrap().message.contains("teams[a] needs a region"));
        let names: Vec<String> = fixture.digests(run).await.into_iter().map(|artifact| artifact.0).collect();
        assert_eq!(names, ["metrics"]);
        assert!(fixture.lab.reader().market_share(TENANT, run).await.unwrap().result.is_none());
    }
}

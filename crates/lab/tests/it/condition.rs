//! Simulations under a condition, and several entries in one hand.

use kernel::Fault;
use test_support::on_both_databases;
use wire::lab::{
    Bid, CandidateRequest, CandidateSource, ConditionRequest, GameResult, PortfolioRequest, SimulationRequest,
};

use crate::support::{Fixture, TENANT};

fn wins(game: &str, team: &str) -> GameResult {
    GameResult { game_id: game.to_owned(), winner_team_id: team.to_owned() }
}

on_both_databases! {
    async fn a_condition_is_counted_over_the_runs_own_tournaments_and_agrees_with_the_exact_chances(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let (run, result) = fixture.simulate(season.request(games, 20_000)).await;
        let reader = fixture.lab.reader();
        let all = reader.condition(TENANT, run, &ConditionRequest::default()).await.unwrap();
        assert_eq!((all.considered, all.agreeing, all.is_few), (20_000, 20_000, false));
        assert!((all.p_condition - 1.0).abs() < 1e-9);
        for entry in &all.entries {
            let row = result.leaderboard.iter().find(|row| row.entry_id == entry.entry_id).unwrap();
            assert_eq!((entry.p_top1.unwrap(), entry.p_in_money.unwrap()), (row.p_top1, row.p_in_money));
            assert!((entry.expected_points - row.expected_points).abs() < 1e-6);
        }
        // The favourite loses its first game to whoever comes there.
        let title = all.games.last().unwrap().winners[0].team_id.clone();
        let upset = all.games.iter().find(|game| !game.is_decided && game.winners.iter().any(|one| one.team_id == title));
        let upset = upset.unwrap();
        let other = upset.winners.iter().find(|one| one.team_id != title).unwrap();
        let request = ConditionRequest { games: vec![wins(&upset.game_id, &other.team_id)] };
        let given = reader.condition(TENANT, run, &request).await.unwrap();
        assert_eq!(given.agreeing, other.simulations);
        assert!((given.p_condition - other.p_exact).abs() < 1e-9);
        for game in &given.games {
            assert!((game.winners.iter().map(|one| one.p_exact).sum::<f64>() - 1.0).abs() < 1e-9);
            assert_eq!(game.winners.iter().map(|one| one.simulations).sum::<u64>(), given.agreeing);
            for winner in &game.winners {
                let error = (winner.p_exact * (1.0 - winner.p_exact) / given.agreeing as f64).sqrt();
                let apart = (winner.p.unwrap().value - winner.p_exact).abs();
                assert!(apart < 5.0 * error + 3.0 / given.agreeing as f64, "{winner:?} in {}", game.game_id);
            }
        }
        let last = given.games.last().unwrap();
        assert!(last.winners.iter().all(|one| one.team_id != title));
        let chances: f64 = given.entries.iter().map(|entry| entry.p_top1.unwrap().value).sum();
        assert!((chances - 1.0).abs() < 1e-9);
    }

    async fn a_condition_that_few_or_no_tournaments_meet_says_so_and_still_has_exact_chances(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let (run, _) = fixture.simulate(season.request(games, 2000)).await;
        let reader = fixture.lab.reader();
        let all = reader.condition(TENANT, run, &ConditionRequest::default()).await.unwrap();
        let last = all.games.last().unwrap();
        let weakest = last.winners.last().unwrap();
        let request = ConditionRequest { games: vec![wins(&last.game_id, &weakest.team_id)] };
        let given = reader.condition(TENANT, run, &request).await.unwrap();
        assert_eq!((given.agreeing, given.is_few), (0, true), "{weakest:?}");
        assert!(given.p_condition > 0.0);
        let won = given.games.last().unwrap();
        assert!(won.is_fixed && won.winners.len() == 1 && won.winners[0].p.is_none());
        assert!((won.winners[0].p_exact - 1.0).abs() < 1e-9);
        assert!(given.entries.iter().all(|entry| entry.p_top1.is_none() && entry.expected_points > 0.0));
    }

    async fn contradictions_are_refused_by_the_game(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let (run, _) = fixture.simulate(season.request(games, 100)).await;
        let reader = fixture.lab.reader();
        let all = reader.condition(TENANT, run, &ConditionRequest::default()).await.unwrap();
        let (decided, last) = (&all.games[0], all.games.last().unwrap());
        assert!(decided.is_decided);
        let refused = async |games: Vec<GameResult>| {
            let error = reader.condition(TENANT, run, &ConditionRequest { games }).await.unwrap_err();
            error.fields().into_iter().map(|wrong| wrong.field).collect::<Vec<_>>()
        };
        let at = |game: &str| format!("games[{game}]");
        let [a, b] = [0, 1].map(|at| last.winners[at].team_id.as_str());
        assert_eq!(refused(vec![wins("x", a), wins(&last.game_id, "y")]).await, [at("x"), at(&last.game_id)]);
        assert_eq!(refused(vec![wins(&last.game_id, a), wins(&last.game_id, b)]).await, [at(&last.game_id)]);
        assert_eq!(refused(vec![wins(&last.game_id, a), wins(&last.game_id, a)]).await, [at(&last.game_id)]);
        // It has no part in this game, which is decided.
        assert_eq!(refused(vec![wins(&decided.game_id, a)]).await, [at(&decided.game_id)]);
    }

    async fn a_portfolio_is_told_by_what_its_members_are_paid_together(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let (run, result) = fixture.simulate(season.request(games, 5000)).await;
        let reader = fixture.lab.reader();
        let ids: Vec<_> = result.leaderboard.iter().take(2).map(|row| row.entry_id).collect();
        let snapshot = reader.snapshot(TENANT, season.snapshot).await.unwrap();
        let copied = snapshot.content.entries.iter().find(|entry| entry.entry_id == ids[0]).unwrap().bids.clone();
        let add = async |bids: Vec<Bid>| {
            let request = CandidateRequest {
                display_name: "twin".to_owned(),
                source_kind: CandidateSource::Manual,
                strategy_generation_run_id: None,
                tournament_id: Some(season.tournament),
                bids: Some(bids),
            };
            fixture.lab.add_candidate(TENANT, request).await.unwrap().candidate_id
        };
        let twin = add(copied).await;
        let of_entries = PortfolioRequest { entry_ids: ids.clone(), candidate_ids: vec![] };
        let two = reader.portfolio(TENANT, run, &of_entries).await.unwrap();
        // Both stand in the simulation, so each is paid what its leaderboard says.
        for (member, row) in two.members.iter().zip(&result.leaderboard) {
            let paid = row.mean_normalized_payout.value * f64::from(result.first_prize_cents);
            assert!((member.mean_payout_cents.value - paid).abs() < 1e-6);
            assert!((member.p_in_money.value - row.p_in_money.value).abs() < 1e-12);
            assert!((member.p_in_money.standard_error - row.p_in_money.standard_error).abs() < 1e-12);
        }
        let added: f64 = two.members.iter().map(|member| member.adds_cents.value).sum();
        assert!((added - two.total_payout_cents.value).abs() < 1e-6);
        let pair = &two.pairs[0];
        let both = two.members[0].in_money_simulations + two.members[1].in_money_simulations - pair.both_in_money_simulations;
        assert_eq!(both, two.any_in_money_simulations);
        let with_twin = PortfolioRequest { entry_ids: vec![ids[0]], candidate_ids: vec![twin] };
        let twins = reader.portfolio(TENANT, run, &with_twin).await.unwrap();
        assert_eq!(twins.members[1].candidate_id, Some(twin));
        assert!((twins.pairs[0].points_correlation.unwrap() - 1.0).abs() < 1e-9);
        assert!(twins.members[1].adds_cents.value < twins.members[0].adds_cents.value);
        let refused = async |request: PortfolioRequest| {
            reader.portfolio(TENANT, run, &request).await.unwrap_err().fields().remove(0).field
        };
        assert_eq!(refused(PortfolioRequest::default()).await, "entry_ids");
        let twice = PortfolioRequest { entry_ids: vec![ids[0], ids[0]], candidate_ids: vec![] };
        assert_eq!(refused(twice).await, format!("entry_ids[{}]", ids[0]));
        let twice = PortfolioRequest { entry_ids: vec![], candidate_ids: vec![twin, twin] };
        assert_eq!(refused(twice).await, format!("candidate_ids[{twin}]"));
    }

    async fn an_entry_that_was_left_out_is_in_no_condition_and_in_no_portfolio(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let snapshot = fixture.lab.reader().snapshot(TENANT, season.snapshot).await.unwrap();
        let out = snapshot.content.entries[3].entry_id;
        let request = SimulationRequest { excluded_entry_id: Some(out), ..season.request(games, 300) };
        let (run, _) = fixture.simulate(request).await;
        let reader = fixture.lab.reader();
        let all = reader.condition(TENANT, run, &ConditionRequest::default()).await.unwrap();
        assert!(all.entries.len() == 11 && all.entries.iter().all(|entry| entry.entry_id != out));
        let request = PortfolioRequest { entry_ids: vec![out], candidate_ids: vec![] };
        assert!(reader.portfolio(TENANT, run, &request).await.is_err());
    }
}

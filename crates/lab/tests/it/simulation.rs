//! Simulations: the sums that must come out, and that nothing but the request reaches a figure.

use kernel::Fault;
use runs::{RunState, Submission};
use test_support::on_both_databases;
use wire::lab::{
    Bid, CandidateRequest, CandidateSource, EvaluationRequest, SimulationRequest, SimulationSize,
};

use crate::support::{Fixture, TENANT};

on_both_databases! {
    async fn all_points_and_all_money_are_given_out(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let (run, result) = fixture.simulate(season.request(games, 20_000)).await;
        assert_eq!((result.total_simulations, result.leaderboard.len()), (20_000, 12));
        let sum = |of: fn(&wire::lab::LeaderboardRow) -> f64| result.leaderboard.iter().map(of).sum::<f64>();
        assert!((sum(|row| row.p_top1.value) - 1.0).abs() < 1e-9);
        assert!((sum(|row| row.expected_points) - (6000.0 - result.unowned_points)).abs() < 1e-5);
        assert!((sum(|row| row.mean_points.value) - (6000.0 - result.unowned_points)).abs() < 60.0);
        // Twelve entries put in a hundred cents each, and the prizes are all of it.
        let paid = sum(|row| row.mean_normalized_payout.value) * f64::from(result.first_prize_cents);
        assert!((paid - 1200.0).abs() < 1e-6, "{paid}");
        for row in &result.leaderboard {
            assert!(row.points_gap.abs() < 4.5, "{row:?}");
            assert!(row.realized.is_none());
            let finishes = fixture.lab.reader().distribution(TENANT, run, row.entry_id).await.unwrap().finishes;
            assert_eq!(finishes.iter().map(|finish| finish.simulations).sum::<u64>(), 20_000);
        }
        let ranks: Vec<u32> = result.leaderboard.iter().map(|row| row.rank).collect();
        assert!(ranks.is_sorted() && ranks[0] == 1);
        let owned = fixture.lab.reader().ownership(TENANT, run).await.unwrap();
        for team in owned.teams.iter().filter(|team| team.total_bid_points > 0) {
            assert!((team.owners.iter().map(|owner| owner.ownership).sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }

    async fn when_all_is_played_every_simulation_is_what_happened(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let request = SimulationRequest { state_id: season.last_state(), ..season.request(games, 500) };
        let (run, result) = fixture.simulate(request).await;
        assert!(result.p_top1_half_width.abs() < 1e-12);
        let mut paid = 0;
        for row in &result.leaderboard {
            let realized = row.realized.unwrap();
            paid += realized.payout_cents;
            assert!((row.mean_position.value - f64::from(realized.finish_position)).abs() < 1e-9);
            assert!((row.mean_points.value - realized.total_points).abs() < 1e-3);
        }
        assert_eq!(paid, 1200);
        let bracket = fixture.lab.reader().bracket(TENANT, run, 499).await.unwrap();
        let state = fixture.lab.reader().state(TENANT, season.last_state()).await.unwrap();
        let winners: Vec<&str> = bracket.games.iter().map(|game| game.winner_team_id.as_str()).collect();
        assert_eq!(winners, state.results.iter().map(|result| result.winner_team_id.as_str()).collect::<Vec<_>>());
        assert!(bracket.games.iter().all(|game| game.is_decided));
    }

    async fn a_tournament_is_played_again_and_lies_under_the_seal(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let sealed = SimulationRequest { is_sealed: true, ..season.request(games, 5000) };
        let (run, result) = fixture.simulate(sealed).await;
        let root = result.seal_root.unwrap();
        for simulation in [0, 1023, 1024, 4999] {
            let played = fixture.lab.reader().bracket(TENANT, run, simulation).await.unwrap();
            let proof = played.proof.unwrap();
            assert_eq!(proof.root, root);
            let mut proof = tournament::Proof { simulation, bits: proof.bits, path: proof.path };
            assert!(proof.holds(root, 5000));
            proof.bits[2] ^= 1;
            assert!(!proof.holds(root, 5000));
        }
        let beyond = fixture.lab.reader().bracket(TENANT, run, 5000).await.unwrap_err();
        assert_eq!(beyond.fields()[0].field, "simulation");
        let (open, _) = fixture.simulate(season.request(games, 5000)).await;
        assert!(fixture.lab.reader().bracket(TENANT, open, 0).await.unwrap().proof.is_none());
    }

    async fn a_precision_is_kept(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let size = SimulationSize::Precision(0.002);
        let (_, result) = fixture.simulate(SimulationRequest { size, ..season.request(games, 1) }).await;
        assert!(result.p_top1_half_width <= 0.002, "{}", result.p_top1_half_width);
        assert!(result.total_simulations.is_multiple_of(1 << 16), "{}", result.total_simulations);
        // The same number outright is the same run.
        let (_, outright) = fixture.simulate(season.request(games, result.total_simulations)).await;
        assert_eq!(outright, result);
    }

    async fn sizes_and_seeds_out_of_bounds_are_refused(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let refused = async |change: fn(&mut SimulationRequest)| {
            let mut request = season.request(games, 10);
            change(&mut request);
            fixture.submit(request).await.unwrap_err().fields().remove(0).field
        };
        assert_eq!(refused(|request| request.seed = 0).await, "seed");
        assert_eq!(refused(|request| request.size = SimulationSize::NSims(0)).await, "size.n_sims");
        assert_eq!(refused(|request| request.size = SimulationSize::NSims(1)).await, "size.n_sims");
        assert_eq!(refused(|request| request.size = SimulationSize::NSims(1_000_000_000_000)).await, "size.n_sims");
        assert_eq!(refused(|request| request.size = SimulationSize::Precision(f64::NAN)).await, "size.precision");
        let foreign = |request: &mut SimulationRequest| {
            request.excluded_entry_id = Some(wire::lab::EntryId(request.game_outcome_run_id.0));
        };
        assert_eq!(refused(foreign).await, "excluded_entry_id");
    }

    async fn a_cancelled_simulation_is_the_run_of_what_it_finished(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        fixture.engine.start();
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let run = fixture.submit(season.request(games, 10_000_000_000)).await.unwrap();
        crate::resume::some_is_done(&fixture, run).await;
        let ended = fixture.engine.cancel(TENANT, run).await.unwrap();
        assert_eq!(ended.state, RunState::Cancelled);
        let cut = fixture.simulated(run).await;
        assert!(cut.total_simulations > 0 && cut.total_simulations.is_multiple_of(1 << 18));
        let (_, whole) = fixture.simulate(season.request(games, cut.total_simulations)).await;
        assert_eq!(whole, cut);
    }

    async fn candidates_are_judged_each_alone_over_the_same_tournaments(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let (simulation, before) = fixture.simulate(season.request(games, 3000)).await;
        let best = before.leaderboard[0].clone();
        let snapshot = fixture.lab.reader().snapshot(TENANT, season.snapshot).await.unwrap();
        let copied = snapshot.content.entries.into_iter().find(|entry| entry.entry_id == best.entry_id).unwrap();
        let add = async |bids: Vec<Bid>| {
            let request = CandidateRequest {
                display_name: best.display_name.clone(),
                source_kind: CandidateSource::Manual,
                strategy_generation_run_id: None,
                tournament_id: Some(season.tournament),
                bids: Some(bids),
            };
            fixture.lab.add_candidate(TENANT, request).await.unwrap().candidate_id
        };
        let weak: Vec<Bid> = copied.bids.iter().take(3).map(|bid| Bid { bid_points: 1, ..bid.clone() }).collect();
        let (twin, weak) = (add(copied.bids.clone()).await, add(weak).await);
        let request = EvaluationRequest { simulation_run_id: simulation, candidate_ids: vec![weak, twin] };
        let run = fixture.lab.submit_evaluation(TENANT, Submission::new(request)).await.unwrap();
        fixture.succeeded(run).await;
        let result = fixture.lab.reader().evaluation(TENANT, run).await.unwrap().result.unwrap();
        assert_eq!(result.total_simulations, 3000);
        assert_eq!(result.candidates[0].candidate_id, twin);
        // Each stands beside the twelve, and not beside the other.
        assert_eq!(result.candidates[1].row.candidate_id, Some(weak));
        assert!(result.candidates[1].row.rank <= 13);
        let [of_twin, of_weak] = [&result.candidates[0], &result.candidates[1]];
        assert_eq!((of_weak.difference_to_first.value, of_weak.difference_to_first.standard_error), (0.0, 0.0));
        let apart = of_twin.row.mean_normalized_payout.value - of_weak.row.mean_normalized_payout.value;
        assert!((of_twin.difference_to_first.value - apart).abs() < 1e-9 && of_twin.difference_to_first.standard_error > 0.0);
        let twice = EvaluationRequest { simulation_run_id: simulation, candidate_ids: vec![weak, weak] };
        let refused = fixture.lab.submit_evaluation(TENANT, Submission::new(twice)).await.unwrap_err();
        assert!(refused.fields()[0].message.contains("given twice"));
    }
}

/// The artifacts of a sealed simulation of more than one range, on so many threads.
async fn artifacts(threads: usize) -> Vec<(String, kernel::Digest)> {
    let fixture = Fixture::idle(test_support::sqlite().await, threads);
    fixture.engine.start();
    let season = fixture.season().await;
    let games = fixture.game_outcome(&season).await;
    let request = SimulationRequest { is_sealed: true, ..season.request(games, 600_001) };
    let (run, _) = fixture.simulate(request).await;
    fixture.digests(run).await
}

#[test]
fn threads_reach_no_byte() {
    test_support::block_on(async {
        let one = artifacts(1).await;
        assert_eq!(
            one.iter().map(|artifact| artifact.0.as_str()).collect::<Vec<_>>(),
            [
                "distribution_jsonl",
                "distribution_table",
                "distributions",
                "leaderboard",
                "leaderboard_jsonl",
                "leaderboard_table",
                "metrics",
                "outcome_jsonl",
                "outcome_table",
                "ownership",
                "ownership_jsonl",
                "ownership_table",
                "seal"
            ]
        );
        assert_eq!(artifacts(2).await, one);
        assert_eq!(artifacts(8).await, one);
    });
}

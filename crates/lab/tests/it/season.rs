//! Importing and making seasons.

use kernel::Fault;
use lab::LabError;
use test_support::on_both_databases;
use wire::lab::{
    Bid, CalcuttaRequest, EntryRequest, GameResult, GenerateSeasons, Payout, Rules, ScoringRule,
    SeasonRequest, SnapshotRequest, StateRequest, Team, TournamentRequest,
};

use crate::support::{Fixture, TENANT};

fn team(id: &str) -> Team {
    Team {
        team_id: id.to_owned(),
        name: id.to_uppercase(),
        region: None,
        seed: None,
        rating: None,
        is_blue_blood: false,
    }
}

fn bid(team: &str, bid_points: u32) -> Bid {
    Bid { team_id: team.to_owned(), bid_points }
}

fn won(game: &str, winner: &str) -> GameResult {
    GameResult { game_id: game.to_owned(), winner_team_id: winner.to_owned() }
}

/// Four teams in the order of their seeds, one game played, an auction of two who call themselves the same.
pub(crate) fn small() -> SeasonRequest {
    let entry = |bids: Vec<Bid>| EntryRequest { name: "=1+1 Ä".to_owned(), bids };
    SeasonRequest {
        tournament: TournamentRequest {
            name: "Small".to_owned(),
            season: 2001,
            teams: ["a", "b", "c", "d"].map(team).to_vec(),
            final_four: None,
            rounds: None,
            games: None,
        },
        results: vec![won("round_of_4-1", "a")],
        calcutta: Some(CalcuttaRequest {
            name: "Pool".to_owned(),
            rules: Rules { budget_points: 10, min_teams: 1, max_teams: 4, min_bid: 1, max_bid: 10 },
            scoring: vec![
                ScoringRule { win_index: 1, points_awarded: 1 },
                ScoringRule { win_index: 2, points_awarded: 2 },
            ],
            payouts: vec![Payout { position: 1, amount_cents: 1000 }],
            entries: vec![entry(vec![bid("b", 4), bid("a", 6)]), entry(vec![bid("a", 10)])],
        }),
    }
}

fn fields(error: &LabError) -> Vec<String> {
    error.fields().into_iter().map(|wrong| wrong.field).collect()
}

on_both_databases! {
    async fn a_made_season_is_whole_and_the_same_wherever_it_is_made(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let seasons = fixture.seasons(2).await;
        let report = &seasons[0].report;
        assert_eq!((report.tournament.team_count, report.tournament.game_count), (68, 67));
        let keys: Vec<&str> = report.states.iter().map(|state| state.starting_state_key.as_str()).collect();
        assert_eq!(keys, ["pre_tournament", "post_first_four", "post_round_of_64", "post_round_of_32", "post_sweet_16",
            "post_elite_8", "post_final_four", "post_championship"]);
        let decided: Vec<u32> = report.states.iter().map(|state| state.decided_games).collect();
        assert_eq!(decided, [0, 4, 36, 52, 60, 64, 66, 67]);
        assert_ne!(report.tournament.digest, seasons[1].report.tournament.digest);
        let again = fixture.seasons(1).await;
        assert_eq!(again[0].report.tournament.digest, report.tournament.digest);
        let shown = fixture.lab.reader().tournament(TENANT, seasons[0].tournament).await.unwrap();
        assert_eq!((shown.field.teams.len(), shown.field.games.len(), shown.states.len()), (68, 67, 8));
        let snapshot = fixture.lab.reader().snapshot(TENANT, seasons[0].snapshot).await.unwrap();
        for entry in &snapshot.content.entries {
            assert_eq!(entry.bids.iter().map(|bid| bid.bid_points).sum::<u32>(), 100);
        }
    }

    async fn a_season_of_ones_own_is_kept_and_what_was_assumed_is_said(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let report = fixture.lab.import_season(TENANT, small()).await.unwrap();
        let keys: Vec<&str> = report.states.iter().map(|state| state.starting_state_key.as_str()).collect();
        assert_eq!(keys, ["pre_tournament", "current"]);
        assert_eq!(report.notes.len(), 3, "{:?}", report.notes);
        assert!(report.notes[2].contains("2 teams"), "{:?}", report.notes);
        let snapshot = report.calcutta.unwrap().snapshot_id;
        let snapshot = fixture.lab.reader().snapshot(TENANT, snapshot).await.unwrap();
        let [first, second] = &snapshot.content.entries[..] else { panic!("{snapshot:?}") };
        assert_ne!(first.entry_id, second.entry_id);
        assert_eq!(first.bids, [bid("a", 6), bid("b", 4)]);
    }

    async fn a_refusal_names_every_team_game_and_entry_and_nothing_is_kept(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let refused = async |change: fn(&mut SeasonRequest)| {
            let mut request = small();
            change(&mut request);
            let error = fixture.lab.import_season(TENANT, request).await.unwrap_err();
            assert_eq!(error.code(), "VALIDATION_ERROR");
            fields(&error)
        };
        assert_eq!(refused(|season| " ".clone_into(&mut season.tournament.teams[1].name)).await, ["tournament.teams[1].name"]);
        assert_eq!(refused(|season| "a".clone_into(&mut season.tournament.teams[1].team_id)).await, ["tournament.teams"]);
        assert_eq!(refused(|season| season.tournament.teams.truncate(1)).await, ["tournament.teams"]);
        assert_eq!(refused(|season| season.tournament.teams[0].region = Some("East".to_owned())).await, ["tournament.teams[0]"]);
        let rounds = |season: &mut SeasonRequest| {
            season.tournament.games = Some(Vec::new());
            season.tournament.rounds = Some(vec![String::new(); 256]);
        };
        assert_eq!(refused(rounds).await, ["tournament.rounds"]);
        let several = |season: &mut SeasonRequest| {
            season.results.push(won("round_of_4-2", "a"));
            season.results.push(won("final-1", "z"));
            season.results.push(won("nowhere", "a"));
            let calcutta = season.calcutta.as_mut().unwrap();
            calcutta.entries[0].bids[0].bid_points = 0;
            "Other".clone_into(&mut calcutta.entries[1].name);
            calcutta.entries[1].bids = vec![bid("q", 1)];
            calcutta.payouts[0].position = 2;
        };
        assert_eq!(refused(several).await, [
            "results[final-1]",
            "results[nowhere]",
            "results[round_of_4-2]",
            "calcutta.payouts",
            "calcutta.entries[=1+1 Ä].bids[b]",
            "calcutta.entries[Other].bids[q]",
        ]);
        let over = |season: &mut SeasonRequest| season.calcutta.as_mut().unwrap().entries[0].bids[0].bid_points = 5;
        assert_eq!(refused(over).await, ["calcutta.entries[=1+1 Ä]"]);
        for table in ["lab_tournament", "lab_state", "lab_calcutta", "lab_snapshot"] {
            assert_eq!(fixture.count(table).await, 0, "{table}");
        }
    }

    async fn another_state_has_another_key_and_an_edit_makes_another_snapshot(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let lab = &fixture.lab;
        let report = lab.import_season(TENANT, small()).await.unwrap();
        let id = report.tournament.tournament_id;
        let state = |key: &str, results: &[GameResult]| StateRequest {
            starting_state_key: key.to_owned(),
            results: results.to_vec(),
        };
        let played = [won("final-1", "b"), won("round_of_4-1", "a"), won("round_of_4-2", "b")];
        let added = lab.add_state(TENANT, id, state("post_final", &played)).await.unwrap();
        assert_eq!(added.item.decided_games, 3);
        assert_eq!(added.results[2], won("final-1", "b"));
        let taken = lab.add_state(TENANT, id, state("post_final", &[])).await.unwrap_err();
        assert_eq!(taken.code(), "NAME_TAKEN");
        let wrong = lab.add_state(TENANT, id, state("Post Final", &[won("final-1", "b")])).await.unwrap_err();
        assert_eq!(fields(&wrong), ["starting_state_key", "results[final-1]"]);

        let base = report.calcutta.unwrap().snapshot_id;
        let before = lab.reader().snapshot(TENANT, base).await.unwrap();
        let gone = before.content.entries[0].entry_id;
        let request = SnapshotRequest {
            base_snapshot_id: base,
            description: None,
            rules: None,
            scoring: None,
            payouts: Some(vec![Payout { position: 1, amount_cents: 5 }]),
            without_entry_ids: vec![gone],
        };
        let edited = lab.add_snapshot(TENANT, request).await.unwrap();
        assert_eq!((edited.item.entry_count, edited.item.base_snapshot_id), (1, Some(base)));
        assert_eq!(lab.reader().snapshot(TENANT, base).await.unwrap(), before);
        let calcutta = lab.reader().calcutta(TENANT, before.item.calcutta_id).await.unwrap();
        assert_eq!(calcutta.snapshots.len(), 2);
    }

    async fn the_same_season_twice_is_one_and_what_differs_stands_beside_it(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let import = async |request: SeasonRequest| fixture.lab.import_season(TENANT, request).await.unwrap();
        let first = import(small()).await;
        assert!(!first.is_there && first.beside.is_empty());
        let again = import(small()).await;
        assert!(again.is_there && again.beside.is_empty());
        assert_eq!((again.tournament, &again.states, &again.calcutta), (first.tournament, &first.states, &first.calcutta));
        // Another game is played, and another bid is told: the tournament is the same, and both stand beside the first.
        let mut other = small();
        other.results.push(won("round_of_4-2", "c"));
        other.calcutta.as_mut().unwrap().entries[1].bids[0].bid_points = 9;
        let other = import(other).await;
        assert!(!other.is_there);
        let told = format!("There is an auction `Pool` with other content already ({})", first.calcutta.unwrap().calcutta_id);
        assert!(other.beside.iter().any(|line| line.starts_with(&told)), "{:?}", other.beside);
        let mut renumbered = small();
        renumbered.results = vec![won("round_of_4-1", "d")];
        let renumbered = import(renumbered).await;
        let keys: Vec<&str> = renumbered.states.iter().map(|state| state.starting_state_key.as_str()).collect();
        assert_eq!(keys, ["pre_tournament", "current_2"], "{:?}", renumbered.beside);
        let mut field = small();
        "Someone".clone_into(&mut field.tournament.teams[3].name);
        let field = import(field).await;
        assert!(field.beside[0].contains("with another field already"), "{:?}", field.beside);
        for (table, count) in [("lab_tournament", 2), ("lab_calcutta", 3), ("lab_snapshot", 3)] {
            assert_eq!(fixture.count(table).await, count, "{table}");
        }
    }

    async fn a_season_is_a_year(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        for season in [-1, 0, 1899, 2201, 999_999] {
            let mut request = small();
            request.tournament.season = season;
            let refused = fixture.lab.import_season(TENANT, request).await.unwrap_err();
            assert_eq!(fields(&refused), ["tournament.season"], "{refused}");
            let request = GenerateSeasons { seed: 1, first_season: season, seasons: 1, entries: 2 };
            let refused = fixture.lab.generate_seasons(TENANT, &request).await.unwrap_err();
            assert_eq!(fields(&refused), ["first_season"], "{refused}");
        }
        assert_eq!(fixture.count("lab_tournament").await, 0);
    }
}

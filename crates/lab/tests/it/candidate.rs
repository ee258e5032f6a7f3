//! Candidates are known by their id.

use kernel::Fault;
use test_support::on_both_databases;
use wire::lab::{Bid, CandidateRequest, CandidateSource, ChangeCandidate, ListCandidates};

use crate::support::{Fixture, MadeSeason, TENANT};

fn manual(season: &MadeSeason, name: &str, bids: Vec<Bid>) -> CandidateRequest {
    CandidateRequest {
        display_name: name.to_owned(),
        source_kind: CandidateSource::Manual,
        strategy_generation_run_id: None,
        tournament_id: Some(season.tournament),
        bids: Some(bids),
    }
}

fn rename(name: &str) -> ChangeCandidate {
    ChangeCandidate { display_name: name.to_owned() }
}

on_both_databases! {
    async fn names_may_be_equal_and_change_and_the_bids_stay(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let lab = &fixture.lab;
        let season = fixture.season().await;
        let field = lab.reader().tournament(TENANT, season.tournament).await.unwrap().field;
        let bids: Vec<Bid> =
            field.teams[..3].iter().map(|team| Bid { team_id: team.team_id.clone(), bid_points: 5 }).collect();
        let first = lab.add_candidate(TENANT, manual(&season, "Entry 1", bids.clone())).await.unwrap();
        let second = lab.add_candidate(TENANT, manual(&season, "Entry 1", bids.clone())).await.unwrap();
        assert_ne!(first.candidate_id, second.candidate_id);
        let renamed = lab.rename_candidate(TENANT, first.candidate_id, rename("='x' Ω"), Some(1)).await.unwrap();
        assert_eq!((renamed.version, &renamed.bids), (2, &first.bids));
        let stale = lab.rename_candidate(TENANT, first.candidate_id, rename("y"), Some(1)).await.unwrap_err();
        assert_eq!(stale.code(), "STALE_VERSION");
        for name in ["", " ", "a\nb"] {
            let refused = lab.rename_candidate(TENANT, first.candidate_id, rename(name), None).await.unwrap_err();
            assert_eq!(refused.fields()[0].field, "display_name");
        }
        let mut twice = bids.clone();
        twice.push(bids[0].clone());
        let refused = lab.add_candidate(TENANT, manual(&season, "x", twice)).await.unwrap_err();
        assert_eq!(refused.code(), "VALIDATION_ERROR");
        assert!(lab.add_candidate(TENANT, manual(&season, "x", Vec::new())).await.is_err());
        let listed = lab.reader().candidates(TENANT, &ListCandidates::default(), None, 10).await.unwrap();
        assert_eq!(listed.iter().map(|one| one.candidate_id).collect::<Vec<_>>(), [second.candidate_id, first.candidate_id]);
    }

    async fn a_strategy_is_kept_once(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let games = fixture.game_outcome(&season).await;
        let strategy = fixture.strategy(&season, games).await;
        let request = |name: &str, run| CandidateRequest {
            display_name: name.to_owned(),
            source_kind: CandidateSource::Strategy,
            strategy_generation_run_id: Some(run),
            tournament_id: None,
            bids: None,
        };
        let first = fixture.lab.add_candidate(TENANT, request("a", strategy)).await.unwrap();
        assert_eq!(fixture.lab.add_candidate(TENANT, request("b", strategy)).await.unwrap(), first);
        let bids = fixture.lab.reader().strategy(TENANT, strategy).await.unwrap().result.unwrap().bids;
        assert_eq!(first.bids.len(), bids.len());
        let refused = fixture.lab.add_candidate(TENANT, request("c", games)).await.unwrap_err();
        assert_eq!(refused.code(), "UPSTREAM_UNFIT");
    }
}

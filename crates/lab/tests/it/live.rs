//! An auction while it goes on.

use kernel::Fault;
use test_support::on_both_databases;
use wire::lab::{LiveAuction, LiveRequest, MarketShareModel, SoldTeam, Spending};

use crate::support::{Fixture, MadeSeason, TENANT};

async fn request(fixture: &Fixture, season: &MadeSeason) -> LiveRequest {
    let game_outcome_run_id = fixture.game_outcome(season).await;
    let model = MarketShareModel::OracleActualMarket {};
    LiveRequest {
        snapshot_id: season.snapshot,
        game_outcome_run_id,
        market_share_run_id: fixture.market_share(season.snapshot, model).await,
        other_entry_count: None,
        spending: Spending::Budgets,
        sold: vec![],
    }
}

fn sold(team: &str, others_points: u32, own_points: u32) -> SoldTeam {
    SoldTeam { team_id: team.to_owned(), others_points, own_points }
}

async fn live(fixture: &Fixture, request: &LiveRequest) -> LiveAuction {
    fixture.lab.reader().live(TENANT, request.clone()).await.unwrap()
}

on_both_databases! {
    async fn before_anything_is_sold_the_plan_is_that_of_the_optimiser(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let request = request(&fixture, &season).await;
        let run = fixture.strategy(&season, request.game_outcome_run_id).await;
        let strategy = fixture.lab.reader().strategy(TENANT, run).await.unwrap().result.unwrap();
        let found = live(&fixture, &request).await;
        assert_eq!(found.plan.as_ref(), Some(&strategy));
        assert_eq!((found.other_entry_count, found.pool_points, found.pace), (12, 1200, None));
        assert!((found.projected_pot_points - 1200.0).abs() < 1e-6);
        assert!(found.left_on_the_table_points.unwrap() < 1e-6);
        assert!((found.unsold_expected_points - 6000.0).abs() < 1e-6);
    }

    async fn what_is_sold_too_dear_makes_the_rest_cheaper_and_budgets_are_kept(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let request = request(&fixture, &season).await;
        let before = live(&fixture, &request).await;
        let mut bids = before.plan.unwrap().bids;
        // What nobody is expected to bid on has no price that could be doubled.
        bids.sort_by(|a, b| b.expected_market.total_cmp(&a.expected_market));
        let [first, second] = [&bids[0], &bids[1]];
        let twice = 2 * format!("{:.0}", first.expected_market.ceil()).parse::<u32>().unwrap();
        let sales = vec![sold(&first.team_id, twice, first.bid_points), sold(&second.team_id, 0, 0)];
        let request = LiveRequest { sold: sales, ..request };
        let found = live(&fixture, &request).await;
        let plan = found.plan.as_ref().unwrap();
        assert_eq!(found.own_left_points, 100 - first.bid_points);
        assert!(plan.total_bid_points <= found.own_left_points && plan.bids.len() <= 9);
        assert!(plan.bids.iter().all(|bid| bid.team_id != first.team_id && bid.team_id != second.team_id));
        assert!((found.projected_pot_points - 1200.0).abs() < 1e-6);
        let open: f64 = found.teams.iter().filter(|team| !team.is_sold).map(|team| team.others_points).sum();
        assert!((open - (1200.0 - f64::from(twice))).abs() < 1e-6);
        // The second went for nothing, and nobody took it.
        assert!(found.left_on_the_table_points.unwrap() > 0.0);
        let pace = found.pace.unwrap();
        let slow = live(&fixture, &LiveRequest { spending: Spending::Pace, ..request.clone() }).await;
        assert!(slow.projected_pot_points <= 1200.0 + 1e-6);
        if pace < 1.0 {
            assert!(slow.projected_pot_points < found.projected_pot_points);
        }
        let many = live(&fixture, &LiveRequest { other_entry_count: Some(24), ..request }).await;
        assert_eq!(many.pool_points, 2400);
    }

    async fn a_budget_that_is_gone_leaves_no_plan_and_says_why(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let request = request(&fixture, &season).await;
        let ids: Vec<String> = live(&fixture, &request).await.teams.into_iter().map(|team| team.team_id).collect();
        let sales = vec![sold(&ids[0], 5, 50), sold(&ids[1], 5, 50)];
        let found = live(&fixture, &LiveRequest { sold: sales, ..request.clone() }).await;
        assert!(found.plan.is_none() && found.left_on_the_table_points.is_none());
        assert!(found.no_plan_reason.unwrap().contains("1 team"));
        let three = vec![sold(&ids[0], 5, 40), sold(&ids[1], 5, 40), sold(&ids[2], 5, 20)];
        let found = live(&fixture, &LiveRequest { sold: three, ..request.clone() }).await;
        // The rules are kept already, so nothing more is a plan too.
        assert_eq!(found.plan.unwrap().bids, []);
        let all = ids.iter().map(|id| sold(id, 10, 0)).collect();
        let found = live(&fixture, &LiveRequest { sold: all, ..request }).await;
        assert!(found.plan.is_none() && found.projected_pot_points < 681.0);
    }

    async fn sales_that_cannot_be_are_refused_by_the_team(db: TestDb) {
        let fixture = Fixture::started(db);
        let season = fixture.season().await;
        let request = request(&fixture, &season).await;
        let ids: Vec<String> = live(&fixture, &request).await.teams.into_iter().map(|team| team.team_id).collect();
        let refused = async |sold: Vec<SoldTeam>| {
            let error = fixture.lab.reader().live(TENANT, LiveRequest { sold, ..request.clone() }).await.unwrap_err();
            error.fields().into_iter().map(|wrong| wrong.field).collect::<Vec<_>>()
        };
        let at = |team: &str| format!("sold[{team}]");
        assert_eq!(refused(vec![sold("x", 1, 0)]).await, [at("x")]);
        assert_eq!(refused(vec![sold(&ids[0], 1, 0), sold(&ids[0], 2, 0)]).await, [at(&ids[0])]);
        assert_eq!(refused(vec![sold(&ids[0], 1, 51)]).await, [at(&ids[0])]);
        assert_eq!(refused(vec![sold(&ids[0], 601, 0)]).await, [at(&ids[0])]);
        let spent = vec![sold(&ids[0], 1, 50), sold(&ids[1], 1, 50), sold(&ids[2], 1, 1)];
        assert_eq!(refused(spent).await, [at(&ids[2])]);
        let eleven = (0..11).map(|team| sold(&ids[team], 1, 1)).collect();
        assert_eq!(refused(eleven).await, [at(&ids[10])]);
        let dear = (0..3).map(|team| sold(&ids[team], 500, 0)).collect();
        assert_eq!(refused(dear).await, [at(&ids[2])]);
    }
}
